"""What customers bought, on the wire."""

from pydantic import Field

from api.schemas.base import Listing, Open, Sum, UtcInstant, euros, open_choice, percent, wire_id
from domain.model.purchase import PurchaseSource
from domain.queries.purchases import PurchaseView


class Purchase(Open):
    """One article bought, or brought back where ``quantity`` and ``amount`` are negative (A68).

    ``amount`` is what the copies cost, VAT included unless the order is exempt. Without an order they were kept by hand.
    """

    id: str = Field(examples=["pur_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    at: UtcInstant
    ean: str
    title: str
    quantity: int = Field(examples=[1])
    amount: Sum
    vat_rate: str = Field(examples=["5.50"])
    source: open_choice(PurchaseSource)  # type: ignore[valid-type]
    order_id: str | None
    order_number: int | None

    @classmethod
    def of(cls, view: PurchaseView) -> "Purchase":
        return cls(
            id=wire_id("pur", view.id),
            at=view.at,
            ean=view.ean,
            title=view.title,
            quantity=view.quantity,
            amount=euros(view.amount),
            vat_rate=percent(view.vat_rate),
            source=view.source.value,
            order_id=wire_id("ord", view.order_id) if view.order_id else None,
            order_number=view.order_number,
        )


class PurchasePage(Listing[Purchase]):
    """One page of purchases."""
