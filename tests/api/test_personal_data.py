"""All that the shop has about a person, in one archive (C14, RGPD)."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from api.schemas.personal_data import PREFIXES, PersonalData
from infra.db.dossiers import add_key
from infra.ids import new_id
from infra.readers.personal_data import SECTIONS
from tests.api.conftest import ClientFor
from tests.api.steps import RUE, Connection, Json, customer, euros, get, line, order, post, refused, scan, stock
from tests.conftest import Client, Premises

pytestmark = pytest.mark.row("C14")

MARK = "Ysolde"
"""Stands in every text of the person, so that nothing of him can be missing unseen."""

SHOWN_OTHERWISE = {
    ("customer", "merged_into"): "section absorbed_cards",
    ("customer_merge", "kept_id"): "section merges",
    ("customer_merge", "absorbed_id"): "section merges",
}
NOT_HIS = {
    ("customer_token", "customer_id"): "the words of the names that the card itself gives",
    ("customer", "billed_to_id"): "another customer's card; his own link is on his card",
    ("customer_order", "billed_to_id"): "another customer's order; who is billed for his own is on it",
    ("invoice", "billed_to_id"): "another customer's invoice; who is billed for his own is on it",
    ("customer", "group_id"): "another customer's card; his own link is on his card",
    ("customer", "statistics_party_id"): "another customer's card; his own link is on his card",
    ("customer", "payment_party_id"): "another customer's card; his own link is on his card",
    ("address", "use_main_of_customer_id"): "an address on another's card, which only points to his",
}
"""Foreign keys to a customer that the archive leaves out, each with its reason."""


def key(identifier: str) -> UUID:
    return UUID(identifier.rpartition("_")[2])


async def _foreign_keys(sql: Connection) -> set[tuple[str, str]]:
    """Every column that names a customer, from the catalogue."""
    rows = await sql.fetch(
        "SELECT c.conrelid::regclass::text AS place, a.attname AS name FROM pg_constraint c "
        "JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey) "
        "WHERE c.contype = 'f' AND c.confrelid = 'customer'::regclass AND a.attname <> 'dossier_id'"
    )
    return {(row["place"], row["name"]) for row in rows}


class TestTheSections:
    async def test_hold_every_table_that_names_a_customer_or_say_why_not(self, sql: Connection) -> None:
        named = await _foreign_keys(sql)
        assert len(named) > 15
        held = {(table, "customer_id") for table, _ in SECTIONS.values()}
        assert named - held - set(SHOWN_OTHERWISE) - set(NOT_HIS) == set()
        # what is listed is still there
        assert (set(SHOWN_OTHERWISE) | set(NOT_HIS)) - named == set()

    def test_are_those_of_the_contract(self) -> None:
        told = {name for name, field in PersonalData.model_fields.items() if "list" in str(field.annotation)}
        assert told == {*SECTIONS, "absorbed_cards"}

    async def test_write_every_id_as_the_contract_does(self, sql: Connection) -> None:
        tables = ["customer", *(table for table, _ in SECTIONS.values())]
        rows = await sql.fetch(
            "SELECT DISTINCT column_name FROM information_schema.columns WHERE table_schema = 'public' "
            "AND data_type = 'uuid' AND column_name <> 'dossier_id' AND table_name = ANY ($1::text[])",
            tables,
        )
        assert {row["column_name"] for row in rows} - set(PREFIXES) == {"channel_id"}  # which has no id on the wire


async def _fill(sql: Connection, customer_id: UUID) -> None:
    """A row in every table that hangs on the card and that no step of the tests makes, with the mark in its texts."""
    dossier = await sql.fetchval("SELECT dossier_id FROM customer WHERE customer_id = $1", customer_id)
    for section, (table, _) in SECTIONS.items():
        if section in {
            "orders",
            "order_lines",
            "payments",
            "deposits",
            "line_answers",
            "delivery_notes",
            "delivery_note_lines",
            "reservations",
            "merges",
            "merged_rows",
            "audit",
            "flashes",
        }:
            continue
        columns = await sql.fetch(
            "SELECT column_name, udt_name, is_nullable, column_default, is_generated FROM information_schema.columns "
            "WHERE table_schema = 'public' AND table_name = $1",
            table,
        )
        row: dict[str, Any] = {}
        for column in columns:
            if column["is_generated"] == "ALWAYS" or column["column_default"]:
                continue
            row[column["column_name"]] = _value(column["column_name"], column["udt_name"])
        row |= {"dossier_id": dossier, "customer_id": customer_id}
        for name in row:
            if name.startswith("use_main_of") or (name in POINTING and name != f"{table}_id"):
                row[name] = None
        row |= {name: value for name, value in SPECIAL.items() if name in row}
        row |= OF_A_TABLE.get(table, {})
        if table == "invoice":
            row["billed_to_id"] = customer_id
        names = ", ".join(f'"{name}"' for name in row)
        places = ", ".join(f"${n}" for n in range(1, len(row) + 1))
        await sql.execute(f"INSERT INTO {table} ({names}) VALUES ({places})", *row.values())


SPECIAL: dict[str, Any] = {
    "role": "other",
    "scope": "all",
    "type": "prospect",
    "channel": "email",
    "purpose": "marketing",
    "code": "YSOLDE1",
    "custom_fields": json.dumps({"Q": {"A": MARK}}),
    "default_for": [],
    "allowed_for": ["order"],
    "country": "FR",
    "version": 1,
    "vat_rate": None,
    "category": None,
    "ends_on": None,
    "state": "sent",
}


POINTING = {
    "third_party_id",
    "address_id",
    "order_id",
    "reservation_id",
    "message_id",
    "purchase_id",
    "undoes_id",
    "sales_rep_id",
}
"""Columns that name rows which are not there."""
OF_A_TABLE: dict[str, dict[str, Any]] = {
    "purchase": {"vat_rate": Decimal("5.50"), "buyer": "private", "kind": "book"},
    "loyalty_entry": {"cause": "opening"},
    "named_deposit_entry": {"cause": "received"},
    "invoice": {"state": "awaited"},
    "invoice_reminder": {"channel": "post"},
}
"""What the constraints of a table ask for."""


def _value(name: str, kind: str) -> Any:
    values: dict[str, Any] = {
        "uuid": new_id(),
        "text": f"{MARK} {name}",
        "varchar": f"{MARK} {name}",
        "bool": True,
        "date": date(2026, 1, 2),
        "timestamptz": datetime(2026, 1, 2, tzinfo=UTC),
        "int4": 1,
        "int2": 1,
        "numeric": Decimal("5.00"),
        "jsonb": "{}",
        "_text": [],
    }
    return values[kind]


async def _note(sql: Connection, order_id: UUID, line_id: UUID) -> None:
    """A delivery note of the order, whose copies are still there."""
    note = await sql.fetchval(
        "INSERT INTO delivery_note (dossier_id, delivery_note_id, number, order_id, contact, shipped, delivery_charge, "
        "created_at, by) SELECT dossier_id, gen_random_uuid(), 1, order_id, $2, false, 0, now(), 'x' "
        "FROM customer_order WHERE order_id = $1 RETURNING delivery_note_id",
        order_id,
        json.dumps({"name": f"{MARK} MARTIN", "address": {"street": f"2 rue {MARK}"}}),
    )
    await sql.execute(
        "INSERT INTO delivery_note_line (dossier_id, delivery_note_id, position, line_id, ean, title, quantity, left_over, "
        "unit_price, vat_rate, exempt) SELECT dossier_id, $2, 1, line_id, ean, title, 1, 0, unit_price, vat_rate, false "
        "FROM order_line WHERE line_id = $1",
        line_id,
        note,
    )


@pytest.fixture
async def whole(http: Client, sql: Connection) -> Json:
    """A card with something in every section."""
    card = await customer(
        http, f"{MARK} MARTIN", code="MAR1", birth_date="1980-02-29", address={"street": f"1 rue {MARK}"}
    )
    await _fill(sql, key(card["id"]))
    await stock(http, RUE)
    taken = await order(http, line(RUE), customer_id=card["id"], comment=f"{MARK} le soir")
    await scan(http, RUE)
    pay = {"amount": euros("2.00"), "kind": "deposit", "method": "cheque", "reference": f"{MARK} 7"}
    await post(http, f"/v1/orders/{taken['id']}/payments", pay, version=2)
    said = {"code": "PERSO", "label": f"{MARK} a dit d'attendre"}
    line_id = taken["lines"][0]["id"]
    await post(http, f"/v1/orders/{taken['id']}/lines/{line_id}/answers", said, version=3)
    await _note(sql, key(taken["id"]), key(line_id))
    old = await customer(http, f"{MARK} ANCIENNE", code="OLD1")
    staff = await sql.fetchrow("SELECT dossier_id, staff_id FROM staff")
    assert staff is not None
    await sql.execute(
        "INSERT INTO flash (dossier_id, flash_id, staff_id, customer_id, name, approved, by, at) "
        "VALUES ($1, gen_random_uuid(), $2, $3, $4, true, 'x', now())",
        *staff.values(),
        key(card["id"]),
        f"{MARK} MARTIN",
    )
    merge = await sql.fetchval(
        "INSERT INTO customer_merge (dossier_id, merge_id, kept_id, absorbed_id, choices, at, by) "
        "VALUES ($1, gen_random_uuid(), $2, $3, '{}', now(), 'x') RETURNING merge_id",
        staff["dossier_id"],
        key(card["id"]),
        key(old["id"]),
    )
    await sql.execute(
        "INSERT INTO merged_row (dossier_id, merge_id, position, table_name, key, before, after) "
        """VALUES ($1, $2, 1, 'customer', '{"a": "b"}', '{"name": "Ysolde"}', NULL)""",
        staff["dossier_id"],
        merge,
    )
    await sql.execute("UPDATE customer SET merged_into = $2 WHERE customer_id = $1", key(old["id"]), key(card["id"]))
    return card


class TestAnArchive:
    async def test_is_one_file_with_everything(self, http: Client, sql: Connection, whole: Json) -> None:
        answer = await http.get(f"/v1/customers/{whole['id']}/personal-data")
        assert answer.headers["content-disposition"] == 'attachment; filename="donnees-personnelles-MAR1.json"'
        assert answer.headers["cache-control"] == "no-store"
        body = answer.json()
        assert (body["customer_id"], body["code"]) == (whole["id"], "MAR1")
        assert (body["card"]["name"], body["card"]["birth_date"]) == (f"{MARK} MARTIN", "1980-02-29")
        assert [each["code"] for each in body["absorbed_cards"]] == ["OLD1"]
        for section in SECTIONS:
            assert body[section], section
        # every text of the person that any table holds is in it
        text = answer.text
        for table in {"customer", *(table for table, _ in SECTIONS.values())} - {"audit_entry"}:
            for row in await sql.fetch(f"SELECT to_jsonb(t)::text FROM {table} t"):
                for name, value in json.loads(row[0]).items():
                    if isinstance(value, str) and MARK in value and not name.endswith("_key"):
                        assert json.dumps(value, ensure_ascii=False) in text, (table, name)

    async def test_writes_ids_amounts_and_dates_as_the_contract_does(self, http: Client, whole: Json) -> None:
        body = await get(http, f"/v1/customers/{whole['id']}/personal-data")
        (taken,) = body["orders"]
        assert taken["order_id"].startswith("ord_")
        assert taken["customer_id"] == whole["id"]
        assert (taken["deposit"], taken["status"]) == ("2.00", "CO")
        assert taken["created_at"].endswith("Z")
        (paid,) = body["payments"]
        assert (paid["order_id"], paid["amount"]) == (taken["order_id"], "2.00")
        assert body["reservations"][0]["order_id"] == taken["order_id"]
        assert body["order_lines"][0]["ean"] == RUE
        assert body["card"]["custom_fields"] == {}
        assert body["third_parties"][0]["custom_fields"] == {"Q": {"A": MARK}}
        assert body["merged_rows"][0]["before"] == {"name": MARK}
        every = [body["card"], *(record for section in SECTIONS for record in body[section])]
        assert {name for record in every for name in record if name == "dossier_id" or name.endswith("_key")} == set()

    async def test_of_a_merged_card_is_the_kept_ones(self, http: Client, sql: Connection, whole: Json) -> None:
        old = await sql.fetchval("SELECT customer_id FROM customer WHERE code = 'OLD1'")
        body = await get(http, f"/v1/customers/cus_{old.hex}/personal-data")
        assert body["customer_id"] == whole["id"]

    async def test_holds_nobody_elses(self, http: Client, whole: Json) -> None:
        other = await customer(http, "AUTRE", billed_to_id=whole["id"])
        await order(http, customer_id=other["id"])
        await order(http, name="UN NOM LIBRE")
        answer = await http.get(f"/v1/customers/{whole['id']}/personal-data")
        assert "AUTRE" not in answer.text
        assert "UN NOM LIBRE" not in answer.text
        assert len(answer.json()["orders"]) == 1

    @pytest.mark.row("B30")
    async def test_is_whole_or_not_given(
        self, client_for: ClientFor, sql: Connection, premises: Premises, whole: Json
    ) -> None:
        made = await add_key(sql, dossier_id=premises.dossier, label="x", scopes=["customers:read"], channel_id=None)
        caller = await client_for(made)
        await get(caller, f"/v1/customers/{whole['id']}/personal-data")
        await sql.execute("UPDATE customer SET confidentiality_code = 'VIP' WHERE code = 'OLD1'")
        refused(await caller.get(f"/v1/customers/{whole['id']}/personal-data"), 404, "not-found")

    async def test_of_nobody_is_not_found(self, http: Client) -> None:
        refused(await http.get(f"/v1/customers/cus_{'0' * 32}/personal-data"), 404, "not-found")
