"""What hangs on cards, third parties, the shop's own tables and flashes: one suite on the fake and on PostgreSQL."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from domain.errors import CodeTaken, CustomerInUse, NotFound, StaleVersion, ThirdPartyInUse
from domain.model.access import User
from domain.model.card import (
    AddressRole,
    Channel,
    Consent,
    DiscountDetails,
    DiscountRule,
    DiscountScope,
    Purpose,
)
from domain.model.customer import SalesShare
from domain.model.flash import Flash
from domain.model.reference import CustomField, FieldKind, FieldRecord, ReferenceValue, Table
from domain.model.third_party import ThirdPartyType
from domain.model.values import (
    CustomerId,
    DiscountId,
    Party,
    StaffId,
    ThirdPartyId,
)
from domain.ports.unit_of_work import UnitOfWork
from tests.contracts.cards import PLAIN, account, address, contact, customer, full, owner_of, third_party
from tests.contracts.house import REFUSED_BY_THE_BASE, House
from tests.contracts.samples import NOW, committed, plain

KINDS = pytest.mark.parametrize("kind", PLAIN)
OWNERS = pytest.mark.parametrize("owned_by", ["customer", "third_party"])


def parts(work: UnitOfWork, kind: str) -> Any:
    return getattr(work, kind)


async def of(house: House, kind: str, owner: Party) -> list[Any]:
    async with house.begin(house.dossier) as work:
        found: list[Any] = await parts(work, kind).of(owner)
    return found


async def touch(work: UnitOfWork, kind: str, part_id: UUID) -> None:
    """Save a part as changed."""
    mine = await parts(work, kind).get(part_id)
    mine.version += 1
    parts(work, kind).save(mine)


async def kept(house: House, kind: str, *made: Any) -> None:
    async with committed(house) as work:
        for part in made:
            parts(work, kind).add(part)


@KINDS
@OWNERS
class TestAPart:
    async def test_comes_back_as_it_was_kept_field_by_field(self, house: House, kind: str, owned_by: str) -> None:
        part = full(house, kind, await owner_of(house, owned_by))
        await kept(house, kind, part)
        async with house.begin(house.dossier) as work:
            assert plain(await parts(work, kind).get(part.id)) == plain(part)
        assert [plain(each) for each in await of(house, kind, part.owner)] == [plain(part)]

    async def test_is_of_its_own_card_and_told_oldest_first(self, house: House, kind: str, owned_by: str) -> None:
        owner, other = await owner_of(house, owned_by), await owner_of(house, owned_by)
        make = PLAIN[kind]
        late, early = make(house, owner, code="A", at=2), make(house, owner, code="B", at=1)
        await kept(house, kind, late, early, make(house, other))
        assert [each.id for each in await of(house, kind, owner)] == [early.id, late.id]

    async def test_is_unknown_by_another_id_and_to_another_shop(self, house: House, kind: str, owned_by: str) -> None:
        part = PLAIN[kind](house, await owner_of(house, owned_by))
        await kept(house, kind, part)
        async with house.begin(house.dossier) as work:
            with pytest.raises(NotFound):
                await parts(work, kind).get(house.new_id())
        async with house.begin(house.neighbour) as work:
            with pytest.raises(NotFound):
                await parts(work, kind).get(part.id)

    async def test_is_changed_by_whoever_loaded_it_last(self, house: House, kind: str, owned_by: str) -> None:
        part = PLAIN[kind](house, await owner_of(house, owned_by))
        await kept(house, kind, part)
        with pytest.raises(StaleVersion):
            async with committed(house) as slow:
                await touch(slow, kind, part.id)
                async with committed(house) as quick:
                    await touch(quick, kind, part.id)
        assert [each.version for each in await of(house, kind, part.owner)] == [2]

    async def test_that_is_gone_is_neither_changed_nor_removed(self, house: House, kind: str, owned_by: str) -> None:
        part = PLAIN[kind](house, await owner_of(house, owned_by))
        await kept(house, kind, part)
        with pytest.raises(StaleVersion):
            async with committed(house) as saving:
                await touch(saving, kind, part.id)
                async with committed(house) as quick:
                    parts(quick, kind).remove(await parts(quick, kind).get(part.id))
        part = PLAIN[kind](house, part.owner)
        await kept(house, kind, part)
        with pytest.raises(StaleVersion):
            async with committed(house) as removing:
                parts(removing, kind).remove(await parts(removing, kind).get(part.id))
                async with committed(house) as quick:
                    parts(quick, kind).remove(await parts(quick, kind).get(part.id))
        assert await of(house, kind, part.owner) == []

    async def test_moves_to_another_card(self, house: House, kind: str, owned_by: str) -> None:
        part, there = full(house, kind, await owner_of(house, owned_by)), await owner_of(house, "customer")
        await kept(house, kind, part)
        async with committed(house) as work:
            mine = await parts(work, kind).get(part.id)
            mine.owner = there
            parts(work, kind).save(mine)
        assert await of(house, kind, part.owner) == []
        assert [each.id for each in await of(house, kind, there)] == [part.id]

    async def test_goes_with_its_card(self, house: House, kind: str, owned_by: str) -> None:
        part = full(house, kind, await owner_of(house, owned_by))
        await kept(house, kind, part)
        async with committed(house) as work:
            if owned_by == "customer":
                work.customers.remove((await work.customers.lock([CustomerId(part.owner.id)]))[0])
            else:
                work.third_parties.remove(await work.third_parties.get(part.owner.id))
        async with house.begin(house.dossier) as work:
            with pytest.raises(NotFound):
                await parts(work, kind).get(part.id)


@OWNERS
class TestACodeOfAPart:
    @pytest.mark.parametrize("kind", ["addresses", "contacts", "bank_accounts"])
    async def test_is_given_once_on_a_card(self, house: House, kind: str, owned_by: str) -> None:
        owner, make = await owner_of(house, owned_by), PLAIN[kind]
        await kept(house, kind, make(house, owner, code="ONE"))
        with pytest.raises(CodeTaken):
            await kept(house, kind, make(house, owner, code="ONE"))
        await kept(house, kind, make(house, await owner_of(house, owned_by), code="ONE"))
        assert len(await of(house, kind, owner)) == 1


@OWNERS
class TestTheRoleOfAnAddress:
    @pytest.mark.parametrize("role", [AddressRole.DELIVERY, AddressRole.BILLING])
    @pytest.mark.row("A57")
    async def test_is_given_once_on_a_card(self, house: House, owned_by: str, role: AddressRole) -> None:
        owner = await owner_of(house, owned_by)
        await kept(house, "addresses", address(house, owner, code="A", role=role))
        with pytest.raises(CodeTaken):
            await kept(house, "addresses", address(house, owner, code="B", role=role))

    async def test_other_is_given_to_as_many_as_there_are(self, house: House, owned_by: str) -> None:
        owner = await owner_of(house, owned_by)
        await kept(house, "addresses", *(address(house, owner, code=code) for code in "ABC"))
        assert len(await of(house, "addresses", owner)) == 3


@OWNERS
@pytest.mark.row("B43")
class TestTheMainAccount:
    async def three(self, house: House, owned_by: str) -> tuple[Party, list[UUID]]:
        owner = await owner_of(house, owned_by)
        made = [account(house, owner, code=f"R{n}", at=n, main=n == 1) for n in range(3)]
        await kept(house, "bank_accounts", *made)
        return owner, [each.id for each in made]

    async def mark(self, work: UnitOfWork, account_id: UUID, *, main: bool) -> None:
        found = await work.bank_accounts.get(account_id)
        found.details = replace(found.details, main=main)
        found.version += 1
        work.bank_accounts.save(found)

    async def mains(self, house: House, owner: Party) -> list[bool]:
        return [each.details.main for each in await of(house, "bank_accounts", owner)]

    @pytest.mark.parametrize("given_first", [True, False])
    @pytest.mark.parametrize("to", [0, 2])
    async def test_hands_the_flag_to_another_in_one_commit_in_any_order(
        self, house: House, owned_by: str, to: int, given_first: bool
    ) -> None:
        owner, ids = await self.three(house, owned_by)
        changes = [(ids[to], True), (ids[1], False)]
        async with committed(house) as work:
            for account_id, main in changes if given_first else changes[::-1]:
                await self.mark(work, account_id, main=main)
        assert await self.mains(house, owner) == [n == to for n in range(3)]

    async def test_hands_it_to_a_new_one_in_one_commit(self, house: House, owned_by: str) -> None:
        owner, ids = await self.three(house, owned_by)
        async with committed(house) as work:
            work.bank_accounts.add(account(house, owner, code="R3", at=3, main=True))
            await self.mark(work, ids[1], main=False)
        assert await self.mains(house, owner) == [False, False, False, True]

    async def test_leaves_it_to_another_as_it_goes(self, house: House, owned_by: str) -> None:
        owner, ids = await self.three(house, owned_by)
        async with committed(house) as work:
            await self.mark(work, ids[2], main=True)
            work.bank_accounts.remove(await work.bank_accounts.get(ids[1]))
        assert await self.mains(house, owner) == [False, True]

    async def test_is_one_at_most(self, house: House, owned_by: str) -> None:
        owner, ids = await self.three(house, owned_by)
        with pytest.raises(REFUSED_BY_THE_BASE):
            async with committed(house) as work:
                await self.mark(work, ids[0], main=True)
        assert await self.mains(house, owner) == [False, True, False]


class TestAContact:
    async def test_is_at_no_address_once_its_address_is_gone(self, house: House) -> None:
        owner = await owner_of(house, "customer")
        where = address(house, owner)
        await kept(house, "addresses", where)
        person = contact(house, owner, address_id=where.id)
        await kept(house, "contacts", person)
        async with committed(house) as work:
            work.addresses.remove(await work.addresses.get(where.id))
        (after,) = await of(house, "contacts", owner)
        assert (after.details.address_id, after.version) == (None, 1)


class TestFunctionCodes:
    async def test_are_rewritten_all_at_once_so_that_two_may_be_exchanged(self, house: House) -> None:
        owner = await owner_of(house, "customer")
        codes = ("CDE", "FAC", "DIR")
        await kept(house, "contacts", *(contact(house, owner, code=f"{code}1", function=code) for code in codes))
        async with committed(house) as work:
            work.references.rewrite_functions({"CDE": "FAC", "FAC": "CDE"}, now=NOW)
        shown = {each.code: (each.details.function, each.version) for each in await of(house, "contacts", owner)}
        assert shown == {"CDE1": ("FAC", 2), "FAC1": ("CDE", 2), "DIR1": ("DIR", 1)}


class TestADiscount:
    @pytest.mark.parametrize(
        "details",
        [
            DiscountDetails(
                scope=DiscountScope.VAT_RATE,
                percent=Decimal("5.00"),
                vat_rate=Decimal("5.50"),
                starts_on=date(2026, 1, 1),
                ends_on=date(2026, 2, 1),
                basis="Loi",
            ),
            DiscountDetails(scope=DiscountScope.CATEGORY, percent=Decimal("100.00"), category="BD"),
            DiscountDetails(scope=DiscountScope.SCHOOL_BOOKS, percent=Decimal("0.00")),
        ],
    )
    @pytest.mark.row("A63", "A64")
    async def test_comes_back_as_it_was_kept_and_goes_with_its_card(
        self, house: House, details: DiscountDetails
    ) -> None:
        owner = await customer(house)
        rule = DiscountRule(
            id=DiscountId(house.new_id()), customer_id=owner, details=details, created_at=NOW, updated_at=NOW
        )
        await kept(house, "discounts", rule)
        assert [plain(each) for each in await of(house, "discounts", Party.customer(owner))] == [plain(rule)]
        async with committed(house) as work:
            work.customers.remove((await work.customers.lock([owner]))[0])
        assert await of(house, "discounts", Party.customer(owner)) == []


@pytest.mark.row("A58")
class TestConsents:
    async def test_are_a_ledger_oldest_first(self, house: House) -> None:
        owner, other = await customer(house), await customer(house, "C2")
        said = [
            Consent(
                id=house.new_id(),
                customer_id=who,
                channel=channel,
                purpose=purpose,
                granted=granted,
                source="Bulletin" if granted else None,
                at=NOW + timedelta(minutes=minutes),
                by="staff:1",
            )
            for minutes, (who, channel, purpose, granted) in enumerate(
                [
                    (owner, Channel.EMAIL, Purpose.MARKETING, True),
                    (owner, Channel.SMS, Purpose.ORDER_ARRIVAL, True),
                    (other, Channel.POST, Purpose.RECEIPT, True),
                    (owner, Channel.EMAIL, Purpose.MARKETING, False),
                ]
            )
        ]
        async with committed(house) as work:
            for each in said[::-1]:
                work.consents.add(each)
        async with house.begin(house.dossier) as work:
            assert await work.consents.of(owner) == [each for each in said if each.customer_id == owner]
        async with house.begin(house.neighbour) as work:
            assert await work.consents.of(owner) == []


class TestAThirdParty:
    async def test_comes_back_as_it_was_kept_field_by_field(self, house: House) -> None:
        card = third_party(house)
        async with committed(house) as work:
            work.third_parties.add(card)
        async with house.begin(house.dossier) as work:
            assert plain(await work.third_parties.get(card.id)) == plain(card)
            assert [plain(each) for each in await work.third_parties.lock([card.id])] == [plain(card)]
        async with house.begin(house.neighbour) as work:
            with pytest.raises(NotFound):
                await work.third_parties.get(card.id)
            with pytest.raises(NotFound):
                await work.third_parties.lock([card.id])

    async def test_names_the_customer_that_it_became(self, house: House) -> None:
        made = await customer(house)
        card = third_party(house, type=ThirdPartyType.PROSPECT)
        async with committed(house) as work:
            work.third_parties.add(card)
        async with committed(house) as work:
            mine = await work.third_parties.get(card.id)
            mine.become(made, now=NOW)
            work.third_parties.save(mine)
        async with house.begin(house.dossier) as work:
            assert (await work.third_parties.get(card.id)).customer_id == made
        with pytest.raises(CustomerInUse):
            async with committed(house) as work:
                work.customers.remove((await work.customers.lock([made]))[0])

    async def test_has_a_code_of_its_own(self, house: House) -> None:
        async with committed(house) as work:
            work.third_parties.add(third_party(house, code="ONE"))
        with pytest.raises(CodeTaken):
            async with committed(house) as work:
                work.third_parties.add(third_party(house, code="ONE"))
        async with house.begin(house.dossier) as work:
            assert [await work.third_parties.taken(code) for code in ("ONE", "TWO")] == [True, False]
        async with house.begin(house.neighbour) as work:
            assert not await work.third_parties.taken("ONE")

    async def test_is_counted_in_its_own_row_of_numbers(self, house: House) -> None:
        counted = []
        for _ in range(2):
            async with committed(house) as work:
                counted.append(await work.third_parties.next_counter())
        async with committed(house) as work:
            assert await work.customers.next_counter() == 1
        assert counted == [1, 2]

    async def test_is_changed_and_removed_by_whoever_loaded_it_last(self, house: House) -> None:
        card = third_party(house)
        async with committed(house) as work:
            work.third_parties.add(card)
        with pytest.raises(StaleVersion):
            async with committed(house) as saving:
                mine = await saving.third_parties.get(card.id)
                mine.change(replace(mine.details, comment="lent"), now=NOW)
                saving.third_parties.save(mine)
                await self._change(house, card.id, "vite")
        with pytest.raises(StaleVersion):
            async with committed(house) as removing:
                removing.third_parties.remove(await removing.third_parties.get(card.id))
                await self._change(house, card.id, "plus vite")
        async with house.begin(house.dossier) as work:
            assert (await work.third_parties.get(card.id)).details.comment == "plus vite"

    async def _change(self, house: House, third_party_id: ThirdPartyId, comment: str) -> None:
        async with committed(house) as work:
            (seen,) = await work.third_parties.lock([third_party_id])
            assert seen.change(replace(seen.details, comment=comment), now=NOW)
            work.third_parties.save(seen)

    @pytest.mark.parametrize("place", [0, 1, 2])
    @pytest.mark.row("B16")
    async def test_is_kept_while_it_is_a_sales_rep_of_a_customer(self, house: House, place: int) -> None:
        reps = [third_party(house, code=f"V{n}", type=ThirdPartyType.SALES_REP) for n in range(3)]
        async with committed(house) as work:
            for rep in reps:
                work.third_parties.add(rep)
        await customer(house, sales_reps=tuple(SalesShare(sales_rep=rep.id, share=Decimal("30.00")) for rep in reps))
        with pytest.raises(ThirdPartyInUse):
            async with committed(house) as work:
                work.third_parties.remove(await work.third_parties.get(reps[place].id))

    @OWNERS
    @pytest.mark.row("B41")
    async def test_or_customer_is_kept_while_an_address_leads_to_it(self, house: House, owned_by: str) -> None:
        lender = await owner_of(house, owned_by)
        borrowing = address(house, await owner_of(house, "customer"), use_main_of=lender)
        await kept(house, "addresses", borrowing)
        assert (await of(house, "addresses", borrowing.owner))[0].details.use_main_of == lender
        with pytest.raises(CustomerInUse if owned_by == "customer" else ThirdPartyInUse):
            async with committed(house) as work:
                if owned_by == "customer":
                    work.customers.remove((await work.customers.lock([CustomerId(lender.id)]))[0])
                else:
                    work.third_parties.remove(await work.third_parties.get(ThirdPartyId(lender.id)))


class TestTheShopsTables:
    async def test_say_which_codes_they_do_not_have(self, house: House) -> None:
        async with house.begin(house.dossier) as work:
            assert await work.references.missing(set()) == set()
            asked = {(Table.TITLES, "Mme"), (Table.FUNCTIONS, "Mme"), (Table.COUNTRIES, "ZZ"), (Table.COUNTRIES, "FR")}
            assert await work.references.missing(asked) == {(Table.FUNCTIONS, "Mme"), (Table.COUNTRIES, "ZZ")}

    async def test_keep_values_of_their_own(self, house: House) -> None:
        value = ReferenceValue(
            table=Table.FUNCTIONS,
            code="BIB",
            label="Bibliothécaire",
            label_en=None,
            position=9,
            active=False,
            updated_at=NOW,
        )
        async with committed(house) as work:
            work.references.add(value)
        async with house.begin(house.dossier) as work:
            assert plain(await work.references.get(Table.FUNCTIONS, "BIB")) == plain(value)
            with pytest.raises(NotFound):
                await work.references.get(Table.TITLES, "BIB")
        async with house.begin(house.neighbour) as work:
            assert await work.references.missing({(Table.FUNCTIONS, "BIB")}) == {(Table.FUNCTIONS, "BIB")}

    async def test_keep_fields_in_the_order_of_their_places(self, house: House) -> None:
        made = [
            CustomField(
                id=house.new_id(),
                record=record,
                questionnaire=questionnaire,
                code=code,
                label="Rubrique",
                kind=FieldKind.CHOICE,
                choices=("a", "b"),
                position=position,
                updated_at=NOW,
            )
            for record, questionnaire, code, position in (
                (FieldRecord.THIRD_PARTY, "B", "X", 1),
                (FieldRecord.THIRD_PARTY, "A", "Y", 2),
                (FieldRecord.THIRD_PARTY, "A", "Z", 1),
                (FieldRecord.CUSTOMER, "A", "Z", 1),
            )
        ]
        async with committed(house) as work:
            for field in made:
                work.references.add_field(field)
        async with house.begin(house.dossier) as work:
            found = await work.references.fields(FieldRecord.THIRD_PARTY)
        assert [plain(each) for each in found] == [plain(made[n]) for n in (2, 1, 0)]


@pytest.mark.row("B9")
class TestAFlash:
    @OWNERS
    async def test_comes_back_as_it_was_kept_until_it_is_read(self, house: House, owned_by: str) -> None:
        owner = await owner_of(house, owned_by)
        staff_id = StaffId(house.new_id())
        colleague = User(id=staff_id, login="camille", name="Camille", password_hash="x", scopes=(), created_at=NOW)
        async with committed(house) as work:
            work.users.add(colleague)
        flash = Flash(
            id=house.new_id(), staff_id=staff_id, card=owner, name="NATHAN", approved=False, by="staff:1", at=NOW
        )
        async with committed(house) as work:
            assert await work.flashes.staff([staff_id, StaffId(house.new_id())]) == {staff_id}
            assert await work.flashes.staff([]) == set()
            work.flashes.add(flash)
        async with committed(house) as work:
            mine = await work.flashes.get(flash.id)
            assert plain(mine) == plain(flash)
            mine.read_at = NOW
            work.flashes.save(mine)
        async with house.begin(house.dossier) as work:
            assert (await work.flashes.get(flash.id)).read_at == NOW
            with pytest.raises(NotFound):
                await work.flashes.get(house.new_id())
