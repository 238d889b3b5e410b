-- The columns of a row of the list of supplier orders s: titles, and copies asked for, come, still to come, and meant for customers
s.supplier_order_id, s.number, s.supplier_id, s.supplier_name, s.reference, s.state, s.created_at, s.validated_at, s.version,
(
    SELECT ROW(count(*), coalesce(sum(l.ordered), 0), coalesce(sum(l.received), 0), coalesce(sum(l.outstanding), 0))
    FROM supplier_line l
    WHERE l.dossier_id = s.dossier_id AND l.supplier_order_id = s.supplier_order_id
) AS copies,
(
    SELECT coalesce(sum(k.quantity - k.received), 0)
    FROM supplier_line l
    JOIN supply_link k ON k.dossier_id = l.dossier_id AND k.supplier_line_id = l.supplier_line_id
    WHERE l.dossier_id = s.dossier_id AND l.supplier_order_id = s.supplier_order_id
) AS for_customers
