"""The report of a merge as it is kept, and what is read again out of the moved rows."""

import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

from domain.model.merge import (
    CardField,
    Clash,
    ClashRule,
    FieldOutcome,
    Merge,
    MergeWarning,
    MovedRow,
    MovedRows,
    Side,
    Taken,
)
from domain.model.values import CustomerId, MergeId
from infra.merging.policies import SAMPLES, Image, key_of, label_of
from infra.repositories.pending import Fields

NOTHING_TOLD: dict[str, Any] = {"choices": {}, "fields": [], "clashes": [], "warnings": []}
"""The report of a merge once the person was blanked."""


def loads(text: str) -> Any:
    """JSON with its numbers to the last digit."""
    return json.loads(text, parse_float=Decimal)


def written(merge: Merge) -> str:
    """What ``customer_merge.choices`` holds; counts and samples are read again out of the moved rows."""
    return json.dumps(
        {
            "choices": merge.choices,
            "fields": [
                {
                    "field": each.field,
                    "kept": each.kept,
                    "absorbed": each.absorbed,
                    "proposed": each.proposed,
                    "chosen": each.chosen,
                    "result": each.result,
                }
                for each in merge.fields
            ],
            "clashes": [
                {
                    "table": each.table,
                    "record_id": each.record_id,
                    "rule": each.rule,
                    "field": each.field,
                    "before": each.before,
                    "after": each.after,
                }
                for each in merge.clashes
            ],
            "warnings": merge.warnings,
        },
        ensure_ascii=False,
    )


def merge_of(row: Fields) -> Merge:
    """A merge as it was written."""
    told = loads(row["choices"])
    return Merge(
        id=MergeId(row["merge_id"]),
        kept_id=CustomerId(row["kept_id"]),
        absorbed_id=CustomerId(row["absorbed_id"]),
        at=row["at"],
        by=row["by"],
        choices={CardField(name): Side(side) for name, side in told["choices"].items()},
        fields=tuple(
            FieldOutcome(
                field=CardField(each["field"]),
                kept=each["kept"],
                absorbed=each["absorbed"],
                proposed=Taken(each["proposed"]),
                chosen=Taken(each["chosen"]),
                result=each["result"],
            )
            for each in told["fields"]
        ),
        clashes=tuple(Clash(**{**each, "rule": ClashRule(each["rule"])}) for each in told["clashes"]),
        warnings=tuple(MergeWarning(each) for each in told["warnings"]),
        undone_at=row["undone_at"],
        undone_by=row["undone_by"],
    )


def moved_rows(rows: Iterable[tuple[str, Image]], *, cards: tuple[UUID, UUID]) -> tuple[MovedRows, ...]:
    """How many rows of each table moved, and the first of them; the two cards themselves apart."""
    own = {str(card) for card in cards}
    counts: dict[str, int] = {}
    samples: dict[str, list[MovedRow]] = {}
    for table, image in rows:
        (record_id,) = key_of(table, image).values()
        if table == "customer" and record_id in own:
            continue
        counts[table] = counts.get(table, 0) + 1
        if len(shown := samples.setdefault(table, [])) < SAMPLES:
            shown.append(MovedRow(id=record_id, label=label_of(table, image)))
    return tuple(MovedRows(table=table, rows=rows, samples=tuple(samples[table])) for table, rows in counts.items())
