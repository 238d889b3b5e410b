"""The people of the shop."""

from typing import Annotated

from fastapi import Path, Request
from starlette.responses import Response

from api.deps import Admin, Anyone, Cursor, IdempotencyKey, IfMatch, Limit, Pager, Shop, answer, sorts, told
from api.routers.operation import link, operation, router
from api.schemas.identities import UserKey
from api.schemas.users import User, UserCreate, UserPage, UserPatch
from domain.model.values import StaffId
from domain.ports.answers import Told
from domain.queries.users import SORTS, UserView

routes = router("settings")
UserPath = Annotated[UserKey, Path()]


@routes.get("/users", **operation("listUsers", UserPage, refuses=("unknown-cursor",)))
async def list_users(
    request: Request,
    by: Anyone,
    shop: Shop,
    sort: sorts(SORTS) = "name",  # type: ignore[valid-type]
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """The people of the shop by name."""
    pager = Pager.of(request, by)
    page = await shop.read.users.search(by.dossier.id, pager.request(sort=sort, limit=limit, cursor=cursor))
    return answer(told(UserPage(items=[User.of(view, by) for view in page.items], next=pager.next(page.last))))


@routes.post(
    "/users",
    **operation(
        "createUser",
        User,
        status=201,
        refuses=("code-taken",),
        headers=("ETag", "Location"),
        links={
            "get": link("getUser", user_id="$response.body#/id"),
            "patch": link("patchUser", user_id="$response.body#/id", if_match="$response.header.ETag"),
        },
    ),
)
async def create_user(body: UserCreate, by: Admin, key: IdempotencyKey, shop: Shop) -> Response:
    """A person who can log in from now on."""

    def tell(view: UserView) -> Told:
        made = User.of(view, by)
        return told(made, status=201, version=made.version, location=f"/v1/users/{made.id}")

    # what is kept of a request must not help to guess the password in it
    once = await key.once(by, tell, body=body.model_dump_json(exclude={"password"}).encode())
    return answer(
        await shop.users.create(
            by=by, login=body.login, name=body.name, password=body.password, scopes=tuple(body.scopes), once=once
        )
    )


@routes.get("/users/{user_id}", **operation("getUser", User, refuses=("not-found",), headers=("ETag",)))
async def get_user(user_id: UserPath, by: Anyone, shop: Shop) -> Response:
    """One person."""
    view = await shop.read.users.by_id(by.dossier.id, StaffId(user_id))
    return answer(told(User.of(view, by), version=view.version))


@routes.patch(
    "/users/{user_id}",
    **operation("patchUser", User, refuses=("not-found", "last-administrator"), headers=("ETag",)),
)
async def patch_user(user_id: UserPath, body: UserPatch, version: IfMatch, by: Admin, shop: Shop) -> Response:
    """Change the name, the rights or the password; rights hold within two seconds."""
    view = await shop.users.change(by=by, staff_id=StaffId(user_id), version=version, edit=body.edit)
    return answer(told(User.of(view, by), version=view.version))
