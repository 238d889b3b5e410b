"""Loyalty cards over HTTP: programs, ledgers, vouchers (A62, P24, P34)."""

from typing import Any

import pytest

from tests.api.conftest import ClientFor
from tests.api.steps import (
    BOUTON,
    CHUT,
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
    stock,
)
from tests.conftest import Client, Premises

DOSSIER = "/v1/dossier"
THREE: Json = {"code": "TROIS", "label": "Trois achats", "kind": "purchases", "percent": "5.00", "every": 3}
FIFTY: Json = {
    "code": "CENT",
    "label": "Tous les 100 €",
    "kind": "amount",
    "percent": "4.50",
    "threshold": euros("100.00"),
    "expires_after_months": 24,
    "voucher_note": "Valable un an",
}


async def decide(http: Client, *programs: Json) -> Any:
    held = {"if-match": (await http.get(DOSSIER)).headers["etag"]}
    return await http.patch(DOSSIER, json={"loyalty": {"programs": list(programs)}}, headers=held)


@pytest.fixture
async def card(http: Client, books: object) -> Json:
    """A reader whose card is active, in a shop with a program."""
    assert (await decide(http, THREE, FIFTY)).status_code == 200
    return await customer(http, "CLAIRE", fidelity_active=True, fidelity_number="F-1", fidelity_started_on="2026-01-01")


def sold(card: Json, reference: str, quantity: int = 1, amount: str = "10.00", **more: Any) -> Json:
    return {
        "reference": reference,
        "source": "till",
        "at": "2026-03-10T10:00:00Z",
        "customer_id": card["id"],
        "ean": BOUTON,
        "quantity": quantity,
        "amount": euros(amount),
        **more,
    }


async def record(http: Client, *lines: Json) -> Json:
    return await post(http, "/v1/purchases", {"purchases": list(lines)}, expect=200)


@pytest.mark.row("A62")
class TestPrograms:
    async def test_are_settings_of_the_dossier(self, http: Client) -> None:
        assert (await get(http, DOSSIER))["loyalty"] == {"programs": []}
        answer = await decide(http, THREE, FIFTY)
        assert answer.json()["loyalty"]["programs"] == [
            {**THREE, "threshold": None, "expires_after_months": None, "voucher_note": None},
            {**FIFTY, "every": None},
        ]
        assert (await get(http, DOSSIER))["loyalty"] == answer.json()["loyalty"]

    @pytest.mark.parametrize(
        ("change", "pointer"),
        [
            ({"every": None}, "/loyalty/programs/1/every"),
            ({"threshold": euros("10.00")}, "/loyalty/programs/1/threshold"),
            ({"kind": "amount", "every": None, "threshold": euros("0.00")}, "/loyalty/programs/1/threshold"),
            ({"code": "CENT"}, "/loyalty/programs/1/code"),
        ],
    )
    async def test_are_of_one_kind_each(self, http: Client, change: Json, pointer: str) -> None:
        problem = refused(await decide(http, FIFTY, {**THREE, **change}), 409, "inconsistent")
        assert pointer in {each["pointer"] for each in problem["errors"]}

    @pytest.mark.parametrize("percent", ["0.00", "5.01", "6", "50.00", "-1", "5.001"])
    async def test_give_no_more_than_the_law_allows(self, http: Client, percent: str) -> None:
        refused(await decide(http, {**THREE, "percent": percent}), 422, "invalid")


@pytest.mark.row("A62", "P24")
class TestACard:
    async def test_shows_how_it_stands(self, http: Client, card: Json) -> None:
        path = f"/v1/customers/{card['id']}/loyalty"
        fresh = await get(http, path)
        assert (fresh["active"], fresh["number"], fresh["started_on"]) == (True, "F-1", "2026-01-01")
        assert fresh["program"]["code"] == "TROIS"
        assert (fresh["balance"], fresh["to_go"]) == (euros("0.00"), {"purchases": 3, "base": None})
        await record(http, *(sold(card, f"{n}") for n in range(4)))
        shown = await get(http, path)
        assert (shown["balance"], shown["available"], shown["rewards"]) == (euros("2.00"), euros("1.50"), 1)
        assert (shown["purchases"], shown["base"]) == (4, euros("40.00"))
        assert shown["under_way"] == {"purchases": 1, "base": euros("10.00"), "amount": euros("0.50")}
        assert (shown["to_go"], shown["owed"], shown["expires_next"]) == (
            {"purchases": 2, "base": None},
            euros("0.00"),
            None,
        )

    async def test_of_another_program_counts_euros(self, http: Client, card: Json) -> None:
        other = await customer(http, "PAUL", fidelity_active=True, fidelity_program="CENT")
        await record(http, sold(other, "1", 12, "120.00"))
        shown = await get(http, f"/v1/customers/{other['id']}/loyalty")
        assert (shown["balance"], shown["available"]) == (euros("5.40"), euros("4.50"))
        assert shown["to_go"] == {"purchases": None, "base": euros("80.00")}
        assert shown["expires_next"] == {"on": "2028-03-10", "amount": euros("5.40")}

    async def test_tells_each_step(self, http: Client, card: Json) -> None:
        batch = await record(http, *(sold(card, f"{n}", at=f"2026-03-1{n}T10:00:00Z") for n in range(3)))
        await record(http, sold(card, "b", -1, "-10.00", undoes="1", at="2026-03-20T10:00:00Z"))
        path = f"/v1/customers/{card['id']}/loyalty/entries"
        entries = await items(http, path)
        assert [(each["cause"], each["amount"]["amount"], each["balance"]["amount"]) for each in entries] == [
            ("refund", "-0.50", "1.00"),
            ("purchase", "0.50", "1.50"),
            ("purchase", "0.50", "1.00"),
            ("purchase", "0.50", "0.50"),
        ]
        assert entries[0]["purchase_id"] == entries[2]["purchase_id"] == batch["items"][1]["purchase_id"]
        assert (entries[0]["purchases"], entries[0]["base"]) == (-1, euros("-10.00"))
        assert entries[0]["id"].startswith("loy_")
        assert await all_items(http, path, limit=1) == entries

    async def test_earns_at_the_counter_too(self, http: Client, card: Json) -> None:
        await stock(http, BOUTON, 1)
        made = await order(http, line(BOUTON), customer_id=card["id"])
        lines = {"lines": [{"line_id": made["lines"][0]["id"], "quantity": 1}]}
        made = await post(http, f"/v1/orders/{made['id']}/deliveries", lines, version=made["version"])
        (bought,) = await items(http, f"/v1/customers/{card['id']}/purchases")
        assert bought["loyalty"] == euros("0.50")
        back = {**lines, "restock": True, "replace": False, "reason": "Défaut"}
        await post(http, f"/v1/orders/{made['id']}/returns", back, version=made["version"])
        returned, bought = await items(http, f"/v1/customers/{card['id']}/purchases")
        assert (returned["undoes_id"], bought["loyalty"], returned["loyalty"]) == (
            bought["id"],
            euros("0.00"),
            euros("0.00"),
        )
        assert (await get(http, f"/v1/customers/{card['id']}/loyalty"))["balance"] == euros("0.00")

    @pytest.mark.row("P34")
    async def test_is_begun_and_put_right(self, http: Client, card: Json) -> None:
        path = f"/v1/customers/{card['id']}/loyalty"
        opening = {"amount": euros("4.00"), "purchases": 2, "base": euros("80.00")}
        begun = await post(http, f"{path}/openings", opening)
        assert (begun["balance"], begun["purchases"], begun["base"]) == (euros("4.00"), 2, euros("80.00"))
        refused(await http.post(f"{path}/openings", json=opening), 409, "loyalty-begun")
        adjustment = {"amount": euros("-1.00"), "reason": "Erreur de caisse"}
        assert (await post(http, f"{path}/adjustments", adjustment))["balance"] == euros("3.00")
        too_much = {"amount": euros("-3.01"), "reason": "Erreur"}
        problem = refused(await http.post(f"{path}/adjustments", json=too_much), 409, "loyalty-too-low")
        assert "3,00 €" in problem["detail"]
        newest = (await items(http, f"{path}/entries"))[0]
        assert (newest["cause"], newest["reason"], newest["purchases"]) == ("adjust", "Erreur de caisse", 0)

    async def test_is_the_customers_alone(
        self, http: Client, card: Json, client_for: ClientFor, elsewhere: Premises
    ) -> None:
        stranger = await client_for(elsewhere.admin_key)
        secret = await customer(http, "X", confidentiality_code="DIR")
        key = await post(http, "/v1/api-keys", {"label": "caisse", "scopes": ["customers:read"]})
        till = await client_for(key["secret"])
        for path in ("loyalty", "loyalty/entries"):
            refused(await stranger.get(f"/v1/customers/{card['id']}/{path}"), 404, "not-found")
            refused(await till.get(f"/v1/customers/{secret['id']}/{path}"), 404, "not-found")
            assert (await till.get(f"/v1/customers/{card['id']}/{path}")).status_code == 200
        refused(await till.post("/v1/purchases", json={"purchases": [sold(card, "1")]}), 403, "forbidden")


@pytest.mark.row("A62", "P25", "C8")
class TestAVoucher:
    @pytest.fixture
    async def rich(self, http: Client, card: Json) -> Json:
        """With 15 euros to spend."""
        await record(http, *(sold(card, f"old-{n}", 10, "100.00") for n in range(3)))
        return card

    def ticket(self, reference: str, *lines: Json, **more: Any) -> Json:
        return {"reference": reference, "lines": list(lines), **more}

    def on(self, reference: str, amount: str, **more: Any) -> Json:
        return {"reference": reference, "ean": CHUT, "quantity": 1, "amount": euros(amount), **more}

    async def test_is_spent_within_the_law_and_comes_back(self, http: Client, rich: Json) -> None:
        path = f"/v1/customers/{rich['id']}/loyalty/redemptions"
        spent = await post(
            http, path, self.ticket("T1", self.on("T1/1", "14.50"), self.on("T1/2", "14.50", shipped=True))
        )
        assert (spent["amount"], spent["loyalty"]["balance"]) == (euros("0.72"), euros("14.28"))
        assert spent["id"].startswith("loy_")
        one, two = spent["lines"]
        assert (one["amount"], one["most"], one["rule"]) == (euros("0.72"), euros("0.72"), "R1")
        assert (two["amount"], two["most"], two["rule"]) == (euros("0.00"), euros("0.00"), "R2")
        assert "fidélité comprise" in one["reason"]
        assert "loyalty included" in one["reason_en"]
        paid = sold(rich, "T1/1", amount="13.78", ean=CHUT, document="T1")
        assert (await record(http, paid))["items"][0]["loyalty"] == euros("0.00")
        back = sold(rich, "T2/1", -1, "-13.78", ean=CHUT, undoes="T1/1")
        await record(http, back)
        assert (await get(http, f"/v1/customers/{rich['id']}/loyalty"))["balance"] == euros("15.00")

    async def test_is_refused_above_what_may_be_spent(self, http: Client, rich: Json) -> None:
        path = f"/v1/customers/{rich['id']}/loyalty/redemptions"
        over = self.ticket("T1", self.on("1", "14.50"), amount=euros("0.73"))
        assert "0,72 €" in refused(await http.post(path, json=over), 409, "voucher-over-cap")["detail"]
        many = self.ticket("T1", self.on("1", "1450.00", quantity=100), amount=euros("15.01"))
        assert "15,00 €" in refused(await http.post(path, json=many), 409, "loyalty-too-low")["detail"]
        nothing = self.ticket("T1", self.on("1", "14.50"), amount=euros("0.00"))
        refused(await http.post(path, json=nothing), 409, "inconsistent")
        idle = await customer(http, "PAUL")
        fine = self.ticket("T1", self.on("1", "14.50"))
        refused(await http.post(f"/v1/customers/{idle['id']}/loyalty/redemptions", json=fine), 409, "loyalty-inactive")

    async def test_is_told_again_under_its_key_and_refused_under_another(self, http: Client, rich: Json) -> None:
        path, body = f"/v1/customers/{rich['id']}/loyalty/redemptions", self.ticket("T1", self.on("1", "14.50"))
        first = await http.post(path, json=body, headers={"idempotency-key": "v"})
        again = await http.post(path, json=body, headers={"idempotency-key": "v"})
        assert (again.content, again.headers["idempotency-replayed"]) == (first.content, "true")
        refused(await http.post(path, json=body), 409, "reference-reused")
        assert (await get(http, f"/v1/customers/{rich['id']}/loyalty"))["balance"] == euros("14.28")
