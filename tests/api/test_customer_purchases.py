"""The customer search by what was bought, and by the loyalty card (A44, A45)."""

import json
from datetime import date
from typing import Any

import asyncpg
import pytest

from domain.queries.customers import CustomerFilter
from infra.db.pools import ShopConnection
from infra.db.tables import METADATA
from infra.readers.customers import where_of
from tests.api.steps import BOUTON, CHUT, DELIVREZ, NUIT, RUE, Json, customer, euros, get, items, post, put
from tests.conftest import Client, Premises

DOSSIER = "/v1/dossier"


async def found(http: Client, **query: object) -> list[str]:
    """The names that a search finds; its count must say the same."""
    names = [card["name"] for card in await items(http, "/v1/customers", limit=200, **query)]
    assert await get(http, "/v1/customers/count", **query) == {"count": len(names), "capped": False}
    return names


async def told(http: Client, card: Json, reference: str, **more: Any) -> Json:
    """A purchase that the till tells of; it must be new."""
    line = {
        "reference": reference,
        "source": "till",
        "at": "2026-03-10T10:00:00Z",
        "customer_id": card["id"],
        "ean": RUE,
        "quantity": 1,
        "amount": euros("12.00"),
        **more,
    }
    batch = await post(http, "/v1/purchases", {"purchases": [line]}, expect=200)
    assert batch["created"] == 1, batch
    item: Json = batch["items"][0]
    return item


async def programs(http: Client, *wanted: Json) -> None:
    version = (await http.get(DOSSIER)).headers["etag"]
    answer = await http.patch(DOSSIER, json={"loyalty": {"programs": list(wanted)}}, headers={"if-match": version})
    assert answer.status_code == 200, answer.text


async def categorised(http: Client, ean: str, category: str | None, **more: Any) -> None:
    """The article as it is, in a category of the tree."""
    article = await get(http, f"/v1/articles/{ean}")
    kept = {name: article[name] for name in ("title", "author", "list_price")}
    await put(http, f"/v1/articles/{ean}", {**kept, "category": category, **more})


@pytest.fixture
async def cards(http: Client, books: object) -> dict[str, Json]:
    return {name: await customer(http, name) for name in ("ANNE", "BRUNO", "CLARA")}


@pytest.mark.row("A44")
class TestWhatWasBought:
    @pytest.fixture(autouse=True)
    async def _bought(self, http: Client, cards: dict[str, Json]) -> None:
        await told(http, cards["ANNE"], "1", at="2026-03-10T10:00:00Z", ean=RUE)
        await told(http, cards["ANNE"], "2", at="2026-04-02T10:00:00Z", ean=CHUT, amount=euros("14.50"))
        await told(http, cards["BRUNO"], "3", at="2026-03-31T22:30:00Z", ean=NUIT, amount=euros("15.90"))
        await told(http, cards["BRUNO"], "4", at="2026-05-05T10:00:00Z", ean=RUE, quantity=2, amount=euros("24.00"))

    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ({"purchased_from": "2026-03-01", "purchased_to": "2026-04-01"}, ["ANNE"]),
            ({"purchased_from": "2026-04-01", "purchased_to": "2026-04-02"}, ["BRUNO"]),  # 31 March 22:30 UTC is April
            ({"purchased_from": "2026-05-06"}, []),
            ({"purchased_ean": RUE}, ["ANNE", "BRUNO"]),
            ({"purchased_ean": RUE, "purchased_to": "2026-04-01"}, ["ANNE"]),
            ({"purchased_author": "haugh"}, ["ANNE", "BRUNO"]),
            ({"purchased_author": "chris haughton"}, ["ANNE", "BRUNO"]),
            ({"purchased_author": "Meirink Tineka"}, ["ANNE", "BRUNO"]),
            ({"purchased_author": "aughton"}, []),
            ({"purchased_author": "!"}, []),
            ({"purchases_min": 2}, ["ANNE", "BRUNO"]),
            ({"purchases_min": 2, "purchased_to": "2026-04-01"}, []),
            ({"purchases_min": 1, "purchases_max": 1, "purchased_ean": NUIT}, ["BRUNO"]),
            ({"purchases_max": 0}, ["CLARA"]),
            ({"purchases_max": 0, "purchased_from": "2026-05-01"}, ["ANNE", "CLARA"]),
            ({"purchases_max": 1, "purchased_ean": CHUT}, ["ANNE", "BRUNO", "CLARA"]),
        ],
    )
    async def test_is_found(self, http: Client, query: Json, names: list[str]) -> None:
        assert await found(http, **query) == names

    async def test_and_wholly_brought_back_is_not(self, http: Client, cards: dict[str, Json]) -> None:
        back = {"ean": RUE, "undoes": "4", "at": "2026-05-06T10:00:00Z"}
        await told(http, cards["BRUNO"], "5", quantity=-1, amount=euros("-12.00"), **back)
        assert await found(http, purchased_ean=RUE) == ["ANNE", "BRUNO"]
        assert await found(http, purchases_min=2) == ["ANNE", "BRUNO"]
        await told(http, cards["BRUNO"], "6", quantity=-1, amount=euros("-12.00"), **back)
        assert await found(http, purchased_ean=RUE) == ["ANNE"]
        assert await found(http, purchases_min=2) == ["ANNE"]

    @pytest.mark.row("A31")
    async def test_in_categories_of_any_level(self, http: Client) -> None:
        for code, level, parent in (
            ("JEU", "shop", None),
            ("ALBUMS", "sector", "JEU"),
            ("TOUT-PETITS", "category", "ALBUMS"),
            ("BD", "sector", "JEU"),
        ):
            body = {"label": code, "level": level, "parent": parent}
            await put(http, f"/v1/categories/{code}", body, expect=201)
        await categorised(http, CHUT, "TOUT-PETITS")
        await categorised(http, NUIT, "BD")
        assert await found(http, purchased_category="TOUT-PETITS") == ["ANNE"]
        assert await found(http, purchased_category="ALBUMS") == ["ANNE"]
        assert await found(http, purchased_category="JEU") == ["ANNE", "BRUNO"]
        assert await found(http, purchased_category=["TOUT-PETITS", "BD"]) == ["ANNE", "BRUNO"]
        assert await found(http, purchased_category="NULLE-PART") == []

    async def test_the_last_title_but_one(self, http: Client) -> None:
        days = {CHUT: "2024-01-01", NUIT: "2025-01-01", DELIVREZ: "2026-01-01"}
        for ean, day in days.items():
            await categorised(http, ean, None, published_on=day)
        assert await found(http, last_but_one_author="Haughton") == ["ANNE"]
        await categorised(http, BOUTON, None, author="Chris HAUGHTON", published_on="2026-02-02")
        assert await found(http, last_but_one_author="haughton chris") == ["BRUNO"]
        assert await found(http, last_but_one_author="aughton") == []
        await categorised(http, CHUT, None, title="La saga, tome 1", published_on="2024-01-01")
        assert await found(http, last_but_one_series="la saga") == []
        await categorised(http, NUIT, None, title="La saga, tome 2", published_on="2025-01-01")
        assert await found(http, last_but_one_series="La Saga") == ["ANNE"]


TEN = {"code": "DIX", "label": "Dix achats", "kind": "purchases", "percent": "5.00", "every": 3}
EUROS = {
    "code": "EUR",
    "label": "Tous les 30 €",
    "kind": "amount",
    "percent": "5.00",
    "threshold": {"amount": "30.00", "currency": "EUR"},
}


@pytest.mark.row("A45")
class TestTheLoyaltyCard:
    async def test_is_found_by_what_its_round_has_and_lacks(self, http: Client, books: object) -> None:
        await programs(http, TEN, EUROS)
        anne = await customer(http, "ANNE", fidelity_active=True)
        bruno = await customer(http, "BRUNO", fidelity_active=True, fidelity_program="EUR")
        await customer(http, "CLARA", fidelity_active=True)
        dora = await customer(http, "DORA", fidelity_active=True)
        for n in range(4):
            await told(http, anne, f"a{n}")
        for n in range(2):
            await told(http, bruno, f"b{n}")
            await told(http, dora, f"d{n}")
        answer = await http.get(f"/v1/customers/{dora['id']}")
        held = {"if-match": answer.headers["etag"]}
        assert (await http.patch(answer.url.path, json={"fidelity_active": False}, headers=held)).status_code == 200
        assert await found(http, loyalty_under_way=1) == ["ANNE"]
        assert await found(http, loyalty_under_way=2) == ["BRUNO"]
        assert await found(http, loyalty_under_way=0) == ["CLARA"]
        assert await found(http, loyalty_short=2) == ["ANNE"]
        assert await found(http, loyalty_short=3) == ["CLARA"]
        assert await found(http, loyalty_short=6) == ["BRUNO"]
        assert await found(http, loyalty_short=5) == []
        # 36 euros: one reward, six euros into the next, which the third purchase began
        await told(http, bruno, "b2")
        assert await found(http, loyalty_under_way=1) == ["ANNE", "BRUNO"]
        assert await found(http, loyalty_short=24) == ["BRUNO"]

    async def test_is_not_found_where_the_shop_has_no_program(self, http: Client, books: object) -> None:
        await customer(http, "ANNE", fidelity_active=True)
        assert await found(http, loyalty_under_way=0) == []
        assert await found(http, loyalty_short=1) == []


def copied(table: str, source: str, **fresh: str) -> str:
    """The INSERT of copies of the row ``o`` that ``source`` names, with some columns of their own."""
    names = [column.name for column in METADATA.tables[table].columns if column.computed is None]
    values = ", ".join(fresh.get(name, f'o."{name}"') for name in names)
    quoted = ", ".join(f'"{name}"' for name in names)
    return f"INSERT INTO {table} ({quoted}) SELECT {values} FROM {source}"


CUSTOMERS = copied(
    "customer",
    "customer o, generate_series(1, 20000) n WHERE o.name = 'ANNE'",
    customer_id="gen_random_uuid()",
    code="'X' || n",
)
PURCHASES = copied(
    "purchase",
    "purchase o, generate_series(1, 5) n, (SELECT customer_id AS its, code, row_number() OVER (ORDER BY code) * 5 AS place "
    "FROM customer WHERE code LIKE 'X%') c",
    purchase_id="gen_random_uuid()",
    customer_id="its",
    reference="code || '-' || n",
    ean="lpad(((place + n) % 2000)::text, 13, '0')",
    author_key="'AUTEUR NUMERO' || (place + n) % 700",
    at="timestamptz '2020-01-01 10:00Z' + (place + n) * interval '30 minutes'",
)


class TestTwentyThousandCustomers:
    @pytest.mark.row("A44")
    async def test_are_searched_without_a_scan_of_what_they_bought(
        self, http: Client, cards: dict[str, Json], premises: Premises
    ) -> None:
        await told(http, cards["ANNE"], "1")
        sql: ShopConnection = await asyncpg.connect(premises.database, connection_class=ShopConnection)
        try:
            # twenty thousand customers more, each with five purchases; no trigger looks at each of them
            await sql.execute("SET session_replication_role = replica")
            for statement in (CUSTOMERS, PURCHASES, "ANALYZE customer, purchase, article"):
                await sql.execute(statement)
            assert await sql.fetchval("SELECT count(*) FROM purchase") == 100_001
            for index, query in (
                ("ix_purchase_by_article", {"purchased_ean": RUE}),
                ("ix_purchase_by_date", {"purchased_from": date(2021, 3, 1), "purchased_to": date(2021, 3, 8)}),
                ("ix_purchase_by_author", {"purchased_author": "numero12"}),
                ("ix_purchase_by_article", {"purchased_ean": RUE, "purchases_min": 1}),
            ):
                wanted = CustomerFilter(today=date(2026, 11, 22), clearance=None, **query)
                where = where_of(premises.dossier, wanted, coded=None)
                plan = await sql.fetchval(
                    f"EXPLAIN (FORMAT JSON) SELECT count(*) FROM customer c WHERE {where.text}", *where.arguments
                )
                nodes = list(_nodes(json.loads(plan)[0]["Plan"]))
                scans = [each for each in nodes if each.get("Relation Name") == "purchase"]
                assert all(each["Node Type"] != "Seq Scan" for each in scans), (query, scans)
                assert any(each.get("Index Name") == index for each in nodes), (query, nodes)
            bought = "SELECT count(DISTINCT customer_id) FROM purchase WHERE author_key = 'AUTEUR NUMERO699'"
            there = await sql.fetchval(bought)
        finally:
            await sql.close()
        assert len(await found(http, purchased_author="numero699")) == there > 100


def _nodes(plan: Json) -> Any:
    yield plan
    for below in plan.get("Plans", ()):
        yield from _nodes(below)
