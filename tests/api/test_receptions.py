"""Receptions over HTTP: a parcel is booked in, for those who wait first."""

import pytest

from tests.api.steps import (
    CHUT,
    EBOOK,
    RUE,
    UNKNOWN,
    Connection,
    Json,
    get,
    items,
    line,
    nothing_written,
    order,
    post,
    refused,
)
from tests.conftest import Client


async def receive(http: Client, *lines: Json, **more: object) -> Json:
    return await post(http, "/v1/receptions", {"lines": list(lines), **more})


class TestAReception:
    @pytest.mark.row("A12", "A13")
    async def test_serves_the_queue_first_and_the_shelf_with_the_rest(self, http: Client) -> None:
        first = await order(http, line(RUE, 2), name="PREMIER")
        await order(http, line(RUE), name="DEUXIEME")
        done = await receive(http, line(RUE, 4), reference="BL 2026-4471")
        assert done["reference"] == "BL 2026-4471"
        (booked,) = done["lines"]
        assert (booked["quantity"], booked["set_aside"], booked["to_stock"]) == (4, 3, 1)
        assert [(each["customer_name"], each["quantity"]) for each in booked["reservations"]] == [
            ("PREMIER", 2),
            ("DEUXIEME", 1),
        ]
        (served,) = await items(http, f"/v1/orders/{first['id']}/lines")
        assert (served["reserved"], served["answer"]["label"]) == (2, "Disponible")
        assert await get(http, f"/v1/articles/{RUE}/stock") == {"ean": RUE, "available": 1, "set_aside": 3}

    async def test_serves_a_line_in_part(self, http: Client) -> None:
        made = await order(http, line(RUE, 3))
        await receive(http, line(RUE, 2))
        (part,) = await items(http, f"/v1/orders/{made['id']}/lines")
        assert (part["reserved"], part["outstanding"], part["answer"]) == (2, 1, None)

    async def test_takes_several_articles_and_one_of_them_twice(self, http: Client) -> None:
        await order(http, line(RUE, 3), line(CHUT))
        done = await receive(http, line(RUE, 1), line(CHUT, 2), line(RUE, 3))
        assert [(each["ean"], each["set_aside"], each["to_stock"]) for each in done["lines"]] == [
            (RUE, 1, 0),
            (CHUT, 1, 1),
            (RUE, 2, 1),
        ]
        assert await get(http, f"/v1/articles/{RUE}/stock") == {"ean": RUE, "available": 1, "set_aside": 3}

    async def test_is_written_down_as_movements(self, http: Client) -> None:
        await order(http, line(RUE))
        await receive(http, line(RUE, 2), reference="BL 1")
        moves = await items(http, f"/v1/articles/{RUE}/movements")
        assert sorted((each["cause"], each["available"], each["set_aside"]) for each in moves) == [
            ("receipt", 2, 0),
            ("set_aside", -1, 1),
        ]

    async def test_is_all_of_the_parcel_or_nothing_and_names_every_bad_line(
        self, http: Client, sql: Connection
    ) -> None:
        body = {"lines": [line(RUE), line(UNKNOWN), line(EBOOK)]}
        async with nothing_written(sql):
            problem = refused(await http.post("/v1/receptions", json=body), 422, "invalid")
        assert [fault["pointer"] for fault in problem["errors"]] == ["/lines/1/ean", "/lines/2/ean"]
        assert await get(http, f"/v1/articles/{RUE}/stock") == {"ean": RUE, "available": 0, "set_aside": 0}

    @pytest.mark.parametrize("lines", [[], [line(quantity=0)], [line(quantity=-1)], [line("abc")]])
    async def test_of_nonsense_leaves_nothing(self, http: Client, sql: Connection, lines: list[Json]) -> None:
        async with nothing_written(sql):
            refused(await http.post("/v1/receptions", json={"lines": lines}), 422, "invalid")
