"""Consents of customers, over HTTP."""

import pytest

from tests.api.card_steps import card, held, patched
from tests.api.steps import Connection, all_items, customer, get, post, refused
from tests.conftest import Client


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
