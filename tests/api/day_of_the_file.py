"""The customer file's part of the day that makes the contract's examples: cards, what hangs on them, tables, merges."""

from collections.abc import Awaitable, Callable
from typing import Any

from tests.api.steps import CHUT, Json, euros
from tests.conftest import Client

Tell = Callable[..., Awaitable[Any]]
"""``Scribe.tell``: does an exchange, writes it down, answers what was answered."""

ADDRESS = {"street": "3 place de la Mairie", "postal_code": "44119", "town": "TREILLIERES"}


async def a_day_of_the_file(tell: Tell, staff: Client) -> None:
    """Every operation of the customer file once at least, in an order that makes sense."""
    await _tables(tell)
    await _company(tell, staff)
    school = await tell(
        "createCustomer",
        "POST",
        "/v1/customers",
        {"name": "ECOLE DES TILLEULS", "kind": "organisation", "collectivity": True, "category": "ECOLE"},
        status=201,
        name="school",
    )
    for owner, where in (("Customer", f"/v1/customers/{school['id']}"), ("ThirdParty", await _third_parties(tell))):
        await _parts(tell, owner, where)
    await _of_a_customer(tell, school)
    await _merges(tell, school)


async def _tables(tell: Tell) -> None:
    await tell("listTables", "GET", "/v1/tables")
    await tell("listTableValues", "GET", "/v1/tables/print-modes")
    value = {"code": "PORTAIL", "label": "Portail du client", "label_en": "Customer portal"}
    await tell("createTableValue", "POST", "/v1/tables/print-modes", value, status=201)
    where = "/v1/tables/print-modes/PORTAIL"
    await tell("getTableValue", "GET", where)
    await tell("patchTableValue", "PATCH", where, {"label": "Portail"}, version=1)
    await tell("deleteTableValue", "DELETE", where, status=204, version=2)
    field = {"record": "customer", "questionnaire": "IMPLICITE_CLI", "code": "A100", "label": "Club", "kind": "flag"}
    made = await tell("createCustomField", "POST", "/v1/custom-fields", field, status=201)
    where = f"/v1/custom-fields/{made['id']}"
    await tell("getCustomField", "GET", where)
    await tell("patchCustomField", "PATCH", where, {"label": "Club de lecture"}, version=1)
    await tell("listCustomFields", "GET", "/v1/custom-fields?record=customer")
    await tell("deleteCustomField", "DELETE", where, status=204, version=2)


async def _company(tell: Tell, staff: Client) -> None:
    """Settings, people, and a flash that one of them gets of a card from the CRM."""
    shop = await tell("getDossier", "GET", "/v1/dossier")
    body: Json = {
        "login": "claire",
        "name": "Claire",
        "password": "quatre-mots-faciles-a-dire",
        "scopes": ["customers:*"],
    }
    user = await tell("createUser", "POST", "/v1/users", body, status=201)
    where = f"/v1/users/{user['id']}"
    await tell("patchUser", "PATCH", where, {"name": "Claire M."}, version=1)
    await tell("getUser", "GET", where)
    await tell("listUsers", "GET", "/v1/users")
    changes = {"flash_customer_ids": [user["id"]], "fiscal_month": 9}
    await tell("patchDossier", "PATCH", "/v1/dossier", changes, version=shop["version"])
    waiting = await tell(
        "createCustomer", "POST", "/v1/customers", {"name": "PETIT", "origin": "crm"}, status=201, name="fromTheCrm"
    )
    await staff.post("/v1/session", json={"login": "claire", "password": "quatre-mots-faciles-a-dire"})
    held = {"x-csrf-token": (await staff.get("/v1/me")).json()["csrf_token"]}
    (flash,) = (await tell("listFlashes", "GET", "/v1/flashes?unread=true", http=staff))["items"]
    await tell("readFlash", "POST", f"/v1/flashes/{flash['id']}/read", status=204, http=staff, headers=held)
    where = f"/v1/customers/{waiting['id']}"
    await tell("approveCustomer", "POST", f"{where}/approval", {"approved": True}, version=1)
    await tell("deleteCustomer", "DELETE", where, status=204, version=2)


async def _third_parties(tell: Tell) -> str:
    """A supplier, and a prospect that becomes a customer; answers the supplier's address."""
    body: Json = {"type": "prospect", "name": "COMITE DES FETES", "origin": "crm"}
    prospect = await tell("createThirdParty", "POST", "/v1/third-parties", body, status=201, name="prospect")
    where = f"/v1/third-parties/{prospect['id']}"
    await tell("approveThirdParty", "POST", f"{where}/approval", {"approved": True}, version=1)
    await tell("convertThirdParty", "POST", f"{where}/convert", {}, status=201, version=2)
    body = {"type": "other", "name": "ERREUR DE SAISIE"}
    wrong = await tell("createThirdParty", "POST", "/v1/third-parties", body, status=201, name="other")
    await tell("deleteThirdParty", "DELETE", f"/v1/third-parties/{wrong['id']}", status=204, version=1)
    body = {"type": "supplier", "name": "DIFFUSION DES LACS", "email": "commandes@example.org", "address": ADDRESS}
    supplier = await tell("createThirdParty", "POST", "/v1/third-parties", body, status=201, name="supplier")
    where = f"/v1/third-parties/{supplier['id']}"
    await tell("patchThirdParty", "PATCH", where, {"phone": "0240000009", "our_code": "LIB44"}, version=1)
    await tell("getThirdParty", "GET", where)
    await tell("listThirdParties", "GET", "/v1/third-parties?type=supplier")
    await tell("countThirdParties", "GET", "/v1/third-parties/count?type=supplier")
    await tell("listThirdPartyAudit", "GET", f"{where}/audit")
    return str(where)


async def _parts(tell: Tell, owner: str, card: str) -> None:
    """Each kind of part: made, read, changed, listed; one of each removed."""
    kinds: list[tuple[str, str, Json, Json]] = [
        (
            "Address",
            "addresses",
            {"role": "delivery", "address": ADDRESS, "default_for": ["delivery_note"]},
            {"phone": "0240000001"},
        ),
        (
            "Contact",
            "contacts",
            {"name": "ROUX", "title": "Mme", "first_name": "Anne", "function": "CDE", "email": "anne.roux@example.org"},
            {"mobile": "0606060607"},
        ),
        (
            "BankAccount",
            "bank-accounts",
            {"iban": "FR1420041010050500013M02606", "domiciliation": "LA BANQUE POSTALE"},
            {"domiciliation": "LA BANQUE POSTALE NANTES"},
        ),
        ("Note", "notes", {"text": "Rappeler après les vacances."}, {"text": "Rappelée le 3."}),
    ]
    for kind, path, body, changes in kinds:
        where = f"{card}/{path}"
        plural = "Addresses" if kind == "Address" else f"{kind}s"
        made = await tell(f"create{owner}{kind}", "POST", where, body, status=201)
        await tell(f"get{owner}{kind}", "GET", f"{where}/{made['id']}")
        await tell(f"patch{owner}{kind}", "PATCH", f"{where}/{made['id']}", changes, version=1)
        await tell(f"list{owner}{plural}", "GET", where)
        if kind == "Note":
            await tell(f"delete{owner}{kind}", "DELETE", f"{where}/{made['id']}", status=204, version=2)
    for kind, path, body in (
        ("Address", "addresses", {"address": ADDRESS}),
        ("Contact", "contacts", {"name": "LEROY"}),
        ("BankAccount", "bank-accounts", {"rib": "20041010050500013M02606"}),
    ):
        made = await tell(f"create{owner}{kind}", "POST", f"{card}/{path}", body, status=201, name=f"second{kind}")
        await tell(f"delete{owner}{kind}", "DELETE", f"{card}/{path}/{made['id']}", status=204, version=1)


async def _of_a_customer(tell: Tell, school: Json) -> None:
    """Consents, discounts, and what is read of a card."""
    where = f"/v1/customers/{school['id']}"
    body: Json = {"channel": "email", "purpose": "order_arrival", "granted": True, "source": "Bulletin signé"}
    await tell("createConsent", "POST", f"{where}/consents", body, status=201)
    await tell("listConsents", "GET", f"{where}/consents")
    body = {"scope": "school_books", "percent": "9.00", "basis": "Loi du 10 août 1981, art. 3"}
    rule = await tell("createCustomerDiscount", "POST", f"{where}/discounts", body, status=201)
    one = f"{where}/discounts/{rule['id']}"
    await tell("getCustomerDiscount", "GET", one)
    await tell("patchCustomerDiscount", "PATCH", one, {"percent": "8.50"}, version=1)
    await tell("listCustomerDiscounts", "GET", f"{where}/discounts")
    await tell("deleteCustomerDiscount", "DELETE", one, status=204, version=2)
    await tell("getCredit", "GET", f"{where}/credit")
    await tell("getDocumentDefaults", "GET", f"{where}/document-defaults?document=delivery_note")
    body = {"contact": {"name": "Les Tilleuls"}, "lines": [{"ean": CHUT, "quantity": 1, "unit_price": euros("14.50")}]}
    order = await tell("createOrder", "POST", "/v1/orders", body, status=201, name="halfRememberedName")
    body = {"customer_id": school["id"]}
    await tell("attachCustomer", "POST", f"/v1/orders/{order['id']}/attach-customer", body, version=1)
    await tell("getCustomerActivity", "GET", f"{where}/activity")


async def _merges(tell: Tell, school: Json) -> None:
    """A card entered twice: found, merged, taken apart again; a person blanked."""
    body: Json = {"parts": ["addresses", "contacts"], "name": "ECOLE LES TILLEULS"}
    where = f"/v1/customers/{school['id']}"
    twin = await tell("duplicateCustomer", "POST", f"{where}/duplicate", body, status=201)
    await tell(
        "patchCustomer",
        "PATCH",
        f"/v1/customers/{twin['id']}",
        {"email": "tilleuls@example.org"},
        version=1,
        name="email",
    )
    again = {"name": "TILLEULS", "email": "tilleuls@example.org"}
    third = await tell("createCustomer", "POST", "/v1/customers", again, status=201, name="enteredTwice")
    await tell("listCustomerDuplicates", "GET", "/v1/customer-duplicates?reason=email")
    body = {"kept_id": twin["id"], "absorbed_id": third["id"], "choices": {"name": "kept"}}
    await tell("createCustomerMerge", "POST", "/v1/customer-merges", {**body, "dry_run": True}, name="preview")
    merge = await tell("createCustomerMerge", "POST", "/v1/customer-merges", body, status=201, name="merge")
    where = f"/v1/customer-merges/{merge['merge_id']}"
    await tell("getCustomerMerge", "GET", where)
    await tell("listCustomerMerges", "GET", "/v1/customer-merges")
    await tell("undoCustomerMerge", "POST", f"{where}/undo")
    where = f"/v1/customers/{third['id']}"
    await tell("getPersonalData", "GET", f"{where}/personal-data")
    await tell("listCustomerAudit", "GET", f"{where}/audit")
    await tell("listAudit", "GET", f"/v1/audit?record=customer&record_id={third['id']}")
    now = await tell("getCustomer", "GET", where, name="afterTheUndo")
    await tell("anonymiseCustomer", "POST", f"{where}/anonymise", {"reason": "request"}, version=now["version"])
