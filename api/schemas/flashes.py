"""Flashes on the wire."""

from pydantic import Field

from api.schemas.base import Listing, Open, UtcInstant, wire_id
from domain.queries.flashes import FlashView


class Flash(Open):
    """A colleague tells you of a new card: ``approved`` is whether it had its visa then, ``waiting`` whether it lacks it now."""

    id: str = Field(examples=["fls_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    customer_id: str | None = Field(examples=["cus_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    third_party_id: str | None = Field(examples=[None])
    code: str = Field(examples=["C0000042"])
    name: str = Field(examples=["MARTIN"])
    approved: bool = Field(examples=[False])
    waiting: bool = Field(examples=[True])
    by: str = Field(examples=["staff:019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    by_name: str | None = Field(examples=["Camille"])
    at: UtcInstant
    read_at: UtcInstant | None

    @classmethod
    def of(cls, view: FlashView) -> "Flash":
        customer, third_party = view.card.customer_id, view.card.third_party_id
        return cls(
            id=wire_id("fls", view.id),
            customer_id=wire_id("cus", customer) if customer else None,
            third_party_id=wire_id("tpa", third_party) if third_party else None,
            code=view.code,
            name=view.name,
            approved=view.approved,
            waiting=view.waiting,
            by=view.by,
            by_name=view.by_name,
            at=view.at,
            read_at=view.read_at,
        )


class FlashPage(Listing[Flash]):
    """One page of your flashes."""
