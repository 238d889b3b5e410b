"""Deposits by name over HTTP: left, taken back, used for orders, read as a ledger (A66, P25)."""

import pytest

from tests.api.steps import RUE, Connection, customer, euros, get, items, line, nothing_written, order, post, refused
from tests.conftest import Client

pytestmark = [pytest.mark.row("A66", "P25")]


async def left(http: Client, customer_id: str, amount: str, kind: str = "received") -> str:
    body = {"amount": euros(amount), "kind": kind, "method": "cheque", "reference": "Chèque 12"}
    told = await post(http, f"/v1/customers/{customer_id}/named-deposits", body)
    assert told["customer_id"] == customer_id
    balance: str = told["balance"]["amount"]
    return balance


async def test_the_ledger_is_read_newest_first_with_its_balances(http: Client) -> None:
    card = (await customer(http))["id"]
    path = f"/v1/customers/{card}/named-deposits"
    assert await get(http, path) == {"items": [], "next": None, "balance": euros("0.00")}
    assert [await left(http, card, "30.00"), await left(http, card, "5.00", "refunded")] == ["30.00", "25.00"]
    taken = await order(http, line(RUE, 2), customer_id=card)
    used = await post(
        http,
        f"/v1/orders/{taken['id']}/named-deposits",
        {"amount": euros("10.00"), "direction": "use"},
        version=taken["version"],
    )
    assert (used["deposit"], used["paid"]) == (euros("10.00"), euros("10.00"))
    found = await get(http, path)
    assert found["balance"] == euros("15.00")
    assert [(each["cause"], each["amount"]["amount"], each["balance"]["amount"]) for each in found["items"]] == [
        ("used", "-10.00", "15.00"),
        ("refunded", "-5.00", "25.00"),
        ("received", "30.00", "30.00"),
    ]
    assert [(each["order_number"], each["method"], each["reference"]) for each in found["items"]] == [
        (taken["number"], None, None),
        (None, "cheque", "Chèque 12"),
        (None, "cheque", "Chèque 12"),
    ]
    page = await get(http, path, limit=1)
    assert (len(page["items"]), page["balance"]) == (1, euros("15.00"))
    assert [each["cause"] for each in (await get(http, page["next"]))["items"]] == ["refunded"]


async def test_the_money_is_in_the_payments_of_the_order(http: Client) -> None:
    card = (await customer(http))["id"]
    await left(http, card, "30.00")
    taken = await order(http, line(RUE, 2), customer_id=card)
    path = f"/v1/orders/{taken['id']}"
    body = {"amount": euros("10.00"), "direction": "use"}
    used = await post(http, f"{path}/named-deposits", body, version=taken["version"])
    back = {"amount": euros("4.00"), "direction": "return"}
    await post(http, f"{path}/named-deposits", back, version=used["version"])
    paid = [(each["kind"], each["method"], each["amount"]["amount"]) for each in await items(http, f"{path}/payments")]
    assert paid == [("deposit", "named_deposit", "10.00"), ("refund", "named_deposit", "4.00")]
    assert (await get(http, f"/v1/customers/{card}/named-deposits"))["balance"] == euros("24.00")


async def test_nobody_types_that_a_payment_came_by_name(http: Client, sql: Connection) -> None:
    taken = await order(http, customer_id=(await customer(http))["id"])
    body = {"amount": euros("1.00"), "kind": "deposit", "method": "named_deposit"}
    async with nothing_written(sql):
        answer = await http.post(f"/v1/orders/{taken['id']}/payments", json=body, headers={"if-match": '"1"'})
    assert [each["pointer"] for each in refused(answer, 422, "invalid")["errors"]] == ["/method"]


async def test_what_is_not_there_is_not_taken(http: Client, sql: Connection) -> None:
    card = (await customer(http))["id"]
    await left(http, card, "5.00")
    mine, free = await order(http, customer_id=card), await order(http)
    body = {"amount": euros("5.01"), "direction": "use"}
    held = {"if-match": '"1"'}
    async with nothing_written(sql):
        back = {"amount": euros("5.01"), "kind": "refunded", "method": "cash"}
        refused(await http.post(f"/v1/customers/{card}/named-deposits", json=back), 409, "deposit-too-low")
        path = f"/v1/orders/{mine['id']}/named-deposits"
        told = refused(await http.post(path, json=body, headers=held), 409, "deposit-too-low")
        assert "5,00 €" in told["detail"]
        refused(await http.post(path, json={**body, "direction": "return"}, headers=held), 409, "refund-too-large")
        refused(await http.post(path, json=body, headers={"if-match": '"9"'}), 412, "stale-version")
        free_path = f"/v1/orders/{free['id']}/named-deposits"
        refused(await http.post(free_path, json=body, headers=held), 409, "order-without-customer")


async def test_a_card_with_a_ledger_is_not_deleted(http: Client) -> None:
    card = (await customer(http))["id"]
    await left(http, card, "5.00")
    await left(http, card, "5.00", "refunded")
    answer = await http.delete(f"/v1/customers/{card}", headers={"if-match": '"1"'})
    refused(answer, 409, "customer-in-use")


async def test_a_merged_card_leads_to_the_ledger_of_the_kept(http: Client) -> None:
    kept, absorbed = (await customer(http))["id"], (await customer(http, "MARTIN"))["id"]
    await left(http, kept, "5.00")
    await left(http, absorbed, "7.00")
    await post(http, "/v1/customer-merges", {"kept_id": kept, "absorbed_id": absorbed, "choices": {}})
    for card in (kept, absorbed):
        assert (await get(http, f"/v1/customers/{card}/named-deposits"))["balance"] == euros("12.00")
    body = {"amount": euros("1.00"), "kind": "received", "method": "cash"}
    told = await post(http, f"/v1/customers/{absorbed}/named-deposits", body)
    assert told == {"customer_id": kept, "balance": euros("13.00")}


async def test_a_deposit_that_is_left_keeps_its_person(http: Client) -> None:
    card = (await customer(http))["id"]
    await left(http, card, "5.00")
    body = {"reason": "request"}
    answer = await http.post(f"/v1/customers/{card}/anonymise", json=body, headers={"if-match": '"1"'})
    told = refused(answer, 409, "customer-busy")
    assert "5,00 €" in told["errors"][0]["detail"]
