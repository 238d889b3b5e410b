"""Traitement des restes à livrer: the distributor says what becomes of the copies that he did not bring (A14)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from domain.errors import Fault, UnfitLines
from domain.events import EventType
from domain.model.access import Caller
from domain.model.answers import Answer, AnswerSource, LineAnswer, worded
from domain.model.order import CustomerOrder
from domain.model.order_line import OrderLine
from domain.model.supply import SupplierLine, SupplierOrder
from domain.model.values import Ean, LineId, OrderId, SupplierLineId, SupplierOrderId
from domain.ports.answers import Once, Told
from domain.ports.unit_of_work import UnitOfWork
from domain.queries.supply import SupplyView, supply_view
from domain.usecases.supplying import expect_people, keep
from domain.usecases.work import Surroundings, expect, told, until_done


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the distributor says of a line. A code that the shop's table lacks is shown as ``label``, or as it is."""

    line_id: SupplierLineId
    code: str
    label: str | None = None
    new_ean: Ean | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldLine:
    """A customer's line that got the answer, and whom to tell."""

    order_id: OrderId
    order_number: int
    line_id: LineId
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    supply: SupplyView
    told: tuple[ToldLine, ...]


@dataclass(slots=True, kw_only=True)
class _Table:
    """All that one transaction of answers works on, locked in the order in which everyone does."""

    work: UnitOfWork
    supply: SupplierOrder
    orders: dict[OrderId, CustomerOrder]
    queues: Mapping[Ean, Sequence[tuple[OrderId, LineId]]]
    now: datetime
    touched: set[OrderId] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Answering:
    around: Surroundings

    async def validate(
        self,
        *,
        by: Caller,
        supplier_order_id: SupplierOrderId,
        version: int,
        answers: Sequence[Said],
        once: Once[Answered],
    ) -> Told:
        """Give each answer to its supplier line and to every customer's line that waits on it.

        That is each waiting line of the article which has copies to come on this supplier line, or on no other supplier
        order. An answer that ends supply frees them: they are untreated again. Raises ``StaleVersion``, ``NotFound``,
        ``SupplierOrderClosed``, ``UnfitLines`` naming each line that is not there, named twice, or wholly brought.
        """

        async def attempt() -> Told:
            now = self.around.clock()
            async with self.around.begin(by.dossier, by.client) as work:
                if (before := await work.claim(once)) is not None:
                    return before
                table = await self._lock(work, supplier_order_id, version, answers, now)
                known = await work.answers.known()
                heard: list[ToldLine] = []
                for said in answers:
                    line = table.supply.line(said.line_id)
                    heard += self._tell(
                        table,
                        by,
                        line,
                        worded(
                            code=said.code,
                            label=said.label,
                            known=known.get(said.code),
                            source=AnswerSource.DISTRIBUTOR,
                            at=now,
                            new_ean=said.new_ean,
                        ),
                    )
                keep(work, table.supply, around=self.around, by=by, now=now)
                for order_id in sorted(table.touched):
                    order = table.orders[order_id]
                    work.orders.save(order)
                    work.emit(self.around.order_event(EventType.ORDER_UPDATED, order, by, now))
                return await told(work, once, Answered(supply=supply_view(table.supply), told=tuple(heard)))

        return await until_done(attempt)

    async def _lock(
        self,
        work: UnitOfWork,
        supplier_order_id: SupplierOrderId,
        version: int,
        answers: Sequence[Said],
        now: datetime,
    ) -> _Table:
        eans = await work.supplier_orders.articles_of(supplier_order_id, [said.line_id for said in answers])
        await work.stock.lock(sorted(eans))
        queues = {ean: [(each.order_id, each.line_id) for each in await work.orders.place(ean)] for ean in sorted(eans)}
        people = await work.supplier_orders.meant_for(of=[supplier_order_id])
        wanted = people | {order_id for queue in queues.values() for order_id, _ in queue}
        orders = await work.orders.lock(sorted(wanted)) if wanted else []
        (supply,) = await work.supplier_orders.lock([supplier_order_id])
        expect(supply.version, version)
        expect_people([supply], orders)
        _check(supply, answers)
        return _Table(work=work, supply=supply, orders={order.id: order for order in orders}, queues=queues, now=now)

    def _tell(self, table: _Table, by: Caller, supplier_line: SupplierLine, answer: Answer) -> list[ToldLine]:
        here = {link.line_id: link.open for link in supplier_line.links if link.open}
        freed = table.supply.answered(supplier_line.id, answer, now=table.now)
        heard = []
        for order, line in _waiting(table, supplier_line.ean):
            if line.id in here or not line.supplied:
                order.answer_line(line.id, answer, now=table.now)
                entry = LineAnswer(
                    id=self.around.new_id(), order_id=order.id, line_id=line.id, answer=answer, by=by.client
                )
                table.work.orders.add_answer(entry)
                table.touched.add(order.id)
                heard.append(
                    ToldLine(order_id=order.id, order_number=order.number, line_id=line.id, name=order.contact.name)
                )
        for order in table.orders.values():
            for line in order.lines:
                if copies := freed.get(line.id, 0):
                    order.note_supply(line.id, -copies, now=table.now)
                    table.touched.add(order.id)
        return heard


def _check(supply: SupplierOrder, answers: Sequence[Said]) -> None:
    supply.need_sent()
    lines = {line.id: line for line in supply.lines}
    faults: list[Fault] = []
    seen: set[SupplierLineId] = set()
    for index, said in enumerate(answers):
        pointer, line = f"/answers/{index}/line_id", lines.get(said.line_id)
        if line is None:
            faults.append(Fault("unknown-line", pointer))
        elif said.line_id in seen:
            faults.append(Fault("line-twice", pointer, (("title", line.title),)))
        elif not line.outstanding:
            faults.append(Fault("nothing-expected", pointer, (("title", line.title),)))
        seen.add(said.line_id)
    if faults:
        raise UnfitLines(faults=faults)


def _waiting(table: _Table, ean: Ean) -> list[tuple[CustomerOrder, OrderLine]]:
    """The lines that wait for the article, first of the queue first, as they are once locked."""
    places = [(table.orders[order_id], line_id) for order_id, line_id in table.queues[ean]]
    return [
        (order, line)
        for order, line_id in places
        for line in order.lines
        if line.id == line_id and line.ean == ean and line.outstanding
    ]
