"""Orders over HTTP: whom they are for and billed to, where they go, what stands on them, and how they are changed."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from domain.comptoir import Comptoir
from domain.model.access import Dossier
from domain.model.order import CustomerOrder, Origin
from domain.model.payment import PaymentState
from domain.model.values import Contact, DossierId, OrderId
from infra.ids import new_id
from tests.api.conftest import ClientFor
from tests.api.steps import (
    CHUT,
    NUIT,
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
    order,
    post,
    push,
    refused,
    scan,
    stock,
)
from tests.conftest import Client, Premises

pytestmark = pytest.mark.usefixtures("books")

RIB = "FR1420041010050500013M02606"
LILAS = {"street": "12 rue des Lilas", "postal_code": "44000", "town": "NANTES"}
MAIRIE = {"street": "1 place de la Mairie", "postal_code": "44100", "town": "NANTES"}
DEPOT = {"street": "3 quai du Port", "postal_code": "44200", "town": "NANTES"}
NOWHERE = "0" * 32


async def patch(http: Client, path: str, version: int, **body: object) -> Json:
    answer = await http.patch(path, json=body, headers={"if-match": f'"{version}"'})
    assert answer.status_code == 200, answer.text
    changed: Json = answer.json()
    return changed


async def change(http: Client, seen: Json, **body: object) -> Json:
    return await patch(http, f"/v1/orders/{seen['id']}", seen["version"], **body)


async def line_of(http: Client, seen: Json, position: int = 1) -> str:
    found = next(each["id"] for each in seen["lines"] if each["position"] == position)
    return f"/v1/orders/{seen['id']}/lines/{found}"


async def address(http: Client, card: Json, where: Json, **more: object) -> str:
    made = await post(http, f"/v1/customers/{card['id']}/addresses", {"address": where, **more})
    return str(made["id"])


async def contact(http: Client, card: Json, name: str, **more: object) -> str:
    return str((await post(http, f"/v1/customers/{card['id']}/contacts", {"name": name, **more}))["id"])


async def account(http: Client, card: Json, **more: object) -> str:
    return str((await post(http, f"/v1/customers/{card['id']}/bank-accounts", {"iban": RIB, **more}))["id"])


async def third_party(http: Client, kind: str) -> str:
    return str((await post(http, "/v1/third-parties", {"type": kind, "name": f"UN {kind}"}))["id"])


def towns(where: Json | None) -> str | None:
    return where["address"]["street"] if where else None


class TestWhoIsBilled:
    @pytest.mark.row("A22")
    async def test_is_the_customer_himself_where_it_is_delivered(self, http: Client) -> None:
        card = await customer(http, "MARTIN", address=LILAS)
        made = await order(http, customer_id=card["id"])
        assert (made["billed_to"], made["contact"]["address"]["street"]) == (None, LILAS["street"])

    @pytest.mark.row("A22", "A60")
    async def test_is_whom_his_card_is_billed_to_else_whom_the_order_chooses(self, http: Client) -> None:
        town_hall = await customer(http, "MAIRIE", kind="organisation", address=MAIRIE)
        parents = await customer(http, "PARENTS D'ELEVES", kind="organisation", address=DEPOT)
        school = await customer(http, "ECOLE", kind="organisation", address=LILAS, billed_to_id=town_hall["id"])
        by_card = await order(http, customer_id=school["id"])
        assert by_card["billed_to"] == {
            "customer_id": town_hall["id"],
            "customer_code": town_hall["code"],
            "name": "MAIRIE",
            "address": town_hall["address"],
            "address_id": None,
        }
        assert by_card["contact"]["address"] == school["address"]
        chosen = await order(http, customer_id=school["id"], billed_to_id=parents["id"])
        assert (chosen["billed_to"]["name"], towns(chosen["billed_to"])) == ("PARENTS D'ELEVES", DEPOT["street"])
        himself = await order(http, customer_id=school["id"], billed_to_id=school["id"])
        assert himself["billed_to"] is None
        free = await order(http, billed_to_id=parents["id"])
        assert free["billed_to"]["customer_code"] == parents["code"]
        assert await get(http, f"/v1/orders/{chosen['id']}") == chosen

    @pytest.mark.row("A22", "A57")
    async def test_is_billed_at_his_billing_address_or_the_one_chosen(self, http: Client) -> None:
        card = await customer(http, "LYCEE", address=LILAS)
        billing = await address(http, card, MAIRIE, role="billing")
        other = await address(http, card, DEPOT)
        by_role = await order(http, customer_id=card["id"])
        assert (by_role["billed_to"]["address_id"], towns(by_role["billed_to"])) == (billing, MAIRIE["street"])
        assert by_role["billed_to"]["customer_id"] == card["id"]
        chosen = await order(http, customer_id=card["id"], billing_address_id=other)
        assert (chosen["billed_to"]["address_id"], towns(chosen["billed_to"])) == (other, DEPOT["street"])
        main = await change(http, chosen, billing_address_id=None)
        assert main["billed_to"] is None

    @pytest.mark.row("A22", "A23")
    async def test_may_be_changed_on_the_order(self, http: Client) -> None:
        town_hall = await customer(http, "MAIRIE", address=MAIRIE)
        school = await customer(http, "ECOLE", address=LILAS, billed_to_id=town_hall["id"])
        made = await order(http, customer_id=school["id"], customer_reference="BC-1")
        himself = await change(http, made, billed_to_id=None)
        assert (himself["billed_to"], himself["version"], himself["customer_reference"]) == (None, 2, "BC-1")
        back = await change(http, himself, billed_to_id=town_hall["id"], customer_reference="BC-2")
        assert (back["billed_to"]["name"], back["customer_reference"]) == ("MAIRIE", "BC-2")

    @pytest.mark.row("A22", "B30")
    async def test_must_be_a_card_that_is_there_open_and_seen(
        self, http: Client, client_for: ClientFor, sql: Connection
    ) -> None:
        blind_key = (await post(http, "/v1/api-keys", {"label": "blind", "scopes": ["orders:*"]}))["secret"]
        yesterday = (date.today() - timedelta(days=1)).isoformat()  # noqa: DTZ011 - any day gone by will do
        secret = await customer(http, "SECRET", confidentiality_code="DIR")
        closed = await customer(http, "FERME", closed_on=yesterday)
        absorbed, kept = await customer(http, "DOUBLE"), await customer(http, "GARDE")
        await post(http, "/v1/customer-merges", {"kept_id": kept["id"], "absorbed_id": absorbed["id"]})
        school = await customer(http, "ECOLE", billed_to_id=secret["id"])
        made = await order(http)
        blind = await client_for(blind_key)
        async with nothing_written(sql):
            for client, billed in (
                (http, closed["id"]),
                (http, absorbed["id"]),
                (http, f"cus_{NOWHERE}"),
                (blind, secret["id"]),
            ):
                body = {"contact": {"name": "X"}, "lines": [line()], "billed_to_id": billed}
                path = f"/v1/orders/{made['id']}"
                for answer in (
                    await client.post("/v1/orders", json=body),
                    await client.patch(path, json={"billed_to_id": billed}, headers={"if-match": '"1"'}),
                ):
                    (error,) = refused(answer, 409, "unknown-party")["errors"]
                    assert error["pointer"] == "/billed_to_id"
            by_card = await blind.post("/v1/orders", json={"customer_id": school["id"], "lines": [line()]})
            refused(by_card, 409, "unknown-party")
        assert (await order(http, customer_id=school["id"]))["billed_to"]["name"] == "SECRET"

    @pytest.mark.row("A22")
    async def test_of_a_web_order_is_whom_its_customer_is_billed_to(self, http: Client, web_shop: Client) -> None:
        town_hall = await customer(http, "MAIRIE", address=MAIRIE)
        school = await customer(http, "ECOLE", code="ECOLE", billed_to_id=town_hall["id"])
        rib = await account(http, school)
        made = await push(web_shop, "W-1", customer_code="ECOLE", name="Mme ROUX")
        assert (made["billed_to"]["name"], made["contact"]["name"]) == ("MAIRIE", "Mme ROUX")
        assert made["bank_account_id"] == rib
        assert (await push(web_shop, "W-2"))["billed_to"] is None


class TestWhereItGoes:
    @pytest.mark.row("B40", "A57")
    async def test_is_the_address_of_its_code_if_orders_may_use_it(self, http: Client) -> None:
        card = await customer(http, "LYCEE", address=LILAS)
        code = await address(http, card, DEPOT, default_for=["order", "delivery_note"])
        made = await order(http, customer_id=card["id"])
        assert (made["delivery_address_id"], made["contact"]["address"]["street"]) == (code, DEPOT["street"])
        assert (towns(made["billed_to"]), made["billed_to"]["address_id"]) == (LILAS["street"], None)
        path = f"/v1/customers/{card['id']}/addresses/{code}"
        await patch(http, path, 1, allowed_for=["invoice"], default_for=["invoice"])
        made = await order(http, customer_id=card["id"])
        assert (made["delivery_address_id"], made["contact"]["address"]["street"]) == (None, LILAS["street"])

    @pytest.mark.row("B41")
    async def test_may_be_the_main_address_of_another_card(self, http: Client) -> None:
        lender = await customer(http, "DEPOT CENTRAL", address=DEPOT)
        card = await customer(http, "LYCEE", address=LILAS)
        code = await address(http, card, {}, default_for=["order"], use_main_of_id=lender["id"])
        made = await order(http, customer_id=card["id"])
        where = made["contact"]["address"]
        assert (made["delivery_address_id"], where["street"], where["recipient"]) == (
            code,
            DEPOT["street"],
            "DEPOT CENTRAL",
        )
        assert made["contact"]["name"] == "LYCEE"

    @pytest.mark.row("B41", "B30")
    async def test_is_the_main_one_where_the_lender_may_not_be_seen(self, http: Client, client_for: ClientFor) -> None:
        key = (await post(http, "/v1/api-keys", {"label": "blind", "scopes": ["orders:*"]}))["secret"]
        lender = await customer(http, "SECRET", address=DEPOT, confidentiality_code="DIR")
        card = await customer(http, "LYCEE", address=LILAS)
        hidden = await address(http, card, {}, default_for=["order"], use_main_of_id=lender["id"])
        blind = await client_for(key)
        made = await order(blind, customer_id=card["id"])
        assert made["contact"]["address"]["street"] == LILAS["street"]
        assert made["warnings"] == ["Adresse d'une fiche confidentielle : l'adresse principale du client est prise"]
        answer = await blind.post(
            "/v1/orders", json={"customer_id": card["id"], "lines": [line()], "delivery_address_id": hidden}
        )
        refused(answer, 409, "unknown-party")

    @pytest.mark.row("B42")
    async def test_may_be_changed_on_the_order(self, http: Client) -> None:
        card = await customer(http, "LYCEE", address=LILAS)
        await address(http, card, DEPOT, role="delivery")
        other = await address(http, card, MAIRIE)
        made = await order(http, customer_id=card["id"], delivery_address_id=other)
        assert (made["delivery_address_id"], made["contact"]["address"]["street"]) == (other, MAIRIE["street"])
        assert towns(made["billed_to"]) == LILAS["street"]
        main = await change(http, made, delivery_address_id=None)
        assert (main["delivery_address_id"], main["contact"]["address"]) == (None, card["address"])
        typed = await change(http, main, contact={"name": "Mme ROUX", "address": DEPOT})
        assert (typed["name"], typed["contact"]["address"]["street"]) == ("Mme ROUX", DEPOT["street"])
        again = await change(http, typed, delivery_address_id=other)
        assert (again["contact"]["name"], again["contact"]["address"]["street"]) == ("Mme ROUX", MAIRIE["street"])
        renamed = await change(http, again, contact={"name": "M. ROUX", "address": MAIRIE})
        assert (renamed["delivery_address_id"], renamed["contact"]["name"]) == (other, "M. ROUX")
        assert [each["id"] for each in await items(http, "/v1/orders", name="roux")] == [made["id"]]
        elsewhere_typed = await change(http, renamed, contact={"name": "M. ROUX", "address": LILAS})
        assert elsewhere_typed["delivery_address_id"] is None

    @pytest.mark.row("A22", "B42")
    async def test_elsewhere_leaves_the_invoice_where_it_was(self, http: Client) -> None:
        card = await customer(http, "LYCEE", address=LILAS)
        other = await address(http, card, DEPOT)
        made = await order(http, customer_id=card["id"])
        assert made["billed_to"] is None
        moved = await change(http, made, delivery_address_id=other)
        assert (moved["contact"]["address"]["street"], towns(moved["billed_to"])) == (DEPOT["street"], LILAS["street"])

    @pytest.mark.row("B40", "B42", "B43")
    async def test_must_be_of_the_card_and_for_orders(self, http: Client, sql: Connection) -> None:
        card, stranger = await customer(http, "LYCEE"), await customer(http, "AUTRE")
        theirs = {
            "delivery_address_id": await address(http, stranger, LILAS),
            "billing_address_id": await address(http, stranger, DEPOT),
            "contact_id": await contact(http, stranger, "ROUX"),
            "bank_account_id": await account(http, stranger),
        }
        invoices = await address(http, card, LILAS, allowed_for=["invoice"])
        shut = await account(http, card, closed_on="2020-01-01")
        chosen = [*theirs.items(), ("delivery_address_id", invoices), ("bank_account_id", shut)]
        made, free = await order(http, customer_id=card["id"]), await order(http)
        async with nothing_written(sql):
            for name, wanted in chosen:
                body = {"lines": [line()], name: wanted}
                held = {"if-match": '"1"'}
                for answer in (
                    await http.post("/v1/orders", json={**body, "customer_id": card["id"]}),
                    await http.post("/v1/orders", json={**body, "contact": {"name": "X"}}),
                    await http.patch(f"/v1/orders/{made['id']}", json={name: wanted}, headers=held),
                    await http.patch(f"/v1/orders/{free['id']}", json={name: wanted}, headers=held),
                ):
                    (error,) = refused(answer, 409, "unknown-party")["errors"]
                    assert error["pointer"] == f"/{name}"


class TestWhatStandsOnIt:
    @pytest.mark.row("B36", "B42", "B43")
    async def test_is_the_contact_for_orders_and_the_main_rib(self, http: Client) -> None:
        card = await customer(http, "LYCEE")
        await contact(http, card, "FACTURES", function="FAC")
        buyer = await contact(http, card, "ACHATS", function="CDE")
        main = await account(http, card)
        other = await account(http, card, iban="FR7630006000011234567890189")
        made = await order(http, customer_id=card["id"])
        assert (made["contact_id"], made["bank_account_id"]) == (buyer, main)
        chosen = await order(http, customer_id=card["id"], bank_account_id=other)
        assert chosen["bank_account_id"] == other
        changed = await change(http, made, bank_account_id=other, contact_id=None)
        assert (changed["contact_id"], changed["bank_account_id"]) == (None, other)
        assert (await change(http, changed, bank_account_id=None))["bank_account_id"] is None

    @pytest.mark.row("A61", "A23", "A26")
    async def test_is_the_customers_comment_unless_another_is_given(self, http: Client) -> None:
        card = await customer(http, comment="Prévenir le soir")
        made = await order(
            http, customer_id=card["id"], customer_reference="BC-118", origin="quote", quote_reference="DEV-31"
        )
        shown = await get(http, f"/v1/orders/{made['id']}")
        assert (shown["comment"], shown["customer_reference"]) == ("Prévenir le soir", "BC-118")
        assert (shown["origin"], shown["quote_reference"]) == ("quote", "DEV-31")
        assert (await order(http, customer_id=card["id"], comment=""))["comment"] == ""
        assert [each["id"] for each in await items(http, "/v1/orders", customer_reference="bc 118")] == [made["id"]]

    @pytest.mark.row("B27")
    @pytest.mark.parametrize(
        ("general", "own", "asked", "expected"),
        [
            (True, "inherit", None, True),
            (False, "inherit", None, False),
            (True, "no", None, False),
            (False, "yes", None, True),
            (True, "no", True, True),
            (False, "yes", False, False),
        ],
    )
    async def test_is_the_rule_for_back_orders(
        self, http: Client, web_shop: Client, general: bool, own: str, asked: bool | None, expected: bool
    ) -> None:
        version = (await get(http, "/v1/dossier"))["version"]
        await patch(http, "/v1/dossier", version, back_orders={"orders": general})
        rules = {"orders": own, "quotes": "inherit", "delivery_notes": "inherit"}
        card = await customer(http, code="C1", back_orders=rules)
        made = await order(http, customer_id=card["id"], back_orders=asked)
        assert made["back_orders"] is expected
        assert (await change(http, made, back_orders=not expected))["back_orders"] is not expected
        by_rule = await change(http, {**made, "version": 2}, back_orders=None)
        assert by_rule["back_orders"] is (general if own == "inherit" else own == "yes")
        assert (await order(http))["back_orders"] is general
        assert (await push(web_shop, "W-1"))["back_orders"] is general
        assert (await push(web_shop, "W-2", customer_code="C1"))["back_orders"] is by_rule["back_orders"]

    async def test_stays_on_a_closed_order_but_for_reference_and_comment(self, http: Client, sql: Connection) -> None:
        made = await order(http)
        await post(http, f"/v1/orders/{made['id']}/cancel", {"reason": "Doublon"}, version=1, expect=200)
        async with nothing_written(sql):
            for body in (
                {"mail_order": True},
                {"contact": {"name": "AUTRE"}},
                {"back_orders": False},
                {"vat_exempt": True},
                {"delivery_charge": euros("5.00")},
            ):
                answer = await http.patch(f"/v1/orders/{made['id']}", json=body, headers={"if-match": '"2"'})
                refused(answer, 409, "order-closed")
        noted = await change(http, {**made, "version": 2}, comment="Vu", customer_reference="BC-1")
        assert (noted["comment"], noted["customer_reference"], noted["version"]) == ("Vu", "BC-1", 3)

    async def test_is_told_once_and_not_at_all_where_nothing_differs(self, http: Client, sql: Connection) -> None:
        made = await order(http, contact={"name": "MARTIN"})
        async with nothing_written(sql):
            same = await change(http, made, contact={"name": "MARTIN"}, mail_order=False, back_orders=True)
            assert same == made
        await change(http, made, contact={"name": "MARTINE"})
        told = await sql.fetch("SELECT type FROM outbox_event ORDER BY seq")
        assert [row["type"] for row in told] == ["order.created", "order.updated"]


class TestWhoMayOrder:
    @pytest.mark.row("B31", "B32")
    async def test_is_told_by_light_and_closing_date(self, http: Client, sql: Connection) -> None:
        today = date.today()  # noqa: DTZ011 - a day either way makes no difference here
        red = await customer(http, "ROUGE", light="red", light_message="Impayés")
        closed = await customer(http, "FERME", closed_on=(today - timedelta(days=1)).isoformat())
        orange = await customer(http, "ORANGE", light="orange", light_message="Chèques refusés")
        leaving = await customer(http, "PARTANT", closed_on=(today + timedelta(days=30)).isoformat())
        free = await order(http)
        async with nothing_written(sql):
            for card, code in ((red, "customer-blocked"), (closed, "customer-closed")):
                body = {"customer_id": card["id"], "lines": [line()]}
                refused(await http.post("/v1/orders", json=body), 409, code)
                attaching = await http.post(
                    f"/v1/orders/{free['id']}/attach-customer",
                    json={"customer_id": card["id"]},
                    headers={"if-match": '"1"'},
                )
                refused(attaching, 409, code)
            told = (await http.post("/v1/orders", json={"customer_id": closed["id"], "lines": [line()]})).json()[
                "detail"
            ]
            assert f"{today - timedelta(days=1):%d/%m/%Y}" in told, "a day is written as people write it"
        assert (await order(http, customer_id=orange["id"]))["warnings"] == ["Chèques refusés"]
        assert (await order(http, customer_id=leaving["id"]))["warnings"] == []
        body = {"customer_id": orange["id"]}
        attached = await post(http, f"/v1/orders/{free['id']}/attach-customer", body, version=1, expect=200)
        assert attached["warnings"] == ["Chèques refusés"]

    @pytest.mark.row("B8", "B15")
    async def test_by_attaching_too_needs_the_visa_and_room_under_the_ceiling(
        self, http: Client, sql: Connection
    ) -> None:
        await patch(http, "/v1/dossier", 1, credit_policy="block")
        unapproved = await customer(http, "SANS VISA")
        path = f"/v1/customers/{unapproved['id']}/approval"
        await post(http, path, {"approved": False}, version=1, expect=200)
        poor = await customer(http, "PLAFOND", management_ceiling=euros("20.00"))
        within, beyond = await order(http), await order(http, line(CHUT, 3))
        async with nothing_written(sql):
            for card, code in ((unapproved, "customer-not-approved"), (poor, "ceiling-exceeded")):
                answer = await http.post(
                    f"/v1/orders/{beyond['id']}/attach-customer",
                    json={"customer_id": card["id"]},
                    headers={"if-match": '"1"'},
                )
                refused(answer, 409, code)
        body = {"customer_id": poor["id"]}
        attached = await post(http, f"/v1/orders/{within['id']}/attach-customer", body, version=1, expect=200)
        assert attached["customer_code"] == poor["code"]
        await patch(http, "/v1/dossier", 2, credit_policy="warn")
        attached = await post(http, f"/v1/orders/{beyond['id']}/attach-customer", body, version=1, expect=200)
        assert attached["warnings"][0].startswith("Plafond de direction dépassé")


class TestALine:
    @pytest.mark.row("A16")
    async def test_is_shown_added_changed_and_deleted(self, http: Client) -> None:
        made = await order(http, line(RUE))
        made = await post(http, f"/v1/orders/{made['id']}/lines", line(CHUT, 2, discount_percent="5.00"), version=1)
        path = await line_of(http, made, 2)
        shown = await http.get(path)
        assert (shown.status_code, shown.headers["etag"], shown.json()) == (200, '"2"', made["lines"][1])
        assert (shown.json()["ean"], shown.json()["ordered"], shown.json()["price_source"]) == (CHUT, 2, "typed")
        changed = await patch(http, path, 2, ordered=3, unit_price=euros("11.00"))
        assert (changed["lines"][1]["ordered"], changed["lines"][1]["ruling"]["rule"]) == (3, "R1")
        gone = await http.delete(path, headers={"if-match": '"3"'})
        assert [each["ean"] for each in gone.json()["lines"]] == [RUE]
        refused(await http.get(path), 404, "not-found")
        refused(await http.delete(await line_of(http, made), headers={"if-match": '"4"'}), 409, "line-in-use")

    @pytest.mark.row("A16")
    async def test_that_is_kept_cannot_shrink_below_that_nor_go(self, http: Client, sql: Connection) -> None:
        made = await order(http, line(RUE, 2), line(CHUT))
        await stock(http, RUE)
        await scan(http, RUE)
        made = await get(http, f"/v1/orders/{made['id']}")
        path = await line_of(http, made)
        held = {"if-match": f'"{made["version"]}"'}
        await patch(http, path, made["version"], ordered=1)
        made = await get(http, f"/v1/orders/{made['id']}")
        held = {"if-match": f'"{made["version"]}"'}
        async with nothing_written(sql):
            refused(await http.delete(path, headers=held), 409, "line-in-use")
            refused(await http.patch(path, json={"ordered": 3}, headers={"if-match": '"1"'}), 412, "stale-version")
            answer = await http.post(f"/v1/orders/{made['id']}/lines", json=line(UNKNOWN), headers=held)
            (error,) = refused(answer, 422, "invalid")["errors"]
        assert error["pointer"] == "/ean"

    @pytest.mark.row("B16")
    async def test_may_have_a_sales_rep_of_its_own(self, http: Client, sql: Connection) -> None:
        rep, supplier = await third_party(http, "sales_rep"), await third_party(http, "supplier")
        card = await customer(http, sales_reps=[{"third_party_id": rep, "share": "100.00"}])
        made = await order(http, line(RUE, sales_rep_id=rep), line(CHUT), customer_id=card["id"])
        assert [each["sales_rep_id"] for each in made["lines"]] == [rep, None]
        path = await line_of(http, made, 2)
        changed = await patch(http, path, 1, sales_rep_id=rep)
        assert (changed["lines"][1]["sales_rep_id"], changed["lines"][1]["ordered"]) == (rep, 1)
        assert (await patch(http, path, 2, sales_rep_id=None))["lines"][1]["sales_rep_id"] is None
        held = {"if-match": '"3"'}
        async with nothing_written(sql):
            for wanted in (supplier, f"tpa_{NOWHERE}"):
                lines = [line(RUE), line(CHUT, sales_rep_id=wanted)]
                answer = await http.post("/v1/orders", json={"contact": {"name": "X"}, "lines": lines})
                (error,) = refused(answer, 409, "unknown-party")["errors"]
                assert error["pointer"] == "/lines/1/sales_rep_id"
                for answer in (
                    await http.patch(path, json={"sales_rep_id": wanted}, headers=held),
                    await http.post(f"/v1/orders/{made['id']}/lines", json=line(sales_rep_id=wanted), headers=held),
                ):
                    (error,) = refused(answer, 409, "unknown-party")["errors"]
                    assert error["pointer"] == "/sales_rep_id"


class TestTheLaw:
    @pytest.mark.row("C8", "A25")
    async def test_caps_a_price_and_raises_a_charge_and_says_why(self, http: Client) -> None:
        made = await order(http, line(RUE, discount_percent="20.00"), mail_order=True)
        (sold,) = made["lines"]
        assert (sold["unit_price"], sold["ruling"]["rule"], sold["price_source"]) == (sold["list_price"], "R2", "typed")
        assert (made["delivery_charge"], made["charge_ruling"]["rule"]) == (euros("3.00"), "R4")
        assert made["charge_ruling"]["asked"] == euros("0.00")
        assert made["discount"] == euros("0.00")
        collected = await change(http, made, mail_order=False)
        assert (collected["lines"][0]["ruling"]["rule"], collected["delivery_charge"]) == ("R1", euros("0.00"))
        off = Decimal(collected["lines"][0]["list_price"]["amount"]) - Decimal(collected["total"]["amount"])
        assert collected["discount"] == euros(f"{off:.2f}")
        assert collected["updated_at"] > collected["created_at"]

    @pytest.mark.row("C8")
    async def test_is_shown_before_the_order_is_taken(self, http: Client, sql: Connection) -> None:
        card = await customer(http, fidelity_active=True)
        body: Json = {
            "customer_id": card["id"],
            "lines": [line(RUE, 2), line(CHUT, discount_percent="9.00")],
            "mail_order": False,
        }
        seen = await post(http, "/v1/prices", body, expect=200)
        assert [each["price_source"] for each in seen["lines"]] == ["publisher", "typed"]
        assert [each["ruling"] and each["ruling"]["rule"] for each in seen["lines"]] == [None, "R1"]
        assert [each["earns_loyalty"] for each in seen["lines"]] == [True, False]
        assert await sql.fetchval("SELECT count(*) FROM customer_order") == 0
        made = await post(http, "/v1/orders", body)
        same = ("total", "discount", "delivery_charge", "charge_ruling", "vat_totals")
        assert {name: seen[name] for name in same} == {name: made[name] for name in same}
        assert [each["amount"] for each in seen["lines"]] == [each["amount"] for each in made["lines"]]
        shipped = await post(http, "/v1/prices", {**body, "lines": [line(NUIT)], "mail_order": True}, expect=200)
        assert (shipped["delivery_charge"], shipped["charge_ruling"]["rule"]) == (euros("3.00"), "R4")
        assert shipped["lines"][0]["loyalty_reason"]
        refused(await http.post("/v1/prices", json={**body, "customer_id": f"cus_{NOWHERE}"}), 404, "not-found")

    @pytest.mark.row("C8")
    async def test_warns_of_what_a_web_shop_sold_against_it(self, web_shop: Client) -> None:
        sold = line(RUE, unit_price=euros("1.00"))
        made = await push(web_shop, "W-1", sold, delivery_charge=euros("1.00"))
        assert (made["lines"][0]["unit_price"], made["lines"][0]["ruling"]) == (euros("1.00"), None)
        assert (made["lines"][0]["price_source"], made["delivery_charge"]) == ("channel", euros("1.00"))
        price, charge = made["warnings"]
        assert "prix fixé par l'éditeur" in price
        assert "au moins 3,00" in charge


class TestTheNumber:
    @pytest.mark.row("A2")
    async def test_of_fifty_orders_at_once_is_unique_and_rises_whatever_is_rolled_back(
        self,
        http: Client,
        comptoir: Comptoir,
        premises: Premises,
        sql: Connection,
        elsewhere: Premises,
        client_for: ClientFor,
    ) -> None:
        (row,) = await sql.fetch("SELECT * FROM dossier WHERE code = 'essai'")
        dossier = Dossier(
            id=DossierId(row["dossier_id"]),
            code=row["code"],
            name=row["name"],
            time_zone=row["time_zone"],
            secret=row["secret"],
            order_sequence=row["order_sequence"],
        )

        async def take(number: int) -> tuple[int, int]:
            answer = await http.post("/v1/orders", json={"contact": {"name": f"N {number}"}, "lines": [line()]})
            return answer.status_code, answer.json()["number"]

        async def roll_back() -> tuple[int, int]:
            async with comptoir.orders.around.begin(dossier) as work:
                drawn = await work.orders.next_number()
                work.orders.add(_order(OrderId(new_id()), drawn))
            return 0, drawn

        drawn = await asyncio.gather(*(take(n) if n % 5 else roll_back() for n in range(50)))
        numbers = [number for _, number in drawn]
        assert len(set(numbers)) == 50
        assert sorted(status for status, _ in drawn) == [0] * 10 + [201] * 40
        kept = [row["number"] for row in await sql.fetch("SELECT number FROM customer_order ORDER BY number")]
        assert kept == sorted(number for status, number in drawn if status)
        assert (await order(http))["number"] > max(numbers)
        for n in range(3):
            last = (await order(http))["number"]
            assert last == (await order(http))["number"] - 1, n
        other_shop = await client_for(elsewhere.admin_key)
        await other_shop.put(f"/v1/articles/{RUE}", json={"title": "RUE", "list_price": {"amount": "5.00"}})
        assert (await order(other_shop))["number"] < last


def _order(order_id: OrderId, number: int) -> CustomerOrder:
    now = datetime.now(UTC)
    return CustomerOrder(
        id=order_id,
        number=number,
        customer_id=None,
        customer_code=None,
        contact=Contact(name="Personne"),
        customer_reference=None,
        comment=None,
        origin=Origin.COUNTER,
        mail_order=False,
        vat_exempt=False,
        external=None,
        payment_state=PaymentState.NONE,
        delivery_charge=Decimal("0.00"),
        created_at=now,
        updated_at=now,
        lines=[],
    )
