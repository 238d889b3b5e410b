"""No lost update: ETag, If-Match, and two writers of whom one wins (api.md, rules 2 and 3)."""

import asyncio
from collections import Counter

import httpx
import pytest

from tests.api.steps import (
    CHUT,
    RUE,
    Connection,
    Json,
    customer,
    euros,
    get,
    line,
    nothing_written,
    order,
    refused,
    stock,
)
from tests.conftest import Client


def held(version: int | str) -> dict[str, str]:
    return {"if-match": f'"{version}"'}


async def _an_order(http: Client) -> Json:
    await stock(http, RUE, 5)
    return await order(http, line(RUE, 3), line(CHUT))


async def _a_customer(http: Client) -> Json:
    return await customer(http)


GUARDED: dict[str, tuple[str, str, str, Json]] = {
    "a customer": ("PATCH", "/v1/customers/{id}", "customer", {"comment": "{n}"}),
    "an order": ("PATCH", "/v1/orders/{id}", "order", {"comment": "{n}"}),
    "a line": ("PATCH", "/v1/orders/{id}/lines/{line}", "order", {"ordered": 4}),
    "a line less": ("DELETE", "/v1/orders/{id}/lines/{line}", "order", {}),
    "a line more": ("POST", "/v1/orders/{id}/lines", "order", line(CHUT)),
    "a payment": ("POST", "/v1/orders/{id}/payments", "order", {"amount": euros("5.00"), "method": "cash"}),
    "a delivery": ("POST", "/v1/orders/{id}/deliveries", "order", {"lines": [{"line_id": "{line}", "quantity": 1}]}),
    "a cancellation": ("POST", "/v1/orders/{id}/cancel", "order", {"reason": "{n}"}),
}


def _filled(value: object, facts: dict[str, str]) -> object:
    if isinstance(value, dict):
        return {name: _filled(each, facts) for name, each in value.items()}
    if isinstance(value, list):
        return [_filled(each, facts) for each in value]
    return value.format_map(facts) if isinstance(value, str) else value


class _Guarded:
    """One guarded change of a fresh record."""

    def __init__(self, what: str, record: Json) -> None:
        self.method, path, self.kind, self._body = GUARDED[what]
        self._facts = {"id": record["id"], "line": record.get("lines", [{"id": ""}])[0]["id"]}
        self.path = path.format_map(self._facts)
        self.record = path.format_map(self._facts).split("/lines")[0]
        for action in ("/payments", "/deliveries", "/cancel"):
            self.record = self.record.removesuffix(action)

    async def send(self, http: Client, headers: dict[str, str], *, n: int = 0) -> httpx.Response:
        body = _filled(self._body, {**self._facts, "n": f"écrivain {n}"})
        return await http.request(self.method, self.path, json=body or None, headers=headers)


async def guarded(http: Client, what: str) -> _Guarded:
    make = _a_customer if GUARDED[what][2] == "customer" else _an_order
    return _Guarded(what, await make(http))


@pytest.mark.parametrize("what", GUARDED)
class TestAChangeOf:
    async def test_needs_if_match(self, http: Client, sql: Connection, what: str) -> None:
        change = await guarded(http, what)
        async with nothing_written(sql):
            refused(await change.send(http, {}), 428, "if-match-missing")
        assert (await http.get(change.record)).headers["etag"] == '"1"'

    async def test_is_refused_on_a_stale_picture(self, http: Client, sql: Connection, what: str) -> None:
        change = await guarded(http, what)
        before = (await http.get(change.record)).json()
        async with nothing_written(sql):
            for version in (0, 2, 999_999_999):
                refused(await change.send(http, held(version)), 412, "stale-version")
        assert (await http.get(change.record)).json() == before

    async def test_answers_the_next_etag_and_no_longer_takes_the_old_one(self, http: Client, what: str) -> None:
        change = await guarded(http, what)
        answer = await change.send(http, held(1))
        assert answer.is_success, answer.text
        assert (answer.headers["etag"], answer.json()["version"]) == ('"2"', 2)
        read = await http.get(change.record)
        assert (read.headers["etag"], read.json()["version"]) == ('"2"', 2)
        refused(await change.send(http, held(1), n=1), 412, "stale-version")

    async def test_by_ten_writers_at_once_lets_one_win(self, http: Client, what: str) -> None:
        change = await guarded(http, what)
        answers = await asyncio.gather(*(change.send(http, held(1), n=n) for n in range(10)))
        assert Counter(answer.is_success for answer in answers) == {True: 1, False: 9}
        for answer in answers:
            if not answer.is_success:
                refused(answer, 412, "stale-version")
        (won,) = (answer.json() for answer in answers if answer.is_success)
        assert (await http.get(change.record)).json() == won
        assert won["version"] == 2

    async def test_of_what_is_not_there_is_404(self, http: Client, what: str) -> None:
        change = await guarded(http, what)
        known = change.record.rpartition("_")[2]
        change.path = change.path.replace(known, "0" * 32)
        refused(await change.send(http, held(1)), 404, "not-found")


class TestAnEtag:
    async def test_is_the_version_in_quotes_on_every_answer_about_one_record(self, http: Client) -> None:
        card = await http.post("/v1/customers", json={"name": "A"})
        made = await http.post("/v1/orders", json={"contact": {"name": "A"}, "lines": [line()]})
        pushed = await http.put(
            "/v1/channels/boutique/orders/W-1", json={"contact": {"name": "A"}, "lines": [line()], "paid": True}
        )
        for answer in (card, made, pushed):
            assert (answer.headers["etag"], answer.json()["version"]) == ('"1"', 1)
            read = await http.get(answer.headers["location"])
            assert read.headers["etag"] == '"1"'


class TestAMergePatchOfAnOrder:
    async def test_leaves_what_is_absent_and_empties_what_is_null(self, http: Client) -> None:
        made = await order(http, comment="Prévenir", customer_reference="BC 7")
        path = f"/v1/orders/{made['id']}"
        first = (await http.patch(path, json={"comment": None}, headers=held(1))).json()
        assert (first["comment"], first["customer_reference"]) == (None, "BC 7")
        second = (await http.patch(path, json={"comment": "Encore"}, headers=held(2))).json()
        assert (second["comment"], second["customer_reference"], second["version"]) == ("Encore", "BC 7", 3)

    async def test_that_changes_nothing_keeps_the_version(self, http: Client) -> None:
        made = await order(http, comment="Prévenir")
        for body in ({}, {"comment": "Prévenir"}):
            answer = await http.patch(f"/v1/orders/{made['id']}", json=body, headers=held(1))
            assert (answer.status_code, answer.headers["etag"]) == (200, '"1"')

    @pytest.mark.parametrize("body", [{"lines": []}, {"total": "1.00"}, {"status": "LT"}, {"number": 1}])
    async def test_never_touches_lines_or_what_is_derived(self, http: Client, body: Json) -> None:
        made = await order(http)
        refused(await http.patch(f"/v1/orders/{made['id']}", json=body, headers=held(1)), 422, "invalid")
        assert await get(http, f"/v1/orders/{made['id']}") == made
