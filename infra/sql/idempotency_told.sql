-- What was told before for each request, null where nothing was. $1 dossier, $2 clients, $3 keys
SELECT i.fingerprint, i.status, i.headers, i.body
FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS a(client, key, place)
LEFT JOIN idempotency_answer i ON i.dossier_id = $1 AND i.client = a.client AND i.key = a.key
ORDER BY place
