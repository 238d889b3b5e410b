"""Customer orders over HTTP: how they are found (A1 to A8), what one holds (A10 to A13), and what is done to one."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from domain.model.values import folded
from tests.api.steps import (
    BOUTON,
    CHUT,
    DELIVREZ,
    EBOOK,
    NUIT,
    RUE,
    SHELF,
    UNKNOWN,
    Connection,
    Json,
    all_items,
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
from tests.conftest import Client

pytestmark = pytest.mark.usefixtures("books")

SORTS = ("created_at", "number", "customer_code", "customer_reference", "name", "status")


def names(found: list[Json]) -> list[str]:
    return [row["name"] for row in found]


async def said(sql: Connection, order_id: str, *, code: str, label: str, ean: str) -> None:
    """The distributor's answer, which supplier orders will bring; until then it is written as they will write it."""
    await sql.execute(
        "UPDATE order_line SET answer_code = $1, answer_label = $2, answer_source = 'distributor', answer_at = now() "
        "WHERE order_id = $3::uuid AND ean = $4",
        code,
        label,
        order_id.removeprefix("ord_"),
        ean,
    )


class TestTheSearch:
    @pytest.mark.row("A1")
    async def test_finds_an_order_whatever_its_status_and_origin(self, http: Client) -> None:
        for origin in ("article", "saved_list", "quote", "counter"):
            await order(http, origin=origin, name=f"DE {origin}")
        await push(http, "W-1", paid=False, name="DU WEB")
        annulled = await order(http, name="ANNULE")
        await post(http, f"/v1/orders/{annulled['id']}/cancel", {"reason": "Doublon"}, version=1, expect=200)
        found = await items(http, "/v1/orders")
        assert {row["status"] for row in found} == {"CO", "BL", "AN"}
        assert names(found) == ["DE article", "DE saved_list", "DE quote", "DE counter", "DU WEB", "ANNULE"]

    @pytest.mark.row("A3")
    async def test_finds_a_name_that_is_not_in_the_customer_file(self, http: Client) -> None:
        await order(http, name="Madame Inconnue")
        found = await items(http, "/v1/orders", name="inconnue")
        assert names(found) == ["Madame Inconnue"]
        assert found[0]["customer_code"] is None

    @pytest.mark.row("A3")
    async def test_finds_a_name_that_is_in_the_customer_file(self, http: Client) -> None:
        card = await customer(http, "MAISON DES TOUT PETITS")
        await order(http, customer_id=card["id"])
        found = await items(http, "/v1/orders", name="maison")
        assert [(row["name"], row["customer_code"]) for row in found] == [("MAISON DES TOUT PETITS", card["code"])]

    @pytest.mark.row("A3")
    @pytest.mark.parametrize(
        "asked", ["tout", "PETITS", "petits maison", "peti", "maison des tout petits", "tout-petits"]
    )
    async def test_finds_the_start_of_any_word(self, http: Client, asked: str) -> None:
        await order(http, name="MAISON DES TOUT PETITS")
        await order(http, name="MAISONNEUVE")
        assert names(await items(http, "/v1/orders", name=asked)) == ["MAISON DES TOUT PETITS"]

    @pytest.mark.row("A3")
    @pytest.mark.parametrize("asked", ["elodie", "ÉLODIE", "cœur", "coeur", "lodie coeur"])
    async def test_folds_accents_and_ligatures_but_starts_at_a_word(self, http: Client, asked: str) -> None:
        await order(http, name="Élodie Cœur")
        expected = [] if asked.startswith("lodie") else ["Élodie Cœur"]
        assert names(await items(http, "/v1/orders", name=asked)) == expected

    async def test_finds_nothing_for_a_name_without_a_letter(self, http: Client) -> None:
        await order(http)
        assert await items(http, "/v1/orders", name="%") == []

    @pytest.mark.row("A4")
    async def test_takes_dates_from_the_first_to_before_the_second(self, http: Client, sql: Connection) -> None:
        days = ["2026-01-09T23:59:59.999999Z", "2026-01-10T00:00:00Z", "2026-01-19T23:59:59Z", "2026-01-20T00:00:00Z"]
        for day in days:
            made = await order(http, name=day)
            at = datetime.fromisoformat(day)
            await sql.execute(
                "UPDATE customer_order SET created_at = $1 WHERE order_id = $2::uuid",
                at,
                made["id"].removeprefix("ord_"),
            )
        found = await items(
            http, "/v1/orders", created_from="2026-01-10T01:00:00+01:00", created_to="2026-01-20T00:00:00Z"
        )
        assert names(found) == days[1:3]

    @pytest.mark.row("A4", "A5")
    async def test_filters_on_one_status_or_several(self, http: Client) -> None:
        await order(http, name="OUVERTE")
        await push(http, "W-1", paid=False, name="BLOQUEE")
        annulled = await order(http, name="ANNULEE")
        await post(http, f"/v1/orders/{annulled['id']}/cancel", {"reason": "Doublon"}, version=1, expect=200)
        assert names(await items(http, "/v1/orders", status="BL")) == ["BLOQUEE"]
        assert names(await items(http, "/v1/orders", status=["AN", "CO"])) == ["OUVERTE", "ANNULEE"]
        assert await items(http, "/v1/orders", status="LT") == []

    @pytest.mark.row("A7")
    async def test_filters_on_a_deposit_paid(self, http: Client) -> None:
        with_deposit = await order(http, name="ACOMPTE")
        await order(http, name="SANS")
        body = {"amount": euros("5.00"), "kind": "deposit", "method": "cash"}
        await post(http, f"/v1/orders/{with_deposit['id']}/payments", body, version=1)
        found = await items(http, "/v1/orders", deposit="true")
        assert [(row["name"], row["deposit"]) for row in found] == [("ACOMPTE", euros("5.00"))]
        assert names(await items(http, "/v1/orders", deposit="false")) == ["SANS"]

    @pytest.mark.row("A7")
    async def test_filters_on_customers_exempt_from_vat(self, http: Client) -> None:
        card = await customer(http, "EXPORT", vat_exempt=True)
        await order(http, customer_id=card["id"])
        await order(http, name="FRANCE")
        assert names(await items(http, "/v1/orders", vat_exempt="true")) == ["EXPORT"]
        assert names(await items(http, "/v1/orders", vat_exempt="false")) == ["FRANCE"]

    @pytest.mark.row("A7")
    async def test_filters_on_digital_articles(self, http: Client) -> None:
        await order(http, line(), line(EBOOK), name="NUMERIQUE")
        await order(http, name="PAPIER")
        assert names(await items(http, "/v1/orders", digital="true")) == ["NUMERIQUE"]
        assert names(await items(http, "/v1/orders", digital="false")) == ["PAPIER"]

    async def test_filters_on_all_the_other_criteria(self, http: Client) -> None:
        card = await customer(http, "DURAND")
        mine = await order(http, line(CHUT), customer_id=card["id"], customer_reference="Bon n° 118")
        pushed = await push(http, "W-1", line(NUIT))
        for query, wanted in (
            ({"number": mine["number"]}, mine),
            ({"customer_id": card["id"]}, mine),
            ({"customer_reference": "BON N 1"}, mine),
            ({"ean": CHUT}, mine),
            ({"mail_order": "false"}, mine),
            ({"channel": "boutique"}, pushed),
            ({"ean": NUIT}, pushed),
            ({"mail_order": "true"}, pushed),
        ):
            assert [row["id"] for row in await items(http, "/v1/orders", **query)] == [wanted["id"]], query

    @pytest.mark.row("A8")
    async def test_answers_the_columns_of_the_list(self, http: Client) -> None:
        card = await customer(http, "DURAND", code="DUR1")
        made = await order(http, line(quantity=2), line(CHUT), customer_id=card["id"], customer_reference="BC 7")
        (row,) = await items(http, "/v1/orders")
        shown = {name: row[name] for name in ("number", "customer_code", "customer_reference", "name", "status")}
        assert shown == {
            "number": made["number"],
            "customer_code": "DUR1",
            "customer_reference": "BC 7",
            "name": "DURAND",
            "status": "CO",
        }
        assert row["created_at"] == made["created_at"]
        assert row["created_at"].endswith("Z")
        assert row["quantity"] == 3

    @pytest.mark.row("A8")
    async def test_is_in_the_order_of_creation_unless_asked_otherwise(self, http: Client) -> None:
        for name in ("ZOLA", "ARAGON", "MAUPASSANT"):
            await order(http, name=name)
        assert names(await items(http, "/v1/orders")) == ["ZOLA", "ARAGON", "MAUPASSANT"]

    @pytest.mark.row("A8")
    @pytest.mark.parametrize("column", SORTS)
    async def test_sorts_by_every_column_both_ways(self, http: Client, column: str) -> None:
        for name, code, reference in (("ZOLA", "B1", "BC 3"), ("Élan", "C1", "AC 1"), ("DUMAS", "A1", "BD 2")):
            card = await customer(http, name, code=code)
            await order(http, customer_id=card["id"], customer_reference=reference)
        annulled = await order(http, name="LIBRE")
        await post(http, f"/v1/orders/{annulled['id']}/cancel", {"reason": "Doublon"}, version=1, expect=200)
        expected = {
            "created_at": ["ZOLA", "Élan", "DUMAS", "LIBRE"],
            "number": ["ZOLA", "Élan", "DUMAS", "LIBRE"],
            "customer_code": ["LIBRE", "DUMAS", "ZOLA", "Élan"],
            "customer_reference": ["LIBRE", "Élan", "ZOLA", "DUMAS"],
            "name": ["DUMAS", "Élan", "LIBRE", "ZOLA"],
            "status": ["LIBRE", "ZOLA", "Élan", "DUMAS"],
        }[column]
        assert names(await items(http, "/v1/orders", sort=column)) == expected
        assert names(await items(http, "/v1/orders", sort=f"-{column}")) == expected[::-1]

    @pytest.mark.row("A8")
    async def test_counts_what_it_finds(self, http: Client) -> None:
        for name in ("DURAND", "DURANTON", "MARTIN"):
            await order(http, name=name)
        assert await get(http, "/v1/orders/count") == {"count": 3, "capped": False}
        assert await get(http, "/v1/orders/count", name="duran") == {"count": 2, "capped": False}


@pytest.fixture
async def ledger(http: Client, web_shop: Client, sql: Connection) -> dict[str, Json]:
    """Eight orders of every origin and status, one a day from 2 March 2026 on; each is named after what it shows."""
    school = await customer(http, "ECOLE DES TILLEULS", code="E1")
    export = await customer(http, "Élan Export", code="A9", vat_exempt=True)
    listed = await post(http, "/v1/saved-lists", {"name": "Rentrée", "lines": [{"ean": CHUT, "quantity": 2}]})
    path = f"/v1/saved-lists/{listed['id']}/orders"
    made = {
        "school": await order(http, line(RUE, 2), customer_id=school["id"], customer_reference="BC-2026-118"),
        "free": await order(http, line(EBOOK), name="Madame Inconnue", origin="article"),
        "export": await order(http, line(NUIT), customer_id=export["id"], customer_reference="AO 7"),
        "listed": await post(http, path, {"contact": {"name": "PETIT"}, "customer_reference": "bc-2026-119"}),
        "quoted": await order(http, line(BOUTON), name="ROUX", origin="quote", quote_reference="DEV-7"),
        "web": await push(web_shop, "W-1", line(CHUT), line(EBOOK), name="TILLEUL", paid=False),
        "served": await order(http, line(DELIVREZ, 2), name="Œuvre Petite"),
        "whole": await order(http, line(DELIVREZ), customer_id=school["id"], mail_order=True),
    }
    await post(
        http,
        f"/v1/orders/{made['free']['id']}/payments",
        {"amount": euros("2.00"), "kind": "deposit", "method": "cash"},
        version=1,
    )
    await post(http, f"/v1/orders/{made['quoted']['id']}/cancel", {"reason": "Doublon"}, version=1, expect=200)
    await stock(http, DELIVREZ, 2)
    for name in ("served", "whole"):
        (each,) = made[name]["lines"]
        handed = {"lines": [{"line_id": each["id"], "quantity": 1}]}
        await post(http, f"/v1/orders/{made[name]['id']}/deliveries", handed, version=1)
    for day, each in enumerate(made.values(), start=2):
        await sql.execute(
            "UPDATE customer_order SET created_at = $1 WHERE order_id = $2::uuid",
            datetime.fromisoformat(f"2026-03-{day:02}T09:00:00+01:00"),
            each["id"].removeprefix("ord_"),
        )
    return made


SEARCHES: list[tuple[Json, set[str]]] = [
    ({}, {"school", "free", "export", "listed", "quoted", "web", "served", "whole"}),
    ({"name": "tilleul"}, {"school", "web", "whole"}),
    ({"name": "inconnue"}, {"free"}),
    ({"name": "elan"}, {"export"}),
    ({"name": "petit"}, {"listed", "served"}),
    ({"name": "oeuv"}, {"served"}),
    ({"in_file": "true"}, {"school", "export", "whole"}),
    ({"in_file": "false"}, {"free", "listed", "quoted", "web", "served"}),
    ({"in_file": "false", "name": "tilleul"}, {"web"}),
    ({"customer_reference": "BC 2026"}, {"school", "listed"}),
    ({"customer_reference": "ao-7"}, {"export"}),
    ({"status": "CO"}, {"school", "free", "export", "listed"}),
    ({"status": "BL"}, {"web"}),
    ({"status": "LP"}, {"served"}),
    ({"status": "LT"}, {"whole"}),
    ({"status": "AN"}, {"quoted"}),
    ({"status": ["LP", "LT", "AN"]}, {"served", "whole", "quoted"}),
    ({"created_from": "2026-03-04T00:00:00+01:00"}, {"export", "listed", "quoted", "web", "served", "whole"}),
    ({"created_to": "2026-03-04T00:00:00+01:00"}, {"school", "free"}),
    (
        {"created_from": "2026-03-03T09:00:00+01:00", "created_to": "2026-03-05T09:00:00+01:00"},
        {"free", "export"},
    ),
    ({"deposit": "true"}, {"free"}),
    ({"vat_exempt": "true"}, {"export"}),
    ({"digital": "true"}, {"free", "web"}),
    ({"digital": "true", "deposit": "false"}, {"web"}),
    ({"mail_order": "true"}, {"web", "whole"}),
    ({"ean": CHUT}, {"listed", "web"}),
    ({"channel": "boutique"}, {"web"}),
    ({"name": "tilleul", "status": "LT", "mail_order": "true", "in_file": "true"}, {"whole"}),
    ({"name": "tilleul", "status": "LP"}, set()),
]


class TestTheWholeSearch:
    @pytest.mark.row("A1", "A3", "A4", "A5", "A6", "A7", "A8")
    async def test_finds_what_every_criterion_says_page_by_page_and_counts_it(
        self, http: Client, ledger: dict[str, Json]
    ) -> None:
        known = {each["id"]: name for name, each in ledger.items()}
        for query, expected in SEARCHES:
            found = await all_items(http, "/v1/orders", **query, limit=2)
            assert [known[row["id"]] for row in found] == [name for name in ledger if name in expected], query
            counted = await get(http, "/v1/orders/count", **query)
            assert counted == {"count": len(expected), "capped": False}, query
        for name, each in ledger.items():
            (row,) = await items(http, "/v1/orders", number=each["number"])
            assert known[row["id"]] == name
        assert {each["origin"] for each in ledger.values()} == {"counter", "article", "saved_list", "quote", "web"}

    @pytest.mark.row("A8", "A9")
    async def test_sorts_by_every_column_across_pages_and_opens_each_row(
        self, http: Client, ledger: dict[str, Json]
    ) -> None:
        keys: dict[str, Callable[[Json], str | int]] = {
            "created_at": lambda row: row["created_at"],
            "number": lambda row: row["number"],
            "customer_code": lambda row: row["customer_code"] or "",
            "customer_reference": lambda row: folded(row["customer_reference"] or ""),
            "name": lambda row: folded(row["name"]),
            "status": lambda row: row["status"],
        }
        assert set(keys) == set(SORTS)
        for column, key in keys.items():
            for sign in ("", "-"):
                rows = await all_items(http, "/v1/orders", sort=f"{sign}{column}", limit=3)
                expected = sorted(rows, key=lambda row: (key(row), row["id"]), reverse=bool(sign))
                assert [row["id"] for row in rows] == [row["id"] for row in expected], f"{sign}{column}"
                assert {row["id"] for row in rows} == {each["id"] for each in ledger.values()}
        for row in await items(http, "/v1/orders"):
            opened = await get(http, f"/v1/orders/{row['id']}")
            assert {name: opened[name] for name in row if name in opened} == {
                name: row[name] for name in row if name in opened
            }


class TestAnOrder:
    @pytest.mark.row("A2")
    async def test_has_a_running_number(self, http: Client) -> None:
        numbers = [(await order(http, name=name))["number"] for name in ("A", "B", "A")]
        assert numbers == [numbers[0], numbers[0] + 1, numbers[0] + 2]

    @pytest.mark.row("A9", "A10")
    async def test_opens_with_all_that_its_screen_shows(self, http: Client) -> None:
        card = await customer(http, "DURAND", code="DUR1", address={"street": "12 rue des Lilas", "town": "NANTES"})
        made = await order(http, line(quantity=2), customer_id=card["id"], comment="Prévenir le soir")
        opened = await get(http, f"/v1/orders/{made['id']}")
        assert opened == made
        assert (opened["number"], opened["name"], opened["status"]) == (made["number"], "DURAND", "CO")
        assert opened["contact"]["address"]["street"] == "12 rue des Lilas"
        assert (opened["total"], opened["quantity"], opened["discount"]) == (euros("24.00"), 2, euros("0.00"))
        assert opened["comment"] == "Prévenir le soir"

    @pytest.mark.row("A11")
    async def test_shows_its_lines_with_the_columns_of_the_screen(self, http: Client) -> None:
        made = await order(http, line(CHUT, 3), line(EBOOK))
        lines = await items(http, f"/v1/orders/{made['id']}/lines")
        assert lines == made["lines"]
        shown = ("position", "ean", "title", "author", "publisher", "ordered", "reserved", "answer")
        assert [[each[name] for name in shown] for each in lines] == [
            [1, CHUT, "CHUT ! ON A UN PLAN", "CHRIS HAUGHTON", "THIERRY MAGNIER", 3, 0, None],
            [2, EBOOK, "MANGER UN LOUP", "VINCENT BOURGEAU", None, 1, 0, None],
        ]
        assert made["quantity"] == 4

    @pytest.mark.row("A12", "A13")
    async def test_says_disponible_only_when_nothing_is_outstanding(self, http: Client, sql: Connection) -> None:
        made = await order(http, line(RUE, 2))
        await said(sql, made["id"], code="reprint", label="Réimpression", ean=RUE)
        await stock(http, RUE, 2)
        first = (await scan(http))["line"]
        assert (first["ordered"], first["reserved"], first["answer"]["label"]) == (2, 1, "Réimpression")
        second = (await scan(http))["line"]
        assert (second["ordered"], second["reserved"], second["answer"]["label"]) == (2, 2, "Disponible")
        (read,) = await items(http, f"/v1/orders/{made['id']}/lines")
        assert (read["reserved"], read["answer"]["code"]) == (2, "available")

    @pytest.mark.row("A13")
    async def test_shows_the_distributors_answer_for_what_did_not_come(self, http: Client, sql: Connection) -> None:
        made = await order(http, line(DELIVREZ))
        await said(sql, made["id"], code="out_of_print", label="Epuisé", ean=DELIVREZ)
        (read,) = await items(http, f"/v1/orders/{made['id']}/lines")
        assert (read["reserved"], read["answer"]["label"], read["answer"]["source"]) == (0, "Epuisé", "distributor")

    @pytest.mark.row("A10", "A11", "A13")
    async def test_46407_is_lp_with_nine_of_ten_served(self, http: Client, sql: Connection) -> None:
        """The seed's own screen, in small: every book served but one, which is épuisé (O3)."""
        made = await order(http, *(line(ean) for ean in SHELF))
        await said(sql, made["id"], code="out_of_print", label="Epuisé", ean=DELIVREZ)
        for ean in SHELF[:-1]:
            await stock(http, ean)
            await scan(http, ean)
        version = (await get(http, f"/v1/orders/{made['id']}"))["version"]
        shipped = await post(http, f"/v1/orders/{made['id']}/deliveries", {}, version=version)
        assert shipped["status"] == "LP"
        answers = [(each["reserved"], each["answer"]["label"]) for each in shipped["lines"]]
        assert answers == [(1, "Disponible")] * 4 + [(0, "Epuisé")]

    async def test_keeps_the_price_and_the_title_of_the_day_it_was_taken(self, http: Client) -> None:
        made = await order(http, line(RUE))
        card = {"title": "AUTRE TITRE", "list_price": euros("99.00")}
        assert (await http.put(f"/v1/articles/{RUE}", json=card)).status_code == 200
        (read,) = await items(http, f"/v1/orders/{made['id']}/lines")
        assert (read["title"], read["unit_price"]) == ("DANS LA RUE", euros("12.00"))

    async def test_shows_the_discount_against_the_publishers_price(self, http: Client) -> None:
        made = await order(http, line(RUE, 2, unit_price=euros("11.40")), delivery_charge=euros("3.00"))
        assert (made["total"], made["discount"]) == (euros("25.80"), euros("1.20"))

    async def test_warns_of_an_orange_light(self, http: Client) -> None:
        card = await customer(http, light="orange", light_message="Chèques refusés")
        assert (await order(http, customer_id=card["id"]))["warnings"] == ["Chèques refusés"]

    async def test_is_found_under_its_location(self, http: Client) -> None:
        answer = await http.post("/v1/orders", json={"contact": {"name": "A"}, "lines": [line()]})
        assert answer.headers["location"] == f"/v1/orders/{answer.json()['id']}"
        assert (await http.get(answer.headers["location"])).json() == answer.json()


class TestTheStatus:
    @pytest.mark.row("A5")
    async def test_goes_from_co_by_lp_to_lt(self, http: Client) -> None:
        made = await order(http, line(RUE, 2))
        assert made["status"] == "CO"
        await stock(http, RUE, 2)
        await scan(http)
        kept = await get(http, f"/v1/orders/{made['id']}")
        assert kept["status"] == "CO"
        partly = await post(http, f"/v1/orders/{made['id']}/deliveries", {}, version=kept["version"])
        assert (partly["status"], partly["lines"][0]["delivered"]) == ("LP", 1)
        wholly = await post(
            http,
            f"/v1/orders/{made['id']}/deliveries",
            {"lines": [{"line_id": made["lines"][0]["id"], "quantity": 1}]},
            version=partly["version"],
        )
        assert (wholly["status"], wholly["lines"][0]["delivered"]) == ("LT", 2)
        assert (await get(http, f"/v1/articles/{RUE}/stock"))["available"] == 0

    @pytest.mark.row("A5", "A6")
    async def test_is_bl_until_the_whole_is_paid(self, http: Client) -> None:
        made = await push(http, "W-1", line(RUE), paid=False)
        assert (made["status"], made["payment_state"]) == ("BL", "awaited")
        part = await post(
            http, f"/v1/orders/{made['id']}/payments", {"amount": euros("11.99"), "method": "cheque"}, version=1
        )
        assert (part["status"], part["paid"]) == ("BL", euros("11.99"))
        rest = await post(
            http, f"/v1/orders/{made['id']}/payments", {"amount": euros("0.01"), "method": "cheque"}, version=2
        )
        assert (rest["status"], rest["payment_state"], rest["paid"]) == ("CO", "paid", euros("12.00"))
        paid = await items(http, f"/v1/orders/{made['id']}/payments")
        assert [each["amount"] for each in paid] == [euros("11.99"), euros("0.01")]

    @pytest.mark.row("A6")
    async def test_bl_is_for_web_orders_only(self, http: Client) -> None:
        assert (await order(http, mail_order=True))["status"] == "CO"

    @pytest.mark.row("A6")
    async def test_bl_lets_nothing_be_delivered(self, http: Client, sql: Connection) -> None:
        made = await push(http, "W-1", paid=False)
        await stock(http)
        await scan(http)
        async with nothing_written(sql):
            answer = await http.post(f"/v1/orders/{made['id']}/deliveries", json={}, headers={"if-match": '"2"'})
        assert "BL" in refused(answer, 409, "order-closed")["detail"]

    @pytest.mark.row("A5")
    @pytest.mark.parametrize("paid", [True, False])
    async def test_goes_to_an_and_frees_the_kept_copies(self, http: Client, *, paid: bool) -> None:
        made = await push(http, "W-1", paid=paid)
        await stock(http)
        kept = (await scan(http))["reservation"]
        gone = await post(
            http, f"/v1/orders/{made['id']}/cancel", {"reason": "Le client renonce"}, version=2, expect=200
        )
        assert (gone["status"], gone["cancel_reason"], gone["lines"][0]["cancelled"]) == ("AN", "Le client renonce", 1)
        assert gone["cancelled_at"] is not None
        assert (await get(http, f"/v1/articles/{RUE}/stock")) == {"ean": RUE, "available": 1, "set_aside": 0}
        assert (await get(http, f"/v1/reservations/{kept['id']}"))["state"] == "returned"

    @pytest.mark.row("A5")
    async def test_an_and_lt_admit_no_further_change(self, http: Client) -> None:
        gone = await order(http)
        await post(http, f"/v1/orders/{gone['id']}/cancel", {"reason": "Doublon"}, version=1, expect=200)
        done = await order(http, line(EBOOK))
        await post(http, f"/v1/orders/{done['id']}/deliveries", {}, version=1)
        for made in (gone, done):
            path, held = f"/v1/orders/{made['id']}", {"if-match": '"2"'}
            refused(await http.post(f"{path}/lines", json=line(), headers=held), 409, "order-closed")
            refused(await http.post(f"{path}/cancel", json={"reason": "x"}, headers=held), 409, "order-closed")

    async def test_lp_cannot_be_cancelled(self, http: Client) -> None:
        made = await order(http, line(RUE, 2))
        await stock(http)
        await scan(http)
        await post(http, f"/v1/orders/{made['id']}/deliveries", {}, version=2)
        answer = await http.post(f"/v1/orders/{made['id']}/cancel", json={"reason": "x"}, headers={"if-match": '"3"'})
        refused(answer, 409, "order-closed")


class TestADelivery:
    async def test_takes_kept_copies_first_then_the_shelf(self, http: Client) -> None:
        made = await order(http, line(RUE, 3))
        await stock(http, RUE, 3)
        await scan(http)
        body = {"lines": [{"line_id": made["lines"][0]["id"], "quantity": 2}]}
        answer = await post(http, f"/v1/orders/{made['id']}/deliveries", body, version=2)
        (served,) = answer["lines"]
        assert (served["set_aside"], served["delivered"], served["outstanding"]) == (0, 2, 1)
        assert await get(http, f"/v1/articles/{RUE}/stock") == {"ean": RUE, "available": 1, "set_aside": 0}

    async def test_names_every_short_line_and_writes_nothing(self, http: Client, sql: Connection) -> None:
        made = await order(http, line(RUE), line(CHUT))
        body = {"lines": [{"line_id": each["id"], "quantity": 2} for each in made["lines"]]}
        async with nothing_written(sql):
            answer = await http.post(f"/v1/orders/{made['id']}/deliveries", json=body, headers={"if-match": '"1"'})
        problem = refused(answer, 409, "out-of-stock")
        assert len(problem["errors"]) == 2
        assert RUE in problem["detail"]
        assert CHUT in problem["detail"]

    async def test_refuses_what_the_shelf_does_not_hold(self, http: Client, sql: Connection) -> None:
        made = await order(http, line(RUE))
        body = {"lines": [{"line_id": made["lines"][0]["id"], "quantity": 1}]}
        async with nothing_written(sql):
            answer = await http.post(f"/v1/orders/{made['id']}/deliveries", json=body, headers={"if-match": '"1"'})
        assert RUE in refused(answer, 409, "out-of-stock")["detail"]
        assert (await get(http, f"/v1/orders/{made['id']}"))["version"] == 1

    async def test_of_nothing_is_refused(self, http: Client) -> None:
        made = await order(http)
        answer = await http.post(f"/v1/orders/{made['id']}/deliveries", json={}, headers={"if-match": '"1"'})
        refused(answer, 409, "nothing-to-deliver")

    async def test_of_digital_lines_needs_no_stock(self, http: Client) -> None:
        made = await order(http, line(EBOOK, 2))
        assert (await post(http, f"/v1/orders/{made['id']}/deliveries", {}, version=1))["status"] == "LT"


class TestALine:
    async def test_can_be_added_and_taken_off(self, http: Client) -> None:
        made = await order(http, line(RUE))
        path = f"/v1/orders/{made['id']}"
        more = await post(http, f"{path}/lines", line(BOUTON, 2), version=1)
        assert [(each["position"], each["ean"], each["ordered"]) for each in more["lines"]] == [
            (1, RUE, 1),
            (2, BOUTON, 2),
        ]
        answer = await http.delete(f"{path}/lines/{made['lines'][0]['id']}", headers={"if-match": '"2"'})
        assert answer.status_code == 200
        assert [each["ean"] for each in answer.json()["lines"]] == [BOUTON]
        assert [each["ean"] for each in (await get(http, path))["lines"]] == [BOUTON]

    async def test_can_be_ordered_in_another_quantity_down_to_what_is_served(self, http: Client) -> None:
        made = await order(http, line(RUE, 3))
        await stock(http, RUE, 2)
        await scan(http)
        await scan(http)
        path = f"/v1/orders/{made['id']}/lines/{made['lines'][0]['id']}"
        refused(await http.patch(path, json={"ordered": 1}, headers={"if-match": '"3"'}), 409, "line-in-use")
        answer = await http.patch(path, json={"ordered": 2}, headers={"if-match": '"3"'})
        assert [(each["ordered"], each["outstanding"]) for each in answer.json()["lines"]] == [(2, 0)]
        assert answer.json()["lines"][0]["answer"]["label"] == "Disponible"

    async def test_stays_when_it_is_served_or_the_last(self, http: Client) -> None:
        made = await order(http, line(RUE), line(CHUT))
        await stock(http)
        await scan(http)
        path = f"/v1/orders/{made['id']}/lines"
        served, _ = (each["id"] for each in made["lines"])
        refused(await http.delete(f"{path}/{served}", headers={"if-match": '"2"'}), 409, "line-in-use")
        alone = await order(http)
        path = f"/v1/orders/{alone['id']}/lines/{alone['lines'][0]['id']}"
        refused(await http.delete(path, headers={"if-match": '"1"'}), 409, "line-in-use")

    async def test_of_another_order_is_not_found(self, http: Client) -> None:
        mine, other = await order(http), await order(http)
        path = f"/v1/orders/{mine['id']}/lines/{other['lines'][0]['id']}"
        refused(await http.patch(path, json={"ordered": 2}, headers={"if-match": '"1"'}), 404, "not-found")


BAD_LINES = {
    "an unknown EAN": ([line(UNKNOWN)], "/lines/0/ean"),
    "a wrong check digit": ([line("9791094908021")], "/lines/0/ean"),
    "an EAN of 12 digits": ([line("979109490802")], "/lines/0/ean"),
    "an EAN as a number": ([{"ean": 9791094908020, "quantity": 1}], "/lines/0/ean"),
    "quantity 0": ([line(quantity=0)], "/lines/0/quantity"),
    "quantity 10000": ([line(quantity=10_000)], "/lines/0/quantity"),
    "a quantity as text": ([{"ean": RUE, "quantity": "1"}], "/lines/0/quantity"),
    "half a copy": ([{"ean": RUE, "quantity": 0.5}], "/lines/0/quantity"),
    "a negative price": ([line(unit_price=euros("-1.00"))], "/lines/0/unit_price/amount"),
    "a price as a number": ([line(unit_price={"amount": 12.3})], "/lines/0/unit_price/amount"),
    "three decimals": ([line(unit_price=euros("1.005"))], "/lines/0/unit_price/amount"),
    "dollars": ([line(unit_price={"amount": "1.00", "currency": "USD"})], "/lines/0/unit_price/currency"),
    "no line": ([], "/lines"),
    "an unknown field": ([line(colour="red")], "/lines/0/colour"),
}


class TestARefusal:
    @pytest.mark.parametrize("why", BAD_LINES)
    async def test_names_the_field_and_writes_nothing(self, http: Client, sql: Connection, why: str) -> None:
        lines, pointer = BAD_LINES[why]
        async with nothing_written(sql):
            answer = await http.post("/v1/orders", json={"contact": {"name": "A"}, "lines": lines})
        assert [fault["pointer"] for fault in refused(answer, 422, "invalid")["errors"]] == [pointer]

    async def test_names_all_fields_at_once(self, http: Client) -> None:
        body = {"contact": {"name": " "}, "lines": [line(quantity=0), line("x")], "origin": "moon"}
        problem = refused(await http.post("/v1/orders", json=body), 422, "invalid")
        pointers = {fault["pointer"] for fault in problem["errors"]}
        assert pointers == {"/contact/name", "/lines/0/quantity", "/lines/1/ean", "/origin"}

    async def test_of_an_order_for_nobody_points_at_the_contact(self, http: Client, sql: Connection) -> None:
        async with nothing_written(sql):
            answer = await http.post("/v1/orders", json={"lines": [line()]})
        assert [fault["pointer"] for fault in refused(answer, 422, "invalid")["errors"]] == ["/contact"]

    async def test_of_an_unknown_customer_is_not_found(self, http: Client, sql: Connection) -> None:
        async with nothing_written(sql):
            body = {"customer_id": f"cus_{'0' * 32}", "lines": [line()]}
            refused(await http.post("/v1/orders", json=body), 404, "not-found")

    @pytest.mark.parametrize(
        ("card", "code"),
        [
            ({"light": "red", "light_message": "Impayés"}, "customer-blocked"),
            ({"closed_on": "2020-01-01"}, "customer-closed"),
        ],
    )
    async def test_of_a_customer_who_may_not_order_leaves_nothing(
        self, http: Client, sql: Connection, card: Json, code: str
    ) -> None:
        bad = await customer(http, "DURAND", **card)
        async with nothing_written(sql):
            answer = await http.post("/v1/orders", json={"customer_id": bad["id"], "lines": [line()]})
        assert "DURAND" in refused(answer, 409, code)["detail"]

    async def test_of_a_customer_without_visa_leaves_nothing(self, http: Client, sql: Connection) -> None:
        card = await customer(http, "DURAND")
        await sql.execute("UPDATE customer SET approved_at = NULL")
        async with nothing_written(sql):
            answer = await http.post("/v1/orders", json={"customer_id": card["id"], "lines": [line()]})
        refused(answer, 409, "customer-not-approved")

    async def test_does_not_hit_a_customer_closed_from_tomorrow_on(self, http: Client, sql: Connection) -> None:
        tomorrow = await sql.fetchval("SELECT (now() AT TIME ZONE 'Europe/Paris')::date + 1")
        card = await customer(http, closed_on=tomorrow.isoformat())
        await order(http, customer_id=card["id"])
        today = (tomorrow - timedelta(days=1)).isoformat()
        card = await customer(http, closed_on=today)
        refused(
            await http.post("/v1/orders", json={"customer_id": card["id"], "lines": [line()]}), 409, "customer-closed"
        )


class TestTheLargestOrder:
    async def test_is_taken_paid_and_read(self, http: Client) -> None:
        """500 lines of 9999 copies at the highest price that can be written: 499,949,999,950,005.00 euros."""
        dear = line(quantity=9999, unit_price=euros("99999999.99"))
        made = await push(http, "W-1", *([dear] * 500))
        assert made["paid"] == made["total"] == euros("499949999950005.00")
        assert (await get(http, f"/v1/orders/{made['id']}"))["paid"] == made["total"]


class TestTheListOfAll:
    async def test_comes_whole_page_by_page(self, http: Client) -> None:
        made = [(await order(http, name=f"CLIENT {n:02}"))["id"] for n in range(7)]
        assert [row["id"] for row in await all_items(http, "/v1/orders", limit=2)] == made
