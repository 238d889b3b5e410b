-- Sales by customer, cards with a statistics party gathered under it (B17); of cards that the codes in $5 (null: all) do not
-- open, no key. $1 dossier; sold is what was sold
, of_card AS (
    SELECT s.customer_id, sum(s.quantity) AS copies, sum(s.amount) AS turnover, sum(s.net) AS net,
           count(*) FILTER (WHERE s.quantity > 0) AS purchases
    FROM sold s GROUP BY s.customer_id
), of_party AS (
    SELECT coalesce(c.statistics_party_id, c.customer_id) AS party, sum(o.copies) AS copies, sum(o.turnover) AS turnover,
           sum(o.net) AS net, sum(o.purchases) AS purchases
    FROM of_card o LEFT JOIN customer c ON c.dossier_id = $1 AND c.customer_id = o.customer_id
    GROUP BY 1
), named AS (
    SELECT p.*, k.name, k.first_name, k.code,
           $5::text[] IS NULL OR k.confidentiality_code IS NULL OR k.confidentiality_code = ANY ($5::text[]) AS seen
    FROM of_party p LEFT JOIN customer k ON k.dossier_id = $1 AND k.customer_id = p.party
)
SELECT n.party AS key, concat_ws(' ', n.name, n.first_name) || ' (' || n.code || ')' AS label, false AS hidden,
       n.copies::bigint AS copies, n.turnover, n.net, n.purchases::bigint AS purchases
FROM named n WHERE n.seen
UNION ALL
SELECT NULL, NULL, true, sum(n.copies)::bigint, sum(n.turnover), sum(n.net), sum(n.purchases)::bigint
FROM named n WHERE NOT n.seen HAVING count(*) > 0
