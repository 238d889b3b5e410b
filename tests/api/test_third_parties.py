"""Third parties over HTTP: prospects, suppliers, sales reps and others."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.api.card_steps import ACCOUNT, ADDRESS, CONTACT, PREFIX, SHARED, held, patched, third_party
from tests.api.conftest import ClientFor
from tests.api.steps import (
    Connection,
    Json,
    all_items,
    customer,
    get,
    items,
    nothing_written,
    post,
    refused,
    row_counts,
)
from tests.conftest import Client

CARD: Json = {
    "type": "prospect",
    "code": "nat1",
    "name": "NATHAN",
    "kind": "organisation",
    "title": "Sté",
    "first_name": "Éditions",
    "short_name": "NATHANED",
    "email": "Contact@nathan.example",
    "phone": "01 45 87 50 00",
    "fax": "01 45 87 50 01",
    "address": {
        "recipient": "Service commercial",
        "complement": "Étage 3",
        "building": "Tour A",
        "street": "92 avenue de France",
        "locality": "CS 1",
        "postal_code": "75013",
        "town": "Paris",
        "country": "FR",
    },
    "siret": "73282932000074",
    "vat_number": "FR44732829320",
    "language": "fr",
    "account_number": "401NATHAN",
    "our_code": "LIB42",
    "commission": "12.50",
    "comment": "Passe\nle mardi",
    "custom_fields": {},
    "closed_on": "2030-01-01",
    "origin": "counter",
}
NOBODY = "tpa_019301a2b3c47d5e8f90a1b2c3d4e5f6"


async def found(http: Client, **query: object) -> list[str]:
    return [card["name"] for card in await items(http, "/v1/third-parties", **query)]


@pytest.mark.row("B1", "B2")
class TestACard:
    async def test_keeps_every_field(self, http: Client) -> None:
        answer = await http.post("/v1/third-parties", json=CARD)
        made = answer.json()
        assert {name: made[name] for name in CARD} == {**CARD, "code": "NAT1"}
        assert (made["approved"], made["customer_id"], made["version"]) == (True, None, 1)
        assert made["address_lines"][-1] == "75013 PARIS"
        assert (answer.status_code, answer.headers["etag"]) == (201, '"1"')
        assert answer.headers["location"] == f"/v1/third-parties/{made['id']}"
        read = await http.get(answer.headers["location"])
        assert (read.json(), read.headers["etag"]) == (made, '"1"')

    async def test_needs_a_type_and_a_name_only(self, http: Client) -> None:
        made = await third_party(http, "Œuvres d'Été & Cie", "other")
        assert (made["short_name"], made["kind"], made["address_lines"]) == ("OEUVRESDETECIE", "organisation", [])

    @pytest.mark.row("B46")
    async def test_without_a_code_takes_the_next_automatic_one_of_its_type(self, http: Client) -> None:
        await third_party(http, code="F0000002")
        kinds = ("prospect", "supplier", "sales_rep", "other", "supplier")
        made = [(await third_party(http, type=kind))["code"] for kind in kinds]
        assert made == ["P0000001", "F0000003", "V0000004", "T0000005", "F0000006"]

    async def test_with_a_code_of_another_is_refused(self, http: Client, sql: Connection) -> None:
        await third_party(http, code="ABC1")
        async with nothing_written(sql):
            body = {"name": "AUTRE", "type": "other", "code": "Abc1"}
            refused(await http.post("/v1/third-parties", json=body), 409, "code-taken")

    @pytest.mark.parametrize(
        ("bad", "pointer"), [({"name": " "}, "/name"), ({"type": "friend"}, "/type"), ({"code": "A-1"}, "/code")]
    )
    async def test_is_refused_by_field(self, http: Client, sql: Connection, bad: Json, pointer: str) -> None:
        async with nothing_written(sql):
            answer = await http.post("/v1/third-parties", json={"name": "NATHAN", "type": "supplier", **bad})
        assert [fault["pointer"] for fault in refused(answer, 422, "invalid")["errors"]] == [pointer]

    @pytest.mark.parametrize(
        ("bad", "pointer"),
        [
            ({"title": "NONE"}, "/title"),
            ({"language": "zz"}, "/language"),
            ({"address": {"country": "ZZ"}}, "/address/country"),
            ({"custom_fields": {"FICHE": {"A1": "x"}}}, "/custom_fields/FICHE/A1"),
        ],
    )
    async def test_with_a_code_of_no_table_is_refused(
        self, http: Client, sql: Connection, bad: Json, pointer: str
    ) -> None:
        made = await third_party(http)
        async with nothing_written(sql):
            for answer in (
                await http.post("/v1/third-parties", json={"name": "NATHAN", "type": "supplier", **bad}),
                await http.patch(f"/v1/third-parties/{made['id']}", json=bad, headers=held(1)),
            ):
                assert [fault["pointer"] for fault in refused(answer, 409, "unknown-code")["errors"]] == [pointer]

    async def test_is_made_once_for_a_key(self, http: Client) -> None:
        key = {"idempotency-key": "once"}
        first = await http.post("/v1/third-parties", json=CARD, headers=key)
        again = await http.post("/v1/third-parties", json=CARD, headers=key)
        assert (again.json(), again.headers["idempotency-replayed"]) == (first.json(), "true")

    async def test_is_unknown_by_another_id(self, http: Client) -> None:
        refused(await http.get(f"/v1/third-parties/{NOBODY}"), 404, "not-found")
        refused(await http.patch(f"/v1/third-parties/{NOBODY}", json={}, headers=held(1)), 404, "not-found")
        refused(await http.delete(f"/v1/third-parties/{NOBODY}", headers=held(1)), 404, "not-found")
        refused(await http.post(f"/v1/third-parties/{NOBODY}/convert", json={}, headers=held(1)), 404, "not-found")

    @pytest.mark.row("B9")
    async def test_is_told_to_those_whom_the_dossier_names(self, http: Client, sql: Connection) -> None:
        staff = await sql.fetchval("SELECT staff_id FROM staff LIMIT 1")
        await sql.execute(
            "UPDATE dossier SET settings = settings || jsonb_build_object('flash_third_parties', jsonb_build_array($1::text))",
            staff.hex,
        )
        made = await third_party(http, "VENDEUR", "sales_rep", origin="crm")
        (flash,) = await sql.fetch("SELECT * FROM flash")
        assert (flash["staff_id"], flash["third_party_id"].hex) == (staff, made["id"].partition("_")[2])
        assert (flash["name"], flash["approved"]) == ("VENDEUR", False)


class TestAPatch:
    async def test_changes_what_is_sent_empties_what_is_null_and_leaves_the_rest(self, http: Client) -> None:
        made = await post(http, "/v1/third-parties", CARD)
        path = f"/v1/third-parties/{made['id']}"
        sent = {"name": "HATIER", "phone": None, "short_name": None, "address": {"town": "Lyon", "complement": None}}
        after = await patched(http, path, sent)
        address = {**CARD["address"], "town": "Lyon", "complement": None}
        wanted = {**CARD, "code": "NAT1", "name": "HATIER", "phone": None, "short_name": "HATIER", "address": address}
        assert {name: after[name] for name in CARD} == wanted
        assert after["version"] == 2
        assert await get(http, path) == after
        assert await found(http, q="hatier") == ["HATIER"]
        assert await found(http, q="nathan") == []

    async def test_that_changes_nothing_keeps_the_version(self, http: Client) -> None:
        made = await post(http, "/v1/third-parties", CARD)
        assert await patched(http, f"/v1/third-parties/{made['id']}", {"name": "NATHAN"}) == made

    async def test_of_a_stale_version_is_refused(self, http: Client, sql: Connection) -> None:
        made = await third_party(http)
        path = f"/v1/third-parties/{made['id']}"
        await patched(http, path, {"comment": "a"})
        async with nothing_written(sql):
            refused(await http.patch(path, json={"comment": "b"}, headers=held(1)), 412, "stale-version")
            refused(await http.delete(path, headers=held(1)), 412, "stale-version")


@pytest.mark.row("B8", "B9", "B10")
class TestTheVisa:
    async def test_is_given_at_the_counter_and_awaited_from_the_crm(self, http: Client) -> None:
        assert (await third_party(http))["approved"] is True
        assert (await third_party(http, origin="crm"))["approved"] is False

    async def test_is_given_and_taken_back(self, http: Client) -> None:
        made = await third_party(http, origin="crm")
        path = f"/v1/third-parties/{made['id']}"
        given = await post(http, f"{path}/approval", {"approved": True}, expect=200, version=1)
        assert (given["approved"], given["version"]) == (True, 2)
        same = await post(http, f"{path}/approval", {"approved": True}, expect=200, version=2)
        assert same == given
        taken = await post(http, f"{path}/approval", {"approved": False}, expect=200, version=2)
        assert (taken["approved"], taken["version"]) == (False, 3)
        assert await get(http, path) == taken

    async def test_needs_its_own_right(self, http: Client, client_for: ClientFor) -> None:
        made = await third_party(http, origin="crm")
        secret = (await post(http, "/v1/api-keys", {"label": "x", "scopes": ["customers:write"]}))["secret"]
        answer = await (await client_for(secret)).post(
            f"/v1/third-parties/{made['id']}/approval", json={"approved": True}, headers=held(1)
        )
        refused(answer, 403, "forbidden")


class TestTheSearch:
    @pytest.fixture(autouse=True)
    async def _file(self, http: Client) -> None:
        await third_party(http, "Œuvres d'Été", code="OEU")
        await third_party(http, "ÉDITIONS DU SEUIL", code="SEU")
        await third_party(http, "Seuil", "prospect", first_name="Jean-Noël", code="JNS")

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ({}, ["ÉDITIONS DU SEUIL", "Œuvres d'Été", "Seuil"]),
            ({"q": "seuil edi"}, ["ÉDITIONS DU SEUIL"]),
            ({"q": "noel seu"}, ["Seuil"]),
            ({"q": "ete"}, ["Œuvres d'Été"]),
            ({"q": "sEuIL"}, ["ÉDITIONS DU SEUIL", "Seuil"]),
            ({"q": "seu"}, ["ÉDITIONS DU SEUIL", "Seuil"]),
            ({"q": "jns"}, ["Seuil"]),
            ({"q": "uil"}, []),
            ({"q": "%"}, []),
            ({"code": "seu"}, ["ÉDITIONS DU SEUIL"]),
            ({"type": "prospect"}, ["Seuil"]),
            ({"type": "supplier", "q": "seuil"}, ["ÉDITIONS DU SEUIL"]),
            ({"type": "sales_rep"}, []),
        ],
    )
    async def test_finds(self, http: Client, query: Json, expected: list[str]) -> None:
        assert await found(http, **query) == expected
        assert await get(http, "/v1/third-parties/count", **query) == {"count": len(expected), "capped": False}

    @pytest.mark.parametrize(
        ("column", "codes"),
        [("name", ["SEU", "OEU", "JNS"]), ("code", ["JNS", "OEU", "SEU"]), ("created_at", ["OEU", "SEU", "JNS"])],
    )
    async def test_sorts_both_ways_in_pages(self, http: Client, column: str, codes: list[str]) -> None:
        for sort, expected in ((column, codes), (f"-{column}", codes[::-1])):
            pages = await all_items(http, "/v1/third-parties", sort=sort, limit=1)
            assert [each["code"] for each in pages] == expected


class TestAThirdPartyThatGoes:
    async def test_takes_with_it_what_hangs_on_it(self, http: Client, sql: Connection) -> None:
        async with nothing_left(sql):
            made = await third_party(http)
            path = f"/v1/third-parties/{made['id']}"
            for kind, body in hung().items():
                await post(http, f"{path}/{kind}", body)
            assert (await http.delete(path, headers=held(1))).status_code == 204
        refused(await http.get(path), 404, "not-found")

    @pytest.mark.row("B16", "B41")
    async def test_is_kept_while_a_card_names_it(self, http: Client, sql: Connection) -> None:
        rep, lender = await third_party(http, type="sales_rep"), await third_party(http)
        card = await customer(http, sales_reps=[{"third_party_id": rep["id"], "share": "50.00"}])
        await post(http, f"/v1/customers/{card['id']}/addresses", {"use_main_of_id": lender["id"]})
        async with nothing_written(sql):
            for named in (rep, lender):
                answer = await http.delete(f"/v1/third-parties/{named['id']}", headers=held(1))
                refused(answer, 409, "third-party-in-use")


def hung() -> dict[str, Json]:
    """One of each part."""
    return {"addresses": ADDRESS, "contacts": CONTACT, "bank-accounts": ACCOUNT, "notes": {"text": "Passe le mardi"}}


TOLD = frozenset({"outbox_event", "idempotency_answer", "audit_entry"})


@asynccontextmanager
async def nothing_left(sql: Connection) -> AsyncIterator[None]:
    """What happens inside leaves no row behind but events, answers and the audit."""
    before = await row_counts(sql)
    yield
    after = await row_counts(sql)
    assert {name: rows for name, rows in after.items() if name not in TOLD} == {
        name: rows for name, rows in before.items() if name not in TOLD
    }


@pytest.mark.row("B1")
class TestAProspect:
    async def test_becomes_a_customer_with_all_that_hangs_on_it(self, http: Client) -> None:
        prospect = await post(http, "/v1/third-parties", CARD)
        path = f"/v1/third-parties/{prospect['id']}"
        parts = {kind: await post(http, f"{path}/{kind}", body) for kind, body in hung().items()}
        answer = await http.post(f"{path}/convert", json={}, headers=held(1))
        made = answer.json()
        assert (answer.status_code, made["code"], made["version"], made["approved"]) == (201, "C0000001", 1, True)
        assert answer.headers["location"] == f"/v1/customers/{made['id']}"
        assert await get(http, f"/v1/customers/{made['id']}") == made
        same = set(CARD) - {"type", "code", "commission"}
        assert {name: made[name] for name in same} == {name: prospect[name] for name in same}
        after = await get(http, path)
        assert (after["customer_id"], after["version"], after["type"]) == (made["id"], 2, "prospect")
        for kind in SHARED:
            assert await items(http, f"{path}/{kind}") == []
            (moved,) = await items(http, f"/v1/customers/{made['id']}/{kind}")
            assert moved == {**parts[kind], "version": 2, "updated_at": moved["updated_at"]}
            assert moved["id"].startswith(PREFIX[kind])

    async def test_becomes_one_of_a_code_given(self, http: Client) -> None:
        prospect = await third_party(http, type="prospect")
        made = await post(http, f"/v1/third-parties/{prospect['id']}/convert", {"code": "nath"}, version=1)
        assert made["code"] == "NATH"

    async def test_without_its_visa_becomes_one_without(self, http: Client) -> None:
        prospect = await third_party(http, type="prospect", origin="crm")
        made = await post(http, f"/v1/third-parties/{prospect['id']}/convert", {}, version=1)
        assert (made["approved"], made["origin"]) == (False, "crm")

    async def test_becomes_one_once_for_a_key_and_never_again(self, http: Client, sql: Connection) -> None:
        prospect = await third_party(http, type="prospect")
        path = f"/v1/third-parties/{prospect['id']}/convert"
        key = {"idempotency-key": "once", **held(1)}
        first = await http.post(path, json={}, headers=key)
        async with nothing_written(sql):
            again = await http.post(path, json={}, headers=key)
            assert (again.json(), again.headers["idempotency-replayed"]) == (first.json(), "true")
            refused(await http.post(path, json={}, headers=held(2)), 409, "not-a-prospect")
            refused(await http.post(path, json={}, headers=held(1)), 412, "stale-version")

    @pytest.mark.parametrize("kind", ["supplier", "sales_rep", "other"])
    async def test_alone_becomes_one(self, http: Client, sql: Connection, kind: str) -> None:
        made = await third_party(http, type=kind)
        async with nothing_written(sql):
            answer = await http.post(f"/v1/third-parties/{made['id']}/convert", json={}, headers=held(1))
            assert kind in refused(answer, 409, "not-a-prospect")["detail"]

    async def test_that_cannot_have_the_code_stays_one(self, http: Client, sql: Connection) -> None:
        await customer(http, code="ABC")
        prospect = await third_party(http, type="prospect")
        await post(http, f"/v1/third-parties/{prospect['id']}/notes", {"text": "x"})
        async with nothing_written(sql):
            answer = await http.post(
                f"/v1/third-parties/{prospect['id']}/convert", json={"code": "abc"}, headers=held(1)
            )
            refused(answer, 409, "code-taken")
        assert (await get(http, f"/v1/third-parties/{prospect['id']}"))["customer_id"] is None
        assert len(await items(http, f"/v1/third-parties/{prospect['id']}/notes")) == 1

    async def test_that_became_one_is_told_and_audited(self, http: Client, sql: Connection) -> None:
        prospect = await third_party(http, type="prospect")
        await post(http, f"/v1/third-parties/{prospect['id']}/notes", {"text": "x"})
        made = await post(http, f"/v1/third-parties/{prospect['id']}/convert", {}, version=1)
        told = await sql.fetch("SELECT type, subject FROM outbox_event ORDER BY seq")
        assert [(row["type"], row["subject"].hex) for row in told[-2:]] == [
            ("customer.created", made["id"].partition("_")[2]),
            ("third_party.updated", prospect["id"].partition("_")[2]),
        ]
        audited = await sql.fetch("SELECT record, operation FROM audit_entry ORDER BY at")
        found = [(row["record"], row["operation"]) for row in audited]
        assert {("customer", "insert"), ("third_party", "update"), ("note", "update")} <= set(found)

    async def test_keeps_the_answers_that_customers_have_a_field_for(self, http: Client, sql: Connection) -> None:
        for record, code in (("third_party", "BOTH"), ("third_party", "OWN"), ("customer", "BOTH")):
            await sql.execute(
                "INSERT INTO custom_field (dossier_id, field_id, record, questionnaire, code, label, kind, choices, position, "
                "updated_at, version) SELECT dossier_id, gen_random_uuid(), $1, 'FICHE', $2::text, $2::text, 'text', '{}', 1, now(), 1 "
                "FROM dossier",
                record,
                code,
            )
        answers = {"FICHE": {"BOTH": "a", "OWN": "b"}}
        prospect = await third_party(http, type="prospect", custom_fields=answers)
        assert prospect["custom_fields"] == answers
        made = await post(http, f"/v1/third-parties/{prospect['id']}/convert", {}, version=1)
        assert made["custom_fields"] == {"FICHE": {"BOTH": "a"}}
