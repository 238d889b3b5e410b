"""The company file as it is read."""

from dataclasses import dataclass
from typing import Protocol

from domain.model.settings import DossierCard, DossierSettings
from domain.model.values import DossierId


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierView:
    """The company file: what it is called, where it is, and what it decided."""

    code: str
    name: str
    address: str
    time_zone: str
    settings: DossierSettings
    version: int


def dossier_view(card: DossierCard) -> DossierView:
    """The company file as its reader would answer it."""
    return DossierView(
        code=card.code,
        name=card.name,
        address=card.address,
        time_zone=card.time_zone,
        settings=card.settings,
        version=card.version,
    )


class SettingsReader(Protocol):
    async def dossier(self, dossier: DossierId) -> DossierView: ...
