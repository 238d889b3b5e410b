"""Reservations over HTTP: the list of A33 to A37, made by hand (A34), collected, released (A40), and their slip (A29)."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.api.steps import (
    CHUT,
    EBOOK,
    NUIT,
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
    post,
    push,
    refused,
    scan,
    stock,
)
from tests.conftest import Client


async def by_hand(http: Client, ean: str = RUE, *, name: str = "MARTIN", **more: object) -> Json:
    who: Json = {} if "customer_id" in more else {"contact": {"name": name}}
    return await post(http, "/v1/reservations", {"ean": ean, **who, **more})


async def kept(http: Client, ean: str = RUE, **more: Any) -> Json:
    """A reservation behind which stands a fresh order."""
    await order(http, line(ean), **more)
    await stock(http, ean)
    found: Json = (await scan(http, ean))["reservation"]
    return found


async def names(http: Client, **query: object) -> list[str]:
    return [row["customer_name"] for row in await items(http, "/v1/reservations", **query)]


async def levels(http: Client, ean: str = RUE) -> tuple[int, int]:
    found = await get(http, f"/v1/articles/{ean}/stock")
    return found["available"], found["set_aside"]


class TestTheList:
    @pytest.mark.row("A35")
    async def test_has_the_columns_of_the_screen(self, http: Client) -> None:
        card = await customer(http, "DURAND", code="DUR1")
        made = await order(http, line(RUE), customer_id=card["id"], mail_order=True)
        await stock(http)
        scanned = (await scan(http))["reservation"]
        (row,) = await items(http, "/v1/reservations")
        assert row == scanned == await get(http, f"/v1/reservations/{row['id']}")
        columns = ("title", "order_number", "order_status", "mail_order", "digital", "customer_code", "customer_name")
        assert [row[name] for name in columns] == ["DANS LA RUE", made["number"], "CO", True, False, "DUR1", "DURAND"]
        assert row["set_aside_at"].endswith("Z")

    @pytest.mark.row("A37")
    async def test_leaves_order_status_and_vpc_blank_without_an_order(self, http: Client) -> None:
        card = await customer(http, "DURAND", code="DUR1")
        await stock(http)
        await by_hand(http, customer_id=card["id"])
        (row,) = await items(http, "/v1/reservations")
        assert [row[name] for name in ("order_id", "order_number", "order_status", "mail_order", "line_id")] == [
            None
        ] * 5
        assert (row["customer_code"], row["customer_name"]) == ("DUR1", "DURAND")

    @pytest.mark.row("A36")
    async def test_shows_the_oldest_first(self, http: Client) -> None:
        for name in ("ZOLA", "ARAGON", "MAUPASSANT"):
            await stock(http)
            await by_hand(http, name=name)
        assert await names(http) == ["ZOLA", "ARAGON", "MAUPASSANT"]
        assert await names(http, sort="-set_aside_at") == ["MAUPASSANT", "ARAGON", "ZOLA"]

    @pytest.mark.row("A35")
    @pytest.mark.parametrize("column", ["set_aside_at", "title", "order_number", "customer_code", "customer_name"])
    async def test_sorts_by_every_column_both_ways(self, http: Client, column: str) -> None:
        first = await customer(http, "ZOLA", code="B1")
        second = await customer(http, "Élan", code="A1")
        await kept(http, NUIT, customer_id=first["id"])
        await kept(http, RUE, customer_id=second["id"])
        await stock(http, CHUT)
        await by_hand(http, CHUT, name="LIBRE")
        expected = {
            "set_aside_at": ["ZOLA", "Élan", "LIBRE"],
            "title": ["ZOLA", "LIBRE", "Élan"],
            "order_number": ["LIBRE", "ZOLA", "Élan"],
            "customer_code": ["LIBRE", "Élan", "ZOLA"],
            "customer_name": ["Élan", "LIBRE", "ZOLA"],
        }[column]
        assert await names(http, sort=column) == expected
        assert await names(http, sort=f"-{column}") == expected[::-1]

    async def test_filters_on_every_criterion(self, http: Client, sql: Connection) -> None:
        card = await customer(http, "DURAND")
        mine = await kept(http, CHUT, customer_id=card["id"])
        await push(http, "W-1", line(NUIT), name="DU WEB")
        await stock(http, NUIT)
        await scan(http, NUIT)
        await stock(http)
        old = await by_hand(http, name="Mme de la Tour")
        await sql.execute(
            "UPDATE reservation SET set_aside_at = $1, pickup_deadline = $2 WHERE reservation_id = $3::uuid",
            datetime.fromisoformat("2026-01-10T00:00:00Z"),
            datetime.fromisoformat("2026-01-24T00:00:00Z").date(),
            old["id"].removeprefix("rsv_"),
        )
        for query, expected in (
            ({"name": "durand"}, ["DURAND"]),
            ({"name": "tour"}, ["Mme de la Tour"]),
            ({"name": "our"}, []),
            ({"name": "%"}, []),
            ({"order_number": mine["order_number"]}, ["DURAND"]),
            ({"ean": NUIT}, ["DU WEB"]),
            ({"customer_id": card["id"]}, ["DURAND"]),
            ({"mail_order": "true"}, ["DU WEB"]),
            ({"mail_order": "false"}, ["Mme de la Tour", "DURAND"]),
            ({"expired": "true"}, ["Mme de la Tour"]),
            ({"set_aside_to": "2026-01-10T00:00:00Z"}, []),
            ({"set_aside_from": "2026-01-10T00:00:00Z", "set_aside_to": "2026-01-10T00:00:01Z"}, ["Mme de la Tour"]),
            ({"state": "collected"}, []),
            ({"state": ["set_aside", "collected"]}, ["Mme de la Tour", "DURAND", "DU WEB"]),
            ({}, ["Mme de la Tour", "DURAND", "DU WEB"]),
        ):
            assert await names(http, **query) == expected, query
            assert await get(http, "/v1/reservations/count", **query) == {"count": len(expected), "capped": False}

    async def test_says_when_one_has_expired(self, http: Client, sql: Connection) -> None:
        await stock(http)
        made = await by_hand(http)
        today = await sql.fetchval("SELECT (now() AT TIME ZONE 'Europe/Paris')::date")
        assert made["pickup_deadline"] == (today + timedelta(days=14)).isoformat()
        for days, expired in ((0, False), (-1, True)):
            await sql.execute("UPDATE reservation SET pickup_deadline = $1", today + timedelta(days=days))
            assert (await get(http, f"/v1/reservations/{made['id']}"))["expired"] is expired


class TestOneByHand:
    @pytest.mark.row("A34")
    async def test_sets_copies_aside_for_a_name_or_a_customer(self, http: Client) -> None:
        await stock(http, RUE, 3)
        answer = await http.post(
            "/v1/reservations", json={"ean": RUE, "quantity": 2, "contact": {"name": "MARTIN"}, "place": "Casier 4"}
        )
        made = answer.json()
        assert (answer.status_code, answer.headers["location"]) == (201, f"/v1/reservations/{made['id']}")
        assert (made["quantity"], made["place"], made["state"]) == (2, "Casier 4", "set_aside")
        assert await levels(http) == (1, 2)

    @pytest.mark.row("A34")
    @pytest.mark.parametrize(
        ("body", "status", "code"),
        [
            ({"ean": RUE, "quantity": 2, "contact": {"name": "A"}}, 409, "out-of-stock"),
            ({"ean": UNKNOWN, "contact": {"name": "A"}}, 404, "unknown-article"),
            ({"ean": EBOOK, "contact": {"name": "A"}}, 422, "invalid"),
            ({"ean": RUE}, 422, "invalid"),
            ({"ean": RUE, "quantity": 0, "contact": {"name": "A"}}, 422, "invalid"),
            ({"ean": RUE, "customer_id": f"cus_{'0' * 32}"}, 404, "not-found"),
        ],
    )
    async def test_is_refused_and_leaves_nothing(
        self, http: Client, sql: Connection, body: Json, status: int, code: str
    ) -> None:
        await stock(http)
        async with nothing_written(sql):
            refused(await http.post("/v1/reservations", json=body), status, code)
        assert await levels(http) == (1, 0)

    @pytest.mark.parametrize(("card", "code"), [({"light": "red"}, "customer-blocked")])
    async def test_is_refused_to_who_may_not_have_one(self, http: Client, card: Json, code: str) -> None:
        bad = await customer(http, **card)
        await stock(http)
        refused(await http.post("/v1/reservations", json={"ean": RUE, "customer_id": bad["id"]}), 409, code)


class TestCollecting:
    async def test_sells_the_copies_and_delivers_the_order(self, http: Client) -> None:
        made = await order(http, line(RUE, 2))
        await stock(http, RUE, 2)
        ids = [(await scan(http))["reservation"]["id"] for _ in range(2)]
        found = await post(http, "/v1/reservations/collect", {"reservation_ids": ids}, expect=200)
        assert [(each["id"], each["state"]) for each in found["items"]] == [(each, "collected") for each in ids]
        assert (await get(http, f"/v1/orders/{made['id']}"))["status"] == "LT"
        assert await levels(http) == (0, 0)

    async def test_is_all_of_the_list_or_nothing(self, http: Client, sql: Connection) -> None:
        one, other = await kept(http, RUE), await kept(http, CHUT)
        await post(http, "/v1/reservations/collect", {"reservation_ids": [other["id"]]}, expect=200)
        async with nothing_written(sql):
            body = {"reservation_ids": [one["id"], other["id"]]}
            problem = refused(await http.post("/v1/reservations/collect", json=body), 409, "reservation-ended")
        assert "CHUT" in problem["detail"]
        assert (await get(http, f"/v1/reservations/{one['id']}"))["state"] == "set_aside"

    async def test_of_one_that_is_not_there_changes_nothing(self, http: Client, sql: Connection) -> None:
        one = await kept(http)
        async with nothing_written(sql):
            body = {"reservation_ids": [one["id"], f"rsv_{'0' * 32}"]}
            refused(await http.post("/v1/reservations/collect", json=body), 404, "not-found")

    async def test_of_the_same_twice_in_one_list_counts_once(self, http: Client) -> None:
        one = await kept(http)
        body = {"reservation_ids": [one["id"], one["id"]]}
        found = await post(http, "/v1/reservations/collect", body, expect=200)
        assert len(found["items"]) == 1
        assert await levels(http) == (0, 0)

    async def test_for_a_blocked_order_is_refused(self, http: Client, sql: Connection) -> None:
        await push(http, "W-1", paid=False)
        await stock(http)
        one = (await scan(http))["reservation"]
        async with nothing_written(sql):
            body = {"reservation_ids": [one["id"]]}
            refused(await http.post("/v1/reservations/collect", json=body), 409, "order-closed")
        assert await levels(http) == (0, 1)


class TestReleasing:
    @pytest.mark.row("A40")
    async def test_puts_the_copies_back_and_the_line_waits_again(self, http: Client) -> None:
        one = await kept(http)
        body = {"reservation_ids": [one["id"]], "restock": True}
        (ended,) = (await post(http, "/v1/reservations/release", body, expect=200))["items"]
        assert (ended["state"], ended["ended_at"] is not None) == ("returned", True)
        assert await levels(http) == (1, 0)
        assert [each["outstanding"] for each in await items(http, f"/v1/articles/{RUE}/queue")] == [1]

    @pytest.mark.row("A40")
    async def test_without_restocking_writes_the_copies_off_with_the_reason(self, http: Client) -> None:
        one = await kept(http)
        body = {"reservation_ids": [one["id"]], "restock": False, "reason": "Introuvable"}
        (ended,) = (await post(http, "/v1/reservations/release", body, expect=200))["items"]
        assert (ended["state"], ended["end_reason"]) == ("written_off", "Introuvable")
        assert await levels(http) == (0, 0)
        (newest, *_) = await items(http, f"/v1/articles/{RUE}/movements")
        assert (newest["cause"], newest["set_aside"], newest["reason"]) == ("write_off", -1, "Introuvable")

    @pytest.mark.row("A40")
    @pytest.mark.parametrize("reason", [{}, {"reason": None}])
    async def test_without_restocking_needs_a_reason(self, http: Client, sql: Connection, reason: Json) -> None:
        one = await kept(http)
        async with nothing_written(sql):
            body = {"reservation_ids": [one["id"]], "restock": False, **reason}
            problem = refused(await http.post("/v1/reservations/release", json=body), 422, "invalid")
        assert problem["errors"][0]["pointer"] == "/reason"

    async def test_twice_is_refused(self, http: Client) -> None:
        one = await kept(http)
        body = {"reservation_ids": [one["id"]], "restock": True}
        await post(http, "/v1/reservations/release", body, expect=200)
        refused(await http.post("/v1/reservations/release", json=body), 409, "reservation-ended")
        assert await levels(http) == (1, 0)


class TestTheSlip:
    @pytest.mark.row("A29")
    async def test_is_a_pdf_to_print(self, http: Client) -> None:
        one = await kept(http)
        assert one["slip_url"] == f"/v1/reservations/{one['id']}/slip.pdf"
        answer = await http.get(one["slip_url"])
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
        assert answer.headers["content-disposition"].startswith("inline")
        assert answer.content.startswith(b"%PDF-")

    async def test_of_no_reservation_is_404(self, http: Client) -> None:
        refused(await http.get(f"/v1/reservations/rsv_{'0' * 32}/slip.pdf"), 404, "not-found")
