"""What a customer bought, over HTTP (A68)."""

import pytest

from tests.api.conftest import ClientFor
from tests.api.steps import (
    CHUT,
    EBOOK,
    RUE,
    UNKNOWN,
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


def told(card: Json, reference: str, **more: object) -> Json:
    """A line of a ticket."""
    return {
        "reference": reference,
        "source": "till",
        "at": "2026-03-10T10:00:00Z",
        "customer_id": card["id"],
        "ean": RUE,
        "quantity": 1,
        "amount": euros("12.00"),
        **more,
    }


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

    async def test_is_narrowed_by_day_and_article(self, http: Client) -> None:
        card = await customer(http, "DURAND")
        path = f"/v1/customers/{card['id']}/purchases"
        lines = [
            told(card, "1", at="2026-03-09T22:59:59Z"),
            told(card, "2", at="2026-03-09T23:00:00Z", ean=CHUT, amount=euros("14.50")),
            told(card, "3", at="2026-03-10T23:00:00Z"),
        ]
        await post(http, "/v1/purchases", {"purchases": lines}, expect=200)

        async def found(**query: str) -> list[str]:
            return [each["at"][:13] for each in await items(http, path, **query)]

        assert await found(**{"from": "2026-03-10", "to": "2026-03-11"}) == ["2026-03-09T23"]
        assert await found(to="2026-03-10") == ["2026-03-09T22"]
        assert await found(**{"from": "2026-03-11"}) == ["2026-03-10T23"]
        assert await found(ean=CHUT) == ["2026-03-09T23"]
        refused(await http.get(path, params={"from": "10/03/2026"}), 422, "invalid")

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


@pytest.mark.row("A68")
class TestABatch:
    async def test_tells_what_became_of_each_line(self, http: Client) -> None:
        card = await customer(http, "DURAND")
        lines = [
            told(card, "1", document="T1-1"),
            told(card, "2", customer_id=None, customer_code=card["code"].lower()),
            told(card, "3", ean=UNKNOWN),
            told(
                card, "4", ean=UNKNOWN, title="Carte", list_price=euros("3.00"), vat_rate="20.00", amount=euros("3.00")
            ),
            told(card, "5", customer_code="X"),
        ]
        batch = await post(http, "/v1/purchases", {"purchases": lines}, expect=200)
        assert (batch["created"], batch["known"], batch["refused"]) == (3, 0, 2)
        assert [each["outcome"] for each in batch["items"]] == ["created", "created", "refused", "created", "refused"]
        assert batch["items"][2]["problem"] == {
            "code": "unknown-article",
            "detail": f"aucun article ne porte l'EAN {UNKNOWN}",
            "pointer": "/purchases/2/ean",
        }
        assert batch["items"][4]["problem"]["pointer"] == "/purchases/4"
        assert batch["items"][2]["purchase_id"] is batch["items"][2]["loyalty"] is None
        again = await post(http, "/v1/purchases", {"purchases": lines}, expect=200)
        assert (again["created"], again["known"], again["refused"]) == (0, 3, 2)
        found = {each["id"]: each for each in await bought(http, card)}
        assert set(found) == {each["purchase_id"] for each in batch["items"] if each["purchase_id"]}
        first = found[batch["items"][0]["purchase_id"]]
        assert (first["net"], first["list_price"], first["author"]) == (
            euros("11.37"),
            euros("12.00"),
            "TINEKA MEIRINK",
        )
        assert (first["document"], first["shipped"], first["undoes_id"], first["source"]) == (
            "T1-1",
            False,
            None,
            "till",
        )

    async def test_is_worded_in_english_too(self, http: Client) -> None:
        card = await customer(http, "DURAND")
        sent = {"purchases": [told(card, "1", quantity=0, amount=euros("0.00"))]}
        answer = await http.post("/v1/purchases", json=sent, headers={"accept-language": "en"})
        (item,) = answer.json()["items"]
        assert item["problem"] == {
            "code": "inconsistent",
            "detail": "does not go with the rest of the line",
            "pointer": "/purchases/0/quantity",
        }

    async def test_of_a_year_long_gone_is_told_with_four_digits(self, http: Client) -> None:
        card = await customer(http, "DURAND")
        old = told(card, "T0/1", at="0269-12-02T12:33:13.2Z")
        await post(http, "/v1/purchases", {"purchases": [old]}, expect=200)
        assert [each["at"] for each in await bought(http, card)] == ["0269-12-02T12:33:13.200000Z"]

    async def test_is_told_again_under_its_key(self, http: Client) -> None:
        card = await customer(http, "DURAND")
        sent, key = {"purchases": [told(card, "1")]}, {"idempotency-key": "b"}
        first = await http.post("/v1/purchases", json=sent, headers=key)
        again = await http.post("/v1/purchases", json=sent, headers=key)
        assert (first.status_code, again.content) == (200, first.content)
        assert len(await bought(http, card)) == 1

    async def test_has_a_thousand_lines_at_most(self, http: Client) -> None:
        card = await customer(http, "DURAND")
        lines = [told(card, f"{n}") for n in range(1001)]
        refused(await http.post("/v1/purchases", json={"purchases": lines}), 422, "invalid")
        refused(await http.post("/v1/purchases", json={"purchases": []}), 422, "invalid")
        batch = await post(http, "/v1/purchases", {"purchases": lines[:1000]}, expect=200)
        assert batch["created"] == 1000
        assert len(await all_items(http, f"/v1/customers/{card['id']}/purchases", limit=200)) == 1000

    async def test_keeps_its_customer(self, http: Client) -> None:
        card = await customer(http, "DURAND")
        await post(http, "/v1/purchases", {"purchases": [told(card, "1")]}, expect=200)
        answer = await http.delete(f"/v1/customers/{card['id']}", headers={"if-match": '"1"'})
        refused(answer, 409, "customer-in-use")
