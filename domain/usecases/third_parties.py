"""Third parties that are no customers: prospects, suppliers, sales reps and others."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol, TypeVar

from domain.events import Event, EventType
from domain.model.access import Caller
from domain.model.customer import CardOrigin, Customer, CustomerDetails, CustomFields
from domain.model.identifiers import automatic_code, padded_code
from domain.model.reference import FieldRecord, Table
from domain.model.settings import CodePadding, DossierSettings
from domain.model.third_party import ThirdParty, ThirdPartyDetails, ThirdPartyType
from domain.model.values import CustomerId, Party, ThirdPartyId
from domain.ports.answers import Once, Told
from domain.ports.cards import Parts
from domain.ports.unit_of_work import UnitOfWork
from domain.queries.customers import CustomerView, view_of
from domain.queries.third_parties import ThirdPartyView, third_party_view
from domain.usecases.customers import announce, new_code
from domain.usecases.flashes import tell_colleagues
from domain.usecases.parts import Part, changed
from domain.usecases.rulebook import check_codes, check_fields, fits
from domain.usecases.work import Surroundings, expect, told

PREFIXES = {
    ThirdPartyType.PROSPECT: "P",
    ThirdPartyType.SUPPLIER: "F",
    ThirdPartyType.SALES_REP: "V",
    ThirdPartyType.OTHER: "T",
}
"""How the automatic codes of each type begin: prospect, fournisseur, VRP, tiers."""


@dataclass(frozen=True, slots=True)
class ThirdParties:
    """Create, change, approve and remove third parties, and make customers of prospects."""

    around: Surroundings

    async def create(
        self,
        *,
        by: Caller,
        type: ThirdPartyType,  # noqa: A002 - the shop's own word
        code: str | None,
        details: ThirdPartyDetails,
        once: Once[ThirdPartyView],
        origin: CardOrigin = CardOrigin.COUNTER,
    ) -> Told:
        """A new third party; without ``code`` the next automatic one of its type.

        Made at the counter it has its visa at once, made in the CRM it waits for it (B10). Those whom the dossier names are
        told (B9). Raises ``CodeTaken``, ``Invalid`` or ``UnknownCode``.
        """
        now = self.around.clock()
        async with self.around.begin(by.dossier, by.client) as work:
            if (before := await work.claim(once)) is not None:
                return before
            settings = await work.references.settings()
            third_party = ThirdParty(
                id=ThirdPartyId(self.around.new_id()),
                type=type,
                code=await _new_code(work, type, code, settings),
                details=details,
                origin=origin,
                approved_at=None if origin is CardOrigin.CRM else now,
                approved_by=None if origin is CardOrigin.CRM else by.client,
                created_at=now,
                updated_at=now,
            )
            await _check(work, details, None)
            work.third_parties.add(third_party)
            work.emit(self._event(EventType.THIRD_PARTY_CREATED, third_party, by))
            tell_colleagues(
                work,
                around=self.around,
                by=by,
                people=settings.flash_third_parties,
                card=Party.third_party(third_party.id),
                name=third_party.details.name,
                approved=third_party.approved_at is not None,
                at=now,
            )
            return await told(work, once, third_party_view(third_party))

    async def change(
        self,
        *,
        by: Caller,
        third_party_id: ThirdPartyId,
        version: int,
        edit: Callable[[ThirdPartyDetails], ThirdPartyDetails],
    ) -> ThirdPartyView:
        """Apply ``edit`` to the card the caller saw as ``version``. Raises ``NotFound``, ``StaleVersion``, ``UnknownCode``."""
        async with self.around.begin(by.dossier, by.client) as work:
            (third_party,) = await work.third_parties.lock([third_party_id])
            expect(third_party.version, version)
            before, card = third_party.details, edit(third_party.details)
            await _check(work, card, before)
            if third_party.change(card, now=self.around.clock()):
                work.third_parties.save(third_party)
                work.emit(self._event(EventType.THIRD_PARTY_UPDATED, third_party, by))
                await work.commit()
            return third_party_view(third_party)

    async def approve(
        self, *, by: Caller, third_party_id: ThirdPartyId, version: int, approved: bool, once: Once[ThirdPartyView]
    ) -> Told:
        """Give or take back the administrative visa (B9). Raises ``NotFound`` or ``StaleVersion``."""
        now = self.around.clock()
        async with self.around.begin(by.dossier, by.client) as work:
            if (before := await work.claim(once)) is not None:
                return before
            (third_party,) = await work.third_parties.lock([third_party_id])
            expect(third_party.version, version)
            done = third_party.approve(by=by.client, now=now) if approved else third_party.withdraw_approval(now=now)
            if done:
                work.third_parties.save(third_party)
                work.emit(self._event(EventType.THIRD_PARTY_UPDATED, third_party, by))
            return await told(work, once, third_party_view(third_party))

    async def remove(self, *, by: Caller, third_party_id: ThirdPartyId, version: int) -> None:
        """Delete a card that no other names. Raises ``NotFound``, ``StaleVersion`` or ``ThirdPartyInUse``."""
        async with self.around.begin(by.dossier, by.client) as work:
            (third_party,) = await work.third_parties.lock([third_party_id])
            expect(third_party.version, version)
            work.third_parties.remove(third_party)
            third_party.version += 1
            work.emit(self._event(EventType.THIRD_PARTY_DELETED, third_party, by))
            await work.commit()

    async def convert(
        self, *, by: Caller, third_party_id: ThirdPartyId, version: int, code: str | None, once: Once[CustomerView]
    ) -> Told:
        """Make a customer of a prospect: a card of the same content, to which the prospect's parts go.

        The customer has the visa that the prospect has. Raises ``NotFound``, ``StaleVersion``, ``NotAProspect``,
        ``CodeTaken`` or ``Invalid``.
        """
        now = self.around.clock()
        async with self.around.begin(by.dossier, by.client) as work:
            if (before := await work.claim(once)) is not None:
                return before
            (prospect,) = await work.third_parties.lock([third_party_id])
            expect(prospect.version, version)
            settings = await work.references.settings()
            customer_id = CustomerId(self.around.new_id())
            prospect.become(customer_id, now=now)
            customer = Customer(
                id=customer_id,
                code=await new_code(work, code, settings),
                details=_as_customer(prospect.details, await _answers(work, prospect.details.custom_fields)),
                origin=prospect.origin,
                approved_at=now if prospect.approved_at else None,
                approved_by=by.client if prospect.approved_at else None,
                created_at=now,
                updated_at=now,
            )
            work.customers.add(customer)
            work.third_parties.save(prospect)
            await _move(work, Party.third_party(prospect.id), Party.customer(customer.id), now)
            announce(work, customer, around=self.around, by=by, settings=settings)
            work.emit(changed(self.around, prospect, by, now))
            return await told(work, once, view_of(customer))

    def _event(self, kind: EventType, third_party: ThirdParty, by: Caller) -> Event:
        return replace(changed(self.around, third_party, by, third_party.updated_at), type=kind)


async def _new_code(work: UnitOfWork, kind: ThirdPartyType, wanted: str | None, settings: DossierSettings) -> str:
    """The code wanted as the dossier pads it, else the next automatic one that is free (O1)."""
    if wanted:
        return padded_code(wanted, right_zeros=settings.code_padding is CodePadding.RIGHT_ZEROS)
    while await work.third_parties.taken(
        code := automatic_code(PREFIXES[kind], await work.third_parties.next_counter())
    ):
        pass
    return code


def _codes(card: ThirdPartyDetails) -> list[tuple[str, Table, str | None]]:
    return [
        ("/title", Table.TITLES, card.title),
        ("/address/country", Table.COUNTRIES, card.address.country),
        ("/language", Table.LANGUAGES, card.language),
    ]


async def _check(work: UnitOfWork, card: ThirdPartyDetails, before: ThirdPartyDetails | None) -> None:
    """What is new on a card against the shop's tables and fields. Raises ``UnknownCode``."""
    stood = set(_codes(before)) if before else set()
    await check_codes(work, [each for each in _codes(card) if each not in stood])
    await check_fields(work, FieldRecord.THIRD_PARTY, card.custom_fields, before.custom_fields if before else {})


def _as_customer(card: ThirdPartyDetails, answers: CustomFields) -> CustomerDetails:
    """What is written on a prospect's card, on a customer's; a commission is a sales rep's only."""
    return CustomerDetails(
        name=card.name,
        kind=card.kind,
        title=card.title,
        first_name=card.first_name,
        given_short_name=card.given_short_name,
        email=card.email,
        phone=card.phone,
        fax=card.fax,
        address=card.address,
        siret=card.siret,
        vat_number=card.vat_number,
        language=card.language,
        account_number=card.account_number,
        our_code=card.our_code,
        comment=card.comment,
        custom_fields=answers,
        closed_on=card.closed_on,
    )


async def _answers(work: UnitOfWork, values: CustomFields) -> CustomFields:
    """The answers that a customer's card may hold too: same questionnaire, same field."""
    if not values:
        return {}
    fields = {(each.questionnaire, each.code): each for each in await work.references.fields(FieldRecord.CUSTOMER)}
    kept: dict[str, dict[str, str | None]] = {}
    for questionnaire, answers in values.items():
        for code, value in answers.items():
            field = fields.get((questionnaire, code))
            if field is not None and fits(field, value):
                kept.setdefault(questionnaire, {})[code] = value
    return kept


class _Owned(Part, Protocol):
    """A part of either kind of card."""

    owner: Party


P = TypeVar("P", bound=_Owned)


async def _move(work: UnitOfWork, here: Party, there: Party, now: datetime) -> None:
    """Give the parts of one card to another."""
    await _move_kind(work.addresses, here, there, now)
    await _move_kind(work.contacts, here, there, now)
    await _move_kind(work.bank_accounts, here, there, now)
    await _move_kind(work.notes, here, there, now)


async def _move_kind(parts: Parts[P], here: Party, there: Party, now: datetime) -> None:
    found: Sequence[P] = await parts.of(here)
    for part in found:
        part.owner = there
        part.version += 1
        part.updated_at = now
        parts.save(part)
