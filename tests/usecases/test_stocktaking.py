"""The stock looked at, each way in which it can lie (C19), and the shelf counted (A41)."""

from collections.abc import AsyncIterator, Sequence
from decimal import Decimal
from typing import Any

import pytest

from domain.errors import Invalid, UnfitLines
from domain.events import EventType
from domain.model.article import Cause
from domain.model.reservation import EndCause
from domain.model.stocktaking import (
    MOST_FINDINGS,
    CountCause,
    CountedLine,
    Finding,
    FindingKind,
    Looked,
    LossCause,
    StockCheck,
    counted_for,
    loss_of,
)
from domain.model.values import Ean
from domain.usecases.stocktaking import Count, Counted, Stocktaking
from tests.contracts.house import PostgresHouse, postgres_house
from tests.contracts.samples import EANS, EBOOK
from tests.support.database import MakeDatabase
from tests.usecases.desk import Desk

RUE, CHUT, NUIT = EANS[:3]
UNKNOWN = Ean("9782070612758")


@pytest.fixture
async def lying(make_database: MakeDatabase) -> AsyncIterator[Desk]:
    """A shop in PostgreSQL of which a test may break the base."""
    async with postgres_house(await make_database()) as house:
        desk = Desk(house)
        await desk.catalogue(EANS)
        yield desk


async def look(desk: Desk) -> StockCheck:
    return await Stocktaking(desk.around).check(desk.staff)


async def busy(desk: Desk) -> int:
    """An order of two copies, one of them kept, the other asked for; its number."""
    order = await desk.create({CHUT: 1, RUE: 2})
    await desk.adjust(RUE, 3)
    await desk.scan(RUE)
    await desk.ask((order.lines[1].id, 1), supplier_id=await desk.supplier())
    return order.number


def found(kind: FindingKind, expected: int, kept: int, *, number: int | None = None) -> Finding:
    position = 2 if number is not None else None
    return Finding(
        kind=kind,
        ean=RUE,
        title=f"Livre {RUE}",
        expected=expected,
        found=kept,
        order_number=number,
        position=position,
    )


@pytest.mark.row("C19")
class TestACheck:
    async def test_finds_nothing_in_what_the_shop_itself_did(self, desk: Desk) -> None:
        await busy(desk)
        received = await desk.receive((RUE, 4), (CHUT, 2))
        kept = [each.id for line in received.lines for each in line.reservations]
        await desk.collect(kept[0])
        await desk.release(kept[1], restock=False, reason="introuvable")
        check = await look(desk)
        assert (check.clean, check.articles, check.by) == (True, len(EANS) + 1, desk.staff.client)

    async def test_tells_how_much_it_found(self, desk: Desk) -> None:
        await look(desk)
        (event,) = [each for each in (await desk.house.books()).events if each.type is EventType.STOCK_CHECKED]
        assert event.data["findings"] == 0

    async def test_asked_for_twice_with_one_key_is_one(self, desk: Desk) -> None:
        stocktaking = Stocktaking(desk.around)
        first = await stocktaking.check_now(by=desk.staff, once=desk.once("c"))
        again = await stocktaking.check_now(by=desk.staff, once=desk.once("c"))
        assert (again.body, again.replayed) == (first.body, True)
        assert (await desk.happened())[EventType.STOCK_CHECKED] == 1

    @pytest.mark.parametrize(
        ("lie", "kinds"),
        [
            (
                "UPDATE stock_level SET set_aside = set_aside + 4",
                [(FindingKind.MOVEMENTS_SET_ASIDE, 1, 5), (FindingKind.RESERVATIONS, 1, 5)],
            ),
            ("UPDATE stock_level SET available = available - 1", [(FindingKind.MOVEMENTS_AVAILABLE, 2, 1)]),
            (
                "UPDATE stock_movement SET available = 9 WHERE cause = 'adjust'",
                [(FindingKind.MOVEMENTS_AVAILABLE, 8, 2)],
            ),
            (
                "UPDATE stock_movement SET set_aside = 3 WHERE cause = 'set_aside'",
                [(FindingKind.MOVEMENTS_SET_ASIDE, 3, 1)],
            ),
            (
                "UPDATE reservation SET quantity = 2",
                [(FindingKind.LINES, 2, 1), (FindingKind.RESERVATIONS, 2, 1)],
            ),
            (
                "UPDATE reservation SET state = 'returned', ended_at = now(), end_cause = 'expired'",
                [(FindingKind.LINES, 0, 1), (FindingKind.RESERVATIONS, 0, 1)],
            ),
            ("UPDATE order_line SET set_aside = 0", [(FindingKind.LINES, 1, 0)]),
            ("UPDATE order_line SET supplied = 0", [(FindingKind.SUPPLIED, 1, 0)]),
            ("DELETE FROM supply_link", [(FindingKind.SUPPLIED, 0, 1)]),
        ],
    )
    async def test_finds_each_lie_of_the_base(
        self, lying: Desk, lie: str, kinds: Sequence[tuple[FindingKind, int, int]]
    ) -> None:
        number = await busy(lying)
        assert (await look(lying)).clean
        where = " AND " if "WHERE" in lie else " WHERE "
        of_rue = {
            "supply_link": "line_id IN (SELECT line_id FROM order_line WHERE ean = '{0}')",
        }.get(lie.split()[2], "ean = '{0}'")
        await _owner(lying).execute(lie + where + of_rue.format(RUE))
        check = await look(lying)
        of_a_line = {FindingKind.LINES, FindingKind.SUPPLIED}
        assert list(check.findings) == [
            found(kind, expected, kept, number=number if kind in of_a_line else None) for kind, expected, kept in kinds
        ]
        assert not check.clean

    async def test_keeps_what_it_found(self, lying: Desk) -> None:
        await _owner(lying).execute("UPDATE stock_level SET available = 1 WHERE ean = $1", RUE)
        check = await look(lying)
        (row,) = await _owner(lying).fetch("SELECT * FROM stock_check")
        assert (row["stock_check_id"], row["articles"], row["by"]) == (check.id, check.articles, check.by)

    async def test_looks_at_its_own_shop_only(self, lying: Desk) -> None:
        await _owner(lying).execute("UPDATE stock_level SET available = 1")
        async with lying.around.begin(lying.house.neighbour) as work:
            assert await work.stock_checks.look() == Looked(articles=0, findings=())

    async def test_is_bounded(self, lying: Desk) -> None:
        await _owner(lying).execute(
            "INSERT INTO article SELECT (jsonb_populate_record(a, jsonb_build_object('ean', n::text))).* "
            "FROM article a, generate_series(9780000000000, 9780000001200) n WHERE a.ean = $1",
            RUE,
        )
        await _owner(lying).execute(
            "INSERT INTO stock_level SELECT dossier_id, ean, 1, 0 FROM article WHERE ean < '9780000002000'"
        )
        check = await look(lying)
        assert (len(check.findings), check.articles) == (MOST_FINDINGS, len(EANS) + 1201)


def _owner(desk: Desk) -> Any:
    assert isinstance(desk.house, PostgresHouse)
    return desk.house.owner


async def count(desk: Desk, *lines: Counted, cause: CountCause = CountCause.THEFT, **more: Any) -> list[CountedLine]:
    counting = Stocktaking(desk.around).count(
        by=desk.staff, count=Count(lines=lines, cause=cause, **more), once=desk.once()
    )
    answered: list[CountedLine] = await desk._result(counting)
    return answered


@pytest.mark.row("A41")
class TestACount:
    async def test_corrects_the_stock_and_says_why(self, desk: Desk) -> None:
        await desk.adjust(RUE, 3)
        await desk.adjust(CHUT, 1)
        lines = await count(
            desk, Counted(ean=RUE, copies=1), Counted(ean=CHUT, copies=2), Counted(ean=NUIT, copies=0), reason="rayon B"
        )
        assert [(each.available, each.difference, each.cause, each.value) for each in lines] == [
            (3, -2, CountCause.THEFT, Decimal("-20.00")),
            (1, 1, CountCause.FOUND, Decimal("10.00")),
            (0, 0, CountCause.THEFT, Decimal(0)),
        ]
        assert [await desk.stock(ean) for ean in (RUE, CHUT, NUIT)] == [(1, 0), (2, 0), (0, 0)]
        moved = [each for each in (await desk.house.books()).movements if each.by and "rayon B" in (each.reason or "")]
        assert [(each.ean, each.available, each.cause, each.reason) for each in moved] == [
            (RUE, -2, Cause.ADJUST, "Inventaire : vol — rayon B"),
            (CHUT, 1, Cause.ADJUST, "Inventaire : retrouvé — rayon B"),
        ]
        assert (await desk.happened())[EventType.STOCK_ADJUSTED] == 4

    async def test_leaves_the_copies_kept_for_people_apart(self, desk: Desk) -> None:
        await busy(desk)
        (line,) = await count(desk, Counted(ean=RUE, copies=1))
        assert (line.available, line.difference) == (2, -1)
        assert await desk.stock(RUE) == (1, 1)

    async def test_run_dry_says_what_the_real_one_does_and_writes_nothing(self, desk: Desk) -> None:
        await desk.adjust(RUE, 3)
        wanted = [Counted(ean=RUE, copies=1), Counted(ean=CHUT, copies=2)]
        dry = await count(desk, *wanted, dry_run=True)
        assert await desk.stock(RUE) == (3, 0)
        assert (await desk.happened())[EventType.STOCK_ADJUSTED] == 1
        assert await count(desk, *wanted) == dry
        assert await desk.stock(RUE) == (1, 0)

    async def test_names_every_line_that_it_cannot_count(self, desk: Desk) -> None:
        with pytest.raises(Invalid) as refused:
            await count(
                desk,
                Counted(ean=RUE, copies=1),
                Counted(ean=UNKNOWN, copies=1),
                Counted(ean=EBOOK, copies=1),
                Counted(ean=RUE, copies=2),
            )
        assert [(each.code, each.pointer) for each in refused.value.faults] == [
            ("unknown-article", "/lines/1/ean"),
            ("digital-article", "/lines/2/ean"),
            ("twice", "/lines/3/ean"),
        ]
        assert await desk.stock(RUE) == (0, 0)

    async def test_of_a_shelf_that_moved_meanwhile_is_refused(self, desk: Desk) -> None:
        await desk.adjust(RUE, 3)
        await desk.adjust(CHUT, 2)
        with pytest.raises(UnfitLines) as refused:
            await count(desk, Counted(ean=CHUT, copies=0, believed=2), Counted(ean=RUE, copies=1, believed=4))
        (fault,) = refused.value.faults
        assert (fault.code, fault.pointer, dict(fault.facts)["available"]) == ("stock-moved", "/lines/1/available", 3)
        assert await desk.stock(CHUT) == (2, 0)
        await count(desk, Counted(ean=CHUT, copies=0, believed=2))
        assert await desk.stock(CHUT) == (0, 0)

    async def test_for_another_cause_needs_its_reason(self, desk: Desk) -> None:
        with pytest.raises(Invalid):
            await count(desk, Counted(ean=RUE, copies=1), cause=CountCause.OTHER)
        await count(desk, Counted(ean=RUE, copies=1), cause=CountCause.OTHER, reason="don")
        assert await desk.stock(RUE) == (1, 0)


class TestALoss:
    @pytest.mark.parametrize("reason", [None, "rayon B — bas"])
    @pytest.mark.parametrize(
        ("cause", "loss"),
        [
            (CountCause.COUNT_ERROR, LossCause.COUNT_ERROR),
            (CountCause.THEFT, LossCause.THEFT),
            (CountCause.DAMAGED, LossCause.DAMAGED),
            (CountCause.OTHER, LossCause.OTHER),
        ],
    )
    def test_of_a_count_is_read_from_its_words(self, cause: CountCause, loss: LossCause, reason: str | None) -> None:
        assert loss_of(Cause.ADJUST, counted_for(cause, reason), None, reserved=False) == (loss, reason)

    def test_by_hand_is_a_correction(self) -> None:
        for reason in (None, "Inventaire", "Inventaire : volumes", "vol"):
            assert loss_of(Cause.ADJUST, reason, None, reserved=False) == (LossCause.CORRECTION, reason)

    def test_of_a_reservation_is_what_ended_it(self) -> None:
        for ended, loss in (
            (EndCause.DAMAGED, LossCause.DAMAGED),
            (EndCause.NOT_FOUND, LossCause.NOT_FOUND),
            (None, LossCause.NOT_FOUND),
        ):
            assert loss_of(Cause.WRITE_OFF, "x", ended, reserved=True) == (loss, "x")
        assert loss_of(Cause.WRITE_OFF, "x", None, reserved=False) == (LossCause.RETURNED, "x")

    def test_cannot_be_found_nor_a_gain_stolen(self) -> None:
        assert CountCause.FOUND.of(-1) is CountCause.COUNT_ERROR
        assert CountCause.DAMAGED.of(1) is CountCause.FOUND
        assert CountCause.THEFT.of(-1) is CountCause.THEFT
