"""Every refusal is a problem of the closed list, and no input, however hostile, is a fault of ours (api.md, rules 6, 7, 9)."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from fastapi import FastAPI

from api.app import create_app, openapi_document
from api.problems.table import PROBLEMS, codes_of_the_domain, markdown
from domain.comptoir import Comptoir, Readers
from infra.bootstrap import running
from tests.api.conftest import ClientFor, cloned, open_app
from tests.api.steps import RUE, Json, line, order, push_body, refused
from tests.conftest import Client, Premises, client_of
from tests.support.database import Cluster
from tests.support.server import ROOT

DOCUMENT = openapi_document()
FACTS = {
    "order_id": f"ord_{'0' * 32}",
    "line_id": f"lin_{'0' * 32}",
    "customer_id": f"cus_{'0' * 32}",
    "reservation_id": f"rsv_{'0' * 32}",
    "api_key_id": f"key_{'0' * 32}",
    "third_party_id": f"tpa_{'0' * 32}",
    "address_id": f"adr_{'0' * 32}",
    "contact_id": f"con_{'0' * 32}",
    "bank_account_id": f"rib_{'0' * 32}",
    "note_id": f"not_{'0' * 32}",
    "discount_id": f"dis_{'0' * 32}",
    "merge_id": f"mrg_{'0' * 32}",
    "user_id": f"usr_{'0' * 32}",
    "flash_id": f"fls_{'0' * 32}",
    "field_id": f"fld_{'0' * 32}",
    "delivery_note_id": f"dln_{'0' * 32}",
    "list_id": f"lst_{'0' * 32}",
    "supplier_order_id": f"sup_{'0' * 32}",
    "supplier_line_id": f"sln_{'0' * 32}",
    "reception_id": f"rcp_{'0' * 32}",
    "stock_check_id": f"chk_{'0' * 32}",
    "message_id": f"msg_{'0' * 32}",
    "run_id": f"run_{'0' * 32}",
    "number": "F2026-0815",
    "event": "arrival",
    "language": "fr",
    "token": "A" * 66,
    "name": "titles",
    "code": "ABSENT",
    "ean": RUE,
    "channel": "boutique",
    "external_id": "W-1",
}


def operations() -> Iterator[tuple[str, str, Json]]:
    """Method, path with something in its places, and the operation."""
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path.format_map(FACTS), operation


PATHS = sorted({path for _, path, _ in operations()})
WITH_BODY = sorted(
    (method, path)
    for method, path, operation in operations()
    if "application/json" in operation.get("requestBody", {}).get("content", {})
)
WITH_QUERY = sorted(
    (method, path)
    for method, path, operation in operations()
    if any(parameter["in"] == "query" for parameter in operation.get("parameters", ()))
)
HELD = {"if-match": '"1"', "content-type": "application/json"}

DEEP = 100_000
HOSTILE: dict[str, bytes] = {
    "nothing": b"",
    "NaN": b'{"name": NaN}',
    "Infinity": b'{"quantity": Infinity}',
    "-Infinity": b"-Infinity",
    "a lone surrogate in a value": b'{"name": "\\ud800"}',
    "a lone surrogate in a key": b'{"\\udfff": 1}',
    "U+0000 in a value": b'{"name": "a\\u0000b", "reason": "\\u0000"}',
    "U+0000 in a key": b'{"\\u0000": 1}',
    "lists a hundred thousand deep": b"[" * DEEP + b"]" * DEEP,
    "objects a hundred thousand deep": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    "10^23": b'{"quantity": 100000000000000000000000}',
    "a number of 5000 digits": b'{"quantity": ' + b"9" * 5000 + b"}",
    "1e400": b'{"quantity": 1e400, "ordered": 1e400}',
    "a BOM": b"\xef\xbb\xbf{}",
    "UTF-16": '{"name": "é"}'.encode("utf-16"),
    "bad UTF-8": b'{"name": "\xff\xfe"}',
    "Latin-1": '{"name": "é"}'.encode("latin-1"),
    "duplicate keys": b'{"name": "a", "name": "b"}',
    "unknown fields": b'{"surprise": {"a": [1, null]}, "__proto__": {}}',
    "a naive datetime": b'{"placed_at": "2026-01-10T12:00:00", "updated_at": "2026-01-10T12:00:00"}',
    "the year 0": b'{"placed_at": "0000-01-01T00:00:00Z", "updated_at": "0001-01-01T00:00:00+23:59"}',
    "1_0": b'{"quantity": 1_0}',
    '"1_0"': b'{"quantity": "1_0", "ordered": "1_0"}',
    "a list": b"[]",
    "a list of nonsense": b'[{"a": 1}, null, "x"]',
    "null": b"null",
    "a text": b'"text"',
    "a number": b"1",
    "half an object": b'{"name": "a"',
    "two documents": b"{} {}",
    "a comment": b"{} // no",
    "nulls everywhere": b'{"name": null, "lines": null, "ean": null, "quantity": null, "amount": null, "contact": null}',
    "wrong types everywhere": b'{"name": {}, "lines": "x", "ean": 1, "quantity": [], "amount": 1.5, "contact": [], "reservation_ids": {}}',
    "spaces of a megabyte": b" " * 1_000_000,
}


@pytest.fixture(scope="module")
async def premises(cluster: Cluster, furnished: Premises) -> AsyncIterator[Premises]:
    """One shop for all refusals, which leave no trace in it."""
    async with cloned(cluster, furnished) as premises:
        yield premises


@pytest.fixture(scope="module")
async def comptoir(premises: Premises) -> AsyncIterator[Comptoir]:
    async with running(database_url=premises.database, pool_size=4) as shop:
        yield shop


@pytest.fixture(scope="module")
async def app(comptoir: Comptoir) -> AsyncIterator[FastAPI]:
    async with open_app(comptoir) as application:
        yield application


class TestAHostileBody:
    @pytest.mark.parametrize("what", HOSTILE)
    async def test_is_refused_with_a_problem_by_every_operation(self, http: Client, what: str) -> None:
        for method, path in WITH_BODY:
            answer = await http.request(method, path, content=HOSTILE[what], headers=HELD)
            assert 400 <= answer.status_code < 500, (method, path, answer.text)
            problem = refused(answer, answer.status_code, answer.json()["code"])
            assert problem["code"] in PROBLEMS

    @pytest.mark.parametrize(
        "kind",
        ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "json", "", "a/b/c"],
    )
    async def test_of_another_media_type_is_415(self, http: Client, kind: str) -> None:
        for method, path in WITH_BODY:
            answer = await http.request(method, path, content=b"{}", headers={**HELD, "content-type": kind})
            refused(answer, 415, "unsupported-media-type")

    async def test_without_a_media_type_is_415(self, http: Client) -> None:
        for method, path in WITH_BODY:
            request = http.build_request(method, path, content=b"{}", headers={"if-match": '"1"'})
            refused(await http.send(request), 415, "unsupported-media-type")

    async def test_of_no_declared_length_is_counted_as_it_comes(self, http: Client) -> None:
        async def endless() -> AsyncIterator[bytes]:
            for _ in range(40):
                yield b" " * 65_536

        for method, path in WITH_BODY:
            refused(await http.request(method, path, content=endless(), headers=HELD), 413, "body-too-large")

    async def test_of_a_notice_too_long_is_counted_as_it_comes(self, http: Client) -> None:
        async def endless() -> AsyncIterator[bytes]:
            for _ in range(40):
                yield b"9791094908020;1\n" * 4096

        answer = await http.post(
            "/v1/receptions/shipping-notice", content=endless(), headers={"content-type": "text/csv"}
        )
        refused(answer, 413, "body-too-large")

    async def test_of_one_byte_too_much_is_413_and_of_the_limit_is_read(self, http: Client) -> None:
        for size, status in ((1024 * 1024, 422), (1024 * 1024 + 1, 413)):
            body = json.dumps(push_body(comment="")).encode()
            padded = body[:-1] + b', "surprise": 1' + b" " * (size - len(body) - 15) + b"}"
            assert len(padded) == size
            answer = await http.put("/v1/channels/boutique/orders/1", content=padded, headers=HELD)
            assert answer.status_code == status


class TestAHostileParameter:
    @pytest.mark.parametrize(("method", "path"), WITH_QUERY)
    async def test_of_an_unknown_name_is_refused(self, http: Client, method: str, path: str) -> None:
        answer = await http.request(method, path, params={"surprise": "1"})
        assert [fault["pointer"] for fault in refused(answer, 422, "invalid")["errors"]] == ["surprise"]

    @pytest.mark.parametrize(("method", "path"), WITH_BODY)
    async def test_is_refused_where_there_are_none(self, http: Client, method: str, path: str) -> None:
        refused(await http.request(method, f"{path}?a=1", json={}, headers=HELD), 422, "invalid")

    @pytest.mark.parametrize("query", ["limit=1&limit=2", "name=a&name=b", "number=1&number=1"])
    async def test_said_twice_is_refused(self, http: Client, query: str) -> None:
        problem = refused(await http.get(f"/v1/orders?{query}"), 422, "invalid")
        assert problem["errors"][0]["detail"] == "paramètre répété"

    @pytest.mark.parametrize(
        "query",
        [
            "limit=1_0",
            "limit=0",
            "limit=201",
            "limit=1.0",
            "limit=%D9%A1",
            "limit=",
            "limit=" + "9" * 5000,
            "number=2000000001",
            "number=-1",
            "status=XX",
            "status=co",
            "sort=price",
            "sort=--name",
            "deposit=yes",
            "deposit=1",
            "name=",
            "name=%00",
            "name=%0A",
            "name=" + "a" * 201,
            "ean=123",
            "customer_id=1",
            "created_from=2026-01-10T12:00:00",
            "created_from=2026-01-10",
            "created_from=9999-12-31T23:59:59-23:59",
            "created_from=0001-01-01T00:00:00%2B23:59",
            "created_from=2026-02-30T12:00:00Z",
            "cursor=%00",
            "cursor=a.b",
        ],
    )
    async def test_is_refused_by_name(self, http: Client, query: str) -> None:
        problem = refused(await http.get(f"/v1/orders?{query}"), 422, "invalid")
        assert [fault["pointer"] for fault in problem["errors"]] == [query.partition("=")[0]]

    @pytest.mark.parametrize(
        "query", ["name=%FF%FE", "name=%ED%A0%80", "q=%F0%9F%93%9A", "name=%E2%80%AE", "&&&", "name=%"]
    )
    async def test_of_odd_bytes_is_no_fault_of_ours(self, http: Client, query: str) -> None:
        assert (await http.get(f"/v1/orders?{query}")).status_code in {200, 422}

    @pytest.mark.parametrize(
        "path",
        [
            "/v1/orders/ord_%00",
            "/v1/orders/%FF",
            "/v1/orders/ord_0193",
            "/v1/orders/cus_" + "0" * 32,
            "/v1/articles/%F0%9F%93%9A",
            "/v1/customers/" + "x" * 5000,
        ],
    )
    async def test_in_the_path_is_refused(self, http: Client, path: str) -> None:
        assert refused(await http.get(path), 422, "invalid")["errors"]

    @pytest.mark.parametrize("held", ['"1', "1", "*", 'W/"1"', '"1", "2"', '"-1"', '"1_0"', '"9999999999"', '""', "é"])
    async def test_if_match_of_another_form_is_refused(self, http: Client, held: str) -> None:
        made = await order(http)
        answer = await http.patch(
            f"/v1/orders/{made['id']}", json={"comment": "x"}, headers={b"if-match": held.encode("latin-1")}
        )
        refused(answer, 422, "invalid")


class TestManners:
    @pytest.mark.parametrize("path", PATHS)
    async def test_options_says_what_the_address_answers(self, http: Client, path: str) -> None:
        answer = await http.options(path)
        assert (answer.status_code, answer.content) == (204, b"")
        assert answer.headers["allow"].split(", ") == allowed(path)

    @pytest.mark.parametrize("path", PATHS)
    async def test_a_method_it_has_not_is_405_with_the_whole_allow(self, http: Client, path: str) -> None:
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"} - set(allowed(path)):
            answer = await http.request(method, path)
            refused(answer, 405, "method-not-allowed")
            assert answer.headers["allow"].split(", ") == allowed(path), method

    @pytest.mark.parametrize("path", PATHS)
    async def test_head_is_get_without_the_body(self, http: Client, path: str) -> None:
        async with asyncio.timeout(20):  # the feed has no end for who reads it
            answer = await http.head(path)
        if "GET" in allowed(path):
            if path != "/v1/events":
                assert answer.status_code == (await http.get(path)).status_code
        else:
            assert answer.status_code == 405
        assert answer.content == b""

    @pytest.mark.parametrize("path", PATHS)
    async def test_no_slash_is_redirected(self, http: Client, path: str) -> None:
        refused(await http.get(f"{path}/"), 404, "no-such-path")

    @pytest.mark.parametrize("path", ["/", "/v1", "/v2/orders", "/v1/nothing", "/docs/x", "//v1/orders"])
    async def test_an_address_of_nothing_is_404(self, http: Client, path: str) -> None:
        for method in ("GET", "POST", "OPTIONS"):
            refused(await http.request(method, f"http://comptoir.test{path}"), 404, "no-such-path")

    async def test_every_answer_has_a_request_id_of_its_own(self, http: Client) -> None:
        answers = [await http.get("/healthz"), await http.get("/v1/nothing"), await http.get("/v1/me")]
        ids = {answer.headers["x-request-id"] for answer in answers}
        assert len(ids) == 3
        assert answers[1].json()["request_id"] == answers[1].headers["x-request-id"]

    async def test_a_page_beside_the_contract_changes_none_of_this(self, comptoir: Comptoir, tmp_path: Path) -> None:
        (tmp_path / "index.html").write_text("<title>Comptoir</title>")

        @asynccontextmanager
        async def open_shop() -> AsyncIterator[Comptoir]:
            yield comptoir

        application = create_app(running=open_shop, page=tmp_path)
        async with application.router.lifespan_context(application), client_of(application, None) as page:
            assert (await page.get("/")).text == "<title>Comptoir</title>"
            refused(await page.get("/nothing.js"), 404, "no-such-path")
            refused(await page.post("/nothing"), 404, "no-such-path")
            refused(await page.delete("/v1/orders"), 405, "method-not-allowed")


def allowed(path: str) -> list[str]:
    """The methods that the contract gives a path, and those that follow."""
    methods = {method for method, each, _ in operations() if each == path} | {"OPTIONS"}
    return sorted(methods | ({"HEAD"} if "GET" in methods else set()))


class TestALanguage:
    @pytest.mark.parametrize(
        ("asked", "given"),
        [
            (None, "fr"),
            ("", "fr"),
            ("fr", "fr"),
            ("en", "en"),
            ("en-GB", "en"),
            ("EN", "en"),
            ("de", "fr"),
            ("*", "fr"),
            ("fr;q=0.5, en;q=0.9", "en"),
            ("fr;q=0.9, en;q=0.5", "fr"),
            ("en;q=0.5, fr;q=0.5", "en"),
            ("de, en;q=0.8, fr;q=0.7", "en"),
            ("en;q=0", "fr"),
            ("en; q=0.9, fr; q=0.1", "en"),
            ("en;q=nan", "fr"),
            ("en;q=9", "fr"),
            ("en;q=x", "fr"),
            ("," * 5000, "fr"),
        ],
    )
    async def test_is_french_unless_english_is_preferred(self, http: Client, asked: str | None, given: str) -> None:
        answer = await http.get("/v1/nothing", headers={} if asked is None else {"accept-language": asked})
        title = {"fr": "Adresse inconnue", "en": "No such address"}[given]
        assert (answer.headers["content-language"], answer.json()["title"]) == (given, title)

    @pytest.mark.parametrize("code", PROBLEMS)
    def test_has_a_wording_of_its_own_for_each_problem(self, code: str) -> None:
        said = PROBLEMS[code]
        assert said.title_fr != said.title_en
        assert said.detail_fr != said.detail_en
        assert _facts(said.detail_fr) == _facts(said.detail_en)


def _facts(template: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(template)} - {None}


class TestTheList:
    def test_has_every_code_that_the_domain_may_raise(self) -> None:
        assert codes_of_the_domain() <= set(PROBLEMS)

    def test_is_in_problems_md_to_the_byte(self) -> None:
        assert (ROOT / "openapi" / "problems.md").read_text(encoding="utf-8") == markdown()

    async def test_gives_each_refusal_its_type_and_the_members_of_rfc_9457(self, http: Client) -> None:
        problem = refused(await http.get("/v1/nothing"), 404, "no-such-path")
        assert set(problem) == {"type", "title", "status", "detail", "code", "request_id", "errors"}
        assert problem["type"] == "urn:comptoir:problem:no-such-path"
        assert problem["errors"] == []

    async def test_never_echoes_the_input(self, http: Client) -> None:
        secret = "ne-me-repete-pas"
        bad: list[tuple[str, str, Any]] = [
            (
                "POST",
                "/v1/orders",
                {"contact": {"name": secret + "\0"}, "lines": [{"ean": secret, "quantity": secret}]},
            ),
            ("PUT", f"/v1/channels/boutique/orders/{secret}", push_body(line(unit_price={"amount": secret}))),
            ("GET", f"/v1/orders/{secret}", None),
            ("GET", f"/v1/orders?number={secret}&status={secret}&cursor={secret}", None),
            ("GET", f"/v1/orders?cursor={secret.replace('-', '')}", None),
            ("POST", f"/{secret}", None),
            ("POST", "/v1/session", {"login": secret, "password": secret}),
        ]
        for method, path, body in bad:
            answer = await http.request(method, path, json=body)
            assert 400 <= answer.status_code < 500
            assert secret not in answer.text, path

    async def test_names_at_most_a_hundred_faults(self, http: Client) -> None:
        body = {"contact": {"name": "A"}, "lines": [{"ean": "x", "quantity": 0}] * 500}
        assert len(refused(await http.post("/v1/orders", json=body), 422, "invalid")["errors"]) == 100


class _Broken:
    """A reader that fails in a way nobody thought of."""

    def __getattr__(self, name: str) -> Any:
        raise ZeroDivisionError


class TestAFaultOfOurs:
    @pytest.fixture
    def broken(self, app: FastAPI, comptoir: Comptoir, monkeypatch: pytest.MonkeyPatch) -> FastAPI:
        readers: Readers = replace(comptoir.read, orders=_Broken())
        monkeypatch.setitem(app.state._state, "comptoir", replace(comptoir, read=readers))
        return app

    async def test_is_a_problem_too(self, broken: FastAPI, client_for: ClientFor, premises: Premises) -> None:
        unlucky = await client_for(premises.admin_key, raise_app_exceptions=False)
        answer = await unlucky.get("/v1/orders")
        problem = refused(answer, 500, "internal")
        assert "ZeroDivision" not in answer.text
        assert problem["request_id"] == answer.headers["x-request-id"]

    async def test_leaves_the_rest_working(self, broken: FastAPI, client_for: ClientFor, premises: Premises) -> None:
        unlucky = await client_for(premises.admin_key, raise_app_exceptions=False)
        assert (await unlucky.get("/v1/orders")).status_code == 500
        assert (await unlucky.get("/v1/customers")).status_code == 200

    async def test_in_the_database_is_503_when_it_may_be_tried_again(
        self, http: Client, app: FastAPI, comptoir: Comptoir, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def no() -> bool:
            return False

        monkeypatch.setitem(app.state._state, "comptoir", replace(comptoir, ready=no))
        answer = await http.get("/readyz")
        refused(answer, 503, "try-again")
        assert int(answer.headers["retry-after"]) >= 1
