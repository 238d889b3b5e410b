"""Fusion, doublons, the order of a free name given to a card, the history, the RGPD."""

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser.conftest import Counter, picture
from tests.browser.steps import ask, to

pytestmark = pytest.mark.browser

EAN = "9782211220477"
"""SAUTE: no other test waits for it."""


async def _twins(page: Page, name: str) -> tuple[dict[str, str], dict[str, str]]:
    """Two cards of one person: the second has another phone, an order, an address and a note."""
    kept = await ask(
        page,
        "POST",
        "/v1/customers",
        {"name": name, "first_name": "Claire", "phone": "0240000001", "email": f"{name.lower()}@example.org"},
    )
    absorbed = await ask(
        page,
        "POST",
        "/v1/customers",
        {
            "name": name,
            "first_name": "Claire",
            "phone": "0606060699",
            "email": f"{name.lower()}@example.org",
            "comment": "Préfère le matin",
        },
    )
    its = f"/v1/customers/{absorbed['id']}"
    order = {"customer_id": absorbed["id"], "lines": [{"ean": EAN, "quantity": 1}]}
    await ask(page, "POST", "/v1/orders", order)
    await ask(
        page, "POST", f"{its}/addresses", {"code": "BUREAU", "address": {"town": "NANTES", "postal_code": "44000"}}
    )
    await ask(page, "POST", f"{its}/notes", {"text": "Vient le samedi"})
    return kept, absorbed


async def _silenced(route: Route) -> None:
    """A live feed that says nothing, and asks to come again much later."""
    await route.fulfill(status=200, content_type="text/event-stream", body="retry: 600000\n\n")


class TestTwoCardsOfOnePerson:
    @pytest.mark.row("A55", "C9")
    async def test_are_merged_and_parted_again(self, desk: Page) -> None:
        kept, absorbed = await _twins(desk, "FUSIONNEE")
        await to(desk, f"#/fusion/{kept['id']}")
        screen = desk.get_by_test_id("merge")
        await screen.get_by_test_id("customer-field").fill("fusionnee")
        await screen.get_by_role("option").filter(has_text=absorbed["code"]).click()
        fields = desk.get_by_test_id("merge-fields")
        phone = fields.get_by_role("row").filter(has_text="Téléphone")
        await expect(phone.get_by_role("radio").first).to_be_checked()
        await expect(phone).to_contain_text("proposé")
        await expect(desk.get_by_test_id("merge-moved")).to_contain_text("Commandes : 1")
        await expect(desk.get_by_test_id("merge-moved")).to_contain_text("Notes : 1")
        await expect(screen).to_contain_text(f"La fiche {absorbed['code']} disparaît des listes")
        await picture(desk, "merge-preview")
        await phone.get_by_role("radio").nth(1).check()
        await screen.get_by_role("button", name="Fusionner").click()

        report = desk.get_by_test_id("merge-report")
        await expect(report).to_contain_text(f"La fiche {absorbed['code']} est fusionnée dans {kept['code']}")
        await picture(desk, "merge-report")
        gone = await ask(desk, "GET", f"/v1/customers/{absorbed['id']}")
        assert gone["merged_into_id"] == kept["id"]
        merged = await ask(desk, "GET", f"/v1/customers/{kept['id']}")
        assert merged["phone"] == absorbed["phone"]
        assert merged["comment"] == "Préfère le matin"
        orders = await ask(desk, "GET", f"/v1/orders?customer_id={kept['id']}")
        assert len(orders["items"]) == 1

        await report.get_by_role("button", name="Annuler la fusion").click()
        await desk.get_by_role("dialog").get_by_role("button", name="Annuler la fusion").click()
        await expect(report).to_contain_text("les deux fiches sont comme avant")
        back = await ask(desk, "GET", f"/v1/customers/{absorbed['id']}")
        assert (back["code"], back["merged_into_id"]) == (absorbed["code"], None)
        assert (await ask(desk, "GET", f"/v1/customers/{kept['id']}"))["phone"] == kept["phone"]
        orders = await ask(desk, "GET", f"/v1/orders?customer_id={absorbed['id']}")
        assert len(orders["items"]) == 1

    @pytest.mark.row("C9")
    async def test_stay_merged_once_something_was_built_on_it(self, desk: Page) -> None:
        kept, absorbed = await _twins(desk, "RECOUVERTE")
        body = {"kept_id": kept["id"], "absorbed_id": absorbed["id"]}
        await ask(desk, "POST", "/v1/customer-merges", body)
        address = (await ask(desk, "GET", f"/v1/customers/{kept['id']}/addresses"))["items"][0]
        path = f"/v1/customers/{kept['id']}/addresses/{address['id']}"
        await ask(desk, "PATCH", path, {"phone": "0240000055"}, version=address["version"])
        await to(desk, "#/fusion")
        row = desk.get_by_test_id("merges").get_by_role("listitem").filter(has_text=absorbed["code"])
        await row.get_by_role("button", name="Annuler la fusion").click()
        dialog = desk.get_by_role("dialog")
        await dialog.get_by_role("button", name="Annuler la fusion").click()
        await expect(dialog.get_by_role("alert")).to_contain_text("Fusion recouverte")
        await expect(dialog.get_by_role("alert").get_by_role("listitem").first).to_be_visible()
        await picture(desk, "merge-undo-refused")

    @pytest.mark.row("C9")
    async def test_are_proposed_as_a_pair_with_the_reason(self, desk: Page) -> None:
        kept, absorbed = await _twins(desk, "DOUBLEE")
        # nobody else's telephone is alike: these two are one pair, whatever the other tests left
        for card, phone in ((kept, "0240009101"), (absorbed, "0240009202")):
            now = await ask(desk, "GET", f"/v1/customers/{card['id']}")
            await ask(desk, "PATCH", f"/v1/customers/{card['id']}", {"phone": phone}, version=now["version"])
        await desk.get_by_role("button", name="Plus", exact=True).click()
        await desk.get_by_role("link", name="Doublons").click()
        await desk.get_by_role("combobox").select_option(label="même email")
        pair = desk.get_by_test_id("duplicates").get_by_role("listitem").filter(has_text="DOUBLEE")
        await expect(pair).to_contain_text("même email")
        await expect(pair).to_contain_text(absorbed["code"])
        await picture(desk, "duplicates")
        await pair.get_by_role("link", name=f"Garder {kept['code']}").click()
        await expect(desk.get_by_test_id("merge-fields")).to_be_visible()
        assert desk.url.endswith(f"#/fusion/{kept['id']}/{absorbed['id']}")


class TestAnOrderOfAFreeName:
    @pytest.mark.row("C12")
    async def test_is_given_to_a_card(self, desk: Page) -> None:
        order = await ask(
            desk, "POST", "/v1/orders", {"contact": {"name": "PASSANTE"}, "lines": [{"ean": EAN, "quantity": 1}]}
        )
        card = await ask(desk, "POST", "/v1/customers", {"name": "PASSANTE", "first_name": "Inès"})
        await to(desk, f"#/commandes/{order['id']}")
        detail = desk.get_by_test_id("order-detail")
        await detail.get_by_role("tab", name="Entête").click()
        await detail.get_by_role("button", name="Rattacher à une fiche").click()
        dialog = desk.get_by_role("dialog")
        await dialog.get_by_test_id("customer-field").fill("passante")
        await dialog.get_by_role("option").filter(has_text=card["code"]).click()
        await picture(desk, "attach")
        await dialog.get_by_role("button", name="Rattacher").click()
        await expect(detail.get_by_role("link", name=f"({card['code']})")).to_be_visible()
        assert (await ask(desk, "GET", f"/v1/orders/{order['id']}"))["customer_id"] == card["id"]

    @pytest.mark.row("C12")
    async def test_that_changed_meanwhile_is_shown_afresh_before(self, desk: Page) -> None:
        order = await ask(
            desk, "POST", "/v1/orders", {"contact": {"name": "PRESSEE"}, "lines": [{"ean": EAN, "quantity": 1}]}
        )
        card = await ask(desk, "POST", "/v1/customers", {"name": "PRESSEE"})
        await desk.route("**/v1/events*", _silenced)  # no news: the page cannot know of the other's change
        await to(desk, f"#/commandes/{order['id']}")
        await desk.reload()
        detail = desk.get_by_test_id("order-detail")
        await detail.get_by_role("tab", name="Entête").click()
        await detail.get_by_role("button", name="Rattacher à une fiche").click()
        dialog = desk.get_by_role("dialog")
        await dialog.get_by_test_id("customer-field").fill("pressee")
        await dialog.get_by_role("option").first.click()
        await ask(desk, "PATCH", f"/v1/orders/{order['id']}", {"comment": "vite"}, version=order["version"])
        await dialog.get_by_role("button", name="Rattacher").click()
        await expect(dialog).to_contain_text("La commande a changé entre-temps")
        await dialog.get_by_role("button", name="Rattacher").click()
        await expect(detail.get_by_role("link", name=f"({card['code']})")).to_be_visible()


class TestTheHistory:
    @pytest.mark.row("C13")
    async def test_says_who_changed_what_before_and_after(self, desk: Page) -> None:
        card = await ask(desk, "POST", "/v1/customers", {"name": "MEMOIRE", "phone": "0240000002"})
        path = f"/v1/customers/{card['id']}"
        await ask(desk, "PATCH", path, {"phone": "0240000003", "no_sms": True}, version=card["version"])
        await to(desk, "#/reglages/historique")
        await desk.get_by_role("combobox", name="Fiche").select_option(label="Client")
        await desk.get_by_role("combobox", name="Personne").select_option(label="Camille")
        entry = desk.get_by_test_id("audit").get_by_role("listitem").filter(has_text="modification").first
        await expect(entry).to_contain_text("Camille")
        await expect(entry).to_contain_text("Téléphone")
        await expect(entry).to_contain_text("0240000002 → 0240000003")
        await expect(entry).to_contain_text("Pas de SMS")
        await expect(entry.locator("del").first).to_be_visible()
        await expect(entry.get_by_role("link", name="MEMOIRE")).to_be_visible()
        await picture(desk, "history")


async def _forget(page: Page) -> None:
    card = page.get_by_test_id("customer-card")
    await card.get_by_text("Actions").click()
    await card.get_by_role("button", name="Anonymiser").click()


class TestAPersonToForget:
    @pytest.mark.row("C14")
    async def test_is_blanked_after_a_reason_and_its_code(self, desk: Page, counter: Counter) -> None:
        card = await ask(desk, "POST", "/v1/customers", {"name": "OUBLIEE", "phone": "0240000004"})
        await to(desk, f"#/clients/{card['id']}")
        await _forget(desk)
        dialog = desk.get_by_role("dialog")
        await expect(dialog).to_contain_text("rien ne permet de revenir en arrière")
        submit = dialog.get_by_role("button", name="Anonymiser")
        await expect(submit).to_be_disabled()
        await dialog.get_by_role("radio", name="À la demande du client").check()
        await dialog.get_by_role("textbox").fill(card["code"])
        await picture(desk, "anonymise")
        await submit.click()
        await expect(desk.get_by_test_id("toasts")).to_contain_text(f"Fiche {card['code']} anonymisée")
        blank = await ask(desk, "GET", f"/v1/customers/{card['id']}")
        assert blank["anonymised_at"] is not None
        assert blank["phone"] is None
        assert "OUBLIEE" not in str(blank)

    @pytest.mark.row("C14")
    async def test_with_an_open_order_is_not_and_says_why(self, desk: Page) -> None:
        card = await ask(desk, "POST", "/v1/customers", {"name": "ATTENDUE"})
        await ask(desk, "POST", "/v1/orders", {"customer_id": card["id"], "lines": [{"ean": EAN, "quantity": 1}]})
        await to(desk, f"#/clients/{card['id']}")
        await _forget(desk)
        dialog = desk.get_by_role("dialog")
        await dialog.get_by_role("radio", name="À la demande du client").check()
        await dialog.get_by_role("textbox").fill(card["code"])
        await dialog.get_by_role("button", name="Anonymiser").click()
        await expect(dialog.get_by_role("alert")).to_be_visible()
        await picture(desk, "anonymise-refused")

    @pytest.mark.row("C14")
    async def test_is_found_among_those_not_heard_of_for_years(self, desk: Page) -> None:
        await ask(desk, "POST", "/v1/customers", {"name": "AAA NOUVELLE"})
        await to(desk, "#/reglages/rgpd")
        await expect(desk.get_by_role("heading", name="Sans contact depuis 3 ans")).to_be_visible()
        await expect(desk.get_by_test_id("retention").get_by_role("listitem").first).to_be_visible()
        await expect(desk.get_by_test_id("retention")).not_to_contain_text("AAA NOUVELLE")
        await picture(desk, "retention")
