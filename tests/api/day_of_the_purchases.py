"""The part of the day in which the till tells what was bought, cards earn, deposits wait, and invoices are reminded of."""

from typing import Any

from tests.api.day_of_the_file import Tell
from tests.api.steps import CHUT, NUIT, RUE, Json, euros

ANNE = {
    "name": "LECLERC",
    "first_name": "Anne",
    "email": "anne.leclerc@example.org",
    "fidelity_active": True,
    "fidelity_started_on": "2026-01-01",
    "fidelity_number": "2990000000093",
}
SCHOOL = {
    "name": "ECOLE DES LILAS",
    "kind": "organisation",
    "collectivity": True,
    "management_ceiling": euros("500.00"),
}
LIBRARY = {"name": "BIBLIOTHEQUE DE GOULVEN", "kind": "organisation", "lending_library": True, "collectivity": True}
PROGRAMS = [
    {"code": "DIX", "label": "Dix achats", "kind": "purchases", "percent": "5.00", "every": 3, "voucher_note": "Un an"},
    {"code": "CENT", "label": "5 % dès 150 €", "kind": "amount", "percent": "5.00", "threshold": euros("150.00")},
]
WORDS = {"subject": "Factures échues : {librairie}", "body": "Bonjour {nom},\n\n{factures}\n\nSoit {total}."}
STEP = {"after_days": 7, "channel": "post", "states": ["awaited", "promised"], "fr": WORDS, "en": WORDS}
PERIOD = "from=2026-01-01&to=2026-07-01"


async def a_day_of_the_purchases(tell: Tell) -> None:
    """Every operation of purchases, loyalty, named deposits, invoices, reminders and statistics once at least."""
    dossier = await tell("getDossier", "GET", "/v1/dossier", name="beforeTheYear")
    rules: Json = {"loyalty": {"programs": PROGRAMS}, "reminders": {"scenarios": [{"steps": [STEP]}]}}
    await tell("patchDossier", "PATCH", "/v1/dossier", rules, version=dossier["version"], name="loyaltyAndReminders")
    anne = await tell("createCustomer", "POST", "/v1/customers", ANNE, status=201, name="faithful")
    await _loyalty(tell, anne)
    await _deposits(tell, anne)
    school = await tell("createCustomer", "POST", "/v1/customers", SCHOOL, status=201, name="school")
    await _invoices(tell, school)
    await _figures(tell, school)


def _line(nth: int, ean: str, price: str, **more: Any) -> Json:
    return {
        "reference": f"T1-1187/{nth}",
        "source": "till",
        "at": f"2026-03-0{nth}T10:00:00Z",
        "fidelity_number": ANNE["fidelity_number"],
        "ean": ean,
        "quantity": 1,
        "amount": euros(price),
        "document": "T1-1187",
        **more,
    }


async def _loyalty(tell: Tell, anne: Json) -> None:
    where = f"/v1/customers/{anne['id']}"
    opening = {"amount": euros("1.50"), "purchases": 1, "base": euros("30.00"), "reason": "Repris de l'ancien logiciel"}
    await tell("openLoyalty", "POST", f"{where}/loyalty/openings", opening, status=201)
    bought = [_line(1, RUE, "15.90"), _line(2, CHUT, "14.50"), _line(3, "9782070360024", "9.00")]
    await tell("createPurchases", "POST", "/v1/purchases", {"purchases": bought}, name="oneRefused")
    await tell("createPurchases", "POST", "/v1/purchases", {"purchases": bought[:2]}, name="sentAgain")
    back = _line(4, CHUT, "-14.50", quantity=-1, undoes="T1-1187/2")
    await tell("createPurchases", "POST", "/v1/purchases", {"purchases": [back]}, name="broughtBack")
    again = _line(5, NUIT, "15.90")
    await tell("createPurchases", "POST", "/v1/purchases", {"purchases": [again]}, name="theThird")
    await tell("listPurchases", "GET", f"{where}/purchases?from=2026-01-01&to=2027-01-01", name="ofAPeriod")
    await tell("getLoyalty", "GET", f"{where}/loyalty")
    ticket: Json = {
        "reference": "T1-1200",
        "lines": [{"reference": "T1-1200/1", "ean": CHUT, "quantity": 1, "amount": euros("14.50")}],
    }
    await tell("redeemLoyalty", "POST", f"{where}/loyalty/redemptions", ticket, status=201)
    more = {"amount": euros("0.50"), "purchases": 0, "reason": "Achat oublié en caisse"}
    await tell("adjustLoyalty", "POST", f"{where}/loyalty/adjustments", more, status=201)
    await tell("listLoyaltyEntries", "GET", f"{where}/loyalty/entries")
    await tell("listCustomers", "GET", f"/v1/customers?purchased_ean={RUE}", name="whoBought")


async def _deposits(tell: Tell, anne: Json) -> None:
    where = f"/v1/customers/{anne['id']}/named-deposits"
    cheque = {"amount": euros("50.00"), "kind": "received", "method": "cheque", "reference": "CH 0001234"}
    await tell("createNamedDeposit", "POST", where, cheque, status=201)
    body = {"customer_id": anne["id"], "lines": [{"ean": NUIT, "quantity": 1}]}
    order = await tell("createOrder", "POST", "/v1/orders", body, status=201, name="ofTheFaithful")
    used = {"amount": euros("15.90"), "direction": "use"}
    path = f"/v1/orders/{order['id']}/named-deposits"
    await tell("createOrderNamedDeposit", "POST", path, used, status=201, version=order["version"])
    await tell("listNamedDeposits", "GET", where)


async def _invoices(tell: Tell, school: Json) -> None:
    invoice: Json = {
        "customer_id": school["id"],
        "issued_on": "2026-01-10",
        "due_on": "2026-02-10",
        "total": euros("118.40"),
    }
    await tell("putInvoice", "PUT", "/v1/invoices/F2026-0001", invoice, status=201, name="new")
    await tell("putInvoice", "PUT", "/v1/invoices/F2026-0001", invoice, name="sentAgain")
    several = [
        {**invoice, "number": "F2026-0002", "total": euros("60.00")},
        {**invoice, "number": "F2026-0003", "customer_id": None, "customer_code": "INCONNU"},
    ]
    await tell("putInvoices", "POST", "/v1/invoices", {"invoices": several}, name="oneRefused")
    await tell("listInvoices", "GET", "/v1/invoices?unpaid=true")
    await tell("countInvoices", "GET", "/v1/invoices/count?unpaid=true")
    await tell("getInvoice", "GET", "/v1/invoices/F2026-0001")
    part = {"amount": euros("18.40")}
    await tell(
        "createInvoicePayment", "POST", "/v1/invoices/F2026-0001/payments", part, status=201, version=1, name="inPart"
    )
    await tell("listUnpaidInvoices", "GET", "/v1/customers/unpaid-invoices?collectivity=true")
    await tell("sumUnpaidInvoices", "GET", "/v1/customers/unpaid-invoices/summary?collectivity=true")
    await tell("getCredit", "GET", f"/v1/customers/{school['id']}/credit")
    run: Json = {"customer_ids": [school["id"]]}
    await tell("previewReminderRun", "POST", "/v1/reminder-runs/preview", run)
    made = await tell("createReminderRun", "POST", "/v1/reminder-runs", run, status=201)
    await tell("listReminderRuns", "GET", "/v1/reminder-runs")
    await tell("printReminderLetters", "GET", f"/v1/reminder-runs/{made['id']}/letters.pdf")
    await tell("listInvoiceReminders", "GET", f"/v1/invoice-reminders?customer_id={school['id']}")


async def _figures(tell: Tell, school: Json) -> None:
    library = await tell("createCustomer", "POST", "/v1/customers", LIBRARY, status=201, name="library")
    sold = {
        "reference": "F2026-0077/1",
        "source": "invoice",
        "at": "2026-04-02T09:00:00Z",
        "customer_id": library["id"],
        "ean": CHUT,
        "quantity": 10,
        "amount": euros("131.95"),
        "document": "F2026-0077",
    }
    await tell("createPurchases", "POST", "/v1/purchases", {"purchases": [sold]}, name="ofAnInvoice")
    await tell("getStatistics", "GET", f"/v1/statistics?by=month&{PERIOD}", name="byMonth")
    await tell("getStatistics", "GET", f"/v1/statistics?by=buyer&{PERIOD}", name="byBuyer")
    await tell("getStatisticsFile", "GET", f"/v1/statistics.xlsx?by=month&{PERIOD}")
    await tell("getLendingDeclaration", "GET", f"/v1/lending-declaration?{PERIOD}")
    await tell("getLendingDeclarationCsv", "GET", f"/v1/lending-declaration.csv?{PERIOD}")
    await tell("getLendingDeclarationFile", "GET", f"/v1/lending-declaration.xlsx?{PERIOD}")
    assert school["id"] != library["id"]
