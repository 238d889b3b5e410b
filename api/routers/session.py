"""Logging in and out, and who one is; web shops and their keys."""

from typing import Annotated

from fastapi import Path, Request
from starlette.responses import Response

from api.deps import COOKIE, Admin, Anyone, IdempotencyKey, Shop, answer, csrf_of, told
from api.problems.answering import ApiProblem
from api.routers.operation import operation, router
from api.schemas.base import wire_id
from api.schemas.session import (
    ApiKey,
    ApiKeyCreate,
    ApiKeyCreated,
    ApiKeyId,
    ApiKeyPage,
    Channel,
    ChannelPage,
    Me,
    SessionCreate,
)
from domain.ports.answers import Told
from domain.usecases.api_keys import MadeKey

routes = router("session")


@routes.post("/session", **operation("createSession", Me, status=201, refuses=("not-authenticated",)))
async def create_session(body: SessionCreate, request: Request, shop: Shop) -> Response:
    """Log in at the counter: sets the session cookie and answers the CSRF token."""
    request.app.state.logins.hit(request, f"login:{request.client.host if request.client else ''}")
    caller, token = await shop.identities.log_in(dossier=body.dossier, login=body.login, password=body.password)
    response = answer(told(Me.of(caller, csrf_token=csrf_of(token)), status=201))
    secure = request.url.scheme == "https"
    response.set_cookie(COOKIE, token, httponly=True, samesite="strict", path="/", secure=secure, max_age=14 * 86400)
    return response


@routes.delete("/session", **operation("deleteSession", None, status=204, refuses=("csrf",)))
async def delete_session(by: Anyone, request: Request, shop: Shop) -> Response:
    """Log out; an API key has no session to end, and stays."""
    if by.kind == "staff" and (token := request.cookies.get(COOKIE)):
        await shop.identities.log_out(token)
    response = Response(status_code=204)
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
    return response


@routes.get("/me", **operation("getMe", Me))
async def get_me(by: Anyone, request: Request) -> Response:
    """Whose credentials these are, and what they allow."""
    token = request.cookies.get(COOKIE)
    csrf = csrf_of(token) if by.kind == "staff" and token else None
    return answer(told(Me.of(by, csrf_token=csrf)))


@routes.get("/channels", **operation("listChannels", ChannelPage))
async def list_channels(by: Anyone, shop: Shop) -> Response:
    """The web shops of the dossier."""
    views = await shop.read.channels.channels(by.dossier.id)
    return answer(told(ChannelPage(items=[Channel.of(view) for view in views], next=None)))


@routes.get("/api-keys", **operation("listApiKeys", ApiKeyPage))
async def list_api_keys(by: Admin, shop: Shop) -> Response:
    """The keys of the dossier, without their secrets."""
    views = await shop.read.channels.api_keys(by.dossier.id)
    return answer(told(ApiKeyPage(items=[ApiKey.of(view) for view in views], next=None)))


@routes.post("/api-keys", **operation("createApiKey", ApiKeyCreated, status=201, refuses=("unknown-channel",)))
async def create_api_key(body: ApiKeyCreate, by: Admin, key: IdempotencyKey, shop: Shop) -> Response:
    """A new key. Its secret is shown this once: a repeated request finds the key, and null for its secret."""

    def tell(made: MadeKey) -> Told:
        return told(ApiKeyCreated(id=wire_id("key", made.id), secret=made.secret), status=201)

    once = await key.once(by, tell)
    return answer(
        await shop.api_keys.create(by=by, label=body.label, scopes=body.scopes, channel=body.channel, once=once)
    )


@routes.delete(
    "/api-keys/{api_key_id}", **operation("revokeApiKey", None, status=204, refuses=("not-found", "conflict"))
)
async def revoke_api_key(api_key_id: Annotated[ApiKeyId, Path()], by: Admin, shop: Shop) -> Response:
    """Revoke a key for good."""
    if by.client == f"key:{api_key_id.hex}":
        raise ApiProblem("conflict")
    await shop.api_keys.revoke(by=by, key_id=api_key_id)
    return Response(status_code=204)
