"""What only a database can do for the ports: keep shops apart, keep readers from writing, answer what it holds."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal

import asyncpg
import pytest

from domain.errors import NotFound, OutOfStock, TryAgain
from domain.model.payment import PaymentKind
from domain.model.values import Contact
from domain.queries.orders import OrderView
from infra.company import GroupCompany
from infra.db.pools import Pool, pool
from infra.readers.articles import SqlArticleReader
from infra.readers.customers import SqlCustomerReader
from infra.readers.orders import SqlOrderReader
from infra.readers.reservations import SqlReservationReader
from tests.contracts import samples
from tests.contracts.books import audit
from tests.contracts.cards import hang_everything
from tests.contracts.house import PostgresHouse
from tests.contracts.orders import hang_on_order
from tests.contracts.samples import EANS, NOW, committed, stocked
from tests.usecases.shop import Shop

NOT_FILLED = {"staff", "staff_session", "api_key", "flash", "customer_merge", "merged_row"}
"""What needs a person of the shop or a merge: their own tests fill them."""
OWN_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"


@pytest.fixture
async def reading(database: str) -> AsyncIterator[Pool]:
    async with pool(database, size=2, read_only=True) as connections:
        yield connections


@pytest.fixture
async def shop(postgres: PostgresHouse) -> Shop:
    return Shop(postgres)


class TestAReadersConnection:
    async def test_cannot_write(self, postgres: PostgresHouse, reading: Pool) -> None:
        await stocked(postgres)
        async with reading.of(postgres.dossier.id) as connection:
            assert await connection.fetchval("SELECT count(*) FROM article") == 6
            for statement in (
                "DELETE FROM stock_level",
                "INSERT INTO channel SELECT * FROM channel",
                "SELECT ean FROM article FOR UPDATE",
            ):
                with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
                    await connection.execute(statement)


class TestADossier:
    async def test_is_all_that_a_connection_sees(self, postgres: PostgresHouse) -> None:
        shop = Shop(postgres)
        await shop.catalogue(EANS)
        await shop.create({EANS[0]: 2})
        await shop.receive((EANS[0], 1))
        card = await shop.customer(code=None, details=samples.customer(postgres.new_id).details)
        await hang_everything(postgres, card.id)
        paid = await shop.pay(await shop.create({EANS[1]: 1}), "5.00")
        await hang_on_order(postgres, paid.id)
        tables = [row["tablename"] for row in await postgres.owner.fetch(OWN_TABLES)]
        async with postgres.writing.of(postgres.neighbour.id) as connection:
            seen = {
                table: await connection.fetchval(
                    f"SELECT count(*) FROM {table} WHERE dossier_id = $1", postgres.dossier.id
                )
                for table in tables
            }
            others = {table: await connection.fetchval(f"SELECT count(*) FROM {table}") for table in tables}
        assert set(seen.values()) == {0}
        assert {table for table, rows in others.items() if rows} == {
            "audit_entry",
            "channel",
            "dossier",
            "known_answer",
            "reference_value",
        }
        async with postgres.writing.of(postgres.dossier.id) as connection:
            filled = {table for table in tables if await connection.fetchval(f"SELECT count(*) FROM {table}")}
        assert filled == set(tables) - NOT_FILLED, "the shop shows all it has to itself"

    async def test_takes_no_row_from_a_connection_of_another(self, postgres: PostgresHouse) -> None:
        insert = "INSERT INTO channel (dossier_id, channel_id, code, name, kind) VALUES ($1, $2, 'x', 'x', 'native')"
        async with postgres.writing.of(postgres.neighbour.id) as connection:
            with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
                await connection.execute(insert, postgres.dossier.id, postgres.new_id())
            for write in ("UPDATE channel SET name = 'stolen'", "DELETE FROM channel"):
                assert await connection.execute(f"{write} WHERE dossier_id = $1", postgres.dossier.id) in {
                    "UPDATE 0",
                    "DELETE 0",
                }
        names = await postgres.owner.fetch("SELECT name FROM channel")
        assert {row["name"] for row in names} == {"Boutique"}

    async def test_is_nothing_to_a_connection_that_entered_none(self, database: str, postgres: PostgresHouse) -> None:
        async with pool(database, size=1, read_only=False) as fresh, fresh.any() as connection:
            with pytest.raises(asyncpg.PostgresError):
                await connection.fetchval("SELECT count(*) FROM customer_order")

    async def test_is_entered_anew_each_time_a_connection_is_lent(self, database: str, postgres: PostgresHouse) -> None:
        async with pool(database, size=1, read_only=False) as one:
            for dossier in (postgres.dossier, postgres.neighbour, postgres.neighbour, postgres.dossier):
                async with one.of(dossier.id) as connection:
                    assert [row["dossier_id"] for row in await connection.fetch("SELECT dossier_id FROM dossier")] == [
                        dossier.id
                    ]

    async def test_history_is_never_altered(self, postgres: PostgresHouse) -> None:
        async with postgres.writing.of(postgres.dossier.id) as connection:
            for table in (
                "stock_movement",
                "payment",
                "deposit_entry",
                "reception",
                "reception_line",
                "reception_supply",
                "stock_check",
                "outbox_event",
            ):
                for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET dossier_id = dossier_id"):
                    with pytest.raises(asyncpg.InsufficientPrivilegeError):
                        await connection.execute(statement)


class TestAUnitOfWork:
    async def test_asks_to_try_again_when_the_server_cuts_it_off(self, postgres: PostgresHouse) -> None:
        await stocked(postgres)
        cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'comptoir'"
        with pytest.raises(TryAgain):
            async with committed(postgres) as work:
                await work.stock.lock([EANS[0]])
                await postgres.owner.execute(cut)
                work.orders.add(samples.order(postgres.new_id, [samples.line(postgres.new_id)]))
        async with committed(postgres) as work:
            assert await work.stock.lock([EANS[0]]), "the next one finds a connection"
        assert (await postgres.books()).orders == {}

    async def test_asks_to_try_again_when_it_is_the_victim_of_a_ring(self, postgres: PostgresHouse) -> None:
        await stocked(postgres)
        tables = ["article", "stock_level"]
        both = asyncio.Barrier(2)

        async def lock(first: str, second: str) -> None:
            async with postgres.begin(postgres.dossier) as work:
                begun = work._connection  # type: ignore[attr-defined]
                await work.claim(samples.once(first))
                await begun.execute(f"LOCK TABLE {first} IN SHARE ROW EXCLUSIVE MODE")
                await both.wait()
                await begun.execute(f"LOCK TABLE {second} IN SHARE ROW EXCLUSIVE MODE")

        results = await asyncio.gather(lock(*tables), lock(*reversed(tables)), return_exceptions=True)
        assert sorted(map(repr, results)) == sorted(["None", repr(TryAgain())])


class TestTwoProcesses:
    """Two shops on one database, each with a company of its own, as two workers have."""

    @pytest.fixture
    async def shops(self, postgres: PostgresHouse) -> list[Shop]:
        first = Shop(postgres)
        await first.catalogue(EANS)
        postgres.company = GroupCompany()
        return [first, Shop(postgres)]

    @pytest.mark.row("C2")
    async def test_make_one_order_and_one_event_of_twenty_pushes_at_once(self, shops: list[Shop]) -> None:
        pushed = await asyncio.gather(*(shops[nth % 2].push("W-1", {EANS[0]: 2}, paid=True) for nth in range(20)))
        assert sum(each.created for each in pushed) == 1
        assert len({each.order.id for each in pushed}) == 1
        books = await shops[0].house.books()
        assert (len(books.orders), len(books.events), len(books.payments)) == (1, 1, 1)
        audit(books)

    @pytest.mark.row("A27")
    async def test_give_seven_copies_to_the_first_seven_of_fifty_lines(self, shops: list[Shop]) -> None:
        orders = [await shops[0].create({EANS[0]: 1}) for _ in range(50)]
        await shops[0].adjust(EANS[0], 7)
        answers = await asyncio.gather(
            *(
                shop.scans.scan(shop.scan_of(EANS[0], key=f"scan-{nth}"))
                for nth in range(50)
                for shop in [shops[nth % 2]]
            ),
            return_exceptions=True,
        )
        assert sum(isinstance(each, OutOfStock) for each in answers) == 43
        books = await shops[0].house.books()
        served = {kept.line_id for kept in books.reservations.values()}
        assert served == {order.lines[0].id for order in orders[:7]}
        assert (len(books.reservations), await shops[0].stock(EANS[0])) == (7, (0, 7))
        audit(books)


class TestAnAnswer:
    """What a use case answers is what the reader answers after it."""

    @pytest.fixture
    def orders(self, reading: Pool) -> SqlOrderReader:
        return SqlOrderReader(reading)

    async def test_of_an_order_is_what_its_reader_says_after_each_step(
        self, shop: Shop, orders: SqlOrderReader
    ) -> None:
        await shop.catalogue(EANS)
        await shop.catalogue([samples.EBOOK], digital=True)
        card = await shop.customer(code=None, details=samples.customer(shop.house.new_id).details)

        async def same(view: OrderView) -> OrderView:
            assert await orders.by_id(shop.house.dossier.id, view.id) == view
            return view

        wanted = {EANS[0]: 3, EANS[1]: 1, samples.EBOOK: 1}
        order = await same(await shop.create(wanted, contact=None, customer_id=card.id, mail_order=True))
        assert order.warnings == ("Chèque revenu",)
        order = await same(await shop.annotate(order, comment="Œuvre", customer_reference="BC-1"))
        order = await same(await shop.add_line(order, EANS[2], 2))
        order = await same(await shop.change_line(order, order.lines[3].id, 5))
        order = await same(await shop.remove_line(order, order.lines[1].id))
        order = await same(await shop.pay(order, "12.34", kind=PaymentKind.DEPOSIT))
        await shop.receive((EANS[0], 2), (EANS[2], 9))
        order = await same(await orders.by_id(shop.house.dossier.id, order.id))
        order = await same(await shop.deliver(order))
        pushed = await shop.push("W-1", {EANS[0]: 1}, sent_at=NOW, contact=Contact(name="Web", email="a@b"))
        await same(pushed.order)
        await same((await shop.push("W-1", {EANS[3]: 2}, comment="autre")).order)
        paid = await same((await shop.push("W-1", {EANS[3]: 2}, comment="autre", paid=True)).order)
        assert paid.paid == Decimal("23.00")
        await same(await shop.cancel(paid))

    async def test_of_a_reservation_an_article_and_a_customer_is_what_their_readers_say(
        self, shop: Shop, reading: Pool
    ) -> None:
        dossier = shop.house.dossier.id
        reservations = SqlReservationReader(reading)
        await shop.catalogue(EANS)
        card = await shop.customer(code=None, details=samples.customer(shop.house.new_id).details)
        assert await SqlCustomerReader(reading).by_id(dossier, card.id, clearance=None) == card
        await shop.create({EANS[0]: 2}, contact=None, customer_id=card.id)
        await shop.adjust(EANS[0], 4)
        scanned = await shop.scan(EANS[0])
        assert scanned.reservation is not None
        assert await reservations.by_ids(dossier, [scanned.reservation.id]) == [scanned.reservation]
        assert await SqlArticleReader(reading).by_ean(dossier, EANS[0]) == scanned.article
        received = await shop.receive((EANS[0], 1))
        kept = list(received.lines[0].reservations)
        assert await reservations.by_ids(dossier, [each.id for each in kept]) == kept
        by_hand = await shop.keep(EANS[0], 2, contact=None, customer_id=card.id)
        assert by_hand.warnings == ("Chèque revenu",)
        assert await reservations.by_ids(dossier, [by_hand.id]) == [replace(by_hand, warnings=())]
        for ended in (
            await shop.collect(kept[0].id),
            await shop.release(by_hand.id, restock=False, reason="introuvable"),
        ):
            assert await reservations.by_ids(dossier, [each.id for each in ended]) == ended
        with pytest.raises(NotFound):
            await reservations.by_ids(shop.house.neighbour.id, [by_hand.id])
