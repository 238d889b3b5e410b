-- Who a live API key belongs to. $1 dossier, $2 digest of the key
SELECT d.dossier_id, d.code AS dossier_code, d.name AS dossier_name, d.time_zone, d.secret, d.order_sequence, d.settings, d.demo,
       k.api_key_id, k.label, k.scopes, c.code AS channel
FROM api_key k
JOIN dossier d ON d.dossier_id = k.dossier_id
LEFT JOIN channel c ON c.dossier_id = k.dossier_id AND c.channel_id = k.channel_id
WHERE k.dossier_id = $1 AND k.digest = $2 AND k.revoked_at IS NULL
