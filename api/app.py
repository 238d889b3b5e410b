"""The HTTP application: routers, problems, the page, and the contract made from them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, AbstractContextManager, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from api import contract
from api.deps import Limiter
from api.problems import answering
from api.routers import (
    activity,
    answers,
    articles,
    audit,
    cards,
    categories,
    channels,
    customers,
    delivery_notes,
    documents,
    dunning,
    duplicates,
    duplicating,
    flashes,
    fulfilment,
    invoices,
    labels,
    lending,
    loyalty,
    merges,
    messages,
    named_deposits,
    operations,
    orders,
    purchases,
    queue,
    receptions,
    reminders,
    reservations,
    saved_lists,
    scans,
    session,
    settings,
    statistics,
    stock_truth,
    supply,
    tables,
    tariffs,
    templates,
    third_parties,
    unsubscribe,
    untreated,
    users,
)
from api.strict import Gate, Methods
from domain.comptoir import Comptoir

VERSION = "0.6.0"
LOGINS_A_MINUTE = 20
"""Tries from one address: a person needs three, a guesser millions."""


@contextmanager
def _no_signal() -> Iterator[asyncio.Event]:
    yield asyncio.Event()


def create_app(
    *,
    running: Callable[[], AbstractAsyncContextManager[Comptoir]],
    stop_asked: Callable[[], AbstractContextManager[asyncio.Event]] = _no_signal,
    per_minute: int = 0,
    page: Path | None = None,
) -> FastAPI:
    """The application over the shop that ``running`` opens.

    ``stop_asked`` gives the event that tells streams to end; ``per_minute`` limits each client, 0 is no limit; ``page`` is
    the folder of the built page.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with stop_asked() as closing:
            async with running() as comptoir:
                app.state.comptoir, app.state.closing = comptoir, closing
                yield
                closing.set()

    app = FastAPI(
        title="Comptoir",
        version=VERSION,
        lifespan=lifespan,
        redirect_slashes=False,
        separate_input_output_schemas=False,
        openapi_url="/openapi.json",
        docs_url=None,
        redoc_url=None,
        swagger_ui_oauth2_redirect_url=None,
    )
    app.state.limiter = Limiter(per_minute)
    app.state.logins = Limiter(min(per_minute, LOGINS_A_MINUTE))
    answering.install(app)
    for router in (
        orders.routes,
        saved_lists.routes,
        fulfilment.routes,
        delivery_notes.routes,
        documents.routes,
        documents.routes_of_customers,
        channels.routes,
        session.routes,
        labels.routes,
        invoices.routes_of_customers,
        invoices.routes,
        dunning.routes,
        named_deposits.routes,
        customers.routes,
        cards.routes,
        third_parties.routes,
        cards.routes_of_third_parties,
        merges.routes,
        audit.routes,
        duplicating.routes,
        flashes.routes,
        tables.routes,
        tariffs.routes,
        settings.routes,
        stock_truth.routes,
        users.routes,
        activity.routes,
        purchases.routes,
        purchases.routes_of_batches,
        loyalty.routes,
        statistics.routes,
        lending.routes,
        duplicates.routes,
        articles.routes,
        categories.routes,
        queue.routes,
        queue.routes_of_orders,
        answers.routes,
        answers.routes_of_lines,
        supply.routes,
        untreated.routes,
        receptions.routes,
        reminders.routes,
        reservations.routes,
        scans.routes,
        messages.routes,
        templates.routes,
        unsubscribe.routes,
        operations.routes,
        operations.health,
    ):
        app.router.routes.extend(router.routes)
    app.state.methods = Methods([route for route in app.router.routes if isinstance(route, Route)])
    app.add_middleware(Gate, methods=lambda: app.state.methods)
    contract.install(app)
    if page is not None and (page / "index.html").is_file():
        app.router.routes.append(Mount("/", _Page(directory=page, html=True), name="page"))
    return app


class _Page(StaticFiles):
    """The built page: its hashed assets may be kept for ever, its index never."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        assets = "/assets/" in str(args[0]) or (isinstance(response, FileResponse) and "/assets/" in str(response.path))
        response.headers["cache-control"] = "public, max-age=31536000, immutable" if assets else "no-cache"
        return response


def _never() -> AbstractAsyncContextManager[Comptoir]:
    raise RuntimeError("the contract is made without a shop")


def openapi_document() -> dict[str, Any]:
    """The contract, as committed in ``openapi/openapi.json``."""
    return create_app(running=_never).openapi()
