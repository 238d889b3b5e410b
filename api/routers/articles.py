"""Articles and their stock."""

from typing import Annotated

from fastapi import Path, Query, Request
from starlette.responses import Response

from api.deps import ArticlesRead, ArticlesWrite, Cursor, IdempotencyKey, Limit, Pager, Shop, answer, told
from api.routers.operation import operation, router
from api.schemas.articles import (
    Article,
    ArticlePage,
    ArticlePut,
    Movement,
    MovementCreate,
    MovementPage,
    StockOfArticle,
)
from api.schemas.base import EanCode, Line, chosen
from api.schemas.identities import TableCode, ThirdPartyKey
from domain.model.article import ArticleKind
from domain.model.values import ThirdPartyId
from domain.ports.answers import Told
from domain.queries.articles import ArticleFilter, MovementView

routes = router("articles")
EanPath = Annotated[EanCode, Path()]


@routes.get("/articles", **operation("listArticles", ArticlePage, refuses=("unknown-cursor",)))
async def list_articles(
    request: Request,
    by: ArticlesRead,
    shop: Shop,
    q: Annotated[
        Line | None, Query(description="Starts of words of title or author in any order, or of the EAN.")
    ] = None,
    category: Annotated[TableCode | None, Query(description="A node of the tree, with all below it.")] = None,
    kind: Annotated[chosen(ArticleKind) | None, Query()] = None,  # type: ignore[valid-type]
    supplier_id: Annotated[ThirdPartyKey | None, Query()] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """Articles by title."""
    pager = Pager.of(request, by)
    wanted = ArticleFilter(
        q=q, category=category, kind=kind, supplier_id=ThirdPartyId(supplier_id) if supplier_id else None
    )
    page = await shop.read.articles.search(
        by.dossier.id, wanted, pager.request(sort="title", limit=limit, cursor=cursor)
    )
    return answer(told(ArticlePage(items=[Article.of(view) for view in page.items], next=pager.next(page.last))))


@routes.get("/articles/{ean}", **operation("getArticle", Article, refuses=("unknown-article",)))
async def get_article(ean: EanPath, by: ArticlesRead, shop: Shop) -> Response:
    """One article with its stock."""
    return answer(told(Article.of(await shop.read.articles.by_ean(by.dossier.id, ean))))


@routes.put(
    "/articles/{ean}",
    **operation(
        "putArticle",
        Article,
        also={201: "The article is new."},
        refuses=("unknown-code", "unknown-party"),
        headers=("Location",),
    ),
)
async def put_article(ean: EanPath, body: ArticlePut, by: ArticlesWrite, shop: Shop) -> Response:
    """Write an article under its EAN: 201 when it is new, 200 when it was there. The whole is replaced, stock stays."""
    new = await shop.articles.put(by=by, ean=ean, card=body.meant())
    view = await shop.read.articles.by_ean(by.dossier.id, ean)
    return answer(told(Article.of(view), status=201 if new else 200, location=f"/v1/articles/{ean}"))


@routes.get("/articles/{ean}/stock", **operation("getStock", StockOfArticle, refuses=("unknown-article",)))
async def get_stock(ean: EanPath, by: ArticlesRead, shop: Shop) -> Response:
    """Copies available to anyone, and copies set aside for someone."""
    view = await shop.read.articles.by_ean(by.dossier.id, ean)
    return answer(told(StockOfArticle(ean=view.ean, available=view.available, set_aside=view.set_aside)))


@routes.get(
    "/articles/{ean}/movements",
    **operation("listMovements", MovementPage, refuses=("unknown-article", "unknown-cursor")),
)
async def list_movements(
    request: Request, ean: EanPath, by: ArticlesRead, shop: Shop, limit: Limit = 50, cursor: Cursor = None
) -> Response:
    """How the stock came to be what it is, newest first."""
    pager = Pager.of(request, by)
    page = await shop.read.articles.movements(by.dossier.id, ean, pager.request(sort="-at", limit=limit, cursor=cursor))
    return answer(told(MovementPage(items=[Movement.of(view) for view in page.items], next=pager.next(page.last))))


@routes.post(
    "/articles/{ean}/movements",
    **operation("createMovement", Movement, status=201, refuses=("unknown-article", "out-of-stock", "too-many-copies")),
)
async def create_movement(
    ean: EanPath, body: MovementCreate, by: ArticlesWrite, key: IdempotencyKey, shop: Shop
) -> Response:
    """Correct the available stock, with a reason."""

    def tell(view: MovementView) -> Told:
        return told(Movement.of(view), status=201)

    once = await key.once(by, tell)
    return answer(await shop.articles.adjust(by=by, ean=ean, quantity=body.quantity, reason=body.reason, once=once))
