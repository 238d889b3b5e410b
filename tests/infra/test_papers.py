"""The customer order and the delivery note on A4: all is said, in French, in its place, and nothing runs off the sheet."""

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pypdfium2
import pytest
from stdnum.ean import calc_check_digit

from domain.model.answers import Answer, AnswerSource
from domain.model.delivery import DeliveryNote, NoteLine
from domain.model.order import Billing, CustomerOrder, Origin
from domain.model.order_line import OrderLine
from domain.model.payment import PaymentState
from domain.model.values import (
    NOTHING,
    Contact,
    CustomerId,
    DeliveryNoteId,
    Ean,
    LineId,
    OrderId,
    PostalAddress,
    ean13,
)
from domain.queries.delivery_notes import NoteSheet
from domain.queries.documents import Heading, OrderSheet
from domain.queries.orders import view_of
from infra.demo.seed import LINES
from infra.documents import TypstPapers
from infra.documents.facts import (
    NotePaper,
    NotePaperLine,
    OrderPaper,
    OrderPaperLine,
    Party,
    Totals,
    VatSum,
    copies,
    day,
    discount_rate,
    euros,
    vat_rate,
)
from infra.documents.mapping import note_paper, order_paper, percent_off
from infra.documents.papers import compile_note, compile_order

MM = 72 / 25.4  # in points
DOTS = 100 / 72  # of the pictures that are looked for ink, a point
EDGE, FOOT = 12, 9  # mm that stay white at the sides, and above and below

SHOP = Party(name="Librairie du Comptoir", lines=["12 rue des Carmes", "44000 NANTES", "SIRET 732 829 320 00074"])
SCHOOL = Party(
    name="MAISON DES TOUT PETITS", lines=["MADAME LA DIRECTRICE", "4 ALLEE DES TILLEULS", "44800 SAINT HERBLAIN"]
)
TOWN_HALL = Party(name="MAIRIE DE SAINT HERBLAIN", lines=["SERVICE DES FINANCES", "44802 SAINT HERBLAIN CEDEX"])
PRICE, PUBLISHERS = Decimal("11.38"), Decimal("12.50")
TOTALS = Totals(
    net=Decimal("1170.20"),
    vat=[VatSum(rate=Decimal("5.5"), net=Decimal("1170.20"), vat=Decimal("64.36"))],
    total=Decimal("1234.56"),
    discount=Decimal("11.20"),
)
ORDER = OrderPaper(
    shop=SHOP,
    number=46407,
    date=date(2017, 9, 21),
    customer=SCHOOL,
    customer_code="11505",
    billed=TOWN_HALL,
    customer_reference="BC-2017-0918",
    comment="Livrer à l'accueil avant 11 h.\n\n\n\nSonner deux fois.",
    sales_reps=["Claire Morel", "Jean Petit"],
    quote_reference="D-2017-114",
    origin="Liste mémorisée",
    status="Livrée partiellement",
    lines=[
        OrderPaperLine(
            ean=ean13(ean),
            title=title,
            author=author,
            publisher=publisher,
            ordered=1,
            served=served,
            answer="Disponible" if served else "Epuisé",
            unit_price=PRICE,
            list_price=PUBLISHERS,
            discount=Decimal(9),
            vat_rate=Decimal("5.5"),
            amount=PRICE,
        )
        for ean, title, author, publisher, served in LINES
    ],
    totals=TOTALS,
    acompte=Decimal("1000.00"),
    rest_due=Decimal("234.56"),
)
NOTE = NotePaper(
    shop=SHOP,
    number=812,
    date=date(2017, 10, 3),
    customer=SCHOOL,
    customer_code="11505",
    customer_reference="BC-2017-0918",
    order_numbers=[46407],
    lines=[
        NotePaperLine(
            ean=line.ean,
            title=line.title,
            ordered=2,
            delivered=2 * line.served,
            remaining=2 - 2 * line.served,
            unit_price=PRICE,
            list_price=PRICE,
            vat_rate=Decimal("5.5"),
            amount=PRICE * 2 * line.served,
        )
        for line in ORDER.lines
    ],
    remaining=2,
    totals=TOTALS,
)
LINE, NOTE_LINE = ORDER.lines[0], NOTE.lines[0]

HEADING = Heading(
    shop="Librairie du Comptoir",
    address="12 rue des Carmes\n44000 NANTES",
    time_zone="Europe/Paris",
    sales_reps=("Claire Morel", "Jean Petit"),
    attention="Mme Anne ROUX",
)
TAKEN_AT = datetime(2017, 9, 21, 22, 30, tzinfo=UTC)
CONTACT = Contact(
    name="MAISON DES TOUT PETITS",
    address=PostalAddress(street="4 allée des Tilleuls", postal_code="44800", town="Saint-Herblain"),
)


def _order_line(ean: str, title: str, number: int, **more: Any) -> OrderLine:
    return OrderLine(
        id=LineId(UUID(int=number)),
        position=number,
        ean=ean13(ean),
        title=title,
        author="TINEKA MEIRINK",
        publisher="DIPLODOCUS",
        digital=False,
        **{"unit_price": PRICE, "list_price": PUBLISHERS, "vat_rate": Decimal("5.50"), **more},
    )


TAKEN = CustomerOrder(
    id=OrderId(UUID(int=9)),
    number=46407,
    customer_id=CustomerId(UUID(int=8)),
    customer_code="11505",
    contact=CONTACT,
    customer_reference="BC-2017-0918",
    comment="Livrer le matin",
    origin=Origin.QUOTE,
    quote_reference="D-2017-114",
    mail_order=True,
    vat_exempt=False,
    external=None,
    payment_state=PaymentState.NONE,
    delivery_charge=Decimal("3.00"),
    created_at=TAKEN_AT,
    updated_at=TAKEN_AT,
    billing=Billing(
        customer_id=CustomerId(UUID(int=7)),
        customer_code="MAIRIE",
        name="MAIRIE",
        address=PostalAddress(street="1 rue de la Poste", postal_code="1000", town="Bruxelles", country="BE"),
    ),
    lines=[
        _order_line("9791094908020", "DANS LA RUE", 1, ordered=2, delivered=1),
        _order_line(
            "9782092512746",
            "BOUTON DE LA SORCIERE",
            2,
            ordered=1,
            unit_price=Decimal("11.49"),
            list_price=Decimal("11.49"),
            answer=Answer(code="6", label="Epuisé", source=AnswerSource.DISTRIBUTOR, at=TAKEN_AT),
        ),
    ],
    paid=Decimal("7.00"),
    deposit=Decimal("5.00"),
)
SHEET = OrderSheet(heading=HEADING, order=view_of(TAKEN))
NOTE_SHEET = NoteSheet(
    heading=HEADING,
    order=view_of(TAKEN),
    note=DeliveryNote(
        id=DeliveryNoteId(UUID(int=6)),
        number=812,
        order_id=TAKEN.id,
        contact=CONTACT,
        shipped=True,
        delivery_charge=Decimal("3.00"),
        charge_ruling=None,
        created_at=TAKEN_AT,
        by="staff:1",
        lines=(
            NoteLine(
                line_id=TAKEN.lines[0].id,
                position=1,
                ean=TAKEN.lines[0].ean,
                title="DANS LA RUE",
                quantity=1,
                unit_price=PRICE,
                vat_rate=Decimal("5.50"),
                exempt=False,
                left=1,
            ),
        ),
    ),
)

HOSTILE = {
    "Typst code": '#panic() #read("/etc/passwd") #sys.inputs $x^2$ `raw` = Titre \\u{41} @ref <label> //',
    "quotes and backslashes": "\\ \" ' « » ` \\\\n {} [] {{facts}} %s",
    "marks": "*gras* _souligné_ - liste / + 1. ~ --- ...",
    "right to left": "שלום עולם مرحبا بالعالم",
    "emoji": "📚 Livre 👩‍👩‍👧 🇫🇷",
    "other scripts": "日本語の長い題名 Ελληνικά Русский",
    "combining and invisible": "E\u0301te\u0301 \u200b\u202e\u2066 z\u0351\u036b\u0343\u036a\u0302",
    "control characters": "a\x01b\x0bc\x1fd\x7fe",
    "one word": "W" * 500,
    "spaces": "   deux   espaces   ",
}


@contextmanager
def _opened(pdf: bytes) -> Iterator[list[pypdfium2.PdfPage]]:
    document = pypdfium2.PdfDocument(pdf)
    pages = list(document)
    yield pages
    for page in pages:
        page.close()
    document.close()


def _page_text(page: pypdfium2.PdfPage) -> str:
    text = page.get_textpage()
    found = text.get_text_range()
    text.close()
    return " ".join(found.replace("\u200b", "").replace("\ufffe", "-").split())


def _pages(pdf: bytes) -> list[str]:
    """What stands on each page, every space a plain one, line breaks and break opportunities taken out."""
    with _opened(pdf) as pages:
        return [_page_text(page) for page in pages]


def _said(pdf: bytes) -> str:
    return " ".join(_pages(pdf))


def _where(pdf: bytes, words: str, page: int = 0) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of ``words`` where a page has them first, in mm from its upper left corner."""
    with _opened(pdf) as pages:
        height = pages[page].get_height()
        text = pages[page].get_textpage()
        found = text.search(words, match_case=True).get_next()
        assert found is not None, words
        boxes = [text.get_charbox(found[0] + index) for index in range(found[1])]
        text.close()
    left, bottom, right, top = (list(side) for side in zip(*boxes, strict=True))
    return min(left) / MM, (height - max(top)) / MM, max(right) / MM, (height - min(bottom)) / MM


def _assert_white_edges(pdf: bytes) -> None:
    """No ink in the margins of any A4 page, looked for in a picture of it."""
    with _opened(pdf) as pages:
        for page in pages:
            assert page.get_size() == pytest.approx((210 * MM, 297 * MM), abs=0.1)
            picture = page.render(scale=DOTS, grayscale=True)
            width, height, stride = picture.width, picture.height, picture.stride
            dots = bytes(picture.buffer)
            picture.close()
            rows = [dots[row * stride : row * stride + width] for row in range(height)]
            side, end = int(EDGE * MM * DOTS) - 1, int(FOOT * MM * DOTS) - 1
            white = b"\xff"
            assert any(row.strip(white) for row in rows)
            for row in rows:
                assert not row[:side].strip(white)
                assert not row[width - side :].strip(white)
            for row in (*rows[:end], *rows[height - end :]):
                assert not row.strip(white)


def _eans(count: int) -> list[Ean]:
    bodies = [f"9782{number:08}" for number in range(count)]
    return [ean13(body + calc_check_digit(body)) for body in bodies]


def _order_of(count: int) -> OrderPaper:
    titles = [line.title for line in ORDER.lines]
    lines = [replace(LINE, ean=ean, title=titles[index % 10]) for index, ean in enumerate(_eans(count))]
    return replace(ORDER, lines=lines)


def _note_of(count: int) -> NotePaper:
    return replace(NOTE, lines=[replace(NOTE_LINE, ean=ean) for ean in _eans(count)])


EAN = re.compile(r"\b97[89]\d{10}\b")


@pytest.mark.row("A17", "A22", "A23", "A25")
def test_the_order_says_all_that_it_is() -> None:
    pdf = compile_order(ORDER)
    pages = _pages(pdf)
    assert len(pages) == 1
    for words in (
        "Librairie du Comptoir",
        "SIRET 732 829 320 00074",
        "Commande client n° 46407",
        "Date 21/09/2017",
        "Client 11505",
        "Réf. commande BC-2017-0918",
        "Statut Livrée partiellement",
        "Devis D-2017-114",
        "Origine Liste mémorisée",
        "Suivi par Claire Morel, Jean Petit",
        "Client facturé MAIRIE DE SAINT HERBLAIN SERVICE DES FINANCES",
        "Code Titre Cdé Rsvé Réponse P.U. TTC Remise TVA Montant TTC",
        "10 exemplaires en commande, dont 9 servis",
        "Remise accordée : 11,20 €",
        "Total HT 1 170,20 €",
        "TVA 64,36 €",
        "5,50 % 1 170,20 € 64,36 €",
        "Total TTC 1 234,56 €",
        "1 / 1",
    ):
        assert words in pages[0]
    for ean, title, author, publisher, served in LINES:
        assert re.search(rf"{ean} {title.split()[0]}", pages[0])
        assert f"{author} · {publisher}" in pages[0]
        row = pages[0][pages[0].index(ean) :]
        assert f" 1 {served} {'Disponible' if served else 'Epuisé'} 11,38 € " in row[:160]
    assert pages[0].count("éd. 12,50 €") == 10
    assert "VPC" not in pages[0]
    _assert_white_edges(pdf)


@pytest.mark.row("A21")
@pytest.mark.parametrize(
    "comment", ["Livrer à l'accueil avant 11 h.", "Livrer à l'accueil avant 11 h.\n" + "Mot.\n" * 12]
)
def test_the_comment_comes_before_the_articles(comment: str) -> None:
    pdf = compile_order(replace(ORDER, comment=comment))
    _, top, _, bottom = _where(pdf, "Livrer à l'accueil avant 11 h.")
    head, first = _where(pdf, "Cdé")[1], _where(pdf, LINE.ean)[1]
    assert top < bottom < head < first
    said = _said(pdf)
    assert said.index("Livrer à l'accueil") < said.index("Code Titre") < said.index(LINE.ean)


@pytest.mark.row("A21")
def test_of_empty_lines_in_the_comment_one_stays() -> None:
    pdf = compile_order(replace(ORDER, comment="\n\n  Un\n\n\n\n\nDeux\nTrois\n\n"))
    one, two, three = (_where(pdf, word)[3] for word in ("Un", "Deux", "Trois"))
    assert two - one == pytest.approx(2 * (three - two), abs=0.5)
    assert _pages(compile_order(replace(ORDER, comment=None))) == _pages(compile_order(replace(ORDER, comment=" \n ")))


@pytest.mark.row("A25")
def test_what_was_paid_in_advance_is_an_acompte() -> None:
    said = _said(compile_order(ORDER))
    assert "Acompte versé 1 000,00 € Reste dû 234,56 €" in said
    assert "arrhes" not in said.lower()
    unpaid = _said(compile_order(replace(ORDER, acompte=NOTHING, rest_due=TOTALS.total)))
    assert "Acompte" not in unpaid
    assert "Reste dû" not in unpaid


@pytest.mark.row("A17", "A25")
def test_delivery_and_the_law_are_told() -> None:
    ruled = replace(LINE, discount=None, unit_price=PUBLISHERS, ruling="Livre expédié : prix de l'éditeur")
    cancelled = replace(ORDER.lines[1], ordered=4, cancelled=2)
    totals = replace(TOTALS, delivery_charge=Decimal("3.00"), delivery_ruling="Moins de 35 € de livres neufs")
    said = _said(compile_order(replace(ORDER, mail_order=True, lines=[ruled, cancelled], totals=totals)))
    assert "VPC" in said
    assert "Livre expédié : prix de l'éditeur" in said
    assert "2 exemplaires annulés" in said
    assert said.count("éd. 12,50 €") == 1  # not where the publisher's price is paid
    assert "Articles 22,76 € Frais de livraison" in said
    assert "Moins de 35 € de livres neufs" in said
    assert "3,00 €" in said


@pytest.mark.row("A17")
@pytest.mark.parametrize("kind", ["order", "note"])
def test_an_exempt_buyer_reads_why_no_vat_is_owed(kind: str) -> None:
    totals = replace(TOTALS, total=TOTALS.net, vat=[VatSum(rate=Decimal("5.5"), net=TOTALS.net, vat=NOTHING)])
    mention = "Exonération de TVA (export)"
    said = _said(
        compile_order(replace(ORDER, totals=totals, vat_exemption=mention, acompte=NOTHING, rest_due=totals.total))
        if kind == "order"
        else compile_note(replace(NOTE, totals=totals, vat_exemption=mention))
    )
    assert mention in said
    assert "Montant HT" in said
    assert "Total HT 1 170,20 €" in said
    for words in ("Total TTC", "Montant TTC", "Taux de TVA"):
        assert words not in said


@pytest.mark.row("A18")
def test_the_delivery_note_says_what_came_and_what_is_to_come() -> None:
    pdf = compile_note(NOTE)
    said = _said(pdf)
    for words in (
        "Bon de livraison n° 812",
        "Date 03/10/2017",
        "Commande n° 46407",
        "Réf. commande BC-2017-0918",
        "Code Titre Cdé Livré Reliquat P.U. TTC Remise TVA Montant TTC",
        "9791094908020 DANS LA RUE 2 2 Soldée 11,38 € 5,50 % 22,76 €",
        "9782092512746 BOUTON DE LA SORCIERE 2 0 2 11,38 €",
        "18 exemplaires livrés Reste à livrer : 2 exemplaires",
        "Total TTC 1 234,56 €",
        "Reçu le :",
        "Signature et cachet :",
    ):
        assert words in said
    assert "Acompte" not in said
    _assert_white_edges(pdf)


@pytest.mark.row("A18")
def test_a_note_of_several_orders_without_prices() -> None:
    lines = [replace(line, order_number=46407 + index) for index, line in enumerate(NOTE.lines[:2])]
    settled = replace(NOTE, order_numbers=[46407, 46408], lines=lines, remaining=0, totals=None)
    pdf = compile_note(settled)
    said = _said(pdf)
    for words in (
        "Commandes n° 46407, 46408",
        "DANS LA RUE Commande n° 46407",
        "Commandes soldées",
        "4 exemplaires livrés",
    ):
        assert words in said
    assert "Commande soldée" in _said(compile_note(replace(settled, order_numbers=[46407])))
    assert "€" not in said
    assert "TVA" not in said
    _assert_white_edges(pdf)


@pytest.mark.row("A17", "A18")
@pytest.mark.parametrize("count", [0, 1, 10, 120])
@pytest.mark.parametrize("kind", ["order", "note"])
def test_every_line_is_printed_beneath_a_head_on_numbered_pages(kind: str, count: int) -> None:
    pdf = compile_order(_order_of(count)) if kind == "order" else compile_note(_note_of(count))
    pages = _pages(pdf)
    assert (len(pages) > 2) == (count > 100)
    assert [ean for page in pages for ean in EAN.findall(page)] == _eans(count)
    for number, page in enumerate(pages, start=1):
        assert f"{number} / {len(pages)}" in page
        assert page.count("Code Titre Cdé") == 1
        assert "46407" in page or "812" in page
    assert "Total TTC" in pages[-1]
    assert "Total TTC" not in " ".join(pages[:-1])
    _assert_white_edges(pdf)


@pytest.mark.row("A17", "A18")
@pytest.mark.parametrize("kind", ["order", "note"])
def test_the_sums_are_never_without_a_line_nor_a_head_without_one(kind: str) -> None:
    counts = set()
    for count in range(1, 36):
        pages = _pages(compile_order(_order_of(count)) if kind == "order" else compile_note(_note_of(count)))
        counts.add(len(pages))
        lines = [len(EAN.findall(page)) for page in pages]
        assert all(lines), (count, lines)
        assert "Total TTC" in pages[-1]
        assert ("Signature et cachet" in pages[-1]) == (kind == "note")
    assert counts >= {1, 2}


@pytest.mark.row("A21")
def test_a_head_is_never_parted_from_its_first_line() -> None:
    for length in range(24, 48):
        pages = _pages(compile_order(replace(ORDER, comment="Mot.\n" * length)))
        for page in pages:
            assert ("Code Titre Cdé" in page) == bool(EAN.search(page)), length


@pytest.mark.row("A21")
@pytest.mark.parametrize(
    "comment", ["Un commentaire assez long. " * 185, "M" * 5000, "Mot.\n" * 1000, "\n" * 4999 + "."]
)
def test_a_comment_of_5000_characters_is_printed_whole(comment: str) -> None:
    pdf = compile_order(replace(ORDER, comment=comment))
    said = _said(pdf).replace(" ", "")
    said = re.sub(r"Commandeclientn°46407du21/09/2017LibrairieduComptoir|\d+/\d+", "", said)
    assert "".join(comment.split()) in said
    assert len(EAN.findall(_said(pdf))) == 10
    _assert_white_edges(pdf)


@pytest.mark.row("A17", "A18")
def test_the_addressee_stands_in_the_window_of_the_envelope() -> None:
    full = Party(
        name="MAIRIE DE SAINT QUENTIN EN YVELINES 78",
        lines=[*("ABCDEFGHIJKLMNOPQRSTUVWXYZ ABCDEFGHIJK" for _ in range(5)), "75000 PARIS DERNIER"],
    )
    tall = replace(SHOP, lines=SHOP.lines[:1])
    for shop in (SHOP, tall):
        for pdf in (
            compile_order(replace(ORDER, shop=shop, customer=full)),
            compile_note(replace(NOTE, shop=shop, customer=full)),
        ):
            left, top, _, _ = _where(pdf, full.name)
            _, _, _, bottom = _where(pdf, "75000 PARIS DERNIER")
            assert 100 <= left <= 110
            assert 44 <= top <= 47
            assert bottom <= 80


@pytest.mark.row("A17")
def test_long_words_and_large_figures_stay_in_their_columns() -> None:
    much = Decimal("9999999.99")
    line = replace(
        LINE,
        title="W" * 500,
        author="J" * 200,
        publisher="K" * 200,
        ruling="Z" * 500,
        answer="Q" * 60,
        ordered=9999,
        served=9998,
        unit_price=much,
        list_price=much + 1,
        discount=Decimal("99.99"),
        vat_rate=Decimal("20.25"),
        amount=much * 9999,
    )
    totals = Totals(
        net=much * 9999,
        vat=[VatSum(rate=Decimal("20.25"), net=much * 9999, vat=much * 9999)],
        total=much * 9999,
        delivery_charge=much,
        delivery_ruling="X" * 500,
    )
    pdf = compile_order(replace(ORDER, lines=[line, LINE], totals=totals))
    _assert_white_edges(pdf)
    with _opened(pdf) as pages:
        text = pages[0].get_textpage()
        for index in range(text.count_chars()):
            letter = text.get_text_range(index, 1)
            columns = {"W": (36, 87.6), "J": (36, 87.6), "K": (36, 87.6), "Z": (36, 87.6), "Q": (108, 129.1)}
            left, _, right, _ = text.get_charbox(index)
            below = text.get_charbox(index)[3] < (297 - 120) * MM
            if below and letter in columns and right > left:
                assert columns[letter][0] * MM <= left, letter
                assert right <= columns[letter][1] * MM, letter
        text.close()
    said = _said(pdf)
    for words in ("9999", "9998", "9 999 999,99 €", "éd. 10 000 000,99 €", "99 989 999 900,01 €", "99,99 %", "20,25 %"):
        assert words in said
    for figure, (start, end) in {
        "10\u202f000\u202f000,99": (129, 149),
        "99,99\u00a0%": (149, 162.5),
        "99\u202f989\u202f999\u202f900,01": (176, 198),
    }.items():
        left, _, right, _ = _where(pdf, figure)
        assert left >= start, figure
        assert right <= end, figure


@pytest.mark.row("A17", "A18")
@pytest.mark.parametrize("what", HOSTILE)
@pytest.mark.parametrize("kind", ["order", "note"])
def test_hostile_text_is_printed_as_text(kind: str, what: str) -> None:
    text = HOSTILE[what]
    party = Party(name=text, lines=[text, text])
    if kind == "order":
        line = replace(LINE, title=text, author=text, publisher=text, answer=text, ruling=text)
        order = replace(ORDER, shop=party, customer=party, billed=party, comment=text, customer_reference=text)
        totals = replace(TOTALS, delivery_ruling=text)
        filled = replace(order, customer_code=text, sales_reps=[text], status=text, quote_reference=text, origin=text)
        pdf = compile_order(replace(filled, vat_exemption=text, totals=totals, lines=[line, ORDER.lines[1]]))
    else:
        noted = replace(NOTE, shop=party, customer=party, billed=party, comment=text, vat_exemption=text)
        pdf = compile_note(replace(noted, lines=[replace(NOTE_LINE, title=text, author=text), NOTE.lines[1]]))
    _assert_white_edges(pdf)
    said = _said(pdf)
    assert ORDER.lines[1].ean in said
    assert "1 234,56 €" in said
    if what in {"Typst code", "quotes and backslashes", "marks", "one word"}:
        assert said.replace(" ", "").count("".join(text.split())) >= 5


def test_french_formats() -> None:
    assert euros(Decimal("1234.56")) == "1\u202f234,56\u00a0€"
    assert euros(Decimal("1234567.5")) == "1\u202f234\u202f567,50\u00a0€"
    assert euros(Decimal("0.005")) == "0,01\u00a0€"
    assert euros(Decimal(-3)) == "-3,00\u00a0€"
    assert [vat_rate(Decimal(rate)) for rate in ("5.5", "20", "2.10")] == ["5,50\u00a0%", "20,00\u00a0%", "2,10\u00a0%"]
    assert [discount_rate(Decimal(rate)) for rate in ("5", "9.00", "4.75")] == ["5\u00a0%", "9\u00a0%", "4,75\u00a0%"]
    assert day(date(2017, 9, 1)) == "01/09/2017"
    assert [copies(count) for count in (0, 1, 2)] == ["0\u00a0exemplaire", "1\u00a0exemplaire", "2\u00a0exemplaires"]


async def test_the_papers_of_the_shop_make_them_the_same_to_the_byte() -> None:
    papers = TypstPapers()
    order, note = await asyncio.gather(papers.order(SHEET), papers.delivery_note(NOTE_SHEET))
    assert order == compile_order(order_paper(SHEET))
    assert note == compile_note(note_paper(NOTE_SHEET))


@pytest.mark.row("A17", "A21", "A22")
def test_an_order_of_the_shop_is_printed_with_all_that_it_says() -> None:
    pdf = compile_order(order_paper(SHEET))
    said = _said(pdf)
    for words in (
        "Librairie du Comptoir 12 rue des Carmes 44000 NANTES",
        "Commande client n° 46407",
        "Date 22/09/2017",  # half past midnight in Paris, the day before in UTC
        "MAISON DES TOUT PETITS À l'attention de Mme Anne ROUX 4 ALLÉE DES TILLEULS 44800 SAINT HERBLAIN",
        "MAIRIE 1 RUE DE LA POSTE 1000 BRUXELLES BELGIQUE",
        "Statut Livrée partiellement",
        "Devis D-2017-114",
        "Origine Devis",
        "Suivi par Claire Morel, Jean Petit",
        "9791094908020 DANS LA RUE",
        "9 %",
        "Epuisé",
        "Articles 34,25 € Frais de livraison 3,00 €",
        "Total TTC 37,25 €",
        "Acompte versé 5,00 € Réglé 2,00 € Reste dû 30,25 €",
    ):
        assert words in said, words
    assert said.index("Livrer le matin") < said.index("DANS LA RUE")
    _assert_white_edges(pdf)


@pytest.mark.row("A18", "B27")
def test_a_note_of_the_shop_is_printed_with_what_is_still_to_come() -> None:
    said = _said(compile_note(note_paper(NOTE_SHEET)))
    for words in (
        "Bon de livraison n° 812",
        "Commande n° 46407",
        "9791094908020 DANS LA RUE TINEKA MEIRINK · DIPLODOCUS 2 1 1 11,38 €",
        "1 exemplaire livré Reste à livrer : 2 exemplaires",
        "Frais de livraison 3,00 €",
        "Total TTC 14,38 €",
    ):
        assert words in said, words
    alone = replace(NOTE_SHEET, order=replace(NOTE_SHEET.order, lines=()))
    assert "DANS LA RUE 2 1 1 11,38 €" in _said(compile_note(note_paper(alone))), "its line is gone, the note stays"


@pytest.mark.parametrize(
    ("list_price", "price", "percent"),
    [
        ("12.50", "11.38", "9"),
        ("9.99", "9.50", "4.9"),
        ("10.00", "10.00", None),
        ("10.00", "12.00", None),
        ("99.00", "66.00", "33.33"),
    ],
)
def test_a_discount_is_told_in_the_roundest_percent_that_explains_the_price(
    list_price: str, price: str, percent: str | None
) -> None:
    assert percent_off(Decimal(list_price), Decimal(price)) == (Decimal(percent) if percent else None)
