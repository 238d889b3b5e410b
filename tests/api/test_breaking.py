"""The contract only ever grows."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from api.app import VERSION, openapi_document
from tests.support.breaking import breaks

OPENAPI = Path(__file__).parents[2] / "openapi"
RELEASED: dict[str, Any] = json.loads((OPENAPI / "released.json").read_text(encoding="utf-8"))


def _order(document: dict[str, Any]) -> dict[str, Any]:
    order: dict[str, Any] = document["components"]["schemas"]["Order"]
    return order


def _push(document: dict[str, Any]) -> dict[str, Any]:
    push: dict[str, Any] = document["components"]["schemas"]["OrderPush"]
    return push


class TestTheContract:
    def test_breaks_nothing_that_was_released(self) -> None:
        found = breaks(RELEASED, openapi_document())
        if RELEASED["info"]["version"].split(".")[0] == VERSION.split(".")[0]:
            assert found == []
        else:
            assert f"## {VERSION}" in (OPENAPI / "CHANGELOG.md").read_text(encoding="utf-8")

    def test_says_in_its_changelog_what_each_version_brought(self) -> None:
        assert f"## {VERSION}" in (OPENAPI / "CHANGELOG.md").read_text(encoding="utf-8")


class TestTheGate:
    @pytest.mark.parametrize(
        ("change", "said"),
        [
            (lambda d: d["paths"].pop("/v1/scans"), "POST /v1/scans: removed"),
            (lambda d: d["paths"]["/v1/me"]["get"].update(operationId="whoAmI"), "GET /v1/me: operationId changed"),
            (lambda d: d["paths"]["/v1/me"]["get"].update(security=[{"apiKey": []}]), "GET /v1/me: a way to"),
            (lambda d: d["paths"]["/healthz"]["get"].update(security=[{"apiKey": []}]), "GET /healthz: now needs"),
            (lambda d: d["paths"]["/v1/orders"]["post"]["responses"].pop("201"), "POST /v1/orders: status 201 removed"),
            (lambda d: _order(d)["properties"].pop("number"), "GET /v1/orders/{order_id} 200.number: removed"),
            (
                lambda d: _order(d)["required"].remove("number"),
                "GET /v1/orders/{order_id} 200.number: may now be missing",
            ),
            (lambda d: _push(d)["required"].append("comment"), "body.comment: newly required"),
            (lambda d: _push(d)["properties"].pop("paid"), "body.paid: no longer accepted"),
            (lambda d: _push(d)["properties"]["lines"].update(maxItems=5), "body.lines: maxItems lowered"),
            (lambda d: _push(d)["properties"]["vat_exempt"].update(default=True), "body.vat_exempt: default changed"),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    def test_sees(self, change: Any, said: str) -> None:
        changed = copy.deepcopy(RELEASED)
        change(changed)
        assert any(said in sentence for sentence in breaks(RELEASED, changed))

    def test_lets_the_contract_grow(self) -> None:
        grown = copy.deepcopy(RELEASED)
        grown["paths"]["/v1/new"] = grown["paths"]["/v1/me"]
        _order(grown)["properties"]["shelf"] = {"type": "string"}
        _push(grown)["properties"]["gift"] = {"type": "boolean", "default": False}
        assert breaks(RELEASED, grown) == []
