"""Two cards of one customer become one, and two again: preview, choices, report, undo (A55, C9)."""

import asyncio
from typing import Any

import pytest

from tests.api.conftest import ClientFor
from tests.api.steps import (
    RUE,
    Connection,
    Json,
    all_items,
    customer,
    get,
    items,
    nothing_written,
    order,
    post,
    refused,
    scan,
    stock,
)
from tests.conftest import Client, Premises

pytestmark = pytest.mark.row("C9", "A55")

IBANS = ("FR1420041010050500013M02606", "FR7630006000011234567890189")


async def merge(
    http: Client, kept: Json, absorbed: Json, *, expect: int = 201, dry_run: bool = False, **choices: str
) -> Json:
    body = {"kept_id": kept["id"], "absorbed_id": absorbed["id"], "choices": choices, "dry_run": dry_run}
    return await post(http, "/v1/customer-merges", body, expect=200 if dry_run else expect)


async def undo(http: Client, merged: Json) -> Json:
    return await post(http, f"/v1/customer-merges/{merged['merge_id']}/undo", {}, expect=200)


async def two(http: Client) -> tuple[Json, Json]:
    """Claire Martin, created twice."""
    kept = await customer(
        http, "MARTIN", code="KEPT1", barcode="111", phone="0240000001", comment="Sonner", title="Mme"
    )
    absorbed = await customer(
        http,
        "Martin-Durand",
        code="GONE1",
        barcode="222",
        fidelity_number="333",
        first_name="Claire",
        phone="0240000002",
        email="claire@example.org",
        comment="Le soir",
        address={"street": "12 rue des Lilas", "postal_code": "44000", "town": "NANTES"},
    )
    return kept, absorbed


def outcomes(merged: Json) -> dict[str, tuple[Any, ...]]:
    return {each["field"]: (each["proposed"], each["chosen"], each["result"]) for each in merged["fields"]}


def rules(merged: Json) -> list[tuple[Any, ...]]:
    return [(each["rule"], each["field"], each["before"], each["after"]) for each in merged["clashes"]]


def moved(merged: Json) -> dict[str, int]:
    return {each["table"]: each["rows"] for each in merged["moved"]}


@pytest.mark.usefixtures("books")
class TestTheReport:
    async def test_tells_each_field_that_differs_and_takes_the_other_where_there_was_none(self, http: Client) -> None:
        kept, absorbed = await two(http)
        merged = await merge(http, kept, absorbed)
        assert outcomes(merged) == {
            "name": ("kept", "kept", "MARTIN"),
            "title": ("kept", "kept", "Mme"),
            "first_name": ("absorbed", "absorbed", "Claire"),
            "email": ("absorbed", "absorbed", "claire@example.org"),
            "phone": ("kept", "kept", "0240000001"),
            "address": ("absorbed", "absorbed", "12 rue des Lilas, 44000, NANTES, FR"),
            "comment": ("both", "both", "Sonner\nLe soir"),
        }
        card = await get(http, f"/v1/customers/{kept['id']}")
        assert (card["phone"], card["first_name"], card["comment"]) == ("0240000001", "Claire", "Sonner\nLe soir")
        assert (card["address"]["street"], card["version"]) == ("12 rue des Lilas", 2)

    async def test_follows_the_choice_of_each_field(self, http: Client) -> None:
        kept, absorbed = await two(http)
        merged = await merge(http, kept, absorbed, name="absorbed", phone="absorbed", comment="kept", email="kept")
        chosen = outcomes(merged)
        assert chosen["name"] == ("kept", "absorbed", "Martin-Durand")
        assert (chosen["comment"], chosen["email"]) == (("both", "kept", "Sonner"), ("absorbed", "kept", None))
        card = await get(http, f"/v1/customers/{kept['id']}")
        assert (card["name"], card["short_name"], card["email"]) == ("Martin-Durand", "MARTINDURAND", None)
        assert [each["id"] for each in await items(http, "/v1/customers", q="durand")] == [kept["id"]]

    async def test_leaves_on_the_absorbed_card_every_value_not_taken(self, http: Client) -> None:
        kept, absorbed = await two(http)
        await merge(http, kept, absorbed)
        same = ("name", "phone", "email", "comment", "barcode", "fidelity_number", "code", "address")
        now = await get(http, f"/v1/customers/{absorbed['id']}")
        assert {name: now[name] for name in same} == {name: absorbed[name] for name in same}
        assert now["merged_into_id"] == kept["id"]

    async def test_warns_of_names_and_numbers_that_differ(self, http: Client) -> None:
        one = await customer(http, "LIBRAIRIE", kind="organisation", siret="73282932000074", vat_number="FR44732829320")
        other = await customer(http, "MARTIN", siret="55208131766522", vat_number="FR03552081317")
        merged = await merge(http, one, other, dry_run=True)
        assert merged["warnings"] == ["name-differs", "kind-differs", "siret-differs", "vat-number-differs"]
        same = await customer(http, "Librairie", kind="organisation")
        assert (await merge(http, one, same, dry_run=True))["warnings"] == []

    async def test_is_the_same_before_and_after_and_later(self, http: Client, sql: Connection) -> None:
        kept, absorbed = await two(http)
        await order(http, customer_id=absorbed["id"])
        await post(http, f"/v1/customers/{absorbed['id']}/notes", {"text": "Aime les polars"})
        async with nothing_written(sql):
            preview = await merge(http, kept, absorbed, dry_run=True, phone="absorbed")
        assert preview["merge_id"] is None
        done = await merge(http, kept, absorbed, phone="absorbed")
        read = await get(http, f"/v1/customer-merges/{done['merge_id']}")
        assert read == done
        apart = {"merge_id", "at", "moved"}
        assert {k: v for k, v in preview.items() if k not in apart} == {k: v for k, v in done.items() if k not in apart}
        assert preview["moved"] == done["moved"]
        samples = {each["table"]: each["samples"] for each in done["moved"]}
        assert [row["label"] for row in samples["note"]] == ["Aime les polars"]
        assert samples["customer_order"][0]["label"].endswith("Martin-Durand")
        assert moved(done)["customer_order"] == 1
        assert done["by_name"] == "admin"

    async def test_of_a_preview_is_no_answer_to_keep(self, http: Client) -> None:
        kept, absorbed = await two(http)
        body = {"kept_id": kept["id"], "absorbed_id": absorbed["id"], "dry_run": True}
        key = {"idempotency-key": "one-preview"}
        for _ in range(2):
            answer = await http.post("/v1/customer-merges", json=body, headers=key)
            assert (answer.status_code, answer.headers.get("idempotency-replayed")) == (200, None)

    async def test_is_listed_newest_first_and_by_card(self, http: Client) -> None:
        cards = [await customer(http, f"N{n}") for n in range(4)]
        first = await merge(http, cards[0], cards[1])
        second = await merge(http, cards[2], cards[3])
        found = await all_items(http, "/v1/customer-merges", limit=1)
        assert [each["id"] for each in found] == [second["merge_id"], first["merge_id"]]
        mine = await items(http, "/v1/customer-merges", customer_id=cards[1]["id"])
        assert [each["absorbed"]["code"] for each in mine] == [cards[1]["code"]]


class TestAllThatNamedTheAbsorbedCard:
    @pytest.mark.usefixtures("books")
    async def test_names_the_kept_one(self, http: Client) -> None:
        kept, absorbed = await two(http)
        taken = await order(http, customer_id=absorbed["id"])
        await stock(http)
        kept_copy = (await scan(http))["reservation"]
        await post(http, f"/v1/customers/{absorbed['id']}/contacts", {"name": "LEROY"})
        consent = {"channel": "sms", "purpose": "order_arrival", "granted": True, "source": "comptoir"}
        await post(http, f"/v1/customers/{absorbed['id']}/consents", consent)
        await post(http, f"/v1/customers/{absorbed['id']}/discounts", {"scope": "all", "percent": "5.00"})
        payer = await customer(http, "FILIALE", billed_to_id=absorbed["id"], group_id=absorbed["id"])
        merged = await merge(http, kept, absorbed)
        now = await get(http, f"/v1/orders/{taken['id']}")
        assert (now["customer_id"], now["customer_code"]) == (kept["id"], "KEPT1")
        assert now["version"] == (await get(http, f"/v1/orders/{taken['id']}"))["version"] > taken["version"]
        assert (await get(http, f"/v1/reservations/{kept_copy['id']}"))["customer_id"] == kept["id"]
        for part in ("contacts", "consents", "discounts"):
            assert len(await items(http, f"/v1/customers/{kept['id']}/{part}")) == 1, part
        linked = await get(http, f"/v1/customers/{payer['id']}")
        assert (linked["billed_to_id"], linked["group_id"], linked["version"]) == (kept["id"], kept["id"], 2)
        assert moved(merged) | {"audit_entry": 0} == {
            "customer_order": 1,
            "reservation": 1,
            "contact_person": 1,
            "consent": 1,
            "discount_rule": 1,
            "customer": 1,
            "audit_entry": 0,
        }

    async def test_finds_the_kept_one_by_the_old_code_barcode_and_card(self, http: Client) -> None:
        kept, absorbed = await two(http)
        await merge(http, kept, absorbed)
        for query in ({"code": "GONE1"}, {"gencod": "222"}, {"gencod": "333"}):
            assert [each["id"] for each in await items(http, "/v1/customers", **query)] == [kept["id"]], query

    @pytest.mark.usefixtures("books")
    async def test_takes_orders_for_the_kept_one(self, http: Client) -> None:
        kept, absorbed = await two(http)
        await merge(http, kept, absorbed)
        assert (await order(http, customer_id=absorbed["id"]))["customer_id"] == kept["id"]

    async def test_is_led_on_when_the_kept_one_is_merged_in_its_turn(self, http: Client) -> None:
        first, second, third = [await customer(http, f"MARTIN {n}", code=f"M{n}") for n in range(3)]
        one = await merge(http, second, first)
        other = await merge(http, third, second)
        assert [each["id"] for each in await items(http, "/v1/customers", code="M0")] == [third["id"]]
        assert (await get(http, f"/v1/customers/{first['id']}"))["merged_into_id"] == third["id"]
        body = refused(await http.post(f"/v1/customer-merges/{one['merge_id']}/undo", json={}), 409, "merge-built-on")
        assert any("merged_into" in each["detail"] for each in body["errors"])
        await undo(http, other)
        assert (await get(http, f"/v1/customers/{first['id']}"))["merged_into_id"] == second["id"]
        await undo(http, one)
        assert [each["id"] for each in await items(http, "/v1/customers", code="M0")] == [first["id"]]


class TestAClash:
    async def test_of_codes_gives_the_moved_part_the_next_free_one(self, http: Client) -> None:
        kept, absorbed = await two(http)
        for card in (kept, absorbed):
            for code in ("CLAIRE1", "CLAIRE2"):
                await post(http, f"/v1/customers/{card['id']}/contacts", {"name": "LEROY", "code": code})
        merged = await merge(http, kept, absorbed)
        assert rules(merged) == [
            ("next-free-code", "code", "CLAIRE1", "CLAIRE3"),
            ("next-free-code", "code", "CLAIRE2", "CLAIRE4"),
        ]
        codes = [each["code"] for each in await items(http, f"/v1/customers/{kept['id']}/contacts")]
        assert sorted(codes) == ["CLAIRE1", "CLAIRE2", "CLAIRE3", "CLAIRE4"]

    async def test_of_delivery_addresses_makes_the_moved_one_another_address(self, http: Client) -> None:
        kept, absorbed = await two(http)
        for card, code, start in ((kept, "A1", ["order"]), (absorbed, "B1", ["order", "quote"])):
            body = {
                "code": code,
                "role": "delivery",
                "address": {"street": f"{code} rue", "town": "NANTES"},
                "default_for": start,
            }
            await post(http, f"/v1/customers/{card['id']}/addresses", body)
        merged = await merge(http, kept, absorbed)
        assert rules(merged) == [
            ("role-becomes-other", "role", "delivery", "other"),
            ("default-stays", "default_for", "order, quote", "quote"),
        ]
        found = {each["code"]: each for each in await items(http, f"/v1/customers/{kept['id']}/addresses")}
        assert (found["B1"]["role"], found["B1"]["default_for"]) == ("other", ["quote"])
        assert set(found["B1"]["allowed_for"]) == {"quote", "order", "delivery_note", "invoice", "reminder"}

    async def test_of_bank_accounts_keeps_both_and_one_main(self, http: Client) -> None:
        kept, absorbed = await two(http)
        for card in (kept, absorbed):
            body = {"code": f"R{card['code']}", "iban": IBANS[0], "main": True}
            await post(http, f"/v1/customers/{card['id']}/bank-accounts", body)
        merged = await merge(http, kept, absorbed)
        assert [rule for rule, *_ in rules(merged)] == ["becomes-secondary", "same-iban"]
        accounts = await items(http, f"/v1/customers/{kept['id']}/bank-accounts")
        assert sorted((each["code"], each["main"]) for each in accounts) == [("RGONE1", False), ("RKEPT1", True)]

    async def test_of_links_leaves_the_kept_card_without_a_link_to_itself(self, http: Client) -> None:
        absorbed = await customer(http, "PAYEUR")
        kept = await customer(http, "FILIALE", billed_to_id=absorbed["id"])
        merged = await merge(http, kept, absorbed)
        assert rules(merged) == [("link-dropped", "billed_to_id", absorbed["id"], None)]
        assert (await get(http, f"/v1/customers/{kept['id']}"))["billed_to_id"] is None
        await undo(http, merged)
        assert (await get(http, f"/v1/customers/{kept['id']}"))["billed_to_id"] == absorbed["id"]

    async def test_of_links_never_closes_a_ring(self, http: Client) -> None:
        kept = await customer(http, "CENTRALE")
        between = await customer(http, "GROUPE", group_id=kept["id"])
        absorbed = await customer(http, "MAGASIN", group_id=between["id"])
        merged = await merge(http, kept, absorbed)
        assert rules(merged) == [("link-dropped", "group_id", between["id"], None)]
        assert (await get(http, f"/v1/customers/{between['id']}"))["group_id"] == kept["id"]

    async def test_of_an_address_that_stood_for_the_other_cards_copies_its_lines(self, http: Client) -> None:
        kept, absorbed = await two(http)
        body = {"code": "CHEZ", "use_main_of_id": absorbed["id"]}
        await post(http, f"/v1/customers/{kept['id']}/addresses", body)
        merged = await merge(http, kept, absorbed, address="kept")
        assert [rule for rule, *_ in rules(merged)] == ["address-copied"]
        (copied,) = await items(http, f"/v1/customers/{kept['id']}/addresses")
        assert (copied["use_main_of_id"], copied["address"]["street"]) == (None, "12 rue des Lilas")
        assert copied["address"]["recipient"] == "Martin-Durand"


class TestAMergeIsRefused:
    async def test_of_a_card_with_itself(self, http: Client) -> None:
        card = await customer(http)
        body = {"kept_id": card["id"], "absorbed_id": card["id"]}
        refused(await http.post("/v1/customer-merges", json=body), 409, "same-customer")

    async def test_of_a_card_merged_before_and_of_one_that_is_not_there(self, http: Client) -> None:
        kept, absorbed = await two(http)
        await merge(http, kept, absorbed)
        other = await customer(http, "AUTRE")
        for one, two_ in ((other, absorbed), (absorbed, other)):
            body = {"kept_id": one["id"], "absorbed_id": two_["id"]}
            refused(await http.post("/v1/customer-merges", json=body), 409, "customer-merged")
        body = {"kept_id": other["id"], "absorbed_id": f"cus_{'0' * 32}"}
        refused(await http.post("/v1/customer-merges", json=body), 404, "not-found")

    @pytest.mark.row("B30")
    async def test_of_a_card_that_the_caller_may_not_see(self, http: Client, client_for: ClientFor) -> None:
        await post(http, "/v1/tables/confidentiality", {"code": "VIP", "label": "VIP"})
        secret = await customer(http, "SECRET", confidentiality_code="VIP")
        plain, third = await customer(http, "PLAIN"), await customer(http, "TIERS")
        made = await post(http, "/v1/api-keys", {"label": "caisse", "scopes": ["customers:*"]})
        clerk = await client_for(made["secret"])
        for kept, absorbed in ((secret, plain), (plain, secret)):
            body = {"kept_id": kept["id"], "absorbed_id": absorbed["id"]}
            refused(await clerk.post("/v1/customer-merges", json=body), 404, "not-found")
        merged = await merge(http, secret, third)
        assert await items(clerk, "/v1/customer-merges") == []
        refused(await clerk.get(f"/v1/customer-merges/{merged['merge_id']}"), 404, "not-found")
        refused(await clerk.post(f"/v1/customer-merges/{merged['merge_id']}/undo", json={}), 404, "not-found")

    async def test_with_a_choice_of_a_field_that_is_none(self, http: Client) -> None:
        kept, absorbed = await two(http)
        for choices in ({"barcode": "kept"}, {"name": "both"}):
            body = {"kept_id": kept["id"], "absorbed_id": absorbed["id"], "choices": choices}
            refused(await http.post("/v1/customer-merges", json=body), 422, "invalid")


class TestAnUndoneMerge:
    async def test_makes_two_cards_of_one_and_leaves_what_is_new(self, http: Client) -> None:
        kept, absorbed = await two(http)
        await post(http, f"/v1/customers/{absorbed['id']}/notes", {"text": "à elle"})
        merged = await merge(http, kept, absorbed)
        await post(http, f"/v1/customers/{kept['id']}/notes", {"text": "depuis"})
        undone = await undo(http, merged)
        assert (undone["undone_by_name"], undone["by_name"]) == ("admin", "admin")
        assert undone == await get(http, f"/v1/customer-merges/{merged['merge_id']}")
        for card, texts in ((kept, ["depuis"]), (absorbed, ["à elle"])):
            now = await get(http, f"/v1/customers/{card['id']}")
            apart = {"version", "updated_at"}
            assert {k: v for k, v in now.items() if k not in apart} == {k: v for k, v in card.items() if k not in apart}
            assert now["version"] == 3
            assert [each["text"] for each in await items(http, f"/v1/customers/{card['id']}/notes")] == texts

    async def test_is_not_undone_twice(self, http: Client) -> None:
        merged = await merge(http, *await two(http))
        await undo(http, merged)
        refused(await http.post(f"/v1/customer-merges/{merged['merge_id']}/undo", json={}), 409, "merge-undone")

    async def test_is_told_again_to_who_repeats_the_request(self, http: Client) -> None:
        merged = await merge(http, *await two(http))
        key = {"idempotency-key": "undo-once"}
        path = f"/v1/customer-merges/{merged['merge_id']}/undo"
        first, again = [await http.post(path, json={}, headers=key) for _ in range(2)]
        assert (first.content, again.headers["idempotency-replayed"]) == (again.content, "true")

    @pytest.mark.usefixtures("books")
    async def test_is_refused_with_the_list_of_what_was_changed_since(self, http: Client) -> None:
        kept, absorbed = await two(http)
        taken = await order(http, customer_id=absorbed["id"])
        contact = await post(http, f"/v1/customers/{absorbed['id']}/contacts", {"name": "LEROY"})
        note = await post(http, f"/v1/customers/{absorbed['id']}/notes", {"text": "à elle"})
        merged = await merge(http, kept, absorbed)
        now = await get(http, f"/v1/orders/{taken['id']}")
        etag = {"if-match": f'"{now["version"]}"'}
        await http.patch(f"/v1/orders/{taken['id']}", json={"comment": "vite"}, headers=etag)
        path = f"/v1/customers/{kept['id']}"
        await http.patch(path, json={"phone": "0240000009"}, headers={"if-match": '"2"'})
        await http.patch(f"{path}/contacts/{contact['id']}", json={"phone": "0240000008"}, headers={"if-match": '"2"'})
        assert (await http.delete(f"{path}/notes/{note['id']}", headers={"if-match": '"2"'})).status_code == 204
        answer = await http.post(
            f"/v1/customer-merges/{merged['merge_id']}/undo", json={}, headers={"accept-language": "en"}
        )
        told = {each["pointer"]: each["detail"] for each in refused(answer, 409, "merge-built-on")["errors"]}
        assert told == {
            f"/customer/{kept['id']}": "changed since the merge: phone, phone_key",
            f"/customer_order/{taken['id']}": "changed since the merge: comment",
            f"/contact_person/{contact['id']}": "changed since the merge: phone, phone_key",
            f"/note/{note['id']}": "deleted since the merge",
        }

    async def test_is_refused_when_something_new_stands_on_what_moved(self, http: Client) -> None:
        kept, absorbed = await two(http)
        address = await post(
            http, f"/v1/customers/{absorbed['id']}/addresses", {"address": {"street": "1 quai", "town": "NANTES"}}
        )
        merged = await merge(http, kept, absorbed)
        body = {"name": "LEROY", "address_id": address["id"]}
        await post(http, f"/v1/customers/{kept['id']}/contacts", body)
        answer = await http.post(f"/v1/customer-merges/{merged['merge_id']}/undo", json={})
        (fault,) = refused(answer, 409, "merge-built-on")["errors"]
        assert fault["pointer"] == f"/address/{address['id']}"

    async def test_is_refused_when_its_links_would_close_a_ring(self, http: Client) -> None:
        last = await customer(http, "DERNIER")
        absorbed = await customer(http, "ABSORBE", billed_to_id=last["id"])
        linked = await customer(http, "LIE", billed_to_id=absorbed["id"])
        kept = await customer(http, "GARDE", billed_to_id=(await customer(http, "AUTRE"))["id"])
        merged = await merge(http, kept, absorbed)
        answer = await http.patch(
            f"/v1/customers/{last['id']}", json={"billed_to_id": linked["id"]}, headers={"if-match": '"1"'}
        )
        assert answer.status_code == 200, answer.text
        answer = await http.post(f"/v1/customer-merges/{merged['merge_id']}/undo", json={})
        faults = refused(answer, 409, "merge-built-on")["errors"]
        assert {fault["pointer"] for fault in faults} <= {f"/customer/{card['id']}" for card in (absorbed, linked)}
        assert faults

    async def test_tells_those_who_listen(self, http: Client, sql: Connection) -> None:
        kept, absorbed = await two(http)
        await undo(http, await merge(http, kept, absorbed))
        told = await sql.fetch(
            "SELECT type, data FROM outbox_event WHERE type LIKE 'customer.%merged' ORDER BY xid, seq"
        )
        assert [row["type"] for row in told] == ["customer.merged", "customer.unmerged"]
        assert all(kept["id"].removeprefix("cus_") in row["data"] for row in told)


class TestAtTheSameMoment:
    """Real clients on real connections; nothing is lost and nobody hears a 500."""

    @pytest.mark.usefixtures("books")
    async def test_an_order_for_the_absorbed_card_ends_on_the_kept_one(self, http: Client, sql: Connection) -> None:
        for n in range(6):
            kept, absorbed = await customer(http, f"GARDE {n}"), await customer(http, f"PARTI {n}")
            merged, *orders = await asyncio.gather(
                merge(http, kept, absorbed), *(order(http, customer_id=absorbed["id"]) for _ in range(3))
            )
            left = await sql.fetchval(
                "SELECT count(*) FROM customer_order o JOIN customer c USING (dossier_id, customer_id) "
                "WHERE c.merged_into IS NOT NULL"
            )
            assert left == 0
            for taken in orders:
                now = await get(http, f"/v1/orders/{taken['id']}")
                assert (now["customer_id"], now["customer_code"]) == (kept["id"], kept["code"])
            assert merged["merge_id"]

    @pytest.mark.usefixtures("books")
    async def test_copies_scanned_for_the_absorbed_card_are_the_kept_ones(self, http: Client, sql: Connection) -> None:
        """Scans lock stock, orders, reservations, then the card; so does a merge: nobody waits in a ring, nothing is left."""
        for n in range(4):
            kept, absorbed = await customer(http, f"GARDE {n}"), await customer(http, f"PARTI {n}")
            taken = [await order(http, customer_id=absorbed["id"]) for _ in range(3)]
            await stock(http, quantity=3)
            note, headers = {"comment": "vite"}, {"if-match": f'"{taken[0]["version"]}"'}
            merged, noted, *scans = await asyncio.gather(
                http.post("/v1/customer-merges", json={"kept_id": kept["id"], "absorbed_id": absorbed["id"]}),
                http.patch(f"/v1/orders/{taken[0]['id']}", json=note, headers=headers),
                *(http.post("/v1/scans", json={"ean": RUE}) for _ in range(3)),
            )
            assert [answer.status_code for answer in (merged, *scans)] == [201, 201, 201, 201], merged.text
            assert noted.status_code in {200, 412}
        left = await sql.fetchval(
            "SELECT count(*) FROM customer c WHERE c.merged_into IS NOT NULL AND (EXISTS (SELECT FROM customer_order o "
            "WHERE o.customer_id = c.customer_id) OR EXISTS (SELECT FROM reservation r WHERE r.customer_id = c.customer_id))"
        )
        assert left == 0
        assert await sql.fetchval("SELECT count(*) FROM reservation") == 12
        apart = "SELECT count(*) FROM reservation r JOIN customer_order o USING (order_id) WHERE r.customer_id <> o.customer_id"
        assert await sql.fetchval(apart) == 0

    async def test_one_of_two_merges_that_cross_wins_and_the_other_is_told(self, http: Client) -> None:
        for n in range(5):
            one, other = await customer(http, f"UN {n}"), await customer(http, f"DEUX {n}")
            bodies = [
                {"kept_id": one["id"], "absorbed_id": other["id"]},
                {"kept_id": other["id"], "absorbed_id": one["id"]},
            ]
            answers = await asyncio.gather(*(http.post("/v1/customer-merges", json=body) for body in bodies))
            assert sorted(answer.status_code for answer in answers) == [201, 409]
            lost = next(answer for answer in answers if answer.status_code == 409)
            refused(lost, 409, "customer-merged")

    async def test_twins_make_one_merge(self, http: Client, sql: Connection) -> None:
        kept, absorbed = await two(http)
        body = {"kept_id": kept["id"], "absorbed_id": absorbed["id"]}
        headers = {"idempotency-key": "merge-once"}
        answers = await asyncio.gather(
            *(http.post("/v1/customer-merges", json=body, headers=headers) for _ in range(8))
        )
        assert {answer.status_code for answer in answers} <= {201, 409}
        assert await sql.fetchval("SELECT count(*) FROM customer_merge") == 1

    async def test_who_edits_the_kept_card_is_told(self, http: Client) -> None:
        kept, absorbed = await two(http)
        await merge(http, kept, absorbed)
        answer = await http.patch(f"/v1/customers/{kept['id']}", json={"name": "X"}, headers={"if-match": '"1"'})
        refused(answer, 412, "stale-version")


class TestAnotherShop:
    async def test_merges_nothing_here(self, http: Client, client_for: ClientFor, elsewhere: Premises) -> None:
        kept, absorbed = await two(http)
        stranger = await client_for(elsewhere.admin_key)
        body = {"kept_id": kept["id"], "absorbed_id": absorbed["id"]}
        refused(await stranger.post("/v1/customer-merges", json=body), 404, "not-found")
