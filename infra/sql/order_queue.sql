-- Where the waiting lines of an order stand, each counted along the index of its queue; one row of nulls for an order of
-- which nothing waits. Suspended lines keep their places, but no copy goes to them. $1 dossier, $2 order
SELECT l.line_id, l.ean, l.outstanding, l.priority, s.available, b.lines + 1 AS rank, b.copies AS ahead
FROM customer_order o
LEFT JOIN order_line l
       ON l.dossier_id = o.dossier_id AND l.order_id = o.order_id AND l.outstanding > 0 AND NOT l.digital
LEFT JOIN stock_level s ON s.dossier_id = l.dossier_id AND s.ean = l.ean
LEFT JOIN LATERAL (
    SELECT count(*)::int AS lines, 
           coalesce(sum(f.outstanding) FILTER (WHERE f.suspended_until IS NULL), 0)::int AS copies
    FROM order_line f
    WHERE f.dossier_id = l.dossier_id AND f.ean = l.ean AND f.outstanding > 0 AND NOT f.digital
      AND (f.priority, f.queued_at, f.number, f.position) < (l.priority, l.queued_at, l.number, l.position)
) b ON true
WHERE o.dossier_id = $1 AND o.order_id = $2
ORDER BY l.position
