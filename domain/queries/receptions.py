"""Receptions as they are read, and as they are proposed and told when copies come in."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from domain.model.reception import ReceptionKind
from domain.model.values import DossierId, Ean, ReceptionId, SupplierLineId, SupplierOrderId, ThirdPartyId
from domain.queries.pages import Count, Page, PageRequest
from domain.queries.reservations import ReservationView

SORTS = ("received_at",)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceptionFilter:
    """None leaves a criterion out. Instants are half-open."""

    kind: ReceptionKind | None = None
    supplier_id: ThirdPartyId | None = None
    supplier_order_id: SupplierOrderId | None = None
    ean: Ean | None = None
    received_from: datetime | None = None
    received_to: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceptionSummary:
    """A row of the list; quantities are copies."""

    id: ReceptionId
    kind: ReceptionKind
    supplier_id: ThirdPartyId | None
    supplier_name: str | None
    reference: str | None
    received_at: datetime
    titles: int
    quantity: int
    set_aside: int
    expected: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Copies of a reception that a line of a supplier order had asked for."""

    supplier_order_id: SupplierOrderId
    number: int
    line_id: SupplierLineId
    ean: Ean
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedLine:
    """What became of the copies of one article.

    ``asked`` says which supplier orders they were asked for on. ``reservations`` are told when they are made, not later.
    """

    ean: Ean
    title: str
    quantity: int
    set_aside: int
    asked: tuple[Asked, ...] = ()
    reservations: tuple[ReservationView, ...] = ()

    @property
    def to_stock(self) -> int:
        return self.quantity - self.set_aside

    @property
    def expected(self) -> int:
        return sum(each.quantity for each in self.asked)

    @property
    def unexpected(self) -> int:
        return self.quantity - self.expected


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceptionView:
    """``id`` None: only proposed, nothing was booked in."""

    id: ReceptionId | None
    kind: ReceptionKind
    supplier_id: ThirdPartyId | None
    reference: str | None
    received_at: datetime
    lines: tuple[ReceivedLine, ...]


class Ledger:
    """What was asked for of each article, given out to the lines of a reception one after the other."""

    def __init__(self, asked: list[Asked]) -> None:
        self._left = list(asked)

    def take(self, ean: Ean, copies: int) -> tuple[Asked, ...]:
        """Up to ``copies`` of what was asked for of the article and not yet taken."""
        taken: list[Asked] = []
        left: list[Asked] = []
        for each in self._left:
            part = min(copies, each.quantity) if each.ean == ean else 0
            copies -= part
            if part:
                taken.append(replace(each, quantity=part))
            if part < each.quantity:
                left.append(replace(each, quantity=each.quantity - part))
        self._left = left
        return tuple(taken)


class ReceptionReader(Protocol):
    async def by_id(self, dossier: DossierId, reception_id: ReceptionId) -> ReceptionView:
        """Raises ``NotFound``."""
        ...

    async def search(
        self, dossier: DossierId, wanted: ReceptionFilter, page: PageRequest
    ) -> Page[ReceptionSummary]: ...

    async def count(self, dossier: DossierId, wanted: ReceptionFilter) -> Count: ...
