"""An order of a free name given to a card over HTTP (C12)."""

import asyncio

import pytest

from infra.db.dossiers import add_key
from tests.api.conftest import ClientFor
from tests.api.steps import (
    RUE,
    UNKNOWN,
    Connection,
    Json,
    customer,
    get,
    items,
    line,
    nothing_written,
    order,
    refused,
    scan,
    stock,
)
from tests.conftest import Client, Premises

pytestmark = pytest.mark.row("C12")


@pytest.fixture
async def made(http: Client) -> Json:
    """An order of two copies for a free name, one of them kept."""
    await stock(http, RUE)
    taken = await order(http, line(RUE, 2), name="Claire M.")
    await scan(http, RUE)
    return await get(http, f"/v1/orders/{taken['id']}")


@pytest.fixture
async def card(http: Client) -> Json:
    return await customer(http, "MARTIN", code="MAR1", email="c@example.org")


def path(made: Json) -> str:
    return f"/v1/orders/{made['id']}/attach-customer"


class TestAttaching:
    async def test_answers_the_order_with_its_customer(self, http: Client, made: Json, card: Json) -> None:
        answer = await http.post(path(made), json={"customer_id": card["id"]}, headers={"if-match": '"2"'})
        assert (answer.status_code, answer.headers["etag"]) == (200, '"3"')
        body = answer.json()
        changed = {name for name in body if body[name] != made[name]}
        assert changed == {"customer_id", "customer_code", "version", "updated_at", "lines"}
        assert (body["customer_id"], body["customer_code"]) == (card["id"], "MAR1")
        assert (body["name"], body["contact"]) == ("Claire M.", made["contact"])
        assert [{**each, "version": 2} for each in body["lines"]] == made["lines"]
        assert await get(http, f"/v1/orders/{made['id']}") == body

    async def test_makes_it_the_customers_everywhere(self, http: Client, made: Json, card: Json) -> None:
        await http.post(path(made), json={"customer_id": card["id"]}, headers={"if-match": '"2"'})
        assert [each["id"] for each in await items(http, "/v1/orders", customer_id=card["id"])] == [made["id"]]
        (kept,) = await items(http, "/v1/reservations", customer_id=card["id"])
        assert (kept["customer_code"], kept["customer_name"], kept["version"]) == ("MAR1", "Claire M.", 2)
        tab = await get(http, f"/v1/customers/{card['id']}/activity")
        assert ([len(tab["orders"]), len(tab["reservations"])]) == [1, 1]

    async def test_with_the_same_key_is_done_once(self, http: Client, made: Json, card: Json) -> None:
        headers = {"if-match": '"2"', "idempotency-key": "attach-1"}
        first = await http.post(path(made), json={"customer_id": card["id"]}, headers=headers)
        again = await http.post(path(made), json={"customer_id": card["id"]}, headers=headers)
        assert (again.status_code, again.content) == (200, first.content)
        assert again.headers["idempotency-replayed"] == "true"

    async def test_twice_at_once_gives_it_to_one(self, http: Client, made: Json) -> None:
        cards = [await customer(http, name) for name in ("UN", "DEUX")]
        answers = await asyncio.gather(
            *(http.post(path(made), json={"customer_id": each["id"]}, headers={"if-match": '"2"'}) for each in cards)
        )
        won, lost = sorted(answers, key=lambda answer: answer.status_code)
        assert won.status_code == 200
        refused(lost, 412, "stale-version")
        assert (await get(http, f"/v1/orders/{made['id']}"))["customer_id"] == won.json()["customer_id"]

    @pytest.mark.row("C13")
    async def test_is_written_down(self, http: Client, sql: Connection, made: Json, card: Json) -> None:
        await http.post(path(made), json={"customer_id": card["id"]}, headers={"if-match": '"2"'})
        records = await sql.fetch(
            "SELECT record FROM audit_entry WHERE operation = 'update' AND after ? 'customer_id' ORDER BY record"
        )
        assert [row["record"] for row in records] == ["customer_order", "reservation"]


class TestARefusal:
    async def test_of_an_order_that_has_a_customer(self, http: Client, sql: Connection, made: Json, card: Json) -> None:
        await http.post(path(made), json={"customer_id": card["id"]}, headers={"if-match": '"2"'})
        async with nothing_written(sql):
            answer = await http.post(path(made), json={"customer_id": card["id"]}, headers={"if-match": '"3"'})
        assert "MAR1" in refused(answer, 409, "order-has-customer")["detail"]

    async def test_of_an_anonymised_card(self, http: Client, sql: Connection, made: Json, card: Json) -> None:
        await sql.execute("UPDATE customer SET anonymised_at = now()")
        async with nothing_written(sql):
            answer = await http.post(path(made), json={"customer_id": card["id"]}, headers={"if-match": '"2"'})
        refused(answer, 409, "customer-anonymised")

    async def test_of_a_card_or_an_order_that_is_not_there(
        self, http: Client, sql: Connection, made: Json, card: Json
    ) -> None:
        nobody = f"cus_{'0' * 32}"
        async with nothing_written(sql):
            answer = await http.post(path(made), json={"customer_id": nobody}, headers={"if-match": '"2"'})
            refused(answer, 404, "not-found")
            answer = await http.post(
                path({"id": f"ord_{'0' * 32}"}), json={"customer_id": card["id"]}, headers={"if-match": '"2"'}
            )
            refused(answer, 404, "not-found")

    @pytest.mark.row("B30")
    async def test_of_a_card_that_the_caller_may_not_see(
        self, client_for: ClientFor, sql: Connection, premises: Premises, made: Json, card: Json
    ) -> None:
        await sql.execute("UPDATE customer SET confidentiality_code = 'VIP'")
        key = await add_key(sql, dossier_id=premises.dossier, label="x", scopes=["orders:*"], channel_id=None)
        caller = await client_for(key)
        answer = await caller.post(path(made), json={"customer_id": card["id"]}, headers={"if-match": '"2"'})
        refused(answer, 404, "not-found")

    async def test_without_or_with_an_old_version(self, http: Client, made: Json, card: Json) -> None:
        refused(await http.post(path(made), json={"customer_id": card["id"]}), 428, "if-match-missing")
        answer = await http.post(path(made), json={"customer_id": card["id"]}, headers={"if-match": '"1"'})
        refused(answer, 412, "stale-version")

    @pytest.mark.parametrize("body", [{}, {"customer_id": None}, {"customer_id": UNKNOWN}, {"customer_id": "ord_1"}])
    async def test_of_no_card_at_all(self, http: Client, made: Json, body: Json) -> None:
        answer = await http.post(path(made), json=body, headers={"if-match": '"2"'})
        assert [each["pointer"] for each in refused(answer, 422, "invalid")["errors"]] == ["/customer_id"]
