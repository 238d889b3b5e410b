"""Whatever is done to what hangs on cards, the rules of its kinds hold: in memory and in PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import count
from typing import Any, ClassVar, TypeVar

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from domain.errors import CodeTaken, Inconsistent, NotFound, ShopError, StaleVersion, UnknownParty
from domain.events import EventType
from domain.model.card import (
    EVERY_DOCUMENT,
    Address,
    AddressDetails,
    AddressRole,
    BankAccount,
    BankDetails,
    ContactDetails,
    DiscountDetails,
    DiscountScope,
)
from domain.model.customer import CustomerDetails
from domain.model.third_party import ThirdPartyDetails, ThirdPartyType
from domain.model.values import DocumentType, Party, PostalAddress
from domain.queries.cards import BankAccountView
from domain.usecases.cards import cards
from domain.usecases.parts import CardParts
from domain.usecases.third_parties import ThirdParties
from infra.directory import Directory
from tests.contracts.house import FakeHouse, House, postgres_house
from tests.contracts.samples import plain
from tests.support.database import MakeDatabase
from tests.usecases.shop import Shop, at_once
from tests.usecases.test_machine import bounded

T = TypeVar("T")

POSTE, GERMAN = "FR1420041010050500013M02606", "DE89370400440532013000"
HOUSES = count(1)
Refusals = tuple[type[ShopError], ...]


class Desk(Shop):
    """A counter at which cards are kept."""

    def __init__(self, house: House) -> None:
        super().__init__(house)
        self.cards = cards(self.around, Directory())
        self.third_parties = ThirdParties(self.around)

    async def owner(self, kind: str = "customer") -> Party:
        if kind == "customer":
            return Party.customer((await self.customer(code=None, details=CustomerDetails(name="MARTIN"))).id)
        return Party.third_party((await self.prospect()).id)

    async def prospect(self) -> Any:
        return await self._result(
            self.third_parties.create(
                by=self.staff,
                type=ThirdPartyType.PROSPECT,
                code=None,
                details=ThirdPartyDetails(name="NATHAN"),
                once=self.once(),
            )
        )

    async def add(self, parts: CardParts[Any, Any, Any], owner: Party, details: Any, code: str | None = None) -> Any:
        return await self._result(
            parts.create(by=self.staff, owner=owner, details=details, code=code, once=self.once())
        )

    async def edit(self, parts: CardParts[Any, Any, Any], owner: Party, part: Any, **fields: Any) -> Any:
        return await parts.change(
            by=self.staff,
            owner=owner,
            part_id=part.id,
            version=part.version,
            edit=lambda details: replace(details, **fields),
        )

    async def remove(self, parts: CardParts[Any, Any, Any], owner: Party, part: Any) -> None:
        await parts.remove(by=self.staff, owner=owner, part_id=part.id, version=part.version)

    async def convert(self, prospect: Any) -> Any:
        return await self._result(
            self.third_parties.convert(
                by=self.staff,
                third_party_id=prospect.id,
                version=prospect.version,
                code=None,
                once=self.once(),
            )
        )

    async def hanging(self, owner: Party) -> dict[str, list[Any]]:
        """All that hangs on a card."""
        async with self.house.begin(self.house.dossier) as work:
            return {
                "addresses": list(await work.addresses.of(owner)),
                "contacts": list(await work.contacts.of(owner)),
                "bank_accounts": list(await work.bank_accounts.of(owner)),
                "notes": list(await work.notes.of(owner)),
            }


@pytest.fixture(params=["fake", "postgres"])
async def desk(request: pytest.FixtureRequest, make_database: MakeDatabase) -> AsyncIterator[Desk]:
    async with AsyncExitStack() as stack:
        house: House = FakeHouse()
        if request.param == "postgres":
            house = await stack.enter_async_context(postgres_house(await make_database()))
        yield Desk(house)


ORDERS, INVOICES = frozenset({DocumentType.ORDER}), frozenset({DocumentType.INVOICE})
ALLOWED = st.sampled_from([EVERY_DOCUMENT, EVERY_DOCUMENT, ORDERS, EVERY_DOCUMENT - ORDERS])
NAMED = st.sampled_from([ORDERS, INVOICES, ORDERS | INVOICES, frozenset()])
"""Few documents, so that addresses often name the same."""
DAYS = st.sampled_from([None, -1, 0, 1])
NTH = st.integers(0, 10)
WHOSE = st.sampled_from(["customer", "third_party"])
ADDRESSES = st.fixed_dictionaries(
    {},
    optional={
        "role": st.sampled_from(AddressRole),
        "allowed_for": ALLOWED,
        "default_for": NAMED,
        "postal": st.sampled_from([PostalAddress(town="Nantes"), PostalAddress(town="Rezé")]),
    },
)
ACCOUNTS = st.fixed_dictionaries(
    {},
    optional={
        "main": st.booleans(),
        "closed": DAYS,
        "iban": st.sampled_from([POSTE, GERMAN]),
        "domiciliation": st.sampled_from([None, "Nantes"]),
    },
)


class TheCards(RuleBasedStateMachine):
    """A customer's and a third party's card, to which anything is done that people do; a refusal changes nothing."""

    open_house: ClassVar[Callable[[AsyncExitStack], Awaitable[House]]]

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.desk = Desk(self.run(type(self).open_house(self.stack)))

    def run(self, work: Awaitable[T]) -> T:
        async def now() -> T:
            return await work

        return self.runner.run(now())

    def teardown(self) -> None:
        self.run(self.stack.aclose())
        self.runner.close()

    @initialize()
    def open(self) -> None:
        self.owners = {kind: self.run(self.desk.owner(kind)) for kind in ("customer", "third_party")}
        self.told = self.events()
        self.parts = self.all()

    def all(self) -> dict[str, dict[str, list[Any]]]:
        return {kind: self.run(self.desk.hanging(owner)) for kind, owner in self.owners.items()}

    def events(self) -> int:
        return len(self.run(self.desk.house.books()).events)

    def nth(self, whose: str, kind: str, nth: int) -> Any:
        there = self.parts[whose][kind]
        return there[nth % len(there)] if there else None

    def step(self, work: Coroutine[Any, Any, T], *refusals: type[ShopError]) -> T | None:
        """Do it. Every rule is checked after it, and who listens was told once."""
        result, refused = None, False
        try:
            result = self.run(work)
        except refusals:
            refused = True
        before, self.parts = self.parts, self.all()
        has_changed = _plain(self.parts) != _plain(before)
        assert not (refused and has_changed), "a refusal left something behind"
        events, self.told = self.events() - self.told, self.events()
        assert events == has_changed
        for parts in self.parts.values():
            self.check(parts)
        return result

    def check(self, parts: dict[str, list[Any]]) -> None:
        for kind in ("addresses", "contacts", "bank_accounts"):
            codes = [part.code for part in parts[kind]]
            assert len(codes) == len(set(codes))
        self.check_addresses(parts["addresses"])
        self.check_accounts(parts["bank_accounts"])
        own = {address.id for address in parts["addresses"]}
        assert {contact.details.address_id for contact in parts["contacts"]} <= {None, *own}

    def check_addresses(self, addresses: Sequence[Address]) -> None:
        for role in (AddressRole.DELIVERY, AddressRole.BILLING):
            assert sum(address.details.role is role for address in addresses) <= 1
        named = [document for address in addresses for document in address.details.default_for]
        assert len(named) == len(set(named))
        for address in addresses:
            assert address.details.default_for <= address.details.allowed_for

    def check_accounts(self, accounts: Sequence[BankAccount]) -> None:
        today = self.desk.around.today(self.desk.house.dossier)
        usable = [account for account in accounts if account.open_on(today)]
        mains = [account for account in accounts if account.details.main]
        assert len(mains) == (1 if usable else 0)
        assert all(account.open_on(today) for account in mains)

    def written(self, drawn: dict[str, Any]) -> dict[str, Any]:
        """An account as drawn; its closing date counted from today."""
        fields = dict(drawn)
        if "closed" in fields:
            days = fields.pop("closed")
            today = self.desk.around.today(self.desk.house.dossier)
            fields["closed_on"] = None if days is None else today + timedelta(days=days)
        return fields

    @rule(whose=WHOSE, fields=ADDRESSES, code=st.sampled_from([None, "one", "ONE"]))
    def add_address(self, whose: str, fields: dict[str, Any], code: str | None) -> None:
        async def adding() -> Any:
            return await self.desk.add(self.desk.cards.addresses, self.owners[whose], AddressDetails(**fields), code)

        made = self.step(adding(), Inconsistent, CodeTaken)
        if made is not None:
            assert (made.code, made.details) == (made.code if code is None else "ONE", AddressDetails(**fields))

    @rule(whose=WHOSE, nth=NTH, fields=ADDRESSES)
    def change_address(self, whose: str, nth: int, fields: dict[str, Any]) -> None:
        if (part := self.nth(whose, "addresses", nth)) is None:
            return
        edited = self.step(
            self.desk.edit(self.desk.cards.addresses, self.owners[whose], part, **fields), Inconsistent, CodeTaken
        )
        if edited is not None:
            assert edited.details == replace(part.details, **fields)

    @rule(whose=WHOSE, fields=ACCOUNTS)
    def add_account(self, whose: str, fields: dict[str, Any]) -> None:
        details = BankDetails(**{"iban": POSTE, **self.written(fields)})
        made = self.step(self.desk.add(self.desk.cards.bank_accounts, self.owners[whose], details), Inconsistent)
        if made is not None and details.main:
            assert made.details.main

    @rule(whose=WHOSE, nth=NTH, fields=ACCOUNTS)
    def change_account(self, whose: str, nth: int, fields: dict[str, Any]) -> None:
        if (part := self.nth(whose, "bank_accounts", nth)) is None:
            return
        changing = self.desk.edit(self.desk.cards.bank_accounts, self.owners[whose], part, **self.written(fields))
        edited: BankAccountView | None = self.step(changing, Inconsistent)
        if edited is not None and fields.get("main"):
            today = self.desk.around.today(self.desk.house.dossier)
            assert edited.details.main is (edited.details.closed_on is None or edited.details.closed_on > today)

    @rule(whose=WHOSE, from_whom=WHOSE, nth=NTH)
    def add_contact(self, whose: str, from_whom: str, nth: int) -> None:
        where = self.nth(from_whom, "addresses", nth)
        details = ContactDetails(name="Petit", address_id=where.id if where else None)
        made = self.step(self.desk.add(self.desk.cards.contacts, self.owners[whose], details), UnknownParty)
        assert (made is None) is (where is not None and whose != from_whom)

    @rule(whose=WHOSE, text=st.sampled_from(["a", "b"]))
    def add_note(self, whose: str, text: str) -> None:
        made = self.step(self.desk.add(self.desk.cards.notes, self.owners[whose], text))
        assert made is not None
        assert (made.text, made.by) == (text, self.desk.staff.client)

    @rule(
        whose=WHOSE, kind=st.sampled_from(["bank_accounts", "bank_accounts", "addresses", "contacts", "notes"]), nth=NTH
    )
    def remove(self, whose: str, kind: str, nth: int) -> None:
        if (part := self.nth(whose, kind, nth)) is None:
            return
        self.step(self.desk.remove(getattr(self.desk.cards, kind), self.owners[whose], part))
        assert part.id not in {each.id for each in self.parts[whose][kind]}

    @rule(whose=WHOSE, other=WHOSE, kind=st.sampled_from(["addresses", "bank_accounts"]), nth=NTH)
    def touch_what_was_changed_or_is_elsewhere(self, whose: str, other: str, kind: str, nth: int) -> None:
        if (part := self.nth(whose, kind, nth)) is None:
            return
        part.version += 1 if whose == other else 0
        removing = self.desk.remove(getattr(self.desk.cards, kind), self.owners[other], part)
        self.parts = self.all()
        with pytest.raises(StaleVersion if whose == other else NotFound):
            self.run(removing)
        assert _plain(self.all()) == _plain(self.parts)


def _plain(parts: dict[str, dict[str, list[Any]]]) -> object:
    return [[plain(part) for part in there] for kinds in parts.values() for there in kinds.values()]


def machine_on(open_house: Callable[[AsyncExitStack], Awaitable[House]]) -> type[TheCards]:
    return type("Machine", (TheCards,), {"open_house": staticmethod(open_house)})


@pytest.mark.row("A57", "B33", "B39", "B40", "B43", "B44", "B57")
class TestTheCards:
    def test_obey_the_rules_whatever_is_done_in_memory(self) -> None:
        async def open_house(_: AsyncExitStack) -> House:
            return FakeHouse()

        run_state_machine_as_test(machine_on(open_house), settings=bounded(examples=100, steps=30))

    def test_obey_the_rules_whatever_is_done_in_postgresql(self, database: str) -> None:
        async def open_house(stack: AsyncExitStack) -> House:
            return await stack.enter_async_context(postgres_house(database, name=f"fiches-{next(HOUSES)}", size=2))

        run_state_machine_as_test(machine_on(open_house), settings=bounded(examples=8, steps=25))


class TestTwoAtOnce:
    @pytest.mark.row("B43")
    async def test_leave_one_main_account(self, desk: Desk) -> None:
        owner, accounts = await desk.owner(), desk.cards.bank_accounts
        made = [await desk.add(accounts, owner, BankDetails(iban=POSTE)) for _ in range(4)]
        ends = await at_once(*(desk.edit(accounts, owner, each, main=True) for each in made[1:]))
        assert ends[0] == "done"
        mains = [each.details.main for each in (await desk.hanging(owner))["bank_accounts"]]
        assert sum(mains) == 1

    @pytest.mark.row("B57")
    async def test_get_two_automatic_codes(self, desk: Desk) -> None:
        owner = await desk.owner()
        details = AddressDetails(postal=PostalAddress(town="Nantes"))
        made = await asyncio.gather(*(desk.add(desk.cards.addresses, owner, details) for _ in range(4)))
        assert sorted(each.code for each in made) == ["NANTES1", "NANTES2", "NANTES3", "NANTES4"]

    @pytest.mark.row("A57")
    async def test_do_not_both_take_a_role(self, desk: Desk) -> None:
        owner, details = await desk.owner(), AddressDetails(role=AddressRole.DELIVERY)
        ends = await at_once(*(desk.add(desk.cards.addresses, owner, details) for _ in range(2)))
        assert ends == ["code-taken", "done"]

    @pytest.mark.row("B41")
    async def test_may_lead_their_addresses_to_one_another(self, desk: Desk) -> None:
        """Neither waits for the other in a ring."""
        one, other = await desk.owner(), await desk.owner()
        for _ in range(5):
            ends = await at_once(
                desk.add(desk.cards.addresses, one, AddressDetails(use_main_of=other)),
                desk.add(desk.cards.addresses, other, AddressDetails(use_main_of=one)),
            )
            assert ends == ["done", "done"]

    @pytest.mark.row("B1")
    async def test_lose_no_part_while_a_prospect_becomes_a_customer(self, desk: Desk) -> None:
        prospect = await desk.prospect()
        here = Party.third_party(prospect.id)
        ends = await asyncio.gather(
            desk.convert(prospect), *(desk.add(desk.cards.notes, here, f"note {n}") for n in range(4))
        )
        there = Party.customer(ends[0].id)
        noted = [*(await desk.hanging(here))["notes"], *(await desk.hanging(there))["notes"]]
        assert sorted(note.text for note in noted) == [f"note {n}" for n in range(4)]


class TestAConversion:
    @pytest.mark.row("B1")
    async def test_leaves_everything_as_it_was_when_it_is_refused(self, desk: Desk) -> None:
        prospect, customer = await desk.prospect(), await desk.owner()
        here = Party.third_party(prospect.id)
        await desk.add(desk.cards.notes, here, "note")
        await desk.convert(prospect)
        before = [plain(await desk.hanging(each)) for each in (here, customer)]
        with pytest.raises(StaleVersion):
            await desk.convert(prospect)
        assert [plain(await desk.hanging(each)) for each in (here, customer)] == before

    @pytest.mark.row("B9", "B10")
    async def test_tells_of_the_customer_and_of_the_prospect(self, desk: Desk) -> None:
        await desk.convert(await desk.prospect())
        assert await desk.happened() == {
            EventType.THIRD_PARTY_CREATED: 1,
            EventType.CUSTOMER_CREATED: 1,
            EventType.THIRD_PARTY_UPDATED: 1,
        }


class TestADiscount:
    @pytest.mark.row("A63")
    async def test_hangs_on_customers_only(self, desk: Desk) -> None:
        details = DiscountDetails(scope=DiscountScope.ALL, percent=Decimal("5.00"))
        with pytest.raises(NotFound):
            await desk.add(desk.cards.discounts, await desk.owner("third_party"), details)
