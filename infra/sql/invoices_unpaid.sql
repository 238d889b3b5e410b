-- Invoices of which money is awaited, and who is to hear of it (B22, B29). $1 dossier, $2 those due by that day
SELECT i.invoice_id, i.number, i.customer_id, i.state, i.issued_on, i.due_on, i.total, i.total - i.paid AS unpaid,
       p.customer_id AS payer_id, q.customer_id AS party_id,
       coalesce((SELECT max(r.step) FROM reminded_invoice r
                 WHERE r.dossier_id = i.dossier_id AND r.invoice_id = i.invoice_id), 0) AS told
FROM invoice i
JOIN customer b ON b.dossier_id = i.dossier_id AND b.customer_id = i.billed_to_id
JOIN customer p ON p.dossier_id = i.dossier_id AND p.customer_id = coalesce(b.payment_party_id, b.customer_id)
JOIN customer q ON q.dossier_id = i.dossier_id AND q.customer_id = coalesce(p.group_id, p.customer_id)
WHERE i.dossier_id = $1 AND i.paid <> i.total AND i.due_on <= $2 AND i.total > 0 AND q.anonymised_at IS NULL
ORDER BY i.due_on, i.number
