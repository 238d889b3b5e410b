"""The catalogue as the counter needs it, and corrections of its stock."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.errors import (
    CategoryInUse,
    Fault,
    NotFound,
    ThirdPartyInUse,
    TryAgain,
    UnknownArticle,
    UnknownCode,
    UnknownParty,
)
from domain.events import EventType
from domain.model.access import Caller
from domain.model.article import Article, ArticleKind, Cause, Movement, kind_of
from domain.model.third_party import ThirdPartyType
from domain.model.values import Ean, ThirdPartyId
from domain.ports.answers import Once, Told
from domain.ports.unit_of_work import UnitOfWork
from domain.queries.articles import MovementView
from domain.usecases.work import Surroundings, told, until_done


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleCard:
    """What a catalogue says of an article, the whole of it. Prices are euros, VAT included; ``vat_rate`` is percent, ``weight_g`` grams of one copy.

    ``kind`` None: what its EAN says.
    """

    title: str
    author: str | None
    publisher: str | None
    list_price: Decimal
    vat_rate: Decimal
    digital: bool
    kind: ArticleKind | None = None
    school_book: bool = False
    category: str | None = None
    supplier_id: ThirdPartyId | None = None
    availability: str | None = None
    published_on: date | None = None
    weight_g: int | None = None


@dataclass(frozen=True, slots=True)
class Articles:
    around: Surroundings

    async def put(self, *, by: Caller, ean: Ean, card: ArticleCard) -> bool:
        """Write the article under its EAN; True when it is new. Raises ``UnknownCode``, ``UnknownParty``."""

        async def attempt() -> bool:
            try:
                async with self.around.begin(by.dossier, by.client) as work:
                    await _check(work, card)
                    new = await work.articles.put(
                        Article(
                            ean=ean,
                            title=card.title,
                            author=card.author,
                            publisher=card.publisher,
                            list_price=card.list_price,
                            vat_rate=card.vat_rate,
                            digital=card.digital,
                            updated_at=self.around.clock(),
                            kind=card.kind or kind_of(ean),
                            school_book=card.school_book,
                            category=card.category,
                            supplier_id=card.supplier_id,
                            availability=card.availability,
                            published_on=card.published_on,
                            weight_g=card.weight_g,
                        )
                    )
                    await work.commit()
                    return new
            except (CategoryInUse, ThirdPartyInUse):
                # deleted since it was looked for: the next attempt says that it is unknown
                raise TryAgain from None

        return await until_done(attempt)

    async def adjust(self, *, by: Caller, ean: Ean, quantity: int, reason: str, once: Once[MovementView]) -> Told:
        """Correct available stock by a signed quantity, with its reason. Raises ``UnknownArticle``, ``OutOfStock``."""

        async def attempt() -> Told:
            now = self.around.clock()
            async with self.around.begin(by.dossier, by.client) as work:
                if (before := await work.claim(once)) is not None:
                    return before
                shelf = (await work.stock.lock([ean])).get(ean)
                if shelf is None:
                    raise UnknownArticle(ean=ean)
                shelf.stock.adjust(quantity)
                movement = Movement(
                    id=self.around.new_id(),
                    ean=ean,
                    available=quantity,
                    set_aside=0,
                    cause=Cause.ADJUST,
                    reason=reason,
                    reservation_id=None,
                    at=now,
                    by=by.client,
                )
                work.stock.save(shelf.stock)
                work.stock.add_movement(movement)
                work.emit(
                    self.around.event(EventType.STOCK_ADJUSTED, movement.id, 1, by, now, ean=ean, quantity=quantity)
                )
                view = MovementView(
                    id=movement.id,
                    ean=ean,
                    available=quantity,
                    set_aside=0,
                    cause=Cause.ADJUST,
                    reason=reason,
                    at=now,
                    by=by.client,
                )
                return await told(work, once, view)

        return await until_done(attempt)


async def _check(work: UnitOfWork, card: ArticleCard) -> None:
    """Raises ``UnknownCode`` for a category that the tree does not have, ``UnknownParty`` for who is no supplier."""
    if card.category is not None and not await work.categories.ancestry([card.category]):
        raise UnknownCode(faults=[Fault("unknown-code", "/category", (("table", "article-categories"),))])
    if card.supplier_id is None:
        return
    try:
        supplier = await work.third_parties.get(card.supplier_id)
    except NotFound:
        raise UnknownParty(faults=[Fault("unknown-party", "/supplier_id")]) from None
    if supplier.type is not ThirdPartyType.SUPPLIER:
        raise UnknownParty(faults=[Fault("no-supplier", "/supplier_id")])
