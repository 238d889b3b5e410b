"""Statistics and the declaration of the lending right over HTTP (A67, B16, B17, B18, B81, B82, R13, R14)."""

import csv
import io
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from infra.db.dossiers import add_key
from tests.api.conftest import ClientFor
from tests.api.steps import (
    CHUT,
    EBOOK,
    RUE,
    Connection,
    Json,
    customer,
    euros,
    get,
    line,
    order,
    post,
    refused,
    stock,
)
from tests.conftest import Client, Premises

YEAR = date.today().year  # noqa: DTZ011 - a year around the shop's today, whatever its zone
PERIOD = {"from": f"{YEAR - 1}-01-01", "to": f"{YEAR + 2}-01-01"}
GLN, SIRET = "3014567890124", "73282932000074"


async def bought(http: Client, card: Json, *lines: Json) -> Json:
    """An order of the customer, all of it delivered."""
    for each in lines:
        if each["ean"] != EBOOK:
            await stock(http, each["ean"], each["quantity"])
    made = await order(http, *lines, customer_id=card["id"])
    whole = [{"line_id": each["id"], "quantity": each["ordered"]} for each in made["lines"]]
    return await post(http, f"/v1/orders/{made['id']}/deliveries", {"lines": whole}, version=made["version"])


async def brought_back(http: Client, made: Json, quantity: int = 1) -> None:
    lines = [{"line_id": made["lines"][0]["id"], "quantity": quantity}]
    body = {"lines": lines, "restock": True, "replace": False, "reason": "Défaut"}
    await post(http, f"/v1/orders/{made['id']}/returns", body, version=made["version"])


def page_of(file: bytes, index: int = 0) -> Worksheet:
    found = load_workbook(io.BytesIO(file)).worksheets[index]
    assert isinstance(found, Worksheet)
    return found


def rows_of(page: Worksheet) -> list[tuple[Any, ...]]:
    return [tuple(cell.value for cell in row) for row in page.iter_rows()]


class TestStatistics:
    @pytest.mark.row("A67", "B17")
    async def test_are_there_with_the_sale_and_less_with_what_comes_back(self, http: Client) -> None:
        person = await customer(http, "DURAND")
        town = await customer(http, "MAIRIE", collectivity=True)
        library = await customer(http, "MEDIATHEQUE", lending_library=True)
        made = await bought(http, person, line(RUE, 2))
        await bought(http, town, line(CHUT, 1))
        await bought(http, library, line(CHUT, 2))
        await brought_back(http, made)
        said = await get(http, "/v1/statistics", by="buyer", **PERIOD)
        assert [(each["key"], each["parent"], each["copies"], each["purchases"]) for each in said["items"]] == [
            ("private", None, 1, 1),
            ("collectivity", None, 3, 2),
            ("public_body", "collectivity", 1, 1),
            ("library", "collectivity", 2, 1),
        ]
        assert [each["label"] for each in said["items"][:2]] == ["Particuliers", "Collectivités"]
        assert (said["items"][0]["turnover"], said["items"][0]["net"]) == (euros("12.00"), euros("11.37"))
        assert said["total"]["copies"] == 4
        net = [Decimal(each["net"]["amount"]) for each in said["items"]]
        assert said["items"][0]["share"] == f"{100 * net[0] / (net[0] + net[1]):.2f}"
        assert (said["from"], said["to"], said["label"]) == (PERIOD["from"], PERIOD["to"], "Clientèle")

    @pytest.mark.row("B18")
    async def test_of_fiscal_years_and_months_are_worded_in_both_languages(self, http: Client) -> None:
        version = (await get(http, "/v1/dossier"))["version"]
        await http.patch("/v1/dossier", json={"fiscal_month": 9}, headers={"if-match": f'"{version}"'})
        period = {"from": "2024-09-01", "to": "2026-09-01"}
        years = await get(http, "/v1/statistics", by="fiscal_year", **period)
        assert [(each["key"], each["label"]) for each in years["items"]] == [
            ("2024-09", "2024-2025"),
            ("2025-09", "2025-2026"),
        ]
        assert years["fiscal_month"] == 9
        months = await get(http, "/v1/statistics", by="month", **period)
        assert [each["label"] for each in months["items"]][:2] == ["septembre 2024", "octobre 2024"]
        assert len(months["items"]) == 24
        english = await http.get("/v1/statistics", params={"by": "month", **period}, headers={"accept-language": "en"})
        assert english.json()["items"][0]["label"] == "September 2024"
        assert english.json()["label"] == "Month"

    @pytest.mark.row("B16")
    async def test_of_sales_reps_tell_the_lines_own_and_the_commission(self, http: Client) -> None:
        one, two = [
            await post(http, "/v1/third-parties", {"type": "sales_rep", "name": name, "commission": "10.00"})
            for name in ("ANNE", "BRUNO")
        ]
        shares = [{"third_party_id": one["id"], "share": "60.00"}]
        card = await customer(http, "DURAND", sales_reps=shares)
        await bought(http, card, line(RUE))
        await bought(http, card, line(RUE, sales_rep_id=two["id"]))
        said = await get(http, "/v1/statistics", by="sales_rep", **PERIOD)
        # a book costs 11.37 without VAT: 6.82 for Anne, 4.55 for nobody
        assert [(each["label"], each["kind"], each["net"], each["commission"]) for each in said["items"]] == [
            ("BRUNO", "one", euros("11.37"), euros("1.14")),
            ("ANNE", "one", euros("6.82"), euros("0.68")),
            ("Sans commercial", "without", euros("4.55"), None),
        ]
        assert (said["total"]["net"], said["total"]["copies"]) == (euros("22.74"), 2)
        assert said["total"]["commission"] == euros("1.82")

    @pytest.mark.row("B81", "B82")
    async def test_of_codes_have_the_label_of_their_axis(self, http: Client) -> None:
        await post(http, "/v1/tables/stat-1", {"code": "FR44", "label": "Loire-Atlantique"})
        await bought(http, await customer(http, "DURAND", stat_1="FR44"), line(RUE))
        whole = await get(http, "/v1/statistics", by="stat", **PERIOD)
        cut = await get(http, "/v1/statistics", by="stat", segment=1, **PERIOD)
        assert [(each["key"], each["label"]) for each in whole["items"]] == [("FR44", "Loire-Atlantique")]
        assert [(each["key"], each["label"]) for each in cut["items"]] == [("FR", "FR")]
        assert whole["label"] == "Statistique 1"

    async def test_of_one_customer_are_his_and_of_a_merged_card_the_kept_ones(self, http: Client) -> None:
        kept, other = await customer(http, "DURAND"), await customer(http, "MARTIN")
        twin = await customer(http, "DURANT")
        await bought(http, kept, line(RUE))
        await bought(http, other, line(RUE, 5))
        await bought(http, twin, line(RUE, 2))
        body = {"kept_id": kept["id"], "absorbed_id": twin["id"], "choices": {}}
        await post(http, "/v1/customer-merges", body)
        for card in (kept, twin):
            said = await get(http, "/v1/statistics", by="customer", customer_id=card["id"], **PERIOD)
            assert [(each["key"], each["copies"]) for each in said["items"]] == [(kept["id"], 3)]
        refused(
            await http.get("/v1/statistics", params={"by": "month", "customer_id": f"cus_{'0' * 32}", **PERIOD}),
            404,
            "not-found",
        )

    async def test_of_many_customers_gather_the_rest_in_one_row(
        self, http: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("api.schemas.statistics.MOST_ROWS", 2)
        for number in range(1, 5):
            await bought(http, await customer(http, f"CLIENT{number}"), line(RUE, number))
        said = await get(http, "/v1/statistics", by="customer", **PERIOD)
        assert [(each["kind"], each["copies"]) for each in said["items"]] == [("one", 4), ("one", 3), ("others", 3)]
        assert said["items"][2]["label"] == "Autres"
        assert said["total"]["copies"] == 10
        file = await http.get("/v1/statistics.xlsx", params={"by": "customer", **PERIOD})
        assert len(rows_of(page_of(file.content))) == 1 + 4 + 1

    @pytest.mark.parametrize(
        ("query", "status", "code"),
        [
            ({"by": "month", "from": "2026-01-01", "to": "2026-01-01"}, 409, "inconsistent"),
            ({"by": "month", "from": "0001-01-01", "to": "9999-12-31"}, 409, "inconsistent"),
            ({"by": "week", "from": "2026-01-01", "to": "2026-02-01"}, 422, "invalid"),
            ({"by": "stat", "from": "2026-01-01", "to": "2026-02-01", "axis": "4"}, 422, "invalid"),
            ({"by": "stat", "from": "2026-01-01", "to": "2026-02-01", "segment": "1_0"}, 422, "invalid"),
        ],
    )
    async def test_refuse_what_cannot_be(self, http: Client, query: Json, status: int, code: str) -> None:
        for path in ("/v1/statistics", "/v1/statistics.xlsx"):
            refused(await http.get(path, params=query), status, code)

    @pytest.mark.parametrize("first", ["0001-01-01", "9999-12-30"])
    async def test_stand_days_at_the_ends_of_the_calendar(self, http: Client, first: str) -> None:
        until = date.fromisoformat(first) + timedelta(days=1)
        for by in ("month", "fiscal_year", "customer"):
            said = await get(http, "/v1/statistics", by=by, **{"from": first, "to": until.isoformat()})
            assert said["total"]["copies"] == 0

    async def test_need_a_right_of_their_own(self, sql: Connection, premises: Premises, client_for: ClientFor) -> None:
        for scopes, status in ((["customers:*", "orders:*"], 403), (["statistics:read"], 200)):
            key = await add_key(sql, dossier_id=premises.dossier, label="x", scopes=scopes, channel_id=None)
            client = await client_for(key)
            for path in ("statistics?by=month&", "statistics.xlsx?by=month&", "lending-declaration?"):
                answer = await client.get(f"/v1/{path}from=2026-01-01&to=2026-02-01")
                assert answer.status_code == status, path


class TestTheWorkbook:
    async def test_has_numbers_and_months_under_frozen_titles(self, http: Client) -> None:
        await bought(http, await customer(http, "DURAND"), line(RUE, 2))
        answer = await http.get("/v1/statistics.xlsx", params={"by": "month", **PERIOD})
        assert answer.headers["content-type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        assert answer.headers["content-disposition"].startswith('attachment; filename="statistiques-month-')
        page = page_of(answer.content)
        rows = rows_of(page)
        assert page.freeze_panes == "A2"
        assert rows[0] == ("Mois", "Exemplaires", "CA TTC", "CA HT", "Part du CA HT", "Achats")
        assert rows[1][0] == datetime(YEAR - 1, 1, 1)  # noqa: DTZ001 - a day of a sheet has no zone
        assert len(rows) == 1 + 36 + 1
        (sold,) = [row for row in rows[1:-1] if row[1]]
        assert sold[1:] == (2, 24, 22.75, 1, 1)
        assert rows[-1] == ("Total", 2, 24, 22.75, None, 1)
        assert page["C2"].number_format == '#,##0.00\\ "€"'
        assert page["A2"].number_format == "mmm\\ yyyy"

    async def test_takes_no_name_for_a_formula(self, http: Client) -> None:
        await bought(http, await customer(http, "=1+1"), line(RUE))
        answer = await http.get("/v1/statistics.xlsx", params={"by": "customer", **PERIOD})
        cell = page_of(answer.content)["A2"]
        assert cell.data_type == "s"
        assert str(cell.value).startswith("=1+1")


async def invoiced(sql: Connection, document: str) -> None:
    """The purchases that have no invoice number yet are on that one."""
    await sql.execute("UPDATE purchase SET document = $1 WHERE document IS NULL", document)


class TestTheLendingRight:
    @pytest.mark.row("R13", "R14", "A67")
    async def test_is_declared_by_invoice_of_new_printed_books_for_libraries(
        self, http: Client, sql: Connection
    ) -> None:
        version = (await get(http, "/v1/dossier"))["version"]
        settings = {"gln": GLN, "siret": SIRET}
        answer = await http.patch("/v1/dossier", json=settings, headers={"if-match": f'"{version}"'})
        assert answer.status_code == 200, answer.text
        card = await customer(http, "MEDIATHEQUE", kind="organisation", lending_library=True, siret=SIRET, barcode=GLN)
        await bought(http, card, line(RUE, 3), line(EBOOK, 1))
        await http.put(f"/v1/articles/{CHUT}", json={"title": "X", "list_price": {"amount": "14.50"}, "kind": "other"})
        await bought(http, card, line(CHUT, 1))
        await bought(http, await customer(http, "MAIRIE", collectivity=True), line(RUE, 4))
        await invoiced(sql, "F-42")
        await bought(http, card, line(RUE, 1))
        said = await get(http, "/v1/lending-declaration", **PERIOD)
        assert said["supplier"] == {"name": "Librairie d'essai", "gln": GLN, "siret": SIRET}
        (item,) = said["items"]
        facts = {name: item[name] for name in ("document", "name", "gln", "siret", "library_customer_id", "copies")}
        assert facts == {
            "document": "F-42",
            "name": "MEDIATHEQUE",
            "gln": GLN,
            "siret": SIRET,
            "library_customer_id": card["id"],
            "copies": 3,
        }
        # three at 12.00: 34.12 without VAT at the public price, of which 6 % are 2.05
        assert (item["list_net"], item["due"]) == (euros("34.12"), euros("2.05"))
        assert Decimal(item["net"]["amount"]) + Decimal(item["vat"]["amount"]) == Decimal(item["gross"]["amount"])
        assert said["total"]["due"] == euros("2.05")
        (missing,) = said["missing"]
        assert (missing["why"], missing["name"], missing["copies"]) == ("no-document", "MEDIATHEQUE", 1)
        assert missing["detail"].startswith("Cet achat n'a pas de numéro de facture")

    @pytest.mark.row("R14")
    async def test_as_a_file_has_french_figures(self, http: Client, sql: Connection) -> None:
        card = await customer(http, "=HYPERLINK", lending_library=True)
        await bought(http, card, line(RUE, 3))
        await invoiced(sql, "F;42")
        answer = await http.get("/v1/lending-declaration.csv", params=PERIOD)
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        assert answer.content.startswith(b"\xef\xbb\xbf")
        titles, item, total = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
        assert titles[6:8] == ["N° de facture", "Date de facture"]
        assert (item[3], item[6], item[8], item[-2], item[-1]) == ("'=HYPERLINK", "F;42", "3", "34,12", "2,05")
        assert datetime.strptime(item[7], "%d/%m/%Y").year in {YEAR - 1, YEAR, YEAR + 1}  # noqa: DTZ007 - a day
        assert total[-1] == "2,05"
        book = await http.get("/v1/lending-declaration.xlsx", params=PERIOD)
        page = page_of(book.content)
        assert page["N2"].value == 2.05
        assert page["H2"].is_date
        assert rows_of(page_of(book.content, 1))[0][0] == "Achat"

    @pytest.mark.row("B30")
    async def test_says_nothing_of_a_card_that_one_may_not_see(
        self, http: Client, sql: Connection, premises: Premises, client_for: ClientFor
    ) -> None:
        await post(http, "/v1/tables/confidentiality", {"code": "VIP", "label": "VIP"})
        card = await customer(http, "SECRETE", lending_library=True, confidentiality_code="VIP")
        await bought(http, card, line(RUE))
        await invoiced(sql, "F1")
        key = await add_key(sql, dossier_id=premises.dossier, label="x", scopes=["statistics:read"], channel_id=None)
        blind = await client_for(key)
        answer = await blind.get("/v1/lending-declaration", params=PERIOD)
        assert [(each["why"], each["name"], each["title"]) for each in answer.json()["missing"]] == [
            ("confidential", None, None)
        ]
        assert answer.json()["items"] == []
        for kind in ("csv", "xlsx"):
            file = await blind.get(f"/v1/lending-declaration.{kind}", params=PERIOD)
            text = file.text if kind == "csv" else str(rows_of(page_of(file.content, 1)))
            assert "SECRETE" not in text
        assert len((await get(http, "/v1/lending-declaration", **PERIOD))["items"]) == 1

    async def test_needs_a_period(self, http: Client) -> None:
        for path in ("", ".csv", ".xlsx"):
            wrong = {"from": "2026-02-01", "to": "2026-01-01"}
            refused(await http.get(f"/v1/lending-declaration{path}", params=wrong), 409, "inconsistent")


@pytest.mark.row("R14")
async def test_the_shops_gln_is_checked_and_can_be_taken_away(http: Client) -> None:
    version = (await get(http, "/v1/dossier"))["version"]
    wrong = await http.patch("/v1/dossier", json={"gln": "3014567890125"}, headers={"if-match": f'"{version}"'})
    assert refused(wrong, 422, "invalid")["errors"][0]["pointer"] == "/gln"
    for gln in (GLN, None):
        answer = await http.patch("/v1/dossier", json={"gln": gln}, headers={"if-match": f'"{version}"'})
        assert answer.json()["gln"] == gln
        version += 1
