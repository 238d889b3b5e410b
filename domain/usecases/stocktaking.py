"""The stock looked at, and the shelf counted (A41, C19)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.errors import Fault, Invalid, UnfitLines
from domain.events import EventType
from domain.model.access import Caller
from domain.model.article import Cause, Movement
from domain.model.stocktaking import CountCause, CountedLine, StockCheck, counted_for
from domain.model.values import Ean, StockCheckId
from domain.ports.answers import Once, Told
from domain.ports.stock import Shelf
from domain.ports.unit_of_work import UnitOfWork
from domain.usecases.work import Surroundings, told, until_done


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """``copies`` that stand on the shelf, those set aside apart.

    ``believed``: what the shop had when they were counted; None when nobody looked.
    """

    ean: Ean
    copies: int
    believed: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """What a person counted, and why it differs; ``dry_run`` only says what would be corrected."""

    lines: Sequence[Counted]
    cause: CountCause
    reason: str | None = None
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Stocktaking:
    around: Surroundings

    async def check(self, by: Caller) -> StockCheck:
        """Look at all stock and keep what was found: what the night does."""

        async def attempt() -> StockCheck:
            async with self.around.begin(by.dossier, by.client) as work:
                check = await self._look(work, by)
                await work.commit()
                return check

        return await until_done(attempt)

    async def check_now(self, *, by: Caller, once: Once[StockCheck]) -> Told:
        """``check``, asked for by a person."""

        async def attempt() -> Told:
            async with self.around.begin(by.dossier, by.client) as work:
                if (before := await work.claim(once)) is not None:
                    return before
                return await told(work, once, await self._look(work, by))

        return await until_done(attempt)

    async def count(self, *, by: Caller, count: Count, once: Once[Sequence[CountedLine]]) -> Told:
        """Correct the available stock to what was counted, all of it or nothing; a dry run answers the same and writes nothing.

        Raises ``Invalid`` naming every line whose article is unknown, digital or named twice, and for a cause that needs
        its reason; ``UnfitLines`` naming every line whose stock moved since it was counted.
        """
        if count.cause is CountCause.OTHER and not count.reason:
            raise Invalid(faults=[Fault("reason-needed", "/reason")])

        async def attempt() -> Told:
            async with self.around.begin(by.dossier, by.client) as work:
                if (before := await work.claim(once)) is not None:
                    return before
                shelves = await work.stock.lock([line.ean for line in count.lines])
                _check(count.lines, shelves)
                lines = [_counted(line, shelves[line.ean], count.cause) for line in count.lines]
                if count.dry_run:
                    return once.tell(lines)
                for line in lines:
                    self._correct(work, shelves[line.ean], line, reason=count.reason, by=by)
                return await told(work, once, lines)

        return await until_done(attempt)

    async def _look(self, work: UnitOfWork, by: Caller) -> StockCheck:
        now = self.around.clock()
        looked = await work.stock_checks.look()
        check = StockCheck(
            id=StockCheckId(self.around.new_id()),
            at=now,
            by=by.client,
            articles=looked.articles,
            findings=looked.findings,
        )
        work.stock_checks.add(check)
        work.emit(self.around.event(EventType.STOCK_CHECKED, check.id, 1, by, now, findings=len(check.findings)))
        return check

    def _correct(self, work: UnitOfWork, shelf: Shelf, line: CountedLine, *, reason: str | None, by: Caller) -> None:
        if line.difference == 0:
            return
        now = self.around.clock()
        shelf.stock.adjust(line.difference)
        movement = Movement(
            id=self.around.new_id(),
            ean=line.ean,
            available=line.difference,
            set_aside=0,
            cause=Cause.ADJUST,
            reason=counted_for(line.cause, reason),
            reservation_id=None,
            at=now,
            by=by.client,
        )
        work.stock.save(shelf.stock)
        work.stock.add_movement(movement)
        work.emit(
            self.around.event(EventType.STOCK_ADJUSTED, movement.id, 1, by, now, ean=line.ean, quantity=line.difference)
        )


def _check(lines: Sequence[Counted], shelves: Mapping[Ean, Shelf]) -> None:
    """Raises ``Invalid`` or ``UnfitLines`` with every line that cannot be counted."""
    wrong: list[Fault] = []
    moved: list[Fault] = []
    seen: set[Ean] = set()
    for index, line in enumerate(lines):
        pointer, shelf = f"/lines/{index}/ean", shelves.get(line.ean)
        if shelf is None:
            wrong.append(Fault("unknown-article", pointer, (("ean", line.ean),)))
        elif shelf.article.digital:
            wrong.append(Fault("digital-article", pointer, (("ean", line.ean),)))
        elif line.ean in seen:
            wrong.append(Fault("twice", pointer))
        elif line.believed is not None and line.believed != shelf.stock.available:
            facts = (("title", shelf.article.title), ("believed", line.believed), ("available", shelf.stock.available))
            moved.append(Fault("stock-moved", f"/lines/{index}/available", facts))
        seen.add(line.ean)
    if wrong:
        raise Invalid(faults=wrong)
    if moved:
        raise UnfitLines(faults=moved)


def _counted(line: Counted, shelf: Shelf, cause: CountCause) -> CountedLine:
    available = shelf.stock.available
    difference = line.copies - available
    return CountedLine(
        ean=line.ean,
        title=shelf.article.title,
        counted=line.copies,
        available=available,
        cause=cause.of(difference),
        value=shelf.article.list_price * difference,
    )
