"""What hangs on cards, over HTTP: addresses, contacts, bank accounts, notes, consents, discounts, credit, document defaults."""

import pytest

from tests.api.conftest import ClientFor
from tests.api.steps import (
    RUE,
    Connection,
    Json,
    all_items,
    customer,
    euros,
    get,
    items,
    line,
    nothing_written,
    order,
    post,
    put,
    refused,
)
from tests.conftest import Client

POSTE = "FR1420041010050500013M02606"
MONACO = "MC5811222000010123456789030"
GERMAN = "DE89370400440532013000"
UNKNOWN = "019301a2b3c47d5e8f90a1b2c3d4e5f6"
ADDRESS: Json = {
    "code": "quai",
    "role": "delivery",
    "address": {
        "recipient": "Réception",
        "complement": "Étage 1",
        "building": "Bât. C",
        "street": "7 quai des Libraires",
        "locality": "BP 4",
        "postal_code": "44000",
        "town": "Nantes",
        "country": "FR",
    },
    "siret": "73282932000074",
    "phone": "02 40 00 00 05",
    "email": "quai@example.org",
    "allowed_for": ["order", "delivery_note"],
    "default_for": ["delivery_note"],
    "use_main_of_id": None,
}
CONTACT: Json = {
    "code": "resp",
    "title": "Mme",
    "name": "PETIT",
    "first_name": "Zoë",
    "function": "CDE",
    "phone": "02 40 00 00 06",
    "mobile": "06 06 06 06 07",
    "email": "zoe.petit@example.org",
    "fax": "02 40 00 00 07",
    "address_id": None,
    "comment": "Le matin\nseulement",
}
ACCOUNT: Json = {
    "code": "cpte",
    "iban": POSTE,
    "bic": "PSSTFRPPPAR",
    "domiciliation": "NANTES CENTRE",
    "main": True,
    "closed_on": "2099-01-01",
}
DISCOUNT: Json = {
    "scope": "vat_rate",
    "vat_rate": "5.50",
    "category": None,
    "percent": "5.00",
    "starts_on": "2026-01-01",
    "ends_on": "2026-12-31",
    "basis": "Loi du 10 août 1981, art. 3",
}
CREATED: dict[str, Json] = {
    "addresses": ADDRESS,
    "contacts": CONTACT,
    "bank-accounts": ACCOUNT,
    "notes": {"text": "Aime la poésie\net le thé"},
    "discounts": DISCOUNT,
}
CHANGED: dict[str, Json] = {
    "addresses": {"role": "other", "phone": None, "default_for": [], "address": {"town": "Rezé", "complement": None}},
    "contacts": {"name": "GRAND", "mobile": None, "function": "FAC"},
    "bank-accounts": {"domiciliation": None, "iban": GERMAN},
    "notes": {"text": "Préfère le café"},
    "discounts": {"percent": "9.00", "basis": None},
}
PREFIX = {"addresses": "adr", "contacts": "con", "bank-accounts": "rib", "notes": "not", "discounts": "dis"}
SHARED = ("addresses", "contacts", "bank-accounts", "notes")


async def third_party(http: Client, name: str = "NATHAN", type: str = "supplier", **more: object) -> Json:  # noqa: A002
    return await post(http, "/v1/third-parties", {"name": name, "type": type, **more})


async def card(http: Client, owner: str) -> str:
    """The address of a new card, of a customer or of a third party."""
    made = await (customer(http) if owner == "customers" else third_party(http))
    return f"/v1/{owner}/{made['id']}"


def held(version: int) -> dict[str, str]:
    return {"if-match": f'"{version}"'}


async def patched(http: Client, path: str, body: Json, version: int = 1) -> Json:
    answer = await http.patch(path, json=body, headers=held(version))
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


OWNERS_AND_KINDS = [
    *((owner, kind) for owner in ("customers", "third-parties") for kind in SHARED),
    ("customers", "discounts"),
]


@pytest.mark.row("B33", "A63")
@pytest.mark.parametrize(("owner", "kind"), OWNERS_AND_KINDS)
class TestAPart:
    async def test_keeps_every_field(self, http: Client, owner: str, kind: str) -> None:
        path, wanted = await card(http, owner), CREATED[kind]
        answer = await http.post(f"{path}/{kind}", json=wanted)
        made = answer.json()
        expected = {**wanted, "code": wanted["code"].upper()} if "code" in wanted else wanted
        assert {name: made[name] for name in wanted} == expected
        assert made["id"].startswith(f"{PREFIX[kind]}_")
        assert (answer.status_code, answer.headers["etag"], made["version"]) == (201, '"1"', 1)
        place = f"{path}/{kind}/{made['id']}"
        assert answer.headers["location"] == place
        read = await http.get(place)
        assert (read.json(), read.headers["etag"]) == (made, '"1"')
        assert await items(http, f"{path}/{kind}") == [made]

    async def test_changes_what_is_sent_and_leaves_the_rest(self, http: Client, owner: str, kind: str) -> None:
        path, change = await card(http, owner), CHANGED[kind]
        made = await post(http, f"{path}/{kind}", CREATED[kind])
        place = f"{path}/{kind}/{made['id']}"
        after = await patched(http, place, change)
        expected = {**made, **change, "version": 2, "updated_at": after["updated_at"]}
        derived = {"address", "address_lines", "address_advice", "roles", "bic", "bank_name", "rib"}
        assert {k: v for k, v in after.items() if k not in derived} == {
            k: v for k, v in expected.items() if k not in derived
        }
        if kind == "addresses":
            assert after["address"] == {**made["address"], **change["address"]}
        assert after["updated_at"] > made["updated_at"]
        assert await get(http, place) == after

    async def test_that_is_not_changed_keeps_its_version(self, http: Client, owner: str, kind: str) -> None:
        path = await card(http, owner)
        made = await post(http, f"{path}/{kind}", CREATED[kind])
        same = {} if kind != "notes" else {"text": made["text"]}
        assert await patched(http, f"{path}/{kind}/{made['id']}", same) == made

    async def test_is_changed_and_removed_by_whoever_saw_it_last(
        self, http: Client, sql: Connection, owner: str, kind: str
    ) -> None:
        path = await card(http, owner)
        made = await post(http, f"{path}/{kind}", CREATED[kind])
        place = f"{path}/{kind}/{made['id']}"
        await patched(http, place, CHANGED[kind])
        async with nothing_written(sql):
            refused(
                await http.patch(place, json=CREATED["notes"] if kind == "notes" else {}, headers=held(1)),
                412,
                "stale-version",
            )
            refused(await http.delete(place, headers=held(1)), 412, "stale-version")
            refused(await http.delete(place), 428, "if-match-missing")
        assert (await http.delete(place, headers=held(2))).status_code == 204
        refused(await http.get(place), 404, "not-found")
        refused(await http.delete(place, headers=held(2)), 404, "not-found")
        assert await items(http, f"{path}/{kind}") == []

    async def test_of_another_card_is_not_found(self, http: Client, sql: Connection, owner: str, kind: str) -> None:
        made = await post(http, f"{await card(http, owner)}/{kind}", CREATED[kind])
        elsewhere = f"{await card(http, owner)}/{kind}/{made['id']}"
        async with nothing_written(sql):
            refused(await http.get(elsewhere), 404, "not-found")
            refused(await http.patch(elsewhere, json=CHANGED[kind], headers=held(1)), 404, "not-found")
            refused(await http.delete(elsewhere, headers=held(1)), 404, "not-found")

    async def test_of_no_card_is_not_found(self, http: Client, sql: Connection, owner: str, kind: str) -> None:
        nowhere = f"/v1/{owner}/{'cus' if owner == 'customers' else 'tpa'}_{UNKNOWN}/{kind}"
        place = f"{nowhere}/{PREFIX[kind]}_{UNKNOWN}"
        async with nothing_written(sql):
            refused(await http.get(nowhere), 404, "not-found")
            refused(await http.post(nowhere, json=CREATED[kind]), 404, "not-found")
            refused(await http.get(place), 404, "not-found")
            refused(await http.patch(place, json=CHANGED[kind], headers=held(1)), 404, "not-found")

    async def test_is_made_once_for_a_key(self, http: Client, owner: str, kind: str) -> None:
        path, key = await card(http, owner), {"idempotency-key": "once"}
        first = await http.post(f"{path}/{kind}", json=CREATED[kind], headers=key)
        again = await http.post(f"{path}/{kind}", json=CREATED[kind], headers=key)
        assert (again.json(), again.headers["idempotency-replayed"]) == (first.json(), "true")
        assert len(await items(http, f"{path}/{kind}")) == 1

    async def test_is_listed_in_pages_oldest_first(self, http: Client, owner: str, kind: str) -> None:
        path, body = await card(http, owner), {k: v for k, v in CREATED[kind].items() if k not in {"code", "role"}}
        made = [(await post(http, f"{path}/{kind}", body))["id"] for _ in range(5)]
        assert [each["id"] for each in await all_items(http, f"{path}/{kind}", limit=2)] == made
        down = [each["id"] for each in await all_items(http, f"{path}/{kind}", limit=2, sort="-created_at")]
        assert down == made[::-1]

    async def test_tells_whoever_shows_the_card_and_the_audit(
        self, http: Client, sql: Connection, owner: str, kind: str
    ) -> None:
        path = await card(http, owner)
        made = await post(http, f"{path}/{kind}", CREATED[kind])
        place = f"{path}/{kind}/{made['id']}"
        await patched(http, place, CHANGED[kind])
        await http.delete(place, headers=held(2))
        subject = path.rpartition("_")[2]
        told = await sql.fetch("SELECT type FROM outbox_event WHERE subject = $1 ORDER BY seq", subject)
        name = "customer" if owner == "customers" else "third_party"
        assert [row["type"] for row in told] == [f"{name}.created", *[f"{name}.updated"] * 3]
        part_id = made["id"].partition("_")[2]
        audited = await sql.fetch(
            "SELECT operation, by FROM audit_entry WHERE replace(record_id, '-', '') = $1 ORDER BY at", part_id
        )
        assert [row["operation"] for row in audited] == ["insert", "update", "delete"]
        assert {row["by"].partition(":")[0] for row in audited} == {"key"}


@pytest.mark.row("B30")
@pytest.mark.parametrize("kind", [*SHARED, "discounts", "consents", "credit", "document-defaults"])
class TestAConfidentialCard:
    async def test_hides_what_hangs_on_it(self, http: Client, client_for: ClientFor, kind: str) -> None:
        secret = await customer(http, "SECRET", confidentiality_code="DIR")
        keys = {}
        for label, scopes in (("blind", ["customers:*"]), ("cleared", ["customers:*", "confidential:DIR"])):
            body = {"label": label, "scopes": scopes}
            keys[label] = (await post(http, "/v1/api-keys", body))["secret"]
        path = f"/v1/customers/{secret['id']}/{kind}"
        refused(await (await client_for(keys["blind"])).get(path), 404, "not-found")
        assert (await (await client_for(keys["cleared"])).get(path)).status_code == 200
        if kind in CREATED:
            refused(await (await client_for(keys["blind"])).post(path, json=CREATED[kind]), 404, "not-found")


class TestAnAddress:
    @pytest.mark.row("B57")
    @pytest.mark.parametrize(("town", "codes"), [("Nantes", ["NANTES1", "NANTES2"]), (None, ["X1", "X2"])])
    async def test_without_a_code_has_one_of_its_town(self, http: Client, town: str | None, codes: list[str]) -> None:
        path = await card(http, "customers")
        made = [await post(http, f"{path}/addresses", {"address": {"town": town}}) for _ in codes]
        assert [each["code"] for each in made] == codes

    @pytest.mark.parametrize("owner", ["customers", "third-parties"])
    async def test_cannot_take_the_code_of_another_of_the_card(self, http: Client, owner: str) -> None:
        path = await card(http, owner)
        await post(http, f"{path}/addresses", {"code": "QUAI"})
        answer = await http.post(f"{path}/addresses", json={"code": "quai"})
        assert [fault["pointer"] for fault in refused(answer, 409, "code-taken")["errors"]] == ["/code"]
        await post(http, f"{await card(http, owner)}/addresses", {"code": "QUAI"})

    @pytest.mark.row("A57")
    @pytest.mark.parametrize("role", ["delivery", "billing"])
    async def test_of_a_role_is_the_only_one(self, http: Client, sql: Connection, role: str) -> None:
        path = await card(http, "customers")
        await post(http, f"{path}/addresses", {"role": role})
        other = await post(http, f"{path}/addresses", {})
        async with nothing_written(sql):
            first = await http.post(f"{path}/addresses", json={"role": role})
            second = await http.patch(f"{path}/addresses/{other['id']}", json={"role": role}, headers=held(1))
        for answer in (first, second):
            (fault,) = refused(answer, 409, "code-taken")["errors"]
            assert (fault["pointer"], role in fault["detail"]) == ("/role", True)

    @pytest.mark.row("B40")
    async def test_named_for_a_document_takes_it_from_the_others(self, http: Client) -> None:
        path = await card(http, "customers")
        first = await post(http, f"{path}/addresses", {"default_for": ["order", "quote"]})
        untouched = await post(http, f"{path}/addresses", {"default_for": ["invoice"]})
        second = await post(http, f"{path}/addresses", {"default_for": ["order"]})
        shown = {each["id"]: (each["default_for"], each["version"]) for each in await items(http, f"{path}/addresses")}
        assert shown == {first["id"]: (["quote"], 2), untouched["id"]: (["invoice"], 1), second["id"]: (["order"], 1)}
        await patched(http, f"{path}/addresses/{untouched['id']}", {"default_for": ["order", "invoice", "quote"]})
        shown = {each["id"]: (each["default_for"], each["version"]) for each in await items(http, f"{path}/addresses")}
        assert shown == {
            first["id"]: ([], 3),
            untouched["id"]: (["quote", "order", "invoice"], 2),
            second["id"]: ([], 2),
        }

    @pytest.mark.row("B40")
    async def test_cannot_be_named_for_a_document_that_it_is_not_allowed_for(
        self, http: Client, sql: Connection
    ) -> None:
        path = await card(http, "customers")
        made = await post(http, f"{path}/addresses", {"allowed_for": ["order"]})
        async with nothing_written(sql):
            for answer in (
                await http.post(f"{path}/addresses", json={"allowed_for": ["order"], "default_for": ["invoice"]}),
                await http.patch(f"{path}/addresses/{made['id']}", json={"default_for": ["invoice"]}, headers=held(1)),
            ):
                (fault,) = refused(answer, 409, "inconsistent")["errors"]
                assert fault["pointer"] == "/default_for"

    @pytest.mark.row("B41")
    @pytest.mark.parametrize("owner", ["customers", "third-parties"])
    async def test_may_lead_to_another_party(self, http: Client, owner: str) -> None:
        path = await card(http, owner)
        for lender in ((await customer(http))["id"], (await third_party(http))["id"]):
            made = await post(http, f"{path}/addresses", {"use_main_of_id": lender})
            assert made["use_main_of_id"] == lender

    @pytest.mark.row("B41")
    async def test_cannot_lead_to_its_own_card_nor_to_one_unknown_hidden_or_merged(
        self, http: Client, sql: Connection, client_for: ClientFor
    ) -> None:
        path, kept = await card(http, "customers"), await customer(http)
        merged = await customer(http)
        await sql.execute(
            "UPDATE customer SET merged_into = $1 WHERE customer_id = $2",
            kept["id"].partition("_")[2],
            merged["id"].partition("_")[2],
        )
        hidden = await customer(http, confidentiality_code="DIR")
        blind = await client_for(
            (await post(http, "/v1/api-keys", {"label": "blind", "scopes": ["customers:*"]}))["secret"]
        )
        own = path.rpartition("/")[2]
        async with nothing_written(sql):
            for lender in (own, f"cus_{UNKNOWN}", f"tpa_{UNKNOWN}", hidden["id"], merged["id"]):
                answer = await blind.post(f"{path}/addresses", json={"use_main_of_id": lender})
                (fault,) = refused(answer, 409, "unknown-party")["errors"]
                assert fault["pointer"] == "/use_main_of_id"

    @pytest.mark.row("B14")
    async def test_is_printed_after_the_standard(self, http: Client) -> None:
        made = await post(http, f"{await card(http, 'customers')}/addresses", ADDRESS)
        assert made["address_lines"][-3:] == ["7 QUAI DES LIBRAIRES", "BP 4", "44000 NANTES"]
        assert made["address_lines"][0] == "Réception"
        bare = await post(http, f"{await card(http, 'customers')}/addresses", {"address": {"town": "Nantes"}})
        assert bare["address_lines"] == ["MARTIN", "NANTES"]
        assert {each["code"] for each in bare["address_advice"]} >= {"postal-code-missing"}

    async def test_in_an_unknown_country_is_refused(self, http: Client) -> None:
        path = await card(http, "customers")
        answer = await http.post(f"{path}/addresses", json={"address": {"country": "ZZ"}})
        (fault,) = refused(answer, 409, "unknown-code")["errors"]
        assert fault["pointer"] == "/address/country"


class TestAContact:
    @pytest.mark.row("B57")
    async def test_without_a_code_has_one_of_its_name(self, http: Client) -> None:
        path = await card(http, "customers")
        names = ("Saint-Exupéry", "SAINT EXUPERY", "É")
        made = [await post(http, f"{path}/contacts", {"name": name}) for name in names]
        assert [each["code"] for each in made] == ["SAINTEX1", "SAINTEX2", "E1"]

    @pytest.mark.row("B36", "O10", "B37")
    @pytest.mark.parametrize(
        ("function", "roles"),
        [
            ("CDE", ["order"]),
            ("LIV", ["delivery_note"]),
            ("FAC", ["invoice"]),
            ("REL", ["reminder"]),
            ("DEV", ["quote"]),
            ("DIR", []),
            (None, []),
        ],
    )
    async def test_has_the_roles_of_its_function(self, http: Client, function: str | None, roles: list[str]) -> None:
        made = await post(http, f"{await card(http, 'customers')}/contacts", {"name": "PETIT", "function": function})
        assert made["roles"] == roles

    @pytest.mark.parametrize(("field", "code"), [("function", "NONE"), ("title", "NONE")])
    async def test_with_an_unknown_code_is_refused(self, http: Client, field: str, code: str) -> None:
        path = await card(http, "customers")
        made = await post(http, f"{path}/contacts", {"name": "PETIT"})
        for answer in (
            await http.post(f"{path}/contacts", json={"name": "PETIT", field: code}),
            await http.patch(f"{path}/contacts/{made['id']}", json={field: code}, headers=held(1)),
        ):
            (fault,) = refused(answer, 409, "unknown-code")["errors"]
            assert fault["pointer"] == f"/{field}"

    @pytest.mark.row("B34", "B35")
    async def test_is_at_an_address_of_its_own_card(self, http: Client, sql: Connection) -> None:
        path = await card(http, "customers")
        address = await post(http, f"{path}/addresses", {})
        made = await post(http, f"{path}/contacts", {"name": "PETIT", "address_id": address["id"]})
        assert made["address_id"] == address["id"]
        foreign = await post(http, f"{await card(http, 'customers')}/addresses", {})
        async with nothing_written(sql):
            for address_id in (foreign["id"], f"adr_{UNKNOWN}"):
                answer = await http.patch(
                    f"{path}/contacts/{made['id']}", json={"address_id": address_id}, headers=held(1)
                )
                (fault,) = refused(answer, 409, "unknown-party")["errors"]
                assert fault["pointer"] == "/address_id"
        await http.delete(f"{path}/addresses/{address['id']}", headers=held(1))
        assert (await get(http, f"{path}/contacts/{made['id']}"))["address_id"] is None


@pytest.mark.row("B43", "B44")
class TestABankAccount:
    async def mains(self, http: Client, path: str) -> list[bool]:
        return [each["main"] for each in await items(http, f"{path}/bank-accounts")]

    @pytest.mark.row("B58")
    async def test_is_given_by_iban_or_by_rib_and_shows_both(self, http: Client) -> None:
        for wanted in ({"iban": "FR14 2004 1010 0505 0001 3m02 606"}, {"rib": "20041 01005 0500013M026 06"}):
            made = await post(http, f"{await card(http, 'customers')}/bank-accounts", wanted)
            assert made["iban"] == POSTE
            assert made["rib"] == {"bank": "20041", "branch": "01005", "account": "0500013M026", "key": "06"}
            assert (made["bic"], made["bank_name"]) == ("PSSTFRPP", "LA BANQUE POSTALE")

    @pytest.mark.parametrize(
        ("body", "pointer"),
        [
            ({"rib": "20041 01005 0500013M026 07"}, "/rib"),
            ({"rib": "20041"}, "/rib"),
            ({"iban": "FR1420041010050500013M02607"}, "/iban"),
            ({"iban": "XX00"}, "/iban"),
            ({"iban": POSTE, "bic": "NO"}, "/bic"),
            ({}, "/iban"),
        ],
    )
    async def test_with_a_wrong_number_is_refused(
        self, http: Client, sql: Connection, body: Json, pointer: str
    ) -> None:
        path = await card(http, "customers")
        async with nothing_written(sql):
            answer = await http.post(f"{path}/bank-accounts", json=body)
        assert [fault["pointer"] for fault in refused(answer, 422, "invalid")["errors"]] == [pointer]

    async def test_with_an_iban_and_a_rib_of_two_accounts_is_refused(self, http: Client) -> None:
        path = await card(http, "customers")
        answer = await http.post(f"{path}/bank-accounts", json={"iban": MONACO, "rib": POSTE[4:]})
        (fault,) = refused(answer, 409, "inconsistent")["errors"]
        assert fault["pointer"] == "/rib"
        made = await post(http, f"{path}/bank-accounts", {"iban": MONACO, "rib": MONACO[4:]})
        assert made["iban"] == MONACO

    async def test_of_a_country_without_rib_shows_none(self, http: Client) -> None:
        made = await post(http, f"{await card(http, 'customers')}/bank-accounts", {"iban": GERMAN})
        assert (made["rib"], made["bic"]) == (None, "COBADEFFXXX")

    async def test_takes_the_bank_of_its_new_number(self, http: Client) -> None:
        path = await card(http, "customers")
        made = await post(http, f"{path}/bank-accounts", {"iban": POSTE})
        after = await patched(http, f"{path}/bank-accounts/{made['id']}", {"iban": GERMAN})
        assert (after["iban"], after["bic"]) == (GERMAN, "COBADEFFXXX")
        again = await patched(http, f"{path}/bank-accounts/{made['id']}", {"rib": POSTE[4:], "bic": "PSSTFRPP"}, 2)
        assert (again["iban"], again["bic"]) == (POSTE, "PSSTFRPP")

    @pytest.mark.row("B57")
    async def test_without_a_code_has_one_of_its_domiciliation(self, http: Client) -> None:
        path = await card(http, "customers")
        bodies: tuple[Json, ...] = ({"domiciliation": "La Poste Nantes"}, {}, {})
        made = [await post(http, f"{path}/bank-accounts", {"iban": POSTE, **body}) for body in bodies]
        assert [each["code"] for each in made] == ["LAPOSTE1", "RIB1", "RIB2"]

    async def test_is_the_main_one_when_it_is_the_first_open_one(self, http: Client) -> None:
        path = await card(http, "customers")
        closed = await post(http, f"{path}/bank-accounts", {"iban": POSTE, "closed_on": "2020-01-01"})
        assert closed["main"] is False
        assert (await post(http, f"{path}/bank-accounts", {"iban": POSTE}))["main"] is True
        assert (await post(http, f"{path}/bank-accounts", {"iban": POSTE}))["main"] is False

    @pytest.mark.parametrize("owner", ["customers", "third-parties"])
    async def test_made_the_main_one_takes_the_place_of_the_other(self, http: Client, owner: str) -> None:
        path = await card(http, owner)
        first = await post(http, f"{path}/bank-accounts", {"iban": POSTE})
        second = await post(http, f"{path}/bank-accounts", {"iban": GERMAN})
        third = await post(http, f"{path}/bank-accounts", {"iban": MONACO, "main": True})
        assert await self.mains(http, path) == [False, False, True]
        await patched(http, f"{path}/bank-accounts/{first['id']}", {"main": True}, 2)
        assert await self.mains(http, path) == [True, False, False]
        await patched(http, f"{path}/bank-accounts/{second['id']}", {"main": True})
        assert await self.mains(http, path) == [False, True, False]
        assert (await get(http, f"{path}/bank-accounts/{third['id']}"))["version"] == 2

    async def test_closed_or_removed_leaves_its_place_to_the_oldest_open_one(self, http: Client) -> None:
        path = await card(http, "customers")
        first = await post(http, f"{path}/bank-accounts", {"iban": POSTE})
        second = await post(http, f"{path}/bank-accounts", {"iban": GERMAN})
        await post(http, f"{path}/bank-accounts", {"iban": MONACO})
        after = await patched(http, f"{path}/bank-accounts/{first['id']}", {"closed_on": "2020-01-01"})
        assert after["main"] is False
        assert await self.mains(http, path) == [False, True, False]
        assert (await http.delete(f"{path}/bank-accounts/{second['id']}", headers=held(2))).status_code == 204
        assert await self.mains(http, path) == [False, True]

    async def test_that_is_closed_cannot_be_made_the_main_one(self, http: Client, sql: Connection) -> None:
        path = await card(http, "customers")
        await post(http, f"{path}/bank-accounts", {"iban": POSTE})
        closed = await post(http, f"{path}/bank-accounts", {"iban": GERMAN, "closed_on": "2020-01-01"})
        async with nothing_written(sql):
            for answer in (
                await http.post(
                    f"{path}/bank-accounts", json={"iban": GERMAN, "main": True, "closed_on": "2020-01-01"}
                ),
                await http.patch(f"{path}/bank-accounts/{closed['id']}", json={"main": True}, headers=held(1)),
            ):
                (fault,) = refused(answer, 409, "inconsistent")["errors"]
                assert fault["pointer"] == "/main"
        assert await self.mains(http, path) == [True, False]


class TestConsents:
    @pytest.mark.row("A58")
    async def test_are_a_ledger_whose_last_word_holds(self, http: Client) -> None:
        path = f"{await card(http, 'customers')}/consents"
        said = [
            {"channel": "email", "purpose": "order_arrival", "granted": True, "source": "Bulletin signé"},
            {"channel": "email", "purpose": "marketing", "granted": True, "source": None},
            {"channel": "email", "purpose": "receipt", "granted": False, "source": None},
            {"channel": "email", "purpose": "marketing", "granted": False, "source": "Téléphone"},
        ]
        made = [await post(http, path, each) for each in said]
        assert [{name: entry[name] for name in said[0]} for entry in made] == said
        told = await get(http, path)
        assert told["items"] == made[::-1]
        assert {each["purpose"]: (each["granted"], each["at"], each["reason"]) for each in told["current"]} == {
            "order_arrival": (True, made[0]["at"], None),
            "marketing": (False, made[3]["at"], None),
            "receipt": (False, made[2]["at"], None),
        }
        assert await all_items(http, path, limit=1) == made[::-1]

    @pytest.mark.row("A59")
    async def test_to_sms_are_refused_by_the_card_that_wants_none(self, http: Client) -> None:
        made = await customer(http)
        path = f"/v1/customers/{made['id']}"
        await post(http, f"{path}/consents", {"channel": "sms", "purpose": "order_arrival", "granted": True})
        assert [each["granted"] for each in (await get(http, f"{path}/consents"))["current"]] == [True]
        await patched(http, path, {"no_sms": True})
        current = (await get(http, f"{path}/consents"))["current"]
        assert {(each["channel"], each["purpose"], each["granted"], each["reason"]) for each in current} == {
            ("sms", purpose, False, "no_sms") for purpose in ("order_arrival", "marketing", "receipt")
        }
        await patched(http, path, {"no_sms": False}, 2)
        assert [each["granted"] for each in (await get(http, f"{path}/consents"))["current"]] == [True]

    async def test_are_never_changed_by_the_application(self, http: Client, sql: Connection) -> None:
        path = f"{await card(http, 'customers')}/consents"
        made = await post(http, path, {"channel": "email", "purpose": "marketing", "granted": True})
        for method in (http.patch, http.put):
            answer = await method(f"{path}/{made['id']}", json={"granted": False}, headers=held(1))
            refused(answer, 404, "no-such-path")
        for column in ("granted", "channel", "purpose", "at", "by"):
            assert not await sql.fetchval(
                "SELECT has_column_privilege('comptoir_app', 'consent', $1, 'UPDATE')", column
            )
        assert not await sql.fetchval("SELECT has_table_privilege('comptoir_app', 'consent', 'DELETE')")

    async def test_tell_whoever_shows_the_card(self, http: Client, sql: Connection) -> None:
        path = await card(http, "customers")
        await post(http, f"{path}/consents", {"channel": "post", "purpose": "marketing", "granted": True})
        subject = path.rpartition("_")[2]
        told = await sql.fetch("SELECT type FROM outbox_event WHERE subject = $1 ORDER BY seq", subject)
        assert [row["type"] for row in told] == ["customer.created", "customer.updated"]


class TestADiscount:
    @pytest.mark.row("A63", "A64")
    @pytest.mark.parametrize(
        "scope",
        [
            {"scope": "all"},
            {"scope": "school_books"},
            {"scope": "vat_rate", "vat_rate": "20.00"},
            {"scope": "category", "category": "BD"},
        ],
    )
    async def test_is_for_everything_a_rate_a_category_or_school_books(self, http: Client, scope: Json) -> None:
        await put(http, "/v1/categories/BD", {"label": "Bandes dessinées", "level": "sector"}, expect=201)
        made = await post(http, f"{await card(http, 'customers')}/discounts", {**scope, "percent": "9.00"})
        assert {name: made[name] for name in scope} == scope

    @pytest.mark.row("A63")
    async def test_of_a_category_that_the_tree_lacks_is_refused(self, http: Client, sql: Connection) -> None:
        path = f"{await card(http, 'customers')}/discounts"
        made = await post(http, path, {"scope": "all", "percent": "5.00"})
        body = {"scope": "category", "category": "BD"}
        async with nothing_written(sql):
            for answer in (
                await http.post(path, json={"percent": "5.00", **body}),
                await http.patch(f"{path}/{made['id']}", json=body, headers={"if-match": '"1"'}),
            ):
                (error,) = refused(answer, 409, "unknown-code")["errors"]
                assert error["pointer"] == "/category"

    @pytest.mark.row("A63")
    @pytest.mark.parametrize(
        ("body", "pointer"),
        [
            ({"scope": "all", "vat_rate": "5.50"}, "/vat_rate"),
            ({"scope": "vat_rate"}, "/vat_rate"),
            ({"scope": "category"}, "/category"),
            ({"scope": "school_books", "category": "BD"}, "/category"),
            ({"scope": "all", "starts_on": "2026-02-01", "ends_on": "2026-02-01"}, "/ends_on"),
        ],
    )
    async def test_whose_fields_do_not_go_together_is_refused(
        self, http: Client, sql: Connection, body: Json, pointer: str
    ) -> None:
        path = f"{await card(http, 'customers')}/discounts"
        made = await post(http, path, {"scope": "all", "percent": "5.00"})
        async with nothing_written(sql):
            for answer in (
                await http.post(path, json={"percent": "5.00", **body}),
                await http.patch(f"{path}/{made['id']}", json=body, headers=held(1)),
            ):
                (fault,) = refused(answer, 409, "inconsistent")["errors"]
                assert fault["pointer"] == pointer

    @pytest.mark.row("A65")
    async def test_stands_beside_the_tariff_of_the_card(self, http: Client) -> None:
        made = await customer(http, tariff_code="PUB")
        await post(http, f"/v1/customers/{made['id']}/discounts", {"scope": "all", "percent": "5.00"})
        assert (await get(http, f"/v1/customers/{made['id']}"))["tariff_code"] == "PUB"


@pytest.mark.row("B15", "O13")
class TestCredit:
    async def test_is_what_is_open_against_both_ceilings(self, http: Client) -> None:
        made = await customer(http, management_ceiling=euros("500.00"), insurance_ceiling=euros("300.00"))
        path = f"/v1/customers/{made['id']}/credit"
        assert await get(http, path) == {
            "management_ceiling": euros("500.00"),
            "insurance_ceiling": euros("300.00"),
            "outstanding": euros("0.00"),
            "risk": euros("200.00"),
            "active": True,
        }
        taken = await order(http, line(RUE, 3), customer_id=made["id"])
        assert (await get(http, path))["outstanding"] == taken["total"]

    async def test_is_not_controlled_under_a_nil_ceiling(self, http: Client) -> None:
        made = await customer(http, insurance_ceiling=euros("300.00"))
        told = await get(http, f"/v1/customers/{made['id']}/credit")
        assert (told["active"], told["risk"]) == (False, euros("0.00"))


class TestADocument:
    @pytest.mark.row("A57", "A60", "A61", "B4", "B16", "B27", "B36", "B40", "B41", "B42", "B43")
    async def test_starts_with_what_the_cards_say(self, http: Client) -> None:
        rep = await third_party(http, "VENDEUR", "sales_rep")
        depot = await third_party(http, "MESSAGERIE", address={"street": "4 bd Ailleurs", "town": "Paris"})
        hall = await customer(http, "MAIRIE", address={"street": "3 place de la Mairie", "town": "Nantes"})
        school = await customer(
            http,
            "ÉCOLE",
            billed_to_id=hall["id"],
            language="de",
            payment_mode="MANDAT",
            print_mode="CHORUS",
            comment="Sonner",
            sales_reps=[{"third_party_id": rep["id"], "share": "100.00"}],
            back_orders={"orders": "no"},
            light="orange",
            light_message="Voir la caisse",
        )
        path = f"/v1/customers/{school['id']}"
        lent = await post(http, f"{path}/addresses", {"role": "delivery", "use_main_of_id": depot["id"]})
        contact = await post(http, f"{path}/contacts", {"name": "PETIT", "function": "CDE"})
        account = await post(http, f"{path}/bank-accounts", {"iban": POSTE})
        told = await get(http, f"{path}/document-defaults", document="order")
        delivery, billing = told.pop("delivery"), told.pop("billing")
        assert told == {
            "document": "order",
            "customer_id": school["id"],
            "billed_to_id": hall["id"],
            "payment_party_id": hall["id"],
            "reminded_id": hall["id"],
            "statistics_party_id": school["id"],
            "contact_id": contact["id"],
            "bank_account_id": account["id"],
            "back_orders": False,
            "language": "de",
            "languages": ["fr", "de"],
            "payment_mode": "MANDAT",
            "print_mode": "CHORUS",
            "sales_reps": [{"third_party_id": rep["id"], "share": "100.00"}],
            "comment": "Sonner",
            "blocked": None,
            "warnings": ["Voir la caisse"],
        }
        assert (delivery["source"], delivery["address_id"], delivery["party_id"]) == ("party", lent["id"], depot["id"])
        assert delivery["address_lines"] == ["MESSAGERIE", "4 BD AILLEURS", "PARIS"]
        assert (billing["source"], billing["party_id"]) == ("main", hall["id"])
        assert billing["address_lines"] == ["MAIRIE", "3 PLACE DE LA MAIRIE", "NANTES"]
        assert await get(http, f"{path}/document-defaults") == await get(
            http, f"{path}/document-defaults", document="order"
        )

    @pytest.mark.row("B27")
    @pytest.mark.parametrize(
        ("document", "expected"),
        [("quote", False), ("order", True), ("delivery_note", True), ("invoice", None), ("reminder", None)],
    )
    async def test_has_the_back_orders_of_the_dossier_unless_the_card_says_otherwise(
        self, http: Client, document: str, expected: bool | None
    ) -> None:
        path = f"{await card(http, 'customers')}/document-defaults"
        assert (await get(http, path, document=document))["back_orders"] is expected

    @pytest.mark.row("B31", "B32")
    @pytest.mark.parametrize(
        ("body", "blocked"), [({"light": "red"}, "customer-blocked"), ({"closed_on": "2020-01-01"}, "customer-closed")]
    )
    async def test_that_would_be_refused_says_so(self, http: Client, body: Json, blocked: str) -> None:
        made = await customer(http, **body)
        assert (await get(http, f"/v1/customers/{made['id']}/document-defaults"))["blocked"] == blocked

    @pytest.mark.row("A60", "B30")
    async def test_does_not_tell_the_address_of_a_hidden_party(self, http: Client, client_for: ClientFor) -> None:
        hall = await customer(http, "MAIRIE", confidentiality_code="DIR", address={"town": "Nantes"})
        school = await customer(http, "ÉCOLE", billed_to_id=hall["id"])
        await post(http, f"/v1/customers/{school['id']}/addresses", {"role": "delivery", "use_main_of_id": hall["id"]})
        secret = (await post(http, "/v1/api-keys", {"label": "blind", "scopes": ["customers:read"]}))["secret"]
        blind = await client_for(secret)
        told = (await blind.get(f"/v1/customers/{school['id']}/document-defaults")).json()
        for where in ("delivery", "billing"):
            assert (told[where]["address"], told[where]["party_id"], told[where]["address_lines"]) == (None, None, [])
        assert "MAIRIE" not in str(told)


class TestAMergedCard:
    async def test_takes_no_more_parts(self, http: Client, sql: Connection) -> None:
        kept, made = await customer(http), await customer(http)
        await sql.execute(
            "UPDATE customer SET merged_into = $1 WHERE customer_id = $2",
            kept["id"].partition("_")[2],
            made["id"].partition("_")[2],
        )
        async with nothing_written(sql):
            for kind, body in CREATED.items():
                answer = await http.post(f"/v1/customers/{made['id']}/{kind}", json=body)
                refused(answer, 409, "customer-merged")
