-- How many copies order lines wait for that are not suspended, and suppliers still have to bring, by article. $1 dossier, $2 EANs
SELECT e.ean,
       (SELECT coalesce(sum(l.outstanding), 0)::int FROM order_line l
        WHERE l.dossier_id = $1 AND l.ean = e.ean AND l.outstanding > 0 AND NOT l.digital
          AND l.suspended_until IS NULL) AS copies,
       (SELECT coalesce(sum(p.outstanding), 0)::int FROM supplier_line p JOIN supplier_order q USING (dossier_id, supplier_order_id)
        WHERE p.dossier_id = $1 AND p.ean = e.ean AND p.outstanding > 0
          AND q.state IN ('validated', 'partly_received')) AS on_order
FROM unnest($2::text[]) AS e(ean)
