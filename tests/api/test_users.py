"""The people of the shop over HTTP."""

from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI

from infra.db.dossiers import add_key
from tests.api.conftest import ClientFor
from tests.api.steps import Connection, Json, all_items, customer, get, items, nothing_written, post, refused
from tests.conftest import STAFF, Client, Premises, client_of

WORDS = "cinq-mots-qui-ne-se-devinent-pas"
CLAIRE: Json = {"login": "claire", "name": "Claire", "password": WORDS, "scopes": ["customers:*", "confidential:DIR"]}


@pytest.fixture
async def browser(app: FastAPI) -> AsyncIterator[Client]:
    """A client with a cookie jar and no key."""
    async with client_of(app, None) as client:
        yield client


async def log_in(browser: Client, password: str = WORDS, login: str = "claire") -> Json:
    me = await post(browser, "/v1/session", {"login": login, "password": password})
    browser.headers["x-csrf-token"] = me["csrf_token"]
    return me


async def patch(http: Client, user: Json, **body: object) -> Json:
    answer = await http.patch(f"/v1/users/{user['id']}", json=body, headers={"if-match": f'"{user["version"]}"'})
    assert answer.status_code == 200, answer.text
    changed: Json = answer.json()
    return changed


class TestAUser:
    async def test_can_log_in_and_do_what_he_may(self, http: Client, browser: Client) -> None:
        made = await post(http, "/v1/users", CLAIRE)
        assert (made["login"], made["name"], made["version"]) == ("claire", "Claire", 1)
        assert made["scopes"] == ["confidential:DIR", "customers:*"]
        assert "password" not in made
        assert await get(http, f"/v1/users/{made['id']}") == made
        me = await log_in(browser)
        assert (me["name"], me["user_id"]) == ("Claire", made["id"])
        await customer(browser, "DURAND")
        refused(await browser.get("/v1/orders"), 403, "forbidden")

    async def test_is_changed_and_his_rights_hold_at_once(self, http: Client, browser: Client) -> None:
        made = await post(http, "/v1/users", CLAIRE)
        changed = await patch(http, made, name="Claire M.", scopes=["orders:read"])
        assert (changed["name"], changed["scopes"], changed["version"]) == ("Claire M.", ["orders:read"], 2)
        await log_in(browser)
        assert (await browser.get("/v1/orders")).status_code == 200
        refused(await browser.get("/v1/customers"), 403, "forbidden")

    async def test_with_a_new_password_must_log_in_again(self, http: Client, browser: Client, app: FastAPI) -> None:
        made = await post(http, "/v1/users", CLAIRE)
        await log_in(browser)
        await patch(http, made, password="un-autre-secret-bien-long")
        async with client_of(app, None) as other:
            refused(
                await other.post("/v1/session", json={"login": "claire", "password": WORDS}), 401, "not-authenticated"
            )
            await log_in(other, "un-autre-secret-bien-long")

    async def test_with_a_new_password_has_no_session_left(
        self, http: Client, browser: Client, sql: Connection
    ) -> None:
        made = await post(http, "/v1/users", CLAIRE)
        await log_in(browser)
        assert await sql.fetchval("SELECT count(*) FROM staff_session") == 1
        await patch(http, made, name="Claire M.")
        assert await sql.fetchval("SELECT count(*) FROM staff_session") == 1
        await patch(http, {**made, "version": 2}, password="un-autre-secret-bien-long")
        assert await sql.fetchval("SELECT count(*) FROM staff_session") == 0

    @pytest.mark.parametrize(
        ("change", "pointer"),
        [
            ({"login": " "}, "/login"),
            ({"password": "court"}, "/password"),
            ({"scopes": ["customers:everything"]}, "/scopes/0"),
            ({"scopes": ["confidential:"]}, "/scopes/0"),
            ({"scopes": ["sales:*"]}, "/scopes/0"),
            ({"scopes": ["admin", "admin"]}, "/scopes"),
            ({"scopes": [7]}, "/scopes/0"),
        ],
    )
    async def test_is_refused_by_field(self, http: Client, sql: Connection, change: Json, pointer: str) -> None:
        async with nothing_written(sql):
            answer = await http.post("/v1/users", json={**CLAIRE, **change})
        assert [each["pointer"] for each in refused(answer, 422, "invalid")["errors"]] == [pointer]

    async def test_with_a_login_that_is_taken_is_refused(self, http: Client, sql: Connection) -> None:
        async with nothing_written(sql):
            refused(await http.post("/v1/users", json={**CLAIRE, "login": STAFF}), 409, "code-taken")

    async def test_is_made_once_and_nothing_is_kept_that_helps_to_guess_the_password(
        self, http: Client, sql: Connection
    ) -> None:
        headers = {"idempotency-key": "une-fois"}
        answers = [
            await http.post("/v1/users", json={**CLAIRE, "password": words}, headers=headers)
            for words in (WORDS, "un-autre-secret-bien-long")
        ]
        assert answers[0].content == answers[1].content
        assert await sql.fetchval("SELECT count(*) FROM staff WHERE login = 'claire'") == 1
        other = await http.post("/v1/users", json={**CLAIRE, "name": "X"}, headers=headers)
        refused(other, 422, "idempotency-key-reused")

    async def test_changed_by_two_keeps_the_first(self, http: Client) -> None:
        made = await post(http, "/v1/users", CLAIRE)
        await patch(http, made, name="Première")
        second = await http.patch(f"/v1/users/{made['id']}", json={"name": "Seconde"}, headers={"if-match": '"1"'})
        refused(second, 412, "stale-version")

    async def test_who_alone_administers_the_shop_stays_its_administrator(self, http: Client, sql: Connection) -> None:
        (only,) = await items(http, "/v1/users")
        async with nothing_written(sql):
            answer = await http.patch(
                f"/v1/users/{only['id']}", json={"scopes": ["orders:*"]}, headers={"if-match": '"1"'}
            )
        refused(answer, 409, "last-administrator")
        await post(http, "/v1/users", {**CLAIRE, "scopes": ["admin"]})
        assert (await patch(http, only, scopes=["orders:*"]))["scopes"] == ["orders:*"]

    async def test_leaves_a_trail_without_his_password(self, http: Client, sql: Connection) -> None:
        made = await post(http, "/v1/users", CLAIRE)
        await patch(http, made, name="Claire M.", password="un-autre-secret-bien-long")
        trail = await sql.fetch("SELECT before::text, after::text FROM audit_entry WHERE record = 'staff' ORDER BY at")
        assert "Claire M." in trail[-1]["after"]
        assert "argon2" not in str([tuple(each) for each in trail])


class TestThePeople:
    async def test_are_named_to_anyone_and_their_rights_to_administrators(self, http: Client, web_shop: Client) -> None:
        made = await post(http, "/v1/users", CLAIRE)
        for reader, scopes in ((http, made["scopes"]), (web_shop, [])):
            found = {each["login"]: each for each in await items(reader, "/v1/users")}
            assert found["claire"] == {**made, "scopes": scopes}
            assert await get(reader, f"/v1/users/{made['id']}") == found["claire"]

    async def test_come_in_pages_by_name(self, http: Client) -> None:
        for login in ("zoe", "anne", "mael"):
            await post(http, "/v1/users", {**CLAIRE, "login": login, "name": login.title()})
        for sort, first in (("name", "anne"), ("-name", "zoe"), ("login", "anne")):
            people = await all_items(http, "/v1/users", sort=sort, limit=2)
            assert (len(people), people[0]["login"]) == (4, first)

    async def test_are_made_and_changed_by_administrators_only(
        self, http: Client, sql: Connection, premises: Premises, client_for: ClientFor
    ) -> None:
        key = await add_key(sql, premises.dossier, label="x", scopes=["customers:*"], channel_id=None)
        clerk = await client_for(key)
        (only,) = await items(http, "/v1/users")
        refused(await clerk.post("/v1/users", json=CLAIRE), 403, "forbidden")
        answer = await clerk.patch(f"/v1/users/{only['id']}", json={"scopes": []}, headers={"if-match": '"1"'})
        refused(answer, 403, "forbidden")


class TestAKey:
    @pytest.mark.row("B30")
    async def test_may_be_cleared_for_confidential_cards(self, http: Client, client_for: ClientFor) -> None:
        secret = await customer(http, "SECRET", confidentiality_code="DIR")
        for scopes, status in ((["customers:*"], 404), (["customers:*", "confidential:DIR"], 200)):
            made = await post(http, "/v1/api-keys", {"label": "x", "scopes": scopes})
            reader = await client_for(made["secret"])
            assert (await reader.get(f"/v1/customers/{secret['id']}")).status_code == status
