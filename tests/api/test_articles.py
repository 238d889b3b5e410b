"""Articles, their stock and their queue over HTTP."""

import asyncio

import pytest

from tests.api.steps import (
    CHUT,
    EBOOK,
    RUE,
    UNKNOWN,
    Connection,
    Json,
    euros,
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
from tests.conftest import BOOKS, Client

CARD: Json = {
    "title": "L'ÉTÉ DES ŒUVRES",
    "author": "Émile Zola",
    "publisher": "GALLIMARD",
    "list_price": euros("12.30"),
    "vat_rate": "5.50",
    "digital": False,
}


class TestAnArticle:
    async def test_is_201_when_new_and_200_when_written_again(self, http: Client) -> None:
        path = f"/v1/articles/{UNKNOWN}"
        answer = await http.put(path, json=CARD)
        assert (answer.status_code, answer.headers["location"]) == (201, path)
        again = await http.put(path, json={**CARD, "title": "AUTRE"})
        assert (again.status_code, again.json()["title"]) == (200, "AUTRE")
        assert {name: answer.json()[name] for name in CARD} == CARD

    async def test_keeps_its_stock_when_written_again(self, http: Client) -> None:
        await stock(http, RUE, 3)
        assert (await http.put(f"/v1/articles/{RUE}", json=CARD)).json()["available"] == 3

    async def test_takes_5_5_percent_unless_told_otherwise(self, http: Client) -> None:
        made = (await http.put(f"/v1/articles/{UNKNOWN}", json={"title": "A", "list_price": {"amount": "1"}})).json()
        assert (made["vat_rate"], made["list_price"]) == ("5.50", euros("1.00"))

    async def test_counts_who_waits_for_it(self, http: Client) -> None:
        await order(http, line(RUE, 2))
        await push(http, "W-1", line(RUE), paid=False)
        await stock(http)
        await scan(http)
        shown = await get(http, f"/v1/articles/{RUE}")
        assert (shown["available"], shown["set_aside"], shown["waiting"]) == (0, 1, 2)

    @pytest.mark.parametrize("path", ["", "/stock", "/movements", "/queue"])
    async def test_unknown_is_404_and_says_which(self, http: Client, path: str) -> None:
        answer = await http.get(f"/v1/articles/{UNKNOWN}{path}")
        assert UNKNOWN in refused(answer, 404, "unknown-article")["detail"]

    @pytest.mark.parametrize("ean", ["123", "9791094908021", "97910949080200", "979109490802x", "٩٧٩١٠٩٤٩٠٨٠٢٠"])
    async def test_of_no_ean_is_refused(self, http: Client, ean: str) -> None:
        problem = refused(await http.get(f"/v1/articles/{ean}"), 422, "invalid")
        assert [fault["pointer"] for fault in problem["errors"]] == ["ean"]

    @pytest.mark.parametrize(
        ("bad", "pointer"),
        [
            ({"list_price": euros("-1.00")}, "/list_price/amount"),
            ({"list_price": euros("1e3")}, "/list_price/amount"),
            ({"list_price": euros("123456789.00")}, "/list_price/amount"),
            ({"vat_rate": "100.00"}, "/vat_rate"),
            ({"vat_rate": 5.5}, "/vat_rate"),
            ({"title": ""}, "/title"),
            ({"digital": None}, "/digital"),
        ],
    )
    async def test_is_refused_by_field(self, http: Client, sql: Connection, bad: Json, pointer: str) -> None:
        async with nothing_written(sql):
            answer = await http.put(f"/v1/articles/{UNKNOWN}", json={**CARD, **bad})
        assert {fault["pointer"] for fault in refused(answer, 422, "invalid")["errors"]} == {pointer}


async def supplier(http: Client, name: str = "HACHETTE DISTRIBUTION", *, kind: str = "supplier") -> str:
    made = await post(http, "/v1/third-parties", {"name": name, "type": kind})
    return str(made["id"])


async def plant(http: Client) -> None:
    """A tree of one branch, and a secteur beside it."""
    for code, level, parent in (
        ("LIB", "shop", None),
        ("JEU", "sector", "LIB"),
        ("LIT", "sector", "LIB"),
        ("ALB", "category", "JEU"),
    ):
        body = {"label": f"Nœud {code}", "level": level, "parent": parent}
        assert (await http.put(f"/v1/categories/{code}", json=body)).status_code == 201


@pytest.mark.row("A16")
class TestTheDetailOfAnArticle:
    async def test_says_what_it_is_where_it_belongs_and_who_supplies_it(self, http: Client) -> None:
        await plant(http)
        whole = {
            "kind": "used_book",
            "school_book": True,
            "category": "ALB",
            "supplier_id": await supplier(http),
            "availability": "4",
            "published_on": "2013-10-03",
            "weight_g": 820,
        }
        made = (await http.put(f"/v1/articles/{RUE}", json={**CARD, **whole})).json()
        assert made | whole == made
        assert made["category_path"] == ["Nœud LIB", "Nœud JEU", "Nœud ALB"]
        assert made["supplier_name"] == "HACHETTE DISTRIBUTION"
        assert await get(http, f"/v1/articles/{RUE}") == made
        await order(http)
        await stock(http)
        assert (await scan(http))["article"] == await get(http, f"/v1/articles/{RUE}")

    @pytest.mark.row("P33")
    @pytest.mark.parametrize("weight", [0, -1, 100_001, 1.5, "820", True])
    async def test_weighs_a_whole_number_of_grams(self, http: Client, sql: Connection, weight: object) -> None:
        for good in (1, 100_000):
            assert (await http.put(f"/v1/articles/{RUE}", json={**CARD, "weight_g": good})).json()["weight_g"] == good
        async with nothing_written(sql):
            problem = refused(await http.put(f"/v1/articles/{RUE}", json={**CARD, "weight_g": weight}), 422, "invalid")
        assert problem["errors"][0]["pointer"] == "/weight_g"
        assert (await http.put(f"/v1/articles/{RUE}", json=CARD)).json()["weight_g"] is None

    async def test_is_replaced_whole_by_who_does_not_know_the_newer_fields(self, http: Client) -> None:
        await plant(http)
        await http.put(f"/v1/articles/{RUE}", json={**CARD, "kind": "other", "school_book": True, "category": "ALB"})
        plain = (await http.put(f"/v1/articles/{RUE}", json=CARD)).json()
        assert (plain["kind"], plain["school_book"], plain["category"]) == ("book", False, None)
        assert (plain["category_path"], plain["supplier_id"], plain["supplier_name"]) == ([], None, None)

    @pytest.mark.parametrize(
        ("ean", "kind"), [(UNKNOWN, "book"), ("9790123456785", "other"), ("3760003641231", "other")]
    )
    async def test_is_a_book_when_its_ean_says_so(self, http: Client, ean: str, kind: str) -> None:
        made = (await http.put(f"/v1/articles/{ean}", json=CARD)).json()
        assert made["kind"] == kind

    @pytest.mark.parametrize("parent", ["LIB", "JEU"])
    async def test_may_be_of_a_node_of_any_level(self, http: Client, parent: str) -> None:
        await plant(http)
        made = (await http.put(f"/v1/articles/{RUE}", json={**CARD, "category": parent})).json()
        assert made["category_path"][-1] == f"Nœud {parent}"

    async def test_names_only_what_the_shop_has(self, http: Client, sql: Connection) -> None:
        rep = await supplier(http, "VRP", kind="sales_rep")
        async with nothing_written(sql):
            for bad, code in (
                ({"category": "ALB"}, "unknown-code"),
                ({"supplier_id": rep}, "unknown-party"),
                ({"supplier_id": f"tpa_{'0' * 32}"}, "unknown-party"),
            ):
                answer = await http.put(f"/v1/articles/{UNKNOWN}", json={**CARD, **bad})
                assert [each["pointer"] for each in refused(answer, 409, code)["errors"]] == [f"/{next(iter(bad))}"]

    async def test_does_not_name_a_category_that_goes_at_that_moment(self, http: Client, sql: Connection) -> None:
        await plant(http)
        async with sql.transaction():
            await sql.execute("DELETE FROM category WHERE code = 'ALB'")
            writing = asyncio.create_task(http.put(f"/v1/articles/{RUE}", json={**CARD, "category": "ALB"}))
            async with asyncio.timeout(20):
                while not await sql.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"):
                    assert not writing.done(), "it did not wait"
                    await asyncio.sleep(0)
        refused(await writing, 409, "unknown-code")

    async def test_counts_the_copies_still_to_come(self, http: Client, sql: Connection) -> None:
        bought = await supplier(http)
        rows = [
            ("validated", 5, 0),
            ("partly_received", 5, 2),
            ("draft", 5, 0),
            ("cancelled", 5, 0),
            ("received", 5, 5),
        ]
        for number, (state, ordered, received) in enumerate(rows, start=1):
            await sql.execute(
                """
                WITH made AS (
                    INSERT INTO supplier_order (dossier_id, supplier_order_id, number, supplier_id, supplier_name, state,
                                                created_at, updated_at, version)
                    SELECT dossier_id, uuidv7(), $1, third_party_id, name, $2, now(), now(), 1
                    FROM third_party WHERE replace(third_party_id::text, '-', '') = $3
                    RETURNING *
                )
                INSERT INTO supplier_line (dossier_id, supplier_line_id, supplier_order_id, position, ean, title, ordered,
                                           received, cancelled)
                SELECT dossier_id, uuidv7(), supplier_order_id, 1, $4, 'X', $5, $6, 0 FROM made
                """,
                number,
                state,
                bought.removeprefix("tpa_"),
                RUE,
                ordered,
                received,
            )
        assert (await get(http, f"/v1/articles/{RUE}"))["on_order"] == 8
        listed = {each["ean"]: each["on_order"] for each in await items(http, "/v1/articles")}
        assert listed == {**dict.fromkeys([*BOOKS, EBOOK], 0), RUE: 8}


class TestTheSearch:
    @pytest.mark.row("A31")
    async def test_finds_by_a_node_of_any_level_with_all_below_it(self, http: Client) -> None:
        await plant(http)
        for ean, category in ((RUE, "ALB"), (CHUT, "JEU"), (EBOOK, "LIT")):
            card = {"title": ean, "list_price": euros("1.00"), "category": category}
            assert (await http.put(f"/v1/articles/{ean}", json=card)).status_code == 200
        for node, found in (("ALB", {RUE}), ("JEU", {RUE, CHUT}), ("LIB", {RUE, CHUT, EBOOK}), ("XXX", set())):
            assert {each["ean"] for each in await items(http, "/v1/articles", category=node)} == found
        assert len(await items(http, "/v1/articles")) == 6

    async def test_finds_by_kind_and_supplier_together_with_words(self, http: Client) -> None:
        known = await supplier(http)
        for ean, kind in ((RUE, "book"), (CHUT, "other")):
            card = {"title": "PAREIL", "list_price": euros("1.00"), "kind": kind, "supplier_id": known}
            await http.put(f"/v1/articles/{ean}", json=card)
        assert {each["ean"] for each in await items(http, "/v1/articles", supplier_id=known)} == {RUE, CHUT}
        assert [each["ean"] for each in await items(http, "/v1/articles", kind="other")] == [CHUT]
        assert [each["ean"] for each in await items(http, "/v1/articles", kind="book", supplier_id=known)] == [RUE]
        assert [each["ean"] for each in await items(http, "/v1/articles", kind="book", q="pareil")] == [RUE]
        refused(await http.get("/v1/articles", params={"kind": "comic"}), 422, "invalid")

    @pytest.mark.parametrize(
        ("asked", "titles"),
        [
            ("dans la", ["DANS LA RUE"]),
            ("chris haughton", ["BONNE NUIT TOUT LE MONDE", "CHUT ! ON A UN PLAN"]),
            ("979109490802", ["DANS LA RUE"]),
            ("délivrez", ["DELIVREZ-MOI !"]),
            ("zzz", []),
            ("!", []),
        ],
    )
    async def test_finds_by_the_start_of_title_author_or_ean(self, http: Client, asked: str, titles: list[str]) -> None:
        assert [each["title"] for each in await items(http, "/v1/articles", q=asked)] == titles

    @pytest.mark.parametrize("asked", ["haughton nuit", "monde", "NUIT chris"])
    async def test_finds_any_words_of_title_and_author(self, http: Client, asked: str) -> None:
        found = await items(http, "/v1/articles", q=asked)
        assert [each["title"] for each in found] == ["BONNE NUIT TOUT LE MONDE"]

    async def test_lists_all_by_title(self, http: Client) -> None:
        titles = [each["title"] for each in await items(http, "/v1/articles")]
        assert titles == sorted(titles)
        assert len(titles) == 6


class TestACorrection:
    async def test_moves_the_stock_and_is_written_down_newest_first(self, http: Client) -> None:
        await stock(http, RUE, 3)
        body = {"quantity": -1, "reason": "Abîmé"}
        made = await post(http, f"/v1/articles/{RUE}/movements", body)
        assert await get(http, f"/v1/articles/{RUE}/stock") == {"ean": RUE, "available": 2, "set_aside": 0}
        moves = await items(http, f"/v1/articles/{RUE}/movements")
        assert moves[0] == made
        assert [(each["available"], each["cause"], each["reason"]) for each in moves] == [
            (-1, "adjust", "Abîmé"),
            (3, "adjust", "Inventaire"),
        ]

    async def test_below_zero_is_refused_and_leaves_nothing(self, http: Client, sql: Connection) -> None:
        await stock(http, RUE, 2)
        async with nothing_written(sql):
            answer = await http.post(f"/v1/articles/{RUE}/movements", json={"quantity": -3, "reason": "x"})
        problem = refused(answer, 409, "out-of-stock")
        assert problem["errors"][0]["detail"] == f"demandé 3, disponible 2 ({RUE})"

    async def test_needs_a_reason(self, http: Client, sql: Connection) -> None:
        async with nothing_written(sql):
            answer = await http.post(f"/v1/articles/{RUE}/movements", json={"quantity": 1, "reason": " "})
        assert refused(answer, 422, "invalid")["errors"][0]["pointer"] == "/reason"

    async def test_may_be_a_whole_number_written_as_a_fraction(self, http: Client) -> None:
        await post(http, f"/v1/articles/{RUE}/movements", {"quantity": 2.0, "reason": "x"})
        assert (await get(http, f"/v1/articles/{RUE}/stock"))["available"] == 2


class TestTheQueue:
    async def test_is_by_age_of_the_order_blocked_ones_included(self, http: Client) -> None:
        first = await order(http, line(RUE, 2), name="PREMIER")
        second = await push(http, "W-1", line(RUE), paid=False, name="DEUXIEME")
        await order(http, line(CHUT), name="AUTRE")
        places = await items(http, f"/v1/articles/{RUE}/queue")
        assert [(each["rank"], each["name"], each["outstanding"], each["order_status"]) for each in places] == [
            (1, "PREMIER", 2, "CO"),
            (2, "DEUXIEME", 1, "BL"),
        ]
        assert [each["order_id"] for each in places] == [first["id"], second["id"]]
        assert [each["order_number"] for each in places] == [first["number"], second["number"]]

    async def test_loses_who_is_served_or_cancelled(self, http: Client) -> None:
        await order(http, name="PREMIER")
        gone = await order(http, name="DEUXIEME")
        await order(http, name="TROISIEME")
        await stock(http)
        await scan(http)
        await post(http, f"/v1/orders/{gone['id']}/cancel", {"reason": "x"}, version=1, expect=200)
        assert [each["name"] for each in await items(http, f"/v1/articles/{RUE}/queue")] == ["TROISIEME"]

    async def test_has_no_digital_lines(self, http: Client) -> None:
        await order(http, line(EBOOK))
        assert await items(http, f"/v1/articles/{EBOOK}/queue") == []

    async def test_answers_as_many_places_as_asked(self, http: Client) -> None:
        for name in "ABC":
            await order(http, name=name)
        assert [each["name"] for each in await items(http, f"/v1/articles/{RUE}/queue", limit=2)] == ["A", "B"]
