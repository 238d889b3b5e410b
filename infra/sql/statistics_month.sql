-- Sales by month of the shop's calendar. $1 dossier; sold is what was sold
SELECT date_trunc('month', s.at AT TIME ZONE d.time_zone)::date AS key, NULL AS label, sum(s.quantity)::bigint AS copies,
       sum(s.amount) AS turnover, sum(s.net) AS net, count(*) FILTER (WHERE s.quantity > 0) AS purchases
FROM sold s CROSS JOIN dossier d
WHERE d.dossier_id = $1
GROUP BY 1
