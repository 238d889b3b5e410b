"""Where messages leave the house, as the settings say it; nothing here opens a connection."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

PORTS = {"smtp": 587, "smtps": 465}
TEMPLATE = '{"to": "{to}", "text": "{text}", "id": "{id}", "sender": "{sender}"}'


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """``tls``: from the first octet on (smtps); ``start_tls`` None: where the server offers it."""

    host: str
    port: int
    tls: bool
    start_tls: bool | None
    user: str | None
    password: str | None


def server_of(url: str) -> Server:
    """The server that ``smtp://user:password@host:port?starttls=no`` names. Raises ``ValueError``."""
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise ValueError("it must be smtp://host:port or smtps://host:port")
    wish = parse_qs(parts.query).get("starttls", [""])[0]
    if wish not in {"", "yes", "no"}:
        raise ValueError("starttls is yes or no")
    return Server(
        host=parts.hostname,
        port=parts.port or PORTS[parts.scheme],
        tls=parts.scheme == "smtps",
        start_tls=None if parts.scheme == "smtp" and not wish else wish == "yes",
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """``template`` is JSON whose texts may hold {to} {text} {id} {sender}; ``id_pointer`` (RFC 6901) finds the provider's id."""

    url: str
    template: str = TEMPLATE
    token: str | None = None
    id_pointer: str | None = None


def template_of(text: str) -> Any:
    """The template parsed. Raises ``ValueError`` when it is no JSON, or would send no text or to nobody."""
    parsed = json.loads(text)
    if any(place not in json.dumps(parsed) for place in ("{to}", "{text}")):
        raise ValueError("it must be JSON with {to} and {text}")
    return parsed


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlets:
    """A mail server with the address that writes, a gateway for SMS; for what is None messages are files in ``folder``."""

    folder: Path
    mail: Server | None = None
    sender: str | None = None
    sms: Gateway | None = None
