"""Reservations on the wire."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from api.schemas.base import (
    Closed,
    Day,
    EanCode,
    Line,
    Listing,
    Open,
    Quantity,
    UtcInstant,
    Word,
    chosen,
    open_choice,
    prefixed,
    wire_id,
)
from api.schemas.identities import CustomerKey
from api.schemas.orders import ContactInput, LineKey, OrderKey
from domain.model.order import Status
from domain.model.reservation import CancelRequest as Asked
from domain.model.reservation import EndCause, State
from domain.model.values import LineId, OrderId, ReservationId
from domain.queries.reservations import ReservationView
from domain.usecases.reservations import ByHand
from domain.usecases.reserving_changes import KeptChanges
from domain.usecases.reserving_moves import Target
from domain.usecases.stockroom import Wish

ReservationKey = prefixed("rsv")


class GivenUp(StrEnum):
    """Why the shop gives copies up (P4, P7)."""

    CANCELLED = "cancelled"
    EXPIRED = "expired"
    NOT_FOUND = "not_found"
    DAMAGED = "damaged"


class CancellationRequest(Open):
    """Somebody asked to give up a copy that is set aside (P7)."""

    at: UtcInstant
    by: str
    reason: str | None = Field(examples=["Acheté ailleurs"])

    @classmethod
    def of(cls, asked: Asked) -> "CancellationRequest":
        return cls(at=asked.at, by=asked.by, reason=asked.reason)


class Reservation(Open):
    """A kept copy: the order's number, status, mail_order and order_paid are null without an order behind it (A37).

    ``old``: set aside longer ago than the shop finds good (P32). ``order_paid``: the order was paid in full, ``weight_g``: grams
    of one copy, null where the article does not say (P33). ``end_cause``: why it ended (P4).
    """

    id: str = Field(examples=["rsv_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    set_aside_at: UtcInstant
    ean: str
    title: str
    order_id: str | None
    order_number: int | None
    order_status: open_choice(Status) | None  # type: ignore[valid-type]
    line_id: str | None
    mail_order: bool | None
    order_paid: bool | None
    weight_g: int | None = Field(examples=[380])
    digital: bool
    customer_id: str | None
    customer_code: str | None
    customer_name: str
    quantity: int
    state: open_choice(State)  # type: ignore[valid-type]
    place: str | None
    pickup_deadline: str = Field(examples=["2026-12-05"])
    expired: bool
    old: bool
    cancel_request: CancellationRequest | None
    ended_at: UtcInstant | None
    ended_by: str | None
    end_cause: open_choice(EndCause) | None  # type: ignore[valid-type]
    end_reason: str | None
    slip_printed_at: UtcInstant | None
    slip_url: str
    version: int
    warnings: list[str] = Field(default_factory=list, description="Told once, when made by hand.", examples=[[]])

    @classmethod
    def of(cls, view: ReservationView, *, today: date, old_before: datetime | None = None) -> "Reservation":
        """``old_before``: copies set aside before are old; None where it was set aside just now."""
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
            order_paid=view.paid,
            weight_g=view.weight_g,
            digital=view.digital,
            customer_id=wire_id("cus", view.customer_id) if view.customer_id else None,
            customer_code=view.customer_code,
            customer_name=view.customer_name,
            quantity=view.quantity,
            state=view.state.value,
            place=view.place,
            pickup_deadline=view.pickup_deadline.isoformat(),
            expired=kept and view.pickup_deadline < today,
            old=kept and old_before is not None and view.set_aside_at < old_before,
            cancel_request=CancellationRequest.of(view.cancel_request) if view.cancel_request else None,
            ended_at=view.ended_at,
            ended_by=view.ended_by,
            end_cause=view.end_cause.value if view.end_cause else None,
            end_reason=view.end_reason,
            slip_printed_at=view.slip_printed_at,
            slip_url=f"/v1/reservations/{identifier}/slip.pdf",
            version=view.version,
            warnings=list(view.warnings),
        )


class ReservationPage(Listing[Reservation]):
    """One page of reservations."""


class ReservationCreate(Closed):
    """A reservation by hand (A34), for a customer of the file or a free name.

    ``pickup_deadline`` is the customer's own last day, which counts where it is earlier than the shop's (P5).
    """

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
    pickup_deadline: Day | None = Field(default=None, examples=["2026-12-05"])

    def meant(self) -> ByHand:
        return ByHand(
            ean=self.ean,
            quantity=self.quantity,
            customer_id=self.customer_id,
            contact=self.contact.meant() if self.contact else None,
            wish=Wish(place=self.place, until=self.pickup_deadline),
        )


Chosen = Annotated[list[ReservationKey], Field(min_length=1, max_length=200, json_schema_extra={"uniqueItems": True})]  # type: ignore[valid-type]


class PartTaken(Closed):
    """So many copies of a reservation, and not all."""

    reservation_id: ReservationKey  # type: ignore[valid-type]
    quantity: Quantity = Field(examples=[1])


class CollectRequest(Closed):
    """Reservations whose copies the customer takes now; ``parts`` names those of which he takes fewer."""

    reservation_ids: Chosen
    parts: list[PartTaken] = Field(default_factory=list, max_length=200, examples=[[]])

    def taken(self) -> dict[ReservationId, int]:
        copies: dict[ReservationId, int] = {}
        for part in self.parts:
            kept = ReservationId(part.reservation_id)
            copies[kept] = copies.get(kept, 0) + part.quantity
        return copies


class ReleaseRequest(Closed):
    """Reservations given up: back to stock, or, with a reason, written off as not found (A40).

    Without a ``cause`` the customer who asked to cancel cancelled, else the deadline tells it (P4).
    """

    model_config = ConfigDict(
        json_schema_extra={
            "if": {"properties": {"restock": {"const": False}}},
            "then": {"required": ["reason"], "properties": {"reason": {"type": "string"}}},
        }
    )

    reservation_ids: Chosen
    restock: bool = Field(examples=[True])
    reason: Line | None = None
    cause: chosen(GivenUp) | None = Field(default=None, examples=[None])  # type: ignore[valid-type]

    @property
    def end_cause(self) -> EndCause | None:
        return EndCause(self.cause.value) if self.cause else None


class PostponeRequest(Closed):
    """Reservations that are kept until another day."""

    reservation_ids: Chosen
    pickup_deadline: Day


class ReservationPatch(Closed):
    """A merge patch (RFC 7396): an absent field stays, a null place empties. ``slip_printed`` notes that it was, just now."""

    place: Word | None = Field(default=None, examples=["Casier 4"])
    pickup_deadline: Day = Field(default_factory=lambda: date.max, examples=["2026-12-05"])
    slip_printed: Literal[True] = Field(default_factory=lambda: True, examples=[True])

    def changes(self) -> KeptChanges:
        changes = KeptChanges()
        for name in self.model_fields_set:
            changes[name] = getattr(self, name)  # type: ignore[literal-required]
        return changes


class ReservationMove(Closed):
    """For whom the copies are to be: a line that waits for the article, else a customer of the file, else a free name."""

    model_config = ConfigDict(
        json_schema_extra={
            "if": {"required": ["line_id"], "properties": {"line_id": {"type": "string"}}},
            "then": {"required": ["order_id"], "properties": {"order_id": {"type": "string"}}},
            "else": {
                "if": {"required": ["customer_id"], "properties": {"customer_id": {"type": "string"}}},
                "else": {"required": ["contact"], "properties": {"contact": {"type": "object"}}},
            },
        }
    )

    order_id: OrderKey | None = Field(default=None, examples=[None])
    line_id: LineKey | None = Field(default=None, examples=[None])
    customer_id: CustomerKey | None = Field(default=None, examples=[None])
    contact: ContactInput | None = None
    reason: Line = Field(examples=["Monsieur Martin est en voyage"])

    def meant(self) -> Target:
        return Target(
            order_id=OrderId(self.order_id) if self.order_id else None,
            line_id=LineId(self.line_id) if self.line_id else None,
            customer_id=self.customer_id,
            contact=self.contact.meant() if self.contact else None,
        )


class CancellationRequestCreate(Closed):
    """Why the customer wants to give the copy up, if he said so."""

    reason: Line | None = Field(default=None, examples=["Acheté ailleurs"])
