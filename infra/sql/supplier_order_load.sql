-- Supplier orders with their lines and whom they are for, each aggregate in one row. Links of a line are in the order of the
-- queue, so that whoever waited longest is served first. $1 dossier, $2 supplier order ids
SELECT s.*,
       ARRAY(
           SELECT ROW(l.supplier_line_id, l.position, l.ean, l.title, l.ordered, l.received, l.cancelled,
                      l.answer_code, l.answer_label, l.answer_source, l.answer_at, l.answer_effect, l.answer_new_ean)
           FROM supplier_line l
           WHERE l.dossier_id = s.dossier_id AND l.supplier_order_id = s.supplier_order_id
           ORDER BY l.position
       ) AS lines,
       ARRAY(
           SELECT ROW(k.supplier_line_id, k.order_id, k.line_id, c.number, c.name, k.quantity, k.received)
           FROM supplier_line l
           JOIN supply_link k ON k.dossier_id = l.dossier_id AND k.supplier_line_id = l.supplier_line_id
           JOIN order_line o ON o.dossier_id = k.dossier_id AND o.line_id = k.line_id
           JOIN customer_order c ON c.dossier_id = o.dossier_id AND c.order_id = o.order_id
           WHERE l.dossier_id = s.dossier_id AND l.supplier_order_id = s.supplier_order_id
           ORDER BY o.priority, o.queued_at, o.number, o.position
       ) AS links
FROM supplier_order s
WHERE s.dossier_id = $1 AND s.supplier_order_id = ANY ($2::uuid[])
