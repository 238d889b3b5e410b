-- Articles with their stock, locked in ascending EAN. $1 dossier, $2 EANs
SELECT {article_columns}, s.available, s.set_aside, {article_names}
FROM stock_level s
JOIN article a ON a.dossier_id = s.dossier_id AND a.ean = s.ean
{article_joins}
WHERE s.dossier_id = $1 AND s.ean = ANY ($2::text[])
ORDER BY s.ean
FOR UPDATE OF s
