"""Bank accounts of cards, over HTTP."""

import pytest

from tests.api.card_steps import GERMAN, MONACO, POSTE, card, held, patched
from tests.api.steps import Connection, Json, get, items, nothing_written, post, refused
from tests.conftest import Client


@pytest.mark.row("B43", "B44")
class TestABankAccount:
    async def mains(self, http: Client, path: str) -> list[bool]:
        return [each["main"] for each in await items(http, f"{path}/bank-accounts")]

    @pytest.mark.row("B58")
    async def test_is_given_by_iban_or_by_rib_and_shows_both(self, http: Client) -> None:
        for wanted in ({"iban": "FR14 2004 1010 0505 0001 3m02 606"}, {"rib": "20041 01005 0500013M026 06"}):
            made = await post(http, f"{await card(http, 'customers')}/bank-accounts", wanted)
            assert made["iban"] == POSTE
            assert made["rib"] == {"bank": "20041", "branch": "01005", "account": "0500013M026", "key": "06"}
            assert (made["bic"], made["bank_name"]) == ("PSSTFRPP", "LA BANQUE POSTALE")

    @pytest.mark.parametrize(
        ("body", "pointer"),
        [
            ({"rib": "20041 01005 0500013M026 07"}, "/rib"),
            ({"rib": "20041"}, "/rib"),
            ({"iban": "FR1420041010050500013M02607"}, "/iban"),
            ({"iban": "XX00"}, "/iban"),
            ({"iban": POSTE, "bic": "NO"}, "/bic"),
            ({}, "/iban"),
        ],
    )
    async def test_with_a_wrong_number_is_refused(
        self, http: Client, sql: Connection, body: Json, pointer: str
    ) -> None:
        path = await card(http, "customers")
        async with nothing_written(sql):
            answer = await http.post(f"{path}/bank-accounts", json=body)
        assert [fault["pointer"] for fault in refused(answer, 422, "invalid")["errors"]] == [pointer]

    async def test_with_an_iban_and_a_rib_of_two_accounts_is_refused(self, http: Client) -> None:
        path = await card(http, "customers")
        answer = await http.post(f"{path}/bank-accounts", json={"iban": MONACO, "rib": POSTE[4:]})
        (fault,) = refused(answer, 409, "inconsistent")["errors"]
        assert fault["pointer"] == "/rib"
        made = await post(http, f"{path}/bank-accounts", {"iban": MONACO, "rib": MONACO[4:]})
        assert made["iban"] == MONACO

    async def test_of_a_country_without_rib_shows_none(self, http: Client) -> None:
        made = await post(http, f"{await card(http, 'customers')}/bank-accounts", {"iban": GERMAN})
        assert (made["rib"], made["bic"]) == (None, "COBADEFFXXX")

    async def test_takes_the_bank_of_its_new_number(self, http: Client) -> None:
        path = await card(http, "customers")
        made = await post(http, f"{path}/bank-accounts", {"iban": POSTE})
        after = await patched(http, f"{path}/bank-accounts/{made['id']}", {"iban": GERMAN})
        assert (after["iban"], after["bic"]) == (GERMAN, "COBADEFFXXX")
        again = await patched(http, f"{path}/bank-accounts/{made['id']}", {"rib": POSTE[4:], "bic": "PSSTFRPP"}, 2)
        assert (again["iban"], again["bic"]) == (POSTE, "PSSTFRPP")

    @pytest.mark.row("B57")
    async def test_without_a_code_has_one_of_its_domiciliation(self, http: Client) -> None:
        path = await card(http, "customers")
        bodies: tuple[Json, ...] = ({"domiciliation": "La Poste Nantes"}, {}, {})
        made = [await post(http, f"{path}/bank-accounts", {"iban": POSTE, **body}) for body in bodies]
        assert [each["code"] for each in made] == ["LAPOSTE1", "RIB1", "RIB2"]

    async def test_is_the_main_one_when_it_is_the_first_open_one(self, http: Client) -> None:
        path = await card(http, "customers")
        closed = await post(http, f"{path}/bank-accounts", {"iban": POSTE, "closed_on": "2020-01-01"})
        assert closed["main"] is False
        assert (await post(http, f"{path}/bank-accounts", {"iban": POSTE}))["main"] is True
        assert (await post(http, f"{path}/bank-accounts", {"iban": POSTE}))["main"] is False

    @pytest.mark.parametrize("owner", ["customers", "third-parties"])
    async def test_made_the_main_one_takes_the_place_of_the_other(self, http: Client, owner: str) -> None:
        path = await card(http, owner)
        first = await post(http, f"{path}/bank-accounts", {"iban": POSTE})
        second = await post(http, f"{path}/bank-accounts", {"iban": GERMAN})
        third = await post(http, f"{path}/bank-accounts", {"iban": MONACO, "main": True})
        assert await self.mains(http, path) == [False, False, True]
        await patched(http, f"{path}/bank-accounts/{first['id']}", {"main": True}, 2)
        assert await self.mains(http, path) == [True, False, False]
        await patched(http, f"{path}/bank-accounts/{second['id']}", {"main": True})
        assert await self.mains(http, path) == [False, True, False]
        assert (await get(http, f"{path}/bank-accounts/{third['id']}"))["version"] == 2

    async def test_closed_or_removed_leaves_its_place_to_the_oldest_open_one(self, http: Client) -> None:
        path = await card(http, "customers")
        first = await post(http, f"{path}/bank-accounts", {"iban": POSTE})
        second = await post(http, f"{path}/bank-accounts", {"iban": GERMAN})
        await post(http, f"{path}/bank-accounts", {"iban": MONACO})
        after = await patched(http, f"{path}/bank-accounts/{first['id']}", {"closed_on": "2020-01-01"})
        assert after["main"] is False
        assert await self.mains(http, path) == [False, True, False]
        assert (await http.delete(f"{path}/bank-accounts/{second['id']}", headers=held(2))).status_code == 204
        assert await self.mains(http, path) == [False, True]

    async def test_that_is_closed_cannot_be_made_the_main_one(self, http: Client, sql: Connection) -> None:
        path = await card(http, "customers")
        await post(http, f"{path}/bank-accounts", {"iban": POSTE})
        closed = await post(http, f"{path}/bank-accounts", {"iban": GERMAN, "closed_on": "2020-01-01"})
        async with nothing_written(sql):
            for answer in (
                await http.post(
                    f"{path}/bank-accounts", json={"iban": GERMAN, "main": True, "closed_on": "2020-01-01"}
                ),
                await http.patch(f"{path}/bank-accounts/{closed['id']}", json={"main": True}, headers=held(1)),
            ):
                (fault,) = refused(answer, 409, "inconsistent")["errors"]
                assert fault["pointer"] == "/main"
        assert await self.mains(http, path) == [True, False]
