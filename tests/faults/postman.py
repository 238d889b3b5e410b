"""A worker process of the queue of jobs, which a test may have killed at a point of its choice.

Run with the database's URL, the port of a mail server and the point: "begin", "carry", "mark", "end", or "never".
"""

import asyncio
import os
import signal
import sys
from datetime import datetime, timedelta

from domain.model.message import MessageChannel
from domain.model.values import DossierId
from domain.ports.messages import JobKind, Letter
from domain.usecases import sending as module
from domain.usecases.sending import Sending
from domain.usecases.work import Surroundings
from infra.bootstrap import clock, running
from infra.db.pools import pool
from infra.ids import new_id
from infra.jobs.handlers import handlers_of
from infra.jobs.running import working
from infra.jobs.shops import SqlShops
from infra.messaging.choose import Carriers
from infra.messaging.outlets import server_of
from infra.messaging.smtp import SmtpCarrier, Timeouts
from infra.unit_of_work import units_of_work

SECOND = timedelta(seconds=1)


def _die_at(here: str, wanted: str) -> None:
    if here == wanted:
        os.kill(os.getpid(), signal.SIGKILL)


class Mortal:
    """A carrier whose process ends before or after it carried."""

    def __init__(self, carrier: SmtpCarrier, point: str) -> None:
        self._carrier, self._point = carrier, point

    async def carry(self, letter: Letter) -> str | None:
        _die_at("carry", self._point)
        said = await self._carrier.carry(letter)
        _die_at("mark", self._point)
        return said


async def work(url: str, port: str, point: str) -> None:
    module.BACKOFF = (SECOND / 5,) * 30
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    server = server_of(f"smtp://127.0.0.1:{port}?starttls=no")
    mail = SmtpCarrier(server, sender="bonjour@librairie.example", clock=clock, timeouts=Timeouts(connect=2))
    async with running(database_url=url, pool_size=4) as comptoir, pool(url, size=4, read_only=False) as writing:
        around = Surroundings(begin=units_of_work(writing, clock), clock=clock, new_id=new_id)
        carrier = Mortal(mail, point)
        sending = Sending(around, Carriers({MessageChannel.EMAIL: carrier}, demo=carrier), "http://localhost")
        shops = SqlShops(writing)
        handlers = dict(handlers_of(comptoir, sending, shops))
        send = handlers[JobKind.SEND]

        async def mortal(dossier: DossierId, subject: str, detail: str) -> datetime | None:
            _die_at("begin", point)
            again = await send(dossier, subject, detail)
            _die_at("end", point)
            return again

        handlers[JobKind.SEND] = mortal
        async with working(url, handlers, shops=shops, pool=writing, clock=clock, stale=SECOND * 2, look=SECOND / 2):
            print("working", flush=True)  # noqa: T201 - the test waits for it
            await stop.wait()


if __name__ == "__main__":
    asyncio.run(work(*sys.argv[1:]))
