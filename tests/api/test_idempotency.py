"""Sent twice, done once: pushes by their own number, every other create by its Idempotency-Key (api.md, rule 1)."""

import pytest

from tests.api.conftest import ClientFor
from tests.api.steps import (
    CHUT,
    RUE,
    Connection,
    Json,
    euros,
    line,
    nothing_written,
    order,
    push_body,
    refused,
    row_counts,
    stock,
)
from tests.conftest import Client, Premises

ORDER = {"contact": {"name": "MARTIN"}, "lines": [line()]}
PATH = "/v1/channels/boutique/orders/WEB-1001"


def keyed(key: str) -> dict[str, str]:
    return {"idempotency-key": key}


CREATES: dict[str, tuple[str, Json]] = {
    "customers": ("/v1/customers", {"name": "MARTIN"}),
    "orders": ("/v1/orders", ORDER),
    "movements": (f"/v1/articles/{RUE}/movements", {"quantity": 3, "reason": "Inventaire"}),
    "receptions": ("/v1/receptions", {"lines": [line(RUE, 2)]}),
    "reservations": ("/v1/reservations", {"ean": CHUT, "contact": {"name": "MARTIN"}}),
    "scans": ("/v1/scans", {"ean": CHUT}),
    "api-keys": ("/v1/api-keys", {"label": "x", "scopes": ["orders:read"]}),
}


class TestAKey:
    @pytest.mark.parametrize("what", CREATES)
    async def test_replays_the_answer_and_changes_nothing(self, http: Client, sql: Connection, what: str) -> None:
        path, body = CREATES[what]
        await order(http, line(CHUT))
        await stock(http, CHUT, 5)
        first = await http.post(path, json=body, headers=keyed("k-1"))
        assert first.status_code == 201
        assert "idempotency-replayed" not in first.headers
        async with nothing_written(sql):
            again = await http.post(path, json=body, headers=keyed("k-1"))
        assert (again.status_code, again.headers["idempotency-replayed"]) == (201, "true")
        expected = {**first.json(), "secret": None} if what == "api-keys" else first.json()
        assert again.json() == expected
        for name in ("etag", "location", "content-type"):
            assert again.headers.get(name) == first.headers.get(name)

    @pytest.mark.parametrize("action", ["lines", "payments", "deliveries", "cancel"])
    async def test_replays_an_action_whose_version_has_passed(self, http: Client, sql: Connection, action: str) -> None:
        made = await order(http, line(RUE, 2))
        await stock(http, RUE, 2)
        body: Json = {
            "lines": line(CHUT),
            "payments": {"amount": euros("5.00"), "method": "cash"},
            "deliveries": {"lines": [{"line_id": made["lines"][0]["id"], "quantity": 1}]},
            "cancel": {"reason": "Doublon"},
        }[action]
        sent: Json = {"json": body, "headers": {**keyed("k-1"), "if-match": '"1"'}}
        first = await http.post(f"/v1/orders/{made['id']}/{action}", **sent)
        assert first.is_success, first.text
        async with nothing_written(sql):
            again = await http.post(f"/v1/orders/{made['id']}/{action}", **sent)
        assert (again.status_code, again.text, again.headers["etag"]) == (first.status_code, first.text, '"2"')
        assert again.headers["idempotency-replayed"] == "true"

    @pytest.mark.parametrize(
        ("path", "body"),
        [
            ("/v1/orders", {**ORDER, "comment": "autre"}),
            ("/v1/customers", {"name": "MARTIN"}),
            (f"/v1/articles/{RUE}/movements", {"quantity": 1, "reason": "x"}),
        ],
    )
    async def test_used_for_another_request_is_refused(
        self, http: Client, sql: Connection, path: str, body: Json
    ) -> None:
        assert (await http.post("/v1/orders", json=ORDER, headers=keyed("k-1"))).status_code == 201
        async with nothing_written(sql):
            refused(await http.post(path, json=body, headers=keyed("k-1")), 422, "idempotency-key-reused")

    async def test_is_the_same_quoted_and_bare(self, http: Client, sql: Connection) -> None:
        first = await http.post("/v1/orders", json=ORDER, headers=keyed('"k-1"'))
        again = await http.post("/v1/orders", json=ORDER, headers=keyed("k-1"))
        assert (first.status_code, again.text) == (201, first.text)
        assert await sql.fetchval("SELECT count(*) FROM customer_order") == 1

    async def test_is_its_clients_own(self, http: Client, web_shop: Client) -> None:
        first = await http.post("/v1/orders", json=ORDER, headers=keyed("k-1"))
        other = await web_shop.post("/v1/orders", json=ORDER, headers=keyed("k-1"))
        assert other.status_code == 201
        assert other.json()["id"] != first.json()["id"]

    async def test_is_its_dossiers_own(self, http: Client, client_for: ClientFor, elsewhere: Premises) -> None:
        first = await http.post("/v1/customers", json={"name": "A"}, headers=keyed("k-1"))
        other = await (await client_for(elsewhere.admin_key)).post(
            "/v1/customers", json={"name": "A"}, headers=keyed("k-1")
        )
        assert other.status_code == 201
        assert other.json()["id"] != first.json()["id"]

    @pytest.mark.parametrize("key", ["k", "k" * 255, '"' + "k" * 253 + '"', "~marks'!", "%20"])
    async def test_may_be_any_visible_text(self, http: Client, key: str) -> None:
        assert (await http.post("/v1/customers", json={"name": "A"}, headers=keyed(key))).status_code == 201

    @pytest.mark.parametrize("key", ["k" * 256, "", "clé", "with space"])
    async def test_of_another_form_is_refused(self, http: Client, sql: Connection, key: str) -> None:
        async with nothing_written(sql):
            headers = {b"idempotency-key": key.encode()}
            answer = await http.post("/v1/customers", json={"name": "A"}, headers=headers)
        assert answer.status_code in {400, 422}
        assert answer.json()["code"] in {"idempotency-key-missing", "invalid"}

    @pytest.mark.parametrize("what", CREATES)
    async def test_missing_is_refused(self, http: Client, sql: Connection, what: str) -> None:
        path, body = CREATES[what]
        async with nothing_written(sql):
            request = http.build_request("POST", path, json=body)
            refused(await http.send(request), 400, "idempotency-key-missing")

    async def test_of_a_refused_request_may_be_used_again_once_it_is_put_right(
        self, http: Client, sql: Connection
    ) -> None:
        async with nothing_written(sql):
            refused(
                await http.post("/v1/scans", json={"ean": RUE, "line_id": f"lin_{'0' * 32}"}, headers=keyed("k-1")),
                422,
                "invalid",
            )
        await order(http)
        await stock(http)
        assert (await http.post("/v1/scans", json={"ean": RUE}, headers=keyed("k-1"))).status_code == 201


FAILS_AT_COMMIT = """
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the disk is full'; END $$;
    CREATE CONSTRAINT TRIGGER refuse AFTER INSERT OR UPDATE ON {table} DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION refuse();
"""
"""Every statement succeeds; the commit does not."""


class TestAFailingCommit:
    @pytest.mark.parametrize(
        ("table", "method", "path", "body"),
        [
            ("customer_order", "PUT", PATH, push_body()),
            ("customer_order", "POST", "/v1/orders", ORDER),
            ("customer", "POST", "/v1/customers", {"name": "MARTIN"}),
            ("stock_movement", "POST", "/v1/receptions", {"lines": [line()]}),
            ("reservation", "POST", "/v1/scans", {"ean": RUE}),
            ("reservation", "POST", "/v1/reservations", {"ean": RUE, "contact": {"name": "A"}}),
            ("article", "PUT", f"/v1/articles/{RUE}", {"title": "A", "list_price": {"amount": "1"}}),
            ("api_key", "POST", "/v1/api-keys", {"label": "x", "scopes": ["orders:read"]}),
        ],
    )
    async def test_is_never_answered_with_a_success(
        self,
        client_for: ClientFor,
        http: Client,
        premises: Premises,
        sql: Connection,
        table: str,
        method: str,
        path: str,
        body: Json,
    ) -> None:
        await order(http, line(RUE))
        await stock(http)
        await sql.execute(FAILS_AT_COMMIT.format(table=table))
        before = await row_counts(sql)
        unlucky = await client_for(premises.admin_key, raise_app_exceptions=False)
        refused(await unlucky.request(method, path, json=body, headers=keyed("k-1")), 500, "internal")
        assert await row_counts(sql) == before
        await sql.execute("DROP FUNCTION refuse() CASCADE")
        assert (await http.request(method, path, json=body, headers=keyed("k-1"))).is_success
