"""Links between cards, in memory and in PostgreSQL."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.errors import LinkRing, UnknownParty
from domain.model.values import CustomerId
from domain.queries.customers import CustomerView
from domain.usecases.rulebook import LINKS
from tests.contracts.house import FakeHouse, House, postgres_house
from tests.usecases.office import Office, only
from tests.usecases.shop import at_once

HOUSES = count(1)


class TestALink:
    @pytest.mark.row("A60", "B20", "B21", "B22")
    @pytest.mark.parametrize("link", LINKS)
    async def test_to_itself_or_back_to_itself_is_a_ring(self, office: Office, link: str) -> None:
        first, second, third = [await office.card() for _ in range(3)]
        with pytest.raises(LinkRing):
            await office.change(first, **only(link, first.id))
        first = await office.change(first, **only(link, second.id))
        second = await office.change(second, **only(link, third.id))
        with pytest.raises(LinkRing):
            await office.change(third, **only(link, first.id))
        for other in set(LINKS) - {link}:  # each kind of link is followed on its own
            third = await office.change(third, **only(other, first.id))

    @pytest.mark.row("A60", "B20", "B21", "B22", "B23")
    @pytest.mark.parametrize("link", LINKS)
    async def test_to_a_card_that_is_closed_or_not_there_is_refused_by_field(self, office: Office, link: str) -> None:
        card, closed = await office.card(), await office.card(closed_on=date(2026, 1, 1))
        for target in (closed.id, CustomerId(office.house.new_id())):
            with pytest.raises(UnknownParty) as refusal:
                await office.change(card, **only(link, target))
            assert [fault.pointer for fault in refusal.value.faults] == [f"/{link}_id"]

    @pytest.mark.row("A60", "B20", "B21", "B22")
    @pytest.mark.parametrize("link", LINKS)
    async def test_that_closes_a_ring_with_another_made_at_once_is_refused(self, office: Office, link: str) -> None:
        cards = [await office.card() for _ in range(3)]
        pairs = zip(cards, [*cards[1:], cards[0]], strict=True)
        ends = await at_once(*(office.change(card, **only(link, target.id)) for card, target in pairs))
        assert ends == ["done", "done", "link-ring"]


Edits = st.lists(
    st.tuples(st.sampled_from(LINKS), st.integers(0, 3), st.none() | st.integers(0, 3)), min_size=1, max_size=12
)


def follows(cards: Sequence[CustomerView], link: str) -> bool:
    """Whether links of a kind run in no ring."""
    targets = {card.id: getattr(card.details, link) for card in cards}
    for start, first in targets.items():
        here, steps = first, 0
        while here is not None:
            if here == start or steps > len(targets):
                return False
            here, steps = targets[here], steps + 1
    return True


async def relink(house: House, edits: Sequence[tuple[str, int, int | None]]) -> None:
    """Make the links one by one; each is refused exactly when it would close a ring."""
    office = Office(house)
    cards = [await office.card() for _ in range(4)]
    for link, start, target in edits:
        wanted = {**vars_of(cards[start]), link: None if target is None else cards[target].id}
        try:
            changed = await office.change(cards[start], **only(link, wanted[link]))
        except LinkRing:
            bad = [*cards]
            bad[start] = as_if(cards[start], link, wanted[link])
            assert not follows(bad, link)
        else:
            cards[start] = changed
            assert follows(cards, link)


def vars_of(card: CustomerView) -> dict[str, CustomerId | None]:
    return {link: getattr(card.details, link) for link in LINKS}


def as_if(card: CustomerView, link: str, target: CustomerId | None) -> CustomerView:
    """The card as it would be with that link."""
    return replace(card, details=replace(card.details, **only(link, target)))


class TestLinks:
    @pytest.mark.row("A60", "B20", "B21", "B22")
    @settings(max_examples=80, deadline=None)
    @given(Edits)
    def test_never_run_in_a_ring_in_memory(self, edits: list[tuple[str, int, int | None]]) -> None:
        asyncio.run(relink(FakeHouse(), edits))

    @pytest.mark.row("A60", "B20", "B21", "B22")
    def test_never_run_in_a_ring_in_postgresql(self, database: str) -> None:
        async def on_postgresql(edits: list[tuple[str, int, int | None]]) -> None:
            async with postgres_house(database, name=f"liens-{next(HOUSES)}", size=2) as house:
                await relink(house, edits)

        @settings(max_examples=8, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(Edits)
        def runs(edits: list[tuple[str, int, int | None]]) -> None:
            asyncio.run(on_postgresql(edits))

        runs()
