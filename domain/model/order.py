"""The customer order (commande client): its lines, its quantities, its one status."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from domain.errors import (
    Fault,
    Invalid,
    LineInUse,
    NotFound,
    NothingToDeliver,
    OrderClosed,
    OrderHasCustomer,
    OrderLocked,
    OutOfStock,
)
from domain.model.values import NOTHING, ChannelId, Contact, CustomerId, Ean, LineId, OrderId


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


class PaymentState(StrEnum):
    """``awaited`` is the hold of BL: a web order whose payment has not come (A6)."""

    NONE = "none"
    AWAITED = "awaited"
    PAID = "paid"


class PaymentKind(StrEnum):
    """A deposit is an acompte: a sum in advance (trade R26)."""

    PAYMENT = "payment"
    DEPOSIT = "deposit"


class PaymentMethod(StrEnum):
    CHEQUE = "cheque"
    CARD = "card"
    CASH = "cash"
    TRANSFER = "transfer"
    OTHER = "other"


class AnswerSource(StrEnum):
    STOCK = "stock"
    DISTRIBUTOR = "distributor"
    SHOP = "shop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The Réponse of a line (A13): its code, what is shown, who said it and when (unknown for stock)."""

    code: str
    label: str
    source: AnswerSource
    at: datetime | None = None


MOST_PAID = Decimal("9999999999999999.99")
"""Euros that one order can have been paid; the database holds no more."""

AVAILABLE = Answer(code="available", label="Disponible", source=AnswerSource.STOCK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """Money received for an order, in euros."""

    id: UUID
    order_id: OrderId
    amount: Decimal
    kind: PaymentKind
    method: PaymentMethod
    reference: str | None
    at: datetime


@dataclass(slots=True, kw_only=True, eq=False)
class OrderLine:
    """One article of an order, as it was when ordered. Quantities are copies, prices euros VAT included per copy.

    ordered >= 1; cancelled, set_aside, delivered >= 0; set_aside + delivered + cancelled <= ordered.
    """

    id: LineId
    position: int
    ean: Ean
    title: str
    author: str | None
    publisher: str | None
    digital: bool
    ordered: int
    unit_price: Decimal
    list_price: Decimal
    vat_rate: Decimal
    cancelled: int = 0
    set_aside: int = 0
    delivered: int = 0
    answer: Answer | None = None

    @property
    def reserved(self) -> int:
        """The rsvé of the screens: copies received for the line (A12, O3)."""
        return self.set_aside + self.delivered

    @property
    def outstanding(self) -> int:
        """Copies still waited for."""
        return self.ordered - self.cancelled - self.set_aside - self.delivered

    @property
    def closed(self) -> bool:
        return self.delivered + self.cancelled == self.ordered

    @property
    def amount(self) -> Decimal:
        """What the copies not cancelled cost: exact, for prices are in cents."""
        return self.unit_price * (self.ordered - self.cancelled)

    @property
    def discount(self) -> Decimal:
        """What the copies not cancelled cost less than at the publisher's price; never below zero."""
        return max((self.list_price - self.unit_price) * (self.ordered - self.cancelled), NOTHING)

    @property
    def shown_answer(self) -> Answer | None:
        """Disponible once nothing is waited for and something was received, else what the distributor said (A13, O11)."""
        return AVAILABLE if self.reserved and not self.outstanding else self.answer


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


@dataclass(slots=True, kw_only=True, eq=False)
class CustomerOrder:
    """The root: every change of an order or its lines goes through here, and each raises ``version`` by one."""

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
    paid: Decimal = NOTHING
    deposit: Decimal = NOTHING
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
    def total(self) -> Decimal:
        """What the customer owes for the whole order, delivery charge included, in euros."""
        return sum((line.amount for line in self.lines), self.delivery_charge)

    @property
    def has_digital(self) -> bool:
        return any(line.digital for line in self.lines)

    def line(self, line_id: LineId) -> OrderLine:
        """The line of this id. Raises ``NotFound``."""
        for line in self.lines:
            if line.id == line_id:
                return line
        raise NotFound(what="line")

    # what a person or a shop does to an order -------------------------------------------------------------------

    def annotate(self, *, customer_reference: str | None, comment: str | None, now: datetime) -> bool:
        """Set the réf. comm. and the comment; False when nothing differs."""
        if (customer_reference, comment) == (self.customer_reference, self.comment):
            return False
        self.customer_reference, self.comment = customer_reference, comment
        self._touch(now)
        return True

    def attach(self, *, customer_id: CustomerId, customer_code: str, now: datetime) -> None:
        """Give an order of a free name to a card; the contact stays as written (C12). Raises ``OrderHasCustomer``."""
        if self.customer_id is not None:
            raise OrderHasCustomer(number=self.number, code=self.customer_code)
        self.customer_id, self.customer_code = customer_id, customer_code
        self._touch(now)

    def add_line(self, line: OrderLine, *, now: datetime) -> None:
        """Raises ``OrderClosed`` on an order wholly delivered or cancelled."""
        self._need_open()
        line.position = max((each.position for each in self.lines), default=0) + 1
        self.lines.append(line)
        self._touch(now)

    def change_line(self, line_id: LineId, *, ordered: int, now: datetime) -> None:
        """Order another quantity. Raises ``LineInUse`` below what is already served or cancelled."""
        self._need_open()
        line = self.line(line_id)
        if ordered < line.reserved + line.cancelled:
            raise LineInUse(title=line.title, served=line.reserved + line.cancelled)
        line.ordered = ordered
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
            line.cancelled = line.ordered
        self.cancelled_at, self.cancel_reason = now, reason
        self._touch(now)
        return freed

    def receive_again(self, pushed: "CustomerOrder", *, now: datetime) -> None:
        """Take over what a web shop sent anew under the same number. Raises ``OrderLocked`` once picking has begun."""
        if self.reserved or self.cancelled_at is not None or any(line.cancelled for line in self.lines):
            raise OrderLocked(number=self.number, status=self.status.value)
        known = [(line.ean, line.id) for line in self.lines]
        for line in pushed.lines:
            same = next((old for old in known if old[0] == line.ean), None)
            if same is not None:
                line.id = same[1]
                known.remove(same)
        self.removed.extend(line_id for _, line_id in known)
        self.lines = pushed.lines
        self.contact = pushed.contact
        self.customer_reference, self.comment = pushed.customer_reference, pushed.comment
        self.delivery_charge, self.vat_exempt = pushed.delivery_charge, pushed.vat_exempt
        self.external = pushed.external
        self._touch(now)

    def _need_open(self) -> None:
        if self.status in {Status.CANCELLED, Status.DELIVERED}:
            raise OrderClosed(number=self.number, status=self.status.value)

    def _touch(self, now: datetime) -> None:
        self.version += 1
        self.updated_at = now


def number_lines(lines: Iterable[OrderLine]) -> list[OrderLine]:
    """``lines`` with positions from 1."""
    numbered = list(lines)
    for position, line in enumerate(numbered, start=1):
        line.position = position
    return numbered
