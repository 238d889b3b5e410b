"""Scans on the wire."""

from datetime import date

from pydantic import ConfigDict, Field

from api.schemas.articles import Article
from api.schemas.base import Closed, EanCode, Line, Open, open_choice, wire_id
from api.schemas.orders import LineKey, OrderKey, OrderLine, OrderSummary
from api.schemas.reservations import Reservation
from domain.model.supply import SupplyState
from domain.usecases.scans import Next, Scanned, Surplus


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


class NextInQueue(Open):
    """Who is served by one of the next copies found; ``position`` 1 by the very next."""

    position: int = Field(examples=[1])
    order_id: str = Field(examples=["ord_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    line_id: str = Field(examples=["lin_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    order_number: int = Field(examples=[46407])
    customer_name: str
    outstanding: int

    @classmethod
    def of(cls, place: Next) -> "NextInQueue":
        return cls(
            position=place.position,
            order_id=wire_id("ord", place.order_id),
            line_id=wire_id("lin", place.line_id),
            order_number=place.order_number,
            customer_name=place.name,
            outstanding=place.outstanding,
        )


class SupplySurplus(Open):
    """Copies that a supplier is to bring for the line, which no longer waits for them (A28, C7).

    Nothing was changed at the supplier's. ``release_url`` is where a POST (`releaseSupply`, If-Match with the order's version)
    frees them: a draft asks for fewer (``releasable``), what was sent comes for the shelf.
    """

    supplier_order_id: str = Field(examples=["sup_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    supplier_line_id: str = Field(examples=["sln_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    number: int = Field(examples=[118])
    state: open_choice(SupplyState)  # type: ignore[valid-type]
    quantity: int = Field(examples=[1])
    releasable: bool = Field(examples=[True])
    release_url: str

    @classmethod
    def of(cls, surplus: Surplus, line: OrderLine, order: OrderSummary) -> "SupplySurplus":
        return cls(
            supplier_order_id=wire_id("sup", surplus.supplier_order_id),
            supplier_line_id=wire_id("sln", surplus.supplier_line_id),
            number=surplus.number,
            state=surplus.state.value,
            quantity=surplus.quantity,
            releasable=surplus.releasable,
            release_url=f"/v1/orders/{order.id}/lines/{line.id}/release-supply",
        )


class Scan(Open):
    """What the scan did: a copy was ``set_aside`` for the first of the queue, or ``nobody_waits``.

    ``waiting`` are the next of the queue, five at most.
    """

    outcome: str = Field(examples=["set_aside"], json_schema_extra={"x-extensible-enum": ["set_aside", "nobody_waits"]})
    article: Article
    reservation: Reservation | None
    order: OrderSummary | None
    line: OrderLine | None
    still_waiting: int
    waiting: list[NextInQueue]
    surplus: SupplySurplus | None
    slip_url: str | None

    @classmethod
    def of(cls, scanned: Scanned, *, today: date) -> "Scan":
        kept = Reservation.of(scanned.reservation, today=today) if scanned.reservation else None
        order = OrderSummary.of(scanned.order) if scanned.order else None
        line = OrderLine.of(scanned.line, order.version) if scanned.line and order else None
        return cls(
            outcome="set_aside" if kept else "nobody_waits",
            article=Article.of(scanned.article),
            reservation=kept,
            order=order,
            line=line,
            still_waiting=scanned.still_waiting,
            waiting=[NextInQueue.of(place) for place in scanned.waiting],
            surplus=SupplySurplus.of(scanned.surplus, line, order) if scanned.surplus and line and order else None,
            slip_url=kept.slip_url if kept else None,
        )
