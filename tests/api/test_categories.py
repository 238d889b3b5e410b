"""The tree of article categories over HTTP (A31)."""

import pytest

from domain.model.category import MOST_CATEGORIES
from tests.api.conftest import ClientFor
from tests.api.steps import RUE, Connection, Json, customer, euros, get, items, nothing_written, post, refused
from tests.conftest import Client, Premises

pytestmark = pytest.mark.row("A31")


async def plant(http: Client, code: str, level: str, parent: str | None = None, *, expect: int = 201) -> Json:
    answer = await http.put(f"/v1/categories/{code}", json={"label": f"Nœud {code}", "level": level, "parent": parent})
    assert answer.status_code == expect, answer.text
    body: Json = answer.json()
    return body


async def forest(http: Client) -> None:
    """Two magasins; one has two secteurs, one of which a catégorie."""
    for code, level, parent in (
        ("LIB", "shop", None),
        ("PAP", "shop", None),
        ("JEU", "sector", "LIB"),
        ("LIT", "sector", "LIB"),
        ("ALB", "category", "JEU"),
    ):
        await plant(http, code, level, parent)


async def change(http: Client, code: str, version: int, **body: object) -> Json:
    headers = {"if-match": f'"{version}"'}
    answer = await http.put(f"/v1/categories/{code}", json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


class TestTheTree:
    async def test_is_told_from_the_top_down(self, http: Client) -> None:
        await forest(http)
        tree = [(each["code"], each["level"], each["parent"]) for each in await items(http, "/v1/categories")]
        assert tree == [
            ("LIB", "shop", None),
            ("PAP", "shop", None),
            ("JEU", "sector", "LIB"),
            ("LIT", "sector", "LIB"),
            ("ALB", "category", "JEU"),
        ]

    async def test_takes_a_node_changes_it_and_loses_it(self, http: Client) -> None:
        await forest(http)
        path = "/v1/categories/ROM"
        made = await http.put(path, json={"label": "Romans", "level": "category", "parent": "JEU"})
        assert (made.status_code, made.headers["etag"], made.headers["location"]) == (201, '"1"', path)
        assert await get(http, path) == made.json()
        moved = await change(http, "ROM", 1, label="Romans", level="category", parent="LIT")
        assert (moved["parent"], moved["version"]) == ("LIT", 2)
        assert await change(http, "ROM", 2, label="Romans", level="category", parent="LIT") == moved
        loose = await change(http, "ROM", 2, label="Romans", level="category")
        assert (loose["parent"], loose["version"]) == (None, 3)
        assert (await http.delete(path, headers={"if-match": '"3"'})).status_code == 204
        refused(await http.get(path), 404, "not-found")

    @pytest.mark.parametrize(
        ("code", "body", "problem", "pointer"),
        [
            ("X", {"level": "shop", "parent": "LIB"}, "inconsistent", "/parent"),
            ("X", {"level": "sector", "parent": "JEU"}, "inconsistent", "/parent"),
            ("X", {"level": "category", "parent": "LIB"}, "inconsistent", "/parent"),
            ("X", {"level": "category", "parent": "X"}, "unknown-code", "/parent"),
            ("X", {"level": "category", "parent": "YYY"}, "unknown-code", "/parent"),
        ],
    )
    async def test_has_each_node_under_the_level_above(
        self, http: Client, sql: Connection, code: str, body: Json, problem: str, pointer: str
    ) -> None:
        await forest(http)
        async with nothing_written(sql):
            answer = await http.put(f"/v1/categories/{code}", json={"label": "X", **body})
            assert [fault["pointer"] for fault in refused(answer, 409, problem)["errors"]] == [pointer]

    @pytest.mark.parametrize(
        ("code", "body", "pointer"),
        [
            ("JEU", {"level": "category", "parent": "LIT"}, "/level"),
            ("JEU", {"level": "sector", "parent": "JEU"}, "/parent"),
            ("LIB", {"level": "sector", "parent": "PAP"}, "/level"),
            ("LIB", {"level": "shop", "parent": "ALB"}, "/parent"),
        ],
    )
    async def test_never_bites_its_tail_nor_leaves_children_on_another_level(
        self, http: Client, sql: Connection, code: str, body: Json, pointer: str
    ) -> None:
        await forest(http)
        async with nothing_written(sql):
            headers = {"if-match": '"1"'}
            answer = await http.put(f"/v1/categories/{code}", json={"label": "X", **body}, headers=headers)
            assert [fault["pointer"] for fault in refused(answer, 409, "inconsistent")["errors"]] == [pointer]

    async def test_refuses_what_is_taken_gone_or_stale(self, http: Client, sql: Connection) -> None:
        await forest(http)
        body = {"label": "X", "level": "shop"}
        async with nothing_written(sql):
            refused(await http.put("/v1/categories/LIB", json=body), 409, "code-taken")
            refused(await http.put("/v1/categories/X", json=body, headers={"if-match": '"1"'}), 404, "not-found")
            refused(await http.put("/v1/categories/LIB", json=body, headers={"if-match": '"9"'}), 412, "stale-version")
            refused(await http.delete("/v1/categories/LIB", headers={"if-match": '"9"'}), 412, "stale-version")
            refused(await http.delete("/v1/categories/X", headers={"if-match": '"1"'}), 404, "not-found")

    async def test_holds_so_many_nodes_and_no_more(self, http: Client, sql: Connection) -> None:
        await plant(http, "LIB", "shop")
        await sql.execute(
            "INSERT INTO category (dossier_id, code, label, level, parent, updated_at, version) "
            "SELECT dossier_id, 'N' || n, 'x', 'sector', 'LIB', now(), 1 FROM category, generate_series(2, $1::int) AS n",
            MOST_CATEGORIES,
        )
        async with nothing_written(sql):
            answer = await http.put("/v1/categories/X", json={"label": "X", "level": "shop"})
            assert str(MOST_CATEGORIES) in refused(answer, 409, "table-full")["detail"]
        assert len(await items(http, "/v1/categories")) == MOST_CATEGORIES

    async def test_does_not_lose_what_is_named(self, http: Client, sql: Connection) -> None:
        await forest(http)
        await plant(http, "POL", "category", "LIT")
        card = {"title": "DANS LA RUE", "list_price": euros("12.00"), "category": "ALB"}
        assert (await http.put(f"/v1/articles/{RUE}", json=card)).status_code == 200
        buyer = await customer(http)
        discount = {"scope": "category", "category": "POL", "percent": "5.00"}
        await post(http, f"/v1/customers/{buyer['id']}/discounts", discount)
        await sql.execute(
            "INSERT INTO tariff_rule (dossier_id, tariff_rule_id, tariff, position, scope, percent, category) "
            "SELECT dossier_id, uuidv7(), 'LYC', 1, 'category', 5, 'PAP' FROM category WHERE code = 'PAP'"
        )
        async with nothing_written(sql):
            for code in ("LIB", "JEU", "ALB", "POL", "PAP"):
                answer = await http.delete(f"/v1/categories/{code}", headers={"if-match": '"1"'})
                refused(answer, 409, "category-in-use")

    async def test_is_told_to_the_tablets_as_a_setting(self, http: Client, sql: Connection) -> None:
        await plant(http, "LIB", "shop")
        await http.delete("/v1/categories/LIB", headers={"if-match": '"1"'})
        told = await sql.fetch("SELECT type, version, data ->> 'table' AS name FROM outbox_event ORDER BY seq")
        assert [tuple(row) for row in told] == [
            ("settings.updated", 1, "article-categories"),
            ("settings.updated", 2, "article-categories"),
        ]

    async def test_is_each_shops_own_and_changed_by_who_writes_articles(
        self, http: Client, web_shop: Client, client_for: ClientFor, elsewhere: Premises
    ) -> None:
        await forest(http)
        assert len(await items(web_shop, "/v1/categories")) == 5
        body = {"label": "X", "level": "shop"}
        refused(await web_shop.put("/v1/categories/X", json=body), 403, "forbidden")
        stranger = await client_for(elsewhere.admin_key)
        assert await items(stranger, "/v1/categories") == []
        assert (await stranger.put("/v1/categories/LIB", json=body)).status_code == 201
