-- A member of staff by login, with the password's hash. $1 dossier, $2 login
SELECT d.dossier_id, d.code AS dossier_code, d.name AS dossier_name, d.time_zone, d.secret, d.order_sequence, d.settings, d.demo,
       s.staff_id, s.login, s.name, s.scopes, s.password_hash
FROM staff s
JOIN dossier d ON d.dossier_id = s.dossier_id
WHERE s.dossier_id = $1 AND s.login = $2
