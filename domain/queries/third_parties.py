"""Third parties as they are read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.model.customer import CardOrigin
from domain.model.third_party import ThirdParty, ThirdPartyDetails, ThirdPartyType
from domain.model.values import CustomerId, DossierId, ThirdPartyId
from domain.queries.pages import Count, Page, PageRequest

SORTS = ("name", "code", "created_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class ThirdPartyFilter:
    """None leaves a criterion out. ``q`` starts any words of the name, in any order, or is a code."""

    q: str | None = None
    code: str | None = None
    type: ThirdPartyType | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ThirdPartyView:
    """A card as it is read: what a person wrote (``details``) and what the shop keeps."""

    id: ThirdPartyId
    type: ThirdPartyType
    code: str
    version: int
    details: ThirdPartyDetails
    origin: CardOrigin
    approved_at: datetime | None
    approved_by: str | None
    customer_id: CustomerId | None
    created_at: datetime
    updated_at: datetime


def third_party_view(third_party: ThirdParty) -> ThirdPartyView:
    """The card as its reader would answer it."""
    return ThirdPartyView(
        id=third_party.id,
        type=third_party.type,
        code=third_party.code,
        version=third_party.version,
        details=third_party.details,
        origin=third_party.origin,
        approved_at=third_party.approved_at,
        approved_by=third_party.approved_by,
        customer_id=third_party.customer_id,
        created_at=third_party.created_at,
        updated_at=third_party.updated_at,
    )


class ThirdPartyReader(Protocol):
    async def by_id(self, dossier: DossierId, third_party_id: ThirdPartyId) -> ThirdPartyView:
        """Raises ``NotFound``."""
        ...

    async def search(self, dossier: DossierId, wanted: ThirdPartyFilter, page: PageRequest) -> Page[ThirdPartyView]: ...

    async def count(self, dossier: DossierId, wanted: ThirdPartyFilter) -> Count: ...
