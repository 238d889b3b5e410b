"""Checks of the stock, what was lost, and what a person counted, on the wire."""

from typing import Annotated, NamedTuple

from pydantic import BeforeValidator, ConfigDict, Field

from api.schemas.base import (
    Closed,
    EanCode,
    Line,
    Listing,
    Open,
    Sum,
    UtcInstant,
    chosen,
    euros,
    open_choice,
    prefixed,
    whole,
    wire_id,
)
from domain.model.stocktaking import MOST_FINDINGS, CountCause, CountedLine, Finding, FindingKind, LossCause
from domain.model.stocktaking import StockCheck as CheckView
from domain.model.values import NOTHING
from domain.queries.shrinkage import MOST_GROUPS, Loss, LossGroup, Period
from domain.queries.shrinkage import Shrinkage as ShrinkageView
from domain.queries.stock_checks import StockCheckSummary as CheckSummary
from domain.usecases.stocktaking import Count, Counted

StockCheckKey = prefixed("chk")
OnTheShelf = Annotated[int, Field(ge=0, le=999_999), BeforeValidator(whole)]
"""Copies, or none."""


class Why(NamedTuple):
    french: str
    english: str


WHY: dict[FindingKind, Why] = {
    FindingKind.RESERVATIONS: Why(
        "Le stock compte {found} exemplaire(s) mis de côté, mais les réservations en cours en gardent {expected}. "
        "Recomptez l'étagère des réservations de cet article, puis transmettez ce contrôle au support.",
        "The stock counts {found} copies set aside, but the open reservations keep {expected}. "
        "Count this article on the reservation shelf again, then pass this check on to support.",
    ),
    FindingKind.LINES: Why(
        "La ligne {position} de la commande {order} compte {found} exemplaire(s) mis de côté, mais ses réservations en "
        "gardent {expected}. Comparez la commande avec la liste des réservations, puis transmettez ce contrôle au support.",
        "Line {position} of order {order} counts {found} copies set aside, but its reservations keep {expected}. "
        "Compare the order with the list of reservations, then pass this check on to support.",
    ),
    FindingKind.MOVEMENTS_AVAILABLE: Why(
        "Le stock compte {found} exemplaire(s) disponible(s), mais ses mouvements en donnent {expected}. Comptez le rayon "
        "et saisissez un inventaire ; l'historique, lui, reste à réparer par le support.",
        "The stock counts {found} copies available, but its movements add up to {expected}. Count the shelf and enter "
        "a stock-taking; the history itself is for support to repair.",
    ),
    FindingKind.MOVEMENTS_SET_ASIDE: Why(
        "Le stock compte {found} exemplaire(s) mis de côté, mais ses mouvements en donnent {expected}. Recomptez l'étagère "
        "des réservations de cet article, puis transmettez ce contrôle au support.",
        "The stock counts {found} copies set aside, but its movements add up to {expected}. Count this article on the "
        "reservation shelf again, then pass this check on to support.",
    ),
    FindingKind.SUPPLIED: Why(
        "La ligne {position} de la commande {order} attend {found} exemplaire(s) des fournisseurs, mais leurs commandes lui "
        "en destinent {expected}. Regardez ses commandes fournisseurs : il en manque, ou il en vient trop.",
        "Line {position} of order {order} waits for {found} copies from suppliers, but their orders mean {expected} for "
        "it. Look at its supplier orders: copies are missing, or too many will come.",
    ),
}
"""Which numbers disagree, and what to do."""


class StockFinding(Open):
    """Two numbers of copies that must be the same: ``expected`` is what the records add up to, ``found`` what is kept."""

    ean: str
    title: str
    kind: open_choice(FindingKind)  # type: ignore[valid-type]
    expected: int
    found: int
    order_number: int | None = Field(description="Of the line that it is about.", examples=[None])
    position: int | None = Field(examples=[None])
    why: str = Field(description="Which numbers disagree and what to do, in French or English.")

    @classmethod
    def of(cls, view: Finding, *, english: bool) -> "StockFinding":
        why = WHY[view.kind]
        return cls(
            ean=view.ean,
            title=view.title,
            kind=view.kind.value,
            expected=view.expected,
            found=view.found,
            order_number=view.order_number,
            position=view.position,
            why=(why.english if english else why.french).format(
                expected=view.expected, found=view.found, order=view.order_number, position=view.position
            ),
        )


class StockCheck(Open):
    """One look at all stock of the shop, at one moment (C19)."""

    id: str = Field(examples=["chk_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    at: UtcInstant
    by: str
    articles: int
    clean: bool = Field(description="Nothing disagrees.")
    findings: list[StockFinding] = Field(description=f"By EAN, at most {MOST_FINDINGS}.")

    @classmethod
    def of(cls, view: CheckView, *, english: bool) -> "StockCheck":
        return cls(
            id=wire_id("chk", view.id),
            at=view.at,
            by=view.by,
            articles=view.articles,
            clean=view.clean,
            findings=[StockFinding.of(each, english=english) for each in view.findings],
        )


class StockCheckSummary(Open):
    """A row of the list of checks; ``found`` counts what disagreed."""

    id: str
    at: UtcInstant
    by: str
    by_name: str = Field(description="The person, the label of the key, or `system`.", examples=["Camille"])
    articles: int
    clean: bool
    found: int

    @classmethod
    def of(cls, view: CheckSummary) -> "StockCheckSummary":
        return cls(
            id=wire_id("chk", view.id),
            at=view.at,
            by=view.by,
            by_name=view.by_name,
            articles=view.articles,
            clean=view.found == 0,
            found=view.found,
        )


class StockCheckPage(Listing[StockCheckSummary]):
    """One page of checks, newest first."""


class ShrinkageLine(Open):
    """Copies that one movement of the stock took away."""

    id: str = Field(examples=["mov_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    at: UtcInstant
    ean: str
    title: str
    copies: int
    value: Sum
    cause: open_choice(LossCause)  # type: ignore[valid-type]
    reason: str | None
    by: str

    @classmethod
    def of(cls, view: Loss) -> "ShrinkageLine":
        return cls(
            id=wire_id("mov", view.id),
            at=view.at,
            ean=view.ean,
            title=view.title,
            copies=view.copies,
            value=euros(view.value),
            cause=view.cause.value,
            reason=view.reason,
            by=view.by,
        )


class ShrinkageGroup(Open):
    """What was lost for one cause and reason."""

    cause: open_choice(LossCause)  # type: ignore[valid-type]
    reason: str | None
    copies: int
    value: Sum

    @classmethod
    def of(cls, view: LossGroup) -> "ShrinkageGroup":
        return cls(cause=view.cause.value, reason=view.reason, copies=view.copies, value=euros(view.value))


class Shrinkage(Listing[ShrinkageLine]):
    """What was lost in a period (démarque): copies written off, and copies missing when they were counted.

    Values are at the publisher's price of today, VAT included. ``found_…`` are copies that corrections brought back; they
    are not taken off.
    """

    model_config = ConfigDict(frozen=True, populate_by_name=True, serialize_by_alias=True)

    from_: str = Field(alias="from", examples=["2026-11-01"])
    to: str = Field(description="Left out of the period.", examples=["2026-12-01"])
    copies: int
    value: Sum
    found_copies: int
    found_value: Sum
    by_cause: list[ShrinkageGroup] = Field(description=f"The most copies first, at most {MOST_GROUPS}.")

    @classmethod
    def told(cls, view: ShrinkageView, period: Period, *, next_page: str | None) -> "Shrinkage":
        return cls(
            from_=period.start.isoformat(),
            to=period.until.isoformat(),
            copies=view.copies,
            value=euros(view.value),
            found_copies=view.found_copies,
            found_value=euros(view.found_value),
            by_cause=[ShrinkageGroup.of(each) for each in view.groups],
            items=[ShrinkageLine.of(each) for each in view.page.items],
            next=next_page,
        )


class StockCountLine(Closed):
    """Copies that stand on the shelf, those set aside apart.

    ``available`` is what the shop had when they were counted, as a dry run says it: when that has changed since, the line is
    refused. Null does not look.
    """

    ean: EanCode
    counted: OnTheShelf = Field(examples=[3])
    available: OnTheShelf | None = Field(default=None, examples=[None])


class StockCountCreate(Closed):
    """A shelf counted (inventaire): the stock becomes what was counted; ``dry_run`` only says what would be corrected.

    ``cause`` says why copies are missing; ``other`` needs a ``reason``.
    """

    lines: Annotated[list[StockCountLine], Field(min_length=1, max_length=1000)]
    cause: chosen(CountCause) = Field(examples=["count_error"])  # type: ignore[valid-type]
    reason: Line | None = Field(default=None, examples=["Inventaire du rayon jeunesse"])
    dry_run: bool = Field(default=False, description="True answers what would be corrected, and corrects nothing.")

    def meant(self) -> Count:
        return Count(
            lines=[Counted(ean=line.ean, copies=line.counted, believed=line.available) for line in self.lines],
            cause=self.cause,
            reason=self.reason,
            dry_run=self.dry_run,
        )


class StockCountedLine(Open):
    """What the count of one article corrects.

    ``cause`` is the one given, but for a line that it cannot explain: copies too many were ``found``, not stolen.
    """

    ean: str
    title: str
    counted: int
    available: int = Field(description="Before the correction.")
    difference: int = Field(examples=[-1])
    value: Sum = Field(description="Of the difference, at the publisher's price.")
    cause: open_choice(CountCause)  # type: ignore[valid-type]

    @classmethod
    def of(cls, view: CountedLine) -> "StockCountedLine":
        return cls(
            ean=view.ean,
            title=view.title,
            counted=view.counted,
            available=view.available,
            difference=view.difference,
            value=euros(view.value),
            cause=view.cause.value,
        )


class StockCount(Open):
    """What a count corrected, or would: copies, and their value at the publisher's price; negative for missing ones."""

    dry_run: bool
    difference: int
    value: Sum
    lines: list[StockCountedLine]

    @classmethod
    def of(cls, views: list[CountedLine], *, dry_run: bool) -> "StockCount":
        return cls(
            dry_run=dry_run,
            difference=sum(each.difference for each in views),
            value=euros(sum((each.value for each in views), NOTHING)),
            lines=[StockCountedLine.of(each) for each in views],
        )
