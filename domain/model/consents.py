"""What a customer's ledger of authorisations comes to today (A58, A59)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from domain.model.card import CONSENTED, Channel, Consent, Purpose

NO_SMS = "no_sms"
"""Why an SMS is refused whatever the ledger says: the box "Pas de SMS" of the card (A59)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Whether a channel may be used for a purpose. ``at``: since when; None when the customer never said."""

    channel: Channel
    purpose: Purpose
    granted: bool
    at: datetime | None
    reason: str | None = None


def standing(ledger: Iterable[Consent], *, no_sms: bool) -> list[Standing]:
    """The last word on each channel and purpose; what was never spoken of is not there, and so not granted.

    With ``no_sms`` every SMS is refused, spoken of or not. The ledger may come in any order.
    """
    last: dict[tuple[Channel, Purpose], Consent] = {}
    for entry in sorted(ledger, key=lambda each: (each.at, each.id)):
        last[entry.channel, entry.purpose] = entry
    found = []
    for channel in Channel:
        for purpose in CONSENTED:
            said = last.get((channel, purpose))
            if no_sms and channel is Channel.SMS:
                found.append(Standing(channel=channel, purpose=purpose, granted=False, at=_at(said), reason=NO_SMS))
            elif said is not None:
                found.append(Standing(channel=channel, purpose=purpose, granted=said.granted, at=said.at))
    return found


def _at(said: Consent | None) -> datetime | None:
    return said.at if said else None
