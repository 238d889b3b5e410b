"""What a customer ordered and what was kept for him, on the wire."""

from pydantic import Field

from api.schemas.base import Open, Sum, UtcInstant, euros, open_choice, wire_id
from domain.model.order import Status
from domain.model.reservation import State
from domain.queries.activity import Activity, ActivityOrder, ActivityReservation


class CustomerActivityOrder(Open):
    """An order of the customer: ``quantity`` is cdé, ``reserved`` is rsvé."""

    id: str = Field(examples=["ord_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    number: int = Field(examples=[46407])
    status: open_choice(Status)  # type: ignore[valid-type]
    customer_reference: str | None
    created_at: UtcInstant
    quantity: int
    reserved: int
    total: Sum

    @classmethod
    def of(cls, view: ActivityOrder) -> "CustomerActivityOrder":
        return cls(
            id=wire_id("ord", view.id),
            number=view.number,
            status=view.status.value,
            customer_reference=view.customer_reference,
            created_at=view.created_at,
            quantity=view.quantity,
            reserved=view.reserved,
            total=euros(view.total),
        )


class CustomerActivityReservation(Open):
    """A copy kept for the customer, from an order or by hand (``order_id`` null). ``sold_at``: when he took it."""

    id: str = Field(examples=["rsv_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    ean: str
    title: str
    quantity: int
    state: open_choice(State)  # type: ignore[valid-type]
    order_id: str | None
    order_number: int | None
    set_aside_at: UtcInstant
    ended_at: UtcInstant | None
    sold_at: UtcInstant | None

    @classmethod
    def of(cls, view: ActivityReservation) -> "CustomerActivityReservation":
        return cls(
            id=wire_id("rsv", view.id),
            ean=view.ean,
            title=view.title,
            quantity=view.quantity,
            state=view.state.value,
            order_id=wire_id("ord", view.order_id) if view.order_id else None,
            order_number=view.order_number,
            set_aside_at=view.set_aside_at,
            ended_at=view.ended_at,
            sold_at=view.ended_at if view.state is State.COLLECTED else None,
        )


class CustomerActivity(Open):
    """The Orders / Reservations tab (A69): two lists, newest first, of ``limit`` records at most.

    ``orders_capped`` and ``reservations_capped`` say that there are more; the whole lists are ``/v1/orders`` and
    ``/v1/reservations`` with ``customer_id``. The card's id is that of the card it was merged into.
    """

    customer_id: str = Field(examples=["cus_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    since: str = Field(examples=["2025-11-21"])
    orders: list[CustomerActivityOrder]
    orders_capped: bool = Field(examples=[False])
    reservations: list[CustomerActivityReservation]
    reservations_capped: bool = Field(examples=[False])

    @classmethod
    def of(cls, view: Activity) -> "CustomerActivity":
        return cls(
            customer_id=wire_id("cus", view.customer_id),
            since=view.since.isoformat(),
            orders=[CustomerActivityOrder.of(each) for each in view.orders],
            orders_capped=view.orders_capped,
            reservations=[CustomerActivityReservation.of(each) for each in view.reservations],
            reservations_capped=view.reservations_capped,
        )
