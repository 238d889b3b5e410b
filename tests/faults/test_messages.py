"""Messages survive what happens to workers and mail servers: nothing is lost, and nothing is sent twice (C11)."""

import asyncio
import json
import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes
from typing import Any

import asyncpg
import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.conftest import Client, Premises
from tests.faults.serving import PROJECT

pytestmark = [pytest.mark.faults, pytest.mark.row("C11")]
WITHIN = 30.0
ALWAYS_OPEN = {
    "channels": ["email"],
    "steps": [["arrival", 0]],
    "automatic": ["cancelled"],
    "grace": 0,
    "from_hour": 0,
    "to_hour": 24,
}


class Box:
    """What a mail server took, counted by Message-ID."""

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()
        self.said: list[str] = []
        self.pause = 0.0

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        await asyncio.sleep(self.pause)
        if self.said:
            return self.said.pop(0)
        assert isinstance(envelope.content, bytes)
        self.taken[str(message_from_bytes(envelope.content)["Message-ID"])] += 1
        return "250 OK"


@asynccontextmanager
async def mail_server(box: Box, port: int = 0) -> AsyncIterator[int]:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(box, loop=loop), "127.0.0.1", port)
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        server.close()
        await server.wait_closed()


@asynccontextmanager
async def postman(database: str, port: int, *, dies_at: str = "never") -> AsyncIterator[asyncio.subprocess.Process]:
    """A worker process that is at work; one that is still there at the end is told to stop, and does at once."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COMPTOIR_")}
    environment |= {"PYTHONPATH": str(PROJECT)}
    command = [sys.executable, "-m", "tests.faults.postman", database, str(port), dies_at]
    process = await asyncio.create_subprocess_exec(
        *command, cwd=PROJECT, env=environment, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        assert await asyncio.wait_for(process.stdout.readline(), WITHIN) == b"working\n"
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
            await asyncio.wait_for(process.wait(), 5)


@pytest.fixture
async def look(premises: Premises) -> "AsyncIterator[asyncpg.Connection[asyncpg.Record]]":
    connection = await asyncpg.connect(premises.database)
    # before anyone asks: a dossier is believed for two seconds
    await connection.execute("UPDATE dossier SET settings = $1", json.dumps({"messages": ALWAYS_OPEN}))
    yield connection
    await connection.close()


async def queue(http: Client, number: int) -> list[str]:
    """So many messages on their way, each to a customer of its own."""
    ids = []
    for n in range(number):
        card = {"name": f"N{n}", "email": f"n{n}@example.org"}
        made = await http.post("/v1/customers", json=card)
        assert made.status_code == 201, made.text
        ids.append(made.json()["id"])
    body = {"customer_ids": ids, "channel": "email", "purpose": "order_arrival", "subject": "Ici", "text": "Venez !"}
    sent = await http.post("/v1/messages", json=body)
    assert sent.status_code == 201, sent.text
    return [f"<{each['id'].removeprefix('msg_')}@librairie.example>" for each in sent.json()["messages"]]


async def holds(look: "asyncpg.Connection[asyncpg.Record]", question: str) -> None:
    """Until the database answers the question with yes."""
    async with asyncio.timeout(WITHIN):
        while not await look.fetchval(question):  # noqa: ASYNC110 - nothing tells when another process has written
            await asyncio.sleep(0.05)


async def until(look: "asyncpg.Connection[asyncpg.Record]", **wanted: int) -> None:
    """Until so many messages are in these states, and in no other."""
    found = json.dumps(wanted, sort_keys=True)
    states = "SELECT jsonb_object_agg(state, n) FROM (SELECT state, count(*) AS n FROM message GROUP BY state) each"
    await holds(look, f"SELECT ({states}) = '{found}'::jsonb")


async def no_job_left(look: "asyncpg.Connection[asyncpg.Record]") -> None:
    await holds(look, "SELECT count(*) = 0 FROM jobs.pgqueuer WHERE entrypoint = 'send'")


@pytest.mark.parametrize("point", ["begin", "carry", "end"])
async def test_a_worker_that_dies_elsewhere_loses_and_doubles_nothing(
    point: str, premises: Premises, look: Any, http: Client
) -> None:
    (message,) = await queue(http, 1)
    box = Box()
    async with mail_server(box) as port:
        async with postman(premises.database, port, dies_at=point) as process:
            assert await asyncio.wait_for(process.wait(), WITHIN) == -signal.SIGKILL
        async with postman(premises.database, port):
            await until(look, sent=1)
            await no_job_left(look)
    assert box.taken == {message: 1}


async def test_a_worker_that_dies_between_carrying_and_marking_says_it_again_under_the_same_id(
    premises: Premises, look: Any, http: Client
) -> None:
    (message,) = await queue(http, 1)
    box = Box()
    async with mail_server(box) as port:
        async with postman(premises.database, port, dies_at="mark") as process:
            assert await asyncio.wait_for(process.wait(), WITHIN) == -signal.SIGKILL
        assert box.taken == {message: 1}
        await until(look, sending=1)
        async with postman(premises.database, port):
            await until(look, sent=1)
            await no_job_left(look)
    assert box.taken == {message: 2}


async def test_a_mail_server_that_is_gone_and_says_no_and_comes_back_gets_each_once(
    premises: Premises, look: Any, http: Client
) -> None:
    messages = await queue(http, 12)
    box = Box()
    async with mail_server(box) as port:
        pass
    async with postman(premises.database, port):
        await holds(look, "SELECT min(attempts) > 0 FROM message")  # each was tried in vain
        box.said = ["451 Later"] * 5
        async with mail_server(box, port):
            await until(look, sent=12)
            await no_job_left(look)
    assert box.taken == dict.fromkeys(messages, 1)


async def test_two_workers_that_lose_their_connections_send_each_once(
    premises: Premises, look: Any, http: Client
) -> None:
    messages = await queue(http, 30)
    box = Box()
    box.pause = 0.05
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'comptoir-jobs'"
    async with mail_server(box) as port, postman(premises.database, port), postman(premises.database, port):
        for _ in range(3):
            await look.fetch(cut)
            await asyncio.sleep(0.3)
        await until(look, sent=30)
        await no_job_left(look)
    assert box.taken == dict.fromkeys(messages, 1)


async def test_a_worker_told_to_stop_ends_at_once_and_others_go_on(premises: Premises, look: Any, http: Client) -> None:
    (message,) = await queue(http, 1)
    box = Box()
    box.pause = 3600.0
    async with mail_server(box) as port, postman(premises.database, port) as process:
        await until(look, sending=1)
        began = asyncio.get_running_loop().time()
        process.terminate()
        assert await asyncio.wait_for(process.wait(), WITHIN) == 0
        assert asyncio.get_running_loop().time() - began < 3
    again = Box()
    async with mail_server(again) as port, postman(premises.database, port):
        await until(look, sent=1)
    assert again.taken == {message: 1}


async def test_a_message_that_no_job_carries_is_found(premises: Premises, look: Any, http: Client) -> None:
    (message,) = await queue(http, 1)
    await look.execute("DELETE FROM jobs.pgqueuer")
    box = Box()
    async with mail_server(box) as port, postman(premises.database, port):
        await holds(look, "SELECT count(*) > 0 FROM jobs.pgqueuer_schedules")
        await look.execute("UPDATE jobs.pgqueuer_schedules SET next_run = now() - interval '1 second'")
    async with mail_server(box) as port, postman(premises.database, port):
        await until(look, sent=1)
        kinds = await look.fetch("SELECT DISTINCT entrypoint FROM jobs.pgqueuer_log")
    assert {"remind", "check_stock"} <= {row["entrypoint"] for row in kinds}
    assert box.taken == {message: 1}


async def test_an_order_given_up_is_told_by_itself(premises: Premises, look: Any, http: Client) -> None:
    card = {"title": "T", "author": "A", "publisher": "P", "list_price": {"amount": "10.00"}}
    assert (await http.put("/v1/articles/9782092512746", json=card)).status_code == 201
    order = await http.post(
        "/v1/orders",
        json={
            "contact": {"name": "Zoë", "email": "zoe@example.org"},
            "lines": [{"ean": "9782092512746", "quantity": 1}],
        },
    )
    assert order.status_code == 201, order.text
    gone = await http.post(
        f"/v1/orders/{order.json()['id']}/cancel",
        json={"reason": "Trop tard"},
        headers={"if-match": order.headers["etag"]},
    )
    assert gone.status_code == 200, gone.text
    box = Box()
    async with mail_server(box) as port, postman(premises.database, port):
        await until(look, sent=1)
    assert box.taken.total() == 1
