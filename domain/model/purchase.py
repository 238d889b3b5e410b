"""Purchases: what customers took with them, and what they brought back (A68)."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from domain.model.article import Article, ArticleKind
from domain.model.booklaw import Buyer
from domain.model.order_line import OrderLine
from domain.model.prices import amount as owed
from domain.model.values import CustomerId, Ean, OrderId, PurchaseId, ReservationId, ThirdPartyId


class PurchaseSource(StrEnum):
    """What tells of a purchase; with its reference it is unique, so that nothing is told twice."""

    RESERVATION = "reservation"
    DELIVERY = "delivery"
    RETURN = "return"
    TILL = "till"
    INVOICE = "invoice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """One article bought; ``quantity`` and ``amount`` (euros, VAT included) are negative for copies brought back.

    ``customer_id`` None: a free name, whose order may be given to a card later (C12). ``net`` is the amount before VAT,
    ``list_price`` the publisher's price of one copy, VAT included. ``buyer`` is who the customer was to the law on that day;
    ``shipped``: sent to him. ``document`` is the ticket or the invoice. What was brought back ``undoes`` the purchase it was.
    ``sales_rep`` None: those of the customer's card (B16).
    """

    id: PurchaseId
    customer_id: CustomerId | None
    order_id: OrderId | None
    reservation_id: ReservationId | None
    at: datetime
    ean: Ean
    title: str
    quantity: int
    amount: Decimal
    net: Decimal
    list_price: Decimal
    vat_rate: Decimal
    source: PurchaseSource
    reference: str
    by: str
    author: str | None = None
    kind: ArticleKind = ArticleKind.BOOK
    digital: bool = False
    school_book: bool = False
    buyer: Buyer = Buyer.PRIVATE
    shipped: bool = False
    document: str | None = None
    sales_rep: ThirdPartyId | None = None
    undoes: PurchaseId | None = None

    @classmethod
    def of_line(
        cls,
        line: OrderLine,
        quantity: int,
        *,
        id: PurchaseId,  # noqa: A002 - the field's name
        customer_id: CustomerId | None,
        order_id: OrderId,
        reservation_id: ReservationId | None,
        at: datetime,
        source: PurchaseSource,
        reference: str,
        by: str,
        buyer: Buyer,
        shipped: bool,
        delivered: int | None = None,
        undoes: PurchaseId | None = None,
    ) -> "Purchase":
        """So many copies of a line were just delivered, or brought back (negative).

        What it cost is what the line owes for all that is delivered by now, less what it owed before: however the copies go,
        the purchases of a line add up to the cent. To be called once the quantities of the line are as they stay;
        ``delivered`` is what they were after these copies, where more followed at the same moment.
        """
        after = line.delivered if delivered is None else delivered
        now, before = line.owed_for(after), line.owed_for(after - quantity)
        return cls(
            id=id,
            customer_id=customer_id,
            order_id=order_id,
            reservation_id=reservation_id,
            at=at,
            ean=line.ean,
            title=line.title,
            quantity=quantity,
            amount=now.due - before.due,
            net=now.net - before.net,
            list_price=line.list_price,
            vat_rate=line.vat_rate,
            source=source,
            reference=reference,
            by=by,
            author=line.author,
            kind=line.kind,
            digital=line.digital,
            school_book=line.school_book,
            buyer=buyer,
            shipped=shipped,
            sales_rep=line.sales_rep,
            undoes=undoes,
        )

    @classmethod
    def of_kept(
        cls,
        article: Article,
        quantity: int,
        *,
        id: PurchaseId,  # noqa: A002 - the field's name
        customer_id: CustomerId | None,
        reservation_id: ReservationId,
        at: datetime,
        by: str,
        buyer: Buyer,
    ) -> "Purchase":
        """Copies kept without an order were collected, at the publisher's price."""
        gross = article.list_price * quantity
        return cls(
            id=id,
            customer_id=customer_id,
            order_id=None,
            reservation_id=reservation_id,
            at=at,
            ean=article.ean,
            title=article.title,
            quantity=quantity,
            amount=gross,
            net=owed(gross, article.vat_rate, exempt=False).net,
            list_price=article.list_price,
            vat_rate=article.vat_rate,
            source=PurchaseSource.RESERVATION,
            reference=reservation_id.hex,
            by=by,
            author=article.author,
            kind=article.kind,
            digital=article.digital,
            school_book=article.school_book,
            buyer=buyer,
        )
