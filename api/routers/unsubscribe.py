"""The page behind the link that ends every advertisement: one button, no login, no script (R23, RFC 8058)."""

from html import escape
from typing import Annotated, Any

from fastapi import Path
from starlette.responses import HTMLResponse, Response

from api.deps import Shop
from api.routers.operation import operation, router
from domain.model.card import Channel, Purpose

routes = router("messages")
Token = Annotated[str, Path(pattern="^[A-Za-z0-9_-]{20,200}$", examples=["AZMBorPEfV6PkKGyw9Tl9g"])]
PAGE: dict[int | str, dict[str, Any]] = {200: {"content": {"text/html": {"schema": {"type": "string"}}}}}
WORDS = {
    Channel.EMAIL: ("par e-mail", "by e-mail"),
    Channel.SMS: ("par SMS", "by SMS"),
    Purpose.ORDER_ARRIVAL: ("à propos de vos commandes", "about your orders"),
    Purpose.MARKETING: ("sur l'actualité de la librairie", "about news of the bookshop"),
    Purpose.RECEIPT: ("avec vos tickets de caisse", "with your till receipts"),
}


@routes.get(
    "/unsubscribe/{token}",
    response_class=HTMLResponse,
    responses=PAGE,
    **operation("showUnsubscribe", None, refuses=("not-found",)),
)
async def show_unsubscribe(token: Token, shop: Shop) -> Response:
    """The page of the link: what it ends, and one button. Looking at it changes nothing."""
    dossier, way = await shop.unsubscribing.way(token)
    french, english = (" ".join((WORDS[way.channel][n], WORDS[way.purpose][n])) for n in (0, 1))
    return _page(
        dossier.name,
        f"<p>Ne plus recevoir de messages de {escape(dossier.name)} {french} ?</p>"
        f'<p lang="en">Receive no more messages from {escape(dossier.name)} {english}?</p>'
        '<form method="post"><button>Ne plus recevoir / <span lang="en">Unsubscribe</span></button></form>',
    )


@routes.post(
    "/unsubscribe/{token}",
    response_class=HTMLResponse,
    responses=PAGE,
    **operation("unsubscribe", None, refuses=("not-found",)),
)
async def unsubscribe(token: Token, shop: Shop) -> Response:
    """End it: by the button, or by a mail program's one click (RFC 8058). A second time changes nothing."""
    dossier = await shop.unsubscribing.refuse(token)
    return _page(
        dossier.name,
        '<p>C\'est noté : vous ne recevrez plus ces messages.</p><p lang="en">Done: you will not hear from us so again.</p>',
    )


def _page(shop: str, inside: str) -> Response:
    return HTMLResponse(
        '<!doctype html><html lang="fr"><head><meta charset="utf-8"><meta name="robots" content="noindex">'
        '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">'
        f"<title>{escape(shop)}</title><style>body{{font:1.1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:4rem auto;"
        "padding:0 1rem}button{font:inherit;padding:.8rem 1.2rem}</style></head>"
        f"<body><h1>{escape(shop)}</h1>{inside}</body></html>",
        headers={"cache-control": "no-store"},
    )
