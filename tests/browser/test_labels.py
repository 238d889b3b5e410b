"""Étiquettes: the addresses of selected customers on a sheet of labels."""

from pathlib import Path

import pypdfium2
import pytest
from playwright.async_api import Page, expect

from tests.browser import steps
from tests.browser.conftest import picture
from tests.browser.steps import NUMBERS, OK, made, searched, table
from tests.conftest import Client

pytestmark = pytest.mark.browser

script, customers = steps.script, steps.customers  # fixtures

POINT = 25.4 / 72
"""Millimetres."""


async def people(script: Client) -> str:
    """Three customers of one name, one of them without a postal address."""
    name = f"PLANCHE{next(NUMBERS)}"
    for first, street in (("Anne", "1 rue du Four"), ("Bruno", "2 rue du Four")):
        address = {"street": street, "postal_code": "35310", "town": "Mordelles"}
        await made(script, name=name, first_name=first, address=address)
    await made(script, name=name, first_name="Claire")
    return name


async def paper(page: Page, tmp_path: Path) -> pypdfium2.PdfDocument:
    """The PDF that the dialog leads to."""
    url = await page.get_by_role("dialog").get_by_role("link", name="Ouvrir le PDF").get_attribute("href")
    assert url is not None
    answer = await page.request.get(url)
    assert answer.status == OK
    file = tmp_path / "labels.pdf"
    file.write_bytes(await answer.body())
    return pypdfium2.PdfDocument(file)


class TestLabels:
    @pytest.mark.row("A53")
    async def test_of_a_selection_begin_where_the_sheet_was_left(
        self, customers: Page, script: Client, tmp_path: Path
    ) -> None:
        name = await people(script)
        await searched(customers, name)
        rows = table(customers).get_by_role("row").filter(has_text=name)
        await expect(rows).to_have_count(3)
        await rows.first.click(position={"x": 150, "y": 10})
        await customers.keyboard.press("Control+a")
        await customers.get_by_test_id("action-bar").get_by_role("button", name="Étiquettes").click()
        dialog = customers.get_by_role("dialog")
        sheet = dialog.get_by_test_id("label-sheet")
        await expect(sheet.get_by_role("button")).to_have_count(21)
        await dialog.get_by_role("combobox", name="Planche").select_option(value="L7159")
        await expect(sheet.get_by_role("button")).to_have_count(24)
        await sheet.get_by_role("button", name="Étiquette 5", exact=True).click()
        await expect(dialog.get_by_label("Première étiquette libre")).to_have_value("5")
        await picture(customers, "customers-labels")
        await dialog.get_by_role("button", name="Préparer le PDF").click()
        await expect(dialog.get_by_test_id("labels-made")).to_contain_text("1 client laissé de côté")
        await picture(customers, "customers-labels-made")
        pdf = await paper(customers, tmp_path)
        assert len(pdf) == 1
        text = pdf[0].get_textpage()
        whole = text.get_text_range()
        assert whole.count("35310 MORDELLES") == 2
        # the fifth label: second of the second row
        left, bottom, *_ = text.get_charbox(whole.index("35310 MORDELLES"))
        across, down = left * POINT, 297 - bottom * POINT
        assert 7.2 + 63.5 < across < 7.2 + 2 * 66.1
        assert 12 + 33.9 < down < 14 + 2 * 33.9

    @pytest.mark.row("A53")
    async def test_go_on_a_sheet_of_ones_own_that_lies_on_the_paper(
        self, customers: Page, script: Client, tmp_path: Path
    ) -> None:
        name = await people(script)
        await searched(customers, name)
        await expect(table(customers).get_by_role("row").filter(has_text=name)).to_have_count(3)
        await customers.get_by_text("Envois et étiquettes").click()
        await customers.get_by_role("button", name="Étiquettes").click()
        dialog = customers.get_by_role("dialog")
        await expect(dialog).to_contain_text("toute la recherche (3)")
        await dialog.get_by_role("combobox", name="Planche").select_option(value="free")
        await dialog.get_by_label("Colonnes").fill("3")
        await expect(dialog.get_by_role("alert")).to_contain_text("dépasse la largeur")
        make = dialog.get_by_role("button", name="Préparer le PDF")
        await expect(make).to_be_disabled()
        await dialog.get_by_label("Largeur (mm)").fill("65,5")
        await dialog.get_by_label("Hauteur (mm)").fill("")
        await expect(dialog.get_by_role("alert")).to_contain_text("Un nombre positif.")
        await dialog.get_by_label("Hauteur (mm)").fill("37")
        await dialog.get_by_label("Marge gauche (mm)").fill("5")
        await expect(dialog.get_by_test_id("label-sheet").get_by_role("button")).to_have_count(24)
        await picture(customers, "customers-labels-free")
        await make.click()
        await expect(dialog.get_by_test_id("labels-made")).to_be_visible()
        assert (await paper(customers, tmp_path))[0].get_textpage().get_text_range().count("MORDELLES") == 2
        # another choice, another paper
        await dialog.get_by_label("Adresse").select_option(label="Livraison")
        await expect(dialog.get_by_test_id("labels-made")).to_have_count(0)

    @pytest.mark.row("A53")
    async def test_without_any_address_are_refused_in_words(self, customers: Page, script: Client) -> None:
        name = f"SANS{next(NUMBERS)}"
        await made(script, name=name)
        await searched(customers, name)
        rows = table(customers).get_by_role("row").filter(has_text=name)
        await expect(rows).to_have_count(1)
        await rows.first.click(position={"x": 150, "y": 10})
        await customers.get_by_test_id("action-bar").get_by_role("button", name="Étiquettes").click()
        dialog = customers.get_by_role("dialog")
        await dialog.get_by_role("button", name="Préparer le PDF").click()
        await expect(dialog.get_by_role("alert")).to_contain_text("adresse")
        await picture(customers, "customers-labels-none")
