-- All stock in one statement, which sees one moment: how many articles, and the first $2 numbers that disagree. $1 dossier
WITH level AS (
    SELECT a.ean, a.title, coalesce(s.available, 0) AS available, coalesce(s.set_aside, 0) AS set_aside
    FROM article a LEFT JOIN stock_level s USING (dossier_id, ean)
    WHERE a.dossier_id = $1
), kept AS (
    SELECT r.ean, sum(r.quantity)::int AS copies FROM reservation r
    WHERE r.dossier_id = $1 AND r.state = 'set_aside' GROUP BY r.ean
), kept_for AS (
    SELECT r.line_id, sum(r.quantity)::int AS copies FROM reservation r
    WHERE r.dossier_id = $1 AND r.state = 'set_aside' AND r.line_id IS NOT NULL GROUP BY r.line_id
), moved AS (
    SELECT m.ean, sum(m.available)::int AS available, sum(m.set_aside)::int AS set_aside FROM stock_movement m
    WHERE m.dossier_id = $1 GROUP BY m.ean
), promised AS (
    SELECT k.line_id, sum(k.quantity - k.received)::int AS copies FROM supply_link k
    WHERE k.dossier_id = $1 GROUP BY k.line_id
), line AS (
    SELECT i.ean, i.title, o.number, i.position, i.set_aside, coalesce(f.copies, 0) AS kept,
           i.supplied, coalesce(p.copies, 0) AS promised
    FROM order_line i JOIN customer_order o USING (dossier_id, order_id)
    LEFT JOIN kept_for f ON f.line_id = i.line_id LEFT JOIN promised p ON p.line_id = i.line_id
    WHERE i.dossier_id = $1
), found AS (
    SELECT 'reservations' AS kind, l.ean, l.title, coalesce(k.copies, 0) AS expected, l.set_aside AS found,
           NULL::int AS order_number, NULL::int AS position
    FROM level l LEFT JOIN kept k USING (ean) WHERE l.set_aside <> coalesce(k.copies, 0)
    UNION ALL
    SELECT 'movements_available', l.ean, l.title, coalesce(m.available, 0), l.available, NULL, NULL
    FROM level l LEFT JOIN moved m USING (ean) WHERE l.available <> coalesce(m.available, 0)
    UNION ALL
    SELECT 'movements_set_aside', l.ean, l.title, coalesce(m.set_aside, 0), l.set_aside, NULL, NULL
    FROM level l LEFT JOIN moved m USING (ean) WHERE l.set_aside <> coalesce(m.set_aside, 0)
    UNION ALL
    SELECT 'lines', ean, title, kept, set_aside, number, position FROM line WHERE set_aside <> kept
    UNION ALL
    SELECT 'supplied', ean, title, promised, supplied, number, position FROM line WHERE supplied <> promised
)
SELECT (SELECT count(*)::int FROM level) AS articles, f.*
FROM (SELECT) always LEFT JOIN (SELECT * FROM found ORDER BY ean, kind, order_number, position LIMIT $2) f ON true
