"""The rules of a customer's card as a client of the contract meets them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable

import httpx
import pytest
from fastapi import FastAPI

from infra.db.dossiers import add_key
from tests.api.conftest import ClientFor
from tests.api.steps import (
    CHUT,
    RUE,
    Connection,
    Json,
    customer,
    euros,
    get,
    items,
    line,
    nothing_written,
    order,
    post,
    refused,
    stock,
)
from tests.api.test_settings import decide
from tests.conftest import Client, Premises, client_of
from tests.support.server import Server

LINKS = ("billed_to_id", "group_id", "statistics_party_id", "payment_party_id")


async def patch(http: Client, card: Json, **body: object) -> httpx.Response:
    return await http.patch(f"/v1/customers/{card['id']}", json=body, headers={"if-match": f'"{card["version"]}"'})


async def changed(http: Client, card: Json, **body: object) -> Json:
    answer = await patch(http, card, **body)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


async def third_party(http: Client, kind: str, name: str) -> Json:
    return await post(http, "/v1/third-parties", {"type": kind, "name": name})


async def codes(*answers: Awaitable[httpx.Response]) -> list[str]:
    """How requests sent at the same moment end: the status, or the code of the problem."""
    ends = await asyncio.gather(*answers)
    return sorted(str(end.json().get("code")) if end.status_code >= 400 else str(end.status_code) for end in ends)


class TestTheShortName:
    @pytest.mark.row("B11", "B12", "O2")
    async def test_is_converted_on_the_server_at_every_edit(self, http: Client) -> None:
        card = await customer(http, "Œuvres d'Été & Cie")
        assert card["short_name"] == "OEUVRESDETECIE"
        card = await changed(http, card, short_name="l'été-indien")
        assert card["short_name"] == "LETEINDIEN"
        card = await changed(http, card, name="DUPONT", short_name=None)
        assert card["short_name"] == "DUPONT"

    @pytest.mark.row("B11")
    async def test_finds_the_card(self, http: Client) -> None:
        await customer(http, "DUPONT", short_name="dup-44")
        assert [card["name"] for card in await items(http, "/v1/customers", q="DUP44")] == ["DUPONT"]


class TestTheLight:
    @pytest.mark.row("B31")
    async def test_when_orange_warns_on_an_order_and_on_a_reservation_by_hand(self, http: Client) -> None:
        await stock(http)
        card = await customer(http, light="orange", light_message="Chèques refusés")
        assert (await order(http, customer_id=card["id"]))["warnings"] == ["Chèques refusés"]
        kept = await post(http, "/v1/reservations", {"ean": RUE, "customer_id": card["id"]})
        assert kept["warnings"] == ["Chèques refusés"]

    @pytest.mark.row("B31", "B32")
    @pytest.mark.parametrize(
        ("state", "code"),
        [({"light": "red"}, "customer-blocked"), ({"closed_on": "2020-01-01"}, "customer-closed")],
    )
    async def test_when_red_or_closed_nothing_new_names_the_customer(
        self, http: Client, sql: Connection, state: Json, code: str
    ) -> None:
        await stock(http)
        card = await customer(http, **state)
        async with nothing_written(sql):
            for path, body in (
                ("/v1/orders", {"customer_id": card["id"], "lines": [line()]}),
                ("/v1/reservations", {"ean": RUE, "customer_id": card["id"]}),
            ):
                refused(await http.post(path, json=body), 409, code)
        card = await changed(http, card, light="green", closed_on=None)
        assert (await order(http, customer_id=card["id"]))["warnings"] == []


class TestConfidentiality:
    @pytest.fixture
    async def secret(self, http: Client) -> Json:
        await stock(http)
        return await customer(http, "SECRET", confidentiality_code="DIR", email="secret@example.org")

    @pytest.fixture
    async def clerk(self, sql: Connection, premises: Premises, client_for: ClientFor) -> Client:
        """A colleague who is cleared for another code only."""
        scopes = ["customers:*", "orders:*", "reservations:*", "confidential:AUTRE"]
        return await client_for(await add_key(sql, premises.dossier, label="x", scopes=scopes, channel_id=None))

    @pytest.mark.row("B30")
    async def test_hides_the_card_from_every_search(self, http: Client, clerk: Client, secret: Json) -> None:
        for query in ({}, {"q": "secret"}, {"code": secret["code"]}, {"email": "secret@example.org"}):
            assert len(await items(http, "/v1/customers", **query)) == 1
            assert await items(clerk, "/v1/customers", **query) == []
            assert (await get(clerk, "/v1/customers/count", **query))["count"] == 0

    @pytest.mark.row("B30")
    async def test_makes_the_card_one_that_is_not_there(self, clerk: Client, sql: Connection, secret: Json) -> None:
        nobody = f"cus_{'0' * 32}"
        held = {"if-match": '"1"'}
        async with nothing_written(sql):
            for one in (secret["id"], nobody):
                path = f"/v1/customers/{one}"
                for answer in (
                    await clerk.get(path),
                    await clerk.patch(path, json={"name": "VU"}, headers=held),
                    await clerk.patch(path, json={"name": "VU"}, headers={"if-match": '"9"'}),
                    await clerk.delete(path, headers=held),
                    await clerk.post(f"{path}/approval", json={"approved": False}, headers=held),
                    await clerk.post(f"{path}/duplicate", json={}),
                    await clerk.post("/v1/orders", json={"customer_id": one, "lines": [line()]}),
                    await clerk.post("/v1/reservations", json={"ean": RUE, "customer_id": one}),
                ):
                    refused(answer, 404, "not-found")
                named = await clerk.post("/v1/customers", json={"name": "X", "billed_to_id": one})
                problem = refused(named, 409, "unknown-party")
                assert [each["pointer"] for each in problem["errors"]] == ["/billed_to_id"]

    @pytest.mark.row("B30")
    async def test_begins_with_the_code_and_ends_with_it(self, http: Client, clerk: Client) -> None:
        card = await customer(http, "OUVERTE")
        assert (await get(clerk, f"/v1/customers/{card['id']}"))["name"] == "OUVERTE"
        card = await changed(http, card, confidentiality_code="DIR")
        refused(await clerk.get(f"/v1/customers/{card['id']}"), 404, "not-found")
        card = await changed(http, card, confidentiality_code=None)
        assert (await get(clerk, f"/v1/customers/{card['id']}"))["name"] == "OUVERTE"


class TestLinks:
    @pytest.mark.row("A60", "B20", "B21", "B22", "B23")
    @pytest.mark.parametrize("link", LINKS)
    async def test_are_kept_and_never_run_in_a_ring(self, http: Client, sql: Connection, link: str) -> None:
        first, second, third = [await customer(http, name) for name in ("UN", "DEUX", "TROIS")]
        first = await changed(http, first, **{link: second["id"]})
        second = await changed(http, second, **{link: third["id"]})
        assert first[link] == second["id"]
        async with nothing_written(sql):
            for target in (third, first):
                problem = refused(await patch(http, third, **{link: target["id"]}), 409, "link-ring")
                assert [each["pointer"] for each in problem["errors"]] == [f"/{link}"]
        assert (await changed(http, first, **{link: None}))[link] is None
        assert (await changed(http, third, **{link: first["id"]}))[link] == first["id"]

    @pytest.mark.row("A60", "B20", "B21", "B22")
    async def test_that_two_make_at_once_do_not_close_a_ring_together(
        self, http: Client, served: Server, premises: Premises
    ) -> None:
        async with served.client(premises.admin_key) as one, served.client(premises.admin_key) as other:
            for turn in range(4):
                for link in LINKS:
                    pair = [await customer(http, f"{link} {turn} {side}") for side in "ab"]
                    ends = await codes(
                        patch(one, pair[0], **{link: pair[1]["id"]}), patch(other, pair[1], **{link: pair[0]["id"]})
                    )
                    assert ends == ["200", "link-ring"]


class TestSalesReps:
    @pytest.mark.row("B16")
    async def test_are_three_at_most_with_a_hundred_percent_between_them(self, http: Client) -> None:
        reps = [await third_party(http, "sales_rep", f"VRP {number}") for number in range(4)]

        def shares(*parts: str) -> list[Json]:
            return [{"third_party_id": rep["id"], "share": part} for rep, part in zip(reps, parts, strict=False)]

        card = await customer(http, sales_reps=shares("50.00", "30.00", "20.00"))
        assert card["sales_reps"] == shares("50.00", "30.00", "20.00")
        for parts, status, code in ((("25.00",) * 4, 422, "invalid"), (("60.00", "40.01"), 409, "inconsistent")):
            problem = refused(await patch(http, card, sales_reps=shares(*parts)), status, code)
            assert [each["pointer"] for each in problem["errors"]] == ["/sales_reps"]
        assert (await changed(http, card, sales_reps=shares("100.00")))["sales_reps"] == shares("100.00")

    @pytest.mark.row("B16")
    @pytest.mark.parametrize("kind", ["supplier", "prospect", "other"])
    async def test_are_sales_reps(self, http: Client, kind: str) -> None:
        other = await third_party(http, kind, "AUTRE")
        body = {"name": "X", "sales_reps": [{"third_party_id": other["id"], "share": "10.00"}]}
        problem = refused(await http.post("/v1/customers", json=body), 409, "unknown-party")
        assert [each["pointer"] for each in problem["errors"]] == ["/sales_reps/0/third_party_id"]

    @pytest.mark.row("B19")
    async def test_the_sales_administrator_is_a_user(self, http: Client) -> None:
        (camille,) = await items(http, "/v1/users")
        assert (await customer(http, sales_admin_id=camille["id"]))["sales_admin_id"] == camille["id"]
        refused(
            await http.post("/v1/customers", json={"name": "X", "sales_admin_id": f"usr_{'0' * 32}"}),
            409,
            "unknown-party",
        )


class TestCredit:
    @pytest.mark.row("B15", "O13")
    async def test_is_not_controlled_by_a_nil_ceiling(self, http: Client) -> None:
        await decide(http, credit_policy="block")
        card = await customer(http, management_ceiling=euros("0.00"), insurance_ceiling=euros("10.00"))
        assert (await order(http, line(RUE, 99), customer_id=card["id"]))["warnings"] == []
        assert (await get(http, f"/v1/customers/{card['id']}/credit"))["active"] is False

    @pytest.mark.row("B15", "O13")
    async def test_warns_or_blocks_above_the_management_ceiling(self, http: Client, sql: Connection) -> None:
        card = await customer(http, management_ceiling=euros("20.00"), insurance_ceiling=euros("15.00"))
        assert (await order(http, line(RUE), customer_id=card["id"]))["warnings"] == []
        (warning,) = (await order(http, line(RUE), customer_id=card["id"]))["warnings"]
        assert "24,00 €" in warning
        credit = await get(http, f"/v1/customers/{card['id']}/credit")
        assert (credit["outstanding"], credit["risk"], credit["active"]) == (euros("24.00"), euros("5.00"), True)
        await decide(http, credit_policy="block")
        async with nothing_written(sql):
            body = {"customer_id": card["id"], "lines": [line(RUE)]}
            refused(await http.post("/v1/orders", json=body), 409, "ceiling-exceeded")


class TestPreferences:
    @pytest.mark.row("A61")
    async def test_the_comment_is_proposed_on_each_new_order(self, http: Client) -> None:
        card = await customer(http, comment="Sonner deux fois")
        assert (await order(http, customer_id=card["id"]))["comment"] == "Sonner deux fois"
        assert (await order(http, customer_id=card["id"], comment="Urgent"))["comment"] == "Urgent"

    @pytest.mark.row("A65", "A70", "A71", "B14", "B24", "B25", "B26", "B27", "B28", "B81")
    async def test_are_kept_each_with_its_table(self, http: Client) -> None:
        await post(http, "/v1/tables/stat-1", {"code": "FR44ABCD", "label": "Nantes centre"})
        await post(http, "/v1/tables/tariffs", {"code": "ECOLES", "label": "Tarif écoles"})
        sent: Json = {
            "tariff_code": "ECOLES",
            "account_number": "411ECOLE",
            "our_code": "F-LIB-0044",
            "language": "de",
            "reminder_family": "COLL",
            "payment_mode": "MANDAT",
            "print_mode": "CHORUS",
            "title": "M. et Mme",
            "stat_1": "FR44ABCD",
            "back_orders": {"quotes": "inherit", "orders": "no", "delivery_notes": "yes"},
            "chorus": {
                "enabled": True,
                "siret": "73282932000074",
                "service_code": "ACHATS",
                "engagement_number": "EJ-2026-1",
                "service_required": True,
                "engagement_required": True,
            },
        }
        card = await customer(http, "ÉCOLE JULES-VERNE", **sent)
        assert {name: card[name] for name in sent} == sent
        card = await changed(http, card, chorus={"service_code": None}, back_orders={"orders": "inherit"})
        assert card["chorus"] == {**sent["chorus"], "service_code": None}
        assert card["back_orders"] == {**sent["back_orders"], "orders": "inherit"}

    @pytest.mark.row("B25", "B28", "B81")
    async def test_with_codes_that_no_table_has_are_refused_all_at_once(self, http: Client, sql: Connection) -> None:
        wrong = {
            "language": "xx",
            "reminder_family": "X",
            "stat_1": "FR",
            "category": "X",
            "address": {"country": "XX"},
        }
        async with nothing_written(sql):
            answer = await http.post("/v1/customers", json={"name": "X", **wrong})
        pointers = {each["pointer"] for each in refused(answer, 409, "unknown-code")["errors"]}
        assert pointers == {"/language", "/reminder_family", "/stat_1", "/category", "/address/country"}


class TestTwoUsers:
    @pytest.fixture
    async def browsers(self, http: Client, app: FastAPI) -> AsyncIterator[list[Client]]:
        """Anne and Paul, each logged in."""
        words = "quatre-mots-pour-deux"
        async with client_of(app, None) as anne, client_of(app, None) as paul:
            for browser, login in ((anne, "anne"), (paul, "paul")):
                user = {"login": login, "name": login.title(), "password": words, "scopes": ["customers:*"]}
                await post(http, "/v1/users", user)
                me = await post(browser, "/v1/session", {"login": login, "password": words})
                browser.headers["x-csrf-token"] = me["csrf_token"]
            yield [anne, paul]

    @pytest.mark.row("B2", "C13")
    async def test_edit_one_card_and_the_second_hears_of_the_first_and_loses_nothing(
        self, http: Client, browsers: list[Client], sql: Connection
    ) -> None:
        anne, paul = browsers
        made = await customer(http, "DURAND", phone="02 40 00 00 00")
        path = f"/v1/customers/{made['id']}"
        seen_by_anne, seen_by_paul = await get(anne, path), await get(paul, path)
        await changed(anne, seen_by_anne, phone="06 39 98 00 01", comment="Prévenir le soir")

        meant = {"email": "durand@example.org", "comment": "Prévenir le matin"}
        refused(await patch(paul, seen_by_paul, **meant), 412, "stale-version")
        now = await get(paul, path)
        assert (now["phone"], now["comment"], now["email"]) == ("06 39 98 00 01", "Prévenir le soir", None)
        both = await changed(paul, now, **meant)
        assert (both["phone"], both["comment"], both["email"]) == (
            "06 39 98 00 01",
            "Prévenir le matin",
            "durand@example.org",
        )
        trail = await sql.fetch(
            "SELECT s.login, e.before ->> 'comment', e.after ->> 'comment' FROM audit_entry e "
            "JOIN staff s ON e.by = 'staff:' || replace(s.staff_id::text, '-', '') "
            "WHERE e.record = 'customer' AND e.operation = 'update' ORDER BY e.at"
        )
        assert [tuple(each) for each in trail] == [
            ("anne", None, "Prévenir le soir"),
            ("paul", "Prévenir le soir", "Prévenir le matin"),
        ]

    @pytest.mark.row("B2")
    async def test_at_the_same_moment_are_served_one_after_the_other(
        self, http: Client, served: Server, premises: Premises
    ) -> None:
        made = await customer(http)
        writers = 8
        async with served.client(premises.admin_key) as client:
            ends = await codes(*(patch(client, made, comment=f"écrivain {n}") for n in range(writers)))
        assert ends == ["200", *["stale-version"] * (writers - 1)]
        assert (await get(http, f"/v1/customers/{made['id']}"))["version"] == 2


class TestTheCustomer:
    @pytest.mark.row("B1", "B2")
    async def test_is_one_in_every_document(self, http: Client) -> None:
        await stock(http, CHUT)
        card = await customer(http, "DURAND")
        taken = await order(http, line(CHUT), customer_id=card["id"])
        kept = await post(http, "/v1/reservations", {"ean": CHUT, "customer_id": card["id"]})
        assert {taken["customer_id"], kept["customer_id"]} == {card["id"]}
        for path in ("/v1/orders", "/v1/reservations"):
            (found,) = await items(http, path, customer_id=card["id"])
            assert found["customer_code"] == card["code"]
