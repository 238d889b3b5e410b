"""A line waits for another article: the re-issue under its new EAN, the paperback (P9, FEL code 8)."""

from dataclasses import dataclass

from domain.errors import Fault, Inconsistent, Invalid
from domain.events import EventType
from domain.model.access import Caller
from domain.model.answers import Answer, AnswerSource, Effect, LineAnswer
from domain.model.values import Ean, LineId, OrderId
from domain.ports.answers import Once, Told
from domain.queries.orders import OrderView, view_of
from domain.usecases.deposits import settle
from domain.usecases.pricing import WantedLine, price_lines, recharge, terms_of
from domain.usecases.supplying import trim
from domain.usecases.work import Surroundings, expect, told, until_done

MOVED = "moved"
"""The code of the entry that a move leaves in the history of the line."""


@dataclass(frozen=True, slots=True)
class Moving:
    around: Surroundings

    async def move(
        self, *, by: Caller, order_id: OrderId, line_id: LineId, version: int, ean: Ean, once: Once[OrderView]
    ) -> Told:
        """What the line waits for is waited for under ``ean``, priced as a line taken today and at the place of the order's date.

        What suppliers were to bring for the line is for the shelf, or off a draft. Raises ``NotFound``, ``StaleVersion``,
        ``OrderClosed``, ``NothingToCancel`` for a line that waits for nothing, ``Invalid`` for an unknown article,
        ``Inconsistent`` for the line's own.
        """

        async def attempt() -> Told:
            now = self.around.clock()
            async with self.around.begin(by.dossier, by.client) as work:
                if (before := await work.claim(once)) is not None:
                    return before
                seen = (await work.orders.get(order_id)).line(line_id)
                # both queues stand still: no scan finds the line in neither, or in both
                await work.stock.lock([seen.ean, ean])
                (order,) = await work.orders.lock([order_id])
                expect(order.version, version)
                line = order.line(line_id)
                if ean not in await work.articles.many([ean]):
                    raise Invalid(faults=[Fault("unknown-article", "/ean", (("ean", ean),))])
                if ean == line.ean:
                    raise Inconsistent(faults=[Fault("same-article", "/ean")])
                left = Answer(
                    code=MOVED,
                    label=f"{line.ean} → {ean}",
                    source=AnswerSource.SHOP,
                    at=now,
                    effect=Effect.MOVE,
                    new_ean=ean,
                )
                await trim(work, [order], around=self.around, by=by, now=now, gone={line_id})
                customer = await work.customers.get(order.customer_id) if order.customer_id else None
                terms = await terms_of(
                    work, customer, await work.references.settings(), on=self.around.today(by.dossier)
                )
                ((moved, _),) = await price_lines(
                    work,
                    [WantedLine(ean=ean, quantity=line.outstanding)],
                    terms=terms,
                    shipped=order.mail_order,
                    exempt=order.vat_exempt,
                    new_id=self.around.new_id,
                )
                order.move_line(line_id, moved, now=now)
                recharge(order, terms)
                settle(work, order, around=self.around, by=by, now=now)
                work.orders.save(order)
                work.orders.add_answer(
                    LineAnswer(id=self.around.new_id(), order_id=order.id, line_id=line_id, answer=left, by=by.client)
                )
                work.emit(self.around.order_event(EventType.ORDER_UPDATED, order, by, now))
                return await told(work, once, view_of(order))

        return await until_done(attempt)
