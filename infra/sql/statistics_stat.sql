-- Sales by statistics code, cut after $5 positions; of a card with a statistics party that party's code (B17, B81, B82).
-- $6 the number of the axis, $7 its table of values; $1 dossier; sold is what was sold
, of_card AS (
    SELECT s.customer_id, sum(s.quantity) AS copies, sum(s.amount) AS turnover, sum(s.net) AS net,
           count(*) FILTER (WHERE s.quantity > 0) AS purchases
    FROM sold s GROUP BY s.customer_id
), coded AS (
    SELECT left(CASE $6::int WHEN 1 THEN k.stat_1 WHEN 2 THEN k.stat_2 ELSE k.stat_3 END, $5) AS key, o.*
    FROM of_card o
    LEFT JOIN customer c ON c.dossier_id = $1 AND c.customer_id = o.customer_id
    LEFT JOIN customer k ON k.dossier_id = $1 AND k.customer_id = coalesce(c.statistics_party_id, c.customer_id)
)
SELECT n.key, v.label, sum(n.copies)::bigint AS copies, sum(n.turnover) AS turnover, sum(n.net) AS net,
       sum(n.purchases)::bigint AS purchases
FROM coded n LEFT JOIN reference_value v ON v.dossier_id = $1 AND v.table_name = $7 AND v.code = n.key
GROUP BY n.key, v.label
