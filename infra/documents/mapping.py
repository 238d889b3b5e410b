"""From what the shop knows of an order or a note to the words on its A4 paper."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from domain.model.delivery import DeliveryNote, NoteLine
from domain.model.order import Origin, Status
from domain.model.postal import HOME, address_lines
from domain.model.prices import WHOLE, VatTotal
from domain.model.pricing import discounted
from domain.model.values import NOTHING, Contact, PostalAddress, cents
from domain.queries.delivery_notes import NoteSheet
from domain.queries.documents import Heading, OrderSheet
from domain.queries.orders import LineView, OrderView
from infra.directory import Directory
from infra.documents.facts import (
    NotePaper,
    NotePaperLine,
    OrderPaper,
    OrderPaperLine,
    Party,
    Totals,
    VatSum,
)

STATUS = {
    Status.OPEN: "Ouverte",
    Status.PARTLY_DELIVERED: "Livrée partiellement",
    Status.DELIVERED: "Livrée totalement",
    Status.CANCELLED: "Annulée",
    Status.BLOCKED: "Bloquée (VPC non réglée)",
}
ORIGIN = {
    Origin.ARTICLE: "Article",
    Origin.SAVED_LIST: "Liste mémorisée",
    Origin.WEB: "Internet",
    Origin.QUOTE: "Devis",
    Origin.COUNTER: "Comptoir",
}
EXEMPT = "Exonération de TVA"


def order_paper(sheet: OrderSheet) -> OrderPaper:
    """The customer order (A17)."""
    order, heading = sheet.order, sheet.heading
    goods = sum((line.amount for line in order.lines), NOTHING)
    return OrderPaper(
        shop=_shop(heading),
        number=order.number,
        date=_day(order.created_at, heading),
        customer=_addressee(order.contact, heading.attention),
        customer_code=order.customer_code,
        billed=_billed(order),
        customer_reference=order.customer_reference,
        comment=order.comment,
        mail_order=order.mail_order,
        sales_reps=heading.sales_reps,
        quote_reference=order.quote_reference,
        origin=_origin(order),
        vat_exemption=EXEMPT if order.vat_exempt else None,
        status=STATUS[order.status],
        lines=[_order_line(line) for line in order.lines],
        totals=Totals(
            net=sum((each.net for each in order.vat_totals), NOTHING),
            vat=_vat(order.vat_totals),
            total=order.total,
            discount=order.discount,
            delivery_charge=order.total - goods,
            delivery_ruling=order.charge_ruling.reason if order.charge_ruling else None,
        ),
        acompte=order.deposit,
        paid=order.paid - order.deposit,
        rest_due=order.due,
    )


def note_paper(sheet: NoteSheet) -> NotePaper:
    """The delivery note (A18); what its order still waits for is as the order is by now."""
    order, heading, note = sheet.order, sheet.heading, sheet.note
    lines = [_note_line(line, sheet.ordered(line)) for line in note.lines]
    named = {line.line_id for line in note.lines}
    return NotePaper(
        shop=_shop(heading),
        number=note.number,
        date=_day(note.created_at, heading),
        customer=_addressee(note.contact, heading.attention),
        customer_code=order.customer_code,
        billed=_billed(order),
        customer_reference=order.customer_reference,
        comment=order.comment,
        mail_order=note.shipped,
        sales_reps=heading.sales_reps,
        quote_reference=order.quote_reference,
        origin=_origin(order),
        vat_exemption=EXEMPT if any(line.exempt for line in note.lines) else None,
        order_numbers=[order.number],
        lines=lines,
        remaining=sum(line.left for line in note.lines)
        + sum(line.outstanding + line.set_aside for line in order.lines if line.id not in named),
        totals=_note_totals(note, lines),
    )


def _shop(heading: Heading) -> Party:
    return Party(name=heading.shop, lines=heading.address.splitlines())


def _addressee(contact: Contact, attention: str | None) -> Party:
    """Whom it is for and where (NF Z10-011), and the person there it is meant for."""
    name = " ".join(part for part in (contact.title, contact.first_name, contact.name) if part)
    first, *rest = _postal(contact.address, name)
    lines = [first, *rest] if first != name else rest
    meant = [f"À l'attention de {attention}"] if attention and attention != name else []
    return Party(name=name, lines=[*meant, *lines])


def _billed(order: OrderView) -> Party | None:
    if order.billing is None:
        return None
    first, *rest = _postal(order.billing.address, order.billing.name)
    return Party(name=order.billing.name, lines=[first, *rest] if first != order.billing.name else rest)


def _postal(address: PostalAddress, name: str) -> list[str]:
    country = address.country.strip().upper()
    abroad = Directory().country_name(country) if country and country != HOME else None
    return address_lines(address, name=name, country_name=abroad) or [name]


def _origin(order: OrderView) -> str:
    return f"{ORIGIN[order.origin]} ({order.channel})" if order.channel else ORIGIN[order.origin]


def _day(at: datetime, heading: Heading) -> date:
    return at.astimezone(ZoneInfo(heading.time_zone)).date()


def _order_line(line: LineView) -> OrderPaperLine:
    return OrderPaperLine(
        ean=line.ean,
        title=line.title,
        author=line.author,
        publisher=line.publisher,
        ordered=line.ordered,
        served=line.set_aside + line.delivered,
        cancelled=line.cancelled,
        answer=line.answer.label if line.answer else None,
        unit_price=line.unit_price,
        list_price=line.list_price,
        discount=percent_off(line.list_price, line.unit_price),
        vat_rate=line.vat_rate,
        amount=line.amount,
        ruling=line.ruling.reason if line.ruling else None,
    )


def _note_line(line: NoteLine, ordered: LineView | None) -> NotePaperLine:
    """``ordered`` is the order's line by now; None once it is gone, and the note tells all that is known."""
    return NotePaperLine(
        ean=line.ean,
        title=line.title,
        author=ordered.author if ordered else None,
        publisher=ordered.publisher if ordered else None,
        ordered=ordered.ordered if ordered else line.quantity + line.left,
        delivered=line.quantity,
        remaining=line.left,
        unit_price=line.unit_price,
        list_price=ordered.list_price if ordered else line.unit_price,
        discount=percent_off(ordered.list_price, line.unit_price) if ordered else None,
        vat_rate=line.vat_rate,
        amount=line.owed.due,
        ruling=ordered.ruling.reason if ordered and ordered.ruling else None,
    )


def _note_totals(note: DeliveryNote, lines: Iterable[NotePaperLine]) -> Totals:
    return Totals(
        net=sum((each.net for each in note.vat_totals), NOTHING),
        vat=_vat(note.vat_totals),
        total=note.total,
        discount=sum((max(line.list_price - line.unit_price, NOTHING) * line.delivered for line in lines), NOTHING),
        delivery_charge=note.charge.due,
        delivery_ruling=note.charge_ruling.reason if note.charge_ruling else None,
    )


def _vat(totals: Iterable[VatTotal]) -> list[VatSum]:
    return [VatSum(rate=each.rate, net=each.net, vat=each.vat) for each in totals]


def percent_off(list_price: Decimal, unit_price: Decimal) -> Decimal | None:
    """The discount in percent that explains the price, with as few decimals as do; None at the publisher's price.

    >>> percent_off(Decimal("12.50"), Decimal("11.38"))  # 8.96 %, but 9 % rounds to it
    Decimal('9')
    """
    if unit_price >= list_price:
        return None
    exact = (list_price - unit_price) * WHOLE / list_price
    for places in (0, 1):
        rounded = round(exact, places)
        if cents(discounted(list_price, rounded)) == unit_price:
            return rounded
    return cents(exact)
