"""Loads the demo shop into an empty base, and remembers how to get into it.

The secrets lie in ``demo.json``, which is written before the base commits: what a kill leaves is a file without a base, and
the next start writes both anew. A file that does not fit its base is never told: new secrets are made for the base.
"""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from uuid import UUID

import asyncpg

from domain.model.access import Dossier
from domain.model.third_party import ThirdPartyType
from domain.model.values import ChannelId, DossierId
from infra.db import dossiers
from infra.db.dossiers import Connection
from infra.demo import words
from infra.demo.cards import COLLEAGUE, colleague, settings
from infra.demo.catalogue import catalogue
from infra.demo.days import Days
from infra.demo.history import CHANNEL, History
from infra.demo.ledger import Ledger
from infra.demo.messages import MessageWriter
from infra.demo.people import RECENT, customers
from infra.demo.rows import after, asked, before, copy, working
from infra.demo.supply import SupplyWriter, sort_articles
from infra.demo.till import TillWriter
from infra.demo.writer import CardWriter

CODE = "demo"
NAME = "Librairie du Comptoir"
LOGIN = "libraire"
SHOP_LABEL = "Boutique de démonstration"
SCRIPT_LABEL = "Scripts de démonstration"
SHOP_SCOPES = ("orders:write", "orders:read", "articles:read")
SCRIPT_SCOPES = ("customers:*", "orders:*", "reservations:*", "articles:*", "messages:*")
FILE = "demo.json"
SEED = 46_407
_LOCK = 7_264_110_584
"""Any number, the same for every process: who looks whether the base is empty holds it as an advisory lock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoCredentials:
    """How to get into the demo shop. ``curl_body`` is one line of JSON: an order that its web shop may push."""

    dossier_code: str
    login: str
    password: str
    shop_key: str
    script_key: str
    channel: str
    curl_body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Secrets:
    password: str
    shop_key: str
    script_key: str


async def load_if_empty(url: str, data_dir: Path) -> DemoCredentials | None:
    """Load the demo shop if the base at ``url`` holds no dossier, and tell its credentials; None if the shop is a real one.

    The base must be migrated and ``url`` its owner's. The same credentials are told at every later call; where their file
    in ``data_dir`` is lost or does not fit the base, new ones are made.
    """
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock($1)", _LOCK)
            known = await _in(connection, data_dir / FILE)
            if known is None:
                return None
    finally:
        await connection.close()
    return DemoCredentials(
        dossier_code=CODE,
        login=LOGIN,
        password=known.password,
        shop_key=known.shop_key,
        script_key=known.script_key,
        channel=CHANNEL,
        curl_body=_push_body(),
    )


async def _in(connection: Connection, file: Path) -> _Secrets | None:
    """The secrets of the base's demo shop, which is loaded if the base is empty."""
    demo = await connection.fetchval("SELECT dossier_id FROM dossier WHERE demo ORDER BY created_at LIMIT 1")
    if demo is None:
        if await connection.fetchval("SELECT EXISTS (SELECT FROM dossier)"):
            return None
        known = await _load(connection, password=_password())
        _write(file, known)
        return known
    dossier_id = DossierId(demo)
    kept = _read(file)
    if kept is not None and await _fits(connection, dossier_id, kept):
        return kept
    known = await _renew(connection, dossier_id, password=_password())
    _write(file, known)
    return known


async def _load(connection: Connection, *, password: str) -> _Secrets:
    now = datetime.now(UTC)
    dossier_id = await dossiers.open_dossier(
        connection,
        code=CODE,
        name=NAME,
        address="7, quai des Libraires\n44000 Nantes",
        demo=True,
    )
    staff_id = await dossiers.add_staff(
        connection, dossier_id, login=LOGIN, name="Camille", password=password, scopes=["admin"]
    )
    channel_id = await dossiers.add_channel(
        connection, dossier_id, code=CHANNEL, name="Boutique en ligne", kind="native"
    )
    known = _Secrets(
        password=password,
        shop_key=await dossiers.add_key(
            connection, dossier_id, label=SHOP_LABEL, scopes=SHOP_SCOPES, channel_id=channel_id
        ),
        script_key=await dossiers.add_key(connection, dossier_id, label=SCRIPT_LABEL, scopes=SCRIPT_SCOPES),
    )
    ledger = demo_shop(now=now, staff_id=staff_id, channel_id=channel_id)
    dossier = Dossier(id=dossier_id, code=CODE, name="", time_zone="Europe/Paris", secret=b"", order_sequence="")
    async with working(connection, dossier, by=ledger.by) as work:
        work.users.add(colleague(days=ledger.days, password_hash=await _hash_of(connection, staff_id)))
        before(work, ledger.file)  # customers name them
        for category in ledger.supply.categories:  # and articles these
            work.categories.add(category)
    await copy(connection, dossier_id, ledger)
    async with working(connection, dossier, by=ledger.by) as work:
        after(work, ledger.file)
        asked(work, ledger)
        told = MessageWriter(
            shop=NAME,
            customers=ledger.customers,
            reservations=ledger.reservations,
            days=Days(now=now, rng=Random(SEED + 3)),
            by=ledger.by,
        )
        told.write()
        for message in told.messages:
            work.messages.add(message)
        till = TillWriter(
            customers=ledger.customers,
            articles=ledger.articles.values(),
            days=Days(now=now, rng=Random(SEED + 4)),
            by=ledger.by,
        )
        till.write()
        work.purchases.add(till.purchases)
        work.loyalty.add(till.loyalty)
        for invoice in till.invoices:
            work.invoices.add(invoice)
        for entry in till.deposits:
            work.named_deposits.add(entry)
        card = await work.references.dossier()
        card.settings = settings(staff_id=staff_id)
        work.references.save_dossier(card)
    await connection.execute(
        "UPDATE dossier SET customer_counter = $2, third_party_counter = $3 WHERE dossier_id = $1",
        dossier_id,
        RECENT,
        len(ledger.file.third_parties),
    )
    last = max(order.number for order in ledger.orders)
    await connection.execute(f"SELECT setval('order_number_{dossier_id.hex}', $1)", last)
    await connection.execute(
        f"SELECT setval('supplier_order_number_{dossier_id.hex}', $1)", len(ledger.supply.orders) or 1
    )
    return known


def demo_shop(*, now: datetime, staff_id: UUID, channel_id: ChannelId) -> Ledger:
    """All of the demo shop as it is at ``now``: the same people, books and orders every time, dates counted back."""
    rng = Random(SEED)
    days = Days(now=now, rng=rng)
    ledger = Ledger(days=days, by=f"staff:{staff_id.hex}")
    ledger.customers.extend(customers(rng=rng, days=days))
    opened = days.ago(430)
    goods = catalogue(at=opened)
    for article in goods.articles.values():
        ledger.add_article(article, copies=goods.copies[article.ean], at=opened)
    History(ledger=ledger, catalogue=goods, channel_id=channel_id, rng=rng).write()
    # generators of their own: what stands on cards, or is asked of suppliers, changes no order
    own = Days(now=now, rng=Random(SEED + 1))
    CardWriter(customers=ledger.customers, staff_id=staff_id, days=own, file=ledger.file).write()
    ledger.supply.categories += sort_articles(ledger.articles.values(), at=opened)
    SupplyWriter(
        days=Days(now=now, rng=Random(SEED + 2)),
        articles=ledger.articles,
        orders=ledger.orders,
        suppliers=[each for each in ledger.file.third_parties if each.type is ThirdPartyType.SUPPLIER],
        supply=ledger.supply,
    ).write()
    return ledger


async def _hash_of(connection: Connection, staff_id: UUID) -> str:
    kept: str = await connection.fetchval("SELECT password_hash FROM staff WHERE staff_id = $1", staff_id)
    return kept


async def _fits(connection: Connection, dossier_id: DossierId, known: _Secrets) -> bool:
    """Whether both keys open this base: they were written in one transaction with the password."""
    found = await connection.fetchval(
        "SELECT count(*) FROM api_key WHERE dossier_id = $1 AND digest = ANY ($2::bytea[]) AND revoked_at IS NULL",
        dossier_id,
        [dossiers.secret_digest(known.shop_key), dossiers.secret_digest(known.script_key)],
    )
    return bool(found == 2)


async def _renew(connection: Connection, dossier_id: DossierId, *, password: str) -> _Secrets:
    """New secrets for the demo's login and keys; the old ones stop."""
    await connection.execute(
        "UPDATE staff SET password_hash = $3 WHERE dossier_id = $1 AND login = ANY ($2::text[])",
        dossier_id,
        [LOGIN, COLLEAGUE],
        await dossiers.password_hash(password),
    )
    await connection.execute(
        "UPDATE api_key SET revoked_at = now() WHERE dossier_id = $1 AND label = ANY ($2::text[]) AND revoked_at IS NULL",
        dossier_id,
        [SHOP_LABEL, SCRIPT_LABEL],
    )
    channel_id = await connection.fetchval(
        "SELECT channel_id FROM channel WHERE dossier_id = $1 AND code = $2", dossier_id, CHANNEL
    )
    return _Secrets(
        password=password,
        shop_key=await dossiers.add_key(
            connection, dossier_id, label=SHOP_LABEL, scopes=SHOP_SCOPES, channel_id=ChannelId(channel_id)
        ),
        script_key=await dossiers.add_key(connection, dossier_id, label=SCRIPT_LABEL, scopes=SCRIPT_SCOPES),
    )


def _password() -> str:
    """Four words and two digits, 38 bits: enough behind a slow hash, and read out over a counter without error."""
    chosen = [secrets.choice(words.EASY_WORDS.split()) for _ in range(4)]
    return f"{'-'.join(chosen)}-{secrets.randbelow(90) + 10}"


def _push_body() -> str:
    body = {
        "contact": {"name": "LE GOFF", "first_name": "Annaig", "email": "annaig.le-goff@example.org"},
        "lines": [{"ean": ean, "quantity": 1} for ean in catalogue(at=datetime.now(UTC)).free],
        "paid": True,
    }
    return json.dumps(body)


def _read(file: Path) -> _Secrets | None:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        return _Secrets(**{name: str(found[name]) for name in _Secrets.__slots__})
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def _write(file: Path, known: _Secrets) -> None:
    """Replace the file at once and for good: a reader finds the old one or the new one, whole, for its owner's eyes."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = file.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as new:
        json.dump(asdict(known), new, indent=2)
        new.flush()
        os.fsync(new.fileno())
    draft.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
