-- All that a group of pushes must know. $1 dossier, $2 channel code, $3 external ids, $4 EANs, $5 number sequence
SELECT c.channel_id,
       ARRAY(
           SELECT ROW(o.external_id, o.order_id)
           FROM customer_order o
           WHERE o.dossier_id = $1 AND o.channel_id = c.channel_id AND o.external_id = ANY ($3::text[])
       ) AS known,
       ARRAY(
           SELECT ROW({article_columns})
           FROM article a
           WHERE a.dossier_id = $1 AND a.ean = ANY ($4::text[])
       ) AS articles,
       ARRAY(
           SELECT nextval($5::text::regclass) FROM generate_series(1, cardinality($3::text[]))
       ) AS numbers,
       (SELECT d.settings FROM dossier d WHERE d.dossier_id = $1) AS settings
FROM channel c
WHERE c.dossier_id = $1 AND c.code = $2
