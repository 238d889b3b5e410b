-- Tries to become the one who runs each request, without waiting for a twin. $1 dossier, $2 clients, $3 keys
SELECT pg_try_advisory_xact_lock(hashtextextended($1::uuid::text || '|' || client || '|' || key, 0)) AS ours
FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS a(client, key, place)
ORDER BY place
