"""The catalogue as the counter needs it, and corrections of its stock."""

from dataclasses import dataclass
from decimal import Decimal

from domain.errors import UnknownArticle
from domain.events import EventType
from domain.model.access import Caller
from domain.model.article import Article, Cause, Movement
from domain.model.values import Ean
from domain.ports.answers import Once, Told
from domain.queries.articles import MovementView
from domain.usecases.work import Surroundings, told, until_done


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleCard:
    """What a catalogue says of an article. Prices are euros, VAT included; ``vat_rate`` is percent."""

    title: str
    author: str | None
    publisher: str | None
    list_price: Decimal
    vat_rate: Decimal
    digital: bool


@dataclass(frozen=True, slots=True)
class Articles:
    around: Surroundings

    async def put(self, *, by: Caller, ean: Ean, card: ArticleCard) -> bool:
        """Write the article under its EAN; True when it is new."""
        async with self.around.begin(by.dossier, by.client) as work:
            article = Article(
                ean=ean,
                title=card.title,
                author=card.author,
                publisher=card.publisher,
                list_price=card.list_price,
                vat_rate=card.vat_rate,
                digital=card.digital,
                updated_at=self.around.clock(),
            )
            new = await work.articles.put(article)
            await work.commit()
            return new

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
