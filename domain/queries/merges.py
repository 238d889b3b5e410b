"""Merges as they are read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.model.customer import Customer
from domain.model.merge import CardField, Clash, FieldOutcome, Merge, MergeWarning, MovedRows, Side
from domain.model.values import CustomerId, DossierId, MergeId
from domain.queries.pages import Page, PageRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class CardName:
    """A card as a report names it."""

    id: CustomerId
    code: str
    name: str
    first_name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeSummary:
    """A merge in a list."""

    id: MergeId
    kept: CardName
    absorbed: CardName
    at: datetime
    by: str
    by_name: str
    undone_at: datetime | None
    undone_by: str | None
    undone_by_name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeView:
    """The whole report of a merge; ``id`` None is a preview, which changed nothing."""

    id: MergeId | None
    kept: CardName
    absorbed: CardName
    choices: Mapping[CardField, Side]
    fields: Sequence[FieldOutcome]
    moved: Sequence[MovedRows]
    clashes: Sequence[Clash]
    warnings: Sequence[MergeWarning]
    at: datetime
    by: str
    by_name: str
    undone_at: datetime | None = None
    undone_by: str | None = None
    undone_by_name: str | None = None


def card_name(customer: Customer) -> CardName:
    """The card as its reader would name it."""
    card = customer.details
    return CardName(id=customer.id, code=customer.code, name=card.name, first_name=card.first_name)


def view_of(
    merge: Merge,
    *,
    kept: Customer,
    absorbed: Customer,
    moved: Sequence[MovedRows],
    by_name: str,
    undone_by_name: str | None = None,
    preview: bool = False,
) -> MergeView:
    """The merge as its reader would answer it."""
    return MergeView(
        id=None if preview else merge.id,
        kept=card_name(kept),
        absorbed=card_name(absorbed),
        choices=merge.choices,
        fields=merge.fields,
        moved=moved,
        clashes=merge.clashes,
        warnings=merge.warnings,
        at=merge.at,
        by=merge.by,
        by_name=by_name,
        undone_at=merge.undone_at,
        undone_by=merge.undone_by,
        undone_by_name=undone_by_name,
    )


class MergeReader(Protocol):
    """``clearance``: the confidentiality codes whose cards are shown, None is all; another's merge is not there (B30)."""

    async def by_id(self, dossier: DossierId, merge_id: MergeId, *, clearance: frozenset[str] | None) -> MergeView:
        """Raises ``NotFound``."""
        ...

    async def search(
        self,
        dossier: DossierId,
        page: PageRequest,
        *,
        customer_id: CustomerId | None,
        clearance: frozenset[str] | None,
    ) -> Page[MergeSummary]:
        """Newest first; ``customer_id`` is one of the two cards."""
        ...
