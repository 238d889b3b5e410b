"""A line suspended until a day, over HTTP: passed over, shown with its day, served again (P6)."""

from datetime import UTC, datetime, timedelta

import pytest

from infra.db.dossiers import add_key
from infra.db.pools import pool
from infra.jobs.shops import SqlShops
from infra.jobs.ticking import tick
from tests.api.conftest import ClientFor
from tests.api.steps import (
    EBOOK,
    RUE,
    Connection,
    Json,
    get,
    items,
    line,
    nothing_written,
    order,
    post,
    put,
    refused,
    scan,
    stock,
)
from tests.conftest import Client, Premises

pytestmark = pytest.mark.row("P6")


@pytest.fixture
def until() -> str:
    return in_days(28)


def in_days(days: int) -> str:
    return (datetime.now(UTC).date() + timedelta(days=days)).isoformat()


def of(order: Json, nth: int = 0) -> str:
    return f"/v1/orders/{order['id']}/lines/{order['lines'][nth]['id']}/suspension"


def version(order: Json) -> dict[str, str]:
    return {"if-match": f'"{order["version"]}"'}


async def suspend(http: Client, order: Json, until: str, nth: int = 0) -> Json:
    answer = await http.put(of(order, nth), json={"until": until}, headers=version(order))
    assert answer.status_code == 200, answer.text
    body: Json = answer.json()
    assert answer.headers["etag"] == f'"{body["version"]}"'
    return body


async def resume(http: Client, order: Json) -> Json:
    answer = await http.delete(of(order), headers=version(order))
    assert answer.status_code == 200, answer.text
    body: Json = answer.json()
    assert answer.headers["etag"] == f'"{body["version"]}"'
    return body


class TestASuspendedLine:
    async def test_is_passed_over_and_served_at_its_place_once_it_is_resumed(self, http: Client, until: str) -> None:
        away = await suspend(http, await order(http, name="EN VOYAGE"), until)
        assert away["lines"][0]["suspended_until"] == until
        assert await get(http, f"/v1/orders/{away['id']}") == away
        await order(http, name="LA")
        await order(http, name="AUSSI")
        await stock(http, RUE, 3)
        first = await scan(http)
        assert (first["order"]["name"], first["still_waiting"]) == ("LA", 1)
        back = await resume(http, away)
        assert back["lines"][0]["suspended_until"] is None
        assert (await resume(http, back))["version"] == back["version"]
        assert [(await scan(http))["order"]["name"] for _ in range(2)] == ["EN VOYAGE", "AUSSI"]

    async def test_is_passed_over_by_a_reception(self, http: Client, until: str) -> None:
        await suspend(http, await order(http), until)
        received = await post(http, "/v1/receptions", {"lines": [{"ean": RUE, "quantity": 2}]})
        assert (received["lines"][0]["set_aside"], received["lines"][0]["to_stock"]) == (0, 2)

    async def test_is_shown_at_its_place_and_stands_before_nobody(self, http: Client, until: str) -> None:
        await suspend(http, await order(http, line(RUE, 2), name="EN VOYAGE"), until)
        here = await order(http, name="LA")
        places = await items(http, f"/v1/articles/{RUE}/queue")
        assert [(each["rank"], each["name"], each["suspended_until"]) for each in places] == [
            (1, "EN VOYAGE", until),
            (2, "LA", None),
        ]
        (place,) = await items(http, f"/v1/orders/{here['id']}/queue")
        assert (place["rank"], place["ahead"]) == (2, 0)
        assert (await get(http, f"/v1/articles/{RUE}"))["waiting"] == 1
        untreated = await items(http, "/v1/untreated-lines")
        assert [(each["name"], each["suspended_until"]) for each in untreated] == [("EN VOYAGE", until), ("LA", None)]

    async def test_is_put_in_order_with_the_others(self, http: Client, until: str) -> None:
        away = await suspend(http, await order(http, name="EN VOYAGE"), until)
        here = await order(http, name="LA")
        wanted = [here["lines"][0]["id"], away["lines"][0]["id"]]
        put_so = await put(http, f"/v1/articles/{RUE}/queue", {"line_ids": wanted, "reason": "x"})
        assert [each["line_id"] for each in put_so["items"]] == wanted
        assert put_so["items"][1]["suspended_until"] == until

    async def test_is_served_when_it_is_chosen(self, http: Client, until: str) -> None:
        away = await suspend(http, await order(http, line(RUE, 2)), until)
        await stock(http)
        chosen = {"order_id": away["id"], "line_id": away["lines"][0]["id"], "reason": "Passe aujourd'hui"}
        scanned = await scan(http, **chosen)
        assert (scanned["line"]["set_aside"], scanned["line"]["suspended_until"]) == (1, None)
        assert (scanned["still_waiting"], len(scanned["waiting"])) == (1, 1)


class TestSuspendingIsRefused:
    async def test_until_today_or_a_day_gone_by(self, http: Client, sql: Connection) -> None:
        taken = await order(http)
        async with nothing_written(sql):
            for days in (-1, -400):
                answer = await http.put(of(taken), json={"until": in_days(days)}, headers=version(taken))
                problem = refused(answer, 422, "invalid")
                assert problem["errors"][0]["pointer"] == "/until"
            for nonsense in ({}, {"until": None}, {"until": "demain"}, {"until": in_days(9), "why": "x"}):
                refused(await http.put(of(taken), json=nonsense, headers=version(taken)), 422, "invalid")

    async def test_while_a_copy_lies_aside(self, http: Client, until: str, sql: Connection) -> None:
        taken = await order(http, line(RUE, 2))
        await stock(http)
        await scan(http)
        now = await get(http, f"/v1/orders/{taken['id']}")
        async with nothing_written(sql):
            problem = refused(await http.put(of(now), json={"until": until}, headers=version(now)), 409, "line-kept")
        assert "DANS LA RUE" in problem["detail"]

    async def test_where_no_copy_is_waited_for(self, http: Client, until: str) -> None:
        digital = await order(http, line(EBOOK))
        answer = await http.put(of(digital), json={"until": until}, headers=version(digital))
        refused(answer, 409, "nothing-waits")

    async def test_of_a_closed_order(self, http: Client, until: str) -> None:
        taken = await order(http)
        gone = await post(
            http, f"/v1/orders/{taken['id']}/cancel", {"reason": "x"}, expect=200, version=taken["version"]
        )
        refused(await http.put(of(gone), json={"until": until}, headers=version(gone)), 409, "order-closed")

    async def test_to_whoever_saw_an_older_order(self, http: Client, until: str) -> None:
        taken = await order(http)
        await suspend(http, taken, until)
        refused(await http.put(of(taken), json={"until": until}, headers=version(taken)), 412, "stale-version")
        refused(await http.delete(of(taken), headers=version(taken)), 412, "stale-version")
        refused(await http.put(of(taken), json={"until": until}), 428, "if-match-missing")
        refused(await http.delete(of(taken)), 428, "if-match-missing")

    async def test_for_a_line_that_is_not_there(self, http: Client, until: str) -> None:
        taken, other = await order(http), await order(http)
        elsewhere = f"/v1/orders/{taken['id']}/lines/{other['lines'][0]['id']}/suspension"
        refused(await http.put(elsewhere, json={"until": until}, headers=version(taken)), 404, "not-found")
        refused(await http.delete(elsewhere, headers=version(taken)), 404, "not-found")

    async def test_without_the_right_to_change_orders(
        self, http: Client, premises: Premises, client_for: ClientFor, sql: Connection, until: str
    ) -> None:
        taken = await order(http)
        reader = await client_for(await add_key(sql, premises.dossier, label="lecture", scopes=["orders:read"]))
        refused(await reader.put(of(taken), json={"until": until}, headers=version(taken)), 403, "forbidden")
        refused(await reader.delete(of(taken), headers=version(taken)), 403, "forbidden")


class TestTheDayThatHasCome:
    async def test_is_found_by_the_quarter_hourly_pass_which_asks_once(
        self, http: Client, premises: Premises, sql: Connection
    ) -> None:
        await suspend(http, await order(http), in_days(2))
        async with pool(premises.database, size=1, read_only=False) as connections:
            shops = SqlShops(connections)

            async def asked(days: int) -> int:
                await tick(shops, connections, lambda: datetime.now(UTC) + timedelta(days=days))
                count: int = await sql.fetchval("SELECT count(*) FROM jobs.pgqueuer WHERE entrypoint = $1", "resume")
                return count

            assert await asked(0) == 0
            assert await asked(3) == 1
            assert await asked(3) == 1, "asked for twice while it waits"
