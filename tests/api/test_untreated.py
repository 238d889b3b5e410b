"""Commandes non traitées over HTTP: line by line what no supplier order brings (A30 to A32)."""

import json
from typing import Any

import pytest

from domain.queries.untreated import UntreatedFilter
from infra.readers.search import selecting
from infra.readers.untreated import COLUMNS, SORTS, SOURCE, conditions
from tests.api.steps import (
    CHUT,
    DELIVREZ,
    EBOOK,
    NUIT,
    RUE,
    Connection,
    Json,
    all_items,
    get,
    items,
    line,
    order,
    post,
    push,
    put,
    stock,
)
from tests.api.test_supply import ask, send, supplied_by, supplier
from tests.conftest import Client, Premises


async def found(http: Client, **query: object) -> list[tuple[int, str]]:
    """Order number and EAN of each line found, once it was counted."""
    lines = await items(http, "/v1/untreated-lines", **query)
    assert (await get(http, "/v1/untreated-lines/count", **query))["count"] == len(lines)
    return [(each["order_number"], each["ean"]) for each in lines]


class TestUntreatedLines:
    @pytest.mark.row("A30", "A32")
    async def test_are_those_that_wait_for_more_than_is_asked_for(self, http: Client) -> None:
        sodis = await supplier(http)
        await supplied_by(http, sodis, RUE, CHUT)
        made = await order(http, line(RUE, 3), line(CHUT), line(NUIT), line(EBOOK), comment="x")
        number = made["number"]
        assert await found(http) == [(number, RUE), (number, CHUT), (number, NUIT)]
        rue, chut, nuit, _ = (each["id"] for each in made["lines"])
        await ask(http, chut)
        await stock(http, NUIT, 1)
        await post(http, "/v1/scans", {"ean": NUIT})
        assert await found(http) == [(number, RUE)], "a served line and a line on order are treated"
        body = {"lines": [{"line_id": rue, "quantity": 2}]}
        (draft,) = (await post(http, "/v1/supplier-orders", body))["items"]
        (row,) = await items(http, "/v1/untreated-lines")
        assert {name: row[name] for name in ("ordered", "reserved", "outstanding", "supplied", "unsupplied")} == {
            "ordered": 3,
            "reserved": 0,
            "outstanding": 3,
            "supplied": 2,
            "unsupplied": 1,
        }
        assert (row["line_id"], row["order_id"], row["supplier_id"], row["supplier_name"]) == (
            rue,
            made["id"],
            sodis,
            "SODIS",
        )
        assert (row["order_status"], row["name"], row["customer_code"], row["available"]) == ("CO", "MARTIN", None, 0)
        sent = await send(http, draft)
        assert await found(http) == [(number, RUE)]
        await post(
            http, f"/v1/supplier-orders/{draft['id']}/cancel", {"reason": "x"}, expect=200, version=sent["version"]
        )
        assert await found(http) == [(number, RUE), (number, CHUT)], "nor is it any longer on a supplier order"
        assert nuit

    @pytest.mark.row("A30", "A32")
    async def test_of_a_delivered_or_cancelled_order_there_are_none(self, http: Client) -> None:
        cancelled = await order(http, line(RUE))
        await post(http, f"/v1/orders/{cancelled['id']}/cancel", {"reason": "x"}, expect=200, version=1)
        partly = await order(http, line(RUE), line(CHUT))
        await stock(http, RUE, 1)
        kept = await post(http, "/v1/scans", {"ean": RUE})
        await post(http, "/v1/reservations/collect", {"reservation_ids": [kept["reservation"]["id"]]}, expect=200)
        assert await found(http) == [(partly["number"], CHUT)]
        (row,) = await items(http, "/v1/untreated-lines")
        assert row["order_status"] == "LP"

    @pytest.mark.row("A30")
    async def test_include_blocked_orders_unless_left_out(self, http: Client, web_shop: Client) -> None:
        made = await order(http, line(RUE))
        blocked = await push(web_shop, "W-1", line(CHUT), paid=False)
        assert await found(http) == [(made["number"], RUE), (blocked["number"], CHUT)]
        assert await found(http, blocked="false") == [(made["number"], RUE)]
        assert await found(http, blocked="true") == [(blocked["number"], CHUT)]

    @pytest.mark.row("A31")
    async def test_are_found_by_any_level_of_category_or_by_none(self, http: Client) -> None:
        for code, level, parent in (
            ("JEUN", "shop", None),
            ("ALB", "sector", "JEUN"),
            ("ALB1", "category", "ALB"),
            ("DOC", "sector", "JEUN"),
            ("ADU", "shop", None),
        ):
            await put(http, f"/v1/categories/{code}", {"label": code, "level": level, "parent": parent}, expect=201)
        for ean, category in ((RUE, "ALB1"), (CHUT, "ALB"), (NUIT, "DOC"), (DELIVREZ, None)):
            await put(
                http,
                f"/v1/articles/{ean}",
                {"title": ean, "list_price": {"amount": "1.00"}, "category": category},
            )
        made = await order(http, line(RUE), line(CHUT), line(NUIT), line(DELIVREZ))

        async def eans(**query: object) -> list[str]:
            return [ean for number, ean in await found(http, **query) if number == made["number"]]

        assert await eans() == [RUE, CHUT, NUIT, DELIVREZ]
        assert await eans(category="JEUN") == [RUE, CHUT, NUIT]
        assert await eans(category="ALB") == [RUE, CHUT]
        assert await eans(category="ALB1") == [RUE]
        assert await eans(category=["ALB1", "DOC"]) == [RUE, NUIT]
        assert await eans(category=["ADU", "NONE"]) == []

    @pytest.mark.row("A30")
    async def test_are_found_by_period_supplier_article_and_words(self, http: Client) -> None:
        sodis = await supplier(http)
        first, second = await order(http, line(RUE)), await order(http, line(CHUT))
        await supplied_by(http, sodis, CHUT)
        one, two = (first["number"], RUE), (second["number"], CHUT)
        assert await found(http, created_from=second["created_at"]) == [two]
        assert await found(http, created_to=second["created_at"]) == [one]
        assert await found(http, created_from=first["created_at"], created_to=second["created_at"]) == [one]
        assert await found(http, supplier_id=sodis) == [two]
        assert await found(http, ean=RUE) == [one]
        assert await found(http, q="meirink ru") == [one]
        assert await found(http, q="…") == []

    async def test_are_sorted_and_paged(self, http: Client) -> None:
        sodis = await supplier(http)
        made = [
            await order(http, line(RUE), line(CHUT), name="ZOE"),
            await order(http, line(NUIT), line(RUE), name="ANNE"),
        ]
        await supplied_by(http, sodis, NUIT)

        async def sorted_by(sort: str, shown: str) -> list[Any]:
            lines = await all_items(http, "/v1/untreated-lines", sort=sort, limit=1)
            assert len({each["line_id"] for each in lines}) == 4
            return [each[shown] for each in lines]

        numbers = [each["number"] for each in made for _ in range(2)]
        assert await sorted_by("created_at", "order_number") == numbers
        assert await sorted_by("-number", "order_number") == numbers[::-1]
        assert await sorted_by("ean", "ean") == sorted([RUE, CHUT, NUIT, RUE])
        assert await sorted_by("title", "title") == [
            "CHUT ! ON A UN PLAN",
            "DANS LA RUE",
            "DANS LA RUE",
            "BONNE NUIT TOUT LE MONDE",
        ]
        assert await sorted_by("name", "name") == ["ANNE", "ANNE", "ZOE", "ZOE"]
        assert await sorted_by("supplier", "supplier_name") == [None, None, None, "SODIS"]


class TestTwentyThousandOrders:
    @pytest.mark.row("A30", "C20")
    async def test_are_searched_without_a_scan_of_their_lines(
        self, http: Client, sql: Connection, premises: Premises
    ) -> None:
        await order(http, line(RUE))
        await sql.execute(GROW)
        await sql.execute("ANALYZE customer_order, order_line, article")
        for sort, wanted in (
            ("created_at", UntreatedFilter()),
            ("number", UntreatedFilter(blocked=False)),
            ("created_at", UntreatedFilter(categories=("JEUN",))),
        ):
            where = conditions(premises.dossier, wanted)
            select = selecting(COLUMNS, SOURCE, sorts=SORTS, sort=sort, key="l.line_id")
            plan = await sql.fetchval(
                f"EXPLAIN (FORMAT JSON) {select} WHERE {where.text} ORDER BY {SORTS[sort]}, l.line_id LIMIT 51",
                *where.arguments,
            )
            nodes = list(_nodes(json.loads(plan)[0]["Plan"]))
            scans = [each for each in nodes if each.get("Relation Name") == "order_line"]
            assert scans
            assert all(each["Node Type"] != "Seq Scan" for each in scans), (sort, scans)
            assert any(each.get("Index Name") == "ix_order_line_untreated" for each in nodes), (sort, nodes)


GROW = """
INSERT INTO customer_order
SELECT (jsonb_populate_record(o, jsonb_build_object(
    'order_id', gen_random_uuid(), 'number', 1000000 + n, 'created_at', o.created_at - n * interval '1 hour'))).*
FROM customer_order o, generate_series(1, 20000) n;
INSERT INTO order_line (dossier_id, line_id, order_id, position, ean, title, author, publisher, digital, ordered, cancelled,
    set_aside, delivered, supplied, dropped, kind, school_book, unit_price, list_price, vat_rate, price_source, earns_loyalty,
    amount, net, queued_at, number)
SELECT l.dossier_id, gen_random_uuid(), o.order_id, 1, l.ean, l.title, l.author, l.publisher, false, 1, 0,
    0, CASE WHEN o.number % 20 = 0 THEN 0 ELSE 1 END, 0, 0, l.kind, false, l.unit_price, l.list_price, l.vat_rate,
    l.price_source, false, l.amount, l.net, o.created_at, o.number
FROM customer_order o, (SELECT * FROM order_line LIMIT 1) l
WHERE o.number > 1000000;
"""
"""Twenty thousand orders more, of which one in twenty is untreated."""


def _nodes(plan: Json) -> Any:
    yield plan
    for below in plan.get("Plans", ()):
        yield from _nodes(below)
