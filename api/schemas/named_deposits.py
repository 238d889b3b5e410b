"""Deposits by name (acomptes nominatifs), on the wire (A66)."""

from typing import Literal

from pydantic import Field

from api.schemas.base import Closed, Line, Listing, Money, Open, Sum, UtcInstant, euros, open_choice, wire_id
from domain.model.named_deposit import NamedDepositCause
from domain.model.payment import PaymentMethod
from domain.queries.named_deposits import NamedDepositBalance, NamedDepositView
from domain.usecases.named_deposits import LeftByName


class NamedDepositCreate(Closed):
    """Money that a customer leaves for any of his orders, or takes back."""

    amount: Money = Field(examples=[{"amount": "50.00", "currency": "EUR"}])
    kind: Literal["received", "refunded"] = Field(examples=["received"])
    method: Literal["cheque", "card", "cash", "transfer", "other"] = Field(examples=["cheque"])
    reference: Line | None = Field(default=None, examples=["Chèque 0001234"])

    def meant(self) -> LeftByName:
        return LeftByName(
            amount=self.amount.amount,
            refunded=self.kind == "refunded",
            method=PaymentMethod(self.method),
            reference=self.reference,
        )


class OrderNamedDepositCreate(Closed):
    """`use` takes of the deposit by name of the order's customer, `return` gives back by name what came so and is left."""

    amount: Money = Field(examples=[{"amount": "12.00", "currency": "EUR"}])
    direction: Literal["use", "return"] = Field(examples=["use"])


class NamedDeposit(Open):
    """What a customer can use of what he left."""

    customer_id: str = Field(examples=["cus_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    balance: Sum

    @classmethod
    def of(cls, view: NamedDepositBalance) -> "NamedDeposit":
        return cls(customer_id=wire_id("cus", view.customer_id), balance=euros(view.balance))


class NamedDepositEntry(Open):
    """An entry of the ledger, signed: `received` and `returned` add, `used` and `refunded` take; `balance` is after it."""

    id: str = Field(examples=["nde_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    at: UtcInstant
    amount: Sum
    cause: open_choice(NamedDepositCause)  # type: ignore[valid-type]
    method: open_choice(PaymentMethod) | None  # type: ignore[valid-type]
    order_id: str | None
    order_number: int | None
    reference: str | None
    by: str = Field(examples=["staff:019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    balance: Sum

    @classmethod
    def of(cls, view: NamedDepositView) -> "NamedDepositEntry":
        return cls(
            id=wire_id("nde", view.id),
            at=view.at,
            amount=euros(view.amount),
            cause=view.cause.value,
            method=view.method.value if view.method else None,
            order_id=wire_id("ord", view.order_id) if view.order_id else None,
            order_number=view.order_number,
            reference=view.reference,
            by=view.by,
            balance=euros(view.balance),
        )


class NamedDepositPage(Listing[NamedDepositEntry]):
    """The ledger of a deposit by name, newest first; ``balance`` is what can be used now."""

    balance: Sum
