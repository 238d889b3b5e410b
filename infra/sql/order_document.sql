-- One order in the very words of GET /v1/orders/{id}, written by PostgreSQL: a read costs the server half as much as when
-- rows become objects first (performance.md). A test holds it equal to api/schemas/orders.py. $1 dossier, $2 order
SELECT o.version,
       json_build_object(
           'id', 'ord_' || replace(o.order_id::text, '-', ''),
           'number', o.number,
           'customer_id', 'cus_' || replace(o.customer_id::text, '-', ''),
           'customer_code', o.customer_code,
           'customer_reference', o.customer_reference,
           'name', o.name,
           'status', o.status,
           'contact', json_build_object(
               'title', o.title, 'name', o.name, 'first_name', o.first_name, 'email', o.email, 'phone', o.phone,
               'address', json_build_object(
                   'recipient', o.recipient, 'complement', o.complement, 'building', o.building,
                   'street', o.street, 'locality', o.locality, 'postal_code', o.postal_code, 'town', o.town,
                   'country', o.country)),
           'comment', o.comment,
           'origin', o.origin,
           'mail_order', o.mail_order,
           'channel', o.channel,
           'external_id', o.external_id,
           'vat_exempt', o.vat_exempt,
           'payment_state', o.payment_state,
           'paid', json_build_object('amount', o.paid::text, 'currency', 'EUR'),
           'deposit', json_build_object('amount', o.deposit::text, 'currency', 'EUR'),
           'delivery_charge', json_build_object('amount', o.delivery_charge::text, 'currency', 'EUR'),
           'total', json_build_object('amount', (o.delivery_charge + l.total)::text, 'currency', 'EUR'),
           'discount', json_build_object('amount', l.discount::text, 'currency', 'EUR'),
           'quantity', o.quantity,
           'reserved', o.reserved,
           'has_digital', o.has_digital,
           'cancelled_at', to_char(o.cancelled_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
           'cancel_reason', o.cancel_reason,
           'created_at', to_char(o.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
           'updated_at', to_char(o.updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
           'version', o.version,
           'warnings', o.warnings,
           'lines', l.lines
       )::text AS body
FROM customer_order o,
     LATERAL (
         SELECT coalesce(sum(a.amount), 0.00) AS total,
                coalesce(sum(greatest((i.list_price - i.unit_price) * a.copies, 0.00)), 0.00) AS discount,
                coalesce(json_agg(json_build_object(
                    'id', 'lin_' || replace(i.line_id::text, '-', ''),
                    'position', i.position,
                    'ean', i.ean,
                    'title', i.title,
                    'author', i.author,
                    'publisher', i.publisher,
                    'digital', i.digital,
                    'ordered', i.ordered,
                    'reserved', i.set_aside + i.delivered,
                    'set_aside', i.set_aside,
                    'delivered', i.delivered,
                    'cancelled', i.cancelled,
                    'outstanding', i.outstanding,
                    'unit_price', json_build_object('amount', i.unit_price::text, 'currency', 'EUR'),
                    'list_price', json_build_object('amount', i.list_price::text, 'currency', 'EUR'),
                    'vat_rate', i.vat_rate::text,
                    'amount', json_build_object('amount', a.amount::text, 'currency', 'EUR'),
                    'answer', CASE
                        WHEN i.set_aside + i.delivered > 0 AND i.outstanding = 0 THEN
                            json_build_object('code', 'available', 'label', 'Disponible', 'source', 'stock', 'at', NULL)
                        WHEN i.answer_code IS NOT NULL THEN
                            json_build_object(
                                'code', i.answer_code, 'label', i.answer_label, 'source', i.answer_source,
                                'at', to_char(i.answer_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
                        END,
                    'version', o.version
                ) ORDER BY i.position), '[]'::json) AS lines
         FROM order_line i,
              LATERAL (
                  SELECT i.ordered - i.cancelled AS copies, i.unit_price * (i.ordered - i.cancelled) AS amount
              ) a
         WHERE i.dossier_id = o.dossier_id AND i.order_id = o.order_id
     ) l
WHERE o.dossier_id = $1 AND o.order_id = $2
