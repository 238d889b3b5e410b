"""The customer file over HTTP."""

import pytest

from tests.api.steps import Connection, Json, customer, get, items, nothing_written, refused
from tests.conftest import Client

CARD: Json = {
    "code": "dur1",
    "name": "DURAND",
    "kind": "person",
    "title": "Mme",
    "first_name": "Élodie",
    "barcode": "2000000000015",
    "email": "Elodie.Durand@example.org",
    "phone": "02 40 00 00 00",
    "fax": "02 40 00 00 01",
    "no_sms": True,
    "address": {
        "street": "12 rue des Lilas",
        "complement": "Bât. B",
        "postal_code": "44000",
        "town": "Nantes",
        "country": "FR",
    },
    "mail_order": True,
    "collectivity": True,
    "lending_library": True,
    "vat_exempt": True,
    "on_account": True,
    "comment": "Préfère\nle soir",
    "birth_date": "1980-02-29",
    "fidelity_active": True,
    "fidelity_started_on": "2026-01-01",
    "light": "orange",
    "light_message": "Chèques refusés",
    "closed_on": "2030-01-01",
}


async def found(http: Client, **query: object) -> list[str]:
    return [card["name"] for card in await items(http, "/v1/customers", **query)]


class TestACard:
    async def test_keeps_every_field(self, http: Client) -> None:
        made = await customer(http, **CARD)
        assert {name: made[name] for name in CARD} == {**CARD, "code": "DUR1"}
        assert (made["short_name"], made["approved"], made["origin"]) == ("DURAND", True, "counter")
        assert await get(http, f"/v1/customers/{made['id']}") == made

    async def test_needs_a_name_only(self, http: Client) -> None:
        made = await customer(http, "Œuvres d'Été & Cie")
        assert made["short_name"] == "OEUVRESDETECIE"
        assert made["address"] == {
            "street": None,
            "complement": None,
            "postal_code": None,
            "town": None,
            "country": "FR",
        }

    async def test_without_a_code_takes_the_next_automatic_one(self, http: Client) -> None:
        assert [(await customer(http))["code"] for _ in range(3)] == ["C0000001", "C0000002", "C0000003"]

    @pytest.mark.parametrize("clash", [{"code": "Abc1"}, {"barcode": "2000000000015"}])
    async def test_with_a_code_or_barcode_of_another_is_refused(
        self, http: Client, sql: Connection, clash: Json
    ) -> None:
        await customer(http, code="ABC1", barcode="2000000000015")
        async with nothing_written(sql):
            refused(await http.post("/v1/customers", json={"name": "AUTRE", **clash}), 409, "code-taken")

    async def test_cannot_take_anothers_barcode_later(self, http: Client) -> None:
        await customer(http, barcode="2000000000015")
        other = await customer(http)
        answer = await http.patch(
            f"/v1/customers/{other['id']}", json={"barcode": "2000000000015"}, headers={"if-match": '"1"'}
        )
        refused(answer, 409, "code-taken")
        assert (await get(http, f"/v1/customers/{other['id']}"))["barcode"] is None

    @pytest.mark.parametrize(
        ("bad", "pointer"),
        [
            ({"name": " "}, "/name"),
            ({"name": None}, "/name"),
            ({"code": "ABCDEFGHI"}, "/code"),
            ({"code": "A-1"}, "/code"),
            ({"birth_date": "2026-02-30"}, "/birth_date"),
            ({"birth_date": "01/02/1980"}, "/birth_date"),
            ({"light": "blue"}, "/light"),
            ({"address": {"country": "France"}}, "/address/country"),
            ({"mail_order": "yes"}, "/mail_order"),
            ({"mail_order": 1}, "/mail_order"),
            ({"comment": "a\0"}, "/comment"),
            ({"email": "a\nb@example.org"}, "/email"),
        ],
    )
    async def test_is_refused_by_field(self, http: Client, sql: Connection, bad: Json, pointer: str) -> None:
        async with nothing_written(sql):
            answer = await http.post("/v1/customers", json={"name": "DURAND", **bad})
        assert [fault["pointer"] for fault in refused(answer, 422, "invalid")["errors"]] == [pointer]


class TestAPatch:
    async def test_changes_what_is_sent_empties_what_is_null_and_leaves_the_rest(self, http: Client) -> None:
        made = await customer(http, **CARD)
        answer = await http.patch(
            f"/v1/customers/{made['id']}",
            json={"name": "DUPONT", "phone": None, "address": {"town": "REZÉ", "complement": None}},
            headers={"if-match": '"1"'},
        )
        changed = answer.json()
        address = {**CARD["address"], "town": "REZÉ", "complement": None}
        expected = {**CARD, "code": "DUR1", "name": "DUPONT", "phone": None, "address": address}
        assert {name: changed[name] for name in CARD} == expected
        assert (changed["version"], answer.headers["etag"]) == (2, '"2"')
        assert await get(http, f"/v1/customers/{made['id']}") == changed

    async def test_that_changes_nothing_keeps_the_version(self, http: Client) -> None:
        made = await customer(http, **CARD)
        for body in ({}, {"name": "DURAND"}):
            answer = await http.patch(f"/v1/customers/{made['id']}", json=body, headers={"if-match": '"1"'})
            assert (answer.status_code, answer.json()) == (200, made)

    @pytest.mark.parametrize("name", ["name", "light", "kind", "mail_order"])
    async def test_cannot_empty_what_must_be_there(self, http: Client, name: str) -> None:
        made = await customer(http)
        answer = await http.patch(f"/v1/customers/{made['id']}", json={name: None}, headers={"if-match": '"1"'})
        assert [fault["pointer"] for fault in refused(answer, 422, "invalid")["errors"]] == [f"/{name}"]

    async def test_makes_the_new_name_findable_and_the_old_one_not(self, http: Client) -> None:
        made = await customer(http, "DURAND")
        await http.patch(f"/v1/customers/{made['id']}", json={"name": "LEGOFF"}, headers={"if-match": '"1"'})
        assert await found(http, q="legoff") == ["LEGOFF"]
        assert await found(http, q="durand") == []


class TestTheSearch:
    @pytest.fixture(autouse=True)
    async def _file(self, http: Client) -> None:
        await customer(http, **CARD)
        await customer(http, "MAISON DES TOUT PETITS", code="MTP", email="contact@example.org", phone="+33240000009")
        await customer(http, "Martin", address={"postal_code": "75011", "town": "Paris 11e"})

    async def test_without_a_criterion_finds_all_by_name(self, http: Client) -> None:
        assert await found(http) == ["DURAND", "MAISON DES TOUT PETITS", "Martin"]

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ({"q": "tout mais"}, "MAISON DES TOUT PETITS"),
            ({"q": "mtp"}, "MAISON DES TOUT PETITS"),
            ({"q": "MARTÍN"}, "Martin"),
            ({"code": "dur1"}, "DURAND"),
            ({"email": "elodie.durand@EXAMPLE.org"}, "DURAND"),
            ({"phone": "0240000000"}, "DURAND"),
            ({"postal_code": "75011"}, "Martin"),
            ({"town": "paris"}, "Martin"),
            ({"mail_order": "true"}, "DURAND"),
            ({"collectivity": "true"}, "DURAND"),
        ],
    )
    async def test_finds_by(self, http: Client, query: Json, expected: str) -> None:
        assert await found(http, **query) == [expected]
        assert await get(http, "/v1/customers/count", **query) == {"count": 1, "capped": False}

    @pytest.mark.parametrize("query", [{"q": "%"}, {"q": "'"}, {"phone": "abc"}, {"town": "_"}, {"code": "ZZZ"}])
    async def test_finds_nothing_for(self, http: Client, query: Json) -> None:
        assert await found(http, **query) == []

    @pytest.mark.parametrize("column", ["name", "code", "postal_code", "town", "created_at"])
    async def test_sorts_by_every_column_both_ways(self, http: Client, column: str) -> None:
        durand, maison, martin = "DURAND", "MAISON DES TOUT PETITS", "Martin"
        expected = {
            "name": [durand, maison, martin],
            "code": [martin, durand, maison],
            "postal_code": [maison, durand, martin],
            "town": [maison, durand, martin],
            "created_at": [durand, maison, martin],
        }[column]
        assert await found(http, sort=column) == expected
        assert await found(http, sort=f"-{column}") == expected[::-1]
