"""Unpaid invoices, their payments, the credit they take, and the reminders of them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser import steps
from tests.browser.conftest import picture
from tests.browser.order_steps import PDF, book, pressed, taken
from tests.browser.steps import NUMBERS, OK, ask, change, field, made, opened, tab, to
from tests.conftest import Client

pytestmark = pytest.mark.browser

script, customers = steps.script, steps.customers  # fixtures
EURO = "\u00a0€"
DOUBTFUL = ("doubtful",)
"""A state that no invoice of the demo shop is in: nobody else is reminded."""
WORDS = {
    "subject": "{librairie} : {total}",
    "body": "Bonjour {nom},\n\n{factures}\n\nTotal {total} depuis le {echeance}.",
}


def day(offset: int) -> str:
    """Some days from today."""
    return (datetime.now(UTC) + timedelta(days=offset)).date().isoformat()


async def invoiced(page: Page, customer: dict[str, Any], total: str, *, due: int = -40, **fields: object) -> str:
    """An invoice that the invoicing program tells of; its number."""
    number = f"ESSAI-{next(NUMBERS):05}"
    body = {
        "customer_id": customer["id"],
        "issued_on": day(due - 30),
        "due_on": day(due),
        "total": {"amount": total},
        **fields,
    }
    await ask(page, "PUT", f"/v1/invoices/{number}", body)
    return number


def step(after: int, channel: str = "email", states: tuple[str, ...] = ("awaited",)) -> dict[str, object]:
    return {"after_days": after, "channel": channel, "states": list(states), "fr": WORDS, "en": WORDS}


async def scenarios(page: Page, *listed: dict[str, object]) -> None:
    version = (await ask(page, "GET", "/v1/dossier"))["version"]
    await ask(page, "PATCH", "/v1/dossier", {"reminders": {"scenarios": list(listed)}}, version=version)


async def stored(page: Page) -> None:
    """Ctrl+S, and the server says that the settings are kept."""
    async with page.expect_response(lambda answer: answer.request.method == "PATCH") as answer:
        await page.keyboard.press("Control+s")
    assert (await answer.value).status == OK


async def invoices(page: Page) -> Page:
    await to(page, "#/factures")
    await expect(page.get_by_test_id("invoices-table")).to_be_visible()
    return page


class TestTheList:
    @pytest.mark.row("A52", "B22")
    async def test_shows_who_pays_what_is_left_and_how_late_it_is(self, desk: Page, script: Client) -> None:
        payer, customer = await made(script), await made(script)
        await change(script, customer, payment_party_id=payer["id"])
        late = await invoiced(desk, customer, "118.40", state="promised", comment="Promis par téléphone")
        coming = await invoiced(desk, customer, "50.00", due=10)
        page = await invoices(desk)
        await field(page.get_by_role("search"), "Numéro").fill("ESSAI-")  # the demo shop has invoices of its own
        rows = page.get_by_test_id("invoices-table").locator("tbody tr")
        row = rows.filter(has_text=late)
        await expect(row).to_contain_text(str(payer["name"]))
        await expect(row).to_contain_text("40 jours de retard")
        await expect(row).to_contain_text("Promis")
        await expect(rows.filter(has_text=coming)).to_contain_text("À échoir")
        await page.get_by_role("checkbox", name="En retard seulement").check()
        await expect(rows.filter(has_text=coming)).to_have_count(0)
        await expect(page.get_by_test_id("filter-chips")).to_contain_text("En retard seulement")
        await page.get_by_role("button", name="Contesté").click()
        await expect(rows.filter(has_text=late)).to_have_count(0)
        await page.get_by_role("button", name="Promis").click()  # one or the other
        await expect(row).to_be_visible()
        await picture(page, "invoices")

        await row.dblclick()
        record = page.get_by_test_id("invoice-record")
        await expect(record).to_contain_text(f"Facture {late} → {payer['name']}")
        await expect(record).to_contain_text("Promis par téléphone")
        await expect(record).to_contain_text(str(customer["code"]))
        await expect(record).to_contain_text("n\u2019a pas été relancé")
        await picture(page, "invoice-record")

    @pytest.mark.row("A52")
    async def test_notes_payments_and_says_when_another_was_quicker(self, desk: Page, script: Client) -> None:
        customer = await made(script)
        number = await invoiced(desk, customer, "100.00")
        page = await invoices(desk)
        await to(page, f"#/factures/numero/{number}")
        record = page.get_by_test_id("invoice-record")
        await pressed(record, "Noter un règlement").click()
        dialog = page.get_by_role("dialog")
        await expect(field(dialog, "Montant réglé (€)")).to_have_value("100,00")
        version = (await ask(page, "GET", f"/v1/invoices/{number}"))["version"]
        await ask(page, "POST", f"/v1/invoices/{number}/payments", {"amount": {"amount": "30.00"}}, version=version)
        await pressed(dialog, "Enregistrer").click()
        await expect(dialog.get_by_role("alert")).to_be_visible()
        await expect(field(dialog, "Montant réglé (€)")).to_have_value("70,00")
        await field(dialog, "Montant réglé (€)").fill("70,01")
        await pressed(dialog, "Enregistrer").click()
        await expect(dialog.get_by_role("alert")).to_be_visible()  # more than is due
        await field(dialog, "Montant réglé (€)").fill("45")
        await pressed(dialog, "Enregistrer").click()
        await expect(dialog).to_have_count(0)
        await expect(record).to_contain_text(f"25,00{EURO}")
        kept = await ask(page, "GET", f"/v1/invoices/{number}")
        assert kept["paid"] == {"amount": "75.00", "currency": "EUR"}


class TestTheCredit:
    @pytest.mark.row("B15")
    async def test_says_what_is_left_of_the_ceiling_and_in_red_what_is_over(
        self, customers: Page, script: Client
    ) -> None:
        customer, of = await made(script), await book(customers, price="60.00")
        await invoiced(customers, customer, "100.00")
        await taken(customers, of, customer_id=customer["id"])
        panel = await tab(await opened(customers, customer), "Compta")
        credit = panel.get_by_test_id("credit")
        await expect(panel).to_contain_text("Encours non contrôlé : le plafond de direction est nul")
        await expect(credit).to_contain_text(f"160,00{EURO}")
        money = {"amount": "200.00", "currency": "EUR"}
        await change(script, customer, management_ceiling=money, insurance_ceiling={**money, "amount": "50.00"})
        await expect(credit).to_contain_text(f"40,00{EURO}")
        await expect(credit).to_contain_text(f"150,00{EURO}")  # the risk beyond the insurance
        await change(script, customer, management_ceiling={**money, "amount": "120.00"})
        await expect(panel.get_by_role("status").filter(has_text="Plafond dépassé")).to_contain_text(f"40,00{EURO}")
        await picture(customers, "customer-credit")
        await pressed(panel, "Voir ses factures non réglées").click()
        await expect(customers.get_by_test_id("record-count")).to_have_text("1")


class TestTheReminders:
    @pytest.mark.row("B28", "B29", "A52")
    async def test_are_proposed_left_sent_once_and_printed(self, desk: Page, script: Client) -> None:
        await scenarios(desk, {"family": None, "steps": [step(15, states=DOUBTFUL), step(30, "post", DOUBTFUL)]})
        central, school = await made(script), await made(script, email=f"e{next(NUMBERS)}@example.org")
        posted = await made(script, address={"street": "1 rue Haute", "postal_code": "44000", "town": "Nantes"})
        await change(script, school, group_id=central["id"])
        await invoiced(desk, school, "80.00", due=-20, state="doubtful")
        letter = await invoiced(desk, posted, "35.50", due=-31, state="doubtful")
        kept_out = await made(script)
        await invoiced(desk, kept_out, "12.00", due=-18, state="doubtful")
        await to(desk, "#/factures/relances")
        form = desk.get_by_test_id("reminder-run")
        await pressed(form, "Préparer les relances").click()
        proposals = form.get_by_test_id("proposals").get_by_role("listitem")
        # B29: the central is reminded, not the school
        await expect(proposals.filter(has_text=str(central["name"]))).to_contain_text("Relance 1")
        await expect(proposals.filter(has_text=str(school["name"]))).to_have_count(0)
        by_post = proposals.filter(has_text=str(posted["name"]))
        await expect(by_post).to_contain_text("Relance 2 · par courrier")
        await by_post.get_by_text("Voir le texte").click()
        await expect(by_post).to_contain_text(f"{letter}")
        await expect(by_post).to_contain_text(f"Total 35,50{EURO}")
        count = await proposals.count()
        await form.get_by_role("checkbox", name=f"Relancer {kept_out['name']}").uncheck()
        await picture(desk, "reminders-proposed")
        await pressed(form, f"Relancer ({count - 1})").click()
        dialog = desk.get_by_role("dialog")
        async with desk.expect_request(lambda request: "letters.pdf" in request.url) as asked:
            await pressed(dialog, f"Relancer ({count - 1})").click()
        await expect(form.get_by_test_id("run-done")).to_contain_text("faite")
        paper = await desk.request.get((await asked.value).url)
        assert (paper.status, paper.headers["content-type"]) == (OK, PDF)
        await expect(desk.get_by_test_id("reminder-runs").locator("tbody tr")).not_to_have_count(0)
        await picture(desk, "reminders-done")

        # nobody is told twice; who was left out is proposed again
        await pressed(form, "Préparer les relances").click()
        await expect(proposals.filter(has_text=str(kept_out["name"]))).to_have_count(1)
        await expect(by_post).to_have_count(0)
        await to(desk, f"#/factures/numero/{letter}")
        told = desk.get_by_test_id("invoice-reminders")
        await expect(told).to_contain_text("Relance 2 · par courrier")

    @pytest.mark.row("B28")
    async def test_follow_scenarios_that_are_kept_in_the_settings(self, desk: Page) -> None:
        await scenarios(desk)
        await to(desk, "#/reglages/relances")
        form = desk.get_by_test_id("reminder-settings")
        await expect(form).to_contain_text("personne n\u2019est relancé")
        await pressed(form, "Ajouter un scénario").click()
        first = form.get_by_test_id("reminder-step").nth(0)
        await field(first, "Jours après l\u2019échéance").fill("10")
        await pressed(form, "Ajouter une relance").click()
        second = form.get_by_test_id("reminder-step").nth(1)
        await field(second, "Jours après l\u2019échéance").fill("9")
        await expect(second).to_contain_text("plus grand que celui")
        await expect(pressed(form, "Enregistrer")).to_be_disabled()
        await field(second, "Jours après l\u2019échéance").fill("25")
        await second.get_by_role("checkbox", name="Attendu").uncheck()
        await expect(second).to_contain_text("Cochez au moins un état")
        await second.get_by_role("checkbox", name="Attendu").check()
        await second.get_by_role("checkbox", name="Traite").check()
        french = second.get_by_role("group", name="Texte français")
        await field(french, "Texte").fill("Le ")
        await french.get_by_role("button", name="Échéance").click()
        await expect(field(french, "Texte")).to_have_value("Le {echeance}")
        await form.get_by_role("combobox", name="Famille de relance").select_option("COLL")
        await pressed(form, "Ajouter un scénario").click()
        await picture(desk, "settings-reminders")
        await stored(desk)
        kept = (await ask(desk, "GET", "/v1/dossier"))["reminders"]["scenarios"]
        assert [(each["family"], [one["after_days"] for one in each["steps"]]) for each in kept] == [
            (None, [10, 25]),
            ("COLL", [15]),
        ]
        assert kept[0]["steps"][1]["states"] == ["awaited", "bill"]
        assert kept[0]["steps"][1]["fr"]["body"] == "Le {echeance}"
