"""What every card must obey that only the shop's own tables, settings and other cards can say."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from domain.errors import CustomerMerged, Fault, LinkRing, NotFound, UnknownCode, UnknownParty
from domain.model.access import Caller
from domain.model.customer import Customer, CustomerDetails, CustomFields, FieldValue
from domain.model.links import closes_ring
from domain.model.reference import CustomField, FieldKind, FieldRecord, Table
from domain.model.third_party import ThirdPartyType
from domain.model.values import CustomerId
from domain.ports.unit_of_work import UnitOfWork

ARTICLE_CATEGORIES = "article-categories"
"""What a fault calls the tree of article categories, which is no table of the shop's own."""
LINKS = ("billed_to", "group", "statistics_party", "payment_party")


def visible(customer: Customer, by: Caller) -> Customer:
    """The card, if the caller may see it (B30). Raises ``NotFound``, as if it were not there."""
    if not by.may_see(customer.details.confidentiality_code):
        raise NotFound(what="customer")
    return customer


async def seen(
    work: UnitOfWork, customer_id: CustomerId, by: Caller, *, linking: Collection[CustomerId] = ()
) -> Customer:
    """The very card named, locked for a change. Raises ``NotFound``, ``CustomerMerged`` or ``CustomerAnonymised``.

    ``linking`` are the cards that it is to name, locked with it: in one order, so that two who link the same cards to one
    another never wait in a ring.
    """
    try:
        customer, *_ = await work.customers.lock([customer_id, *linking])
    except NotFound:
        # of the cards to name the rulebook will say that they are unknown
        (customer,) = await work.customers.lock([customer_id])
    visible(customer, by).stand()
    return customer


def linked(card: CustomerDetails) -> set[CustomerId]:
    """The cards that a card names."""
    return {target for name in LINKS if (target := getattr(card, name)) is not None}


async def check_codes(work: UnitOfWork, codes: Iterable[tuple[str, Table, str | None]]) -> None:
    """``codes`` are pointers with the table and the code. Raises ``UnknownCode`` naming each that its table lacks."""
    wanted = [(pointer, table, code) for pointer, table, code in codes if code is not None]
    missing = await work.references.missing({(table, code) for _, table, code in wanted})
    faults = [
        Fault("unknown-code", pointer, (("table", table.value),))
        for pointer, table, code in wanted
        if (table, code) in missing
    ]
    if faults:
        raise UnknownCode(faults=faults)


async def check_article_categories(work: UnitOfWork, codes: Iterable[tuple[str, str | None]]) -> None:
    """``codes`` are pointers with a node of the tree of articles (A31). Raises ``UnknownCode`` naming each that is not there."""
    wanted = [(pointer, code) for pointer, code in codes if code is not None]
    known = await work.categories.ancestry({code for _, code in wanted})
    faults = [
        Fault("unknown-code", pointer, (("table", ARTICLE_CATEGORIES),))
        for pointer, code in wanted
        if code not in known
    ]
    if faults:
        raise UnknownCode(faults=faults)


def customer_codes(card: CustomerDetails) -> list[tuple[str, Table, str | None]]:
    """The codes on a customer's card."""
    return [
        ("/title", Table.TITLES, card.title),
        ("/address/country", Table.COUNTRIES, card.address.country),
        ("/category", Table.CATEGORIES, card.category),
        ("/language", Table.LANGUAGES, card.language),
        ("/payment_mode", Table.PAYMENT_MODES, card.payment_mode),
        ("/print_mode", Table.PRINT_MODES, card.print_mode),
        ("/reminder_family", Table.REMINDER_FAMILIES, card.reminder_family),
        ("/tariff_code", Table.TARIFFS, card.tariff_code),
        ("/confidentiality_code", Table.CONFIDENTIALITY, card.confidentiality_code),
        ("/stat_1", Table.STAT_1, card.stat_1),
        ("/stat_2", Table.STAT_2, card.stat_2),
        ("/stat_3", Table.STAT_3, card.stat_3),
    ]


async def check_customer(
    work: UnitOfWork, customer_id: CustomerId, card: CustomerDetails, before: CustomerDetails | None, by: Caller
) -> None:
    """What is new on a card against the shop's tables, fields, people and other cards.

    What stood there ``before`` may stay. Raises ``UnknownCode``, ``UnknownParty``, ``LinkRing``.
    """
    stood = set(customer_codes(before)) if before else set()
    await check_codes(work, [each for each in customer_codes(card) if each not in stood])
    await _check_program(work, card, before)
    await check_fields(work, FieldRecord.CUSTOMER, card.custom_fields, before.custom_fields if before else {})
    await _check_people(work, card, before)
    await _check_links(work, customer_id, card, before, by)


async def _check_program(work: UnitOfWork, card: CustomerDetails, before: CustomerDetails | None) -> None:
    """The loyalty program that a card newly names is one of the shop's (A62)."""
    code = card.fidelity_program
    if code is None or (before is not None and before.fidelity_program == code):
        return
    settings = await work.references.settings()
    if all(program.code != code for program in settings.loyalty):
        raise UnknownCode(faults=[Fault("unknown-program", "/fidelity_program", (("code", code),))])


async def _check_people(work: UnitOfWork, card: CustomerDetails, before: CustomerDetails | None) -> None:
    faults = []
    new_admin = card.sales_admin and (before is None or card.sales_admin != before.sales_admin)
    if card.sales_admin and new_admin and not await work.flashes.staff([card.sales_admin]):
        faults.append(Fault("unknown-party", "/sales_admin_id"))
    stood = {rep.sales_rep for rep in before.sales_reps} if before else set()
    for index, rep in enumerate(card.sales_reps):
        if rep.sales_rep in stood:
            continue
        try:
            found = await work.third_parties.get(rep.sales_rep)
        except NotFound:
            faults.append(Fault("unknown-party", f"/sales_reps/{index}/third_party_id"))
            continue
        if found.type is not ThirdPartyType.SALES_REP:
            faults.append(Fault("no-sales-rep", f"/sales_reps/{index}/third_party_id"))
    if faults:
        raise UnknownParty(faults=faults)


async def _check_links(
    work: UnitOfWork, customer_id: CustomerId, card: CustomerDetails, before: CustomerDetails | None, by: Caller
) -> None:
    changed: dict[str, CustomerId] = {}
    for name in LINKS:
        target: CustomerId | None = getattr(card, name)
        if target is not None and (before is None or getattr(before, name) != target):
            changed[name] = target
    if not changed:
        return
    # rows first, in ascending order, then the lock of all links: whoever holds that one waits for nobody
    fit = {target for target in sorted(set(changed.values())) if await _may_be_linked(work, target, by)}
    known = await work.customers.links()
    unknown, rings = [], []
    for name, target in changed.items():
        links: Mapping[CustomerId, CustomerId] = getattr(known, name)
        if target not in fit:
            unknown.append(Fault("unknown-party", f"/{name}_id"))
        elif closes_ring(customer_id, target, links):
            rings.append(Fault("link-ring", f"/{name}_id"))
    if unknown:
        raise UnknownParty(faults=unknown)
    if rings:
        raise LinkRing(faults=rings)


async def _may_be_linked(work: UnitOfWork, target: CustomerId, by: Caller) -> bool:
    try:
        (customer,) = await work.customers.lock([target])
        visible(customer, by).stand()
    except (NotFound, CustomerMerged):
        return False
    return customer.details.closed_on is None


async def check_fields(work: UnitOfWork, record: FieldRecord, values: CustomFields, before: CustomFields) -> None:
    """Values of the shop's own fields that are new. Raises ``UnknownCode`` naming each that fits no field (B60)."""
    changed = [
        (questionnaire, code, value)
        for questionnaire, answers in values.items()
        for code, value in answers.items()
        if before.get(questionnaire, {}).get(code) != value
    ]
    if not changed:
        return
    fields = {(field.questionnaire, field.code): field for field in await work.references.fields(record)}
    faults = []
    for questionnaire, code, value in changed:
        field = fields.get((questionnaire, code))
        if field is None:
            faults.append(Fault("unknown-field", f"/custom_fields/{_step(questionnaire)}/{_step(code)}"))
        elif not fits(field, value):
            facts = (("kind", field.kind.value),)
            faults.append(Fault("field-kind", f"/custom_fields/{_step(questionnaire)}/{_step(code)}", facts))
    if faults:
        raise UnknownCode(faults=faults)


def _step(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def fits(field: CustomField, value: FieldValue) -> bool:
    """Whether the value is one that the field takes; None empties any field."""
    if value is None:
        return True
    takes: Mapping[FieldKind, Callable[[str], bool]] = {
        FieldKind.TEXT: lambda _: True,
        FieldKind.NUMBER: _is_number,
        FieldKind.DATE: _is_day,
        FieldKind.CHOICE: lambda text: text in field.choices,
        FieldKind.FLAG: lambda text: text in {"true", "false"},
    }
    return takes[field.kind](value)


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
