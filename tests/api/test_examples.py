"""A day in the shop, told once: its exchanges are the examples of the contract, for people, for fuzzing and for the page's tests.

``COMPTOIR_RECORD=1`` writes them into ``openapi/examples/``; without it they must be what was written, to the letter, once
ids, instants and secrets are exchanged for fixed ones.
"""

import json
import os
import re
from collections.abc import Mapping
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from api.app import openapi_document
from infra.db.pools import ShopConnection
from tests.api.day_of_the_file import a_day_of_the_file
from tests.api.day_of_the_messages import a_day_of_the_messages
from tests.api.day_of_the_orders import a_day_of_the_orders
from tests.api.day_of_the_purchases import a_day_of_the_purchases
from tests.api.steps import BOUTON, CHUT, DELIVREZ, NUIT, RUE, SHELF, Json, euros
from tests.conftest import CHANNEL, PASSWORD, STAFF, Client, client_of
from tests.support.server import ROOT

EXAMPLES = ROOT / "openapi" / "examples"
RECORD = "COMPTOIR_RECORD"
SHOWN_HEADERS = ("etag", "location", "idempotency-replayed")
WITHOUT_EXAMPLE = {"streamEvents"}
"""An endless stream."""

FIXED: Json = {
    "secret": "cpt_shown-this-once",
    "csrf_token": "a-token-of-this-session",
    "pickup_deadline": "2026-12-05",
    "day": "2026-11-21",
    "overdue_days": 284,
    "until": "2026-12-20",
    "suspended_until": "2026-12-20",
}

_ID = re.compile(
    r"\b(ord|lin|cus|rsv|pay|mov|rcp|key|evt|tpa|usr|adr|con|rib|not|dis|cst|mrg|fls|fld|aud|sup|sln|dln|lst|dep|ans|qch|trf|chk|pur|msg|loy|nde|inv|rem|run)_[0-9a-f]{32}"
)
_UUID = re.compile(r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
_BARE = re.compile(r"\b[0-9a-f]{32}\b")
_CLIENT = re.compile(r"\bkey:[0-9a-f]{32}")
_TOKEN = re.compile(r"/unsubscribe/[^\s\"]+")
_DAY = re.compile(r"\b\d\d/\d\d/\d{4}\b")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


class Scribe:
    """Writes exchanges down with ids, instants and secrets that are the same at each telling."""

    def __init__(self, http: Client) -> None:
        self._http = http
        self._ids: dict[str, str] = {}
        self.told: dict[str, list[Json]] = {}

    async def tell(
        self,
        operation: str,
        method: str,
        path: str,
        body: Any = None,
        *,
        name: str | None = None,
        status: int = 200,
        version: int | None = None,
        http: Client | None = None,
        headers: Mapping[str, str] | None = None,
        text: str | None = None,
    ) -> Any:
        """Do it, write it down, and answer what was answered."""
        sent = {**(headers or {}), **({"if-match": f'"{version}"'} if version else {})}
        if method == "POST" and operation != "createSession":
            sent["idempotency-key"] = f"example-{sum(map(len, self.told.values())) + 1}"
        if text is None:
            answer = await (http or self._http).request(method, path, json=body, headers=sent)
        else:
            sent["content-type"] = "text/csv"
            answer = await (http or self._http).request(method, path, content=text.encode(), headers=sent)
        assert answer.status_code == status, answer.text
        sent.pop("x-csrf-token", None)
        request = {"method": method, "path": path, "headers": sent, "body": body if text is None else text}
        response = {
            "status": status,
            "headers": {header: answer.headers[header] for header in SHOWN_HEADERS if header in answer.headers},
            "body": self._body(answer),
        }
        exchange = {"name": name or operation, "request": _present(request), "response": _present(response)}
        self.told.setdefault(operation, []).append(self._settled(exchange))
        return answer.json() if answer.content and "json" in answer.headers["content-type"] else None

    def _body(self, answer: httpx.Response) -> Any:
        return answer.json() if "json" in answer.headers.get("content-type", "") else None

    def _settled(self, value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {name: self._settled(each, name) for name, each in value.items()}
        if isinstance(value, list):
            return [self._settled(each, key) for each in value]
        if key in FIXED and value is not None:
            return FIXED[key]
        if not isinstance(value, str):
            return value
        text = _ID.sub(lambda found: self._id(found[0]), value)
        text = _UUID.sub("019301a2-b3c4-7d5e-8f90-a1b2c3d4e5f6", text)
        text = _BARE.sub("019301a2b3c47d5e8f90a1b2c3d4e5f6", text)
        text = _CLIENT.sub("key:019301a2b3c47d5e8f90a1b2c3d4e5f6", text)
        text = _TOKEN.sub("/unsubscribe/a-token-of-one-customer", text)
        text = _DAY.sub("05/12/2026", text)
        return _INSTANT.sub("2026-11-21T10:00:00.000000Z", text)

    def _id(self, found: str) -> str:
        kind = found[:3]
        fixed = f"{kind}_019301a2b3c47d5e8f90a1b2{len(self._ids) + 1:08x}"
        return self._ids.setdefault(found, fixed)


def _present(facts: Json) -> Json:
    return {name: value for name, value in facts.items() if value is not None and (name != "headers" or value)}


async def a_day(scribe: Scribe, staff: Client, sql: ShopConnection) -> None:
    """Every operation of the contract once at least, in an order that makes sense."""
    tell = scribe.tell
    await tell("getHealth", "GET", "/healthz")
    await tell("getReadiness", "GET", "/readyz")
    me = await tell(
        "createSession",
        "POST",
        "/v1/session",
        {"login": STAFF, "password": PASSWORD},
        status=201,
        http=staff,
        name="staff",
    )
    await tell("getMe", "GET", "/v1/me", http=staff, name="staff")
    await tell("getMe", "GET", "/v1/me", name="script")
    held = {"x-csrf-token": me["csrf_token"]}
    await tell("deleteSession", "DELETE", "/v1/session", status=204, http=staff, headers=held)
    await tell("listChannels", "GET", "/v1/channels")
    body: Json = {"label": "Ma boutique", "scopes": ["orders:write", "orders:read"], "channel": CHANNEL}
    key = await tell("createApiKey", "POST", "/v1/api-keys", body, status=201)
    await tell("revokeApiKey", "DELETE", f"/v1/api-keys/{key['id']}", status=204)
    await tell("listApiKeys", "GET", "/v1/api-keys")

    card = {
        "title": "MANGER UN LOUP",
        "author": "VINCENT BOURGEAU",
        "publisher": "EDL",
        "list_price": euros("12.20"),
        "vat_rate": "5.50",
        "weight_g": 380,
    }
    await tell("putArticle", "PUT", "/v1/articles/9782070612758", card, status=201, name="new")
    await tell(
        "putArticle", "PUT", "/v1/articles/9782070612758", {**card, "publisher": "ECOLE DES LOISIRS"}, name="known"
    )
    await tell("getArticle", "GET", "/v1/articles/9782070612758")
    await tell("listArticles", "GET", "/v1/articles?q=chut")
    await tell(
        "createMovement", "POST", f"/v1/articles/{CHUT}/movements", {"quantity": 3, "reason": "Inventaire"}, status=201
    )
    await tell("listMovements", "GET", f"/v1/articles/{CHUT}/movements")
    await tell("getStock", "GET", f"/v1/articles/{CHUT}/stock")

    address = {"street": "12 rue des Lilas", "postal_code": "44000", "town": "NANTES", "country": "FR"}
    person = {"name": "MARTIN", "title": "Mme", "first_name": "Claire", "email": "claire.martin@example.org"}
    customer = await tell(
        "createCustomer", "POST", "/v1/customers", {**person, "phone": "0240000000", "address": address}, status=201
    )
    where = f"/v1/customers/{customer['id']}"
    await tell("getCustomer", "GET", where)
    await tell("patchCustomer", "PATCH", where, {"phone": None, "comment": "Préfère le soir"}, version=1)
    await tell("listCustomers", "GET", "/v1/customers?q=martin")
    await tell("countCustomers", "GET", "/v1/customers/count?q=martin")

    lines = [{"ean": ean, "quantity": 1} for ean in SHELF]
    body = {"customer_id": customer["id"], "lines": lines, "customer_reference": "BC-2026-118"}
    order = await tell("createOrder", "POST", "/v1/orders", body, status=201, name="ofTheFile")
    free = {"contact": {"name": "MAISON DES TOUT PETITS"}, "lines": [{"ean": CHUT, "quantity": 2}]}
    loose = await tell("createOrder", "POST", "/v1/orders", free, status=201, name="freeName")
    where = f"/v1/orders/{order['id']}"
    await tell("getOrder", "GET", where)
    await tell("patchOrder", "PATCH", where, {"comment": "Prévenir le soir"}, version=1)
    await tell("createOrderLine", "POST", f"{where}/lines", {"ean": RUE, "quantity": 1}, status=201, version=2)
    listed = await tell("listOrderLines", "GET", f"{where}/lines")
    ids = [line["id"] for line in listed["items"]]
    await tell("patchOrderLine", "PATCH", f"{where}/lines/{ids[0]}", {"ordered": 2}, version=3)
    await tell("deleteOrderLine", "DELETE", f"{where}/lines/{ids[-1]}", version=4)
    body = {"amount": euros("10.00"), "kind": "deposit", "method": "cheque", "reference": "CH 0042"}
    await tell("createPayment", "POST", f"{where}/payments", body, status=201, version=5)
    await tell("listPayments", "GET", f"{where}/payments")

    push: Json = {
        "contact": {**person, "address": address},
        "lines": [{"ean": NUIT, "quantity": 1, "unit_price": euros("15.90")}],
        "paid": False,
        "placed_at": "2026-11-21T10:00:00.000000Z",
        "delivery_charge": euros("3.00"),
    }
    web = f"/v1/channels/{CHANNEL}/orders/WEB-1001"
    await tell("pushOrder", "PUT", web, push, status=201, name="unpaid")
    pushed = await tell("pushOrder", "PUT", web, {**push, "paid": True}, name="paidAfterAll")
    await tell("listOrders", "GET", "/v1/orders")
    await tell("countOrders", "GET", "/v1/orders/count")

    await tell("getQueue", "GET", f"/v1/articles/{CHUT}/queue")
    scanned = await tell("createScan", "POST", "/v1/scans", {"ean": CHUT}, status=201, name="setAside")
    await tell("createScan", "POST", "/v1/scans", {"ean": "9782070612758"}, name="nobodyWaits")
    body = {"reference": "BL 2026-4471", "lines": [{"ean": NUIT, "quantity": 3}, {"ean": BOUTON, "quantity": 1}]}
    await tell("createReception", "POST", "/v1/receptions", body, status=201)
    body = {"ean": NUIT, "quantity": 1, "contact": {"name": "DURAND"}, "place": "Casier 4"}
    kept = await tell("createReservation", "POST", "/v1/reservations", body, status=201)
    await tell("listReservations", "GET", "/v1/reservations")
    await tell("countReservations", "GET", "/v1/reservations/count?state=set_aside")
    await tell("getReservation", "GET", f"/v1/reservations/{kept['id']}")
    await tell("getSlip", "GET", f"/v1/reservations/{kept['id']}/slip.pdf")
    body = {"reservation_ids": [scanned["reservation"]["id"]]}
    await tell("collectReservations", "POST", "/v1/reservations/collect", body)
    body = {"reservation_ids": [kept["id"]], "restock": False, "reason": "Introuvable en rayon"}
    await tell("releaseReservations", "POST", "/v1/reservations/release", body)
    await tell(
        "createDelivery",
        "POST",
        f"/v1/orders/{pushed['id']}/deliveries",
        {},
        status=201,
        version=3,
        name="allThatIsKept",
    )
    assert DELIVREZ in SHELF
    body = {"reason": "Le client renonce"}
    await tell("cancelOrder", "POST", f"/v1/orders/{loose['id']}/cancel", body, version=1)
    await a_day_of_the_file(tell, staff)
    await a_day_of_the_orders(tell)
    await a_day_of_the_messages(tell, sql)
    await a_day_of_the_purchases(tell)


@pytest.fixture
async def told(http: Client, app: FastAPI, sql: ShopConnection) -> dict[str, list[Json]]:
    scribe = Scribe(http)
    async with client_of(app, None) as staff:
        await a_day(scribe, staff, sql)
    return scribe.told


def _text(operation: str, examples: list[Json]) -> str:
    return json.dumps({"operationId": operation, "examples": examples}, indent=2, ensure_ascii=False) + "\n"


async def test_the_examples_are_what_the_shop_answers(told: dict[str, list[Json]]) -> None:
    if os.environ.get(RECORD):
        for old in EXAMPLES.glob("*.json"):
            old.unlink()
        for operation, examples in told.items():
            (EXAMPLES / f"{operation}.json").write_text(_text(operation, examples), encoding="utf-8")
    written = {path.stem: path.read_text(encoding="utf-8") for path in EXAMPLES.glob("*.json")}
    assert set(written) == set(told)
    for operation, examples in told.items():
        assert _text(operation, examples) == written[operation]


async def test_every_operation_has_an_example_of_each_body_it_takes_and_gives() -> None:
    for methods in openapi_document()["paths"].values():
        for operation in methods.values():
            name = operation["operationId"]
            if name in WITHOUT_EXAMPLE:
                continue
            places = [operation["requestBody"]] if "requestBody" in operation else []
            places += [said for status, said in operation["responses"].items() if status.startswith("2")]
            for place in places:
                for kind, content in place.get("content", {}).items():
                    if kind == "application/json":
                        assert content.get("examples"), name
