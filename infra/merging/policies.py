"""What a merge does with each column that names a customer. The catalogue is asked: one that is not here stops the merge."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from infra.db.pools import ShopConnection
from infra.db.tables import METADATA

Image = Mapping[str, Any]
"""A row, its columns by name."""


class Policy(Enum):
    """``MOVE``: the kept card takes the absorbed one's place. ``REBUILD``: made anew from the card. ``STAY``: it is history."""

    MOVE = auto()
    REBUILD = auto()
    STAY = auto()


POLICIES: Mapping[tuple[str, str], Policy] = {
    ("customer_order", "customer_id"): Policy.MOVE,
    ("customer_order", "billed_to_id"): Policy.MOVE,
    ("reservation", "customer_id"): Policy.MOVE,
    ("message", "customer_id"): Policy.MOVE,
    ("purchase", "customer_id"): Policy.MOVE,
    ("loyalty_entry", "customer_id"): Policy.MOVE,
    ("named_deposit_entry", "customer_id"): Policy.MOVE,
    ("invoice", "customer_id"): Policy.MOVE,
    ("invoice", "billed_to_id"): Policy.MOVE,
    ("invoice_reminder", "customer_id"): Policy.MOVE,
    ("address", "customer_id"): Policy.MOVE,
    ("address", "use_main_of_customer_id"): Policy.MOVE,
    ("contact_person", "customer_id"): Policy.MOVE,
    ("bank_account", "customer_id"): Policy.MOVE,
    ("note", "customer_id"): Policy.MOVE,
    ("consent", "customer_id"): Policy.MOVE,
    ("discount_rule", "customer_id"): Policy.MOVE,
    ("flash", "customer_id"): Policy.MOVE,
    ("third_party", "customer_id"): Policy.MOVE,
    ("customer", "billed_to_id"): Policy.MOVE,
    ("customer", "group_id"): Policy.MOVE,
    ("customer", "statistics_party_id"): Policy.MOVE,
    ("customer", "payment_party_id"): Policy.MOVE,
    ("customer", "merged_into"): Policy.MOVE,
    ("audit_entry", "customer_id"): Policy.MOVE,
    ("customer_token", "customer_id"): Policy.REBUILD,
    ("customer_merge", "kept_id"): Policy.STAY,
    ("customer_merge", "absorbed_id"): Policy.STAY,
}

DOCUMENTS = ("customer_order", "reservation")
"""What everyone locks before anything of a card, in this order (docs/architecture.md)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """How a moved row is named: the prefix of its id on the wire, the columns a person knows it by.

    ``passing`` are columns that may change after the merge without its undoing losing anything.
    """

    prefix: str
    label: tuple[str, ...]
    passing: frozenset[str] = frozenset()


KINDS: Mapping[str, Kind] = {
    "customer_order": Kind(prefix="ord", label=("number", "name")),
    "reservation": Kind(prefix="rsv", label=("title", "name")),
    # what becomes of a message after the merge undoes nothing of it
    "message": Kind(
        prefix="msg",
        label=("event", "name"),
        passing=frozenset(
            {
                "state",
                "reason",
                "attempts",
                "error",
                "provider_id",
                "ended_at",
                "subject",
                "body",
                "told_key",
                "send_after",
            }
        ),
    ),
    "purchase": Kind(prefix="pur", label=("title", "quantity")),
    "loyalty_entry": Kind(prefix="loy", label=("cause", "amount")),
    "named_deposit_entry": Kind(prefix="nde", label=("cause", "amount")),
    # what is paid of an invoice after the merge undoes nothing of it
    "invoice": Kind(prefix="inv", label=("number",), passing=frozenset({"paid", "state", "due_on", "comment"})),
    "invoice_reminder": Kind(prefix="rem", label=("family", "step")),
    "address": Kind(prefix="adr", label=("code", "town")),
    "contact_person": Kind(prefix="con", label=("code", "first_name", "name")),
    "bank_account": Kind(prefix="rib", label=("code", "domiciliation")),
    "note": Kind(prefix="not", label=("text",)),
    "consent": Kind(prefix="cst", label=("channel", "purpose")),
    "discount_rule": Kind(prefix="dis", label=("scope", "percent")),
    "flash": Kind(prefix="fls", label=("name",), passing=frozenset({"read_at"})),
    "third_party": Kind(prefix="tpa", label=("code", "name")),
    # blanking another customer undoes nothing of a merge: his images are blanked alike
    "customer": Kind(prefix="cus", label=("code", "name"), passing=frozenset({"anonymised_at"})),
    "audit_entry": Kind(prefix="aud", label=("record", "operation")),
}
LONGEST_LABEL = 80
SAMPLES = 5
"""Rows of each table that a report names."""

NAMING = """
SELECT c.conrelid::regclass::text AS "table", a.attname::text AS "column"
FROM pg_constraint c
CROSS JOIN LATERAL unnest(c.conkey, c.confkey) AS pair(here, there)
JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = pair.here
JOIN pg_attribute r ON r.attrelid = c.confrelid AND r.attnum = pair.there
WHERE c.contype = 'f' AND c.confrelid = 'customer'::regclass AND r.attname = 'customer_id'
"""
"""Every column of the base that names a customer."""


class UnknownForeignKey(RuntimeError):
    """A table names customers and nobody said what a merge does with it: a fault of ours, which stops the merge."""


async def naming(connection: ShopConnection) -> set[tuple[str, str]]:
    """Each (table, column) that the catalogue says to name a customer."""
    return {(row["table"], row["column"]) for row in await connection.fetch(NAMING)}


async def check(connection: ShopConnection) -> None:
    """Raises ``UnknownForeignKey``."""
    if forgotten := await naming(connection) - set(POLICIES):
        raise UnknownForeignKey(f"a merge would forget {sorted(forgotten)}")


def key_columns(table: str) -> list[str]:
    """The primary key within the dossier."""
    return [column.name for column in METADATA.tables[table].primary_key if column.name != "dossier_id"]


def key_of(table: str, image: Image) -> dict[str, str]:
    return {name: str(image[name]) for name in key_columns(table)}


def label_of(table: str, image: Image) -> str:
    """A row as a person knows it."""
    texts = [str(image[name]) for name in KINDS[table].label if image.get(name) is not None]
    text = " ".join(" ".join(texts).split())
    return text if len(text) <= LONGEST_LABEL else f"{text[: LONGEST_LABEL - 1]}…"


def unwatched(table: str) -> frozenset[str]:
    """Columns that say nothing about a change: made by the database, or counting changes."""
    columns = METADATA.tables[table].columns
    made = {column.name for column in columns if column.computed is not None or column.identity is not None}
    return frozenset({"version", "updated_at"} | made) | (KINDS[table].passing if table in KINDS else frozenset())
