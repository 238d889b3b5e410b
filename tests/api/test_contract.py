"""What the contract says, and that it says it as promised (api.md, rules 6, 8, 12)."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from api.app import create_app, openapi_document
from api.cli import openapi_text
from api.problems.table import PROBLEMS
from tests.api.steps import Json
from tests.conftest import Client
from tests.support.server import ROOT

DOCUMENT = openapi_document()
SCHEMAS: dict[str, Json] = DOCUMENT["components"]["schemas"]
FRONTEND = ROOT / "frontend" / "src"
STRANGERS = {"createSession", "getHealth", "getReadiness", "showUnsubscribe", "unsubscribe"}


def operations() -> Iterator[tuple[str, str, Json]]:
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


OPERATIONS = {operation["operationId"]: operation for _, _, operation in operations()}


def nodes(value: Any, where: str = "") -> Iterator[tuple[str, Json]]:
    """Every object of the document with its place; examples apart, which are data."""
    if isinstance(value, dict):
        yield where, value
        for name, each in value.items():
            if name not in {"examples", "example", "default", "const"} or where.endswith("/properties"):
                yield from nodes(each, f"{where}/{name}")
    elif isinstance(value, list):
        for n, each in enumerate(value):
            yield from nodes(each, f"{where}/{n}")


def bodies() -> Iterator[tuple[str, Json]]:
    """Every media type of every request and answer, with its place."""
    for name, operation in OPERATIONS.items():
        for kind, content in operation.get("requestBody", {}).get("content", {}).items():
            yield f"{name} {kind}", content
        for status, response in operation["responses"].items():
            for kind, content in response.get("content", {}).items():
                yield f"{name} {status} {kind}", content


class TestTheFile:
    def test_is_what_the_code_says_to_the_byte(self) -> None:
        assert (ROOT / "openapi" / "openapi.json").read_text(encoding="utf-8") == openapi_text()

    async def test_is_what_the_server_answers(self, http: Client) -> None:
        assert (await http.get("/openapi.json")).json() == json.loads(openapi_text())

    def test_is_openapi_3_1(self) -> None:
        assert DOCUMENT["openapi"].startswith("3.1")


class TestNames:
    def test_of_operations_are_camel_case_and_given_once(self) -> None:
        names = [operation["operationId"] for _, _, operation in operations()]
        assert len(names) == len(set(names)) > 40
        assert [name for name in names if re.fullmatch(r"[a-z]+([A-Z][a-z]+)*", name) is None] == []

    def test_of_schemas_have_no_input_and_output_twins(self) -> None:
        assert [name for name in SCHEMAS if re.search(r"[-_](Input|Output)$|__", name)] == []

    def test_of_schemas_are_all_used(self) -> None:
        text = json.dumps(DOCUMENT)
        assert [name for name in SCHEMAS if f'"#/components/schemas/{name}"' not in text] == []

    def test_of_fields_and_parameters_are_snake_case(self) -> None:
        fields = [name for schema in SCHEMAS.values() for name in schema.get("properties", ())]
        for operation in OPERATIONS.values():
            fields += [each["name"] for each in operation.get("parameters", ()) if each["in"] != "header"]
        assert [name for name in fields if re.fullmatch(r"[a-z][a-z0-9_]*", name) is None] == []

    def test_of_paths_are_under_v1_but_for_the_machines_own(self) -> None:
        assert {path for path in DOCUMENT["paths"] if not path.startswith("/v1/")} == {"/healthz", "/readyz"}


class TestSchemas:
    def test_of_bodies_are_named(self) -> None:
        inline = [place for place, content in bodies() if "$ref" not in content["schema"]]
        assert [place for place in inline if "application/json" in place or "problem" in place] == []

    def test_have_no_object_inside_another(self) -> None:
        inside = [
            where
            for name, schema in SCHEMAS.items()
            for where, node in nodes(schema, name)
            if where != name and isinstance(node.get("properties"), dict) and "type" in node and "/if" not in where
        ]
        assert [where for where in inside if not re.search(r"/(if|then|else)", where)] == []

    def test_use_any_of_only_for_what_may_be_null(self) -> None:
        for where, node in nodes(DOCUMENT):
            if isinstance(node.get("anyOf"), list) and not where.endswith("/properties"):
                kinds = [each.get("type") for each in node["anyOf"]]
                assert len(kinds) == 2, where
                assert kinds[1] == "null", where
            assert "oneOf" not in node, where
            assert "allOf" not in node, where

    def test_of_requests_are_closed_and_of_answers_open(self) -> None:
        asked, told = set(), set()
        for operation in OPERATIONS.values():
            for content in operation.get("requestBody", {}).get("content", {}).values():
                asked |= _reached(content["schema"])
            for response in operation["responses"].values():
                for content in response.get("content", {}).values():
                    told |= _reached(content["schema"])
        objects = {name for name, schema in SCHEMAS.items() if schema.get("type") == "object"}
        assert {name for name in asked & objects if SCHEMAS[name].get("additionalProperties") is not False} == set()
        assert {name for name in told & objects if "additionalProperties" in SCHEMAS[name]} == set()
        assert asked & told & objects == set()

    def test_give_choices_of_answers_as_extensible(self) -> None:
        told: set[str] = set()
        for operation in OPERATIONS.values():
            for response in operation["responses"].values():
                for content in response.get("content", {}).values():
                    told |= _reached(content["schema"])
        assert [where for name in told for where, node in nodes(SCHEMAS[name], name) if "enum" in node] == []
        assert SCHEMAS["Order"]["properties"]["status"]["x-extensible-enum"] == ["CO", "LP", "LT", "AN", "BL"]

    def test_never_give_a_list_as_null(self) -> None:
        for name, schema in SCHEMAS.items():
            for field, said in schema.get("properties", {}).items():
                if not name.endswith(("Create", "Patch", "Request", "Cancel", "OfOrder")):
                    assert "array" not in [each.get("type") for each in said.get("anyOf", ())], f"{name}.{field}"


def _reached(schema: Json) -> set[str]:
    """The names of all schemas that one leads to."""
    found: set[str] = set()
    waiting = [schema]
    while waiting:
        for _, node in nodes(waiting.pop()):
            name = str(node.get("$ref", "")).rpartition("/")[2]
            if name and name not in found:
                found.add(name)
                waiting.append(SCHEMAS[name])
    return found


class TestData:
    @pytest.mark.parametrize(
        "name", ["Order", "OrderSummary", "Customer", "Reservation", "Payment", "Movement", "Reception"]
    )
    def test_is_known_by_a_prefixed_id(self, name: str) -> None:
        (example,) = SCHEMAS[name]["properties"]["id"]["examples"]
        assert re.fullmatch(r"[a-z]{3}_[0-9a-f]{32}", example)

    def test_takes_ids_by_their_prefix_in_every_path(self) -> None:
        prefixes = {
            "order_id": "ord",
            "line_id": "lin",
            "customer_id": "cus",
            "reservation_id": "rsv",
            "api_key_id": "key",
        }
        for operation in OPERATIONS.values():
            for parameter in operation.get("parameters", ()):
                if parameter["in"] == "path" and parameter["name"] in prefixes:
                    expected = f"^{prefixes[parameter['name']]}_[0-9a-f]{{32}}$"
                    assert parameter["schema"]["pattern"] == expected, operation["operationId"]

    def test_of_money_is_an_amount_as_text_and_its_currency(self) -> None:
        for name in ("Money", "SignedMoney", "Sum"):
            assert set(SCHEMAS[name]["properties"]) == {"amount", "currency"}
            assert SCHEMAS[name]["properties"]["amount"]["type"] == "string"
        money = {"unit_price", "list_price", "amount", "total", "paid", "deposit", "discount", "delivery_charge"}
        for name, schema in SCHEMAS.items():
            for field, said in schema.get("properties", {}).items():
                if field in money and name not in {
                    "Money",
                    "SignedMoney",
                    "Sum",
                    "OrderPush",
                    "LendingDeclaration",
                    "Statistics",
                }:
                    kinds = ("/Sum", "/Money", "/SignedMoney")
                    assert any(kind in json.dumps(said) for kind in kinds), f"{name}.{field}"

    def test_has_no_floating_number_anywhere(self) -> None:
        assert [where for where, node in nodes(DOCUMENT) if node.get("type") == "number"] == []

    def test_of_an_ean_is_text_of_13_digits(self) -> None:
        for where, node in nodes(DOCUMENT):
            if where.endswith("/properties/ean"):
                assert node["type"] == "string", where
        for where, node in nodes(SCHEMAS["WantedLineInput"]):
            if where.endswith("/ean"):
                assert (node["pattern"], node["format"]) == ("^[0-9]{13}$", "ean13")

    def test_bounds_every_number_asked_for(self) -> None:
        for operation in OPERATIONS.values():
            asked: list[Any] = [parameter["schema"] for parameter in operation.get("parameters", ())]
            for content in operation.get("requestBody", {}).get("content", {}).values():
                asked += [SCHEMAS[name] for name in _reached(content["schema"])]
            for schema in asked:
                for where, node in nodes(schema):
                    if node.get("type") == "integer":
                        assert {"minimum", "maximum"} <= set(node), (operation["operationId"], where)


@pytest.mark.parametrize("name", OPERATIONS)
class TestAnOperation:
    def test_declares_who_may_call(self, name: str) -> None:
        expected: list[Json] = [] if name in STRANGERS else [{"apiKey": []}, {"session": []}]
        assert OPERATIONS[name]["security"] == expected

    def test_declares_its_problems_by_status(self, name: str) -> None:
        for status, response in OPERATIONS[name]["responses"].items():
            if status.startswith(("4", "5")):
                assert set(response["content"]) == {"application/problem+json"}
                codes = re.findall(r"`([a-z-]+)`", response["description"])
                assert codes
                assert {PROBLEMS[code].status for code in codes} == {int(status)}
        always = {"500", "503"} | (set() if name in STRANGERS else {"401", "429"})
        assert always <= set(OPERATIONS[name]["responses"])

    def test_has_a_summary_a_description_and_a_tag(self, name: str) -> None:
        assert all(OPERATIONS[name].get(field) for field in ("summary", "description", "tags"))

    def test_names_its_examples(self, name: str) -> None:
        for place, content in bodies():
            if place.startswith(f"{name} ") and place.endswith("application/json"):
                assert content.get("examples"), place


class TestHeaders:
    def test_that_creates_need_are_declared(self) -> None:
        without = set()
        for method, _, operation in operations():
            names = {
                each["name"] for each in operation.get("parameters", ()) if each["in"] == "header" and each["required"]
            }
            if method == "POST" and "idempotency-key" not in names:
                without.add(operation["operationId"])
            if operation["operationId"] not in {"putArticle", "pushOrder", "deleteSession", "revokeApiKey"}:
                assert method not in {"PATCH", "DELETE"} or "if-match" in names, operation["operationId"]
        previews = {
            "previewMessages",
            "previewReminders",
            "previewMessageTemplate",
            "previewReminderRun",
        }  # they keep nothing
        assert without == {"createSession", "unsubscribe", *previews}

    def test_of_an_etag_are_declared_where_there_is_a_version(self) -> None:
        for name, operation in OPERATIONS.items():
            for status, response in operation["responses"].items():
                answers = [said["schema"].get("$ref", "") for said in response.get("content", {}).values()]
                if any(answer.endswith(("/Order", "/Customer")) for answer in answers):
                    assert "ETag" in response["headers"], (name, status)

    def test_of_links_lead_to_operations_that_exist(self) -> None:
        links = [
            link
            for operation in OPERATIONS.values()
            for response in operation["responses"].values()
            for link in response.get("links", {}).values()
        ]
        assert len(links) > 10
        for link in links:
            names = {each["name"] for each in OPERATIONS[link["operationId"]]["parameters"]}
            assert set(link["parameters"]) <= names, link


def _nameless(paths: Iterable[str]) -> set[str]:
    """Paths without the names of their parameters."""
    return {re.sub(r"\$?\{[^}]*\}", "{}", path) for path in paths}


@pytest.mark.row("C1")
class TestThePage:
    def test_calls_nothing_that_is_not_in_the_contract(self) -> None:
        called = set()
        for file in [*FRONTEND.rglob("*.ts"), *FRONTEND.rglob("*.svelte")]:
            if file.name != "schema.d.ts":
                called |= set(re.findall(r"""["'`](/v1/[^"'`?]*)""", file.read_text(encoding="utf-8")))
        assert len(called) > 15
        assert _nameless(called) - _nameless(DOCUMENT["paths"]) == set()

    def test_goes_through_no_door_of_its_own(self) -> None:
        """Nothing answers that is not in the contract, but the contract itself and the page's files."""
        app = create_app(running=lambda: (_ for _ in ()).throw(AssertionError))
        paths = {getattr(route, "path", "") for route in app.router.routes}
        assert paths - set(DOCUMENT["paths"]) == {"/openapi.json"}
