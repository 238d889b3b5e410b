-- Events after a position, of transactions below every one still running: none can appear behind it later (api.md, rule 5).
-- $1 dossier, $2 transaction id as text, $3 sequence, $4 how many
SELECT xid::text::bigint AS xid, seq, event_id, type, subject, version, at, data
FROM outbox_event
WHERE dossier_id = $1
  AND (xid, seq) > ($2::text::xid8, $3::bigint)
  AND xid < pg_snapshot_xmin(pg_current_snapshot())
ORDER BY xid, seq
LIMIT $4
