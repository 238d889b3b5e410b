"""Records with every field filled, and a unit of work that commits."""

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from domain.events import Event, EventType
from domain.model.answers import Answer, AnswerSource, Effect
from domain.model.article import Article, ArticleKind, Cause, Movement, StockLevel
from domain.model.card import Purpose
from domain.model.customer import CardOrigin, Customer, CustomerDetails, Kind, Light
from domain.model.message import Language, Message, MessageChannel, MessageEvent, Words
from domain.model.order import Billing, CustomerOrder, External, Origin
from domain.model.order_line import OrderLine, number_lines
from domain.model.payment import Payment, PaymentKind, PaymentMethod, PaymentState
from domain.model.prices import PriceSource, Ruling
from domain.model.purchase import Purchase, PurchaseSource
from domain.model.reservation import CancelRequest, Reservation
from domain.model.values import (
    AddressId,
    ChannelId,
    Contact,
    CustomerId,
    Ean,
    LineId,
    MessageId,
    OrderId,
    PostalAddress,
    PurchaseId,
    ReservationId,
)
from domain.ports.answers import Once, Told
from domain.ports.unit_of_work import UnitOfWork
from tests.contracts.house import House

EANS = [Ean(text) for text in ("9782092512746", "9782211038614", "9782364744103", "9782364749276", "9791094908020")]
"""Five books, in ascending order."""
EBOOK = Ean("9782211217088")
NOW = datetime(2026, 3, 2, 9, 30, 0, 987654, tzinfo=UTC)

NewId = Callable[[], UUID]


def article(ean: Ean = EANS[0], *, digital: bool = False, title: str = "Le bouton de la sorcière") -> Article:
    return Article(
        ean=ean,
        title=title,
        author="Rosalinde Bonnet",
        publisher="NATHAN",
        list_price=Decimal("10.00"),
        vat_rate=Decimal("5.50"),
        digital=digital,
        weight_g=290,
        updated_at=NOW,
    )


def line(new_id: NewId, *, ean: Ean = EANS[0], ordered: int = 1, digital: bool = False, **more: Any) -> OrderLine:
    return OrderLine(
        id=LineId(new_id()),
        position=0,
        ean=ean,
        title="Le bouton de la sorcière",
        author="Rosalinde Bonnet",
        publisher=None,
        digital=digital,
        ordered=ordered,
        unit_price=Decimal("9.50"),
        list_price=Decimal("10.00"),
        vat_rate=Decimal("5.50"),
        **more,
    )


def order(
    new_id: NewId,
    lines: Iterable[OrderLine],
    *,
    number: int = 46407,
    created_at: datetime = NOW,
    name: str = "Maison des tout petits",
    **more: Any,
) -> CustomerOrder:
    return CustomerOrder(
        id=OrderId(new_id()),
        number=number,
        contact=Contact(name=name),
        created_at=created_at,
        updated_at=created_at,
        lines=number_lines(lines),
        **{
            "customer_id": None,
            "customer_code": None,
            "customer_reference": None,
            "comment": None,
            "origin": Origin.COUNTER,
            "mail_order": False,
            "vat_exempt": False,
            "external": None,
            "payment_state": PaymentState.NONE,
            "delivery_charge": Decimal("0.00"),
            **more,
        },
    )


def external(channel_id: ChannelId, name: str = "WEB-1") -> External:
    return External(
        channel_id=channel_id, channel="boutique", id=name, fingerprint=b"\x00\xff\x10digest", updated_at=NOW
    )


def full_order(new_id: NewId, *, channel_id: ChannelId, customer_id: CustomerId) -> CustomerOrder:
    """A web order with every field filled, and lines of every kind."""
    said = Answer(
        code="09",
        label="Épuisé",
        source=AnswerSource.DISTRIBUTOR,
        at=NOW + timedelta(microseconds=1),
        effect=Effect.MOVE,
        new_ean=EANS[2],
    )
    ruling = Ruling(rule="R1", asked=Decimal("8.00"), reason="Loi « Lang » : 5 %", reason_en="No more than 5 %")
    lines = [
        line(
            new_id,
            ordered=9,
            cancelled=2,
            dropped=1,
            set_aside=2,
            delivered=3,
            supplied=2,
            cancel_reason="Épuisé d'après l'éditeur",
            answer=said,
            exempt=True,
            school_book=True,
            price_source=PriceSource.DISCOUNT,
            ruling=ruling,
            earns_loyalty=True,
        ),
        line(new_id, ean=EANS[1], exempt=True, kind=ArticleKind.USED_BOOK, suspended_until=date(2026, 12, 20)),
        line(new_id, ean=EBOOK, digital=True, exempt=True),
    ]
    taken = order(
        new_id,
        lines,
        name="Œuvres l'Été & Cie",
        customer_id=customer_id,
        customer_code="C0000042",
        customer_reference="BC n°118 / é",
        comment='Prévenir le soir\n"avant" \\ 19 h — 日本',
        origin=Origin.WEB,
        mail_order=True,
        vat_exempt=True,
        external=external(channel_id),
        payment_state=PaymentState.AWAITED,
        delivery_charge=Decimal("3.01"),
        warnings=["Code feu orange", "à voir"],
        billing=Billing(
            customer_id=customer_id,
            customer_code="C0000042",
            name="Mairie de l'Œuf",
            address=PostalAddress(street="Place de l'Été", postal_code="44000", town="Nantes"),
            address_id=AddressId(new_id()),
        ),
        back_orders=False,
        charge_ruling=replace(ruling, rule="R4", asked=Decimal("0.00")),
        quote_reference="DEV-2026-7 é",
        paid=Decimal("12.50"),
        deposit=Decimal("12.50"),
        deposit_used=Decimal("2.25"),
        refunded=Decimal("1.10"),
    )
    taken.contact = Contact(
        name="Œuvres l'Été & Cie",
        title="Mme",
        first_name="Zoë",
        email="zoe@example.org",
        phone="+33 2 40 00 00 00",
        address=PostalAddress(
            street="1 rue de l'Œuf", complement="Bât. B", postal_code="44000", town="Nantes", country="BE"
        ),
    )
    return taken


def payment(new_id: NewId, order_id: OrderId, *, amount: str = "12.50", kind: str = "deposit") -> Payment:
    return Payment(
        id=new_id(),
        order_id=order_id,
        amount=Decimal(amount),
        kind=PaymentKind(kind),
        method=PaymentMethod.CHEQUE,
        reference="n° 7",
        at=NOW,
    )


def customer(new_id: NewId, *, code: str = "C0000042", barcode: str | None = "0042", name: str = "Durand") -> Customer:
    details = CustomerDetails(
        name=name,
        kind=Kind.ORGANISATION,
        title="M.",
        first_name="Jean-Noël",
        barcode=barcode,
        email="Jean@Example.org",
        phone="02 40 00 00 00",
        fax="0240000001",
        no_sms=True,
        address=PostalAddress(street="2 quai", complement="3e", postal_code="44000", town="Nantes", country="FR"),
        mail_order=True,
        collectivity=True,
        lending_library=True,
        vat_exempt=True,
        on_account=True,
        comment="Sonner",
        birth_date=date(1970, 2, 28),
        fidelity_active=True,
        fidelity_started_on=date(2019, 12, 10),
        light=Light.ORANGE,
        light_message="Chèque revenu",
        closed_on=date(2099, 1, 1),
    )
    return Customer(
        id=CustomerId(new_id()),
        code=code,
        details=details,
        origin=CardOrigin.COUNTER,
        approved_at=NOW,
        created_at=NOW,
        updated_at=NOW,
    )


def reservation(new_id: NewId, **more: Any) -> Reservation:
    return Reservation(
        id=ReservationId(new_id()),
        **{
            "ean": EANS[0],
            "title": "Le bouton de la sorcière",
            "digital": False,
            "quantity": 2,
            "customer_id": None,
            "name": "Zoë",
            "order_id": None,
            "line_id": None,
            "place": "Casier 4",
            "set_aside_at": NOW,
            "pickup_deadline": date(2026, 3, 16),
            "email": "zoe@example.org",
            "phone": "06 06 06 06 07",
            "slip_printed_at": NOW,
            "cancel_request": CancelRequest(at=NOW, by="key:1", reason="Trop tard"),
            **more,
        },
    )


def message(new_id: NewId, **more: Any) -> Message:
    identifier = MessageId(new_id())
    return Message(
        id=identifier,
        **{
            "customer_id": None,
            "name": "Zoë",
            "channel": MessageChannel.EMAIL,
            "address": "zoe@example.org",
            "language": Language.ENGLISH,
            "purpose": Purpose.ORDER_ARRIVAL,
            "event": MessageEvent.ARRIVAL,
            "key": identifier.hex,
            "day": NOW.date(),
            "words": Words(subject="Vos livres", body="Ils sont arrivés.\n"),
            "reservation_ids": (),
            "order_id": None,
            "created_at": NOW,
            "send_after": NOW + timedelta(minutes=15),
            "by": "staff:1",
            "attempts": 2,
            "error": "421 later",
            **more,
        },
    )


def purchase(new_id: NewId, **more: Any) -> Purchase:
    identifier = PurchaseId(new_id())
    return Purchase(
        id=identifier,
        **{
            "customer_id": None,
            "order_id": None,
            "reservation_id": None,
            "at": NOW,
            "ean": EANS[0],
            "title": "Le bouton de la sorcière",
            "quantity": -1,
            "amount": Decimal("-12.20"),
            "net": Decimal("-11.56"),
            "list_price": Decimal("12.20"),
            "vat_rate": Decimal("5.50"),
            "source": PurchaseSource.RETURN,
            "reference": identifier.hex,
            "by": "staff:1",
            **more,
        },
    )


def movement(new_id: NewId, **more: Any) -> Movement:
    plain = {"ean": EANS[0], "available": 3, "set_aside": 0, "cause": Cause.ADJUST, "reason": "Inventaire"}
    return Movement(id=new_id(), **{**plain, "reservation_id": None, "at": NOW, "by": "staff:1", **more})


def event(new_id: NewId, subject: UUID, *, version: int = 1) -> Event:
    return Event(
        id=new_id(),
        type=EventType.ORDER_CREATED,
        subject=subject,
        version=version,
        at=NOW,
        by="key:1",
        data={"name": 'É "x"', "order_number": 7, "nothing": None},
    )


def once(key: str = "k-1", *, client: str = "staff:1", fingerprint: bytes = b"\x00print") -> Once[object]:
    return Once(key=key, client=client, fingerprint=fingerprint, tell=lambda _: Told(status=200, body=b"{}"))


@asynccontextmanager
async def committed(house: House) -> AsyncIterator[UnitOfWork]:
    """A unit of work of the house's own dossier that is committed at the end."""
    async with house.begin(house.dossier) as work:
        yield work
        await work.commit()


async def stocked(house: House, *, copies: int = 0, eans: Sequence[Ean] = (*EANS, EBOOK)) -> None:
    """The catalogue, with so many copies of each book."""
    async with committed(house) as work:
        for ean in eans:
            await work.articles.put(article(ean, digital=ean == EBOOK))
    if not copies:
        return
    async with committed(house) as work:
        for shelf in (await work.stock.lock(eans)).values():
            shelf.stock = StockLevel(ean=shelf.stock.ean, available=copies, set_aside=0)
            work.stock.save(shelf.stock)
            work.stock.add_movement(movement(house.new_id, ean=shelf.stock.ean, available=copies))


def plain(record: object) -> object:
    """A record as nested tuples: equal exactly when every field is."""
    if is_dataclass(record) and not isinstance(record, type):
        return (type(record).__name__, *((each.name, plain(getattr(record, each.name))) for each in fields(record)))
    if isinstance(record, (list, tuple)):
        return [plain(each) for each in record]
    return record


async def taken(house: House, order: CustomerOrder) -> CustomerOrder:
    async with committed(house) as work:
        work.orders.add(order)
        work.emit(event(house.new_id, order.id))
    return order


async def loaded(house: House, order_id: OrderId) -> CustomerOrder:
    async with house.begin(house.dossier) as work:
        return await work.orders.get(order_id)
