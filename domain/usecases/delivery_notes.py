"""Delivering with a note (bon de livraison, A18); the note of a mail order is a parcel."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from domain.events import EventType
from domain.model.access import Caller
from domain.model.booklaw import Buyer, buyer_of
from domain.model.customer import BackOrders, Customer
from domain.model.delivery import DeliveryNote, NoteLine
from domain.model.order import CustomerOrder
from domain.model.prices import Ruling
from domain.model.settings import DossierSettings
from domain.model.values import NOTHING, DeliveryNoteId, LineId, OrderId, Party
from domain.ports.answers import Once, Told
from domain.ports.unit_of_work import UnitOfWork
from domain.queries.delivery_notes import NoteView, note_view
from domain.usecases.fulfilment import deliver, lock_with_stock
from domain.usecases.stockroom import Stockroom
from domain.usecases.work import Surroundings, expect, told, until_done


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedNote:
    """What goes with the note, None for all that is set aside and the digital lines; and what its parcel is charged.

    ``delivery_charge`` in euros VAT included; None: the order's own charge for the first parcel, then the least lawful one.
    """

    quantities: Mapping[LineId, int] | None
    delivery_charge: Decimal | None


@dataclass(frozen=True, slots=True)
class DeliveryNotes:
    around: Surroundings

    async def write(
        self, *, by: Caller, order_id: OrderId, version: int, wanted: WantedNote, once: Once[NoteView]
    ) -> Told:
        """Deliver, and write it down in a note.

        Each parcel bears at least the lawful charge (trade R4, R5); what it bears beyond the order's own charge is added to
        that. Raises ``StaleVersion``, ``OrderClosed``, ``NothingToDeliver``, ``OutOfStock`` naming every short line.
        """

        async def attempt() -> Told:
            now = self.around.clock()
            async with self.around.begin(by.dossier, by.client) as work:
                if (before := await work.claim(once)) is not None:
                    return before
                order, shelves = await lock_with_stock(work, order_id)
                expect(order.version, version)
                customer = await work.customers.get(order.customer_id) if order.customer_id else None
                settings = await work.references.settings()
                copies = order.deliverable() if wanted.quantities is None else wanted.quantities
                charge, ruling = await self._charge(work, by, order, customer, settings, wanted, copies)
                room = Stockroom(around=self.around, work=work, by=by, now=now)
                keeps = order.back_orders and _notes_keep_back_orders(customer, settings)
                handed = await deliver(room, order, shelves, copies, back_orders=keeps)
                note = DeliveryNote(
                    id=DeliveryNoteId(self.around.new_id()),
                    number=await work.delivery_notes.next_number(),
                    order_id=order.id,
                    contact=order.contact,
                    shipped=_ships(order, copies),
                    delivery_charge=charge,
                    charge_ruling=ruling,
                    created_at=now,
                    by=by.client,
                    lines=_note_lines(order, handed),
                )
                work.delivery_notes.add(note)
                work.orders.save(order)
                work.emit(self.around.order_event(EventType.ORDER_DELIVERED, order, by, now))
                return await told(work, once, note_view(note, order))

        return await until_done(attempt)

    async def _charge(
        self,
        work: UnitOfWork,
        by: Caller,
        order: CustomerOrder,
        customer: Customer | None,
        settings: DossierSettings,
        wanted: WantedNote,
        copies: Mapping[LineId, int],
    ) -> tuple[Decimal, Ruling | None]:
        """What this note bears, and what the law made of it; written on the order before its copies are counted."""
        going = [(line, copies[line.id]) for line in order.lines if copies.get(line.id)]
        physical = any(not line.digital for line, _ in going)
        begun = any(line.delivered and not line.digital for line in order.lines)
        first = physical and not begun and not await work.delivery_notes.parcels(order.id)
        asked = wanted.delivery_charge
        if asked is None and first:
            if order.external is not None:
                return order.delivery_charge, order.charge_ruling  # as the web shop sold it
            asked = order.delivery_charge
        charge, ruling = settings.book_law.delivery_charge(
            asked=asked,
            shipped=_ships(order, copies),
            buyer=await _buyer(work, customer),
            new_books=sum((line.unit_price * copies for line, copies in going if line.new_book), NOTHING),
            has_new_books=any(line.new_book for line, _ in going),
            copies=sum(line.ordered - line.cancelled for line in order.lines),
            on=self.around.today(by.dossier),
        )
        if first and charge == order.delivery_charge:
            return charge, ruling or order.charge_ruling
        order.charge_parcel(charge, ruling, first=first)
        return charge, ruling


def _ships(order: CustomerOrder, copies: Mapping[LineId, int]) -> bool:
    """Whether a parcel leaves: a digital copy of a mail order does not go by post."""
    return order.mail_order and any(copies.get(line.id) and not line.digital for line in order.lines)


async def _buyer(work: UnitOfWork, customer: Customer | None) -> Buyer:
    if customer is None:
        return Buyer.PRIVATE
    return buyer_of(customer.details, await work.discounts.of(Party.customer(customer.id)))


def _notes_keep_back_orders(customer: Customer | None, settings: DossierSettings) -> bool:
    """Whether a note leaves a reliquat: as the customer's card says, else the company file (B27)."""
    rule = customer.details.back_orders.delivery_notes if customer else BackOrders.INHERIT
    if rule is BackOrders.INHERIT:
        return settings.back_orders_delivery_notes
    return rule is BackOrders.YES


def _note_lines(order: CustomerOrder, handed: Mapping[LineId, int]) -> tuple[NoteLine, ...]:
    return tuple(
        NoteLine(
            line_id=line.id,
            position=line.position,
            ean=line.ean,
            title=line.title,
            quantity=handed[line.id],
            unit_price=line.unit_price,
            vat_rate=line.vat_rate,
            exempt=line.exempt,
            left=line.ordered - line.cancelled - line.delivered,
        )
        for line in sorted(order.lines, key=lambda each: each.position)
        if line.id in handed
    )
