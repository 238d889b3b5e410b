"""Who hears of copies that wait: by the button, and by the pass that runs by itself (A38, C11)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.errors import NotFound
from domain.model.card import Purpose
from domain.model.message import MessageChannel, MessageEvent, MessageRules, MessageState, Step, Withheld
from domain.model.reservation import State
from domain.model.values import Contact, ReservationId
from domain.ports.messages import JobKind, Refused
from tests.contracts.house import FakeHouse
from tests.contracts.samples import EANS
from tests.usecases.post import Post

DAILY = MessageRules(
    grace=0,
    steps=(
        Step(event=MessageEvent.ARRIVAL, after_days=0),
        Step(event=MessageEvent.REMINDER_1, after_days=7),
        Step(event=MessageEvent.LAST_CALL, after_days=14),
    ),
)


@pytest.fixture
async def post() -> Post:
    return await Post(FakeHouse(), DAILY).open()


@pytest.mark.row("A38", "C11")
class TestTheButton:
    async def test_makes_one_message_of_all_of_a_persons_copies(self, post: Post) -> None:
        claire, paul = await post.reader(), await post.reader("PETIT", first_name="Paul", email="p@example.org")
        mine = [await post.set_apart(claire, ean=ean) for ean in EANS[:2]]
        done = await post.remind(*mine, await post.set_apart(paul), mine[0])
        assert [(each.name, len(each.reservation_ids)) for each in done.messages] == [
            ("Claire MARTIN", 2),
            ("Paul PETIT", 1),
        ]
        assert {each.event for each in done.messages} == {MessageEvent.ARRIVAL}
        assert "2 exemplaires" in done.messages[0].body
        assert post.jobs(JobKind.SEND) == [each.id.hex for each in done.messages]

    async def test_says_a_step_once_unless_it_is_named(self, post: Post) -> None:
        kept = await post.set_apart(await post.reader())
        await post.remind(kept)
        assert [each.reason for each in (await post.remind(kept)).withheld] == [Withheld.ALREADY_TOLD]
        assert [each.reason for each in (await post.remind(kept, event="arrival")).withheld] == [Withheld.TOLD_TODAY]
        post.later(days=1)
        assert [each.reason for each in (await post.remind(kept)).withheld] == [Withheld.ALREADY_TOLD]
        assert [each.event for each in (await post.remind(kept, event="arrival")).messages] == [MessageEvent.ARRIVAL]

    async def test_takes_the_first_channel_that_reaches(self, post: Post) -> None:
        both = await post.set_apart(await post.reader(phone="06 06 06 06 07"))
        by_sms = await post.set_apart(await post.reader("B", email=None, phone="06 06 06 06 08"))
        landline = await post.set_apart(await post.reader("C", email=None, phone="02 40 00 00 00"))
        refused = await post.reader("D", phone="06 06 06 06 09", no_sms=True)
        await post.says(refused, "email", Purpose.ORDER_ARRIVAL, granted=False)
        done = await post.remind(both, by_sms, landline, await post.set_apart(refused))
        assert [each.channel for each in done.messages] == [MessageChannel.EMAIL, MessageChannel.SMS]
        assert [each.reason for each in done.withheld] == [Withheld.NO_ADDRESS, Withheld.REFUSED]
        ticked = await post.set_apart(await post.reader("E", email=None, phone="06 06 06 06 10", no_sms=True))
        assert [each.reason for each in (await post.remind(ticked)).withheld] == [Withheld.NO_SMS], "the telling reason"
        post.under(replace(DAILY, channels=(MessageChannel.SMS, MessageChannel.EMAIL)))
        post.later(days=1)
        assert (await post.remind(both, event="arrival")).messages[0].channel is MessageChannel.SMS

    @pytest.mark.row("A59")
    async def test_by_sms_stops_at_no_sms(self, post: Post) -> None:
        kept = await post.set_apart(await post.reader(phone="06 06 06 06 07", no_sms=True))
        assert [each.reason for each in (await post.remind(kept, channel="sms")).withheld] == [Withheld.NO_SMS]

    async def test_notes_a_call_that_was_made(self, post: Post) -> None:
        kept = await post.set_apart(await post.reader(email=None, phone="02 40 00 00 00"))
        post.later(hours=12)
        (called,) = (await post.remind(kept, channel="phone")).messages
        assert (called.state, called.address, called.attempts) == (MessageState.SENT, "02 40 00 00 00", 0)
        assert post.jobs(JobKind.SEND) == []
        assert [each.reason for each in (await post.remind(kept)).withheld] == [Withheld.ALREADY_TOLD]

    async def test_leaves_out_what_has_ended(self, post: Post) -> None:
        kept = await post.set_apart(await post.reader())
        await post.collect(kept)
        assert [each.reason for each in (await post.remind(kept)).withheld] == [Withheld.ENDED]

    async def test_reaches_the_free_name_of_an_order(self, post: Post) -> None:
        await post.create({EANS[0]: 1}, contact=Contact(name="Zoë", email="zoe@example.org"))
        scanned = await post.scan(EANS[0])
        assert scanned.reservation is not None
        (told,) = (await post.remind(scanned.reservation.id)).messages
        assert (told.name, told.address, told.customer_id) == ("Zoë", "zoe@example.org", None)

    async def test_of_no_such_copy_is_not_found(self, post: Post) -> None:
        with pytest.raises(NotFound):
            await post.remind(ReservationId(post.house.new_id()))

    async def test_pressed_twice_at_once_tells_once(self, post: Post) -> None:
        kept = await post.set_apart(await post.reader())
        await post.remind(kept)
        again = await post.remind(kept, event="last_call")
        assert (again.messages, [each.reason for each in again.withheld]) == ((), [Withheld.TOLD_TODAY])


@pytest.mark.row("C11")
class TestThePass:
    async def test_tells_each_step_on_its_day_and_no_more(self, post: Post) -> None:
        kept = await post.set_apart(await post.reader())
        heard = []
        for _ in range(20):
            for _ in range(3):
                await post.go_through()
            heard += [(post.messages[each.id].event.value, post.today) for each in await post.send_all()]
            post.later(days=1)
        start = heard[0][1]
        assert heard == [
            ("arrival", start),
            ("reminder_1", start + timedelta(days=7)),
            ("last_call", start + timedelta(days=14)),
        ]
        assert all(each.reservation_ids == (kept,) for each in post.messages.values())

    async def test_waits_for_books_scanned_one_after_another(self, post: Post) -> None:
        post.under(replace(DAILY, grace=15))
        claire = await post.reader()
        await post.set_apart(claire)
        assert await post.go_through() == 0
        post.later(minutes=10)
        await post.set_apart(claire, ean=EANS[1])
        post.later(minutes=16)
        assert await post.go_through() == 1
        assert len(post.message.reservation_ids) == 2

    async def test_does_nothing_at_night(self, post: Post) -> None:
        await post.set_apart(await post.reader())
        post.later(hours=9)  # seven in the evening
        assert await post.go_through() == 0
        post.later(hours=14)
        assert await post.go_through() == 1

    async def test_says_only_what_goes_out_by_itself(self, post: Post) -> None:
        post.under(replace(DAILY, automatic=frozenset({MessageEvent.REMINDER_1})))
        await post.set_apart(await post.reader())
        assert await post.go_through() == 0
        post.later(days=7)
        assert await post.go_through() == 1

    async def test_is_as_mild_as_the_youngest_copy_and_comes_back_to_the_older(self, post: Post) -> None:
        claire = await post.reader()
        old = await post.set_apart(claire)
        await post.go_through()
        post.later(days=14)
        young = await post.set_apart(claire, ean=EANS[1])
        await post.go_through()
        mixed = list(post.messages.values())[-1]
        assert (mixed.event, set(mixed.reservation_ids)) == (MessageEvent.ARRIVAL, {old, young})
        assert mixed.words.body.count(", jusqu'au") == 2  # each copy has a day of its own
        post.later(days=1)
        await post.go_through()
        last = list(post.messages.values())[-1]
        assert (last.event, last.reservation_ids) == (MessageEvent.LAST_CALL, (old,))

    async def test_does_not_bring_back_what_a_person_dropped(self, post: Post) -> None:
        await post.set_apart(await post.reader())
        await post.go_through()
        await post.decide(post.message, again=False)
        assert await post.go_through() == 0

    async def test_comes_back_to_who_was_withheld_once_he_may_be_told(self, post: Post) -> None:
        claire = await post.reader()
        await post.set_apart(claire)
        await post.says(claire, "email", Purpose.ORDER_ARRIVAL, granted=False)
        assert await post.go_through() == 0
        await post.says(claire, "email", Purpose.ORDER_ARRIVAL, granted=True)
        assert await post.go_through() == 1

    async def test_leaves_orders_that_are_shipped(self, post: Post) -> None:
        await post.create({EANS[0]: 1}, mail_order=True, contact=Contact(name="Zoë", email="zoe@example.org"))
        await post.scan(EANS[0])
        assert await post.go_through() == 0


@pytest.mark.row("C11")
class TestAtTheMomentOfSending:
    async def test_what_was_collected_is_not_spoken_of(self, post: Post) -> None:
        claire = await post.reader()
        gone, kept = await post.set_apart(claire), await post.set_apart(claire, ean=EANS[1])
        await post.remind(gone, kept)
        await post.collect(gone)
        (letter,) = await post.send_all()
        assert "1 exemplaire" in letter.body
        assert "2 exemplaires" not in letter.body

    async def test_nothing_left_is_withheld(self, post: Post) -> None:
        kept = await post.set_apart(await post.reader())
        await post.remind(kept)
        await post.release(kept)
        assert await post.send_all() == []
        assert (post.message.state, post.message.reason) == (MessageState.WITHHELD, Withheld.ENDED)
        assert (await post.house.books()).reservations[kept].state is State.RETURNED

    async def test_the_address_is_that_of_the_card_now(self, post: Post) -> None:
        claire = await post.reader()
        await post.remind(await post.set_apart(claire))
        card = post.fake.base.tables.customers[claire]
        card.details = replace(card.details, email="new@example.org")
        (letter,) = await post.send_all()
        assert letter.address == "new@example.org"
        assert post.message.address == "new@example.org"

    async def test_without_an_address_it_is_withheld(self, post: Post) -> None:
        claire = await post.reader()
        await post.remind(await post.set_apart(claire))
        card = post.fake.base.tables.customers[claire]
        card.details = replace(card.details, email=None)
        assert await post.send_all() == []
        assert post.message.reason is Withheld.NO_ADDRESS

    async def test_a_copy_given_to_somebody_else_is_not_spoken_of(self, post: Post) -> None:
        kept = await post.set_apart(await post.reader())
        await post.remind(kept)
        other = await post.reader("PETIT")
        async with post.house.begin(post.house.dossier) as work:
            (found,) = await work.reservations.lock([kept])
            found.move(customer_id=other, name="PETIT", deadline=found.pickup_deadline, now=post.house.clock())
            work.reservations.save(found)
            await work.commit()
        assert await post.send_all() == []
        assert post.message.reason is Withheld.ENDED
        await post.go_through()
        assert [each.name for each in await post.send_all()] == ["Claire PETIT"]

    async def test_a_copy_that_went_to_another_and_came_back_is_announced_anew(self, post: Post) -> None:
        mine, other = await post.reader(), await post.reader("PETIT")
        kept = await post.set_apart(mine)
        await post.remind(kept)
        for who in (other, mine):
            async with post.house.begin(post.house.dossier) as work:
                (found,) = await work.reservations.lock([kept])
                found.move(customer_id=who, name="N", deadline=found.pickup_deadline, now=post.house.clock())
                work.reservations.save(found)
                await work.commit()
        assert await post.send_all() == []
        await post.go_through()
        assert len(await post.send_all()) == 1

    async def test_an_order_given_to_a_card_is_told_to_the_card(self, post: Post) -> None:
        order = await post.create({EANS[0]: 1}, contact=Contact(name="Zoë", email="zoe@example.org"))
        scanned = await post.scan(EANS[0])
        assert scanned.reservation is not None
        await post.remind(scanned.reservation.id)
        card = await post.reader()
        async with post.house.begin(post.house.dossier) as work:
            (found,) = await work.reservations.lock([scanned.reservation.id])
            found.attach(card)
            work.reservations.save(found)
            await work.commit()
        (letter,) = await post.send_all()
        assert (letter.address, post.message.customer_id) == ("claire@example.org", card)
        assert order.number

    async def test_a_dead_letter_counts_as_told_until_a_person_decides(self, post: Post) -> None:
        await post.set_apart(await post.reader())
        await post.go_through()
        post.pigeon.faults = [Refused("550 unknown")]
        await post.send_all()
        post.later(days=1)
        assert await post.go_through() == 0
