"""The order on the page: its four tabs and what every button does."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import picture
from tests.browser.order_steps import (
    PDF,
    action,
    book,
    order_now,
    pressed,
    row,
    sent,
    shown,
    status,
    supplier,
    taken,
)
from tests.browser.steps import NUMBERS, ask, field, made, script, tab, to
from tests.conftest import Client

__all__ = ["script"]
pytestmark = pytest.mark.browser


class TestTheLines:
    @pytest.mark.row("A16", "C8")
    async def test_are_added_changed_shown_and_taken_away(self, desk: Page) -> None:
        first, second = await book(desk), await book(desk)
        detail = await shown(desk, order := await taken(desk, first))
        await pressed(detail, "Ajouter").click()
        dialog = desk.get_by_role("dialog")
        await dialog.get_by_test_id("article-field").fill(second.ean)
        await desk.keyboard.press("Enter")
        await expect(dialog.get_by_test_id("picked-article")).to_contain_text(second.title)
        await picture(desk, "order-add")
        await pressed(dialog, "Ajouter").click()
        await expect(row(detail, second)).to_be_visible()

        # 20 % off a new book is more than the law allows: the dialog says so before, and what became of it
        await row(detail, second).click()
        await pressed(detail, "Modifier").click()
        await pressed(dialog, "Plus (Quantité)").click()
        await field(dialog, "Remise %").fill("20")
        await expect(dialog.get_by_test_id("would-cost")).to_contain_text("9,50")
        await expect(dialog.get_by_test_id("ruling")).to_contain_text("R1")
        await picture(desk, "order-line-capped")
        await pressed(dialog, "Enregistrer").click()
        await expect(dialog).to_contain_text("La ligne est enregistrée au prix de 9,50")
        await pressed(dialog, "Fermer").click()
        line = (await order_now(desk, order))["lines"][1]
        assert (line["ordered"], line["unit_price"]["amount"], line["ruling"]["rule"]) == (2, "9.50", "R1")

        await pressed(detail, "Afficher").click()
        whole = dialog.get_by_test_id("line-in-full")
        await expect(whole).to_contain_text("10,00")
        await expect(whole).to_contain_text("9,50")
        await expect(whole).to_contain_text("saisi")
        await expect(dialog.get_by_test_id("ruling")).to_contain_text("ne peut pas être remisé de plus de 5")
        await picture(desk, "order-line-in-full")
        await pressed(dialog, "Fermer").click()

        await pressed(detail, "Supprimer").click()
        await pressed(dialog, "Supprimer").click()
        await expect(row(detail, second)).to_have_count(0)
        await expect(detail.get_by_test_id("order-quantity")).to_have_text("1")
        assert [each["ean"] for each in (await order_now(desk, order))["lines"]] == [first.ean]

    @pytest.mark.row("B16")
    async def test_have_a_sales_rep_of_their_own(self, desk: Page) -> None:
        name = f"COMMERCIAL{next(NUMBERS)}"
        party = await ask(desk, "POST", "/v1/third-parties", {"type": "sales_rep", "name": name})
        wanted = await book(desk)
        detail = await shown(desk, order := await taken(desk, wanted))
        await row(detail, wanted).click()
        await pressed(detail, "Modifier").click()
        dialog = desk.get_by_role("dialog")
        await field(dialog, "Commercial").fill(name)
        await dialog.get_by_role("option").filter(has_text=name).click()
        await pressed(dialog, "Enregistrer").click()
        await expect(dialog).to_have_count(0)
        assert (await order_now(desk, order))["lines"][0]["sales_rep_id"] == party["id"]

    @pytest.mark.row("A13", "A15")
    async def test_get_another_answer_by_hand_and_keep_their_history(self, desk: Page) -> None:
        wanted = await book(desk)
        detail = await shown(desk, order := await taken(desk, wanted))
        await row(detail, wanted).click()
        await pressed(detail, "Modif. Réponse").click()
        dialog = desk.get_by_role("dialog")
        await field(dialog, "Texte de la réponse").fill("Relance éditeur en cours")
        await pressed(dialog, "Enregistrer").click()
        await expect(row(detail, wanted)).to_contain_text("Relance éditeur en cours")

        # out of print: the remainder of the line is offered to be cancelled, with a reason
        await pressed(detail, "Modif. Réponse").click()
        await expect(dialog.get_by_test_id("answer-history")).to_contain_text("Relance éditeur en cours")
        await field(dialog, "Réponse").select_option("6")
        await picture(desk, "order-answer")
        await pressed(dialog, "Enregistrer").click()
        await expect(dialog).to_contain_text("Annuler le reliquat de la ligne ?")
        await picture(desk, "order-line-remainder")
        await field(dialog, "Motif").fill("Épuisé")
        await pressed(dialog, "Annuler le reliquat").click()
        await status(detail, "AN")
        line = (await order_now(desk, order))["lines"][0]
        assert (line["cancelled"], line["cancel_reason"], line["answer"]["effect"]) == (1, "Épuisé", "close")

    @pytest.mark.row("A15")
    async def test_of_a_reissue_move_to_its_new_ean(self, desk: Page) -> None:
        old, new = await book(desk), await book(desk)
        detail = await shown(desk, order := await taken(desk, old))
        await row(detail, old).click()
        await pressed(detail, "Modif. Réponse").click()
        dialog = desk.get_by_role("dialog")
        await field(dialog, "Réponse").select_option("8")
        await field(dialog, "Nouvel EAN").fill(new.ean)
        await pressed(dialog, "Enregistrer").click()
        await expect(dialog).to_contain_text("Passer au nouvel EAN")
        await expect(dialog.get_by_test_id("picked-article")).to_contain_text(new.title)
        await picture(desk, "order-move")
        await pressed(dialog, "Passer la ligne").click()
        await expect(row(detail, new)).to_be_visible()
        assert [each["ean"] for each in (await order_now(desk, order))["lines"]] == [new.ean]

    @pytest.mark.row("P6")
    async def test_are_suspended_until_a_day_and_resumed(self, desk: Page) -> None:
        wanted = await book(desk)
        detail = await shown(desk, order := await taken(desk, wanted))
        behind = await taken(desk, wanted)
        await row(detail, wanted).click()
        await expect(pressed(detail, "Reprendre")).to_have_count(0)
        await pressed(detail, "Suspendre…").click()
        dialog = desk.get_by_role("dialog")
        day = datetime.now(ZoneInfo("Europe/Paris")).date()
        await expect(field(dialog, "Suspendue jusqu\u2019au")).to_have_attribute("min", str(day + timedelta(days=1)))
        await picture(desk, "order-line-suspend")
        await pressed(dialog, "+ 30 jours").click()
        await pressed(dialog, "Enregistrer").click()
        await expect(dialog).to_have_count(0)
        until = day + timedelta(days=30)
        words = f"suspendue jusqu\u2019au {until:%d/%m/%Y}"
        await expect(row(detail, wanted).get_by_test_id("suspended")).to_have_text(words)
        assert (await order_now(desk, order))["lines"][0]["suspended_until"] == str(until)
        await picture(desk, "order-line-suspended")

        await pressed(detail, "Détail Article").click()
        places = dialog.get_by_test_id("article-queue").get_by_role("listitem")
        await expect(places.first).to_contain_text(words)
        await expect(places.last).to_contain_text(str(behind["number"]))
        await expect(places.last).not_to_contain_text("suspendue")
        await picture(desk, "article-queue-suspended")
        await pressed(dialog, "Fermer").click()

        await pressed(detail, "Reprendre").click()
        await expect(row(detail, wanted).get_by_test_id("suspended")).to_have_count(0)
        await expect(pressed(detail, "Reprendre")).to_have_count(0)
        assert (await order_now(desk, order))["lines"][0]["suspended_until"] is None

    @pytest.mark.row("C5")
    async def test_show_their_place_in_the_queue_which_a_hand_may_change(self, desk: Page) -> None:
        wanted = await book(desk)
        first, second = await taken(desk, wanted), await taken(desk, wanted)
        detail = await shown(desk, second)
        await expect(row(detail, wanted).get_by_test_id("queue-place")).to_have_text("2e")
        await row(detail, wanted).click()
        await pressed(detail, "Détail Article").click()
        dialog = desk.get_by_role("dialog")
        await expect(dialog.get_by_test_id("article-stock")).to_contain_text("En attente 2")
        queue = dialog.get_by_test_id("article-queue")
        await expect(queue.get_by_role("listitem").first).to_contain_text(str(first["number"]))
        await pressed(queue, "Réordonner").click()
        await expect(pressed(queue, "Enregistrer l\u2019ordre")).to_be_disabled()
        await pressed(queue, f"Monter la commande {second['number']}").click()
        await field(queue, "Motif du nouvel ordre").fill("Promis au téléphone")
        await picture(desk, "article-queue")
        await pressed(queue, "Enregistrer l\u2019ordre").click()
        await expect(queue.get_by_role("listitem").first).to_contain_text(str(second["number"]))
        await pressed(queue, "Historique").click()
        await expect(queue.get_by_test_id("queue-changes")).to_contain_text("Promis au téléphone")
        await pressed(dialog, "Fermer").click()
        await expect(row(detail, wanted).get_by_test_id("queue-place")).to_have_text("1er")
        places = (await ask(desk, "GET", f"/v1/articles/{wanted.ean}/queue"))["items"]
        assert [each["order_number"] for each in places] == [second["number"], first["number"]]


class TestSupply:
    @pytest.mark.row("A19", "A26", "C6")
    async def test_is_raised_from_the_order_where_an_article_has_no_supplier_it_is_chosen(self, desk: Page) -> None:
        own = await supplier(desk)
        known, unknown = await book(desk, supplier_id=own), await book(desk)
        detail = await shown(desk, order := await taken(desk, known, unknown))
        await pressed(detail, "Commande Four").click()
        dialog = desk.get_by_role("dialog")
        await expect(dialog).to_contain_text("1 article n\u2019a pas de fournisseur")
        await expect(pressed(dialog, "Commande Four (2)")).to_be_disabled()
        await dialog.get_by_label(f"Fournisseur : {unknown.title}").select_option(index=1)
        await picture(desk, "order-supply")
        await pressed(dialog, "Commande Four (2)").click()
        await expect(dialog).to_have_count(0)
        assert [each["unsupplied"] for each in (await order_now(desk, order))["lines"]] == [0, 0]
        await expect(pressed(detail, "Commande Four")).to_have_count(0)

        # the line in full names the supplier order, and so do the documents
        await row(detail, known).click()
        await pressed(detail, "Afficher").click()
        await expect(dialog).to_contain_text("Commande fournisseur ")
        await expect(dialog.get_by_test_id("line-in-full")).to_contain_text("En commande fournisseur 1")
        await pressed(dialog, "Fermer").click()
        panel = await tab(detail, "Compléments 2")
        await expect(panel.get_by_test_id("order-documents")).to_contain_text("Commande fournisseur")
        await picture(desk, "order-documents")

    @pytest.mark.row("C7")
    async def test_that_became_surplus_is_shown_and_released(self, desk: Page) -> None:
        wanted = await book(desk, supplier_id=await supplier(desk))
        order = await taken(desk, wanted)
        await sent(desk, order, "supplier-orders", {})
        await ask(desk, "POST", f"/v1/articles/{wanted.ean}/movements", {"quantity": 1, "reason": "Retrouvé"})
        await ask(desk, "POST", "/v1/scans", {"ean": wanted.ean})
        detail = await shown(desk, order)
        await expect(row(detail, wanted)).to_contain_text("surplus 1")
        await row(detail, wanted).click()
        await picture(desk, "order-surplus")
        await pressed(detail, "Libérer la copie fournisseur").click()
        await expect(row(detail, wanted)).not_to_contain_text("surplus")
        assert (await order_now(desk, order))["lines"][0]["surplus"] == 0


class TestTheHeader:
    @pytest.mark.row("A20", "A21", "A22", "A23", "B42", "B43")
    async def test_is_typed_survives_and_is_saved_with_ctrl_s(self, desk: Page, script: Client) -> None:
        buyer, payer = await made(script), await made(script)
        at = f"/v1/customers/{buyer['id']}"
        address = {
            "role": "other",
            "address": {"street": "3 QUAI DE LA FOSSE", "postal_code": "44000", "town": "NANTES"},
        }
        place = (await script.post(f"{at}/addresses", json=address)).json()
        person = (await script.post(f"{at}/contacts", json={"name": "ROUX"})).json()
        account = (await script.post(f"{at}/bank-accounts", json={"iban": "FR1420041010050500013M02606"})).json()
        order = await taken(desk, await book(desk), customer_id=buyer["id"])
        detail = await shown(desk, order)
        panel = await tab(detail, "Entête")
        await expect(field(panel, "Nom")).to_have_value(str(buyer["name"]))
        await field(panel, "Réf. Comm.").fill("BC-2026-118")
        await field(panel, "Commentaire").fill("Prévenir le soir")
        await field(panel, "Téléphone").fill("0240000000")
        await field(panel, "Rue").fill("tapée avant de choisir")
        await field(panel, "Client facturé").fill(str(payer["name"]))
        await panel.get_by_role("option").filter(has_text=str(payer["name"])).click()
        await field(panel, "Adresse de livraison").select_option(place["id"])
        await expect(field(panel, "Rue")).to_have_value("")  # the address chosen goes before the one typed
        await field(panel, "Contact").select_option(person["id"])
        await field(panel, "RIB").select_option(account["id"])
        await panel.get_by_role("checkbox", name="Reliquats").uncheck()
        await picture(desk, "order-header-typed")

        # a wrong tap and a reload lose nothing
        await pressed(detail, "Fermer").click()
        await desk.reload()
        detail = await shown(desk, order)
        panel = await tab(detail, "Entête")
        await expect(field(panel, "Commentaire")).to_have_value("Prévenir le soir")
        async with desk.expect_response(lambda answer: answer.request.method == "PATCH") as answer:
            await desk.keyboard.press("Control+s")
        assert (await answer.value).status == 200
        await expect(pressed(detail, "Enregistrer")).to_be_disabled()
        kept = await order_now(desk, order)
        assert (kept["customer_reference"], kept["comment"]) == ("BC-2026-118", "Prévenir le soir")
        assert kept["billed_to"]["customer_code"] == payer["code"]
        assert (kept["delivery_address_id"], kept["contact_id"], kept["bank_account_id"]) == (
            place["id"],
            person["id"],
            account["id"],
        )
        assert kept["back_orders"] is False
        assert kept["contact"]["address"]["street"] == "3 QUAI DE LA FOSSE"
        assert kept["contact"]["phone"]

    @pytest.mark.row("C15")
    async def test_two_people_lose_nothing(self, desk: Page) -> None:
        order = await taken(desk, await book(desk))
        await desk.route("**/v1/events*", lambda route: route.fulfill(status=204, body=""))
        await desk.reload()
        detail = await shown(desk, order)
        panel = await tab(detail, "Entête")
        await field(panel, "Commentaire").fill("le mien")
        body = {"comment": "le leur", "customer_reference": "REF"}
        await ask(desk, "PATCH", f"/v1/orders/{order['id']}", body, version=order["version"])
        await desk.keyboard.press("Control+s")
        conflict = panel.get_by_test_id("conflict")
        await expect(conflict).to_contain_text("le mien")
        await expect(conflict).to_contain_text("le leur")
        await picture(desk, "order-412")
        await conflict.get_by_role("button", name="Garder ma saisie : Commentaire").click()
        await expect(conflict).to_have_count(0)
        await expect(pressed(detail, "Enregistrer")).to_be_disabled()
        kept = await order_now(desk, order)
        assert (kept["comment"], kept["customer_reference"]) == ("le mien", "REF")

    @pytest.mark.row("A17", "A21")
    async def test_stands_on_the_printed_order(self, desk: Page) -> None:
        detail = await shown(desk, await taken(desk, await book(desk), comment="Prévenir le soir"))
        async with desk.expect_response(re.compile(r"/orders/[^/]+/print\.pdf")) as paper:
            await pressed(detail, "Imprimer commande").click()
        answer = await paper.value
        assert (answer.status, answer.headers["content-type"]) == (200, PDF)


class TestWhatIsDelivered:
    @pytest.mark.row("A18", "A26")
    async def test_goes_with_a_note_that_opens_to_print(self, desk: Page) -> None:
        wanted = await book(desk, stock=3)
        detail = await shown(desk, order := await taken(desk, wanted, quantity=3))
        await pressed(detail, "Préparer BL").click()
        dialog = desk.get_by_role("dialog")
        await expect(pressed(dialog, "Préparer BL (0)")).to_be_disabled()
        await dialog.get_by_role("spinbutton", name=f"À livrer : {wanted.title}").fill("2")
        await desk.keyboard.press("Tab")
        await picture(desk, "order-note")
        async with desk.expect_response(re.compile(r"/delivery-notes/[^/]+/print\.pdf")) as paper:
            await pressed(dialog, "Préparer BL (2)").click()
        answer = await paper.value
        assert (answer.status, answer.headers["content-type"]) == (200, PDF)
        await status(detail, "LP")
        note = (await ask(desk, "GET", f"/v1/orders/{order['id']}/delivery-notes"))["items"][0]
        assert [line["quantity"] for line in note["lines"]] == [2]
        panel = await tab(detail, "Compléments 2")
        documents = panel.get_by_test_id("order-documents")
        await expect(documents).to_contain_text(f"Bon de livraison {note['number']}")
        href = await documents.get_by_role("link", name="Ouvrir").first.get_attribute("href")
        assert href == note["print_url"]
        await pressed(panel, "Afficher").click()
        await expect(panel.get_by_test_id("order-history")).to_contain_text("Commande · modification")
        await picture(desk, "order-note-in-documents")

    @pytest.mark.row("A18")
    async def test_comes_back_and_what_is_left_is_cancelled(self, desk: Page) -> None:
        wanted, never = await book(desk, stock=2), await book(desk)
        order = await taken(desk, wanted, never)
        line = order["lines"][0]["id"]
        await sent(desk, order, "deliveries", {"lines": [{"line_id": line, "quantity": 1}]})
        detail = await shown(desk, order)
        await status(detail, "LP")
        await action(detail, "Retour")
        dialog = desk.get_by_role("dialog")
        await pressed(dialog, f"Plus (Rapportés : {wanted.title})").click()
        await field(dialog, "Motif").fill("Page arrachée")
        await picture(desk, "order-return")
        await pressed(dialog, "Retour (1)").click()
        await status(detail, "CO")
        assert (await order_now(desk, order))["lines"][0]["delivered"] == 0

        await sent(desk, order, "deliveries", {"lines": [{"line_id": line, "quantity": 1}]})
        await status(detail, "LP")
        await action(detail, "Annuler le reliquat")
        await expect(dialog).to_contain_text(never.title)
        await field(dialog, "Motif").fill("Le client renonce")
        await picture(desk, "order-remainder")
        await pressed(dialog, "Annuler le reliquat").click()
        await status(detail, "LT")
        assert (await order_now(desk, order))["lines"][1]["cancelled"] == 1


class TestMoney:
    @pytest.mark.row("A25", "A66")
    async def test_valuation_deposit_and_refund(self, desk: Page) -> None:
        order = await taken(desk, await book(desk), await book(desk))
        detail = await shown(desk, order)
        panel = await tab(detail, "Compléments 1")
        await pressed(panel, "Encaisser").click()
        dialog = desk.get_by_role("dialog")
        await field(dialog, "Montant").fill("8")
        await dialog.get_by_role("combobox", name="Nature").select_option("deposit")
        await picture(desk, "order-pay")
        await pressed(dialog, "Enregistrer").click()
        await expect(panel.get_by_test_id("deposit-ledger")).to_contain_text("8,00")
        value = panel.get_by_test_id("valuation")
        for words in ("Montant total 20,00", "Quantité 2", "Remise 0,00", "Frais de port 0,00"):
            await expect(value).to_contain_text(words)
        await expect(value.get_by_test_id("vat-totals")).to_contain_text("5,5")
        money = panel.get_by_test_id("settlement")
        for words in ("Reste à régler 12,00", "Acompte versé 8,00", "Acompte utilisé 0,00", "Acompte restant 8,00"):
            await expect(money).to_contain_text(words)
        await expect(panel).to_contain_text("Création")
        await expect(panel).to_contain_text("Dernière modification")
        await picture(desk, "order-value")

        await pressed(panel, "Rembourser").click()
        await field(dialog, "Montant").fill("8")
        await pressed(dialog, "Enregistrer").click()
        await expect(money).to_contain_text("Remboursé 8,00")
        await expect(panel.get_by_test_id("payments")).to_contain_text("Remboursement")


class TestTheEndOfAnOrder:
    @pytest.mark.row("A17", "A24")
    async def test_cancelling_diminishes_a_draft_and_it_can_be_reopened(self, desk: Page) -> None:
        wanted = await book(desk, supplier_id=await supplier(desk))
        order = await taken(desk, wanted, quantity=2)
        supply = (await sent(desk, order, "supplier-orders", {}))["items"][0]

        async def asked() -> int:
            now = await ask(desk, "GET", f"/v1/supplier-orders/{supply['id']}")
            return sum(line["ordered"] for line in now["lines"] if line["ean"] == wanted.ean)

        assert await asked() == 2
        detail = await shown(desk, order)
        await pressed(detail, "Annuler commande").click()
        dialog = desk.get_by_role("dialog")
        await field(dialog, "Motif").fill("Le client renonce")
        await picture(desk, "order-cancel")
        await pressed(dialog, "Annuler commande").click()
        await status(detail, "AN")
        await expect(detail).to_contain_text("Le client renonce")
        assert await asked() == 0
        await picture(desk, "order-cancelled")

        await pressed(detail, "Rouvrir").click()
        await pressed(desk.get_by_role("dialog"), "Rouvrir").click()
        await status(detail, "CO")
        assert (await order_now(desk, order))["lines"][0]["outstanding"] == 2

    @pytest.mark.row("A6")
    async def test_a_blocked_order_whose_payment_never_came_lapses(self, desk: Page) -> None:
        found = (await ask(desk, "GET", "/v1/orders?status=BL&sort=created_at&limit=1"))["items"][0]
        detail = await shown(desk, found)
        await status(detail, "BL")
        await expect(pressed(detail, "Encaisser")).to_be_visible()
        await expect(pressed(detail, "Préparer BL")).to_have_count(0)
        await pressed(detail, "Paiement non reçu").click()
        await picture(desk, "order-lapse")
        await pressed(desk.get_by_role("dialog"), "Paiement non reçu").click()
        await status(detail, "AN")
        await to(desk, "#/commandes")
        assert (await order_now(desk, found))["payment_state"] == "lapsed"
