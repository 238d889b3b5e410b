-- The columns of a row of the list of receptions r: titles, and copies that came, were set aside, and had been asked for
r.reception_id, r.kind, r.supplier_id, t.name AS supplier_name, r.reference, r.received_at,
(
    SELECT ROW(count(DISTINCT l.ean), coalesce(sum(l.quantity), 0), coalesce(sum(l.set_aside), 0))
    FROM reception_line l
    WHERE l.dossier_id = r.dossier_id AND l.reception_id = r.reception_id
) AS copies,
(
    SELECT coalesce(sum(k.quantity), 0)
    FROM reception_supply k
    WHERE k.dossier_id = r.dossier_id AND k.reception_id = r.reception_id
) AS expected
