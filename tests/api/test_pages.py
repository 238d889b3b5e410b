"""Every list answers in pages that stay stable while rows come and go (C20; api.md, rule 4)."""

import base64
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest

from infra.readers import search
from tests.api.conftest import ClientFor
from tests.api.steps import (
    RUE,
    SHELF,
    Connection,
    Json,
    all_items,
    customer,
    euros,
    get,
    order,
    post,
    refused,
    stock,
)
from tests.conftest import Client, Premises

pytestmark = pytest.mark.row("C20")

Add = Callable[[Client, int], Awaitable[None]]


async def _order(http: Client, n: int) -> None:
    await order(http, name=f"CLIENT {n % 7}", customer_reference=f"BC {n % 5}")


async def _customer(http: Client, n: int) -> None:
    await customer(http, f"CLIENT {n % 7}", address={"town": f"VILLE {n % 3}", "postal_code": f"4400{n % 4}"})


async def _reservation(http: Client, n: int) -> None:
    ean = SHELF[n % len(SHELF)]
    await stock(http, ean)
    await post(http, "/v1/reservations", {"ean": ean, "contact": {"name": f"CLIENT {n % 7}"}})


async def _article(http: Client, n: int) -> None:
    digits = f"978207{n:06}"
    check = (10 - sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))) % 10
    card = {"title": f"TITRE {n % 4}", "list_price": euros("1.00")}
    assert (await http.put(f"/v1/articles/{digits}{check}", json=card)).status_code == 201


async def _movement(http: Client, n: int) -> None:
    await stock(http, RUE, n % 9 + 1)


LISTS: dict[str, tuple[str, Add, str, str, tuple[str, ...]]] = {
    "orders": (
        "/v1/orders",
        _order,
        "customer_order",
        "order_id",
        ("created_at", "number", "customer_code", "customer_reference", "name", "status"),
    ),
    "customers": (
        "/v1/customers",
        _customer,
        "customer",
        "customer_id",
        ("name", "code", "postal_code", "town", "created_at"),
    ),
    "reservations": (
        "/v1/reservations",
        _reservation,
        "reservation",
        "reservation_id",
        ("set_aside_at", "title", "order_number", "customer_code", "customer_name"),
    ),
    "articles": ("/v1/articles", _article, "article", "ean", ("",)),
    "movements": (f"/v1/articles/{RUE}/movements", _movement, "stock_movement", "movement_id", ("",)),
}
WAYS = [
    (what, direction + column)
    for what, (*_, columns) in LISTS.items()
    for column in columns
    for direction in (("", "-") if column else ("",))
]
TOKENS = {
    "customer_order": ("order_token", "order_line"),
    "customer": ("customer_token",),
    "article": ("article_token", "stock_level"),
}


def identity(row: Json) -> str:
    found: str = row.get("id") or row["ean"]
    return found


async def walk(http: Client, path: str, between: Callable[[Json], Awaitable[None]], **query: object) -> list[str]:
    """The identities of all pages; ``between`` two of them something may happen."""
    page = await get(http, path, **query)
    seen = [identity(row) for row in page["items"]]
    while page["next"]:
        await between(page)
        page = await get(http, page["next"])
        seen += [identity(row) for row in page["items"]]
    return seen


class TestAList:
    @pytest.mark.parametrize(("what", "sort"), WAYS)
    async def test_loses_and_doubles_nothing_that_stayed(
        self, http: Client, sql: Connection, what: str, sort: str
    ) -> None:
        path, add, table, key, _ = LISTS[what]
        for n in range(12):
            await add(http, n)
        asked = {"limit": 3, **({"sort": sort} if sort else {})}
        before = [identity(row) for row in await all_items(http, path, **asked)]
        gone: set[str] = set()
        come = iter(range(100, 200))

        async def come_and_go(page: Json) -> None:
            for _ in range(2):
                await add(http, next(come))
            # one that was shown goes, the page's own last one, on which its cursor stands; and one not yet shown
            shown = identity(page["items"][-1])
            later = [each for each in before if each not in gone]
            ahead = later[later.index(shown) + 2 :][:1] if shown in later else []
            for each in (shown, *ahead):
                if each in before:
                    gone.add(each)
                    await _remove(sql, table, key, each)

        seen = await walk(http, path, come_and_go, **asked)
        stayed = [each for each in before if each not in gone]
        assert [each for each in seen if each in stayed] == stayed
        assert len(seen) == len(set(seen))
        assert gone

    @pytest.mark.parametrize(("what", "sort"), WAYS)
    async def test_is_the_same_in_pages_of_any_size_and_backwards(self, http: Client, what: str, sort: str) -> None:
        path, add, *_ = LISTS[what]
        for n in range(8):
            await add(http, n)
        query = {"sort": sort} if sort else {}
        whole = [identity(row) for row in (await get(http, path, limit=200, **query))["items"]]
        assert len(whole) >= 8
        for limit in (1, 3, len(whole)):
            assert [identity(row) for row in await all_items(http, path, limit=limit, **query)] == whole
        if sort:
            back = sort.removeprefix("-") if sort.startswith("-") else f"-{sort}"
            assert [identity(row) for row in await all_items(http, path, limit=3, sort=back)] == whole[::-1]

    @pytest.mark.parametrize("what", LISTS)
    async def test_ends_with_null_and_has_no_empty_last_page(self, http: Client, what: str) -> None:
        path, add, *_ = LISTS[what]
        for n in range(4):
            await add(http, n)
        whole = (await get(http, path, limit=200))["items"]
        assert (await get(http, path, limit=len(whole)))["next"] is None

    @pytest.mark.parametrize("what", LISTS)
    @pytest.mark.parametrize("limit", [0, -1, 201, 10**9])
    async def test_has_pages_of_1_to_200(self, http: Client, what: str, limit: int) -> None:
        answer = await http.get(LISTS[what][0], params={"limit": limit})
        assert [fault["pointer"] for fault in refused(answer, 422, "invalid")["errors"]] == ["limit"]


async def _remove(sql: Connection, table: str, key: str, identifier: str) -> None:
    value = identifier.rpartition("_")[2]
    cast = "" if key == "ean" else "::uuid"
    async with sql.transaction():
        await sql.execute("SET LOCAL session_replication_role = 'replica'")  # what hangs on the row goes below
        for each in (*TOKENS.get(table, ()), table):
            await sql.execute(f"DELETE FROM {each} WHERE {key} = $1{cast}", value)


class TestACursor:
    @pytest.fixture
    async def after_the_first(self, http: Client) -> str:
        """The address of the second page of orders named CLIENT."""
        for n in range(4):
            await order(http, name=f"CLIENT {n}")
        found: str = (await get(http, "/v1/orders", name="client", sort="-number", limit=2))["next"]
        return found

    async def test_leads_on_with_its_filters(self, http: Client, after_the_first: str) -> None:
        await order(http, name="AUTRE")
        page = await get(http, after_the_first)
        assert [row["name"] for row in page["items"]] == ["CLIENT 1", "CLIENT 0"]
        assert page["next"] is None

    async def test_may_take_another_limit(self, http: Client, after_the_first: str) -> None:
        page = await get(http, after_the_first.replace("limit=2", "limit=1"))
        assert [row["name"] for row in page["items"]] == ["CLIENT 1"]

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("name=client", "name=autre"),
            ("name=client&", ""),
            ("sort=-number", "sort=number"),
            ("sort=-number", "sort=name"),
            ("/v1/orders?", "/v1/orders?status=CO&"),
        ],
    )
    async def test_of_another_search_is_unknown(self, http: Client, after_the_first: str, old: str, new: str) -> None:
        changed = after_the_first.replace(old, new)
        assert changed != after_the_first
        refused(await http.get(changed), 404, "unknown-cursor")

    async def test_of_another_path_is_unknown(self, http: Client, after_the_first: str) -> None:
        cursor = after_the_first.partition("cursor=")[2]
        for path in ("/v1/customers", "/v1/reservations", "/v1/articles", f"/v1/articles/{RUE}/movements"):
            refused(await http.get(f"{path}?limit=2&cursor={cursor}"), 404, "unknown-cursor")

    async def test_of_another_dossier_is_unknown(
        self, after_the_first: str, client_for: ClientFor, elsewhere: Premises
    ) -> None:
        refused(await (await client_for(elsewhere.admin_key)).get(after_the_first), 404, "unknown-cursor")

    async def test_tampered_with_is_unknown(self, http: Client, after_the_first: str) -> None:
        path, _, cursor = after_the_first.partition("cursor=")
        raw = bytearray(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        for place in range(len(raw)):
            bent = bytearray(raw)
            bent[place] ^= 1
            text = base64.urlsafe_b64encode(bytes(bent)).decode().rstrip("=")
            refused(await http.get(f"{path}cursor={text}"), 404, "unknown-cursor")

    @pytest.mark.parametrize("cursor", ["A", "AAAA", "-", "_" * 2000, "abc" * 100])
    async def test_made_up_is_unknown(self, http: Client, cursor: str) -> None:
        refused(await http.get(f"/v1/orders?cursor={cursor}"), 404, "unknown-cursor")


class TestACount:
    async def test_is_exact_up_to_its_cap_and_says_so_beyond(
        self, http: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(search, "CAP", 3)
        for path, add in (("/v1/orders", _order), ("/v1/customers", _customer), ("/v1/reservations", _reservation)):
            for n in range(3):
                await add(http, n)
            assert await get(http, f"{path}/count") == {"count": 3, "capped": False}
            await add(http, 3)
            assert await get(http, f"{path}/count") == {"count": 3, "capped": True}

    def test_is_exact_up_to_ten_thousand(self) -> None:
        assert search.CAP == 10_000  # api.md, rule 4


async def test_rows_of_one_instant_have_an_order_of_their_own(http: Client, sql: Connection) -> None:
    """Ties of the sort column are broken by the id, or a page would end in the middle of equals."""
    for n in range(9):
        await order(http, name="MEME NOM")
        await customer(http, f"MEME NOM {n}")
    await sql.execute("UPDATE customer_order SET created_at = $1", datetime(2026, 1, 1, tzinfo=UTC))
    for sort in ("created_at", "-created_at", "name", "-status"):
        seen = [row["id"] for row in await all_items(http, "/v1/orders", limit=2, sort=sort)]
        assert len(seen) == len(set(seen)) == 9
