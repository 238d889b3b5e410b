"""Who changed what, when, before and after: for every record, told to those who may see it (C13)."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from infra.db.pools import ROLE
from tests.api.conftest import ClientFor
from tests.api.steps import Connection, Json, all_items, customer, get, items, line, order, post, refused
from tests.conftest import PASSWORD, STAFF, Client, Premises

pytestmark = pytest.mark.row("C13")


def changes(entry: Json) -> Mapping[str, tuple[str | None, str | None]]:
    return {each["field"]: (each["before"], each["after"]) for each in entry["changes"]}


async def trail(http: Client, card: Json, record: str | None = None) -> list[Json]:
    """The card's entries, newest first, of one kind of record or of all."""
    found = await all_items(http, f"/v1/customers/{card['id']}/audit")
    return [entry for entry in found if record in {None, entry["record"]}]


class TestAChange:
    async def test_of_a_card_is_told_field_by_field(self, http: Client) -> None:
        card = await customer(http, "MARTIN", phone="0240000001", mail_order=False)
        patch = {
            "phone": "0240000002",
            "mail_order": True,
            "address": {"town": "NANTES"},
            "management_ceiling": {"amount": "12.30"},
        }
        await http.patch(f"/v1/customers/{card['id']}", json=patch, headers={"if-match": '"1"'})
        changed, made = await trail(http, card)
        assert (changed["operation"], changed["record"], changed["record_id"]) == ("update", "customer", card["id"])
        assert changes(changed) == {
            "phone": ("0240000001", "0240000002"),
            "mail_order": ("false", "true"),
            "town": (None, "NANTES"),
            "management_ceiling": ("0.00", "12.30"),
        }
        assert (made["operation"], changes(made)["name"]) == ("insert", (None, "MARTIN"))
        assert (changed["by_name"], changed["by"][:4]) == ("admin", "key:")
        assert changed["at"] > made["at"]
        assert changed["customer_id"] == card["id"]

    async def test_of_what_hangs_on_a_card_is_told_with_it(self, http: Client) -> None:
        card = await customer(http)
        path = f"/v1/customers/{card['id']}"
        made = {
            "address": await post(http, f"{path}/addresses", {"address": {"street": "1 quai", "town": "NANTES"}}),
            "contact_person": await post(http, f"{path}/contacts", {"name": "LEROY"}),
            "bank_account": await post(http, f"{path}/bank-accounts", {"iban": "FR1420041010050500013M02606"}),
            "note": await post(http, f"{path}/notes", {"text": "polars"}),
            "discount_rule": await post(http, f"{path}/discounts", {"scope": "all", "percent": "5.00"}),
        }
        edits = {
            "address": ("addresses", {"address": {"street": "2 quai"}}, {"street": ("1 quai", "2 quai")}),
            "contact_person": ("contacts", {"first_name": "Zoë"}, {"first_name": (None, "Zoë")}),
            "bank_account": ("bank-accounts", {"domiciliation": "POSTE"}, {"domiciliation": (None, "POSTE")}),
            "note": ("notes", {"text": "romans"}, {"text": ("polars", "romans")}),
            "discount_rule": ("discounts", {"percent": "3.00"}, {"percent": ("5.00", "3.00")}),
        }
        for record, (part, patch, expected) in edits.items():
            one = f"{path}/{part}/{made[record]['id']}"
            answer = await http.patch(one, json=patch, headers={"if-match": '"1"'})
            assert answer.status_code == 200, answer.text
            changed, created = await trail(http, card, record)
            assert changes(changed) == expected, record
            assert changed["record_id"] == created["record_id"] == made[record]["id"]
            assert (await http.delete(one, headers={"if-match": '"2"'})).status_code == 204
            gone = (await trail(http, card, record))[0]
            assert gone["operation"] == "delete"
            name, (_, last) = next(iter(expected.items()))
            assert changes(gone)[name] == (last, None)

    async def test_of_a_consent_is_told(self, http: Client) -> None:
        card = await customer(http)
        body = {"channel": "sms", "purpose": "marketing", "granted": True, "source": "comptoir"}
        await post(http, f"/v1/customers/{card['id']}/consents", body)
        (entry,) = await trail(http, card, "consent")
        assert entry["record_id"].startswith("cst_")
        assert changes(entry)["granted"] == (None, "true")

    @pytest.mark.usefixtures("books")
    async def test_of_an_order_and_of_its_lines_is_told(self, http: Client) -> None:
        card = await customer(http)
        taken = await order(http, line(quantity=2), customer_id=card["id"])
        one = taken["lines"][0]
        etag = {"if-match": f'"{taken["version"]}"'}
        await http.patch(f"/v1/orders/{taken['id']}/lines/{one['id']}", json={"ordered": 3}, headers=etag)
        (changed,) = await trail(http, card, "customer_order")
        assert (changed["record_id"], changes(changed)["quantity"]) == (taken["id"], ("2", "3"))
        found = await items(http, "/v1/audit", record="order_line", record_id=one["id"])
        assert [changes(each)["ordered"] for each in found] == [("2", "3")]

    async def test_of_a_link_is_told_by_the_id_on_the_wire(self, http: Client) -> None:
        payer, card = await customer(http, "PAYEUR"), await customer(http)
        await http.patch(f"/v1/customers/{card['id']}", json={"billed_to_id": payer["id"]}, headers={"if-match": '"1"'})
        assert changes((await trail(http, card))[0]) == {"billed_to_id": (None, payer["id"])}

    async def test_of_a_table_and_of_the_settings_is_told(self, http: Client) -> None:
        await post(http, "/v1/tables/categories", {"code": "LYCEE", "label": "Lycées"})
        dossier = await get(http, "/v1/dossier")
        answer = await http.patch(
            "/v1/dossier", json={"credit_policy": "block"}, headers={"if-match": f'"{dossier["version"]}"'}
        )
        assert answer.status_code == 200, answer.text
        (value,) = await items(http, "/v1/audit", record="reference_value", record_id="categories/LYCEE")
        assert (value["record_id"], changes(value)["label"]) == ("categories/LYCEE", (None, "Lycées"))
        (setting, *_) = await items(http, "/v1/audit", record="dossier")
        before, after = changes(setting)["settings"]
        assert before != after
        assert after is not None
        assert "block" in after
        assert "secret" not in changes(setting)

    @pytest.mark.row("C9")
    async def test_of_an_absorbed_card_is_told_with_the_kept_one_and_back(self, http: Client) -> None:
        kept, absorbed = await customer(http, "UN"), await customer(http, "DEUX")
        await post(http, f"/v1/customers/{absorbed['id']}/notes", {"text": "polars"})
        before = {entry["id"] for entry in await trail(http, absorbed)}
        merged = await post(http, "/v1/customer-merges", {"kept_id": kept["id"], "absorbed_id": absorbed["id"]})
        assert before <= {entry["id"] for entry in await trail(http, kept)}
        moved = next(entry for entry in await trail(http, kept, "note") if entry["operation"] == "update")
        assert changes(moved) == {"customer_id": (absorbed["id"], kept["id"])}
        await post(http, f"/v1/customer-merges/{merged['merge_id']}/undo", {}, expect=200)
        assert before <= {entry["id"] for entry in await trail(http, absorbed)}
        assert not before & {entry["id"] for entry in await trail(http, kept)}


class TestWho:
    async def test_is_told_by_name_a_person_and_a_key_by_its_label(self, http: Client, client_for: ClientFor) -> None:
        card = await customer(http)
        made = await post(http, "/v1/api-keys", {"label": "Script du soir", "scopes": ["customers:*"]})
        script = await client_for(made["secret"])
        await script.patch(f"/v1/customers/{card['id']}", json={"phone": "1"}, headers={"if-match": '"1"'})
        person = await client_for(None)
        answer = await person.post("/v1/session", json={"login": STAFF, "password": PASSWORD})
        assert answer.status_code == 201, answer.text
        token = (await get(person, "/v1/me"))["csrf_token"]
        headers = {"if-match": '"2"', "x-csrf-token": token}
        answer = await person.patch(f"/v1/customers/{card['id']}", json={"phone": "2"}, headers=headers)
        assert answer.status_code == 200, answer.text
        names = [(entry["by_name"], entry["by"].partition(":")[0]) for entry in await trail(http, card)]
        assert names == [("Camille", "staff"), ("Script du soir", "key"), ("admin", "key")]

    async def test_is_the_system_when_nobody_asked(self, http: Client, sql: Connection) -> None:
        card = await customer(http)
        await sql.execute("UPDATE customer SET comment = 'à la main'")
        entry = (await trail(http, card))[0]
        assert (entry["by"], entry["by_name"]) == ("system", "system")


class TestTheWholeAudit:
    async def test_is_searched_by_record_client_and_time(self, http: Client) -> None:
        start = datetime.now(UTC)
        one, other = await customer(http, "UN"), await customer(http, "DEUX")
        found = await items(http, "/v1/audit", record="customer")
        assert [entry["record_id"] for entry in found] == [other["id"], one["id"]]
        assert [each["id"] for each in await items(http, "/v1/audit", record_id=one["id"])] == [found[1]["id"]]
        assert await items(http, "/v1/audit", record="customer", by=found[0]["by"]) == found
        assert await items(http, "/v1/audit", record="customer", by="staff:nobody") == []
        assert await items(http, "/v1/audit", **{"record": "customer", "from": found[0]["at"]}) == found[:1]
        assert await items(http, "/v1/audit", record="customer", to=found[0]["at"]) == found[1:]
        past = (start - timedelta(hours=1)).isoformat()
        assert await items(http, "/v1/audit", **{"record": "customer", "from": past, "to": start.isoformat()}) == []

    async def test_comes_in_pages_that_lose_nothing(self, http: Client) -> None:
        card = await customer(http)
        for n in range(7):
            await post(http, f"/v1/customers/{card['id']}/notes", {"text": f"note {n}"})
        by_two = await all_items(http, f"/v1/customers/{card['id']}/audit", limit=2)
        assert by_two == await trail(http, card)
        assert len(by_two) == 8
        assert [entry["at"] for entry in by_two] == sorted((entry["at"] for entry in by_two), reverse=True)

    async def test_is_the_administrators_alone(self, http: Client, client_for: ClientFor) -> None:
        made = await post(http, "/v1/api-keys", {"label": "caisse", "scopes": ["customers:*", "orders:*"]})
        clerk = await client_for(made["secret"])
        refused(await clerk.get("/v1/audit"), 403, "forbidden")

    async def test_of_a_third_party_is_told_on_its_card(self, http: Client) -> None:
        card = await post(http, "/v1/third-parties", {"type": "supplier", "name": "SODIS"})
        await post(http, f"/v1/third-parties/{card['id']}/notes", {"text": "livre le mardi"})
        found = await items(http, f"/v1/third-parties/{card['id']}/audit")
        assert [(entry["record"], entry["third_party_id"]) for entry in found] == [
            ("note", card["id"]),
            ("third_party", card["id"]),
        ]
        refused(await http.get(f"/v1/third-parties/tpa_{'0' * 32}/audit"), 404, "not-found")


class TestWhoMayNotSee:
    @pytest.mark.row("B30")
    async def test_a_card_does_not_see_its_audit(self, http: Client, client_for: ClientFor) -> None:
        await post(http, "/v1/tables/confidentiality", {"code": "VIP", "label": "VIP"})
        secret = await customer(http, "SECRET", confidentiality_code="VIP")
        made = await post(http, "/v1/api-keys", {"label": "caisse", "scopes": ["customers:*"]})
        cleared = await post(http, "/v1/api-keys", {"label": "chef", "scopes": ["customers:*", "confidential:VIP"]})
        path = f"/v1/customers/{secret['id']}/audit"
        refused(await (await client_for(made["secret"])).get(path), 404, "not-found")
        assert (await (await client_for(cleared["secret"])).get(path)).status_code == 200

    @pytest.mark.row("C16")
    async def test_a_shop_does_not_see_what_another_changed(
        self, http: Client, client_for: ClientFor, elsewhere: Premises
    ) -> None:
        card = await customer(http)
        stranger = await client_for(elsewhere.admin_key)
        refused(await stranger.get(f"/v1/customers/{card['id']}/audit"), 404, "not-found")
        assert await items(stranger, "/v1/audit", record="customer") == []


FORGED = (
    "INSERT INTO audit_entry (dossier_id, by, record, record_id, operation) "
    "SELECT dossier_id, 'staff:1', 'customer', '1', 'update' FROM dossier"
)


class TestAnEntry:
    @pytest.mark.parametrize(
        "statement",
        [
            FORGED,
            "UPDATE audit_entry SET by = 'staff:1'",
            "UPDATE audit_entry SET at = now()",
            "UPDATE audit_entry SET operation = 'insert'",
            "UPDATE audit_entry SET record_id = '1'",
            "DELETE FROM audit_entry",
            "TRUNCATE audit_entry",
            "ALTER TABLE customer DISABLE TRIGGER audited",
        ],
    )
    async def test_is_nobodys_to_forge(self, http: Client, premises: Premises, statement: str) -> None:
        """The role of the application can neither add, delete nor sign an entry; it may blank a person in it."""
        await customer(http)
        connection = await asyncpg.connect(premises.database, server_settings={"role": ROLE})
        try:
            await connection.execute("SELECT set_config('comptoir.dossier_id', $1, false)", str(premises.dossier))
            assert await connection.fetchval("SELECT count(*) FROM audit_entry")
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
        finally:
            await connection.close()
