"""Writing to customers from the customer search: addresses for a mailing, an SMS, an e-mail."""

from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser import steps
from tests.browser.conftest import picture
from tests.browser.message_steps import consent, outbox
from tests.browser.steps import NUMBERS, ask, made, searched, table
from tests.conftest import Client

pytestmark = pytest.mark.browser

script, customers = steps.script, steps.customers  # fixtures

PAGE = 100
"""Addresses that the page asks for at once."""


async def people(script: Client) -> str:
    """Five customers of one name: one said yes to all, one refused SMS, one refused, one never said, one cannot be reached."""
    name = f"LETTRE{next(NUMBERS)}"

    async def person(first: str, **fields: object) -> dict[str, object]:
        return await made(script, name=name, first_name=first, **fields)

    number = next(NUMBERS)
    yes = await person("Anne", email=f"anne{number}@example.org", phone="06 12 34 56 01")
    for channel in ("email", "sms"):
        await consent(script, yes, channel, "marketing", granted=True)
    quiet = await person("Bruno", email=f"bruno{number}@example.org", phone="06 12 34 56 02", no_sms=True)
    await consent(script, quiet, "email", "marketing", granted=True)
    no = await person("Claire", email=f"claire{number}@example.org", phone="06 12 34 56 03")
    for channel in ("email", "sms"):
        await consent(script, no, channel, "marketing", granted=False)
        await consent(script, no, channel, "order_arrival", granted=False)
    await person("Denis", email=f"denis{number}@example.org", phone="06 12 34 56 04")
    await person("Emma")
    return name


async def chosen(page: Page, name: str) -> Locator:
    """The five of them, selected with Shift."""
    await searched(page, name)
    rows = table(page).get_by_role("row").filter(has_text=name)
    await expect(rows).to_have_count(5)
    await rows.first.click(position={"x": 150, "y": 10})
    await rows.last.click(position={"x": 150, "y": 10}, modifiers=["Shift"])
    bar = page.get_by_test_id("action-bar")
    await expect(bar).to_contain_text("5 sélectionnées")
    return bar


class TestTheAddresses:
    @pytest.mark.row("A50", "A58")
    async def test_are_those_of_who_may_be_written_to(self, customers: Page, script: Client, tmp_path: Path) -> None:
        name = await people(script)
        bar = await chosen(customers, name)
        await bar.get_by_role("button", name="Récup. email").click()
        dialog = customers.get_by_role("dialog")
        addresses = dialog.get_by_label("Adresses")
        await expect(dialog.get_by_test_id("email-counts")).to_contain_text("2 adresses")
        await expect(dialog.get_by_test_id("email-counts")).to_contain_text("1 sans adresse · 2 sans autorisation")
        assert [each.split("@")[0].rstrip("0123456789") for each in (await addresses.input_value()).split()] == [
            "anne",
            "bruno",
        ]
        await picture(customers, "customers-emails")
        # about their orders, who never said may be written to as well
        await dialog.get_by_label("Pour leur écrire").select_option(label="Au sujet de ses commandes")
        await expect(dialog.get_by_test_id("email-counts")).to_contain_text("3 adresses")
        async with customers.expect_download() as download:
            await dialog.get_by_role("link", name="Fichier .txt").click()
        file = tmp_path / "addresses.txt"
        await (await download.value).save_as(file)
        listed = file.read_text().split()
        assert (await download.value).suggested_filename == "adresses-email.txt"
        assert len(listed) == 3
        link = await dialog.get_by_role("link", name="Écrire (copie cachée)").get_attribute("href")
        assert link is not None
        assert link.startswith("mailto:?bcc=")
        assert link.count("%40") == 3

        await customers.context.grant_permissions(["clipboard-read", "clipboard-write"])
        await dialog.get_by_role("button", name="Copier").click()
        await expect(customers.get_by_test_id("toasts")).to_contain_text("3 adresses copiées")
        assert (await customers.evaluate("() => navigator.clipboard.readText()")).split(", ") == listed

    @pytest.mark.row("A50")
    async def test_of_a_whole_search_are_as_many_as_are_counted(self, customers: Page) -> None:
        await customers.get_by_text("Envois et étiquettes").click()
        await customers.get_by_role("button", name="Récup. email").click()
        dialog = customers.get_by_role("dialog")
        await dialog.get_by_label("Pour leur écrire").select_option(label="Au sujet de ses commandes")
        counted = (await ask(customers, "GET", "/v1/customers/emails/count?purpose=order_arrival"))["count"]
        assert counted > PAGE
        await expect(dialog.get_by_test_id("email-counts")).to_contain_text(f"{counted} adresses")
        await expect(dialog.get_by_role("button", name="Copier")).to_be_visible(timeout=20_000)
        listed = (await dialog.get_by_label("Adresses").input_value()).split()
        assert len(listed) == len(set(listed)) == counted
        # too many for a link
        await expect(dialog.get_by_role("link", name="Écrire (copie cachée)")).to_have_count(0)


class TestAnEmail:
    @pytest.mark.row("A51", "A58")
    async def test_goes_to_those_selected_who_agreed(self, customers: Page, script: Client) -> None:
        name = await people(script)
        bar = await chosen(customers, name)
        await bar.get_by_role("button", name="Envoi Mail").click()
        dialog = customers.get_by_role("dialog")
        await expect(dialog.get_by_role("button", name="Aperçu")).to_be_disabled()
        await dialog.get_by_role("textbox", name="Sujet").fill("Rencontre samedi")
        text = dialog.get_by_label("Texte")
        await text.fill("Bonjour ")
        await dialog.get_by_role("button", name="nom du client").click()
        await expect(text).to_have_value("Bonjour {client}")
        await customers.keyboard.type(", venez samedi !")
        await picture(customers, "customers-mailing")
        await dialog.get_by_role("button", name="Aperçu").click()
        counts = dialog.get_by_test_id("mailing-counts")
        await expect(counts).to_contain_text("2 clients le recevront")
        await expect(counts).to_contain_text("3 clients ne le recevront pas")
        held = dialog.get_by_test_id("mailing-withheld")
        await expect(held.get_by_role("listitem").filter(has_text="a refusé ces messages")).to_contain_text("Claire")
        await expect(held.get_by_role("listitem").filter(has_text="n\u2019a pas donné son accord")).to_contain_text(
            "Denis"
        )
        await expect(held.get_by_role("listitem").filter(has_text="pas d\u2019adresse")).to_contain_text("Emma")
        sample = dialog.get_by_test_id("mailing-sample")
        await expect(sample).to_contain_text("Rencontre samedi")
        await expect(sample).to_contain_text(", venez samedi !")
        await expect(sample).to_contain_text("/unsubscribe/")
        await picture(customers, "customers-mailing-preview")
        # nothing has gone yet
        assert (await ask(customers, "GET", f"/v1/messages/count?name={name}"))["count"] == 0

        await dialog.get_by_role("button", name="Envoyer à 2 clients").click()
        await expect(customers.get_by_test_id("toasts")).to_contain_text("2 messages préparés")
        await expect(dialog).to_have_count(0)
        sent = (await ask(customers, "GET", f"/v1/messages?name={name}"))["items"]
        assert {each["name"].split()[0] for each in sent} == {"Anne", "Bruno"}
        assert {(each["purpose"], each["channel"], each["subject"]) for each in sent} == {
            ("marketing", "email", "Rencontre samedi")
        }
        await customers.get_by_test_id("toasts").get_by_role("link").click()
        await expect(outbox(customers).get_by_role("row").filter(has_text=name)).to_have_count(2)

    @pytest.mark.row("A51")
    async def test_is_corrected_after_its_preview_and_keeps_what_was_typed(
        self, customers: Page, script: Client
    ) -> None:
        name = await people(script)
        bar = await chosen(customers, name)
        await bar.get_by_role("button", name="Envoi Mail").click()
        dialog = customers.get_by_role("dialog")
        await dialog.get_by_role("textbox", name="Sujet").fill("Samedi")
        await dialog.get_by_label("Texte").fill("Bonjour {prenom}")
        await dialog.get_by_role("button", name="Aperçu").click()
        # what the server refuses is said at the field
        await expect(dialog.get_by_label("Texte")).to_have_attribute("aria-invalid", "true")
        await dialog.get_by_label("Texte").fill("Bonjour {client}")
        await dialog.get_by_role("button", name="Aperçu").click()
        await expect(dialog.get_by_test_id("mailing-counts")).to_contain_text("2 clients")
        await dialog.get_by_role("button", name="Modifier le texte").click()
        await expect(dialog.get_by_role("textbox", name="Sujet")).to_have_value("Samedi")
        await dialog.get_by_label("Au sujet de ses commandes").check()
        await dialog.get_by_role("button", name="Aperçu").click()
        # no advertising: who never said gets it too, who refused does not
        await expect(dialog.get_by_test_id("mailing-counts")).to_contain_text("3 clients le recevront")
        await expect(dialog.get_by_test_id("mailing-sample")).not_to_contain_text("/unsubscribe/")


class TestAnSms:
    @pytest.mark.row("A51", "A59")
    async def test_of_a_whole_search_leaves_out_who_wants_none(self, customers: Page, script: Client) -> None:
        name = await people(script)
        await searched(customers, name)
        await expect(table(customers).get_by_role("row").filter(has_text=name)).to_have_count(5)
        await customers.get_by_text("Envois et étiquettes").click()
        await customers.get_by_role("button", name="Envoi SMS").click()
        dialog = customers.get_by_role("dialog")
        await expect(dialog).to_contain_text("toute la recherche (5)")
        await dialog.get_by_label("Au sujet de ses commandes").check()
        await dialog.get_by_label("Texte").fill(f"Bonjour {{client}} {'a' * 160}")
        await dialog.get_by_role("button", name="Aperçu").click()
        counts = dialog.get_by_test_id("mailing-counts")
        await expect(counts).to_contain_text("2 clients le recevront")
        await expect(counts).to_contain_text("4 SMS en tout")
        held = dialog.get_by_test_id("mailing-withheld")
        await expect(held.get_by_role("listitem").filter(has_text="« Pas de SMS » sur sa fiche")).to_contain_text(
            "Bruno"
        )
        await expect(held.get_by_role("listitem").filter(has_text="a refusé")).to_contain_text("Claire")
        await picture(customers, "customers-sms-preview")
        await dialog.get_by_role("button", name="Envoyer à 2 clients").click()
        await expect(customers.get_by_test_id("toasts")).to_contain_text("2 messages préparés")
        sent = (await ask(customers, "GET", f"/v1/messages?name={name}&channel=sms"))["items"]
        assert {each["name"].split()[0] for each in sent} == {"Anne", "Denis"}
        assert all(each["address"].startswith("+336123456") for each in sent)
