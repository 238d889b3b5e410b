"""Articles, their stock and their queue on the wire."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from api.schemas.base import (
    Closed,
    Line,
    Listing,
    Money,
    Open,
    Rate,
    Sum,
    UtcInstant,
    euros,
    open_choice,
    percent,
    whole,
    wire_id,
)
from domain.model.article import Cause
from domain.model.order import Status
from domain.queries.articles import ArticleView, MovementView, QueueEntry
from domain.usecases.articles import ArticleCard


class ArticlePut(Closed):
    """What a catalogue says of an article; ``vat_rate`` in percent."""

    title: Line = Field(examples=["MANGER UN LOUP"])
    author: Line | None = Field(default=None, examples=["BOURGEOU VIN"])
    publisher: Line | None = Field(default=None, examples=["EDL"])
    list_price: Money = Field(examples=[{"amount": "12.20", "currency": "EUR"}])
    vat_rate: Rate = Field(default="5.50", examples=["5.50"], validate_default=True)
    digital: bool = False

    def meant(self) -> ArticleCard:
        return ArticleCard(
            title=self.title,
            author=self.author,
            publisher=self.publisher,
            list_price=self.list_price.amount,
            vat_rate=self.vat_rate,
            digital=self.digital,
        )


class Article(Open):
    """An article with its stock: ``available`` to anyone, ``set_aside`` for someone, ``waiting`` copies wanted by orders."""

    ean: str = Field(examples=["9782211217088"])
    title: str = Field(examples=["MANGER UN LOUP"])
    author: str | None
    publisher: str | None
    list_price: Sum
    vat_rate: str = Field(examples=["5.50"])
    digital: bool
    available: int
    set_aside: int
    waiting: int
    updated_at: UtcInstant

    @classmethod
    def of(cls, view: ArticleView) -> "Article":
        return cls(
            ean=view.ean,
            title=view.title,
            author=view.author,
            publisher=view.publisher,
            list_price=euros(view.list_price),
            vat_rate=percent(view.vat_rate),
            digital=view.digital,
            available=view.available,
            set_aside=view.set_aside,
            waiting=view.waiting,
            updated_at=view.updated_at,
        )


class ArticlePage(Listing[Article]):
    """One page of articles."""


class StockOfArticle(Open):
    """Copies of one article."""

    ean: str = Field(examples=["9782211217088"])
    available: int
    set_aside: int


class MovementCreate(Closed):
    """A correction of available stock by a signed number of copies, with its reason."""

    quantity: Annotated[int, Field(ge=-9999, le=9999), BeforeValidator(whole)] = Field(examples=[3])
    reason: Line = Field(examples=["Inventaire"])


class Movement(Open):
    """One change of an article's stock, never altered."""

    id: str = Field(examples=["mov_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    ean: str
    available: int
    set_aside: int
    cause: open_choice(Cause)  # type: ignore[valid-type]
    reason: str | None
    at: UtcInstant
    by: str

    @classmethod
    def of(cls, view: MovementView) -> "Movement":
        return cls(
            id=wire_id("mov", view.id),
            ean=view.ean,
            available=view.available,
            set_aside=view.set_aside,
            cause=view.cause.value,
            reason=view.reason,
            at=view.at,
            by=view.by,
        )


class MovementPage(Listing[Movement]):
    """Stock movements, newest first."""


class QueuePlace(Open):
    """A line that waits for the article; rank 1 is served next."""

    rank: int
    order_id: str
    line_id: str
    order_number: int
    order_status: open_choice(Status)  # type: ignore[valid-type]
    name: str
    outstanding: int
    created_at: UtcInstant

    @classmethod
    def of(cls, entry: QueueEntry) -> "QueuePlace":
        return cls(
            rank=entry.rank,
            order_id=wire_id("ord", entry.order_id),
            line_id=wire_id("lin", entry.line_id),
            order_number=entry.order_number,
            order_status=entry.order_status.value,
            name=entry.name,
            outstanding=entry.outstanding,
            created_at=entry.created_at,
        )


class QueuePage(Listing[QueuePlace]):
    """The queue of an article, at most 200 places."""
