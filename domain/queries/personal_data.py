"""All that the shop has about a person, in one archive (C14; trade R22)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from domain.model.values import CustomerId, DossierId

Value = UUID | Decimal | datetime | date | str | int | bool | Sequence["Value"] | Mapping[str, "Value"] | None
Record = Mapping[str, Value]
"""What is kept of one thing, by the name of each field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalData:
    """The archive of one card: its records by section, as they are kept, oldest first."""

    customer_id: CustomerId
    code: str
    card: Record
    sections: Mapping[str, Sequence[Record]]


class PersonalDataReader(Protocol):
    async def archive(
        self, dossier: DossierId, customer_id: CustomerId, *, clearance: Collection[str] | None
    ) -> PersonalData:
        """Of the card, or of the one it was merged into, with the cards absorbed into it.

        Raises ``NotFound``, also when the caller may not see the card or one absorbed into it (B30): an archive is whole.
        """
        ...
