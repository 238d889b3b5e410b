"""Blanking a person everywhere in PostgreSQL: rows, search words, merges, audit, events, kept answers (C14, P20, U20).

``PERSONAL`` says of every text of every table that tells a person what it becomes, ``KEPT`` which texts tell none; a test reads the
catalogue and fails when a column is in neither. The images that history keeps of a row are blanked by the same rules.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic_core import to_json

from domain.errors import Fault
from domain.model.access import Dossier
from domain.model.values import CustomerId, folded, short_name
from infra.db.pools import ShopConnection
from infra.db.tables import METADATA
from infra.merging.policies import key_columns
from infra.merging.report import NOTHING_TOLD
from infra.repositories.pending import Begin

NAME = "Client anonymisé"
ERASED = 410
"""The status of a kept answer that told of a person who was blanked: nobody hears it again (``AnswerErased``)."""

DEPARTMENT = "département"
"""Of a French postal code the département stays, of others nothing."""

_POSTAL: Mapping[str, Any] = {
    "recipient": None,
    "complement": None,
    "building": None,
    "street": None,
    "locality": None,
    "postal_code": DEPARTMENT,
    "town": None,
}
_NAMED: Mapping[str, Any] = {"name": NAME, "name_key": folded(NAME)}
_PERSON: Mapping[str, Any] = {
    **_NAMED,
    "short_name": short_name(NAME),
    "title": None,
    "first_name": None,
    "email": None,
    "email_key": None,
    "phone": None,
    "phone_key": None,
    "fax": None,
    **_POSTAL,
    "town_key": None,
    "siret": None,
    "vat_number": None,
    "account_number": None,
    "our_code": None,
    "comment": None,
    "custom_fields": {},
}
_NOWHERE: Mapping[str, Any] = {**dict.fromkeys((*_POSTAL, "postal_code")), "country": "FR"}
_NOBODY: Mapping[str, Any] = {
    "name": NAME,
    "title": None,
    "first_name": None,
    "email": None,
    "phone": None,
    "address": _NOWHERE,
}
_BILLED: Mapping[str, Any] = {"billing": {"code": "", "name": NAME, "address": _NOWHERE, "address_id": None}}
"""Who is billed is written on the orders of others too, which tell no more of him."""

PERSONAL: Mapping[str, Mapping[str, Any]] = {
    "customer": {
        **_PERSON,
        "barcode": None,
        "birth_date": None,
        "fidelity_number": None,
        "chorus_siret": None,
        "chorus_service_code": None,
        "chorus_engagement_number": None,
        "light_message": None,
    },
    "third_party": _PERSON,
    "address": {**_POSTAL, "code": "", "siret": None, "phone": None, "email": None},
    "contact_person": {
        "code": "",
        "title": None,
        "name": NAME,
        "first_name": None,
        "phone": None,
        "phone_key": None,
        "mobile": None,
        "mobile_key": None,
        "email": None,
        "email_key": None,
        "fax": None,
        "comment": None,
    },
    "bank_account": {"code": "", "iban": "", "bic": None, "domiciliation": None},
    "note": {"text": ""},
    "consent": {"source": None},
    "discount_rule": {"basis": None},
    "flash": {"name": NAME},
    "customer_order": {
        **_NAMED,
        "title": None,
        "first_name": None,
        "email": None,
        "phone": None,
        **_POSTAL,
        "customer_reference": None,
        "reference_key": "",
        "quote_reference": None,
        "comment": None,
        "cancel_reason": None,
        "warnings": [],
        **_BILLED,
    },
    "order_line": {"cancel_reason": None},
    "delivery_note": {"contact": _NOBODY},
    "queue_change": {"reason": ""},
    "reservation": {**_NAMED, "end_reason": None, "email": None, "phone": None, "cancel_request": None},
    "message": {"name": NAME, "address": "", "subject": "", "body": "", "error": None, "told_key": None},
    "payment": {"reference": None},
    "stock_movement": {"reason": None},
    "loyalty_entry": {"reason": None},
    "named_deposit_entry": {"reference": None},
    "invoice": {"comment": None},
    "invoice_reminder": {"name": NAME, "address": "", "subject": "", "body": ""},
    "customer_merge": {"choices": NOTHING_TOLD},
}
"""What each personal column becomes."""

DELETED = ("contact_person", "address", "bank_account", "note")
"""What hangs on the card goes altogether; contacts before the addresses that they name."""

REWRITTEN: Mapping[str, frozenset[str]] = {
    "customer_token": frozenset({"token"}),
    "third_party_token": frozenset({"token"}),
    "order_token": frozenset({"token"}),
    "merged_row": frozenset({"before", "after"}),
    "audit_entry": frozenset({"before", "after"}),
    "outbox_event": frozenset({"data"}),
    "idempotency_answer": frozenset({"headers", "body"}),
}
"""What is made anew, or blanked inside."""

KEPT: Mapping[str, frozenset[str]] = {
    "address": frozenset({"role", "country", "allowed_for", "default_for"}),
    "api_key": frozenset({"digest", "label", "scopes"}),
    "article": frozenset({"ean", "title", "title_key", "author", "publisher", "kind", "category", "availability"}),
    "article_token": frozenset({"token", "ean"}),
    "audit_entry": frozenset({"by", "record", "record_id", "operation"}),
    "channel": frozenset({"code", "name", "kind"}),
    "consent": frozenset({"channel", "purpose", "by"}),
    "contact_person": frozenset({"function"}),
    "custom_field": frozenset({"record", "questionnaire", "code", "label", "kind", "choices"}),
    "customer": frozenset(
        {
            "code",
            "kind",
            "country",
            "category",
            "language",
            "tariff_code",
            "fidelity_program",
            "payment_mode",
            "print_mode",
            "reminder_family",
            "confidentiality_code",
            "back_orders_quotes",
            "back_orders_orders",
            "back_orders_delivery_notes",
            "stat_1",
            "stat_2",
            "stat_3",
            "light",
            "approved_by",
            "origin",
        }
    ),
    "customer_merge": frozenset({"by", "undone_by"}),
    "customer_order": frozenset(
        {
            "customer_code",
            "country",
            "origin",
            "channel",
            "external_id",
            "fingerprint",
            "payment_state",
            "status",
            "charge_ruling",
            "vat_totals",
        }
    ),
    "category": frozenset({"code", "label", "level", "parent"}),
    "delivery_note": frozenset({"charge_ruling", "by"}),
    "delivery_note_line": frozenset({"ean", "title"}),
    "deposit_entry": frozenset({"cause", "method", "by"}),
    "known_answer": frozenset({"code", "label", "label_en", "effect"}),
    "line_answer": frozenset({"code", "label", "source", "effect", "new_ean", "by"}),
    "queue_change": frozenset({"ean", "before", "after", "by"}),
    "saved_list": frozenset({"name", "name_key"}),
    "saved_list_line": frozenset({"ean"}),
    "supplier_line": frozenset(
        {"ean", "title", "answer_code", "answer_label", "answer_source", "answer_effect", "answer_new_ean"}
    ),
    # the shop's own papers with its suppliers, who are no customers
    "supplier_order": frozenset({"supplier_name", "reference", "comment", "state", "cancel_reason"}),
    "tariff_rule": frozenset({"tariff", "scope", "category", "basis"}),
    "discount_rule": frozenset({"scope", "category"}),
    "dossier": frozenset({"code", "name", "address", "time_zone", "secret", "order_sequence", "settings"}),
    "flash": frozenset({"by"}),
    "idempotency_answer": frozenset({"client", "key", "fingerprint"}),
    "merged_row": frozenset({"table_name", "key"}),
    "note": frozenset({"by"}),
    "order_line": frozenset(
        {
            "ean",
            "title",
            "author",
            "publisher",
            "kind",
            "price_source",
            "ruling",
            "answer_code",
            "answer_label",
            "answer_source",
            "answer_effect",
            "answer_new_ean",
        }
    ),
    "outbox_event": frozenset({"type", "by"}),
    "payment": frozenset({"kind", "method"}),
    "reception": frozenset({"kind", "reference", "by"}),
    "reception_line": frozenset({"ean"}),
    "reference_value": frozenset({"table_name", "code", "label", "label_en"}),
    "reservation": frozenset(
        {"ean", "title", "title_key", "state", "place", "end_cause", "ended_by", "cancel_requested_by"}
    ),
    "message": frozenset({"channel", "language", "purpose", "event", "by", "state", "reason", "provider_id"}),
    "message_template": frozenset({"event", "language", "subject", "body", "sms"}),
    "purchase": frozenset(
        {"ean", "title", "author", "author_key", "kind", "buyer", "document", "source", "reference", "by"}
    ),
    "loyalty_entry": frozenset({"cause", "reference", "by"}),
    "named_deposit_entry": frozenset({"cause", "method", "by"}),
    "invoice": frozenset({"number", "state"}),
    "invoice_reminder": frozenset({"family", "channel", "by"}),
    "stock_check": frozenset({"by", "findings"}),
    "staff": frozenset({"login", "name", "password_hash", "scopes"}),
    "staff_session": frozenset({"digest"}),
    "stock_level": frozenset({"ean"}),
    "stock_movement": frozenset({"ean", "cause", "by"}),
    "third_party": frozenset({"type", "code", "kind", "country", "language", "approved_by", "origin"}),
}
"""Texts that tell no customer: codes, choices, the shop's own people, what articles are called."""

BLANKED = """(
    SELECT coalesce(jsonb_object_agg(e.key, CASE
        WHEN e.value = 'null'::jsonb OR NOT {rules} ? e.key THEN e.value
        WHEN {rules} ->> e.key = 'département' THEN CASE
            WHEN e.value #>> '{{}}' ~ '^9[78][0-9]{{3}}$' THEN to_jsonb(left(e.value #>> '{{}}', 3))
            WHEN e.value #>> '{{}}' ~ '^[0-9]{{5}}$' THEN to_jsonb(left(e.value #>> '{{}}', 2))
            ELSE 'null'::jsonb END
        ELSE {rules} -> e.key END), {image})
    FROM jsonb_each({image}) AS e
)"""
"""An image with the personal columns that it has as ``PERSONAL`` says."""

STAYING = ("%\\_id", "%number", "code", "status", "ean", "quantity", "reason", "type", "record", "role", "approved")
"""Keys of an event's data that tell no person; every other text is blanked."""

ANSWERS = """
UPDATE idempotency_answer a SET status = $3, headers = '{}', body = ''
WHERE a.dossier_id = $1 AND a.status <> $3 AND EXISTS (
    SELECT FROM regexp_matches(convert_from(a.body, 'UTF8'), '_([0-9a-f]{32})', 'g') AS found WHERE found[1] = ANY ($2::text[])
)
"""
EVENTS = """
UPDATE outbox_event e SET data = (
    SELECT coalesce(jsonb_object_agg(d.key, CASE
        WHEN jsonb_typeof(d.value) <> 'string' OR d.key LIKE ANY ($4::text[]) THEN d.value
        ELSE to_jsonb($3::text) END), '{}')
    FROM jsonb_each(e.data) AS d
)
WHERE e.dossier_id = $1 AND (
    e.subject = ANY ($2::uuid[])
    OR EXISTS (SELECT FROM jsonb_each_text(e.data) AS d WHERE d.value = ANY ($5::text[]))
)
"""


class SqlAnonymising:
    """``Anonymising`` of one dossier on one connection."""

    def __init__(self, dossier: Dossier, connection: ShopConnection, *, begin: Begin, by: str) -> None:
        self._dossier = dossier
        self._connection = connection
        self._begin = begin
        self._by = by

    async def reasons(self, customer_id: CustomerId) -> list[Fault]:
        row = await self._connection.fetchrow(
            "SELECT count(*) FILTER (WHERE o.status IN ('CO', 'LP', 'BL')) AS open, "
            "coalesce(sum(o.deposit - o.deposit_used) FILTER (WHERE o.status IN ('AN', 'LT') AND o.customer_id = $2), 0) "
            "+ (SELECT coalesce(sum(n.amount), 0) FROM named_deposit_entry n WHERE n.dossier_id = $1 "
            "AND n.customer_id = $2) AS deposit, "
            "(SELECT coalesce(sum(r.quantity), 0) FROM reservation r WHERE r.dossier_id = $1 AND r.customer_id = $2 "
            "AND r.state = 'set_aside') AS aside "
            "FROM customer_order o WHERE o.dossier_id = $1 AND (o.customer_id = $2 OR o.billed_to_id = $2)",
            self._dossier.id,
            customer_id,
        )
        if row is None:
            return []
        faults = []
        if row["open"]:
            faults.append(Fault("open-orders", "", (("count", row["open"]),)))
        if row["aside"]:
            faults.append(Fault("copies-set-aside", "", (("count", row["aside"]),)))
        if row["deposit"]:
            faults.append(Fault("deposit-left", "", (("amount", row["deposit"]),)))
        return faults

    async def blank(self, customer_id: CustomerId, *, now: datetime) -> None:
        await self._begin()
        await self._connection.execute("SELECT set_config('comptoir.by', $1, true)", self._by)
        cards = await self._ids("customer", "customer_id = ANY ($2) OR merged_into = ANY ($2)", [customer_id])
        parties = await self._ids("third_party", "customer_id = ANY ($2)", cards)
        orders = await self._ids("customer_order", "customer_id = ANY ($2)", cards)
        reservations = await self._ids("reservation", "customer_id = ANY ($2) OR order_id = ANY ($3)", cards, orders)
        owned = {
            table: await self._ids(table, "customer_id = ANY ($2) OR third_party_id = ANY ($3)", cards, parties)
            for table in (*DELETED, "flash")
        }
        rows: dict[str, list[UUID]] = {
            "customer": cards,
            "third_party": parties,
            "customer_order": orders,
            "reservation": reservations,
            "message": await self._ids(
                "message",
                "customer_id = ANY ($2) OR order_id = ANY ($3) OR message_id IN "
                "(SELECT t.message_id FROM message_reservation t WHERE t.dossier_id = $1 AND t.reservation_id = ANY ($4))",
                cards,
                orders,
                reservations,
            ),
            **owned,
            "consent": await self._ids("consent", "customer_id = ANY ($2)", cards),
            "discount_rule": await self._ids("discount_rule", "customer_id = ANY ($2)", cards),
            "order_line": (lines := await self._ids("order_line", "order_id = ANY ($2)", orders)),
            "queue_change": await self._ids("queue_change", "before && $2::uuid[]", lines),
            "delivery_note": await self._ids("delivery_note", "order_id = ANY ($2)", orders),
            "payment": await self._ids("payment", "order_id = ANY ($2)", orders),
            "stock_movement": await self._ids("stock_movement", "reservation_id = ANY ($2)", reservations),
            "customer_merge": await self._ids("customer_merge", "kept_id = ANY ($2) OR absorbed_id = ANY ($2)", cards),
        }
        for table, ids in rows.items():
            if table in DELETED:
                await self._delete(table, ids)
            else:
                await self._blank_rows(table, ids, PERSONAL[table], now=now)
        billed = await self._ids("customer_order", "billed_to_id = ANY ($2)", cards)
        await self._blank_rows("customer_order", billed, _BILLED, now=now)
        await self._connection.execute(
            "UPDATE customer SET anonymised_at = $3 WHERE dossier_id = $1 AND customer_id = ANY ($2::uuid[])",
            self._dossier.id,
            cards,
            now,
        )
        for table in ("customer", "third_party", "customer_order"):
            await self._retell(table, rows[table])
        # what hung on the card once and was deleted since is still named by the audit
        told = await self._audited(cards, parties)
        for table, rules in PERSONAL.items():
            await self._blank_images(table, rules, rows.get(table, []), cards, parties)
        await self._blank_images("customer_order", _BILLED, billed, [], [])
        await self._blank_merged_audit(cards, parties)
        everything = [*told, *(each for ids in rows.values() for each in ids)]
        hexes = [each.hex for each in everything]
        await self._connection.execute(EVENTS, self._dossier.id, everything, NAME, list(STAYING), hexes)
        await self._connection.execute(ANSWERS, self._dossier.id, hexes, ERASED)

    async def _ids(self, table: str, condition: str, *arguments: list[UUID] | list[CustomerId]) -> list[UUID]:
        (key,) = key_columns(table)
        for n in range(2, len(arguments) + 2):
            condition = condition.replace(f"(${n})", f"(${n}::uuid[])")
        rows = await self._connection.fetch(
            f'SELECT "{key}" AS id FROM "{table}" WHERE dossier_id = $1 AND ({condition}) ORDER BY 1',
            self._dossier.id,
            *arguments,
        )
        return [row["id"] for row in rows]

    async def _blank_rows(self, table: str, ids: list[UUID], rules: Mapping[str, Any], *, now: datetime) -> None:
        (key,) = key_columns(table)
        columns = METADATA.tables[table].columns
        stamps = {"version": "t.version + 1", "updated_at": "$4"}
        stamped = "".join(f', "{name}" = {value}' for name, value in stamps.items() if name in columns)
        names = ", ".join(f'"{name}"' for name in rules)
        values = ", ".join(f'r."{name}"' for name in rules)
        image = BLANKED.format(rules="$3::jsonb", image="to_jsonb(t)")
        arguments: list[Any] = [self._dossier.id, ids, to_json(dict(rules)).decode()]
        if "$4" in stamped:
            arguments.append(now)
        await self._connection.execute(
            f'UPDATE "{table}" t SET ({names}) = '
            f'(SELECT {values} FROM jsonb_populate_record(NULL::"{table}", {image}) AS r){stamped} '
            f'WHERE t.dossier_id = $1 AND t."{key}" = ANY ($2::uuid[])',
            *arguments,
        )

    async def _delete(self, table: str, ids: list[UUID]) -> None:
        (key,) = key_columns(table)
        await self._connection.execute(
            f'DELETE FROM "{table}" WHERE dossier_id = $1 AND "{key}" = ANY ($2::uuid[])', self._dossier.id, ids
        )

    async def _retell(self, table: str, ids: list[UUID]) -> None:
        """The words that find the blanked rows: those of the blank name only."""
        (key,) = key_columns(table)
        tokens = f"{table.removeprefix('customer_') if table == 'customer_order' else table}_token"
        await self._connection.execute(
            f'DELETE FROM "{tokens}" WHERE dossier_id = $1 AND "{key}" = ANY ($2::uuid[])', self._dossier.id, ids
        )
        await self._connection.execute(
            f'INSERT INTO "{tokens}" (dossier_id, token, "{key}") '
            "SELECT $1, word, id FROM unnest($2::uuid[]) AS id, string_to_table($3, ' ') AS word",
            self._dossier.id,
            ids,
            folded(NAME),
        )

    async def _audited(self, cards: list[UUID], parties: list[UUID]) -> list[UUID]:
        rows = await self._connection.fetch(
            "SELECT DISTINCT record_id FROM audit_entry WHERE dossier_id = $1 "
            "AND (customer_id = ANY ($2::uuid[]) OR third_party_id = ANY ($3::uuid[])) "
            "AND record_id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'",
            self._dossier.id,
            cards,
            parties,
        )
        return [UUID(row["record_id"]) for row in rows]

    async def _blank_images(
        self, table: str, rules: Mapping[str, Any], ids: list[UUID], cards: list[UUID], parties: list[UUID]
    ) -> None:
        """The images that history keeps of the person's rows, in the audit and in merges: also of other people that moved a

        link of his.
        """
        (key,) = key_columns(table)
        before, after = (BLANKED.format(rules="$6::jsonb", image=f"m.{side}") for side in ("before", "after"))
        await self._connection.execute(
            f"UPDATE merged_row m SET before = {before}, after = {after} WHERE m.dossier_id = $1 AND m.table_name = $2 "
            "AND (m.key ->> $3 = ANY ($4::text[]) OR m.before ->> 'customer_id' = ANY ($5::text[]) "
            "OR m.before ->> 'third_party_id' = ANY ($5::text[]))",
            self._dossier.id,
            table,
            key,
            [str(each) for each in ids],
            [str(each) for each in (*cards, *parties)],
            to_json(dict(rules)).decode(),
        )
        before, after = (BLANKED.format(rules="$6::jsonb", image=f"a.{side}") for side in ("before", "after"))
        await self._connection.execute(
            f"UPDATE audit_entry a SET before = {before}, after = {after} WHERE a.dossier_id = $1 AND a.record = $2 "
            "AND (a.record_id = ANY ($3::text[]) OR a.customer_id = ANY ($4::uuid[]) OR a.third_party_id = ANY ($5::uuid[]))",
            self._dossier.id,
            table,
            [str(each) for each in ids],
            cards,
            parties,
            to_json(dict(rules)).decode(),
        )

    async def _blank_merged_audit(self, cards: list[UUID], parties: list[UUID]) -> None:
        """An image of an audit entry holds images itself."""
        await self._connection.execute(
            'UPDATE merged_row m SET before = m.before || \'{"before": null, "after": null}\', '
            'after = m.after || \'{"before": null, "after": null}\' '
            "WHERE m.dossier_id = $1 AND m.table_name = 'audit_entry' "
            "AND (m.before ->> 'customer_id' = ANY ($2::text[]) OR m.before ->> 'third_party_id' = ANY ($2::text[]))",
            self._dossier.id,
            [str(each) for each in (*cards, *parties)],
        )
