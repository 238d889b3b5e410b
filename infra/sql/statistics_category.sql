-- Sales by the node of one level above each article, or the article's own. $1 dossier, $5 level; sold is what was sold
, above AS (
    SELECT c.code, CASE $5::text WHEN c.level THEN c.code WHEN p.level THEN p.code WHEN g.level THEN g.code END AS key
    FROM category c
    LEFT JOIN category p ON p.dossier_id = $1 AND p.code = c.parent
    LEFT JOIN category g ON g.dossier_id = $1 AND g.code = p.parent
    WHERE c.dossier_id = $1
), of_article AS (
    SELECT s.ean, sum(s.quantity) AS copies, sum(s.amount) AS turnover, sum(s.net) AS net,
           count(*) FILTER (WHERE s.quantity > 0) AS purchases
    FROM sold s GROUP BY s.ean
)
SELECT n.key, c.label, sum(n.copies)::bigint AS copies, sum(n.turnover) AS turnover, sum(n.net) AS net,
       sum(n.purchases)::bigint AS purchases
FROM (
    SELECT w.key, o.* FROM of_article o
    LEFT JOIN article a ON a.dossier_id = $1 AND a.ean = o.ean
    LEFT JOIN above w ON w.code = a.category
) n
LEFT JOIN category c ON c.dossier_id = $1 AND c.code = n.key
GROUP BY n.key, c.label
