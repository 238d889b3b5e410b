"""Supplier orders as they are read, and whom their copies are for."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from domain.model.answers import Answer
from domain.model.supply import SupplierLine, SupplierOrder, SupplyState
from domain.model.values import DossierId, Ean, LineId, OrderId, SupplierLineId, SupplierOrderId, ThirdPartyId
from domain.queries.pages import Count, Page, PageRequest

SORTS = ("created_at", "number", "supplier", "state")
LATE_AFTER = timedelta(days=14)
"""A supplier order sent so long ago of which something is still to come is late."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyFilter:
    """None leaves a criterion out. Instants are half-open; ``late`` compares with what was sent before ``late_before``."""

    states: tuple[SupplyState, ...] = ()
    supplier_id: ThirdPartyId | None = None
    ean: Ean | None = None
    number: int | None = None
    order_id: OrderId | None = None
    created_from: datetime | None = None
    created_to: datetime | None = None
    late: bool | None = None
    late_before: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplySummary:
    """A row of the list: copies asked for, come and still to come, and how many of these are for customers."""

    id: SupplierOrderId
    number: int
    supplier_id: ThirdPartyId
    supplier_name: str
    reference: str | None
    state: SupplyState
    created_at: datetime
    validated_at: datetime | None
    titles: int
    quantity: int
    received: int
    outstanding: int
    for_customers: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyLinkView:
    order_id: OrderId
    order_number: int
    line_id: LineId
    name: str
    quantity: int
    received: int
    open: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyLineView:
    """``for_customers``: copies still to come that customers wait for; the others are for the shelf."""

    id: SupplierLineId
    position: int
    ean: Ean
    title: str
    ordered: int
    received: int
    cancelled: int
    outstanding: int
    for_customers: int
    answer: Answer | None
    links: tuple[SupplyLinkView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyView:
    """``quantity`` and ``received`` are copies over all lines."""

    id: SupplierOrderId
    number: int
    supplier_id: ThirdPartyId
    supplier_name: str
    reference: str | None
    comment: str | None
    state: SupplyState
    created_at: datetime
    updated_at: datetime
    validated_at: datetime | None
    cancelled_at: datetime | None
    cancel_reason: str | None
    version: int
    quantity: int
    received: int
    lines: tuple[SupplyLineView, ...]


def supply_view(order: SupplierOrder) -> SupplyView:
    """The one way in which a supplier order is shown."""
    return SupplyView(
        id=order.id,
        number=order.number,
        supplier_id=order.supplier_id,
        supplier_name=order.supplier_name,
        reference=order.reference,
        comment=order.comment,
        state=order.state,
        created_at=order.created_at,
        updated_at=order.updated_at,
        validated_at=order.validated_at,
        cancelled_at=order.cancelled_at,
        cancel_reason=order.cancel_reason,
        version=order.version,
        quantity=sum(line.ordered for line in order.lines),
        received=sum(line.received for line in order.lines),
        lines=tuple(_line_view(line) for line in sorted(order.lines, key=lambda each: each.position)),
    )


def _line_view(line: SupplierLine) -> SupplyLineView:
    return SupplyLineView(
        id=line.id,
        position=line.position,
        ean=line.ean,
        title=line.title,
        ordered=line.ordered,
        received=line.received,
        cancelled=line.cancelled,
        outstanding=line.outstanding,
        for_customers=line.linked,
        answer=line.answer,
        links=tuple(
            SupplyLinkView(
                order_id=link.order_id,
                order_number=link.order_number,
                line_id=link.line_id,
                name=link.name,
                quantity=link.quantity,
                received=link.received,
                open=link.open,
            )
            for link in line.links
        ),
    )


class SupplyReader(Protocol):
    async def by_id(self, dossier: DossierId, supplier_order_id: SupplierOrderId) -> SupplyView:
        """Raises ``NotFound``."""
        ...

    async def search(self, dossier: DossierId, wanted: SupplyFilter, page: PageRequest) -> Page[SupplySummary]: ...

    async def count(self, dossier: DossierId, wanted: SupplyFilter) -> Count: ...
