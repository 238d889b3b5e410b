"""The tables that the shop edits and its own fields, over HTTP."""

import asyncio
from urllib.parse import quote

import asyncpg
import pytest

from infra.db import migrate, reference_defaults
from infra.db.dossiers import add_key
from tests.api.conftest import ClientFor
from tests.api.steps import Connection, Json, customer, get, items, nothing_written, post, refused
from tests.conftest import Client, Premises
from tests.support.database import Cluster

FIELD: Json = {
    "record": "customer",
    "questionnaire": "IMPLICITE_CLI",
    "code": "A100",
    "label": "Club de lecture",
    "kind": "choice",
    "choices": ["Jeudi", "Samedi"],
}


@pytest.fixture
async def clerk(sql: Connection, premises: Premises, client_for: ClientFor) -> Client:
    """A colleague who administers nothing."""
    key = await add_key(sql, premises.dossier, label="x", scopes=["customers:*"], channel_id=None)
    return await client_for(key)


async def value(http: Client, table: str = "categories", code: str = "CLUB", **more: object) -> Json:
    return await post(http, f"/v1/tables/{table}", {"code": code, "label": "Club", **more})


async def patch(http: Client, path: str, body: Json, *, version: int = 1) -> Json:
    answer = await http.patch(path, json=body, headers={"if-match": f'"{version}"'})
    assert answer.status_code == 200, answer.text
    changed: Json = answer.json()
    assert answer.headers["etag"] == f'"{changed["version"]}"'
    return changed


class TestTheTables:
    @pytest.mark.row("B13", "B14", "B25", "B28", "B81")
    async def test_are_named_in_both_languages_and_counted(self, http: Client) -> None:
        tables = {each["name"]: each for each in await items(http, "/v1/tables")}
        assert tables["titles"] == {"name": "titles", "title": "Civilités", "title_en": "Titles", "count": 9}
        assert tables["stat-2"]["count"] == 0
        assert len(tables) == 13
        for name, table in tables.items():
            assert len(await items(http, f"/v1/tables/{name}")) == table["count"]

    @pytest.mark.row("B14")
    async def test_hold_the_world_in_french_and_english(self, http: Client) -> None:
        countries = {each["code"]: each for each in await items(http, "/v1/tables/countries")}
        assert (countries["DE"]["label"], countries["DE"]["label_en"]) == ("Allemagne", "Germany")
        titles = [each["code"] for each in await items(http, "/v1/tables/titles")]
        assert titles[:4] == ["M.", "Mme", "Mlle", "M. et Mme"]

    async def test_are_read_by_anyone_and_written_by_administrators(
        self, http: Client, clerk: Client, web_shop: Client, client_for: ClientFor
    ) -> None:
        for reader in (clerk, web_shop):
            assert await items(reader, "/v1/tables") == await items(http, "/v1/tables")
        for method, path in (
            ("POST", "/v1/tables/titles"),
            ("PATCH", "/v1/tables/titles/Mme"),
            ("DELETE", "/v1/tables/titles/Mme"),
            ("POST", "/v1/custom-fields"),
        ):
            body = None if method == "DELETE" else {"code": "X", "label": "x"} if "tables" in path else FIELD
            headers = {} if method == "POST" else {"if-match": '"1"'}
            refused(await clerk.request(method, path, json=body, headers=headers), 403, "forbidden")
        stranger = await client_for(None)
        refused(await stranger.get("/v1/tables"), 401, "not-authenticated")

    async def test_that_are_not_there_are_refused(self, http: Client) -> None:
        refused(await http.get("/v1/tables/colours"), 422, "invalid")


class TestAValue:
    @pytest.mark.row("B13")
    async def test_is_made_last_changed_and_deleted(self, http: Client) -> None:
        made = await value(http, label_en="Club")
        last = (await items(http, "/v1/tables/categories"))[-1]
        assert last == made
        assert (made["position"], made["active"], made["version"]) == (7, True, 1)
        changed = await patch(
            http, "/v1/tables/categories/CLUB", {"label": "Club de lecture", "label_en": None, "position": 1}
        )
        assert (changed["label"], changed["label_en"], changed["position"], changed["version"]) == (
            "Club de lecture",
            None,
            1,
            2,
        )
        assert [each["code"] for each in await items(http, "/v1/tables/categories")][:2] == ["CLUB", "PART"]
        assert await get(http, "/v1/tables/categories/CLUB") == changed
        answer = await http.delete("/v1/tables/categories/CLUB", headers={"if-match": '"2"'})
        assert (answer.status_code, answer.content) == (204, b"")
        refused(await http.get("/v1/tables/categories/CLUB"), 404, "not-found")

    @pytest.mark.parametrize("code", ["M. et Mme", "Sté", "A.B-C_d", "Œuvre", "0"])
    async def test_has_any_code_that_fits_a_path(self, http: Client, code: str) -> None:
        if code not in {"M. et Mme", "Sté"}:
            await value(http, "titles", code)
        made = await customer(http, title=code)
        path = f"/v1/tables/titles/{quote(code)}"
        assert (await patch(http, path, {"label": "Changé"}))["code"] == code
        refused(await http.delete(path, headers={"if-match": '"2"'}), 409, "code-in-use")
        await patch(http, f"/v1/customers/{made['id']}", {"title": None})
        assert (await http.delete(path, headers={"if-match": '"2"'})).status_code == 204

    @pytest.mark.parametrize("code", ["", " A", "A ", "A/B", ".A", "A" * 21, "A\u0301", "a\tb", "€"])
    async def test_has_no_other_code(self, http: Client, sql: Connection, code: str) -> None:
        async with nothing_written(sql):
            answer = await http.post("/v1/tables/titles", json={"code": code, "label": "x"})
        assert [each["pointer"] for each in refused(answer, 422, "invalid")["errors"]] == ["/code"]

    async def test_with_the_code_of_another_is_refused(self, http: Client, sql: Connection) -> None:
        async with nothing_written(sql):
            refused(await http.post("/v1/tables/titles", json={"code": "Mme", "label": "x"}), 409, "code-taken")

    @pytest.mark.row("B13")
    async def test_that_cards_have_is_not_deleted_but_proposed_no_more(self, http: Client, sql: Connection) -> None:
        await customer(http, category="ECOLE")
        made = await customer(http, category="ECOLE")
        async with nothing_written(sql):
            answer = await http.delete("/v1/tables/categories/ECOLE", headers={"if-match": '"1"'})
        assert refused(answer, 409, "code-in-use")["detail"].startswith("2 fiche(s)")
        await patch(http, "/v1/tables/categories/ECOLE", {"active": False})
        for active, there in (("true", False), ("false", True)):
            codes = [each["code"] for each in await items(http, "/v1/tables/categories", active=active)]
            assert ("ECOLE" in codes) is there
        assert (await get(http, f"/v1/customers/{made['id']}"))["category"] == "ECOLE"

    async def test_changed_by_two_keeps_the_first(self, http: Client) -> None:
        await patch(http, "/v1/tables/titles/Mme", {"label": "Première"})
        second = await http.patch("/v1/tables/titles/Mme", json={"label": "Seconde"}, headers={"if-match": '"1"'})
        refused(second, 412, "stale-version")
        refused(await http.patch("/v1/tables/titles/Mme", json={"label": "x"}), 428, "if-match-missing")
        assert (await get(http, "/v1/tables/titles/Mme"))["label"] == "Première"

    async def test_changed_to_the_same_keeps_its_version(self, http: Client) -> None:
        assert (await patch(http, "/v1/tables/titles/Mme", {"label": "Madame"}))["version"] == 1

    @pytest.mark.row("B82")
    @pytest.mark.parametrize("code", ["FR44ABCDE", "fr44", "FR-44", "FR 44"])
    async def test_of_an_axis_has_eight_capitals_and_digits_at_most(self, http: Client, code: str) -> None:
        answer = await http.post("/v1/tables/stat-1", json={"code": code, "label": "x"})
        assert [each["pointer"] for each in refused(answer, 409, "code-unfit")["errors"]] == ["/code"]
        assert (await value(http, "stat-1", "FR44ABCD"))["code"] == "FR44ABCD"

    @pytest.mark.row("C13")
    async def test_leaves_its_trail(self, http: Client, sql: Connection) -> None:
        await value(http)
        await patch(http, "/v1/tables/categories/CLUB", {"label": "Cercle"})
        trail = await sql.fetch(
            "SELECT operation, after ->> 'label' FROM audit_entry WHERE record_id = 'categories/CLUB' ORDER BY at"
        )
        assert [tuple(each) for each in trail] == [("insert", "Club"), ("update", "Cercle")]

    async def test_is_made_once_for_one_key(self, http: Client) -> None:
        body, headers = {"code": "CLUB", "label": "Club"}, {"idempotency-key": "une-fois"}
        answers = [await http.post("/v1/tables/categories", json=body, headers=headers) for _ in range(2)]
        assert [each.status_code for each in answers] == [201, 201]
        assert answers[0].content == answers[1].content
        assert answers[1].headers["idempotency-replayed"] == "true"


class TestAField:
    @pytest.mark.row("B60")
    async def test_is_made_answered_changed_and_kept_while_cards_answer_it(self, http: Client) -> None:
        made = await post(http, "/v1/custom-fields", FIELD)
        assert {name: made[name] for name in FIELD} == FIELD
        assert (made["position"], made["version"]) == (1, 1)
        assert await get(http, f"/v1/custom-fields/{made['id']}") == made
        card = await customer(http, custom_fields={"IMPLICITE_CLI": {"A100": "Jeudi"}})
        path = f"/v1/custom-fields/{made['id']}"
        refused(await http.delete(path, headers={"if-match": '"1"'}), 409, "code-in-use")
        gone = await http.patch(path, json={"choices": ["Samedi"]}, headers={"if-match": '"1"'})
        refused(gone, 409, "code-in-use")
        changed = await patch(http, path, {"label": "Club", "choices": ["Jeudi", "Lundi"], "position": 4})
        assert (changed["label"], changed["choices"], changed["position"]) == ("Club", ["Jeudi", "Lundi"], 4)
        await patch(http, f"/v1/customers/{card['id']}", {"custom_fields": {"IMPLICITE_CLI": {"A100": None}}})
        assert (await http.delete(path, headers={"if-match": '"2"'})).status_code == 204
        assert await items(http, "/v1/custom-fields") == []

    @pytest.mark.row("B60")
    async def test_is_listed_with_the_cards_it_is_for(self, http: Client) -> None:
        for record in ("customer", "third_party"):
            await post(http, "/v1/custom-fields", {**FIELD, "record": record})
        for record in ("customer", "third_party"):
            assert [each["record"] for each in await items(http, "/v1/custom-fields", record=record)] == [record]
        assert len(await items(http, "/v1/custom-fields")) == 2

    @pytest.mark.row("B60")
    async def test_is_case_sensitive(self, http: Client, sql: Connection) -> None:
        await post(http, "/v1/custom-fields", FIELD)
        await post(http, "/v1/custom-fields", {**FIELD, "code": "a100"})
        async with nothing_written(sql):
            refused(await http.post("/v1/custom-fields", json=FIELD), 409, "code-taken")
            answer = await http.post(
                "/v1/customers", json={"name": "X", "custom_fields": {"Implicite_cli": {"A100": "Jeudi"}}}
            )
        problem = refused(answer, 409, "unknown-code")
        assert [each["pointer"] for each in problem["errors"]] == ["/custom_fields/Implicite_cli/A100"]

    @pytest.mark.parametrize(
        ("change", "pointer"),
        [
            ({"choices": []}, ""),
            ({"kind": "text"}, ""),
            ({"choices": ["a", "a"]}, "/choices"),
            ({"kind": "colour"}, "/kind"),
            ({"code": "A/1"}, "/code"),
            ({"record": "order"}, "/record"),
        ],
    )
    async def test_is_refused_by_field(self, http: Client, sql: Connection, change: Json, pointer: str) -> None:
        async with nothing_written(sql):
            answer = await http.post("/v1/custom-fields", json={**FIELD, **change})
        assert [each["pointer"] for each in refused(answer, 422, "invalid")["errors"]] == [pointer]

    async def test_without_choices_takes_none_later(self, http: Client) -> None:
        made = await post(http, "/v1/custom-fields", {**FIELD, "kind": "text", "choices": []})
        answer = await http.patch(
            f"/v1/custom-fields/{made['id']}", json={"choices": ["a"]}, headers={"if-match": '"1"'}
        )
        refused(answer, 409, "conflict")


class TestADossierOfBefore:
    @pytest.mark.row("B14")
    async def test_gets_its_tables_with_the_migration(self, cluster: Cluster) -> None:
        name = "comptoir_before_the_tables"
        await cluster.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        url = cluster.server.url(name)
        await asyncio.to_thread(lambda: migrate.upgrade(url, revision="0004"))
        owner = await asyncpg.connect(url)
        dossier = await owner.fetchval(
            "INSERT INTO dossier (dossier_id, code, name, address, time_zone, secret, order_sequence, customer_counter, "
            "third_party_counter, demo, settings, version, created_at) VALUES (gen_random_uuid(), 'ancien', 'Avant', '', "
            "'Europe/Paris', '', 'x', 0, 0, false, '{}', 1, now()) RETURNING dossier_id"
        )
        await asyncio.to_thread(migrate.upgrade, url)
        filled = await owner.fetch(
            "SELECT table_name, code, label, label_en, position FROM reference_value WHERE dossier_id = $1 AND active",
            dossier,
        )
        await owner.close()
        assert sorted(map(tuple, filled)) == sorted(reference_defaults.rows())
        await cluster.execute(f"DROP DATABASE {name} WITH (FORCE)")
