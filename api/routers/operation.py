"""How an operation declares itself, so that the contract says all it does."""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from api.strict import ShopRoute


def router(tag: str) -> APIRouter:
    return APIRouter(prefix="/v1", tags=[tag], route_class=ShopRoute)


def operation(
    name: str,
    answers: type[BaseModel] | None,
    *,
    status: int = 200,
    also: dict[int, str] | None = None,
    refuses: tuple[str, ...] = (),
    headers: tuple[str, ...] = (),
    links: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Keyword arguments for a route decorator.

    ``refuses`` are the problem codes of its own; those every operation shares are added when the document is made.
    ``also`` are further successes with the same body, ``headers`` those its successes carry.
    """
    extra: dict[str, Any] = {"x-refuses": list(refuses), "x-headers": list(headers), "x-links": links or {}}
    if also:
        extra["x-also"] = {str(code): text for code, text in also.items()}
    return {
        "operation_id": name,
        "response_model": answers,
        "status_code": status,
        "openapi_extra": extra,
    }


def link(operation_id: str, *, if_match: str | None = None, **parameters: str) -> dict[str, Any]:
    """An OpenAPI link: what this answer lets one call next."""
    held = {"if-match": if_match} if if_match else {}
    return {"operationId": operation_id, "parameters": {**parameters, **held}}
