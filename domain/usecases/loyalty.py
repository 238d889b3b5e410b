"""Loyalty cards: what they had elsewhere, corrections, vouchers, and what lapses (A62, P24, P34)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Protocol
from zoneinfo import ZoneInfo

from domain.errors import Fault, Inconsistent, LoyaltyInactive, LoyaltyTooLow, ReferenceReused, VoucherOverCap
from domain.events import EventType
from domain.model.access import Caller
from domain.model.article import Article, ArticleKind, kind_of
from domain.model.booklaw import Buyer, buyer_of
from domain.model.customer import Customer
from domain.model.loyalty import shared, voucher_limit, voucher_reference
from domain.model.loyalty_ledger import LoyaltyLedger
from domain.model.purchase import PurchaseSource
from domain.model.settings import DossierSettings
from domain.model.values import NOTHING, CustomerId, Ean, Party
from domain.ports.answers import Once, Told
from domain.ports.unit_of_work import UnitOfWork
from domain.queries.loyalty import LoyaltyView, RedemptionView, VoucherLine, view_of
from domain.usecases.customers import customer_event
from domain.usecases.loyalty_cards import collects, ledgers_of, write
from domain.usecases.rulebook import seen
from domain.usecases.work import Surroundings, told, until_done

AT_ONCE = 200
"""Cards whose lapsing is one transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a ledger is to have more, or less: euros, purchases, euros that earned."""

    amount: Decimal
    purchases: int = 0
    base: Decimal = NOTHING
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketLine:
    """A line of a ticket before the voucher; ``amount`` is what all its copies cost, VAT included."""

    reference: str
    ean: Ean
    quantity: int
    amount: Decimal
    shipped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Voucher:
    """``amount`` None: all that may be spent on these lines. ``reference`` is the ticket."""

    amount: Decimal | None
    reference: str
    lines: Sequence[TicketLine]


@dataclass(frozen=True, slots=True)
class _Unlisted:
    """An article that the shop does not have, as its EAN tells of it."""

    kind: ArticleKind
    digital: bool = False
    school_book: bool = False


class Change(Protocol):
    """What is done to a locked ledger."""

    def __call__(self, ledger: LoyaltyLedger, now: datetime, /) -> None: ...


@dataclass(frozen=True, slots=True)
class Loyalty:
    around: Surroundings

    async def open(
        self, *, by: Caller, customer_id: CustomerId, correction: Correction, once: Once[LoyaltyView]
    ) -> Told:
        """What the card had in another program (P34). Raises ``LoyaltyBegun``, ``NotFound``, ``CustomerMerged``."""

        def begin(ledger: LoyaltyLedger, now: datetime) -> None:
            ledger.open(
                amount=correction.amount,
                purchases=correction.purchases,
                base=correction.base,
                reason=correction.reason,
                at=now,
            )

        return await self._correct(by, customer_id, begin, once)

    async def adjust(
        self, *, by: Caller, customer_id: CustomerId, correction: Correction, once: Once[LoyaltyView]
    ) -> Told:
        """A person puts the ledger right. Raises ``LoyaltyTooLow`` below nil, ``NotFound``, ``CustomerMerged``."""

        def put_right(ledger: LoyaltyLedger, now: datetime) -> None:
            ledger.adjust(
                amount=correction.amount,
                purchases=correction.purchases,
                base=correction.base,
                reason=correction.reason or "",
                at=now,
            )

        return await self._correct(by, customer_id, put_right, once)

    async def redeem(
        self, *, by: Caller, customer_id: CustomerId, voucher: Voucher, once: Once[RedemptionView]
    ) -> Told:
        """Spend a voucher on the lines of a ticket, on each within what the law leaves (R11).

        It is shared out in proportion to what it may take off each line. Raises ``LoyaltyInactive``; ``LoyaltyTooLow`` for
        more than the rewards that are left; ``VoucherOverCap`` telling the most; ``ReferenceReused`` for a ticket on which a
        voucher was spent, or whose lines are recorded; ``Inconsistent``, ``NotFound``, ``CustomerMerged``.
        """
        _check(voucher)

        async def attempt() -> Told:
            now = self.around.clock()
            async with self.around.begin(by.dossier, by.client) as work:
                if (before := await work.claim(once)) is not None:
                    return before
                card, ledger, settings = await self._ledger(work, by, customer_id)
                if not collects(card.details, self.around.today(by.dossier)):
                    raise LoyaltyInactive
                await _expect_new(work, ledger, voucher)
                limits = await self._limits(work, by, card, voucher, settings)
                most = sum((line.most for line in limits), NOTHING)
                available = ledger.standing.available
                asked = min(available, most) if voucher.amount is None else voucher.amount
                if asked > available or not available:
                    raise LoyaltyTooLow(available=available)
                if asked > most or not most:
                    raise VoucherOverCap(most=most)
                parts = shared(asked, [line.most for line in limits])
                spent = {
                    voucher_reference(voucher.reference, line.reference): part
                    for line, part in zip(limits, parts, strict=True)
                    if part
                }
                first = ledger.redeem(spent, at=now)
                write(work, [ledger])
                work.emit(customer_event(EventType.CUSTOMER_UPDATED, card, around=self.around, by=by))
                view = RedemptionView(
                    id=first,
                    amount=asked,
                    lines=[replace(line, amount=part) for line, part in zip(limits, parts, strict=True)],
                    loyalty=view_of(card, ledger.program, ledger.standing),
                )
                return await told(work, once, view)

        return await until_done(attempt)

    async def expire(self, *, by: Caller) -> int:
        """Take what is too old off every card, and settle what a merge undone has left: what the night does.

        Answers how many cards it changed.
        """
        today = self.around.today(by.dossier)
        async with self.around.begin(by.dossier, by.client) as work:
            settings = await work.references.settings()
            ends = [day for each in settings.loyalty if (day := each.last_day_out(today)) is not None]
            zone = ZoneInfo(by.dossier.time_zone)
            before = datetime.combine(max(ends) + timedelta(days=1), time(), zone) if ends else None
            cards = await work.loyalty.lapsing(before)
        changed = 0
        for place in range(0, len(cards), AT_ONCE):
            changed += await self._expire(by, cards[place : place + AT_ONCE])
        return changed

    async def _expire(self, by: Caller, customer_ids: Sequence[CustomerId]) -> int:
        async def attempt() -> int:
            now, today = self.around.clock(), self.around.today(by.dossier)
            async with self.around.begin(by.dossier, by.client) as work:
                cards = await work.customers.lock(customer_ids)
                settings = await work.references.settings()
                ledgers = (await ledgers_of(work, cards, settings, around=self.around, by=by)).values()
                for ledger in ledgers:
                    ledger.settle(now)
                    ledger.expire(today=today, at=now)
                write(work, ledgers)
                await work.commit()
                return sum(bool(ledger.added) for ledger in ledgers)

        return await until_done(attempt)

    async def _correct(
        self,
        by: Caller,
        customer_id: CustomerId,
        do: Change,
        once: Once[LoyaltyView],
    ) -> Told:
        async def attempt() -> Told:
            now = self.around.clock()
            async with self.around.begin(by.dossier, by.client) as work:
                if (before := await work.claim(once)) is not None:
                    return before
                card, ledger, _ = await self._ledger(work, by, customer_id)
                do(ledger, now)
                write(work, [ledger])
                work.emit(customer_event(EventType.CUSTOMER_UPDATED, card, around=self.around, by=by))
                return await told(work, once, view_of(card, ledger.program, ledger.standing))

        return await until_done(attempt)

    async def _ledger(
        self, work: UnitOfWork, by: Caller, customer_id: CustomerId
    ) -> tuple[Customer, LoyaltyLedger, DossierSettings]:
        card = await seen(work, customer_id, by)
        settings = await work.references.settings()
        ledgers = await ledgers_of(work, [card], settings, around=self.around, by=by)
        return card, ledgers[card.id], settings

    async def _limits(
        self, work: UnitOfWork, by: Caller, card: Customer, voucher: Voucher, settings: DossierSettings
    ) -> list[VoucherLine]:
        """The most that the voucher may take off each line, and why."""
        articles = await work.articles.many([line.ean for line in voucher.lines])
        who = buyer_of(card.details, await work.discounts.of(Party.customer(card.id)))
        today = self.around.today(by.dossier)
        return [_limit(line, articles.get(line.ean), settings, who, today) for line in voucher.lines]


def _limit(
    line: TicketLine, article: Article | None, settings: DossierSettings, who: Buyer, today: date
) -> VoucherLine:
    cap = settings.book_law.cap(
        article=article or _Unlisted(kind_of(line.ean)), buyer=who, shipped=line.shipped, loyalty=True, on=today
    )
    if article is not None:
        most = voucher_limit(line.amount, list_price=article.list_price, quantity=line.quantity, cap=cap)
    else:  # the one price known of it
        most = voucher_limit(line.amount, list_price=line.amount, quantity=1, cap=cap)
    return VoucherLine(
        reference=line.reference, amount=NOTHING, most=most, rule=cap.rule, reason=cap.reason, reason_en=cap.reason_en
    )


def _check(voucher: Voucher) -> None:
    """Raises ``Inconsistent`` for a voucher of nothing, or naming every line that another has the reference of."""
    faults = [] if voucher.amount is None or voucher.amount else [Fault("voucher-nothing", "/amount")]
    references = [line.reference for line in voucher.lines]
    faults += [
        Fault("twice", f"/lines/{index}/reference")
        for index, reference in enumerate(references)
        if reference in references[:index]
    ]
    if faults:
        raise Inconsistent(faults=faults)


async def _expect_new(work: UnitOfWork, ledger: LoyaltyLedger, voucher: Voucher) -> None:
    """Raises ``ReferenceReused``: what a line was told of cannot change under it."""
    sources = (PurchaseSource.TILL, PurchaseSource.INVOICE)
    recorded = await work.purchases.told([(source, line.reference) for source in sources for line in voucher.lines])
    spent = any(ledger.vouchers(line.reference) for line in voucher.lines)
    if spent or recorded or await work.loyalty.redeemed(voucher_reference(voucher.reference, "")):
        raise ReferenceReused(reference=voucher.reference)
