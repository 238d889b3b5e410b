"""The customer file: the search and the card, as the seed shows them and as a counter needs them."""

import re
from collections.abc import AsyncIterator
from itertools import count

import pytest
from playwright.async_api import Browser, Locator, Page, Route, expect

from tests.browser.conftest import Counter, picture
from tests.conftest import Client
from tests.support.browser import TABLET

pytestmark = pytest.mark.browser

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
TABS = [
    "Coordonnées",
    "Remise / Fidélité",
    "Complément",
    "Liste des achats en détail",
    "Commandes / Réservations",
    "Compta",
    "Chorus",
    "Contacts",
    "RIB",
]
SUB_TABS = ["Principale", "Livraison", "Facturation", "Autorisations"]
OK, CREATED, STALE = 200, 201, 412
FAST_TYPIST = 200
"""Milliseconds a key: an unhurried hand, 5 keys a second."""
NUMBERS = count(1)


@pytest.fixture
async def script(counter: Counter) -> AsyncIterator[Client]:
    """A program beside the page: what is saved is read back through it, and it changes cards behind the page's back."""
    async with counter.client(counter.credentials.script_key) as client:
        yield client


@pytest.fixture
async def customers(desk: Page) -> Page:
    """The page on the customer search."""
    await desk.get_by_role("link", name="Clients", exact=True).click()
    await expect(desk.get_by_test_id("customers-table")).to_be_visible()
    return desk


def table(page: Page) -> Locator:
    return page.get_by_test_id("customers-table")


def card(page: Page) -> Locator:
    return page.get_by_test_id("customer-card")


async def made(script: Client, **fields: object) -> dict[str, object]:
    """A new customer with a name of its own."""
    body = {"name": f"ESSAI{next(NUMBERS)}", **fields}
    answer = await script.post("/v1/customers", json=body)
    assert answer.status_code == 201, answer.text
    found: dict[str, object] = answer.json()
    return found


async def now(script: Client, customer: dict[str, object], part: str = "") -> dict[str, object]:
    """The card as the API has it, or one of its lists."""
    answer = await script.get(f"/v1/customers/{customer['id']}{part}")
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = answer.json()
    return found


async def items(script: Client, customer: dict[str, object], part: str) -> list[dict[str, object]]:
    listed = (await now(script, customer, part))["items"]
    assert isinstance(listed, list)
    return listed


async def change(script: Client, customer: dict[str, object], **fields: object) -> None:
    """Somebody else changes the card."""
    version = (await now(script, customer))["version"]
    answer = await script.patch(f"/v1/customers/{customer['id']}", json=fields, headers={"if-match": f'"{version}"'})
    assert answer.status_code == 200, answer.text


async def opened(page: Page, customer: dict[str, object]) -> Locator:
    """The card of a customer, by its address."""
    await page.evaluate("id => { location.hash = '#/clients/' + id }", customer["id"])
    await expect(card(page)).to_contain_text(f"Client {customer['code']} →")
    return card(page)


async def tab(where: Locator, name: str) -> Locator:
    """The tab of that name, chosen; its panel."""
    await where.get_by_role("tab", name=name, exact=True).click()
    panel = where.get_by_role("tabpanel", name=name, exact=True)
    await expect(panel).to_be_visible()
    return panel


def field(where: Locator, label: str) -> Locator:
    """What is typed in, by the label it has."""
    return where.get_by_label(label, exact=True).and_(where.page.locator("input, select, textarea"))


async def saved(page: Page) -> None:
    """Ctrl+S, and the server says that it is done."""
    async with page.expect_response(lambda answer: answer.request.method == "PATCH") as answer:
        await page.keyboard.press("Control+s")
    assert (await answer.value).status == OK
    await expect(card(page).get_by_role("button", name="Enregistrer", exact=True).first).to_be_disabled()


async def searched(page: Page, text: str) -> None:
    await page.get_by_role("searchbox").fill(text)
    await page.keyboard.press("Enter")


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


class TestTheCard:
    @pytest.mark.row("A56", "A57")
    async def test_has_the_tabs_of_the_old_program(self, customers: Page) -> None:
        await searched(customers, "NICOLAS")
        await table(customers).get_by_role("row").filter(has_text="np@2dcom.fr").dblclick()
        where = card(customers)
        await expect(where).to_contain_text("Client 2 → NICOLAS")
        tabs = [text.strip() for text in await where.get_by_role("tab").all_inner_texts()]
        assert [name for name in tabs if name in TABS] == TABS
        assert [name for name in tabs if name in SUB_TABS] == SUB_TABS
        await expect(field(where, "Nom")).to_have_value("NICOLAS")
        await expect(field(where, "Email")).to_have_value("np@2dcom.fr")
        await picture(customers, "customer-2")
        for at, name in enumerate(TABS):
            await tab(where, name)
            await picture(customers, f"customer-2-tab-{at + 1}")

    @pytest.mark.row("A56", "A60", "A61", "B4", "B14", "B46")
    async def test_saves_the_main_coordinates(self, customers: Page, script: Client) -> None:
        payer = await made(script, first_name="Payeur", collectivity=True)
        customer = await made(script)
        where = await opened(customers, customer)
        await field(where, "Civilité").select_option("Mme")
        await field(where, "Prénom").fill("Claire")
        await field(where, "Rue").fill("12, rue des Lilas")
        await field(where, "Complément (étage, appartement)").fill("Bâtiment très loin au fond de la cour pavée")
        await field(where, "Code postal").fill("44000")
        await field(where, "Ville").fill("Nantes")
        await field(where, "Tél.").fill("06 12 34 56 78")
        await field(where, "Pas de SMS").check()
        await field(where, "Fax").fill("02 40 00 00 01")
        await field(where, "Email").fill("claire.martin@example.org")
        await field(where, "Naissance le").fill("1975-05-04")
        await field(where, "Commentaire").fill("Aime les polars.")
        await field(where, "Client facturé").fill(str(payer["name"]))
        await where.get_by_role("option").filter(has_text=str(payer["code"])).click()
        await saved(customers)

        kept = await now(script, customer)
        assert kept["title"] == "Mme"
        assert kept["first_name"] == "Claire"
        assert kept["no_sms"] is True
        assert kept["birth_date"] == "1975-05-04"
        assert kept["comment"] == "Aime les polars."
        assert kept["billed_to_id"] == payer["id"]
        assert kept["email"] == "claire.martin@example.org"
        address = kept["address"]
        assert isinstance(address, dict)
        assert (address["street"], address["postal_code"], address["town"]) == ("12, rue des Lilas", "44000", "Nantes")
        # the post's advice stands beside its field and refuses nothing; the printed lines are shown
        await expect(where.locator('[data-field="/address/complement"]')).to_contain_text("38")
        await expect(where.locator('[data-field="/address/street"]')).to_contain_text("Sans ponctuation")
        await expect(where.get_by_test_id("address-lines")).to_contain_text("44000 NANTES")
        await expect(where).to_contain_text(f"{payer['code']} {payer['name']} Payeur")
        await picture(customers, "customer-main")

    @pytest.mark.row("A57", "B39", "B40")
    async def test_takes_the_main_address_for_delivery_and_billing_until_there_is_another(
        self, customers: Page, script: Client
    ) -> None:
        customer = await made(script, address={"street": "1 rue Haute", "postal_code": "44000", "town": "Nantes"})
        where = await opened(customers, customer)
        for name, role in (("Livraison", "delivery"), ("Facturation", "billing")):
            panel = await tab(where, name)
            await expect(panel).to_contain_text("Identique à l\u2019adresse principale")
            await panel.get_by_role("button", name="Ajouter une adresse").click()
            await field(panel, "Rue").fill(f"5 quai {role}")
            await field(panel, "Code postal").fill("35000")
            await field(panel, "Ville").fill("Rennes")
            await field(panel, "Proposée pour : Factures").check()
            await panel.get_by_role("button", name="Enregistrer").click()
            await expect(panel).to_contain_text("35000 RENNES")
            await expect(panel).not_to_contain_text("Identique")
            await picture(customers, f"customer-{role}")
        kept = await items(script, customer, "/addresses")
        assert [(one["role"], one["default_for"]) for one in kept] == [("delivery", []), ("billing", ["invoice"])]

    @pytest.mark.row("A58", "A59")
    async def test_keeps_each_authorisation_at_once_with_its_date_and_source(
        self, customers: Page, script: Client
    ) -> None:
        customer = await made(script, email="oui@example.org", phone="0611223344")
        where = await opened(customers, customer)
        panel = await tab(where, "Autorisations")
        await panel.get_by_role("combobox", name="Recueillie").select_option("form")
        for name in ("Arrivée des commandes par e-mail", "Ticket de caisse par e-mail"):
            await panel.get_by_role("checkbox", name=name).click()
            await expect(panel.get_by_role("checkbox", name=name)).to_be_checked()
        await expect(
            panel.get_by_role("checkbox", name="Mailings et informations du libraire par e-mail")
        ).not_to_be_checked()
        row = panel.get_by_role("listitem").filter(has_text="Ticket de caisse").first
        await expect(row).to_contain_text(re.compile(r"depuis le \d\d/\d\d/\d{4} \d\d:\d\d, par écrit"))
        await panel.get_by_role("checkbox", name="Ticket de caisse par e-mail").click()
        await expect(panel.get_by_role("checkbox", name="Ticket de caisse par e-mail")).not_to_be_checked()
        await panel.get_by_role("checkbox", name="Pas de SMS").click()
        await expect(panel).to_contain_text("aucun envoi : « Pas de SMS »")
        await picture(customers, "customer-consents")
        kept = await items(script, customer, "/consents")
        assert [(one["purpose"], one["granted"], one["source"]) for one in kept] == [
            ("receipt", False, "par écrit"),
            ("receipt", True, "par écrit"),
            ("order_arrival", True, "par écrit"),
        ]
        assert (await now(script, customer))["no_sms"] is True

    @pytest.mark.row("A62", "A63", "A64", "A65")
    async def test_saves_loyalty_card_tariff_and_discounts(self, customers: Page, script: Client) -> None:
        customer = await made(script)
        where = await opened(customers, customer)
        panel = await tab(where, "Remise / Fidélité")
        number = f"290{next(NUMBERS):07}"
        await field(panel, "Carte de fidélité active").check()
        await field(panel, "Numéro de carte").fill(number)
        await field(panel, "Début Fidélité").fill("2019-12-10")
        await field(panel, "Code tarif").select_option("PUB")
        await saved(customers)
        kept = await now(script, customer)
        assert (kept["fidelity_active"], kept["fidelity_number"], kept["fidelity_started_on"], kept["tariff_code"]) == (
            True,
            number,
            "2019-12-10",
            "PUB",
        )
        for scope, percent in (("Livres scolaires", "9"), ("Taux de TVA", "4,5")):
            await panel.get_by_role("button", name="Ajouter une remise").click()
            await field(panel, "Remise sur").select_option(label=scope)
            await field(panel, "Remise (%)").fill(percent)
            await panel.get_by_role("button", name="Enregistrer").click()
            await expect(panel.get_by_test_id("discounts")).to_contain_text(f"{percent}\u00a0%")
        await picture(customers, "customer-discounts")
        rules = await items(script, customer, "/discounts")
        assert [(rule["scope"], rule["percent"], rule["vat_rate"]) for rule in rules] == [
            ("school_books", "9.00", None),
            ("vat_rate", "4.50", "5.50"),
        ]
        # deleting asks twice
        remove = panel.get_by_role("button", name="Supprimer").first
        await remove.click()
        await panel.get_by_role("button", name="Supprimer vraiment ?").click()
        await expect(panel.get_by_test_id("discounts")).not_to_contain_text("Livres scolaires")
        assert len(await items(script, customer, "/discounts")) == 1

    @pytest.mark.row("A67", "B8", "B13", "B31", "B32", "C13")
    async def test_saves_the_complement_and_shows_who_changed_what(self, customers: Page, script: Client) -> None:
        customer = await made(script)
        where = await opened(customers, customer)
        panel = await tab(where, "Complément")
        for name in (
            "Client collectivité",
            "Assujetti au droit au prêt",
            "Exonéré de TVA (export)",
            "Client en compte",
        ):
            await field(panel, name).check()
        await field(panel, "Catégorie").select_option("ECOLE")
        await field(panel, "Langue").select_option("en")
        await field(panel, "Code feu").select_option("orange")
        await field(panel, "Message du feu").fill("Demander le bon de commande")
        await field(panel, "Fermeture le").fill("2099-12-31")
        await field(panel, "Nom abrégé").fill("école ste-anne")
        await field(panel, "SIRET").fill("732 829 320 00074")
        await saved(customers)
        kept = await now(script, customer)
        assert kept["lending_library"] is kept["vat_exempt"] is kept["on_account"] is kept["collectivity"] is True
        assert (kept["category"], kept["language"], kept["light"], kept["closed_on"]) == (
            "ECOLE",
            "en",
            "orange",
            "2099-12-31",
        )
        assert (kept["short_name"], kept["siret"]) == ("ECOLESTEANNE", "73282932000074")
        await expect(where).to_contain_text("Demander le bon de commande")

        await panel.get_by_role("button", name="Retirer le visa").click()
        await expect(panel.get_by_test_id("visa")).to_contain_text("Sans visa")
        assert (await now(script, customer))["approved"] is False
        await panel.get_by_role("button", name="Donner le visa").click()
        await expect(panel.get_by_test_id("visa")).to_contain_text("Visa administratif donné")
        assert (await now(script, customer))["approved"] is True

        await panel.get_by_role("button", name="Ajouter une note").click()
        await field(panel, "Note").fill("Passe le jeudi.")
        await customers.keyboard.press("Control+s")
        await expect(panel.get_by_test_id("notes")).to_contain_text("Passe le jeudi.")
        assert [note["text"] for note in await items(script, customer, "/notes")] == ["Passe le jeudi."]
        await picture(customers, "customer-complement")

        history = panel.get_by_test_id("card-history")
        await history.get_by_text("Historique des modifications").click()
        await expect(history).to_contain_text("Camille")
        await expect(history).to_contain_text("Demander le bon de commande")

    @pytest.mark.row("A69")
    async def test_lists_orders_and_reservations_of_the_last_year(self, customers: Page, script: Client) -> None:
        customer = await made(script)
        ean = "9782871427827"
        assert (await script.post("/v1/receptions", json={"lines": [{"ean": ean, "quantity": 5}]})).status_code == 201
        order = await script.post(
            "/v1/orders", json={"customer_id": customer["id"], "lines": [{"ean": ean, "quantity": 1}]}
        )
        assert order.status_code == 201, order.text
        by_hand = {"customer_id": customer["id"], "ean": ean, "quantity": 1}
        kept = await script.post("/v1/reservations", json=by_hand)
        assert kept.status_code == 201, kept.text
        where = await opened(customers, customer)
        panel = await tab(where, "Commandes / Réservations")
        number = str(order.json()["number"])
        await expect(panel.get_by_test_id("orders-orders")).to_contain_text(number)
        await expect(panel.get_by_test_id("orders-orders")).to_contain_text("CO")
        await expect(panel.get_by_test_id("orders-reservations")).to_contain_text("PAPA-LOUP")
        await expect(panel.get_by_test_id("orders-reservations")).to_contain_text("à la main")

        collected = await script.post("/v1/reservations/collect", json={"reservation_ids": [kept.json()["id"]]})
        assert collected.status_code == 200, collected.text
        panel = await tab(where, "Liste des achats en détail")
        await expect(panel).to_contain_text("n\u2019arrivent pas encore")
        await expect(panel.get_by_test_id("purchases-reservations")).to_contain_text("PAPA-LOUP")
        await picture(customers, "customer-purchases")

        panel = await tab(where, "Commandes / Réservations")
        await panel.get_by_role("link", name=number).first.click()
        await expect(customers.get_by_test_id("order-detail")).to_contain_text(number)

    @pytest.mark.row("A70", "B15", "B16", "B20", "B21", "B22", "B24", "B27", "B28")
    async def test_saves_the_accounting(self, customers: Page, script: Client) -> None:
        group, customer = await made(script), await made(script)
        rep = await script.post("/v1/third-parties", json={"type": "sales_rep", "name": f"VENDEUR{next(NUMBERS)}"})
        assert rep.status_code == 201, rep.text
        where = await opened(customers, customer)
        panel = await tab(where, "Compta")
        await field(panel, "Numéro de compte").fill("411ESSAI")
        await field(panel, "Mode de paiement").select_option("VIR")
        await field(panel, "Famille de relance").select_option("COLL")
        await field(panel, "Notre code chez ce client").fill("LIB44")
        await field(panel, "Plafond de direction (€)").fill("1 500")
        await field(panel, "Plafond d\u2019assurance (€)").fill("500,50")
        await field(panel, "Commandes").select_option("no")
        for label in ("Groupement, centrale", "Tiers statistique", "Tiers règlement"):
            await field(panel, label).fill(str(group["name"]))
            await panel.get_by_role("option").filter(has_text=str(group["code"])).click()
        await field(panel, "Commercial 1").fill(rep.json()["name"])
        await panel.get_by_role("option").filter(has_text=rep.json()["code"]).click()
        await expect(field(panel, "Part (%)")).to_have_value("100")
        await field(panel, "Part (%)").fill("60")
        await saved(customers)
        kept = await now(script, customer)
        assert (kept["account_number"], kept["payment_mode"], kept["reminder_family"], kept["our_code"]) == (
            "411ESSAI",
            "VIR",
            "COLL",
            "LIB44",
        )
        assert kept["management_ceiling"] == {"amount": "1500.00", "currency": "EUR"}
        assert kept["insurance_ceiling"] == {"amount": "500.50", "currency": "EUR"}
        assert kept["back_orders"] == {"quotes": "inherit", "orders": "no", "delivery_notes": "inherit"}
        assert kept["group_id"] == kept["statistics_party_id"] == kept["payment_party_id"] == group["id"]
        assert kept["sales_reps"] == [{"third_party_id": rep.json()["id"], "share": "60.00"}]
        await expect(panel.get_by_test_id("credit")).to_contain_text("999,50")  # the risk accepted
        await picture(customers, "customer-accounting")

        # an amount that is none is refused beside its field, before anything is sent
        await field(panel, "Plafond de direction (€)").fill("beaucoup")
        await customers.keyboard.press("Control+s")
        await expect(panel.locator('[data-field="/management_ceiling"] .error')).to_be_visible()

    @pytest.mark.row("A71")
    async def test_says_what_is_missing_for_chorus(self, customers: Page, script: Client) -> None:
        customer = await made(script, collectivity=True)
        where = await opened(customers, customer)
        panel = await tab(where, "Chorus")
        await field(panel, "Dématérialiser les factures vers Chorus Pro").check()
        await field(panel, "Code service obligatoire").check()
        missing = panel.get_by_test_id("chorus-missing")
        await expect(missing).to_contain_text("le SIRET")
        await expect(missing).to_contain_text("le code service")
        await picture(customers, "customer-chorus")
        await field(panel, "SIRET pour Chorus").fill("73282932000075")
        await field(panel, "Code service").fill("ACHATS")
        await expect(missing).to_have_count(0)
        await customers.keyboard.press("Control+s")
        await expect(panel.locator('[data-field="/chorus/siret"] .error')).to_be_visible()  # its key is wrong
        await field(panel, "SIRET pour Chorus").fill("73282932000074")
        await saved(customers)
        chorus = (await now(script, customer))["chorus"]
        assert isinstance(chorus, dict)
        assert (chorus["enabled"], chorus["siret"], chorus["service_code"]) == (True, "73282932000074", "ACHATS")

    @pytest.mark.row("B4", "B60")
    async def test_shows_and_saves_the_fields_of_the_shops_own(
        self, customers: Page, counter: Counter, script: Client
    ) -> None:
        me = await (await customers.request.get(f"{counter.url}/v1/me")).json()
        code = f"A{next(NUMBERS)}"
        for kind, choices in (("flag", []), ("choice", ["Polar", "Poésie"]), ("text", [])):
            field_made = await customers.request.post(
                f"{counter.url}/v1/custom-fields",
                headers={"x-csrf-token": me["csrf_token"], "idempotency-key": f"{code}-{kind}"},
                data={
                    "record": "customer",
                    "questionnaire": "CLUB",
                    "code": f"{code}{kind}",
                    "label": f"Club {code} {kind}",
                    "kind": kind,
                    "choices": choices,
                },
            )
            assert field_made.status == CREATED, await field_made.text()
        customer = await made(script)
        where = await opened(customers, customer)
        panel = await tab(where, "Complément")
        await field(panel, f"Club {code} flag").check()
        await field(panel, f"Club {code} choice").select_option("Polar")
        await field(panel, f"Club {code} text").fill("le jeudi")
        await saved(customers)
        kept = (await now(script, customer))["custom_fields"]
        assert kept == {"CLUB": {f"{code}flag": "true", f"{code}choice": "Polar", f"{code}text": "le jeudi"}}
        await picture(customers, "customer-own-fields")

    @pytest.mark.row("B41")
    async def test_takes_the_main_address_of_another_card(self, customers: Page, script: Client) -> None:
        depot = await made(
            script, address={"street": "9 rue du Dépôt", "postal_code": "44600", "town": "Saint-Nazaire"}
        )
        customer = await made(script)
        where = await opened(customers, customer)
        panel = await tab(where, "Autres adresses")
        await panel.get_by_role("button", name="Ajouter une adresse").click()
        await field(panel, "Adresse d\u2019une fiche tiers").fill(str(depot["name"]))
        await panel.get_by_role("option").filter(has_text=str(depot["code"])).click()
        await field(panel, "Autorisée pour : Relances").uncheck()
        await field(panel, "Proposée pour : Bons de livraison").check()
        await panel.get_by_role("button", name="Enregistrer").click()
        await expect(panel).to_contain_text(f"Adresse principale de {depot['code']} {depot['name']}")
        kept = await items(script, customer, "/addresses")
        assert [(one["use_main_of_id"], one["default_for"]) for one in kept] == [(depot["id"], ["delivery_note"])]
        assert "reminder" not in str(kept[0]["allowed_for"])


class TestWhatHangsOnTheCard:
    @pytest.mark.row("B33", "B34", "B36", "B37")
    async def test_a_contact_gets_its_function_by_the_role_it_has(self, customers: Page, script: Client) -> None:
        customer = await made(script, kind="organisation")
        where = await opened(customers, customer)
        panel = await tab(where, "Contacts")
        await panel.get_by_role("button", name="Ajouter un contact").click()
        await field(panel, "Nom").fill("DURAND")
        await field(panel, "Prénom").fill("Paul")
        await field(panel, "Portable").fill("0612345678")
        await panel.get_by_role("button", name="Factures").click()
        await expect(field(panel, "Fonction")).to_have_value("FAC")
        await panel.get_by_role("button", name="Enregistrer").click()
        await expect(panel.get_by_test_id("contacts")).to_contain_text("Paul DURAND")
        await expect(panel.get_by_test_id("contacts")).to_contain_text("Reçoit : factures")
        await picture(customers, "customer-contacts")
        kept = await items(script, customer, "/contacts")
        assert [(one["name"], one["function"], one["roles"]) for one in kept] == [("DURAND", "FAC", ["invoice"])]

        # what is typed in it is still there after a wrong tap, another tab and a reload
        await panel.get_by_role("button", name="Modifier Paul DURAND").click()
        await field(panel, "Commentaire").fill("Absent le mercredi")
        await tab(where, "RIB")
        await customers.get_by_role("link", name="Commandes").click()
        await customers.reload()
        where = await opened(customers, customer)
        panel = await tab(where, "Contacts")
        await expect(field(panel, "Commentaire")).to_have_value("Absent le mercredi")
        await customers.keyboard.press("Control+s")
        await expect(field(panel, "Commentaire")).to_have_count(0)
        assert (await items(script, customer, "/contacts"))[0]["comment"] == "Absent le mercredi"

    @pytest.mark.row("B43", "B44")
    async def test_an_account_with_a_wrong_key_is_refused_beside_its_field(
        self, customers: Page, script: Client
    ) -> None:
        customer = await made(script)
        where = await opened(customers, customer)
        panel = await tab(where, "RIB")
        await panel.get_by_role("button", name="Ajouter un RIB").click()
        await field(panel, "Saisie par").select_option("rib")
        for label, value in (
            ("Banque", "20041"),
            ("Guichet", "01005"),
            ("Numéro de compte", "0500013M026"),
            ("Clé", "07"),
        ):
            await field(panel, label).fill(value)
        await panel.get_by_role("button", name="Enregistrer").click()
        await expect(panel.locator(".error").first).to_be_visible()
        await picture(customers, "customer-rib-refused")
        assert await items(script, customer, "/bank-accounts") == []
        await field(panel, "Clé").fill("06")
        await panel.get_by_role("button", name="Enregistrer").click()
        accounts = panel.get_by_test_id("bank-accounts")
        await expect(accounts).to_contain_text("FR14 2004 1010 0505 0001 3M02 606")
        await expect(accounts).to_contain_text("Principal")
        await expect(accounts).to_contain_text("Banque 20041 · Guichet 01005 · Compte 0500013M026 · Clé 06")
        await picture(customers, "customer-rib")
        kept = await items(script, customer, "/bank-accounts")
        assert [(one["iban"], one["main"]) for one in kept] == [("FR1420041010050500013M02606", True)]


class TestTwoPeopleAtOneCard:
    @pytest.mark.row("C15")
    async def test_typing_outlives_a_wrong_tap_and_a_reload(self, customers: Page, script: Client) -> None:
        customer = await made(script)
        where = await opened(customers, customer)
        await field(where, "Commentaire").fill("Ne pas perdre")
        panel = await tab(where, "Compta")
        await field(panel, "Numéro de compte").fill("411X")
        await where.get_by_role("button", name="Fermer", exact=True).click()
        await expect(customers.get_by_role("link", name="votre saisie est gardée")).to_be_visible()
        await customers.reload()
        where = await opened(customers, customer)
        await expect(field(where, "Numéro de compte")).to_have_value("411X")  # on the tab one was on
        await tab(where, "Coordonnées")
        await expect(field(where, "Commentaire")).to_have_value("Ne pas perdre")
        await saved(customers)
        kept = await now(script, customer)
        assert (kept["comment"], kept["account_number"]) == ("Ne pas perdre", "411X")

    @pytest.mark.row("C15")
    async def test_the_second_gets_412_sees_both_texts_and_loses_nothing(self, customers: Page, script: Client) -> None:
        customer = await made(script, comment="avant", phone="0240000000")
        # no news from the shop: the page cannot know that somebody else is at this card
        await customers.route("**/v1/events*", _silenced)
        await customers.reload()
        where = await opened(customers, customer)
        await field(where, "Commentaire").fill("ma saisie")
        await field(where, "Prénom").fill("Zoé")
        await change(script, customer, comment="la leur", fax="0240000009")
        async with customers.expect_response(lambda answer: answer.request.method == "PATCH") as refused:
            await customers.keyboard.press("Control+s")
        assert (await refused.value).status == 412
        conflict = where.get_by_test_id("conflict")
        await expect(conflict).to_contain_text("Commentaire")
        await expect(conflict).to_contain_text("ma saisie")
        await expect(conflict).to_contain_text("la leur")
        await expect(conflict).not_to_contain_text("Prénom")
        await expect(field(where, "Commentaire")).to_have_value("ma saisie")
        await picture(customers, "customer-412")
        assert (await now(script, customer))["comment"] == "la leur"
        async with customers.expect_response(lambda answer: answer.request.method == "PATCH") as taken:
            await conflict.get_by_role("button", name="Garder ma saisie : Commentaire").click()
        assert (await taken.value).status == OK
        await expect(conflict).to_have_count(0)
        kept = await now(script, customer)
        assert (kept["comment"], kept["first_name"]) == ("ma saisie", "Zoé")
        assert str(kept["fax"]).replace(" ", "").endswith("240000009")  # and theirs, where I typed nothing

    @pytest.mark.row("C15")
    async def test_two_pages_on_one_contact_and_one_card(
        self, customers: Page, browser: Browser, counter: Counter, script: Client
    ) -> None:
        customer = await made(script)
        contact = await script.post(f"/v1/customers/{customer['id']}/contacts", json={"name": "ROUX"})
        assert contact.status_code == 201, contact.text
        mine = await opened(customers, customer)
        my_panel = await tab(mine, "Contacts")
        await my_panel.get_by_role("button", name="Modifier ROUX").click()
        await field(my_panel, "Portable").fill("0611111111")

        other = await browser.new_context(viewport=TABLET, locale="fr-FR", timezone_id="Europe/Paris")
        try:
            theirs = await other.new_page()
            await theirs.goto(counter.url)
            await theirs.get_by_label("Identifiant").fill(counter.credentials.login)
            await theirs.get_by_label("Mot de passe").fill(counter.credentials.password)
            await theirs.get_by_role("button", name="Se connecter").click()
            await expect(theirs.get_by_test_id("orders-table")).to_be_visible()
            their_panel = await tab(await opened(theirs, customer), "Contacts")
            await their_panel.get_by_role("button", name="Modifier ROUX").click()
            await field(their_panel, "Portable").fill("0622222222")
            await their_panel.get_by_role("button", name="Enregistrer").click()
            await expect(their_panel.get_by_test_id("contacts")).to_contain_text("0622222222")
        finally:
            await other.close()

        conflict = my_panel.get_by_test_id("conflict")
        await expect(conflict).to_contain_text("Portable")
        await expect(field(my_panel, "Portable")).to_have_value("0611111111")
        await picture(customers, "contact-conflict")
        await conflict.get_by_role("button", name="Prendre l\u2019autre : Portable").click()
        await expect(conflict).to_have_count(0)
        kept = await items(script, customer, "/contacts")
        assert str(kept[0]["mobile"]).replace(" ", "").endswith("22222222")


async def _silenced(route: Route) -> None:
    """No event stream, as behind a proxy that swallows it."""
    await route.fulfill(status=204, body="")


class TestWhatCanBeDoneWithACard:
    @pytest.mark.row("B46", "B47")
    async def test_it_is_duplicated_with_the_sub_cards_ticked(self, customers: Page, script: Client) -> None:
        customer = await made(script, comment="à copier", barcode=f"29{next(NUMBERS):010}")
        for part, body in (("contacts", {"name": "GARDÉ"}), ("notes", {"text": "pas copiée"})):
            assert (await script.post(f"/v1/customers/{customer['id']}/{part}", json=body)).status_code == 201
        where = await opened(customers, customer)
        await where.get_by_text("Actions").click()
        await where.get_by_role("button", name="Dupliquer").click()
        dialog = customers.get_by_role("dialog")
        await field(dialog, "Nom").fill("COPIE")
        await field(dialog, "Contacts").check()
        await picture(customers, "customer-duplicate")
        await dialog.get_by_role("button", name="Dupliquer").click()
        await expect(card(customers)).to_contain_text("→ COPIE")
        made_id = await customers.evaluate("location.hash.split('/').pop()")
        copy = {"id": made_id}
        kept = await now(script, copy)
        assert (kept["comment"], kept["barcode"]) == ("à copier", None)
        assert [one["name"] for one in await items(script, copy, "/contacts")] == ["GARDÉ"]
        assert await items(script, copy, "/notes") == []

    @pytest.mark.row("A54")
    async def test_it_is_deleted_unless_something_names_it(self, customers: Page, script: Client) -> None:
        used, free = await made(script), await made(script)
        order = {"customer_id": used["id"], "lines": [{"ean": "9782871427827", "quantity": 1}]}
        assert (await script.post("/v1/orders", json=order)).status_code == 201
        for customer, refused in ((used, True), (free, False)):
            where = await opened(customers, customer)
            await where.get_by_text("Actions").click()
            await where.get_by_role("button", name="Supprimer").click()
            dialog = customers.get_by_role("dialog")
            await dialog.get_by_role("button", name="Supprimer").click()
            if refused:
                await expect(dialog.get_by_role("alert")).to_be_visible()
                await picture(customers, "customer-delete-refused")
                await dialog.get_by_role("button", name="Abandonner").click()
            else:
                await expect(card(customers)).to_have_count(0)
        assert (await script.get(f"/v1/customers/{used['id']}")).status_code == 200
        assert (await script.get(f"/v1/customers/{free['id']}")).status_code == 404

    @pytest.mark.row("C14")
    async def test_its_personal_data_are_one_tap_away(self, customers: Page, script: Client) -> None:
        customer = await made(script)
        where = await opened(customers, customer)
        await where.get_by_text("Actions").click()
        async with customers.expect_download() as download:
            await where.get_by_role("link", name="Données personnelles").click()
        assert (await download.value).suggested_filename == f"donnees-personnelles-{customer['code']}.json"
        await where.get_by_text("Actions").click()
        await where.get_by_role("button", name="Anonymiser").click()
        await expect(customers.get_by_role("dialog")).to_contain_text(str(customer["code"]))
