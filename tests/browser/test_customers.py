"""The customer file: the search and a new card, as the seed shows them and as a counter needs them."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.browser import steps
from tests.browser.conftest import Counter, picture
from tests.browser.steps import (
    NUMBERS,
    card,
    field,
    made,
    searched,
    table,
)
from tests.conftest import Client

pytestmark = pytest.mark.browser

script, customers = steps.script, steps.customers  # fixtures

TITLES = [
    "Code Client",
    "Nom",
    "Prénom",
    "Code postal",
    "Ville",
    "Téléphone",
    "Email",
    "Anniversaire le",
    "Fidélité",
    "Début Fidélité",
]
"""The columns of the seed's screen (A48)."""
FAST_TYPIST = 200
"""Milliseconds a key: an unhurried hand, 5 keys a second."""


class TestTheSearch:
    @pytest.mark.row("A42", "A48")
    async def test_shows_the_two_customers_of_the_seed_as_on_its_screen(self, customers: Page) -> None:
        titles = await table(customers).get_by_role("columnheader").all_inner_texts()
        assert [" ".join(title.split()).strip(" ▲▼") for title in titles] == TITLES
        for code, name, first, phone, email, fidelity, since in (
            ("1", "ELMI-GANI", "YOHANN", "", "", "non", ""),
            ("2", "NICOLAS", "", "06 06 06 06 07", "np@2dcom.fr", "oui", "10/12/2019"),
        ):
            await searched(customers, name)
            row = table(customers).get_by_role("row").filter(has=customers.get_by_role("link", name=code, exact=True))
            await expect(row).to_have_count(1)
            cells = [" ".join(text.split()) for text in await row.get_by_role("gridcell").all_inner_texts()]
            assert cells[:3] == [code, name, first]
            assert cells[5].replace(" ", "") == phone.replace(" ", "")
            assert cells[6] == email
            assert fidelity in cells[8]
            assert cells[9] == since
        await picture(customers, "customers-of-the-seed")

    @pytest.mark.row("A42", "A43", "A46", "A47", "B5")
    async def test_finds_by_every_criterion_and_without_any_shows_all(
        self, customers: Page, counter: Counter, script: Client
    ) -> None:
        found = await made(
            script,
            first_name="Ævelyne",
            barcode=f"29{next(NUMBERS):010}",
            email="olivia.critere@example.org",
            phone="02 99 11 22 33",
            address={"street": "3 rue du Four", "postal_code": "35310", "town": "Mordelles"},
            siret="73282932000074",
            birth_date="1980-12-31",
            category="ECOLE",
            mail_order=True,
            collectivity=True,
            lending_library=True,
            on_account=True,
            vat_exempt=True,
            chorus={"enabled": True},
            fidelity_active=True,
            light="orange",
        )
        consent = {"channel": "email", "purpose": "marketing", "granted": True, "source": "essai"}
        assert (await script.post(f"/v1/customers/{found['id']}/consents", json=consent)).status_code == 201
        everyone = customers.get_by_test_id("record-count")
        counted = await customers.request.get(f"{counter.url}/v1/customers/count")
        all_of_them = str((await counted.json())["count"])
        await expect(everyone).to_have_text(all_of_them)
        row = table(customers).locator(f'[data-id="{found["id"]}"]')

        for typed in (str(found["code"]), "aevelyne essai", "02.99.11.22.33", "+33 2 99 11 22 33", found["barcode"]):
            await searched(customers, str(typed))
            await expect(row).to_be_visible()
            await expect(customers.get_by_test_id("filter-chips")).to_contain_text(str(typed))
        await searched(customers, "")
        await expect(everyone).to_have_text(all_of_them)

        await customers.get_by_role("button", name="Plus de critères").click()
        form = customers.get_by_role("search")
        for label, value in (
            ("Code Client", found["code"]),
            ("GENCOD", found["barcode"]),
            ("Code postal", "35310"),
            ("Ville", "mordell"),
            ("Email", "olivia.critere@example.org"),
            ("Téléphone", "0299112233"),
            ("SIRET", "732829320"),
        ):
            await field(form, label).fill(str(value))
            await expect(row).to_be_visible()
            await expect(everyone).not_to_have_text(all_of_them)
            await field(form, label).fill("")
            await expect(everyone).to_have_text(all_of_them)
        await field(form, "Anniversaire du").fill("25/12")
        await field(form, "au").fill("05/01")
        await expect(row).to_be_visible()
        chips = customers.get_by_test_id("filter-chips")
        await expect(chips).to_contain_text("Anniversaire prévu entre le 25/12 et le 05/01")
        await chips.get_by_role("button").first.click()
        await expect(everyone).to_have_text(all_of_them)
        for label in (
            "VPC",
            "Collectivités",
            "Droit au prêt",
            "Mails d\u2019information",
            "En compte",
            "Exonérés (export)",
            "Chorus",
            "Carte de fidélité",
        ):
            choice = form.get_by_role("combobox", name=label, exact=True)
            await choice.select_option("yes")
            await expect(chips).to_contain_text(f"{label} : oui")
            await expect(row).to_be_visible()
            await choice.select_option("no")
            await expect(row).to_have_count(0)
            await choice.select_option("")
            await expect(everyone).to_have_text(all_of_them)
        for label, option in (("Catégorie", "ECOLE"), ("Code feu", "orange"), ("Visa donné", "yes")):
            await form.get_by_role("combobox", name=label, exact=True).select_option(option)
            await expect(everyone).not_to_have_text(all_of_them)
            await expect(chips).to_contain_text(label)
            await customers.get_by_role("searchbox").fill(str(found["code"]))
            await expect(row).to_be_visible()
            await customers.get_by_role("searchbox").fill("")
            await form.get_by_role("combobox", name=label, exact=True).select_option("")
            await expect(everyone).to_have_text(all_of_them)

    @pytest.mark.row("A48")
    async def test_sorts_by_every_title(self, customers: Page) -> None:
        for title in TITLES:
            header = table(customers).get_by_role("columnheader", name=title, exact=True)
            before = await header.get_attribute("aria-sort")
            wanted = ("descending", "ascending") if before == "ascending" else ("ascending", "descending")
            for direction in wanted:
                async with customers.expect_response(re.compile(r"/v1/customers\?")) as answer:
                    await header.get_by_role("button").click()
                assert (await answer.value).status == 200
                await expect(header).to_have_attribute("aria-sort", direction)

    @pytest.mark.row("A55")
    async def test_offers_to_merge_two_selected_cards(self, customers: Page) -> None:
        rows = table(customers).get_by_role("row")
        await rows.nth(1).click(position={"x": 150, "y": 10})
        await rows.nth(2).click(position={"x": 150, "y": 10}, modifiers=["Control"])
        ids = [await rows.nth(at).get_attribute("data-id") for at in (1, 2)]
        bar = customers.get_by_test_id("action-bar")
        await expect(bar.get_by_role("link", name="Fusionner")).to_have_attribute("href", f"#/fusion/{ids[0]}/{ids[1]}")


class TestANewCustomer:
    @pytest.mark.row("A54", "A56", "B46")
    async def test_is_made_with_the_keyboard_alone_in_under_twenty_seconds(
        self, customers: Page, script: Client
    ) -> None:
        name = f"QUENEAU{next(NUMBERS)}"
        steps = 0

        async def press(keys: str) -> None:
            nonlocal steps
            await customers.keyboard.press(keys)
            steps += 1

        async def typed(text: str) -> None:
            nonlocal steps
            await customers.keyboard.type(text)
            steps += len(text)

        await press("Alt+n")
        await expect(field(customers.get_by_test_id("quick-create"), "Nom")).to_be_focused()
        await typed(name)
        await press("Tab")
        await typed("Raymond")
        await press("Tab")
        await typed("Mo")  # Monsieur
        await press("Tab")
        await typed("0611223344")
        await press("Tab")
        await typed("raymond@example.org")
        await press("Tab")
        await press("Tab")
        await typed("76600")
        await press("Tab")
        await typed("Le Havre")
        await picture(customers, "customer-quick-form")
        await press("Control+s")
        await expect(card(customers)).to_contain_text(f"→ {name} Raymond")
        seconds = steps * FAST_TYPIST / 1000
        assert seconds < 20, f"{steps} keys"

        found = (await script.get("/v1/customers", params={"q": name})).json()["items"]
        assert [
            (
                one["name"],
                one["first_name"],
                one["title"],
                one["phone"].replace(" ", ""),
                one["email"],
                one["address"]["postal_code"],
                one["address"]["town"],
            )
            for one in found
        ] == [(name, "Raymond", "M.", "0611223344", "raymond@example.org", "76600", "Le Havre")]
        assert re.fullmatch(r"C\d{7}", found[0]["code"])
        # the keyboard goes on on the card
        await expect(card(customers).get_by_role("tab", name="Coordonnées")).to_be_focused()

    async def test_is_shown_the_cards_of_the_same_name_while_it_is_typed(self, customers: Page) -> None:
        await customers.keyboard.press("Alt+n")
        await expect(field(customers.get_by_test_id("quick-create"), "Nom")).to_be_focused()
        await customers.keyboard.type("NICOLAS")
        await expect(customers.get_by_test_id("near-customers")).to_contain_text("2 NICOLAS")

    @pytest.mark.row("A54")
    async def test_is_still_there_after_a_wrong_tap_and_a_reload(self, customers: Page, script: Client) -> None:
        name = f"PERDU{next(NUMBERS)}"
        await customers.keyboard.press("Alt+n")
        form = customers.get_by_test_id("quick-create")
        await field(form, "Nom").fill(name)
        await field(form, "Email").fill("pas une adresse")
        await customers.get_by_role("link", name="Commandes").click()
        await customers.get_by_role("link", name="Clients", exact=True).click()
        await customers.get_by_role("link", name="Nouveau").click()
        await customers.reload()
        await expect(field(form, "Nom")).to_have_value(name)
        # what the server refuses is said beside its field, and nothing is lost
        await form.get_by_role("button", name="Enregistrer").click()
        await expect(form.locator('[data-field="/email"] .error')).to_be_visible()
        await expect(field(form, "Email")).to_be_focused()
        await field(form, "Email").fill("perdu@example.org")
        await customers.keyboard.press("Enter")
        await expect(card(customers)).to_contain_text(name)
        assert len((await script.get("/v1/customers", params={"q": name})).json()["items"]) == 1
