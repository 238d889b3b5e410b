"""The merge against the base itself: no table is forgotten, and everything comes back as it was."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, date, datetime
from itertools import count
from uuid import UUID, uuid4

import asyncpg
import pytest
from fastapi import FastAPI

from infra.db.pools import ShopConnection
from infra.merging.policies import KINDS, NAMING, POLICIES, Policy, key_columns, naming
from tests.api.steps import BOUTON, CHUT, NUIT, Json, customer, get, items, line, order, post, scan, stock
from tests.conftest import Client, Premises, client_of
from tests.support.snapshot import snapshot

IBANS = ("FR1420041010050500013M02606", "FR7630006000011234567890189")
_numbers = count(1)


@pytest.fixture
async def sql(premises: Premises) -> AsyncIterator[ShopConnection]:
    connection: ShopConnection = await asyncpg.connect(premises.database, connection_class=ShopConnection)
    yield connection
    await connection.close()


class World:
    """A shop whose customers own everything that a customer can own."""

    def __init__(self, http: Client, sql: ShopConnection) -> None:
        self.http = http
        self.sql = sql

    async def part(self, card: Json, kind: str, body: Json) -> Json:
        return await post(self.http, f"/v1/customers/{card['id']}/{kind}", body)

    async def orders(self, card: Json) -> None:
        """One open, one paid and half delivered, with a reservation; its queue and its words."""
        await stock(self.http, NUIT, 2)
        await order(self.http, line(CHUT, 2), customer_id=card["id"], comment="vite")
        taken = await order(self.http, line(NUIT, 2), customer_id=card["id"])
        await scan(self.http, NUIT, order_id=taken["id"], line_id=taken["lines"][0]["id"], reason="essai")
        now = await get(self.http, f"/v1/orders/{taken['id']}")
        await post(
            self.http,
            f"/v1/orders/{taken['id']}/payments",
            {"amount": {"amount": "5.00"}, "kind": "deposit", "method": "card"},
            version=now["version"],
        )

    async def billed_order(self, card: Json) -> None:
        """An order of a neighbour that the card is invoiced for, and one of the card that a neighbour is."""
        other = await customer(self.http, f"MAIRIE {next(_numbers)}")
        for ordering, billed in ((other, card), (card, other)):
            taken = await order(self.http, line(CHUT, 1), customer_id=ordering["id"])
            await self.sql.execute(
                "UPDATE customer_order SET billed_to_id = $2, billing = $3 WHERE order_id = $1",
                identity(taken),
                identity(billed),
                '{"code": "C1", "name": "MAIRIE", "address": {"country": "FR"}, "address_id": null}',
            )

    async def reservation(self, card: Json) -> None:
        await stock(self.http, BOUTON, 1)
        await post(self.http, "/v1/reservations", {"ean": BOUTON, "quantity": 1, "customer_id": card["id"]})

    async def addresses(self, card: Json) -> None:
        for role in ("delivery", "billing", "other"):
            postal = {"street": f"1 {role}", "town": "NANTES"}
            body = {"role": role, "address": postal, "default_for": ["order"] if role == "delivery" else []}
            await self.part(card, "addresses", body)

    async def address_of_another(self, card: Json) -> None:
        other = await customer(self.http, f"VOISIN {next(_numbers)}")
        await self.part(other, "addresses", {"use_main_of_id": card["id"]})

    async def contacts(self, card: Json) -> None:
        address = (await items(self.http, f"/v1/customers/{card['id']}/addresses"))[0]
        await self.part(card, "contacts", {"name": "LEROY", "email": "l@example.org", "address_id": address["id"]})

    async def accounts(self, card: Json) -> None:
        for iban in IBANS:
            await self.part(card, "bank-accounts", {"iban": iban, "main": iban == IBANS[0], "domiciliation": "POSTE"})

    async def note(self, card: Json) -> None:
        await self.part(card, "notes", {"text": "Aime les polars"})

    async def consent(self, card: Json) -> None:
        body = {"channel": "sms", "purpose": "order_arrival", "granted": True, "source": "comptoir"}
        await self.part(card, "consents", body)

    async def discount(self, card: Json) -> None:
        await self.part(card, "discounts", {"scope": "vat_rate", "vat_rate": "5.50", "percent": "5.00"})

    async def flash(self, card: Json) -> None:
        await self.sql.execute(
            "INSERT INTO flash (dossier_id, flash_id, staff_id, customer_id, name, approved, by, at) "
            "SELECT dossier_id, $1, staff_id, $2, 'MARTIN', true, 'staff:1', $3 FROM staff LIMIT 1",
            uuid4(),
            identity(card),
            datetime(2026, 3, 2, tzinfo=UTC),
        )

    async def message(self, card: Json) -> None:
        await self.sql.execute(
            "INSERT INTO message (dossier_id, message_id, customer_id, name, channel, address, language, purpose, event, told_key, "
            "day, subject, body, created_at, send_after, by, state, attempts, version) "
            "SELECT dossier_id, $1, customer_id, name, 'email', 'a@example.org', 'fr', 'order_arrival', 'arrival', $2, "
            "$4, 'x', 'y', $5, $5, 'staff:1', 'queued', 0, 1 FROM customer WHERE customer_id = $3",
            uuid4(),
            uuid4().hex,
            identity(card),
            date(2026, 3, 2),
            datetime(2026, 3, 2, tzinfo=UTC),
        )

    async def purchase(self, card: Json) -> None:
        await self.sql.execute(
            "INSERT INTO purchase (dossier_id, purchase_id, customer_id, at, ean, title, quantity, amount, net, list_price, vat_rate, "
            "author_key, kind, digital, school_book, buyer, shipped, source, reference, by) "
            "SELECT dossier_id, $1, customer_id, $3, '9791094908020', 'DANS LA RUE', 1, 12.20, 11.56, 12.20, 5.50, "
            "'', 'book', false, false, 'private', false, 'reservation', $4, 'staff:1' FROM customer WHERE customer_id = $2",
            uuid4(),
            identity(card),
            datetime(2026, 3, 2, tzinfo=UTC),
            uuid4().hex,
        )

    async def loyalty(self, card: Json) -> None:
        await self.sql.execute(
            "INSERT INTO loyalty_entry (dossier_id, loyalty_entry_id, customer_id, at, cause, amount, purchases, base, "
            "reference, by) SELECT dossier_id, $1, customer_id, $3, 'opening', 5.00, 3, 100.00, $4, 'staff:1' "
            "FROM customer WHERE customer_id = $2",
            uuid4(),
            identity(card),
            datetime(2026, 3, 2, tzinfo=UTC),
            uuid4().hex,
        )

    async def named_deposit(self, card: Json) -> None:
        await self.sql.execute(
            "INSERT INTO named_deposit_entry (dossier_id, named_deposit_entry_id, customer_id, amount, cause, method, at, by) "
            "SELECT dossier_id, $1, customer_id, 20.00, 'received', 'cash', $3, 'staff:1' FROM customer WHERE customer_id = $2",
            uuid4(),
            identity(card),
            datetime(2026, 3, 2, tzinfo=UTC),
        )

    async def invoice(self, card: Json) -> None:
        await self.sql.execute(
            "INSERT INTO invoice (dossier_id, invoice_id, number, customer_id, billed_to_id, issued_on, due_on, total, paid, "
            "state, created_at, updated_at, version) SELECT dossier_id, $1, $4, customer_id, customer_id, $5, $5, 100, 0, "
            "'awaited', $3, $3, 1 FROM customer WHERE customer_id = $2",
            uuid4(),
            identity(card),
            datetime(2026, 3, 2, tzinfo=UTC),
            uuid4().hex,
            date(2026, 3, 2),
        )

    async def invoice_reminder(self, card: Json) -> None:
        await self.sql.execute(
            "INSERT INTO invoice_reminder (dossier_id, invoice_reminder_id, run_id, customer_id, family, step, channel, name, "
            "address, subject, body, at, by) SELECT dossier_id, $1, $1, customer_id, 'STD', 1, 'post', name, '', '', '', $3, "
            "'staff:1' FROM customer WHERE customer_id = $2",
            uuid4(),
            identity(card),
            datetime(2026, 3, 2, tzinfo=UTC),
        )

    async def third_party(self, card: Json) -> None:
        made = await post(self.http, "/v1/third-parties", {"type": "prospect", "name": f"PROSPECT {next(_numbers)}"})
        await self.sql.execute(
            "UPDATE third_party SET customer_id = $1 WHERE third_party_id = $2", identity(card), identity(made)
        )

    async def linked(self, card: Json) -> None:
        for link in ("billed_to_id", "group_id", "statistics_party_id", "payment_party_id"):
            await customer(self.http, f"LIE {next(_numbers)}", **{link: card["id"]})

    async def merged_before(self, card: Json) -> None:
        old = await customer(self.http, f"ANCIEN {next(_numbers)}")
        await post(self.http, "/v1/customer-merges", {"kept_id": card["id"], "absorbed_id": old["id"]})

    async def merged_and_back(self, card: Json) -> None:
        other = await customer(self.http, f"PASSAGE {next(_numbers)}")
        body = {"kept_id": other["id"], "absorbed_id": card["id"]}
        done = await post(self.http, "/v1/customer-merges", body)
        await post(self.http, f"/v1/customer-merges/{done['merge_id']}/undo", {}, expect=200)

    async def nothing_more(self, card: Json) -> None:
        """The audit and the words write themselves."""


def identity(record: Json) -> UUID:
    return UUID(hex=record["id"].partition("_")[2])


Maker = Callable[[World, Json], Awaitable[None]]
MAKERS: dict[tuple[str, str], Maker] = {
    # what moves nothing of what the others made comes first
    ("customer_merge", "absorbed_id"): World.merged_and_back,
    ("customer", "merged_into"): World.merged_before,
    ("customer_merge", "kept_id"): World.nothing_more,
    ("customer_order", "customer_id"): World.orders,
    ("customer_order", "billed_to_id"): World.billed_order,
    ("reservation", "customer_id"): World.reservation,
    ("address", "customer_id"): World.addresses,
    ("address", "use_main_of_customer_id"): World.address_of_another,
    ("contact_person", "customer_id"): World.contacts,
    ("bank_account", "customer_id"): World.accounts,
    ("note", "customer_id"): World.note,
    ("consent", "customer_id"): World.consent,
    ("discount_rule", "customer_id"): World.discount,
    ("flash", "customer_id"): World.flash,
    ("message", "customer_id"): World.message,
    ("purchase", "customer_id"): World.purchase,
    ("loyalty_entry", "customer_id"): World.loyalty,
    ("named_deposit_entry", "customer_id"): World.named_deposit,
    ("invoice", "customer_id"): World.invoice,
    ("invoice", "billed_to_id"): World.nothing_more,
    ("invoice_reminder", "customer_id"): World.invoice_reminder,
    ("third_party", "customer_id"): World.third_party,
    ("customer", "billed_to_id"): World.linked,
    ("customer", "group_id"): World.nothing_more,
    ("customer", "statistics_party_id"): World.nothing_more,
    ("customer", "payment_party_id"): World.nothing_more,
    ("audit_entry", "customer_id"): World.nothing_more,
    ("customer_token", "customer_id"): World.nothing_more,
}
"""How a customer comes to own a row of each table. A table that names customers and has no maker fails the test."""


async def owning_everything(world: World) -> tuple[Json, Json]:
    kept = await customer(world.http, "MARTIN", barcode="111", phone="0240000001", comment="Sonner")
    absorbed = await customer(
        world.http,
        "Martin-Durand",
        barcode="222",
        fidelity_number="333",
        first_name="Claire",
        phone="0240000002",
        email="claire@example.org",
        birth_date="1970-02-28",
        comment="Le soir",
        management_ceiling={"amount": "12345678.90"},
        address={"street": "12 rue des Lilas", "postal_code": "44000", "town": "NANTES"},
    )
    for card in (kept, absorbed):
        for make in MAKERS.values():
            await make(world, card)
    return await get(world.http, f"/v1/customers/{kept['id']}"), await get(
        world.http, f"/v1/customers/{absorbed['id']}"
    )


async def rows_naming(sql: ShopConnection, table: str, column: str, card: Json) -> int:
    count: int = await sql.fetchval(f'SELECT count(*) FROM "{table}" WHERE "{column}" = $1', identity(card))
    return count


@pytest.mark.row("C9")
class TestTheCatalogue:
    async def test_names_no_customer_that_a_merge_forgets(self, sql: ShopConnection) -> None:
        assert await naming(sql) - set(POLICIES) == set(), "say in infra/merging/policies.py what a merge does with it"

    async def test_has_every_column_of_which_a_policy_speaks(self, sql: ShopConnection) -> None:
        assert set(POLICIES) - await naming(sql) == set()

    async def test_has_the_maker_of_a_row_for_each(self, sql: ShopConnection) -> None:
        assert set(MAKERS) == await naming(sql), "say in MAKERS how a customer comes to own such a row"

    async def test_is_asked_about_every_key_whatever_it_is_called(self, sql: ShopConnection) -> None:
        found = {(row["table"], row["column"]) for row in await sql.fetch(NAMING)}
        declared = await sql.fetchval(
            "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND confrelid = 'customer'::regclass"
        )
        assert len(found) == declared == len(POLICIES)

    def test_knows_how_to_name_a_row_of_each_table_that_moves(self) -> None:
        moving = {table for (table, _), policy in POLICIES.items() if policy is Policy.MOVE}
        assert moving == set(KINDS)
        assert all(len(key_columns(table)) == 1 for table in moving)

    async def test_stops_a_merge_by_a_table_that_nobody_declared(
        self, app: FastAPI, premises: Premises, http: Client, sql: ShopConnection
    ) -> None:
        kept, absorbed = await customer(http, "UN"), await customer(http, "DEUX")
        await sql.execute(
            "CREATE TABLE later (dossier_id uuid, customer_id uuid, "
            "FOREIGN KEY (dossier_id, customer_id) REFERENCES customer (dossier_id, customer_id))"
        )
        body = {"kept_id": kept["id"], "absorbed_id": absorbed["id"]}
        async with client_of(app, premises.admin_key, raise_app_exceptions=False) as client:
            answer = await client.post("/v1/customer-merges", json=body)
        assert (answer.status_code, answer.json()["code"]) == (500, "internal")
        assert await sql.fetchval("SELECT count(*) FROM customer WHERE merged_into IS NOT NULL") == 0


@pytest.mark.usefixtures("books")
@pytest.mark.row("C9", "A55")
class TestTwoCustomersWithEverythingTheyCanOwn:
    async def test_merged_and_undone_are_as_before_byte_for_byte(self, http: Client, sql: ShopConnection) -> None:
        kept, absorbed = await owning_everything(World(http, sql))
        for table, column in sorted(MAKERS):
            for card in (kept, absorbed):
                assert await rows_naming(sql, table, column, card), f"the maker of {table}.{column} made nothing"
        before = await snapshot(sql)
        body = {"kept_id": kept["id"], "absorbed_id": absorbed["id"], "choices": {"name": "absorbed"}}
        merged = await post(http, "/v1/customer-merges", body)
        for (table, column), policy in POLICIES.items():
            if (
                policy is Policy.MOVE and table != "audit_entry"
            ):  # the audit goes on telling of the absorbed card itself
                assert await rows_naming(sql, table, column, absorbed) == 0, (table, column)
        told = await sql.fetch("SELECT entry_id::text FROM audit_entry WHERE customer_id = $1", identity(absorbed))
        assert {row["entry_id"] for row in told} & {key.rpartition("/")[2] for key in before["audit_entry"]} == set()
        assert {each["table"] for each in merged["moved"]} == set(KINDS)
        assert {each["rule"] for each in merged["clashes"]} >= {
            "next-free-code",
            "role-becomes-other",
            "default-stays",
            "becomes-secondary",
            "same-iban",
        }
        assert await snapshot(sql, audit_of=before) != before
        await post(http, f"/v1/customer-merges/{merged['merge_id']}/undo", {}, expect=200)
        after = await snapshot(sql, audit_of=before)
        for table, rows in before.items():
            assert after[table] == rows, table

    async def test_keep_every_row_and_every_version_rises(self, http: Client, sql: ShopConnection) -> None:
        kept, absorbed = await owning_everything(World(http, sql))
        tables = sorted({table for (table, _), policy in POLICIES.items() if policy is Policy.MOVE} - {"audit_entry"})
        counts = {table: await sql.fetchval(f'SELECT count(*) FROM "{table}"') for table in tables}
        versioned = [
            table
            for table in tables
            if table not in {"consent", "flash", "purchase", "loyalty_entry", "named_deposit_entry", "invoice_reminder"}
        ]
        versions = [await all_versions(sql, table) for table in versioned]
        body = {"kept_id": kept["id"], "absorbed_id": absorbed["id"]}
        merged = await post(http, "/v1/customer-merges", body)
        assert {table: await sql.fetchval(f'SELECT count(*) FROM "{table}"') for table in tables} == counts
        await post(http, f"/v1/customer-merges/{merged['merge_id']}/undo", {}, expect=200)
        changed = await sql.fetch(
            "SELECT table_name, key FROM merged_row WHERE merge_id = $1", identity({"id": merged["merge_id"]})
        )
        moved = {str(next(iter(json.loads(row["key"]).values()))) for row in changed}
        for table, before in zip(versioned, versions, strict=True):
            for key, version in (await all_versions(sql, table)).items():
                assert version == before[key] + (2 if key in moved else 0), (table, key)


async def all_versions(sql: ShopConnection, table: str) -> dict[str, int]:
    (key,) = key_columns(table)
    return {str(row[0]): row[1] for row in await sql.fetch(f'SELECT "{key}", version FROM "{table}"')}
