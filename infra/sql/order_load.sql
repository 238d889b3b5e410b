-- Orders with their lines, the whole aggregate in one row. $1 dossier, $2 order ids
SELECT o.*,
       ARRAY(
           SELECT ROW(l.line_id, l.position, l.ean, l.title, l.author, l.publisher, l.digital,
                      l.ordered, l.cancelled, l.set_aside, l.delivered, l.supplied, l.dropped, l.cancel_reason,
                      l.kind, l.school_book, l.unit_price, l.list_price, l.vat_rate,
                      l.price_source, l.ruling, l.earns_loyalty, l.sales_rep_id, l.suspended_until,
                      l.answer_code, l.answer_label, l.answer_source, l.answer_at, l.answer_effect, l.answer_new_ean)
           FROM order_line l
           WHERE l.dossier_id = o.dossier_id AND l.order_id = o.order_id
           ORDER BY l.position
       ) AS lines
FROM customer_order o
WHERE o.dossier_id = $1 AND o.order_id = ANY ($2::uuid[])
