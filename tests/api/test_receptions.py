"""Receptions over HTTP: a parcel is booked in, for those who wait first; suppliers are ticked off."""

import httpx
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
from tests.api.test_supply import ask, send, supplied_by, supplier
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


async def unpack_notice(http: Client, text: str | bytes, *, key: str | None = None, **query: str) -> httpx.Response:
    headers = {"content-type": "text/csv; charset=utf-8", **({"idempotency-key": key} if key else {})}
    content = text.encode() if isinstance(text, str) else text
    return await http.post("/v1/receptions/shipping-notice", content=content, headers=headers, params=query or None)


def booked(done: Json) -> list[tuple[str, int, int, int, int]]:
    """EAN, copies, set aside, expected, unexpected."""
    return [
        (each["ean"], each["quantity"], each["set_aside"], each["expected"], each["unexpected"])
        for each in done["lines"]
    ]


class TestAgainstSupplierOrders:
    @pytest.mark.row("A12", "C6")
    async def test_ticks_off_what_was_asked_for(self, http: Client) -> None:
        sodis = await supplier(http)
        await supplied_by(http, sodis, RUE)
        made = await order(http, line(RUE, 2))
        (draft,) = await ask(http, made["lines"][0]["id"])
        body = {"lines": [line(RUE)], "supplier_order_id": draft["id"]}
        refused(await http.post("/v1/receptions", json=body), 409, "supplier-order-closed")
        sent = await send(http, draft)
        done = await receive(http, line(RUE, 3), supplier_order_id=sent["id"], kind="shipping_notice")
        assert (done["kind"], done["supplier_id"]) == ("shipping_notice", sodis)
        assert booked(done) == [(RUE, 3, 2, 2, 1)]
        (told,) = done["lines"][0]["supplier_orders"]
        assert (told["supplier_order_id"], told["number"], told["quantity"]) == (sent["id"], sent["number"], 2)
        after = await get(http, f"/v1/supplier-orders/{sent['id']}")
        assert (after["state"], after["received"], after["lines"][0]["links"][0]["received"]) == ("received", 2, 2)
        (served,) = await items(http, f"/v1/orders/{made['id']}/lines")
        assert (served["supplied"], served["reserved"]) == (0, 2)
        other = await supplier(http, "HACHETTE")
        body = {"lines": [line(RUE)], "supplier_order_id": sent["id"], "supplier_id": other}
        refused(await http.post("/v1/receptions", json=body), 409, "inconsistent")
        refused(
            await http.post("/v1/receptions", json={"lines": [line()], "supplier_id": f"tpa_{'0' * 32}"}),
            409,
            "unknown-party",
        )
        body = {"lines": [line()], "supplier_order_id": f"sup_{'0' * 32}"}
        refused(await http.post("/v1/receptions", json=body), 404, "not-found")

    async def test_proposes_and_changes_nothing(self, http: Client, sql: Connection) -> None:
        await order(http, line(RUE, 2))
        async with nothing_written(sql):
            proposed = await post(http, "/v1/receptions", {"lines": [line(RUE, 3)], "dry_run": True}, expect=200)
        assert proposed["id"] is None
        assert booked(proposed) == [(RUE, 3, 2, 0, 3)]
        assert await get(http, f"/v1/articles/{RUE}/stock") == {"ean": RUE, "available": 0, "set_aside": 0}
        done = await receive(http, line(RUE, 3))
        assert booked(done) == booked(proposed)

    async def test_is_listed_and_read(self, http: Client) -> None:
        sodis = await supplier(http)
        await supplied_by(http, sodis, CHUT)
        made = await order(http, line(CHUT, 2))
        (draft,) = await ask(http, made["lines"][0]["id"])
        sent = await send(http, draft)
        first = await receive(http, line(RUE, 2), line(RUE), reference="BL 1")
        second = await receive(http, line(CHUT, 1), line(CHUT, 4), supplier_order_id=sent["id"])
        assert await get(http, f"/v1/receptions/{second['id']}") == {
            **second,
            "lines": [{**each, "reservations": []} for each in second["lines"]],
        }
        assert booked(second) == [(CHUT, 1, 1, 1, 0), (CHUT, 4, 1, 1, 3)]

        async def found(**query: object) -> list[str]:
            listed = await items(http, "/v1/receptions", **query)
            assert (await get(http, "/v1/receptions/count", **query))["count"] == len(listed)
            return [each["id"] for each in listed]

        assert await found() == [second["id"], first["id"]]
        assert await found(ean=RUE) == [first["id"]]
        assert await found(supplier_id=sodis) == [second["id"]]
        assert await found(supplier_order_id=sent["id"]) == [second["id"]]
        assert await found(kind="shipping_notice") == []
        assert await found(received_from=second["received_at"]) == [second["id"]]
        assert await found(received_to=second["received_at"]) == [first["id"]]
        rows = await items(http, "/v1/receptions", sort="received_at")
        assert [(row["reference"], row["supplier_name"], row["titles"], row["quantity"]) for row in rows] == [
            ("BL 1", None, 1, 3),
            (None, "SODIS", 1, 5),
        ]
        assert [(row["set_aside"], row["expected"]) for row in rows] == [(0, 0), (2, 2)]
        refused(await http.get(f"/v1/receptions/rcp_{'0' * 32}"), 404, "not-found")


class TestAShippingNotice:
    @pytest.mark.row("A12")
    @pytest.mark.parametrize(
        "text",
        [
            f"{RUE};2\n{CHUT};1\n",
            f"EAN;quantité\r\n{RUE};2\r\n{CHUT};1\r\n",
            f"\ufeffEAN13;Qté\r\n{RUE};2\r\n\r\n{CHUT};1",
            f"ean\tquantite\n{RUE}\t2\n{CHUT}\t1\n",
            f'"{RUE}";"1"\n{CHUT}; 1 ;\n{RUE[:3]}-{RUE[3:]};01\n',
            f"EAN;quantit\xe9\n{RUE};2\n{CHUT};1\n".encode("latin-1"),
        ],
    )
    async def test_is_read_however_it_is_written(self, http: Client, text: str | bytes) -> None:
        await order(http, line(RUE))
        answer = await unpack_notice(http, text, reference="AE 77")
        assert answer.status_code == 201, answer.text
        done = answer.json()
        assert (done["kind"], done["reference"]) == ("shipping_notice", "AE 77")
        assert booked(done) == [(RUE, 2, 1, 0, 2), (CHUT, 1, 0, 0, 1)]
        assert answer.headers["location"] == f"/v1/receptions/{done['id']}"

    async def test_names_every_bad_line_in_one_problem(self, http: Client, sql: Connection) -> None:
        rows = ["EAN;quantité", f"{RUE};2", "97;1", f"{RUE[:-1]}9;1", f"{CHUT};0", f"{CHUT};deux", CHUT, f"{CHUT};1;x"]
        rows += [f"{UNKNOWN};1", "", f"{EBOOK};1"]
        async with nothing_written(sql):
            problem = refused(await unpack_notice(http, "\n".join(rows)), 422, "invalid")
        named = [fault["detail"].split(" :")[0] for fault in problem["errors"]]
        assert named == [f"ligne {row}" for row in (3, 4, 5, 6, 7, 8, 9, 11)]
        assert "?" not in "".join(fault["detail"] for fault in problem["errors"])

    @pytest.mark.parametrize("text", ["", "\n \n", "EAN;quantité\n", "\x00", f"{RUE};2\n" * 2002, '"' + "x" * 200000])
    async def test_of_nonsense_leaves_nothing(self, http: Client, sql: Connection, text: str) -> None:
        async with nothing_written(sql):
            refused(await unpack_notice(http, text), 422, "invalid")

    async def test_is_csv(self, http: Client) -> None:
        answer = await http.post("/v1/receptions/shipping-notice", json={"lines": []})
        refused(answer, 415, "csv-expected")

    async def test_is_proposed_first_and_booked_in_once(self, http: Client) -> None:
        text = f"{RUE};2\n"
        proposed = await unpack_notice(http, text, dry_run="true")
        assert (proposed.status_code, proposed.json()["id"]) == (200, None)
        first = await unpack_notice(http, text, key="AE-77")
        again = await unpack_notice(http, text, key="AE-77")
        assert (first.status_code, again.headers["idempotency-replayed"]) == (201, "true")
        assert again.json() == first.json()
        refused(await unpack_notice(http, text, key="AE-77", dry_run="true"), 422, "idempotency-key-reused")
        assert await get(http, f"/v1/articles/{RUE}/stock") == {"ean": RUE, "available": 2, "set_aside": 0}

    async def test_is_of_a_supplier_order_and_reads_the_order_file(self, http: Client) -> None:
        sodis = await supplier(http)
        await supplied_by(http, sodis, RUE, CHUT)
        made = await order(http, line(RUE, 2), line(CHUT))
        (draft,) = await ask(http, *(each["id"] for each in made["lines"]))
        sent = await send(http, draft)
        file = (await http.get(sent["order_file_url"])).content
        done = await unpack_notice(http, file, supplier_order_id=sent["id"])
        assert booked(done.json()) == [(RUE, 2, 2, 2, 0), (CHUT, 1, 1, 1, 0)]
        assert (await get(http, f"/v1/supplier-orders/{sent['id']}"))["state"] == "received"
