"""What stands on letters that remind of unpaid invoices, in the language of who is reminded."""

from datetime import date
from zoneinfo import ZoneInfo

from domain.model.dunning import listed, money
from domain.model.message import Language
from domain.model.wording import day_of
from domain.queries.dunning import PrintedReminder, ReminderSheet

WORDS = {
    Language.FRENCH: {
        "title": "Relance",
        "headings": ("Date", "Client", "Relance"),
        "columns": ("Facture", "Date", "Échéance", "Montant TTC", "Reste dû"),
        "sum": "Total à régler",
    },
    Language.ENGLISH: {
        "title": "Reminder",
        "headings": ("Date", "Customer", "Reminder"),
        "columns": ("Invoice", "Date", "Due", "Amount incl. VAT", "Unpaid"),
        "sum": "Total to pay",
    },
}


def reminder_facts(sheet: ReminderSheet) -> dict[str, object]:
    """The letters of a run, for ``reminder.typ``."""
    return {"letters": [_letter(sheet, each) for each in sheet.letters]}


def _letter(sheet: ReminderSheet, letter: PrintedReminder) -> dict[str, object]:
    language, words = letter.language, WORDS[letter.language]
    today = letter.at.astimezone(ZoneInfo(sheet.time_zone)).date()

    def day(when: date) -> str:
        return day_of(when, language)

    # the table stands where the words list the invoices, else after them
    before, _, after = letter.body.partition(listed(letter.invoices, language))
    name, *lines = letter.lines
    return {
        "language": language.value,
        "title": words["title"],
        "date": day(today),
        "shop": {"name": sheet.shop, "lines": [each for each in sheet.address.splitlines() if each.strip()]},
        "customer": {"name": name, "lines": lines},
        "billed": None,
        "mail_order": False,
        "headings": list(zip(words["headings"], (day(today), letter.customer_code, str(letter.step)), strict=True)),
        "subject": letter.subject,
        "before": before.strip().splitlines(),
        "after": after.strip().splitlines(),
        "columns": words["columns"],
        "invoices": [
            (
                each.number,
                day(each.issued_on),
                day(each.due_on),
                money(each.total, language),
                money(each.unpaid, language),
            )
            for each in letter.invoices
        ],
        "sum": words["sum"],
        "total": money(letter.total, language),
    }
