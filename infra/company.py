"""Group commit in one process: what waits at the same moment is written together (performance.md, design 3)."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import Any, TypeVar

from domain.errors import TryAgain

Item = TypeVar("Item")
Result = TypeVar("Result")
Serve = Callable[[Sequence[Any]], Awaitable[Sequence[Any]]]
Waiter = tuple[Any, "asyncio.Future[Any]"]

LARGEST = 64
"""Items served together at most, so that nobody waits for a crowd."""


class GroupCompany:
    """``Company``: while one group is served, those who come wait and make up the next."""

    def __init__(self, *, lanes: int = 1) -> None:
        self._lanes = lanes
        self._waiting: dict[Hashable, list[Waiter]] = {}
        self._serving: dict[Hashable, int] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def join(
        self,
        key: Hashable,
        item: Item,
        serve: Callable[[Sequence[Item]], Awaitable[Sequence[Result | Exception]]],
    ) -> Result:
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(key, []).append((item, future))
        if self._serving.get(key, 0) < self._lanes:
            self._serving[key] = self._serving.get(key, 0) + 1
            task = asyncio.create_task(self._lane(key, serve))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return await future

    async def _lane(self, key: Hashable, serve: Serve) -> None:
        try:
            while group := self._waiting.get(key):
                self._waiting[key] = group[LARGEST:]
                await _serve(group[:LARGEST], serve)
        finally:
            self._serving[key] -= 1
            if not self._serving[key] and not self._waiting.get(key):
                del self._serving[key]
                self._waiting.pop(key, None)


async def _serve(group: Sequence[Waiter], serve: Serve) -> None:
    results = await _results([item for item, _ in group], serve)
    for (item, future), result in zip(group, results, strict=True):
        if isinstance(result, TryAgain) and len(group) > 1:
            (result,) = await _results([item], serve)  # noqa: PLW2901 - what fails in company is tried alone
        if future.cancelled():
            continue
        if isinstance(result, Exception):
            future.set_exception(result)
        else:
            future.set_result(result)


async def _results(items: Sequence[Any], serve: Serve) -> Sequence[Any]:
    try:
        results = await serve(items)
        if len(results) != len(items):
            raise RuntimeError(f"{len(results)} results for {len(items)} items")  # noqa: TRY301 - told as any fault is
    except Exception as fault:  # noqa: BLE001 - whatever it is, it is handed to each who waits for it
        if len(items) == 1:
            return [fault]
        # the whole was undone: who is not to blame is served, who is hears why
        return [TryAgain() for _ in items]
    return results
