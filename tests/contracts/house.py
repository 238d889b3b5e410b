"""A shop to test the ports on: in memory, or in PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Protocol
from uuid import UUID

import asyncpg

from domain.model.access import ApiKey, Dossier
from domain.model.reception import Reception, ReceptionKind, ReceptionLine
from domain.model.values import ChannelId, DossierId, Ean, LineId, ReceptionId, folded
from domain.ports.surroundings import Company
from domain.ports.unit_of_work import UnitsOfWork
from infra.company import GroupCompany
from infra.db.dossiers import add_channel, open_dossier
from infra.db.pools import Pool, pool
from infra.unit_of_work import units_of_work
from tests.contracts.books import Books, books_of, read_books
from tests.fakes import unit_of_work as fake
from tests.fakes.base import Base, Impossible
from tests.fakes.surroundings import FakeClock, FakeCompany, FakeIds

CHANNEL = "boutique"
REFUSED_BY_THE_BASE = (Impossible, asyncpg.IntegrityConstraintViolationError)


class House(Protocol):
    """What a contract needs to know of the shop it runs on."""

    dossier: Dossier
    neighbour: Dossier
    """Another shop in the same base."""
    channel_id: ChannelId
    clock: FakeClock
    new_id: Callable[[], UUID]
    company: Company
    begin: UnitsOfWork

    async def books(self) -> Books: ...

    async def blocked(self) -> int:
        """How many transactions wait for a lock at this moment."""
        ...

    async def prioritise(self, line_id: LineId, priority: int) -> None: ...

    async def receptions(self) -> list[Reception]: ...

    async def api_keys(self) -> list[ApiKey]: ...

    async def customer_words(self) -> dict[UUID, set[str]]:
        """The words that find each customer."""
        ...


class FakeHouse:
    """A shop in memory."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.new_id: Callable[[], UUID] = FakeIds()
        self.company: Company = FakeCompany()
        self.dossier, self.neighbour = self._dossier("essai"), self._dossier("voisin")
        self.channel_id = ChannelId(self.new_id())
        self.base = Base({CHANNEL: self.channel_id})
        bases = {self.dossier.id: self.base, self.neighbour.id: Base({CHANNEL: ChannelId(self.new_id())})}
        self.begin: UnitsOfWork = fake.units_of_work(bases)

    def _dossier(self, code: str) -> Dossier:
        return Dossier(
            id=DossierId(self.new_id()),
            code=code,
            name="Librairie d'essai",
            time_zone="Europe/Paris",
            secret=b"secret",
            order_sequence="none",
        )

    async def books(self) -> Books:
        return books_of(self.base)

    async def blocked(self) -> int:
        return self.base.blocked

    async def prioritise(self, line_id: LineId, priority: int) -> None:
        self.base.priorities[line_id] = priority

    async def receptions(self) -> list[Reception]:
        return self.base.tables.receptions

    async def api_keys(self) -> list[ApiKey]:
        return list(self.base.tables.api_keys.values())

    async def customer_words(self) -> dict[UUID, set[str]]:
        cards = [(each.id, each.details) for each in self.base.tables.customers.values()]
        return {
            found: set(folded(f"{card.name} {card.first_name or ''} {card.short_name}").split())
            for found, card in cards
        }


class PostgresHouse:
    """A shop in PostgreSQL; ``owner`` is a connection that sees every dossier."""

    def __init__(
        self,
        *,
        owner: "asyncpg.Connection[asyncpg.Record]",
        writing: Pool,
        dossier: Dossier,
        neighbour: Dossier,
        channel_id: ChannelId,
    ) -> None:
        self.owner, self.writing = owner, writing
        self.dossier, self.neighbour, self.channel_id = dossier, neighbour, channel_id
        self.clock = FakeClock()
        self.new_id: Callable[[], UUID] = FakeIds()
        self.company: Company = GroupCompany()
        self.begin: UnitsOfWork = units_of_work(writing, self.clock)

    async def books(self) -> Books:
        return await read_books(self.owner, self.dossier.id)

    async def blocked(self) -> int:
        waiting: int = await self.owner.fetchval(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return waiting

    async def prioritise(self, line_id: LineId, priority: int) -> None:
        await self.owner.execute("UPDATE order_line SET priority = $2 WHERE line_id = $1", line_id, priority)

    async def receptions(self) -> list[Reception]:
        rows = await self.owner.fetch(
            "SELECT * FROM reception WHERE dossier_id = $1 ORDER BY reception_id", self.dossier.id
        )
        lines = await self.owner.fetch(
            "SELECT * FROM reception_line WHERE dossier_id = $1 ORDER BY position", self.dossier.id
        )
        return [
            Reception(
                id=ReceptionId(row["reception_id"]),
                kind=ReceptionKind(row["kind"]),
                supplier_id=row["supplier_id"],
                reference=row["reference"],
                received_at=row["received_at"],
                by=row["by"],
                lines=tuple(
                    ReceptionLine(ean=Ean(line["ean"]), quantity=line["quantity"], set_aside=line["set_aside"])
                    for line in lines
                    if line["reception_id"] == row["reception_id"]
                ),
            )
            for row in rows
        ]

    async def api_keys(self) -> list[ApiKey]:
        rows = await self.owner.fetch("SELECT * FROM api_key WHERE dossier_id = $1", self.dossier.id)
        return [
            ApiKey(
                id=row["api_key_id"],
                digest=row["digest"],
                label=row["label"],
                scopes=tuple(row["scopes"]),
                channel_id=ChannelId(row["channel_id"]) if row["channel_id"] else None,
                created_at=row["created_at"],
                revoked_at=row["revoked_at"],
            )
            for row in rows
        ]

    async def customer_words(self) -> dict[UUID, set[str]]:
        rows = await self.owner.fetch(
            "SELECT customer_id, array_agg(token) AS words FROM customer_token WHERE dossier_id = $1 GROUP BY 1",
            self.dossier.id,
        )
        return {row["customer_id"]: set(row["words"]) for row in rows}


async def _new_dossier(owner: "asyncpg.Connection[asyncpg.Record]", code: str) -> tuple[Dossier, ChannelId]:
    dossier_id = await open_dossier(owner, code=code, name="Librairie d'essai")
    channel_id = await add_channel(owner, dossier_id, code=CHANNEL, name="Boutique", kind="native")
    return await dossier_of(owner, dossier_id), channel_id


async def dossier_of(owner: "asyncpg.Connection[asyncpg.Record]", dossier_id: DossierId) -> Dossier:
    """The dossier as every request carries it."""
    row = await owner.fetchrow("SELECT * FROM dossier WHERE dossier_id = $1", dossier_id)
    assert row is not None
    return Dossier(
        id=dossier_id,
        code=row["code"],
        name=row["name"],
        time_zone=row["time_zone"],
        secret=row["secret"],
        order_sequence=row["order_sequence"],
    )


@asynccontextmanager
async def postgres_house(url: str, *, name: str = "essai", size: int = 12) -> AsyncIterator[PostgresHouse]:
    """A new shop, and a neighbour, in the database at ``url``."""
    owner = await asyncpg.connect(url)
    try:
        dossier, channel_id = await _new_dossier(owner, name)
        neighbour, _ = await _new_dossier(owner, f"voisin-{name}")
        async with pool(url, size=size, read_only=False) as writing:
            yield PostgresHouse(
                owner=owner, writing=writing, dossier=dossier, neighbour=neighbour, channel_id=channel_id
            )
    finally:
        await owner.close()


async def until_blocked(house: House, waiters: int, *, beside: asyncio.Task[Any]) -> None:
    """Until so many transactions wait for a lock; fails as soon as ``beside``, which should wait, has ended."""
    async with asyncio.timeout(20):
        while await house.blocked() < waiters:
            assert not beside.done(), "it did not wait"
            await asyncio.sleep(0)
