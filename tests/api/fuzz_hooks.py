"""What Schemathesis must know of the shop to make data that it accepts, so that the cases reach what is behind the schemas.

Only well-formed cases are touched, and three of four only: the others name records that are not there, stale
versions, wrong passwords.
"""

import os
from itertools import count
from typing import Any
from uuid import uuid4

import httpx
import schemathesis
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode
from schemathesis.generation.meta import TestPhase

from tests.api.steps import CHUT, RUE, SHELF, line
from tests.conftest import PASSWORD, STAFF

RUN = uuid4().hex
KEY = "idempotency-key"
_keys = count(1)
_turns: dict[str, int] = {}

schemathesis.openapi.format("ean13", st.sampled_from(SHELF))
"""The articles of the furnished shop: an EAN of no article is well-formed, and rightly refused."""


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

    def etag(self, path: str) -> str:
        return self._http.get(path).headers["etag"]


_shop = _Shop()


@schemathesis.hook
def before_call(context: schemathesis.HookContext, case: Any, kwargs: dict[str, Any]) -> None:
    """Name what is there. A key used again for another body is well-formed too, and rightly refused: it is always fresh."""
    if case.meta is None or case.meta.generation.mode is not GenerationMode.POSITIVE:
        return
    if KEY in (case.headers or {}):
        case.headers[KEY] = _fresh()
    name = case.operation.definition.raw["operationId"]
    turn = _turns[name] = _turns.get(name, -1) + 1
    if isinstance(case.body, dict) and name == "putArticle" and case.body.get("digital") is True:
        case.body["digital"] = False  # a book made digital is rightly refused by every later reception of it
    if turn % 4 == 3 and case.meta.phase.name is not TestPhase.EXAMPLES:
        return
    places = case.path_parameters or {}
    if "order_id" in places:
        order = _shop.order()
        places["order_id"] = order["id"]
        if "line_id" in places:
            places["line_id"] = order["lines"][0]["id"]
        if name == "createDelivery":
            _shop.keep(order)
            if isinstance(case.body, dict) and case.body.get("lines"):
                case.body["lines"] = [{"line_id": order["lines"][0]["id"], "quantity": 1}]
        _hold(case, f"/v1/orders/{order['id']}")
    if "customer_id" in places:
        places["customer_id"] = _shop.found("/v1/customers", turn)["id"]
        _hold(case, f"/v1/customers/{places['customer_id']}")
    if "reservation_id" in places:
        places["reservation_id"] = _shop.found("/v1/reservations", turn)["id"]
    if "channel" in places:
        places["channel"] = "boutique"
    if isinstance(case.body, dict):
        if "reservation_ids" in case.body:
            case.body["reservation_ids"] = [_shop.found("/v1/reservations", turn, state="set_aside")["id"]]
        if name == "createSession":
            case.body = {"login": STAFF, "password": PASSWORD}


def _hold(case: Any, path: str) -> None:
    if "if-match" in (case.headers or {}):
        case.headers["if-match"] = _shop.etag(path)
