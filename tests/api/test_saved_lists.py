"""Saved lists over HTTP, and the orders made of them (A1)."""

import pytest

from tests.api.conftest import ClientFor
from tests.api.steps import (
    CHUT,
    NUIT,
    RUE,
    UNKNOWN,
    Connection,
    Json,
    all_items,
    customer,
    euros,
    get,
    items,
    nothing_written,
    post,
    refused,
)
from tests.conftest import Client

pytestmark = pytest.mark.usefixtures("books")


def wanted(ean: str, quantity: int = 1) -> Json:
    return {"ean": ean, "quantity": quantity}


async def saved(http: Client, *lines: Json, name: str = "Rentrée 6e") -> Json:
    return await post(http, "/v1/saved-lists", {"name": name, "lines": list(lines) or [wanted(RUE)]})


class TestASavedList:
    @pytest.mark.row("A1")
    async def test_is_kept_shown_written_anew_and_thrown_away(self, http: Client) -> None:
        made = await saved(http, wanted(RUE, 2), wanted(CHUT), wanted(RUE))
        path = f"/v1/saved-lists/{made['id']}"
        assert made["lines"][0] == {
            "ean": RUE,
            "title": "DANS LA RUE",
            "author": made["lines"][0]["author"],
            "list_price": euros("12.00"),
            "quantity": 2,
        }
        shown = await http.get(path)
        assert (shown.json(), shown.headers["etag"]) == (made, '"1"')
        body = {"name": "Rentrée 5e", "lines": [wanted(NUIT, 4)]}
        changed = (await http.put(path, json=body, headers={"if-match": '"1"'})).json()
        assert (changed["name"], changed["version"]) == ("Rentrée 5e", 2)
        assert [(line["ean"], line["quantity"]) for line in changed["lines"]] == [(NUIT, 4)]
        assert await get(http, path) == changed
        assert (await http.delete(path, headers={"if-match": '"2"'})).status_code == 204
        refused(await http.get(path), 404, "not-found")
        assert await items(http, "/v1/saved-lists") == []

    async def test_is_found_by_the_start_of_its_name_and_counted(self, http: Client) -> None:
        for name, copies in (("Rentrée 6e", 3), ("rentree 5e", 2), ("Noël", 1), ("Été", 1)):
            await saved(http, wanted(RUE, copies), wanted(CHUT), name=name)
        rows = await all_items(http, "/v1/saved-lists", limit=2)
        assert [row["name"] for row in rows] == ["Été", "Noël", "rentree 5e", "Rentrée 6e"]
        found = await items(http, "/v1/saved-lists", name="RENTRÉE")
        assert [(row["titles"], row["quantity"]) for row in found] == [(2, 3), (2, 4)]
        newest, *_ = await items(http, "/v1/saved-lists", sort="-updated_at")
        assert newest["name"] == "Été"
        assert await items(http, "/v1/saved-lists", name="%") == []

    async def test_names_no_unknown_article_and_is_changed_by_who_saw_it_last(
        self, http: Client, sql: Connection
    ) -> None:
        made = await saved(http)
        path = f"/v1/saved-lists/{made['id']}"
        body = {"name": "X", "lines": [wanted(RUE), wanted(UNKNOWN)]}
        async with nothing_written(sql):
            for answer in (
                await http.post("/v1/saved-lists", json=body),
                await http.put(path, json=body, headers={"if-match": '"1"'}),
            ):
                (error,) = refused(answer, 422, "invalid")["errors"]
                assert error["pointer"] == "/lines/1/ean"
            stale = {"if-match": '"2"'}
            refused(await http.put(path, json={**body, "lines": [wanted(RUE)]}, headers=stale), 412, "stale-version")
            refused(await http.delete(path, headers=stale), 412, "stale-version")
        same = {"name": "Rentrée 6e", "lines": [wanted(RUE)]}
        assert (await http.put(path, json=same, headers={"if-match": '"1"'})).json()["version"] == 1

    async def test_is_read_and_written_with_the_rights_on_orders(self, http: Client, client_for: ClientFor) -> None:
        made = await saved(http)
        reader, stranger = [
            await client_for((await post(http, "/v1/api-keys", {"label": scope, "scopes": [scope]}))["secret"])
            for scope in ("orders:read", "articles:*")
        ]
        assert (await reader.get(f"/v1/saved-lists/{made['id']}")).status_code == 200
        body = {"name": "X", "lines": [wanted(RUE)]}
        refused(await reader.post("/v1/saved-lists", json=body), 403, "forbidden")
        refused(await stranger.get("/v1/saved-lists"), 403, "forbidden")


class TestAnOrderOfIt:
    @pytest.mark.row("A1", "A61", "A63")
    async def test_is_taken_as_any_other_and_leaves_the_list_alone(self, http: Client) -> None:
        made = await saved(http, wanted(RUE, 2), wanted(CHUT))
        card = await customer(http, comment="Sonner")
        await post(http, f"/v1/customers/{card['id']}/discounts", {"scope": "all", "percent": "5.00"})
        path = f"/v1/saved-lists/{made['id']}/orders"
        taken = await post(http, path, {"customer_id": card["id"], "customer_reference": "BC-1"})
        assert (taken["origin"], taken["comment"], taken["customer_reference"]) == ("saved_list", "Sonner", "BC-1")
        assert [(line["ean"], line["ordered"], line["price_source"]) for line in taken["lines"]] == [
            (RUE, 2, "discount"),
            (CHUT, 1, "discount"),
        ]
        again = await post(http, path, {"contact": {"name": "PETIT"}, "mail_order": True})
        assert (again["delivery_charge"], again["number"]) == (euros("0.01"), taken["number"] + 1)
        assert await get(http, f"/v1/saved-lists/{made['id']}") == made

    @pytest.mark.row("A1")
    async def test_is_made_once_for_one_key_and_never_of_a_list_that_is_gone(
        self, http: Client, sql: Connection
    ) -> None:
        made = await saved(http)
        path, body = f"/v1/saved-lists/{made['id']}/orders", {"contact": {"name": "PETIT"}}
        refused(await http.post(path, json={}), 422, "invalid")
        key = {"idempotency-key": "once"}
        first, second = [await http.post(path, json=body, headers=key) for _ in range(2)]
        assert (first.status_code, second.json()) == (201, first.json())
        assert first.headers["location"] == f"/v1/orders/{first.json()['id']}"
        await http.delete(f"/v1/saved-lists/{made['id']}", headers={"if-match": '"1"'})
        async with nothing_written(sql):
            refused(await http.post(path, json=body), 404, "not-found")
        assert await get(http, f"/v1/orders/{first.json()['id']}") == first.json()
