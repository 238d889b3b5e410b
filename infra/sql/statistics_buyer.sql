-- Sales by who the buyer was to the law on the day (A67). sold is what was sold
SELECT s.buyer AS key, NULL AS label, sum(s.quantity)::bigint AS copies, sum(s.amount) AS turnover, sum(s.net) AS net,
       count(*) FILTER (WHERE s.quantity > 0) AS purchases
FROM sold s
GROUP BY s.buyer
