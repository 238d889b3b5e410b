"""Who may come in: staff sessions, keys, scopes, and the wall between dossiers."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from http.cookies import SimpleCookie

import httpx
import pytest
from fastapi import FastAPI

from api.app import openapi_document
from domain.model.access import Scope
from infra.db.dossiers import add_key
from tests.api.conftest import ClientFor
from tests.api.steps import (
    RUE,
    Connection,
    Json,
    customer,
    get,
    items,
    nothing_written,
    order,
    post,
    push,
    refused,
    row_counts,
    scan,
    stock,
)
from tests.conftest import CHANNEL, PASSWORD, STAFF, Client, Premises, client_of

LOGIN = {"login": STAFF, "password": PASSWORD}


class TestALogin:
    @pytest.fixture
    async def browser(self, app: FastAPI) -> AsyncIterator[Client]:
        """A client with a cookie jar and no key."""
        async with client_of(app, None) as client:
            yield client

    async def test_sets_a_cookie_that_no_script_and_no_other_site_can_use(self, browser: Client) -> None:
        answer = await browser.post("/v1/session", json=LOGIN)
        assert answer.status_code == 201
        (cookie,) = SimpleCookie(answer.headers["set-cookie"]).values()
        assert cookie.key == "comptoir_session"
        assert (cookie["httponly"], cookie["samesite"].lower(), cookie["path"]) == (True, "strict", "/")
        assert not cookie["domain"]
        assert 0 < int(cookie["max-age"]) <= 14 * 86400

    async def test_over_https_sets_a_cookie_that_never_travels_in_clear(self, app: FastAPI) -> None:
        transport = httpx.ASGITransport(app=app)
        async with Client(transport=transport, base_url="https://comptoir.test") as client:
            answer = await client.post("/v1/session", json=LOGIN)
        assert "; Secure" in answer.headers["set-cookie"]

    async def test_says_who_one_is(self, browser: Client) -> None:
        me = await post(browser, "/v1/session", LOGIN)
        assert (me["kind"], me["login"], me["name"], me["scopes"]) == ("staff", STAFF, "Camille", ["admin"])
        assert me["dossier"] == {"code": "essai", "name": "Librairie d'essai"}
        assert await get(browser, "/v1/me") == me

    @pytest.mark.parametrize(
        "wrong",
        [
            {"login": STAFF, "password": PASSWORD + "x"},
            {"login": "nobody", "password": PASSWORD},
            {"login": STAFF, "password": PASSWORD, "dossier": "ailleurs"},
            {"login": STAFF, "password": PASSWORD, "dossier": "nowhere"},
            {"login": STAFF.upper(), "password": PASSWORD},
        ],
    )
    async def test_with_anything_wrong_is_401_and_alike(self, browser: Client, sql: Connection, wrong: Json) -> None:
        async with nothing_written(sql):
            answer = await browser.post("/v1/session", json=wrong)
        problem = refused(answer, 401, "not-authenticated")
        assert "set-cookie" not in answer.headers
        assert problem["errors"] == []

    async def test_names_its_dossier_where_there_are_several(self, browser: Client, elsewhere: Premises) -> None:
        first = await post(browser, "/v1/session", LOGIN)
        other = await post(browser, "/v1/session", {**LOGIN, "dossier": "ailleurs"})
        assert (first["dossier"]["code"], other["dossier"]["code"]) == ("essai", "ailleurs")

    async def test_keeps_only_digests_of_secrets(self, browser: Client, sql: Connection, premises: Premises) -> None:
        await post(browser, "/v1/session", LOGIN)
        token = browser.cookies["comptoir_session"]
        for table in await row_counts(sql):
            rows = await sql.fetch(f'SELECT t::text AS row FROM "{table}" t')
            text = "\n".join(row["row"] for row in rows)
            for secret in (token, PASSWORD, premises.admin_key, premises.shop_key):
                assert secret not in text, table
                assert secret.encode().hex() not in text, table

    async def test_may_change_things_only_with_the_csrf_token(self, browser: Client, sql: Connection) -> None:
        me = await post(browser, "/v1/session", LOGIN)
        for headers in (
            {},
            {b"x-csrf-token": b""},
            {b"x-csrf-token": "é".encode()},
            {b"x-csrf-token": f"{me['csrf_token']}0".encode()},
        ):
            async with nothing_written(sql):
                answer = await browser.post("/v1/customers", json={"name": "A"}, headers=headers)
            refused(answer, 403, "csrf")
        held = {"x-csrf-token": me["csrf_token"]}
        assert (await browser.post("/v1/customers", json={"name": "A"}, headers=held)).status_code == 201

    @pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
    async def test_needs_the_csrf_token_for_every_unsafe_method(self, browser: Client, method: str) -> None:
        await post(browser, "/v1/session", LOGIN)
        path = {
            "POST": "/v1/orders",
            "PUT": f"/v1/articles/{RUE}",
            "PATCH": f"/v1/orders/ord_{'0' * 32}",
            "DELETE": "/v1/session",
        }[method]
        refused(await browser.request(method, path, headers={"if-match": '"1"'}, json=None), 403, "csrf")

    async def test_with_the_csrf_token_of_another_session_changes_nothing(self, app: FastAPI, browser: Client) -> None:
        await post(browser, "/v1/session", LOGIN)
        async with client_of(app, None) as other:
            theirs = (await post(other, "/v1/session", LOGIN))["csrf_token"]
        answer = await browser.post("/v1/customers", json={"name": "A"}, headers={"x-csrf-token": theirs})
        refused(answer, 403, "csrf")

    async def test_ends_with_the_logout_even_for_who_kept_the_cookie(self, app: FastAPI, browser: Client) -> None:
        me = await post(browser, "/v1/session", LOGIN)
        token = browser.cookies["comptoir_session"]
        answer = await browser.delete("/v1/session", headers={"x-csrf-token": me["csrf_token"]})
        assert (answer.status_code, answer.content) == (204, b"")
        assert "comptoir_session" not in browser.cookies
        refused(await browser.get("/v1/me"), 401, "not-authenticated")
        async with client_of(app, None) as thief:
            thief.cookies.set("comptoir_session", token)
            refused(await thief.get("/v1/me"), 401, "not-authenticated")

    async def test_ends_by_itself(self, browser: Client, sql: Connection) -> None:
        await post(browser, "/v1/session", LOGIN)
        await sql.execute("UPDATE staff_session SET expires_at = now() - interval '1 second'")
        refused(await browser.get("/v1/me"), 401, "not-authenticated")

    @pytest.mark.parametrize("token", ["x", "ses_x", f"ses_{'0' * 32}_x", f"cpt_{'0' * 32}_x"])
    async def test_with_a_cookie_of_nobody_is_401(self, browser: Client, token: str) -> None:
        browser.cookies.set("comptoir_session", token)
        refused(await browser.get("/v1/me"), 401, "not-authenticated")

    async def test_does_what_a_key_does(self, browser: Client, http: Client) -> None:
        """C1: the same contract, the same rights."""
        me = await post(browser, "/v1/session", LOGIN)
        made = await order(http)
        assert await get(browser, f"/v1/orders/{made['id']}") == made
        assert me["scopes"] == (await get(http, "/v1/me"))["scopes"]


class TestAKey:
    async def test_says_whose_it_is(self, web_shop: Client) -> None:
        me = await get(web_shop, "/v1/me")
        assert (me["kind"], me["name"], me["login"], me["channel"]) == ("api_key", "boutique", None, CHANNEL)
        assert me["csrf_token"] is None

    async def test_is_made_shown_once_and_listed_without_its_secret(self, http: Client, client_for: ClientFor) -> None:
        made = await post(http, "/v1/api-keys", {"label": "Script", "scopes": ["orders:read"], "channel": CHANNEL})
        (listed,) = [key for key in await items(http, "/v1/api-keys") if key["id"] == made["id"]]
        assert (listed["label"], listed["scopes"], listed["channel"]) == ("Script", ["orders:read"], CHANNEL)
        assert made["secret"] not in (await http.get("/v1/api-keys")).text
        assert await items(await client_for(made["secret"]), "/v1/orders") == []

    async def test_for_a_channel_that_is_not_there_is_refused(self, http: Client, sql: Connection) -> None:
        async with nothing_written(sql):
            body = {"label": "x", "scopes": ["orders:read"], "channel": "nowhere"}
            refused(await http.post("/v1/api-keys", json=body), 404, "unknown-channel")

    async def test_stops_within_about_two_seconds_of_being_revoked(self, http: Client, client_for: ClientFor) -> None:
        made = await post(http, "/v1/api-keys", {"label": "x", "scopes": ["orders:read"]})
        script = await client_for(made["secret"])
        await get(script, "/v1/orders")
        assert (await http.delete(f"/v1/api-keys/{made['id']}")).status_code == 204
        deadline = time.monotonic() + 3.0
        while (answer := await script.get("/v1/orders")).status_code == 200:
            assert time.monotonic() < deadline, "a revoked key still works"
            await asyncio.sleep(0.05)
        refused(answer, 401, "not-authenticated")
        (listed,) = [key for key in await items(http, "/v1/api-keys") if key["id"] == made["id"]]
        assert listed["revoked_at"] is not None

    async def test_cannot_revoke_itself(self, http: Client) -> None:
        (own,) = [key["id"] for key in await items(http, "/v1/api-keys") if key["label"] == "admin"]
        refused(await http.delete(f"/v1/api-keys/{own}"), 409, "conflict")

    async def test_that_is_not_there_cannot_be_revoked(self, http: Client) -> None:
        refused(await http.delete(f"/v1/api-keys/key_{'0' * 32}"), 404, "not-found")

    async def test_stays_after_its_logout(self, http: Client) -> None:
        assert (await http.delete("/v1/session")).status_code == 204
        await get(http, "/v1/me")


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
    "code": "Mme",
    "ean": RUE,
    "channel": CHANNEL,
    "external_id": "W-1",
}


def guarded() -> Iterator[tuple[str, str, str]]:
    """Method, path and needed scope of each operation that says so in the contract."""
    for path, methods in openapi_document()["paths"].items():
        for method, operation in methods.items():
            _, said, scope = operation.get("description", "").rpartition("Scope: `")
            if said:
                yield method.upper(), path, scope.partition("`")[0]


SCOPED = list(guarded())
OPEN_TO_ALL = {"createSession", "getHealth", "getReadiness", "showUnsubscribe", "unsubscribe"}
ANY_CREDENTIALS = {
    "deleteSession",
    "getMe",
    "listChannels",
    "getDossier",
    "listTables",
    "listTableValues",
    "getTableValue",
    "listCustomFields",
    "getCustomField",
    "listUsers",
    "getUser",
    "listFlashes",
    "readFlash",
}
OF_EVERY_DOSSIER = {
    "/v1/me",
    "/v1/channels",
    "/v1/api-keys",
    "/v1/audit",
    "/v1/users",
    "/v1/tables",
    "/v1/tariffs",
    "/v1/answers",
    "/v1/message-templates",
}
"""What a dossier has from its first day."""
TABLES = {"/v1/tables/{name}", "/v1/tables/{name}/{code}"}
"""Every dossier has these tables, each its own."""


class TestARight:
    @pytest.mark.parametrize(("method", "path", "scope"), SCOPED)
    async def test_is_needed(
        self, client_for: ClientFor, premises: Premises, sql: Connection, method: str, path: str, scope: str
    ) -> None:
        """A key with every right but this one is sent away, and one with this right alone is let in."""
        others = [each.value for each in Scope if each.value not in {scope, "admin"}]
        without = await client_for(await add_key(sql, premises.dossier, label="x", scopes=others, channel_id=None))
        address, sent = path.format_map(FACTS), {"if-match": '"1"', "content-type": "application/json"}
        async with nothing_written(sql), asyncio.timeout(10):  # a feed that lets anyone in has no end
            problem = refused(await without.request(method, address, headers=sent, content=b"{}"), 403, "forbidden")
        assert scope in problem["detail"]
        if path != "/v1/events":
            alone = await client_for(await add_key(sql, premises.dossier, label="y", scopes=[scope], channel_id=None))
            answer = await alone.request(method, address, headers=sent, content=b"{}")
            assert answer.status_code not in {401, 403}, answer.text

    def test_is_said_of_every_operation(self) -> None:
        silent = {
            operation["operationId"]
            for path, methods in openapi_document()["paths"].items()
            for method, operation in methods.items()
            if (method.upper(), path) not in {(each, where) for each, where, _ in SCOPED}
        }
        assert silent == OPEN_TO_ALL | ANY_CREDENTIALS

    async def test_to_an_area_is_both_of_its_rights(
        self, client_for: ClientFor, premises: Premises, sql: Connection
    ) -> None:
        key = await add_key(sql, premises.dossier, label="x", scopes=["customers:*"], channel_id=None)
        staff = await client_for(key)
        made = await customer(staff)
        await get(staff, f"/v1/customers/{made['id']}")
        refused(await staff.get("/v1/orders"), 403, "forbidden")


class TestAnotherDossier:
    async def test_sees_nothing_of_ours_on_any_path(
        self, http: Client, client_for: ClientFor, elsewhere: Premises
    ) -> None:
        made = await push(http, "W-1", name="A NOUS")
        card = await customer(http, "A NOUS")
        await stock(http)
        kept = (await scan(http))["reservation"]
        ours = FACTS | {
            "order_id": made["id"],
            "line_id": made["lines"][0]["id"],
            "customer_id": card["id"],
            "reservation_id": kept["id"],
        }
        theirs = await client_for(elsewhere.admin_key)
        seen = 0
        for path, methods in openapi_document()["paths"].items():
            if "get" not in methods or path == "/v1/events":
                continue
            answer = await theirs.get(path.format_map(ours))
            seen += 1
            assert "A NOUS" not in answer.text, path
            for identifier in (made["id"], card["id"], kept["id"]):
                assert identifier not in answer.text, path
            if path in TABLES:
                continue
            if "{" in path:
                assert answer.status_code == 404, path
            elif path.startswith("/v1/") and path not in OF_EVERY_DOSSIER:
                body = answer.json()
                assert body.get("items", []) == [], path
                assert body.get("count", 0) == 0, path
        assert seen > 20

    async def test_changes_nothing_of_ours(self, http: Client, client_for: ClientFor, elsewhere: Premises) -> None:
        made = await order(http)
        card = await customer(http)
        await stock(http)
        kept = (await scan(http))["reservation"]
        theirs = await client_for(elsewhere.admin_key)
        held = {"if-match": '"2"'}
        attempts = [
            theirs.patch(f"/v1/orders/{made['id']}", json={"comment": "x"}, headers=held),
            theirs.post(f"/v1/orders/{made['id']}/cancel", json={"reason": "x"}, headers=held),
            theirs.patch(f"/v1/customers/{card['id']}", json={"comment": "x"}, headers={"if-match": '"1"'}),
            theirs.post("/v1/reservations/collect", json={"reservation_ids": [kept["id"]]}),
            theirs.post("/v1/reservations/release", json={"reservation_ids": [kept["id"]], "restock": True}),
            theirs.post(f"/v1/articles/{RUE}/movements", json={"quantity": 1, "reason": "x"}),
            theirs.post("/v1/orders", json={"customer_id": card["id"], "lines": [{"ean": RUE, "quantity": 1}]}),
            theirs.delete(f"/v1/api-keys/{(await items(http, '/v1/api-keys'))[0]['id']}"),
        ]
        for answer in await asyncio.gather(*attempts):
            assert answer.status_code in {404, 422}, answer.text
        assert (await get(http, f"/v1/orders/{made['id']}"))["version"] == 2
        assert (await get(http, f"/v1/reservations/{kept['id']}"))["state"] == "set_aside"


class TestTheDatabase:
    """What the catalogue says (architecture.md, rule 8)."""

    EXCEPTION = ("dossier", "uq_dossier_code")
    """A login names its shop by this code before anybody knows which dossier it is."""

    async def test_has_dossier_id_first_in_every_key_and_index(self, sql: Connection) -> None:
        rows = await sql.fetch("""
            SELECT t.relname AS tab, i.relname AS name, a.attname AS first
            FROM pg_index x
            JOIN pg_class i ON i.oid = x.indexrelid
            JOIN pg_class t ON t.oid = x.indrelid
            JOIN pg_namespace n ON n.oid = t.relnamespace AND n.nspname = 'public'
            LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = x.indkey[0]
            WHERE t.relname <> 'alembic_version'
        """)
        assert len(rows) > 30
        astray = [(row["tab"], row["name"]) for row in rows if row["first"] != "dossier_id"]
        assert astray == [self.EXCEPTION]

    async def test_has_dossier_id_first_in_every_foreign_key_on_both_sides(self, sql: Connection) -> None:
        rows = await sql.fetch("""
            SELECT c.conname AS name, a.attname AS own, b.attname AS other
            FROM pg_constraint c
            JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
            JOIN pg_attribute b ON b.attrelid = c.confrelid AND b.attnum = c.confkey[1]
            WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace
        """)
        assert len(rows) > 15
        assert [row["name"] for row in rows if (row["own"], row["other"]) != ("dossier_id", "dossier_id")] == []

    async def test_has_row_level_security_with_a_policy_on_every_table(self, sql: Connection) -> None:
        rows = await sql.fetch("""
            SELECT c.relname AS name, c.relrowsecurity AS secured,
                   (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid
                    AND p.polqual IS NOT NULL AND p.polwithcheck IS NOT NULL) AS policies
            FROM pg_class c
            WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace AND c.relname <> 'alembic_version'
        """)
        assert len(rows) > 15
        assert [row["name"] for row in rows if not row["secured"] or row["policies"] != 1] == []

    async def test_serves_the_application_as_a_role_without_privileges(self, sql: Connection) -> None:
        role = await sql.fetchrow(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = 'comptoir_app'"
        )
        assert role is not None
        assert tuple(role) == (False, False, False, False)
        owned = await sql.fetchval(
            "SELECT count(*) FROM pg_class WHERE relowner = (SELECT oid FROM pg_roles WHERE rolname = 'comptoir_app')"
        )
        assert owned == 0

    async def test_lets_the_application_neither_change_nor_remove_what_is_append_only(self, sql: Connection) -> None:
        for table in ("stock_movement", "payment", "reception", "reception_line", "outbox_event"):
            for right in ("UPDATE", "DELETE", "TRUNCATE"):
                assert not await sql.fetchval("SELECT has_table_privilege('comptoir_app', $1, $2)", table, right), table
