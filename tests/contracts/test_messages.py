"""``Messages``, ``Purchases`` and jobs, on the fake and on PostgreSQL."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from domain.errors import MessageTold, NotFound, StaleVersion
from domain.model.card import Channel, Consent, Purpose
from domain.model.message import (
    Language,
    MessageEvent,
    MessageRules,
    MessageState,
    Recipient,
    Withheld,
    Words,
)
from domain.model.reservation import EndCause, State
from domain.model.values import MessageId, PurchaseId
from domain.model.wording import DEFAULTS
from tests.contracts import samples
from tests.contracts.house import House
from tests.contracts.samples import NOW, committed, plain, stocked

TODAY = NOW.date()
LATER = NOW + timedelta(seconds=1)


class TestAMessage:
    async def test_comes_back_as_it_was(self, house: House) -> None:
        await stocked(house)
        kept = samples.reservation(house.new_id)
        message = samples.message(house.new_id, reservation_ids=(kept.id,))
        async with committed(house) as work:
            work.reservations.add(kept)
            work.messages.add(message)
        async with house.begin(house.dossier) as work:
            assert plain(await work.messages.lock(message.id)) == plain(message)
            assert await work.messages.taken([message.id.hex, "other"]) == {message.id.hex}
            assert await work.messages.told([kept.id]) == {kept.id: {MessageEvent.ARRIVAL}}

    async def test_of_no_such_id_is_not_found(self, house: House) -> None:
        with pytest.raises(NotFound):
            async with house.begin(house.dossier) as work:
                await work.messages.lock(MessageId(house.new_id()))

    async def test_that_was_withheld_gives_its_key_back_and_told_nothing(self, house: House) -> None:
        await stocked(house)
        kept = samples.reservation(house.new_id)
        first = samples.message(house.new_id, key="zoe:email", reservation_ids=(kept.id,))
        second = samples.message(house.new_id, key="zoe:email")
        async with committed(house) as work:
            work.reservations.add(kept)
            work.messages.add(first)
        with pytest.raises(MessageTold):
            async with committed(house) as work:
                work.messages.add(second)
        async with committed(house) as work:
            seen = await work.messages.lock(first.id)
            seen.withhold(Withheld.REFUSED, now=NOW)
            work.messages.save(seen)
        async with committed(house) as work:
            work.messages.add(second)
        async with house.begin(house.dossier) as work:
            assert plain(await work.messages.lock(first.id)) == plain(seen)
            assert await work.messages.told([kept.id]) == {kept.id: set()}

    async def test_that_a_person_dropped_counts_as_told(self, house: House) -> None:
        await stocked(house)
        kept = samples.reservation(house.new_id)
        message = samples.message(house.new_id, reservation_ids=(kept.id,))
        async with committed(house) as work:
            work.reservations.add(kept)
            work.messages.add(message)
        for reason in (Withheld.DROPPED, Withheld.ENDED):
            async with committed(house) as work:
                seen = await work.messages.lock(message.id)
                seen.withhold(reason, now=NOW)
                work.messages.save(seen)
            dropped = reason is Withheld.DROPPED
            async with house.begin(house.dossier) as work:
                assert await work.messages.told([kept.id]) == {kept.id: {MessageEvent.ARRIVAL} if dropped else set()}
                due = await work.messages.due(MessageRules(), today=TODAY, before=LATER)
                assert due == ([] if dropped else [kept.id])

    async def test_that_was_sent_is_kept_so(self, house: House) -> None:
        message = samples.message(house.new_id)
        async with committed(house) as work:
            work.messages.add(message)
        async with committed(house) as work:
            seen = await work.messages.lock(message.id)
            seen.begin(Words(subject="Autres", body="mots"))
            seen.sent(provider_id="<1@example.org>", now=NOW)
            work.messages.save(seen)
        async with house.begin(house.dossier) as work:
            found = await work.messages.lock(message.id)
        assert plain(found) == plain(seen)
        assert (found.state, found.attempts, found.version) == (MessageState.SENT, 3, 3)


class TestWhoIsToBeTold:
    async def test_is_who_was_not_told_of_the_present_step(self, house: House) -> None:
        await stocked(house)
        rules = MessageRules()
        fresh = samples.reservation(house.new_id)
        old = samples.reservation(house.new_id, set_aside_at=NOW - timedelta(days=8))
        told = samples.reservation(house.new_id, set_aside_at=NOW - timedelta(days=9))
        gone = samples.reservation(
            house.new_id, state=State.COLLECTED, ended_at=NOW, end_cause=EndCause.COLLECTED, ended_by="staff:1"
        )
        async with committed(house) as work:
            for kept in (fresh, old, told, gone):
                work.reservations.add(kept)
            work.messages.add(
                samples.message(house.new_id, reservation_ids=(old.id,), created_at=NOW - timedelta(days=8))
            )
            reminder = {"event": MessageEvent.REMINDER_1, "reservation_ids": (told.id,)}
            work.messages.add(samples.message(house.new_id, **reminder))
        async with house.begin(house.dossier) as work:
            assert await work.messages.due(rules, today=TODAY, before=LATER) == [old.id, fresh.id]
            assert await work.messages.due(rules, today=TODAY, before=NOW) == [old.id]
            later = TODAY + timedelta(days=14)
            assert await work.messages.due(rules, today=later, before=LATER) == [told.id, old.id, fresh.id]
            assert await work.messages.due(replace(rules, steps=()), today=TODAY, before=LATER) == []

    async def test_is_nobody_whose_order_is_to_be_shipped(self, house: House) -> None:
        await stocked(house)
        shipped = samples.order(house.new_id, [samples.line(house.new_id)], mail_order=True)
        kept = samples.reservation(house.new_id, order_id=shipped.id, line_id=shipped.lines[0].id)
        async with committed(house) as work:
            shipped.number = await work.orders.next_number()
            work.orders.add(shipped)
            work.reservations.add(kept)
        async with house.begin(house.dossier) as work:
            assert await work.messages.due(MessageRules(), today=TODAY, before=LATER) == []


class TestARecipient:
    async def test_is_the_card_with_what_he_allowed(self, house: House) -> None:
        card = samples.customer(house.new_id)
        card.details = replace(
            card.details, name="PETIT", first_name="Zoë", email="z@example.org", phone="06 06 06 06 07", no_sms=True
        )
        card.details.language = "en"
        refused = Consent(
            id=house.new_id(),
            customer_id=card.id,
            channel=Channel.EMAIL,
            purpose=Purpose.MARKETING,
            granted=False,
            source=None,
            at=NOW,
            by="staff:1",
        )
        async with committed(house) as work:
            work.customers.add(card)
            work.consents.add(refused)
        async with house.begin(house.dossier) as work:
            found = (await work.messages.recipients([card.id]))[card.id]
            assert (found.name, found.email, found.mobile) == ("Zoë PETIT", "z@example.org", "+33606060607")
            assert found.language is Language.ENGLISH
            said = {(each.channel, each.purpose): each.granted for each in found.consents}
            assert said[Channel.EMAIL, Purpose.MARKETING] is False
            assert said[Channel.SMS, Purpose.ORDER_ARRIVAL] is False

    async def test_of_a_reservation_is_card_order_or_name(self, house: House) -> None:
        await stocked(house)
        order = samples.order(house.new_id, [samples.line(house.new_id)], customer_id=None)
        by_order = samples.reservation(house.new_id, order_id=order.id, line_id=order.lines[0].id)
        by_name = samples.reservation(house.new_id, email=None, phone="02 40 00 00 01")
        async with committed(house) as work:
            order.number = await work.orders.next_number()
            work.orders.add(order)
            work.reservations.add(by_order)
            work.reservations.add(by_name)
        async with house.begin(house.dossier) as work:
            found = await work.messages.for_reservations([by_order, by_name])
            contact = order.contact
            assert (found[by_order.id].name, found[by_order.id].email) == (contact.name, contact.email)
            assert found[by_name.id] == Recipient(customer_id=None, name="Zoë", email=None, phone="02 40 00 00 01")
            assert await work.messages.for_order(order.id) == found[by_order.id]


class TestATemplate:
    async def test_is_the_houses_until_the_shop_writes_its_own(self, house: House) -> None:
        default = DEFAULTS[MessageEvent.ARRIVAL, Language.FRENCH]
        own = replace(default, sms="{librairie} : venez !", version=1)
        async with committed(house) as work:
            assert await work.messages.template(MessageEvent.ARRIVAL, Language.FRENCH) == default
            work.messages.put_template(own, now=NOW)
        async with committed(house) as work:
            assert await work.messages.template(MessageEvent.ARRIVAL, Language.FRENCH) == own
            work.messages.put_template(replace(own, subject="Ici", version=2), now=NOW)
        with pytest.raises(StaleVersion):
            async with committed(house) as work:
                work.messages.put_template(replace(own, subject="Là", version=2), now=NOW)
        with pytest.raises(StaleVersion):
            async with committed(house) as work:
                work.messages.remove_template(own)
        async with committed(house) as work:
            work.messages.remove_template(replace(own, version=2))
        async with house.begin(house.dossier) as work:
            assert await work.messages.template(MessageEvent.ARRIVAL, Language.FRENCH) == default


class TestAPurchase:
    async def test_is_told_once(self, house: House) -> None:
        bought = samples.purchase(house.new_id, quantity=1, amount=Decimal("12.20"))
        async with committed(house) as work:
            work.purchases.add([bought])
        again = replace(bought, id=PurchaseId(house.new_id()))
        with pytest.raises(Exception, match=r"purchase"):
            async with committed(house) as work:
                work.purchases.add([again])
