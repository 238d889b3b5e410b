"""Identifiers that the application makes."""

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562): later ones sort later, so that indexes grow at their end."""
    return uuid7()
