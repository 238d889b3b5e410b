"""The declaration of the lending right as it is read (R13, R14)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from domain.model.lending import LendingDeclaration
from domain.model.values import DossierId


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplier:
    """The shop, as the declaration names it."""

    name: str
    gln: str | None
    siret: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LendingReport:
    """What the shop declares for a period of business days, ``until`` left out."""

    start: date
    until: date
    supplier: Supplier
    declared: LendingDeclaration


class LendingReader(Protocol):
    async def declaration(
        self, dossier: DossierId, *, start: date, until: date, clearance: Collection[str] | None
    ) -> LendingReport:
        """New printed books sold to those who were lending libraries on the day; ``clearance`` as of the caller (B30).

        Raises ``Inconsistent`` for a period that ends before it begins, or of more than a hundred years.
        """
        ...
