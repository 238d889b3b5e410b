"""The schema: the tables of the code are those that the migrations make, and rows of an older one become whole ones."""

import asyncio
import json
import warnings
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy.exc import SAWarning

from domain.model.message import MessageRules
from domain.model.settings import DossierSettings
from domain.model.values import DossierId
from infra.db import migrate
from infra.ids import new_id
from infra.repositories.dossier_settings import settings_of
from infra.repositories.orders import line_row, order_of, order_row
from infra.sql import sql
from tests.support.database import Cluster

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
AT = datetime(2026, 1, 5, 10, tzinfo=UTC)
ORDERS = sql("order_load").replace("AND o.order_id = ANY ($2::uuid[])", "ORDER BY o.number")
BOOK, PEN = "9782092512746", "3760111111116"


def _quietly(url: str) -> None:
    with warnings.catch_warnings():
        # xid8 is unknown to SQLAlchemy; customers and third parties name each other
        warnings.simplefilter("ignore", SAWarning)
        migrate.check(url)


async def test_the_tables_of_the_code_are_those_of_the_base(database: str) -> None:
    await asyncio.to_thread(_quietly, database)


@pytest.fixture
async def before_orders_were_whole(cluster: Cluster) -> AsyncIterator[str]:
    """A base as migration 0008 left it."""
    name = "comptoir_before_0009"
    await cluster.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    url = cluster.server.url(name)
    await asyncio.to_thread(migrate.upgrade, url, revision="0008")
    yield url
    await cluster.execute(f"DROP DATABASE {name} WITH (FORCE)")


async def _insert(connection: Connection, table: str, **facts: Any) -> None:
    """A row with ``facts``; what must be there besides is empty or zero."""
    columns = await connection.fetch(
        "SELECT column_name AS name, udt_name AS kind FROM information_schema.columns WHERE table_name = $1 "
        "AND is_nullable = 'NO' AND column_default IS NULL AND is_generated = 'NEVER' AND is_identity = 'NO'",
        table,
    )
    empty = {"text": "", "varchar": "", "bool": False, "int4": 0, "numeric": Decimal(0), "timestamptz": AT, "_text": []}
    row = {column["name"]: empty.get(column["kind"]) for column in columns} | facts
    names, places = ", ".join(f'"{name}"' for name in row), ", ".join(f"${n}" for n in range(1, len(row) + 1))
    await connection.execute(f"INSERT INTO {table} ({names}) VALUES ({places})", *row.values())


async def _order(connection: Connection, dossier: UUID, number: int, lines: list[dict[str, Any]], **facts: Any) -> None:
    order_id = new_id()
    known = {"dossier_id": dossier, "order_id": order_id}
    shown = {
        "name": "MARTIN",
        "country": "FR",
        "origin": "counter",
        "payment_state": "none",
        "status": "CO",
        "version": 1,
    }
    deposit = facts.get("deposit", Decimal(0))
    await _insert(connection, "customer_order", **known, number=number, **{**shown, "paid": deposit, **facts})
    for position, line in enumerate(lines, start=1):
        whole = {"ean": BOOK, "title": "x", "ordered": 1, "vat_rate": Decimal("5.50"), "list_price": Decimal("12.20")}
        price = {"unit_price": Decimal("12.20")}
        await _insert(
            connection,
            "order_line",
            **known,
            line_id=new_id(),
            position=position,
            number=number,
            **{**whole, **price, **line},
        )
    if deposit:
        await _insert(
            connection, "payment", **known, payment_id=new_id(), amount=deposit, kind="deposit", method="cash"
        )


async def test_orders_of_before_become_whole(before_orders_were_whole: str) -> None:
    connection: Connection = await asyncpg.connect(before_orders_were_whole)
    dossier = DossierId(new_id())
    await _insert(
        connection, "dossier", dossier_id=dossier, code="x", secret=b"", order_sequence="", settings="{}", version=1
    )
    for ean in (BOOK, PEN):
        await _insert(connection, "article", dossier_id=dossier, ean=ean, vat_rate=Decimal("5.50"))
    mixed = [
        {"ordered": 3, "cancelled": 1, "unit_price": Decimal("11.59")},
        {
            "ean": PEN,
            "ordered": 2,
            "vat_rate": Decimal("20.00"),
            "list_price": Decimal("3.35"),
            "unit_price": Decimal("3.35"),
        },
    ]
    await _order(connection, dossier, 1, mixed, delivery_charge=Decimal("3.00"), deposit=Decimal("5.00"))
    await _order(connection, dossier, 2, mixed, vat_exempt=True, delivery_charge=Decimal("3.00"))
    gone = [{"ordered": 2, "cancelled": 2}]
    await _order(connection, dossier, 3, gone, status="AN", cancelled_at=AT, delivery_charge=Decimal("3.00"))
    await _order(connection, dossier, 4, [{"delivered": 1}], status="LT", deposit=Decimal("10.00"))
    audited = "SELECT count(*) FROM audit_entry WHERE record IN ('customer_order', 'order_line')"
    told = await connection.fetchval(audited)
    await asyncio.to_thread(migrate.upgrade, before_orders_were_whole)

    assert await connection.fetchval(audited) == told, "nobody changed them"
    for row in await connection.fetch(ORDERS, dossier):
        order = order_of(row)
        wanted = order_row(dossier, order)
        assert json.loads(row["vat_totals"]) == wanted["vat_totals"], order.number
        assert (row["total"], row["discount"]) == (wanted["total"], wanted["discount"])
        for stored in await connection.fetch("SELECT * FROM order_line WHERE order_id = $1", order.id):
            kept = line_row(dossier, order, order.line(stored["line_id"]))
            assert (stored["amount"], stored["net"]) == (kept["amount"], kept["net"])
    facts = await connection.fetch("SELECT number, total, deposit_used FROM customer_order ORDER BY number")
    assert [tuple(each) for each in facts] == [
        (1, Decimal("32.88"), Decimal("0.00")),
        (2, Decimal("30.05"), Decimal("0.00")),
        (3, Decimal("0.00"), Decimal("0.00")),
        (4, Decimal("12.20"), Decimal("10.00")),
    ]
    ledger = await connection.fetch(
        "SELECT o.number, d.amount, d.cause FROM deposit_entry d JOIN customer_order o USING (order_id) "
        "ORDER BY o.number, d.cause"
    )
    assert [tuple(each) for each in ledger] == [
        (1, Decimal("5.00"), "received"),
        (4, Decimal("10.00"), "received"),
        (4, Decimal("-10.00"), "used"),
    ]
    kinds = await connection.fetch("SELECT ean, kind FROM article")
    assert {row["ean"]: row["kind"] for row in kinds} == {BOOK: "book", PEN: "other"}
    dropped = await connection.fetchval("SELECT sum(dropped) FROM order_line")
    assert dropped == 2, "what went with the order comes back when it is opened again"
    assert await connection.fetchval("SELECT count(*) FROM known_answer") == 9
    for kind in ("supplier_order_number", "delivery_note_number"):
        assert await connection.fetchval(f"SELECT nextval('{kind}_{dossier.hex}')") == 1
    await connection.close()


async def test_a_reservation_that_ended_before_says_why_and_no_message_starts_by_itself(cluster: Cluster) -> None:
    name = "comptoir_before_0011"
    await cluster.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    url = cluster.server.url(name)
    await asyncio.to_thread(migrate.upgrade, url, revision="0010")
    connection = await asyncpg.connect(url)
    dossier = new_id()
    await _insert(
        connection, "dossier", dossier_id=dossier, code="librairie", secret=b"x", settings='{"fiscal_month": 9}'
    )
    article = {"dossier_id": dossier, "ean": BOOK, "list_price": Decimal(1), "vat_rate": Decimal("5.5"), "kind": "book"}
    await _insert(connection, "article", **article)
    for state in ("set_aside", "collected", "returned", "written_off"):
        facts = {"state": state, "quantity": 1, "ended_at": None if state == "set_aside" else AT, "version": 1}
        identity = {"dossier_id": dossier, "reservation_id": new_id(), "ean": BOOK, "pickup_deadline": AT.date()}
        await _insert(connection, "reservation", **identity, **facts)
    await connection.close()
    await asyncio.to_thread(migrate.upgrade, url)
    connection = await asyncpg.connect(url)
    rows = await connection.fetch("SELECT state, end_cause FROM reservation")
    settings = settings_of(json.loads(await connection.fetchval("SELECT settings FROM dossier")))
    await connection.close()
    await cluster.execute(f"DROP DATABASE {name} WITH (FORCE)")
    causes = {"set_aside": None, "collected": "collected", "returned": "cancelled", "written_off": "not_found"}
    assert {row["state"]: row["end_cause"] for row in rows} == causes
    assert settings == DossierSettings(fiscal_month=9, messages=MessageRules(automatic=frozenset()))
