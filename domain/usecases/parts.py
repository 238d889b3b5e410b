"""What hangs on cards: one way to create, change and remove a part, and what is special about each kind (B33)."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Generic, Protocol, TypeVar
from uuid import UUID

from domain.errors import NotFound
from domain.events import Event, EventType
from domain.model.access import Caller
from domain.model.customer import Customer
from domain.model.identifiers import sub_code
from domain.model.third_party import ThirdParty
from domain.model.values import CustomerId, Party, ThirdPartyId
from domain.ports.answers import Once, Told
from domain.ports.cards import Parts
from domain.ports.unit_of_work import UnitOfWork
from domain.usecases.customers import customer_event
from domain.usecases.rulebook import seen
from domain.usecases.work import Surroundings, expect, told


class Part(Protocol):
    """What every part has; it is changed in place."""

    version: int
    updated_at: datetime

    @property
    def id(self) -> UUID: ...


P = TypeVar("P", bound=Part)
D = TypeVar("D")
V = TypeVar("V")

Card = Customer | ThirdParty


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """One change of a part: in which transaction, by whom, on which card, beside which other parts of its kind, and when."""

    work: UnitOfWork
    by: Caller
    card: Card
    now: datetime
    today: date


def owner_of(card: Card) -> Party:
    return Party.customer(card.id) if isinstance(card, Customer) else Party.third_party(card.id)


def called(card: Card) -> str:
    """What the card is called where nobody else is named."""
    return " ".join(filter(None, (card.details.title, card.details.first_name, card.details.name)))


async def held(work: UnitOfWork, owner: Party, by: Caller, *, linking: Collection[CustomerId] = ()) -> Card:
    """The card, locked so that its parts change one after another, with the customers that a part is to name.

    Raises ``NotFound`` (also for a card that the caller may not see), ``CustomerMerged`` or ``CustomerAnonymised``.
    """
    if owner.customer_id is not None:
        return await seen(work, owner.customer_id, by, linking=linking)
    (third_party,) = await work.third_parties.lock([ThirdPartyId(owner.id)])
    return third_party


def changed(around: Surroundings, card: Card, by: Caller, now: datetime) -> Event:
    """Tells whoever shows the card that something on it changed; the card's own version stays."""
    if isinstance(card, Customer):
        return replace(customer_event(EventType.CUSTOMER_UPDATED, card, around=around, by=by), at=now)
    return around.event(
        EventType.THIRD_PARTY_UPDATED,
        card.id,
        card.version,
        by,
        now,
        third_party_id=card.id.hex,
        code=card.code,
        name=card.details.name,
    )


@dataclass(frozen=True, slots=True)
class CardParts(ABC, Generic[P, D, V]):
    """Create, change and remove parts of one kind. ``D`` is what a person writes on one, ``V`` how it is read.

    Every method raises what ``held`` raises, besides what it says itself.
    """

    around: Surroundings

    async def create(self, *, by: Caller, owner: Party, details: D, once: Once[V], code: str | None = None) -> Told:
        """A new part; without ``code`` the next automatic one, where the kind has codes (B57).

        Raises ``CodeTaken``, ``UnknownCode``, ``UnknownParty`` or ``Inconsistent``.
        """
        async with self.around.begin(by.dossier, by.client) as work:
            if (before := await work.claim(once)) is not None:
                return before
            there = await self._at(work, owner, by, details)
            others = await self._of(work).of(owner)
            part = self._new(self.around.new_id(), there, self._code(code, details, others), details)
            await self._fit(there, part, others, None)
            self._of(work).add(part)
            work.emit(changed(self.around, there.card, by, there.now))
            return await told(work, once, await self._view(there, part))

    async def change(self, *, by: Caller, owner: Party, part_id: UUID, version: int, edit: Callable[[D], D]) -> V:
        """Apply ``edit`` to the part the caller saw as ``version``.

        Raises ``NotFound``, ``StaleVersion``, ``CodeTaken``, ``UnknownCode``, ``UnknownParty`` or ``Inconsistent``.
        """
        async with self.around.begin(by.dossier, by.client) as work:
            peeked = self._read(await self._of(work).get(part_id))
            there = await self._at(work, owner, by, edit(peeked))
            part, others = _apart(await self._of(work).of(owner), part_id)
            expect(part.version, version)
            before = self._read(part)
            after = edit(before)
            if after != before:
                self._write(part, after)
                await self._fit(there, part, others, before)
                self._save(there, part)
                work.emit(changed(self.around, there.card, by, there.now))
                await work.commit()
            return await self._view(there, part)

    async def remove(self, *, by: Caller, owner: Party, part_id: UUID, version: int) -> None:
        """Raises ``NotFound`` or ``StaleVersion``."""
        async with self.around.begin(by.dossier, by.client) as work:
            there = await self._at(work, owner, by)
            part, others = _apart(await self._of(work).of(owner), part_id)
            expect(part.version, version)
            self._of(work).remove(part)
            self._left(there, others)
            work.emit(changed(self.around, there.card, by, there.now))
            await work.commit()

    async def _at(self, work: UnitOfWork, owner: Party, by: Caller, details: D | None = None) -> Occasion:
        named = self._names(details) if details is not None else ()
        card = await held(work, owner, by, linking=named)
        return Occasion(work=work, by=by, card=card, now=self.around.clock(), today=self.around.today(by.dossier))

    def _save(self, there: Occasion, part: P) -> None:
        """Keep a part that was changed."""
        part.version += 1
        part.updated_at = there.now
        self._of(there.work).save(part)

    @abstractmethod
    def _of(self, work: UnitOfWork) -> Parts[P]:
        """Where parts of this kind are kept."""

    @abstractmethod
    def _new(self, part_id: UUID, there: Occasion, code: str, details: D) -> P:
        """A part that was never kept."""

    @abstractmethod
    def _read(self, part: P) -> D:
        """What a person wrote on it."""

    @abstractmethod
    def _write(self, part: P, details: D) -> None:
        """Write it anew."""

    @abstractmethod
    async def _view(self, there: Occasion, part: P) -> V:
        """The part as its reader would answer it."""

    def _names(self, details: D) -> Collection[CustomerId]:
        """The customers that such a part names."""
        del details
        return ()

    def _code(self, wanted: str | None, details: D, others: Sequence[P]) -> str:
        """The code of a new part; a kind without codes has none."""
        del wanted, details, others
        return ""

    async def _fit(self, there: Occasion, part: P, others: Sequence[P], before: D | None) -> None:
        """Check what only the shop's data can judge, and make the ``others`` give way.

        What stood there ``before`` may stay; None: the part is new.
        """

    def _left(self, there: Occasion, others: Sequence[P]) -> None:
        """What the ``others`` become when a part is gone."""


def _apart(parts: Sequence[P], part_id: UUID) -> tuple[P, list[P]]:
    """The part of this id and the others. Raises ``NotFound``."""
    found = [part for part in parts if part.id == part_id]
    if not found:
        raise NotFound(what="part")
    return found[0], [part for part in parts if part.id != part_id]


def part_code(wanted: str | None, *, stem: str, taken: Sequence[str]) -> str:
    """The code wanted, in capitals, else the automatic one that begins like ``stem`` (B57)."""
    return wanted.upper() if wanted else sub_code(stem, taken=taken)


def as_customer(owner: Party) -> CustomerId:
    """The customer among parties. Raises ``NotFound`` for a third party."""
    if owner.customer_id is None:
        raise NotFound(what="customer")
    return owner.customer_id
