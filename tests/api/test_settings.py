"""The company file over HTTP, and what its settings do."""

import pytest

from api.schemas.dunning import DossierReminders
from domain.model.dunning import DunningRules
from infra.db.dossiers import add_key
from tests.api.conftest import ClientFor
from tests.api.steps import Connection, Json, customer, get, nothing_written, order, post, refused
from tests.conftest import Client, Premises

AXES = [
    {"number": 1, "label": "Statistique 1", "segments": [2, 4, 6, 8]},
    {"number": 2, "label": "Statistique 2", "segments": [8]},
    {"number": 3, "label": "Statistique 3", "segments": [8]},
]
LATER: dict[str, object] = {
    "gln": None,
    "siret": None,
    "loyalty": {"programs": []},
    "reminders": DossierReminders.of(DunningRules()).model_dump(mode="json"),
}
MESSAGES = {
    "channels": ["email", "sms"],
    "steps": [
        {"event": "arrival", "after_days": 0},
        {"event": "reminder_1", "after_days": 7},
        {"event": "last_call", "after_days": 14},
    ],
    "automatic": ["arrival", "reminder_1", "reminder_2", "reminder_3", "last_call", "cancelled"],
    "grace_minutes": 15,
    "from_hour": 9,
    "to_hour": 19,
}
ROLES = {"order": "CDE", "delivery_note": "LIV", "invoice": "FAC", "reminder": "REL", "quote": "DEV"}

KNOWN_LAW = [
    {"key": "book_discount_cap", "since": "1982-01-01", "value": "5.00"},
    {"key": "free_order_copies", "since": "1982-01-01", "value": "1.00"},
    {"key": "public_discount_cap", "since": "2003-08-01", "value": "9.00"},
    {"key": "digital_discount_cap", "since": "2011-11-11", "value": "0.00"},
    {"key": "shipped_discount_cap", "since": "2014-07-10", "value": "0.00"},
    {"key": "charge_threshold", "since": "2023-10-07", "value": "35.00"},
    {"key": "least_charge", "since": "2023-10-07", "value": "3.00"},
    {"key": "least_charge_above", "since": "2023-10-07", "value": "0.01"},
]


async def decide(http: Client, **body: object) -> Json:
    """The settings sent are the dossier's from now on."""
    version = (await get(http, "/v1/dossier"))["version"]
    answer = await http.patch("/v1/dossier", json=body, headers={"if-match": f'"{version}"'})
    assert answer.status_code == 200, answer.text
    changed: Json = answer.json()
    return changed


class TestTheCompanyFile:
    async def test_starts_with_the_decisions_of_the_house(self, http: Client) -> None:
        assert await get(http, "/v1/dossier") == {
            "code": "essai",
            "name": "Librairie d'essai",
            "address": "",
            "time_zone": "Europe/Paris",
            "code_padding": "none",
            "customer_prefix": "C",
            "contact_roles": ROLES,
            "stat_axes": AXES,
            "back_orders": {"quotes": False, "orders": True, "delivery_notes": True},
            "credit_policy": "warn",
            "flash_customer_ids": [],
            "flash_third_party_ids": [],
            "fiscal_month": 1,
            "retention_years": 3,
            "book_law": [],
            "known_law": KNOWN_LAW,
            "pickup": {"days": 14, "by_category": {}, "closed_weekdays": [], "closed_dates": []},
            "old_after_days": 14,
            "messages": MESSAGES,
            **LATER,
            "version": 1,
        }

    @pytest.mark.row("B7", "B9", "B18", "B27", "B36", "B81", "B82", "O1", "O10", "O13")
    async def test_keeps_every_setting_and_leaves_the_rest(self, http: Client) -> None:
        me = await post(http, "/v1/users", {"login": "claire", "name": "Claire", "password": "x" * 10})
        axes = [
            {"label": "Secteur", "segments": [8, 2, 4]},
            {"label": "Canal", "segments": []},
            {"label": "Taille", "segments": [1]},
        ]
        sent: Json = {
            "name": "Librairie du Port",
            "address": "1 quai\n44000 Nantes",
            "code_padding": "right_zeros",
            "customer_prefix": "CLI",
            "contact_roles": {"quote": "DIR"},
            "stat_axes": axes,
            "back_orders": {"quotes": True},
            "credit_policy": "block",
            "flash_customer_ids": [me["id"]],
            "flash_third_party_ids": [me["id"]],
            "fiscal_month": 9,
            "retention_years": 5,
            "book_law": [
                {"key": "least_charge", "since": "2027-01-01", "value": "3.50"},
                {"key": "book_discount_cap", "since": "2027-01-01", "value": "100.00"},
            ],
        }
        changed = await decide(http, **sent)
        assert changed == {
            **sent,
            "code": "essai",
            "time_zone": "Europe/Paris",
            "contact_roles": {**ROLES, "quote": "DIR"},
            "back_orders": {"quotes": True, "orders": True, "delivery_notes": True},
            "stat_axes": [
                {"number": 1, "label": "Secteur", "segments": [2, 4, 8]},
                {"number": 2, "label": "Canal", "segments": []},
                {"number": 3, "label": "Taille", "segments": [1]},
            ],
            "known_law": KNOWN_LAW,
            "pickup": {"days": 14, "by_category": {}, "closed_weekdays": [], "closed_dates": []},
            "old_after_days": 14,
            "messages": MESSAGES,
            **LATER,
            "version": 2,
        }
        assert await get(http, "/v1/dossier") == changed
        assert await decide(http) == changed
        assert (await get(http, "/v1/me"))["dossier"]["code"] == "essai"

    @pytest.mark.parametrize(
        ("body", "pointer"),
        [
            ({"customer_prefix": "c"}, "/customer_prefix"),
            ({"customer_prefix": "CLIE"}, "/customer_prefix"),
            ({"customer_prefix": None}, "/customer_prefix"),
            ({"time_zone": "UTC"}, "/time_zone"),
            ({"name": " "}, "/name"),
            ({"fiscal_month": 13}, "/fiscal_month"),
            ({"fiscal_month": True}, "/fiscal_month"),
            ({"retention_years": 0}, "/retention_years"),
            ({"stat_axes": [{"label": "a"}, {"label": "b"}]}, "/stat_axes"),
            (
                {"stat_axes": [{"label": "a", "segments": [2, 2]}, {"label": "b"}, {"label": "c"}]},
                "/stat_axes/0/segments",
            ),
            (
                {"stat_axes": [{"label": "a", "segments": [9]}, {"label": "b"}, {"label": "c"}]},
                "/stat_axes/0/segments/0",
            ),
            (
                {"stat_axes": [{"label": "a", "segments": [1, 2, 3, 4, 5]}, {"label": "b"}, {"label": "c"}]},
                "/stat_axes/0/segments",
            ),
            ({"contact_roles": {"order": None}}, "/contact_roles/order"),
            ({"contact_roles": {"teller": "CDE"}}, "/contact_roles/teller"),
            ({"credit_policy": "ignore"}, "/credit_policy"),
            ({"flash_customer_ids": ["cus_" + "0" * 32]}, "/flash_customer_ids/0"),
        ],
    )
    async def test_is_refused_by_field(self, http: Client, sql: Connection, body: Json, pointer: str) -> None:
        async with nothing_written(sql):
            answer = await http.patch("/v1/dossier", json=body, headers={"if-match": '"1"'})
        assert [each["pointer"] for each in refused(answer, 422, "invalid")["errors"]] == [pointer]

    async def test_names_functions_and_people_of_the_shop_only(self, http: Client, sql: Connection) -> None:
        stranger = "usr_" + "0" * 32
        async with nothing_written(sql):
            code = await http.patch(
                "/v1/dossier", json={"contact_roles": {"order": "RIEN"}}, headers={"if-match": '"1"'}
            )
            person = await http.patch(
                "/v1/dossier", json={"flash_customer_ids": [stranger]}, headers={"if-match": '"1"'}
            )
        assert [each["pointer"] for each in refused(code, 409, "unknown-code")["errors"]] == ["/contact_roles/order"]
        problem = refused(person, 409, "unknown-party")
        assert [each["pointer"] for each in problem["errors"]] == ["/flash_customer_ids/0"]

    async def test_changed_by_two_keeps_the_first(self, http: Client) -> None:
        await decide(http, name="Première")
        second = await http.patch("/v1/dossier", json={"name": "Seconde"}, headers={"if-match": '"1"'})
        refused(second, 412, "stale-version")
        assert (await get(http, "/v1/dossier"))["name"] == "Première"

    async def test_is_read_by_anyone_and_written_by_administrators(
        self, http: Client, web_shop: Client, sql: Connection, premises: Premises, client_for: ClientFor
    ) -> None:
        assert await get(web_shop, "/v1/dossier") == await get(http, "/v1/dossier")
        key = await add_key(sql, premises.dossier, label="x", scopes=["customers:*"], channel_id=None)
        clerk = await client_for(key)
        refused(await clerk.patch("/v1/dossier", json={}, headers={"if-match": '"1"'}), 403, "forbidden")

    @pytest.mark.row("C13")
    async def test_leaves_its_trail(self, http: Client, sql: Connection) -> None:
        await decide(http, name="Librairie du Port")
        await customer(http)  # a number drawn is no change of the company file
        trail = await sql.fetch(
            "SELECT before ->> 'name', after ->> 'name', by FROM audit_entry WHERE record = 'dossier' "
            "AND operation = 'update'"
        )
        assert [tuple(each)[:2] for each in trail] == [("Librairie d'essai", "Librairie du Port")]
        assert trail[0]["by"].startswith("key:")


class TestTheLaw:
    """The law on book prices is dated values: those the program knows, and the shop's own before them (C8)."""

    @pytest.mark.row("C8")
    async def test_of_the_shop_holds_from_its_day_on(self, http: Client) -> None:
        before = await order(http, mail_order=True)
        values = [
            {"key": "least_charge", "since": "2026-01-01", "value": "4.50"},
            {"key": "least_charge", "since": "2999-01-01", "value": "9.00"},
        ]
        await decide(http, book_law=values)
        after = await order(http, mail_order=True)
        assert [each["delivery_charge"]["amount"] for each in (before, after)] == ["3.00", "4.50"]
        assert "4,50" in after["charge_ruling"]["reason"]
        await decide(http, book_law=[{"key": "least_charge", "since": "2023-10-07", "value": "5.00"}])
        assert (await order(http, mail_order=True))["delivery_charge"]["amount"] == "5.00"
        await decide(http, book_law=[])
        assert (await order(http, mail_order=True))["delivery_charge"]["amount"] == "3.00"

    @pytest.mark.row("C8")
    @pytest.mark.parametrize(
        ("value", "pointer"),
        [
            ({"key": "book_discount_cap", "since": "2027-01-01", "value": "100.01"}, "/book_law/1/value"),
            ({"key": "free_order_copies", "since": "2027-01-01", "value": "1.50"}, "/book_law/1/value"),
            ({"key": "least_charge", "since": "2026-01-01", "value": "1.00"}, "/book_law/1/since"),
        ],
    )
    async def test_that_cannot_be_is_refused(self, http: Client, sql: Connection, value: Json, pointer: str) -> None:
        first = {"key": "least_charge", "since": "2026-01-01", "value": "4.50"}
        async with nothing_written(sql):
            answer = await http.patch("/v1/dossier", json={"book_law": [first, value]}, headers={"if-match": '"1"'})
            (error,) = refused(answer, 409, "inconsistent")["errors"]
        assert error["pointer"] == pointer

    @pytest.mark.parametrize(
        ("value", "pointer"),
        [
            ({"key": "vat", "since": "2027-01-01", "value": "5.00"}, "/book_law/0/key"),
            ({"key": "least_charge", "since": "demain", "value": "5.00"}, "/book_law/0/since"),
            ({"key": "least_charge", "since": "2027-01-01", "value": "-1.00"}, "/book_law/0/value"),
        ],
    )
    async def test_that_is_badly_written_is_refused(self, http: Client, value: Json, pointer: str) -> None:
        answer = await http.patch("/v1/dossier", json={"book_law": [value]}, headers={"if-match": '"1"'})
        (error,) = refused(answer, 422, "invalid")["errors"]
        assert error["pointer"] == pointer


class TestTheSettings:
    @pytest.mark.row("B6", "O1")
    async def test_pad_codes_so_that_a_clash_is_told(self, http: Client, sql: Connection) -> None:
        await decide(http, code_padding="right_zeros")
        assert (await customer(http, code="C1"))["code"] == "C1000000"
        async with nothing_written(sql):
            for clash in ("C10", "C100"):
                answer = await http.post("/v1/customers", json={"name": "X", "code": clash})
                assert "code" in refused(answer, 409, "code-taken")["detail"]

    @pytest.mark.row("B3", "B7", "O1")
    async def test_begin_automatic_codes(self, http: Client) -> None:
        await customer(http, code="C0000002")
        assert [(await customer(http))["code"] for _ in range(2)] == ["C0000001", "C0000003"]
        await decide(http, customer_prefix="K")
        assert (await customer(http))["code"] == "K0000004"


class TestFunctionCodes:
    """What the old script GT_9272 did by hand: function codes on contacts follow the roles of the company file."""

    async def contact(self, http: Client, function: str) -> str:
        card = await post(http, "/v1/customers", {"name": "ECOLE"})
        path = f"/v1/customers/{card['id']}/contacts"
        made = await post(http, path, {"name": "ROUX", "function": function})
        return f"{path}/{made['id']}"

    @pytest.mark.row("B38")
    async def test_that_change_with_a_role_are_rewritten_on_the_contacts(self, http: Client, sql: Connection) -> None:
        orders, invoices, head = [await self.contact(http, code) for code in ("CDE", "FAC", "DIR")]
        await decide(http, contact_roles={"order": "FAC", "invoice": "CDE"}, rewrite_contacts=True)
        shown = [await get(http, path) for path in (orders, invoices, head)]
        assert [(each["function"], each["roles"], each["version"]) for each in shown] == [
            ("FAC", ["order"], 2),
            ("CDE", ["invoice"], 2),
            ("DIR", [], 1),
        ]
        told = await sql.fetch("SELECT by FROM audit_entry WHERE record = 'contact_person' AND operation = 'update'")
        assert len(told) == 2
        assert {row["by"].split(":")[0] for row in told} == {"key"}

    @pytest.mark.row("B38")
    async def test_stay_on_the_contacts_unless_it_is_asked_for(self, http: Client) -> None:
        path = await self.contact(http, "CDE")
        await decide(http, contact_roles={"order": "DOC"})
        shown = await get(http, path)
        assert (shown["function"], shown["roles"], shown["version"]) == ("CDE", [], 1)

    @pytest.mark.row("B38")
    async def test_that_another_role_keeps_are_not_rewritten(self, http: Client, sql: Connection) -> None:
        await decide(http, contact_roles={"invoice": "CDE"})
        body = {"contact_roles": {"order": "DOC"}, "rewrite_contacts": True}
        async with nothing_written(sql):
            answer = await http.patch("/v1/dossier", json=body, headers={"if-match": '"2"'})
        refused(answer, 409, "inconsistent")
