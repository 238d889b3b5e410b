"""Loyalty (A62): what purchases earn on a card, when it becomes a voucher, what is spent of it, and what lapses.

The ledger is all there is: a card's balance, its count of purchases and the sum that earned are sums of its entries. How it
stands is one pure fold over them, and is the same in whatever order they came:

* Each purchase is a lot, net of its refunds; an opening and a positive adjustment are lots too. Lots lie one after the other
  in the order of their instants, and are used up from the oldest on.
* A reward is reached at each full round of the program (so many purchases, or so many euros). What lies within the full rounds
  may be spent; the lot that straddles the end of the last one counts in proportion. A sum that stands for no purchase lies
  where it was written, and is free at once where no round is begun.
* What was earned and is brought back after it was spent is owed: sums that had lapsed pay for it first, then what is earned
  later. So a balance is never below nil, and when all is brought back, in any order, all is as it was.
"""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import ROUND_FLOOR, Decimal
from enum import StrEnum
from typing import NewType
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.model.booklaw import BookLaw, Cap
from domain.model.prices import WHOLE
from domain.model.pricing import least_price
from domain.model.purchase import Purchase
from domain.model.values import CENT, NOTHING, CustomerId, PurchaseId, cents

LoyaltyEntryId = NewType("LoyaltyEntryId", UUID)


class ProgramKind(StrEnum):
    """What a reward is reached by: so many purchases, or so many euros."""

    PURCHASES = "purchases"
    AMOUNT = "amount"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoyaltyProgram:
    """A program of the shop: ``percent`` of each purchase that earns, given at each ``every``-th or at each ``threshold`` euros.

    ``expires_after_months`` None: what is earned never lapses. ``voucher_note`` is printed on the voucher.
    """

    code: str
    label: str
    kind: ProgramKind
    percent: Decimal
    every: int | None = None
    threshold: Decimal | None = None
    expires_after_months: int | None = None
    voucher_note: str | None = None

    @property
    def round(self) -> Decimal:
        """How much of its measure makes a reward: purchases, or euros."""
        return Decimal(self.every or 1) if self.kind is ProgramKind.PURCHASES else (self.threshold or CENT)

    def last_day_out(self, today: date) -> date | None:
        """The last day whose purchases have lapsed by ``today``; None when none ever does."""
        if self.expires_after_months is None:
            return None
        day = later(today, -self.expires_after_months)
        # months have not one length: 31 January lapses with the last day of February
        while later(day + timedelta(days=1), self.expires_after_months) <= today:
            day += timedelta(days=1)
        return day


def program_of(programs: Sequence[LoyaltyProgram], code: str | None) -> LoyaltyProgram | None:
    """The program of a card: the one named, else the shop's first; None when the shop has none."""
    return next((each for each in programs if each.code == code), programs[0] if programs else None)


def later(day: date, months: int) -> date:
    """The same day so many months later, or the last one of that month.

    >>> later(date(2026, 1, 31), 1)
    datetime.date(2026, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    year = max(year, 1)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


class LoyaltyCause(StrEnum):
    """Why a ledger has an entry. ``expire`` takes what is too old, or what was given back of it once too often."""

    OPENING = "opening"
    PURCHASE = "purchase"
    REFUND = "refund"
    REDEEM = "redeem"
    REDEEM_UNDONE = "redeem_undone"
    EXPIRE = "expire"
    EXPIRE_UNDONE = "expire_undone"
    SHORTFALL = "shortfall"
    RECOVERY = "recovery"
    ADJUST = "adjust"


UNSETTLING = frozenset({LoyaltyCause.EXPIRE, LoyaltyCause.SHORTFALL})
"""Once a ledger has one of these, a new purchase is not merely one more entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoyaltyEntry:
    """One step of a ledger. ``amount`` (euros), ``purchases`` and ``base`` (euros that earned) are signed.

    With its cause the ``reference`` is unique, so that each thing happens once. ``purchase_id`` is the purchase that earned,
    also of what was taken back of it.
    """

    id: LoyaltyEntryId
    customer_id: CustomerId
    at: datetime
    cause: LoyaltyCause
    amount: Decimal
    reference: str
    by: str
    purchases: int = 0
    base: Decimal = NOTHING
    purchase_id: PurchaseId | None = None
    reason: str | None = None

    @property
    def key(self) -> tuple[datetime, UUID]:
        """The place of the entry in its ledger."""
        return self.at, self.id

    @property
    def cutoff(self) -> date | None:
        """Up to which day a nightly run took what was too old; None of any other entry."""
        day, apart, _ = self.reference.partition(":")
        return date.fromisoformat(day) if self.cause is LoyaltyCause.EXPIRE and apart else None


def voucher_reference(ticket: str, line: str) -> str:
    """The reference of what a voucher paid of a line of a ticket.

    >>> voucher_reference("12:30", "L:1")
    '12%3A30:L:1'
    """
    return f"{ticket.replace('%', '%25').replace(':', '%3A')}:{line}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lapse:
    """What lapses next, and on which day."""

    on: date
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a ledger stands. ``available`` are the rewards reached and not spent; ``rewards`` how many were reached.

    ``purchases`` and ``base`` are the sums of the ledger; ``round_*`` is what lies beyond the last full round, ``owed`` what
    later purchases pay back first, ``expired`` what has lapsed.
    """

    balance: Decimal
    available: Decimal
    purchases: int
    base: Decimal
    rewards: int
    round_purchases: int
    round_base: Decimal
    round_amount: Decimal
    owed: Decimal
    expired: Decimal
    lapse: Lapse | None

    def to_go(self, program: LoyaltyProgram | None) -> Decimal | None:
        """What the next reward still takes: purchases or euros; None without a program."""
        if program is None:
            return None
        done = Decimal(self.round_purchases) if program.kind is ProgramKind.PURCHASES else self.round_base
        return program.round - done


@dataclass(slots=True)
class Lot:
    """What one purchase, opening or adjustment has brought, net of refunds."""

    at: datetime
    amount: Decimal = NOTHING
    purchases: int = 0
    base: Decimal = NOTHING

    def add(self, entry: LoyaltyEntry) -> None:
        self.amount += max(entry.amount, NOTHING) if entry.cause is LoyaltyCause.ADJUST else entry.amount
        self.purchases += entry.purchases
        self.base += entry.base

    def measure(self, program: LoyaltyProgram) -> Decimal:
        return Decimal(self.purchases) if program.kind is ProgramKind.PURCHASES else self.base


_EARNING = frozenset({LoyaltyCause.OPENING, LoyaltyCause.PURCHASE, LoyaltyCause.ADJUST})


def standing(entries: Iterable[LoyaltyEntry], program: LoyaltyProgram | None, zone: ZoneInfo) -> Standing:
    """The fold: how a ledger stands, whatever the order of ``entries``. Days are those of ``zone``, the shop's."""
    ordered = sorted(entries, key=lambda entry: entry.key)
    lots = lots_of(ordered)
    earned = sum((lot.amount for lot in lots), NOTHING)
    spent, expired = used(ordered, lots, zone)
    short = max(spent + expired - earned, NOTHING)
    forgiven = min(short, expired)
    expired, owed = expired - forgiven, short - forgiven
    balance = earned - spent - expired + owed
    rewards, released, beyond = _rounds(lots, program)
    return Standing(
        balance=balance,
        available=max(min(balance, released - spent - expired), NOTHING),
        purchases=sum(lot.purchases for lot in lots),
        base=sum((lot.base for lot in lots), NOTHING),
        rewards=rewards,
        round_purchases=beyond.purchases,
        round_base=beyond.base,
        round_amount=beyond.amount,
        owed=owed,
        expired=expired,
        lapse=_next_lapse(lots, spent + expired, program, zone),
    )


def lots_of(ordered: Sequence[LoyaltyEntry]) -> list[Lot]:
    lots: dict[UUID, Lot] = {}
    for entry in ordered:
        if entry.cause in _EARNING:
            lots.setdefault(entry.purchase_id or entry.id, Lot(entry.at)).add(entry)
    for entry in ordered:
        if entry.cause is LoyaltyCause.REFUND and entry.purchase_id is not None:
            lots.setdefault(entry.purchase_id, Lot(entry.at)).add(entry)
    return list(lots.values())


def used(ordered: Sequence[LoyaltyEntry], lots: Sequence[Lot], zone: ZoneInfo) -> tuple[Decimal, Decimal]:
    """What was spent, net of what was given back, and what lapsed of what was then left of the oldest lots."""
    undone: dict[str, Decimal] = {}
    for entry in ordered:
        if entry.cause is LoyaltyCause.REDEEM_UNDONE:
            voucher = entry.reference.partition(":")[2]
            undone[voucher] = undone.get(voucher, NOTHING) + entry.amount
    spent = expired = NOTHING
    for entry in ordered:
        if entry.cause is LoyaltyCause.REDEEM:
            spent -= entry.amount + undone.get(entry.reference, NOTHING)
        elif entry.cause is LoyaltyCause.ADJUST:
            spent -= min(entry.amount, NOTHING)
        elif (cutoff := entry.cutoff) is not None:
            expired += min(-entry.amount, left_of_old(lots, cutoff, spent + expired, zone))
    return spent, expired


def left_of_old(lots: Sequence[Lot], cutoff: date, gone: Decimal, zone: ZoneInfo) -> Decimal:
    """What is left of the lots up to a day; what is ``gone`` counts against the oldest."""
    end = datetime.combine(cutoff + timedelta(days=1), time(), zone)
    return max(sum((lot.amount for lot in lots if lot.at < end), NOTHING) - gone, NOTHING)


def _rounds(lots: Sequence[Lot], program: LoyaltyProgram | None) -> tuple[int, Decimal, Lot]:
    """The rounds that are full, the sum that lies in them, and what lies beyond them."""
    beyond = Lot(datetime.min)  # noqa: DTZ901 - a sum of lots has no instant
    for lot in lots:
        beyond.amount, beyond.purchases, beyond.base = (
            beyond.amount + lot.amount,
            beyond.purchases + lot.purchases,
            beyond.base + lot.base,
        )
    if program is None:
        return 0, NOTHING, replace(beyond, purchases=max(beyond.purchases, 0), base=max(beyond.base, NOTHING))
    rewards = int((max(beyond.measure(program), NOTHING) / program.round).to_integral_value(ROUND_FLOOR))
    end, reached, released = rewards * program.round, NOTHING, NOTHING
    for lot in lots:
        size = lot.measure(program)
        if size < 0:  # taken off what lies beyond: an adjustment takes no reward back
            continue
        if reached + size <= end:
            released += lot.amount
            beyond.purchases -= lot.purchases
            beyond.base -= lot.base
        elif reached < end:
            part = (end - reached) / size
            released += cents(lot.amount * part)
            within = int((lot.purchases * part).to_integral_value(ROUND_FLOOR))
            beyond.purchases -= int(end - reached) if program.kind is ProgramKind.PURCHASES else within
            beyond.base -= cents(lot.base * part)
        reached += size
    beyond.amount -= released
    beyond.purchases, beyond.base = max(beyond.purchases, 0), max(beyond.base, NOTHING)
    return rewards, released, beyond


def _next_lapse(lots: Sequence[Lot], gone: Decimal, program: LoyaltyProgram | None, zone: ZoneInfo) -> Lapse | None:
    if program is None or program.expires_after_months is None:
        return None
    found: Lapse | None = None
    for lot in sorted(lots, key=lambda lot: lot.at):
        left = max(lot.amount - max(gone, NOTHING), NOTHING)
        gone -= lot.amount
        day = later(lot.at.astimezone(zone).date(), program.expires_after_months)
        if found is not None and day != found.on:
            break
        if left:
            found = Lapse(on=day, amount=left + (found.amount if found else NOTHING))
    return found


def earned_by(
    purchase: Purchase, *, program: LoyaltyProgram | None, law: BookLaw, on: date, frozen: bool | None = None
) -> Decimal | None:
    """Euros that a purchase earns on an active card, None where it does not count (trade R11).

    ``frozen``: what the order said of it when it was priced; None: it is judged now, by what was paid for it.
    """
    if program is None or purchase.quantity < 0 or purchase.amount <= 0 or frozen is False:
        return None
    discounted = purchase.amount < purchase.list_price * purchase.quantity
    verdict = law.earns_loyalty(
        article=purchase,
        buyer=purchase.buyer,
        shipped=purchase.shipped,
        loyalty=True,
        discount_granted=discounted and frozen is None,
        on=on,
    )
    if not verdict.earns and frozen is None:
        return None
    percent = min(program.percent, verdict.most) if verdict.earns and verdict.most is not None else program.percent
    return cents(purchase.amount * percent / WHOLE)


def voucher_limit(amount: Decimal, *, list_price: Decimal, quantity: int, cap: Cap) -> Decimal:
    """The most that a voucher may take off a line of ``amount`` euros, before the law's ``cap`` (trade R11).

    What was taken off already counts within the cap, which is one of the publisher's price.
    """
    if cap.percent is None:
        return amount
    return max(amount - least_price(list_price, cap.percent) * quantity, NOTHING)


def shared(amount: Decimal, most: Sequence[Decimal]) -> list[Decimal]:
    """``amount`` shared out in proportion to ``most``, none above its own, to the cent: the largest remainders get the rest.

    ``amount`` is at most the sum of ``most``.
    """
    whole = sum(most, NOTHING)
    exact = [amount * each / whole if whole else NOTHING for each in most]
    parts = [each.quantize(CENT, rounding=ROUND_FLOOR) for each in exact]
    left = int((amount - sum(parts, NOTHING)) / CENT)
    for place in sorted(range(len(most)), key=lambda place: parts[place] - exact[place])[:left]:
        parts[place] += CENT
    return parts
