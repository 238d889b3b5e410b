"""The rules of a merge by themselves, and any two cards merged and undone on PostgreSQL (C9)."""

import asyncio
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.model.access import Caller
from domain.model.card import (
    Address,
    AddressDetails,
    AddressRole,
    BankAccount,
    BankDetails,
    Channel,
    Consent,
    ContactDetails,
    ContactPerson,
    DiscountDetails,
    DiscountRule,
    DiscountScope,
    Note,
    Purpose,
)
from domain.model.customer import Customer, CustomerDetails, Kind, Light
from domain.model.links import closes_ring
from domain.model.merge import (
    ATTRIBUTES,
    LINKS,
    NO_CHOICE,
    CardField,
    ClashRule,
    Side,
    Taken,
    merged_card,
    redirected,
    settled_links,
)
from domain.model.values import (
    AddressId,
    BankAccountId,
    ContactId,
    CustomerId,
    DiscountId,
    DocumentType,
    MergeId,
    NoteId,
    Party,
    PostalAddress,
)
from domain.ports.answers import Once, Told
from domain.queries.merges import MergeView
from domain.usecases.merges import MergeOrder, Merges
from domain.usecases.work import Surroundings
from tests.contracts.house import PostgresHouse, postgres_house
from tests.contracts.samples import NOW, committed, customer
from tests.support.snapshot import snapshot

TEXTS = st.none() | st.sampled_from(["a", "b", "Élodie"])
CARDS = st.builds(
    CustomerDetails,
    name=st.sampled_from(["MARTIN", "Martin-Durand", "LE GOFF"]),
    given_short_name=st.none() | st.just("MART"),
    kind=st.sampled_from(Kind),
    first_name=TEXTS,
    email=st.none() | st.just("a@example.org"),
    phone=st.none() | st.sampled_from(["0240000001", "0240000002"]),
    no_sms=st.booleans(),
    address=st.builds(PostalAddress, street=TEXTS, town=TEXTS, country=st.sampled_from(["FR", "BE"])),
    mail_order=st.booleans(),
    comment=st.none() | st.sampled_from(["Sonner", "Le soir"]),
    birth_date=st.none() | st.just(date(1970, 2, 28)),
    management_ceiling=st.sampled_from([Decimal("0.00"), Decimal("12345678.90")]),
    custom_fields=st.dictionaries(
        st.sampled_from(["Q1", "Q2"]),
        st.dictionaries(st.sampled_from(["a", "b"]), st.sampled_from(["1", "2"])),
        max_size=2,
    ),
    light=st.sampled_from(Light),
    light_message=TEXTS,
)
CHOICES = st.dictionaries(st.sampled_from(CardField), st.sampled_from(Side), max_size=6)


def values(card: CustomerDetails, which: CardField) -> dict[str, Any]:
    return {name: getattr(card, name) for name in ATTRIBUTES[which]}


@pytest.mark.row("C9")
class TestTheFieldsOfTheMergedCard:
    def test_are_all_decided_by_exactly_one_choice(self) -> None:
        decided = [name for names in ATTRIBUTES.values() for name in names]
        assert sorted(decided) == sorted({each.name for each in fields(CustomerDetails)} - NO_CHOICE)

    @given(CARDS, CARDS, CHOICES)
    def test_are_those_of_one_card_and_each_difference_is_told(
        self, kept: CustomerDetails, absorbed: CustomerDetails, choices: Mapping[CardField, Side]
    ) -> None:
        card, outcomes = merged_card(kept, absorbed, choices)
        told = {each.field: each for each in outcomes}
        for which in CardField:
            mine, other, now = values(kept, which), values(absorbed, which), values(card, which)
            assert (which in told) == (mine != other)
            if which not in told:
                assert now == mine
                continue
            outcome = told[which]
            assert outcome.chosen == (choices[which].value if which in choices else outcome.proposed)
            assert outcome.chosen is Taken.BOTH or now == (mine if outcome.chosen is Taken.KEPT else other)
        assert (card.barcode, card.fidelity_number) == (kept.barcode, kept.fidelity_number)

    @given(CARDS, CARDS)
    def test_lose_no_value_where_the_kept_card_has_none(self, kept: CustomerDetails, absorbed: CustomerDetails) -> None:
        card, outcomes = merged_card(kept, absorbed, {})
        blank = CustomerDetails(name="-")
        always = {"name", "kind", "mail_order", "given_short_name", "light_message"}
        for each in fields(CustomerDetails):
            if each.name in always | {"address"}:
                continue
            mine, other, now = (getattr(one, each.name) for one in (kept, absorbed, card))
            if mine == getattr(blank, each.name):
                assert now == other, each.name
        assert card.no_sms == (kept.no_sms or absorbed.no_sms), "a refusal of SMS stands"
        if kept.comment and absorbed.comment:
            assert {kept.comment, absorbed.comment} <= set((card.comment or "").split("\n"))
        for name, answers in absorbed.custom_fields.items():
            assert answers.keys() <= card.custom_fields[name].keys()
        for outcome in outcomes:
            if outcome.chosen is Taken.KEPT:
                assert outcome.result == outcome.kept

    @given(CARDS)
    def test_are_as_they_were_when_both_cards_say_the_same(self, card: CustomerDetails) -> None:
        assert merged_card(card, replace(card, barcode="1"), {}) == (card, [])


IDS = [CustomerId(UUID(int=n)) for n in range(6)]
GRAPHS = st.dictionaries(st.sampled_from(IDS), st.sampled_from(IDS), max_size=6)


def rings(links: Mapping[CustomerId, CustomerId]) -> bool:
    return any(closes_ring(start, target, links) for start, target in links.items())


@pytest.mark.row("A60", "B20", "B21", "B22")
class TestTheLinksOfTheMergedCard:
    @given(GRAPHS, st.permutations(IDS), st.none() | st.sampled_from(IDS))
    def test_never_close_a_ring(
        self, wanted: dict[CustomerId, CustomerId], order: list[CustomerId], target: CustomerId | None
    ) -> None:
        links: dict[CustomerId, CustomerId] = {}
        for start, end in wanted.items():
            if not closes_ring(start, end, links):
                links[start] = end
        kept, absorbed = order[0], order[1]
        card = CustomerDetails(name="MARTIN", group=target if target != kept else links.get(kept))
        found, clashes = settled_links(card, kept_id=kept, absorbed_id=absorbed, links=lambda _: links)
        after = redirected(links.items(), kept_id=kept, absorbed_id=absorbed)
        if found.group:
            after[kept] = found.group
        assert absorbed not in after.values()
        assert not rings(after)
        assert [each.rule for each in clashes] == ([] if found.group == card.group else [ClashRule.LINK_DROPPED])

    def test_are_the_four_there_are(self) -> None:
        assert {ATTRIBUTES[each] for each in LINKS} == {
            ("billed_to",),
            ("group",),
            ("statistics_party",),
            ("payment_party",),
        }


CODES = st.sampled_from(["A1", "A2", "B1", "X"])
DOCUMENTS = st.frozensets(st.sampled_from(DocumentType), max_size=2)
PARTS = st.fixed_dictionaries(
    {
        "addresses": st.lists(
            st.tuples(CODES, st.sampled_from(AddressRole), DOCUMENTS), max_size=3, unique_by=lambda each: each[0]
        ),
        "contacts": st.lists(CODES, max_size=3, unique=True),
        "accounts": st.lists(st.tuples(CODES, st.booleans()), max_size=2, unique_by=lambda each: each[0]),
        "notes": st.integers(0, 2),
        "consents": st.lists(st.tuples(st.sampled_from(Channel), st.booleans()), max_size=2),
        "discounts": st.integers(0, 2),
    }
)
_numbers = count(1)


async def put(house: PostgresHouse, card: Customer, parts: Mapping[str, Any]) -> None:
    """Hang random parts on a card."""
    owner = Party.customer(card.id)
    at: Any = {"created_at": NOW, "updated_at": NOW}
    roles: set[AddressRole] = set()
    started: set[DocumentType] = set()
    async with committed(house) as work:
        for code, wanted, documents in parts["addresses"]:
            role = AddressRole.OTHER if wanted in roles else wanted
            roles.add(role)
            details = AddressDetails(
                role=role, postal=PostalAddress(street=f"{code} rue", town="NANTES"), default_for=documents - started
            )
            started |= documents
            work.addresses.add(Address(id=AddressId(house.new_id()), owner=owner, code=code, details=details, **at))
        for code in parts["contacts"]:
            contact = ContactDetails(name="LEROY", phone="0240000000")
            work.contacts.add(
                ContactPerson(id=ContactId(house.new_id()), owner=owner, code=code, details=contact, **at)
            )
        for n, (code, main) in enumerate(parts["accounts"]):
            account = BankDetails(iban="FR1420041010050500013M02606", main=main and not n)
            work.bank_accounts.add(
                BankAccount(id=BankAccountId(house.new_id()), owner=owner, code=code, details=account, **at)
            )
        for n in range(parts["notes"]):
            work.notes.add(Note(id=NoteId(house.new_id()), owner=owner, text=f"note {n}", by="staff:1", **at))
        for channel, granted in parts["consents"]:
            work.consents.add(
                Consent(
                    id=house.new_id(),
                    customer_id=card.id,
                    channel=channel,
                    purpose=Purpose.MARKETING,
                    granted=granted,
                    source=None,
                    at=NOW,
                    by="staff:1",
                )
            )
        for n in range(parts["discounts"]):
            rule = DiscountDetails(scope=DiscountScope.ALL, percent=Decimal(n))
            work.discounts.add(DiscountRule(id=DiscountId(house.new_id()), customer_id=card.id, details=rule, **at))


async def merged_and_undone(
    house: PostgresHouse,
    cards: tuple[CustomerDetails, CustomerDetails],
    parts: tuple[Mapping[str, Any], Mapping[str, Any]],
    choices: Mapping[CardField, Side],
) -> None:
    made = []
    for details, hung in zip(cards, parts, strict=True):
        card = customer(house.new_id, code=f"H{next(_numbers)}")
        card.details = replace(details, barcode=None)
        async with committed(house) as work:
            work.customers.add(card)
        await put(house, card, hung)
        made.append(card)
    kept, absorbed = made
    before = await snapshot(house.owner)
    around = Surroundings(begin=house.begin, clock=house.clock, new_id=house.new_id)
    merges = Merges(around)
    by = Caller(
        dossier=house.dossier,
        client="staff:1",
        kind="staff",
        name="Camille",
        login="camille",
        scopes=frozenset({"admin"}),
    )
    seen: list[MergeView] = []

    def once() -> Once[MergeView]:
        def tell(view: MergeView) -> Told:
            seen.append(view)
            return Told(status=200, body=b"{}")

        return Once(key=f"k{next(_numbers)}", client="staff:1", fingerprint=b"1", tell=tell)

    order = MergeOrder(kept_id=kept.id, absorbed_id=absorbed.id, choices=choices)
    await merges.preview(by=by, order=order, once=once())
    assert await snapshot(house.owner) == before
    await merges.merge(by=by, order=order, once=once())
    preview, done = seen
    assert (preview.fields, preview.moved, preview.clashes) == (done.fields, done.moved, done.clashes)
    async with house.begin(house.dossier) as work:
        (now,) = await work.customers.lock([kept.id])
        assert now.details == merged_card(kept.details, absorbed.details, choices)[0]
        assert (await work.customers.get(absorbed.id)).id == kept.id
        for kind in ("addresses", "contacts", "accounts"):
            repository: Any = {
                "addresses": work.addresses,
                "contacts": work.contacts,
                "accounts": work.bank_accounts,
            }[kind]
            assert len(await repository.of(Party.customer(kept.id))) == len(parts[0][kind]) + len(parts[1][kind])
    assert done.id is not None
    await merges.undo(by=by, merge_id=MergeId(done.id), once=once())
    after = await snapshot(house.owner, audit_of=before)
    for table, rows in before.items():
        assert after[table] == rows, table


@pytest.mark.row("C9", "A55")
class TestAnyTwoCards:
    def test_merged_and_undone_are_what_they_were(self, database: str) -> None:
        async def on_postgresql(*case: Any) -> None:
            async with postgres_house(database, name=f"fusion-{next(_numbers)}", size=2) as house:
                await merged_and_undone(house, *case)

        @settings(max_examples=12, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(st.tuples(CARDS, CARDS), st.tuples(PARTS, PARTS), CHOICES)
        def holds(cards: Any, parts: Any, choices: Any) -> None:
            asyncio.run(on_postgresql(cards, parts, choices))

        holds()
