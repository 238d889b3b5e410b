"""Sheets of labels: every address within its own label, folded rather than cut (A53, NF Z10-011)."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

import pypdfium2
import pytest

from domain.errors import Inconsistent
from domain.model.postal import LONGEST
from domain.queries.labels import SHEETS, Label, LabelFormat, LabelSheet, label_of
from infra.documents import TypstPapers

MM = 72 / 25.4  # in points
A4 = (210, 297)
FREE = LabelSheet(
    columns=4,
    rows=12,
    width=Decimal("48.5"),
    height=Decimal("22.75"),
    left=Decimal(8),
    top=Decimal("9.5"),
    gap_x=Decimal(0),
    gap_y=Decimal("0.5"),
)
TINY = LabelSheet(columns=9, rows=25, width=Decimal(20), height=Decimal(10), left=Decimal(5), top=Decimal(5))
SHEETS_LOOKED_AT = [*SHEETS.values(), FREE, TINY]
WIDEST = label_of("W", ["W" * 38, "É" * 38, "Ç" * 38, "@" * 38, "Œ" * 38, "44000 " + "M" * 32], country="FR")
SHORT = label_of("S", ["MARTIN", "44000 NANTES"], country="FR")
ABROAD = label_of("A", ["Muñoz", "Piso 2", "Edificio", "CALLE 1", "BARRIO", "28001 MADRID", "ESPAGNE"], country="ES")

Box = tuple[float, float, float, float]


def characters(paper: bytes) -> Iterator[tuple[int, str, Box]]:
    """Page, sign and box of all that is printed, in millimetres from the left and the top."""
    for number, page in enumerate(pypdfium2.PdfDocument(paper)):
        assert [round(side / MM) for side in page.get_size()] == list(A4)
        text = page.get_textpage()
        for index in range(text.count_chars()):
            sign = text.get_text_range(index, 1)
            if not sign.strip():
                continue
            left, bottom, right, top = (side / MM for side in text.get_charbox(index))
            yield number, sign, (left, A4[1] - top, right, A4[1] - bottom)


def cells(sheet: LabelSheet, count: int, start: int) -> Sequence[tuple[int, float, float]]:
    """Page, left and top edge of each label, worked out by counting."""
    found, place = [], start - 1
    for _ in range(count):
        page, rest = place // (sheet.columns * sheet.rows), place % (sheet.columns * sheet.rows)
        column, row = rest % sheet.columns, rest // sheet.columns
        left = float(sheet.left) + column * float(sheet.width + sheet.gap_x)
        top = float(sheet.top) + row * float(sheet.height + sheet.gap_y)
        found.append((page, left, top))
        place += 1
    return found


@pytest.mark.row("A53")
@pytest.mark.parametrize("sheet", SHEETS_LOOKED_AT, ids=lambda sheet: f"{sheet.columns}x{sheet.rows}")
@pytest.mark.parametrize("start", [1, 8])
async def test_each_address_lies_within_its_label(sheet: LabelSheet, start: int) -> None:
    labels = [WIDEST, SHORT, ABROAD] * sheet.rows * sheet.columns
    labels = labels[: sheet.labels + 3]
    paper = await TypstPapers().labels(sheet, labels, start=start)
    places = cells(sheet, len(labels), start)
    written = ["" for _ in labels]
    for page, sign, (left, top, right, bottom) in characters(paper):
        inside = [
            index
            for index, (on, x, y) in enumerate(places)
            if on == page
            and x + 1 <= left
            and right <= x + float(sheet.width) - 1
            and y + 0.5 <= top
            and bottom <= y + float(sheet.height) - 0.5
        ]
        assert len(inside) == 1, (page, sign, left, top, right, bottom)
        written[inside[0]] += sign
    assert written == ["".join(label.lines).replace(" ", "") for label in labels], "all of it, in its own place"
    assert len(pypdfium2.PdfDocument(paper)) == places[-1][0] + 1


@pytest.mark.row("A53")
@pytest.mark.parametrize(
    ("format_", "size", "first", "last"),
    [
        (LabelFormat.L7160, (63.5, 38.1), (7.25, 15.15), (139.25, 243.75)),
        (LabelFormat.L7159, (63.5, 33.9), (7.25, 12.9), (139.25, 250.2)),
        (LabelFormat.L7163, (99.1, 38.1), (4.65, 15.15), (106.25, 243.75)),
    ],
)
def test_the_sheets_of_the_trade_are_in_the_middle_of_the_paper(
    format_: LabelFormat, size: tuple[float, float], first: tuple[float, float], last: tuple[float, float]
) -> None:
    sheet = SHEETS[format_]
    assert (float(sheet.width), float(sheet.height)) == size
    assert tuple(map(float, sheet.place(0)[1:])) == first
    page, left, top = sheet.place(sheet.labels - 1)
    assert (page, float(left), float(top)) == (0, *last)
    # what is left at the right and below is what is left at the left and above
    assert round(A4[0] - last[0] - size[0], 2) == first[0]
    assert round(A4[1] - last[1] - size[1], 2) == first[1]
    assert sheet.place(sheet.labels) == (1, sheet.left, sheet.top)


class TestAFreeSheet:
    @pytest.mark.parametrize(
        ("measures", "pointers"),
        [
            ({"width": "70.01"}, ["width_mm"]),
            ({"left": "0.01"}, ["width_mm"]),
            ({"gap_x": "0.01"}, ["width_mm"]),
            ({"height": "99.01"}, ["height_mm"]),
            ({"top": "0.01", "left": "1"}, ["width_mm", "height_mm"]),
            ({"gap_y": "0.01"}, ["height_mm"]),
            ({"width": "19.99"}, ["width_mm"]),
            ({"height": "9.99"}, ["height_mm"]),
        ],
    )
    def test_that_is_no_a4_sheet_is_refused(self, measures: dict[str, str], pointers: list[str]) -> None:
        fits = {"width": "70", "height": "99", "left": "0", "top": "0", "gap_x": "0", "gap_y": "0"}
        LabelSheet(columns=3, rows=3, **{name: Decimal(value) for name, value in fits.items()})
        with pytest.raises(Inconsistent) as refused:
            LabelSheet(columns=3, rows=3, **{name: Decimal(value) for name, value in {**fits, **measures}.items()})
        assert [fault.pointer for fault in refused.value.faults] == pointers


class TestAnAddress:
    def test_too_long_is_folded_between_words_while_lines_are_free(self) -> None:
        name = "Madame la Directrice de la Maison des Tout Petits de Saint-Herblain"
        label = label_of("1", [name, "4 ALLÉE DES TILLEULS", "44800 SAINT HERBLAIN"], country="FR")
        assert label.lines == (
            "Madame la Directrice de la Maison des",
            "Tout Petits de Saint-Herblain",
            "4 ALLÉE DES TILLEULS",
            "44800 SAINT HERBLAIN",
        )
        assert not label.shortened

    def test_keeps_the_lines_that_the_post_reads_and_tells_when_others_lose_words(self) -> None:
        long = "Un deux trois quatre cinq six sept huit neuf dix"
        lines = [long, long, "Bâtiment C", f"{long.upper()}", "44800 SAINT HERBLAIN"]
        label = label_of("1", lines, country="FR")
        assert label.shortened
        assert label.lines == (
            "Un deux trois quatre cinq six sept…",
            "Un deux trois quatre cinq six sept…",
            "Bâtiment C",
            "UN DEUX TROIS QUATRE CINQ SIX SEPT",
            "HUIT NEUF DIX",
            "44800 SAINT HERBLAIN",
        )
        assert max(map(len, label.lines)) <= LONGEST

    def test_has_a_line_more_abroad(self) -> None:
        assert len(ABROAD.lines) == 7
        at_home = label_of("1", ABROAD.lines, country="FR")
        assert at_home.shortened
        assert (len(at_home.lines), at_home.lines[-1]) == (6, "ESPAGNE")

    @pytest.mark.parametrize("length", [38, 39, 76, 77])
    def test_breaks_a_word_that_no_line_holds(self, length: int) -> None:
        label = label_of("1", ["x" * length, "44000 NANTES"], country="FR")
        assert "".join(label.lines[:-1]) == "x" * length
        assert max(map(len, label.lines)) <= LONGEST

    def test_loses_no_word_when_nothing_was_shortened(self) -> None:
        words = " ".join(f"mot{n}" for n in range(25))
        label: Label = label_of("1", [words, "44000 NANTES"], country="FR")
        assert not label.shortened
        assert re.sub(r"\s+", " ", " ".join(label.lines[:-1])) == words
