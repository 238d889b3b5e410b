"""Credentials in PostgreSQL: digests only; a key names its dossier, so that no search crosses shops."""

import asyncio
import hashlib
import json
import re
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic
from uuid import UUID

from asyncpg import Record
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from domain.errors import NotAuthenticated
from domain.model.access import Caller, Dossier
from domain.model.values import DossierId
from infra.db.pools import Pool
from infra.repositories.dossier_settings import settings_of
from infra.sql import sql

REMEMBERED = 2.0
"""Seconds a look-up is believed; one needs no listening connection for it, which a pooler would break."""
MOST_REMEMBERED = 10_000
SESSION_DAYS = 14

BY_KEY = sql("caller_by_key")
BY_SESSION = sql("caller_by_session")
BY_LOGIN = sql("staff_by_login")


class SqlIdentities:
    """``Identities`` on PostgreSQL, remembering callers for two seconds."""

    def __init__(self, *, reading: Pool, writing: Pool, clock: Callable[[], datetime]) -> None:
        self._reading = reading
        self._writing = writing
        self._clock = clock
        self._hasher = PasswordHash((Argon2Hasher(),))
        self._nobody: str | None = None
        self._known: dict[str, tuple[float, Caller]] = {}

    async def by_api_key(self, secret: str) -> Caller:
        if (known := self._remembered(secret)) is not None:
            return known
        dossier_id = _dossier_in(secret, "cpt")
        async with self._reading.of(dossier_id) as connection:
            row = await connection.fetchrow(BY_KEY, dossier_id, digest(secret))
        if row is None:
            raise NotAuthenticated
        return self._remember(
            secret,
            Caller(
                dossier=dossier_of(row),
                client=f"key:{row['api_key_id'].hex}",
                kind="api_key",
                name=row["label"],
                login=None,
                scopes=frozenset(row["scopes"]),
                channel=row["channel"],
            ),
        )

    async def by_session(self, token: str) -> Caller:
        if (known := self._remembered(token)) is not None:
            return known
        dossier_id = _dossier_in(token, "ses")
        async with self._reading.of(dossier_id) as connection:
            row = await connection.fetchrow(BY_SESSION, dossier_id, digest(token), self._clock())
        if row is None:
            raise NotAuthenticated
        return self._remember(token, _staff(row))

    async def log_in(self, *, dossier: str | None, login: str, password: str) -> tuple[Caller, str]:
        async with self._reading.any() as connection:
            dossier_id = await connection.fetchval("SELECT comptoir_dossier($1)", dossier)
        row = None
        if dossier_id is not None:
            async with self._reading.of(dossier_id) as connection:
                row = await connection.fetchrow(BY_LOGIN, dossier_id, login)
        # a stranger's name costs as much time as a wrong password
        right = await asyncio.to_thread(self._is_right, password, row["password_hash"] if row else None)
        if row is None or not right:
            raise NotAuthenticated
        token = f"ses_{dossier_id.hex}_{secrets.token_urlsafe(32)}"
        now = self._clock()
        async with self._writing.of(dossier_id) as writing:
            await writing.execute(
                "INSERT INTO staff_session (dossier_id, digest, staff_id, expires_at) VALUES ($1, $2, $3, $4)",
                dossier_id,
                digest(token),
                row["staff_id"],
                now + timedelta(days=SESSION_DAYS),
            )
            await writing.execute(
                "DELETE FROM staff_session WHERE dossier_id = $1 AND expires_at < $2", dossier_id, now
            )
        return _staff(row), token

    async def log_out(self, token: str) -> None:
        dossier_id = _dossier_in(token, "ses")
        self._known.pop(token, None)
        async with self._writing.of(dossier_id) as connection:
            await connection.execute(
                "DELETE FROM staff_session WHERE dossier_id = $1 AND digest = $2", dossier_id, digest(token)
            )

    async def password_hash(self, password: str) -> str:
        return await asyncio.to_thread(self._hasher.hash, password)

    def new_secret(self, dossier: Dossier) -> tuple[str, bytes]:
        secret = f"cpt_{dossier.id.hex}_{secrets.token_urlsafe(32)}"
        return secret, digest(secret)

    def _is_right(self, password: str, kept: str | None) -> bool:
        """Whether ``password`` is the one kept; nobody's is kept as the hash of a random one, made at the first need."""
        if kept is None:
            kept = self._nobody = self._nobody or self._hasher.hash(secrets.token_urlsafe())
        return self._hasher.verify(password, kept)

    def _remembered(self, secret: str) -> Caller | None:
        known = self._known.get(secret)
        return known[1] if known and known[0] > monotonic() else None

    def _remember(self, secret: str, caller: Caller) -> Caller:
        if len(self._known) >= MOST_REMEMBERED:
            self._known.clear()
        self._known[secret] = (monotonic() + REMEMBERED, caller)
        return caller


def digest(secret: str) -> bytes:
    """What is kept of a secret: random secrets of 256 bits need no slow hash."""
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).digest()


def _dossier_in(secret: str, kind: str) -> UUID:
    found = re.fullmatch(rf"{kind}_([0-9a-f]{{32}})_[A-Za-z0-9_-]{{43}}", secret)
    if found is None:
        raise NotAuthenticated
    return UUID(hex=found[1])


def dossier_of(row: Record) -> Dossier:
    """The shop of a row that the queries of callers made."""
    settings = settings_of(json.loads(row["settings"]))
    return Dossier(
        id=DossierId(row["dossier_id"]),
        code=row["dossier_code"],
        name=row["dossier_name"],
        time_zone=row["time_zone"],
        secret=row["secret"],
        order_sequence=row["order_sequence"],
        pickup=settings.pickup,
        old_after_days=settings.old_after_days,
        messages=settings.messages,
        demo=row["demo"],
    )


def _staff(row: Record) -> Caller:
    return Caller(
        dossier=dossier_of(row),
        client=f"staff:{row['staff_id'].hex}",
        kind="staff",
        name=row["name"],
        login=row["login"],
        scopes=frozenset(row["scopes"]),
    )
