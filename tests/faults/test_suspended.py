"""A suspended line waits again once its day has come, though nobody presses a button: the quarter-hourly pass sees to it (P6)."""

from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from tests.conftest import Client, Premises
from tests.faults.test_messages import Box, holds, look, mail_server, postman

__all__ = ["look"]

pytestmark = [pytest.mark.faults, pytest.mark.row("P6")]


async def test_a_line_whose_day_has_come_waits_again(
    premises: Premises, look: "asyncpg.Connection[asyncpg.Record]", http: Client
) -> None:
    card = {"title": "T", "list_price": {"amount": "10.00"}}
    assert (await http.put("/v1/articles/9782092512746", json=card)).status_code == 201
    orders = []
    for _ in range(2):
        body = {"contact": {"name": "Zoë"}, "lines": [{"ean": "9782092512746", "quantity": 1}]}
        taken = (await http.post("/v1/orders", json=body)).json()
        until = (datetime.now(UTC) + timedelta(days=9)).date().isoformat()
        where = f"/v1/orders/{taken['id']}/lines/{taken['lines'][0]['id']}/suspension"
        held = await http.put(where, json={"until": until}, headers={"if-match": '"1"'})
        assert held.status_code == 200, held.text
        orders.append(held.json())
    await look.execute(
        "UPDATE order_line SET suspended_until = current_date - 1 WHERE number = $1", orders[0]["number"]
    )
    async with mail_server(Box()) as port:
        async with postman(premises.database, port):
            await holds(look, "SELECT count(*) > 0 FROM jobs.pgqueuer_schedules")
            await look.execute("UPDATE jobs.pgqueuer_schedules SET next_run = now() - interval '1 second'")
        async with postman(premises.database, port):
            await holds(look, "SELECT count(*) = 1 FROM order_line WHERE suspended_until IS NOT NULL")
            await holds(look, "SELECT count(*) > 0 FROM jobs.pgqueuer_log WHERE entrypoint = 'resume'")
    first, second = [(await http.get(f"/v1/orders/{each['id']}")).json() for each in orders]
    assert (first["lines"][0]["suspended_until"], first["version"]) == (None, orders[0]["version"] + 1)
    assert second == orders[1]
    told = await look.fetchval("SELECT by FROM outbox_event WHERE type = 'order.updated' ORDER BY seq DESC LIMIT 1")
    assert told == "system"
