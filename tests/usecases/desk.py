"""A shop that also asks its suppliers, and the rules that supply must obey at every moment (domain.md)."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from domain.errors import ShopError
from domain.model.customer import CardOrigin
from domain.model.supply import SupplierOrder
from domain.model.third_party import ThirdParty, ThirdPartyDetails, ThirdPartyType
from domain.model.values import Ean, LineId, SupplierLineId, SupplierOrderId, ThirdPartyId
from domain.queries.orders import OrderView, view_of
from domain.queries.receptions import ReceptionView
from domain.queries.supply import SupplyView
from domain.usecases.answering import Answered, Answering, Said
from domain.usecases.articles import ArticleCard
from domain.usecases.raising import Wanted
from domain.usecases.receptions import Arrived, Parcel
from domain.usecases.supplier_orders import SupplierOrders
from infra.repositories.supply import LOAD, supplier_order_of
from tests.contracts.books import Books
from tests.contracts.house import FakeHouse, House, PostgresHouse
from tests.usecases.shop import Shop

EVERY_SUPPLIER_ORDER = LOAD.replace("AND s.supplier_order_id = ANY ($2::uuid[])", "ORDER BY s.number")


class Desk(Shop):
    """The counter of ``Shop``, and the desk at which suppliers are asked."""

    def __init__(self, house: House) -> None:
        super().__init__(house)
        self.supplier_orders = SupplierOrders(self.around)
        self.answering = Answering(self.around)

    async def supplier(
        self, name: str = "SODIS", *, kind: ThirdPartyType = ThirdPartyType.SUPPLIER, closed_on: date | None = None
    ) -> ThirdPartyId:
        supplier_id = ThirdPartyId(self.house.new_id())
        made = ThirdParty(
            id=supplier_id,
            type=kind,
            code=f"F{supplier_id.int >> 80:07d}",
            details=ThirdPartyDetails(name=name, closed_on=closed_on),
            origin=CardOrigin.COUNTER,
            approved_at=None,
            created_at=self.house.clock(),
            updated_at=self.house.clock(),
        )
        async with self.house.begin(self.house.dossier) as work:
            work.third_parties.add(made)
            await work.commit()
        return supplier_id

    async def supplied_by(self, supplier_id: ThirdPartyId, *eans: Ean) -> None:
        """Articles whose own supplier it is."""
        for ean in eans:
            card = ArticleCard(
                title=f"Livre {ean}",
                author="X",
                publisher="Y",
                list_price=Decimal("10.00"),
                vat_rate=Decimal("5.50"),
                digital=False,
                supplier_id=supplier_id,
            )
            await self.articles.put(by=self.staff, ean=ean, card=card)

    async def ask(
        self,
        *wanted: LineId | tuple[LineId, int],
        supplier_id: ThirdPartyId | None = None,
        apart: bool = False,
        key: str | None = None,
    ) -> list[SupplyView]:
        lines = [
            Wanted(line_id=each[0], quantity=each[1]) if isinstance(each, tuple) else Wanted(line_id=each)
            for each in wanted
        ]
        asking = self.supplier_orders.raise_for_lines(
            by=self.staff, wanted=lines, supplier_id=supplier_id, apart=apart, once=self.once(key)
        )
        views: list[SupplyView] = await self._result(asking)
        return views

    async def ask_for(
        self, order: OrderView, *, supplier_id: ThirdPartyId | None = None, lines: Sequence[LineId] | None = None
    ) -> list[SupplyView]:
        asking = self.supplier_orders.raise_for_order(
            by=self.staff,
            order_id=order.id,
            version=order.version,
            line_ids=lines,
            supplier_id=supplier_id,
            once=self.once(),
        )
        views: list[SupplyView] = await self._result(asking)
        return views

    async def send(self, supply: SupplyView) -> SupplyView:
        sending = self.supplier_orders.validate(
            by=self.staff, supplier_order_id=supply.id, version=supply.version, once=self.once()
        )
        view: SupplyView = await self._result(sending)
        return view

    async def annul(self, supply: SupplyView) -> SupplyView:
        annulling = self.supplier_orders.cancel(
            by=self.staff,
            supplier_order_id=supply.id,
            version=supply.version,
            reason="Commandé ailleurs",
            once=self.once(),
        )
        view: SupplyView = await self._result(annulling)
        return view

    async def stock_up(self, supply: SupplyView, ean: Ean, quantity: int) -> SupplyView:
        adding = self.supplier_orders.add_line(
            by=self.staff,
            supplier_order_id=supply.id,
            version=supply.version,
            ean=ean,
            quantity=quantity,
            once=self.once(),
        )
        view: SupplyView = await self._result(adding)
        return view

    async def drop(self, supply: SupplyView, line_id: SupplierLineId) -> SupplyView:
        return await self.supplier_orders.remove_line(
            by=self.staff, supplier_order_id=supply.id, line_id=line_id, version=supply.version
        )

    async def answer(self, supply: SupplyView, *said: Said) -> Answered:
        answering = self.answering.validate(
            by=self.staff, supplier_order_id=supply.id, version=supply.version, answers=said, once=self.once()
        )
        done: Answered = await self._result(answering)
        return done

    async def free(self, order: OrderView, line_id: LineId) -> OrderView:
        freeing = self.supplier_orders.release(
            by=self.staff, order_id=order.id, line_id=line_id, version=order.version, once=self.once()
        )
        view: OrderView = await self._result(freeing)
        return view

    async def unpack(self, *copies: tuple[Ean, int], **parcel: Any) -> ReceptionView:
        lines = [Arrived(ean=ean, quantity=quantity) for ean, quantity in copies]
        receiving = self.receptions.receive(by=self.staff, parcel=Parcel(lines=lines, **parcel), once=self.once())
        view: ReceptionView = await self._result(receiving)
        return view

    async def supplies(self) -> dict[SupplierOrderId, SupplierOrder]:
        """Every supplier order, by number."""
        if isinstance(self.house, FakeHouse):
            found = list(self.house.base.tables.supplier_orders.values())
        else:
            assert isinstance(self.house, PostgresHouse)
            rows = await self.house.owner.fetch(EVERY_SUPPLIER_ORDER, self.house.dossier.id)
            found = [supplier_order_of(row) for row in rows]
        return {supply.id: supply for supply in sorted(found, key=lambda each: each.number)}

    async def now(self, order: OrderView) -> OrderView:
        """The order as it is by now."""
        return view_of((await self.house.books()).orders[order.id])

    async def counts(self, order: OrderView, position: int = 1) -> tuple[int, int, int]:
        """Supplied, unsupplied and surplus of a line, once every rule of supply was checked."""
        await self.check()
        line = await self.line(order.id, position)
        return line.supplied, line.unsupplied, line.surplus

    async def check(self) -> None:
        """Fails on the first rule of supply that does not hold."""
        check_supply(await self.house.books(), (await self.supplies()).values())


def check_supply(books: Books, supplies: Any) -> None:
    """Supplied = sum of open links; links never pass what is to come; unsupplied as domain.md says."""
    to_come: dict[LineId, int] = {}
    for supply in supplies:
        closed = supply.state.value in {"received", "cancelled"}
        for line in supply.lines:
            assert line.ordered >= 1
            assert min(line.received, line.cancelled) >= 0
            assert sum(link.received for link in line.links) <= line.received, line
            assert sum(link.open for link in line.links) <= line.outstanding, line
            assert not closed or not line.linked, f"{supply.number} is {supply.state} and still meant for someone"
            assert len({link.line_id for link in line.links}) == len(line.links)
            for link in line.links:
                assert 0 <= link.received <= link.quantity
                assert link.quantity >= 1
                assert books.line(link.line_id).ean == line.ean
                to_come[link.line_id] = to_come.get(link.line_id, 0) + link.open
    for order in books.orders.values():
        for each in order.lines:
            assert each.supplied == to_come.get(each.id, 0), f"{each}: {to_come.get(each.id, 0)} to come"
            waits = each.ordered - each.cancelled - each.set_aside - each.delivered
            assert each.unsupplied == (0 if each.digital else max(0, waits - each.supplied))
            assert each.surplus == max(0, each.supplied - waits)


def faults(refusal: ShopError) -> list[tuple[str, str]]:
    """What was wrong, and where the request said so."""
    return [(fault.code, fault.pointer) for fault in refusal.faults]
