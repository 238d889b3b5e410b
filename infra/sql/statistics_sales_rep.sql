-- Sales by sales rep: the line's own has it whole, else those of the card by their shares, the rest has none (B16).
-- Money is answered times the share in percent, not rounded. $1 dossier; sold is what was sold
, of_card AS (
    SELECT s.sales_rep_id, s.customer_id, sum(s.quantity) AS copies, sum(s.amount) AS turnover, sum(s.net) AS net,
           count(*) FILTER (WHERE s.quantity > 0) AS purchases
    FROM sold s GROUP BY s.sales_rep_id, s.customer_id
), part AS (
    SELECT w.rep, w.share, o.copies, o.turnover, o.net, o.purchases
    FROM of_card o
    LEFT JOIN customer c ON c.dossier_id = $1 AND c.customer_id = o.customer_id AND o.sales_rep_id IS NULL
    CROSS JOIN LATERAL (VALUES
        (o.sales_rep_id, CASE WHEN o.sales_rep_id IS NOT NULL THEN 100 END),
        (c.sales_rep_1_id, c.sales_rep_1_share),
        (c.sales_rep_2_id, c.sales_rep_2_share),
        (c.sales_rep_3_id, c.sales_rep_3_share),
        (NULL, CASE WHEN o.sales_rep_id IS NULL THEN 100 - coalesce(c.sales_rep_1_share, 0)
            - coalesce(c.sales_rep_2_share, 0) - coalesce(c.sales_rep_3_share, 0) END)
    ) AS w(rep, share)
    WHERE w.share > 0
)
SELECT p.rep AS key, concat_ws(' ', t.name, t.first_name) AS label, t.commission AS percent,
       sum(p.copies)::bigint AS copies, sum(p.turnover * p.share) AS turnover, sum(p.net * p.share) AS net,
       sum(p.purchases)::bigint AS purchases, (SELECT sum(o.copies)::bigint FROM of_card o) AS all_copies,
       (SELECT sum(o.purchases)::bigint FROM of_card o) AS all_purchases
FROM part p LEFT JOIN third_party t ON t.dossier_id = $1 AND t.third_party_id = p.rep
GROUP BY p.rep, t.name, t.first_name, t.commission
