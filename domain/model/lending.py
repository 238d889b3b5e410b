"""The lending right (droit de prêt): what a bookshop declares to SOFIA, and owes, for books sold to lending libraries (R13, R14)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from domain.errors import Invalid
from domain.model.identifiers import gln
from domain.model.prices import WHOLE
from domain.model.prices import amount as owed
from domain.model.values import NOTHING, CustomerId, Ean, PurchaseId, cents

LENDING_RIGHT: tuple[tuple[date, Decimal], ...] = ((date(2003, 8, 1), Decimal("6.00")),)
"""Percent of the public price without VAT that the supplier owes, each from its day on (R13)."""


def lending_right(on: date) -> Decimal | None:
    """The percent in force on that day; None before there was any."""
    return next((percent for since, percent in reversed(LENDING_RIGHT) if since <= on), None)


def gln_of(gencod: str | None) -> str | None:
    """The gencod of a library's card where it can be its GLN; numbers that begin with 2 are a shop's own (GS1)."""
    if gencod is None or gencod.startswith("2"):
        return None
    try:
        return gln(gencod)
    except Invalid:
        return None


class Untold(StrEnum):
    """Why a purchase cannot be declared: it has no invoice, or its card is one the caller may not see (B30)."""

    NO_DOCUMENT = "no-document"
    CONFIDENTIAL = "confidential"


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """A lending library as its card says. ``hidden``: the caller may not see the card."""

    id: CustomerId
    name: str
    gln: str | None
    siret: str | None
    hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryPurchase:
    """A new printed book sold to a lending library, or brought back (negative ``quantity``). Euros.

    ``gross`` is what was paid, VAT included; ``list_price`` the publisher's price of one copy, VAT included. ``on`` is the
    business day, ``issued_on`` that of the invoice where the shop has it.
    """

    id: PurchaseId
    at: datetime
    on: date
    library: Library
    document: str | None
    issued_on: date | None
    ean: Ean
    title: str
    quantity: int
    gross: Decimal
    net: Decimal
    list_price: Decimal
    vat_rate: Decimal

    @property
    def list_net(self) -> Decimal:
        """The public price of its copies without VAT, rounded once (as a line of an order is)."""
        return owed(self.list_price * self.quantity, self.vat_rate, exempt=False).net


@dataclass(frozen=True, slots=True, kw_only=True)
class LendingSums:
    """Books of the lending right: copies, what they cost, their public price without VAT, and what is due of it; euros."""

    copies: int = 0
    net: Decimal = NOTHING
    gross: Decimal = NOTHING
    list_net: Decimal = NOTHING
    due: Decimal = NOTHING

    @property
    def vat(self) -> Decimal:
        return self.gross - self.net


@dataclass(frozen=True, slots=True, kw_only=True)
class LendingItem:
    """The books of one invoice, or of one credit note (negative)."""

    library: Library
    document: str
    issued_on: date
    sums: LendingSums


@dataclass(frozen=True, slots=True, kw_only=True)
class LendingDeclaration:
    """Items by the number of their invoice, what could not be declared and why, and the total of the items."""

    items: tuple[LendingItem, ...]
    missing: tuple[tuple[LibraryPurchase, Untold], ...]
    total: LendingSums


def declaration(purchases: Sequence[LibraryPurchase]) -> LendingDeclaration:
    """What is declared of these purchases: what is due is rounded once an invoice, and the total is the sum of those.

    An invoice that the shop does not have is of the day of its first purchase. What was sold before the law is left out.
    """
    invoices: dict[tuple[str, CustomerId], list[LibraryPurchase]] = {}
    missing = []
    for each in sorted(purchases, key=lambda each: (each.at, each.id)):
        if lending_right(each.on) is None:
            continue
        if each.library.hidden:
            missing.append((each, Untold.CONFIDENTIAL))
        elif each.document is None:
            missing.append((each, Untold.NO_DOCUMENT))
        else:
            invoices.setdefault((each.document, each.library.id), []).append(each)
    items = tuple(_item(document, invoices[document, library]) for document, library in sorted(invoices))
    return LendingDeclaration(items=items, missing=tuple(missing), total=_added(item.sums for item in items))


def _item(document: str, purchases: Sequence[LibraryPurchase]) -> LendingItem:
    first = purchases[0]
    priced = [(each.list_net, lending_right(each.on) or NOTHING) for each in purchases]
    return LendingItem(
        library=first.library,
        document=document,
        issued_on=first.issued_on or first.on,
        sums=LendingSums(
            copies=sum(each.quantity for each in purchases),
            net=sum((each.net for each in purchases), NOTHING),
            gross=sum((each.gross for each in purchases), NOTHING),
            list_net=sum((list_net for list_net, _ in priced), NOTHING),
            due=cents(sum((list_net * percent for list_net, percent in priced), NOTHING) / WHOLE),
        ),
    )


def _added(parts: Iterable[LendingSums]) -> LendingSums:
    each = list(parts)
    return LendingSums(
        copies=sum(part.copies for part in each),
        net=sum((part.net for part in each), NOTHING),
        gross=sum((part.gross for part in each), NOTHING),
        list_net=sum((part.list_net for part in each), NOTHING),
        due=sum((part.due for part in each), NOTHING),
    )
