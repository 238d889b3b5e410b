"""All that the shop has about a person, read."""

import json
from collections.abc import Collection, Mapping

from asyncpg import Record as Row

from domain.errors import NotFound
from domain.model.values import CustomerId, DossierId
from domain.queries.personal_data import PersonalData, Record
from infra.db.pools import Pool
from infra.readers.activity import current
from infra.readers.customers import cleared
from infra.readers.search import Conditions

ABSORBED = (
    "SELECT c.* FROM customer c WHERE c.dossier_id = $1 AND c.merged_into = $2 ORDER BY c.created_at, c.customer_id"
)
HIS_ORDERS = "SELECT o.order_id FROM customer_order o WHERE o.dossier_id = $1 AND o.customer_id = ANY ($2::uuid[])"
HIS_MERGES = (
    "SELECT m.merge_id FROM customer_merge m WHERE m.dossier_id = $1 "
    "AND (m.kept_id = ANY ($2::uuid[]) OR m.absorbed_id = ANY ($2::uuid[]))"
)


def _his(table: str, order: str) -> str:
    """The rows of ``table`` that name one of the person's cards."""
    return f"SELECT * FROM {table} WHERE dossier_id = $1 AND customer_id = ANY ($2::uuid[]) ORDER BY {order}"


SECTIONS: Mapping[str, tuple[str, str]] = {
    "third_parties": ("third_party", _his("third_party", "created_at, third_party_id")),
    "addresses": ("address", _his("address", "created_at, address_id")),
    "contacts": ("contact_person", _his("contact_person", "created_at, contact_id")),
    "bank_accounts": ("bank_account", _his("bank_account", "created_at, bank_account_id")),
    "notes": ("note", _his("note", "created_at, note_id")),
    "consents": ("consent", _his("consent", "at, consent_id")),
    "discounts": ("discount_rule", _his("discount_rule", "created_at, discount_id")),
    "orders": ("customer_order", _his("customer_order", "created_at, order_id")),
    "order_lines": (
        "order_line",
        f"SELECT l.* FROM order_line l WHERE l.dossier_id = $1 AND l.order_id IN ({HIS_ORDERS}) ORDER BY l.number, l.position",
    ),
    "payments": (
        "payment",
        f"SELECT p.* FROM payment p WHERE p.dossier_id = $1 AND p.order_id IN ({HIS_ORDERS}) ORDER BY p.at, p.payment_id",
    ),
    "deposits": (
        "deposit_entry",
        (
            f"SELECT d.* FROM deposit_entry d WHERE d.dossier_id = $1 AND d.order_id IN ({HIS_ORDERS}) "
            "ORDER BY d.at, d.deposit_entry_id"
        ),
    ),
    "line_answers": (
        "line_answer",
        (
            f"SELECT a.* FROM line_answer a WHERE a.dossier_id = $1 AND a.order_id IN ({HIS_ORDERS}) "
            "ORDER BY a.at, a.line_answer_id"
        ),
    ),
    "delivery_notes": (
        "delivery_note",
        f"SELECT n.* FROM delivery_note n WHERE n.dossier_id = $1 AND n.order_id IN ({HIS_ORDERS}) ORDER BY n.number",
    ),
    "delivery_note_lines": (
        "delivery_note_line",
        (
            "SELECT l.* FROM delivery_note_line l JOIN delivery_note n USING (dossier_id, delivery_note_id) "
            f"WHERE l.dossier_id = $1 AND n.order_id IN ({HIS_ORDERS}) ORDER BY n.number, l.position"
        ),
    ),
    "reservations": ("reservation", _his("reservation", "set_aside_at, reservation_id")),
    "messages": ("message", _his("message", "created_at, message_id")),
    "purchases": ("purchase", _his("purchase", "at, purchase_id")),
    "loyalty": ("loyalty_entry", _his("loyalty_entry", "at, loyalty_entry_id")),
    "named_deposits": ("named_deposit_entry", _his("named_deposit_entry", "at, named_deposit_entry_id")),
    "invoices": ("invoice", _his("invoice", "issued_on, invoice_id")),
    "invoice_reminders": ("invoice_reminder", _his("invoice_reminder", "at, invoice_reminder_id")),
    "flashes": ("flash", _his("flash", "at, flash_id")),
    "merges": (
        "customer_merge",
        f"SELECT * FROM customer_merge WHERE dossier_id = $1 AND merge_id IN ({HIS_MERGES}) ORDER BY at, merge_id",
    ),
    "merged_rows": (
        "merged_row",
        f"SELECT * FROM merged_row WHERE dossier_id = $1 AND merge_id IN ({HIS_MERGES}) ORDER BY merge_id, position",
    ),
    "audit": ("audit_entry", _his("audit_entry", "at, entry_id")),
}
"""Each section with the table it shows, and the statement: $1 dossier, $2 the person's cards."""
NOT_TOLD = frozenset({"dossier_id", "fingerprint", "queued_at", "birthday", "priority"})
"""What says nothing that other fields do not, or is the machine's own; so are search keys (``…_key``)."""


class SqlPersonalDataReader:
    """``PersonalDataReader`` on the reading pool."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def archive(
        self, dossier: DossierId, customer_id: CustomerId, *, clearance: Collection[str] | None
    ) -> PersonalData:
        async with (
            self._pool.of(dossier) as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            card = await current(connection, dossier, customer_id, clearance)
            absorbed = await connection.fetch(ABSORBED, dossier, card["customer_id"])
            hidden = Conditions(dossier, "c")
            hidden.add("c.customer_id = ANY ({0}::uuid[])", [row["customer_id"] for row in absorbed])
            cleared(hidden, clearance)
            seen: int = await connection.fetchval(
                f"SELECT count(*) FROM customer c WHERE {hidden.text}", *hidden.arguments
            )
            if seen < len(absorbed):
                raise NotFound(what="customer")
            his = [row["customer_id"] for row in (card, *absorbed)]
            sections = {"absorbed_cards": [_record(row) for row in absorbed]}
            for name, (_, statement) in SECTIONS.items():
                sections[name] = [_record(row) for row in await connection.fetch(statement, dossier, his)]
        return PersonalData(
            customer_id=CustomerId(card["customer_id"]), code=card["code"], card=_record(card), sections=sections
        )


JSON_COLUMNS = frozenset(
    {
        "custom_fields",
        "choices",
        "key",
        "before",
        "after",
        "billing",
        "contact",
        "charge_ruling",
        "ruling",
        "vat_totals",
    }
)


def _record(row: Row) -> Record:
    return {
        name: json.loads(value) if name in JSON_COLUMNS and isinstance(value, str) else value
        for name, value in row.items()
        if name not in NOT_TOLD and not name.endswith("_key")
    }
