-- What was sold and brought back in a period. $1 dossier, $2 its first instant and $3 the one after it, $4 a customer or null
SELECT p.at, p.ean, p.quantity, p.amount, p.net, p.buyer, p.sales_rep_id, p.customer_id
FROM purchase p
WHERE p.dossier_id = $1 AND p.at >= $2 AND p.at < $3
  AND ($4::uuid IS NULL OR p.customer_id = ANY (ARRAY(
      SELECT c.customer_id FROM customer c
      WHERE c.dossier_id = $1 AND (c.customer_id = $4 OR c.statistics_party_id = $4))))
