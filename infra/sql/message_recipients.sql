-- Whom messages to customers reach, with the ledger of their authorisations. $1 dossier, $2 the cards asked for
SELECT asked.customer_id AS asked_id, c.customer_id, c.code, c.confidentiality_code, c.name, c.first_name, c.email, c.phone, c.language, c.no_sms,
       c.anonymised_at, said.*
FROM customer asked
JOIN customer c ON c.dossier_id = asked.dossier_id AND c.customer_id = coalesce(asked.merged_into, asked.customer_id)
CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(e.consent_id ORDER BY e.at, e.consent_id), '{}') AS consent_ids,
           coalesce(array_agg(e.channel ORDER BY e.at, e.consent_id), '{}') AS consent_channels,
           coalesce(array_agg(e.purpose ORDER BY e.at, e.consent_id), '{}') AS consent_purposes,
           coalesce(array_agg(e.granted ORDER BY e.at, e.consent_id), '{}') AS consents_granted,
           coalesce(array_agg(e.at ORDER BY e.at, e.consent_id), '{}') AS consents_at
    FROM consent e WHERE e.dossier_id = c.dossier_id AND e.customer_id = c.customer_id
) AS said
WHERE asked.dossier_id = $1 AND asked.customer_id = ANY ($2::uuid[])
