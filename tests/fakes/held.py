"""The locks that one unit of work holds until it ends."""

import asyncio
from collections.abc import Hashable

from tests.fakes.base import Base


class Held:
    """Takes each lock once, gives all of them back together."""

    def __init__(self, base: Base) -> None:
        self._base = base
        self._locks: dict[Hashable, asyncio.Lock] = {}

    async def take(self, key: Hashable) -> None:
        if key not in self._locks:
            self._locks[key] = await self._base.lock(key)

    def give_back(self) -> None:
        for lock in self._locks.values():
            lock.release()
        self._locks.clear()
