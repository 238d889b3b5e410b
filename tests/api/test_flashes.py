"""Colleagues are told of new cards (B9), over HTTP."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from fastapi import FastAPI

from tests.api.steps import Connection, Json, all_items, customer, get, items, post, refused
from tests.api.test_settings import decide
from tests.api.test_users import WORDS, log_in
from tests.conftest import Client, client_of

pytestmark = pytest.mark.row("B9")
CHIEF: Json = {
    "login": "claire",
    "name": "Claire",
    "password": WORDS,
    "scopes": ["customers:*", "orders:*", "reservations:*"],
}


@pytest.fixture
async def chief(http: Client, app: FastAPI) -> AsyncIterator[Client]:
    """The administrative manager, logged in, who is told of every new customer."""
    made = await post(http, "/v1/users", CHIEF)
    await decide(http, flash_customer_ids=[made["id"]])
    async with client_of(app, None) as browser:
        await log_in(browser)
        yield browser


async def taken(http: Client, card: Json) -> Any:
    """An attempt to take an order for the card."""
    body = {"customer_id": card["id"], "lines": [{"ean": "9791094908020", "quantity": 1}]}
    return await http.post("/v1/orders", json=body)


class TestTheVisa:
    @pytest.mark.row("B8", "B10")
    async def test_goes_from_the_crm_to_the_flash_to_the_first_order(self, http: Client, chief: Client) -> None:
        card = await customer(http, "PROSPECT", origin="crm")
        assert card["approved"] is False
        refused(await taken(http, card), 409, "customer-not-approved")
        (flash,) = await items(chief, "/v1/flashes", unread="true")
        assert (flash["customer_id"], flash["third_party_id"], flash["name"]) == (card["id"], None, "PROSPECT")
        assert (flash["approved"], flash["waiting"], flash["read_at"]) == (False, True, None)
        assert flash["code"] == card["code"]
        answer = await chief.post(
            f"/v1/customers/{card['id']}/approval", json={"approved": True}, headers={"if-match": '"1"'}
        )
        assert (answer.status_code, answer.json()["approved"]) == (200, True)
        assert (await taken(http, card)).status_code == 201
        (flash,) = await items(chief, "/v1/flashes")
        assert (flash["approved"], flash["waiting"]) == (False, False)

    @pytest.mark.row("B8")
    async def test_is_given_by_whoever_may_only(self, http: Client, app: FastAPI) -> None:
        await post(http, "/v1/users", {**CHIEF, "scopes": ["customers:read", "customers:write"]})
        card = await customer(http, origin="crm")
        async with client_of(app, None) as clerk:
            await log_in(clerk)
            answer = await clerk.post(
                f"/v1/customers/{card['id']}/approval", json={"approved": True}, headers={"if-match": '"1"'}
            )
            refused(answer, 403, "forbidden")

    @pytest.mark.row("B10")
    async def test_is_ticked_at_the_counter(self, http: Client, chief: Client) -> None:
        await customer(http)
        (flash,) = await items(chief, "/v1/flashes")
        assert (flash["approved"], flash["waiting"]) == (True, False)


class TestAFlash:
    async def test_says_who_made_the_card(self, http: Client, chief: Client) -> None:
        await customer(http, "D'UNE CLÉ")
        await customer(chief, "DE CLAIRE")
        flashes = await items(chief, "/v1/flashes")
        assert [(each["name"], each["by_name"]) for each in flashes] == [("DE CLAIRE", "Claire"), ("D'UNE CLÉ", None)]

    async def test_once_read_stays_read(self, http: Client, chief: Client) -> None:
        await customer(http)
        (flash,) = await items(chief, "/v1/flashes", unread="true")
        reads = []
        for _ in range(2):
            answer = await chief.post(f"/v1/flashes/{flash['id']}/read")
            assert (answer.status_code, answer.content) == (204, b"")
            (seen,) = await items(chief, "/v1/flashes", unread="false")
            reads.append(seen["read_at"])
        assert reads[0] == reads[1] is not None
        assert await items(chief, "/v1/flashes", unread="true") == []

    async def test_is_its_recipients_alone(self, http: Client, chief: Client) -> None:
        await customer(http)
        (flash,) = await items(chief, "/v1/flashes")
        assert await items(http, "/v1/flashes") == []  # a key is nobody of the staff
        refused(await http.post(f"/v1/flashes/{flash['id']}/read"), 404, "not-found")
        (unread,) = await items(chief, "/v1/flashes")
        assert unread["read_at"] is None

    async def test_is_told_live_and_names_nobody(self, http: Client, chief: Client, sql: Connection) -> None:
        me = await get(chief, "/v1/me")
        card = await customer(http, "DURAND")
        rows = await sql.fetch("SELECT data::text FROM outbox_event WHERE type = 'flash.sent'")
        (told,) = [row["data"] for row in rows]
        assert me["user_id"].removeprefix("usr_") in told
        assert card["id"].removeprefix("cus_") in told
        assert "DURAND" not in told

    @pytest.mark.row("B30")
    async def test_of_a_confidential_card_is_for_those_who_may_see_it(self, http: Client, chief: Client) -> None:
        await customer(http, "SECRET", confidentiality_code="DIR")
        assert await items(chief, "/v1/flashes") == []
        people = {each["login"]: each for each in await items(http, "/v1/users")}
        claire = people["claire"]
        await http.patch(
            f"/v1/users/{claire['id']}",
            json={"scopes": ["customers:*", "confidential:DIR"]},
            headers={"if-match": f'"{claire["version"]}"'},
        )
        # what is known of a session is believed for two seconds: another one knows at once
        async with client_of(http._transport.app, None) as again:  # type: ignore[attr-defined]
            await log_in(again)
            assert [each["name"] for each in await items(again, "/v1/flashes")] == ["SECRET"]

    async def test_comes_in_pages_newest_first(self, http: Client, chief: Client) -> None:
        for number in range(5):
            await customer(http, f"CARTE {number}")
        names = [each["name"] for each in await all_items(chief, "/v1/flashes", limit=2)]
        assert names == [f"CARTE {number}" for number in (4, 3, 2, 1, 0)]

    async def test_goes_with_its_card(self, http: Client, chief: Client) -> None:
        card = await customer(http)
        await http.delete(f"/v1/customers/{card['id']}", headers={"if-match": '"1"'})
        assert await items(chief, "/v1/flashes") == []

    @pytest.mark.row("B46")
    async def test_is_sent_for_a_duplicate_too(self, http: Client, chief: Client) -> None:
        card = await customer(http)
        await post(http, f"/v1/customers/{card['id']}/duplicate", {"name": "COPIE"})
        assert [each["name"] for each in await items(chief, "/v1/flashes")] == ["COPIE", "MARTIN"]
