"""What stands between the socket and a router: strict JSON, known parameters, media types, and good HTTP manners."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from inspect import iscoroutinefunction
from typing import Any
from urllib.parse import parse_qsl

from fastapi import Request
from fastapi._compat import ModelField
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import get_flat_params, request_body_to_args, request_params_to_args
from fastapi.exceptions import RequestValidationError
from fastapi.params import Query
from fastapi.routing import APIRoute
from pydantic_core import PydanticUndefined
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uuid_utils import uuid7

from api.problems.answering import ApiProblem, problem

MAX_BODY = 1024 * 1024


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("duplicate key")
    return found


def _no_constant(name: str) -> None:
    raise ValueError(name)


_decoder = json.JSONDecoder(object_pairs_hook=_no_twins, parse_constant=_no_constant)


def strict_json(body: bytes) -> Any:
    """The document in ``body``. Raises ``ApiProblem`` on anything RFC 8259 leaves to chance (api.md, rule 7)."""
    try:
        return _decoder.decode(body.decode("utf-8"))
    except (ValueError, RecursionError):
        raise ApiProblem("malformed-json") from None


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a function asks for, found once: FastAPI's own finding, without what no function of ours asks for."""

    call: Callable[..., Any]
    name: str | None
    request: str | None
    path: Sequence[ModelField]
    query: Sequence[ModelField]
    header: Sequence[ModelField]
    body: Sequence[ModelField]
    needs: Sequence["_Plan"]

    @classmethod
    def of(cls, asked: Dependant) -> "_Plan":
        call = asked.call
        is_async = iscoroutinefunction(call) or iscoroutinefunction(type(call).__call__)
        if call is None or not is_async or asked.cookie_params or asked.response_param_name:
            raise TypeError(f"{call} asks for more than ShopRoute gives")
        return cls(
            call=call,
            name=asked.name,
            request=asked.request_param_name,
            path=asked.path_params,
            query=asked.query_params,
            header=asked.header_params,
            body=asked.body_params,
            needs=[cls.of(each) for each in asked.dependencies],
        )

    async def values(
        self, request: Request, body: Any, errors: list[Any], known: dict[Callable[..., Any], Any]
    ) -> dict[str, Any]:
        """The arguments of ``call``; what is wrong with them goes to ``errors``. ``known`` holds what was called before."""
        values: dict[str, Any] = {}
        for need in self.needs:
            if need.call not in known:
                before = len(errors)
                arguments = await need.values(request, body, errors, known)
                if len(errors) > before:
                    continue
                known[need.call] = await need.call(**arguments)
            if need.name is not None:
                values[need.name] = known[need.call]
        if self.path:
            _take(values, errors, request_params_to_args(self.path, request.path_params))
        if self.query:
            _take(values, errors, request_params_to_args(self.query, request.query_params))
        if self.header:
            _take(values, errors, request_params_to_args(self.header, request.headers))
        if self.body:
            taken = await request_body_to_args(body_fields=list(self.body), received_body=body, embed_body_fields=False)
            _take(values, errors, taken)
        if self.request:
            values[self.request] = request
        return values


def _take(values: dict[str, Any], errors: list[Any], found: tuple[dict[str, Any], list[Any]]) -> None:
    values.update(found[0])
    errors.extend(found[1])


class ShopRoute(APIRoute):
    """A route that refuses parameters it does not know, other media types and sloppy JSON.

    It reads FastAPI's declarations, but calls the functions itself: FastAPI's machinery for generators, threads and overrides,
    none of which is used here, took half of a request's time (performance.md).
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, endpoint, **options)
        if iscoroutinefunction(endpoint):
            self.app = self._app()

    def _app(self) -> ASGIApp:
        plan = _Plan.of(self.dependant)
        asked = [param for param in get_flat_params(self.dependant) if isinstance(param.field_info, Query)]
        names = {param.alias for param in asked}
        lists = {param.alias for param in asked if "list[" in str(param.field_info.annotation)}
        takes_body = self.body_field is not None

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            request = Request(scope, receive, send)
            if query := scope["query_string"]:
                _check_query(query, names, lists)
            body: Any = PydanticUndefined
            if takes_body:
                kind = request.headers.get("content-type")
                if kind is not None and not _is_json(kind):
                    raise ApiProblem("unsupported-media-type")
                if kind is None and request.headers.get("content-length", "0") != "0":
                    raise ApiProblem("unsupported-media-type")
                if sent := await request.body():
                    body = strict_json(sent)
            errors: list[Any] = []
            values = await plan.values(request, body, errors, {})
            if errors:
                raise RequestValidationError(errors)
            response: Response = await plan.call(**values)
            await response(scope, receive, send)

        return app


def _is_json(content_type: str) -> bool:
    kind = content_type.split(";", maxsplit=1)[0].strip().lower()
    return kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))


def _check_query(query: bytes, names: set[str], lists: set[str]) -> None:
    seen: set[str] = set()
    errors = []
    for name, _ in parse_qsl(query.decode("latin-1"), keep_blank_values=True):
        if name not in names:
            errors.append({"type": "unknown-parameter", "loc": ("query", name[:60])})
        elif name in seen and name not in lists:
            errors.append({"type": "repeated-parameter", "loc": ("query", name)})
        seen.add(name)
    if errors:
        raise RequestValidationError(errors)


class Methods:
    """Which methods each address answers, for 405 and OPTIONS."""

    def __init__(self, routes: list[Route]) -> None:
        table: dict[str, tuple[re.Pattern[str], set[str]]] = {}
        for route in routes:
            _, methods = table.setdefault(route.path, (route.path_regex, set()))
            methods.update(route.methods or ())
        self._table = list(table.values())
        self._fixed = {route.path: self.of(route.path) for route in routes if "{" not in route.path}

    def at(self, path: str) -> list[str]:
        """The methods of an address without parameters; empty when it is none.

        ``/v1/orders/count`` also has the form of ``/v1/orders/{order_id}``, which must not answer PATCH for it.
        """
        return self._fixed.get(path, [])

    def of(self, path: str) -> list[str]:
        """The methods of ``path``, HEAD and OPTIONS included; empty when nothing is there."""
        for pattern, methods in self._table:
            if pattern.match(path):
                return sorted(methods | {"OPTIONS"} | ({"HEAD"} if "GET" in methods else set()))
        return []


_SECURITY = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"SAMEORIGIN"),
    (
        b"content-security-policy",
        b"default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'",
    ),
]


def _bounded(receive: Receive) -> Receive:
    """A body of no declared length is counted as it comes."""
    read = 0

    async def counted() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > MAX_BODY:
            raise ApiProblem("body-too-large", headers={"connection": "close"})
        return message

    return counted


class Gate:
    """One pure ASGI middleware: a request id, HEAD and OPTIONS, security headers."""

    def __init__(self, app: ASGIApp, methods: Callable[[], Methods]) -> None:
        self.app = app
        self._methods = methods

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = uuid7().hex
        scope["comptoir.request_id"] = request_id
        method, head = scope["method"], scope["method"] == "HEAD"

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    *message.get("headers", ()),
                    (b"x-request-id", request_id.encode()),
                    *(scope.get("comptoir.headers") or ()),
                    *_SECURITY,
                ]
            elif head and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        length = next((value for name, value in scope["headers"] if name == b"content-length"), None)
        if length is None:
            receive = _bounded(receive)
        elif int(length) > MAX_BODY:
            refusal = problem(Request(scope), "body-too-large", headers={"connection": "close"})
            await refusal(scope, receive, answer)
            return
        allowed = self._methods().at(scope["path"])
        if allowed and method not in allowed:
            shown = ", ".join(allowed)
            refusal = problem(Request(scope), "method-not-allowed", facts={"allow": shown}, headers={"allow": shown})
            await refusal(scope, receive, answer)
        elif head:
            # a stream that has no end must know that nobody reads it
            await self.app({**scope, "method": "GET", "comptoir.head": True}, receive, answer)
        elif method == "OPTIONS" and (allowed := self._methods().of(scope["path"])):
            await Response(status_code=204, headers={"allow": ", ".join(allowed)})(scope, receive, answer)
        else:
            await self.app(scope, receive, answer)
