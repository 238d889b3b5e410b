"""Stock truth over HTTP: checks, what was lost, and shelves counted (C19, A41)."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from tests.api.steps import (
    BOUTON,
    CHUT,
    EBOOK,
    NUIT,
    RUE,
    UNKNOWN,
    Connection,
    Json,
    all_items,
    euros,
    get,
    items,
    line,
    nothing_written,
    order,
    post,
    refused,
    scan,
    stock,
)
from tests.conftest import Client, Premises


def days(start: int = -1, end: int = 2) -> dict[str, str]:
    """A period around today, by days from it."""
    today = datetime.now(UTC).date()
    return {
        "from": (today + timedelta(days=start)).isoformat(),
        "to": (today + timedelta(days=end)).isoformat(),
    }


async def count(http: Client, *lines: Json, cause: str = "theft", expect: int = 201, **more: object) -> Json:
    return await post(http, "/v1/stock-counts", {"lines": list(lines), "cause": cause, **more}, expect=expect)


def counted(ean: str = RUE, copies: int = 0, **more: object) -> Json:
    return {"ean": ean, "counted": copies, **more}


@pytest.mark.row("C19")
class TestACheck:
    async def test_of_a_true_stock_is_clean(self, http: Client) -> None:
        await stock(http, RUE, 3)
        await order(http, line(RUE, 2))
        await scan(http)
        made = await http.post("/v1/stock-checks")
        check = made.json()
        assert (made.status_code, check["clean"], check["findings"], check["articles"]) == (201, True, [], 6)
        assert await get(http, made.headers["location"]) == check

    async def test_says_what_disagrees_and_what_to_do_in_both_languages(self, http: Client, sql: Connection) -> None:
        await stock(http, RUE, 3)
        made = await order(http, line(CHUT), line(RUE, 2))
        await scan(http)
        await sql.execute("UPDATE stock_level SET set_aside = 5, available = 1 WHERE ean = $1", RUE)
        await sql.execute("UPDATE order_line SET set_aside = 0 WHERE ean = $1", RUE)
        check = await post(http, "/v1/stock-checks", {})
        assert not check["clean"]
        assert [(each["kind"], each["ean"], each["expected"], each["found"]) for each in check["findings"]] == [
            ("lines", RUE, 1, 0),
            ("movements_available", RUE, 2, 1),
            ("movements_set_aside", RUE, 1, 5),
            ("reservations", RUE, 1, 5),
        ]
        on_line = check["findings"][0]
        assert (on_line["order_number"], on_line["position"]) == (made["number"], 2)
        assert on_line["why"].startswith(f"La ligne 2 de la commande {made['number']} compte 0 exemplaire")
        english = await http.get(f"/v1/stock-checks/{check['id']}", headers={"accept-language": "en"})
        for found in english.json()["findings"]:
            assert str(found["expected"]) in found["why"]
            assert str(found["found"]) in found["why"]
        assert english.json()["findings"][1]["why"].startswith("The stock counts 1 copies available")

    async def test_is_listed_newest_first_page_by_page(self, http: Client, sql: Connection) -> None:
        made = [await post(http, "/v1/stock-checks", {})]
        await sql.execute("UPDATE stock_level SET available = 1 WHERE ean = $1", RUE)
        made += [await post(http, "/v1/stock-checks", {}) for _ in range(2)]
        listed = await all_items(http, "/v1/stock-checks", limit=1)
        assert [each["id"] for each in listed] == [each["id"] for each in reversed(made)]
        assert [(each["clean"], each["found"]) for each in listed] == [(False, 1), (False, 1), (True, 0)]
        assert {each["by_name"] for each in listed} == {"admin"}

    async def test_asked_for_again_with_its_key_is_the_same(self, http: Client) -> None:
        keyed = {"idempotency-key": "check"}
        first, again = [await http.post("/v1/stock-checks", headers=keyed) for _ in range(2)]
        assert (again.json(), again.headers["idempotency-replayed"]) == (first.json(), "true")
        assert len(await items(http, "/v1/stock-checks")) == 1

    async def test_is_told_to_who_listens(self, http: Client, sql: Connection) -> None:
        await post(http, "/v1/stock-checks", {})
        assert await sql.fetchval("SELECT data ->> 'findings' FROM outbox_event WHERE type = 'stock.checked'") == "0"

    async def test_that_is_none_is_not_found(self, http: Client) -> None:
        refused(await http.get(f"/v1/stock-checks/chk_{'0' * 32}"), 404, "not-found")


@pytest.mark.row("A41")
class TestShrinkage:
    async def test_is_what_was_written_off_and_what_was_missing(self, http: Client) -> None:
        await stock(http, RUE, 9)
        await stock(http, CHUT, 2)
        kept = [await scan_for(http) for _ in range(3)]
        await release(http, kept[0], reason="introuvable")
        await release(http, kept[1], reason="introuvable")
        await release(http, kept[2], restock=True)
        await count(http, counted(RUE, 4), counted(CHUT, 1), reason="rayon B")
        await post(http, f"/v1/articles/{RUE}/movements", {"quantity": -1, "reason": "Inventaire"})
        lost = await get(http, "/v1/shrinkage", **days())
        assert [(each["cause"], each["reason"], each["copies"], each["value"]) for each in lost["by_cause"]] == [
            ("theft", "rayon B", 4, euros("50.50")),
            ("not_found", "introuvable", 2, euros("24.00")),
            ("correction", "Inventaire", 1, euros("12.00")),
        ]
        assert (lost["copies"], lost["value"]) == (7, euros("86.50"))
        assert (lost["found_copies"], lost["found_value"]) == (11, euros("137.00"))
        assert (lost["from"], lost["to"]) == (days()["from"], days()["to"])
        assert sum(each["copies"] for each in lost["items"]) == 7
        assert all(each["copies"] > 0 for each in lost["items"])

    async def test_knows_copies_that_came_back_spoilt(self, http: Client) -> None:
        await stock(http, RUE, 1)
        made = await order(http, line(RUE))
        await scan(http)
        sold = await get(http, f"/v1/orders/{made['id']}")
        sold = await post(http, f"/v1/orders/{made['id']}/deliveries", {}, version=sold["version"])
        back = {
            "lines": [{"line_id": sold["lines"][0]["id"], "quantity": 1}],
            "restock": False,
            "replace": False,
            "reason": "page arrachée",
        }
        await post(http, f"/v1/orders/{made['id']}/returns", back, version=sold["version"])
        lost = await get(http, "/v1/shrinkage", **days())
        assert [(each["cause"], each["reason"], each["copies"]) for each in lost["by_cause"]] == [
            ("returned", "page arrachée", 1)
        ]

    async def test_is_read_page_by_page_newest_first_under_the_same_sums(self, http: Client) -> None:
        await stock(http, RUE, 5)
        for left in (4, 3, 2):
            await count(http, counted(RUE, left))
        first = await get(http, "/v1/shrinkage", limit=2, **days())
        second = await get(http, first["next"])
        assert second["next"] is None
        rows = [*first["items"], *second["items"]]
        assert len({each["id"] for each in rows}) == 3
        assert [each["at"] for each in rows] == sorted((each["at"] for each in rows), reverse=True)
        assert first["copies"] == second["copies"] == 3

    @pytest.mark.parametrize(
        ("at", "inside"),
        [
            ("2026-03-28T22:59:59Z", False),
            ("2026-03-28T23:00:00Z", True),
            # that night Paris goes over to summer time
            ("2026-03-29T21:59:59Z", True),
            ("2026-03-29T22:00:00Z", False),
        ],
    )
    async def test_of_a_day_is_the_shop_s_own_day(self, http: Client, sql: Connection, at: str, inside: bool) -> None:
        await stock(http, RUE, 2)
        await count(http, counted(RUE, 1))
        moved = datetime.fromisoformat(at)
        await sql.execute("UPDATE stock_movement SET at = $1", moved)
        lost = await get(http, "/v1/shrinkage", **{"from": "2026-03-29", "to": "2026-03-30"})
        assert (lost["copies"], len(lost["items"]), lost["found_copies"]) == ((1, 1, 2) if inside else (0, 0, 0))

    async def test_of_no_time_is_refused(self, http: Client) -> None:
        for start, end in (("2026-03-29", "2026-03-29"), ("2026-03-30", "2026-03-29")):
            answer = await http.get("/v1/shrinkage", params={"from": start, "to": end})
            assert refused(answer, 409, "inconsistent")["errors"][0]["pointer"] == "to"

    async def test_is_the_shop_s_own(self, http: Client, sql: Connection, elsewhere: Premises) -> None:
        await stock(http, RUE, 2)
        await count(http, counted(RUE, 1))
        for table in ("article", "stock_movement"):
            await sql.execute(
                f"INSERT INTO {table} SELECT (jsonb_populate_record(t, jsonb_build_object('dossier_id', $1::uuid))).* "
                f"FROM {table} t WHERE ean = $2",
                elsewhere.dossier,
                RUE,
            )
        assert (await get(http, "/v1/shrinkage", **days()))["copies"] == 1


async def scan_for(http: Client) -> str:
    """A copy of the first book kept for a customer by hand; the reservation."""
    made = await post(http, "/v1/reservations", {"ean": RUE, "quantity": 1, "contact": {"name": "MARTIN"}})
    return str(made["id"])


async def release(http: Client, reservation: str, *, restock: bool = False, reason: str | None = None) -> None:
    body = {"reservation_ids": [reservation], "restock": restock, "reason": reason}
    await post(http, "/v1/reservations/release", body, expect=200)


@pytest.mark.row("A41")
class TestACount:
    async def test_makes_the_stock_what_was_counted(self, http: Client) -> None:
        await stock(http, RUE, 3)
        done = await count(http, counted(RUE, 1), counted(CHUT, 2), counted(NUIT, 0), reason="rayon B")
        assert (done["dry_run"], done["difference"], done["value"]) == (False, 0, euros("5.00"))
        assert done["lines"][0] == {
            "ean": RUE,
            "title": "DANS LA RUE",
            "counted": 1,
            "available": 3,
            "difference": -2,
            "value": euros("-24.00"),
            "cause": "theft",
        }
        assert done["lines"][1]["cause"] == "found"
        assert await get(http, f"/v1/articles/{RUE}/stock") == {"ean": RUE, "available": 1, "set_aside": 0}
        (newest, *_) = await items(http, f"/v1/articles/{RUE}/movements")
        assert (newest["cause"], newest["available"], newest["reason"]) == ("adjust", -2, "Inventaire : vol — rayon B")
        assert await items(http, f"/v1/articles/{NUIT}/movements") == []
        assert (await post(http, "/v1/stock-checks", {}))["clean"]

    async def test_run_dry_answers_the_same_and_writes_nothing(self, http: Client, sql: Connection) -> None:
        await stock(http, RUE, 3)
        lines = [counted(RUE, 1), counted(CHUT, 2)]
        async with nothing_written(sql):
            dry = await count(http, *lines, dry_run=True, expect=200)
        assert await get(http, f"/v1/articles/{RUE}/stock") == {"ean": RUE, "available": 3, "set_aside": 0}
        assert {**await count(http, *lines), "dry_run": True} == dry

    async def test_names_every_line_it_refuses(self, http: Client, sql: Connection) -> None:
        lines = [counted(RUE, 1), counted(UNKNOWN), counted(EBOOK), counted(RUE, 2), counted(BOUTON)]
        async with nothing_written(sql):
            answer = await http.post("/v1/stock-counts", json={"lines": lines, "cause": "count_error"})
        problem = refused(answer, 422, "invalid")
        assert [each["pointer"] for each in problem["errors"]] == ["/lines/1/ean", "/lines/2/ean", "/lines/3/ean"]

    async def test_of_what_was_sold_meanwhile_is_refused(self, http: Client, sql: Connection) -> None:
        await stock(http, RUE, 3)
        body = {"lines": [counted(RUE, 1, available=4)], "cause": "count_error"}
        async with nothing_written(sql):
            problem = refused(await http.post("/v1/stock-counts", json=body), 409, "unfit-lines")
        (fault,) = problem["errors"]
        assert (fault["pointer"], "3" in fault["detail"], "4" in fault["detail"]) == (
            "/lines/0/available",
            True,
            True,
        )

    @pytest.mark.parametrize(
        "body",
        [
            {"lines": [], "cause": "theft"},
            {"lines": [counted(RUE, -1)], "cause": "theft"},
            {"lines": [counted(RUE, 1)], "cause": "expired"},
            {"lines": [counted(RUE, 1)]},
            {"lines": [counted(RUE, 1)], "cause": "other"},
            {"lines": [counted(RUE, 1_000_000)], "cause": "theft"},
        ],
    )
    async def test_of_nonsense_leaves_nothing(self, http: Client, sql: Connection, body: Json) -> None:
        async with nothing_written(sql):
            refused(await http.post("/v1/stock-counts", json=body), 422, "invalid")

    async def test_twice_with_one_key_is_one(self, http: Client) -> None:
        await stock(http, RUE, 3)
        keyed = {"idempotency-key": "count"}
        body = {"lines": [counted(RUE, 1)], "cause": "theft"}
        first, again = [await http.post("/v1/stock-counts", json=body, headers=keyed) for _ in range(2)]
        assert (again.json(), again.headers["idempotency-replayed"]) == (first.json(), "true")
        lost = await get(http, "/v1/shrinkage", **days())
        assert (lost["copies"], Decimal(lost["value"]["amount"])) == (2, Decimal(24))
