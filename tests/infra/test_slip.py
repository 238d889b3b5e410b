"""The bon de réserve: it says all that the shelf must know, its barcode is read by a scanner, nothing runs off the paper."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime

import pypdfium2
import pytest
import zxingcpp
from stdnum.ean import calc_check_digit

from domain.model.access import Dossier
from domain.model.order import Status
from domain.model.reservation import State
from domain.model.values import DossierId, LineId, OrderId, ReservationId, ean13
from domain.queries.reservations import ReservationView, SlipFormat
from infra.documents import TypstPapers
from infra.documents.ean13 import MODULES, bars, modules
from infra.ids import new_id

MM = 72 / 25.4  # in points
EDGES = {SlipFormat.TILL: 4, SlipFormat.A6: 8}
"""Millimetres at the sides where nothing is printed."""
PAPERS = pytest.mark.parametrize("paper", SlipFormat)
TILL_PRINTER = 203.2 / 72  # dots a point

DOSSIER = Dossier(
    id=DossierId(new_id()),
    code="essai",
    name="Librairie du Comptoir",
    time_zone="Europe/Paris",
    secret=b"",
    order_sequence="order_number",
)
BY_HAND = ReservationView(
    id=ReservationId(new_id()),
    ean=ean13("9782756035734"),
    title="LES INDES FOURBES",
    digital=False,
    quantity=1,
    state=State.SET_ASIDE,
    customer_id=None,
    customer_code="2",
    customer_name="NICOLAS",
    order_id=None,
    order_number=None,
    order_status=None,
    mail_order=None,
    line_id=None,
    place=None,
    set_aside_at=datetime(2019, 12, 10, 23, 30, tzinfo=UTC),
    pickup_deadline=date(2019, 12, 24),
    ended_at=None,
    end_reason=None,
    version=1,
)
ORDERED = replace(
    BY_HAND,
    title="DANS LA RUE",
    ean=ean13("9791094908020"),
    quantity=3,
    customer_code="11505",
    customer_name="MAISON DES TOUT PETITS",
    order_id=OrderId(new_id()),
    order_number=46407,
    order_status=Status.OPEN,
    mail_order=True,
    line_id=LineId(new_id()),
    place="Étagère B, casier 3",
)

LONG = {
    "title": "QUEUE LEU LEU T35 UN ELEPHANT QUI SE BALANCAIT, " * 8,
    "title of one word": "M" * 200,
    "name": "COMMUNAUTÉ DE COMMUNES DU BOCAGE, DES MARAIS ET DE L'ÎLE AUX ŒUVRES " * 3,
    "name of one word": "W" * 200,
    "name with hyphens": "DE-LA-" * 30,
    "place of one word": "Étagère" * 20,
}
HOSTILE = {
    "Typst code": '#panic() #read("/etc/passwd") #sys.inputs $x^2$ `raw` = Titre \\u{41} @ref <label> //',
    "quotes and backslashes": "\\ \" ' « » ` \\\\n {} [] {{facts}} %s",
    "marks": "*gras* _souligné_ - liste / + 1. ~ --- ...",
    "right to left": "שלום עולם مرحبا بالعالم",
    "emoji": "📚 Livre 👩‍👩‍👧 🇫🇷",
    "other scripts": "日本語 Ελληνικά Русский",
    "combining and invisible": "E\u0301te\u0301 \u200b\u202e\u2066 z\u0351\u036b\u0343\u036a\u0302",
    "spaces": "   deux   espaces   ",
}


@contextmanager
def _page(pdf: bytes) -> Iterator[pypdfium2.PdfPage]:
    document = pypdfium2.PdfDocument(pdf)
    assert len(document) == 1
    page = document[0]
    yield page
    page.close()
    document.close()


async def _slip(
    reservation: ReservationView, dossier: Dossier = DOSSIER, *, paper: SlipFormat = SlipFormat.TILL
) -> bytes:
    return await TypstPapers().slip(dossier, reservation, paper=paper)


def _text(pdf: bytes) -> str:
    """What stands on the paper, line breaks and break opportunities taken out."""
    with _page(pdf) as page:
        text = page.get_textpage()
        found = text.get_text_range()
        text.close()
    return " ".join(found.replace("\u200b", "").split())


def _scanned(pdf: bytes) -> list[tuple[str, bool]]:
    """The barcodes that a scanner finds on a print with the dots of a till printer, and whether each is an EAN-13."""
    with _page(pdf) as page:
        print_out = page.render(scale=TILL_PRINTER, grayscale=True)
        width, height, stride = print_out.width, print_out.height, print_out.stride
        dots = bytes(print_out.buffer)
        rows = b"".join(dots[row * stride : row * stride + width] for row in range(height))
        image = memoryview(rows).cast("B", [height, width])
        found = [(code.text, code.format == zxingcpp.BarcodeFormat.EAN13) for code in zxingcpp.read_barcodes(image)]
        print_out.close()
    return found


def _assert_within_paper(pdf: bytes, paper: SlipFormat) -> None:
    edge = EDGES[paper] * MM
    with _page(pdf) as page:
        width, height = page.get_size()
        if paper is SlipFormat.TILL:
            assert width == pytest.approx(80 * MM, abs=0.01)
        else:
            assert (width, height) == pytest.approx((105 * MM, 148 * MM), abs=0.01)
        text = page.get_textpage()
        for index in range(text.count_chars()):
            left, bottom, right, top = text.get_charbox(index)
            where = text.get_text_range(index, 1)
            if not where.strip() or (right - left) * (top - bottom) == 0:  # nothing to see
                continue
            assert left >= edge - 1, where
            assert right <= width - edge + 1, where
            assert bottom >= 0, where
            assert top <= height, where
        text.close()


@pytest.mark.row("A29")
@PAPERS
async def test_a_slip_says_what_the_shelf_must_know(paper: SlipFormat) -> None:
    said = _text(await _slip(ORDERED, paper=paper))
    for words in (
        "Librairie du Comptoir",
        "Bon de réserve",
        "MAISON DES TOUT PETITS",
        "Client 11505",
        "Commande n° 46407",
        "VPC",
        "DANS LA RUE",
        "9 791094 908020",
        "3 exemplaires",
        "Place : Étagère B, casier 3",
        "Mis de côté le 11/12/2019",  # 23.30 UTC is the next day in the shop
        "À retirer jusqu'au 24/12/2019",
    ):
        assert words in said


@pytest.mark.row("A29")
@PAPERS
async def test_a_name_of_two_parts_breaks_between_them(paper: SlipFormat) -> None:
    assert "RIVAUDIERE" in _text(await _slip(replace(ORDERED, customer_name="DUPONT-RIVAUDIERE"), paper=paper))


@pytest.mark.row("A29", "A37")
@PAPERS
async def test_a_slip_without_an_order_says_so(paper: SlipFormat) -> None:
    said = _text(await _slip(replace(BY_HAND, customer_code=None), paper=paper))
    assert "Sans commande" in said
    assert "1 exemplaire " in said
    for words in ("Commande n°", "VPC", "Client", "Place"):
        assert words not in said


BODIES = [f"{first}79109490802" for first in range(10)]
"""One for each first digit, which only the parity of the others tells."""


@pytest.mark.row("A29")
@pytest.mark.parametrize(
    "ean",
    [
        "9791094908020",
        "9782364744103",
        "9782756035734",
        *(body + calc_check_digit(body) for body in BODIES),
    ],
)
@PAPERS
async def test_a_scanner_reads_its_barcode(ean: str, paper: SlipFormat) -> None:
    code = ean13(ean)
    assert _scanned(await _slip(replace(BY_HAND, ean=code), paper=paper)) == [(ean, True)]
    assert len(modules(code)) == MODULES
    assert sum(width for _, width in bars(code)) == modules(code).count("1")


@pytest.mark.parametrize("what", LONG)
@PAPERS
async def test_nothing_long_runs_off_the_paper(what: str, paper: SlipFormat) -> None:
    words = LONG[what].strip()
    of_title, of_name = what.startswith("title"), what.startswith("name")
    pdf = await _slip(
        replace(
            ORDERED,
            title=words if of_title else ORDERED.title,
            customer_name=words if of_name else ORDERED.customer_name,
            place=ORDERED.place if of_title or of_name else words,
        ),
        paper=paper,
    )
    _assert_within_paper(pdf, paper)
    assert _scanned(pdf) == [(ORDERED.ean, True)]
    said = _text(pdf).replace(" ", "").replace("\ufffe", "-")  # pdfium's sign of a hyphen at a line's end
    words = words.replace(" ", "")
    if of_title:
        assert "…" in said
        assert words[:40] in said
    else:
        assert words in said


async def test_the_longest_of_everything_fits_on_one_sheet_of_a6() -> None:
    whole = replace(ORDERED, customer_name="W" * 200, title="M" * 400, place="W" * 60)
    pdf = await _slip(whole, replace(DOSSIER, name="W" * 200), paper=SlipFormat.A6)
    _assert_within_paper(pdf, SlipFormat.A6)
    assert _scanned(pdf) == [(ORDERED.ean, True)]
    said = _text(pdf).replace(" ", "")
    assert whole.customer_name in said
    assert f"Place:{whole.place}" in said


@pytest.mark.parametrize("what", HOSTILE)
@PAPERS
async def test_hostile_text_is_printed_as_text(what: str, paper: SlipFormat) -> None:
    text = HOSTILE[what]
    shop = replace(DOSSIER, name=text)
    pdf = await _slip(replace(ORDERED, title=text, customer_name=text, place=text), shop, paper=paper)
    _assert_within_paper(pdf, paper)
    assert _scanned(pdf) == [(ORDERED.ean, True)]
    said = _text(pdf)
    assert "À retirer jusqu'au 24/12/2019" in said
    if what in {"Typst code", "quotes and backslashes", "marks"}:
        assert said.count(" ".join(text.split())) >= 2


@PAPERS
async def test_the_same_slip_is_the_same_to_the_byte(paper: SlipFormat) -> None:
    assert await _slip(ORDERED, paper=paper) == await _slip(ORDERED, paper=paper)


async def test_slips_are_made_beside_each_other_without_holding_up_the_shop() -> None:
    beats = 0

    async def beat() -> None:
        nonlocal beats
        while True:
            await asyncio.sleep(0.002)
            beats += 1

    heart = asyncio.create_task(beat())
    begun = time.monotonic()
    slips = await asyncio.gather(*(_slip(replace(ORDERED, quantity=number)) for number in range(1, 21)))
    elapsed = time.monotonic() - begun
    heart.cancel()
    assert [f"{number} exemplaire" in _text(slip) for number, slip in enumerate(slips, start=1)] == [True] * 20
    assert elapsed < 10
    assert beats >= 1
