"""The shop's table of answers, and what was said of lines, as they are read (A13-A15)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain.model.answers import Answer, Effect, KnownAnswer
from domain.model.values import DossierId, LineId, OrderId
from domain.queries.pages import Page, PageRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownAnswerView:
    """An answer of the shop's table."""

    code: str
    label: str
    label_en: str | None
    effect: Effect
    position: int
    active: bool
    updated_at: datetime
    version: int


def known_answer_view(answer: KnownAnswer) -> KnownAnswerView:
    """The answer as its reader would answer it."""
    return KnownAnswerView(
        code=answer.code,
        label=answer.label,
        label_en=answer.label_en,
        effect=answer.effect,
        position=answer.position,
        active=answer.active,
        updated_at=answer.updated_at,
        version=answer.version,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidView:
    """What was once said of a line; ``answer.at`` is when, ``by`` who wrote it down."""

    id: UUID
    answer: Answer
    by: str


class AnswerReader(Protocol):
    async def known(self, dossier: DossierId, *, active: bool | None) -> list[KnownAnswerView]:
        """The whole table in the order of the positions; ``active`` None is both."""
        ...

    async def one(self, dossier: DossierId, code: str) -> KnownAnswerView:
        """Raises ``NotFound``."""
        ...

    async def history(
        self, dossier: DossierId, order_id: OrderId, line_id: LineId, page: PageRequest
    ) -> Page[SaidView]:
        """All that was said of a line, newest first. Raises ``NotFound`` for a line that the order does not have."""
        ...
