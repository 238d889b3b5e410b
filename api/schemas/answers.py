"""The shop's table of answers, and what is said of a line by hand, on the wire (A13-A15)."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from api.schemas.base import (
    Closed,
    EanCode,
    Line,
    Listing,
    Open,
    UtcInstant,
    Word,
    chosen,
    open_choice,
    whole,
    wire_id,
)
from domain.model.answers import AnswerSource, Effect
from domain.queries.answers import KnownAnswerView, SaidView
from domain.usecases.answers import AnswerCard

Position = Annotated[int, Field(ge=1, le=100_000), BeforeValidator(whole)]


class AnswerPut(Closed):
    """An answer as the shop words it. ``effect`` is what it means for a waiting line: wait, ask the customer, re-order from
    another distributor, move to the re-issue, or close. Without ``position`` a new one is the last, a known one stays.
    """

    label: Line = Field(examples=["Épuisé"])
    label_en: Line | None = Field(default=None, examples=["Out of print"])
    effect: chosen(Effect) = Field(default=Effect.WAIT, examples=["close"])  # type: ignore[valid-type]
    position: Position | None = Field(default=None, examples=[None])
    active: bool = True

    def meant(self) -> AnswerCard:
        return AnswerCard(
            label=self.label,
            label_en=self.label_en,
            effect=self.effect,
            position=self.position,
            active=self.active,
        )


class KnownAnswer(Open):
    """An answer of the shop's table. An inactive one stays on the lines that have it and is proposed no more."""

    code: str = Field(examples=["6"])
    label: str = Field(examples=["Arrêt définitif de commercialisation (épuisé)"])
    label_en: str | None = Field(examples=["Out of print"])
    effect: open_choice(Effect)  # type: ignore[valid-type]
    position: int = Field(examples=[6])
    active: bool = Field(examples=[True])
    updated_at: UtcInstant
    version: int = Field(examples=[1])

    @classmethod
    def of(cls, view: KnownAnswerView) -> "KnownAnswer":
        return cls(
            code=view.code,
            label=view.label,
            label_en=view.label_en,
            effect=view.effect.value,
            position=view.position,
            active=view.active,
            updated_at=view.updated_at,
            version=view.version,
        )


class KnownAnswerPage(Listing[KnownAnswer]):
    """The whole table in its order."""


class LineAnswerCreate(Closed):
    """What a person says of a line (Modif. Réponse, A15).

    A code of the shop's table has its label and its effect; another is kept as text, under its ``label`` or as its own, and
    the line goes on waiting. ``new_ean`` is the re-issue's, where there is one.
    """

    code: Word = Field(examples=["6"])
    label: Line | None = Field(default=None, examples=[None])
    new_ean: EanCode | None = Field(default=None, examples=[None])


class LineMove(Closed):
    """The article that the line waits for from now on: the re-issue, the paperback (P9)."""

    ean: EanCode


class LineAnswerEntry(Open):
    """What was once said of a line: never changed."""

    id: str = Field(examples=["ans_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    code: str = Field(examples=["6"])
    label: str = Field(examples=["Arrêt définitif de commercialisation (épuisé)"])
    source: open_choice(AnswerSource)  # type: ignore[valid-type]
    effect: open_choice(Effect)  # type: ignore[valid-type]
    new_ean: str | None = Field(examples=[None])
    at: UtcInstant | None
    by: str

    @classmethod
    def of(cls, view: SaidView) -> "LineAnswerEntry":
        said = view.answer
        return cls(
            id=wire_id("ans", view.id),
            code=said.code,
            label=said.label,
            source=said.source.value,
            effect=said.effect.value,
            new_ean=said.new_ean,
            at=said.at,
            by=view.by,
        )


class LineAnswerPage(Listing[LineAnswerEntry]):
    """All that was said of a line, newest first."""
