"""Requests that wait at the same moment are served together, and none of them can tell."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence

import pytest

from domain.errors import OutOfStock, TryAgain
from infra.company import LARGEST, GroupCompany


class Counter:
    """Serves items by adding a hundred; keeps the groups in which they came. ``open`` lets it go on."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.open = asyncio.Event()
        self.open.set()
        self.faults: Callable[[Sequence[int]], Exception | None] = lambda _: None
        self.refusals: dict[int, Exception] = {}

    async def serve(self, items: Sequence[int]) -> Sequence[int | Exception]:
        self.groups.append(list(items))
        await self.open.wait()
        if (fault := self.faults(items)) is not None:
            raise fault
        return [self.refusals.get(item, item + 100) for item in items]


@pytest.fixture
async def company() -> AsyncIterator[GroupCompany]:
    company = GroupCompany()
    yield company
    assert not company._tasks, "a task is left"
    assert not company._waiting
    assert not company._serving


@pytest.fixture
async def counter() -> Counter:
    return Counter()


async def arrive(company: GroupCompany, counter: Counter, *items: int, key: str = "k") -> "list[asyncio.Task[int]]":
    """The items wait: the first is being served with the door closed, the others stand behind it."""
    counter.open.clear()
    tasks: list[asyncio.Task[int]] = []
    for item in items:
        tasks.append(asyncio.create_task(company.join(key, item, counter.serve)))
        await settled()
    return tasks


async def settled() -> None:
    """Let every task run until it waits."""
    for _ in range(5):
        await asyncio.sleep(0)


async def outcome(*tasks: "asyncio.Task[int]") -> list[int | BaseException]:
    async with asyncio.timeout(10):
        results = await asyncio.gather(*tasks, return_exceptions=True)
    await settled()
    return results


class TestCompany:
    async def test_serves_at_once_who_comes_alone(self, company: GroupCompany, counter: Counter) -> None:
        assert await company.join("k", 1, counter.serve) == 101
        await settled()
        assert counter.groups == [[1]]

    async def test_serves_those_who_wait_in_one_call_in_their_order_of_arrival(
        self, company: GroupCompany, counter: Counter
    ) -> None:
        waiting = await arrive(company, counter, 1, 5, 3, 4, 2)
        counter.open.set()
        assert await outcome(*waiting) == [101, 105, 103, 104, 102]
        assert counter.groups == [[1], [5, 3, 4, 2]]

    async def test_serves_the_keys_apart(self, company: GroupCompany, counter: Counter) -> None:
        waiting = await arrive(company, counter, 1, 2, key="a") + await arrive(company, counter, 3, 4, key="b")
        counter.open.set()
        assert await outcome(*waiting) == [101, 102, 103, 104]
        assert sorted(counter.groups) == [[1], [2], [3], [4]]

    async def test_serves_a_crowd_in_groups_of_limited_size(self, company: GroupCompany, counter: Counter) -> None:
        crowd = range(1, LARGEST + 3)
        waiting = await arrive(company, counter, 0, *crowd)
        counter.open.set()
        assert await outcome(*waiting) == [item + 100 for item in (0, *crowd)]
        assert [len(group) for group in counter.groups] == [1, LARGEST, 2]

    async def test_hands_each_his_own_refusal(self, company: GroupCompany, counter: Counter) -> None:
        counter.refusals = {2: OutOfStock()}
        waiting = await arrive(company, counter, 0, 1, 2, 3)
        counter.open.set()
        results = await outcome(*waiting)
        assert results[2] is counter.refusals[2]
        assert [results[0], results[1], results[3]] == [100, 101, 103]
        assert counter.groups == [[0], [1, 2, 3]]

    async def test_serves_a_group_that_failed_one_by_one(self, company: GroupCompany, counter: Counter) -> None:
        blame = ValueError("two is to blame")
        counter.faults = lambda items: blame if 2 in items else None
        waiting = await arrive(company, counter, 0, 1, 2, 3)
        counter.open.set()
        assert await outcome(*waiting) == [100, 101, blame, 103]
        assert counter.groups == [[0], [1, 2, 3], [1], [2], [3]]

    async def test_serves_again_alone_who_is_asked_to_try_again(self, company: GroupCompany, counter: Counter) -> None:
        counter.refusals = {2: TryAgain()}
        waiting = await arrive(company, counter, 0, 1, 2, 3)
        counter.open.set()
        results = await outcome(*waiting)
        assert counter.groups == [[0], [1, 2, 3], [2]]
        assert results == [100, 101, counter.refusals[2], 103]

    async def test_does_not_serve_again_who_came_alone(self, company: GroupCompany, counter: Counter) -> None:
        counter.faults = lambda _: TryAgain()
        with pytest.raises(TryAgain):
            await company.join("k", 1, counter.serve)
        await settled()
        assert counter.groups == [[1]]

    async def test_is_not_harmed_by_one_who_leaves(self, company: GroupCompany, counter: Counter) -> None:
        waiting = await arrive(company, counter, 0, 1, 2, 3)
        waiting[0].cancel()
        waiting[2].cancel()
        await settled()
        counter.open.set()
        first, second, third, fourth = await outcome(*waiting)
        assert isinstance(first, asyncio.CancelledError)
        assert isinstance(third, asyncio.CancelledError)
        assert [second, fourth] == [101, 103]

    async def test_is_there_again_after_a_fault_and_after_a_pause(
        self, company: GroupCompany, counter: Counter
    ) -> None:
        counter.faults = lambda _: RuntimeError("once")
        with pytest.raises(RuntimeError):
            await company.join("k", 1, counter.serve)
        counter.faults = lambda _: None
        assert await company.join("k", 2, counter.serve) == 102
        await settled()
        assert await company.join("k", 3, counter.serve) == 103
        await settled()

    async def test_takes_as_many_at_a_time_as_it_has_lanes(self, counter: Counter) -> None:
        company = GroupCompany(lanes=2)
        waiting = await arrive(company, counter, 1, 2, 3, 4)
        assert counter.groups == [[1], [2]]
        counter.open.set()
        assert await outcome(*waiting) == [101, 102, 103, 104]
        assert counter.groups == [[1], [2], [3, 4]]
