"""Time, identifiers, company and secrets that a test can foretell."""

from collections.abc import Awaitable, Callable, Hashable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TypeVar
from uuid import UUID

from domain.model.access import Caller, Dossier

Item = TypeVar("Item")
Result = TypeVar("Result")

OPENING = datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=UTC)


class FakeClock:
    """A second later at every look; ``now`` may be set."""

    def __init__(self) -> None:
        self.now = OPENING

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


class FakeIds:
    """UUIDs of version 7 in their order."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def __call__(self) -> UUID:
        return UUID(int=(next(self._numbers) << 80) | (0x7 << 76) | (0b10 << 62))


class FakeCompany:
    """``Company`` that never finds any: each is served alone. Tests of the group hand one to ``serve`` themselves."""

    async def join(
        self,
        key: Hashable,
        item: Item,
        serve: Callable[[Sequence[Item]], Awaitable[Sequence[Result | Exception]]],
    ) -> Result:
        (result,) = await serve([item])
        if isinstance(result, Exception):
            raise result
        return result


class FakeIdentities:
    """Makes secrets that can be foretold; nobody logs in here."""

    def __init__(self) -> None:
        self._numbers = count(1)

    async def by_api_key(self, secret: str) -> Caller:
        raise NotImplementedError

    async def by_session(self, token: str) -> Caller:
        raise NotImplementedError

    async def log_in(self, *, dossier: str | None, login: str, password: str) -> tuple[Caller, str]:
        raise NotImplementedError

    async def log_out(self, token: str) -> None:
        raise NotImplementedError

    async def password_hash(self, password: str) -> str:
        return f"hash of {password}"

    def new_secret(self, dossier: Dossier) -> tuple[str, bytes]:
        number = next(self._numbers)
        return f"secret-{number}", b"digest-%d" % number
