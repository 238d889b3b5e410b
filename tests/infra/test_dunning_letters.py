"""Letters that remind of unpaid invoices, as they come off the printer (B28)."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pypdfium2
import pytest

from domain.model.dunning import DEFAULT, RemindedInvoice, dunned
from domain.model.message import Language
from domain.model.values import NOTHING, InvoiceId
from domain.queries.dunning import PrintedReminder, ReminderSheet
from infra.documents import TypstPapers

pytestmark = [pytest.mark.row("B28")]


def letter(
    name: str, invoices: int, *, language: Language = Language.FRENCH, body: str | None = None
) -> PrintedReminder:
    found = tuple(
        RemindedInvoice(
            id=InvoiceId(UUID(int=n)),
            number=f"F2026-{n:03d}",
            step=3,
            issued_on=date(2026, 8, 1),
            due_on=date(2026, 9, 1),
            total=Decimal("2000.00"),
            unpaid=Decimal("1234.50"),
        )
        for n in range(invoices)
    )
    words = dunned(DEFAULT.steps[2], found, shop="Librairie du Comptoir", name=name, language=language)
    return PrintedReminder(
        lines=(name, "3 RUE DES LILAS", "44000 NANTES"),
        customer_code="C0001",
        language=language,
        subject=words.subject,
        body=words.body if body is None else body,
        invoices=found,
        total=sum((each.unpaid for each in found), NOTHING),
        at=datetime(2026, 11, 21, 23, 30, tzinfo=UTC),
        step=3,
    )


async def pages(*letters: PrintedReminder) -> list[str]:
    sheet = ReminderSheet(
        shop="Librairie du Comptoir",
        address="7, quai des Libraires\n44000 Nantes",
        time_zone="Europe/Paris",
        letters=letters,
    )
    document = pypdfium2.PdfDocument(await TypstPapers().reminders(sheet))
    # a space that does not break is a space to the reader
    spaces = {ord(each): " " for each in "\u00a0\u202f"}
    return [page.get_textpage().get_text_range().translate(spaces) for page in document]


class TestALetter:
    async def test_lists_its_invoices_once_in_a_table(self) -> None:
        (text,) = await pages(letter("ÉCOLE", 2))
        assert text.count("F2026-000") == text.count("F2026-001") == 1
        assert text.count("2 469,00 €") == 2, "the sum stands beneath the table and in the words"
        assert "Facture F2026-000, échéance" not in text
        assert "22/11/2026" in text, "it is midnight in Paris"

    async def test_lists_them_also_where_its_words_do_not(self) -> None:
        (text,) = await pages(letter("ÉCOLE", 1, body="Merci de régler."))
        assert "Merci de régler." in text
        assert "F2026-000" in text

    async def test_is_english_for_who_reads_english(self) -> None:
        (text,) = await pages(letter("SMITH", 1, language=Language.ENGLISH))
        assert "€1,234.50" in text
        assert "1 September 2026" in text

    async def test_of_many_invoices_goes_on_with_its_own_page_numbers(self) -> None:
        found = await pages(letter("ÉCOLE", 2), letter("GROUPEMENT", 60), letter("CLUB", 1))
        assert len(found) == 4
        assert "GROUPEMENT, 22/11/2026" not in found[1], "a first page has no running head"
        assert "GROUPEMENT, 22/11/2026" in found[2]
        assert found[2].rstrip().endswith("2")
        assert "ÉCOLE" in found[0]
        assert "CLUB, 22/11/2026" not in found[3]
