"""The live feed that tablets listen to: GET /v1/events, on a real socket."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import asyncpg
import httpx
import pytest

from infra.db.dossiers import add_key
from tests.api.conftest import ClientFor, cloned, serving
from tests.api.steps import CHUT, Connection, Json, customer, line, order, push, refused, scan, stock
from tests.conftest import Client, Premises, furnish
from tests.support.database import Cluster
from tests.support.server import Server

PATIENCE = 20.0
"""Seconds after which what has not come is said not to come; a promise of the feed has a limit of its own."""


@dataclass(frozen=True, slots=True)
class Event:
    id: str
    type: str
    data: Json


@dataclass(slots=True)
class Listener:
    """One open stream: ``position`` is the id that a browser would send to resume."""

    lines: AsyncIterator[str]
    position: str = ""
    heard: list[Event] = field(default_factory=list)

    async def block(self) -> dict[str, str]:
        """The next block of the stream, comments apart."""
        found: dict[str, str] = {}
        async with asyncio.timeout(PATIENCE):
            async for text in self.lines:
                name, _, value = text.partition(": ")
                if text == "" and found:
                    break
                if name:
                    found[name] = value
        self.position = found.get("id", self.position)
        return found

    async def next(self) -> Event:
        """The next event."""
        found = await self.block()
        while "event" not in found:
            found = await self.block()
        event = Event(found["id"], found["event"], json.loads(found["data"]))
        self.heard.append(event)
        return event

    async def until(self, last: str) -> list[Event]:
        """All events up to the order of this name."""
        while (await self.next()).data.get("name") != last:
            pass
        return self.heard


@asynccontextmanager
async def listening(http: httpx.AsyncClient, *, after: str | None = None) -> AsyncIterator[Listener]:
    """A stream that is open: what is done inside is heard."""
    headers = {"last-event-id": after} if after else {}
    async with http.stream("GET", "/v1/events", headers=headers) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        listener = Listener(answer.aiter_lines())
        await listener.block()
        assert listener.position
        yield listener


@pytest.fixture(scope="module")
async def premises(cluster: Cluster, furnished: Premises) -> AsyncIterator[Premises]:
    """One shop for all listeners, who must not mind what others did in it."""
    async with cloned(cluster, furnished) as premises:
        yield premises


@pytest.fixture(scope="module")
async def served(premises: Premises) -> AsyncIterator[Server]:
    async with serving(premises) as (server,):
        yield server


@pytest.fixture(scope="module")
async def elsewhere(premises: Premises) -> Premises:
    return await furnish(premises.database, code="ailleurs")


@pytest.fixture
async def tablet(served: Server, premises: Premises) -> AsyncIterator[Client]:
    async with served.client(premises.admin_key) as client:
        yield client


class TestTheFeed:
    async def test_tells_of_a_push_within_a_second(self, tablet: Client) -> None:
        async with listening(tablet) as listener:
            started = time.monotonic()
            made = await push(tablet, "LIVE-1", name="DU WEB")
            heard = await listener.next()
            assert time.monotonic() - started < 1.0
        assert (heard.type, heard.data["order_id"], heard.data["name"]) == ("order.created", made["id"], "DU WEB")
        assert (heard.data["order_number"], heard.data["status"], heard.data["version"]) == (made["number"], "CO", 1)
        assert heard.data["id"].startswith("evt_")
        assert heard.data["at"].endswith("Z")

    async def test_tells_each_thing_that_happens_under_its_name(self, tablet: Client) -> None:
        async with listening(tablet) as listener:
            made = await order(tablet, line(CHUT))
            await stock(tablet, CHUT)
            await scan(tablet, CHUT)
            await customer(tablet)
            await order(tablet, name="FIN")
            heard = await listener.until("FIN")
        assert sorted(event.type for event in heard) == [
            "customer.created",
            "order.created",
            "order.created",
            "reservation.set_aside",
            "stock.adjusted",
        ]
        kept = next(event for event in heard if event.type == "reservation.set_aside")
        assert kept.data["order_id"] == made["id"]
        assert kept.data["reservation_id"].startswith("rsv_")

    async def test_begins_at_the_present(self, tablet: Client) -> None:
        await order(tablet, name="AVANT")
        async with listening(tablet) as listener:
            await order(tablet, name="APRES")
            assert (await listener.next()).data["name"] == "APRES"

    async def test_resumes_without_gap_or_double(self, tablet: Client) -> None:
        names = [f"CLIENT {n}" for n in range(12)]
        async with listening(tablet) as listener:
            for name in names[:4]:
                await order(tablet, name=name)
            heard = await listener.until(names[2])
            position = listener.position
        for name in names[4:8]:
            await order(tablet, name=name)
        async with listening(tablet, after=position) as listener:
            for name in names[8:]:
                await order(tablet, name=name)
            heard = heard + await listener.until(names[-1])
        assert [event.data["name"] for event in heard] == names
        assert len({event.id for event in heard}) == 12

    async def test_resumes_from_its_first_word_when_nothing_was_heard(self, tablet: Client) -> None:
        async with listening(tablet) as listener:
            position = listener.position
        await order(tablet, name="ENTRE")
        async with listening(tablet, after=position) as listener:
            assert (await listener.next()).data["name"] == "ENTRE"

    async def test_loses_nothing_when_transactions_commit_in_reverse_order(
        self, tablet: Client, premises: Premises, sql: Connection
    ) -> None:
        """The first takes its transaction id and its sequence number, the second overtakes it."""
        insert = (
            "INSERT INTO outbox_event (dossier_id, event_id, type, subject, version, at, by, data) "
            "VALUES ($1, uuidv7(), 'order.created', uuidv7(), 1, now(), 'test', $2)"
        )
        slow = await asyncpg.connect(premises.database)
        try:
            async with listening(tablet) as listener:
                first = slow.transaction()
                await first.start()
                await slow.execute(insert, premises.dossier, json.dumps({"name": "PREMIER"}))
                await sql.execute(insert, premises.dossier, json.dumps({"name": "SECOND"}))
                nothing = asyncio.create_task(listener.next())
                done, _ = await asyncio.wait({nothing}, timeout=1.0)
                assert not done, "nothing is shown behind which something may still appear"
                await first.commit()
                heard = [await nothing, await listener.next()]
        finally:
            await slow.close()
        assert [event.data["name"] for event in heard] == ["PREMIER", "SECOND"]

    async def test_never_shows_another_dossiers_events(
        self, served: Server, tablet: Client, elsewhere: Premises
    ) -> None:
        async with served.client(elsewhere.admin_key) as theirs, listening(tablet) as listener:
            await customer(theirs, "CHEZ EUX")
            await order(tablet, name="CHEZ NOUS")
            assert (await listener.next()).data["name"] == "CHEZ NOUS"
            await order(tablet, name="FIN")
            assert [event.data["name"] for event in await listener.until("FIN")] == ["CHEZ NOUS", "FIN"]

    async def test_of_another_dossier_does_not_resume_ours(
        self, served: Server, tablet: Client, elsewhere: Premises
    ) -> None:
        await order(tablet, name="CHEZ NOUS")
        async with served.client(elsewhere.admin_key) as theirs, listening(theirs, after="1-1") as listener:
            await customer(theirs, "CHEZ EUX")
            assert (await listener.next()).data["name"] == "CHEZ EUX"

    @pytest.mark.parametrize("after", ["9999999999999999999-9999999999999999999", "0-0"])
    async def test_takes_any_position_of_the_right_form(self, tablet: Client, after: str) -> None:
        async with listening(tablet, after=after):
            pass

    async def test_ends_when_the_server_is_told_to_stop(self, premises: Premises) -> None:
        async with serving(premises) as (server,), server.client(premises.admin_key) as tablet:
            async with listening(tablet) as listener:
                server.process.terminate()
                assert await listener.block() == {}
            assert await asyncio.to_thread(server.process.wait, PATIENCE) in {0, -15}


class TestAStranger:
    async def test_without_credentials_hears_nothing(self, client_for: ClientFor) -> None:
        async with asyncio.timeout(PATIENCE):
            refused(await (await client_for(None)).get("/v1/events"), 401, "not-authenticated")

    async def test_without_the_right_hears_nothing(
        self, client_for: ClientFor, premises: Premises, sql: Connection
    ) -> None:
        key = await add_key(sql, premises.dossier, label="x", scopes=["customers:*"], channel_id=None)
        async with asyncio.timeout(PATIENCE):
            refused(await (await client_for(key)).get("/v1/events"), 403, "forbidden")

    @pytest.mark.parametrize("after", ["1", "a-b", "1-", "1-1-1", "-1-1", "99999999999999999999-1"])
    async def test_cannot_resume_at_nonsense(self, http: Client, after: str) -> None:
        async with asyncio.timeout(PATIENCE):
            refused(await http.get("/v1/events", headers={"last-event-id": after}), 422, "invalid")


async def test_head_of_the_feed_ends(tablet: Client) -> None:
    answer = await tablet.head("/v1/events")
    assert (answer.status_code, answer.content) == (200, b"")
