-- Who a live session belongs to. $1 dossier, $2 digest of the token, $3 now
SELECT d.dossier_id, d.code AS dossier_code, d.name AS dossier_name, d.time_zone, d.secret, d.order_sequence, d.settings, d.demo,
       s.staff_id, s.login, s.name, s.scopes
FROM staff_session t
JOIN staff s ON s.dossier_id = t.dossier_id AND s.staff_id = t.staff_id
JOIN dossier d ON d.dossier_id = t.dossier_id
WHERE t.dossier_id = $1 AND t.digest = $2 AND t.expires_at > $3
