"""Merging and anonymising in memory: there is none.

Both are about the base itself: every foreign key that the catalogue has, unique indexes, generated columns, triggers, texts in
every table. In memory there is nothing of that to get right, so the use cases are tested on PostgreSQL
(tests/usecases/test_merging.py), and the rules of a merge by themselves.
"""

from datetime import datetime
from typing import NoReturn

from domain.model.customer import Customer, CustomerDetails
from domain.model.merge import Merge, MergePlan
from domain.model.values import CustomerId, MergeId


def _only_in_postgres() -> NoReturn:
    raise AssertionError("cards are merged and blanked in PostgreSQL only: use the fixture `postgres`")


class FakeMerges:
    """``Merges``, to tell who asks in vain."""

    async def hold(self, customer_id: CustomerId) -> None:
        _only_in_postgres()

    async def plan(self, *, kept: Customer, card: CustomerDetails, absorbed: Customer, now: datetime) -> MergePlan:
        _only_in_postgres()

    async def carry_out(self, merge: Merge, plan: MergePlan) -> None:
        _only_in_postgres()

    async def get(self, merge_id: MergeId) -> Merge:
        _only_in_postgres()

    async def hold_moved(self, merge_id: MergeId) -> None:
        _only_in_postgres()

    async def restore(self, merge: Merge, *, now: datetime) -> NoReturn:
        _only_in_postgres()

    async def close(self, merge: Merge) -> None:
        _only_in_postgres()

    async def client_name(self, client: str) -> str:
        _only_in_postgres()


class FakeAnonymising:
    """``Anonymising``, idem."""

    async def reasons(self, customer_id: CustomerId) -> NoReturn:
        _only_in_postgres()

    async def blank(self, customer_id: CustomerId, *, now: datetime) -> None:
        _only_in_postgres()
