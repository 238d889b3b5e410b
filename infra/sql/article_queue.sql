-- Who waits for an article, next served first. $1 dossier, $2 EAN, $3 how many
SELECT l.line_id, l.order_id, l.outstanding, l.queued_at, o.number, o.status, o.name
FROM order_line l
JOIN customer_order o ON o.dossier_id = l.dossier_id AND o.order_id = l.order_id
WHERE l.dossier_id = $1 AND l.ean = $2 AND l.outstanding > 0 AND NOT l.digital
ORDER BY l.priority, l.queued_at, l.number, l.position
LIMIT $3
