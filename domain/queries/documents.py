"""The documents that hang together with an order (A26), and what stands on its printed form (A17)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from domain.model.values import DossierId, OrderId
from domain.queries.orders import OrderView


class DocumentKind(StrEnum):
    """What an order can have beside it; the quote is its origin."""

    QUOTE = "quote"
    DELIVERY_NOTE = "delivery_note"
    SUPPLIER_ORDER = "supplier_order"
    RESERVATION_SLIP = "reservation_slip"
    PAYMENT = "payment"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentView:
    """``reference`` is what people call it: its number, the title on the slip, the cheque's number.

    ``id`` None: the document itself is not in the shop's database, as a quote written elsewhere.
    """

    kind: DocumentKind
    reference: str | None
    id: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What stands above a document and is not on its order: the shop as its company file has it, and names.

    ``address`` is as typed, several lines. ``sales_reps`` are those of the lines, and of the customer's card where a line
    names none (B16); ``attention`` is the contact person chosen for the order.
    """

    shop: str
    address: str
    time_zone: str
    sales_reps: tuple[str, ...]
    attention: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderSheet:
    """All that stands on a printed order."""

    heading: Heading
    order: OrderView


class DocumentReader(Protocol):
    """Reads committed orders of one dossier."""

    async def of_order(self, dossier: DossierId, order_id: OrderId) -> list[DocumentView]:
        """Oldest first. Raises ``NotFound``."""
        ...

    async def order_sheet(self, dossier: DossierId, order_id: OrderId) -> OrderSheet:
        """Raises ``NotFound``."""
        ...
