"""Invoices of other programs over HTTP: told of, searched, paid, and those unpaid of a selection (A52, B15, B22)."""

from datetime import date, timedelta
from typing import Any

import pytest

from infra.db.dossiers import add_key
from tests.api.conftest import ClientFor
from tests.api.steps import (
    RUE,
    Connection,
    Json,
    all_items,
    customer,
    euros,
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

pytestmark = [pytest.mark.row("A52")]


def day(days: int) -> str:
    """So many days from today."""
    return (date.today() + timedelta(days=days)).isoformat()  # noqa: DTZ011 - some hours more or less change nothing here


def told(card: str, total: str = "100.00", *, due: int = -10, **more: Any) -> Json:
    dates = {"issued_on": day(due - 30), "due_on": day(due)}
    return {"customer_id": card, "total": euros(total), **dates, **more}


async def bill(http: Client, number: str, card: str, total: str = "100.00", *, expect: int = 201, **more: Any) -> Json:
    return await put(http, f"/v1/invoices/{number}", told(card, total, **more), expect=expect)


class TestAnInvoice:
    async def test_is_told_of_and_read(self, http: Client) -> None:
        card = await customer(http, "ÉCOLE")
        made = await bill(http, "F2026-1", card["id"], paid=euros("30.00"), comment="Rentrée")
        assert {name: made[name] for name in made if name not in {"id", "updated_at"}} == {
            "number": "F2026-1",
            "customer_id": card["id"],
            "customer_code": card["code"],
            "customer_name": "ÉCOLE",
            "billed_to_id": card["id"],
            "billed_to_name": "ÉCOLE",
            "payer_id": card["id"],
            "payer_name": "ÉCOLE",
            "issued_on": day(-40),
            "due_on": day(-10),
            "total": euros("100.00"),
            "paid": euros("30.00"),
            "unpaid": euros("70.00"),
            "state": "awaited",
            "overdue_days": made["overdue_days"],
            "reminded": None,
            "comment": "Rentrée",
            "version": 1,
        }
        assert made["overdue_days"] in {9, 10, 11}
        assert await get(http, "/v1/invoices/F2026-1") == made
        assert await bill(http, "F2026-1", card["id"], paid=euros("30.00"), comment="Rentrée", expect=200) == made

    async def test_is_told_of_by_the_code_of_a_card(self, http: Client) -> None:
        card = await customer(http, "ÉCOLE")
        body = told(card["id"])
        body["customer_code"] = card["code"].lower()
        del body["customer_id"]
        assert (await put(http, "/v1/invoices/F1", body, expect=201))["customer_id"] == card["id"]
        del body["customer_code"]
        answer = await http.put("/v1/invoices/F1", json=body)
        assert [each["pointer"] for each in refused(answer, 422, "invalid")["errors"]] == ["/customer_code"]

    async def test_is_paid_as_it_was_read(self, http: Client, sql: Connection) -> None:
        made = await bill(http, "F1", (await customer(http))["id"])
        path = "/v1/invoices/F1/payments"
        paid = await post(http, path, {"amount": euros("40.00")}, version=made["version"])
        assert (paid["unpaid"], paid["version"]) == (euros("60.00"), 2)
        async with nothing_written(sql):
            held = {"if-match": '"1"'}
            refused(await http.post(path, json={"amount": euros("1.00")}, headers=held), 412, "stale-version")
            held = {"if-match": '"2"'}
            said = refused(
                await http.post(path, json={"amount": euros("60.01")}, headers=held), 409, "invoice-overpaid"
            )
            refused(
                await http.post("/v1/invoices/F2/payments", json={"amount": euros("1")}, headers=held), 404, "not-found"
            )
        assert "60,00 €" in said["detail"]

    async def test_that_cannot_be_is_refused(self, http: Client, sql: Connection) -> None:
        card = (await customer(http))["id"]
        async with nothing_written(sql):
            over = await http.put("/v1/invoices/F1", json=told(card, "10.00", paid=euros("11.00")))
            assert [each["pointer"] for each in refused(over, 409, "inconsistent")["errors"]] == ["/paid"]
            nobody = await http.put("/v1/invoices/F1", json=told(f"cus_{'0' * 32}"))
            assert [each["pointer"] for each in refused(nobody, 409, "unknown-party")["errors"]] == ["/customer_id"]
            held = await http.put("/v1/invoices/F1", json=told(card), headers={"if-match": '"1"'})
            refused(held, 404, "not-found")

    async def test_moves_with_a_merged_card(self, http: Client) -> None:
        kept, absorbed = await customer(http, "ÉCOLE"), await customer(http, "ECOLE")
        await bill(http, "F1", absorbed["id"])
        await post(http, "/v1/customer-merges", {"kept_id": kept["id"], "absorbed_id": absorbed["id"], "choices": {}})
        assert (await get(http, "/v1/invoices/F1"))["customer_id"] == kept["id"]
        for card in (kept, absorbed):
            assert [each["number"] for each in await items(http, "/v1/invoices", customer_id=card["id"])] == ["F1"]
        assert (await bill(http, "F2", absorbed["id"]))["customer_id"] == kept["id"]

    async def test_keeps_its_card_from_being_deleted(self, http: Client) -> None:
        card, hall = await customer(http), await customer(http, "MAIRIE")
        await bill(http, "F1", card["id"], billed_to_id=hall["id"])
        for each in (card, hall):
            answer = await http.delete(f"/v1/customers/{each['id']}", headers={"if-match": '"1"'})
            refused(answer, 409, "customer-in-use")


class TestMany:
    async def test_are_judged_alone(self, http: Client) -> None:
        card = (await customer(http))["id"]
        batch = [
            {"number": "F1", **told(card)},
            {"number": "F2", **told(f"cus_{'0' * 32}")},
            {"number": "F3", **told(card, "10.00", paid=euros("11.00"))},
            {"number": "F1", **told(card)},
        ]
        done = await post(http, "/v1/invoices", {"invoices": batch}, expect=200)
        assert [done[name] for name in ("created", "updated", "known", "refused")] == [1, 0, 1, 2]
        assert [(each["number"], each["outcome"]) for each in done["items"]] == [
            ("F1", "created"),
            ("F2", "refused"),
            ("F3", "refused"),
            ("F1", "known"),
        ]
        refusals = [each["problem"] for each in done["items"]]
        assert [(each["code"], each["pointer"]) for each in refusals if each] == [
            ("unknown-party", "/customer_id"),
            ("inconsistent", "/paid"),
        ]
        assert "le réglé dépasse le total" in refusals[2]["detail"]

    async def test_of_a_thousand_are_taken_at_once(self, http: Client) -> None:
        cards = [(await customer(http, f"N{nth}"))["id"] for nth in range(5)]
        batch = [{"number": f"F{nth}", **told(cards[nth % 5])} for nth in range(1000)]
        done = await post(http, "/v1/invoices", {"invoices": batch}, expect=200)
        assert done["created"] == 1000
        assert (await post(http, "/v1/invoices", {"invoices": batch}, expect=200))["known"] == 1000


@pytest.fixture
async def some(http: Client) -> dict[str, str]:
    """Invoices of two cards: overdue, to come, paid, a credit note; the second is paid by a third card."""
    hall = (await customer(http, "MAIRIE"))["id"]
    school = (await customer(http, "ÉCOLE", address={"town": "Nantes"}))["id"]
    club = (await customer(http, "CLUB", payment_party_id=hall))["id"]
    await bill(http, "F1", school, "100.00", due=-20)
    await bill(http, "F2", school, "50.00", due=15)
    await bill(http, "F3", school, "70.00", due=-40, paid=euros("70.00"))
    await bill(http, "G1", club, "30.00", due=-5, state="disputed")
    await bill(http, "G2", club, "-10.00", due=-6)
    return {"hall": hall, "school": school, "club": club}


class TestTheList:
    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ({}, ["F3", "F1", "G2", "G1", "F2"]),
            ({"unpaid": "true"}, ["F1", "G2", "G1", "F2"]),
            ({"unpaid": "false"}, ["F3"]),
            ({"overdue": "true"}, ["F1", "G1"]),
            ({"overdue": "false"}, ["F3", "G2", "F2"]),
            ({"state": "disputed"}, ["G1"]),
            ({"number": "G"}, ["G2", "G1"]),
            ({"sort": "number"}, ["F1", "F2", "F3", "G1", "G2"]),
            ({"sort": "-unpaid"}, ["F1", "F2", "G1", "F3", "G2"]),
            ({"sort": "-issued_on"}, ["F2", "G1", "G2", "F1", "F3"]),
            ({"due_from": day(-20), "due_to": day(-5)}, ["F1", "G2"]),
        ],
    )
    async def test_is_searched_sorted_and_counted(
        self, http: Client, some: dict[str, str], query: dict[str, str], expected: list[str]
    ) -> None:
        assert [each["number"] for each in await all_items(http, "/v1/invoices", limit=2, **query)] == expected
        counted = {name: value for name, value in query.items() if name != "sort"}
        assert (await get(http, "/v1/invoices/count", **counted))["count"] == len(expected)

    @pytest.mark.row("B22")
    async def test_knows_customers_and_payers(self, http: Client, some: dict[str, str]) -> None:
        found = await items(http, "/v1/invoices", payer_id=some["hall"])
        assert [(each["number"], each["payer_name"], each["customer_name"]) for each in found] == [
            ("G2", "MAIRIE", "CLUB"),
            ("G1", "MAIRIE", "CLUB"),
        ]
        assert await items(http, "/v1/invoices", customer_id=some["hall"]) == []

    async def test_of_a_selection_is_what_is_unpaid_of_it(self, http: Client, some: dict[str, str]) -> None:
        path = "/v1/customers/unpaid-invoices"
        assert [each["number"] for each in await all_items(http, path, limit=2)] == ["F1", "G2", "G1", "F2"]
        assert await get(http, f"{path}/summary") == {"count": 4, "unpaid": euros("170.00")}
        assert [each["number"] for each in await items(http, path, town="Nantes")] == ["F1", "F2"]
        assert await get(http, f"{path}/summary", q="CLUB") == {"count": 2, "unpaid": euros("20.00")}
        assert await get(http, f"{path}/summary", q="PERSONNE") == {"count": 0, "unpaid": euros("0.00")}

    async def test_keeps_what_is_confidential(
        self, http: Client, sql: Connection, premises: Premises, client_for: ClientFor
    ) -> None:
        secret = (await customer(http, "SECRET", confidentiality_code="DIR"))["id"]
        await bill(http, "S1", secret)
        scopes = ["invoices:*", "customers:read"]
        clerk = await client_for(await add_key(sql, premises.dossier, label="x", scopes=scopes, channel_id=None))
        assert await items(clerk, "/v1/invoices") == []
        assert (await get(clerk, "/v1/invoices/count"))["count"] == 0
        assert await items(clerk, "/v1/customers/unpaid-invoices") == []
        refused(await clerk.get("/v1/invoices/S1"), 404, "not-found")
        held = {"if-match": '"1"'}
        refused(
            await clerk.post("/v1/invoices/S1/payments", json={"amount": euros("1.00")}, headers=held), 404, "not-found"
        )


@pytest.mark.row("B15", "O13")
async def test_credit_is_what_is_unpaid_and_what_is_to_come(http: Client) -> None:
    card = await customer(http, management_ceiling=euros("100.00"), insurance_ceiling=euros("60.00"))
    await bill(http, "F1", card["id"], "80.00", paid=euros("30.00"))
    taken = await order(http, line(RUE, 2), customer_id=card["id"])
    assert await get(http, f"/v1/customers/{card['id']}/credit") == {
        "management_ceiling": euros("100.00"),
        "insurance_ceiling": euros("60.00"),
        "unpaid": euros("50.00"),
        "open_orders": taken["total"],
        "outstanding": euros("74.00"),
        "left": euros("26.00"),
        "over": False,
        "risk": euros("40.00"),
        "active": True,
    }
    taken = await order(http, line(RUE, 3), customer_id=card["id"])
    assert taken["warnings"] == ["Plafond de direction dépassé : encours 110,00 € pour 100,00 €"]
    found = await get(http, f"/v1/customers/{card['id']}/credit")
    assert (found["left"], found["over"]) == (euros("-10.00"), True)
