"""Réserve des commandes clients over HTTP: a found copy goes to who has waited longest (A27)."""

import pytest

from tests.api.steps import (
    CHUT,
    RUE,
    UNKNOWN,
    Connection,
    Json,
    get,
    items,
    line,
    nothing_written,
    order,
    post,
    push,
    refused,
    scan,
    stock,
)
from tests.conftest import Client


async def levels(http: Client, ean: str = RUE) -> tuple[int, int]:
    found = await get(http, f"/v1/articles/{ean}/stock")
    return found["available"], found["set_aside"]


class TestAScan:
    @pytest.mark.row("A27")
    async def test_moves_the_copy_from_stock_to_reserve_and_makes_the_answer_disponible(self, http: Client) -> None:
        made = await order(http, line(RUE))
        await stock(http, RUE, 2)
        done = await scan(http)
        assert await levels(http) == (1, 1)
        assert done["outcome"] == "set_aside"
        assert (done["article"]["available"], done["article"]["set_aside"]) == (1, 1)
        assert (done["order"]["id"], done["order"]["status"], done["order"]["reserved"]) == (made["id"], "CO", 1)
        assert (done["line"]["id"], done["line"]["answer"]["label"]) == (made["lines"][0]["id"], "Disponible")
        assert (done["reservation"]["order_id"], done["reservation"]["state"]) == (made["id"], "set_aside")
        (read,) = await items(http, f"/v1/orders/{made['id']}/lines")
        assert read == done["line"]
        (newest, *_) = await items(http, f"/v1/articles/{RUE}/movements")
        assert (newest["cause"], newest["available"], newest["set_aside"]) == ("set_aside", -1, 1)

    @pytest.mark.row("A29")
    async def test_answers_the_slip_to_print(self, http: Client) -> None:
        await order(http)
        await stock(http)
        done = await scan(http)
        assert done["slip_url"] == f"/v1/reservations/{done['reservation']['id']}/slip.pdf"
        assert (await http.get(done["slip_url"])).content.startswith(b"%PDF-")

    @pytest.mark.row("A27")
    async def test_serves_who_has_waited_longest(self, http: Client) -> None:
        for name in ("PREMIER", "DEUXIEME", "TROISIEME"):
            await order(http, name=name)
        await stock(http, RUE, 3)
        served = [await scan(http) for _ in range(3)]
        assert [each["order"]["name"] for each in served] == ["PREMIER", "DEUXIEME", "TROISIEME"]
        assert [each["still_waiting"] for each in served] == [2, 1, 0]

    async def test_of_what_nobody_waits_for_moves_nothing(self, http: Client, sql: Connection) -> None:
        await stock(http)
        async with nothing_written_but_the_answer(sql):
            done = await scan(http, expect=200)
        assert (done["outcome"], done["reservation"], done["order"], done["slip_url"]) == (
            "nobody_waits",
            None,
            None,
            None,
        )
        assert await levels(http) == (1, 0)

    async def test_with_an_empty_shelf_is_out_of_stock(self, http: Client, sql: Connection) -> None:
        await order(http)
        async with nothing_written(sql):
            problem = refused(await http.post("/v1/scans", json={"ean": RUE}), 409, "out-of-stock")
        assert RUE in problem["detail"]

    async def test_of_an_unknown_article_says_which(self, http: Client, sql: Connection) -> None:
        async with nothing_written(sql):
            problem = refused(await http.post("/v1/scans", json={"ean": UNKNOWN}), 404, "unknown-article")
        assert UNKNOWN in problem["detail"]

    async def test_serves_blocked_orders_too_which_stay_blocked(self, http: Client) -> None:
        await push(http, "W-1", paid=False)
        await stock(http)
        assert (await scan(http))["order"]["status"] == "BL"


@pytest.mark.row("C7")
class TestTheAnswer:
    async def test_tells_who_waits_next(self, http: Client) -> None:
        orders = [await order(http, line(RUE, 2), name=f"CLIENT {nth}") for nth in range(7)]
        await stock(http, RUE, 2)
        done = await scan(http)
        assert [(each["position"], each["order_id"], each["outstanding"]) for each in done["waiting"]] == [
            (1, orders[0]["id"], 1),
            *((place, orders[place - 1]["id"], 2) for place in range(2, 6)),
        ]
        assert [each["customer_name"] for each in done["waiting"]] == [f"CLIENT {nth}" for nth in range(5)]
        assert [each["order_number"] for each in done["waiting"]] == [each["number"] for each in orders[:5]]
        assert done["waiting"][1]["line_id"] == orders[1]["lines"][0]["id"]
        queue = await items(http, f"/v1/articles/{RUE}/queue")
        assert [each["line_id"] for each in done["waiting"]] == [each["line_id"] for each in queue[:5]]
        assert done["surplus"] is None

    @pytest.mark.row("A28")
    async def test_tells_the_supplier_copy_too_many_and_how_to_release_it(self, http: Client) -> None:
        sodis = await post(http, "/v1/third-parties", {"type": "supplier", "name": "SODIS"})
        made = await order(http)
        asked = {"supplier_id": sodis["id"], "line_ids": None}
        (draft,) = (await post(http, f"/v1/orders/{made['id']}/supplier-orders", asked, version=1))["items"]
        await stock(http)
        done = await scan(http)
        assert done["surplus"] == {
            "supplier_order_id": draft["id"],
            "supplier_line_id": draft["lines"][0]["id"],
            "number": draft["number"],
            "state": "draft",
            "quantity": 1,
            "releasable": True,
            "release_url": f"/v1/orders/{made['id']}/lines/{made['lines'][0]['id']}/release-supply",
        }
        assert await get(http, f"/v1/supplier-orders/{draft['id']}") == draft, "a scan changes nothing of it"
        await post(http, done["surplus"]["release_url"], {}, version=done["order"]["version"], expect=200)
        assert (await get(http, f"/v1/supplier-orders/{draft['id']}"))["state"] == "cancelled"

    async def test_of_what_nobody_waits_for_has_nobody_next(self, http: Client) -> None:
        await stock(http)
        done = await scan(http, expect=200)
        assert (done["waiting"], done["surplus"], done["still_waiting"]) == ([], None, 0)


class TestAChosenLine:
    async def test_is_served_before_the_queue_with_a_reason(self, http: Client) -> None:
        await order(http, name="PREMIER")
        second = await order(http, name="DEUXIEME")
        await stock(http)
        done = await scan(http, **chosen(second), reason="Part en vacances")
        assert done["order"]["name"] == "DEUXIEME"
        assert done["still_waiting"] == 1

    @pytest.mark.parametrize("reason", [{}, {"reason": None}])
    async def test_needs_a_reason(self, http: Client, sql: Connection, reason: Json) -> None:
        made = await order(http)
        await stock(http)
        async with nothing_written(sql):
            answer = await http.post("/v1/scans", json={"ean": RUE, **chosen(made), **reason})
        assert refused(answer, 422, "invalid")["errors"][0]["pointer"] == "/reason"

    async def test_of_another_article_is_not_found(self, http: Client) -> None:
        made = await order(http, line(CHUT))
        await stock(http)
        answer = await http.post("/v1/scans", json={"ean": RUE, **chosen(made), "reason": "x"})
        refused(answer, 404, "not-found")

    async def test_that_waits_for_nothing_is_in_use(self, http: Client, sql: Connection) -> None:
        made = await order(http)
        await stock(http, RUE, 2)
        await scan(http)
        async with nothing_written(sql):
            answer = await http.post("/v1/scans", json={"ean": RUE, **chosen(made), "reason": "x"})
        refused(answer, 409, "line-in-use")

    async def test_of_a_cancelled_order_is_in_use(self, http: Client) -> None:
        made = await order(http)
        await post(http, f"/v1/orders/{made['id']}/cancel", {"reason": "x"}, version=1, expect=200)
        await stock(http)
        answer = await http.post("/v1/scans", json={"ean": RUE, **chosen(made), "reason": "x"})
        refused(answer, 409, "line-in-use")

    async def test_that_is_not_there_does_not_stop_the_scans_beside_it(self, http: Client) -> None:
        await order(http)
        await stock(http)
        ghost = {"order_id": f"ord_{'0' * 32}", "line_id": f"lin_{'0' * 32}", "reason": "x"}
        refused(await http.post("/v1/scans", json={"ean": RUE, **ghost}), 404, "not-found")
        await scan(http)


def chosen(made: Json) -> Json:
    return {"order_id": made["id"], "line_id": made["lines"][0]["id"]}


def nothing_written_but_the_answer(sql: Connection) -> "_But":
    return _But(sql)


class _But:
    """Nothing is written but the answer kept under its idempotency key."""

    def __init__(self, sql: Connection) -> None:
        self._sql = sql

    async def __aenter__(self) -> None:
        self._before = await self._counts()

    async def __aexit__(self, *_: object) -> None:
        assert await self._counts() == self._before

    async def _counts(self) -> list[int]:
        tables = ("stock_movement", "reservation", "outbox_event", "order_line", "customer_order")
        return [await self._sql.fetchval(f"SELECT count(*) FROM {table}") for table in tables]
