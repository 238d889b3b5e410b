"""Any sequence of what happens between a shop and those who wait obeys the rules of messages (C11, A58, A59)."""

import asyncio
from collections import Counter
from collections.abc import Awaitable
from dataclasses import replace
from datetime import date
from typing import TypeVar
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from domain.model.card import Channel, Purpose
from domain.model.consents import NO_SMS, standing
from domain.model.message import MessageChannel, MessageRules, MessageState, Withheld
from domain.model.reservation import State
from domain.model.values import CustomerId, ReservationId
from domain.ports.messages import Letter, Refused, Uncertain, Unreachable
from tests.contracts.house import FakeHouse
from tests.contracts.samples import EANS
from tests.usecases.post import Post

T = TypeVar("T")
PEOPLE = 3
Nth = st.integers(0, 20)
Person = st.integers(0, PEOPLE - 1)
Which = st.sampled_from(["email", "sms"])
What = st.sampled_from([Purpose.ORDER_ARRIVAL, Purpose.MARKETING])
FAULTS = (Unreachable("451"), Refused("550"), Uncertain("lost"))


class TheLetterbox(RuleBasedStateMachine):
    """Three people wait for copies; every letter is judged by the base as it is at the moment at which it is carried."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.post = Post(FakeHouse(), MessageRules(grace=10))
        self.run(self.post.open())
        self.people = [
            self.run(self.post.reader(f"N{n}", email=f"n{n}@example.org", phone=f"06 06 06 06 1{n}"))
            for n in range(PEOPLE)
        ]
        self.days: Counter[tuple[str, MessageChannel, date]] = Counter()
        pigeon, carry = self.post.pigeon, self.post.pigeon.carry

        async def judged(letter: Letter) -> str | None:
            self.judge(letter)
            return await carry(letter)

        pigeon.carry = judged  # type: ignore[method-assign]

    def run(self, work: Awaitable[T]) -> T:
        async def now() -> T:
            return await work

        return self.runner.run(now())

    def teardown(self) -> None:
        self.settle()
        self.runner.close()

    # what must be true of every letter

    def judge(self, letter: Letter) -> None:
        tables = self.post.fake.base.tables
        message = tables.messages[letter.id]
        assert message.state is MessageState.SENDING
        assert message.customer_id is not None
        card = tables.customers[message.customer_id]
        said = standing([each for each in tables.consents if each.customer_id == card.id], no_sms=card.details.no_sms)
        key = (Channel(letter.channel.value), message.purpose)
        word = next((each for each in said if (each.channel, each.purpose) == key), None)
        assert word is None or (word.granted and word.reason != NO_SMS), "against a refusal"
        assert word is not None or message.purpose is not Purpose.MARKETING, "advertising without a consent"
        if message.event.of_pickup:
            his = [tables.reservations[each] for each in message.reservation_ids]
            waiting = [each for each in his if each.state is State.SET_ASIDE and each.customer_id == card.id]
            assert waiting, "about copies that no longer wait for him"
            assert f"{sum(each.quantity for each in waiting)} exemplaire" in letter.body
        now = self.post.fake.clock.now.astimezone(self.zone)
        assert self.post.staff.dossier.messages.from_hour <= now.hour < self.post.staff.dossier.messages.to_hour
        self.days[card.id.hex, letter.channel, now.date()] += not self.post.pigeon.faults
        assert max(self.days.values()) <= 1, "twice a day"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.post.staff.dossier.time_zone)

    def kept(self, nth: int) -> ReservationId:
        found = [each.id for each in self.post.fake.base.tables.reservations.values() if each.state is State.SET_ASIDE]
        return found[nth % len(found)]

    def any_kept(self) -> bool:
        return any(each.state is State.SET_ASIDE for each in self.post.fake.base.tables.reservations.values())

    # what happens

    @rule(person=Person, title=st.integers(0, 2))
    def set_aside(self, person: int, title: int) -> None:
        self.run(self.post.set_apart(self.people[person], ean=EANS[title]))

    @precondition(any_kept)
    @rule(nth=Nth, channel=st.sampled_from([None, "email", "sms", "phone"]), named=st.booleans())
    def remind(self, nth: int, channel: str | None, named: bool) -> None:
        self.run(self.post.remind(self.kept(nth), channel=channel, event="reminder_2" if named else None))

    @rule(people=st.lists(Person, min_size=1, max_size=3), channel=Which, purpose=What)
    def write(self, people: list[int], channel: str, purpose: Purpose) -> None:
        self.run(self.post.write(*(self.people[each] for each in people), channel=channel, purpose=purpose))

    @rule()
    def go_through(self) -> None:
        self.run(self.post.go_through())

    @rule(person=Person, channel=Which, purpose=What, granted=st.booleans())
    def says(self, person: int, channel: str, purpose: Purpose, granted: bool) -> None:
        self.run(self.post.says(self.people[person], channel, purpose, granted=granted))

    @rule(person=Person, ticked=st.booleans())
    def no_sms(self, person: int, ticked: bool) -> None:
        card = self.post.fake.base.tables.customers[self.people[person]]
        card.details = replace(card.details, no_sms=ticked)

    @precondition(any_kept)
    @rule(nth=Nth)
    def collect(self, nth: int) -> None:
        self.run(self.post.collect(self.kept(nth)))

    @precondition(any_kept)
    @rule(nth=Nth)
    def release(self, nth: int) -> None:
        self.run(self.post.release(self.kept(nth)))

    @precondition(any_kept)
    @rule(nth=Nth, person=Person)
    def move(self, nth: int, person: int) -> None:
        self.run(self._move(self.kept(nth), self.people[person]))

    async def _move(self, reservation: ReservationId, person: CustomerId) -> None:
        async with self.post.house.begin(self.post.house.dossier) as work:
            (found,) = await work.reservations.lock([reservation])
            found.move(customer_id=person, name="N", deadline=found.pickup_deadline, now=self.post.house.clock())
            work.reservations.save(found)
            await work.commit()

    @rule(hours=st.sampled_from([0.2, 3, 9, 24, 24 * 7]))
    def time_passes(self, hours: float) -> None:
        self.post.later(hours=hours)

    @rule(fault=st.sampled_from([None, None, *range(len(FAULTS))]))
    def send(self, fault: int | None) -> None:
        if fault is not None:
            self.post.pigeon.faults = [FAULTS[fault]]
        self.run(self.post.send_all())
        self.post.pigeon.faults = []

    @rule(nth=Nth, again=st.booleans())
    def decide(self, nth: int, again: bool) -> None:
        failed = self.post.in_state(MessageState.DEAD) + self.post.in_state(MessageState.UNCERTAIN)
        if failed:
            self.run(self.post.decide(failed[nth % len(failed)], again=again))

    def settle(self) -> None:
        """Nothing is lost: given time, each message goes out, or says why not; and who waits untold hears of it."""
        for _ in range(6):
            self.post.later(hours=24 - (self.post.fake.clock.now.astimezone(self.zone).hour - 10))
            self.run(self.post.go_through())
            self.run(self.post.send_all())
        assert not [each for each in self.post.messages.values() if each.in_hand]
        for each in self.post.in_state(MessageState.WITHHELD):
            assert each.reason is not None
        tables = self.post.fake.base.tables
        for kept in tables.reservations.values():
            if kept.state is not State.SET_ASIDE:
                continue
            assert kept.customer_id is not None
            card = tables.customers[kept.customer_id]
            said = standing(
                [each for each in tables.consents if each.customer_id == card.id], no_sms=card.details.no_sms
            )
            refused = {each.channel for each in said if each.purpose is Purpose.ORDER_ARRIVAL and not each.granted}
            told = [
                each
                for each in tables.messages.values()
                if kept.id in each.reservation_ids
                and each.created_at >= kept.set_aside_at
                and (each.state is not MessageState.WITHHELD or each.reason is Withheld.DROPPED)
            ]
            assert told or refused >= {Channel.EMAIL, Channel.SMS}, "he waits and was never told"


@pytest.mark.row("C11", "A58", "A59")
def test_any_day_obeys_the_rules_of_messages() -> None:
    run_state_machine_as_test(
        TheLetterbox,
        settings=settings(
            max_examples=60,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )
