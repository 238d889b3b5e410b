"""Supplier orders and untreated lines on the wire."""

import csv
import io
from typing import Annotated

from pydantic import Field

from api.schemas.base import (
    Closed,
    EanCode,
    Line,
    Listing,
    Open,
    Quantity,
    Text,
    UtcInstant,
    Word,
    open_choice,
    prefixed,
    wire_id,
)
from api.schemas.identities import ThirdPartyKey
from api.schemas.orders import LineAnswer, LineKey
from domain.model.order import Status
from domain.model.supply import SupplyState
from domain.queries.supply import SupplyLineView, SupplyLinkView, SupplySummary, SupplyView
from domain.queries.untreated import UntreatedLine as UntreatedView
from domain.usecases.answering import Answered, Said, ToldLine
from domain.usecases.raising import Wanted

SupplierOrderKey = prefixed("sup")
SupplierLineKey = prefixed("sln")


class WantedSupply(Closed):
    """A customer's line for which copies are asked; without ``quantity`` all that no supplier order brings."""

    line_id: LineKey
    quantity: Quantity | None = Field(default=None, examples=[None])

    def meant(self) -> Wanted:
        return Wanted(line_id=self.line_id, quantity=self.quantity)


class SupplierOrderCreate(Closed):
    """Lines chosen among the untreated ones. Without ``supplier_id`` each article's own supplier is asked (C6)."""

    lines: Annotated[list[WantedSupply], Field(min_length=1, max_length=500)]
    supplier_id: ThirdPartyKey | None = Field(default=None, examples=[None])
    new: bool = Field(default=False, description="True starts new orders; false joins the supplier's newest draft.")


class SupplierOrderOfOrder(Closed):
    """Commande Four: without ``line_ids`` all lines of the order (A19)."""

    supplier_id: ThirdPartyKey | None = Field(default=None, examples=[None])
    line_ids: Annotated[list[LineKey], Field(min_length=1, max_length=500)] | None = Field(
        default=None, examples=[None]
    )


class SupplierOrderPatch(Closed):
    """A merge patch (RFC 7396): an absent field stays, a null empties."""

    reference: Line | None = Field(default=None, examples=["CF-118"])
    comment: Text | None = Field(default=None, examples=["Par la tournée du mardi"])

    def changes(self) -> dict[str, str | None]:
        return {name: getattr(self, name) for name in self.model_fields_set}


class SupplierLineCreate(Closed):
    """Copies for the shelf."""

    ean: EanCode
    quantity: Quantity = Field(examples=[2])


class SupplierLinePatch(Closed):
    """Another quantity."""

    ordered: Quantity = Field(examples=[3])


class SupplierOrderCancel(Closed):
    """Why nothing is to come any more."""

    reason: Line = Field(examples=["Commandé ailleurs"])


class SupplierAnswer(Closed):
    """What the distributor says of a line. A code that the shop's table lacks is shown as ``label``, or as it is."""

    line_id: SupplierLineKey  # type: ignore[valid-type]
    code: Word = Field(examples=["07"])
    label: Line | None = Field(default=None, examples=[None])
    new_ean: EanCode | None = Field(default=None, examples=[None])

    def meant(self) -> Said:
        return Said(line_id=self.line_id, code=self.code, label=self.label, new_ean=self.new_ean)


class SupplierAnswersCreate(Closed):
    """Restes à livrer: what becomes of the copies that the supplier did not bring (A14)."""

    answers: Annotated[list[SupplierAnswer], Field(min_length=1, max_length=500)]


class SupplyLink(Open):
    """Copies of a supplier line that a customer's line waits for; ``open`` are still to come."""

    order_id: str
    order_number: int
    line_id: str
    name: str = Field(examples=["MARTIN"])
    quantity: int
    received: int
    open: int

    @classmethod
    def of(cls, view: SupplyLinkView) -> "SupplyLink":
        return cls(
            order_id=wire_id("ord", view.order_id),
            order_number=view.order_number,
            line_id=wire_id("lin", view.line_id),
            name=view.name,
            quantity=view.quantity,
            received=view.received,
            open=view.open,
        )


class SupplierLine(Open):
    """Copies of one article asked of a supplier; ``for_customers`` of those to come are waited for, the others are shelf stock."""

    id: str = Field(examples=["sln_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    position: int
    ean: str
    title: str
    ordered: int
    received: int
    cancelled: int
    outstanding: int
    for_customers: int
    answer: LineAnswer | None
    links: list[SupplyLink]

    @classmethod
    def of(cls, view: SupplyLineView) -> "SupplierLine":
        return cls(
            id=wire_id("sln", view.id),
            position=view.position,
            ean=view.ean,
            title=view.title,
            ordered=view.ordered,
            received=view.received,
            cancelled=view.cancelled,
            outstanding=view.outstanding,
            for_customers=view.for_customers,
            answer=LineAnswer.of(view.answer) if view.answer else None,
            links=[SupplyLink.of(link) for link in view.links],
        )


class SupplierOrder(Open):
    """A supplier order whole; ``quantity`` and ``received`` are copies over all its lines."""

    id: str = Field(examples=["sup_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    number: int = Field(examples=[118])
    supplier_id: str
    supplier_name: str = Field(examples=["SODIS"])
    reference: str | None
    comment: str | None
    state: open_choice(SupplyState)  # type: ignore[valid-type]
    created_at: UtcInstant
    updated_at: UtcInstant
    validated_at: UtcInstant | None
    cancelled_at: UtcInstant | None
    cancel_reason: str | None
    version: int
    quantity: int
    received: int
    order_file_url: str
    lines: list[SupplierLine]

    @classmethod
    def of(cls, view: SupplyView) -> "SupplierOrder":
        return cls(**_fields(view))


class AnsweredLine(Open):
    """A customer's line that got the answer, and whom to tell."""

    order_id: str
    order_number: int
    line_id: str
    name: str

    @classmethod
    def of(cls, view: ToldLine) -> "AnsweredLine":
        return cls(
            order_id=wire_id("ord", view.order_id),
            order_number=view.order_number,
            line_id=wire_id("lin", view.line_id),
            name=view.name,
        )


class AnsweredSupplierOrder(SupplierOrder):
    """A supplier order after its restes à livrer were validated; ``told`` are the customers' lines that got an answer."""

    told: list[AnsweredLine]

    @classmethod
    def heard(cls, done: Answered) -> "AnsweredSupplierOrder":
        return cls(**_fields(done.supply), told=[AnsweredLine.of(line) for line in done.told])


def _fields(view: SupplyView) -> dict[str, object]:
    identifier = wire_id("sup", view.id)
    return {
        "id": identifier,
        "number": view.number,
        "supplier_id": wire_id("tpa", view.supplier_id),
        "supplier_name": view.supplier_name,
        "reference": view.reference,
        "comment": view.comment,
        "state": view.state.value,
        "created_at": view.created_at,
        "updated_at": view.updated_at,
        "validated_at": view.validated_at,
        "cancelled_at": view.cancelled_at,
        "cancel_reason": view.cancel_reason,
        "version": view.version,
        "quantity": view.quantity,
        "received": view.received,
        "order_file_url": f"/v1/supplier-orders/{identifier}/order-file.csv",
        "lines": [SupplierLine.of(line) for line in view.lines],
    }


class RaisedSupplierOrders(Open):
    """The supplier orders on which copies were asked for, one for each supplier."""

    items: list[SupplierOrder]


class SupplierOrderSummary(Open):
    """A row of the list: titles, and copies asked for, come, still to come, and waited for by customers."""

    id: str
    number: int
    supplier_id: str
    supplier_name: str
    reference: str | None
    state: open_choice(SupplyState)  # type: ignore[valid-type]
    created_at: UtcInstant
    validated_at: UtcInstant | None
    titles: int
    quantity: int
    received: int
    outstanding: int
    for_customers: int
    version: int

    @classmethod
    def of(cls, view: SupplySummary) -> "SupplierOrderSummary":
        return cls(
            id=wire_id("sup", view.id),
            number=view.number,
            supplier_id=wire_id("tpa", view.supplier_id),
            supplier_name=view.supplier_name,
            reference=view.reference,
            state=view.state.value,
            created_at=view.created_at,
            validated_at=view.validated_at,
            titles=view.titles,
            quantity=view.quantity,
            received=view.received,
            outstanding=view.outstanding,
            for_customers=view.for_customers,
            version=view.version,
        )


class SupplierOrderPage(Listing[SupplierOrderSummary]):
    """One page of supplier orders."""


class UntreatedLine(Open):
    """A customer's line that waits for more copies than supplier orders bring (A30); ``available`` are on the shelf."""

    line_id: str
    order_id: str
    order_number: int
    order_status: open_choice(Status)  # type: ignore[valid-type]
    customer_code: str | None
    name: str
    mail_order: bool
    created_at: UtcInstant
    ean: str
    title: str
    author: str | None
    publisher: str | None
    category: str | None
    supplier_id: str | None
    supplier_name: str | None
    ordered: int
    reserved: int
    outstanding: int
    supplied: int
    unsupplied: int
    available: int
    suspended_until: str | None
    answer: LineAnswer | None

    @classmethod
    def of(cls, view: UntreatedView) -> "UntreatedLine":
        return cls(
            line_id=wire_id("lin", view.line_id),
            order_id=wire_id("ord", view.order_id),
            order_number=view.order_number,
            order_status=view.order_status.value,
            customer_code=view.customer_code,
            name=view.name,
            mail_order=view.mail_order,
            created_at=view.created_at,
            ean=view.ean,
            title=view.title,
            author=view.author,
            publisher=view.publisher,
            category=view.category,
            supplier_id=wire_id("tpa", view.supplier_id) if view.supplier_id else None,
            supplier_name=view.supplier_name,
            ordered=view.ordered,
            reserved=view.reserved,
            outstanding=view.outstanding,
            supplied=view.supplied,
            unsupplied=view.unsupplied,
            available=view.available,
            suspended_until=view.suspended_until.isoformat() if view.suspended_until else None,
            answer=LineAnswer.of(view.answer) if view.answer else None,
        )


class UntreatedLinePage(Listing[UntreatedLine]):
    """One page of untreated lines."""


def order_file(view: SupplyView) -> bytes:
    """What is sent to the distributor: EAN and copies asked for, one article a line, after a line that names them."""
    text = io.StringIO(newline="")
    rows = csv.writer(text, delimiter=";", lineterminator="\r\n")
    rows.writerow(["EAN", "quantité"])
    rows.writerows([line.ean, asked] for line in view.lines if (asked := line.ordered - line.cancelled) > 0)
    return text.getvalue().encode()
