-- New printed books sold to lending libraries in a period (R13, R14). $1 dossier, $2 its first instant and $3 the one after it,
-- $4 the confidentiality codes that the caller may see, null for all
SELECT p.purchase_id, p.at, (p.at AT TIME ZONE d.time_zone)::date AS day, p.document, i.issued_on, p.ean, p.title,
       p.quantity, p.amount, p.net, p.list_price, p.vat_rate, c.customer_id, concat_ws(' ', c.name, c.first_name) AS name,
       c.barcode, c.siret,
       NOT ($4::text[] IS NULL OR c.confidentiality_code IS NULL OR c.confidentiality_code = ANY ($4::text[])) AS hidden
FROM dossier d
JOIN purchase p ON p.dossier_id = d.dossier_id
JOIN customer c ON c.dossier_id = d.dossier_id AND c.customer_id = p.customer_id
LEFT JOIN invoice i ON i.dossier_id = d.dossier_id AND i.number = p.document
WHERE d.dossier_id = $1
  AND p.at >= $2 AND p.at < $3
  AND p.buyer = 'library' AND p.kind = 'book' AND NOT p.digital
