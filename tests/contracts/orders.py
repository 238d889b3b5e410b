"""What hangs on orders and on articles, one of each, for the tests that look at every table."""

from dataclasses import replace
from decimal import Decimal

from domain.model.answers import Answer, AnswerSource, LineAnswer
from domain.model.card import DiscountDetails, DiscountScope
from domain.model.category import Category, Level
from domain.model.delivery import DeliveryNote, NoteLine
from domain.model.message import Language, MessageEvent
from domain.model.order import CustomerOrder
from domain.model.payment import DepositCause, DepositEntry, PaymentMethod
from domain.model.reception import Reception, ReceptionKind, ReceptionLine
from domain.model.saved_list import SavedLine, SavedList
from domain.model.stocktaking import Finding, FindingKind, StockCheck
from domain.model.supply import SupplierLine, SupplierOrder, SupplyLink
from domain.model.values import (
    Contact,
    DeliveryNoteId,
    Ean,
    OrderId,
    ReceptionId,
    SavedListId,
    StockCheckId,
    SupplierLineId,
    SupplierOrderId,
)
from domain.model.wording import DEFAULTS
from domain.ports.messages import Job, JobKind
from domain.ports.orders import QueueChange
from tests.contracts import samples
from tests.contracts.cards import third_party
from tests.contracts.house import House
from tests.contracts.samples import NOW, committed

BY = "staff:1"


async def hang_on_order(house: House, order_id: OrderId) -> None:
    """A deposit, an answer, a delivery note, a supplier order with what came of it, a queue put in order, a list, a tariff."""
    async with committed(house) as work:
        order = await work.orders.get(order_id)
        line = order.lines[0]
        work.orders.add_deposit(
            DepositEntry(
                id=house.new_id(),
                order_id=order.id,
                amount=Decimal("5.00"),
                cause=DepositCause.RECEIVED,
                method=PaymentMethod.CASH,
                at=NOW,
                by=BY,
            )
        )
        said = Answer(code="6", label="Épuisé", source=AnswerSource.SHOP, at=NOW)
        work.orders.add_answer(LineAnswer(id=house.new_id(), order_id=order.id, line_id=line.id, answer=said, by=BY))
        work.delivery_notes.add(await _note(house, order, number=await work.delivery_notes.next_number()))
        kept = samples.reservation(house.new_id, order_id=order.id, line_id=line.id)
        work.reservations.add(kept)
        work.messages.add(samples.message(house.new_id, order_id=order.id, reservation_ids=(kept.id,)))
        shops_own = replace(DEFAULTS[MessageEvent.ARRIVAL, Language.FRENCH], sms="{librairie}", version=1)
        work.messages.put_template(shops_own, now=NOW)
        work.purchases.add([samples.purchase(house.new_id, order_id=order.id)])
        work.later(Job(kind=JobKind.SEND, subject=house.new_id().hex))
        supplier = third_party(house, code="F0000009")
        work.third_parties.add(supplier)
        asked = SupplierLine(
            id=SupplierLineId(house.new_id()),
            position=1,
            ean=line.ean,
            title=line.title,
            ordered=1,
            links=[
                SupplyLink(
                    order_id=order.id, line_id=line.id, order_number=order.number, name=order.contact.name, quantity=1
                )
            ],
        )
        work.supplier_orders.add(
            SupplierOrder(
                id=SupplierOrderId(house.new_id()),
                number=await work.supplier_orders.next_number(),
                supplier_id=supplier.id,
                supplier_name="GROSSISTE",
                reference=None,
                comment=None,
                created_at=NOW,
                updated_at=NOW,
                lines=[asked],
            )
        )
        work.receptions.add(
            Reception(
                id=ReceptionId(house.new_id()),
                kind=ReceptionKind.SHIPPING_NOTICE,
                supplier_id=supplier.id,
                reference="AE 1",
                received_at=NOW,
                by=BY,
                lines=(ReceptionLine(ean=line.ean, quantity=1, set_aside=0),),
                expected=((asked.id, 1),),
            )
        )
        work.orders.put_in_order(
            QueueChange(
                id=house.new_id(), ean=line.ean, before=(line.id,), after=(line.id,), reason="essai", at=NOW, by=BY
            )
        )
        work.categories.add(Category(code="LIV", label="Livres", level=Level.SHOP, parent=None, updated_at=NOW))
        work.saved_lists.add(_list(house, line.ean))
        await work.tariffs.replace("PUB", [DiscountDetails(scope=DiscountScope.ALL, percent=Decimal("5.00"))])
        work.stock_checks.add(
            StockCheck(
                id=StockCheckId(house.new_id()),
                at=NOW,
                by=BY,
                articles=1,
                findings=(Finding(kind=FindingKind.RESERVATIONS, ean=line.ean, title=line.title, expected=1, found=0),),
            )
        )


async def _note(house: House, order: CustomerOrder, *, number: int) -> DeliveryNote:
    line = order.lines[0]
    return DeliveryNote(
        id=DeliveryNoteId(house.new_id()),
        number=number,
        order_id=order.id,
        contact=Contact(name="MARTIN"),
        shipped=False,
        delivery_charge=Decimal("0.00"),
        charge_ruling=None,
        created_at=NOW,
        by=BY,
        lines=(
            NoteLine(
                line_id=line.id,
                position=1,
                ean=line.ean,
                title=line.title,
                quantity=1,
                unit_price=line.unit_price,
                vat_rate=line.vat_rate,
                exempt=False,
                left=0,
            ),
        ),
    )


def _list(house: House, ean: Ean) -> SavedList:
    return SavedList(
        id=SavedListId(house.new_id()),
        name="Rentrée",
        lines=(SavedLine(ean=ean, quantity=2),),
        created_at=NOW,
        updated_at=NOW,
    )
