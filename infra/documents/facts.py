"""What stands on the A4 papers, and how it is worded: French dates, euros and percentages.

Nothing is worked out here but counts of copies and sums of what the paper itself lists; amounts are euros with two places.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from babel.numbers import format_decimal

from domain.model.values import NOTHING, Ean, cents

_HARD = "\u00a0"
"""French puts a space before °, % and €, which never ends a line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A name, and beneath it the lines of its address, as many as there are."""

    name: str
    lines: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VatSum:
    """VAT at one rate (percent): euros without it, and the VAT on them."""

    rate: Decimal
    net: Decimal
    vat: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What a paper comes to (A25), in euros.

    ``total`` = ``net`` + VAT, the delivery charge included; ``discount`` is what the customer was spared, VAT included.
    """

    net: Decimal
    vat: Sequence[VatSum]
    total: Decimal
    discount: Decimal = NOTHING
    delivery_charge: Decimal = NOTHING
    delivery_ruling: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperLine:
    """An article on a paper.

    ``unit_price`` and ``list_price`` are euros per copy, VAT included; ``discount`` and ``vat_rate`` are percent. ``amount``
    is what is owed for the line, without VAT for an exempt buyer. ``ruling`` says what the law made of the price.
    """

    ean: Ean
    title: str
    author: str | None = None
    publisher: str | None = None
    ordered: int
    unit_price: Decimal
    list_price: Decimal
    discount: Decimal | None = None
    vat_rate: Decimal
    amount: Decimal
    ruling: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPaperLine(PaperLine):
    """``served`` is rsvé: copies received for the customer, the delivered ones among them. ``answer`` is Réponse."""

    served: int
    cancelled: int = 0
    answer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotePaperLine(PaperLine):
    """``delivered`` goes with this note, ``remaining`` is the reliquat; ``order_number`` where a note gathers several."""

    delivered: int
    remaining: int
    order_number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What the customer order and the delivery note have in common.

    ``customer`` is whom it is sent to, ``billed`` who pays, None for the same (A22). ``comment`` comes before the lines
    (A21). ``vat_exemption`` is the mention of an exempt sale; with it amounts are owed without VAT.
    """

    shop: Party
    number: int
    date: date
    customer: Party
    customer_code: str | None = None
    billed: Party | None = None
    customer_reference: str | None = None
    comment: str | None = None
    mail_order: bool = False
    sales_reps: Sequence[str] = ()
    quote_reference: str | None = None
    origin: str | None = None
    vat_exemption: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPaper(Paper):
    """The customer order (A17). ``acompte`` was paid in advance, ``paid`` beside it, ``rest_due`` is left to pay."""

    status: str
    lines: Sequence[OrderPaperLine]
    totals: Totals
    acompte: Decimal = NOTHING
    paid: Decimal = NOTHING
    rest_due: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class NotePaper(Paper):
    """The delivery note (A18). Without ``totals`` it shows no price. ``remaining``: copies its orders still wait for."""

    order_numbers: Sequence[int]
    lines: Sequence[NotePaperLine]
    remaining: int
    totals: Totals | None = None


def day(when: date) -> str:
    return f"{when:%d/%m/%Y}"


def euros(amount: Decimal) -> str:
    """1 234,56 €, its spaces unbreakable."""
    return f"{format_decimal(cents(amount), '#,##0.00', locale='fr')}{_HARD}€"


def vat_rate(percent: Decimal) -> str:
    """5,50 %."""
    return f"{format_decimal(percent, '0.00', locale='fr')}{_HARD}%"


def discount_rate(percent: Decimal) -> str:
    """5 %, 4,75 %."""
    return f"{format_decimal(percent, '0.##', locale='fr')}{_HARD}%"


def copies(count: int) -> str:
    """0 exemplaire, 1 exemplaire, 2 exemplaires: the plural begins at two."""
    return f"{format_decimal(count, '#,##0', locale='fr')}{_HARD}exemplaire{'s' if count > 1 else ''}"


def order_facts(paper: OrderPaper) -> dict[str, object]:
    """The words of the customer order, for ``order.typ``."""
    served = sum(line.served for line in paper.lines)
    return {
        **_common(paper, "Commande client", _order_headings(paper)),
        "lines": [
            {**_line(line), "served": str(line.served), "answer": line.answer, "note": _cancelled(line)}
            for line in paper.lines
        ],
        "sums": _sums(paper, paper.totals, paper.lines, paid=_paid(paper)),
        "vat": _vat(paper, paper.totals),
        "remarks": [
            f"{copies(sum(line.ordered for line in paper.lines))} en commande, dont {served} servi{_s(served)}",
            *_saved(paper.totals),
        ],
    }


def note_facts(paper: NotePaper) -> dict[str, object]:
    """The words of the delivery note, for ``delivery_note.typ``."""
    delivered = sum(line.delivered for line in paper.lines)
    orders = len(paper.order_numbers)
    settled = f"Commande{_s(orders)} soldée{_s(orders)}"
    return {
        **_common(paper, "Bon de livraison", _note_headings(paper)),
        "lines": [
            {
                **_line(line),
                "delivered": str(line.delivered),
                "remaining": str(line.remaining) if line.remaining else "Soldée",
                "note": f"Commande n°{_HARD}{line.order_number}" if line.order_number is not None else None,
            }
            for line in paper.lines
        ],
        "priced": paper.totals is not None,
        "sums": _sums(paper, paper.totals, paper.lines) if paper.totals else [],
        "vat": _vat(paper, paper.totals) if paper.totals else [],
        "remarks": [
            f"{copies(delivered)} livré{_s(delivered)}",
            f"Reste à livrer : {copies(paper.remaining)}" if paper.remaining else settled,
            *(_saved(paper.totals) if paper.totals else ()),
        ],
    }


def _common(paper: Paper, kind: str, headings: Iterable[tuple[str, str | None]]) -> dict[str, object]:
    return {
        "title": f"{kind} n°{_HARD}{paper.number}",
        "date": day(paper.date),
        "shop": _party(paper.shop),
        "customer": _party(paper.customer),
        "billed": _party(paper.billed) if paper.billed else None,
        "mail_order": paper.mail_order,
        "headings": [(label, value) for label, value in headings if value],
        "comment": _paragraphs(paper.comment),
        "exemption": paper.vat_exemption,
    }


def _order_headings(paper: OrderPaper) -> list[tuple[str, str | None]]:
    return [
        ("Date", day(paper.date)),
        ("Client", paper.customer_code),
        ("Réf. commande", paper.customer_reference),
        ("Statut", paper.status),
        *_provenance(paper),
    ]


def _note_headings(paper: NotePaper) -> list[tuple[str, str | None]]:
    return [
        ("Date", day(paper.date)),
        (f"Commande{_s(len(paper.order_numbers))} n°", ", ".join(map(str, paper.order_numbers))),
        ("Client", paper.customer_code),
        ("Réf. commande", paper.customer_reference),
        *_provenance(paper),
    ]


def _provenance(paper: Paper) -> list[tuple[str, str | None]]:
    return [
        ("Devis", paper.quote_reference),
        ("Origine", paper.origin),
        ("Suivi par", ", ".join(paper.sales_reps)),
    ]


def _party(party: Party) -> dict[str, object]:
    return {"name": party.name, "lines": [line for line in party.lines if line.strip()]}


def _paragraphs(comment: str | None) -> list[str]:
    """The comment's lines; of empty lines in a row one is kept, none at either end."""
    kept: list[str] = []
    for line in (comment or "").strip().splitlines():
        if line.strip() or (kept and kept[-1]):
            kept.append(line.strip())
    return kept


def _line(line: PaperLine) -> dict[str, object]:
    return {
        "ean": line.ean,
        "title": line.title,
        "by": " · ".join(name for name in (line.author, line.publisher) if name),
        "ruling": line.ruling,
        "ordered": str(line.ordered),
        "unit_price": euros(line.unit_price),
        "list_price": euros(line.list_price) if line.list_price != line.unit_price else None,
        "discount": discount_rate(line.discount) if line.discount else None,
        "vat_rate": vat_rate(line.vat_rate),
        "amount": euros(line.amount),
    }


def _cancelled(line: OrderPaperLine) -> str | None:
    return f"{copies(line.cancelled)} annulé{_s(line.cancelled)}" if line.cancelled else None


def _sums(
    paper: Paper, totals: Totals, lines: Sequence[PaperLine], paid: Iterable[dict[str, object]] = ()
) -> list[dict[str, object]]:
    """The column of sums; ``strong`` ones are those that are paid."""
    exempt = paper.vat_exemption is not None
    sums: list[dict[str, object]] = []
    if totals.delivery_charge or totals.delivery_ruling:
        sums += [
            _sum("Articles", sum((line.amount for line in lines), NOTHING)),
            {**_sum("Frais de livraison", totals.delivery_charge), "note": totals.delivery_ruling},
        ]
    if not exempt:
        sums += [_sum("Total HT", totals.net), _sum("TVA", sum((each.vat for each in totals.vat), NOTHING))]
    sums.append(_sum("Total HT" if exempt else "Total TTC", totals.total, strong=True))
    return [*sums, *paid]


def _paid(paper: OrderPaper) -> list[dict[str, object]]:
    """A sum paid in advance is expressly an acompte, for else the law takes it for arrhes (R26, L214-1)."""
    if not paper.acompte and paper.rest_due == paper.totals.total:
        return []
    paid = [("Acompte versé", paper.acompte), ("Réglé", paper.paid)]
    return [*(_sum(label, amount) for label, amount in paid if amount), _sum("Reste dû", paper.rest_due, strong=True)]


def _sum(label: str, amount: Decimal, *, strong: bool = False) -> dict[str, object]:
    return {"label": label, "amount": euros(amount), "strong": strong, "note": None}


def _vat(paper: Paper, totals: Totals) -> list[tuple[str, str, str]]:
    """Nothing for an exempt buyer, who reads the mention instead."""
    if paper.vat_exemption is not None:
        return []
    return [(vat_rate(each.rate), euros(each.net), euros(each.vat)) for each in totals.vat]


def _saved(totals: Totals) -> list[str]:
    return [f"Remise accordée : {euros(totals.discount)}"] if totals.discount else []


def _s(count: int) -> str:
    return "s" if count > 1 else ""
