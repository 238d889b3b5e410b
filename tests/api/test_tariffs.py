"""Tariffs over HTTP: what a tariff code gives to whoever has it (A65)."""

import asyncio

import pytest

from tests.api.conftest import ClientFor
from tests.api.steps import (
    CHUT,
    RUE,
    Connection,
    Json,
    customer,
    get,
    items,
    line,
    nothing_written,
    order,
    post,
    put,
    refused,
)
from tests.conftest import Client, Premises

pytestmark = pytest.mark.usefixtures("books")

EMPTY: Json = {"vat_rate": None, "category": None, "starts_on": None, "ends_on": None, "basis": None}


async def tariff(http: Client, code: str, *rules: Json) -> Json:
    await post(http, "/v1/tables/tariffs", {"code": code, "label": f"Tarif {code}"})
    return await put(http, f"/v1/tariffs/{code}", {"rules": list(rules)})


class TestATariff:
    @pytest.mark.row("A65")
    async def test_is_a_code_of_its_table_with_its_discounts_in_order(self, http: Client) -> None:
        await put(http, "/v1/categories/BD", {"label": "BD", "level": "shop"}, expect=201)
        rules: list[Json] = [
            {**EMPTY, "scope": "all", "percent": "2.00"},
            {**EMPTY, "scope": "category", "category": "BD", "percent": "4.00", "ends_on": "2030-01-01"},
            {**EMPTY, "scope": "vat_rate", "vat_rate": "5.50", "percent": "3.00", "starts_on": "2026-01-01"},
            {**EMPTY, "scope": "school_books", "percent": "25.00", "basis": "R9"},
        ]
        before = await items(http, "/v1/tariffs")
        made = await tariff(http, "T9", *rules)
        assert made == {"code": "T9", "label": "Tarif T9", "rules": rules}
        assert await get(http, "/v1/tariffs/T9") == made
        assert await items(http, "/v1/tariffs") == [*before, made]
        again = await put(http, "/v1/tariffs/T9", {"rules": rules[:1]})
        assert await get(http, "/v1/tariffs/T9") == again == {**made, "rules": rules[:1]}
        assert (await put(http, "/v1/tariffs/T9", {"rules": []}))["rules"] == []

    @pytest.mark.row("A65", "A63")
    async def test_prices_the_lines_of_whoever_has_it(self, http: Client) -> None:
        await tariff(http, "T9", {"scope": "all", "percent": "5.00"})
        card = await customer(http, tariff_code="T9")
        made = await order(http, line(RUE), customer_id=card["id"])
        assert (made["lines"][0]["price_source"], made["total"]["amount"]) == ("tariff", "11.40")
        seen = await post(http, "/v1/prices", {"customer_id": card["id"], "lines": [line(CHUT)]}, expect=200)
        (priced,) = seen["lines"]
        assert (priced["tariff_code"], priced["discount_percent"]) == ("T9", "5.00")
        assert priced["discount_rule"]["scope"] == "all"
        await put(http, "/v1/tariffs/T9", {"rules": []})
        assert (await get(http, f"/v1/orders/{made['id']}"))["total"]["amount"] == "11.40"
        assert (await order(http, customer_id=card["id"]))["lines"][0]["price_source"] == "publisher"

    @pytest.mark.row("A65")
    async def test_that_cannot_be_is_refused(self, http: Client, sql: Connection) -> None:
        await tariff(http, "T9", {"scope": "all", "percent": "5.00"})
        async with nothing_written(sql):
            body = {"rules": [{"scope": "all", "percent": "5.00"}]}
            refused(await http.put("/v1/tariffs/T8", json=body), 404, "not-found")
            backwards = {"scope": "all", "percent": "5.00", "starts_on": "2026-05-01", "ends_on": "2026-04-01"}
            answer = await http.put("/v1/tariffs/T9", json={"rules": [*body["rules"], backwards]})
            (error,) = refused(answer, 409, "inconsistent")["errors"]
            assert error["pointer"] == "/rules/1/ends_on"
            lacking = {"rules": [*body["rules"], {"scope": "category", "category": "BD", "percent": "5.00"}]}
            (error,) = refused(await http.put("/v1/tariffs/T9", json=lacking), 409, "unknown-code")["errors"]
            assert error["pointer"] == "/rules/1/category"
            odd = {"rules": [{"scope": "all", "percent": "5.00", "category": "BD"}]}
            refused(await http.put("/v1/tariffs/T9", json=odd), 409, "inconsistent")
            wide = {"rules": [{"scope": "all", "percent": "100.01"}]}
            refused(await http.put("/v1/tariffs/T9", json=wide), 422, "invalid")
        refused(await http.get("/v1/tariffs/T8"), 404, "not-found")

    async def test_of_the_table_stays_while_it_gives_something(self, http: Client, sql: Connection) -> None:
        await tariff(http, "T9", {"scope": "all", "percent": "5.00"})
        held = {"if-match": '"1"'}
        async with nothing_written(sql):
            refused(await http.delete("/v1/tables/tariffs/T9", headers=held), 409, "code-in-use")
        await put(http, "/v1/tariffs/T9", {"rules": []})
        assert (await http.delete("/v1/tables/tariffs/T9", headers=held)).status_code == 204

    async def test_written_by_two_at_once_has_the_rules_of_one(self, http: Client) -> None:
        await tariff(http, "T9")
        wanted = [[{**EMPTY, "scope": "all", "percent": f"{n}.00"}] * n for n in range(1, 7)]
        await asyncio.gather(*(put(http, "/v1/tariffs/T9", {"rules": rules}) for rules in wanted))
        assert (await get(http, "/v1/tariffs/T9"))["rules"] in wanted

    async def test_is_read_with_articles_read_and_written_with_articles_write(
        self, http: Client, client_for: ClientFor, elsewhere: Premises
    ) -> None:
        made = await tariff(http, "T9", {"scope": "all", "percent": "5.00"})
        reader, stranger = [
            await client_for((await post(http, "/v1/api-keys", {"label": scope, "scopes": [scope]}))["secret"])
            for scope in ("articles:read", "orders:*")
        ]
        assert await get(reader, "/v1/tariffs/T9") == made
        refused(await reader.put("/v1/tariffs/T9", json={"rules": []}), 403, "forbidden")
        refused(await stranger.get("/v1/tariffs"), 403, "forbidden")
        other_shop = await client_for(elsewhere.admin_key)
        refused(await other_shop.get("/v1/tariffs/T9"), 404, "not-found")
