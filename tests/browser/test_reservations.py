"""The reservation list: its columns and criteria, its multi-selection, and what becomes of what is chosen."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import picture
from tests.browser.order_steps import book, order_now, pressed, taken
from tests.browser.reserve_steps import Ages, aged, kept, name, now
from tests.browser.steps import NUMBERS, ask, to
from tests.browser.supply import pictures

pytestmark = pytest.mark.browser
__all__ = ["aged"]

COLUMNS = ["Date", "Titre", "N° Cde", "Stat", "Vpc", "Ebook", "Code Client", "Nom Client"]


async def looked(page: Page, text: str, *, rows: int) -> Locator:
    """The rows of the list for a name."""
    await to(page, "#/reservations")
    table = page.get_by_test_id("reservations-table")
    await page.get_by_role("searchbox", name="Nom du client").fill(text)
    await page.keyboard.press("Enter")
    found = table.locator("tbody").get_by_role("row")
    await expect(found).to_have_count(rows)
    return found


def bar(page: Page) -> Locator:
    return page.get_by_test_id("action-bar")


async def chosen(page: Page, text: str, *, rows: int = 1) -> None:
    """All rows of a name, selected."""
    found = await looked(page, text, rows=rows)
    await found.first.click()
    if rows > 1:
        await found.last.click(modifiers=["Shift"])
    await expect(bar(page)).to_contain_text(f"{rows} sélectionnée")


async def more(page: Page, action: str) -> None:
    """Something of the list « Autres… »."""
    await bar(page).get_by_text("Autres…").click()
    await bar(page).get_by_role("button", name=re.compile(f"^{action}$")).click()


class TestTheList:
    @pytest.mark.row("A35", "A36", "A37")
    async def test_has_the_columns_of_the_old_one_oldest_first_and_blanks_without_an_order(
        self, desk: Page, aged: Ages
    ) -> None:
        who = name()
        novel = await book(desk, stock=3)
        by_hand = [await kept(desk, novel, who=who) for _ in range(2)]
        order = await taken(desk, novel, contact={"name": who})
        await ask(desk, "POST", "/v1/scans", {"ean": novel.ean})
        await aged(by_hand[1], days=3)
        rows = await looked(desk, who, rows=3)
        heads = desk.get_by_test_id("reservations-table").get_by_role("columnheader")
        assert await heads.all_inner_texts() == COLUMNS
        ids = [await rows.nth(at).get_attribute("data-id") for at in range(3)]
        assert ids[:2] == [by_hand[1]["id"], by_hand[0]["id"]]
        cells = [
            [(await cell.inner_text()).strip() for cell in await row.get_by_role("gridcell").all()]
            for row in await rows.all()
        ]
        assert [row[2:5] for row in cells[:2]] == [["", "", ""]] * 2
        assert cells[2][2:4] == [str(order["number"]), "CO"]
        assert [row[7] for row in cells] == [who] * 3
        # the title of a column sorts
        await heads.get_by_role("button", name="Date").click()
        await expect(rows.last).to_have_attribute("data-id", by_hand[1]["id"])
        await heads.get_by_role("button", name="Date").click()

    @pytest.mark.row("P33")
    async def test_says_of_a_parcel_whether_it_is_paid_and_what_it_weighs(self, desk: Page) -> None:
        who = name()
        light, heavy = await book(desk, weight_g=410), await book(desk, weight_g=820)
        sent = await taken(desk, light, quantity=2, contact={"name": who}, mail_order=True)
        here = await taken(desk, heavy, contact={"name": who})
        for each, copies in ((light, 2), (heavy, 1)):
            lines = [{"ean": each.ean, "quantity": copies}]
            await ask(desk, "POST", "/v1/receptions", {"lines": lines})
        rows = await looked(desk, who, rows=2)
        parcel = rows.filter(has_text=str(sent["number"]))
        await expect(parcel).to_contain_text("820\u00a0g")
        await expect(parcel.get_by_title("2 \u00d7 410\u00a0g")).to_be_visible()
        await expect(parcel).not_to_contain_text("payée")
        await expect(rows.filter(has_text=str(here["number"]))).not_to_contain_text("\u00a0g")
        owed = await order_now(desk, sent)
        payment = {"amount": owed["due"], "method": "card"}
        await ask(desk, "POST", f"/v1/orders/{sent['id']}/payments", payment, version=owed["version"])
        rows = await looked(desk, who, rows=2)
        await expect(rows.filter(has_text=str(sent["number"]))).to_contain_text("payée")
        await picture(desk, "reservations-weight")

    @pytest.mark.row("A33")
    async def test_is_found_by_name_title_period_and_any_other_criterion(self, desk: Page) -> None:
        who, place = name(), f"K{next(NUMBERS)}"
        novel = await book(desk, stock=2)
        mine = await kept(desk, novel, who=who, place=place)
        gone = await kept(desk, novel, who=who)
        await ask(desk, "POST", "/v1/reservations/release", {"reservation_ids": [gone["id"]], "restock": True})
        rows = await looked(desk, who, rows=1)
        table = desk.get_by_test_id("reservations-table").locator("tbody").get_by_role("row")
        chips = desk.get_by_test_id("filter-chips")
        await expect(chips).to_contain_text(f"Nom Client : {who}")
        # a day gone by finds nothing, and says so
        await desk.get_by_label("Mise en réserve au", exact=True).fill("2020-01-01")
        await expect(desk.get_by_text("Aucune réservation ne répond à ces critères")).to_be_visible()
        await chips.get_by_role("button", name="Retirer le critère Mise en réserve au 01/01/2020").click()
        await expect(rows).to_have_count(1)
        # the place, the article, and what has ended
        await desk.get_by_role("button", name=re.compile("^Critères")).click()
        await desk.get_by_label("Casier", exact=True).fill(place)
        await expect(table).to_have_count(1)
        await expect(table).to_have_attribute("data-id", mine["id"])
        await picture(desk, "reservations-criteria")
        await desk.get_by_label("Casier", exact=True).fill("")
        await desk.get_by_label("EAN", exact=True).fill(novel.ean)
        await pressed(desk.get_by_role("group", name="État"), "Remise en stock").click()
        await expect(table).to_have_count(2)
        await expect(table.filter(has_text="Remise en stock : annulée par le client")).to_have_count(1)
        await desk.get_by_label("Sans commande", exact=True).check()
        await expect(table).to_have_count(2)
        await desk.get_by_label("Annulation demandée", exact=True).check()
        await expect(table).to_have_count(0)
        # no criterion is everything
        await chips.get_by_role("button", name="Effacer les critères").click()
        await expect(chips).to_have_count(0)
        every = (await ask(desk, "GET", "/v1/reservations/count"))["count"]
        await expect(desk.get_by_test_id("record-count")).to_have_text(
            re.compile(rf"^{every // 1000 or ''}\D?{every % 1000}\+?$")
        )

    @pytest.mark.row("P32")
    async def test_shows_an_old_one_in_orange_with_a_word_and_an_expired_one_with_its_own(
        self, desk: Page, aged: Ages
    ) -> None:
        who = name()
        old, expired, fresh = [await kept(desk, who=who) for _ in range(3)]
        await aged(old, days=20, left=5)
        await aged(expired, days=10, left=-1)
        rows = await looked(desk, who, rows=3)
        by_id = {each["id"]: desk.locator(f'[data-id="{each["id"]}"]') for each in (old, expired, fresh)}
        await expect(by_id[old["id"]]).to_contain_text("depuis 20 jours")
        assert await by_id[old["id"]].locator("td").first.locator("span").evaluate(_COLOUR) == "rgb(255, 220, 171)"
        await expect(by_id[expired["id"]]).to_contain_text("expirée")
        await expect(by_id[fresh["id"]]).not_to_contain_text("depuis")
        await expect(by_id[fresh["id"]]).not_to_contain_text("expirée")
        await rows.first.click()
        await pictures(desk, "reservations-marks")
        # the list of those alone
        await desk.get_by_test_id("today-lists").get_by_role("button", name="Anciennes").click()
        await expect(by_id[old["id"]]).to_be_visible()
        await expect(by_id[fresh["id"]]).to_have_count(0)

    @pytest.mark.row("A34")
    async def test_takes_a_new_one_by_hand_with_its_place_and_the_customers_own_date(self, desk: Page) -> None:
        novel, who = await book(desk, stock=1), name()
        day = (datetime.now(ZoneInfo("Europe/Paris")) + timedelta(days=2)).date().isoformat()
        await to(desk, "#/reservations")
        await desk.get_by_role("button", name="Nouvelle Réserv.").click()
        dialog = desk.get_by_role("dialog")
        await dialog.get_by_test_id("article-field").fill(novel.ean)
        await desk.keyboard.press("Enter")
        await expect(dialog).to_contain_text(novel.title)
        await dialog.get_by_label("Nom libre").fill(who)
        await dialog.get_by_label("Casier", exact=True).fill("K1")
        await dialog.get_by_label("Le client viendra").fill(day)
        await pictures(desk, "reservations-new")
        async with desk.expect_response(re.compile(r"/slip\.pdf\?format=till$")):
            await pressed(dialog, "Réserver").click()
        rows = await looked(desk, who, rows=1)
        await expect(rows).to_contain_text("K1")
        (made,) = (await ask(desk, "GET", f"/v1/reservations?ean={novel.ean}"))["items"]
        assert (made["customer_name"], made["place"], made["pickup_deadline"]) == (who, "K1", day)


class TestSeveralAtOnce:
    @pytest.mark.row("A39")
    async def test_are_chosen_with_ctrl_shift_and_the_keyboard_and_counted(self, desk: Page) -> None:
        who = name()
        for _ in range(5):
            await kept(desk, who=who)
        rows = await looked(desk, who, rows=5)
        await rows.nth(0).click()
        await rows.nth(3).click(modifiers=["Shift"])
        await expect(bar(desk)).to_contain_text("4 sélectionnées")
        await rows.nth(1).click(modifiers=["ControlOrMeta"])
        await expect(bar(desk)).to_contain_text("3 sélectionnées")
        await desk.keyboard.press("ControlOrMeta+a")
        await expect(bar(desk)).to_contain_text("5 sélectionnées")
        await desk.keyboard.press("Home")
        await desk.keyboard.press("Shift+ArrowDown")
        await expect(bar(desk)).to_contain_text("2 sélectionnées")
        await pictures(desk, "reservations-selection")
        # Suppr. asks; both are gone from the list, the others stay
        await desk.keyboard.press("Delete")
        dialog = desk.get_by_role("dialog", name="Remettre les articles en stock ?")
        await expect(dialog).to_contain_text("2 réservations seront supprimées")
        await pressed(dialog, "Remettre en stock").click()
        await expect(rows).to_have_count(3)
        await expect(desk.get_by_text("2 articles remis en stock")).to_be_visible()

    @pytest.mark.row("A40")
    async def test_go_back_to_stock_or_out_of_it_with_a_reason(self, desk: Page) -> None:
        novel, who = await book(desk, stock=2), name()
        lost = await kept(desk, novel, who=who, place="K7")
        await kept(desk, novel, who=who)
        rows = await looked(desk, who, rows=2)
        await rows.filter(has_text="K7").click()
        await pressed(bar(desk), "Supprimer").click()
        dialog = desk.get_by_role("dialog")
        await pressed(dialog, "Ne pas remettre en stock").click()
        await expect(dialog).to_contain_text(re.compile("Dites pourquoi l.exemplaire"))
        await expect(dialog.get_by_label("Motif", exact=True)).to_be_focused()
        await dialog.get_by_label("Motif", exact=True).fill("Introuvable au casier")
        await picture(desk, "reservations-release")
        await pressed(dialog, "Ne pas remettre en stock").click()
        await expect(rows).to_have_count(1)
        ended = await now(desk, lost)
        assert (ended["state"], ended["end_cause"], ended["end_reason"]) == (
            "written_off",
            "not_found",
            "Introuvable au casier",
        )
        assert (await ask(desk, "GET", f"/v1/articles/{novel.ean}/stock"))["available"] == 0
        await rows.first.click()
        await pressed(bar(desk), "Supprimer").click()
        await pressed(desk.get_by_role("dialog"), "Remettre en stock").click()
        await expect(rows).to_have_count(0)
        assert (await ask(desk, "GET", f"/v1/articles/{novel.ean}/stock"))["available"] == 1

    @pytest.mark.row("A39", "C7")
    async def test_are_handed_over_whole_or_in_part(self, desk: Page) -> None:
        novel, who = await book(desk, stock=4), name()
        many = await kept(desk, novel, who=who, quantity=3, place="K2")
        await kept(desk, novel, who=who)
        await chosen(desk, who, rows=2)
        await more(desk, "Remettre une partie…")
        dialog = desk.get_by_role("dialog")
        steppers = dialog.get_by_role("spinbutton")
        await expect(steppers).to_have_count(2)
        await steppers.first.fill("1")
        await steppers.first.press("Tab")
        await pictures(desk, "reservations-part")
        await pressed(dialog, "Remettre au client").click()
        rows = desk.get_by_test_id("reservations-table").locator("tbody").get_by_role("row")
        await expect(rows).to_have_count(1)
        await expect(rows).to_contain_text(re.compile("\\D 2\\D"))
        await expect(rows).to_contain_text("K2")
        left = [
            each
            for each in (await ask(desk, "GET", f"/v1/reservations?ean={novel.ean}"))["items"]
            if each["state"] == "set_aside"
        ]
        assert [(each["quantity"], each["pickup_deadline"]) for each in left] == [(2, many["pickup_deadline"])]
        await rows.click()
        await pressed(bar(desk), "Remettre au client").click()
        await expect(rows).to_have_count(0)

    @pytest.mark.row("A39")
    async def test_are_kept_longer_and_put_elsewhere(self, desk: Page, aged: Ages) -> None:
        who = name()
        both = [await kept(desk, who=who) for _ in range(2)]
        await aged(both[0], days=20, left=-2)
        await chosen(desk, who, rows=2)
        await pressed(bar(desk), "Reporter…").click()
        dialog = desk.get_by_role("dialog")
        await pressed(dialog, "+ 14 jours").click()
        day = await dialog.get_by_label("Garder").input_value()
        await picture(desk, "reservations-postpone")
        await pressed(dialog, "Enregistrer").click()
        await expect(dialog).to_have_count(0)
        assert {(await now(desk, each))["pickup_deadline"] for each in both} == {day}
        await expect(desk.get_by_test_id("reservations-table")).not_to_contain_text("expirée")
        await more(desk, "Casier…")
        await dialog.get_by_label("Casier", exact=True).fill("K12")
        await pressed(dialog, "Enregistrer").click()
        await expect(desk.get_by_test_id("reservations-table").get_by_text("K12")).to_have_count(2)
        assert {(await now(desk, each))["place"] for each in both} == {"K12"}


class TestOneOfThem:
    @pytest.mark.row("C7", "A27")
    async def test_goes_to_another_line_to_a_customer_or_to_a_free_name(self, desk: Page) -> None:
        novel, who = await book(desk, stock=1), name()
        first = await taken(desk, novel, contact={"name": who})
        second = await taken(desk, novel)
        await ask(desk, "POST", "/v1/scans", {"ean": novel.ean})
        await chosen(desk, who)
        await more(desk, "Pour un autre client…")
        dialog = desk.get_by_role("dialog")
        other = (await order_now(desk, second))["contact"]["name"]
        await dialog.get_by_role("radio", name=re.compile(other)).check()
        await dialog.get_by_label("Motif du changement").fill("Part en voyage")
        async with desk.expect_response(re.compile(r"/slip\.pdf")):
            await pressed(dialog, "Donner à ce client").click()
        (line,) = (await order_now(desk, first))["lines"]
        assert (line["set_aside"], line["outstanding"]) == (0, 1)
        (line,) = (await order_now(desk, second))["lines"]
        assert (line["set_aside"], line["outstanding"]) == (1, 0)

        third = name()
        await chosen(desk, other)
        await more(desk, "Pour un autre client…")
        await dialog.get_by_label("Nom libre").fill(third)
        await dialog.get_by_label("Motif du changement").fill("Le prend tout de suite")
        await pressed(dialog, "Donner à ce client").click()
        await expect(dialog).to_be_hidden()
        rows = await looked(desk, third, rows=1)
        await expect(rows).to_contain_text(novel.title)

    @pytest.mark.row("A40")
    async def test_shows_that_its_customer_wants_it_no_more_until_somebody_decides(self, desk: Page) -> None:
        who = name()
        one = await kept(desk, who=who)
        await chosen(desk, who)
        await more(desk, "Noter une demande d.annulation…")
        dialog = desk.get_by_role("dialog")
        await dialog.get_by_role("textbox").fill("Acheté ailleurs")
        await pressed(dialog, "Noter la demande").click()
        table = desk.get_by_test_id("reservations-table")
        await expect(table).to_contain_text("annulation demandée")
        assert (await now(desk, one))["cancel_request"]["reason"] == "Acheté ailleurs"
        lists = desk.get_by_test_id("today-lists")
        await expect(lists.get_by_role("button", name=re.compile(r"Annulations demandées \d"))).to_be_visible()
        await picture(desk, "reservations-cancel-asked")
        await more(desk, "Retirer la demande d.annulation")
        await expect(table).not_to_contain_text("annulation demandée")
        assert (await now(desk, one))["cancel_request"] is None


class TestReminders:
    @pytest.mark.row("A38")
    async def test_show_who_gets_what_and_who_does_not_and_why_before_they_go(self, desk: Page) -> None:
        who = name()
        reached = await ask(desk, "POST", "/v1/customers", {"name": who, "email": f"{who.lower()}@example.org"})
        silent = await ask(desk, "POST", "/v1/customers", {"name": who, "first_name": "Muette"})
        titles = []
        for customer in (reached, reached, silent):
            novel = await book(desk, stock=1)
            titles.append(novel.title)
            await kept(desk, novel, customer_id=customer["id"])
        await chosen(desk, who, rows=3)
        await pressed(bar(desk), "Envoi Mail").click()
        dialog = desk.get_by_role("dialog", name="Envoi Mail")
        messages = dialog.get_by_test_id("remind-messages").get_by_role("listitem")
        await expect(messages).to_have_count(1)
        await expect(messages).to_contain_text(f"{who.lower()}@example.org")
        for title in titles[:2]:
            await expect(messages).to_contain_text(title)
        withheld = dialog.get_by_test_id("remind-withheld").get_by_role("listitem")
        await expect(withheld).to_have_count(1)
        await expect(withheld).to_contain_text("Muette")
        await pictures(desk, "reservations-remind")
        await pressed(dialog, "Envoyer les mails (1)").click()
        await expect(desk.get_by_text("1 message en route")).to_be_visible()
        found = (await ask(desk, "GET", f"/v1/messages?customer_id={reached['id']}"))["items"]
        assert [(each["channel"], len(each["reservation_ids"])) for each in found] == [("email", 2)]
        assert (await ask(desk, "GET", f"/v1/messages?customer_id={silent['id']}"))["items"] == []

        # asked again the same day, nobody is written to twice
        await pressed(bar(desk), "Envoi Mail").click()
        await expect(dialog.get_by_test_id("remind-withheld").get_by_role("listitem")).to_have_count(2)
        await expect(pressed(dialog, "Envoyer les mails (0)")).to_be_disabled()

    @pytest.mark.row("A38")
    async def test_by_telephone_give_the_number_and_note_the_call(self, desk: Page) -> None:
        who = name()
        customer = await ask(desk, "POST", "/v1/customers", {"name": who, "phone": "04 90 00 00 01"})
        await kept(desk, customer_id=customer["id"])
        await chosen(desk, who)
        await pressed(bar(desk), "Appelé").click()
        dialog = desk.get_by_role("dialog", name="Appels aux clients")
        await expect(dialog.get_by_role("link", name=re.compile("04.*90"))).to_have_attribute(
            "href", re.compile("^tel:")
        )
        await picture(desk, "reservations-call")
        await pressed(dialog, "Noter comme appelés (1)").click()
        await expect(desk.get_by_text("1 appel noté")).to_be_visible()
        (call,) = (await ask(desk, "GET", f"/v1/messages?customer_id={customer['id']}"))["items"]
        assert (call["channel"], call["state"]) == ("phone", "sent")

    @pytest.mark.row("A38", "A59")
    async def test_by_sms_leave_out_who_wants_none(self, desk: Page) -> None:
        who = name()
        customer = await ask(desk, "POST", "/v1/customers", {"name": who, "phone": "06 12 34 56 78", "no_sms": True})
        await kept(desk, customer_id=customer["id"])
        await chosen(desk, who)
        await pressed(bar(desk), "Envoi SMS").click()
        dialog = desk.get_by_role("dialog", name="Envoi SMS")
        await expect(dialog.get_by_test_id("remind-withheld")).to_contain_text(who)
        await expect(pressed(dialog, "Envoyer les SMS (0)")).to_be_disabled()


_COLOUR = "element => getComputedStyle(element).backgroundColor"
