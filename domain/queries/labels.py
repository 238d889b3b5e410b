"""Labels and addresses of customers, for mailings (A50, A53)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol

from domain.errors import Fault, Inconsistent
from domain.model.card import Purpose
from domain.model.postal import HOME, LONGEST
from domain.model.values import CustomerId, DossierId, PostalAddress
from domain.queries.customers import CustomerFilter
from domain.queries.pages import Page, PageRequest

SHEET_WIDTH, SHEET_HEIGHT = Decimal(210), Decimal(297)
"""A4, in millimetres."""
MOST_LABELS = 2000
LEAST_WIDTH, LEAST_HEIGHT = Decimal(20), Decimal(10)
"""Of a label, in millimetres: on a smaller one nobody reads an address."""
LINES_AT_HOME, LINES_ABROAD = 6, 7
"""NF Z10-011 (R27)."""


class LabelFormat(StrEnum):
    """Sheets of labels as the trade names them; ``free`` is measured by who prints."""

    L7160 = "L7160"
    L7159 = "L7159"
    L7163 = "L7163"
    FREE = "free"


class LabelAddress(StrEnum):
    """Which address of a card; who has no such address is written to at the main one."""

    MAIN = "main"
    DELIVERY = "delivery"
    BILLING = "billing"


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelSheet:
    """Where the labels of an A4 sheet are, in millimetres. Raises ``Inconsistent`` when they do not fit on it, or are too small."""

    columns: int
    rows: int
    width: Decimal
    height: Decimal
    left: Decimal
    top: Decimal
    gap_x: Decimal = Decimal(0)
    gap_y: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        faults = [
            Fault("off-the-sheet", pointer, (("needed", f"{needed:f}"), ("there", f"{there:f}")))
            for pointer, needed, there in (
                ("width_mm", self._across, SHEET_WIDTH),
                ("height_mm", self._down, SHEET_HEIGHT),
            )
            if needed > there
        ]
        faults += [
            Fault("label-too-small", pointer, (("least", f"{least:f}"),))
            for pointer, size, least in (
                ("width_mm", self.width, LEAST_WIDTH),
                ("height_mm", self.height, LEAST_HEIGHT),
            )
            if size < least
        ]
        if faults:
            raise Inconsistent(faults=faults)

    @property
    def labels(self) -> int:
        return self.columns * self.rows

    @property
    def _across(self) -> Decimal:
        return self.left + self.columns * self.width + (self.columns - 1) * self.gap_x

    @property
    def _down(self) -> Decimal:
        return self.top + self.rows * self.height + (self.rows - 1) * self.gap_y

    def place(self, number: int) -> tuple[int, Decimal, Decimal]:
        """Page, left and top edge of a label, all counted from 0; along a row first."""
        page, on_page = divmod(number, self.labels)
        row, column = divmod(on_page, self.columns)
        return page, self.left + column * (self.width + self.gap_x), self.top + row * (self.height + self.gap_y)


SHEETS = MappingProxyType(
    {
        LabelFormat.L7160: LabelSheet(
            columns=3,
            rows=7,
            width=Decimal("63.5"),
            height=Decimal("38.1"),
            left=Decimal("7.25"),
            top=Decimal("15.15"),
            gap_x=Decimal("2.5"),
        ),
        LabelFormat.L7159: LabelSheet(
            columns=3,
            rows=8,
            width=Decimal("63.5"),
            height=Decimal("33.9"),
            left=Decimal("7.25"),
            top=Decimal("12.9"),
            gap_x=Decimal("2.5"),
        ),
        LabelFormat.L7163: LabelSheet(
            columns=2,
            rows=7,
            width=Decimal("99.1"),
            height=Decimal("38.1"),
            left=Decimal("4.65"),
            top=Decimal("15.15"),
            gap_x=Decimal("2.5"),
        ),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """``lines`` to print for a customer; ``shortened``: words had to be left out, for no line was free."""

    code: str
    lines: tuple[str, ...]
    shortened: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """Labels in their order; ``skipped`` customers have no postal address."""

    labels: tuple[Label, ...]
    skipped: int


def has_address(address: PostalAddress) -> bool:
    """Whether a postman would know where to go."""
    return any((part or "").strip() for part in (address.street, address.locality, address.town))


def label_of(code: str, lines: Sequence[str], *, country: str) -> Label:
    """The lines of an address (``address_lines``) on at most 6 lines of 38 characters, 7 abroad (NF Z10-011, R27).

    A line too long is folded between its words as long as lines are free, the last ones first, for those are what the post
    reads. A word longer than a line is broken.
    """
    most = LINES_AT_HOME if country == HOME else LINES_ABROAD
    over = max(len(lines) - most, 0)
    shown = [*lines[:2], *lines[2 + over :]]
    free, shortened = most - len(shown), over > 0
    fitted: list[str] = []
    for line in reversed(shown):
        parts = _folded(line)
        if len(parts) > free + 1:
            shortened = True
            parts = [*parts[:free], parts[free][: LONGEST - 1].rstrip() + "…"]
        free -= len(parts) - 1
        fitted[:0] = parts
    return Label(code=code, lines=tuple(fitted), shortened=shortened)


def _folded(line: str) -> list[str]:
    """``line`` on as few lines of 38 characters as its words allow."""
    lines: list[str] = []
    for word in line.split():
        pieces = [word[at : at + LONGEST] for at in range(0, len(word), LONGEST)]
        if lines and len(lines[-1]) + 1 + len(pieces[0]) <= LONGEST:
            lines[-1] += f" {pieces.pop(0)}"
        lines += pieces
    return lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Customers that a search finds; ``ids``, where there are some, of those only."""

    wanted: CustomerFilter
    ids: Collection[CustomerId] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailView:
    """Somebody who may be written to."""

    customer_id: CustomerId
    code: str
    name: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailCount:
    """``count`` addresses that may be written to; customers ``without_address``, and with one, but ``without_consent``."""

    count: int
    without_address: int
    without_consent: int


class LabelReader(Protocol):
    async def labels(self, dossier: DossierId, chosen: Chosen, *, address: LabelAddress, sort: str) -> Labels:
        """In the order of the search, cards made anonymous apart. Raises ``TooMany``."""
        ...

    async def emails(self, dossier: DossierId, chosen: Chosen, purpose: Purpose, page: PageRequest) -> Page[EmailView]:
        """Each address once, by address (``email``), of those who may be written to for ``purpose``.

        Advertising needs consent (R23); that an order arrived may be told to whoever did not refuse it. An address that
        one of its cards refused is left out.
        """
        ...

    async def count(self, dossier: DossierId, chosen: Chosen, purpose: Purpose) -> EmailCount: ...
