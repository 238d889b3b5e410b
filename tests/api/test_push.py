"""Orders that a web shop pushes under its own number (C2)."""

import asyncio
import json
from collections.abc import AsyncIterator

import asyncpg
import pytest

from infra.db.dossiers import add_channel, add_key
from tests.api.conftest import ClientFor
from tests.api.steps import (
    CHUT,
    RUE,
    UNKNOWN,
    Connection,
    Json,
    customer,
    euros,
    get,
    items,
    line,
    nothing_written,
    post,
    push,
    push_body,
    refused,
    scan,
    stock,
)
from tests.conftest import Client, Premises

PATH = "/v1/channels/boutique/orders/WEB-1001"


async def happened(sql: Connection) -> list[str]:
    return [row["type"] for row in await sql.fetch("SELECT type FROM outbox_event ORDER BY xid, seq")]


@pytest.mark.row("C2")
class TestAPush:
    async def test_is_201_first_and_200_for_ever_after(self, web_shop: Client, sql: Connection) -> None:
        first = await web_shop.put(PATH, json=push_body())
        assert first.status_code == 201
        assert first.headers["location"] == f"/v1/orders/{first.json()['id']}"
        for _ in range(3):
            again = await web_shop.put(PATH, json=push_body())
            assert (again.status_code, again.json()) == (200, first.json())
        assert await happened(sql) == ["order.created"]
        assert await sql.fetchval("SELECT count(*) FROM customer_order") == 1

    @pytest.mark.row("A1")
    async def test_is_in_the_list_at_once_with_its_status(self, web_shop: Client, http: Client) -> None:
        await push(web_shop, "W-1", paid=True, name="PAYEE")
        await push(web_shop, "W-2", paid=False, name="IMPAYEE")
        found = await items(http, "/v1/orders", channel="boutique")
        assert [(row["name"], row["status"], row["mail_order"]) for row in found] == [
            ("PAYEE", "CO", True),
            ("IMPAYEE", "BL", True),
        ]

    async def test_keeps_what_the_shop_said(self, web_shop: Client) -> None:
        contact = {
            "name": "MARTIN",
            "title": "Mme",
            "first_name": "Claire",
            "email": "claire.martin@example.org",
            "phone": "0240000000",
            "address": {"street": "12 rue des Lilas", "postal_code": "44000", "town": "NANTES", "country": "FR"},
        }
        body = {
            **push_body(line(CHUT, 2, unit_price=euros("14.00"))),
            "contact": contact,
            "comment": "Paquet cadeau",
            "customer_reference": "BC 7",
            "delivery_charge": euros("3.00"),
            "placed_at": "2026-01-09T10:00:00+01:00",
        }
        made = (await web_shop.put(PATH, json=body)).json()
        assert {name: made["contact"][name] for name in contact if name != "address"} == {
            name: value for name, value in contact.items() if name != "address"
        }
        assert made["contact"]["address"]["town"] == "NANTES"
        assert (made["comment"], made["customer_reference"], made["external_id"]) == (
            "Paquet cadeau",
            "BC 7",
            "WEB-1001",
        )
        assert (made["total"], made["paid"], made["origin"]) == (euros("31.00"), euros("31.00"), "web")

    async def test_paid_after_all_opens_the_blocked_order_once(self, web_shop: Client, sql: Connection) -> None:
        await push(web_shop, "W-1", paid=False)
        opened = await push(web_shop, "W-1", paid=True, expect=200)
        assert (opened["status"], opened["paid"], opened["version"]) == ("CO", euros("12.00"), 2)
        assert await push(web_shop, "W-1", paid=True, expect=200) == opened
        assert await happened(sql) == ["order.created", "order.paid"]
        assert await sql.fetchval("SELECT count(*) FROM payment") == 1

    async def test_never_takes_a_payment_back(self, web_shop: Client, sql: Connection) -> None:
        paid = await push(web_shop, "W-1", paid=True)
        async with nothing_written(sql):
            assert await push(web_shop, "W-1", paid=False, expect=200) == paid

    async def test_may_still_be_paid_while_it_is_picked(self, web_shop: Client, http: Client) -> None:
        await push(web_shop, "W-1", paid=False)
        await stock(http)
        await scan(http)
        assert (await push(web_shop, "W-1", paid=True, expect=200))["status"] == "CO"

    async def test_with_new_content_is_taken_over_until_picking_with_the_same_line_ids(self, web_shop: Client) -> None:
        made = await push(web_shop, "W-1", line(RUE), line(CHUT))
        changed = await push(web_shop, "W-1", line(CHUT, 3), line(RUE), name="DURAND", expect=200)
        assert (changed["id"], changed["number"], changed["name"]) == (made["id"], made["number"], "DURAND")
        ids = {each["ean"]: each["id"] for each in made["lines"]}
        assert [(each["id"], each["ordered"]) for each in changed["lines"]] == [(ids[CHUT], 3), (ids[RUE], 1)]
        assert changed["version"] == made["version"] + 1

    async def test_with_a_line_less_takes_it_off(self, web_shop: Client, sql: Connection) -> None:
        await push(web_shop, "W-1", line(RUE), line(CHUT))
        changed = await push(web_shop, "W-1", line(CHUT), expect=200)
        assert [each["ean"] for each in changed["lines"]] == [CHUT]
        assert await sql.fetchval("SELECT count(*) FROM order_line") == 1

    async def test_with_new_content_once_picking_began_is_locked(
        self, web_shop: Client, http: Client, sql: Connection
    ) -> None:
        made = await push(web_shop, "W-1", line(RUE, 2))
        await stock(http)
        await scan(http)
        async with nothing_written(sql):
            answer = await web_shop.put("/v1/channels/boutique/orders/W-1", json=push_body(line(RUE, 3)))
        assert str(made["number"]) in refused(answer, 409, "order-locked")["detail"]
        same = await push(web_shop, "W-1", line(RUE, 2), expect=200)
        assert same["lines"][0]["set_aside"] == 1

    async def test_older_than_what_is_known_changes_nothing(self, web_shop: Client, sql: Connection) -> None:
        newer = await push(web_shop, "W-1", line(RUE, 2), updated_at="2026-01-10T12:00:00Z")
        async with nothing_written(sql):
            older = await push(web_shop, "W-1", line(RUE, 1), updated_at="2026-01-10T12:59:59+01:00", expect=200)
        assert older == newer

    async def test_sent_anew_later_without_change_keeps_the_version(self, web_shop: Client) -> None:
        first = await push(web_shop, "W-1", updated_at="2026-01-10T12:00:00Z")
        again = await push(web_shop, "W-1", updated_at="2026-01-11T12:00:00Z", expect=200)
        assert again["version"] == first["version"]

    async def test_names_a_customer_by_code_and_carries_his_warning(self, web_shop: Client, http: Client) -> None:
        card = await customer(http, "DURAND", code="DUR1", light="orange", light_message="Chèques refusés")
        made = await push(web_shop, "W-1", customer_code="dur1", delivery_charge=euros("3.00"))
        assert (made["customer_id"], made["customer_code"]) == (card["id"], "DUR1")
        assert made["warnings"] == ["Chèques refusés"]

    async def test_of_many_orders_at_once_gives_each_its_own_number(self, web_shop: Client) -> None:
        answers = await asyncio.gather(*(push(web_shop, f"W-{n}") for n in range(30)))
        assert len({answer["number"] for answer in answers}) == 30

    async def test_refused_in_company_does_not_spoil_the_others(self, web_shop: Client, sql: Connection) -> None:
        good = [web_shop.put(f"/v1/channels/boutique/orders/W-{n}", json=push_body()) for n in range(10)]
        bad = web_shop.put("/v1/channels/boutique/orders/BAD", json=push_body(line(UNKNOWN)))
        *answers, refusal = await asyncio.gather(*good, bad)
        assert [answer.status_code for answer in answers] == [201] * 10
        refused(refusal, 422, "invalid")
        assert await sql.fetchval("SELECT count(*) FROM customer_order") == 10


class TestAStranger:
    async def test_without_a_key_is_401(self, client_for: ClientFor, sql: Connection) -> None:
        stranger = await client_for(None)
        async with nothing_written(sql):
            answer = await stranger.put(PATH, json=push_body())
        refused(answer, 401, "not-authenticated")
        assert answer.headers["www-authenticate"].startswith("Bearer")

    @pytest.mark.parametrize(
        "key", ["nonsense", "cpt_x_y", f"cpt_{'0' * 32}_abc", "cpt_", "", "ses_" + "0" * 32 + "_x", "é"]
    )
    async def test_with_a_key_of_nobody_is_401(self, client_for: ClientFor, sql: Connection, key: str) -> None:
        stranger = await client_for(None)
        async with nothing_written(sql):
            answer = await stranger.put(PATH, json=push_body(), headers={b"authorization": f"Bearer {key}".encode()})
        refused(answer, 401, "not-authenticated")

    async def test_with_a_digit_of_the_key_changed_is_401(self, client_for: ClientFor, premises: Premises) -> None:
        swapped = premises.shop_key[:-1] + ("A" if premises.shop_key[-1] != "A" else "B")
        refused(await (await client_for(swapped)).put(PATH, json=push_body()), 401, "not-authenticated")

    async def test_with_another_dossiers_key_finds_no_such_articles(
        self, client_for: ClientFor, elsewhere: Premises, sql: Connection
    ) -> None:
        stranger = await client_for(elsewhere.shop_key)
        async with nothing_written(sql):
            answer = await stranger.put(PATH, json=push_body())
        assert refused(answer, 422, "invalid")["errors"][0]["pointer"] == "/lines/0/ean"

    async def test_with_another_dossiers_key_makes_an_order_of_its_own(
        self, client_for: ClientFor, elsewhere: Premises, web_shop: Client
    ) -> None:
        mine = await push(web_shop, "W-1")
        admin, shop = await client_for(elsewhere.admin_key), await client_for(elsewhere.shop_key)
        card = {"title": "DANS LA RUE", "list_price": euros("12.00")}
        assert (await admin.put(f"/v1/articles/{RUE}", json=card)).status_code == 201
        theirs = await push(shop, "W-1")
        assert theirs["id"] != mine["id"]
        refused(await shop.get(f"/v1/orders/{mine['id']}"), 404, "not-found")

    async def test_with_the_key_of_another_channel_is_not_let_in(
        self, client_for: ClientFor, premises: Premises, sql: Connection
    ) -> None:
        channel = await add_channel(sql, dossier_id=premises.dossier, code="autre", name="Autre", kind="native")
        key = await add_key(
            sql, dossier_id=premises.dossier, label="autre", scopes=["orders:write"], channel_id=channel
        )
        other = await client_for(key)
        async with nothing_written(sql):
            refused(await other.put(PATH, json=push_body()), 404, "unknown-channel")
        assert (await other.put("/v1/channels/autre/orders/W-1", json=push_body())).status_code == 201

    async def test_names_a_channel_that_is_not_there(self, http: Client, sql: Connection) -> None:
        async with nothing_written(sql):
            refused(await http.put("/v1/channels/nulle-part/orders/1", json=push_body()), 404, "unknown-channel")


BAD: dict[str, tuple[Json, str]] = {
    "an unknown EAN": (push_body(line(UNKNOWN)), "/lines/0/ean"),
    "quantity 0": (push_body(line(quantity=0)), "/lines/0/quantity"),
    "a negative price": (push_body(line(unit_price=euros("-0.01"))), "/lines/0/unit_price/amount"),
    "U+0000 in the name": (push_body(name="MAR\0TIN"), "/contact/name"),
    "U+0000 in the comment": (push_body(comment="a\0b"), "/comment"),
    "a blank name": (push_body(name=" \u00a0\u2003"), "/contact/name"),
    "a name of 201 letters": (push_body(name="A" * 201), "/contact/name"),
    "a naive instant": (push_body(updated_at="2026-01-10T12:00:00"), "/updated_at"),
    "an instant as a number": (push_body(updated_at=1_768_000_000), "/updated_at"),
    "paid as text": (push_body(paid="true"), "/paid"),  # type: ignore[arg-type]
    "no contact": ({"lines": [line()], "paid": True}, "/contact"),
    "a country in small letters": (
        {**push_body(), "contact": {"name": "A", "address": {"country": "fr"}}},
        "/contact/address/country",
    ),
    "an unknown field": (push_body(surprise=1), "/surprise"),
    "a negative delivery charge": (push_body(delivery_charge=euros("-1.00")), "/delivery_charge/amount"),
}


class TestBadInput:
    @pytest.mark.parametrize("why", BAD)
    async def test_is_refused_by_field_and_leaves_nothing(self, web_shop: Client, sql: Connection, why: str) -> None:
        body, pointer = BAD[why]
        async with nothing_written(sql):
            answer = await web_shop.put(PATH, json=body)
        assert [fault["pointer"] for fault in refused(answer, 422, "invalid")["errors"]] == [pointer]

    @pytest.mark.parametrize("why", BAD)
    async def test_changes_nothing_of_an_order_already_there(self, web_shop: Client, sql: Connection, why: str) -> None:
        made = (await web_shop.put(PATH, json=push_body())).json()
        async with nothing_written(sql):
            assert (await web_shop.put(PATH, json=BAD[why][0])).status_code == 422
        assert (await web_shop.get(f"/v1/orders/{made['id']}")).json() == made

    @pytest.mark.parametrize(
        ("card", "code"),
        [({"light": "red"}, "customer-blocked"), ({"closed_on": "2020-01-01"}, "customer-closed")],
    )
    async def test_such_as_a_customer_who_may_not_order_leaves_nothing(
        self, web_shop: Client, http: Client, sql: Connection, card: Json, code: str
    ) -> None:
        await customer(http, "DURAND", code="DUR1", **card)
        async with nothing_written(sql):
            refused(await web_shop.put(PATH, json=push_body(customer_code="DUR1")), 409, code)

    async def test_such_as_an_unknown_customer_code_leaves_nothing(self, web_shop: Client, sql: Connection) -> None:
        async with nothing_written(sql):
            refused(await web_shop.put(PATH, json=push_body(customer_code="NOBODY")), 404, "not-found")

    @pytest.mark.parametrize("declared", [True, False])
    async def test_such_as_a_body_of_2_mb_is_refused(
        self, web_shop: Client, sql: Connection, *, declared: bool
    ) -> None:
        body = json.dumps(push_body(comment="x" * 2_000_000)).encode()

        async def pieces() -> AsyncIterator[bytes]:
            for start in range(0, len(body), 65_536):
                yield body[start : start + 65_536]

        headers = {"content-type": "application/json"}
        async with nothing_written(sql):
            answer = await web_shop.put(PATH, content=body if declared else pieces(), headers=headers)
        refused(answer, 413, "body-too-large")

    async def test_is_worded_in_french_or_english(self, web_shop: Client) -> None:
        bad = push_body(line(quantity=0))
        french = refused(await web_shop.put(PATH, json=bad), 422, "invalid")
        english = refused(await web_shop.put(PATH, json=bad, headers={"accept-language": "en"}), 422, "invalid")
        assert (french["title"], french["errors"][0]["detail"]) == ("Demande refusée", "trop petit (minimum 1)")
        assert (english["title"], english["errors"][0]["detail"]) == ("Request refused", "too small (minimum 1)")


async def test_a_pushed_order_is_served_from_the_scan_to_lt(web_shop: Client, http: Client) -> None:
    """The main job: push, scan, Disponible, slip, collected, CO to LP to LT."""
    made = await push(web_shop, "WEB-7", line(RUE), line(CHUT))
    assert made["status"] == "CO"
    for ean in (RUE, CHUT):
        await stock(http, ean)
        found = await scan(http, ean)
        assert found["line"]["answer"]["label"] == "Disponible"
        slip = await http.get(found["slip_url"])
        assert slip.content.startswith(b"%PDF-")
    kept = await items(http, "/v1/reservations", order_number=made["number"])
    for each, status in zip(kept, ("LP", "LT"), strict=True):
        body = {"reservation_ids": [each["id"]]}
        (ended,) = (await post(http, "/v1/reservations/collect", body, expect=200))["items"]
        assert (ended["state"], ended["order_status"]) == ("collected", status)
    assert (await get(web_shop, f"/v1/orders/{made['id']}"))["status"] == "LT"


async def test_a_push_does_not_see_another_dossiers_orders(premises: Premises, elsewhere: Premises) -> None:
    """The role of the application sees nothing when it names another dossier than its connection's."""
    connection = await asyncpg.connect(premises.database, server_settings={"role": "comptoir_app"})
    try:
        await connection.execute("SELECT set_config('comptoir.dossier_id', $1, false)", str(elsewhere.dossier))
        assert await connection.fetchval("SELECT count(*) FROM article") == 0
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(
                "INSERT INTO channel VALUES ($1, $2, 'x', 'x', 'native')", premises.dossier, elsewhere.dossier
            )
    finally:
        await connection.close()
