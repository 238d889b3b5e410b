"""The Orders / Reservations tab of a card (A69)."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from domain.queries.activity import a_year_before
from tests.api.steps import CHUT, RUE, Connection, Json, customer, get, line, order, post, refused, scan, stock
from tests.conftest import Client

pytestmark = pytest.mark.row("A69")
PARIS = ZoneInfo("Europe/Paris")


def key(identifier: str) -> UUID:
    return UUID(identifier.rpartition("_")[2])


async def activity(http: Client, card: Json, **query: object) -> Json:
    return await get(http, f"/v1/customers/{card['id']}/activity", **query)


@pytest.fixture
async def card(http: Client) -> Json:
    return await customer(http, "MARTIN", code="MAR1")


class TestTheTab:
    async def test_of_a_new_card_is_empty(self, http: Client, card: Json) -> None:
        assert await activity(http, card) == {
            "customer_id": card["id"],
            "since": a_year_before(datetime.now(PARIS).date()).isoformat(),
            "orders": [],
            "orders_capped": False,
            "reservations": [],
            "reservations_capped": False,
        }

    async def test_shows_orders_with_their_status_newest_first(self, http: Client, card: Json) -> None:
        await stock(http, CHUT)
        first = await order(http, line(RUE, 2), line(CHUT), customer_id=card["id"], customer_reference="BC 1")
        await scan(http, CHUT)
        second = await order(http, customer_id=card["id"])
        await post(http, f"/v1/orders/{second['id']}/cancel", {"reason": "Trop tard"}, expect=200, version=1)
        await order(http, name="MARTIN")  # a free name of the same letters is another matter
        shown = (await activity(http, card))["orders"]
        assert [each["id"] for each in shown] == [second["id"], first["id"]]
        assert [each["status"] for each in shown] == ["AN", "CO"]
        now = await get(http, f"/v1/orders/{first['id']}")
        assert shown[1] == {
            name: now[name]
            for name in (
                *("id", "number", "status", "customer_reference", "created_at", "quantity", "reserved", "total"),
            )
        }
        assert (shown[1]["quantity"], shown[1]["reserved"], shown[1]["total"]["amount"]) == (3, 1, "38.50")
        assert shown[0]["total"]["amount"] == "0.00"

    async def test_shows_reservations_of_orders_and_by_hand_with_entry_and_sale(self, http: Client, card: Json) -> None:
        await stock(http, RUE, 3)
        made = await order(http, line(RUE, 2), customer_id=card["id"])
        ordered = (await scan(http, RUE))["reservation"]
        returned = (await scan(http, RUE))["reservation"]
        by_hand = await post(http, "/v1/reservations", {"ean": RUE, "customer_id": card["id"]})
        await post(http, "/v1/reservations/collect", {"reservation_ids": [ordered["id"]]}, expect=200)
        ids = [returned["id"]]
        await post(http, "/v1/reservations/release", {"reservation_ids": ids, "restock": True}, expect=200)
        shown = (await activity(http, card))["reservations"]
        assert [each["id"] for each in shown] == [by_hand["id"], returned["id"], ordered["id"]]
        hand, back, sold = shown
        assert (hand["order_id"], hand["order_number"], hand["state"], hand["sold_at"]) == (
            *(None, None, "set_aside", None),
        )
        assert hand["set_aside_at"] == by_hand["set_aside_at"]
        assert (back["state"], back["sold_at"], back["ended_at"] is None) == ("returned", None, False)
        assert (sold["order_id"], sold["order_number"], sold["state"]) == (made["id"], made["number"], "collected")
        assert sold["sold_at"] == sold["ended_at"] is not None
        assert (sold["title"], sold["ean"], sold["quantity"]) == ("DANS LA RUE", RUE, 1)

    async def test_goes_back_twelve_months_unless_asked_for_more(
        self, http: Client, sql: Connection, card: Json
    ) -> None:
        await stock(http, RUE)
        made = await order(http, customer_id=card["id"])
        kept = await post(http, "/v1/reservations", {"ean": RUE, "customer_id": card["id"]})
        year = a_year_before(datetime.now(PARIS).date())
        await _shift(sql, year - timedelta(days=3))
        shown = await activity(http, card)
        assert (shown["orders"], shown["reservations"]) == ([], [])
        shown = await activity(http, card, **{"from": (year - timedelta(days=10)).isoformat()})
        assert shown["since"] == (year - timedelta(days=10)).isoformat()
        assert [each["id"] for each in (*shown["orders"], *shown["reservations"])] == [made["id"], kept["id"]]
        await _shift(sql, year + timedelta(days=3))
        shown = await activity(http, card)
        assert [each["id"] for each in (*shown["orders"], *shown["reservations"])] == [made["id"], kept["id"]]

    async def test_shows_a_sale_of_this_year_of_a_copy_kept_before(
        self, http: Client, sql: Connection, card: Json
    ) -> None:
        await stock(http, RUE)
        kept = await post(http, "/v1/reservations", {"ean": RUE, "customer_id": card["id"]})
        await _shift(sql, date(2019, 12, 10))
        await post(http, "/v1/reservations/collect", {"reservation_ids": [kept["id"]]}, expect=200)
        assert [each["id"] for each in (await activity(http, card))["reservations"]] == [kept["id"]]

    async def test_begins_at_the_shops_own_midnight(self, http: Client, sql: Connection, card: Json) -> None:
        await order(http, customer_id=card["id"])
        await sql.execute("UPDATE customer_order SET created_at = '2026-05-31 22:00+00'")  # 1 June in Paris
        assert len((await activity(http, card, **{"from": "2026-06-01"}))["orders"]) == 1
        assert len((await activity(http, card, **{"from": "2026-06-02"}))["orders"]) == 0

    async def test_says_when_there_is_more(self, http: Client, card: Json) -> None:
        await stock(http, RUE, 3)
        for _ in range(3):
            await order(http, customer_id=card["id"])
            await post(http, "/v1/reservations", {"ean": RUE, "customer_id": card["id"]})
        for limit, capped in ((2, True), (3, False)):
            shown = await activity(http, card, limit=limit)
            assert (len(shown["orders"]), shown["orders_capped"]) == (limit, capped)
            assert (len(shown["reservations"]), shown["reservations_capped"]) == (limit, capped)

    async def test_of_a_merged_card_is_the_kept_ones(self, http: Client, sql: Connection, card: Json) -> None:
        old = await customer(http, "ANCIEN")
        await sql.execute(
            "UPDATE customer SET merged_into = $2 WHERE customer_id = $1", key(old["id"]), key(card["id"])
        )
        made = await order(http, customer_id=card["id"])
        shown = await activity(http, old)
        assert (shown["customer_id"], [each["id"] for each in shown["orders"]]) == (card["id"], [made["id"]])

    @pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
    async def test_takes_any_day_there_is(self, http: Client, card: Json, day: str) -> None:
        await order(http, customer_id=card["id"])
        assert len((await activity(http, card, **{"from": day}))["orders"]) == (day < "2020")

    async def test_of_nobody_is_not_found(self, http: Client) -> None:
        refused(await http.get(f"/v1/customers/cus_{'0' * 32}/activity"), 404, "not-found")

    @pytest.mark.parametrize("query", [{"from": "yesterday"}, {"since": "2026-01-01"}, {"limit": 0}, {"limit": 201}])
    async def test_refuses_what_it_does_not_know(self, http: Client, card: Json, query: Json) -> None:
        answer = await http.get(f"/v1/customers/{card['id']}/activity", params=query)
        assert [each["pointer"] for each in refused(answer, 422, "invalid")["errors"]] == list(query)


async def _shift(sql: Connection, day: date) -> None:
    """Everything was on ``day``."""
    at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    await sql.execute("UPDATE customer_order SET created_at = $1", at)
    await sql.execute("UPDATE reservation SET set_aside_at = $1", at)


@pytest.mark.parametrize(
    ("day", "before"),
    [
        (date(2026, 11, 21), date(2025, 11, 21)),
        (date(2028, 2, 29), date(2027, 2, 28)),
        (date(2029, 2, 28), date(2028, 2, 28)),
        (date(2026, 1, 1), date(2025, 1, 1)),
    ],
)
def test_a_year_before(day: date, before: date) -> None:
    assert a_year_before(day) == before
