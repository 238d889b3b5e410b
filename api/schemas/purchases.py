"""What customers bought, on the wire."""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from api.schemas.base import (
    LINE,
    Closed,
    EanCode,
    Instant,
    Line,
    Listing,
    Money,
    Open,
    Rate,
    SignedMoney,
    Sum,
    UtcInstant,
    euros,
    open_choice,
    percent,
    whole,
    wire_id,
)
from api.schemas.identities import Barcode, Code, CustomerKey
from domain.model.purchase import PurchaseSource
from domain.model.values import CustomerId
from domain.queries.purchases import PurchaseView
from domain.usecases.recording import Outcome, Recorded, ToldPurchase

MOST_LINES = 1000
SignedQuantity = Annotated[
    int, Field(ge=-9999, le=9999, description="Not 0; negative: brought back."), BeforeValidator(whole)
]
LongLine = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=LINE)]


class Purchase(Open):
    """One article bought, or brought back where ``quantity`` and ``amount`` are negative (A68).

    ``amount`` is what the copies cost, VAT included unless the order is exempt. Without an order they were kept by hand, or a
    till or an invoice told of them. ``loyalty`` is what it earned on the card, net of what was taken back.
    """

    id: str = Field(examples=["pur_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    at: UtcInstant
    ean: str
    title: str
    author: str | None
    quantity: int = Field(examples=[1])
    amount: Sum
    net: Sum
    list_price: Sum
    vat_rate: str = Field(examples=["5.50"])
    source: open_choice(PurchaseSource)  # type: ignore[valid-type]
    document: str | None = Field(description="The ticket or the invoice.", examples=["T1-1187"])
    shipped: bool
    undoes_id: str | None = Field(description="The purchase that was brought back.")
    loyalty: Sum
    order_id: str | None
    order_number: int | None

    @classmethod
    def of(cls, view: PurchaseView) -> "Purchase":
        return cls(
            id=wire_id("pur", view.id),
            at=view.at,
            ean=view.ean,
            title=view.title,
            author=view.author,
            quantity=view.quantity,
            amount=euros(view.amount),
            net=euros(view.net),
            list_price=euros(view.list_price),
            vat_rate=percent(view.vat_rate),
            source=view.source.value,
            document=view.document,
            shipped=view.shipped,
            undoes_id=wire_id("pur", view.undoes_id) if view.undoes_id else None,
            loyalty=euros(view.loyalty),
            order_id=wire_id("ord", view.order_id) if view.order_id else None,
            order_number=view.order_number,
        )


class PurchasePage(Listing[Purchase]):
    """One page of purchases."""


class PurchaseInput(Closed):
    """A line of a ticket or of an invoice of a known customer, named in one of the three ways.

    ``reference`` is the sender's own id of the line, unique with its ``source``. ``title``, ``list_price`` and ``vat_rate``
    are needed only where the shop has no such article.
    """

    reference: Line = Field(examples=["T1-1187/1"])
    source: Literal["till", "invoice"] = Field(examples=["till"])
    at: Instant
    customer_id: CustomerKey | None = Field(default=None, examples=[None])
    customer_code: Code | None = Field(default=None, examples=["C0000042"])
    fidelity_number: Barcode | None = Field(default=None, examples=[None])
    ean: EanCode
    quantity: SignedQuantity = Field(examples=[1])
    amount: SignedMoney = Field(examples=[{"amount": "12.00", "currency": "EUR"}])
    title: LongLine | None = Field(default=None, examples=[None])
    author: Line | None = Field(default=None, examples=[None])
    vat_rate: Rate | None = Field(default=None, examples=[None])
    list_price: Money | None = Field(default=None, examples=[None])
    document: Line | None = Field(default=None, examples=["T1-1187"])
    shipped: bool = Field(default=False, examples=[False])
    undoes: Line | None = Field(
        default=None, description="The reference, of the same source, of what is brought back.", examples=[None]
    )

    def meant(self) -> ToldPurchase:
        return ToldPurchase(
            reference=self.reference,
            source=PurchaseSource(self.source),
            at=self.at,
            customer_id=CustomerId(self.customer_id) if self.customer_id else None,
            customer_code=self.customer_code,
            fidelity_number=self.fidelity_number,
            ean=self.ean,
            quantity=self.quantity,
            amount=self.amount.amount,
            title=self.title,
            author=self.author,
            vat_rate=self.vat_rate,
            list_price=self.list_price.amount if self.list_price else None,
            document=self.document,
            shipped=self.shipped,
            undoes=self.undoes,
        )


class PurchaseBatchCreate(Closed):
    """Lines of tickets and invoices, each judged alone."""

    purchases: Annotated[list[PurchaseInput], Field(min_length=1, max_length=MOST_LINES)]

    def meant(self) -> list[ToldPurchase]:
        return [each.meant() for each in self.purchases]


class PurchaseProblem(Open):
    """Why a line was refused; ``pointer`` is RFC 6901 into the body."""

    code: str = Field(examples=["unknown-customer"])
    detail: str
    pointer: str = Field(examples=["/purchases/0/customer_code"])


class PurchaseOutcome(Open):
    """What became of one line; ``loyalty`` is what it earned, or what was taken back, null where nothing was written."""

    reference: str
    outcome: open_choice(Outcome)  # type: ignore[valid-type]
    purchase_id: str | None
    loyalty: Sum | None
    problem: PurchaseProblem | None

    @classmethod
    def of(cls, line: Recorded, detail: str | None) -> "PurchaseOutcome":
        problem = None
        if line.problem is not None and detail is not None:
            problem = PurchaseProblem(code=line.problem.code, detail=detail, pointer=line.problem.pointer)
        return cls(
            reference=line.reference,
            outcome=line.outcome.value,
            purchase_id=wire_id("pur", line.purchase_id) if line.purchase_id else None,
            loyalty=euros(line.loyalty) if line.loyalty is not None else None,
            problem=problem,
        )


class PurchaseBatch(Open):
    """What became of each line, in the order they were sent."""

    created: int = Field(examples=[1])
    known: int = Field(examples=[0])
    refused: int = Field(examples=[0])
    items: list[PurchaseOutcome]

    @classmethod
    def of(cls, lines: Sequence[Recorded], details: Sequence[str | None]) -> "PurchaseBatch":
        outcomes = [line.outcome for line in lines]
        return cls(
            created=outcomes.count(Outcome.CREATED),
            known=outcomes.count(Outcome.KNOWN),
            refused=outcomes.count(Outcome.REFUSED),
            items=[PurchaseOutcome.of(*each) for each in zip(lines, details, strict=True)],
        )
