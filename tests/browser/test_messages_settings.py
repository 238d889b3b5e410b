"""Réglages of what customers are told: the words, who hears them when, and until when books are kept."""

from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import picture
from tests.browser.steps import ask, to

pytestmark = pytest.mark.browser


class TestTheWordsOfAMessage:
    @pytest.mark.row("A38", "A51")
    async def test_are_changed_with_a_preview_and_taken_back(self, desk: Page) -> None:
        await to(desk, "#/reglages/modeles/reminder_2")
        french = desk.get_by_test_id("template-fr")
        await expect(
            desk.get_by_test_id("template-en").get_by_role("textbox", name="Sujet de l\u2019email")
        ).to_have_value("Your books are still waiting: {librairie}")
        await expect(french).to_contain_text("Mots de la maison")
        sms = french.get_by_role("textbox", name="Texte du SMS")
        await sms.fill("Bonjour ")
        await french.get_by_role("button", name="nom du client").click()
        await expect(sms).to_have_value("Bonjour {client}")
        await expect(sms).to_be_focused()
        await desk.keyboard.type(", on vous attend !")
        preview = french.get_by_test_id("sms-preview")
        await expect(preview).to_contain_text(", on vous attend !")
        await expect(preview).not_to_contain_text("{client}")
        await expect(preview.get_by_test_id("segments")).to_have_text("1 SMS par client")
        # one letter beyond the SMS alphabet makes them shorter
        await sms.fill(f"{'a' * 100}ê")
        await expect(preview.get_by_test_id("segments")).to_have_text("2 SMS par client")
        await picture(desk, "settings-template")
        await sms.fill("Bonjour {client}, on vous attend !")
        await expect(french.get_by_test_id("template-preview")).not_to_contain_text("{titres}")
        await desk.keyboard.press("Control+s")
        await expect(desk.get_by_test_id("toasts")).to_contain_text("Modèle enregistré")
        await expect(french).to_contain_text("Vos mots")
        assert (await _words(desk, "reminder_2"))["sms"] == "Bonjour {client}, on vous attend !"

        await french.get_by_role("button", name="Revenir aux mots de la maison").click()
        await desk.get_by_role("dialog").get_by_role("button", name="Revenir aux mots de la maison").click()
        await expect(french).to_contain_text("Mots de la maison")
        await expect(sms).not_to_have_value("Bonjour {client}, on vous attend !")
        assert not (await _words(desk, "reminder_2"))["own"]

    @pytest.mark.row("A38")
    async def test_are_refused_at_their_field(self, desk: Page) -> None:
        await to(desk, "#/reglages/modeles/arrival")
        french = desk.get_by_test_id("template-fr")
        body = french.get_by_role("textbox", name="Texte de l\u2019email")
        was = await body.input_value()
        await body.fill("Bonjour {prenom}")
        error = french.locator('[data-field="/body"] .error')
        await expect(error).to_contain_text("titres")  # the places that are known
        await french.get_by_role("button", name="Enregistrer").click()
        await expect(error).to_be_visible()
        await expect(body).to_have_value("Bonjour {prenom}")
        await picture(desk, "settings-template-refused")
        assert (await _words(desk, "arrival"))["body"] == was
        await french.get_by_role("button", name="Abandonner les modifications").click()
        await expect(body).to_have_value(was)
        await expect(error).to_have_count(0)

    async def test_changed_by_a_colleague_are_not_overwritten(self, desk: Page) -> None:
        await to(desk, "#/reglages/modeles/cancelled")
        english = desk.get_by_test_id("template-en")
        await english.get_by_role("textbox", name="Texte du SMS").fill("Mine")
        words = {"subject": "Theirs", "body": "Theirs", "sms": "Theirs"}
        kept = await ask(desk, "PUT", "/v1/message-templates/cancelled/en", words, version=0)
        # the live news may have shown the conflict by now, with "Enregistrer quand même…" in it: either way leads there
        await english.get_by_role("button", name="Enregistrer", exact=True).click()
        conflict = english.get_by_test_id("conflict")
        await expect(conflict).to_contain_text("Theirs")
        await conflict.get_by_role("button", name="Enregistrer quand même ma saisie").click()
        await expect(desk.get_by_test_id("toasts")).to_contain_text("Modèle enregistré")
        now = await _words(desk, "cancelled", "en")
        assert (now["sms"], now["subject"]) == ("Mine", "Theirs")
        assert now["version"] > kept["version"]
        await ask(desk, "DELETE", "/v1/message-templates/cancelled/en", version=now["version"])


class TestWhoIsToldWhen:
    @pytest.mark.row("C11")
    async def test_is_set_by_steps_channels_and_hours(self, desk: Page) -> None:
        before = (await ask(desk, "GET", "/v1/dossier"))["messages"]
        await to(desk, "#/reglages/envois")
        form = desk.get_by_test_id("messages-settings")
        steps = form.get_by_test_id("steps").get_by_role("listitem")
        await expect(steps).to_have_count(3)
        await form.get_by_role("button", name="Ajouter : 2e rappel").click()
        await expect(steps).to_have_count(4)
        await expect(steps.nth(2)).to_contain_text("J+10")
        await expect(steps.nth(2)).to_contain_text("2e rappel")
        # the days rise
        day = form.get_by_label("Jour : 2e rappel")
        await day.fill("5")
        await expect(steps.nth(2)).to_contain_text("Doit venir après J+7.")
        await expect(form.get_by_role("button", name="Enregistrer")).to_be_disabled()
        await day.fill("12")
        await form.get_by_role("button", name="Retirer : 1er rappel").click()
        await form.get_by_role("button", name="Monter SMS").click()
        await form.get_by_role("checkbox", name="Commande enregistrée").check()
        await form.get_by_label("Rien ne part avant").select_option(label="8 h")
        await form.get_by_label("ni à partir de").select_option(label="20 h")
        await form.get_by_label("Minutes d\u2019attente après une mise de côté").fill("30")
        await picture(desk, "settings-sending")
        await form.get_by_role("button", name="Enregistrer").click()
        await expect(desk.get_by_test_id("toasts")).to_contain_text("Réglages enregistrés")
        dossier = await ask(desk, "GET", "/v1/dossier")
        messages = dossier["messages"]
        assert messages["steps"] == [
            {"event": "arrival", "after_days": 0},
            {"event": "reminder_2", "after_days": 12},
            {"event": "last_call", "after_days": 14},
        ]
        assert messages["channels"] == ["sms", "email"]
        assert "order_confirmed" in messages["automatic"]
        assert set(before["automatic"]) < set(messages["automatic"])
        assert (messages["from_hour"], messages["to_hour"], messages["grace_minutes"]) == (8, 20, 30)
        await ask(desk, "PATCH", "/v1/dossier", {"messages": before}, version=dossier["version"])


class TestThePickUpTime:
    @pytest.mark.row("P5", "P32")
    async def test_is_set_for_all_by_category_and_without_closed_days(self, desk: Page) -> None:
        first = await ask(desk, "GET", "/v1/dossier")
        await to(desk, "#/reglages/retrait")
        form = desk.get_by_test_id("pickup-settings")
        await form.get_by_label("Jours d\u2019ouverture pendant lesquels un livre est gardé").fill("21")
        await form.get_by_label("Un livre est signalé comme ancien après (jours)").fill("10")
        table = (await ask(desk, "GET", "/v1/tables/categories"))["items"]
        category = next(each for each in table if each["active"])
        await form.get_by_role("combobox", name="Catégorie").select_option(value=category["code"])
        await form.get_by_role("button", name="Ajouter une catégorie").click()
        await form.get_by_label(f"Jours pour {category['label']}").fill("45")
        await form.get_by_role("checkbox", name="dimanche").check()
        await form.get_by_label("Jour fermé").fill("2027-08-16")
        await form.get_by_role("button", name="Ajouter une date").click()
        await expect(form.get_by_test_id("closed-dates")).to_contain_text("16/08/2027")
        await form.get_by_role("button", name="Ajouter les jours fériés").first.click()
        await expect(form.get_by_test_id("closed-dates").get_by_role("listitem")).to_have_count(12)
        await picture(desk, "settings-pickup")
        await desk.keyboard.press("Control+s")
        await expect(desk.get_by_test_id("toasts")).to_contain_text("Réglages enregistrés")
        dossier = await ask(desk, "GET", "/v1/dossier")
        assert dossier["pickup"]["days"] == 21
        assert dossier["pickup"]["by_category"] == {category["code"]: 45}
        assert dossier["pickup"]["closed_weekdays"] == [7]
        assert "2027-08-16" in dossier["pickup"]["closed_dates"]
        assert dossier["old_after_days"] == 10

        # a shop that never opens is told so before it is sent
        for day in ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"):
            await form.get_by_role("checkbox", name=day).check()
        await expect(form.get_by_role("alert")).to_contain_text("au moins un jour par semaine")
        await expect(form.get_by_role("button", name="Enregistrer")).to_be_disabled()
        await form.get_by_role("button", name="Abandonner les modifications").click()
        back = {"pickup": first["pickup"], "old_after_days": first["old_after_days"]}
        await ask(desk, "PATCH", "/v1/dossier", back, version=dossier["version"])
        await expect(form.get_by_label(f"Jours pour {category['label']}")).to_have_count(0)


async def _words(page: Page, event: str, language: str = "fr") -> dict[str, Any]:
    items = (await ask(page, "GET", "/v1/message-templates"))["items"]
    found: dict[str, Any] = next(each for each in items if (each["event"], each["language"]) == (event, language))
    return found
