"""The customer file over HTTP."""

import pytest

from tests.api.conftest import ClientFor
from tests.api.steps import RUE, Connection, Json, customer, get, items, line, nothing_written, order, refused
from tests.conftest import Client

CARD: Json = {
    "code": "dur1",
    "name": "DURAND",
    "kind": "person",
    "title": "Mme",
    "first_name": "Élodie",
    "barcode": "2000000000015",
    "email": "Elodie.Durand@example.org",
    "phone": "02 40 00 00 00",
    "fax": "02 40 00 00 01",
    "no_sms": True,
    "address": {
        "recipient": "Chez M. Petit",
        "complement": "Étage 3",
        "building": "Bât. B",
        "street": "12 rue des Lilas",
        "locality": "Le Bourg",
        "postal_code": "44000",
        "town": "Nantes",
        "country": "FR",
    },
    "mail_order": True,
    "collectivity": True,
    "lending_library": True,
    "vat_exempt": True,
    "on_account": True,
    "comment": "Préfère\nle soir",
    "birth_date": "1980-02-29",
    "category": "PART",
    "language": "fr",
    "siret": "73282932000074",
    "vat_number": "FR44732829320",
    "tariff_code": "PUB",
    "account_number": "411DURAND",
    "our_code": "LIB44",
    "payment_mode": "CB",
    "print_mode": "PAPIER",
    "reminder_family": "STD",
    "confidentiality_code": "DIR",
    "management_ceiling": {"amount": "500.00", "currency": "EUR"},
    "insurance_ceiling": {"amount": "300.00", "currency": "EUR"},
    "back_orders": {"quotes": "inherit", "orders": "no", "delivery_notes": "yes"},
    "chorus": {
        "enabled": True,
        "siret": "73282932000074",
        "service_code": "ACHATS",
        "engagement_number": "E-42",
        "service_required": True,
        "engagement_required": True,
    },
    "fidelity_active": True,
    "fidelity_started_on": "2026-01-01",
    "fidelity_number": "2990000000017",
    "light": "orange",
    "light_message": "Chèques refusés",
    "closed_on": "2030-01-01",
}


async def found(http: Client, **query: object) -> list[str]:
    return [card["name"] for card in await items(http, "/v1/customers", **query)]


class TestACard:
    @pytest.mark.row("A56", "A62", "A67", "A70", "A71", "B4")
    async def test_keeps_every_field(self, http: Client) -> None:
        made = await customer(http, **CARD)
        assert {name: made[name] for name in CARD} == {**CARD, "code": "DUR1"}
        assert (made["short_name"], made["approved"], made["origin"]) == ("DURAND", True, "counter")
        assert await get(http, f"/v1/customers/{made['id']}") == made

    async def test_needs_a_name_only(self, http: Client) -> None:
        made = await customer(http, "Œuvres d'Été & Cie")
        assert made["short_name"] == "OEUVRESDETECIE"
        assert made["address"] == {
            "recipient": None,
            "complement": None,
            "building": None,
            "street": None,
            "locality": None,
            "postal_code": None,
            "town": None,
            "country": "FR",
        }

    async def test_without_a_code_takes_the_next_automatic_one(self, http: Client) -> None:
        assert [(await customer(http))["code"] for _ in range(3)] == ["C0000001", "C0000002", "C0000003"]

    @pytest.mark.parametrize("clash", [{"code": "Abc1"}, {"barcode": "2000000000015"}])
    async def test_with_a_code_or_barcode_of_another_is_refused(
        self, http: Client, sql: Connection, clash: Json
    ) -> None:
        await customer(http, code="ABC1", barcode="2000000000015")
        async with nothing_written(sql):
            refused(await http.post("/v1/customers", json={"name": "AUTRE", **clash}), 409, "code-taken")

    async def test_cannot_take_anothers_barcode_later(self, http: Client) -> None:
        await customer(http, barcode="2000000000015")
        other = await customer(http)
        answer = await http.patch(
            f"/v1/customers/{other['id']}", json={"barcode": "2000000000015"}, headers={"if-match": '"1"'}
        )
        refused(answer, 409, "code-taken")
        assert (await get(http, f"/v1/customers/{other['id']}"))["barcode"] is None

    @pytest.mark.parametrize(
        ("bad", "pointer"),
        [
            ({"name": " "}, "/name"),
            ({"name": None}, "/name"),
            ({"code": "ABCDEFGHI"}, "/code"),
            ({"code": "A-1"}, "/code"),
            ({"birth_date": "2026-02-30"}, "/birth_date"),
            ({"birth_date": "01/02/1980"}, "/birth_date"),
            ({"light": "blue"}, "/light"),
            ({"address": {"country": "France"}}, "/address/country"),
            ({"mail_order": "yes"}, "/mail_order"),
            ({"mail_order": 1}, "/mail_order"),
            ({"comment": "a\0"}, "/comment"),
            ({"email": "a\nb@example.org"}, "/email"),
            ({"siret": "73282932000075"}, "/siret"),
            ({"vat_number": "FR45732829320"}, "/vat_number"),
            ({"chorus": {"siret": "1"}}, "/chorus/siret"),
            ({"management_ceiling": {"amount": "-1"}}, "/management_ceiling/amount"),
            ({"back_orders": {"orders": "perhaps"}}, "/back_orders/orders"),
            ({"stat_1": "TROP-LONG"}, "/stat_1"),
        ],
    )
    async def test_is_refused_by_field(self, http: Client, sql: Connection, bad: Json, pointer: str) -> None:
        async with nothing_written(sql):
            answer = await http.post("/v1/customers", json={"name": "DURAND", **bad})
        assert [fault["pointer"] for fault in refused(answer, 422, "invalid")["errors"]] == [pointer]

    @pytest.mark.parametrize(
        ("field", "code"),
        [
            ("title", "Sir"),
            ("category", "NONE"),
            ("language", "xx"),
            ("payment_mode", "TROC"),
            ("print_mode", "FAX"),
            ("reminder_family", "NONE"),
            ("tariff_code", "NONE"),
            ("confidentiality_code", "NONE"),
            ("stat_1", "NONE"),
        ],
    )
    @pytest.mark.row("B13", "B14", "B25", "B28", "B81")
    async def test_with_a_code_that_no_table_has_is_refused_by_field(
        self, http: Client, sql: Connection, field: str, code: str
    ) -> None:
        async with nothing_written(sql):
            answer = await http.post("/v1/customers", json={"name": "DURAND", field: code})
        assert [fault["pointer"] for fault in refused(answer, 409, "unknown-code")["errors"]] == [f"/{field}"]

    @pytest.mark.row("B11", "B12")
    async def test_has_a_short_name_that_follows_the_name_unless_one_is_typed(self, http: Client) -> None:
        made = await customer(http, "Œuvres d'Été", short_name="les œuvres-44")
        assert made["short_name"] == "LESOEUVRES44"
        renamed = await change(http, made, name="Autre nom")
        assert renamed["short_name"] == "LESOEUVRES44"
        assert (await change(http, renamed, short_name=None))["short_name"] == "AUTRENOM"

    async def test_shows_its_address_as_printed_and_what_the_post_would_rather_have(self, http: Client) -> None:
        address = {"street": "12, rue du très long nom qui ne tient pas sur la ligne", "town": "Nantes"}
        made = await customer(http, title="Mme", first_name="Claire", address=address)
        assert made["address_lines"][0] == "Mme Claire MARTIN"
        assert made["address_lines"][-1] == "NANTES"
        advice = {(each["code"], each["part"]) for each in made["address_advice"]}
        assert {
            ("punctuation", "street"),
            ("line-too-long", "street"),
            ("postal-code-missing", "postal_code"),
        } <= advice

    @pytest.mark.row("A54")
    async def test_that_nothing_names_can_be_deleted(self, http: Client, sql: Connection) -> None:
        made = await customer(http)
        refused(await http.delete(f"/v1/customers/{made['id']}", headers={"if-match": '"7"'}), 412, "stale-version")
        gone = await http.delete(f"/v1/customers/{made['id']}", headers={"if-match": '"1"'})
        assert (gone.status_code, gone.content) == (204, b"")
        refused(await http.get(f"/v1/customers/{made['id']}"), 404, "not-found")
        assert await sql.fetchval("SELECT count(*) FROM customer_token") == 0
        told = await sql.fetchrow("SELECT * FROM audit_entry WHERE operation = 'delete' AND record = 'customer'")
        assert told is not None
        assert told["customer_id"] is None

    async def test_that_an_order_names_cannot_be_deleted(self, http: Client, sql: Connection) -> None:
        made = await customer(http)
        await order(http, customer_id=made["id"])
        async with nothing_written(sql):
            answer = await http.delete(f"/v1/customers/{made['id']}", headers={"if-match": '"1"'})
        refused(answer, 409, "customer-in-use")


async def change(http: Client, card: Json, **fields: object) -> Json:
    answer = await http.patch(f"/v1/customers/{card['id']}", json=fields, headers={"if-match": f'"{card["version"]}"'})
    assert answer.status_code == 200, answer.text
    changed: Json = answer.json()
    return changed


class TestTheVisa:
    @pytest.mark.row("B8", "B10")
    async def test_is_given_at_the_counter_and_awaited_by_the_crm(self, http: Client) -> None:
        waiting = await customer(http, origin="crm")
        assert (waiting["approved"], waiting["approved_at"], waiting["origin"]) == (False, None, "crm")
        refused(
            await http.post("/v1/orders", json={"customer_id": waiting["id"], "lines": [line(RUE)]}),
            409,
            "customer-not-approved",
        )
        path = f"/v1/customers/{waiting['id']}/approval"
        given = await http.post(path, json={"approved": True}, headers={"if-match": '"1"'})
        assert (given.status_code, given.json()["approved"], given.headers["etag"]) == (200, True, '"2"')
        assert (await order(http, customer_id=waiting["id"]))["customer_id"] == waiting["id"]
        back = await http.post(path, json={"approved": False}, headers={"if-match": '"2"'})
        assert back.json()["approved"] is False

    @pytest.mark.row("B9")
    async def test_is_the_managers_to_give(self, http: Client, sql: Connection, client_for: ClientFor) -> None:
        waiting = await customer(http, origin="crm")
        key = {"label": "caisse", "scopes": ["customers:read", "customers:write"]}
        made = (await http.post("/v1/api-keys", json=key)).json()
        till = await client_for(made["secret"])
        async with nothing_written(sql):
            refused(
                await till.post(f"/v1/customers/{waiting['id']}/approval", json={}, headers={"if-match": '"1"'}),
                403,
                "forbidden",
            )


class TestAPatch:
    async def test_changes_what_is_sent_empties_what_is_null_and_leaves_the_rest(self, http: Client) -> None:
        made = await customer(http, **CARD)
        answer = await http.patch(
            f"/v1/customers/{made['id']}",
            json={"name": "DUPONT", "phone": None, "address": {"town": "REZÉ", "complement": None}},
            headers={"if-match": '"1"'},
        )
        changed = answer.json()
        address = {**CARD["address"], "town": "REZÉ", "complement": None}
        expected = {**CARD, "code": "DUR1", "name": "DUPONT", "phone": None, "address": address}
        assert {name: changed[name] for name in CARD} == expected
        assert (changed["version"], answer.headers["etag"]) == (2, '"2"')
        assert await get(http, f"/v1/customers/{made['id']}") == changed

    async def test_that_changes_nothing_keeps_the_version(self, http: Client) -> None:
        made = await customer(http, **CARD)
        for body in ({}, {"name": "DURAND"}):
            answer = await http.patch(f"/v1/customers/{made['id']}", json=body, headers={"if-match": '"1"'})
            assert (answer.status_code, answer.json()) == (200, made)

    @pytest.mark.parametrize("name", ["name", "light", "kind", "mail_order"])
    async def test_cannot_empty_what_must_be_there(self, http: Client, name: str) -> None:
        made = await customer(http)
        answer = await http.patch(f"/v1/customers/{made['id']}", json={name: None}, headers={"if-match": '"1"'})
        assert [fault["pointer"] for fault in refused(answer, 422, "invalid")["errors"]] == [f"/{name}"]

    async def test_makes_the_new_name_findable_and_the_old_one_not(self, http: Client) -> None:
        made = await customer(http, "DURAND")
        await http.patch(f"/v1/customers/{made['id']}", json={"name": "LEGOFF"}, headers={"if-match": '"1"'})
        assert await found(http, q="legoff") == ["LEGOFF"]
        assert await found(http, q="durand") == []


class TestTheSearch:
    @pytest.fixture(autouse=True)
    async def _file(self, http: Client) -> None:
        await customer(http, **CARD)
        await customer(http, "MAISON DES TOUT PETITS", code="MTP", email="contact@example.org", phone="+33240000009")
        await customer(http, "Martin", address={"postal_code": "75011", "town": "Paris 11e"})

    async def test_without_a_criterion_finds_all_by_name(self, http: Client) -> None:
        assert await found(http) == ["DURAND", "MAISON DES TOUT PETITS", "Martin"]

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ({"q": "tout mais"}, "MAISON DES TOUT PETITS"),
            ({"q": "mtp"}, "MAISON DES TOUT PETITS"),
            ({"q": "MARTÍN"}, "Martin"),
            ({"code": "dur1"}, "DURAND"),
            ({"email": "elodie.durand@EXAMPLE.org"}, "DURAND"),
            ({"phone": "0240000000"}, "DURAND"),
            ({"postal_code": "75011"}, "Martin"),
            ({"town": "paris"}, "Martin"),
            ({"mail_order": "true"}, "DURAND"),
            ({"collectivity": "true"}, "DURAND"),
        ],
    )
    async def test_finds_by(self, http: Client, query: Json, expected: str) -> None:
        assert await found(http, **query) == [expected]
        assert await get(http, "/v1/customers/count", **query) == {"count": 1, "capped": False}

    @pytest.mark.parametrize("query", [{"q": "%"}, {"q": "'"}, {"phone": "abc"}, {"town": "_"}, {"code": "ZZZ"}])
    async def test_finds_nothing_for(self, http: Client, query: Json) -> None:
        assert await found(http, **query) == []

    @pytest.mark.parametrize("column", ["name", "code", "postal_code", "town", "created_at"])
    async def test_sorts_by_every_column_both_ways(self, http: Client, column: str) -> None:
        durand, maison, martin = "DURAND", "MAISON DES TOUT PETITS", "Martin"
        expected = {
            "name": [durand, maison, martin],
            "code": [martin, durand, maison],
            "postal_code": [maison, durand, martin],
            "town": [maison, durand, martin],
            "created_at": [durand, maison, martin],
        }[column]
        assert await found(http, sort=column) == expected
        assert await found(http, sort=f"-{column}") == expected[::-1]
