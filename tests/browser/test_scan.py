"""The scan screen at the pace of a scanner: for whom, in colour and tone, with the paper, the queue and the surplus copy."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator

import pytest
from playwright.async_api import Page, Request, Route, expect

from tests.browser.conftest import picture
from tests.browser.order_steps import Book, book, order_now, pressed, taken
from tests.browser.steps import NUMBERS, OK, ask, made, script, to
from tests.browser.supply import asked_of, new_supplier, pictures
from tests.conftest import Client

pytestmark = pytest.mark.browser
__all__ = ["script"]

FOUND, NOBODY, PROBLEM = 1320, 660, 160
EARS = """
window.heard = [];
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...when) {
  window.heard.push(this.frequency.value);
  return start.apply(this, when);
};
"""


@pytest.fixture
async def ears(page: Page) -> None:
    """The tones of the page are noted, before it is loaded."""
    await page.add_init_script(EARS)


@pytest.fixture
async def scanner(ears: None, desk: Page) -> Page:
    """The page on the scan screen."""
    await to(desk, "#/reserve")
    await expect(desk.get_by_test_id("scan-field")).to_be_focused()
    return desk


@pytest.fixture
def down(page: Page, complaints: list[str]) -> Iterator[None]:
    """A line that breaks: that the browser writes this to the console is no fault of the page."""
    yield
    complaints[:] = [each for each in complaints if "net::ERR_" not in each]


async def scanned(page: Page, ean: str) -> None:
    """As a scanner types: quickly, with Enter."""
    await page.get_by_test_id("scan-field").press_sequentially(ean)
    await page.keyboard.press("Enter")


async def outcome(page: Page, state: str) -> None:
    await expect(page.get_by_test_id("scan-result").locator(f"[data-outcome={state}]")).to_be_visible()


async def tones(page: Page) -> list[float]:
    heard: list[float] = await page.evaluate("() => window.heard")
    return heard


async def aside(page: Page, ean: str) -> list[dict[str, object]]:
    """The reservations of an article, as the API has them."""
    found: list[dict[str, object]] = (await ask(page, "GET", f"/v1/reservations?ean={ean}"))["items"]
    return found


class TestACopyFound:
    @pytest.mark.row("A27", "A29", "C7")
    async def test_is_set_aside_for_who_waits_longest_and_the_slip_opens_at_once(self, scanner: Page) -> None:
        novel = await book(scanner, stock=2)
        order = await taken(scanner, novel)
        async with scanner.expect_response(re.compile(r"/slip\.pdf\?format=till$")) as slip:
            await scanned(scanner, novel.ean)
        assert (await slip.value).headers["content-type"] == "application/pdf"
        await outcome(scanner, "set_aside")
        result = scanner.get_by_test_id("scan-result")
        name = (await order_now(scanner, order))["contact"]["name"]
        await expect(result.get_by_role("heading").first).to_have_text(f"Mis de côté pour {name}")
        await expect(result.get_by_role("link", name=f"Commande {order['number']}")).to_be_visible()
        await expect(result.get_by_test_id("scan-facts")).to_contain_text("ligne 1 · 1 sur 1 mis de côté")
        await expect(result).to_contain_text("1 en stock")
        await expect(result).to_contain_text(re.compile("plus personne n.attend"))
        assert await tones(scanner) == [FOUND]
        (line,) = (await order_now(scanner, order))["lines"]
        assert line["answer"]["label"] == "Disponible"
        # the field is ready for the next one, and the list of the last scans tells this one
        await expect(scanner.get_by_test_id("scan-field")).to_be_focused()
        last = scanner.get_by_test_id("scan-history").get_by_role("listitem").first
        await expect(last).to_contain_text(novel.title)
        await expect(last).to_contain_text(name)
        await expect(last.get_by_role("link", name=str(order["number"]))).to_be_visible()
        await pictures(scanner, "scan-found")

    @pytest.mark.row("A29")
    async def test_prints_on_the_paper_that_this_tablet_has_chosen_after_a_reload_too(self, scanner: Page) -> None:
        await scanner.get_by_role("group", name="Papier du bon").get_by_role("button", name="Feuille A6").click()
        await scanner.reload()
        await expect(scanner.get_by_role("button", name="Feuille A6")).to_have_attribute("aria-pressed", "true")
        novel = await book(scanner, stock=1)
        await taken(scanner, novel)
        async with scanner.expect_response(re.compile(r"/slip\.pdf\?format=a6$")) as slip:
            await scanned(scanner, novel.ean)
        assert (await slip.value).status == 200

    @pytest.mark.row("A29")
    async def test_notes_that_its_slip_was_printed_when_the_paper_has_opened(self, scanner: Page) -> None:
        novel = await book(scanner, stock=1)
        await taken(scanner, novel)
        # this browser has no viewer for PDFs: another paper stands for it
        await scanner.route("**/slip.pdf*", lambda route: route.fulfill(content_type="text/html", body="<p>Bon"))
        async with scanner.expect_response(lambda answer: answer.request.method == "PATCH") as noted:
            await scanned(scanner, novel.ean)
        assert (await noted.value).status == OK
        await expect(scanner.get_by_test_id("slips-printed")).to_have_text("1 bon imprimé")
        (kept,) = await aside(scanner, novel.ean)
        assert kept["slip_printed_at"] is not None

    @pytest.mark.row("C7", "A27")
    async def test_does_not_keep_the_next_scan_waiting_while_its_slip_prints(self, scanner: Page) -> None:
        first, second = await book(scanner, stock=1), await book(scanner, stock=1)
        for each in (first, second):
            await taken(scanner, each)
        go = asyncio.Event()

        async def held(route: Route) -> None:
            await go.wait()
            await route.continue_()

        await scanner.route("**/slip.pdf*", held)
        await scanned(scanner, first.ean)
        await scanned(scanner, second.ean)
        history = scanner.get_by_test_id("scan-history").get_by_role("listitem")
        await expect(history.filter(has_text="mis de côté")).to_have_count(2)
        async with scanner.expect_response(re.compile(r"/slip\.pdf")):
            go.set()
        await scanner.unroute_all(behavior="wait")

    @pytest.mark.row("C7")
    async def test_tells_the_next_five_and_goes_to_one_of_them_with_a_reason(self, scanner: Page) -> None:
        novel = await book(scanner, stock=1)
        orders = [await taken(scanner, novel) for _ in range(7)]
        names = [(await order_now(scanner, each))["contact"]["name"] for each in orders]
        await scanned(scanner, novel.ean)
        result = scanner.get_by_test_id("scan-result")
        waiting = result.get_by_test_id("scan-waiting").get_by_role("listitem")
        await expect(waiting).to_have_count(5)
        await expect(result).to_contain_text("encore 6 en attente")
        for place, name in zip(range(5), names[1:], strict=False):
            await expect(waiting.nth(place)).to_contain_text(name)
        await pictures(scanner, "scan-queue")

        await pressed(result, f"Lui donner… ({names[2]})").click()
        dialog = scanner.get_by_role("dialog")
        give = pressed(dialog, "Donner à ce client")
        await expect(dialog.get_by_role("radio", name=re.compile(names[2]))).to_be_checked()
        await expect(give).to_be_disabled()
        await dialog.get_by_label("Motif du changement").fill("Passe à midi")
        await pictures(scanner, "scan-move")
        await give.click()
        await expect(result.get_by_role("heading").first).to_have_text(f"Mis de côté pour {names[2]}")
        (kept,) = [each for each in await aside(scanner, novel.ean) if each["state"] == "set_aside"]
        assert (kept["order_number"], kept["customer_name"]) == (orders[2]["number"], names[2])
        (left,) = (await order_now(scanner, orders[0]))["lines"]
        assert (left["set_aside"], left["outstanding"]) == (0, 1)

    @pytest.mark.row("C7")
    async def test_offers_to_release_the_copy_on_order_that_became_surplus(self, scanner: Page) -> None:
        novel = await book(scanner, stock=1)
        order = await taken(scanner, novel)
        draft = await asked_of(scanner, order, await new_supplier(scanner), sent=False)
        await scanned(scanner, novel.ean)
        surplus = scanner.get_by_test_id("scan-surplus")
        await expect(surplus).to_contain_text(f"1 exemplaire de la commande fournisseur {draft['number']}")
        await pictures(scanner, "scan-surplus")
        await pressed(surplus, "Le libérer").click()
        await expect(surplus).to_contain_text("Libéré")
        await expect(pressed(surplus, "Le libérer")).to_have_count(0)
        now = await ask(scanner, "GET", f"/v1/supplier-orders/{draft['id']}")
        assert sum(line["ordered"] for line in now["lines"]) == 0 or now["state"] == "cancelled"

    @pytest.mark.row("C7")
    async def test_says_that_a_surplus_copy_is_on_its_way_when_its_order_was_sent(self, scanner: Page) -> None:
        novel = await book(scanner, stock=1)
        order = await taken(scanner, novel)
        sent = await asked_of(scanner, order, await new_supplier(scanner), sent=True)
        await scanned(scanner, novel.ean)
        surplus = scanner.get_by_test_id("scan-surplus")
        await expect(surplus).to_contain_text(f"commande fournisseur {sent['number']}")
        await expect(surplus).to_contain_text("Elle est déjà partie")
        await expect(pressed(surplus, "Le libérer")).to_have_count(0)


class TestWhatIsNotForAnybody:
    @pytest.mark.row("A27", "A34")
    async def test_is_amber_and_can_be_reserved_by_hand(self, scanner: Page) -> None:
        novel = await book(scanner, stock=1)
        await scanned(scanner, novel.ean)
        await outcome(scanner, "nobody_waits")
        assert await tones(scanner) == [NOBODY]
        await picture(scanner, "scan-nobody")
        await pressed(scanner.get_by_test_id("scan-result"), "Réserver pour…").click()
        dialog = scanner.get_by_role("dialog")
        await expect(dialog).to_contain_text(novel.title)
        name = f"PASSANT{next(NUMBERS)}"
        await dialog.get_by_label("Nom libre").fill(name)
        async with scanner.expect_response(re.compile(r"/slip\.pdf")):
            await pressed(dialog, "Réserver").click()
        (kept,) = await aside(scanner, novel.ean)
        assert (kept["customer_name"], kept["order_id"]) == (name, None)
        await expect(scanner.get_by_test_id("scan-field")).to_be_focused()

    @pytest.mark.row("A27")
    async def test_is_red_and_low_when_the_article_is_unknown(self, scanner: Page) -> None:
        await scanned(scanner, "9791096541980")
        await outcome(scanner, "error")
        await expect(scanner.get_by_test_id("scan-result")).to_contain_text("Scan refusé")
        assert await tones(scanner) == [PROBLEM]
        await picture(scanner, "scan-unknown")

    @pytest.mark.row("C7")
    async def test_opens_the_card_of_a_customer_whose_barcode_it_is(self, scanner: Page, script: Client) -> None:
        customer = await made(script, barcode="2990000000019")
        await scanned(scanner, "2990000000019")
        await outcome(scanner, "customer")
        await scanner.get_by_test_id("scan-result").get_by_role("link", name="Ouvrir la fiche").click()
        await expect(scanner.get_by_test_id("customer-card")).to_contain_text(f"Client {customer['code']} →")


@pytest.mark.usefixtures("down")
class TestWhileTheLineIsDown:
    @pytest.mark.row("C15")
    async def test_scans_are_kept_and_sent_once_each_with_their_key_after_a_reload_too(self, scanner: Page) -> None:
        novels = [await book(scanner, stock=1) for _ in range(3)]
        for each in novels:
            await taken(scanner, each)
        keys: set[str] = set()
        note, cut = _noting(keys)
        scanner.on("request", note)
        await scanner.context.set_offline(offline=True)
        await scanner.route("**/v1/scans", cut)  # the page itself comes back, the line to the scans does not yet
        for each in novels:
            await scanned(scanner, each.ean)
        await expect(scanner.get_by_test_id("live-banner")).to_contain_text("3 scans gardés")
        await expect(scanner.get_by_test_id("live-banner")).to_have_attribute("data-state", "offline")
        await expect(scanner.get_by_test_id("scan-result")).to_contain_text("Gardé")
        await pictures(scanner, "scan-offline")

        await scanner.context.set_offline(offline=False)
        await scanner.reload()
        await expect(scanner.get_by_test_id("live-banner")).to_contain_text("3 scans")
        for each in novels:
            assert await aside(scanner, each.ean) == []
        await scanner.unroute("**/v1/scans", cut)
        history = scanner.get_by_test_id("scan-history").get_by_role("listitem")
        await expect(history.filter(has_text="gardé hors ligne, envoyé depuis")).to_have_count(3, timeout=30_000)
        await expect(scanner.get_by_test_id("live-banner")).to_have_text("En direct")
        for each in novels:
            (kept,) = await aside(scanner, each.ean)
            assert kept["quantity"] == 1
        assert len(keys) == len(novels)
        await picture(scanner, "scan-sent-later")

    @pytest.mark.row("C15")
    async def test_an_answer_lost_on_the_way_takes_no_second_copy(self, scanner: Page) -> None:
        novel = await book(scanner, stock=2)
        for _ in range(2):
            await taken(scanner, novel)
        lost = asyncio.Event()

        async def losing(route: Route) -> None:
            await route.fetch()
            if not lost.is_set():
                lost.set()
                await route.abort("connectionreset")
            else:
                await route.continue_()

        await scanner.route("**/v1/scans", losing, times=2)
        await scanned(scanner, novel.ean)
        await outcome(scanner, "set_aside")
        assert lost.is_set()
        assert len(await aside(scanner, novel.ean)) == 1

    @pytest.mark.row("C15")
    async def test_more_scans_than_the_list_shows_are_all_kept(self, scanner: Page) -> None:
        novel: Book = await book(scanner, stock=1)
        await scanner.context.set_offline(offline=True)
        for _ in range(55):
            await scanner.get_by_test_id("scan-field").fill(novel.ean)
            await scanner.keyboard.press("Enter")
        await expect(scanner.get_by_test_id("live-banner")).to_contain_text("55 scans gardés")
        await scanner.evaluate("() => localStorage.clear()")


class TestAParcel:
    @pytest.mark.row("P31")
    async def test_says_for_whom_to_set_aside_as_soon_as_a_line_is_scanned(self, desk: Page) -> None:
        novel = await book(desk)
        order = await taken(desk, novel)
        name = (await order_now(desk, order))["contact"]["name"]
        await to(desk, "#/reception")
        await desk.get_by_test_id("article-field").fill(novel.ean)
        await desk.keyboard.press("Enter")
        await expect(desk.get_by_test_id("proposal")).to_contain_text(name)
        assert await aside(desk, novel.ean) == []


def _noting(keys: set[str]) -> tuple[Callable[[Request], None], Callable[[Route], Awaitable[None]]]:
    """What notes the keys that scans are sent with, and what cuts the line for them."""

    def note(request: Request) -> None:
        if request.method == "POST" and request.url.endswith("/v1/scans"):
            keys.add(request.headers["idempotency-key"])

    async def cut(route: Route) -> None:
        await route.abort("internetdisconnected")

    return note, cut
