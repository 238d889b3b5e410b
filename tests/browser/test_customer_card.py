"""A customer's card: its tabs, and that each saves what it shows."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.browser import steps
from tests.browser.conftest import Counter, picture
from tests.browser.steps import (
    CREATED,
    NUMBERS,
    card,
    field,
    items,
    made,
    now,
    opened,
    saved,
    searched,
    tab,
    table,
)
from tests.conftest import Client

pytestmark = pytest.mark.browser

script, customers = steps.script, steps.customers  # fixtures

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
        await expect(panel.get_by_test_id("purchases-table")).to_contain_text("PAPA-LOUP")
        await expect(where.get_by_test_id("ready")).to_have_count(0)  # what stands under it has moved up
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
