"""The customer order (commande client): its lines, its quantities, its one status."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from domain.errors import (
    AlreadyRefunded,
    Fault,
    Invalid,
    LineInUse,
    LineKept,
    NotFound,
    NothingToCancel,
    NothingToDeliver,
    NothingToReturn,
    NothingWaits,
    OrderClosed,
    OrderHasCustomer,
    OrderLocked,
    OutOfStock,
    RefundTooLarge,
)
from domain.model.answers import Answer
from domain.model.order_line import LinePrice, OrderLine
from domain.model.payment import MOST_CHARGED, MOST_PAID, Payment, PaymentKind, PaymentState
from domain.model.prices import Amount, Ruling, VatTotal, amount, by_rate
from domain.model.values import (
    NOTHING,
    AddressId,
    BankAccountId,
    ChannelId,
    Contact,
    ContactId,
    CustomerId,
    LineId,
    OrderId,
    PostalAddress,
    ThirdPartyId,
    cents,
)


class Status(StrEnum):
    """The five statuses of the old screens (A5)."""

    OPEN = "CO"
    PARTLY_DELIVERED = "LP"
    DELIVERED = "LT"
    CANCELLED = "AN"
    BLOCKED = "BL"


class Origin(StrEnum):
    """Where an order came from (A1)."""

    ARTICLE = "article"
    SAVED_LIST = "saved_list"
    WEB = "web"
    QUOTE = "quote"
    COUNTER = "counter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Billing:
    """Who is invoiced (client facturé, A22) and where, as it was when the order was taken or last changed."""

    customer_id: CustomerId
    customer_code: str
    name: str
    address: PostalAddress
    address_id: AddressId | None = None


def derive_status(*, cancelled: bool, held: bool, lines: Sequence[OrderLine]) -> Status:
    """The one function that says an order's status."""
    if cancelled or (lines and all(line.cancelled == line.ordered for line in lines)):
        return Status.CANCELLED
    if held:
        return Status.BLOCKED
    if any(line.delivered for line in lines):
        return Status.DELIVERED if all(line.closed for line in lines) else Status.PARTLY_DELIVERED
    return Status.OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class External:
    """A web shop's own name for an order, and the fingerprint of what it last sent (C2)."""

    channel_id: ChannelId
    channel: str
    id: str
    fingerprint: bytes
    updated_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What the order says beside its lines, and a person may change on it (A20-A23, B40-B43).

    ``contact`` is who it is for, with the address where it is delivered; ``billing`` None: he is invoiced himself, there.
    ``back_orders`` False: what a delivery leaves is not waited for (B27).
    """

    contact: Contact
    customer_reference: str | None = None
    comment: str | None = None
    billing: Billing | None = None
    delivery_address_id: AddressId | None = None
    contact_id: ContactId | None = None
    bank_account_id: BankAccountId | None = None
    back_orders: bool = True
    mail_order: bool = False
    vat_exempt: bool = False
    delivery_charge: Decimal = NOTHING
    charge_ruling: Ruling | None = None


@dataclass(slots=True, kw_only=True, eq=False)
class CustomerOrder:
    """The root: every change of an order or its lines goes through here, and each raises ``version`` by one.

    ``contact`` is who it is for, with the address where it is delivered; ``billing`` None: he is invoiced himself, there (A22).
    ``back_orders`` False: what a delivery leaves is not waited for (B27). ``paid`` is what was received less what was given
    back (``refunded`` in all); ``deposit`` the part of it that is an acompte, of which deliveries took ``deposit_used``.
    """

    id: OrderId
    number: int
    customer_id: CustomerId | None
    customer_code: str | None
    contact: Contact
    customer_reference: str | None
    comment: str | None
    origin: Origin
    mail_order: bool
    vat_exempt: bool
    external: External | None
    payment_state: PaymentState
    delivery_charge: Decimal
    created_at: datetime
    updated_at: datetime
    lines: list[OrderLine]
    billing: Billing | None = None
    delivery_address_id: AddressId | None = None
    contact_id: ContactId | None = None
    bank_account_id: BankAccountId | None = None
    back_orders: bool = True
    charge_ruling: Ruling | None = None
    quote_reference: str | None = None
    paid: Decimal = NOTHING
    deposit: Decimal = NOTHING
    deposit_used: Decimal = NOTHING
    refunded: Decimal = NOTHING
    cancelled_at: datetime | None = None
    cancel_reason: str | None = None
    version: int = 1
    warnings: list[str] = field(default_factory=list)
    removed: list[LineId] = field(default_factory=list)

    @property
    def status(self) -> Status:
        return derive_status(
            cancelled=self.cancelled_at is not None,
            held=self.payment_state is PaymentState.AWAITED,
            lines=self.lines,
        )

    @property
    def quantity(self) -> int:
        return sum(line.ordered for line in self.lines)

    @property
    def reserved(self) -> int:
        return sum(line.reserved for line in self.lines)

    @property
    def charge(self) -> Amount:
        """The delivery charge, taxed as the highest taxed article of the parcel; nothing is owed for an order wholly cancelled."""
        gross = self.delivery_charge if any(line.cancelled < line.ordered for line in self.lines) else NOTHING
        rate = max((line.vat_rate for line in self.lines), default=NOTHING)
        return amount(gross, rate, exempt=self.vat_exempt)

    @property
    def total(self) -> Decimal:
        """What the customer owes for the whole order, delivery charge included, in euros (A25)."""
        return sum((line.amount for line in self.lines), self.charge.due)

    @property
    def discount(self) -> Decimal:
        """What the copies not cancelled cost less than at the publisher's price (A25)."""
        return sum((line.discount for line in self.lines), NOTHING)

    @property
    def vat_totals(self) -> tuple[VatTotal, ...]:
        """The same, by VAT rate: their nets and VAT sum to ``total``."""
        charge = [self.charge] if self.charge.due else []
        return by_rate([*(line.owed for line in self.lines), *charge])

    @property
    def delivered_value(self) -> Decimal:
        """What the copies delivered cost, and the charge once anything left the shop."""
        goods = sum((line.owed_for(line.delivered).due for line in self.lines), NOTHING)
        return goods + self.charge.due if any(line.delivered for line in self.lines) else NOTHING

    @property
    def due(self) -> Decimal:
        """What is still to be paid, never below zero."""
        return max(self.total - self.paid, NOTHING)

    @property
    def has_digital(self) -> bool:
        return any(line.digital for line in self.lines)

    @property
    def begun(self) -> bool:
        """Whether any copy was set aside, delivered or cancelled."""
        return any(line.reserved or line.cancelled for line in self.lines)

    def line(self, line_id: LineId) -> OrderLine:
        """The line of this id. Raises ``NotFound``."""
        for line in self.lines:
            if line.id == line_id:
                return line
        raise NotFound(what="line")

    # the header ---------------------------------------------------------------------------------------------------

    @property
    def header(self) -> Header:
        return Header(**{name: getattr(self, name) for name in Header.__slots__})

    def change_header(self, header: Header, *, now: datetime) -> bool:
        """Write another header; False when nothing differs.

        Raises ``OrderClosed`` when what a closed order says of money, goods or place would change: its réf. comm. and its
        comment may be.
        """
        if header == self.header:
            return False
        noted = replace(self.header, customer_reference=header.customer_reference, comment=header.comment)
        if header != noted:
            self._need_open()
        for name in Header.__slots__:
            setattr(self, name, getattr(header, name))
        for line in self.lines:
            line.exempt = self.vat_exempt
        self._touch(now)
        return True

    def annotate(self, *, customer_reference: str | None, comment: str | None, now: datetime) -> bool:
        """Set the réf. comm. and the comment, of a closed order too; False when nothing differs."""
        noted = replace(self.header, customer_reference=customer_reference, comment=comment)
        return self.change_header(noted, now=now)

    def attach(self, *, customer_id: CustomerId, customer_code: str, now: datetime) -> None:
        """Give an order of a free name to a card; the contact stays as written (C12). Raises ``OrderHasCustomer``."""
        if self.customer_id is not None:
            raise OrderHasCustomer(number=self.number, code=self.customer_code)
        self.customer_id, self.customer_code = customer_id, customer_code
        self._touch(now)

    # the lines ----------------------------------------------------------------------------------------------------

    def add_line(self, line: OrderLine, *, now: datetime) -> None:
        """Raises ``OrderClosed`` on an order wholly delivered or cancelled."""
        self._need_open()
        line.position = max((each.position for each in self.lines), default=0) + 1
        self.lines.append(line)
        self._touch(now)

    def change_line(
        self,
        line_id: LineId,
        *,
        ordered: int,
        now: datetime,
        price: LinePrice | None = None,
        sales_rep: ThirdPartyId | None = None,
    ) -> None:
        """Order another quantity, at another price, of another sales rep (B16).

        Raises ``OrderClosed``; ``LineInUse`` below what is already served or cancelled, and for another price once copies
        were delivered at the first.
        """
        self._need_open()
        line = self.line(line_id)
        if ordered < line.reserved + line.cancelled:
            raise LineInUse(title=line.title, served=line.reserved + line.cancelled)
        if price is not None and price != line.price:
            if line.delivered:
                raise LineInUse(title=line.title, served=line.delivered)
            line.price = price
        line.ordered, line.sales_rep = ordered, sales_rep
        self._touch(now)

    def remove_line(self, line_id: LineId, *, now: datetime) -> None:
        """Raises ``LineInUse`` when copies are set aside or delivered, or when it is the last line."""
        self._need_open()
        line = self.line(line_id)
        if line.reserved or len(self.lines) == 1:
            raise LineInUse(title=line.title, served=line.reserved)
        self.lines.remove(line)
        self.removed.append(line.id)
        self._touch(now)

    def answer_line(self, line_id: LineId, answer: Answer, *, now: datetime) -> OrderLine:
        """What a person or the distributor says of the line (A13-A15). Raises ``OrderClosed`` on AN and LT."""
        self._need_open()
        line = self.line(line_id)
        line.answer = answer
        self._touch(now)
        return line

    def move_line(self, line_id: LineId, moved: OrderLine, *, now: datetime) -> OrderLine:
        """What the line waits for is waited for under another EAN (P9): the re-issue, the paperback.

        ``moved`` is the new article priced, its quantity is set here; its place in the queue is the order's. A line of which
        nothing was served turns into it, else its remainder is cancelled. Raises ``OrderClosed``, ``NothingToCancel``.
        """
        self._need_open()
        line = self.line(line_id)
        if not line.outstanding:
            raise NothingToCancel(number=self.number)
        moved.ordered, moved.sales_rep = line.outstanding, line.sales_rep
        moved.suspended_until = line.suspended_until
        if line.reserved or line.cancelled:
            line.cancelled += line.outstanding
            line.cancel_reason = f"→ {moved.ean}"
            moved.position = max(each.position for each in self.lines) + 1
            self.lines.append(moved)
        else:
            moved.id, moved.position = line.id, line.position
            self.lines[self.lines.index(line)] = moved
        self._touch(now)
        return moved

    def suspend(self, line_id: LineId, until: date, *, now: datetime) -> None:
        """Scans and receptions pass the line over until that day (P6); its place in the queue stays.

        Raises ``OrderClosed``, ``NothingWaits`` for a line that waits for no copy to come, ``LineKept`` when a copy lies aside
        for it already.
        """
        self._need_open()
        line = self.line(line_id)
        if line.set_aside:
            raise LineKept(title=line.title)
        if line.digital or not line.outstanding:
            raise NothingWaits(title=line.title)
        line.suspended_until = until
        self._touch(now)

    def resume(self, line_id: LineId, *, now: datetime) -> bool:
        """The line is served again, at its place; False when it was not suspended. Raises ``NotFound``."""
        line = self.line(line_id)
        if line.suspended_until is None:
            return False
        line.suspended_until = None
        self._touch(now)
        return True

    def note_supply(self, line_id: LineId, copies: int, *, now: datetime) -> None:
        """``copies`` more (or fewer) are to come on supplier orders for the line."""
        self.line(line_id).supplied += copies
        self._touch(now)

    # money --------------------------------------------------------------------------------------------------------

    def pay(self, payment: Payment, *, now: datetime) -> None:
        """Record money received; the hold of a web order goes once the whole is paid.

        Raises ``OrderClosed`` on AN, ``Invalid`` for a sum that no order can have.
        """
        if self.status is Status.CANCELLED:
            raise OrderClosed(number=self.number, status=self.status.value)
        if self.paid + payment.amount > MOST_PAID:
            raise Invalid(faults=[Fault("sum-too-large", "/amount")])
        self.paid += payment.amount
        if payment.kind is PaymentKind.DEPOSIT:
            self.deposit += payment.amount
        if self.paid >= self.total:
            self.payment_state = PaymentState.PAID
        self._touch(now)

    @property
    def refundable(self) -> Decimal:
        """What may be given back: what was paid and not delivered for."""
        return max(self.paid - self.delivered_value, NOTHING)

    @property
    def deposit_left(self) -> Decimal:
        """The part of the deposit that no delivery took (A66)."""
        return self.deposit - self.deposit_used

    def refund(self, asked: Decimal, *, now: datetime) -> Decimal:
        """Give money back; answers the part of it that was a deposit: that goes first. Raises ``RefundTooLarge``."""
        if asked > self.refundable:
            raise RefundTooLarge(asked=asked, most=self.refundable)
        from_deposit = min(asked, self.deposit_left)
        self.paid -= asked
        self.refunded += asked
        self.deposit -= from_deposit
        if self.payment_state is PaymentState.PAID and self.paid < self.total:
            self.payment_state = PaymentState.NONE
        self._touch(now)
        return from_deposit

    def settle_deposit(self) -> Decimal:
        """Let what is delivered by now take its part of the deposit, or give it back; what it took more (or less, negative).

        In proportion to the value delivered, and whole once nothing more is owed; never more than the deliveries are worth.
        """
        owed = sum((line.amount for line in self.lines), NOTHING)
        goods = sum((line.owed_for(line.delivered).due for line in self.lines), NOTHING)
        part = cents(self.deposit * goods / owed) if owed else NOTHING
        taken = min(part, self.delivered_value, self.deposit)
        more, self.deposit_used = taken - self.deposit_used, taken
        return more

    def charge_parcel(self, charge: Decimal, ruling: Ruling | None, *, first: bool) -> None:
        """A parcel leaves: the charge of the first is the order's, that of each later one comes on top (trade R5).

        Called with the delivery of its copies. Raises ``Invalid`` for a sum that no order can have.
        """
        charged = charge if first else self.delivery_charge + charge
        if charged > MOST_CHARGED:
            raise Invalid(faults=[Fault("sum-too-large", "/delivery_charge")])
        self.delivery_charge = charged
        if first:
            self.charge_ruling = ruling

    # copies -------------------------------------------------------------------------------------------------------

    def set_aside(self, line_id: LineId, quantity: int, *, now: datetime) -> OrderLine:
        """Keep ``quantity`` received copies for a line. Raises ``LineInUse`` when fewer are waited for."""
        line = self.line(line_id)
        if line.digital or quantity > line.outstanding:
            raise LineInUse(title=line.title, served=line.reserved)
        line.set_aside += quantity
        self._touch(now)
        return line

    def release(self, line_id: LineId, quantity: int, *, now: datetime) -> None:
        """Kept copies leave the line, which waits again with its old place in the queue."""
        self.line(line_id).set_aside -= quantity
        self._touch(now)

    def deliver(self, quantities: Mapping[LineId, int], *, now: datetime) -> dict[LineId, tuple[int, int]]:
        """Hand copies over. Answers, per line, how many came from the kept ones and how many must come from stock.

        Kept copies go first. Raises ``OrderClosed`` on AN and BL, ``OutOfStock`` when a line is asked for more than it
        still lacks, ``NothingToDeliver`` when nothing is left to hand over.
        """
        if self.status in {Status.CANCELLED, Status.BLOCKED}:
            raise OrderClosed(number=self.number, status=self.status.value)
        handed: dict[LineId, tuple[int, int]] = {}
        faults: list[Fault] = []
        for line_id, quantity in quantities.items():
            line = self.line(line_id)
            if quantity > line.set_aside + line.outstanding:
                facts = (
                    ("ean", line.ean),
                    ("wanted", quantity),
                    ("available", line.set_aside + line.outstanding),
                )
                faults.append(Fault("short", "/lines", facts))
                continue
            kept = min(quantity, line.set_aside)
            handed[line_id] = (kept, quantity - kept)
        if faults:
            raise OutOfStock(faults=faults)
        if not any(quantities.values()):
            raise NothingToDeliver(number=self.number)
        for line_id, (kept, fresh) in handed.items():
            line = self.line(line_id)
            line.set_aside -= kept
            line.delivered += kept + fresh
        self._touch(now)
        return handed

    def deliverable(self) -> dict[LineId, int]:
        """All that can be handed over now: kept copies, and digital ones, which need none."""
        wanted = {line.id: line.outstanding if line.digital else line.set_aside for line in self.lines}
        return {line_id: quantity for line_id, quantity in wanted.items() if quantity}

    def take_back(
        self, quantities: Mapping[LineId, int], *, replace_copies: bool, now: datetime, reason: str | None = None
    ) -> None:
        """Copies come back: the line waits for them again, or, without replacement, they are cancelled (LT becomes CO or LP).

        Raises ``OrderClosed`` unless the order is LP or LT, ``NothingToReturn`` naming every line with fewer delivered.
        """
        if self.status not in {Status.PARTLY_DELIVERED, Status.DELIVERED}:
            raise OrderClosed(number=self.number, status=self.status.value)
        faults = [
            Fault("short", "/lines", (("ean", line.ean), ("wanted", quantity), ("available", line.delivered)))
            for line_id, quantity in quantities.items()
            for line in (self.line(line_id),)
            if quantity > line.delivered
        ]
        if faults:
            raise NothingToReturn(faults=faults)
        for line_id, quantity in quantities.items():
            line = self.line(line_id)
            line.delivered -= quantity
            if not replace_copies:
                line.cancelled += quantity
                line.cancel_reason = reason
        self._touch(now)

    def cancel(self, *, reason: str | None, now: datetime) -> dict[LineId, int]:
        """Annul an order of which nothing was delivered; the kept copies per line that go back to stock.

        Raises ``OrderClosed`` unless the order is CO or BL.
        """
        begun = any(line.delivered for line in self.lines)
        if begun or self.status not in {Status.OPEN, Status.BLOCKED}:
            raise OrderClosed(number=self.number, status=self.status.value)
        freed = {line.id: line.set_aside for line in self.lines if line.set_aside}
        for line in self.lines:
            line.set_aside = 0
            line.dropped = line.ordered - line.cancelled
            line.cancelled = line.ordered
        self.cancelled_at, self.cancel_reason = now, reason
        self._touch(now)
        return freed

    def lapse(self, *, now: datetime) -> dict[LineId, int]:
        """The payment of a blocked order never came (BL becomes AN). Raises ``OrderClosed`` unless the order is BL."""
        if self.status is not Status.BLOCKED:
            raise OrderClosed(number=self.number, status=self.status.value)
        freed = self.cancel(reason=None, now=now)
        self.payment_state = PaymentState.LAPSED
        return freed

    def cancel_remainder(self, line_ids: Iterable[LineId] | None, *, reason: str | None, now: datetime) -> None:
        """What these lines still wait for is waited for no more (LP becomes LT); None is every line.

        Raises ``OrderClosed`` on AN and LT, and for every line of an order that is not LP: such an order is cancelled;
        ``NothingToCancel`` when nothing is waited for.
        """
        self._need_open()
        if line_ids is None and self.status is not Status.PARTLY_DELIVERED:
            raise OrderClosed(number=self.number, status=self.status.value)
        lines = self.lines if line_ids is None else [self.line(line_id) for line_id in line_ids]
        waiting = [line for line in lines if line.outstanding]
        if not waiting:
            raise NothingToCancel(number=self.number)
        for line in waiting:
            line.cancelled += line.outstanding
            line.cancel_reason = reason
        self._touch(now)

    def reopen(self, *, now: datetime) -> None:
        """Open an annulled order again; its lines wait anew at their old places, a lapsed payment is awaited anew.

        Raises ``OrderClosed`` unless the order is AN, ``AlreadyRefunded`` once money was given back.
        """
        if self.status is not Status.CANCELLED:
            raise OrderClosed(number=self.number, status=self.status.value)
        if self.refunded:
            raise AlreadyRefunded(number=self.number)
        for line in self.lines:
            # annulled line by line, there is nothing to tell apart: all wait again
            line.cancelled -= line.dropped if self.cancelled_at is not None else line.cancelled
            line.dropped = 0
            line.cancel_reason = line.cancel_reason if line.cancelled else None
        self.cancelled_at = self.cancel_reason = None
        if self.payment_state is PaymentState.LAPSED:
            self.payment_state = PaymentState.AWAITED
        self._touch(now)

    def receive_again(self, pushed: "CustomerOrder", *, now: datetime) -> None:
        """Take over what a web shop sent anew under the same number. Raises ``OrderLocked`` once picking has begun."""
        if self.begun or self.cancelled_at is not None or any(line.supplied for line in self.lines):
            raise OrderLocked(number=self.number, status=self.status.value)
        known = [(line.ean, line.id) for line in self.lines]
        for line in pushed.lines:
            same = next((old for old in known if old[0] == line.ean), None)
            if same is not None:
                line.id = same[1]
                line.suspended_until = self.line(line.id).suspended_until
                known.remove(same)
        self.removed.extend(line_id for _, line_id in known)
        self.lines = pushed.lines
        self.contact = pushed.contact
        self.customer_reference, self.comment = pushed.customer_reference, pushed.comment
        self.delivery_charge, self.vat_exempt = pushed.delivery_charge, pushed.vat_exempt
        self.charge_ruling = pushed.charge_ruling
        self.external = pushed.external
        self._touch(now)

    def _need_open(self) -> None:
        if self.status in {Status.CANCELLED, Status.DELIVERED}:
            raise OrderClosed(number=self.number, status=self.status.value)

    def _touch(self, now: datetime) -> None:
        for line in self.lines:
            if line.set_aside or line.digital or not line.outstanding:
                line.suspended_until = None
        self.version += 1
        self.updated_at = now
