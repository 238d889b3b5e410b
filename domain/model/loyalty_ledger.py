"""The loyalty ledger of one card: what may be written into it, and when."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.errors import LoyaltyBegun, LoyaltyTooLow
from domain.model.loyalty import (
    LoyaltyCause,
    LoyaltyEntry,
    LoyaltyEntryId,
    LoyaltyProgram,
    Standing,
    left_of_old,
    lots_of,
    standing,
    used,
)
from domain.model.purchase import Purchase
from domain.model.values import NOTHING, CustomerId, PurchaseId, cents


@dataclass(slots=True, kw_only=True, eq=False)
class LoyaltyLedger:
    """The ledger of one card, locked. ``added`` are the entries that are new; ``new_id`` gives ids that rise."""

    customer_id: CustomerId
    entries: list[LoyaltyEntry]
    program: LoyaltyProgram | None
    zone: ZoneInfo
    new_id: Callable[[], UUID]
    by: str
    added: list[LoyaltyEntry] = field(default_factory=list)

    @property
    def standing(self) -> Standing:
        return standing(self.entries, self.program, self.zone)

    def open(self, *, amount: Decimal, purchases: int, base: Decimal, reason: str | None, at: datetime) -> None:
        """What the card had in another program (P34). Raises ``LoyaltyBegun`` unless it is the ledger's first entry."""
        if self.entries:
            raise LoyaltyBegun
        self._add(
            LoyaltyCause.OPENING,
            amount,
            at=at,
            reference=self.customer_id.hex,
            reason=reason,
            purchases=purchases,
            base=base,
        )

    def adjust(self, *, amount: Decimal, purchases: int, base: Decimal, reason: str, at: datetime) -> None:
        """A person puts the ledger right. Raises ``LoyaltyTooLow`` where something of it would be below nil."""
        now = self.standing
        if now.balance + amount < 0 or now.purchases + purchases < 0 or now.base + base < 0:
            raise LoyaltyTooLow(available=now.balance, purchases=now.purchases)
        self._add(LoyaltyCause.ADJUST, amount, at=at, reason=reason, purchases=purchases, base=base)
        self.settle(at)

    def earn(self, purchase: Purchase, amount: Decimal) -> None:
        """A purchase counts, and earns so many euros."""
        self._add(
            LoyaltyCause.PURCHASE,
            amount,
            at=purchase.at,
            reference=purchase.id.hex,
            purchase_id=purchase.id,
            purchases=1,
            base=purchase.amount,
        )
        self.settle(purchase.at)

    def give_back(self, refund: Purchase, original: Purchase, *, left: int) -> Decimal:
        """Copies of a purchase came back and ``left`` are still out: take back what they earned, give what vouchers paid.

        Rounding is cumulative, so that the last part leaves nil. Answers what was taken back of what it earned, negative.
        """
        taken = self._take_back(refund, original, left=left)
        for voucher in self.vouchers(original.reference):
            undone = sum(
                each.amount
                for each in self.entries
                if each.cause is LoyaltyCause.REDEEM_UNDONE and each.reference.partition(":")[2] == voucher.reference
            )
            more = -voucher.amount - _part(-voucher.amount, left, original.quantity) - undone
            if more:
                reference = f"{refund.id.hex}:{voucher.reference}"
                self._add(LoyaltyCause.REDEEM_UNDONE, more, at=refund.at, reference=reference, purchase_id=original.id)
        self.settle(refund.at)
        return taken

    def _take_back(self, refund: Purchase, original: Purchase, *, left: int) -> Decimal:
        its = [
            each
            for each in self.entries
            if each.purchase_id == original.id and each.cause in {LoyaltyCause.PURCHASE, LoyaltyCause.REFUND}
        ]
        first = next((each for each in its if each.cause is LoyaltyCause.PURCHASE), None)
        if first is None:
            return NOTHING
        amount = _part(first.amount, left, original.quantity) - sum((each.amount for each in its), NOTHING)
        base = _part(first.base, left, original.quantity) - sum((each.base for each in its), NOTHING)
        count = 0 if left else -sum(each.purchases for each in its)
        if amount or base or count:
            self._add(
                LoyaltyCause.REFUND,
                amount,
                at=refund.at,
                reference=refund.id.hex,
                purchase_id=original.id,
                purchases=count,
                base=base,
            )
        return amount

    def vouchers(self, line: str) -> list[LoyaltyEntry]:
        """What vouchers paid of a line of a ticket."""
        return [
            each
            for each in self.entries
            if each.cause is LoyaltyCause.REDEEM and each.reference.partition(":")[2] == line
        ]

    def redeem(self, parts: Mapping[str, Decimal], *, at: datetime) -> LoyaltyEntryId:
        """Spend so much on each reference, none of it nil. The id of the first entry is that of the voucher."""
        first = len(self.added)
        for reference, amount in parts.items():
            self._add(LoyaltyCause.REDEEM, -amount, at=at, reference=reference)
        return self.added[first].id

    def expire(self, *, today: date, at: datetime) -> None:
        """Take what is too old, once for each day that comes to its end."""
        cutoff = self.program.last_day_out(today) if self.program else None
        if cutoff is None:
            return
        reference = f"{cutoff.isoformat()}:{self.customer_id.hex}"
        if any(each.reference == reference and each.cause is LoyaltyCause.EXPIRE for each in self.entries):
            return
        ordered = sorted(self.entries, key=lambda entry: entry.key)
        lots = lots_of(ordered)
        amount = left_of_old(lots, cutoff, sum(used(ordered, lots, self.zone), NOTHING), self.zone)
        if amount:
            self._add(LoyaltyCause.EXPIRE, -amount, at=at, reference=reference)

    def settle(self, at: datetime) -> None:
        """Write what brings the ledger's sums to how it stands: what had lapsed is given back, what is owed is kept apart."""
        now = self.standing
        expired = -self._sum(LoyaltyCause.EXPIRE, LoyaltyCause.EXPIRE_UNDONE)
        owed = self._sum(LoyaltyCause.SHORTFALL, LoyaltyCause.RECOVERY)
        if lapsed := now.expired - expired:
            cause = LoyaltyCause.EXPIRE if lapsed > 0 else LoyaltyCause.EXPIRE_UNDONE
            self._add(cause, -lapsed, at=at)
        if more := now.owed - owed:
            self._add(LoyaltyCause.SHORTFALL if more > 0 else LoyaltyCause.RECOVERY, more, at=at)

    def _sum(self, *causes: LoyaltyCause) -> Decimal:
        return sum((each.amount for each in self.entries if each.cause in causes), NOTHING)

    def _add(
        self,
        cause: LoyaltyCause,
        amount: Decimal,
        *,
        at: datetime,
        reference: str | None = None,
        reason: str | None = None,
        purchase_id: PurchaseId | None = None,
        purchases: int = 0,
        base: Decimal = NOTHING,
    ) -> None:
        """One more entry; without a ``reference`` it has its own."""
        identity = LoyaltyEntryId(self.new_id())
        entry = LoyaltyEntry(
            id=identity,
            customer_id=self.customer_id,
            at=at,
            cause=cause,
            amount=amount,
            reference=reference or identity.hex,
            by=self.by,
            purchases=purchases,
            base=base,
            purchase_id=purchase_id,
            reason=reason,
        )
        self.entries.append(entry)
        self.added.append(entry)


def _part(whole: Decimal, left: int, quantity: int) -> Decimal:
    """What belongs to the copies left of so many."""
    return cents(whole * left / quantity)
