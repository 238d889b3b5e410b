"""The loyalty card and the deposit by name on the page: as they stand, their ledgers, and what is done with them."""

import re
from collections.abc import Mapping
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser import steps
from tests.browser.conftest import picture
from tests.browser.order_steps import Book, book, order_now, pressed, shown, taken
from tests.browser.steps import NUMBERS, OK, ask, field, made, now, opened, saved, tab, to
from tests.conftest import Client

pytestmark = pytest.mark.browser

script, customers = steps.script, steps.customers  # fixtures
EURO = "\u00a0€"
TEN = {"code": "DIX", "label": "Dix achats", "kind": "purchases", "percent": "5.00", "every": 10}
SUM = {"code": "CENT", "label": "Cent euros", "kind": "amount", "percent": "5.00", "threshold": {"amount": "100.00"}}


async def programs(page: Page, *listed: Mapping[str, object]) -> None:
    """The programs of the shop, the first one for all cards."""
    version = (await ask(page, "GET", "/v1/dossier"))["version"]
    await ask(page, "PATCH", "/v1/dossier", {"loyalty": {"programs": list(listed)}}, version=version)


async def holder(page: Page, script: Client, **fields: object) -> dict[str, Any]:
    """A customer with an active card since last year."""
    return await made(
        script,
        fidelity_active=True,
        fidelity_number=f"291{next(NUMBERS):07}",
        fidelity_started_on="2025-01-01",
        **fields,
    )


async def told(page: Page, customer: dict[str, Any], of: Book, count: int, price: str = "10.00") -> None:
    """The till tells of so many purchases of one copy each."""
    lines = [
        {
            "reference": f"T{next(NUMBERS)}",
            "source": "till",
            "at": "2026-11-20T10:00:00Z",
            "customer_id": customer["id"],
            "ean": of.ean,
            "quantity": 1,
            "amount": {"amount": price},
            "document": "T1-1187",
        }
        for _ in range(count)
    ]
    answer = await ask(page, "POST", "/v1/purchases", {"purchases": lines})
    assert answer["created"] == count, answer


async def card(page: Page, customer: dict[str, Any]) -> Locator:
    """The tab of loyalty of his card."""
    return await tab(await opened(page, customer), "Remise / Fidélité")


class TestTheCard:
    @pytest.mark.row("A62", "A45")
    async def test_says_how_it_stands_as_it_is_read_at_the_till(self, customers: Page, script: Client) -> None:
        await programs(customers, TEN, SUM)
        customer, of = await holder(customers, script), await book(customers)
        await told(customers, customer, of, 17)
        panel = await card(customers, customer)
        stands = panel.get_by_test_id("loyalty-standing")
        await expect(stands).to_contain_text("7 achats sur 10, encore 3")
        await expect(stands).to_contain_text(f"3,50{EURO} en cours")
        await expect(stands).to_contain_text(f"5,00{EURO} à utiliser")
        ledger = panel.get_by_test_id("loyalty-ledger")
        await expect(ledger.get_by_role("row")).to_have_count(18)
        await expect(ledger.get_by_role("row").nth(1)).to_contain_text("Achat")
        await expect(ledger.get_by_role("row").nth(1)).to_contain_text(f"8,50{EURO}")
        await picture(customers, "loyalty-card")

        # another program, chosen on the card: what is under way is counted in euros now
        await field(panel, "Programme de fidélité").select_option("CENT")
        await saved(customers)
        await expect(stands).to_contain_text(f"70,00{EURO} sur 100,00{EURO}, encore 30,00{EURO}")
        assert (await now(script, customer))["fidelity_program"] == "CENT"

        # off: nothing can be used, and it is said
        await field(panel, "Carte de fidélité active").uncheck()
        await saved(customers)
        await expect(panel).to_contain_text("les achats ne comptent pas")
        await expect(pressed(panel, "Utiliser la remise")).to_be_disabled()

    @pytest.mark.row("P34", "A62")
    async def test_is_taken_over_once_and_put_right_with_a_reason(self, customers: Page, script: Client) -> None:
        await programs(customers, TEN)
        customer = await holder(customers, script)
        panel = await card(customers, customer)
        await pressed(panel, "Reprendre une carte").click()
        dialog = customers.get_by_role("dialog")
        await field(dialog, "Remise accumulée (€)").fill("3,65")
        await field(dialog, "Nombre d\u2019achats").fill("un peu")
        await pressed(dialog, "Enregistrer").click()
        await expect(dialog).to_contain_text("Un nombre entier")
        await field(dialog, "Nombre d\u2019achats").fill("7")
        await field(dialog, "Montant des achats (€)").fill("73")
        await field(dialog, "Remarque").fill("Carte en carton")
        await pressed(dialog, "Enregistrer").click()
        await expect(dialog).to_have_count(0)
        await expect(panel.get_by_test_id("loyalty-standing")).to_contain_text("7 achats sur 10, encore 3")
        ledger = panel.get_by_test_id("loyalty-ledger")
        await expect(ledger).to_contain_text("Reprise")
        await expect(ledger).to_contain_text("Carte en carton")
        await expect(pressed(panel, "Reprendre une carte")).to_have_count(0)

        await pressed(panel, "Corriger").click()
        await field(dialog, "Montant (€), négatif pour reprendre").fill("-5")
        await field(dialog, "Motif").fill("Ticket oublié")
        await pressed(dialog, "Enregistrer").click()
        # the server's own words: no ledger below nil
        await expect(dialog.get_by_role("alert")).to_be_visible()
        await field(dialog, "Montant (€), négatif pour reprendre").fill("-0,65")
        await field(dialog, "Achats en plus ou en moins").fill("1")
        await pressed(dialog, "Enregistrer").click()
        await expect(dialog).to_have_count(0)
        await expect(ledger).to_contain_text("Ticket oublié")
        await expect(ledger).to_contain_text(f"\u22120,65{EURO}")
        await expect(panel.get_by_test_id("loyalty-standing")).to_contain_text("8 achats sur 10, encore 2")
        stands = await now(script, customer, "/loyalty")
        assert (stands["balance"], stands["purchases"]) == ({"amount": "3.00", "currency": "EUR"}, 8)

    @pytest.mark.row("A62", "P24")
    async def test_uses_the_reward_within_what_the_law_leaves(self, customers: Page, script: Client) -> None:
        await programs(customers, TEN)
        customer = await holder(customers, script)
        of, other = await book(customers, price="20.00"), await book(customers, price="8.00", kind="other")
        await told(customers, customer, of, 10, "20.00")
        panel = await card(customers, customer)
        await expect(panel.get_by_test_id("loyalty-standing")).to_contain_text(f"10,00{EURO} à utiliser")
        await pressed(panel, "Utiliser la remise").click()
        dialog = customers.get_by_role("dialog")
        await field(dialog, "Numéro de ticket").fill("T1-2001")
        for each in (of, other):
            await dialog.get_by_test_id("article-field").fill(each.ean)
            await dialog.get_by_test_id("article-field").press("Enter")
            await expect(dialog.get_by_test_id("voucher-lines")).to_contain_text(each.title)
        lines = dialog.get_by_test_id("voucher-lines").get_by_role("listitem")
        # a new book keeps 95 % of the publisher's price, and why is said; another article has no such limit
        await expect(lines.nth(0)).to_contain_text(f"La loi laisse 1,00{EURO}")
        await expect(lines.nth(0)).to_contain_text("5\u00a0%")
        await expect(lines.nth(1)).to_contain_text("Pas de limite")
        await expect(dialog).to_contain_text(f"Au plus 9,00{EURO}")
        await picture(customers, "loyalty-voucher")

        await field(dialog, "Remise prise (€)").fill("9,50")
        await pressed(dialog, "Utiliser").click()
        await expect(dialog.get_by_role("alert")).to_contain_text(re.compile(r"9[.,]00"))
        await field(dialog, "Remise prise (€)").fill("")
        await pressed(dialog, "Utiliser").click()
        taken_ = dialog.get_by_test_id("redeemed")
        await expect(taken_.get_by_role("row").nth(1)).to_contain_text(f"1,00{EURO}")
        await expect(taken_.get_by_role("row").nth(2)).to_contain_text(f"8,00{EURO}")
        await expect(dialog).to_contain_text(f"Reste à utiliser : 1,00{EURO}")
        await picture(customers, "loyalty-used")
        await pressed(dialog, "Fermer").click()
        await expect(panel.get_by_test_id("loyalty-standing")).to_contain_text(f"1,00{EURO} à utiliser")
        await expect(panel.get_by_test_id("loyalty-ledger")).to_contain_text("Remise utilisée")

    @pytest.mark.row("A63", "A64", "A65")
    async def test_says_which_price_wins_and_why(self, customers: Page, script: Client) -> None:
        customer, of = await made(script), await book(customers, price="20.00")
        rule = {"scope": "all", "percent": "9.00", "basis": "Convention"}
        answer = await script.post(f"/v1/customers/{customer['id']}/discounts", json=rule)
        assert answer.status_code == 201, answer.text
        panel = await card(customers, customer)
        await panel.get_by_test_id("price-lookup-field").fill(of.ean)
        await panel.get_by_test_id("price-lookup-field").press("Enter")
        found = panel.get_by_test_id("price-answer")
        await expect(found).to_contain_text(of.title)
        await expect(found).to_contain_text(f"20,00{EURO}")
        await expect(found).to_contain_text(f"19,00{EURO}")
        await expect(found).to_contain_text("Remise permanente de la fiche. Tous les articles 9\u00a0% Convention")
        await expect(found.get_by_test_id("ruling")).to_contain_text("5\u00a0%")
        await expect(found).to_contain_text("Ne compte pas pour la fidélité")


class TestTheDepositByName:
    @pytest.mark.row("A66")
    async def test_is_received_used_on_an_order_given_back_and_refunded(self, customers: Page, script: Client) -> None:
        customer, of = await made(script), await book(customers, price="18.00")
        panel = await card(customers, customer)
        deposit = panel.get_by_test_id("named-deposit")
        await expect(deposit).to_contain_text(f"Disponible 0,00{EURO}")
        await expect(pressed(deposit, "Rembourser")).to_have_count(0)
        await pressed(deposit, "Recevoir").click()
        dialog = customers.get_by_role("dialog")
        await field(dialog, "Montant").fill("beaucoup")
        await pressed(dialog, "Enregistrer").click()
        await expect(dialog.locator(".error")).to_be_visible()
        await field(dialog, "Montant").fill("30")
        await pressed(dialog, "Enregistrer").click()
        await expect(deposit).to_contain_text(f"30,00{EURO}")
        await expect(panel.get_by_test_id("named-deposit-ledger")).to_contain_text("Reçu · Carte")

        order = await taken(customers, of, customer_id=customer["id"])
        detail = await shown(customers, order)
        await detail.get_by_role("tab", name="Compléments 1").click()
        settlement = detail.get_by_test_id("settlement")
        await pressed(settlement, "Acompte nominatif").click()
        await expect(dialog).to_contain_text(f"Le client dispose de 30,00{EURO}")
        await expect(field(dialog, "Montant")).to_have_value("18,00")
        await picture(customers, "deposit-on-order")
        await pressed(dialog, "Enregistrer").click()
        await expect(dialog).to_have_count(0)
        assert (await order_now(customers, order))["deposit"] == {"amount": "18.00", "currency": "EUR"}
        await expect(detail.get_by_test_id("payments")).to_contain_text("Acompte · Acompte nominatif")

        await pressed(settlement, "Acompte nominatif").click()
        await dialog.get_by_role("radio", name="Rendre à l\u2019acompte du client").check()
        await expect(field(dialog, "Montant")).to_have_value("18,00")
        await field(dialog, "Montant").fill("8")
        await pressed(dialog, "Enregistrer").click()
        await expect(dialog).to_have_count(0)

        panel = await card(customers, customer)
        await expect(deposit).to_contain_text(f"20,00{EURO}")
        ledger = panel.get_by_test_id("named-deposit-ledger")
        await expect(ledger).to_contain_text("Rendu par une commande")
        await expect(ledger).to_contain_text(re.compile(r"Employé\s+Cde"))
        await picture(customers, "deposit-ledger")
        await pressed(deposit, "Rembourser").click()
        await field(dialog, "Montant").fill("25")
        await pressed(dialog, "Enregistrer").click()
        await expect(dialog.get_by_role("alert")).to_be_visible()  # more than is there
        await field(dialog, "Montant").fill("20")
        await pressed(dialog, "Enregistrer").click()
        await expect(dialog).to_have_count(0)
        await expect(deposit).to_contain_text(f"Disponible 0,00{EURO}")
        left = await now(script, customer, "/named-deposits")
        assert left["balance"] == {"amount": "0.00", "currency": "EUR"}


class TestTheSettings:
    @pytest.mark.row("A62")
    async def test_keep_the_programs_in_their_order(self, desk: Page, script: Client) -> None:
        await programs(desk, TEN)
        await to(desk, "#/reglages/fidelite")
        form = desk.get_by_test_id("loyalty-settings")
        await expect(form.get_by_test_id("program-reads")).to_contain_text("5\u00a0% de ses achats")
        await pressed(form, "Ajouter un programme").click()
        block = form.get_by_test_id("loyalty-program").nth(1)
        await field(block, "Code").fill("CENT")
        await field(block, "Nom").fill("Cent euros")
        await block.get_by_role("combobox", name="Récompense").select_option("amount")
        await field(block, "Tous les (€)").fill("100")
        await field(block, "Part accumulée (%)").fill("6")
        # more than the law allows is not even sent
        await expect(block).to_contain_text("De 0,01 à 5")
        await expect(pressed(form, "Enregistrer")).to_be_disabled()
        await field(block, "Part accumulée (%)").fill("2,5")
        await field(block, "Se perd après (mois)").fill("24")
        await pressed(block, "Monter Cent euros").click()
        await picture(desk, "settings-loyalty")
        async with desk.expect_response(lambda answer: answer.request.method == "PATCH") as answer:
            await desk.keyboard.press("Control+s")
        assert (await answer.value).status == OK
        kept = (await ask(desk, "GET", "/v1/dossier"))["loyalty"]["programs"]
        assert [(each["code"], each["percent"], each["every"]) for each in kept] == [
            ("CENT", "2.50", None),
            ("DIX", "5.00", 10),
        ]
        assert (kept[0]["threshold"], kept[0]["expires_after_months"]) == ({"amount": "100.00", "currency": "EUR"}, 24)
