"""E-mails of reminders through a real worker and a real mail server; two runs at once from two processes (B28)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from email import message_from_bytes
from email.message import Message
from typing import Any

import asyncpg
import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.conftest import Client, Premises
from tests.faults.serving import client_of, serving
from tests.faults.test_messages import ALWAYS_OPEN, Box, mail_server, postman, until

pytestmark = [pytest.mark.faults, pytest.mark.row("B28")]
WORDS = {"subject": "Rappel : {librairie}", "body": "{factures}\n{total}"}


class Letterbox(Box):
    """As ``Box``, with the e-mails by their recipient."""

    def __init__(self) -> None:
        super().__init__()
        self.mails: dict[str, Message] = {}

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        said = await super().handle_DATA(server, session, envelope)
        assert isinstance(envelope.content, bytes)
        self.mails[str(envelope.rcpt_tos[0])] = message_from_bytes(envelope.content)
        return said


@pytest.fixture
async def look(premises: Premises) -> "AsyncIterator[asyncpg.Connection[asyncpg.Record]]":
    connection = await asyncpg.connect(premises.database)
    yield connection
    await connection.close()


async def owe(http: Client, number: int) -> None:
    """So many customers, each with an invoice that is long overdue; messages may go out all day."""
    version = (await http.get("/v1/dossier")).json()["version"]
    steps = [{"after_days": 7, "channel": "email", "states": ["awaited"], "fr": WORDS, "en": WORDS}]
    body = {
        "reminders": {"scenarios": [{"family": None, "steps": steps}]},
        "messages": {"from_hour": ALWAYS_OPEN["from_hour"], "to_hour": ALWAYS_OPEN["to_hour"]},
    }
    changed = await http.patch("/v1/dossier", json=body, headers={"if-match": f'"{version}"'})
    assert changed.status_code == 200, changed.text
    for n in range(number):
        card = await http.post("/v1/customers", json={"name": f"N{n}", "email": f"n{n}@example.org"})
        told = {"issued_on": "2026-01-01", "due_on": "2026-02-01", "total": {"amount": f"{n + 1}0.00"}}
        made = await http.put(f"/v1/invoices/F{n}", json={"customer_id": card.json()["id"], **told})
        assert made.status_code == 201, made.text


async def test_an_e_mail_of_a_run_goes_through_the_post(premises: Premises, look: Any, http: Client) -> None:
    await owe(http, 3)
    contact = {"name": "COMPTA", "function": "REL", "email": "compta@example.org"}
    first = (await http.get("/v1/customers?q=N0")).json()["items"][0]["id"]
    assert (await http.post(f"/v1/customers/{first}/contacts", json=contact)).status_code == 201
    run = await http.post("/v1/reminder-runs", json={})
    assert run.status_code == 201, run.text
    box = Letterbox()
    async with mail_server(box) as port, postman(premises.database, port):
        await until(look, sent=3)
    assert set(box.mails) == {"compta@example.org", "n1@example.org", "n2@example.org"}
    mail = box.mails["n2@example.org"]
    text = mail.get_payload(decode=True)
    assert isinstance(text, bytes)
    assert "Facture F2, échéance du 01/02/2026 : 30,00" in text.decode()
    assert mail["List-Unsubscribe"] is None


async def test_two_runs_at_once_from_two_processes_tell_each_once(premises: Premises, look: Any, http: Client) -> None:
    await owe(http, 12)
    async with AsyncExitStack() as stack:
        addresses = [stack.enter_context(serving(premises.database))[0] for _ in range(2)]
        clients = [
            await stack.enter_async_context(client_of(addresses[nth % 2], premises.admin_key)) for nth in range(6)
        ]
        answers = await asyncio.gather(
            *(
                client.post("/v1/reminder-runs", json={}, headers={"idempotency-key": f"run-{nth}"})
                for nth, client in enumerate(clients)
            )
        )
    told = [each["customer_id"] for answer in answers if answer.is_success for each in answer.json()["items"]]
    assert {answer.status_code for answer in answers} <= {201, 503}, [answer.text for answer in answers]
    assert (len(told), len(set(told))) == (12, 12)
    assert await look.fetchval("SELECT count(*) FROM reminded_invoice") == 12
    assert await look.fetchval("SELECT count(*) FROM message") == 12
