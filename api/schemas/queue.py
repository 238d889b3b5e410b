"""Queues on the wire (C5)."""

from typing import Annotated

from pydantic import AfterValidator, Field

from api.schemas.base import Closed, Line, Listing, Open, UtcInstant, open_choice, wire_id
from api.schemas.orders import LineKey
from api.schemas.tables import distinct
from domain.model.order import Status
from domain.model.queue import MOST_PLACES
from domain.queries.queue import LinePlaceView, QueueChangeView, QueueEntry


class QueuePlace(Open):
    """A line that waits for the article; rank 1 is served next. One that is ``begun`` is not passed by those behind it.

    One that is suspended keeps its rank; copies pass it over until that day (P6).
    """

    rank: int = Field(examples=[1])
    order_id: str = Field(examples=["ord_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    line_id: str = Field(examples=["lin_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    order_number: int = Field(examples=[46407])
    order_status: open_choice(Status)  # type: ignore[valid-type]
    name: str = Field(examples=["MARTIN"])
    outstanding: int = Field(examples=[1])
    set_aside: int = Field(examples=[0])
    begun: bool = Field(examples=[False])
    created_at: UtcInstant
    suspended_until: str | None = Field(examples=[None])

    @classmethod
    def of(cls, entry: QueueEntry) -> "QueuePlace":
        return cls(
            rank=entry.rank,
            order_id=wire_id("ord", entry.order_id),
            line_id=wire_id("lin", entry.line_id),
            order_number=entry.order_number,
            order_status=entry.order_status.value,
            name=entry.name,
            outstanding=entry.outstanding,
            set_aside=entry.set_aside,
            begun=entry.begun,
            created_at=entry.created_at,
            suspended_until=entry.suspended_until.isoformat() if entry.suspended_until else None,
        )


class QueuePage(Listing[QueuePlace]):
    """One page of the queue of an article."""


class QueuePut(Closed):
    """The queue in another order: every line that waits now, each once, next served first."""

    line_ids: Annotated[
        list[LineKey],
        AfterValidator(distinct),
        Field(min_length=1, max_length=MOST_PLACES, json_schema_extra={"uniqueItems": True}),
    ]
    reason: Line = Field(examples=["Le lycée ouvre lundi"])


class QueueChange(Open):
    """A queue put in another order, and why; never altered."""

    id: str = Field(examples=["qch_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    ean: str = Field(examples=["9782211217088"])
    before: list[str]
    after: list[str]
    reason: str = Field(examples=["Le lycée ouvre lundi"])
    at: UtcInstant
    by: str

    @classmethod
    def of(cls, view: QueueChangeView) -> "QueueChange":
        return cls(
            id=wire_id("qch", view.id),
            ean=view.ean,
            before=[wire_id("lin", line_id) for line_id in view.before],
            after=[wire_id("lin", line_id) for line_id in view.after],
            reason=view.reason,
            at=view.at,
            by=view.by,
        )


class QueueChangePage(Listing[QueueChange]):
    """How people put the queue in order, newest first."""


class LinePlace(Open):
    """Where a waiting line stands in the queue of its article: ``ahead`` copies are waited for before it.

    Suspended lines before it count in ``rank``, which is the place in the queue, not in ``ahead``: copies pass them over (P6).
    ``priority`` is 0 where the order's date alone places it, below where a person did.
    """

    line_id: str = Field(examples=["lin_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    ean: str = Field(examples=["9782211217088"])
    rank: int = Field(examples=[2])
    ahead: int = Field(examples=[3])
    outstanding: int = Field(examples=[1])
    available: int = Field(examples=[0])
    priority: int = Field(examples=[0])

    @classmethod
    def of(cls, view: LinePlaceView) -> "LinePlace":
        return cls(
            line_id=wire_id("lin", view.line_id),
            ean=view.ean,
            rank=view.rank,
            ahead=view.ahead,
            outstanding=view.outstanding,
            available=view.available,
            priority=view.priority,
        )


class LinePlacePage(Listing[LinePlace]):
    """The places of the lines of an order that wait; digital ones wait for nothing."""
