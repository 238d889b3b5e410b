"""A shop to measure in: 2,000 articles and 20,000 orders of five lines, the same in every run."""

import json
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg

from domain.model.order import CustomerOrder, External, Origin
from domain.model.order_line import OrderLine
from domain.model.payment import PaymentState
from domain.model.values import ChannelId, Contact, DossierId, Ean, LineId, OrderId, PostalAddress, folded
from infra.db.dossiers import add_channel, add_key, open_dossier
from infra.repositories.orders import line_row, order_row

SEED = 2026
ARTICLES = 2_000
ORDERS = 20_000
LINES = 5
CHANNEL = "boutique"
COPIES = 1_000_000
"""In stock of every article."""
HOT = 0
"""Which article everybody scans: in none of the 20,000 orders."""

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
NAMES = ("MARTIN", "BERNARD", "DUBOIS", "THOMAS", "ROBERT", "RICHARD", "PETIT", "DURAND", "LEROY", "MOREAU", "SIMON")
TOWNS = (
    ("44000", "NANTES"),
    ("35000", "RENNES"),
    ("29200", "BREST"),
    ("49000", "ANGERS"),
    ("85000", "LA ROCHE-SUR-YON"),
)
START = datetime(2026, 1, 2, 8, 0, tzinfo=UTC)
RATE = Decimal("5.50")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """What the sides must know of it. ``shop_key`` may push and read orders, ``counter_key`` may do everything."""

    dossier: DossierId
    channel: ChannelId
    sequence: str
    shop_key: str
    counter_key: str
    eans: Sequence[Ean]
    orders: Sequence[OrderId]


def ean_of(number: int) -> Ean:
    """The ``number``-th EAN-13 of the shop, with its check digit."""
    digits = f"978{number:09d}"
    weighed = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return Ean(f"{digits}{-weighed % 10}")


async def furnish(connection: Connection) -> Shop:
    """Fill an empty, migrated database."""
    draw = random.Random(SEED)
    dossier = await open_dossier(connection, code="bench", name="Librairie mesurée")
    channel = await add_channel(connection, dossier, code=CHANNEL, name="Boutique", kind="native")
    shop_key = await add_key(
        connection, dossier, label="boutique", scopes=["orders:write", "orders:read"], channel_id=channel
    )
    counter_key = await add_key(connection, dossier, label="comptoir", scopes=["admin"])
    eans = [ean_of(number) for number in range(ARTICLES)]
    await copy(connection, "article", (_article(dossier, ean, number) for number, ean in enumerate(eans)))
    await copy(
        connection,
        "stock_level",
        ({"dossier_id": dossier, "ean": ean, "available": COPIES, "set_aside": 0} for ean in eans),
    )
    orders = [
        order_of(
            channel=channel,
            number=number,
            at=START + timedelta(minutes=20 * number),
            eans=draw.sample(eans[HOT + 1 :], LINES),
            draw=draw,
        )
        for number in range(1, ORDERS + 1)
    ]
    await put_orders(connection, dossier, orders)
    sequence = await connection.fetchval("SELECT order_sequence FROM dossier WHERE dossier_id = $1", dossier)
    await connection.fetchval("SELECT setval($1::text::regclass, $2)", sequence, ORDERS)
    await connection.execute("VACUUM ANALYZE")
    await connection.execute("CHECKPOINT")
    return Shop(
        dossier=dossier,
        channel=channel,
        sequence=sequence,
        shop_key=shop_key,
        counter_key=counter_key,
        eans=eans,
        orders=[order.id for order in orders],
    )


def _article(dossier: DossierId, ean: Ean, number: int) -> dict[str, Any]:
    title, author = f"LE LIVRE NUMERO {number}", f"{NAMES[number % len(NAMES)]} CLAIRE"
    return {
        "dossier_id": dossier,
        "ean": ean,
        "title": title,
        "title_key": folded(title),
        "author": author,
        "publisher": "EDITIONS DU COMPTOIR",
        "list_price": Decimal(500 + number) / 100,
        "vat_rate": RATE,
        "digital": False,
        "kind": "book",
        "school_book": False,
        "updated_at": START,
    }


def order_of(
    *, channel: ChannelId, number: int, at: datetime, eans: Sequence[Ean], draw: random.Random
) -> CustomerOrder:
    """A paid web order of one copy of each of ``eans``."""
    postal_code, town = draw.choice(TOWNS)
    return CustomerOrder(
        id=OrderId(_id(draw, at)),
        number=number,
        customer_id=None,
        customer_code=None,
        contact=Contact(
            name=f"{draw.choice(NAMES)} {draw.choice(NAMES)}",
            title="Mme",
            first_name="Claire",
            email="claire@example.org",
            phone="0240000000",
            address=PostalAddress(street=f"{draw.randint(1, 99)} rue du Port", postal_code=postal_code, town=town),
        ),
        customer_reference=None,
        comment=None,
        origin=Origin.WEB,
        mail_order=True,
        vat_exempt=False,
        external=External(
            channel_id=channel, channel=CHANNEL, id=f"W{number}", fingerprint=draw.randbytes(32), updated_at=None
        ),
        payment_state=PaymentState.PAID,
        delivery_charge=Decimal("4.90"),
        created_at=at,
        updated_at=at,
        lines=[
            OrderLine(
                id=LineId(_id(draw, at)),
                position=position,
                ean=ean,
                title=f"LE LIVRE NUMERO {ean[3:12].lstrip('0')}",
                author="MARTIN CLAIRE",
                publisher="EDITIONS DU COMPTOIR",
                digital=False,
                ordered=1,
                unit_price=Decimal("12.30"),
                list_price=Decimal("12.95"),
                vat_rate=RATE,
            )
            for position, ean in enumerate(eans, start=1)
        ],
    )


def _id(draw: random.Random, at: datetime) -> UUID:
    """A UUIDv7 of the instant ``at``."""
    milliseconds = int(at.timestamp() * 1000)
    return UUID(int=milliseconds << 80 | 7 << 76 | draw.getrandbits(12) << 64 | 2 << 62 | draw.getrandbits(62))


async def put_orders(connection: Connection, dossier: DossierId, orders: Sequence[CustomerOrder]) -> None:
    """Write orders with all that belongs to them, past the application."""
    rows = [order_row(dossier, order) for order in orders]
    # COPY takes the bytes themselves, and JSON as its text
    await copy(
        connection,
        "customer_order",
        (
            {
                **row,
                "fingerprint": bytes.fromhex(row["fingerprint"][2:]),
                "vat_totals": json.dumps(row["vat_totals"]),
            }
            for row in rows
        ),
    )
    await copy(connection, "order_line", (line_row(dossier, order, line) for order in orders for line in order.lines))
    await copy(connection, "order_token", _tokens(rows))


def _tokens(rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for row in rows:
        for word in sorted(set(row["name_key"].split())):
            yield {"dossier_id": row["dossier_id"], "token": word, "order_id": row["order_id"]}


async def copy(connection: Connection, table: str, rows: Iterable[dict[str, Any]]) -> None:
    """COPY ``rows``, which all have the same columns, into ``table``."""
    kept = list(rows)
    columns = list(kept[0])
    await connection.copy_records_to_table(
        table, columns=columns, records=[tuple(row[column] for column in columns) for row in kept]
    )
