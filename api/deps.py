"""What routers ask for: the shop, the caller and the right, preconditions, idempotency, pages."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from time import monotonic
from typing import Annotated, Any, TypeVar
from urllib.parse import parse_qsl, urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import Depends, Header, Query, Request
from pydantic import BaseModel, WithJsonSchema
from starlette.responses import Response

from api.problems.answering import ApiProblem
from api.schemas.base import Rows
from domain.comptoir import Comptoir
from domain.errors import NotAuthenticated
from domain.model.access import Caller, Dossier, Scope
from domain.ports.answers import Once, Told
from domain.queries.pages import After, PageRequest

T = TypeVar("T")

WINDOW = 60

COOKIE = "comptoir_session"
JSON = "application/json"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def the_shop(request: Request) -> Comptoir:
    shop: Comptoir = request.app.state.comptoir
    return shop


async def _shop(request: Request) -> Comptoir:
    return the_shop(request)


Shop = Annotated[Comptoir, Depends(_shop)]


class Limiter:
    """At most ``per_minute`` requests a client and process, announced on every answer (api.md, rule 10); 0 is no limit."""

    def __init__(self, per_minute: int) -> None:
        self._most = per_minute
        self._window = 0
        self._asked: dict[str, int] = {}
        self._policy = f'"default";q={per_minute};w=60'.encode()

    def hit(self, request: Request, client: str) -> None:
        """Raises ``ApiProblem`` when the client has asked too often."""
        if not self._most:
            return
        window, into = divmod(int(monotonic()), WINDOW)
        if window != self._window:
            self._window, self._asked = window, {}
        asked = self._asked[client] = self._asked.get(client, 0) + 1
        left = self._most - asked
        request.scope["comptoir.headers"] = [
            (b"ratelimit-policy", self._policy),
            (b"ratelimit", b'"default";r=%d;t=%d' % (max(left, 0), WINDOW - into)),
        ]
        if left < 0:
            raise ApiProblem("too-many-requests", headers={"retry-after": str(WINDOW - into)})


class Allowed:
    """The authenticated caller, who must have ``scope`` (None: any credentials)."""

    def __init__(self, scope: Scope | None) -> None:
        self.scope = scope

    async def __call__(self, request: Request) -> Caller:
        identities = the_shop(request).identities
        header = request.headers.get("authorization")
        if header is not None:
            kind, _, secret = header.partition(" ")
            if kind.lower() != "bearer" or not secret:
                raise NotAuthenticated
            caller = await identities.by_api_key(secret.strip())
        elif token := request.cookies.get(COOKIE):
            caller = await identities.by_session(token)
            if request.method not in _SAFE:
                _check_csrf(request, token)
        else:
            raise NotAuthenticated
        request.app.state.limiter.hit(request, caller.client)
        if self.scope is not None:
            caller.need(self.scope)
        return caller


def csrf_of(token: str) -> str:
    """The CSRF token that belongs to a session token: a stranger's page can have neither."""
    return hashlib.sha256(b"csrf:" + token.encode()).hexdigest()


def _check_csrf(request: Request, token: str) -> None:
    given = request.headers.get("x-csrf-token", "")
    if not hmac.compare_digest(given.encode(), csrf_of(token).encode()):
        raise ApiProblem("csrf")


def allowed(scope: Scope | None) -> Any:
    return Depends(Allowed(scope))


Anyone = Annotated[Caller, allowed(None)]
OrdersRead = Annotated[Caller, allowed(Scope.ORDERS_READ)]
OrdersWrite = Annotated[Caller, allowed(Scope.ORDERS_WRITE)]
OrdersReopen = Annotated[Caller, allowed(Scope.ORDERS_REOPEN)]
CustomersRead = Annotated[Caller, allowed(Scope.CUSTOMERS_READ)]
CustomersWrite = Annotated[Caller, allowed(Scope.CUSTOMERS_WRITE)]
CustomersApprove = Annotated[Caller, allowed(Scope.CUSTOMERS_APPROVE)]
CustomersAnonymise = Annotated[Caller, allowed(Scope.CUSTOMERS_ANONYMISE)]
OrdersQueue = Annotated[Caller, allowed(Scope.ORDERS_QUEUE)]
ReservationsRead = Annotated[Caller, allowed(Scope.RESERVATIONS_READ)]
ReservationsWrite = Annotated[Caller, allowed(Scope.RESERVATIONS_WRITE)]
SupplyRead = Annotated[Caller, allowed(Scope.SUPPLY_READ)]
SupplyWrite = Annotated[Caller, allowed(Scope.SUPPLY_WRITE)]
MessagesRead = Annotated[Caller, allowed(Scope.MESSAGES_READ)]
MessagesWrite = Annotated[Caller, allowed(Scope.MESSAGES_WRITE)]
ArticlesRead = Annotated[Caller, allowed(Scope.ARTICLES_READ)]
ArticlesWrite = Annotated[Caller, allowed(Scope.ARTICLES_WRITE)]
StatisticsRead = Annotated[Caller, allowed(Scope.STATISTICS_READ)]
InvoicesRead = Annotated[Caller, allowed(Scope.INVOICES_READ)]
InvoicesWrite = Annotated[Caller, allowed(Scope.INVOICES_WRITE)]
Admin = Annotated[Caller, allowed(Scope.ADMIN)]


# preconditions ---------------------------------------------------------------------------------------------------


async def _version(
    if_match: Annotated[
        str,
        Header(pattern='^"[0-9]{1,9}"$', description="The strong ETag of the record you read.", examples=['"1"']),
    ],
) -> int:
    return int(if_match[1:-1])


IfMatch = Annotated[int, Depends(_version)]


async def _version_or_new(
    if_match: Annotated[
        str | None,
        # a header is absent, never null
        WithJsonSchema({"type": "string", "pattern": '^"[0-9]{1,9}"$', "examples": ['"1"']}),
        Header(
            pattern='^"[0-9]{1,9}"$',
            description="The strong ETag of the record you read; without it the record is to be new.",
            examples=['"1"'],
        ),
    ] = None,
) -> int | None:
    return int(if_match[1:-1]) if if_match else None


IfMatchOrNew = Annotated[int | None, Depends(_version_or_new)]


@dataclass(frozen=True, slots=True)
class Key:
    """The caller's idempotency key, with what it was sent for."""

    text: str
    request: Request

    async def once(self, by: Caller, tell: Callable[[T], Told], *, body: bytes | None = None) -> Once[T]:
        """The request as a thing to do once: same key and same request, same answer.

        ``body`` stands for the one that came, where that holds a secret of which not even a digest is to be kept.
        """
        came = await self.request.body() if body is None else body
        asked = f"{self.request.method} {self.request.url.path} ".encode() + came
        return Once(key=self.text, client=by.client, fingerprint=hashlib.sha256(asked).digest(), tell=tell)


async def _key(
    request: Request,
    idempotency_key: Annotated[
        str,
        Header(
            min_length=1, max_length=255, pattern="^[!-~]+$", description="Yours, unique per request; kept 30 days."
        ),
        WithJsonSchema(
            {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$", "format": "idempotency-key"}
        ),
    ],
) -> Key:
    return Key(idempotency_key.removeprefix('"').removesuffix('"') or '""', request)


IdempotencyKey = Annotated[Key, Depends(_key)]


# answers ---------------------------------------------------------------------------------------------------------


def told(model: BaseModel, *, status: int = 200, version: int | None = None, location: str | None = None) -> Told:
    """``model`` as what a caller is told."""
    headers = []
    if version is not None:
        headers.append(("etag", f'"{version}"'))
    if location is not None:
        headers.append(("location", location))
    return Told(status=status, body=model.model_dump_json().encode(), headers=tuple(headers))


def answer(said: Told) -> Response:
    """The HTTP response that says ``said``."""
    media_type = JSON if said.body else None
    response = Response(said.body, status_code=said.status, media_type=media_type, headers=dict(said.headers))
    if said.replayed:
        response.headers["idempotency-replayed"] = "true"
    return response


def today(caller: Caller, shop: Comptoir) -> date:
    """The business day in the caller's shop."""
    return shop.clock().astimezone(ZoneInfo(caller.dossier.time_zone)).date()


# pages -----------------------------------------------------------------------------------------------------------

Limit = Annotated[Rows, Query(description="Rows a page.")]
Cursor = Annotated[str | None, Query(max_length=2000, pattern="^[A-Za-z0-9_-]+$", description="From `next`; opaque.")]


@dataclass(frozen=True, slots=True)
class Pager:
    """Turns cursors into places and back. A cursor is signed and bound to its path, filters and sort."""

    dossier: Dossier
    path: str
    asked: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, request: Request, caller: Caller) -> "Pager":
        query = parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True)
        kept = tuple((name, value) for name, value in query if name != "cursor")
        return cls(caller.dossier, request.url.path, kept)

    def request(self, *, sort: str, limit: int, cursor: str | None) -> PageRequest:
        """Raises ``ApiProblem`` for a cursor that is not of this search."""
        descending = sort.startswith("-")
        after = self._place(cursor) if cursor else None
        return PageRequest(sort=sort.removeprefix("-"), descending=descending, limit=limit, after=after)

    def next(self, last: After | None) -> str | None:
        """The address of the page after ``last``."""
        if last is None:
            return None
        value = last.value
        kind = "t" if isinstance(value, datetime) else "v"
        plain = [kind, value.isoformat() if isinstance(value, datetime) else value, str(last.id)]
        text = json.dumps(plain, separators=(",", ":")).encode()
        cursor = base64.urlsafe_b64encode(self._seal(text) + text).decode().rstrip("=")
        return f"{self.path}?{urlencode([*self.asked, ('cursor', cursor)])}"

    def _place(self, cursor: str) -> After:
        try:
            raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        except ValueError:
            raise ApiProblem("unknown-cursor") from None
        seal, text = raw[:16], raw[16:]
        if not hmac.compare_digest(seal, self._seal(text)):
            raise ApiProblem("unknown-cursor")
        kind, value, key = json.loads(text)
        identity: UUID | str = UUID(key) if "-" in key else key
        return After(value=datetime.fromisoformat(value) if kind == "t" else value, id=identity)

    def _seal(self, text: bytes) -> bytes:
        filters = sorted(pair for pair in self.asked if pair[0] != "limit")
        bound = json.dumps([self.path, filters]).encode()
        return hmac.new(self.dossier.secret, bound + b"\0" + text, hashlib.sha256).digest()[:16]


def sorts(columns: Sequence[str]) -> Any:
    """The type of a ``sort`` parameter: one of the listed columns, descending with a minus."""
    both = [sign + column for column in columns for sign in ("", "-")]
    pattern = f"^-?({'|'.join(columns)})$"
    return Annotated[str, Query(pattern=pattern), WithJsonSchema({"type": "string", "enum": both})]
