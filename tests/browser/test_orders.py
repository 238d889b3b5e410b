"""The order search and the order, as the seed shows them."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import picture

pytestmark = pytest.mark.browser

LIST = """
46407 LP 21/09/2017, 46454 LT 27/09/2017, 46463 LT 27/09/2017, 46465 LT 27/09/2017, 46548 LT 04/10/2017,
46704 LT 17/10/2017, 47663 LP 26/12/2017, 47806 LT 09/01/2018, 48523 LT 15/03/2018, 48609 LT 22/03/2018,
48610 LT 22/03/2018, 49489 LT 26/06/2018, 50465 LT 26/09/2018, 50495 LT 28/09/2018, 51139 LT 20/11/2018,
52065 LT 22/01/2019, 52841 LT 25/03/2019, 54001 LT 10/07/2019, 55122 LT 10/10/2019, 55337 CO 30/10/2019
"""
ROWS = [row.split() for row in LIST.replace("\n", " ").split(",")]
"""The screen "Recherche des commandes clients" of the seed: number, status, date of creation."""

LINES = """
9791094908020|DANS LA RUE|TINEKA MEIRINK|DIPLODOCUS|1|1|Disponible
9782364744103|CHUT I ON A UN PLAN|HAUGHTON CHIFFI|THIERRY MAG|1|1|Disponible
9782364749276|BONNE NUIT TOUT LE MONDE|HAUGHTON CHIFFI|THIERRY MAG|1|1|Disponible
9782203029842|QUEUE LEU LEU T35 UN ELEPHANT QUI SE BALANCAIT|DUBUC MARIAN|CASTERMAN|1|1|Disponible
9782092512746|BOUTON DE LA SORCIERE|BONNET ROSAL|NATHAN|1|0|Epuisé
9782211038614|DELIVREZ MOI|SANDERS ALEX|EDL|1|1|Disponible
9782871427827|PAPA-LOUP|CARRIER ISABE|MIJADE|1|1|Disponible
9782871427704|ROSALIE EST MALADE|LINNE BIE|MIJADE|1|1|Disponible
9782211217088|MANGER UN LOUP|BOURGEOU VIN|EDL|1|1|Disponible
9782211220477|SAUTE|MATSUOKA TAT|EDL|1|1|Disponible
"""
TITLES = ["Code", "Titre", "Auteur", "Éditeur", "cdé", "rsvé", "Réponse"]
"""Order 46407 on the seed's screen, every cell of it."""
BUTTONS = [
    "Enregistrer",
    "Imprimer commande",
    "Annuler commande",
    "Fermer",
    "Préparer BL",
    "Commande Four",
    "Détail Article",
    "Afficher",
    "Ajouter",
    "Modifier",
    "Supprimer",
    "Modif. Réponse",
]
"""The buttons of that screen."""


async def _search(page: Page, name: str) -> None:
    await page.get_by_role("searchbox", name="Nom").fill(name)
    await page.keyboard.press("Enter")


async def _cells(page: Page, table: str) -> list[list[str]]:
    rows = page.get_by_test_id(table).get_by_role("row").filter(has=page.get_by_role("gridcell"))
    return [[text.strip() for text in await row.get_by_role("gridcell").all_inner_texts()] for row in await rows.all()]


class TestTheOrderSearch:
    @pytest.mark.row("A2", "A3", "A4", "A5", "A8")
    async def test_shows_the_twenty_orders_of_the_seed(self, desk: Page) -> None:
        await _search(desk, "maison des tout")
        await expect(desk.get_by_test_id("record-count")).to_contain_text("20")
        titles = await desk.get_by_test_id("orders-table").get_by_role("columnheader").all_inner_texts()
        wanted = ["Numéro", "Client", "Réf. Comm.", "Nom", "Statut", "Date de création"]
        assert [title.split("\n")[0].strip(" ▲▼↑↓") for title in titles][-6:] == wanted
        cells = await _cells(desk, "orders-table")
        found = [(row[-6].replace("\u202f", "").replace(" ", ""), row[-2][:2], row[-1][:10]) for row in cells]
        assert found == [tuple(row) for row in ROWS]
        assert {row[-5] for row in cells} == {"11505"}
        await picture(desk, "orders-of-the-seed")

    @pytest.mark.row("A8")
    async def test_sorts_by_the_column_whose_title_is_clicked(self, desk: Page) -> None:
        await _search(desk, "maison des tout")
        await expect(desk.get_by_test_id("record-count")).to_contain_text("20")
        header = desk.get_by_test_id("orders-table").get_by_role("columnheader", name="Numéro")
        for direction in ("ascending", "descending"):
            await header.get_by_role("button").click()
            await expect(header).to_have_attribute("aria-sort", direction)
            first = desk.get_by_test_id("orders-table").get_by_role("row").nth(1)
            number = ROWS[0][0] if direction == "ascending" else ROWS[-1][0]
            await expect(first).to_contain_text(number)

    @pytest.mark.row("A8")
    async def test_sorts_by_every_column(self, desk: Page) -> None:
        await _search(desk, "maison des tout")
        table = desk.get_by_test_id("orders-table")
        await expect(desk.get_by_test_id("record-count")).to_contain_text("20")
        for title in ("Numéro", "Client", "Réf. Comm.", "Nom", "Statut", "Date de création"):
            header = table.get_by_role("columnheader", name=title)
            async with desk.expect_response(lambda answer: "/v1/orders?" in answer.url) as sorted_:
                await header.get_by_role("button").click()
            assert (await sorted_.value).status == 200
            await expect(header).to_have_attribute("aria-sort", re.compile("ascending|descending"))
            await expect(desk.get_by_test_id("record-count")).to_contain_text("20")

    @pytest.mark.row("A3", "A4", "A8")
    async def test_is_narrowed_by_name_date_status_and_the_file(self, desk: Page) -> None:
        count, chips = desk.get_by_test_id("record-count"), desk.get_by_test_id("filter-chips")
        await _search(desk, "maison des tout")
        await expect(count).to_have_text("20")
        await desk.get_by_role("button", name="LP Livrée part.").click()
        await expect(count).to_have_text("2")
        await expect(chips).to_contain_text("Statut : LP Livrée partiellement")
        await desk.get_by_label("Créée du").fill("2017-12-01")
        await expect(count).to_have_text("1")
        await desk.get_by_label("Créée au").fill("2017-12-25")
        await expect(count).to_have_text("0")
        await expect(chips).to_contain_text("Créée du 01/12/2017")
        await expect(chips).to_contain_text("Créée au 25/12/2017")
        await picture(desk, "orders-narrowed")
        await chips.get_by_role("button", name="Effacer les critères").click()
        await _search(desk, "maison des tout")
        await expect(count).to_have_text("20")
        file = desk.get_by_role("combobox", name="Fichier clients")
        await file.select_option(label="Au fichier")
        await expect(chips).to_contain_text("Au fichier")
        await expect(count).to_have_text("20")
        await file.select_option(label="Hors fichier")
        await expect(chips).to_contain_text("Hors fichier")
        await expect(count).to_have_text("0")
        await chips.get_by_role("button", name="Retirer le critère Nom").click()
        await expect(count).not_to_have_text("0")
        cells = await _cells(desk, "orders-table")
        assert {row[-5] for row in cells} == {""}  # none has a customer code

    @pytest.mark.row("A2", "A23")
    async def test_finds_by_number_and_by_the_customers_own_reference(self, desk: Page) -> None:
        count = desk.get_by_test_id("record-count")
        await desk.get_by_role("textbox", name="Numéro").fill("46407")
        await expect(count).to_have_text("1")
        await desk.get_by_role("textbox", name="Numéro").fill("")
        await expect(count).not_to_have_text("1")
        everything = await count.inner_text()
        await desk.get_by_role("textbox", name="Réf. Comm.").fill("BC-")
        await expect(desk.get_by_test_id("filter-chips")).to_contain_text("Réf. Comm. : BC-")
        await expect(count).not_to_have_text(everything)
        assert all(row[-4].startswith("BC-") for row in await _cells(desk, "orders-table"))

    @pytest.mark.row("A9")
    async def test_opens_the_selected_order_by_f2(self, desk: Page) -> None:
        await _search(desk, "maison des tout")
        await desk.get_by_test_id("orders-table").get_by_role("row").filter(has_text="46407").click()
        await desk.keyboard.press("F2")
        await expect(desk.get_by_test_id("order-detail")).to_contain_text("46407")

    @pytest.mark.row("A7")
    @pytest.mark.parametrize("option", ["Acompte", "Exonéré TVA", "Version numérique"])
    async def test_is_narrowed_by_the_options_at_its_foot(self, desk: Page, option: str) -> None:
        count = desk.get_by_test_id("record-count")
        everything = await count.inner_text()
        await desk.get_by_role("checkbox", name=option).check()
        await expect(desk.get_by_test_id("filter-chips")).to_contain_text(option)
        await expect(count).not_to_have_text(everything)
        await expect(desk.get_by_test_id("orders-table").get_by_role("row").nth(1)).to_be_visible()


class TestTheOrder:
    @pytest.mark.row("A9", "A10", "A11", "A12", "A13", "A16", "A17", "A18", "A19")
    async def test_46407_is_as_on_the_seeds_screen(self, desk: Page) -> None:
        await _search(desk, "maison des tout")
        await desk.get_by_test_id("orders-table").get_by_role("row").filter(has_text="46407").dblclick()
        detail = desk.get_by_test_id("order-detail")
        await expect(detail).to_contain_text("Commande client numéro 46407 → MAISON DES TOUT PETITS → Statut : LP")
        tabs = await detail.get_by_role("tab").all_inner_texts()
        assert tabs == ["Détail", "Entête", "Compléments 1", "Compléments 2"]
        await expect(detail.get_by_role("tab", name="Détail")).to_have_attribute("aria-selected", "true")
        lines = detail.get_by_test_id("order-lines")
        await expect(lines.get_by_role("row")).to_have_count(12)  # titles, ten lines, the foot
        titles = [text.strip() for text in await lines.get_by_role("columnheader").all_inner_texts()]
        assert titles[: len(TITLES)] == TITLES
        cells = await _cells(desk, "order-lines")
        wanted = [line.split("|") for line in LINES.strip().splitlines()]
        assert [row[: len(TITLES)] for row in cells[:-1]] == wanted  # the last is the foot
        # beside the seed's columns, ours: the one line that waits is first in its queue
        await expect(lines.get_by_test_id("queue-place")).to_have_text("1er")
        for name in BUTTONS:
            await expect(detail.get_by_role("button", name=name, exact=True)).to_be_visible()
        await expect(detail.get_by_test_id("order-quantity")).to_have_text("10")
        await picture(desk, "order-46407")
        for name, slug in (("Entête", "header"), ("Compléments 1", "extra-1"), ("Compléments 2", "extra-2")):
            await detail.get_by_role("tab", name=name).click()
            await picture(desk, f"order-46407-{slug}")


class TestTheReservationList:
    @pytest.mark.row("A35", "A36", "A37")
    async def test_shows_the_reservation_of_the_seed_first(self, desk: Page) -> None:
        await desk.get_by_role("link", name="Réservations").click()
        table = desk.get_by_test_id("reservations-table")
        await expect(table.get_by_role("row").nth(1)).to_contain_text("LES INDES FOURBES")
        titles = [title.strip(" ▲▼↑↓\n") for title in await table.get_by_role("columnheader").all_inner_texts()]
        wanted = ["Date", "Titre", "N° Cde", "Stat", "Vpc", "Ebook", "Code Client", "Nom Client"]
        assert [title for title in titles if title in wanted] == wanted
        first = (await _cells(desk, "reservations-table"))[0]
        shown = dict(zip(titles, first, strict=True))
        assert shown["Date"][:10] == "10/12/2019"
        assert (shown["N° Cde"], shown["Stat"], shown["Vpc"]) == ("", "", "")
        assert (shown["Code Client"], shown["Nom Client"]) == ("2", "NICOLAS")
        await picture(desk, "reservations")
