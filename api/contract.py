"""Makes the OpenAPI document say all that the code does: security, problems, headers, links (api.md, rules 6 and 12)."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from api.deps import Allowed
from api.problems.answering import MEDIA_TYPE
from api.problems.table import PROBLEMS
from api.schemas.base import Problem

DESCRIPTION = """The customer counter of a French bookshop: customers, customer orders, reservations, web shops.

* A web shop pushes orders by `PUT /v1/channels/{channel}/orders/{external_id}`: sent ten times it is one order, for ever.
* Every other create takes an `Idempotency-Key`; every change of a record takes `If-Match` with the ETag you read.
* Every refusal is a problem (RFC 9457), listed in `openapi/problems.md`.
"""

EXAMPLES = Path(__file__).resolve().parents[1] / "openapi" / "examples"
"""Exchanges that the tests had with the shop: a file for each operation, written and checked by tests/api/test_examples.py."""

HEADERS: dict[str, dict[str, Any]] = {
    "ETag": {"description": "The record's version, for If-Match.", "schema": {"type": "string"}},
    "Location": {"description": "Where the record is.", "schema": {"type": "string"}},
    "Content-Disposition": {"description": "The name of the file.", "schema": {"type": "string"}},
    "Labels-Skipped": {"description": "Customers without a postal address.", "schema": {"type": "integer"}},
    "Labels-Shortened": {
        "description": "Addresses of which words had to be left out.",
        "schema": {"type": "integer"},
    },
    "Labels-Shortened-Codes": {
        "description": "The codes of those customers, with a comma between, at most 100.",
        "schema": {"type": "string"},
    },
}


def install(app: FastAPI) -> None:
    """Replace ``app.openapi`` by ours; made once, then kept."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _made(app)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def _made(app: FastAPI) -> dict[str, Any]:
    made = get_openapi(
        title=app.title,
        version=app.version,
        openapi_version="3.1.0",
        description=DESCRIPTION,
        routes=app.routes,
        separate_input_output_schemas=False,
        tags=[
            {"name": "session", "description": "Logging in, keys, web shops."},
            {"name": "customers", "description": "The customer file."},
            {"name": "third-parties", "description": "Prospects, suppliers, sales reps and others."},
            {"name": "articles", "description": "Articles, stock, queues."},
            {"name": "orders", "description": "Customer orders."},
            {"name": "saved-lists", "description": "Kept baskets that become orders (listes mémorisées)."},
            {"name": "tariffs", "description": "Prices: tariffs, and what lines would cost."},
            {"name": "supply", "description": "Untreated lines, supplier orders, receptions."},
            {"name": "channels", "description": "The web shops' door."},
            {"name": "reservations", "description": "Reservations, scans, receptions."},
            {"name": "messages", "description": "Messages to customers, reminders, and their words."},
            {"name": "deposits", "description": "Deposits by name (acomptes nominatifs)."},
            {"name": "invoices", "description": "Invoices of other programs, and what is unpaid of them."},
            {"name": "invoice-reminders", "description": "Reminders of unpaid invoices (relances)."},
            {"name": "statistics", "description": "What was sold, and the declaration of the lending right."},
            {"name": "settings", "description": "The company file, its tables, fields and people."},
            {"name": "audit", "description": "Who changed what, when, before and after."},
            {"name": "operations", "description": "Health and the live feed."},
        ],
        license_info={"name": "Proprietary", "identifier": "LicenseRef-Comptoir"},
        contact={"name": "Comptoir"},
        servers=[{"url": "/", "description": "This server"}],
    )
    schemas = made["components"]["schemas"]
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    for schema in Problem.model_json_schema(ref_template="#/components/schemas/{model}")["$defs"].items():
        schemas[schema[0]] = schema[1]
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    problem.pop("$defs", None)
    schemas["Problem"] = problem
    made["components"]["schemas"] = dict(sorted(schemas.items()))
    made["components"]["securitySchemes"] = {
        "apiKey": {"type": "http", "scheme": "bearer", "description": "The key of a web shop or a script."},
        "session": {"type": "apiKey", "in": "cookie", "name": "comptoir_session", "description": "A staff session."},
    }
    for route in app.routes:
        if isinstance(route, APIRoute):
            for method in route.methods or ():
                _complete(made["paths"][route.path_format][method.lower()], route, method)
    return made


def _complete(operation: dict[str, Any], route: APIRoute, method: str) -> None:
    refuses = {"internal", "try-again", *operation.pop("x-refuses", ())}
    refuses |= _guard(operation, route, method) | _implied(operation)
    responses = operation["responses"]
    responses.pop("422", None)
    for kind in responses.get("200", {}).get("content", {}).values():
        if kind.pop("itemSchema", None) is not None:  # OpenAPI 3.2, which 3.1 does not know
            kind["schema"] = {"type": "string"}
    success = next(iter(responses.values()))
    headers = {name: HEADERS[name] for name in operation.pop("x-headers", ())}
    if headers:
        success["headers"] = headers
    if links := operation.pop("x-links", {}):
        success["links"] = links
    for status, text in operation.pop("x-also", {}).items():
        content = {kind: dict(said) for kind, said in success["content"].items()}
        responses[status] = {**success, "content": content, "description": text}
    by_status: dict[str, list[str]] = {}
    for code in sorted(refuses):
        by_status.setdefault(str(PROBLEMS[code].status), []).append(code)
    for status, codes in by_status.items():
        responses[status] = {
            "description": "; ".join(f"`{code}`: {PROBLEMS[code].title_en}" for code in codes),
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
    operation["responses"] = dict(sorted(responses.items()))
    _exemplify(operation)


def _exemplify(operation: dict[str, Any]) -> None:
    """Show the exchanges recorded for the operation, under their names."""
    recorded = EXAMPLES / f"{operation['operationId']}.json"
    if not recorded.is_file():
        return
    for example in json.loads(recorded.read_text(encoding="utf-8"))["examples"]:
        asked, told = example["request"].get("body"), example["response"].get("body")
        if asked is not None:
            _show(operation["requestBody"], example["name"], asked)
        if told is not None:
            _show(operation["responses"][str(example["response"]["status"])], example["name"], told)


def _show(where: dict[str, Any], name: str, value: Any) -> None:
    for kind in where["content"].values():
        kind["examples"] = {**kind.get("examples", {}), name: {"value": value}}


def _guard(operation: dict[str, Any], route: APIRoute, method: str) -> set[str]:
    """Say who may call; answers how strangers are refused."""
    guard = next((each.call for each in _all(route.dependant) if isinstance(each.call, Allowed)), None)
    operation["security"] = [{"apiKey": []}, {"session": []}] if guard else []
    if guard is None:
        return set()
    refuses = {"not-authenticated", "too-many-requests"}
    if method not in {"GET", "HEAD"}:
        refuses.add("csrf")
    if guard.scope is not None:
        refuses.add("forbidden")
        operation["description"] = f"{operation.get('description', '')}\n\nScope: `{guard.scope.value}`.".strip()
    return refuses


def _all(dependant: Dependant) -> Iterator[Dependant]:
    for each in dependant.dependencies:
        yield each
        yield from _all(each)


def _implied(operation: dict[str, Any]) -> set[str]:
    """How a request is refused whatever the operation does, from the parameters and the body it takes."""
    names = {parameter["name"].lower() for parameter in operation.get("parameters", ())}
    refuses = {"invalid"}  # an unknown parameter is refused everywhere
    if "requestBody" in operation:
        refuses |= {"malformed-json", "body-too-large", "unsupported-media-type", "invalid"}
    if "idempotency-key" in names:
        refuses |= {"idempotency-key-missing", "idempotency-key-reused", "idempotency-in-progress", "answer-erased"}
    if "if-match" in names:
        refuses |= {"if-match-missing", "stale-version"}
    return refuses
