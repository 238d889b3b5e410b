"""The company file (fiche dossier): what the shop is called and what it decided for all of its cards."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from domain.errors import Fault, Inconsistent, UnknownParty
from domain.events import EventType
from domain.model.access import Caller
from domain.model.booklaw import LawKey, LawValue
from domain.model.loyalty import LoyaltyProgram, ProgramKind
from domain.model.prices import WHOLE
from domain.model.reference import Table
from domain.model.settings import DossierSettings
from domain.ports.unit_of_work import UnitOfWork
from domain.queries.settings import DossierView, dossier_view
from domain.usecases.rulebook import check_codes
from domain.usecases.work import Surroundings, expect


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierEdit:
    """What a person may write of the company file."""

    name: str
    address: str
    settings: DossierSettings


@dataclass(frozen=True, slots=True)
class Settings:
    """The company file, which every card and document follows from its next change on; what is written stays as it is."""

    around: Surroundings

    async def change(
        self,
        *,
        by: Caller,
        version: int,
        edit: Callable[[DossierEdit], DossierEdit],
        rewrite_contacts: bool = False,
    ) -> DossierView:
        """``rewrite_contacts`` gives contacts with the former function code of a role its new one (B38).

        Raises ``StaleVersion``; ``UnknownCode`` for a function, ``UnknownParty`` for a colleague that is not there;
        ``Inconsistent`` when a former code would have to become two, or for a value that the law cannot have.
        """
        async with self.around.begin(by.dossier, by.client) as work:
            card = await work.references.dossier()
            expect(card.version, version)
            before = DossierEdit(name=card.name, address=card.address, settings=card.settings)
            after = edit(before)
            await _check(work, after.settings, before.settings)
            now = self.around.clock()
            if rewrite_contacts and (codes := rewritten(before.settings, after.settings)):
                work.references.rewrite_functions(codes, now=now)
            if after != before:
                card.name, card.address, card.settings = after.name, after.address, after.settings
                card.version += 1
                work.references.save_dossier(card)
                kind = EventType.SETTINGS_UPDATED
                work.emit(self.around.event(kind, by.dossier.id, card.version, by, now, table="dossier"))
                await work.commit()
            return dossier_view(replace(card))


def rewritten(before: DossierSettings, after: DossierSettings) -> dict[str, str]:
    """The function codes that changed with their roles, former to new (B38).

    Raises ``Inconsistent`` where a former code stands for a role that keeps it, or would become two codes: whoever has it
    would lose a role.
    """
    codes: dict[str, str] = {}
    faults = []
    for document, former in before.contact_roles.items():
        new = after.contact_roles[document]
        if codes.setdefault(former, new) != new:
            faults.append(Fault("shared-function", f"/contact_roles/{document}"))
    if faults:
        raise Inconsistent(faults=faults)
    return {former: new for former, new in codes.items() if former != new}


CAPS = frozenset(
    {
        LawKey.BOOK_DISCOUNT_CAP,
        LawKey.SHIPPED_DISCOUNT_CAP,
        LawKey.PUBLIC_DISCOUNT_CAP,
        LawKey.DIGITAL_DISCOUNT_CAP,
    }
)
"""Values that are percents."""


def check_law(values: Sequence[LawValue]) -> None:
    """Raises ``Inconsistent`` naming each value that cannot be, or that another of the same key and day contradicts."""
    faults, seen = [], set()
    for index, each in enumerate(values):
        if (each.key, each.since) in seen:
            faults.append(Fault("twice", f"/book_law/{index}/since"))
        seen.add((each.key, each.since))
        if each.key in CAPS and each.value > WHOLE:
            faults.append(Fault("law-percent", f"/book_law/{index}/value"))
        if each.key is LawKey.FREE_ORDER_COPIES and each.value != int(each.value):
            faults.append(Fault("law-copies", f"/book_law/{index}/value"))
    if faults:
        raise Inconsistent(faults=faults)


def check_loyalty(programs: Sequence[LoyaltyProgram]) -> None:
    """Raises ``Inconsistent`` naming each program whose code another has, or whose round is not of its kind."""
    faults, seen = [], set()
    for index, each in enumerate(programs):
        place = f"/loyalty/programs/{index}"
        if each.code in seen:
            faults.append(Fault("twice", f"{place}/code"))
        seen.add(each.code)
        if (each.every is None) is (each.kind is ProgramKind.PURCHASES):
            faults.append(Fault("loyalty-round", f"{place}/every"))
        if bool(each.threshold) is not (each.kind is ProgramKind.AMOUNT):
            faults.append(Fault("loyalty-round", f"{place}/threshold"))
    if faults:
        raise Inconsistent(faults=faults)


async def _check(work: UnitOfWork, settings: DossierSettings, before: DossierSettings) -> None:
    check_law(settings.law)
    check_loyalty(settings.loyalty)
    await check_codes(
        work,
        [
            (f"/contact_roles/{document}", Table.FUNCTIONS, code)
            for document, code in settings.contact_roles.items()
            if before.contact_roles.get(document) != code
        ],
    )
    known_before = before.pickup.by_category.keys()
    await check_codes(
        work,
        [
            (f"/pickup/by_category/{code}", Table.CATEGORIES, code)
            for code in sorted(settings.pickup.by_category.keys() - known_before)
        ],
    )
    families = {each.family for each in before.reminders.scenarios}
    await check_codes(
        work,
        [
            (f"/reminders/scenarios/{index}/family", Table.REMINDER_FAMILIES, each.family)
            for index, each in enumerate(settings.reminders.scenarios)
            if each.family not in families
        ],
    )
    told = {"flash_customer_ids": settings.flash_customers, "flash_third_party_ids": settings.flash_third_parties}
    known = await work.flashes.staff({each for people in told.values() for each in people})
    faults = [
        Fault("unknown-party", f"/{name}/{index}")
        for name, people in told.items()
        for index, each in enumerate(people)
        if each not in known
    ]
    if faults:
        raise UnknownParty(faults=faults)
