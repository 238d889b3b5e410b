"""The tree of article categories (A31)."""

from typing import Annotated
from urllib.parse import quote

from fastapi import Path
from starlette.responses import Response

from api.deps import ArticlesRead, ArticlesWrite, IfMatch, IfMatchOrNew, Shop, answer, told
from api.routers.operation import operation, router
from api.schemas.categories import Category, CategoryPage, CategoryPut
from api.schemas.identities import TableCode

routes = router("articles")
CategoryPath = Annotated[TableCode, Path(examples=["ALB"])]


@routes.get("/categories", **operation("listCategories", CategoryPage))
async def list_categories(by: ArticlesRead, shop: Shop) -> Response:
    """The whole tree: magasins, then secteurs, then catégories."""
    views = await shop.read.categories.all(by.dossier.id)
    return answer(told(CategoryPage(items=[Category.of(view) for view in views], next=None)))


@routes.get("/categories/{code}", **operation("getCategory", Category, refuses=("not-found",), headers=("ETag",)))
async def get_category(code: CategoryPath, by: ArticlesRead, shop: Shop) -> Response:
    """One node of the tree."""
    view = await shop.read.categories.one(by.dossier.id, code)
    return answer(told(Category.of(view), version=view.version))


@routes.put(
    "/categories/{code}",
    **operation(
        "putCategory",
        Category,
        also={201: "The node is new."},
        refuses=("not-found", "code-taken", "unknown-code", "inconsistent", "table-full"),
        headers=("ETag", "Location"),
    ),
)
async def put_category(
    code: CategoryPath, body: CategoryPut, version: IfMatchOrNew, by: ArticlesWrite, shop: Shop
) -> Response:
    """Without `If-Match` a new node (201), with it the whole of a known one; its parent is of the level above."""
    view, new = await shop.categories.put(by=by, code=code, card=body.meant(), version=version)
    location = f"/v1/categories/{quote(code)}"
    return answer(told(Category.of(view), status=201 if new else 200, version=view.version, location=location))


@routes.delete(
    "/categories/{code}",
    **operation("deleteCategory", None, status=204, refuses=("not-found", "category-in-use")),
)
async def delete_category(code: CategoryPath, version: IfMatch, by: ArticlesWrite, shop: Shop) -> Response:
    """Delete a node that no article, no discount and no other node names."""
    await shop.categories.remove(by=by, code=code, version=version)
    return Response(status_code=204)
