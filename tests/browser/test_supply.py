"""The supply side of the page: what is still to be asked for, and what was asked for."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import Counter, picture
from tests.browser.steps import ask, to
from tests.browser.supply import SERIAL, asked_of, new_article, new_order, new_supplier, pictures, record_of

pytestmark = pytest.mark.browser


def _table(page: Page) -> Locator:
    return page.get_by_test_id("untreated-table")


def _row(page: Page, text: str) -> Locator:
    return _table(page).get_by_role("row").filter(has_text=text)


async def _untreated(page: Page, words: str) -> None:
    await to(page, "#/non-traitees")
    await page.get_by_role("searchbox", name="Titre ou auteur").fill(words)
    await page.keyboard.press("Enter")


async def _titles(page: Page) -> list[str]:
    cells = _table(page).locator("tbody .title")
    return [text.strip() for text in await cells.all_inner_texts()]


async def _quantities(page: Page, title: str) -> list[str]:
    """cdé, rsvé, attendu, en commande, à commander."""
    cells = await _row(page, title).get_by_role("gridcell").all_inner_texts()
    return [cell.strip() for cell in cells][-5:]


async def _choose_supplier(dialog: Locator, name: str) -> None:
    await dialog.get_by_test_id("supplier-field").fill(name)
    await dialog.get_by_role("option").filter(has_text=name).click()


class TestUntreatedLines:
    @pytest.mark.row("A30", "A32")
    async def test_are_those_that_no_supplier_order_covers_with_their_quantities(self, desk: Page) -> None:
        word = f"RELIQUAT{next(SERIAL)}"
        supplier = await new_supplier(desk)
        titles = [f"{word} {name}" for name in ("ASSEZ", "ENCORE", "SERVI")]
        covered, short, served = [await new_article(desk, title, supplier_id=supplier["id"]) for title in titles]
        order = await new_order(desk, "MARTIN", (covered, 2), (short, 3), (served, 1))
        lines = {line["ean"]: line["id"] for line in order["lines"]}
        wanted = [{"line_id": lines[covered]}, {"line_id": lines[short], "quantity": 1}]
        await ask(desk, "POST", "/v1/supplier-orders", {"lines": wanted})
        await ask(desk, "POST", f"/v1/articles/{served}/movements", {"quantity": 1, "reason": "Retrouvé"})
        await ask(desk, "POST", "/v1/scans", {"ean": served})

        await _untreated(desk, word)
        await expect(desk.get_by_test_id("record-count")).to_have_text("1")
        assert await _titles(desk) == [f"{word} ENCORE"]
        assert await _quantities(desk, short) == ["3", "0", "3", "1", "2"]

        # the period is that of the order's creation, its last day included
        today = datetime.now(UTC).date()
        await desk.get_by_role("textbox", name="Commandées du").fill((today + timedelta(days=2)).isoformat())
        await expect(desk.get_by_test_id("record-count")).to_have_text("0")
        await desk.get_by_role("textbox", name="Commandées du").fill((today - timedelta(days=1)).isoformat())
        await desk.get_by_role("textbox", name="au", exact=True).fill((today + timedelta(days=1)).isoformat())
        await expect(desk.get_by_test_id("record-count")).to_have_text("1")

        # the draft is cancelled: all that is not served is untreated again
        (draft,) = (await ask(desk, "GET", f"/v1/supplier-orders?supplier_id={supplier['id']}"))["items"]
        await ask(
            desk,
            "POST",
            f"/v1/supplier-orders/{draft['id']}/cancel",
            {"reason": "Essai"},
            version=draft["version"],
        )
        await expect(desk.get_by_test_id("record-count")).to_have_text("2")
        assert await _quantities(desk, covered) == ["2", "0", "2", "0", "2"]

    @pytest.mark.row("A31")
    async def test_are_of_all_categories_until_some_are_chosen_at_a_level(self, desk: Page) -> None:
        n = next(SERIAL)
        word, shop, sector = f"RAYON{n}", f"M{n}", f"S{n}"
        for code, label, level, parent in (
            (shop, f"Magasin {n}", "shop", None),
            (sector, f"Secteur {n}", "sector", shop),
            (f"A{n}", f"Albums {n}", "category", sector),
            (f"B{n}", f"Bandes {n}", "category", sector),
        ):
            await ask(desk, "PUT", f"/v1/categories/{code}", {"label": label, "level": level, "parent": parent})
        eans = [
            await new_article(desk, f"{word} UN", category=f"A{n}"),
            await new_article(desk, f"{word} DEUX", category=f"B{n}"),
            await new_article(desk, f"{word} TROIS"),
        ]
        await new_order(desk, "LECTRICE", *[(ean, 1) for ean in eans])
        await _untreated(desk, word)
        records = desk.get_by_test_id("record-count")
        await expect(records).to_have_text("3")
        levels = desk.get_by_role("group", name="Niveau")
        await levels.get_by_role("button", name="Catégories").click()
        nodes = desk.get_by_test_id("untreated-categories")
        await expect(nodes).to_contain_text("Aucune catégorie choisie : toutes les commandes sont cherchées.")
        await nodes.get_by_role("checkbox", name=f"A{n} Albums {n}").check()
        await expect(records).to_have_text("1")
        await expect(desk.get_by_test_id("filter-chips")).to_contain_text(f"CATEGORIE : Albums {n}")
        await pictures(desk, "untreated-categories")
        # another level: what was chosen of the first one holds no more
        await levels.get_by_role("button", name="SECTEUR").click()
        await expect(records).to_have_text("3")
        await nodes.get_by_role("checkbox", name=f"{sector} Secteur {n}").check()
        await expect(records).to_have_text("2")
        await levels.get_by_role("button", name="MAGASIN").click()
        await nodes.get_by_role("checkbox", name=f"{shop} Magasin {n}").check()
        await expect(records).to_have_text("2")
        await nodes.get_by_role("checkbox", name=f"{shop} Magasin {n}").uncheck()
        await expect(records).to_have_text("3")

    @pytest.mark.row("A30")
    async def test_show_blocked_orders_or_leave_them_out(self, desk: Page, counter: Counter) -> None:
        word = f"BLOQUE{next(SERIAL)}"
        ean = await new_article(desk, f"{word} TITRE")
        await new_order(desk, "COMPTOIR", (ean, 1))
        async with counter.client(counter.credentials.shop_key) as shop:
            body = {"contact": {"name": "INTERNET"}, "lines": [{"ean": ean, "quantity": 1}], "paid": False}
            answer = await shop.put(f"/v1/channels/{counter.credentials.channel}/orders/{word}", json=body)
            assert answer.status_code == 201
        await _untreated(desk, word)
        names = _table(desk).locator("tbody")
        await expect(names).to_contain_text("INTERNET")
        await expect(names).to_contain_text("COMPTOIR")
        await desk.get_by_label("Commandes BL").select_option(label="sans les BL")
        await expect(names).not_to_contain_text("INTERNET")
        await expect(names).to_contain_text("COMPTOIR")
        await desk.get_by_label("Commandes BL").select_option(label="BL seulement")
        await expect(names).to_contain_text("INTERNET")
        await expect(names).not_to_contain_text("COMPTOIR")

    @pytest.mark.row("A30")
    async def test_are_sorted_by_the_column_whose_title_is_clicked(self, desk: Page) -> None:
        word = f"TRI{next(SERIAL)}"
        first, second = await new_supplier(desk), await new_supplier(desk)
        one = await new_article(desk, f"{word} ZEBRE", supplier_id=first["id"])
        two = await new_article(desk, f"{word} ABEILLE", supplier_id=second["id"])
        await new_order(desk, "ZOLA", (two, 1))
        await new_order(desk, "ABEL", (one, 1))
        await _untreated(desk, word)
        await expect(desk.get_by_test_id("record-count")).to_have_text("2")
        abeille, zebre = f"{word} ABEILLE", f"{word} ZEBRE"
        for title, top in (
            ("N° Cde", abeille),
            ("Titre", abeille),
            ("Code", zebre),
            ("Nom", zebre),
            ("Fournisseur", zebre),
            ("Date", abeille),
        ):
            header = _table(desk).get_by_role("columnheader", name=title, exact=True)
            await header.get_by_role("button").click()
            await expect(header).to_have_attribute("aria-sort", "ascending")
            await expect(_table(desk).locator("tbody tr").first).to_contain_text(top)
            await header.get_by_role("button").click()
            await expect(header).to_have_attribute("aria-sort", "descending")
            await expect(_table(desk).locator("tbody tr").last).to_contain_text(top)


class TestOrderingFromSuppliers:
    @pytest.mark.row("C6", "A19")
    async def test_turns_the_selection_into_one_order_for_each_supplier(self, desk: Page) -> None:
        word = f"CHOIX{next(SERIAL)}"
        first, second = await new_supplier(desk), await new_supplier(desk)
        named = (("ALPHA", first["id"]), ("BRAVO", second["id"]), ("CHARLIE", None), ("DELTA", second["id"]))
        eans = [await new_article(desk, f"{word} {name}", supplier_id=supplier) for name, supplier in named]
        order = await new_order(desk, "DUPONT", *[(ean, 2) for ean in eans])
        await _untreated(desk, word)
        await _table(desk).get_by_role("columnheader", name="Titre").get_by_role("button").click()
        await expect(_table(desk).locator("tbody tr").first).to_contain_text("ALPHA")
        await expect(_table(desk).locator("tbody tr")).to_have_count(4)

        # Shift takes all from the first to the last, Ctrl takes one away
        bar = desk.get_by_test_id("action-bar")
        await _row(desk, "ALPHA").click()
        await expect(bar).to_contain_text("1 sélectionnée")
        await _row(desk, "DELTA").click(modifiers=["Shift"])
        await expect(bar).to_contain_text("4 sélectionnées")
        await _row(desk, "DELTA").click(modifiers=["Control"])
        await expect(bar).to_contain_text("3 sélectionnées")
        await pictures(desk, "untreated-selected")
        await bar.get_by_role("button", name="Commander aux fournisseurs").click()

        dialog = desk.get_by_role("dialog")
        groups = dialog.get_by_role("region")
        assert await groups.locator("h3 > span:first-child").all_inner_texts() == [
            "Articles sans fournisseur habituel",
            first["name"],
            second["name"],
        ]
        await dialog.get_by_role("button", name=f"Moins (Quantité : {word} ALPHA)").click()
        submit = dialog.get_by_role("button", name="Commander 5 exemplaires")
        await expect(submit).to_be_disabled()
        await pictures(desk, "untreated-order")
        await _choose_supplier(dialog, first["name"])
        await submit.click()
        made = dialog.get_by_test_id("made-orders").get_by_role("listitem")
        await expect(made).to_have_count(2)
        await expect(made.filter(has_text=first["name"])).to_contain_text("3 exemplaires")
        await expect(made.filter(has_text=second["name"])).to_contain_text("2 exemplaires")
        await pictures(desk, "untreated-made")
        await dialog.get_by_role("button", name="Fermer").click()

        # by line and by quantity: one copy of ALPHA and DELTA are still to be asked for
        await expect(_table(desk).locator("tbody tr")).to_have_count(2)
        assert await _quantities(desk, f"{word} ALPHA") == ["2", "0", "2", "1", "1"]
        (draft,) = (await ask(desk, "GET", f"/v1/supplier-orders?supplier_id={first['id']}"))["items"]

        # the rest joins the draft that is open, and is seen there for whom it is meant
        await _row(desk, "ALPHA").click()
        await bar.get_by_role("button", name="Commander aux fournisseurs").click()
        await dialog.get_by_role("button", name="Commander 1 exemplaire").click()
        link = dialog.get_by_role("link", name=f"Commande fournisseur {draft['number']}")
        await link.click()
        record = desk.get_by_test_id("supplier-order")
        title = f"Commande fournisseur numéro {draft['number']} → {first['name']} → État : Brouillon"
        await expect(record).to_contain_text(title)
        line = record.get_by_test_id("supplier-lines").get_by_role("row").filter(has_text="ALPHA")
        await expect(line).to_contain_text("DUPONT \u00d7 2")
        await expect(line.get_by_role("link", name=f"commande {order['number']}")).to_be_visible()
        await pictures(desk, "supplier-order-draft")

    @pytest.mark.row("C6")
    async def test_starts_a_new_order_when_that_is_wished(self, desk: Page) -> None:
        word = f"NEUF{next(SERIAL)}"
        supplier = await new_supplier(desk)
        eans = [await new_article(desk, f"{word} {name}", supplier_id=supplier["id"]) for name in ("UN", "DEUX")]
        order = await new_order(desk, "DURAND", *[(ean, 1) for ean in eans])
        await ask(desk, "POST", "/v1/supplier-orders", {"lines": [{"line_id": order["lines"][0]["id"]}]})
        await _untreated(desk, word)
        await _row(desk, "DEUX").click()
        await desk.get_by_test_id("action-bar").get_by_role("button", name="Commander aux fournisseurs").click()
        dialog = desk.get_by_role("dialog")
        await dialog.get_by_role("checkbox", name="Toujours une nouvelle commande").check()
        await dialog.get_by_role("button", name="Commander 1 exemplaire").click()
        await expect(dialog.get_by_test_id("made-orders").get_by_role("listitem")).to_have_count(1)
        drafts = (await ask(desk, "GET", f"/v1/supplier-orders?supplier_id={supplier['id']}"))["items"]
        assert sorted(each["quantity"] for each in drafts) == [1, 1]


class TestASupplierOrder:
    @pytest.mark.row("C6")
    async def test_is_completed_by_hand_then_validated_and_sent(self, desk: Page) -> None:
        word = f"MAIN{next(SERIAL)}"
        supplier = await new_supplier(desk)
        ean, other = await new_article(desk, f"{word} CLIENT"), await new_article(desk, f"{word} RAYON")
        order = await new_order(desk, "PETIT", (ean, 1))
        supply = await asked_of(desk, order, supplier, sent=False)
        record = await record_of(desk, supply)
        dialog = desk.get_by_role("dialog")

        await record.get_by_role("button", name="Ajouter une ligne").click()
        await dialog.get_by_test_id("article-field").fill(other)
        await desk.keyboard.press("Enter")
        await expect(dialog.get_by_test_id("picked-article")).to_contain_text(f"{word} RAYON")
        await dialog.get_by_role("button", name="Ajouter", exact=True).click()
        line = record.get_by_test_id("supplier-lines").get_by_role("row").filter(has_text=other)
        await expect(line).to_contain_text("rayon \u00d7 1")
        await line.dblclick()
        await dialog.get_by_role("spinbutton", name="Quantité").fill("4")
        await dialog.get_by_role("button", name="Enregistrer").click()
        await expect(line).to_contain_text("rayon \u00d7 4")

        await record.get_by_role("tab", name="Entête").click()
        await record.get_by_label("Référence").fill("CF-118")
        await desk.keyboard.press("Control+s")
        await expect(desk.get_by_test_id("toasts")).to_contain_text("Commande fournisseur enregistrée")
        await picture(desk, "supplier-order-header")
        await record.get_by_role("tab", name="Lignes").click()

        async with desk.expect_download() as download:
            await record.get_by_role("link", name="Fichier CSV").click()
        text = (await (await download.value).path()).read_text()
        assert text.splitlines()[1:] == [f"{ean};1", f"{other};4"]

        await record.get_by_role("button", name="Valider").click()
        await expect(dialog).to_contain_text(f"5 exemplaires demandés à {supplier['name']}")
        await dialog.get_by_role("button", name="Valider").click()
        await expect(record).to_contain_text("→ État : Validée")
        await expect(record.get_by_role("button", name="Ajouter une ligne")).to_have_count(0)
        kept = await ask(desk, "GET", f"/v1/supplier-orders/{supply['id']}")
        assert (kept["reference"], kept["state"], kept["quantity"]) == ("CF-118", "validated", 5)

        await to(desk, "#/fournisseurs")
        await desk.get_by_role("textbox", name="Numéro").fill(str(supply["number"]))
        listed = desk.get_by_test_id("supplier-orders-table").locator("tbody tr")
        await expect(listed).to_have_count(1)
        await expect(listed).to_contain_text("Validée")
        await desk.get_by_role("textbox", name="Numéro").fill("")
        await pictures(desk, "supplier-orders")

    async def test_is_annulled_with_a_reason(self, desk: Page) -> None:
        word = f"ANNULE{next(SERIAL)}"
        supplier = await new_supplier(desk)
        order = await new_order(desk, "LEROY", (await new_article(desk, f"{word} TITRE"), 1))
        record = await record_of(desk, await asked_of(desk, order, supplier, sent=True))
        await record.get_by_role("button", name="Annuler").click()
        dialog = desk.get_by_role("dialog")
        await expect(dialog.get_by_role("button", name="Annuler")).to_be_disabled()
        await dialog.get_by_label("Motif").fill("Commandé ailleurs")
        await dialog.get_by_role("button", name="Annuler").click()
        await expect(record).to_contain_text("→ État : Annulée")
        await expect(record).to_contain_text("Motif : Commandé ailleurs")
        await _untreated(desk, word)
        await expect(_row(desk, word)).to_be_visible()

    @pytest.mark.row("A14")
    async def test_gives_customers_the_answer_once_the_remains_are_validated(self, desk: Page) -> None:
        word = f"RESTE{next(SERIAL)}"
        supplier = await new_supplier(desk)
        titles = [f"{word} {name}" for name in ("MANQUE", "LIBRE", "REEDITION", "MUET")]
        eans = [await new_article(desk, title) for title in titles]
        reissue = await new_article(desk, f"{word} POCHE")
        order = await new_order(desk, "GAUTHIER", *[(ean, 1) for ean in eans])
        record = await record_of(desk, await asked_of(desk, order, supplier, sent=True))
        await record.get_by_role("button", name="Restes à livrer").click()
        dialog = desk.get_by_role("dialog")

        def say(title: str) -> Locator:
            return dialog.get_by_label(f"Réponse : {word} {title}", exact=True)

        await say("MANQUE").select_option(label="Manque sans date")
        await say("LIBRE").select_option(label="Autre réponse…")
        await dialog.get_by_label(f"Texte de la réponse : {word} LIBRE").fill("Chez le relieur")
        await say("REEDITION").select_option(label="À reparaître")
        await dialog.get_by_label(f"Nouveau code : {word} REEDITION").fill(reissue)
        await pictures(desk, "supplier-order-remains")
        await dialog.get_by_role("button", name="Valider 3 réponses").click()
        told = dialog.get_by_test_id("told").get_by_role("listitem")
        await expect(told).to_have_count(3)
        await expect(told.first).to_contain_text(f"{word} MANQUE")
        await pictures(desk, "supplier-order-told")
        await told.first.get_by_role("link", name=f"Commande {order['number']}").click()
        lines = desk.get_by_test_id("order-lines")
        for title, answer in (("MANQUE", "Manque sans date"), ("LIBRE", "Chez le relieur")):
            await expect(lines.get_by_role("row").filter(has_text=f"{word} {title}")).to_contain_text(answer)
        kept = {line["ean"]: line["answer"] for line in (await ask(desk, "GET", f"/v1/orders/{order['id']}"))["lines"]}
        assert kept[eans[0]]["source"] == "distributor"
        assert kept[eans[2]]["new_ean"] == reissue
        assert kept[eans[3]] is None
