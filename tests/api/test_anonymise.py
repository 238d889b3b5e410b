"""A person is blanked everywhere, history included; numbers, amounts and dates stay (C14; peers P20, P21, U20)."""

import asyncio
import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from infra.anonymising import KEPT, NAME, PERSONAL, REWRITTEN
from tests.api.conftest import ClientFor
from tests.api.steps import (
    CHUT,
    NUIT,
    RUE,
    Connection,
    Json,
    all_items,
    customer,
    get,
    items,
    line,
    nothing_written,
    order,
    post,
    refused,
    scan,
    stock,
)
from tests.conftest import Client, Premises

pytestmark = pytest.mark.row("C14")

WORDS = ("Zéphyrine", "Quatremain", "Beaurepaire", "zephyrine", "quatremain", "beaurepaire", "CARABOSSE", "Carabosse")
PHONES = ("0612345678", "612345678", "0298765432", "298765432")
SECRETS = (
    *WORDS,
    "ZEPHYRINE",
    "QUATREMAIN",
    "BEAUREPAIRE",
    *PHONES,
    "FR1420041010050500013M02606",
    "1970-02-28",
    "73282932000074",
    "29217",
    "LE CONQUET",
)
"""What no table may hold afterwards: name, first name, street, names of e-mail addresses, telephones, account, birth, place."""
CARD: Json = {
    "name": "Quatremain",
    "first_name": "Zéphyrine",
    "title": "Mme",
    "email": "zephyrine.quatremain@example.org",
    "phone": "06 12 34 56 78",
    "fax": "02 98 76 54 32",
    "barcode": "QUATREMAIN-1",
    "fidelity_number": "BEAUREPAIRE-2",
    "comment": "Madame Quatremain préfère le soir",
    "birth_date": "1970-02-28",
    "siret": "73282932000074",
    "account_number": "411QUATREMAIN",
    "light": "orange",
    "light_message": "Quatremain paie tard",
    "address": {
        "recipient": "Chez Carabosse",
        "street": "3 rue Beaurepaire",
        "postal_code": "29217",
        "town": "LE CONQUET",
    },
}


BLOCKED = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


async def anonymise(http: Client, card: Json, *, expect: int = 200, reason: str = "request") -> Json:
    now = await get(http, f"/v1/customers/{card['id']}")
    body = {"reason": reason}
    return await post(http, f"/v1/customers/{card['id']}/anonymise", body, version=now["version"], expect=expect)


async def hits(sql: Connection, words: Iterable[str] = SECRETS) -> list[str]:
    """Every text, JSON or binary column of every table that holds one of ``words``, with what it holds."""
    columns = await sql.fetch(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' AND "
        "(data_type IN ('text', 'character varying', 'character', 'json', 'jsonb', 'bytea', 'ARRAY', 'date', 'USER-DEFINED'))"
    )
    found = []
    for table, column in columns:
        rows = await sql.fetch(f'SELECT "{column}" FROM "{table}" WHERE "{column}" IS NOT NULL')
        for (value,) in rows:
            text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
            plain = text.encode().decode("unicode_escape", "replace") if "\\u" in text else text
            found += [f"{table}.{column}: {word} in {text[:200]}" for word in words if word in text or word in plain]
    return found


async def settled(http: Client, taken: Json) -> None:
    """Close an order by cancelling what is still open of it."""
    now = await get(http, f"/v1/orders/{taken['id']}")
    body = {"reason": "Quatremain a changé d'avis"}
    await post(http, f"/v1/orders/{taken['id']}/cancel", body, version=now["version"], expect=200)


async def a_life(http: Client, sql: Connection) -> Json:
    """A customer to whom everything happened that can happen; her cards are one in the end."""
    card = await customer(http, **CARD)
    path = f"/v1/customers/{card['id']}"
    postal = {"street": "7 quai Beaurepaire", "town": "BREST", "postal_code": "29200"}
    address = await post(http, f"{path}/addresses", {"role": "delivery", "address": postal, "phone": "02 98 76 54 32"})
    contact = {
        "name": "Carabosse",
        "first_name": "Zéphyrine",
        "mobile": "06 12 34 56 78",
        "email": "carabosse@example.org",
        "comment": "nièce Quatremain",
    }
    made = await post(http, f"{path}/contacts", {**contact, "address_id": address["id"]})
    await http.patch(f"{path}/contacts/{made['id']}", json={"function": None}, headers={"if-match": '"1"'})
    gone = await post(http, f"{path}/contacts", contact)
    assert (await http.delete(f"{path}/contacts/{gone['id']}", headers={"if-match": '"1"'})).status_code == 204
    account = {"iban": "FR1420041010050500013M02606", "main": True, "domiciliation": "POSTE Beaurepaire"}
    await post(http, f"{path}/bank-accounts", account)
    await post(http, f"{path}/notes", {"text": "Quatremain aime les polars"})
    consent = {"channel": "sms", "purpose": "order_arrival", "granted": True, "source": "dit par Quatremain"}
    await post(http, f"{path}/consents", consent)
    await post(http, f"{path}/discounts", {"scope": "all", "percent": "5.00", "basis": "accord Quatremain"})
    # orders: at the counter, for a free name and attached later, delivered, cancelled, paid
    for ean in (RUE, CHUT, NUIT):
        await stock(http, ean, 2)
    bought = await order(
        http, line(RUE), customer_id=card["id"], comment="pour Zéphyrine", customer_reference="QUATREMAIN 7"
    )
    await scan(http, RUE)
    now = await get(http, f"/v1/orders/{bought['id']}")
    payment = {"amount": {"amount": "12.00"}, "kind": "payment", "method": "cheque", "reference": "chèque Quatremain"}
    await post(http, f"/v1/orders/{bought['id']}/payments", payment, version=now["version"])
    now = await get(http, f"/v1/orders/{bought['id']}")
    await post(http, f"/v1/orders/{bought['id']}/deliveries", {}, version=now["version"])
    free = {
        "name": "Quatremain",
        "first_name": "Zéphyrine",
        "email": "zephyrine@example.org",
        "phone": "06 12 34 56 78",
    }
    free["address"] = {"street": "3 rue Beaurepaire", "town": "LE CONQUET"}  # type: ignore[assignment]
    taken = await post(http, "/v1/orders", {"contact": free, "lines": [line(CHUT)]})
    attach = {"customer_id": card["id"]}
    await post(http, f"/v1/orders/{taken['id']}/attach-customer", attach, version=taken["version"], expect=200)
    await settled(http, taken)
    kept = await post(http, "/v1/reservations", {"ean": NUIT, "quantity": 1, "customer_id": card["id"]})
    release = {"reservation_ids": [kept["id"]], "restock": False, "reason": "Quatremain n'est pas venue"}
    await post(http, "/v1/reservations/release", release, expect=200)
    # repeated requests; flashes; a prospect that became her second card; a third card; merges and one undone
    again = {"idempotency-key": "told-twice"}
    for _ in range(2):
        await http.post("/v1/customers", json={**CARD, "barcode": None, "fidelity_number": None}, headers=again)
    twin = (await all_items(http, "/v1/customers", q="quatremain zephyrine", sort="-created_at"))[0]
    prospect = {
        "type": "prospect",
        "name": "Quatremain",
        "first_name": "Zéphyrine",
        "email": "z@quatremain.example.org",
    }
    lead = await post(http, "/v1/third-parties", {**prospect, "address": {"street": "3 rue Beaurepaire"}})
    await post(http, f"/v1/third-parties/{lead['id']}/notes", {"text": "Carabosse recommande"})
    converted = await post(http, f"/v1/third-parties/{lead['id']}/convert", {}, version=lead["version"])
    second = (await items(http, "/v1/customers", q="quatremain", sort="-created_at"))[0]
    assert converted
    copy = await post(
        http, f"{path}/duplicate", {"name": "Quatremain bis", "parts": ["addresses", "contacts", "notes"]}
    )
    await sql.execute(
        "INSERT INTO flash (dossier_id, flash_id, staff_id, customer_id, name, approved, by, at) "
        "SELECT dossier_id, gen_random_uuid(), staff_id, $1, 'Quatremain', true, 'staff:1', now() FROM staff LIMIT 1",
        UUID(hex=copy["id"].removeprefix("cus_")),
    )
    first = await merged(http, card, twin, comment="kept")
    await post(http, f"/v1/customer-merges/{first}/undo", {}, expect=200)
    for other in (twin, second, copy):
        await merged(http, card, other)
    # two other people merge, and a link of hers moves from one to the other
    central, other = await customer(http, "CENTRALE"), await customer(http, "CENTRALE BIS")
    now = await get(http, path)
    patch = {"group_id": other["id"], "phone": "02 98 76 54 32"}
    answer = await http.patch(path, json=patch, headers={"if-match": f'"{now["version"]}"'})
    assert answer.status_code == 200, answer.text
    await merged(http, central, other)
    return await get(http, path)


async def merged(http: Client, kept: Json, absorbed: Json, **choices: str) -> str:
    body = {"kept_id": kept["id"], "absorbed_id": absorbed["id"], "choices": choices}
    found: str = (await post(http, "/v1/customer-merges", body))["merge_id"]
    return found


@pytest.mark.usefixtures("books")
class TestAfterALifeFullOfEvents:
    async def test_no_table_holds_the_person_any_more(self, http: Client, sql: Connection) -> None:
        card = await a_life(http, sql)
        assert {each.split(":")[0].split(".")[0] for each in await hits(sql)} >= {
            "customer",
            "third_party",
            "address",
            "contact_person",
            "bank_account",
            "note",
            "consent",
            "discount_rule",
            "flash",
            "customer_order",
            "reservation",
            "payment",
            "stock_movement",
            "customer_token",
            "order_token",
            "third_party_token",
            "customer_merge",
            "merged_row",
            "audit_entry",
            "outbox_event",
            "idempotency_answer",
        }, "the life touches every table in which a person is told"
        await anonymise(http, card)
        assert await hits(sql) == []

    async def test_numbers_amounts_and_dates_stay(self, http: Client, sql: Connection) -> None:
        card = await a_life(http, sql)
        asked = (
            "SELECT number, customer_code, status, paid, deposit, created_at, quantity FROM customer_order ORDER BY 1"
        )
        money = "SELECT amount, kind, method, at FROM payment ORDER BY at"
        before = [await sql.fetch(asked), await sql.fetch(money)]
        done = await anonymise(http, card)
        assert [await sql.fetch(asked), await sql.fetch(money)] == before
        kept = ("id", "code", "kind", "created_at", "category", "language", "group_id", "light", "origin")
        assert {name: done[name] for name in kept} == {name: card[name] for name in kept}
        assert (done["name"], done["address"]["postal_code"], done["address"]["country"]) == (NAME, "29", "FR")
        assert (done["anonymised_at"] is not None, done["version"]) == (True, card["version"] + 1)

    async def test_what_others_are_still_works(self, http: Client, sql: Connection) -> None:
        card = await a_life(http, sql)
        others = await items(http, "/v1/customer-merges")
        await anonymise(http, card)
        (apart,) = [each for each in others if each["kept"]["code"] != card["code"]]
        await post(http, f"/v1/customer-merges/{apart['id']}/undo", {}, expect=200)
        for each in others:
            await get(http, f"/v1/customer-merges/{each['id']}")
        mine = next(each for each in others if each["kept"]["code"] == card["code"] and not each["undone_at"])
        answer = await http.post(f"/v1/customer-merges/{mine['id']}/undo", json={})
        refused(answer, 409, "customer-anonymised")
        assert await all_items(http, f"/v1/customers/{card['id']}/audit", limit=50)
        found = await items(http, "/v1/customers", q="client anonymise")
        assert [each["name"] for each in found] in ([NAME], [])
        assert await items(http, "/v1/orders", name="quatremain") == []
        assert await hits(sql) == []

    async def test_a_repeated_request_hears_that_its_answer_is_erased(self, http: Client, sql: Connection) -> None:
        card = await a_life(http, sql)
        await anonymise(http, card)
        body = {**CARD, "barcode": None, "fidelity_number": None}
        answer = await http.post("/v1/customers", json=body, headers={"idempotency-key": "told-twice"})
        refused(answer, 410, "answer-erased")
        other = await http.post("/v1/customers", json={"name": "X"}, headers={"idempotency-key": "told-twice"})
        refused(other, 422, "idempotency-key-reused")
        assert await hits(sql) == []


class TestTheListOfColumns:
    async def test_says_of_every_text_of_every_table_what_becomes_of_it(self, sql: Connection) -> None:
        """A column that nobody thought of fails here, whatever it is called."""
        rows = await sql.fetch(
            "SELECT table_name, column_name FROM information_schema.columns c JOIN pg_tables t ON t.tablename = c.table_name "
            "WHERE c.table_schema = 'public' AND t.schemaname = 'public' AND table_name <> 'alembic_version' "
            "AND data_type IN ('text', 'character varying', 'character', 'json', 'jsonb', 'bytea', 'ARRAY')"
        )
        forgotten = [
            f"{table}.{column}"
            for table, column in rows
            if column not in {*PERSONAL.get(table, {}), *KEPT.get(table, ()), *REWRITTEN.get(table, ())}
        ]
        assert forgotten == [], "say in infra/anonymising.py whether it tells a person"

    async def test_names_no_column_that_is_not_there(self, sql: Connection) -> None:
        rows = await sql.fetch(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
        )
        there = {(table, column) for table, column in rows}
        told: list[Any] = [PERSONAL, KEPT, REWRITTEN]
        assert {(table, column) for each in told for table, columns in each.items() for column in columns} <= there


@pytest.mark.usefixtures("books")
class TestAnonymisingIsRefused:
    async def test_while_orders_are_open_copies_aside_or_a_deposit_left(self, http: Client, sql: Connection) -> None:
        card = await customer(http, "MARTIN")
        taken = await order(http, customer_id=card["id"])
        payment = {"amount": {"amount": "5.00"}, "kind": "deposit", "method": "cash"}
        await post(http, f"/v1/orders/{taken['id']}/payments", payment, version=taken["version"])
        await stock(http, NUIT, 1)
        kept = await post(http, "/v1/reservations", {"ean": NUIT, "quantity": 1, "customer_id": card["id"]})
        headers = {"if-match": '"1"', "accept-language": "en"}
        path = f"/v1/customers/{card['id']}/anonymise"

        async def told() -> list[str]:
            async with nothing_written(sql):
                answer = await http.post(path, json={"reason": "request"}, headers=headers)
            return [each["detail"] for each in refused(answer, 409, "customer-busy")["errors"]]

        assert await told() == ["open orders: 1", "copies set aside: 1"]
        release = {"reservation_ids": [kept["id"]], "restock": True, "reason": "rangé"}
        await post(http, "/v1/reservations/release", release, expect=200)
        assert await told() == ["open orders: 1"]
        now = await get(http, f"/v1/orders/{taken['id']}")
        await post(http, f"/v1/orders/{taken['id']}/cancel", {"reason": "essai"}, version=now["version"], expect=200)
        # annulled, the order's deposit went back; what is left of one on a delivered order has still to
        more = await order(http, {"ean": NUIT, "quantity": 1}, customer_id=card["id"])
        payment = {"amount": {"amount": "50.00"}, "kind": "deposit", "method": "cash"}
        await post(http, f"/v1/orders/{more['id']}/payments", payment, version=more["version"])
        handed = {"lines": [{"line_id": more["lines"][0]["id"], "quantity": 1}]}
        delivered = await post(http, f"/v1/orders/{more['id']}/deliveries", handed, version=more["version"] + 1)
        assert await told() == ["deposit not given back: 34.10 €"]
        refund = {"amount": {"amount": "34.10"}, "kind": "refund", "method": "cash"}
        await post(http, f"/v1/orders/{more['id']}/payments", refund, version=delivered["version"])
        await anonymise(http, card)

    async def test_of_a_merged_card_and_twice(self, http: Client) -> None:
        kept, absorbed = await customer(http, "UN"), await customer(http, "DEUX")
        await merged(http, kept, absorbed)
        body = {"reason": "retention"}
        answer = await http.post(f"/v1/customers/{absorbed['id']}/anonymise", json=body, headers={"if-match": '"2"'})
        refused(answer, 409, "customer-merged")
        await anonymise(http, kept)
        path = f"/v1/customers/{kept['id']}/anonymise"
        answer = await http.post(path, json=body, headers={"if-match": '"3"'})
        refused(answer, 409, "customer-anonymised")

    async def test_of_a_card_seen_before_its_last_change_and_without_the_right(
        self, http: Client, client_for: ClientFor
    ) -> None:
        card = await customer(http, "MARTIN")
        await http.patch(f"/v1/customers/{card['id']}", json={"name": "MARTINE"}, headers={"if-match": '"1"'})
        path, body = f"/v1/customers/{card['id']}/anonymise", {"reason": "request"}
        refused(await http.post(path, json=body, headers={"if-match": '"1"'}), 412, "stale-version")
        refused(await http.post(path, json=body), 428, "if-match-missing")
        made = await post(http, "/v1/api-keys", {"label": "caisse", "scopes": ["customers:write", "customers:read"]})
        clerk = await client_for(made["secret"])
        refused(await clerk.post(path, json=body, headers={"if-match": '"2"'}), 403, "forbidden")

    async def test_of_what_no_longer_takes_documents(self, http: Client) -> None:
        card = await customer(http, "MARTIN")
        done = await anonymise(http, card)
        body = {"customer_id": card["id"], "lines": [line()]}
        refused(await http.post("/v1/orders", json=body), 409, "customer-anonymised")
        headers = {"if-match": f'"{done["version"]}"'}
        answer = await http.patch(f"/v1/customers/{card['id']}", json={"name": "X"}, headers=headers)
        refused(answer, 409, "customer-anonymised")

    async def test_without_a_reason_of_the_list(self, http: Client) -> None:
        card = await customer(http, "MARTIN")
        path = f"/v1/customers/{card['id']}/anonymise"
        for body in ({}, {"reason": "Mme Martin le veut"}):
            refused(await http.post(path, json=body, headers={"if-match": '"1"'}), 422, "invalid")


@pytest.mark.usefixtures("books")
class TestAtTheSameMoment:
    async def test_an_order_is_refused_or_stands_in_the_way(self, http: Client, sql: Connection) -> None:
        """Never is an order with the name written behind the back of who blanks it."""
        for n in range(4):
            card = await customer(http, f"Quatremain {n}")
            path, body = f"/v1/customers/{card['id']}/anonymise", {"reason": "request"}
            blanking, *orders = await asyncio.gather(
                http.post(path, json=body, headers={"if-match": '"1"'}),
                *(http.post("/v1/orders", json={"customer_id": card["id"], "lines": [line()]}) for _ in range(3)),
            )
            taken = [answer.status_code for answer in orders]
            if blanking.status_code == 200:
                assert taken == [409, 409, 409]
                assert await hits(sql, [f"Quatremain {n}"]) == []
            else:
                refused(blanking, 409, "customer-busy")
                assert 201 in taken

    async def test_an_order_that_read_the_card_before_is_refused_after(
        self, http: Client, sql: Connection, premises: Premises
    ) -> None:
        card = await customer(http, "Quatremain")
        watch = await asyncpg.connect(premises.database)
        async with sql.transaction():
            await sql.execute("SELECT FROM customer FOR UPDATE")
            body = {"customer_id": card["id"], "lines": [line()]}
            waiting = asyncio.create_task(http.post("/v1/orders", json=body))
            while not await watch.fetchval(BLOCKED):
                pass
            await sql.execute("UPDATE customer SET anonymised_at = now(), name = 'Client anonymisé'")
        await watch.close()
        refused(await waiting, 409, "customer-anonymised")
        assert await sql.fetchval("SELECT count(*) FROM customer_order") == 0


class TestThoseWhoListen:
    async def test_hear_that_the_card_is_blank(self, http: Client, sql: Connection) -> None:
        card = await customer(http, "MARTIN")
        await anonymise(http, card, reason="retention")
        told = await sql.fetchval("SELECT data FROM outbox_event WHERE type = 'customer.anonymised'")
        said = json.loads(told)
        assert (said["customer_id"], said["reason"], said["name"]) == (
            card["id"].removeprefix("cus_"),
            "retention",
            NAME,
        )
