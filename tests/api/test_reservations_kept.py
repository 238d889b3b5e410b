"""Kept copies over HTTP: found by every criterion, changed, given to another, collected in part, given up (P4 to P7, P32)."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from tests.api.steps import (
    CHUT,
    EBOOK,
    NUIT,
    RUE,
    Connection,
    Json,
    all_items,
    customer,
    get,
    items,
    line,
    nothing_written,
    order,
    post,
    push,
    put,
    refused,
    scan,
    stock,
)
from tests.conftest import Client

CARD: Json = {"title": "DANS LA RUE", "list_price": {"amount": "12.00"}}
NOBODY = f"rsv_{'0' * 32}"


@pytest.fixture
async def today(sql: Connection) -> date:
    found: date = await sql.fetchval("SELECT (now() AT TIME ZONE 'Europe/Paris')::date")
    return found


async def by_hand(http: Client, ean: str = RUE, *, name: str = "MARTIN", **more: object) -> Json:
    who: Json = {} if "customer_id" in more else {"contact": {"name": name}}
    await stock(http, ean, int(str(more.get("quantity", 1))))
    return await post(http, "/v1/reservations", {"ean": ean, **who, **more})


async def kept(http: Client, ean: str = RUE, **more: Any) -> Json:
    """A reservation behind which stands a fresh order."""
    await order(http, line(ean), **more)
    await stock(http, ean)
    found: Json = (await scan(http, ean))["reservation"]
    return found


async def patch(http: Client, one: Json, body: Json, *, version: int | None = None) -> httpx.Response:
    held = {"if-match": f'"{one["version"] if version is None else version}"'}
    return await http.patch(f"/v1/reservations/{one['id']}", json=body, headers=held)


async def move(http: Client, one: Json, **body: object) -> httpx.Response:
    return await http.post(
        f"/v1/reservations/{one['id']}/move",
        json={"reason": "Part en voyage", **body},
        headers={"if-match": f'"{one["version"]}"'},
    )


async def aged(sql: Connection, one: Json, days: int) -> None:
    """As if it had been set aside so many days ago."""
    await sql.execute(
        "UPDATE reservation SET set_aside_at = set_aside_at - make_interval(days => $1) WHERE reservation_id = $2::uuid",
        days,
        one["id"].removeprefix("rsv_"),
    )


@pytest.mark.row("A33", "A41")
class TestTheCriteria:
    async def test_find_what_they_say(self, http: Client, sql: Connection, today: date) -> None:
        card, merged = await customer(http, "DURAND", code="DUR1"), await customer(http, "DURANT", code="OLD1")
        await sql.execute(
            "UPDATE customer SET merged_into = $1::uuid WHERE customer_id = $2::uuid",
            *(each["id"].removeprefix("cus_") for each in (card, merged)),
        )
        await kept(http, RUE, customer_id=card["id"])
        hand = await by_hand(http, CHUT, name="LIBRE", place="Casier 4", pickup_deadline=today.isoformat())
        await push(http, "W-1", line(NUIT), name="DU WEB")
        await stock(http, NUIT)
        web = (await scan(http, NUIT))["reservation"]
        await post(http, f"/v1/reservations/{web['id']}/cancellation-request", {"reason": None}, expect=200)
        gone = await by_hand(http, RUE, name="PARTI")
        await post(
            http,
            "/v1/reservations/release",
            {"reservation_ids": [gone["id"]], "restock": False, "reason": "x", "cause": "damaged"},
            expect=200,
        )
        tomorrow = (today + timedelta(days=1)).isoformat()
        for query, expected in (
            ({"title": "rue"}, ["DURAND", "PARTI"]),
            ({"title": "ue"}, []),
            ({"title": "chut"}, ["LIBRE"]),
            ({"customer_code": "dur1"}, ["DURAND"]),
            ({"customer_code": "DUR"}, []),
            ({"customer_code": "OLD1"}, ["DURAND"]),
            ({"place": "casier"}, ["LIBRE"]),
            ({"place": "asier"}, []),
            ({"digital": "false", "by_hand": "true"}, ["LIBRE", "PARTI"]),
            ({"digital": "true"}, []),
            ({"by_hand": "false"}, ["DURAND", "DU WEB"]),
            ({"deadline_to": today.isoformat()}, ["LIBRE"]),
            ({"deadline_from": tomorrow}, ["DURAND", "DU WEB", "PARTI"]),
            ({"cancel_requested": "true"}, ["DU WEB"]),
            ({"cancel_requested": "false", "state": "set_aside"}, ["DURAND", "LIBRE"]),
            ({"end_cause": "damaged"}, ["PARTI"]),
            ({"end_cause": ["collected", "expired"]}, []),
            ({"to_remind": "true"}, ["DURAND", "LIBRE"]),
            ({"old": "true"}, []),
        ):
            assert [row["customer_name"] for row in await items(http, "/v1/reservations", **query)] == expected, query
            assert (await get(http, "/v1/reservations/count", **query))["count"] == len(expected)
        await aged(sql, hand, 15)
        assert [row["id"] for row in await items(http, "/v1/reservations", old="true")] == [hand["id"]]

    @pytest.mark.row("P32")
    async def test_old_is_more_days_ago_than_the_shop_finds_good(self, http: Client, sql: Connection) -> None:
        one = await by_hand(http)
        path = f"/v1/reservations/{one['id']}"
        midnight = datetime.now(ZoneInfo("Europe/Paris")).replace(hour=0, minute=0, second=0, microsecond=0)
        for at, old in (
            (midnight - timedelta(days=14), False),
            (midnight - timedelta(days=14, microseconds=1), True),
        ):
            await sql.execute("UPDATE reservation SET set_aside_at = $1", at)
            assert (await get(http, path))["old"] is old
            assert len(await items(http, "/v1/reservations", old="true")) == old
        await post(http, "/v1/reservations/collect", {"reservation_ids": [one["id"]]}, expect=200)
        assert (await get(http, path))["old"] is False
        assert await items(http, "/v1/reservations", old="true") == []

    async def test_whoever_was_told_of_the_step_reached_needs_no_reminder(
        self, http: Client, sql: Connection, today: date
    ) -> None:
        one = await by_hand(http)

        async def to_remind() -> int:
            return len(await items(http, "/v1/reservations", to_remind="true"))

        async def told(event: str, state: str = "sent") -> None:
            message = await sql.fetchval(
                "INSERT INTO message (dossier_id, message_id, name, channel, address, language, purpose, event, day, subject,"
                " body, created_at, send_after, by, state, attempts, version, ended_at) SELECT dossier_id,"
                " gen_random_uuid(), name, 'email', 'a@example.org', 'fr', 'order_arrival', $1, $2, 's', 'b',"
                " now(), now(), 'test', $3, 1, 1, now() FROM reservation RETURNING message_id",
                event,
                today,
                state,
            )
            await sql.execute(
                "INSERT INTO message_reservation (dossier_id, message_id, reservation_id) "
                "SELECT dossier_id, $1, reservation_id FROM reservation",
                message,
            )

        assert await to_remind() == 1
        await told("arrival", "withheld")
        assert await to_remind() == 1
        await told("arrival")
        assert await to_remind() == 0
        await aged(sql, one, 7)
        assert await to_remind() == 1
        await told("reminder_1")
        assert await to_remind() == 0

    @pytest.mark.parametrize("column", ["pickup_deadline", "place"])
    async def test_sort_page_by_page(self, http: Client, today: date, column: str) -> None:
        for nth, place in enumerate(("Casier 9", None, "Casier 1", "casier 4", None)):
            until = (today + timedelta(days=nth % 3)).isoformat()
            await by_hand(http, name=f"N{nth}", place=place, pickup_deadline=until)
        expected = {
            "pickup_deadline": ["N0", "N3", "N1", "N4", "N2"],
            "place": ["N1", "N4", "N2", "N0", "N3"],
        }[column]
        for sort, names in ((column, expected), (f"-{column}", expected[::-1])):
            rows = await all_items(http, "/v1/reservations", sort=sort, limit=2)
            assert [row["customer_name"] for row in rows] == names


class TestOneOfThem:
    async def test_says_all_that_is_known_of_it(self, http: Client) -> None:
        one = await kept(http)
        told = {
            name: one[name]
            for name in ("old", "ended_by", "end_cause", "slip_printed_at", "cancel_request", "order_paid")
        }
        assert told == {
            "old": False,
            "ended_by": None,
            "end_cause": None,
            "slip_printed_at": None,
            "cancel_request": None,
            "order_paid": False,
        }
        (ended,) = (await post(http, "/v1/reservations/collect", {"reservation_ids": [one["id"]]}, expect=200))["items"]
        assert ended["end_cause"] == "collected"
        assert ended["ended_by"].startswith("key:")
        assert await get(http, f"/v1/reservations/{one['id']}") == ended

    @pytest.mark.row("P33")
    async def test_says_whether_it_was_paid_and_goes_by_post(self, http: Client) -> None:
        await push(http, "W-1", paid=True)
        await stock(http)
        one = (await scan(http))["reservation"]
        assert (one["order_paid"], one["mail_order"]) == (True, True)
        assert await get(http, f"/v1/reservations/{one['id']}") == one
        assert (await by_hand(http))["order_paid"] is None

    @pytest.mark.row("P33")
    async def test_says_what_a_copy_weighs_as_the_article_has_it_now(self, http: Client) -> None:
        await put(http, f"/v1/articles/{RUE}", {**CARD, "weight_g": 410})
        await order(http, line(RUE, 3))
        await stock(http)
        scanned = (await scan(http))["reservation"]
        received = await post(http, "/v1/receptions", {"lines": [{"ean": RUE, "quantity": 2}]})
        manual = await by_hand(http)
        ((reserved,),) = [each["reservations"] for each in received["lines"]]
        for one in (scanned, reserved, manual):
            assert one["weight_g"] == 410
            assert await get(http, f"/v1/reservations/{one['id']}") == one
        ids = [scanned["id"], reserved["id"]]
        later = await post(
            http, "/v1/reservations/postpone", {"reservation_ids": ids, "pickup_deadline": "2999-12-31"}, expect=200
        )
        assert [each["weight_g"] for each in later["items"]] == [410, 410]
        moved = await post(
            http,
            f"/v1/reservations/{manual['id']}/move",
            {"contact": {"name": "DURAND"}, "reason": "x"},
            expect=200,
            version=manual["version"],
        )
        assert moved["weight_g"] == 410
        await put(http, f"/v1/articles/{RUE}", {**CARD, "weight_g": 820})
        assert (await get(http, f"/v1/reservations/{scanned['id']}"))["weight_g"] == 820
        taken = await post(http, "/v1/reservations/collect", {"reservation_ids": ids}, expect=200)
        assert [each["weight_g"] for each in taken["items"]] == [820, 820]
        await put(http, f"/v1/articles/{RUE}", CARD)
        listed = await items(http, "/v1/reservations")
        assert {each["weight_g"] for each in listed} == {None}

    @pytest.mark.row("P5")
    async def test_is_kept_until_the_customers_own_day_where_it_is_earlier(self, http: Client, today: date) -> None:
        for wanted, until in ((3, 3), (60, 14), (-3, 0)):
            made = await by_hand(http, pickup_deadline=(today + timedelta(days=wanted)).isoformat())
            assert made["pickup_deadline"] == (today + timedelta(days=until)).isoformat()

    @pytest.mark.row("A29")
    async def test_changes_for_whoever_saw_the_last_version(self, http: Client, sql: Connection, today: date) -> None:
        one = await kept(http)
        read = await http.get(f"/v1/reservations/{one['id']}")
        assert read.headers["etag"] == '"1"'
        until = (today + timedelta(days=30)).isoformat()
        answer = await patch(http, one, {"place": "Casier 7", "pickup_deadline": until})
        changed = answer.json()
        assert (changed["place"], changed["pickup_deadline"], changed["slip_printed_at"]) == ("Casier 7", until, None)
        assert answer.headers["etag"] == f'"{changed["version"]}"'
        async with nothing_written(sql):
            refused(await patch(http, one, {"place": "Casier 8"}), 412, "stale-version")
            past = {"place": "Casier 8", "pickup_deadline": (today - timedelta(days=1)).isoformat()}
            problem = refused(await patch(http, changed, past), 409, "deadline-past")
            assert today.isoformat() in problem["detail"]
            for nonsense in ({"pickup_deadline": None}, {"slip_printed": False}, {"place": ""}, {"quantity": 2}):
                refused(await patch(http, changed, nonsense), 422, "invalid")
            refused(await http.patch(f"/v1/reservations/{one['id']}", json={}), 428, "if-match-missing")
        printed = (await patch(http, changed, {"slip_printed": True, "place": None})).json()
        assert (printed["slip_printed_at"] is not None, printed["place"], printed["pickup_deadline"]) == (
            True,
            None,
            until,
        )
        assert await get(http, f"/v1/reservations/{one['id']}") == printed

    async def test_that_ended_keeps_its_place(self, http: Client) -> None:
        one = await kept(http)
        (ended,) = (await post(http, "/v1/reservations/collect", {"reservation_ids": [one["id"]]}, expect=200))["items"]
        refused(await patch(http, ended, {"place": "Casier 7"}), 409, "reservation-ended")
        assert (await patch(http, ended, {"slip_printed": True})).status_code == 200

    @pytest.mark.row("P7")
    async def test_may_be_asked_to_be_given_up(self, http: Client) -> None:
        one = await kept(http)
        path = f"/v1/reservations/{one['id']}/cancellation-request"
        asked = await post(http, path, {"reason": "Acheté ailleurs"}, expect=200)
        assert (asked["state"], asked["cancel_request"]["reason"]) == ("set_aside", "Acheté ailleurs")
        assert asked["cancel_request"]["by"].startswith("key:")
        refused(await http.delete(path, headers={"if-match": '"1"'}), 412, "stale-version")
        answer = await http.delete(path, headers={"if-match": f'"{asked["version"]}"'})
        assert (answer.status_code, answer.json()["cancel_request"]) == (200, None)
        refused(await http.post(f"/v1/reservations/{NOBODY}/cancellation-request", json={}), 404, "not-found")

    @pytest.mark.row("A29")
    @pytest.mark.parametrize(("paper", "size"), [("till", b"226"), ("a6", b"297")])
    async def test_has_a_slip_on_either_paper(self, http: Client, paper: str, size: bytes) -> None:
        one = await kept(http)
        answer = await http.get(one["slip_url"], params={"format": paper})
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
        assert size in answer.content
        refused(await http.get(one["slip_url"], params={"format": "a4"}), 422, "invalid")


class TestManyOfThem:
    @pytest.mark.row("A39")
    async def test_are_postponed_together_or_not_at_all(self, http: Client, sql: Connection, today: date) -> None:
        one, other = await by_hand(http), await by_hand(http)
        until = (today + timedelta(days=30)).isoformat()
        body = {"reservation_ids": [one["id"], other["id"]], "pickup_deadline": until}
        found = (await post(http, "/v1/reservations/postpone", body, expect=200))["items"]
        assert [(each["id"], each["pickup_deadline"]) for each in found] == [(one["id"], until), (other["id"], until)]
        async with nothing_written(sql):
            late = {**body, "pickup_deadline": (today - timedelta(days=1)).isoformat()}
            refused(await http.post("/v1/reservations/postpone", json=late), 409, "deadline-past")
            ghost = {**body, "reservation_ids": [one["id"], NOBODY]}
            refused(await http.post("/v1/reservations/postpone", json=ghost), 404, "not-found")

    @pytest.mark.row("A40")
    async def test_of_which_fewer_copies_are_taken_stay_for_the_rest(self, http: Client, sql: Connection) -> None:
        one, other = await by_hand(http, quantity=3, place="Casier 4"), await by_hand(http, CHUT)
        body = {
            "reservation_ids": [one["id"], other["id"]],
            "parts": [{"reservation_id": one["id"], "quantity": 1}, {"reservation_id": one["id"], "quantity": 1}],
        }
        taken, whole, stays = (await post(http, "/v1/reservations/collect", body, expect=200))["items"]
        assert (taken["state"], taken["quantity"], whole["id"]) == ("collected", 2, other["id"])
        assert (stays["id"], stays["state"], stays["quantity"]) == (one["id"], "set_aside", 1)
        for name in ("place", "pickup_deadline", "set_aside_at"):
            assert stays[name] == one[name]
        async with nothing_written(sql):
            for parts, code in (
                ([{"reservation_id": one["id"], "quantity": 2}], "out-of-stock"),
                ([{"reservation_id": taken["id"], "quantity": 1}], "inconsistent"),
            ):
                wrong = {"reservation_ids": [one["id"]], "parts": parts}
                refused(await http.post("/v1/reservations/collect", json=wrong), 409, code)

    @pytest.mark.row("P4")
    async def test_are_given_up_for_a_cause(self, http: Client, sql: Connection) -> None:
        one, other = await by_hand(http), await by_hand(http)
        body = {"reservation_ids": [one["id"]], "restock": True, "cause": "expired"}
        (ended,) = (await post(http, "/v1/reservations/release", body, expect=200))["items"]
        assert (ended["state"], ended["end_cause"]) == ("returned", "expired")
        async with nothing_written(sql):
            wrong = {"reservation_ids": [other["id"]], "restock": True, "cause": "not_found"}
            problem = refused(await http.post("/v1/reservations/release", json=wrong), 409, "inconsistent")
            assert problem["errors"][0]["pointer"] == "/cause"
            refused(await http.post("/v1/reservations/release", json={**wrong, "cause": "collected"}), 422, "invalid")


@pytest.mark.row("C5")
class TestAMove:
    async def test_to_another_line_lets_the_first_wait_again(self, http: Client) -> None:
        one = await kept(http, name="PREMIER")
        second = await order(http, line(RUE), name="DEUXIEME")
        target = {"order_id": second["id"], "line_id": second["lines"][0]["id"]}
        answer = await move(http, one, **target)
        moved = answer.json()
        assert (answer.status_code, answer.headers["etag"]) == (200, f'"{moved["version"]}"')
        assert (moved["id"], moved["order_id"], moved["customer_name"]) == (one["id"], second["id"], "DEUXIEME")
        assert await get(http, f"/v1/reservations/{one['id']}") == moved
        assert [each["order_id"] for each in await items(http, f"/v1/articles/{RUE}/queue")] == [one["order_id"]]
        (newest, *_) = await items(http, f"/v1/articles/{RUE}/movements")
        assert (newest["reason"], newest["available"], newest["set_aside"]) == ("Part en voyage", 0, 0)
        refused(await move(http, one, contact={"name": "X"}), 412, "stale-version")

    async def test_to_a_customer_or_a_name(self, http: Client) -> None:
        one = await kept(http)
        card = await customer(http, "DURAND", code="DUR1")
        his = (await move(http, one, customer_id=card["id"])).json()
        assert (his["customer_code"], his["order_number"], his["mail_order"]) == ("DUR1", None, None)
        hers = (await move(http, his, contact={"name": "CLAIRE"})).json()
        assert (hers["customer_id"], hers["customer_name"]) == (None, "CLAIRE")
        assert await get(http, f"/v1/reservations/{one['id']}") == hers

    async def test_is_refused_where_nobody_waits_for_it(self, http: Client, sql: Connection) -> None:
        one = await kept(http)
        other = await order(http, line(CHUT))
        red = await customer(http, light="red")
        begun = await order(http, line(RUE, 2), name="COMMENCE")
        await stock(http)
        await scan(http)
        last = await order(http, line(RUE), name="DERNIER")
        async with nothing_written(sql):
            for target, status, code in (
                ({"order_id": other["id"], "line_id": other["lines"][0]["id"]}, 409, "line-in-use"),
                ({"order_id": last["id"], "line_id": last["lines"][0]["id"]}, 409, "queue-begun"),
                ({"order_id": begun["id"], "line_id": last["lines"][0]["id"]}, 404, "not-found"),
                ({"customer_id": red["id"]}, 409, "customer-blocked"),
                ({"order_id": begun["id"], "contact": {"name": "X"}}, 404, "not-found"),
                ({}, 422, "invalid"),
                ({"contact": {"name": "X"}, "reason": None}, 422, "invalid"),
            ):
                refused(await move(http, one, **target), status, code)
        (problem,) = refused(
            await move(http, one, order_id=last["id"], line_id=last["lines"][0]["id"]), 409, "queue-begun"
        )["errors"]
        assert problem["pointer"] == "/line_id"


async def test_digital_copies_are_never_kept(http: Client) -> None:
    refused(await http.post("/v1/reservations", json={"ean": EBOOK, "contact": {"name": "X"}}), 422, "invalid")
