"""What takes messages out of the house, against real servers on real sockets."""

import asyncio
import email
import email.policy
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from domain.model.message import MessageChannel
from domain.model.values import MessageId
from domain.ports.messages import CarrierError, Letter, Refused, Uncertain, Unreachable
from infra.messaging.choose import carriers_of
from infra.messaging.folder import FolderCarrier
from infra.messaging.outlets import Gateway, Outlets, server_of, template_of
from infra.messaging.sms import SmsCarrier
from infra.messaging.smtp import SmtpCarrier, Timeouts

SENDER = "bonjour@librairie.example"
NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
ID = MessageId(UUID(int=7))
SHORT = Timeouts(connect=2, command=2, begin_data=2, end_data=1)


def letter(**more: Any) -> Letter:
    return Letter(
        id=ID,
        **{
            "channel": MessageChannel.EMAIL,
            "sender": "Librairie d'essai",
            "name": "Zoé",
            "address": "zoe@example.org",
            "subject": "Vos livres : « Été »",
            "body": "Bonjour,\n.\n.. deux points\nÀ bientôt €\n",
            **more,
        },
    )


class Box:
    """An SMTP server's handler that keeps what it takes, and says otherwise where it is told to."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.says: dict[str, str] = {}
        self.pause = 0.0
        self.cut = False

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        await asyncio.sleep(self.pause)
        envelope.mail_from = address
        return self.says.get("MAIL", "250 OK")

    async def handle_RCPT(  # noqa: N802 - idem
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self.says.get("RCPT", "250 OK")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - idem
        await asyncio.sleep(self.pause)
        said = self.says.get("DATA", "250 OK")
        if said.startswith("250"):
            self.taken.append(envelope)
        if self.cut:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return said

    def mail(self) -> email.message.EmailMessage:
        (envelope,) = self.taken
        assert isinstance(envelope.content, bytes)
        found = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(found, email.message.EmailMessage)
        return found


@asynccontextmanager
async def smtp_server(box: Box, *, port: int = 0) -> AsyncIterator[int]:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(box, loop=loop, enable_SMTPUTF8=False), "127.0.0.1", port)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()


def carrier(port: int, timeouts: Timeouts = SHORT) -> SmtpCarrier:
    server = server_of(f"smtp://127.0.0.1:{port}?starttls=no")
    return SmtpCarrier(server, sender=SENDER, clock=lambda: NOW, timeouts=timeouts)


@pytest.fixture
def box() -> Box:
    return Box()


class TestAMailServer:
    async def test_gets_plain_text_under_the_messages_own_id(self, box: Box) -> None:
        async with smtp_server(box) as port:
            assert await carrier(port).carry(letter()) == f"<{ID.hex}@librairie.example>"
        mail = box.mail()
        assert (box.taken[0].mail_from, box.taken[0].rcpt_tos) == (SENDER, ["zoe@example.org"])
        assert mail["Message-ID"] == f"<{ID.hex}@librairie.example>"
        assert mail["From"].addresses[0].display_name == "Librairie d'essai"
        assert (mail["To"].addresses[0].display_name, mail["Subject"]) == ("Zoé", "Vos livres : « Été »")
        assert mail["Date"].datetime == NOW
        assert (mail.get_content_type(), mail.get_content_charset()) == ("text/plain", "utf-8")
        assert mail.get_content().replace("\r\n", "\n") == "Bonjour,\n.\n.. deux points\nÀ bientôt €\n"
        assert mail["List-Unsubscribe"] is None

    async def test_gets_the_way_out_of_advertising(self, box: Box) -> None:
        url = f"https://librairie.example/v1/unsubscribe/{'x' * 90}"
        async with smtp_server(box) as port:
            await carrier(port).carry(letter(unsubscribe_url=url))
        mail = box.mail()
        assert mail["List-Unsubscribe"] == f"<{url}>"
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    async def test_never_gets_a_header_that_a_text_made_up(self, box: Box) -> None:
        evil = "Été\r\nBcc: all@example.org\n\nX"
        async with smtp_server(box) as port:
            await carrier(port).carry(letter(subject=evil, name=evil, sender=evil))
        mail = box.mail()
        assert mail["Bcc"] is None
        assert mail["Subject"] == "Été Bcc: all@example.org X"
        assert box.taken[0].rcpt_tos == ["zoe@example.org"]

    @pytest.mark.parametrize("address", ["zoe", "a b@example.org", "a@b\r\nRCPT TO:<c@d>", "zoé@example.org", "<a@b>"])
    async def test_never_gets_an_address_that_is_none(self, box: Box, address: str) -> None:
        async with smtp_server(box) as port:
            with pytest.raises(Refused):
                await carrier(port).carry(letter(address=address))
        assert box.taken == []

    @pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
    @pytest.mark.parametrize(("says", "fault"), [("451 Later", Unreachable), ("550 Unknown here", Refused)])
    async def test_that_says_no_is_heard(self, box: Box, command: str, says: str, fault: type[CarrierError]) -> None:
        box.says[command] = says
        async with smtp_server(box) as port:
            with pytest.raises(fault) as refused:
                await carrier(port).carry(letter())
        assert says in str(refused.value)

    async def test_that_is_gone_is_tried_again(self, box: Box) -> None:
        async with smtp_server(box) as port:
            pass
        with pytest.raises(Unreachable):
            await carrier(port).carry(letter())
        async with smtp_server(box, port=port):
            await carrier(port).carry(letter())
        assert len(box.taken) == 1

    async def test_that_is_slow_is_waited_for(self, box: Box) -> None:
        box.pause = 0.3
        async with smtp_server(box) as port:
            await carrier(port).carry(letter())
        assert len(box.taken) == 1

    async def test_that_is_too_slow_before_the_mail_was_said_nothing(self, box: Box) -> None:
        box.pause = 1.0
        async with smtp_server(box) as port:
            with pytest.raises(Unreachable):
                await carrier(port, Timeouts(connect=2, command=0.2)).carry(letter())

    async def test_that_is_lost_after_the_final_dot_leaves_us_uncertain(self, box: Box) -> None:
        box.cut = True
        async with smtp_server(box) as port:
            with pytest.raises(Uncertain):
                await carrier(port).carry(letter())
        assert len(box.taken) == 1

    async def test_that_never_answers_the_final_dot_leaves_us_uncertain(self, box: Box) -> None:
        box.pause = 0.5
        async with smtp_server(box) as port:
            with pytest.raises(Uncertain):
                await carrier(port, Timeouts(connect=2, command=2, end_data=0.1)).carry(letter())

    async def test_that_refuses_our_password_keeps_the_message(self, box: Box) -> None:
        async with smtp_server(box) as port:
            server = server_of(f"smtp://us:wrong%40@127.0.0.1:{port}?starttls=no")
            assert server.password == "wrong@"
            with pytest.raises(Unreachable):
                await SmtpCarrier(server, sender=SENDER, clock=lambda: NOW, timeouts=SHORT).carry(letter())


Answer = Callable[[bytes, bytes], Awaitable[bytes | None]]


@asynccontextmanager
async def gateway(answer: Answer) -> AsyncIterator[str]:
    """An HTTP server on a real socket: ``answer`` gets head and body, and says the raw answer; None cuts the line."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        said = await answer(head, await reader.readexactly(length))
        if said is not None:
            writer.write(said)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/send"
    finally:
        server.close()
        await server.wait_closed()


def saying(status: str, body: str = "{}") -> bytes:
    return f"HTTP/1.1 {status}\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n{body}".encode()


SMS = letter(channel=MessageChannel.SMS, address="+33606060607", body='Venez "vite" \\ {to}\nici', sender="Librairie")


class TestAGateway:
    async def test_gets_the_template_filled_and_tells_its_id(self) -> None:
        heard: list[tuple[bytes, Any]] = []

        async def answer(head: bytes, body: bytes) -> bytes:
            heard.append((head, json.loads(body)))
            return saying("202 Accepted", '{"messages": [{"a/b": 42}]}')

        template = '{"m": [{"number": "{to}", "text": "[{sender}] {text}", "ref": "{id}"}], "flash": false}'
        async with gateway(answer) as url:
            taken = await SmsCarrier(
                Gateway(url=url, template=template, token="secret", id_pointer="/messages/0/a~1b")
            ).carry(SMS)
        ((head, body),) = heard
        assert taken == "42"
        assert b"authorization: bearer secret" in head.lower()
        assert body == {
            "m": [{"number": "+33606060607", "text": '[Librairie] Venez "vite" \\ {to}\nici', "ref": ID.hex}],
            "flash": False,
        }

    @pytest.mark.parametrize(
        ("status", "fault"),
        [
            ("408 Timeout", Unreachable),
            ("425 Early", Unreachable),
            ("429 Slow", Unreachable),
            ("500 Oops", Unreachable),
            ("503 Later", Unreachable),
            ("400 Bad", Refused),
            ("402 Pay", Refused),
            ("302 There", Refused),
        ],
    )
    async def test_that_says_no_is_heard(self, status: str, fault: type[CarrierError]) -> None:
        async def answer(head: bytes, body: bytes) -> bytes:
            return saying(status, "why")

        async with gateway(answer) as url:
            with pytest.raises(fault, match="why"):
                await SmsCarrier(Gateway(url=url)).carry(SMS)

    async def test_that_is_gone_was_said_nothing(self) -> None:
        async def answer(head: bytes, body: bytes) -> bytes:
            return saying("200 OK")

        async with gateway(answer) as url:
            pass
        with pytest.raises(Unreachable):
            await SmsCarrier(Gateway(url=url)).carry(SMS)

    async def test_that_does_not_answer_leaves_us_uncertain(self) -> None:
        ended = asyncio.Event()

        async def never(head: bytes, body: bytes) -> bytes | None:
            await ended.wait()
            return None

        async with gateway(never) as url:
            with pytest.raises(Uncertain):
                await SmsCarrier(Gateway(url=url), answer=0.2).carry(SMS)
            ended.set()

    async def test_that_hangs_up_leaves_us_uncertain(self) -> None:
        async def hangs_up(head: bytes, body: bytes) -> None:
            return None

        async with gateway(hangs_up) as url:
            with pytest.raises(Uncertain):
                await SmsCarrier(Gateway(url=url)).carry(SMS)

    @pytest.mark.parametrize("text", ["{", '{"to": "{to}"}', '{"text": "{text}"}', "null"])
    def test_needs_a_template_with_a_number_and_a_text(self, text: str) -> None:
        with pytest.raises(ValueError):  # noqa: PT011 - the words are the library's or ours
            template_of(text)


class TestAFolder:
    async def test_gets_one_file_for_each_message(self, tmp_path: Path) -> None:
        carriers = carriers_of(Outlets(folder=tmp_path / "messages"), lambda: NOW)
        for _ in range(2):
            await carriers.carry(letter())
            await carriers.carry(SMS)
        assert sorted(each.name for each in (tmp_path / "messages").iterdir()) == [f"{ID.hex}.eml", f"{ID.hex}.json"]
        assert json.loads((tmp_path / "messages" / f"{ID.hex}.json").read_text())["to"] == "+33606060607"

    async def test_gets_all_of_a_demo_shop_whatever_is_set_up(self, tmp_path: Path) -> None:
        outlets = Outlets(folder=tmp_path / "messages", mail=server_of("smtp://127.0.0.1:9"), sender=SENDER)
        carriers = carriers_of(outlets, lambda: NOW)
        await carriers.carry(letter(demo=True))
        assert (tmp_path / "messages" / f"{ID.hex}.eml").exists()
        with pytest.raises(Unreachable):
            await carriers.carry(letter())

    async def test_that_cannot_be_written_to_is_tried_again(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        with pytest.raises(Unreachable):
            await FolderCarrier(tmp_path / "file", lambda: NOW).carry(letter())


@pytest.mark.parametrize("url", ["http://x", "smtp://", "smtp://x?starttls=maybe", "smtp://x:port"])
def test_an_address_that_is_no_mail_server_is_refused(url: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the words are the library's or ours
        server_of(url)


def test_the_address_of_a_mail_server_says_all() -> None:
    assert (server_of("smtps://h").port, server_of("smtps://h").tls) == (465, True)
    assert (server_of("smtp://h").port, server_of("smtp://h").start_tls) == (587, None)
    assert server_of("smtp://h?starttls=yes").start_tls is True
    assert server_of("smtp://h?starttls=no").start_tls is False
