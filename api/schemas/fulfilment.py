"""What happens to an order, on the wire: returns, remainders, the ledger of deposits, linked documents."""

from typing import Annotated

from pydantic import Field

from api.schemas.base import Closed, Line, Listing, Open, Quantity, Sum, UtcInstant, euros, open_choice, wire_id
from api.schemas.orders import LineKey
from domain.model.payment import DepositCause, PaymentMethod
from domain.model.values import LineId
from domain.queries.deposits import DepositView
from domain.queries.documents import DocumentKind, DocumentView


class ReturnedLine(Closed):
    """Copies of one line that came back."""

    line_id: LineKey
    quantity: Quantity = Field(examples=[1])


class ReturnCreate(Closed):
    """Delivered copies that came back.

    ``restock``: they go to the shelf again, else they are written off. ``replace``: the line waits for other copies, else
    they are cancelled.
    """

    lines: Annotated[list[ReturnedLine], Field(min_length=1, max_length=500)]
    restock: bool = Field(examples=[True])
    replace: bool = True
    reason: Line = Field(examples=["Défaut d'impression"])

    def quantities(self) -> dict[LineId, int]:
        """Copies per line; a line named twice brings both."""
        found: dict[LineId, int] = {}
        for line in self.lines:
            found[LineId(line.line_id)] = found.get(LineId(line.line_id), 0) + line.quantity
        return found


class RemainderCancel(Closed):
    """What is waited for no more; without ``line_ids`` all that the order still waits for."""

    line_ids: Annotated[list[LineKey], Field(min_length=1, max_length=500)] | None = None
    reason: Line = Field(examples=["Epuisé"])


class DepositEntry(Open):
    """An entry of the ledger of deposits (acomptes), signed: ``received`` and ``unused`` add, ``used`` and ``refunded`` take."""

    id: str = Field(examples=["dep_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    amount: Sum
    cause: open_choice(DepositCause)  # type: ignore[valid-type]
    method: open_choice(PaymentMethod) | None  # type: ignore[valid-type]
    at: UtcInstant
    by: str = Field(examples=["staff:019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    order_id: str
    order_number: int

    @classmethod
    def of(cls, view: DepositView) -> "DepositEntry":
        return cls(
            id=wire_id("dep", view.id),
            amount=euros(view.amount),
            cause=view.cause.value,
            method=view.method.value if view.method else None,
            at=view.at,
            by=view.by,
            order_id=wire_id("ord", view.order_id),
            order_number=view.order_number,
        )


class DepositPage(Listing[DepositEntry]):
    """The ledger of deposits of an order, oldest first: its sum is what no delivery has used."""


class CustomerDepositPage(Listing[DepositEntry]):
    """A customer's deposits, newest first; ``balance`` is what he can still use of all of them."""

    balance: Sum


class OrderDocument(Open):
    """A document that hangs together with an order (A26).

    ``url`` is where it is, null when it is not in this shop's file: a quote written elsewhere, a sum received.
    """

    kind: open_choice(DocumentKind)  # type: ignore[valid-type]
    reference: str | None = Field(examples=["812"])
    id: str | None
    at: UtcInstant
    url: str | None

    @classmethod
    def of(cls, view: DocumentView) -> "OrderDocument":
        prefix, url = _PLACES[view.kind]
        identifier = wire_id(prefix, view.id) if view.id else None
        return cls(
            kind=view.kind.value,
            reference=view.reference,
            id=identifier,
            at=view.at,
            url=url.format(identifier) if url and identifier else None,
        )


class OrderDocumentPage(Listing[OrderDocument]):
    """The documents linked to an order, oldest first."""


_PLACES: dict[DocumentKind, tuple[str, str | None]] = {
    DocumentKind.QUOTE: ("", None),
    DocumentKind.DELIVERY_NOTE: ("dln", "/v1/delivery-notes/{}/print.pdf"),
    DocumentKind.SUPPLIER_ORDER: ("sup", "/v1/supplier-orders/{}"),
    DocumentKind.RESERVATION_SLIP: ("rsv", "/v1/reservations/{}/slip.pdf"),
    DocumentKind.PAYMENT: ("pay", None),
}
