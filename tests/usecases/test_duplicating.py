"""Cards made like another, in memory and in PostgreSQL."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from domain.errors import CodeTaken, CustomerMerged
from domain.events import EventType
from domain.model.customer import Light
from domain.model.values import Party
from domain.usecases.duplicating import CardPart
from tests.contracts.cards import hang_everything
from tests.contracts.samples import committed
from tests.usecases.office import Office


class TestADuplicate:
    @pytest.mark.row("B46", "B47")
    async def test_has_all_of_the_main_card_but_what_is_one_cards_own(self, office: Office) -> None:
        bill = await office.card("MAIRIE")
        source = await office.card(
            "MARTIN",
            barcode="2000000000015",
            fidelity_number="29001",
            fidelity_active=True,
            fidelity_started_on=date(2026, 1, 1),
            email="claire@example.org",
            billed_to=bill.id,
            sales_reps=await office.reps("50.00"),
            management_ceiling=Decimal("30.00"),
            comment="Sonner",
            given_short_name="CLM",
            light=Light.ORANGE,
        )
        made = await office.duplicate(source.id)

        own: dict[str, Any] = {
            "barcode": None,
            "fidelity_number": None,
            "fidelity_active": False,
            "fidelity_started_on": None,
        }
        assert made.details == replace(source.details, **own)
        assert (made.id != source.id, made.code, made.version) == (True, "C0000003", 1)
        assert made.approved_at == made.created_at
        named = await office.duplicate(source.id, code="dup1", name="MARTIN FILS")
        assert (named.code, named.details.name, named.details.short_name) == ("DUP1", "MARTIN FILS", "MARTINFILS")
        assert (await office.happened())[EventType.CUSTOMER_CREATED] == 4

    @pytest.mark.row("B47")
    @pytest.mark.parametrize("parts", [(), *((part,) for part in CardPart), tuple(CardPart)])
    async def test_has_the_sub_cards_that_were_ticked(self, office: Office, parts: tuple[CardPart, ...]) -> None:
        source = await office.card()
        await hang_everything(office.house, source.id)
        made = await office.duplicate(source.id, *parts)
        async with office.house.begin(office.house.dossier) as work:
            for part in CardPart:
                kind: Any = getattr(work, part.value)
                of, to = (
                    (source.id, made.id)
                    if part is CardPart.CONSENTS
                    else (Party.customer(source.id), Party.customer(made.id))
                )
                there, copies = await kind.of(of), await kind.of(to)
                assert len(there) == 1
                assert [told_of(each) for each in copies] == (
                    [told_of(each) for each in there] if part in parts else []
                )
                assert {each.id for each in copies}.isdisjoint({each.id for each in there})

    @pytest.mark.row("B47")
    async def test_leads_contacts_to_the_copied_address_or_to_none(self, office: Office) -> None:
        source = await office.card()
        await hang_everything(office.house, source.id)

        async with committed(office.house) as work:
            (address,) = await work.addresses.of(Party.customer(source.id))
            (contact,) = await work.contacts.of(Party.customer(source.id))
            contact.details = replace(contact.details, address_id=address.id)
            contact.version += 1
            work.contacts.save(contact)
        both = await office.duplicate(source.id, CardPart.ADDRESSES, CardPart.CONTACTS)
        alone = await office.duplicate(source.id, CardPart.CONTACTS)
        async with office.house.begin(office.house.dossier) as work:
            (moved,) = await work.addresses.of(Party.customer(both.id))
            (led,) = await work.contacts.of(Party.customer(both.id))
            (left,) = await work.contacts.of(Party.customer(alone.id))
        assert (led.details.address_id, left.details.address_id) == (moved.id, None)

    @pytest.mark.row("B46")
    async def test_with_a_code_that_is_taken_leaves_nothing(self, office: Office) -> None:
        source = await office.card(code="C1")
        await hang_everything(office.house, source.id)
        before = await office.happened()
        with pytest.raises(CodeTaken):
            await office.duplicate(source.id, *CardPart, code="C1")
        assert await office.happened() == before

    @pytest.mark.row("B46")
    async def test_is_not_made_of_a_card_that_was_merged(self, office: Office) -> None:
        kept, absorbed = await office.card(), await office.card()
        async with committed(office.house) as work:
            (card,) = await work.customers.lock([absorbed.id])
            card.merged_into = kept.id
            card.version += 1
            work.customers.save(card)
        with pytest.raises(CustomerMerged):
            await office.duplicate(absorbed.id)


def told_of(part: Any) -> Any:
    """What a sub-card says, whoever's it is."""
    for name in ("details", "text", "purpose"):
        if hasattr(part, name):
            return getattr(part, "code", None), getattr(part, name)
    raise AssertionError(part)
