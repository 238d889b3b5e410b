"""Tells what went wrong, as one problem of the table (RFC 9457, api.md, rule 6).

Nothing of the request's values is echoed but the EAN, which is what a person must look for.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.problems.table import FAULTS, OTHER_FAULT, PROBLEMS
from api.schemas.base import FieldProblem, Problem
from domain.errors import Fault, ShopError
from domain.model.values import in_french

log = structlog.get_logger(__name__)

MEDIA_TYPE = "application/problem+json"


class ApiProblem(Exception):
    """A refusal that only HTTP knows: a header, a media type, a limit."""

    def __init__(self, code: str, *, headers: Mapping[str, str] | None = None, **facts: object) -> None:
        super().__init__(code)
        self.code, self.facts, self.headers = code, facts, dict(headers or {})


def english(request: Request) -> bool:
    """Whether the caller would rather read English; French is the default (RFC 9110, 12.5.4)."""
    best: tuple[float, str] = (0.0, "fr")
    for part in request.headers.get("accept-language", "").split(",")[:10]:
        tag, _, weight = (piece.strip() for piece in part.lower().partition(";"))
        language = tag.split("-", maxsplit=1)[0]
        try:
            quality = float(weight.removeprefix("q=")) if weight else 1.0
        except ValueError:
            quality = 0.0
        if language in {"fr", "en"} and best[0] < quality <= 1:
            best = (quality, language)
    return best[1] == "en"


def wording_of(request: Request, refusal: ShopError) -> tuple[str, str]:
    """The detail of a refusal that is one of many in an answer, with that of its first fault, and where that is."""
    wording, in_english = PROBLEMS[refusal.code], english(request)
    detail = _filled(wording.detail_en if in_english else wording.detail_fr, refusal.facts, in_english)
    if not refusal.faults:
        return detail, ""
    fault = refusal.faults[0]
    return (
        f"{detail} ({_filled(FAULTS.get(fault.code, OTHER_FAULT)[in_english], dict(fault.facts), in_english)})",
        fault.pointer,
    )


def problem(
    request: Request,
    code: str,
    *,
    faults: Sequence[Fault] = (),
    facts: Mapping[str, object] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The answer for one problem of the table."""
    wording, in_english = PROBLEMS[code], english(request)
    known: dict[str, object] = dict(facts or {})
    if code == "out-of-stock":
        known["titles"] = ", ".join(str(dict(fault.facts).get("ean")) for fault in faults)
    body = Problem(
        type=f"urn:comptoir:problem:{code}",
        title=wording.title_en if in_english else wording.title_fr,
        status=wording.status,
        detail=_filled(wording.detail_en if in_english else wording.detail_fr, known, in_english),
        code=code,
        request_id=request.scope.get("comptoir.request_id", ""),
        errors=[
            FieldProblem(
                detail=_filled(FAULTS.get(fault.code, OTHER_FAULT)[in_english], dict(fault.facts), in_english),
                pointer=fault.pointer.encode("utf-8", "replace").decode(),
            )
            for fault in faults
        ],
    )
    sent = {"content-language": "en" if in_english else "fr", **(headers or {})}
    if wording.status in {409, 503} and code in {"idempotency-in-progress", "try-again"}:
        sent["retry-after"] = "1"
    if wording.status == 401:  # noqa: PLR2004 - RFC 9110 asks for the challenge on 401
        sent["www-authenticate"] = 'Bearer realm="comptoir"'
    return Response(body.model_dump_json(), status_code=wording.status, headers=sent, media_type=MEDIA_TYPE)


class _Known(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "?"


def _filled(template: str, facts: Mapping[str, object], in_english: bool) -> str:
    said = {name: _amount(value, in_english) if isinstance(value, Decimal) else value for name, value in facts.items()}
    return template.format_map(_Known(said)).strip()


def _amount(value: Decimal, in_english: bool) -> str:
    return f"{value:,.2f}" if in_english else in_french(value)


def _pointer(location: Sequence[str | int]) -> str:
    where, *rest = location
    if where != "body":
        return str(rest[0]) if rest else str(where)
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in rest)


HEADERS_OF_OURS = {"idempotency-key": "idempotency-key-missing", "if-match": "if-match-missing"}


def from_validation(request: Request, refused: RequestValidationError) -> Response:
    """All field errors at once; a missing precondition header has a problem of its own."""
    faults = []
    for error in refused.errors():
        kind, location = str(error["type"]), list(error["loc"])
        if kind == "json_invalid":
            return problem(request, "malformed-json")
        if kind == "missing" and location[0] == "header" and str(location[-1]).lower() in HEADERS_OF_OURS:
            return problem(request, HEADERS_OF_OURS[str(location[-1]).lower()])
        context: dict[str, Any] = error.get("ctx") or {}
        faults.append(Fault(kind, _pointer(location), tuple((str(k), v) for k, v in context.items())))
    return problem(request, "invalid", faults=faults[:100])


def install(app: FastAPI) -> None:
    """Every 4xx and 5xx of ``app`` becomes a problem of the table."""

    async def shop_error(request: Request, refusal: Exception) -> Response:
        assert isinstance(refusal, ShopError)  # noqa: S101 - narrows what Starlette types as Exception
        return problem(request, refusal.code, faults=refusal.faults, facts=refusal.facts)

    async def api_problem(request: Request, refusal: Exception) -> Response:
        assert isinstance(refusal, ApiProblem)  # noqa: S101 - idem
        return problem(request, refusal.code, facts=refusal.facts, headers=refusal.headers)

    async def validation(request: Request, refusal: Exception) -> Response:
        assert isinstance(refusal, RequestValidationError)  # noqa: S101 - idem
        return from_validation(request, refusal)

    async def http(request: Request, refusal: Exception) -> Response:
        assert isinstance(refusal, HTTPException)  # noqa: S101 - idem
        allow = ", ".join(request.app.state.methods.of(request.url.path))
        if refusal.status_code == 405 and not allow:  # noqa: PLR2004 - the page's folder refuses what is not GET
            return problem(request, "no-such-path")
        if refusal.status_code == 405:  # noqa: PLR2004 - its Allow must name every method (RFC 9110, 15.5.6)
            return problem(request, "method-not-allowed", facts={"allow": allow}, headers={"allow": allow})
        by_status = {400: "malformed-json", 404: "no-such-path", 413: "body-too-large", 415: "unsupported-media-type"}
        return problem(request, by_status.get(refusal.status_code, "internal"), headers=refusal.headers)

    async def internal(request: Request, fault: Exception) -> Response:
        request_id = request.scope.get("comptoir.request_id", "")
        log.error("unhandled", request_id=request_id, exc_info=fault)
        # this answer passes the gate by, which adds the id to all others
        return problem(request, "internal", headers={"x-request-id": request_id})

    app.add_exception_handler(ShopError, shop_error)
    app.add_exception_handler(ApiProblem, api_problem)
    app.add_exception_handler(RequestValidationError, validation)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(Exception, internal)
