"""Articles and their stock on the wire."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from api.schemas.base import (
    Closed,
    Day,
    Line,
    Listing,
    Money,
    Open,
    Rate,
    Sum,
    UtcInstant,
    Word,
    chosen,
    euros,
    open_choice,
    percent,
    whole,
    wire_id,
)
from api.schemas.identities import TableCode, ThirdPartyKey
from domain.model.article import MOST_GRAMS, ArticleKind, Cause
from domain.queries.articles import ArticleView, MovementView
from domain.usecases.articles import ArticleCard

Grams = Annotated[int, Field(ge=1, le=MOST_GRAMS), BeforeValidator(whole)]
"""What one copy weighs."""


class ArticlePut(Closed):
    """What a catalogue says of an article, the whole of it: a field that is absent gets its default. ``vat_rate`` in percent.

    Without ``kind`` the EAN decides: an ISBN is a book's. ``category`` is a node of the tree, ``supplier_id`` a third party of
    type supplier, ``availability`` a code of the trade's file (FEL), kept as text, ``weight_g`` the
    grams of one copy (P33).
    """

    title: Line = Field(examples=["MANGER UN LOUP"])
    author: Line | None = Field(default=None, examples=["BOURGEOU VIN"])
    publisher: Line | None = Field(default=None, examples=["EDL"])
    list_price: Money = Field(examples=[{"amount": "12.20", "currency": "EUR"}])
    vat_rate: Rate = Field(default="5.50", examples=["5.50"], validate_default=True)
    digital: bool = False
    kind: chosen(ArticleKind) | None = Field(default=None, examples=["book"])  # type: ignore[valid-type]
    school_book: bool = False
    category: TableCode | None = Field(default=None, examples=[None])
    supplier_id: ThirdPartyKey | None = Field(default=None, examples=[None])
    availability: Word | None = Field(default=None, examples=["1"])
    published_on: Day | None = Field(default=None, examples=["2013-10-03"])
    weight_g: Grams | None = Field(default=None, examples=[380])

    def meant(self) -> ArticleCard:
        return ArticleCard(
            title=self.title,
            author=self.author,
            publisher=self.publisher,
            list_price=self.list_price.amount,
            vat_rate=self.vat_rate,
            digital=self.digital,
            kind=self.kind,
            school_book=self.school_book,
            category=self.category,
            supplier_id=self.supplier_id,
            availability=self.availability,
            published_on=self.published_on,
            weight_g=self.weight_g,
        )


class Article(Open):
    """An article with its stock: ``available`` to anyone, ``set_aside`` for someone, ``waiting`` copies wanted by orders,
    ``on_order`` copies still to come on supplier orders that were sent. ``category_path`` are labels, from the top down.
    """

    ean: str = Field(examples=["9782211217088"])
    title: str = Field(examples=["MANGER UN LOUP"])
    author: str | None
    publisher: str | None
    list_price: Sum
    vat_rate: str = Field(examples=["5.50"])
    digital: bool
    kind: open_choice(ArticleKind)  # type: ignore[valid-type]
    school_book: bool
    category: str | None = Field(examples=["ALB"])
    category_path: list[str] = Field(examples=[["Librairie", "Jeunesse", "Albums"]])
    supplier_id: str | None = Field(examples=["tpa_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    supplier_name: str | None
    availability: str | None = Field(examples=["1"])
    published_on: str | None = Field(examples=["2013-10-03"])
    weight_g: int | None = Field(description="Grams of one copy (P33).", examples=[380])
    available: int
    set_aside: int
    waiting: int
    on_order: int
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
            kind=view.kind.value,
            school_book=view.school_book,
            category=view.category,
            category_path=list(view.category_path),
            supplier_id=wire_id("tpa", view.supplier_id) if view.supplier_id else None,
            supplier_name=view.supplier_name,
            availability=view.availability,
            published_on=view.published_on.isoformat() if view.published_on else None,
            weight_g=view.weight_g,
            available=view.available,
            set_aside=view.set_aside,
            waiting=view.waiting,
            on_order=view.on_order,
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
