"""The customer order: its one status, its quantities, what it owes, and what a web shop may still change (domain.md)."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import (
    AlreadyRefunded,
    Invalid,
    LineInUse,
    NotFound,
    NothingToCancel,
    NothingToDeliver,
    NothingToReturn,
    OrderClosed,
    OrderLocked,
    OutOfStock,
    RefundTooLarge,
    ShopError,
)
from domain.model.answers import AVAILABLE, Answer, AnswerSource
from domain.model.order import CustomerOrder, External, Origin, Status, derive_status
from domain.model.order_line import OrderLine, number_lines
from domain.model.payment import Payment, PaymentKind, PaymentMethod, PaymentState
from domain.model.values import ChannelId, Contact, Ean, LineId, OrderId
from domain.queries.orders import summary_of, view_of

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
EAN, OTHER_EAN = Ean("9782211217088"), Ean("9782092512746")
SOLD_OUT = Answer(code="09", label="Epuisé", source=AnswerSource.DISTRIBUTOR, at=NOW)
NUMBERS = count(1)


def new_id() -> UUID:
    return UUID(int=next(NUMBERS))


def line(
    ordered: int = 1,
    *,
    cancelled: int = 0,
    set_aside: int = 0,
    delivered: int = 0,
    digital: bool = False,
    ean: Ean = EAN,
    unit_price: str = "10.00",
    list_price: str = "10.00",
    answer: Answer | None = None,
) -> OrderLine:
    return OrderLine(
        id=LineId(new_id()),
        position=0,
        ean=ean,
        title="MANGER UN LOUP",
        author=None,
        publisher=None,
        digital=digital,
        ordered=ordered,
        unit_price=Decimal(unit_price),
        list_price=Decimal(list_price),
        vat_rate=Decimal("5.50"),
        cancelled=cancelled,
        set_aside=set_aside,
        delivered=delivered,
        answer=answer,
    )


def order(*lines: OrderLine, awaited: bool = False, charge: str = "0.00", web: bool = False) -> CustomerOrder:
    external = None
    if web:
        external = External(
            channel_id=ChannelId(new_id()), channel="boutique", id="W-1", fingerprint=b"1", updated_at=None
        )
    return CustomerOrder(
        id=OrderId(new_id()),
        number=46407,
        customer_id=None,
        customer_code=None,
        contact=Contact(name="MAISON DES TOUT PETITS"),
        customer_reference=None,
        comment=None,
        origin=Origin.WEB if web else Origin.COUNTER,
        mail_order=web,
        vat_exempt=False,
        external=external,
        payment_state=PaymentState.AWAITED if awaited else PaymentState.NONE,
        delivery_charge=Decimal(charge),
        created_at=NOW,
        updated_at=NOW,
        lines=number_lines(lines),
    )


def payment(order: CustomerOrder, amount: str, kind: PaymentKind = PaymentKind.PAYMENT) -> Payment:
    return Payment(
        id=new_id(),
        order_id=order.id,
        amount=Decimal(amount),
        kind=kind,
        method=PaymentMethod.CHEQUE,
        reference=None,
        at=NOW,
    )


@st.composite
def lines(draw: st.DrawFn) -> OrderLine:
    ordered = draw(st.integers(1, 6))
    cancelled = draw(st.integers(0, ordered))
    delivered = draw(st.integers(0, ordered - cancelled))
    set_aside = draw(st.integers(0, ordered - cancelled - delivered))
    return line(ordered, cancelled=cancelled, delivered=delivered, set_aside=set_aside, digital=draw(st.booleans()))


@pytest.mark.row("A5")
class TestTheStatus:
    @pytest.mark.parametrize(
        ("cancelled", "held", "shape", "status"),
        [
            # ordered, cancelled, delivered of each line
            (False, False, [(1, 0, 0)], "CO"),
            (False, False, [(2, 1, 0)], "CO"),
            (False, False, [(2, 2, 0), (1, 0, 0)], "CO"),
            (False, False, [(2, 0, 1)], "LP"),
            (False, False, [(1, 0, 1), (1, 0, 0)], "LP"),
            (False, False, [(3, 1, 1)], "LP"),
            (False, False, [(1, 0, 1)], "LT"),
            (False, False, [(1, 0, 1), (2, 0, 2)], "LT"),
            (False, False, [(3, 2, 1)], "LT"),
            (False, False, [(1, 0, 1), (2, 2, 0)], "LT"),
            (False, False, [(1, 1, 0)], "AN"),
            (False, False, [(1, 1, 0), (3, 3, 0)], "AN"),
            (True, False, [(1, 0, 0)], "AN"),
            (True, False, [(2, 0, 1)], "AN"),
            (True, True, [(1, 0, 0)], "AN"),
            (False, True, [(1, 1, 0)], "AN"),
            (False, True, [(1, 0, 0)], "BL"),
            (False, True, [(2, 0, 1)], "BL"),
            (False, True, [(1, 0, 1)], "BL"),
        ],
    )
    def test_follows_from_the_lines(
        self, cancelled: bool, held: bool, shape: list[tuple[int, int, int]], status: str
    ) -> None:
        found = [line(ordered, cancelled=off, delivered=out) for ordered, off, out in shape]
        assert derive_status(cancelled=cancelled, held=held, lines=found) == status

    @given(st.booleans(), st.booleans(), st.lists(lines(), min_size=1, max_size=5))
    def test_is_always_the_one_that_the_rules_name(self, cancelled: bool, held: bool, found: list[OrderLine]) -> None:
        closed = all(each.delivered + each.cancelled == each.ordered for each in found)
        begun = sum(each.delivered for each in found) > 0
        if cancelled or sum(each.ordered - each.cancelled for each in found) == 0:
            expected = Status.CANCELLED
        elif held:
            expected = Status.BLOCKED
        elif begun:
            expected = Status.DELIVERED if closed else Status.PARTLY_DELIVERED
        else:
            expected = Status.OPEN
        assert derive_status(cancelled=cancelled, held=held, lines=found) is expected

    @given(st.lists(lines(), min_size=1, max_size=5))
    def test_does_not_care_for_the_order_of_the_lines_nor_for_kept_copies(self, found: list[OrderLine]) -> None:
        status = derive_status(cancelled=False, held=False, lines=found)
        for each in found:
            each.set_aside = 0
        assert derive_status(cancelled=False, held=False, lines=found[::-1]) is status

    def test_of_an_order_nine_of_ten_served_is_lp(self) -> None:
        served = [line(delivered=1) for _ in range(9)]
        assert order(*served, line(answer=SOLD_OUT)).status is Status.PARTLY_DELIVERED

    def test_has_the_five_codes_of_the_old_screens(self) -> None:
        assert {status.value for status in Status} == {"CO", "LP", "LT", "AN", "BL"}

    def test_goes_from_open_to_partly_to_wholly_delivered(self) -> None:
        taken = order(line(2))
        (only,) = taken.lines
        seen = [taken.status]
        for _ in range(2):
            taken.deliver({only.id: 1}, now=LATER)
            seen.append(taken.status)
        assert seen == [Status.OPEN, Status.PARTLY_DELIVERED, Status.DELIVERED]


@pytest.mark.row("A6")
class TestAHeldOrder:
    def test_opens_once_the_whole_is_paid_and_keeps_its_date(self) -> None:
        held = order(line(2), awaited=True, charge="3.00", web=True)
        assert held.status is Status.BLOCKED
        held.pay(payment(held, "22.99"), now=LATER)
        assert held.status is Status.BLOCKED
        held.pay(payment(held, "0.01"), now=LATER)
        assert (held.status, held.created_at) == (Status.OPEN, NOW)

    def test_hands_nothing_over(self) -> None:
        held = order(line(set_aside=1), awaited=True)
        with pytest.raises(OrderClosed):
            held.deliver({held.lines[0].id: 1}, now=LATER)

    def test_may_be_cancelled(self) -> None:
        held = order(line(), awaited=True)
        held.cancel(reason="Jamais réglée", now=LATER)
        assert held.status is Status.CANCELLED

    def test_keeps_its_place_and_takes_copies(self) -> None:
        held = order(line(2), awaited=True)
        held.set_aside(held.lines[0].id, 1, now=LATER)
        assert (held.status, held.reserved) == (Status.BLOCKED, 1)


@dataclass(frozen=True)
class Step:
    """One thing done to an order; the line is the n-th, modulo."""

    what: str
    nth: int
    quantity: int


STEPS = st.builds(
    Step,
    what=st.sampled_from(
        [
            *("set_aside", "release", "deliver", "cancel", "change", "add", "remove", "pay"),
            *("return", "return for good", "remainder", "lapse", "reopen"),
        ]
    ),
    nth=st.integers(0, 5),
    quantity=st.integers(1, 4),
)


def do(taken: CustomerOrder, step: Step) -> None:
    """``step``, as a use case does it: a release never exceeds what a reservation of the line holds."""
    target = taken.lines[step.nth % len(taken.lines)]
    match step.what:
        case "set_aside":
            taken.set_aside(target.id, step.quantity, now=LATER)
        case "release":
            taken.release(target.id, min(step.quantity, target.set_aside), now=LATER)
        case "deliver":
            taken.deliver({target.id: step.quantity}, now=LATER)
        case "cancel":
            taken.cancel(reason=None, now=LATER)
        case "change":
            taken.change_line(target.id, ordered=step.quantity, now=LATER)
        case "add":
            taken.add_line(line(step.quantity, digital=step.nth == 0), now=LATER)
        case "remove":
            taken.remove_line(target.id, now=LATER)
        case "return" | "return for good":
            taken.take_back({target.id: step.quantity}, replace_copies=step.what == "return", now=LATER)
        case "remainder":
            taken.cancel_remainder([target.id] if step.nth else None, reason=None, now=LATER)
        case "lapse":
            taken.lapse(now=LATER)
        case "reopen":
            taken.reopen(now=LATER)
        case _:
            taken.pay(payment(taken, f"{step.quantity}.50"), now=LATER)


@pytest.mark.row("A12")
class TestTheQuantities:
    @settings(max_examples=300)
    @given(st.lists(lines(), min_size=1, max_size=3), st.booleans(), st.lists(STEPS, max_size=25))
    def test_of_a_line_never_exceed_what_was_ordered_whatever_is_done(
        self, found: list[OrderLine], awaited: bool, steps: list[Step]
    ) -> None:
        taken = order(*found, awaited=awaited, web=awaited)
        for step in steps:
            version, before = taken.version, repr(taken)
            try:
                do(taken, step)
            except ShopError:
                assert repr(taken) == before, f"{step} was refused and yet changed something"
            else:
                assert taken.version == version + 1
            for each in taken.lines:
                assert each.ordered >= 1
                assert min(each.cancelled, each.set_aside, each.delivered, each.outstanding) >= 0
                assert each.reserved == each.set_aside + each.delivered
            assert len({each.position for each in taken.lines}) == len(taken.lines)
            assert taken.status == derive_status(
                cancelled=taken.cancelled_at is not None,
                held=taken.payment_state is PaymentState.AWAITED,
                lines=taken.lines,
            )
            assert taken.total == sum(each.unit_price * (each.ordered - each.cancelled) for each in taken.lines)

    def test_shown_as_received_are_the_kept_and_the_delivered(self) -> None:
        taken = order(line(3, set_aside=1, delivered=1), line(2, delivered=2), line())
        assert [each.reserved for each in taken.lines] == [2, 2, 0]
        assert (taken.quantity, taken.reserved) == (6, 4)

    def test_set_aside_no_more_than_is_waited_for_and_nothing_digital(self) -> None:
        taken = order(line(2, set_aside=1), line(digital=True))
        for nth, quantity in ((0, 2), (1, 1)):
            with pytest.raises(LineInUse):
                taken.set_aside(taken.lines[nth].id, quantity, now=LATER)
        taken.set_aside(taken.lines[0].id, 1, now=LATER)
        assert taken.lines[0].outstanding == 0


class TestADelivery:
    def test_takes_the_kept_copies_first(self) -> None:
        taken = order(line(5, set_aside=2))
        assert taken.deliver({taken.lines[0].id: 4}, now=LATER) == {taken.lines[0].id: (2, 2)}
        (only,) = taken.lines
        assert (only.set_aside, only.delivered, only.outstanding) == (0, 4, 1)

    def test_of_more_than_is_lacking_names_every_such_line_and_hands_nothing_over(self) -> None:
        taken = order(line(1), line(2, delivered=1), line(3))
        asked = {each.id: quantity for each, quantity in zip(taken.lines, (2, 2, 3), strict=True)}
        with pytest.raises(OutOfStock) as refusal:
            taken.deliver(asked, now=LATER)
        facts = [dict(fault.facts) for fault in refusal.value.faults]
        assert [(each["wanted"], each["available"]) for each in facts] == [(2, 1), (2, 1)]
        assert [each.delivered for each in taken.lines] == [0, 1, 0]

    def test_of_nothing_is_refused(self) -> None:
        taken = order(line())
        assert taken.deliverable() == {}
        with pytest.raises(NothingToDeliver):
            taken.deliver(taken.deliverable(), now=LATER)

    def test_of_all_takes_what_is_kept_and_what_is_digital(self) -> None:
        taken = order(line(3, set_aside=2), line(), line(2, digital=True))
        assert taken.deliverable() == {taken.lines[0].id: 2, taken.lines[2].id: 2}

    def test_of_a_cancelled_order_is_refused(self) -> None:
        taken = order(line())
        taken.cancel(reason=None, now=LATER)
        with pytest.raises(OrderClosed):
            taken.deliver({taken.lines[0].id: 1}, now=LATER)


class TestACancelledOrder:
    def test_gives_up_its_kept_copies_and_waits_for_nothing(self) -> None:
        taken = order(line(3, set_aside=2), line())
        assert taken.cancel(reason="Renonce", now=LATER) == {taken.lines[0].id: 2}
        assert [each.outstanding for each in taken.lines] == [0, 0]
        assert (taken.status, taken.cancelled_at, taken.cancel_reason) == (Status.CANCELLED, LATER, "Renonce")
        assert taken.total == 0

    @pytest.mark.parametrize("delivered", [1, 2])
    def test_was_never_delivered_in_part_or_whole(self, delivered: int) -> None:
        taken = order(line(2, delivered=delivered))
        with pytest.raises(OrderClosed):
            taken.cancel(reason=None, now=LATER)

    def test_takes_no_line_no_money_and_no_second_cancelling(self) -> None:
        taken = order(line())
        taken.cancel(reason=None, now=LATER)
        with pytest.raises(OrderClosed):
            taken.add_line(line(), now=LATER)
        with pytest.raises(OrderClosed):
            taken.change_line(taken.lines[0].id, ordered=2, now=LATER)
        with pytest.raises(OrderClosed):
            taken.pay(payment(taken, "1.00"), now=LATER)
        with pytest.raises(OrderClosed):
            taken.cancel(reason=None, now=LATER)


@pytest.mark.row("A5")
class TestAReturn:
    @pytest.mark.parametrize(
        ("lines_of", "back", "replaced", "status"),
        [
            # ordered and delivered of each line; copies of the first that come back
            ([(1, 1)], 1, True, "CO"),
            ([(2, 2)], 1, True, "LP"),
            ([(2, 2)], 1, False, "LT"),
            ([(2, 1)], 1, True, "CO"),
            ([(2, 1)], 1, False, "CO"),
            ([(1, 1), (1, 1)], 1, True, "LP"),
            ([(1, 1)], 1, False, "AN"),
        ],
    )
    def test_takes_the_order_back_to_what_its_lines_say(
        self, lines_of: list[tuple[int, int]], back: int, replaced: bool, status: str
    ) -> None:
        taken = order(*(line(ordered, delivered=delivered) for ordered, delivered in lines_of))
        waited = taken.lines[0].outstanding
        taken.take_back({taken.lines[0].id: back}, replace_copies=replaced, now=LATER, reason="Taché")
        assert taken.status == status
        assert taken.lines[0].outstanding == waited + (back if replaced else 0)
        assert taken.lines[0].cancel_reason == (None if replaced else "Taché")

    def test_of_more_than_was_delivered_names_every_such_line_and_takes_nothing(self) -> None:
        taken = order(line(3, delivered=1), line(2, delivered=2), line(2, set_aside=1))
        with pytest.raises(NothingToReturn) as refusal:
            taken.take_back({each.id: 2 for each in taken.lines}, replace_copies=True, now=LATER)
        assert [dict(fault.facts)["available"] for fault in refusal.value.faults] == [1, 0]
        assert [each.delivered for each in taken.lines] == [1, 2, 0]

    @pytest.mark.parametrize("awaited", [True, False])
    def test_is_of_a_delivered_order_only(self, awaited: bool) -> None:
        taken = order(line(set_aside=1), awaited=awaited)
        with pytest.raises(OrderClosed):
            taken.take_back({taken.lines[0].id: 1}, replace_copies=True, now=LATER)


@pytest.mark.row("A5", "A6")
class TestALapsedPayment:
    def test_annuls_a_blocked_order_and_frees_its_copies(self) -> None:
        held = order(line(2, set_aside=1), awaited=True)
        assert held.lapse(now=LATER) == {held.lines[0].id: 1}
        assert (held.status, held.payment_state, held.lines[0].set_aside) == (
            Status.CANCELLED,
            PaymentState.LAPSED,
            0,
        )

    @pytest.mark.parametrize("shape", [{"ordered": 1}, {"ordered": 2, "delivered": 1}, {"ordered": 1, "delivered": 1}])
    def test_is_of_a_blocked_order_only(self, shape: dict[str, int]) -> None:
        taken = order(line(**shape))  # type: ignore[arg-type]
        with pytest.raises(OrderClosed):
            taken.lapse(now=LATER)

    def test_is_awaited_anew_when_the_order_is_opened_again(self) -> None:
        held = order(line(), awaited=True)
        held.lapse(now=LATER)
        held.reopen(now=LATER)
        assert (held.status, held.payment_state) == (Status.BLOCKED, PaymentState.AWAITED)


@pytest.mark.row("A5")
class TestTheRemainder:
    def test_of_a_partly_delivered_order_goes_and_it_is_wholly_delivered(self) -> None:
        taken = order(line(3, delivered=1), line(1, delivered=1), line(2))
        taken.cancel_remainder(None, reason="Epuisé", now=LATER)
        assert taken.status is Status.DELIVERED
        assert [(each.cancelled, each.cancel_reason) for each in taken.lines] == [
            (2, "Epuisé"),
            (0, None),
            (2, "Epuisé"),
        ]

    def test_keeps_the_copies_set_aside(self) -> None:
        taken = order(line(3, delivered=1, set_aside=1))
        taken.cancel_remainder(None, reason=None, now=LATER)
        assert (taken.status, taken.lines[0].set_aside, taken.lines[0].cancelled) == (Status.PARTLY_DELIVERED, 1, 1)

    def test_of_one_line_leaves_the_others(self) -> None:
        taken = order(line(2), line(2))
        taken.cancel_remainder([taken.lines[1].id], reason="Epuisé", now=LATER)
        assert ([each.outstanding for each in taken.lines], taken.status) == ([2, 0], Status.OPEN)

    @pytest.mark.parametrize("shape", [{"ordered": 1}, {"ordered": 1, "delivered": 1}, {"ordered": 1, "cancelled": 1}])
    def test_as_a_whole_is_of_a_partly_delivered_order_only(self, shape: dict[str, int]) -> None:
        taken = order(line(**shape))  # type: ignore[arg-type]
        with pytest.raises(OrderClosed):
            taken.cancel_remainder(None, reason=None, now=LATER)

    def test_of_lines_that_wait_for_nothing_is_refused(self) -> None:
        taken = order(line(2, delivered=2), line(2, delivered=1))
        with pytest.raises(NothingToCancel):
            taken.cancel_remainder([taken.lines[0].id], reason=None, now=LATER)


@pytest.mark.row("A5")
class TestAReopenedOrder:
    def test_waits_again_as_before_but_for_what_was_given_up_earlier(self) -> None:
        taken = order(line(3, set_aside=1), line(2))
        taken.cancel_remainder([taken.lines[1].id], reason="Epuisé", now=LATER)
        taken.cancel(reason="Renonce", now=LATER)
        taken.reopen(now=LATER)
        assert [(each.outstanding, each.cancelled, each.set_aside) for each in taken.lines] == [(3, 0, 0), (0, 2, 0)]
        assert [each.cancel_reason for each in taken.lines] == [None, "Epuisé"]
        assert (taken.status, taken.cancelled_at, taken.cancel_reason) == (Status.OPEN, None, None)
        assert taken.created_at == NOW, "its place in the queue is its date's"

    def test_that_was_annulled_line_by_line_waits_for_all_again(self) -> None:
        taken = order(line(2), line())
        taken.cancel_remainder([each.id for each in taken.lines], reason="Epuisé", now=LATER)
        assert taken.status is Status.CANCELLED
        taken.reopen(now=LATER)
        assert ([each.outstanding for each in taken.lines], taken.status) == ([2, 1], Status.OPEN)

    def test_may_not_have_been_refunded(self) -> None:
        taken = order(line(unit_price="20.00"))
        taken.pay(payment(taken, "5.00", PaymentKind.DEPOSIT), now=LATER)
        taken.cancel(reason=None, now=LATER)
        taken.refund(Decimal("5.00"), now=LATER)
        with pytest.raises(AlreadyRefunded):
            taken.reopen(now=LATER)

    @pytest.mark.parametrize("shape", [{"ordered": 1}, {"ordered": 2, "delivered": 1}, {"ordered": 1, "delivered": 1}])
    def test_was_annulled(self, shape: dict[str, int]) -> None:
        taken = order(line(**shape))  # type: ignore[arg-type]
        with pytest.raises(OrderClosed):
            taken.reopen(now=LATER)


class TestARefund:
    def test_goes_out_of_the_deposit_first(self) -> None:
        taken = order(line(unit_price="20.00"))
        taken.pay(payment(taken, "5.00", PaymentKind.DEPOSIT), now=LATER)
        taken.pay(payment(taken, "4.00"), now=LATER)
        assert taken.refund(Decimal("6.00"), now=LATER) == Decimal("5.00")
        assert (taken.paid, taken.deposit, taken.refunded) == (Decimal("3.00"), Decimal(0), Decimal("6.00"))

    def test_is_never_of_what_was_delivered(self) -> None:
        taken = order(line(2, unit_price="20.00", delivered=1))
        taken.pay(payment(taken, "25.00"), now=LATER)
        with pytest.raises(RefundTooLarge) as refusal:
            taken.refund(Decimal("5.01"), now=LATER)
        assert refusal.value.facts["most"] == Decimal("5.00")
        taken.refund(Decimal("5.00"), now=LATER)
        assert (taken.paid, taken.refundable) == (Decimal("20.00"), Decimal(0))

    def test_of_a_paid_order_leaves_it_unpaid(self) -> None:
        taken = order(line(unit_price="20.00"))
        taken.pay(payment(taken, "20.00"), now=LATER)
        taken.refund(Decimal("0.01"), now=LATER)
        assert (taken.payment_state, taken.due) == (PaymentState.NONE, Decimal("0.01"))


@pytest.mark.row("A18")
class TestAParcel:
    def test_bears_the_orders_charge_when_it_is_the_first_and_adds_to_it_later(self) -> None:
        taken = order(line(3), charge="3.00")
        taken.charge_parcel(Decimal("4.00"), None, first=True)
        assert taken.delivery_charge == Decimal("4.00")
        taken.charge_parcel(Decimal("3.00"), None, first=False)
        assert taken.delivery_charge == Decimal("7.00")

    def test_is_never_charged_what_no_order_can_hold(self) -> None:
        taken = order(line(3), charge="3.00")
        with pytest.raises(Invalid):
            taken.charge_parcel(Decimal("9999999999.99"), None, first=False)
        assert taken.delivery_charge == Decimal("3.00")


class TestALine:
    def test_added_stands_behind_the_others(self) -> None:
        taken = order(line(), line())
        taken.remove_line(taken.lines[0].id, now=LATER)
        taken.add_line(line(), now=LATER)
        assert [each.position for each in taken.lines] == [2, 3]

    def test_is_not_ordered_below_what_was_served(self) -> None:
        taken = order(line(5, set_aside=1, delivered=1, cancelled=1))
        with pytest.raises(LineInUse):
            taken.change_line(taken.lines[0].id, ordered=2, now=LATER)
        taken.change_line(taken.lines[0].id, ordered=3, now=LATER)
        assert taken.lines[0].outstanding == 0

    @pytest.mark.parametrize("served", [{"set_aside": 1}, {"delivered": 1}])
    def test_that_was_served_is_not_removed(self, served: dict[str, int]) -> None:
        taken = order(line(2, **served), line())  # type: ignore[arg-type]
        with pytest.raises(LineInUse):
            taken.remove_line(taken.lines[0].id, now=LATER)

    def test_that_is_the_last_is_not_removed(self) -> None:
        taken = order(line())
        with pytest.raises(LineInUse):
            taken.remove_line(taken.lines[0].id, now=LATER)

    def test_of_another_order_is_not_found(self) -> None:
        with pytest.raises(NotFound):
            order(line()).line(LineId(new_id()))

    def test_of_a_delivered_order_is_not_touched(self) -> None:
        taken = order(line(delivered=1))
        with pytest.raises(OrderClosed):
            taken.add_line(line(), now=LATER)


class TestTheValue:
    def test_is_what_the_copies_not_cancelled_cost_and_the_delivery(self) -> None:
        taken = order(
            line(3, cancelled=1, unit_price="9.50", list_price="10.00"),
            line(1, unit_price="5.99", list_price="5.99"),
            charge="3.01",
        )
        view = view_of(taken)
        assert (str(view.total), str(view.discount)) == ("28.00", "1.00")
        assert [str(each.amount) for each in view.lines] == ["19.00", "5.99"]

    def test_has_no_discount_where_the_price_is_above_the_publishers(self) -> None:
        assert view_of(order(line(unit_price="12.00", list_price="10.00"))).discount == 0

    @given(st.lists(st.tuples(st.integers(1, 50), st.decimals(0, 999, places=2)), min_size=1, max_size=8))
    def test_is_the_sum_of_its_lines(self, priced: list[tuple[int, Decimal]]) -> None:
        taken = order(*(line(ordered, unit_price=str(price), list_price=str(price)) for ordered, price in priced))
        assert taken.total == sum(ordered * price for ordered, price in priced)
        assert summary_of(taken).quantity == sum(ordered for ordered, _ in priced)

    def test_counts_deposits_apart(self) -> None:
        taken = order(line(unit_price="20.00"))
        taken.pay(payment(taken, "5.00", PaymentKind.DEPOSIT), now=LATER)
        taken.pay(payment(taken, "4.00"), now=LATER)
        assert (taken.deposit, taken.paid, taken.payment_state) == (Decimal(5), Decimal(9), PaymentState.NONE)
        taken.pay(payment(taken, "11.00"), now=LATER)
        assert taken.payment_state is PaymentState.PAID


@pytest.mark.row("A13")
class TestTheShownAnswer:
    @pytest.mark.parametrize(
        ("served", "shown"),
        [
            ({"ordered": 1}, SOLD_OUT),
            ({"ordered": 3, "set_aside": 1}, SOLD_OUT),
            ({"ordered": 3, "set_aside": 1, "delivered": 1}, SOLD_OUT),
            ({"ordered": 3, "set_aside": 2, "delivered": 1}, AVAILABLE),
            ({"ordered": 3, "cancelled": 2, "set_aside": 1}, AVAILABLE),
            ({"ordered": 1, "delivered": 1}, AVAILABLE),
            ({"ordered": 1, "cancelled": 1}, SOLD_OUT),
        ],
    )
    def test_is_disponible_once_nothing_is_waited_for_and_something_came(
        self, served: dict[str, int], shown: Answer
    ) -> None:
        assert line(answer=SOLD_OUT, **served).shown_answer is shown  # type: ignore[arg-type]

    def test_is_nothing_until_somebody_said_something(self) -> None:
        assert line().shown_answer is None
        assert AVAILABLE.label == "Disponible"

    def test_is_the_distributors_again_when_the_copy_is_released(self) -> None:
        taken = order(line(set_aside=1, answer=SOLD_OUT))
        taken.release(taken.lines[0].id, 1, now=LATER)
        assert taken.lines[0].shown_answer is SOLD_OUT


class TestWhatAWebShopSendsAnew:
    def test_is_taken_over_and_keeps_the_ids_of_lines_of_the_same_article(self) -> None:
        known = order(line(ean=EAN), line(ean=OTHER_EAN), line(ean=EAN), web=True)
        first, other, second = (each.id for each in known.lines)
        sent = order(line(ean=OTHER_EAN), line(4, ean=EAN), line(ean=Ean("9782871427704")), web=True, charge="7.00")
        fresh = sent.lines[2].id
        number, made = known.number, known.id
        sent.contact = Contact(name="AUTRE")
        known.receive_again(sent, now=LATER)
        assert [each.id for each in known.lines] == [other, first, fresh]
        assert [each.position for each in known.lines] == [1, 2, 3]
        assert known.removed == [second]
        assert (known.number, known.id, known.version, known.created_at) == (number, made, 2, NOW)
        assert (known.contact.name, known.delivery_charge) == ("AUTRE", Decimal("7.00"))

    @pytest.mark.parametrize("begun", [{"set_aside": 1}, {"delivered": 1}, {"cancelled": 1}])
    def test_is_refused_once_picking_has_begun(self, begun: dict[str, int]) -> None:
        known = order(line(2, **begun), web=True)  # type: ignore[arg-type]
        before = repr(known)
        with pytest.raises(OrderLocked):
            known.receive_again(order(line(), web=True), now=LATER)
        assert repr(known) == before

    def test_is_refused_for_a_cancelled_order(self) -> None:
        known = order(line(), web=True)
        known.cancel(reason=None, now=LATER)
        with pytest.raises(OrderLocked):
            known.receive_again(order(line(), web=True), now=LATER)


class TestANote:
    def test_changes_nothing_when_nothing_differs(self) -> None:
        taken = order(line())
        assert not taken.annotate(customer_reference=None, comment=None, now=LATER)
        assert (taken.version, taken.updated_at) == (1, NOW)
        assert taken.annotate(customer_reference="BC-1", comment=None, now=LATER)
        assert (taken.version, taken.updated_at, taken.customer_reference) == (2, LATER, "BC-1")
