"""What Schemathesis must know of the shop to make data that it accepts, so that the cases reach what is behind the schemas.

Only well-formed cases are touched, and three of four only: the others name records that are not there, stale
versions, wrong passwords.
"""

import asyncio
import os
import re
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import schemathesis
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode

from tests.api.steps import CHUT, NUIT, RUE, SHELF, line
from tests.conftest import PASSWORD, STAFF

RUN = uuid4().hex
KEY = "idempotency-key"
_keys = count(1)
_turns: dict[tuple[str, str], int] = {}

schemathesis.openapi.format("ean13", st.sampled_from(SHELF))
"""The articles of the furnished shop: an EAN of no article is well-formed, and rightly refused."""


IBANS = ("FR1420041010050500013M02606", "MC5811222000010123456789030", "DE89370400440532013000", "BE68539007547034")
for _format, _valid in {
    "siret": ("73282932000074", "35600000000048", "44306184100047"),
    "vat-number": ("FR44732829320", "DE136695976", "BE0428759497"),
    "iban": IBANS,
    "rib": tuple(iban[4:] for iban in IBANS[:2]),
    "bic": ("PSSTFRPPPAR", "COBADEFFXXX", "GEBABEBB"),
}.items():
    schemathesis.openapi.format(_format, st.sampled_from(_valid))
schemathesis.openapi.format(
    "scope",
    st.sampled_from(["orders:read", "customers:*", "articles:write"])
    | st.integers(1, 9999).map(lambda n: f"confidential:D{n}"),
)
PARTS: dict[str, tuple[str, dict[str, Any]]] = {
    "address_id": ("addresses", {}),
    "contact_id": ("contacts", {"name": "FUZZ"}),
    "bank_account_id": ("bank-accounts", {"iban": IBANS[0]}),
    "note_id": ("notes", {"text": "FUZZ"}),
    "discount_id": ("discounts", {"scope": "all", "percent": "5.00"}),
}
"""What hangs on cards, by the path parameter that names it: where it is, and how a new one is made."""
KNOWN_CODES = {"title": "Mme", "function": "CDE", "language": "fr"}
"""A code that the shop's own table has, for each field that asks for one."""


ETAG = re.compile('"[0-9]{1,9}"')
UNNAMED = {"billed_to_id", "billing_address_id", "delivery_address_id", "bank_account_id", "contact_id", "sales_rep_id"}
"""What a document may name of a card; the records drawn are nobody's, and rightly refused."""


KEPT_FRESH = {"patchReservation", "moveReservation", "requestCancellation", "withdrawCancellation"}
"""What is done to a copy that is still kept."""


OF_A_PERIOD = {
    "getShrinkage",
    "getStatistics",
    "getStatisticsFile",
    "getLendingDeclaration",
    "getLendingDeclarationCsv",
    "getLendingDeclarationFile",
}
"""What is asked of a period, whose end comes after its beginning."""
CENT = {"amount": "0.01", "currency": "EUR"}


def _fresh() -> str:
    return f"fuzz-{RUN}-{next(_keys)}"


schemathesis.openapi.format(KEY, st.builds(_fresh))


class _Shop:
    """The shop as it is at this moment."""

    def __init__(self) -> None:
        key = os.environ["FUZZ_KEY"]
        self._http = httpx.Client(base_url=os.environ["FUZZ_URL"], headers={"authorization": f"Bearer {key}"})

    def found(self, path: str, turn: int, **query: str) -> dict[str, Any]:
        """One of the newest records of a list, not always the same."""
        items: list[dict[str, Any]] = self._http.get(path, params=query or None).json()["items"]
        return items[turn % len(items)]

    def order(self) -> dict[str, Any]:
        """A fresh order of two lines, with which anything may be done."""
        body = {"contact": {"name": "FUZZ"}, "lines": [line(RUE), line(CHUT)]}
        made: dict[str, Any] = self._http.post("/v1/orders", json=body, headers={KEY: _fresh()}).json()
        return made

    def keep(self, order: dict[str, Any]) -> None:
        """Set a copy aside for the first line of an order, so that something can be delivered."""
        line_id = order["lines"][0]["id"]
        body = {"ean": RUE, "order_id": order["id"], "line_id": line_id, "reason": "FUZZ"}
        self._http.post("/v1/scans", json=body, headers={KEY: _fresh()}).raise_for_status()

    def part(self, card: str, parameter: str) -> str:
        """The address of something that hangs on a card; hung there if nothing does."""
        kind, body = PARTS[parameter]
        there = self._http.get(f"{card}/{kind}").json()["items"]
        made = there[-1] if there else self._http.post(f"{card}/{kind}", json=body, headers={KEY: _fresh()}).json()
        return f"{card}/{kind}/{made['id']}"

    def third_party(self, turn: int, *, fresh: bool) -> dict[str, Any]:
        """A third party; a fresh prospect where one is to become a customer."""
        if not fresh and self._http.get("/v1/third-parties").json()["items"]:
            return self.found("/v1/third-parties", turn)
        body = {"name": "FUZZ", "type": "prospect"}
        made: dict[str, Any] = self._http.post("/v1/third-parties", json=body, headers={KEY: _fresh()}).json()
        return made

    def value(self, *, fresh: bool) -> tuple[str, str]:
        """A table and one of its codes; a fresh one where it is to be deleted, for cards need the others."""
        if not fresh:
            return "titles", "Mme"
        body = {"code": f"FZ{next(_keys)}", "label": "FUZZ"}
        made = self._http.post("/v1/tables/categories", json=body, headers={KEY: _fresh()}).json()
        return "categories", made["code"]

    def field(self) -> dict[str, Any]:
        """A fresh field of the shop's own, with which anything may be done."""
        body = {"record": "customer", "questionnaire": "FUZZ", "code": f"F{next(_keys)}", "label": "x", "kind": "flag"}
        made: dict[str, Any] = self._http.post("/v1/custom-fields", json=body, headers={KEY: _fresh()}).json()
        return made

    def user(self) -> dict[str, Any]:
        """A fresh colleague: the one who logs in keeps his password."""
        body = {"login": f"fuzz-{next(_keys)}", "name": "FUZZ", "password": PASSWORD}
        made: dict[str, Any] = self._http.post("/v1/users", json=body, headers={KEY: _fresh()}).json()
        return made

    def flash(self) -> tuple[str, dict[str, str]]:
        """A fresh flash, and the headers of the colleague to whom it was sent: a key has none of its own."""
        session = httpx.Client(base_url=self._http.base_url)
        me = session.post("/v1/session", json={"login": STAFF, "password": PASSWORD}).json()
        wanted = {"flash_customer_ids": [me["user_id"]]}
        self._http.patch("/v1/dossier", json=wanted, headers={"if-match": self.etag("/v1/dossier")}).raise_for_status()
        self._http.post("/v1/customers", json={"name": "FUZZ"}, headers={KEY: _fresh()}).raise_for_status()
        newest = session.get("/v1/flashes").json()["items"][0]
        cookie = "; ".join(f"{name}={value}" for name, value in session.cookies.items())
        return newest["id"], {"cookie": cookie, "x-csrf-token": me["csrf_token"]}

    def supplier(self) -> str:
        """A fresh supplier: what was drawn may have closed the others."""
        body = {"name": "FUZZ SUPPLIER", "type": "supplier"}
        made: dict[str, Any] = self._http.post("/v1/third-parties", json=body, headers={KEY: _fresh()}).json()
        return str(made["id"])

    def supply(self, *, sent: bool) -> dict[str, Any]:
        """A fresh supplier order of two lines, with which anything may be done."""
        order = self.order()
        body = {
            "supplier_id": self.supplier(),
            "lines": [{"line_id": each["id"]} for each in order["lines"]],
            "new": True,
        }
        raised = self._http.post("/v1/supplier-orders", json=body, headers={KEY: _fresh()}).json()["items"][0]
        if sent:
            headers = {KEY: _fresh(), "if-match": f'"{raised["version"]}"'}
            raised = self._http.post(f"/v1/supplier-orders/{raised['id']}/validate", headers=headers).json()
        found: dict[str, Any] = raised
        return found

    def delivered(self) -> dict[str, Any]:
        """A fresh order of which a copy was delivered with a note."""
        order = self.order()
        self.keep(order)
        now = self._http.get(f"/v1/orders/{order['id']}").json()
        headers = {KEY: _fresh(), "if-match": f'"{now["version"]}"'}
        note = self._http.post(f"/v1/orders/{order['id']}/delivery-notes", json={}, headers=headers).json()
        return {**order, "delivery_note_id": note["id"]}

    def lapsed(self, *, cancelled: bool) -> dict[str, Any]:
        """A fresh web order that is not paid, annulled if it is to be opened again."""
        body = {"contact": {"name": "FUZZ"}, "lines": [line(RUE)], "paid": False, "delivery_charge": {"amount": "3.00"}}
        made = self._http.put(f"/v1/channels/boutique/orders/{_fresh()}", json=body).json()
        if cancelled:
            headers = {KEY: _fresh(), "if-match": f'"{made["version"]}"'}
            made = self._http.post(f"/v1/orders/{made['id']}/lapse", headers=headers).json()
        found: dict[str, Any] = made
        return found

    def saved_list(self) -> dict[str, Any]:
        """A fresh saved list, with which anything may be done."""
        body = {"name": "FUZZ", "lines": [line(RUE)]}
        made: dict[str, Any] = self._http.post("/v1/saved-lists", json=body, headers={KEY: _fresh()}).json()
        return made

    def node(self, path: str) -> str:
        """A fresh code of the tree of categories, or of the table of answers."""
        code = f"FZ{next(_keys)}"
        body = {"label": "FUZZ", "level": "shop"} if path == "categories" else {"label": "FUZZ", "effect": "wait"}
        self._http.put(f"/v1/{path}/{code}", json=body).raise_for_status()
        return code

    def queue(self, ean: str) -> list[str]:
        """The whole queue of an article, as far as one request can name it."""
        items = self._http.get(f"/v1/articles/{ean}/queue", params={"limit": "200"}).json()["items"]
        return [each["line_id"] for each in items]

    def customer(self) -> dict[str, Any]:
        """A fresh card, with which anything may be done."""
        made: dict[str, Any] = self._http.post("/v1/customers", json={"name": "FUZZ"}, headers={KEY: _fresh()}).json()
        return made

    def standing(self, turn: int) -> dict[str, Any]:
        """A card that still changes: an anonymised one rightly refuses."""
        items: list[dict[str, Any]] = self._http.get("/v1/customers", params={"limit": "20"}).json()["items"]
        cards = [card for card in items if card["anonymised_at"] is None]
        return cards[turn % len(cards)]

    def reachable(self) -> dict[str, Any]:
        """A fresh card that an e-mail reaches."""
        body = {"name": "FUZZ", "email": f"fuzz-{next(_keys)}@example.org"}
        made: dict[str, Any] = self._http.post("/v1/customers", json=body, headers={KEY: _fresh()}).json()
        return made

    def kept(self) -> dict[str, Any]:
        """A fresh reservation of two copies, with which anything may be done."""
        body = {"ean": RUE, "quantity": 2, "customer_id": self.reachable()["id"]}
        made: dict[str, Any] = self._http.post("/v1/reservations", json=body, headers={KEY: _fresh()}).json()
        return made

    def asked_back(self) -> dict[str, Any]:
        """A fresh reservation that somebody asks to give up."""
        path = f"/v1/reservations/{self.kept()['id']}/cancellation-request"
        made: dict[str, Any] = self._http.post(path, json={}, headers={KEY: _fresh()}).json()
        return made

    def message(self, *, dead: bool) -> str:
        """A fresh message that waits to be sent, or that no server would take."""
        asked = {"reservation_ids": [self.kept()["id"]], "channel": "email"}
        made = self._http.post("/v1/reservations/reminders", json=asked, headers={KEY: _fresh()}).json()
        message = str(made["messages"][0]["id"])
        if dead:
            asyncio.run(_give_up(message))
        return message

    def faithful(self) -> dict[str, Any]:
        """A fresh card whose program has given it a reward."""
        program = {"code": "FZ", "label": "FUZZ", "kind": "purchases", "percent": "5.00", "every": 2}
        headers = {"if-match": self.etag("/v1/dossier")}
        wanted = {"loyalty": {"programs": [program]}}
        self._http.patch("/v1/dossier", json=wanted, headers=headers).raise_for_status()
        body = {"name": "FUZZ", "fidelity_active": True}
        made: dict[str, Any] = self._http.post("/v1/customers", json=body, headers={KEY: _fresh()}).json()
        opening = {"amount": {"amount": "500.00"}, "purchases": 10, "base": {"amount": "9000.00"}}
        path = f"/v1/customers/{made['id']}/loyalty/openings"
        self._http.post(path, json=opening, headers={KEY: _fresh()}).raise_for_status()
        return made

    def prepaid(self) -> dict[str, Any]:
        """A fresh order of somebody who left a deposit by name."""
        card = self.customer()
        body: dict[str, Any] = {"amount": {"amount": "50.00"}, "kind": "received", "method": "cash"}
        path = f"/v1/customers/{card['id']}/named-deposits"
        self._http.post(path, json=body, headers={KEY: _fresh()}).raise_for_status()
        order = {"customer_id": card["id"], "lines": [line(RUE), line(CHUT)]}
        made: dict[str, Any] = self._http.post("/v1/orders", json=order, headers={KEY: _fresh()}).json()
        return made

    def invoice(self) -> str:
        """A fresh invoice, long due."""
        number = _fresh()
        body = {"customer_id": self.customer()["id"], "issued_on": "2026-01-10", "due_on": "2026-02-10"}
        put = self._http.put(f"/v1/invoices/{number}", json={**body, "total": {"amount": "90.00"}})
        put.raise_for_status()
        return number

    def reminder_run(self) -> str:
        words = {"subject": "FUZZ", "body": "{factures}"}
        step = {"after_days": 7, "channel": "post", "states": ["awaited"], "fr": words, "en": words}
        headers = {"if-match": self.etag("/v1/dossier")}
        scenario = {"reminders": {"scenarios": [{"steps": [step]}]}}
        self._http.patch("/v1/dossier", json=scenario, headers=headers).raise_for_status()
        card = self._http.get(f"/v1/invoices/{self.invoice()}").json()["customer_id"]
        run = {"customer_ids": [card]}
        made = self._http.post("/v1/reminder-runs", json=run, headers={KEY: _fresh()}).json()
        return str(made["id"])

    def token(self) -> str:
        """The way out that an advertisement names."""
        asked = {"customer_ids": [self.reachable()["id"]], "channel": "email", "purpose": "order_arrival"}
        words = {"subject": "FUZZ", "text": "{desabonnement}"}
        told = self._http.post("/v1/messages/preview", json=asked | words).json()
        return str(told["messages"][0]["body"]).rpartition("/")[2]

    def check(self) -> str:
        made: dict[str, Any] = self._http.post("/v1/stock-checks", headers={KEY: _fresh()}).json()
        return str(made["id"])

    def template(self) -> tuple[str, str]:
        """Words of the shop's own."""
        path = "/v1/message-templates/last_call/en"
        words = {"subject": "FUZZ", "body": "FUZZ", "sms": "FUZZ"}
        there = self._http.get("/v1/message-templates").json()["items"]
        version = next(each["version"] for each in there if (each["event"], each["language"]) == ("last_call", "en"))
        self._http.put(path, json=words, headers={"if-match": f'"{version}"'}).raise_for_status()
        return "last_call", "en"

    def template_version(self, event: str, language: str) -> int:
        there = self._http.get("/v1/message-templates").json()["items"]
        return next(int(each["version"]) for each in there if (each["event"], each["language"]) == (event, language))

    def merge(self) -> str:
        """A fresh merge, which can be undone."""
        body = {"kept_id": self.customer()["id"], "absorbed_id": self.customer()["id"]}
        made: dict[str, Any] = self._http.post("/v1/customer-merges", json=body, headers={KEY: _fresh()}).json()
        return str(made["merge_id"])

    def etag(self, path: str) -> str:
        return self._http.get(path).headers["etag"]


async def _give_up(message: str) -> None:
    connection = await asyncpg.connect(os.environ["FUZZ_DATABASE"])
    await connection.execute(
        "UPDATE message SET state = 'dead', ended_at = now(), error = 'FUZZ' WHERE message_id = $1::uuid",
        UUID(hex=message.partition("_")[2]),
    )
    await connection.close()


_shop = _Shop()


@schemathesis.hook
def before_call(context: schemathesis.HookContext, case: Any, kwargs: dict[str, Any]) -> None:
    """Name what is there. A key used again for another body is well-formed too, and rightly refused: it is always fresh."""
    if case.meta is None or case.meta.generation.mode is not GenerationMode.POSITIVE:
        return
    if KEY in (case.headers or {}):
        case.headers[KEY] = _fresh()
    name = case.operation.definition.raw["operationId"]
    if "if-match" in (case.headers or {}) and not ETAG.fullmatch(str(case.headers["if-match"])):
        case.headers["if-match"] = '"1"'  # an optional header is drawn without its pattern
    # counted by phase, so that each begins with a case that names what is there
    place = (name, str(case.meta.phase.name))
    turn = _turns[place] = _turns.get(place, -1) + 1
    if name == "createReceptionOfNotice":
        case.body = f"EAN;quantité\n{RUE};1\n"  # what no schema can say of a text
    if isinstance(case.body, dict) and name == "suspendLine":
        case.body["until"] = "2999-12-31"  # nor of a day: it must be after today
    if isinstance(case.body, dict) and name in {"previewMessageTemplate", "putMessageTemplate"}:
        # words of other papers are drawn too, and name places that a message has not
        case.body |= {field: "FUZZ" for field in ("subject", "body", "sms") if "{" in str(case.body.get(field))}
    if isinstance(case.body, dict) and name == "createStockCount":
        # an article counted once, and copies left for the other cases
        case.body["lines"] = [{"ean": ean, "counted": 9000} for ean in {each["ean"] for each in case.body["lines"]}]
    if isinstance(case.body, dict) and name == "putArticle" and case.body.get("digital") is True:
        case.body["digital"] = False  # a book made digital is rightly refused by every later reception of it
    places = case.path_parameters or {}
    if "merge_id" in places and (turn % 4 != 3 or not str(places["merge_id"]).startswith("mrg_")):
        places["merge_id"] = _shop.merge()  # a preview links to no merge
    if turn % 4 == 3:
        return
    if case.query:
        case.query.pop("cursor", None)  # one that is drawn follows no list
    if name in OF_A_PERIOD:
        case.query |= {"from": "2026-01-01", "to": "2026-12-31"}
        case.query.pop("customer_id", None)
    if "order_id" in places:
        order = _order_for(name)
        places["order_id"] = order["id"]
        if "line_id" in places:
            places["line_id"] = order["lines"][0]["id"]
        if name in {"createDelivery", "createDeliveryNote"}:
            _shop.keep(order)
            if isinstance(case.body, dict) and case.body.get("lines"):
                case.body["lines"] = [{"line_id": order["lines"][0]["id"], "quantity": 1}]
        if isinstance(case.body, dict):
            _name_lines(case.body, order)
        _hold(case, f"/v1/orders/{order['id']}")
    if "supplier_order_id" in places:
        supply = _shop.supply(sent=name == "createSupplierAnswers")
        places["supplier_order_id"] = supply["id"]
        if "supplier_line_id" in places:
            places["supplier_line_id"] = supply["lines"][0]["id"]
        if isinstance(case.body, dict) and "answers" in case.body:
            case.body["answers"] = [{"line_id": supply["lines"][0]["id"], "code": "7"}]
        _hold(case, f"/v1/supplier-orders/{supply['id']}")
    if "list_id" in places:
        places["list_id"] = _shop.saved_list()["id"]
        _hold(case, f"/v1/saved-lists/{places['list_id']}")
    if "delivery_note_id" in places:
        places["delivery_note_id"] = _shop.delivered()["delivery_note_id"]
    if "reception_id" in places:
        places["reception_id"] = _shop.found("/v1/receptions", turn)["id"]
    if "code" in places and "name" not in places:
        kind = case.operation.path.split("/")[2]
        places["code"] = "PUB" if kind == "tariffs" else _shop.node(kind)
        if kind != "tariffs":
            _hold(case, f"/v1/{kind}/{places['code']}")
    if name == "putQueue" and isinstance(case.body, dict):
        case.body["line_ids"] = _shop.queue(str(places["ean"])) or case.body["line_ids"]
    if "customer_id" in places:
        fresh = name in {"anonymiseCustomer", "deleteCustomer"}
        places["customer_id"] = (_shop.customer() if fresh else _shop.standing(turn))["id"]
        _hold(case, f"/v1/customers/{places['customer_id']}")
    if "third_party_id" in places:
        fresh = name == "convertThirdParty" or bool(PARTS.keys() & places.keys())
        places["third_party_id"] = _shop.third_party(turn, fresh=fresh)["id"]
        _hold(case, f"/v1/third-parties/{places['third_party_id']}")
    for parameter in PARTS.keys() & places.keys():
        owner = "customers" if "customer_id" in places else "third-parties"
        card = f"/v1/{owner}/{places['customer_id' if owner == 'customers' else 'third_party_id']}"
        part = _shop.part(card, parameter)
        places[parameter] = part.rpartition("/")[2]
        _hold(case, part)
    if "code" in places and "name" in places:
        places["name"], places["code"] = _shop.value(fresh=name == "deleteTableValue")
        _hold(case, f"/v1/tables/{places['name']}/{places['code']}")
    if "field_id" in places:
        places["field_id"] = _shop.field()["id"]
        _hold(case, f"/v1/custom-fields/{places['field_id']}")
    if "user_id" in places:
        places["user_id"] = _shop.user()["id"]
        _hold(case, f"/v1/users/{places['user_id']}")
    if "flash_id" in places:
        places["flash_id"], theirs = _shop.flash()
        case.headers.pop("Authorization", None)
        case.headers.update(theirs)
    if name == "patchDossier":
        _hold(case, "/v1/dossier")
    if "reservation_id" in places:
        if name in KEPT_FRESH:
            kept = _shop.asked_back() if name == "withdrawCancellation" else _shop.kept()
            places["reservation_id"] = kept["id"]
            _hold(case, f"/v1/reservations/{kept['id']}")
        else:
            places["reservation_id"] = _shop.found("/v1/reservations", turn)["id"]
    if "number" in places:
        places["number"] = _shop.invoice()
        _hold(case, f"/v1/invoices/{places['number']}")
    if "run_id" in places:
        places["run_id"] = _shop.reminder_run()
    if isinstance(case.body, dict):
        _account(case, name, case.body)
    if name == "moveReservation" and isinstance(case.body, dict):
        case.body.update({"order_id": None, "line_id": None, "customer_id": _shop.customer()["id"]})
    if "message_id" in places:
        places["message_id"] = _shop.message(dead=name in {"retryMessage", "dropMessage"})
        _hold(case, f"/v1/messages/{places['message_id']}")
    if "stock_check_id" in places:
        places["stock_check_id"] = _shop.check()
    if "token" in places:
        places["token"] = _shop.token()
    if "language" in places:
        places["event"], places["language"] = _shop.template()
        case.headers["if-match"] = f'"{_shop.template_version(places["event"], places["language"])}"'
    if "channel" in places:
        places["channel"] = "boutique"
    if name == "createCustomerMerge" and isinstance(case.body, dict):
        case.body |= {"kept_id": _shop.customer()["id"], "absorbed_id": _shop.customer()["id"]}
    if isinstance(case.body, dict):
        if name == "moveLine":
            case.body["ean"] = NUIT  # of no line of a fresh order
        if name == "createSupplierOrders":
            case.body |= {"lines": [{"line_id": _shop.order()["lines"][0]["id"]}], "supplier_id": _shop.supplier()}
        if case.body.get("supplier_id"):
            case.body["supplier_id"] = _shop.supplier()
        case.body.update(dict.fromkeys(UNNAMED & case.body.keys()))
        case.body.update({field: code for field, code in KNOWN_CODES.items() if case.body.get(field)})
        if isinstance(case.body.get("address"), dict) and "country" in case.body["address"]:
            case.body["address"]["country"] = "FR"
        if case.body.get("use_main_of_id"):
            case.body["use_main_of_id"] = _shop.supplier()  # an address of the card's own is rightly refused
        if case.body.get("address_id") and "customer_id" in places:
            address = _shop.part(f"/v1/customers/{places['customer_id']}", "address_id")
            case.body["address_id"] = address.rpartition("/")[2]
        if "reservation_ids" in case.body:
            case.body["reservation_ids"] = [_shop.kept()["id"]]
            if case.body.get("parts"):
                case.body["parts"] = [{"reservation_id": case.body["reservation_ids"][0], "quantity": 1}]
        if case.body.get("customer_ids"):
            case.body["customer_ids"] = [_shop.reachable()["id"]]
        if case.body.get("pickup_deadline"):
            case.body["pickup_deadline"] = "2999-12-31"
        if name == "createSession":
            case.body = {"login": STAFF, "password": PASSWORD}


def _account(case: Any, name: str, body: dict[str, Any]) -> None:
    """Whose money it is, and no more of it than there is."""
    match name:
        case "openLoyalty":
            case.path_parameters["customer_id"] = _shop.customer()["id"]
        case "adjustLoyalty":
            case.path_parameters["customer_id"] = _shop.faithful()["id"]
            body.update({"amount": CENT, "purchases": 0, "base": None})
        case "redeemLoyalty":
            case.path_parameters["customer_id"] = _shop.faithful()["id"]
            lines = [
                {"reference": _fresh(), "ean": RUE, "quantity": 1, "amount": {"amount": "12.00", "currency": "EUR"}}
            ]
            body.update({"amount": None, "reference": _fresh(), "lines": lines})
        case "createNamedDeposit":
            body["kind"] = "received"
        case "createOrderNamedDeposit":
            body.update({"direction": "use", "amount": CENT})
        case "putInvoice":
            body.update({"customer_id": _shop.customer()["id"], "customer_code": None, "billed_to_id": None})
            body.update(
                {"issued_on": "2026-01-10", "due_on": "2026-02-10", "paid": {"amount": "0.00", "currency": "EUR"}}
            )
        case "createInvoicePayment":
            body["amount"] = CENT
        case "createReminderRun" | "previewReminderRun":
            body.update({"customer_ids": None, "leave": []})
        case _:
            pass


def _order_for(name: str) -> dict[str, Any]:
    """An order with which ``name`` can be done."""
    match name:
        case "createOrderNamedDeposit":
            return _shop.prepaid()
        case "createReturn":
            return _shop.delivered()
        case "lapseOrder" | "reopenOrder":
            return _shop.lapsed(cancelled=name == "reopenOrder")
        case _:
            return _shop.order()


def _name_lines(body: dict[str, Any], order: dict[str, Any]) -> None:
    """The lines of this order, where a body names lines."""
    first = order["lines"][0]["id"]
    if isinstance(body.get("lines"), list) and body["lines"] and "line_id" in body["lines"][0]:
        body["lines"] = [{"line_id": first, "quantity": 1}]
    if body.get("line_ids"):
        body["line_ids"] = [first]


def _hold(case: Any, path: str) -> None:
    if "if-match" in (case.headers or {}):
        case.headers["if-match"] = _shop.etag(path)
