"""Health and the live feed on the wire."""

from pydantic import Field

from api.schemas.base import Open, UtcInstant, wire_id
from domain.queries.happenings import Happening


class Health(Open):
    """Whether the process lives, or is ready to serve."""

    status: str = Field(examples=["ok"])


class LiveEvent(Open):
    """What happened, with the ids and names to show it."""

    id: str = Field(examples=["evt_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    type: str = Field(examples=["order.created"])
    version: int
    at: UtcInstant
    order_id: str | None = None
    order_number: int | None = None
    reservation_id: str | None = None
    customer_id: str | None = None
    third_party_id: str | None = None
    user_id: str | None = None
    supplier_order_id: str | None = None
    message_id: str | None = None
    ean: str | None = None
    name: str | None = None
    status: str | None = None
    table: str | None = None

    @classmethod
    def of(cls, happening: Happening) -> "LiveEvent":
        data = happening.data
        return cls(
            id=wire_id("evt", happening.id),
            type=happening.type,
            version=happening.version,
            at=happening.at,
            order_id=_prefixed("ord", data.get("order_id")),
            order_number=int(number) if (number := data.get("order_number")) is not None else None,
            reservation_id=_prefixed("rsv", data.get("reservation_id")),
            customer_id=_prefixed("cus", data.get("customer_id")),
            third_party_id=_prefixed("tpa", data.get("third_party_id")),
            user_id=_prefixed("usr", data.get("user_id")),
            supplier_order_id=_prefixed("sup", data.get("supplier_order_id")),
            message_id=_prefixed("msg", data.get("message_id")),
            ean=_text(data.get("ean")),
            name=_text(data.get("name")),
            status=_text(data.get("status")),
            table=_text(data.get("table")),
        )


def _prefixed(prefix: str, value: str | int | None) -> str | None:
    return f"{prefix}_{value}" if value else None


def _text(value: str | int | None) -> str | None:
    return str(value) if value is not None else None
