"""The rules of messages: who may be written to, when, under which key, in which words."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Inconsistent, MessageGone
from domain.model.card import Channel, Purpose
from domain.model.consents import NO_SMS, Standing
from domain.model.message import (
    PICKUP_EVENTS,
    Kept,
    Language,
    MessageChannel,
    MessageEvent,
    MessageRules,
    MessageState,
    Recipient,
    Step,
    Subject,
    Withheld,
    Words,
    told_key,
)
from domain.model.values import CustomerId, OrderId, ReservationId
from domain.model.wording import DEFAULTS, PLACE, PLACES, check, filled, segments, unknown_places, worded
from tests.contracts import samples
from tests.fakes.surroundings import FakeIds

PARIS = ZoneInfo("Europe/Paris")
IDS = FakeIds()
CARD, ORDER = CustomerId(IDS()), OrderId(IDS())
DAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)


def person(**more: object) -> Recipient:
    details = {"email": "z@example.org", "phone": "06 06 06 06 07", "mobile": "+33606060607", **more}
    return Recipient(customer_id=CARD, name="Zoë", **details)  # type: ignore[arg-type]


def said(channel: Channel, purpose: Purpose, *, granted: bool, reason: str | None = None) -> Standing:
    return Standing(channel=channel, purpose=purpose, granted=granted, at=None, reason=reason)


@pytest.mark.row("A58", "A59")
class TestWhoMayBeWrittenTo:
    @pytest.mark.parametrize("channel", [MessageChannel.EMAIL, MessageChannel.SMS])
    def test_service_goes_unless_refused_and_advertising_if_granted(self, channel: MessageChannel) -> None:
        wire = Channel(channel.value)
        for purpose, unsaid in ((Purpose.ORDER_ARRIVAL, None), (Purpose.MARKETING, Withheld.NO_CONSENT)):
            assert person().forbids(channel, purpose) is unsaid
            yes, no = (said(wire, purpose, granted=granted) for granted in (True, False))
            assert person(consents=(yes,)).forbids(channel, purpose) is None
            assert person(consents=(no,)).forbids(channel, purpose) is Withheld.REFUSED

    def test_no_sms_stops_sms_only(self) -> None:
        who = person(consents=(said(Channel.SMS, Purpose.ORDER_ARRIVAL, granted=False, reason=NO_SMS),))
        assert who.forbids(MessageChannel.SMS, Purpose.ORDER_ARRIVAL) is Withheld.NO_SMS
        assert who.forbids(MessageChannel.EMAIL, Purpose.ORDER_ARRIVAL) is None
        assert who.forbids(MessageChannel.PHONE, Purpose.ORDER_ARRIVAL) is None

    def test_nobody_without_an_address_or_without_a_name_any_more(self) -> None:
        assert person(mobile=None).forbids(MessageChannel.SMS, Purpose.ORDER_ARRIVAL) is Withheld.NO_ADDRESS
        assert person(email=None).forbids(MessageChannel.EMAIL, Purpose.ORDER_ARRIVAL) is Withheld.NO_ADDRESS
        assert person(anonymised=True).forbids(MessageChannel.PHONE, Purpose.RECEIPT) is Withheld.ANONYMISED


@pytest.mark.row("C11")
class TestWhen:
    def test_the_present_step_is_the_last_whose_day_has_come(self) -> None:
        rules = MessageRules()
        days = {0: "arrival", 6: "arrival", 7: "reminder_1", 13: "reminder_1", 14: "last_call", 99: "last_call"}
        for after, event in days.items():
            assert rules.step_on(DAY, date.fromordinal(DAY.toordinal() + after)) == event
        late = MessageRules(steps=(Step(event=MessageEvent.REMINDER_2, after_days=3),))
        assert late.step_on(DAY, DAY) is None

    def test_who_heard_a_later_step_heard_the_former(self) -> None:
        rules = MessageRules()
        assert rules.from_step(MessageEvent.REMINDER_1) == {MessageEvent.REMINDER_1, MessageEvent.LAST_CALL}
        assert rules.from_step(MessageEvent.REMINDER_3) == {MessageEvent.REMINDER_3}

    @given(
        moment=st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)),  # noqa: DTZ001 - Hypothesis adds the zone
        hours=st.tuples(st.integers(0, 23), st.integers(1, 24)).filter(lambda each: each[0] < each[1]),
    )
    def test_nothing_goes_out_of_hours(self, moment: datetime, hours: tuple[int, int]) -> None:
        rules = MessageRules(from_hour=hours[0], to_hour=hours[1])
        now = moment.replace(tzinfo=UTC)
        opening = rules.next_opening(now, PARIS)
        assert opening >= now
        # the hour that does not exist in March opens an hour later
        assert hours[0] <= opening.astimezone(PARIS).hour < hours[1] or opening.astimezone(PARIS).month == 3
        assert (opening == now) == (hours[0] <= now.astimezone(PARIS).hour < hours[1])

    def test_steps_out_of_order_and_hours_that_never_come_are_refused(self) -> None:
        first, last = (
            Step(event=MessageEvent.ARRIVAL, after_days=7),
            Step(event=MessageEvent.LAST_CALL, after_days=1),
        )
        for wrong in ((first, last), (last, first), (first, first), (Step(event=MessageEvent.FREE, after_days=1),)):
            with pytest.raises(Inconsistent):
                MessageRules(steps=wrong)
        with pytest.raises(Inconsistent):
            MessageRules(from_hour=19, to_hour=19)


@pytest.mark.row("C11")
def test_the_key_is_the_person_the_channel_and_the_day_but_for_what_is_said_of_an_order() -> None:
    mail, sms = MessageChannel.EMAIL, MessageChannel.SMS

    def key(who: Recipient, channel: MessageChannel, event: MessageEvent, day: date = DAY) -> str:
        return told_key(who, channel, event, day=day, order_id=ORDER)

    pickup = {key(person(), mail, event) for event in (*PICKUP_EVENTS, MessageEvent.FREE)}
    assert len(pickup) == 1
    assert key(person(), sms, MessageEvent.ARRIVAL) not in pickup
    assert key(person(), mail, MessageEvent.ARRIVAL, date(2026, 3, 3)) not in pickup
    stranger = Recipient(customer_id=None, name="Zoë", email="Z@Example.org", phone=None)
    same = Recipient(customer_id=None, name="Zoé", email="z@example.org", phone="1")
    assert key(stranger, mail, MessageEvent.ARRIVAL) == key(same, mail, MessageEvent.ARRIVAL) not in pickup
    of_order = {key(person(), mail, MessageEvent.CANCELLED, date(2026, 3, n)) for n in (2, 3)}
    assert len(of_order) == 1
    assert key(person(), mail, MessageEvent.ORDER_CONFIRMED) not in of_order | pickup


class TestAMessage:
    def test_goes_through_its_states_and_no_others(self) -> None:
        message = samples.message(IDS)
        message.begin(Words(subject="S", body="B"))
        assert (message.state, message.attempts, message.version) == (MessageState.SENDING, 3, 2)
        with pytest.raises(MessageGone):
            message.drop(now=NOW)
        with pytest.raises(MessageGone):
            message.retry(now=NOW)
        message.put_off("451", until=NOW)
        assert (message.state, message.error, message.send_after) == (MessageState.QUEUED, "451", NOW)
        message.begin(message.words)
        message.fail("550", state=MessageState.DEAD, now=NOW)
        message.retry(now=NOW)
        assert (message.state, message.attempts, message.ended_at) == (MessageState.QUEUED, 0, None)
        message.begin(message.words)
        message.sent(provider_id="x", now=NOW)
        assert (message.state, message.error, message.in_hand) == (MessageState.SENT, None, False)
        for act in (message.retry, message.drop):
            with pytest.raises(MessageGone):
                act(now=NOW)
        with pytest.raises(MessageGone):
            message.begin(message.words)

    def test_withheld_gives_its_key_back(self) -> None:
        message = samples.message(IDS)
        message.withhold(Withheld.ENDED, now=NOW)
        assert (message.key, message.reason, message.ended_at) == (None, Withheld.ENDED, NOW)


def kept(title: str = "CHUT", quantity: int = 1, day: date = DAY) -> Kept:
    return Kept(reservation_id=ReservationId(IDS()), title=title, quantity=quantity, deadline=day)


@pytest.mark.row("A38", "P10")
class TestWords:
    @pytest.mark.parametrize("key", DEFAULTS)
    def test_of_the_house_have_places_that_exist_and_fill_them_all(self, key: tuple[MessageEvent, Language]) -> None:
        template = check(DEFAULTS[key])
        facts = Subject(shop="Ici", name="Zoë", kept=[kept(), kept("RUE", 2)], order_number=7)
        for channel in MessageChannel:
            made = worded(template, facts, channel)
            assert PLACE.search(made.subject + made.body) is None
            assert "\n" not in made.subject
            assert (made.subject == "") == (channel is MessageChannel.SMS)
        assert segments(worded(template, facts, MessageChannel.SMS).body) == 1

    def test_speak_of_copies_in_the_customers_language(self) -> None:
        facts = Subject(shop="Ici", name="Zoë", kept=[kept(), kept("RUE", 2)])
        text = "{nombre} / {date_limite}\n{titres}"
        french = filled(text, facts, Language.FRENCH, MessageChannel.EMAIL)
        assert french == "3 exemplaires / 02/03/2026\n- CHUT\n- RUE (x 2)"
        english = filled(text, facts, Language.ENGLISH, MessageChannel.SMS)
        assert english == "3 copies / 2 March 2026\nCHUT, RUE"

    def test_say_a_day_for_each_title_where_they_differ(self) -> None:
        facts = Subject(shop="Ici", name="Zoë", kept=[kept(), kept("RUE", 2, date(2026, 3, 9))])
        assert filled("{titres}", facts, Language.FRENCH, MessageChannel.EMAIL) == (
            "- CHUT, jusqu'au 02/03/2026\n- RUE (x 2), jusqu'au 09/03/2026"
        )

    def test_never_read_a_value_for_places(self) -> None:
        facts = Subject(shop="{client}", name="{titres}", kept=[kept("{librairie}")])
        assert filled("{librairie} {client}", facts, Language.FRENCH, MessageChannel.EMAIL) == "{client} {titres}"

    def test_name_places_that_do_not_exist(self) -> None:
        assert unknown_places("".join(f"{{{place}}}" for place in PLACES), "/text") == []
        assert [each.pointer for each in unknown_places("{titre} {} {Client}", "/text")] == ["/text", "/text"]

    @pytest.mark.parametrize(
        ("text", "number"),
        [
            ("a" * 160, 1), ("a" * 161, 2), ("a" * 306, 2), ("a" * 307, 3), ("€" * 80, 1), ("€" * 81, 2),
            ("ê" * 70, 1), ("ê" * 71, 2), ("😀" * 35, 1), ("😀" * 36, 2), ("", 1),
        ],
    )  # fmt: skip
    def test_make_so_many_sms(self, text: str, number: int) -> None:
        assert segments(text) == number
