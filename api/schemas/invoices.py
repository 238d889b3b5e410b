"""Invoices from outside, on the wire (A52)."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints

from api.schemas.base import (
    Closed,
    Day,
    Instant,
    Listing,
    Money,
    Open,
    SignedMoney,
    Sum,
    Text,
    UtcInstant,
    euros,
    open_choice,
    wire_id,
)
from api.schemas.identities import Code, CustomerKey
from domain.errors import Fault, Invalid, ShopError
from domain.model.invoice import InvoiceState
from domain.model.values import CustomerId
from domain.queries.invoices import InvoiceView, UnpaidSum
from domain.usecases.invoices import InvoiceJudged, InvoiceOutcome, ToldInvoice

InvoiceNumber = Annotated[str, StringConstraints(pattern="^[A-Za-z0-9._~:@-]{1,60}$")]
"""The number that the other program gave: no slash, so that it is one segment of a path."""
MOST = 1000


class InvoicePut(Closed):
    """An invoice, or a credit note with a negative `total`, as the other program tells of it.

    The customer by `customer_id`, else by `customer_code`. `billed_to_id` null: who his card says is invoiced. What is older
    by its `updated_at` than what is known changes nothing.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "if": {"required": ["customer_id"], "properties": {"customer_id": {"type": "string"}}},
            "else": {"required": ["customer_code"], "properties": {"customer_code": {"type": "string"}}},
        }
    )

    customer_id: CustomerKey | None = Field(default=None, examples=[None])
    customer_code: Code | None = Field(default=None, examples=["C000123"])
    billed_to_id: CustomerKey | None = Field(default=None, examples=[None])
    issued_on: Day
    due_on: Day
    total: SignedMoney = Field(examples=[{"amount": "118.40", "currency": "EUR"}])
    paid: SignedMoney = Field(
        default_factory=lambda: SignedMoney.model_validate({"amount": "0.00"}),
        examples=[{"amount": "0.00", "currency": "EUR"}],
    )
    state: Literal["awaited", "promised", "disputed", "bill", "doubtful"] = Field(
        default="awaited", examples=["awaited"]
    )
    comment: Text | None = Field(default=None, examples=[None])
    updated_at: Instant | None = None

    def told(self, number: str, *, pointer: str = "") -> ToldInvoice:
        """What is told, of the invoice of this number. Raises ``Invalid`` when no customer is named."""
        customer = CustomerId(self.customer_id) if self.customer_id else self.customer_code
        if customer is None:
            raise Invalid(faults=[Fault("missing", f"{pointer}/customer_code")])
        return ToldInvoice(
            number=number,
            customer=customer,
            issued_on=self.issued_on,
            due_on=self.due_on,
            total=self.total.amount,
            paid=self.paid.amount,
            billed_to=CustomerId(self.billed_to_id) if self.billed_to_id else None,
            state=InvoiceState(self.state),
            comment=self.comment,
            updated_at=self.updated_at,
        )


class InvoiceInput(InvoicePut):
    """An invoice among many, with its number."""

    number: InvoiceNumber = Field(examples=["F2026-0815"])


class InvoicesPut(Closed):
    """Invoices of which each is judged alone, in their order."""

    invoices: Annotated[list[InvoiceInput], Field(min_length=1, max_length=MOST)]

    def told(self) -> Sequence[ToldInvoice]:
        return [each.told(each.number, pointer=f"/invoices/{index}") for index, each in enumerate(self.invoices)]


class InvoicePaymentCreate(Closed):
    """Money received for an invoice; for a credit note, money given back."""

    amount: Money = Field(examples=[{"amount": "50.00", "currency": "EUR"}])


class InvoiceReminded(Open):
    """The last step of which a reminder told, and when."""

    step: int = Field(examples=[1])
    at: UtcInstant


class Invoice(Open):
    """An invoice of another program. `payer` is who pays what is billed, and is reminded of it (B22)."""

    id: str = Field(examples=["inv_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    number: str = Field(examples=["F2026-0815"])
    customer_id: str
    customer_code: str
    customer_name: str
    billed_to_id: str
    billed_to_name: str
    payer_id: str
    payer_name: str
    issued_on: date
    due_on: date
    total: Sum
    paid: Sum
    unpaid: Sum = Field(description="Negative: to be given back.")
    state: open_choice(InvoiceState)  # type: ignore[valid-type]
    overdue_days: int = Field(examples=[0], description="Since the day it was due; 0 when it is not.")
    reminded: InvoiceReminded | None
    comment: str | None
    updated_at: UtcInstant
    version: int = Field(examples=[1])

    @classmethod
    def of(cls, view: InvoiceView) -> "Invoice":
        return cls(
            id=wire_id("inv", view.id),
            number=view.number,
            customer_id=wire_id("cus", view.customer.id),
            customer_code=view.customer.code,
            customer_name=view.customer.name,
            billed_to_id=wire_id("cus", view.billed.id),
            billed_to_name=view.billed.name,
            payer_id=wire_id("cus", view.payer.id),
            payer_name=view.payer.name,
            issued_on=view.issued_on,
            due_on=view.due_on,
            total=euros(view.total),
            paid=euros(view.paid),
            unpaid=euros(view.unpaid),
            state=view.state.value,
            overdue_days=view.overdue_days,
            reminded=InvoiceReminded(step=view.reminded.step, at=view.reminded.at) if view.reminded else None,
            comment=view.comment,
            updated_at=view.updated_at,
            version=view.version,
        )


class InvoicePage(Listing[Invoice]):
    """One page of invoices."""


class InvoiceRefusal(Open):
    """Why an invoice was not taken: the code of a problem, and where in the invoice."""

    code: str = Field(examples=["unknown-party"])
    detail: str
    pointer: str = Field(examples=["/customer_code"])


class InvoiceBatchItem(Open):
    """What became of one invoice; `known`: it told nothing new, or something older."""

    number: str = Field(examples=["F2026-0815"])
    outcome: open_choice(InvoiceOutcome)  # type: ignore[valid-type]
    invoice_id: str | None
    problem: InvoiceRefusal | None


class InvoiceBatch(Open):
    """What became of each invoice, in the order in which they were told of."""

    created: int = Field(examples=[1])
    updated: int = Field(examples=[0])
    known: int = Field(examples=[0])
    refused: int = Field(examples=[0])
    items: list[InvoiceBatchItem]

    @classmethod
    def of(cls, judged: Sequence[InvoiceJudged], word: Callable[[ShopError], tuple[str, str]]) -> "InvoiceBatch":
        """``word`` gives a refusal its detail and its pointer."""
        items = []
        for each in judged:
            problem = None
            if each.refusal is not None:
                detail, pointer = word(each.refusal)
                problem = InvoiceRefusal(code=each.refusal.code, detail=detail, pointer=pointer)
            items.append(
                InvoiceBatchItem(
                    number=each.number,
                    outcome=each.outcome.value,
                    invoice_id=wire_id("inv", each.invoice_id) if each.invoice_id else None,
                    problem=problem,
                )
            )
        counts = {outcome.value: sum(each.outcome is outcome for each in judged) for outcome in InvoiceOutcome}
        return cls(items=items, **counts)


class UnpaidSummary(Open):
    """How many invoices of the selection are not paid, and what is to be paid of them; credit notes take away."""

    count: int = Field(examples=[3])
    unpaid: Sum

    @classmethod
    def of(cls, found: UnpaidSum) -> "UnpaidSummary":
        return cls(count=found.count, unpaid=euros(found.unpaid))
