"""Envois: what went out, what is on its way, and what waits for a person's decision."""

import re

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser import steps
from tests.browser.conftest import picture
from tests.browser.message_steps import failed, open_house, outbox, shown, state_of, written
from tests.browser.steps import NUMBERS, ask, made, to
from tests.conftest import Client
from tests.support.database import Cluster

pytestmark = pytest.mark.browser

script = steps.script  # a fixture

TITLES = ["Date", "Client", "Canal", "Objet", "Sujet", "État", "Motif"]
UNKNOWN = "550 5.1.1 <perdu@example.org>: Recipient address rejected: User unknown"


class TestTheOutbox:
    @pytest.mark.row("A38", "C11")
    async def test_lists_what_customers_were_told_and_finds_it_again(self, desk: Page, script: Client) -> None:
        await open_house(desk, script)
        customer = await made(script, email=f"envoi{next(NUMBERS)}@example.org")
        await written(desk, customer, "Bonjour {client}, à bientôt.")
        await to(desk, "#/envois")
        titles = await outbox(desk).get_by_role("columnheader").all_inner_texts()
        assert [" ".join(title.split()).strip(" ▲▼") for title in titles] == TITLES
        # the demo shop has told people of arrivals
        await expect(outbox(desk).get_by_role("row").filter(has_text="Arrivée").first).to_be_visible()

        await desk.get_by_label("Nom du client").fill(str(customer["name"]))
        row = outbox(desk).get_by_role("row").filter(has_text=str(customer["name"]))
        await expect(row).to_have_count(1)
        await expect(row).to_contain_text("Email")
        await expect(row).to_contain_text("Message libre")
        await expect(row).to_contain_text("Vos livres")
        await expect(row).to_contain_text("Parti")
        await expect(desk.get_by_test_id("record-count")).to_have_text("1")
        # the criteria are said, and each is dropped by itself
        await desk.get_by_role("button", name="Parti", exact=True).click()
        await desk.get_by_role("combobox", name="Canal").select_option(label="SMS")
        await expect(row).to_have_count(0)
        chips = desk.get_by_test_id("filter-chips")
        await expect(chips).to_contain_text("Canal : SMS")
        await expect(chips).to_contain_text("État : Parti")
        await chips.get_by_role("button", name=re.compile("Canal : SMS")).click()
        await expect(row).to_have_count(1)
        await picture(desk, "messages")

        await row.get_by_role("link").first.click()
        record = desk.get_by_test_id("message")
        await expect(record).to_contain_text(f"→ {customer['name']} → État : Parti")
        await expect(record.get_by_test_id("message-text")).to_contain_text(f"Bonjour {customer['name']}, à bientôt.")
        await expect(record.get_by_role("link", name=re.compile(str(customer["code"])))).to_be_visible()
        await picture(desk, "message-sent")

    @pytest.mark.row("C11")
    async def test_is_live(self, desk: Page, script: Client) -> None:
        await open_house(desk, script)
        customer = await made(script, email=f"envoi{next(NUMBERS)}@example.org")
        await to(desk, "#/envois")
        await desk.get_by_label("Nom du client").fill(str(customer["name"]))
        await expect(desk.get_by_test_id("record-count")).to_have_text("0")
        await written(desk, customer)
        # nobody touched the page: the message came, and went out
        row = outbox(desk).get_by_role("row").filter(has_text=str(customer["name"]))
        await expect(row).to_contain_text("Parti", timeout=20_000)

    @pytest.mark.row("A38", "C11")
    async def test_says_what_the_copies_were_that_a_reminder_spoke_of(self, desk: Page) -> None:
        told = await ask(desk, "GET", "/v1/messages?event=arrival&state=sent&limit=1")
        message = told["items"][0]
        kept = [await ask(desk, "GET", f"/v1/reservations/{each}") for each in message["reservation_ids"]]
        record = await shown(desk, message)
        for reservation in kept:
            await expect(record.get_by_test_id("message-reservations")).to_contain_text(reservation["title"])
        await picture(desk, "message-with-reservations")


class TestAMessageThatFailed:
    @pytest.mark.row("C11")
    async def test_is_seen_from_every_screen_and_sent_again(self, desk: Page, script: Client, cluster: Cluster) -> None:
        await open_house(desk, script)
        customer = await made(script, email=f"perdu{next(NUMBERS)}@example.org")
        message = await written(desk, customer)
        await failed(desk, cluster, message, "dead", UNKNOWN)
        await desk.reload()
        note = desk.get_by_test_id("failing-messages")
        await expect(note).to_contain_text("en échec")
        before = int(re.sub(r"\D", "", (await note.inner_text()).split("en échec")[0]))
        assert before == (await ask(desk, "GET", "/v1/messages/count?state=dead"))["count"]
        await note.click()
        await expect(desk.get_by_test_id("filter-chips")).to_contain_text("État : En échec")
        row = outbox(desk).get_by_role("row").filter(has_text=str(customer["name"]))
        await expect(row).to_contain_text("En échec")
        await expect(row).to_contain_text("L\u2019adresse n\u2019existe pas")
        await picture(desk, "messages-failed")

        await row.get_by_role("link").first.click()
        record = desk.get_by_test_id("message")
        # in words a bookseller can act on, and as it was said
        await expect(record).to_contain_text("Corrigez-la sur la fiche du client.")
        await expect(record).to_contain_text(UNKNOWN)
        await picture(desk, "message-failed")
        await record.get_by_role("button", name="Renvoyer").click()
        await expect(desk.get_by_test_id("toasts")).to_contain_text("1 envoi repart")
        await expect(record).to_contain_text("État : Parti", timeout=20_000)
        await expect(note).to_have_count(0) if before == 1 else await expect(note).to_contain_text(str(before - 1))

    @pytest.mark.row("C11")
    async def test_of_which_nobody_knows_asks_before_it_goes_twice(
        self, desk: Page, script: Client, cluster: Cluster
    ) -> None:
        await open_house(desk, script)
        customer = await made(script, email=f"perdu{next(NUMBERS)}@example.org")
        message = await written(desk, customer)
        await failed(desk, cluster, message, "uncertain", "connection lost after DATA")
        record = await shown(desk, message)
        await expect(record).to_contain_text("le message est peut-être arrivé")
        await record.get_by_role("button", name="Renvoyer").click()
        dialog = desk.get_by_role("dialog")
        await expect(dialog).to_contain_text("pourrait le recevoir deux fois")
        await picture(desk, "message-uncertain")
        await dialog.get_by_role("button", name="Abandonner", exact=True).click()
        assert await state_of(desk, message) == "uncertain"
        await record.get_by_role("button", name="Abandonner l\u2019envoi").click()
        await dialog.get_by_role("button", name="Abandonner l\u2019envoi").click()
        await expect(record).to_contain_text("État : Non envoyé")
        await expect(record).to_contain_text("abandonné par la librairie")
        assert await state_of(desk, message) == "withheld"

    @pytest.mark.row("C11")
    async def test_decided_by_a_colleague_meanwhile_is_shown_as_it_is_now(
        self, desk: Page, script: Client, cluster: Cluster
    ) -> None:
        await open_house(desk, script)
        customer = await made(script, email=f"perdu{next(NUMBERS)}@example.org")
        message = await written(desk, customer)
        await failed(desk, cluster, message, "dead", UNKNOWN)
        record = await shown(desk, message)

        async def colleague_first(route: Route) -> None:
            now = await ask(desk, "GET", f"/v1/messages/{message['id']}")
            await ask(desk, "POST", f"/v1/messages/{message['id']}/drop", {}, version=now["version"])
            await route.continue_()

        await desk.route("**/v1/messages/*/retry", colleague_first)
        await record.get_by_role("button", name="Renvoyer").click()
        await expect(record).to_contain_text("L\u2019envoi a changé entre-temps")
        await expect(record).to_contain_text("État : Non envoyé")
        await expect(record.get_by_role("button", name="Renvoyer")).to_have_count(0)
        assert await state_of(desk, message) == "withheld"

    @pytest.mark.row("C11")
    async def test_is_one_of_many_that_are_given_up_together(
        self, desk: Page, script: Client, cluster: Cluster
    ) -> None:
        await open_house(desk, script)
        name = f"LOT{next(NUMBERS)}"
        waiting = []
        for first in ("Anne", "Bruno", "Claire"):
            customer = await made(script, name=name, first_name=first, email=f"lot{next(NUMBERS)}@example.org")
            waiting.append(await written(desk, customer))
        for message, state in zip(waiting, ("dead", "uncertain", "dead"), strict=True):
            await failed(desk, cluster, message, state, UNKNOWN)
        await to(desk, "#/envois")
        await desk.get_by_label("Nom du client").fill(name)
        rows = outbox(desk).get_by_role("row").filter(has_text=name)
        await expect(rows).to_have_count(3)
        await rows.first.click(position={"x": 300, "y": 10})
        await rows.last.click(position={"x": 300, "y": 10}, modifiers=["Shift"])
        bar = desk.get_by_test_id("action-bar")
        await expect(bar).to_contain_text("3 sélectionnées")
        # one of them may have arrived: who sends them again is told
        await bar.get_by_role("button", name="Renvoyer (3)").click()
        dialog = desk.get_by_role("dialog")
        await expect(dialog).to_contain_text("pourrait le recevoir deux fois")
        await dialog.get_by_role("button", name="Abandonner", exact=True).click()
        await bar.get_by_role("button", name="Abandonner l\u2019envoi (3)").click()
        await dialog.get_by_role("button", name="Abandonner l\u2019envoi").click()
        await expect(desk.get_by_test_id("toasts")).to_contain_text("3 envois abandonnés")
        assert {await state_of(desk, each) for each in waiting} == {"withheld"}
        await expect(rows.filter(has_text="abandonné par la librairie")).to_have_count(3)


class TestInEnglish:
    @pytest.mark.row("C11")
    async def test_says_the_same(self, desk: Page) -> None:
        await to(desk, "#/envois")
        await desk.get_by_role("button", name="English").click()
        await expect(desk.get_by_role("heading", name="Messages")).to_be_visible()
        await expect(outbox(desk).get_by_role("row").filter(has_text="Arrival").first).to_be_visible()
        await picture(desk, "messages-english")
