-- How many copies order lines wait for, by article. $1 dossier, $2 EANs
SELECT ean, sum(outstanding)::int AS copies
FROM order_line
WHERE dossier_id = $1 AND ean = ANY ($2::text[]) AND outstanding > 0 AND NOT digital
GROUP BY ean
