"""Supplier orders: raised from what customers wait for, changed by hand while drafts, sent, annulled (A19, A24, C6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.errors import Fault, Invalid
from domain.events import EventType
from domain.model.access import Caller
from domain.model.order import CustomerOrder
from domain.model.supply import SupplierLine, SupplierOrder
from domain.model.values import Ean, LineId, OrderId, SupplierLineId, SupplierOrderId, ThirdPartyId
from domain.ports.answers import Once, Told
from domain.ports.unit_of_work import UnitOfWork
from domain.queries.orders import OrderView, view_of
from domain.queries.supply import SupplyView, supply_view
from domain.usecases.raising import Asking, Wanted, every_line, raise_orders
from domain.usecases.supplying import expect_people, give_back, keep, withdraw
from domain.usecases.work import Surroundings, expect, told, until_done


@dataclass(frozen=True, slots=True)
class SupplierOrders:
    around: Surroundings

    # raised -------------------------------------------------------------------------------------------------------

    async def raise_for_lines(
        self,
        *,
        by: Caller,
        wanted: Sequence[Wanted],
        supplier_id: ThirdPartyId | None,
        apart: bool,
        once: Once[list[SupplyView]],
    ) -> Told:
        """Ask suppliers for what the lines wait for and nobody brings (C6); ``apart`` starts new orders.

        Without ``supplier_id`` each article's own supplier is asked; the copies join his newest draft. Raises ``UnfitLines``,
        ``NoSupplier``, ``NothingToOrder``, ``UnknownParty``, naming every line.
        """

        async def attempt() -> Told:
            now = self.around.clock()
            async with self.around.begin(by.dossier, by.client) as work:
                if (before := await work.claim(once)) is not None:
                    return before
                holders = await work.orders.holders([each.line_id for each in wanted])
                orders = await work.orders.lock(sorted(set(holders.values()))) if holders else []
                asking = Asking(around=self.around, work=work, by=by, now=now, supplier_id=supplier_id, apart=apart)
                raised = await raise_orders(asking, orders, wanted)
                return await told(work, once, [supply_view(supply) for supply in raised])

        return await until_done(attempt)

    async def raise_for_order(
        self,
        *,
        by: Caller,
        order_id: OrderId,
        version: int,
        line_ids: Sequence[LineId] | None,
        supplier_id: ThirdPartyId | None,
        once: Once[list[SupplyView]],
    ) -> Told:
        """Commande Four (A19): the same, of one order; without ``line_ids`` all its lines.

        Raises ``StaleVersion``, ``NotFound``, ``OrderClosed``, and as ``raise_for_lines``.
        """

        async def attempt() -> Told:
            now = self.around.clock()
            async with self.around.begin(by.dossier, by.client) as work:
                if (before := await work.claim(once)) is not None:
                    return before
                (order,) = await work.orders.lock([order_id])
                expect(order.version, version)
                wanted = every_line(order) if line_ids is None else [Wanted(line_id=each) for each in line_ids]
                asking = Asking(
                    around=self.around, work=work, by=by, now=now, supplier_id=supplier_id, list_at="/line_ids"
                )
                raised = await raise_orders(asking, [order], wanted)
                return await told(work, once, [supply_view(supply) for supply in raised])

        return await until_done(attempt)

    async def release(
        self, *, by: Caller, order_id: OrderId, line_id: LineId, version: int, once: Once[OrderView]
    ) -> Told:
        """The copies to come that a line no longer waits for are not meant for it any more (C7); a draft asks for fewer.

        A line without any is left as it is. Raises ``StaleVersion``, ``NotFound``.
        """

        async def attempt() -> Told:
            now = self.around.clock()
            async with self.around.begin(by.dossier, by.client) as work:
                if (before := await work.claim(once)) is not None:
                    return before
                (order,) = await work.orders.lock([order_id])
                expect(order.version, version)
                spare = order.line(line_id).surplus
                if spare:
                    await give_back(work, [order], {line_id: spare}, around=self.around, by=by, now=now)
                    work.orders.save(order)
                    work.emit(self.around.order_event(EventType.ORDER_UPDATED, order, by, now))
                return await told(work, once, view_of(order))

        return await until_done(attempt)

    # changed by hand ----------------------------------------------------------------------------------------------

    async def annotate(
        self, *, by: Caller, supplier_order_id: SupplierOrderId, version: int, changes: Mapping[str, str | None]
    ) -> SupplyView:
        """Change the reference or the comment; keys absent from ``changes`` stay. Raises ``StaleVersion``, ``NotFound``."""
        now = self.around.clock()
        async with self.around.begin(by.dossier, by.client) as work:
            supply = await self._locked(work, supplier_order_id, version)
            changed = supply.annotate(
                reference=changes.get("reference", supply.reference),
                comment=changes.get("comment", supply.comment),
                now=now,
            )
            if changed:
                keep(work, supply, around=self.around, by=by, now=now)
                await work.commit()
            return supply_view(supply)

    async def add_line(
        self,
        *,
        by: Caller,
        supplier_order_id: SupplierOrderId,
        version: int,
        ean: Ean,
        quantity: int,
        once: Once[SupplyView],
    ) -> Told:
        """Copies for the shelf on a draft. Raises ``StaleVersion``, ``SupplierOrderClosed``, ``NotFound``, ``Invalid``."""
        now = self.around.clock()
        async with self.around.begin(by.dossier, by.client) as work:
            if (before := await work.claim(once)) is not None:
                return before
            article = (await work.articles.many([ean])).get(ean)
            if article is None or article.digital:
                kind = "unknown-article" if article is None else "digital-article"
                raise Invalid(faults=[Fault(kind, "/ean", (("ean", ean),))])
            supply = await self._locked(work, supplier_order_id, version)
            line_id = SupplierLineId(self.around.new_id())
            supply.ask(SupplierLine(id=line_id, position=0, ean=ean, title=article.title, ordered=quantity), now=now)
            keep(work, supply, around=self.around, by=by, now=now)
            return await told(work, once, supply_view(supply))

    async def change_line(
        self, *, by: Caller, supplier_order_id: SupplierOrderId, line_id: SupplierLineId, version: int, ordered: int
    ) -> SupplyView:
        """Raises ``StaleVersion``, ``SupplierOrderClosed``, ``NotFound``, ``CopiesPromised`` below what customers wait for."""
        now = self.around.clock()
        async with self.around.begin(by.dossier, by.client) as work:
            supply = await self._locked(work, supplier_order_id, version)
            supply.change(line_id, ordered=ordered, now=now)
            keep(work, supply, around=self.around, by=by, now=now)
            await work.commit()
            return supply_view(supply)

    async def remove_line(
        self, *, by: Caller, supplier_order_id: SupplierOrderId, line_id: SupplierLineId, version: int
    ) -> SupplyView:
        """Take a line off a draft, which is annulled with its last one; who waited for its copies is untreated again.

        Raises ``StaleVersion``, ``SupplierOrderClosed``, ``NotFound``.
        """

        async def attempt() -> SupplyView:
            now = self.around.clock()
            async with self.around.begin(by.dossier, by.client) as work:
                supply, orders = await self._with_people(work, supplier_order_id, version)
                freed = supply.remove(line_id, now=now)
                withdraw(work, orders, freed, around=self.around, by=by, now=now)
                keep(work, supply, around=self.around, by=by, now=now)
                await work.commit()
                return supply_view(supply)

        return await until_done(attempt)

    # sent, annulled -----------------------------------------------------------------------------------------------

    async def validate(
        self, *, by: Caller, supplier_order_id: SupplierOrderId, version: int, once: Once[SupplyView]
    ) -> Told:
        """Send it: its quantities stand from here on (A24). Raises ``StaleVersion``, ``SupplierOrderClosed``, ``NotFound``."""
        now = self.around.clock()
        async with self.around.begin(by.dossier, by.client) as work:
            if (before := await work.claim(once)) is not None:
                return before
            supply = await self._locked(work, supplier_order_id, version)
            supply.validate(now=now)
            keep(work, supply, around=self.around, by=by, now=now, kind=EventType.SUPPLIER_ORDER_VALIDATED)
            return await told(work, once, supply_view(supply))

    async def cancel(
        self,
        *,
        by: Caller,
        supplier_order_id: SupplierOrderId,
        version: int,
        reason: str | None,
        once: Once[SupplyView],
    ) -> Told:
        """Nothing more comes of it; who waited for its copies is untreated again.

        Raises ``StaleVersion``, ``SupplierOrderClosed``, ``NotFound``.
        """

        async def attempt() -> Told:
            now = self.around.clock()
            async with self.around.begin(by.dossier, by.client) as work:
                if (before := await work.claim(once)) is not None:
                    return before
                supply, orders = await self._with_people(work, supplier_order_id, version)
                freed = supply.cancel(reason=reason, now=now)
                withdraw(work, orders, freed, around=self.around, by=by, now=now)
                keep(work, supply, around=self.around, by=by, now=now, kind=EventType.SUPPLIER_ORDER_CANCELLED)
                return await told(work, once, supply_view(supply))

        return await until_done(attempt)

    async def _locked(self, work: UnitOfWork, supplier_order_id: SupplierOrderId, version: int) -> SupplierOrder:
        (supply,) = await work.supplier_orders.lock([supplier_order_id])
        expect(supply.version, version)
        return supply

    async def _with_people(
        self, work: UnitOfWork, supplier_order_id: SupplierOrderId, version: int
    ) -> tuple[SupplierOrder, list[CustomerOrder]]:
        """It and the customer orders that it is to bring copies for, locked in the order in which everyone does."""
        people = await work.supplier_orders.meant_for(of=[supplier_order_id])
        orders = await work.orders.lock(sorted(people)) if people else []
        supply = await self._locked(work, supplier_order_id, version)
        expect_people([supply], orders)
        return supply, orders
