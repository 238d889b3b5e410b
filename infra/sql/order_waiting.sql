-- The first lines of an article's queue that together wait for so many copies, and the next ones after them; suspended lines
-- are passed over, but for those that are about to be resumed.
-- $1 dossier, $2 EAN, $3 copies, $4 how many after them, $5 the lines about to be resumed
SELECT p.order_id, p.line_id, p.outstanding, p.number, o.name
FROM (
    SELECT order_id, line_id, outstanding, priority, queued_at, number, position, before,
           count(*) FILTER (WHERE before >= $3) OVER (ORDER BY priority, queued_at, number, position) AS after
    FROM (
        SELECT order_id, line_id, outstanding, priority, queued_at, number, position,
               sum(outstanding) OVER (ORDER BY priority, queued_at, number, position) - outstanding AS before
        FROM (
            SELECT order_id, line_id, outstanding, priority, queued_at, number, position
            FROM order_line
            WHERE dossier_id = $1 AND ean = $2 AND outstanding > 0 AND NOT digital
              AND (suspended_until IS NULL OR line_id = ANY ($5::uuid[]))
            ORDER BY priority, queued_at, number, position
            LIMIT $3::bigint + $4::bigint
        ) first_lines
    ) counted
) p
JOIN customer_order o ON o.dossier_id = $1 AND o.order_id = p.order_id
WHERE p.before < $3 OR p.after <= $4
ORDER BY p.priority, p.queued_at, p.number, p.position
