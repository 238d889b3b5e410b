"""Cards that may be one person's, on the wire."""

from pydantic import Field

from api.schemas.base import Listing, Open, UtcInstant, open_choice, wire_id
from domain.queries.duplicates import DuplicatePair, Reason, ShortCard


class DuplicateCard(Open):
    """What tells two cards apart at a glance."""

    id: str = Field(examples=["cus_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    code: str = Field(examples=["C0000042"])
    version: int = Field(examples=[1])
    name: str = Field(examples=["MARTIN"])
    first_name: str | None
    postal_code: str | None
    town: str | None
    phone: str | None
    email: str | None
    siret: str | None
    created_at: UtcInstant

    @classmethod
    def of(cls, card: ShortCard) -> "DuplicateCard":
        return cls(
            id=wire_id("cus", card.id),
            code=card.code,
            version=card.version,
            name=card.name,
            first_name=card.first_name,
            postal_code=card.postal_code,
            town=card.town,
            phone=card.phone,
            email=card.email,
            siret=card.siret,
            created_at=card.created_at,
        )


class CustomerDuplicate(Open):
    """Two cards that may be one person's, the older first; ``score`` from 0 to 100 is how likely that is."""

    reason: open_choice(Reason)  # type: ignore[valid-type]
    score: int = Field(examples=[96])
    first: DuplicateCard
    second: DuplicateCard

    @classmethod
    def of(cls, pair: DuplicatePair) -> "CustomerDuplicate":
        return cls(
            reason=pair.reason.value,
            score=pair.score,
            first=DuplicateCard.of(pair.first),
            second=DuplicateCard.of(pair.second),
        )


class CustomerDuplicatePage(Listing[CustomerDuplicate]):
    """One page of pairs, the likeliest first."""
