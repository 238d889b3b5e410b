"""Supplier orders (commandes fournisseurs): what was asked of a distributor, for whom, and what came of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from domain.errors import CopiesPromised, NotFound, SupplierOrderClosed, TooManyCopies
from domain.model.answers import Answer
from domain.model.article import MOST_COPIES
from domain.model.values import Ean, LineId, OrderId, SupplierLineId, SupplierOrderId, ThirdPartyId


class SupplyState(StrEnum):
    DRAFT = "draft"
    VALIDATED = "validated"
    PARTLY_RECEIVED = "partly_received"
    RECEIVED = "received"
    CANCELLED = "cancelled"


OPEN_STATES = frozenset({SupplyState.DRAFT, SupplyState.VALIDATED, SupplyState.PARTLY_RECEIVED})
"""The supplier orders that count as supply (O6)."""


@dataclass(slots=True, kw_only=True, eq=False)
class SupplyLink:
    """``quantity`` copies of a supplier line are meant for an order line, of which ``received`` came.

    ``order_number`` and ``name`` are the order's own: they are read with the link, and never kept with it.
    """

    order_id: OrderId
    line_id: LineId
    quantity: int
    received: int = 0
    order_number: int = 0
    name: str = ""

    @property
    def open(self) -> int:
        return self.quantity - self.received


@dataclass(slots=True, kw_only=True, eq=False)
class SupplierLine:
    """Copies of one article asked for. ordered >= 1; received, cancelled >= 0.

    The open quantities of ``links``, first of the queue first, never sum to more than is still to come.
    """

    id: SupplierLineId
    position: int
    ean: Ean
    title: str
    ordered: int
    received: int = 0
    cancelled: int = 0
    answer: Answer | None = None
    links: list[SupplyLink] = field(default_factory=list)

    @property
    def outstanding(self) -> int:
        """Copies still to come."""
        return max(0, self.ordered - self.received - self.cancelled)

    @property
    def linked(self) -> int:
        """Copies still to come that are meant for customers; the others are for the shelf."""
        return sum(link.open for link in self.links)

    def link(self, line_id: LineId) -> SupplyLink | None:
        return next((link for link in self.links if link.line_id == line_id), None)

    def untie(self, line_id: LineId, copies: int) -> None:
        """``copies`` still to come, of those meant for this line, are no longer meant for it."""
        link = self.link(line_id)
        if link is None or copies > link.open:
            raise ValueError(f"{copies} copies of {self.id} are not meant for {line_id}")
        link.quantity -= copies
        if not link.quantity:
            self.links.remove(link)


@dataclass(slots=True, kw_only=True, eq=False)
class SupplierOrder:
    """The root: every change of a supplier order or its links goes through here, and each raises ``version`` by one."""

    id: SupplierOrderId
    number: int
    supplier_id: ThirdPartyId
    supplier_name: str
    reference: str | None
    comment: str | None
    created_at: datetime
    updated_at: datetime
    lines: list[SupplierLine]
    validated_at: datetime | None = None
    cancelled_at: datetime | None = None
    cancel_reason: str | None = None
    version: int = 1
    removed: list[SupplierLineId] = field(default_factory=list)

    @property
    def state(self) -> SupplyState:
        """Derived from its dates and lines in this one place."""
        if self.cancelled_at is not None:
            return SupplyState.CANCELLED
        if self.validated_at is None:
            return SupplyState.DRAFT
        came = any(line.received for line in self.lines)
        if not any(line.outstanding for line in self.lines):
            return SupplyState.RECEIVED if came else SupplyState.CANCELLED
        return SupplyState.PARTLY_RECEIVED if came else SupplyState.VALIDATED

    def line(self, line_id: SupplierLineId) -> SupplierLine:
        """Raises ``NotFound``."""
        for line in self.lines:
            if line.id == line_id:
                return line
        raise NotFound(what="supplier-line")

    def links_of(self, line_id: LineId) -> Iterator[tuple[SupplierLine, SupplyLink]]:
        """Each line here with copies meant for an order line."""
        for line in self.lines:
            link = line.link(line_id)
            if link is not None:
                yield line, link

    # what people do -----------------------------------------------------------------------------------------------

    def ask(self, *lines: SupplierLine, now: datetime) -> None:
        """Put more copies on a draft; those of an article that is on it already join its line.

        Raises ``SupplierOrderClosed``; ``TooManyCopies`` above what a line can ask for.
        """
        self._need(SupplyState.DRAFT)
        for line in lines:
            same = next((each for each in self.lines if each.ean == line.ean), None)
            if same is None:
                line.position = max((each.position for each in self.lines), default=0) + 1
                self.lines.append(line)
                continue
            if same.ordered + line.ordered > MOST_COPIES:
                raise TooManyCopies(ean=line.ean, most=MOST_COPIES)
            same.ordered += line.ordered
            for link in line.links:
                known = same.link(link.line_id)
                if known is None:
                    same.links.append(link)
                else:
                    known.quantity += link.quantity
        self._touch(now)

    def change(self, line_id: SupplierLineId, *, ordered: int, now: datetime) -> None:
        """Ask another quantity on a draft. Raises ``SupplierOrderClosed``, ``CopiesPromised`` below what customers wait for."""
        self._need(SupplyState.DRAFT)
        line = self.line(line_id)
        if ordered < line.linked:
            raise CopiesPromised(title=line.title, linked=line.linked)
        line.ordered = ordered
        self._touch(now)

    def remove(self, line_id: SupplierLineId, *, now: datetime) -> dict[LineId, int]:
        """Take a line off a draft, which is cancelled with its last one.

        Answers the copies per order line that nobody asks for any more. Raises ``SupplierOrderClosed``.
        """
        self._need(SupplyState.DRAFT)
        line = self.line(line_id)
        freed = {link.line_id: link.open for link in line.links if link.open}
        self._drop(line, now)
        self._touch(now)
        return freed

    def annotate(self, *, reference: str | None, comment: str | None, now: datetime) -> bool:
        """Set reference and comment; False when nothing differs."""
        if (reference, comment) == (self.reference, self.comment):
            return False
        self.reference, self.comment = reference, comment
        self._touch(now)
        return True

    def validate(self, *, now: datetime) -> None:
        """Send it: from here on its quantities stand (A24). Raises ``SupplierOrderClosed``."""
        self._need(SupplyState.DRAFT)
        self.validated_at = now
        self._touch(now)

    def cancel(self, *, reason: str | None, now: datetime) -> dict[LineId, int]:
        """Nothing more comes; answers the copies per order line that lost their supply. Raises ``SupplierOrderClosed``."""
        self._need(*OPEN_STATES)
        freed: dict[LineId, int] = {}
        for line in self.lines:
            for line_id, copies in self._close(line).items():
                freed[line_id] = freed.get(line_id, 0) + copies
        self.cancelled_at, self.cancel_reason = now, reason
        self._touch(now)
        return freed

    # what happens to it -------------------------------------------------------------------------------------------

    def need_sent(self) -> None:
        """Raises ``SupplierOrderClosed`` unless it was validated and something is still to come."""
        self._need(SupplyState.VALIDATED, SupplyState.PARTLY_RECEIVED)

    def receive(
        self,
        line_id: SupplierLineId,
        copies: int,
        *,
        served: Mapping[LineId, int],
        spare: Mapping[LineId, int],
        now: datetime,
    ) -> tuple[dict[LineId, int], dict[LineId, int]]:
        """Copies came, no more than were still to come.

        ``served``: how many of them were set aside per order line; ``spare``: how many copies more than it waits for are to
        come for a line, its served ones counted. Answers how many copies of each line's supply came, and how many it lost
        because they went to someone who waited longer: what a line has to spare is lost first, then by those at the end of
        the queue, which are untreated again. Raises ``SupplierOrderClosed`` unless it was validated.
        """
        self.need_sent()
        line = self.line(line_id)
        line.received += copies
        came: dict[LineId, int] = {}
        for link in line.links:
            taken = min(link.open, served.get(link.line_id, 0), copies)
            if taken:
                link.received += taken
                came[link.line_id] = taken
                copies -= taken
        idle = {link.line_id: spare.get(link.line_id, 0) - came.get(link.line_id, 0) for link in line.links}
        lost: dict[LineId, int] = {}
        for most in (idle, None):
            for link in reversed(list(line.links)):
                over = min(link.open, line.linked - line.outstanding)
                if most is not None:
                    over = min(over, most[link.line_id])
                if over > 0:
                    line.untie(link.line_id, over)
                    lost[link.line_id] = lost.get(link.line_id, 0) + over
        self._touch(now)
        return came, lost

    def answered(self, line_id: SupplierLineId, answer: Answer, *, now: datetime) -> dict[LineId, int]:
        """The distributor's answer for what he did not bring (A14); answers the copies per order line that will not come.

        Raises ``SupplierOrderClosed`` unless it was validated and something is still to come.
        """
        self.need_sent()
        line = self.line(line_id)
        line.answer = answer
        freed = self._close(line) if answer.effect.ends_supply else {}
        self._touch(now)
        return freed

    def untie(self, supplier_line: SupplierLine, line_id: LineId, copies: int, *, now: datetime) -> None:
        """Copies are no longer meant for an order line: a draft asks for fewer (A24), what was sent stays asked for.

        A draft without a line is cancelled.
        """
        supplier_line.untie(line_id, copies)
        if self.state is SupplyState.DRAFT:
            supplier_line.ordered -= copies
            if not supplier_line.ordered:
                self._drop(supplier_line, now)
        self._touch(now)

    def _drop(self, line: SupplierLine, now: datetime) -> None:
        self.lines.remove(line)
        self.removed.append(line.id)
        if not self.lines:
            self.cancelled_at = now

    def _close(self, line: SupplierLine) -> dict[LineId, int]:
        freed = {link.line_id: link.open for link in line.links if link.open}
        for line_id, copies in freed.items():
            line.untie(line_id, copies)
        line.cancelled += line.outstanding
        return freed

    def _need(self, *states: SupplyState) -> None:
        if self.state not in states:
            raise SupplierOrderClosed(number=self.number, state=self.state.value)

    def _touch(self, now: datetime) -> None:
        self.version += 1
        self.updated_at = now
