"""Tariffs as they are read (A65)."""

from dataclasses import dataclass
from typing import Protocol

from domain.model.card import DiscountDetails
from domain.model.values import DossierId


@dataclass(frozen=True, slots=True, kw_only=True)
class TariffView:
    """A tariff of the shop's table with its discounts, in their order."""

    code: str
    label: str
    rules: tuple[DiscountDetails, ...]


class TariffReader(Protocol):
    """Reads the tariffs of one dossier."""

    async def all(self, dossier: DossierId) -> list[TariffView]:
        """In the order of their table."""
        ...

    async def by_code(self, dossier: DossierId, code: str) -> TariffView:
        """Raises ``NotFound``."""
        ...
