"""Commandes non traitées: the lines whose copies no supplier order will bring (A30 to A32)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from domain.model.answers import Answer
from domain.model.order import Status
from domain.model.values import DossierId, Ean, LineId, OrderId, ThirdPartyId
from domain.queries.pages import Count, Page, PageRequest

SORTS = ("created_at", "number", "title", "ean", "name", "supplier")


@dataclass(frozen=True, slots=True, kw_only=True)
class UntreatedFilter:
    """None leaves a criterion out; no category is every article (A31), one is all below it too.

    Instants are half-open and of the order's creation. ``blocked`` True shows orders at BL alone, False leaves them out (O5).
    ``words`` begin words of the title or of the author.
    """

    created_from: datetime | None = None
    created_to: datetime | None = None
    categories: tuple[str, ...] = ()
    blocked: bool | None = None
    supplier_id: ThirdPartyId | None = None
    ean: Ean | None = None
    words: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UntreatedLine:
    """A line that waits for more copies than supplier orders bring; ``available`` are copies on the shelf."""

    line_id: LineId
    order_id: OrderId
    order_number: int
    order_status: Status
    customer_code: str | None
    name: str
    mail_order: bool
    created_at: datetime
    ean: Ean
    title: str
    author: str | None
    publisher: str | None
    category: str | None
    supplier_id: ThirdPartyId | None
    supplier_name: str | None
    ordered: int
    reserved: int
    outstanding: int
    supplied: int
    unsupplied: int
    available: int
    suspended_until: date | None
    answer: Answer | None


class UntreatedReader(Protocol):
    async def search(self, dossier: DossierId, wanted: UntreatedFilter, page: PageRequest) -> Page[UntreatedLine]: ...

    async def count(self, dossier: DossierId, wanted: UntreatedFilter) -> Count: ...
