"""Blanking a person who asks for it, or of whom nothing was heard for years (C14, trade R22; peers P20, P21, U20)."""

from dataclasses import dataclass
from enum import StrEnum

from domain.errors import CustomerBusy
from domain.events import EventType
from domain.model.access import Caller
from domain.model.values import CustomerId
from domain.ports.answers import Once, Told
from domain.queries.customers import CustomerView, view_of
from domain.usecases.rulebook import seen
from domain.usecases.work import Surroundings, expect, told, until_done


class AnonymiseReason(StrEnum):
    """Why: the person asked, nothing was heard for the years of retention, or another reason.

    A choice and not a text, in which the very name could stand that has to go.
    """

    REQUEST = "request"
    RETENTION = "retention"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Anonymising:
    """Blanks the person of a card everywhere, history included; numbers, amounts and dates stay."""

    around: Surroundings

    async def anonymise(
        self, *, by: Caller, customer_id: CustomerId, version: int, reason: AnonymiseReason, once: Once[CustomerView]
    ) -> Told:
        """Blank the card, the cards merged into it, and all that tells the person.

        Raises ``NotFound``, ``StaleVersion``, ``CustomerMerged`` (name the kept card), ``CustomerAnonymised``, and
        ``CustomerBusy`` with its reasons while orders are open, copies are set aside or a deposit is left.
        """

        async def attempt() -> Told:
            now = self.around.clock()
            async with self.around.begin(by.dossier, by.client) as work:
                if (before := await work.claim(once)) is not None:
                    return before
                await work.merges.hold(customer_id)
                customer = await seen(work, customer_id, by)
                expect(customer.version, version)
                if reasons := await work.anonymising.reasons(customer_id):
                    raise CustomerBusy(faults=reasons)
                await work.anonymising.blank(customer_id, now=now)
                (customer,) = await work.customers.lock([customer_id])
                work.emit(
                    self.around.event(
                        EventType.CUSTOMER_ANONYMISED,
                        customer.id,
                        customer.version,
                        by,
                        now,
                        customer_id=customer.id.hex,
                        code=customer.code,
                        name=customer.details.name,
                        reason=reason.value,
                    )
                )
                return await told(work, once, view_of(customer))

        return await until_done(attempt)
