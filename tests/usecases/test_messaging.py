"""Messages to customers whom a person chose, the outbox, and the way out of advertising (A51, A58, A59, trade R23)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.errors import Invalid, MessageGone, NotFound, StaleVersion
from domain.events import EventType
from domain.model.access import Dossier
from domain.model.card import Purpose
from domain.model.message import Language, MessageEvent, MessageRules, MessageState, Withheld
from domain.model.values import DossierId
from domain.model.wording import DEFAULTS
from domain.ports.messages import JobKind, Refused, Uncertain, Unreachable
from domain.usecases.sending import BACKOFF
from domain.usecases.templates import Templates
from domain.usecases.unsubscribing import Unsubscribing
from tests.contracts.house import FakeHouse
from tests.contracts.samples import EANS
from tests.usecases.post import PUBLIC, Post


@pytest.fixture
async def post() -> Post:
    return await Post(FakeHouse()).open()


class OneShop:
    """``Shops`` of one dossier."""

    def __init__(self, dossier: Dossier) -> None:
        self._dossier = dossier

    async def dossier(self, dossier_id: DossierId) -> Dossier:
        if dossier_id != self._dossier.id:
            raise NotFound(what="dossier")
        return self._dossier


@pytest.mark.row("A51", "A58")
class TestAMailing:
    async def test_is_one_message_each_in_his_words_and_is_queued(self, post: Post) -> None:
        claire = await post.reader(phone="06 06 06 06 07")
        john = await post.reader("DOE", first_name="John", language="en", phone="06 06 06 06 08")
        await post.says(claire, "sms", Purpose.MARKETING, granted=True)
        await post.says(john, "sms", Purpose.MARKETING, granted=True)
        done = await post.write(
            claire, john, claire, channel="sms", subject=None, text="Bonjour {client} : {librairie}"
        )
        assert [(each.address, each.body.splitlines()[0]) for each in done.messages] == [
            ("+33606060607", "Bonjour Claire MARTIN : Librairie d'essai"),
            ("+33606060608", "Bonjour John DOE : Librairie d'essai"),
        ]
        assert "Pour ne plus recevoir" in done.messages[0].body
        assert "To hear from us no more" in done.messages[1].body
        assert post.jobs(JobKind.SEND) == [each.id.hex for each in done.messages]
        assert done.segments == 4  # with its link each makes two

    async def test_goes_to_who_consented_only(self, post: Post) -> None:
        silent, refuses, agrees = [await post.reader(name) for name in ("A", "B", "C")]
        nowhere = await post.reader("D", email=None)
        await post.says(refuses, "email", Purpose.MARKETING, granted=False)
        await post.says(agrees, "email", Purpose.MARKETING, granted=True)
        done = await post.write(silent, refuses, agrees, nowhere)
        assert [each.customer_id for each in done.messages] == [agrees]
        assert {each.customer_id: each.reason for each in done.withheld} == {
            silent: Withheld.NO_CONSENT,
            refuses: Withheld.REFUSED,
            nowhere: Withheld.NO_ADDRESS,
        }

    async def test_about_orders_needs_no_consent_but_hears_a_refusal(self, post: Post) -> None:
        silent, refuses = await post.reader("A"), await post.reader("B")
        await post.says(refuses, "email", Purpose.ORDER_ARRIVAL, granted=False)
        done = await post.write(silent, refuses, purpose=Purpose.ORDER_ARRIVAL)
        assert [each.customer_id for each in done.messages] == [silent]
        assert [each.reason for each in done.withheld] == [Withheld.REFUSED]
        assert "recevoir" not in done.messages[0].body

    @pytest.mark.row("A59")
    async def test_by_sms_never_reaches_who_has_no_sms_ticked(self, post: Post) -> None:
        customer = await post.reader(phone="06 06 06 06 07", no_sms=True)
        await post.says(customer, "sms", Purpose.MARKETING, granted=True)
        done = await post.write(customer, channel="sms", subject=None)
        assert (done.messages, [each.reason for each in done.withheld]) == ((), [Withheld.NO_SMS])

    async def test_a_second_time_a_day_is_withheld(self, post: Post) -> None:
        customer = await post.reader()
        await post.says(customer, "email", Purpose.MARKETING, granted=True)
        await post.write(customer)
        assert [each.reason for each in (await post.write(customer)).withheld] == [Withheld.TOLD_TODAY]
        post.later(days=1)
        assert len((await post.write(customer)).messages) == 1

    async def test_says_the_way_out_once_where_it_is_asked_for(self, post: Post) -> None:
        customer = await post.reader()
        await post.says(customer, "email", Purpose.MARKETING, granted=True)
        done = await post.write(customer, text="Sortie : {desabonnement} !")
        assert done.messages[0].body.count(f"{PUBLIC}/v1/unsubscribe/") == 1
        assert done.messages[0].body.endswith(" !")

    async def test_needs_a_subject_and_places_that_exist(self, post: Post) -> None:
        customer = await post.reader()
        with pytest.raises(Invalid) as refused:
            await post.write(customer, subject=None, text="Bonjour {clinet}")
        assert {(each.code, each.pointer) for each in refused.value.faults} == {
            ("blank", "/subject"),
            ("unknown-place", "/text"),
        }

    async def test_to_a_card_that_one_may_not_see_is_not_found(self, post: Post) -> None:
        hidden = await post.reader(confidentiality_code="VIP")
        post.staff = replace(post.staff, scopes=frozenset({"messages:write"}))
        with pytest.raises(NotFound):
            await post.write(hidden)

    async def test_outside_the_hours_waits_for_the_opening(self, post: Post) -> None:
        customer = await post.reader()
        post.later(hours=10)  # eight in the evening
        done = await post.write(customer, purpose=Purpose.ORDER_ARRIVAL)
        (message,) = done.messages
        assert message.day == post.today + timedelta(days=1)
        assert await post.send_all() == []
        post.later(hours=13)
        assert [each.id for each in await post.send_all()] == [message.id]


@pytest.mark.row("C11")
class TestWhatIsSent:
    async def test_is_marked_with_the_carriers_id_and_told(self, post: Post) -> None:
        customer = await post.reader()
        await post.says(customer, "email", Purpose.MARKETING, granted=True)
        await post.write(customer)
        (letter,) = await post.send_all()
        assert (letter.sender, letter.name, letter.address) == (
            "Librairie d'essai",
            "Claire MARTIN",
            "claire@example.org",
        )
        assert letter.unsubscribe_url is not None
        assert letter.unsubscribe_url in letter.body
        assert (post.message.state, post.message.provider_id) == (MessageState.SENT, f"<{letter.id.hex}@test>")
        assert (await post.happened())[EventType.MESSAGE_SENT] == 1
        assert await post.send(letter.id) is None
        assert len(post.pigeon.letters) == 1

    async def test_is_judged_again_at_that_moment(self, post: Post) -> None:
        customer = await post.reader()
        await post.says(customer, "email", Purpose.MARKETING, granted=True)
        await post.write(customer)
        await post.says(customer, "email", Purpose.MARKETING, granted=False)
        assert await post.send_all() == []
        assert (post.message.state, post.message.reason) == (MessageState.WITHHELD, Withheld.REFUSED)
        assert post.message.key is None

    async def test_is_put_off_to_the_opening_when_the_hours_ended_meanwhile(self, post: Post) -> None:
        customer = await post.reader()
        message = (await post.write(customer, purpose=Purpose.ORDER_ARRIVAL)).messages[0]
        post.later(hours=10)
        until = await post.send(message.id)
        assert until is not None
        assert (until.hour, until.date()) == (8, post.today + timedelta(days=1))  # nine in Paris
        assert post.pigeon.letters == []

    async def test_on_another_day_than_meant_leaves_room_for_that_day(self, post: Post) -> None:
        customer = await post.reader()
        first = (await post.write(customer, purpose=Purpose.ORDER_ARRIVAL)).messages[0]
        post.later(days=1)
        second = (await post.write(customer, purpose=Purpose.ORDER_ARRIVAL)).messages[0]
        assert [each.id for each in await post.send_all()] == [second.id]
        assert post.messages[first.id].reason is Withheld.TOLD_TODAY

    async def test_late_takes_the_day_on_which_it_goes(self, post: Post) -> None:
        customer = await post.reader()
        await post.write(customer, purpose=Purpose.ORDER_ARRIVAL)
        post.later(days=1)
        await post.send_all()
        assert post.message.day == post.today
        assert [each.reason for each in (await post.write(customer, purpose=Purpose.ORDER_ARRIVAL)).withheld] == [
            Withheld.TOLD_TODAY
        ]

    async def test_is_put_off_while_nobody_answers_then_dead(self, post: Post) -> None:
        customer = await post.reader()
        message = (await post.write(customer, purpose=Purpose.ORDER_ARRIVAL)).messages[0]
        post.under(MessageRules(from_hour=0, to_hour=24))
        post.pigeon.faults = [Unreachable("451 later")] * (len(BACKOFF) + 1)
        for pause in BACKOFF:
            until = await post.send(message.id)
            assert until is not None
            assert until - post.fake.clock.now <= pause
            assert (post.messages[message.id].state, post.messages[message.id].error) == (
                MessageState.QUEUED,
                "451 later",
            )
            assert await post.send(message.id) == until, "it does not come before its time"
            post.fake.clock.now = until
        assert await post.send(message.id) is None
        assert post.messages[message.id].state is MessageState.DEAD
        assert (await post.happened())[EventType.MESSAGE_DEAD] == 1
        assert post.pigeon.letters == []

    @pytest.mark.parametrize(
        ("fault", "state"), [(Refused("550 no"), MessageState.DEAD), (Uncertain("lost"), MessageState.UNCERTAIN)]
    )
    async def test_that_was_refused_or_lost_waits_for_a_person(
        self, post: Post, fault: Refused | Uncertain, state: MessageState
    ) -> None:
        customer = await post.reader()
        message = (await post.write(customer, purpose=Purpose.ORDER_ARRIVAL)).messages[0]
        post.pigeon.faults = [fault]
        assert await post.send(message.id) is None
        assert (post.message.state, post.message.error) == (state, str(fault))
        assert await post.send_all() == []
        with pytest.raises(StaleVersion):
            await post.messaging.retry(by=post.staff, message_id=message.id, version=1, once=post.once())
        again = await post.decide(post.message, again=True)
        assert (again.state, again.attempts) == (MessageState.QUEUED, 0)
        assert post.jobs(JobKind.SEND) == [message.id.hex, message.id.hex]
        assert len(await post.send_all()) == 1
        with pytest.raises(MessageGone):
            await post.decide(post.message, again=False)

    async def test_dropped_is_not_sent(self, post: Post) -> None:
        customer = await post.reader()
        await post.write(customer, purpose=Purpose.ORDER_ARRIVAL)
        await post.decide(post.message, again=False)
        assert await post.send_all() == []
        assert post.message.reason is Withheld.DROPPED
        with pytest.raises(MessageGone):
            await post.decide(post.message, again=True)

    async def test_begun_by_a_worker_that_died_is_said_again_under_the_same_id(self, post: Post) -> None:
        customer = await post.reader()
        message = (await post.write(customer, purpose=Purpose.ORDER_ARRIVAL)).messages[0]
        begun = await post.sending._begin(post.staff, message.id)
        assert post.message.state is MessageState.SENDING
        (letter,) = await post.send_all()
        assert letter == begun


@pytest.mark.row("P10")
class TestAnOrder:
    async def test_that_is_cancelled_says_so_once(self, post: Post) -> None:
        customer = await post.reader()
        order = await post.create({EANS[0]: 1}, customer_id=customer, contact=None)
        assert post.jobs(JobKind.TELL_OF_ORDER) == []  # a confirmation is not among what goes out by itself
        order = await post.cancel(order)
        assert post.jobs(JobKind.TELL_OF_ORDER) == [order.id.hex]
        made = [
            await post.messaging.tell_of_order(by=post.staff, order_id=order.id, event=event)
            for event in (MessageEvent.ORDER_CONFIRMED, MessageEvent.CANCELLED, MessageEvent.CANCELLED)
        ]
        assert made == [0, 1, 0]
        (letter,) = await post.send_all()
        assert str(order.number) in letter.subject

    async def test_that_was_opened_again_says_nothing(self, post: Post) -> None:
        customer = await post.reader()
        order = await post.cancel(await post.create({EANS[0]: 1}, customer_id=customer, contact=None))
        await post.messaging.tell_of_order(by=post.staff, order_id=order.id, event=MessageEvent.CANCELLED)
        await post.reopen(order)
        assert await post.send_all() == []
        assert post.message.reason is Withheld.ENDED

    async def test_is_confirmed_where_the_shop_wants_it(self, post: Post) -> None:
        post.under(MessageRules(automatic=frozenset({MessageEvent.ORDER_CONFIRMED})))
        taken = await post.create({EANS[0]: 1})
        post.web = replace(post.web, dossier=post.staff.dossier)
        pushed = await post.push("WEB-1", {EANS[0]: 1})
        await post.push("WEB-1", {EANS[0]: 1})
        await post.cancel(taken)
        assert post.jobs(JobKind.TELL_OF_ORDER) == [taken.id.hex, pushed.order.id.hex]


@pytest.mark.row("A58")
class TestTheWayOut:
    async def test_writes_the_refusal_once_and_is_heard_at_once(self, post: Post) -> None:
        customer = await post.reader()
        await post.says(customer, "email", Purpose.MARKETING, granted=True)
        body = (await post.write(customer)).messages[0].body
        token = body.rpartition("/v1/unsubscribe/")[2]
        unsubscribing = Unsubscribing(post.around, OneShop(post.house.dossier))
        _, way = await unsubscribing.way(token)
        assert (way.customer_id, way.channel.value, way.purpose) == (customer, "email", Purpose.MARKETING)
        for _ in range(2):
            await unsubscribing.refuse(token)
        last = post.fake.base.tables.consents[-1]
        assert len(post.fake.base.tables.consents) == 2
        assert (last.granted, last.source, last.by) == (False, "unsubscribe", "system:unsubscribe")
        assert await post.send_all() == []

    async def test_cannot_be_made_up(self, post: Post) -> None:
        customer = await post.reader()
        await post.says(customer, "email", Purpose.MARKETING, granted=True)
        token = (await post.write(customer)).messages[0].body.rpartition("/v1/unsubscribe/")[2]
        ours = Unsubscribing(post.around, OneShop(post.house.dossier))
        theirs = Unsubscribing(post.around, OneShop(replace(post.house.dossier, secret=b"another")))
        for which, given in (
            (ours, token[:-2] + ("AA" if token[-2:] != "AA" else "BB")),
            (ours, "A" * 66),
            (ours, "é"),
            (theirs, token),
        ):
            with pytest.raises(NotFound):
                await which.refuse(given)


class TestATemplate:
    async def test_is_written_seen_and_taken_back(self, post: Post) -> None:
        templates = Templates(post.around, PUBLIC)
        house = DEFAULTS[MessageEvent.ARRIVAL, Language.FRENCH]
        own = replace(house, subject="Coucou {client}", sms="{nombre} : {titres}")
        sample = templates.preview(by=post.staff, template=own)
        assert (sample.subject, sample.segments) == ("Coucou Claire MARTIN", 1)
        view = await templates.put(by=post.staff, template=own, version=0)
        assert (view.own, view.template.version) == (True, 1)
        with pytest.raises(StaleVersion):
            await templates.put(by=post.staff, template=own, version=0)
        kept = await post.set_apart(await post.reader())
        assert (await post.remind(kept)).messages[0].subject == "Coucou Claire MARTIN"
        await templates.remove(by=post.staff, event=own.event, language=own.language, version=1)
        assert post.fake.base.tables.templates == {}

    async def test_with_a_place_that_does_not_exist_is_refused(self, post: Post) -> None:
        bad = replace(DEFAULTS[MessageEvent.ARRIVAL, Language.FRENCH], body="{titre}", sms=" ")
        with pytest.raises(Invalid) as refused:
            await Templates(post.around, PUBLIC).put(by=post.staff, template=bad, version=0)
        assert {(each.code, each.pointer) for each in refused.value.faults} == {
            ("unknown-place", "/body"),
            ("blank", "/sms"),
        }
