"""The people of the shop and what they are told, in memory and in PostgreSQL."""

import pytest

from domain.errors import CodeTaken, LastAdministrator, NotFound
from domain.events import EventType
from tests.usecases.office import Office
from tests.usecases.shop import at_once


class TestUsers:
    async def test_keep_an_administrator(self, office: Office) -> None:
        first, second = await office.user("un", "admin"), await office.user("deux", "admin")
        assert await at_once(office.grant(first), office.grant(second)) == ["done", "last-administrator"]

    async def test_with_one_login_are_one(self, office: Office) -> None:
        await office.user("claire")
        with pytest.raises(CodeTaken):
            await office.user("claire")

    async def test_cannot_lose_the_last_administrator(self, office: Office) -> None:
        only = await office.user("seule", "admin", "customers:*")
        with pytest.raises(LastAdministrator):
            await office.grant(only, "customers:*")


class TestAFlash:
    @pytest.mark.row("B9")
    async def test_is_read_by_its_recipient_only_and_once(self, office: Office) -> None:
        chief = await office.user("chef", "customers:*")
        await office.decide(flash_customers=(chief.id,))
        await office.card()
        (sent,) = [each for each in (await office.house.books()).events if each.type is EventType.FLASH_SENT]
        mine, another = office.clerk(staff_id=chief.id), office.clerk()
        key = Office(office.house)._caller("key:boutique", "api_key")
        for stranger in (another, key):
            with pytest.raises(NotFound):
                await office.flashes.read(by=stranger, flash_id=sent.subject, once=office.once())
        reads = []
        for _ in range(2):
            await office.flashes.read(by=mine, flash_id=sent.subject, once=office.once())
            async with office.house.begin(office.house.dossier) as work:
                reads.append((await work.flashes.get(sent.subject)).read_at)
        assert reads[0] == reads[1] is not None
