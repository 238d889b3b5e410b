-- Who waits for an article, next served first. $1 dossier, $2 EAN, $3 to $6 the place after which to begin, $7 how many
SELECT line_id, order_id, outstanding, set_aside, begun, priority, queued_at, number, position, status, name, suspended_until,
       rank
FROM (
    SELECT l.line_id, l.order_id, l.outstanding, l.set_aside, l.set_aside + l.delivered > 0 AS begun,
           l.priority, l.queued_at, l.number, l.position, o.status, o.name, l.suspended_until,
           row_number() OVER (ORDER BY l.priority, l.queued_at, l.number, l.position)::int AS rank
    FROM order_line l
    JOIN customer_order o ON o.dossier_id = l.dossier_id AND o.order_id = l.order_id
    WHERE l.dossier_id = $1 AND l.ean = $2 AND l.outstanding > 0 AND NOT l.digital
) places
WHERE $3::int IS NULL OR (priority, queued_at, number, position) > ($3::int, $4::timestamptz, $5::int, $6::int)
ORDER BY rank
LIMIT $7
