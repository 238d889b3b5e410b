"""The answers (Réponses) that a waiting line gets, and the shop's own table of them (A13-A15)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.model.values import Ean, LineId, OrderId


class AnswerSource(StrEnum):
    STOCK = "stock"
    DISTRIBUTOR = "distributor"
    SHOP = "shop"


class Effect(StrEnum):
    """What an answer means for the line: wait; ask the customer whether to go on waiting; order from another distributor;

    move to the re-issue's EAN (P9); or close, because no copy will come.
    """

    WAIT = "wait"
    ASK = "ask"
    REORDER = "reorder"
    MOVE = "move"
    CLOSE = "close"

    @property
    def ends_supply(self) -> bool:
        """Whether the distributor who says it will send no copy of this EAN any more."""
        return self in {Effect.REORDER, Effect.MOVE, Effect.CLOSE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The Réponse of a line: its code, what is shown, who said it and when (unknown for stock).

    ``new_ean`` is the re-issue's, where the answer names one.
    """

    code: str
    label: str
    source: AnswerSource
    at: datetime | None = None
    effect: Effect = Effect.WAIT
    new_ean: Ean | None = None


AVAILABLE = Answer(code="available", label="Disponible", source=AnswerSource.STOCK)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineAnswer:
    """An entry of a line's history of answers: never changed, never removed with what it says (A15)."""

    id: UUID
    order_id: OrderId
    line_id: LineId
    answer: Answer
    by: str


@dataclass(slots=True, kw_only=True, eq=False)
class KnownAnswer:
    """An answer of the shop's table; an unknown code is kept as text and waits (trade.md)."""

    code: str
    label: str
    label_en: str | None
    effect: Effect
    position: int
    active: bool
    updated_at: datetime
    version: int = 1


def worded(
    *,
    code: str,
    label: str | None,
    known: KnownAnswer | None,
    source: AnswerSource,
    at: datetime,
    new_ean: Ean | None = None,
) -> Answer:
    """What is said, in the words of the shop's table (``known``) where ``label`` does not say otherwise.

    A code that the table does not know is kept as text, and the line waits (trade.md).
    """
    return Answer(
        code=code,
        label=label or (known.label if known else code),
        source=source,
        at=at,
        effect=known.effect if known else Effect.WAIT,
        new_ean=new_ean,
    )
