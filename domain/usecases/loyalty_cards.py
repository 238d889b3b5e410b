"""Loyalty cards in a transaction: their ledgers under the locks of their cards, and what is written of them."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from domain.model.access import Caller
from domain.model.customer import Customer, CustomerDetails
from domain.model.loyalty import program_of
from domain.model.loyalty_ledger import LoyaltyLedger
from domain.model.settings import DossierSettings
from domain.model.values import CustomerId
from domain.ports.unit_of_work import UnitOfWork
from domain.usecases.work import Surroundings


def collects(card: CustomerDetails, on: date) -> bool:
    """Whether the loyalty card is active on a day: from the day it started (A62)."""
    return card.fidelity_active and (card.fidelity_started_on is None or card.fidelity_started_on <= on)


async def ledgers_of(
    work: UnitOfWork,
    cards: Sequence[Customer],
    settings: DossierSettings,
    *,
    around: Surroundings,
    by: Caller,
    whole: Collection[CustomerId] | None = None,
) -> dict[CustomerId, LoyaltyLedger]:
    """The ledgers of locked ``cards``. Those not in ``whole`` (None: all are) are known by what is added to them alone.

    That is enough for a purchase more, unless something of the ledger lapsed or was owed: those are read whole in any case.
    """
    ids = [card.id for card in cards]
    needed = ids if whole is None else list({*whole, *await work.loyalty.unsettled(ids)})
    entries = await work.loyalty.entries(needed)
    return {
        card.id: LoyaltyLedger(
            customer_id=card.id,
            entries=list(entries.get(card.id, ())),
            program=program_of(settings.loyalty, card.details.fidelity_program),
            zone=ZoneInfo(by.dossier.time_zone),
            new_id=around.new_id,
            by=by.client,
        )
        for card in cards
    }


def write(work: UnitOfWork, ledgers: Iterable[LoyaltyLedger]) -> None:
    """Put what was added among what is to be written."""
    for ledger in ledgers:
        if ledger.added:
            work.loyalty.add(ledger.added)
