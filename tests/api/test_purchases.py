"""What a customer bought, over HTTP (A68)."""

import pytest

from tests.api.conftest import ClientFor
from tests.api.steps import (
    CHUT,
    EBOOK,
    RUE,
    Json,
    all_items,
    customer,
    euros,
    get,
    items,
    line,
    order,
    post,
    refused,
    scan,
    stock,
)
from tests.conftest import Client, Premises


async def bought(http: Client, card: Json) -> list[Json]:
    return await items(http, f"/v1/customers/{card['id']}/purchases")


@pytest.mark.row("A68")
class TestTheList:
    async def test_tells_what_was_taken_and_brought_back_newest_first(self, http: Client) -> None:
        card = await customer(http, "DURAND")
        made = await order(http, line(RUE, 2), line(EBOOK), customer_id=card["id"])
        await stock(http, RUE, 3)
        kept = (await scan(http))["reservation"]
        await post(http, "/v1/reservations/collect", {"reservation_ids": [kept["id"]]}, expect=200)
        made = await get(http, f"/v1/orders/{made['id']}")
        rest = [{"line_id": each["id"], "quantity": 1} for each in made["lines"]]
        made = await post(http, f"/v1/orders/{made['id']}/deliveries", {"lines": rest}, version=made["version"])
        back = {"lines": rest[:1], "restock": True, "replace": False, "reason": "Défaut"}
        await post(http, f"/v1/orders/{made['id']}/returns", back, version=made["version"])
        hand = await post(http, "/v1/reservations", {"ean": RUE, "customer_id": card["id"]})
        await post(http, "/v1/reservations/collect", {"reservation_ids": [hand["id"]]}, expect=200)
        price = (await get(http, f"/v1/articles/{RUE}"))["list_price"]["amount"]
        found = await bought(http, card)
        assert [(each["source"], each["quantity"], each["amount"]) for each in (found[0], found[1], *found[4:])] == [
            ("reservation", 1, euros(price)),
            ("return", -1, euros(f"-{price}")),
            ("reservation", 1, euros(price)),
        ]
        assert sorted((each["ean"], each["amount"]["amount"]) for each in found[2:4]) == [
            (EBOOK, "5.99"),
            (RUE, price),
        ]
        assert {(each["order_id"], each["order_number"]) for each in found[1:]} == {(made["id"], made["number"])}
        assert (found[0]["order_id"], found[0]["order_number"]) == (None, None)
        assert found[0]["id"].startswith("pur_")
        assert (found[0]["title"], found[0]["vat_rate"]) == ("DANS LA RUE", "5.50")
        assert [each["at"] for each in found] == sorted((each["at"] for each in found), reverse=True)
        assert await all_items(http, f"/v1/customers/{card['id']}/purchases", limit=2) == found

    @pytest.mark.row("C12")
    async def test_has_what_a_free_name_bought_once_its_order_is_the_customers(self, http: Client) -> None:
        card = await customer(http, "DURAND")
        made = await order(http, line(CHUT))
        await stock(http, CHUT)
        kept = (await scan(http, CHUT))["reservation"]
        await post(http, "/v1/reservations/collect", {"reservation_ids": [kept["id"]]}, expect=200)
        assert await bought(http, card) == []
        made = await get(http, f"/v1/orders/{made['id']}")
        attach = {"customer_id": card["id"]}
        await post(http, f"/v1/orders/{made['id']}/attach-customer", attach, version=made["version"], expect=200)
        (purchase,) = await bought(http, card)
        assert (purchase["ean"], purchase["order_number"]) == (CHUT, made["number"])

    async def test_is_the_customers_alone(self, http: Client, client_for: ClientFor, elsewhere: Premises) -> None:
        card = await customer(http)
        path = f"/v1/customers/{card['id']}/purchases"
        refused(await http.get(f"/v1/customers/cus_{'0' * 32}/purchases"), 404, "not-found")
        stranger = await client_for(elsewhere.admin_key)
        refused(await stranger.get(path), 404, "not-found")
        secret = await customer(http, confidentiality_code="DIR")
        key = await post(http, "/v1/api-keys", {"label": "caisse", "scopes": ["customers:read"]})
        till = await client_for(key["secret"])
        refused(await till.get(f"/v1/customers/{secret['id']}/purchases"), 404, "not-found")
        assert (await till.get(path)).status_code == 200
        refused(await till.get(path, params={"cursor": "abc"}), 404, "unknown-cursor")
