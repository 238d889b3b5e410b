"""E-mails by SMTP (RFC 5321): what was refused, what may be tried again, and what nobody can know."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

import aiosmtplib
from aiosmtplib import SMTP

from domain.ports.messages import Letter, Refused, Uncertain, Unreachable
from infra.messaging.letters import as_mail, message_id
from infra.messaging.outlets import Server

START_INPUT, COMPLETED, PERMANENT = 354, 250, 500
LINE = 400
"""Characters kept of what a server said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """Seconds to wait for a server that is slow, as RFC 5321 4.5.3.2 asks."""

    connect: float = 60
    command: float = 300
    begin_data: float = 120
    end_data: float = 600


class SmtpCarrier:
    """``Carrier`` of e-mails: a connection for each, for a shop sends few."""

    def __init__(
        self, server: Server, *, sender: str, clock: Callable[[], datetime], timeouts: Timeouts | None = None
    ) -> None:
        self._server = server
        self._sender = sender
        self._clock = clock
        self._wait = timeouts or Timeouts()

    async def carry(self, letter: Letter) -> str | None:
        octets = as_mail(letter, sender=self._sender, now=self._clock())
        async with self._connected() as client:
            await self._envelope(client, letter.address)
            await self._content(client, octets)
        return message_id(letter, self._sender)

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[SMTP]:
        """A server that has greeted us and knows us; what goes wrong before a message is begun is no fault of the message."""
        client = SMTP(
            hostname=self._server.host,
            port=self._server.port,
            use_tls=self._server.tls,
            start_tls=self._server.start_tls,
            username=self._server.user,
            password=self._server.password,
            timeout=self._wait.connect,
        )
        try:
            await client.connect()
        except (aiosmtplib.SMTPException, OSError, ValueError) as fault:
            client.close()
            raise Unreachable(_said(fault)) from None
        try:
            yield client
        finally:
            client.close()

    async def _envelope(self, client: SMTP, address: str) -> None:
        options, encoding = [], "ascii"
        if not address.isascii():
            if not client.supports_extension("smtputf8"):
                raise Refused("the mail server takes no address with accents")
            options, encoding = ["SMTPUTF8"], "utf-8"
        wait = self._wait.command
        try:
            await client.mail(self._sender, options=options, encoding=encoding, timeout=wait)
            await client.rcpt(address, encoding=encoding, timeout=wait)
            began = await client.execute_command(b"DATA", timeout=self._wait.begin_data)
        except aiosmtplib.SMTPResponseException as refusal:
            raise _refusal(refusal.code, refusal.message) from None
        except (aiosmtplib.SMTPException, OSError) as fault:
            raise Unreachable(_said(fault)) from None
        if began.code != START_INPUT:
            raise _refusal(began.code, began.message)

    async def _content(self, client: SMTP, octets: bytes) -> None:
        """The mail and its final dot: until the dot is written nothing was said, from then on the server may have taken it."""
        protocol = client.protocol
        try:
            if protocol is None:
                raise Unreachable("connection lost")
            protocol.write(_dotted(octets))
            await asyncio.sleep(0)  # a loss that is known already is told here
            protocol.write(b".\r\n")
        except (aiosmtplib.SMTPException, OSError) as fault:
            raise Unreachable(_said(fault)) from None
        try:
            ended = await protocol.read_response(timeout=self._wait.end_data)
        except (aiosmtplib.SMTPServerDisconnected, aiosmtplib.SMTPTimeoutError, OSError) as fault:
            raise Uncertain(_said(fault)) from None
        except aiosmtplib.SMTPResponseException as garbled:
            raise Uncertain(_said(garbled)) from None
        if ended.code != COMPLETED:
            raise _refusal(ended.code, ended.message)


def _dotted(octets: bytes) -> bytes:
    """Lines that begin with a dot get another (RFC 5321 4.5.2); the last line is ended."""
    lines = octets.removesuffix(b"\r\n").split(b"\r\n")
    return b"".join((b"." if line.startswith(b".") else b"") + line + b"\r\n" for line in lines)


def _refusal(code: int, message: str) -> Refused | Unreachable:
    text = f"{code} {message}"[:LINE]
    return Refused(text) if code >= PERMANENT else Unreachable(text)


def _said(fault: Exception) -> str:
    """What a person may read of it; a response keeps its code."""
    if isinstance(fault, aiosmtplib.SMTPResponseException):
        return f"{fault.code} {fault.message}"[:LINE]
    return (str(fault) or type(fault).__name__)[:LINE]
