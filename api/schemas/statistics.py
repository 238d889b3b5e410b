"""Statistics on the wire, and as a table."""

from datetime import date

from pydantic import ConfigDict, Field

from api.schemas.base import Open, Sum, euros, open_choice, percent
from domain.model.booklaw import Buyer
from domain.ports.spreadsheets import Cell, Column, Figures, Sheet
from domain.queries.statistics import COLLECTIVITY, MONTHS_A_YEAR, RowKind, Sold, StatisticsBy, month_number, month_of
from domain.queries.statistics import Statistics as StatisticsView
from domain.queries.statistics import StatisticsRow as RowView

MOST_ROWS = 500
MONTHS = (
    ("janvier", "January"),
    ("février", "February"),
    ("mars", "March"),
    ("avril", "April"),
    ("mai", "May"),
    ("juin", "June"),
    ("juillet", "July"),
    ("août", "August"),
    ("septembre", "September"),
    ("octobre", "October"),
    ("novembre", "November"),
    ("décembre", "December"),
)
BUYERS = {
    Buyer.PRIVATE.value: ("Particuliers", "Private customers"),
    COLLECTIVITY: ("Collectivités", "Collectivities"),
    Buyer.PUBLIC_BODY.value: ("Organismes publics", "Public bodies"),
    Buyer.LIBRARY.value: ("Bibliothèques de prêt", "Lending libraries"),
    Buyer.SCHOOL_ASSOCIATION.value: ("Associations (livres scolaires)", "Associations (school books)"),
}
WITHOUT = {
    StatisticsBy.CATEGORY: ("Sans catégorie", "No category"),
    StatisticsBy.STAT: ("Sans code statistique", "No statistics code"),
    StatisticsBy.SALES_REP: ("Sans commercial", "No sales rep"),
    StatisticsBy.CUSTOMER: ("Sans fiche client", "No customer card"),
}
HIDDEN = ("Clients confidentiels", "Confidential customers")
OTHERS = ("Autres", "Others")
TITLES = {
    StatisticsBy.MONTH: ("Mois", "Month"),
    StatisticsBy.FISCAL_YEAR: ("Exercice", "Fiscal year"),
    StatisticsBy.BUYER: ("Clientèle", "Customers"),
    StatisticsBy.CATEGORY: ("Catégorie", "Category"),
    StatisticsBy.STAT: ("Code statistique", "Statistics code"),
    StatisticsBy.SALES_REP: ("Commercial", "Sales rep"),
    StatisticsBy.CUSTOMER: ("Client", "Customer"),
}
TOTAL = ("Total", "Total")


def label_of(row: RowView, by: StatisticsBy, *, english: bool) -> str:
    """What people call the row."""
    if row.kind is not RowKind.ONE:
        return {RowKind.HIDDEN: HIDDEN, RowKind.OTHERS: OTHERS}.get(row.kind, WITHOUT.get(by, OTHERS))[english]
    if row.day is not None:
        return _days(row.day, by, english=english)
    if by is StatisticsBy.BUYER and row.key is not None:
        return BUYERS[row.key][english]
    return row.label or row.key or ""


def _days(first: date, by: StatisticsBy, *, english: bool) -> str:
    """Of a month "septembre 2026"; of a fiscal year "2026", or "2025-2026" where it lies in two."""
    if by is StatisticsBy.MONTH:
        return f"{MONTHS[first.month - 1][english]} {first.year}"
    last = month_of(month_number(first) + MONTHS_A_YEAR - 1) if first.year < date.max.year else first
    return f"{first.year}" if last.year == first.year else f"{first.year}-{last.year}"


class StatisticsTotal(Open):
    """What was sold, less what was brought back. ``net`` is without VAT; ``purchases`` counts what was bought, not returns."""

    copies: int = Field(examples=[3])
    turnover: Sum = Field(description="VAT included.")
    net: Sum
    purchases: int = Field(examples=[2])
    commission: Sum | None = Field(description="Of sales reps: their part of `net` times their percent (B16).")

    @classmethod
    def figures(cls, sold: Sold) -> dict[str, object]:
        return {
            "copies": sold.copies,
            "turnover": euros(sold.turnover),
            "net": euros(sold.net),
            "purchases": sold.purchases,
            "commission": None if sold.commission is None else euros(sold.commission),
        }

    @classmethod
    def of(cls, sold: Sold) -> "StatisticsTotal":
        return cls.model_validate(cls.figures(sold))


class StatisticsRow(StatisticsTotal):
    """One row. ``key`` is its month or the first of its fiscal year (2026-09), a code, an id or a kind of buyer.

    Only rows of ``kind`` `one` have one: `without` gathers what has no such thing, `hidden` cards that you may not see,
    `others` what a long list leaves out. A row with a ``parent`` is a part of that row, and not counted again in the total.
    """

    kind: open_choice(RowKind)  # type: ignore[valid-type]
    key: str | None = Field(examples=["2026-09"])
    label: str = Field(examples=["septembre 2026"])
    parent: str | None = Field(examples=[None])
    share: str = Field(description="Percent of the net total.", examples=["12.50"])


class Statistics(Open):
    """What was sold in a period, gathered by one thing: sums of the purchases of this moment (B17).

    Codes, statistics parties, sales reps and categories are those of today's cards. ``label`` is what the rows are called.
    """

    model_config = ConfigDict(frozen=True, populate_by_name=True, serialize_by_alias=True)

    by: open_choice(StatisticsBy)  # type: ignore[valid-type]
    from_: str = Field(alias="from", examples=["2025-09-01"])
    to: str = Field(description="Left out of the period.", examples=["2026-09-01"])
    label: str = Field(examples=["Mois"])
    fiscal_month: int = Field(description="The first month of the shop's fiscal year (B18).", examples=[9])
    items: list[StatisticsRow] = Field(
        description=f"At most {MOST_ROWS}, the rest in one row; the spreadsheet has all."
    )
    total: StatisticsTotal

    @classmethod
    def of(cls, view: StatisticsView, *, english: bool) -> "Statistics":
        shown = view.shortened(MOST_ROWS)
        return cls(
            by=view.by.value,
            from_=view.start.isoformat(),
            to=view.until.isoformat(),
            label=view.axis_label or TITLES[view.by][english],
            fiscal_month=view.fiscal_month,
            items=[
                StatisticsRow.model_validate(
                    {
                        **StatisticsTotal.figures(row.sold),
                        "kind": row.kind.value,
                        "key": row.key,
                        "label": label_of(row, view.by, english=english),
                        "parent": row.parent,
                        "share": percent(view.share(row)),
                    }
                )
                for row in shown.rows
            ],
            total=StatisticsTotal.of(view.total),
        )


def sheet_of(view: StatisticsView, *, english: bool) -> Sheet:
    """Every row, as a table for a spreadsheet."""
    reps = view.by is StatisticsBy.SALES_REP
    names = (
        (("Exemplaires", "Copies"), Figures.COUNT),
        (("CA TTC", "Turnover incl. VAT"), Figures.EUROS),
        (("CA HT", "Turnover excl. VAT"), Figures.EUROS),
        (("Part du CA HT", "Share of turnover"), Figures.PERCENT),
        (("Achats", "Purchases"), Figures.COUNT),
        *(((("Commission", "Commission"), Figures.EUROS),) if reps else ()),
    )
    months = view.by is StatisticsBy.MONTH
    first = Column(
        title=view.axis_label or TITLES[view.by][english],
        holds=Figures.MONTH if months else Figures.TEXT,
        width=18 if months else 44,
    )
    coded = view.by in {StatisticsBy.CATEGORY, StatisticsBy.STAT}
    code = (Column(title="Code"),) if coded else ()

    def figures(sold: Sold, share: Cell) -> tuple[Cell, ...]:
        said: tuple[Cell, ...] = (sold.copies, sold.turnover, sold.net, share, sold.purchases)
        return (*said, sold.commission) if reps else said

    def line(row: RowView) -> tuple[Cell, ...]:
        label = label_of(row, view.by, english=english)
        named: Cell = row.day if months else f"   {label}" if row.parent else label
        return (*((row.key,) if coded else ()), named, *figures(row.sold, view.share(row)))

    return Sheet(
        name=f"{view.start:%Y-%m-%d} {view.until:%Y-%m-%d}",
        columns=[*code, first, *(Column(title=title[english], holds=holds, width=18) for title, holds in names)],
        rows=[line(row) for row in view.rows],
        total=(*((None,) if coded else ()), TOTAL[english], *figures(view.total, None)),
    )
