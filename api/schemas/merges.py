"""Merges of two cards, and anonymising, on the wire."""

from typing import Any

from pydantic import Field, create_model

from api.schemas.audit import wire_record
from api.schemas.base import Closed, Listing, Open, UtcInstant, chosen, open_choice, wire_id
from api.schemas.identities import CustomerKey
from domain.model.merge import CardField, Clash, ClashRule, FieldOutcome, MergeWarning, MovedRows, Side, Taken
from domain.model.values import CustomerId
from domain.queries.merges import CardName, MergeSummary, MergeView
from domain.usecases.anonymising import AnonymiseReason
from domain.usecases.merges import MergeOrder

CHOICES: Any = {each.value: (chosen(Side) | None, Field(default=None, examples=[None])) for each in CardField}
MergeChoices: Any = create_model(  # one field for each field of the card: a merge knows them all
    "MergeChoices",
    __base__=Closed,
    __doc__="Whose value a field of the merged card takes; absent or null: the kept card's, or the other's where it has none.",
    **CHOICES,
)


class CustomerMergeCreate(Closed):
    """Merge `absorbed_id` into `kept_id`. With `dry_run` nothing is written and the answer is the report it would be."""

    kept_id: CustomerKey
    absorbed_id: CustomerKey
    choices: MergeChoices = Field(default_factory=MergeChoices, examples=[{"phone": "absorbed"}])
    dry_run: bool = Field(default=False, examples=[False])

    def meant(self) -> MergeOrder:
        sides = {each: getattr(self.choices, each.value) for each in CardField}
        return MergeOrder(
            kept_id=CustomerId(self.kept_id),
            absorbed_id=CustomerId(self.absorbed_id),
            choices={which: side for which, side in sides.items() if side is not None},
        )


class MergedCard(Open):
    """One of the two cards."""

    id: str = Field(examples=["cus_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    code: str = Field(examples=["C0000042"])
    name: str = Field(examples=["MARTIN"])
    first_name: str | None

    @classmethod
    def of(cls, card: CardName) -> "MergedCard":
        return cls(id=wire_id("cus", card.id), code=card.code, name=card.name, first_name=card.first_name)


class MergedField(Open):
    """A field in which the two cards differ: both values as text, whose the rule proposes, whose was chosen, what it gives.

    `both` puts two comments together, or the answers of both cards to the shop's own fields. A value not taken stays
    on the absorbed card.
    """

    field: open_choice(CardField)  # type: ignore[valid-type]
    kept: str | None = Field(examples=["0240000000"])
    absorbed: str | None = Field(examples=["0240000009"])
    proposed: open_choice(Taken)  # type: ignore[valid-type]
    chosen: open_choice(Taken)  # type: ignore[valid-type]
    result: str | None = Field(examples=["0240000000"])

    @classmethod
    def of(cls, outcome: FieldOutcome) -> "MergedField":
        return cls(
            field=outcome.field.value,
            kept=outcome.kept,
            absorbed=outcome.absorbed,
            proposed=outcome.proposed.value,
            chosen=outcome.chosen.value,
            result=outcome.result,
        )


class MergedRow(Open):
    """A record that moved."""

    id: str = Field(examples=["ord_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    label: str = Field(examples=["46407 MARTIN"])


class MergedTable(Open):
    """How many records of a kind moved, and the first of them."""

    table: str = Field(examples=["customer_order"])
    rows: int = Field(examples=[3])
    samples: list[MergedRow]

    @classmethod
    def of(cls, moved: MovedRows) -> "MergedTable":
        samples = [MergedRow(id=wire_record(moved.table, row.id), label=row.label) for row in moved.samples]
        return cls(table=moved.table, rows=moved.rows, samples=samples)


class MergeClash(Open):
    """Where both cards could not keep theirs as it was, and by which rule that was resolved; nothing is deleted."""

    table: str = Field(examples=["address"])
    record_id: str = Field(examples=["adr_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    rule: open_choice(ClashRule)  # type: ignore[valid-type]
    field: str = Field(examples=["code"])
    before: str | None = Field(examples=["NANTES1"])
    after: str | None = Field(examples=["NANTES2"])

    @classmethod
    def of(cls, clash: Clash) -> "MergeClash":
        return cls(
            table=clash.table,
            record_id=wire_record(clash.table, clash.record_id),
            rule=clash.rule.value,
            field=clash.field,
            before=clash.before,
            after=clash.after,
        )


class CustomerMergeSummary(Open):
    """A merge in the list."""

    id: str = Field(examples=["mrg_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    kept: MergedCard
    absorbed: MergedCard
    at: UtcInstant
    by: str = Field(examples=["staff:019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    by_name: str = Field(examples=["Camille"])
    undone_at: UtcInstant | None
    undone_by: str | None
    undone_by_name: str | None

    @classmethod
    def of(cls, merge: MergeSummary) -> "CustomerMergeSummary":
        return cls(
            id=wire_id("mrg", merge.id),
            kept=MergedCard.of(merge.kept),
            absorbed=MergedCard.of(merge.absorbed),
            at=merge.at,
            by=merge.by,
            by_name=merge.by_name,
            undone_at=merge.undone_at,
            undone_by=merge.undone_by,
            undone_by_name=merge.undone_by_name,
        )


class CustomerMergePage(Listing[CustomerMergeSummary]):
    """One page of merges, newest first."""


class CustomerMerge(Open):
    """The report of a merge: fields, what moved, what clashed, what to look at twice. `merge_id` is null in a preview."""

    merge_id: str | None = Field(examples=["mrg_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    kept: MergedCard
    absorbed: MergedCard
    fields: list[MergedField]
    moved: list[MergedTable]
    clashes: list[MergeClash]
    warnings: list[open_choice(MergeWarning)] = Field(examples=[[]])  # type: ignore[valid-type]
    at: UtcInstant
    by: str = Field(examples=["staff:019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    by_name: str = Field(examples=["Camille"])
    undone_at: UtcInstant | None
    undone_by: str | None
    undone_by_name: str | None

    @classmethod
    def of(cls, merge: MergeView) -> "CustomerMerge":
        return cls(
            merge_id=wire_id("mrg", merge.id) if merge.id else None,
            kept=MergedCard.of(merge.kept),
            absorbed=MergedCard.of(merge.absorbed),
            fields=[MergedField.of(outcome) for outcome in merge.fields],
            moved=[MergedTable.of(rows) for rows in merge.moved],
            clashes=[MergeClash.of(clash) for clash in merge.clashes],
            warnings=[warning.value for warning in merge.warnings],
            at=merge.at,
            by=merge.by,
            by_name=merge.by_name,
            undone_at=merge.undone_at,
            undone_by=merge.undone_by,
            undone_by_name=merge.undone_by_name,
        )


class AnonymiseRequest(Closed):
    """Why a person is blanked: asked by the person, end of the retention, or another reason. No text: a name could stand in it."""

    reason: chosen(AnonymiseReason) = Field(examples=["request"])  # type: ignore[valid-type]
