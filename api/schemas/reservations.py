"""Reservations and scans on the wire."""

from datetime import date
from typing import Annotated

from pydantic import ConfigDict, Field

from api.schemas.articles import Article
from api.schemas.base import (
    Closed,
    EanCode,
    Line,
    Listing,
    Open,
    Quantity,
    UtcInstant,
    Word,
    open_choice,
    prefixed,
    wire_id,
)
from api.schemas.identities import CustomerKey
from api.schemas.orders import ContactInput, LineKey, OrderKey, OrderLine, OrderSummary
from domain.model.order import Status
from domain.model.reservation import State
from domain.queries.reservations import ReservationView
from domain.usecases.reservations import ByHand
from domain.usecases.scans import Scanned

ReservationKey = prefixed("rsv")


class Reservation(Open):
    """A kept copy: the order's number, status and mail_order are null without an order behind it (A37)."""

    id: str = Field(examples=["rsv_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    set_aside_at: UtcInstant
    ean: str
    title: str
    order_id: str | None
    order_number: int | None
    order_status: open_choice(Status) | None  # type: ignore[valid-type]
    line_id: str | None
    mail_order: bool | None
    digital: bool
    customer_id: str | None
    customer_code: str | None
    customer_name: str
    quantity: int
    state: open_choice(State)  # type: ignore[valid-type]
    place: str | None
    pickup_deadline: str = Field(examples=["2026-12-05"])
    expired: bool
    ended_at: UtcInstant | None
    end_reason: str | None
    slip_url: str
    version: int
    warnings: list[str] = Field(default_factory=list, description="Told once, when made by hand.", examples=[[]])

    @classmethod
    def of(cls, view: ReservationView, *, today: date) -> "Reservation":
        kept = view.state is State.SET_ASIDE
        identifier = wire_id("rsv", view.id)
        return cls(
            id=identifier,
            set_aside_at=view.set_aside_at,
            ean=view.ean,
            title=view.title,
            order_id=wire_id("ord", view.order_id) if view.order_id else None,
            order_number=view.order_number,
            order_status=view.order_status.value if view.order_status else None,
            line_id=wire_id("lin", view.line_id) if view.line_id else None,
            mail_order=view.mail_order,
            digital=view.digital,
            customer_id=wire_id("cus", view.customer_id) if view.customer_id else None,
            customer_code=view.customer_code,
            customer_name=view.customer_name,
            quantity=view.quantity,
            state=view.state.value,
            place=view.place,
            pickup_deadline=view.pickup_deadline.isoformat(),
            expired=kept and view.pickup_deadline < today,
            ended_at=view.ended_at,
            end_reason=view.end_reason,
            slip_url=f"/v1/reservations/{identifier}/slip.pdf",
            version=view.version,
            warnings=list(view.warnings),
        )


class ReservationPage(Listing[Reservation]):
    """One page of reservations."""


class ReservationCreate(Closed):
    """A reservation by hand (A34), for a customer of the file or a free name."""

    model_config = ConfigDict(
        json_schema_extra={
            "if": {"required": ["customer_id"], "properties": {"customer_id": {"type": "string"}}},
            "else": {"required": ["contact"], "properties": {"contact": {"type": "object"}}},
        }
    )

    ean: EanCode
    quantity: Quantity = Field(default=1, examples=[1])
    customer_id: CustomerKey | None = Field(default=None, examples=[None])
    contact: ContactInput | None = None
    place: Word | None = Field(default=None, examples=["Casier 4"])

    def meant(self) -> ByHand:
        return ByHand(
            ean=self.ean,
            quantity=self.quantity,
            customer_id=self.customer_id,
            contact=self.contact.meant() if self.contact else None,
            place=self.place,
        )


Chosen = Annotated[list[ReservationKey], Field(min_length=1, max_length=200, json_schema_extra={"uniqueItems": True})]  # type: ignore[valid-type]


class CollectRequest(Closed):
    """Reservations whose copies the customer takes now."""

    reservation_ids: Chosen


class ReleaseRequest(Closed):
    """Reservations given up: back to stock, or, with a reason, written off as not found (A40)."""

    model_config = ConfigDict(
        json_schema_extra={
            "if": {"properties": {"restock": {"const": False}}},
            "then": {"required": ["reason"], "properties": {"reason": {"type": "string"}}},
        }
    )

    reservation_ids: Chosen
    restock: bool = Field(examples=[True])
    reason: Line | None = None


class ScanCreate(Closed):
    """One copy found. ``order_id`` and ``line_id`` serve another line than the first of the queue, and need a ``reason``."""

    model_config = ConfigDict(
        json_schema_extra={
            "if": {"required": ["line_id"], "properties": {"line_id": {"type": "string"}}},
            "then": {
                "required": ["order_id", "reason"],
                "properties": {"order_id": {"type": "string"}, "reason": {"type": "string"}},
            },
        }
    )

    ean: EanCode
    order_id: OrderKey | None = Field(default=None, examples=[None])
    line_id: LineKey | None = Field(default=None, examples=[None])
    reason: Line | None = Field(default=None, examples=[None])


class Scan(Open):
    """What the scan did: a copy was ``set_aside`` for the first of the queue, or ``nobody_waits``."""

    outcome: str = Field(examples=["set_aside"], json_schema_extra={"x-extensible-enum": ["set_aside", "nobody_waits"]})
    article: Article
    reservation: Reservation | None
    order: OrderSummary | None
    line: OrderLine | None
    still_waiting: int
    slip_url: str | None

    @classmethod
    def of(cls, scanned: Scanned, *, today: date) -> "Scan":
        kept = Reservation.of(scanned.reservation, today=today) if scanned.reservation else None
        order = scanned.order
        return cls(
            outcome="set_aside" if kept else "nobody_waits",
            article=Article.of(scanned.article),
            reservation=kept,
            order=OrderSummary.of(order) if order else None,
            line=OrderLine.of(scanned.line, order.version) if scanned.line and order else None,
            still_waiting=scanned.still_waiting,
            slip_url=kept.slip_url if kept else None,
        )
