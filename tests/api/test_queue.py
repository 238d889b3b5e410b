"""Queues over HTTP: places shown, put in another order with a right and a reason (C5)."""

import pytest

from infra.db.dossiers import add_key
from tests.api.conftest import ClientFor
from tests.api.steps import (
    CHUT,
    EBOOK,
    RUE,
    UNKNOWN,
    Connection,
    Json,
    all_items,
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
from tests.conftest import Client, Premises

QUEUE = f"/v1/articles/{RUE}/queue"

pytestmark = pytest.mark.row("C5")


async def waiting(http: Client, *names: str) -> list[str]:
    """Orders of one copy each under these names; their lines, oldest first."""
    return [(await order(http, name=name))["lines"][0]["id"] for name in names]


async def names(http: Client) -> list[str]:
    return [each["name"] for each in await items(http, QUEUE)]


class TestTheQueueOfAnArticle:
    async def test_tells_who_is_being_served(self, http: Client) -> None:
        await order(http, line(RUE, 2), name="PREMIER")
        await order(http, line(RUE), name="DEUXIEME")
        await stock(http)
        await scan(http)
        places = await items(http, QUEUE)
        shown = [(each["rank"], each["name"], each["outstanding"], each["set_aside"], each["begun"]) for each in places]
        assert shown == [(1, "PREMIER", 1, 1, True), (2, "DEUXIEME", 1, 0, False)]

    async def test_is_told_page_by_page(self, http: Client) -> None:
        lines = await waiting(http, *"ABCDE")
        await http.put(QUEUE, json={"line_ids": [lines[4], *lines[:4]], "reason": "x"})
        late = await order(http, name="F")
        for limit in (1, 2, 200):
            places = await all_items(http, QUEUE, limit=limit)
            assert [each["name"] for each in places] == list("EABCDF")
            assert [each["rank"] for each in places] == [1, 2, 3, 4, 5, 6]
        assert late["lines"][0]["id"] == places[-1]["line_id"]

    async def test_loses_nobody_who_is_served_between_two_pages(self, http: Client) -> None:
        await waiting(http, *"ABCD")
        first = await get(http, QUEUE, limit=2)
        await stock(http)
        await scan(http)
        second = await get(http, first["next"])
        assert [(each["name"], each["rank"]) for each in second["items"]] == [("C", 2), ("D", 3)]


class TestTheQueuePutInOrder:
    async def test_is_answered_and_served_so_and_written_down(self, http: Client) -> None:
        a, b, c = await waiting(http, *"ABC")
        answer = await http.put(QUEUE, json={"line_ids": [c, a, b], "reason": "Le lycée ouvre lundi"})
        assert answer.status_code == 200
        assert answer.json() == await get(http, QUEUE)
        assert [each["name"] for each in answer.json()["items"]] == ["C", "A", "B"]
        await stock(http)
        assert (await scan(http))["order"]["name"] == "C"
        await http.put(QUEUE, json={"line_ids": [b, a], "reason": "Autre"})
        second, first = await items(http, f"{QUEUE}/changes")
        assert (first["before"], first["after"]) == ([a, b, c], [c, a, b])
        assert (second["before"], second["after"], second["reason"]) == ([a, b], [b, a], "Autre")
        assert (first["reason"], first["ean"]) == ("Le lycée ouvre lundi", RUE)
        assert first["by"].startswith("key:")
        assert first["id"].startswith("qch_")
        assert await all_items(http, f"{QUEUE}/changes", limit=1) == [second, first]

    async def test_is_audited_line_by_line(self, http: Client, sql: Connection) -> None:
        a, b = await waiting(http, *"AB")
        await sql.execute("TRUNCATE audit_entry")
        await http.put(QUEUE, json={"line_ids": [b, a], "reason": "x"})
        entries = await sql.fetch(
            "SELECT record_id, before ->> 'priority' AS was, after ->> 'priority' AS becomes, by FROM audit_entry "
            "WHERE record = 'order_line' ORDER BY after ->> 'priority' DESC"
        )
        told = [("lin_" + row["record_id"].replace("-", ""), row["was"], row["becomes"]) for row in entries]
        assert told == [(b, "0", "-2"), (a, "0", "-1")]
        assert all(row["by"].startswith("key:") for row in entries)

    async def test_comes_before_whoever_comes_later(self, http: Client) -> None:
        a, b = await waiting(http, *"AB")
        await http.put(QUEUE, json={"line_ids": [b, a], "reason": "x"})
        await push(http, "W-1", line(RUE), name="C")
        assert await names(http) == ["B", "A", "C"]

    async def test_names_exactly_those_who_wait(self, http: Client, sql: Connection) -> None:
        a, b = await waiting(http, *"AB")
        elsewhere = (await order(http, line(CHUT)))["lines"][0]["id"]
        async with nothing_written(sql):
            for wrong in ([b], [b, a, elsewhere], [elsewhere, b]):
                answer = await http.put(QUEUE, json={"line_ids": wrong, "reason": "x"})
                refused(answer, 409, "queue-changed")

    async def test_never_passes_who_is_being_served(self, http: Client, sql: Connection) -> None:
        taken = await order(http, line(RUE, 2), name="A")
        b, c = await waiting(http, *"BC")
        a = taken["lines"][0]["id"]
        await stock(http)
        await scan(http)
        async with nothing_written(sql):
            answer = await http.put(QUEUE, json={"line_ids": [b, a, c], "reason": "x"})
            problem = refused(answer, 409, "queue-begun")
        assert [fault["pointer"] for fault in problem["errors"]] == ["/line_ids/1"]
        assert "commencée" in problem["errors"][0]["detail"]
        assert (await http.put(QUEUE, json={"line_ids": [a, c, b], "reason": "x"})).status_code == 200

    @pytest.mark.parametrize(
        ("bad", "pointer"),
        [
            ({"reason": " "}, "/reason"),
            ({"line_ids": []}, "/line_ids"),
            ({"line_ids": ["lin_1"]}, "/line_ids/0"),
            ({"line_ids": ["lin_" + "0" * 32] * 2}, "/line_ids"),
        ],
    )
    async def test_is_refused_by_field(self, http: Client, bad: Json, pointer: str) -> None:
        answer = await http.put(QUEUE, json={"line_ids": ["lin_" + "0" * 32], "reason": "x", **bad})
        assert {fault["pointer"] for fault in refused(answer, 422, "invalid")["errors"]} == {pointer}

    async def test_of_an_unknown_article_is_404(self, http: Client) -> None:
        body = {"line_ids": ["lin_" + "0" * 32], "reason": "x"}
        refused(await http.put(f"/v1/articles/{UNKNOWN}/queue", json=body), 404, "unknown-article")
        refused(await http.get(f"/v1/articles/{UNKNOWN}/queue/changes"), 404, "unknown-article")

    async def test_needs_a_right_of_its_own(
        self, http: Client, premises: Premises, sql: Connection, client_for: ClientFor
    ) -> None:
        a, b = await waiting(http, *"AB")
        keys = {
            scope: await add_key(sql, dossier_id=premises.dossier, label=scope, scopes=[scope], channel_id=None)
            for scope in ("orders:write", "orders:queue")
        }
        body = {"line_ids": [b, a], "reason": "x"}
        refused(await (await client_for(keys["orders:write"])).put(QUEUE, json=body), 403, "forbidden")
        assert (await (await client_for(keys["orders:queue"])).put(QUEUE, json=body)).status_code == 200


class TestThePlacesOfAnOrder:
    async def test_are_shown_with_the_copies_waited_for_before_each_line(self, http: Client) -> None:
        await order(http, line(RUE, 3), line(CHUT, 1), name="A")
        await order(http, line(RUE, 2), name="B")
        mine = await order(http, line(CHUT, 4), line(RUE, 1), line(EBOOK, 1), name="C")
        await stock(http, CHUT, 7)
        chut, rue, _ = mine["lines"]
        assert await items(http, f"/v1/orders/{mine['id']}/queue") == [
            {
                "line_id": chut["id"],
                "ean": CHUT,
                "rank": 2,
                "ahead": 1,
                "outstanding": 4,
                "available": 7,
                "priority": 0,
            },
            {
                "line_id": rue["id"],
                "ean": RUE,
                "rank": 3,
                "ahead": 5,
                "outstanding": 1,
                "available": 0,
                "priority": 0,
            },
        ]

    async def test_agree_with_the_queue_of_the_article_put_in_order(self, http: Client) -> None:
        first, second = await order(http, line(RUE, 1), line(RUE, 2), name="A"), await order(http, name="B")
        queue = [each["line_id"] for each in await items(http, QUEUE)]
        await http.put(QUEUE, json={"line_ids": [queue[2], queue[1], queue[0]], "reason": "x"})
        ranks = {each["line_id"]: each["rank"] for each in await items(http, QUEUE)}
        for taken in (first, second):
            for place in await items(http, f"/v1/orders/{taken['id']}/queue"):
                assert place["rank"] == ranks[place["line_id"]]
                assert place["priority"] < 0
        places = await items(http, f"/v1/orders/{first['id']}/queue")
        assert [(each["rank"], each["ahead"]) for each in places] == [(3, 3), (2, 1)]

    async def test_are_shown_to_the_shop_that_sent_the_order(self, http: Client, web_shop: Client) -> None:
        await order(http)
        mine = await push(web_shop, "W-1")
        assert [each["rank"] for each in await items(web_shop, f"/v1/orders/{mine['id']}/queue")] == [2]

    async def test_are_none_once_nothing_is_waited_for(self, http: Client) -> None:
        taken = await order(http)
        await post(http, f"/v1/orders/{taken['id']}/cancel", {"reason": "x"}, version=1, expect=200)
        assert await items(http, f"/v1/orders/{taken['id']}/queue") == []
        refused(await http.get(f"/v1/orders/ord_{'0' * 32}/queue"), 404, "not-found")
