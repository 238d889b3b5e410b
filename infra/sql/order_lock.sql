-- Locks orders in ascending id, before they are read anew. $1 dossier, $2 order ids
SELECT order_id FROM customer_order
WHERE dossier_id = $1 AND order_id = ANY ($2::uuid[])
ORDER BY order_id
FOR UPDATE
