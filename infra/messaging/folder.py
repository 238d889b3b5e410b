"""Messages as files, while no mail server or gateway is set up: nothing leaves the house, and nothing is lost."""

import asyncio
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from domain.model.message import MessageChannel
from domain.ports.messages import Letter, Unreachable
from infra.messaging.letters import as_mail

SENDER = "comptoir@localhost.invalid"


class FolderCarrier:
    """``Carrier`` that writes an .eml or a .json for each message, under its id: a second time writes the same file."""

    def __init__(self, folder: Path, clock: Callable[[], datetime], *, sender: str = SENDER) -> None:
        self._folder = folder
        self._clock = clock
        self._sender = sender

    async def carry(self, letter: Letter) -> str | None:
        if letter.channel is MessageChannel.EMAIL:
            name, octets = f"{letter.id.hex}.eml", as_mail(letter, sender=self._sender, now=self._clock())
        else:
            said = {"id": letter.id.hex, "to": letter.address, "text": letter.body, "sender": letter.sender}
            name, octets = f"{letter.id.hex}.json", json.dumps(said, ensure_ascii=False, indent=1).encode()
        await asyncio.to_thread(self._write, name, octets)
        return name

    def _write(self, name: str, octets: bytes) -> None:
        """Raises ``Unreachable`` when the folder cannot be written to."""
        half = self._folder / f".{name}"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            half.write_bytes(octets)
            half.rename(self._folder / name)
        except OSError as fault:
            raise Unreachable(f"{self._folder}: {fault.strerror}") from fault
