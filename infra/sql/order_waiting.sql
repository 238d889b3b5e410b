-- The first lines of an article's queue that together wait for so many copies. $1 dossier, $2 EAN, $3 copies
SELECT order_id, line_id, outstanding
FROM (
    SELECT order_id, line_id, outstanding, priority, queued_at, number, position,
           sum(outstanding) OVER (ORDER BY priority, queued_at, number, position) - outstanding AS before
    FROM (
        SELECT order_id, line_id, outstanding, priority, queued_at, number, position
        FROM order_line
        WHERE dossier_id = $1 AND ean = $2 AND outstanding > 0 AND NOT digital
        ORDER BY priority, queued_at, number, position
        LIMIT $3
    ) first_lines
) places
WHERE before < $3
ORDER BY priority, queued_at, number, position
