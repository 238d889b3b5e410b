-- Copies kept whose present step of the escalation nobody was told of. $1 dossier, $2 events of the steps, $3 their days,
-- $4 today, $5 set aside before, $6 time zone
SELECT r.reservation_id
FROM reservation r
LEFT JOIN customer_order o ON o.dossier_id = r.dossier_id AND o.order_id = r.order_id
CROSS JOIN LATERAL (
    SELECT max(step.n) AS n
    FROM unnest($3::integer[]) WITH ORDINALITY AS step(days, n)
    WHERE (r.set_aside_at AT TIME ZONE $6)::date + step.days <= $4
) AS present
WHERE r.dossier_id = $1 AND r.state = 'set_aside' AND r.set_aside_at < $5 AND present.n IS NOT NULL
  AND NOT coalesce(o.mail_order, false)
  AND NOT EXISTS (
      SELECT FROM message_reservation t
      JOIN message m ON m.dossier_id = t.dossier_id AND m.message_id = t.message_id
      WHERE t.dossier_id = r.dossier_id AND t.reservation_id = r.reservation_id AND (m.state <> 'withheld' OR m.reason = 'dropped')
        AND m.created_at >= r.set_aside_at AND m.event = ANY (($2::text[])[present.n:])
  )
ORDER BY r.set_aside_at, r.reservation_id
