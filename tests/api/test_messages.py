"""Messages, reminders, their words and the way out, over HTTP (A38, A51, A58, A59, C11)."""

import re
from typing import Any

import pytest

from infra.db.dossiers import add_key
from tests.api.conftest import ClientFor
from tests.api.steps import (
    BOUTON,
    CHUT,
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

MAILING: Json = {"channel": "email", "purpose": "order_arrival", "subject": "Samedi", "text": "Bonjour {client} !"}


async def reader_of(http: Client, name: str = "MARTIN", **more: object) -> str:
    card = await customer(http, name, **{"email": f"{name.casefold()}@example.org", **more})
    found: str = card["id"]
    return found


async def consent(http: Client, who: str, *, channel: str = "email", granted: bool = True) -> None:
    await post(
        http,
        f"/v1/customers/{who}/consents",
        {"channel": channel, "purpose": "marketing", "granted": granted, "source": "comptoir"},
    )


async def kept_for(http: Client, who: str, ean: str = RUE) -> str:
    await stock(http, ean)
    made = await post(http, "/v1/reservations", {"ean": ean, "quantity": 1, "customer_id": who})
    found: str = made["id"]
    return found


@pytest.mark.row("A51", "A58")
class TestAMailing:
    async def test_is_previewed_as_it_is_then_sent(self, http: Client, sql: Connection) -> None:
        claire, silent = await reader_of(http), await reader_of(http, "PETIT")
        await consent(http, claire)
        body = {**MAILING, "customer_ids": [claire, silent], "purpose": "marketing"}
        async with nothing_written(sql):
            answer = await http.request("POST", "/v1/messages/preview", json=body)
        assert answer.status_code == 200, answer.text
        seen, done = answer.json(), await post(http, "/v1/messages", body)
        assert seen["counts"] == done["counts"] == {"messages": 1, "withheld": 1, "segments": 0}
        for each in (seen, done):
            (message,) = each["messages"]
            assert (message["customer_id"], message["address"]) == (claire, "martin@example.org")
            assert (message["event"], message["state"], message["subject"]) == ("free", "queued", "Samedi")
            assert message["body"].startswith("Bonjour MARTIN !\n\nPour ne plus recevoir nos messages : http")
            (held,) = each["withheld"]
            assert (held["customer_id"], held["reason"], held["reservation_ids"]) == (silent, "no_consent", [])
        kept = await get(http, f"/v1/messages/{done['messages'][0]['id']}")
        assert kept == done["messages"][0]
        jobs = await sql.fetch("SELECT entrypoint FROM jobs.pgqueuer")
        assert [each["entrypoint"] for each in jobs] == ["send"]

    async def test_repeated_under_its_key_is_one(self, http: Client, sql: Connection) -> None:
        body = {**MAILING, "customer_ids": [await reader_of(http)]}
        answers = [await http.post("/v1/messages", json=body, headers={"idempotency-key": "k"}) for _ in range(2)]
        assert [each.status_code for each in answers] == [201, 201]
        assert answers[0].json() == answers[1].json()
        assert await sql.fetchval("SELECT count(*) FROM message") == 1

    async def test_without_a_subject_or_with_an_unknown_place_is_refused(self, http: Client) -> None:
        body = {**MAILING, "customer_ids": [await reader_of(http)], "subject": None, "text": "{nom}"}
        for path in ("/v1/messages", "/v1/messages/preview"):
            problem = refused(await http.post(path, json=body), 422, "invalid")
            assert [each["pointer"] for each in problem["errors"]] == ["/text", "/subject"]
            assert "{" not in problem["errors"][0]["detail"]

    async def test_to_nobody_known_is_not_found(self, http: Client) -> None:
        body = {**MAILING, "customer_ids": [f"cus_{'0' * 32}"]}
        refused(await http.post("/v1/messages", json=body), 404, "not-found")

    async def test_needs_a_right_of_its_own(
        self, client_for: ClientFor, premises: Premises, sql: Connection, http: Client
    ) -> None:
        key = await add_key(sql, premises.dossier, label="x", scopes=["messages:read", "reservations:write"])
        reader = await client_for(key)
        await get(reader, "/v1/messages")
        refused(await reader.post("/v1/messages", json={**MAILING, "customer_ids": []}), 403, "forbidden")
        kept = await kept_for(http, await reader_of(http))
        for path in ("/v1/reservations/reminders", "/v1/reservations/reminders/preview"):
            refused(await reader.post(path, json={"reservation_ids": [kept]}), 403, "forbidden")


@pytest.mark.row("A38", "A59", "C11")
class TestReminders:
    async def test_make_one_message_a_person_as_the_preview_said(self, http: Client, sql: Connection) -> None:
        claire = await reader_of(http, phone="06 06 06 06 07", no_sms=True)
        kept = [await kept_for(http, claire, ean) for ean in (RUE, CHUT)]
        taken = await order(http, line(BOUTON), contact={"name": "Zoë", "email": "zoe@example.org"})
        await stock(http, BOUTON)
        free = (await scan(http, BOUTON))["reservation"]["id"]
        body = {"reservation_ids": [*kept, free]}
        async with nothing_written(sql):
            seen = await post(http, "/v1/reservations/reminders/preview", body, expect=200)
        done = await post(http, "/v1/reservations/reminders", body)
        for each in (seen, done):
            assert [(m["name"], m["event"], m["reservation_ids"]) for m in each["messages"]] == [
                ("MARTIN", "arrival", sorted(kept)),
                ("Zoë", "arrival", [free]),
            ]
            assert each["counts"] == {"messages": 2, "withheld": 0, "segments": 0}
        assert "DANS LA RUE" in done["messages"][0]["body"]
        assert taken["id"]
        again = await post(http, "/v1/reservations/reminders", {"reservation_ids": kept})
        assert {each["reason"] for each in again["withheld"]} == {"already_told"}
        by_sms = {"reservation_ids": kept, "channel": "sms", "event": "last_call"}
        (held,) = (await post(http, "/v1/reservations/reminders", by_sms))["withheld"]
        assert (held["reason"], held["customer_id"], sorted(held["reservation_ids"])) == (
            "no_sms",
            claire,
            sorted(kept),
        )

    async def test_note_a_call(self, http: Client) -> None:
        kept = await kept_for(http, await reader_of(http, phone="02 40 00 00 00"))
        (called,) = (await post(http, "/v1/reservations/reminders", {"reservation_ids": [kept], "channel": "phone"}))[
            "messages"
        ]
        assert (called["state"], called["channel"]) == ("sent", "phone")
        assert called["ended_at"]


class TestTheOutbox:
    async def test_is_searched_sorted_and_paged(self, http: Client, sql: Connection) -> None:
        people = [await reader_of(http, name) for name in ("Écureuil", "Zola", "Émile", "d'Arc")]
        done = await post(http, "/v1/messages", {**MAILING, "customer_ids": people})
        ids = {each["name"]: each["id"] for each in done["messages"]}
        rows = await all_items(http, "/v1/messages", sort="name", limit=1)
        assert [each["name"] for each in rows] == ["d'Arc", "Écureuil", "Émile", "Zola"]
        for sort in ("created_at", "-created_at", "day", "-name"):
            assert len(await all_items(http, "/v1/messages", sort=sort, limit=3)) == 4
        day = done["messages"][0]["day"]
        await sql.execute("UPDATE message SET state = 'dead', ended_at = now(), error = '550' WHERE name = 'Zola'")
        searches: list[tuple[Json, set[str]]] = [
            ({"name": "em"}, {"Émile"}),
            ({"name": "arc d"}, {"d'Arc"}),
            ({"name": "!"}, set()),
            ({"state": ["dead", "uncertain"]}, {"Zola"}),
            ({"channel": "sms"}, set()),
            ({"event": "free", "customer_id": people[0]}, {"Écureuil"}),
            ({"day_from": day, "day_to": day}, set(ids)),
            ({"day_from": "2099-01-01"}, set()),
            ({"order_id": f"ord_{'0' * 32}"}, set()),
            ({"reservation_id": f"rsv_{'0' * 32}"}, set()),
        ]
        for query, names in searches:
            assert {each["name"] for each in await items(http, "/v1/messages", **query)} == names, query
            assert (await get(http, "/v1/messages/count", **query))["count"] == len(names), query

    async def test_is_found_by_its_copies_and_its_order(self, http: Client) -> None:
        claire = await reader_of(http)
        kept = await kept_for(http, claire)
        (told,) = (await post(http, "/v1/reservations/reminders", {"reservation_ids": [kept]}))["messages"]
        assert [each["id"] for each in await items(http, "/v1/messages", reservation_id=kept)] == [told["id"]]

    async def test_lets_a_person_try_again_or_give_up(self, http: Client, sql: Connection) -> None:
        done = await post(http, "/v1/messages", {**MAILING, "customer_ids": [await reader_of(http)]})
        path = f"/v1/messages/{done['messages'][0]['id']}"
        problem = refused(await http.post(f"{path}/retry", json={}, headers={"if-match": '"1"'}), 409, "message-gone")
        assert "queued" in problem["detail"]
        await sql.execute("UPDATE message SET state = 'dead', ended_at = now(), error = '550 no', version = 2")
        refused(await http.post(f"{path}/retry", headers={"if-match": '"1"'}), 412, "stale-version")
        refused(await http.post(f"{path}/retry"), 428, "if-match-missing")
        again = await http.post(f"{path}/retry", headers={"if-match": '"2"'})
        assert (again.status_code, again.json()["state"], again.headers["etag"]) == (200, "queued", '"3"')
        assert await sql.fetchval("SELECT count(*) FROM jobs.pgqueuer") == 2
        gone = await http.post(f"{path}/drop", headers={"if-match": '"3"'})
        assert (gone.json()["state"], gone.json()["reason"]) == ("withheld", "dropped")
        refused(await http.post(f"{path}/drop", headers={"if-match": '"4"'}), 409, "message-gone")
        answer = await http.get(path)
        assert answer.headers["etag"] == '"4"'

    async def test_tells_the_live_feed(self, http: Client, sql: Connection) -> None:
        done = await post(http, "/v1/messages", {**MAILING, "customer_ids": [await reader_of(http)]})
        row = await sql.fetchrow("SELECT type, data FROM outbox_event WHERE type LIKE 'message.%'")
        assert row is not None
        assert row["type"] == "message.queued"
        assert done["messages"][0]["id"].removeprefix("msg_") in row["data"]

    async def test_of_another_shop_is_not_there(self, http: Client, elsewhere: Premises, client_for: ClientFor) -> None:
        done = await post(http, "/v1/messages", {**MAILING, "customer_ids": [await reader_of(http)]})
        there = await client_for(elsewhere.admin_key)
        assert await items(there, "/v1/messages") == []
        refused(await there.get(f"/v1/messages/{done['messages'][0]['id']}"), 404, "not-found")


class TestTheWords:
    PATH = "/v1/message-templates/arrival/fr"

    async def test_are_the_houses_until_the_shop_has_its_own(self, http: Client) -> None:
        found = await items(http, "/v1/message-templates")
        assert {(each["event"], each["language"]) for each in found} >= {("arrival", "fr"), ("cancelled", "en")}
        assert {(each["own"], each["version"]) for each in found} == {(False, 0)}
        words = {"subject": "Ici {client}", "body": "{titres}\n{date_limite}", "sms": "{nombre}"}
        refused(await http.put(self.PATH, json=words, headers={"if-match": '"1"'}), 412, "stale-version")
        put = await http.put(self.PATH, json=words, headers={"if-match": '"0"'})
        assert (put.status_code, put.headers["etag"]) == (200, '"1"')
        assert put.json() == {"event": "arrival", "language": "fr", **words, "own": True, "version": 1}
        assert put.json() in await items(http, "/v1/message-templates")
        kept = await kept_for(http, await reader_of(http))
        (told,) = (await post(http, "/v1/reservations/reminders", {"reservation_ids": [kept]}))["messages"]
        assert told["subject"] == "Ici MARTIN"
        gone = await http.delete(self.PATH, headers={"if-match": '"1"'})
        assert gone.status_code == 204
        assert {each["version"] for each in await items(http, "/v1/message-templates")} == {0}

    async def test_are_shown_with_sample_facts(self, http: Client, sql: Connection) -> None:
        body = {"event": "arrival", "language": "en", "subject": "{client}", "body": "{titres}", "sms": "é" * 161}
        async with nothing_written(sql):
            seen = await post(http, "/v1/message-templates/preview", body, expect=200)
        assert (seen["subject"], seen["segments"]) == ("Claire MARTIN", 2)
        assert "CHUT" in seen["body"]

    async def test_with_a_place_that_does_not_exist_are_refused(self, http: Client) -> None:
        body = {"event": "arrival", "language": "en", "subject": "{client}", "body": "{title}", "sms": " "}
        problem = refused(await http.post("/v1/message-templates/preview", json=body), 422, "invalid")
        assert [each["pointer"] for each in problem["errors"]] == ["/body", "/sms"]
        assert "titres" in problem["errors"][0]["detail"]


@pytest.mark.row("A58")
class TestTheWayOut:
    async def link(self, http: Client, who: str) -> str:
        await consent(http, who)
        body = {**MAILING, "customer_ids": [who], "purpose": "marketing"}
        text = (await post(http, "/v1/messages", body))["messages"][0]["body"]
        found = re.search(r"/v1/unsubscribe/[A-Za-z0-9_-]+", text)
        assert found is not None
        return found[0]

    @pytest.mark.parametrize(
        "sent",
        [
            {
                "content": b"List-Unsubscribe=One-Click",
                "headers": {"content-type": "application/x-www-form-urlencoded"},
            },
            {"files": {"List-Unsubscribe": (None, "One-Click")}},
            {},
        ],
    )
    async def test_is_one_click_without_a_login(self, http: Client, client_for: ClientFor, sent: Any) -> None:
        who = await reader_of(http)
        path, stranger = await self.link(http, who), await client_for(None)
        page = await stranger.get(path)
        assert page.headers["content-type"].startswith("text/html")
        assert "<script" not in page.text
        assert re.findall(r'(?:src|href)="', page.text) == []
        assert page.text.count("<button>") == 1
        assert len(await items(http, f"/v1/customers/{who}/consents")) == 1, "looking changes nothing"
        for _ in range(2):
            done = await stranger.request("POST", path, **sent)
            assert done.status_code == 200, done.text
        entries = await items(http, f"/v1/customers/{who}/consents")
        assert sorted((each["granted"], each["source"]) for each in entries) == [
            (False, "unsubscribe"),
            (True, "comptoir"),
        ]
        body = {**MAILING, "customer_ids": [who], "purpose": "marketing"}
        assert [each["reason"] for each in (await post(http, "/v1/messages", body))["withheld"]] == ["refused"]

    async def test_that_was_not_made_here_is_not_found(self, http: Client, client_for: ClientFor) -> None:
        path, stranger = await self.link(http, await reader_of(http)), await client_for(None)
        spoilt = path[:-3] + ("AAA" if path[-3:] != "AAA" else "BBB")
        for method in ("GET", "POST"):
            for wrong in (spoilt, "/v1/unsubscribe/" + "A" * 66, "/v1/unsubscribe/" + "A" * 30):
                refused(await stranger.request(method, wrong), 404, "not-found")


class TestTheSettings:
    async def change(self, http: Client, body: Json) -> Any:
        version = (await get(http, "/v1/dossier"))["version"]
        return await http.patch("/v1/dossier", json=body, headers={"if-match": f'"{version}"'})

    @pytest.mark.row("C11")
    async def test_of_messages_and_pick_up_are_kept(self, http: Client) -> None:
        messages = {
            "channels": ["sms"],
            "steps": [{"event": "arrival", "after_days": 1}, {"event": "last_call", "after_days": 20}],
            "automatic": ["arrival", "order_confirmed"],
            "grace_minutes": 0,
            "from_hour": 8,
            "to_hour": 24,
        }
        pickup = {"days": 21, "by_category": {}, "closed_weekdays": [1, 7], "closed_dates": ["2026-12-25"]}
        changed = await self.change(http, {"messages": messages, "pickup": pickup, "old_after_days": 30})
        assert changed.status_code == 200, changed.text
        for found in (changed.json(), await get(http, "/v1/dossier")):
            assert (found["messages"], found["pickup"], found["old_after_days"]) == (messages, pickup, 30)
        later = await self.change(http, {"messages": {"to_hour": 20}})
        assert later.json()["messages"] == {**messages, "to_hour": 20}

    async def test_that_cannot_be_are_refused(self, http: Client) -> None:
        wrong: list[tuple[Json, str]] = [
            ({"messages": {"from_hour": 19}}, "/messages/to_hour"),
            (
                {
                    "messages": {
                        "steps": [{"event": "last_call", "after_days": 1}, {"event": "arrival", "after_days": 2}]
                    }
                },
                "/messages/steps",
            ),
            (
                {
                    "messages": {
                        "steps": [{"event": "arrival", "after_days": 2}, {"event": "last_call", "after_days": 2}]
                    }
                },
                "/messages/steps",
            ),
            ({"pickup": {"closed_weekdays": [1, 2, 3, 4, 5, 6, 7]}}, "/pickup/closed_weekdays"),
        ]
        for body, pointer in wrong:
            problem = refused(await self.change(http, body), 409, "inconsistent")
            assert [each["pointer"] for each in problem["errors"]] == [pointer]
        problem = refused(await self.change(http, {"pickup": {"by_category": {"NIET": 3}}}), 409, "unknown-code")
        assert [each["pointer"] for each in problem["errors"]] == ["/pickup/by_category/NIET"]
