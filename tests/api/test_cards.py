"""What hangs on cards, over HTTP, whatever it is."""

import pytest

from tests.api.card_steps import CREATED, GERMAN, PREFIX, SHARED, UNKNOWN, card, held, patched
from tests.api.conftest import ClientFor
from tests.api.steps import Connection, Json, all_items, customer, get, items, nothing_written, post, refused
from tests.conftest import Client

CHANGED: dict[str, Json] = {
    "addresses": {"role": "other", "phone": None, "default_for": [], "address": {"town": "Rezé", "complement": None}},
    "contacts": {"name": "GRAND", "mobile": None, "function": "FAC"},
    "bank-accounts": {"domiciliation": None, "iban": GERMAN},
    "notes": {"text": "Préfère le café"},
    "discounts": {"percent": "9.00", "basis": None},
}
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
