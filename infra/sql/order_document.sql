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
           'quote_reference', o.quote_reference,
           'mail_order', o.mail_order,
           'channel', o.channel,
           'external_id', o.external_id,
           'vat_exempt', o.vat_exempt,
           'billed_to', CASE WHEN o.billed_to_id IS NOT NULL THEN json_build_object(
               'customer_id', 'cus_' || replace(o.billed_to_id::text, '-', ''),
               'customer_code', o.billing ->> 'code', 'name', o.billing ->> 'name',
               'address', json_build_object(
                   'recipient', o.billing #>> '{address,recipient}', 'complement', o.billing #>> '{address,complement}',
                   'building', o.billing #>> '{address,building}', 'street', o.billing #>> '{address,street}',
                   'locality', o.billing #>> '{address,locality}', 'postal_code', o.billing #>> '{address,postal_code}',
                   'town', o.billing #>> '{address,town}', 'country', o.billing #>> '{address,country}'),
               'address_id', 'adr_' || replace(o.billing ->> 'address_id', '-', '')) END,
           'delivery_address_id', 'adr_' || replace(o.delivery_address_id::text, '-', ''),
           'contact_id', 'con_' || replace(o.contact_id::text, '-', ''),
           'bank_account_id', 'rib_' || replace(o.bank_account_id::text, '-', ''),
           'back_orders', o.back_orders,
           'payment_state', o.payment_state,
           'paid', json_build_object('amount', o.paid::text, 'currency', 'EUR'),
           'deposit', json_build_object('amount', o.deposit::text, 'currency', 'EUR'),
           'deposit_used', json_build_object('amount', o.deposit_used::text, 'currency', 'EUR'),
           'refunded', json_build_object('amount', o.refunded::text, 'currency', 'EUR'),
           'delivery_charge', json_build_object('amount', o.delivery_charge::text, 'currency', 'EUR'),
           'charge_ruling', CASE WHEN o.charge_ruling IS NOT NULL THEN json_build_object(
               'rule', o.charge_ruling ->> 'rule',
               'asked', json_build_object('amount', o.charge_ruling ->> 'asked', 'currency', 'EUR'),
               'reason', o.charge_ruling ->> 'reason', 'reason_en', o.charge_ruling ->> 'reason_en') END,
           'total', json_build_object('amount', o.total::text, 'currency', 'EUR'),
           'due', json_build_object('amount', greatest(o.total - o.paid, 0.00)::text, 'currency', 'EUR'),
           'vat_totals', (
               SELECT coalesce(json_agg(json_build_object(
                   'rate', v ->> 'rate',
                   'net', json_build_object('amount', v ->> 'net', 'currency', 'EUR'),
                   'vat', json_build_object('amount', v ->> 'vat', 'currency', 'EUR')) ORDER BY n), '[]'::json)
               FROM jsonb_array_elements(o.vat_totals) WITH ORDINALITY AS t(v, n)),
           'discount', json_build_object('amount', o.discount::text, 'currency', 'EUR'),
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
         SELECT coalesce(json_agg(json_build_object(
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
                    'supplied', i.supplied,
                    'unsupplied', CASE WHEN i.digital THEN 0 ELSE greatest(i.outstanding - i.supplied, 0) END,
                    'surplus', greatest(i.supplied - i.outstanding, 0),
                    'cancel_reason', i.cancel_reason,
                    'kind', i.kind,
                    'school_book', i.school_book,
                    'unit_price', json_build_object('amount', i.unit_price::text, 'currency', 'EUR'),
                    'list_price', json_build_object('amount', i.list_price::text, 'currency', 'EUR'),
                    'price_source', i.price_source,
                    'ruling', CASE WHEN i.ruling IS NOT NULL THEN json_build_object(
                        'rule', i.ruling ->> 'rule',
                        'asked', json_build_object('amount', i.ruling ->> 'asked', 'currency', 'EUR'),
                        'reason', i.ruling ->> 'reason', 'reason_en', i.ruling ->> 'reason_en') END,
                    'earns_loyalty', i.earns_loyalty,
                    'vat_rate', i.vat_rate::text,
                    'net', json_build_object('amount', i.net::text, 'currency', 'EUR'),
                    'amount', json_build_object('amount', i.amount::text, 'currency', 'EUR'),
                    'sales_rep_id', 'tpa_' || replace(i.sales_rep_id::text, '-', ''),
                    'suspended_until', i.suspended_until,
                    'answer', CASE
                        WHEN i.set_aside + i.delivered > 0 AND i.outstanding = 0 THEN
                            json_build_object('code', 'available', 'label', 'Disponible', 'source', 'stock', 'at', NULL,
                                              'effect', 'wait', 'new_ean', NULL)
                        WHEN i.answer_code IS NOT NULL THEN
                            json_build_object(
                                'code', i.answer_code, 'label', i.answer_label, 'source', i.answer_source,
                                'at', to_char(i.answer_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                                'effect', coalesce(i.answer_effect, 'wait'), 'new_ean', i.answer_new_ean)
                        END,
                    'version', o.version
                ) ORDER BY i.position), '[]'::json) AS lines
         FROM order_line i
         WHERE i.dossier_id = o.dossier_id AND i.order_id = o.order_id
     ) l
WHERE o.dossier_id = $1 AND o.order_id = $2
