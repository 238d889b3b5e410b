"""Articles and stock in PostgreSQL."""

from collections.abc import Sequence

from domain.model.access import Dossier
from domain.model.article import Article, ArticleKind, Movement, StockLevel
from domain.model.values import Ean, ThirdPartyId, folded
from domain.ports.stock import Shelf
from infra.db.pools import ShopConnection
from infra.repositories import pending as parts
from infra.repositories.pending import Begin, Fields, Pending
from infra.sql import sql

ARTICLE_COLUMNS = (
    "a.ean, a.title, a.author, a.publisher, a.list_price, a.vat_rate, a.digital, a.kind, a.school_book, a.category, "
    "a.supplier_id, a.availability, a.published_on, a.weight_g, a.updated_at"
)
ARTICLE_NAMES = "array_remove(ARRAY[c3.label, c2.label, c1.label], NULL) AS category_path, t.name AS supplier_name"
ARTICLE_JOINS = """
LEFT JOIN category c1 ON c1.dossier_id = a.dossier_id AND c1.code = a.category
LEFT JOIN category c2 ON c2.dossier_id = a.dossier_id AND c2.code = c1.parent
LEFT JOIN category c3 ON c3.dossier_id = a.dossier_id AND c3.code = c2.parent
LEFT JOIN third_party t ON t.dossier_id = a.dossier_id AND t.third_party_id = a.supplier_id
"""
"""What an article's codes are called: its category from the top down (there are three levels), and who supplies it."""
MANY = f"SELECT {ARTICLE_COLUMNS} FROM article a WHERE a.dossier_id = $1 AND a.ean = ANY ($2::text[])"
LOCK = (
    sql("stock_lock")
    .replace("{article_columns}", ARTICLE_COLUMNS)
    .replace("{article_names}", ARTICLE_NAMES)
    .replace("{article_joins}", ARTICLE_JOINS)
)
WAITING = sql("stock_waiting")
PUT = sql("article_put")


class SqlArticles:
    """``Articles`` of one dossier on one connection."""

    def __init__(self, dossier: Dossier, connection: ShopConnection, *, begin: Begin) -> None:
        self._dossier = dossier
        self._connection = connection
        self._begin = begin

    async def many(self, eans: Sequence[Ean]) -> dict[Ean, Article]:
        rows = await self._connection.fetch(MANY, self._dossier.id, list(set(eans)))
        return {article.ean: article for article in map(article_of, rows)}

    async def put(self, article: Article) -> bool:
        await self._begin()
        new: bool = await self._connection.fetchval(
            PUT,
            self._dossier.id,
            article.ean,
            article.title,
            folded(article.title),
            article.author,
            folded(f"{article.title} {article.author or ''}").split(),
            article.publisher,
            article.list_price,
            article.vat_rate,
            article.digital,
            article.updated_at,
            article.kind,
            article.school_book,
            article.category,
            article.supplier_id,
            article.availability,
            article.published_on,
            article.weight_g,
        )
        return new


class SqlStock:
    """``Stock`` of one dossier on one connection."""

    def __init__(self, dossier: Dossier, connection: ShopConnection, pending: Pending, *, begin: Begin) -> None:
        self._dossier = dossier
        self._connection = connection
        self._pending = pending
        self._begin = begin
        self._changed: dict[Ean, StockLevel] = {}

    async def lock(self, eans: Sequence[Ean]) -> dict[Ean, Shelf]:
        await self._begin()
        rows = await self._connection.fetch(LOCK, self._dossier.id, sorted(set(eans)))
        shelves = [
            Shelf(
                article=article_of(row),
                stock=StockLevel(ean=Ean(row["ean"]), available=row["available"], set_aside=row["set_aside"]),
                waiting=0,
                category_path=tuple(row["category_path"]),
                supplier_name=row["supplier_name"],
            )
            for row in rows
        ]
        # asked once the locks are held: within the locking statement it would be seen as before the wait
        counts = await self._connection.fetch(WAITING, self._dossier.id, [row["ean"] for row in rows])
        counted = {row["ean"]: (row["copies"], row["on_order"]) for row in counts}
        for shelf in shelves:
            shelf.waiting, shelf.on_order = counted[shelf.article.ean]
        return {shelf.article.ean: shelf for shelf in shelves}

    def save(self, stock: StockLevel) -> None:
        self._changed[stock.ean] = stock

    def add_movement(self, movement: Movement) -> None:
        self._pending.add(
            parts.NEW_MOVEMENT,
            {
                "dossier_id": self._dossier.id,
                "movement_id": movement.id,
                "ean": movement.ean,
                "available": movement.available,
                "set_aside": movement.set_aside,
                "cause": movement.cause,
                "reason": movement.reason,
                "reservation_id": movement.reservation_id,
                "at": movement.at,
                "by": movement.by,
            },
        )

    def settle(self) -> None:
        """Put the last state of every changed level among what is to be written."""
        for ean, stock in self._changed.items():
            row = {
                "dossier_id": self._dossier.id,
                "ean": ean,
                "available": stock.available,
                "set_aside": stock.set_aside,
            }
            self._pending.add(parts.CHANGED_STOCK, row)


def article_of(row: Fields) -> Article:
    return Article(
        ean=Ean(row["ean"]),
        title=row["title"],
        author=row["author"],
        publisher=row["publisher"],
        list_price=row["list_price"],
        vat_rate=row["vat_rate"],
        digital=row["digital"],
        updated_at=row["updated_at"],
        kind=ArticleKind(row["kind"]),
        school_book=row["school_book"],
        category=row["category"],
        supplier_id=ThirdPartyId(row["supplier_id"]) if row["supplier_id"] else None,
        availability=row["availability"],
        published_on=row["published_on"],
        weight_g=row["weight_g"],
    )
