"""A customer duplicated over HTTP (B46, B47)."""

import pytest

from tests.api.steps import Connection, Json, customer, get, items, nothing_written, post, refused
from tests.api.test_customers import CARD
from tests.conftest import Client

PARTS = ("addresses", "contacts", "bank-accounts", "notes", "consents", "discounts")
OWN = {"barcode": None, "fidelity_active": False, "fidelity_started_on": None, "fidelity_number": None}


@pytest.fixture
async def card(http: Client) -> Json:
    """A card with one of each sub-card."""
    made = await customer(http, **{**CARD, "fidelity_number": "29001", "category": "ECOLE"})
    path = f"/v1/customers/{made['id']}"
    await post(http, f"{path}/addresses", {"code": "ANNEXE", "address": {"town": "REZÉ"}, "role": "delivery"})
    await post(http, f"{path}/contacts", {"name": "PETIT", "function": "CDE"})
    await post(http, f"{path}/bank-accounts", {"iban": "FR1420041010050500013M02606", "main": True})
    await post(http, f"{path}/notes", {"text": "Aime la poésie"})
    await post(http, f"{path}/consents", {"channel": "email", "purpose": "marketing", "granted": True})
    await post(http, f"{path}/discounts", {"scope": "all", "percent": "5.00"})
    return made


class TestADuplicate:
    @pytest.mark.row("B46", "B47")
    async def test_is_the_card_with_a_code_of_its_own(self, http: Client, card: Json) -> None:
        answer = await http.post(f"/v1/customers/{card['id']}/duplicate", json={})
        made = answer.json()
        assert answer.status_code == 201
        assert (answer.headers["location"], answer.headers["etag"]) == (f"/v1/customers/{made['id']}", '"1"')
        changing = {"id", "code", "approved_at", "created_at", "updated_at"}
        expected = {**card, **OWN, "code": "C0000001"}
        assert {k: v for k, v in made.items() if k not in changing - {"code"}} == {
            k: v for k, v in expected.items() if k not in changing - {"code"}
        }
        assert await get(http, f"/v1/customers/{made['id']}") == made
        for part in PARTS:
            assert await items(http, f"/v1/customers/{made['id']}/{part}") == []

    @pytest.mark.row("B47")
    @pytest.mark.parametrize("part", PARTS)
    async def test_takes_the_sub_cards_that_are_ticked(self, http: Client, card: Json, part: str) -> None:
        made = await post(
            http, f"/v1/customers/{card['id']}/duplicate", {"parts": [part.replace("-", "_")], "name": "COPIE"}
        )
        assert (made["name"], made["short_name"]) == ("COPIE", "COPIE")
        for each in PARTS:
            copies = await items(http, f"/v1/customers/{made['id']}/{each}")
            assert len(copies) == (each == part)
        (there,) = await items(http, f"/v1/customers/{card['id']}/{part}")
        (copy,) = await items(http, f"/v1/customers/{made['id']}/{part}")
        assert copy["id"] != there["id"]

    @pytest.mark.row("B46")
    async def test_is_made_whole_or_not_at_all(self, http: Client, sql: Connection, card: Json) -> None:
        every = [part.replace("-", "_") for part in PARTS]
        path = f"/v1/customers/{card['id']}/duplicate"
        async with nothing_written(sql):
            refused(await http.post(path, json={"code": card["code"], "parts": every}), 409, "code-taken")
            refused(await http.post(path, json={"parts": ["orders"]}), 422, "invalid")
            refused(await http.post(path, json={"parts": ["notes", "notes"]}), 422, "invalid")
            refused(await http.post(f"/v1/customers/cus_{'0' * 32}/duplicate", json={}), 404, "not-found")

    async def test_is_made_once_for_one_key(self, http: Client, card: Json) -> None:
        headers = {"idempotency-key": "une-fois"}
        answers = [await http.post(f"/v1/customers/{card['id']}/duplicate", json={}, headers=headers) for _ in range(2)]
        assert answers[0].json()["id"] == answers[1].json()["id"]
        assert len(await items(http, "/v1/customers")) == 2
