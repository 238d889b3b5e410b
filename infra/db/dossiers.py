"""Opens a shop: its dossier, its people, its web shops and their keys. For the demo, tests and benchmarks.

The connection must be the owner's: the application's own role may neither see a second dossier nor make a sequence.
"""

import asyncio
import hashlib
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TypeAlias
from uuid import UUID

import asyncpg
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from domain.model.values import ChannelId, DossierId
from infra.db import reference_defaults
from infra.db.pools import ROLE
from infra.ids import new_id

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
HASHER = PasswordHash((Argon2Hasher(),))


async def open_dossier(
    connection: Connection,
    *,
    code: str,
    name: str,
    address: str = "",
    time_zone: str = "Europe/Paris",
    demo: bool = False,
) -> DossierId:
    """A new dossier with a secret and number sequences of its own. Raises asyncpg's ``UniqueViolationError`` on ``code``."""
    dossier_id = DossierId(new_id())
    async with connection.transaction():
        for kind in ("order_number", "supplier_order_number", "delivery_note_number"):
            await connection.execute(f"CREATE SEQUENCE {kind}_{dossier_id.hex} AS integer")
            await connection.execute(f"GRANT USAGE ON SEQUENCE {kind}_{dossier_id.hex} TO {ROLE}")
        await connection.execute(
            "INSERT INTO dossier (dossier_id, code, name, address, time_zone, secret, order_sequence, customer_counter, "
            "third_party_counter, demo, settings, version, created_at) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, $8, '{}', 1, $9)",
            dossier_id,
            code,
            name,
            address,
            time_zone,
            secrets.token_bytes(32),
            f"order_number_{dossier_id.hex}",
            demo,
            datetime.now(UTC),
        )
        await fill_tables(connection, dossier_id)
    return dossier_id


async def fill_tables(connection: Connection, dossier_id: DossierId) -> None:
    """The shop's own tables as every dossier starts with them."""
    now = datetime.now(UTC)
    await connection.executemany(
        "INSERT INTO reference_value (dossier_id, table_name, code, label, label_en, position, active, updated_at, version) "
        "VALUES ($1, $2, $3, $4, $5, $6, true, $7, 1)",
        [(dossier_id, *row, now) for row in reference_defaults.rows()],
    )
    await connection.executemany(
        "INSERT INTO known_answer (dossier_id, code, label, label_en, effect, position, active, updated_at, version) "
        "VALUES ($1, $2, $3, $4, $5, $6, true, $7, 1)",
        [(dossier_id, *row, now) for row in reference_defaults.answers()],
    )


async def add_staff(
    connection: Connection, dossier_id: DossierId, *, login: str, name: str, password: str, scopes: Sequence[str]
) -> UUID:
    """A person who can log in. Raises asyncpg's ``UniqueViolationError`` on ``login``."""
    staff_id = new_id()
    await connection.execute(
        "INSERT INTO staff (dossier_id, staff_id, login, name, password_hash, scopes, created_at, version) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, 1)",
        dossier_id,
        staff_id,
        login,
        name,
        await password_hash(password),
        list(scopes),
        datetime.now(UTC),
    )
    return staff_id


async def add_channel(connection: Connection, dossier_id: DossierId, *, code: str, name: str, kind: str) -> ChannelId:
    """A web shop. Raises asyncpg's ``UniqueViolationError`` on ``code``."""
    channel_id = ChannelId(new_id())
    await connection.execute(
        "INSERT INTO channel (dossier_id, channel_id, code, name, kind) VALUES ($1, $2, $3, $4, $5)",
        dossier_id,
        channel_id,
        code,
        name,
        kind,
    )
    return channel_id


async def add_key(
    connection: Connection,
    dossier_id: DossierId,
    *,
    label: str,
    scopes: Sequence[str],
    channel_id: ChannelId | None = None,
) -> str:
    """A new API key; its secret, which is kept as a digest only and cannot be told again."""
    secret = new_secret(dossier_id)
    await connection.execute(
        "INSERT INTO api_key (dossier_id, api_key_id, digest, label, scopes, channel_id, created_at) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7)",
        dossier_id,
        new_id(),
        secret_digest(secret),
        label,
        list(scopes),
        channel_id,
        datetime.now(UTC),
    )
    return secret


def new_secret(dossier_id: DossierId) -> str:
    """An API key: it names its dossier, then 256 random bits."""
    return f"cpt_{dossier_id.hex}_{secrets.token_urlsafe(32)}"


def secret_digest(secret: str) -> bytes:
    """What is kept of an API key."""
    return hashlib.sha256(secret.encode()).digest()


async def password_hash(password: str) -> str:
    """What is kept of a password: an Argon2 hash, computed outside of the event loop."""
    return await asyncio.to_thread(HASHER.hash, password)
