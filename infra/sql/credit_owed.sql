-- What a customer owes and will owe (B15, O13). $1 dossier, $2 the card, $3 an order that is left out
SELECT
    (SELECT coalesce(sum(i.total - i.paid), 0.00)
     FROM invoice i
     WHERE i.dossier_id = $1 AND i.customer_id = $2 AND i.paid <> i.total) AS unpaid,
    (SELECT coalesce(sum(greatest(each.to_deliver - greatest(each.paid - each.delivered - each.charge, 0), 0)), 0.00)
     FROM (
         SELECT o.paid, lines.to_deliver, lines.delivered,
                -- the charge is taxed as the highest taxed article, and owed for once anything left the shop
                CASE WHEN NOT (lines.begun AND lines.there) THEN 0
                     WHEN o.vat_exempt THEN round(o.delivery_charge * 100 / (100 + lines.rate), 2)
                     ELSE o.delivery_charge END AS charge
         FROM customer_order o
         CROSS JOIN LATERAL (
             SELECT coalesce(sum(due.to_deliver), 0) AS to_deliver, coalesce(sum(due.delivered), 0) AS delivered,
                    coalesce(bool_or(l.delivered > 0), false) AS begun,
                    coalesce(bool_or(l.cancelled < l.ordered), false) AS there, coalesce(max(l.vat_rate), 0) AS rate
             FROM order_line l
             CROSS JOIN LATERAL (SELECT CASE WHEN o.vat_exempt THEN 100 + l.vat_rate ELSE 100 END AS whole) AS vat
             CROSS JOIN LATERAL (
                 SELECT round(l.unit_price * (l.ordered - l.cancelled - l.delivered) * 100 / vat.whole, 2) AS to_deliver,
                        round(l.unit_price * l.delivered * 100 / vat.whole, 2) AS delivered
             ) AS due
             WHERE l.dossier_id = o.dossier_id AND l.order_id = o.order_id
         ) AS lines
         WHERE o.dossier_id = $1 AND o.customer_id = $2 AND o.status IN ('CO', 'LP', 'BL')
           AND o.order_id IS DISTINCT FROM $3
     ) AS each) AS open_orders
