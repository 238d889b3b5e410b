"""What is done for each kind of job."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from uuid import UUID

from domain.comptoir import Comptoir
from domain.model.access import Caller, Dossier, Scope
from domain.model.message import MessageEvent
from domain.model.values import DossierId, MessageId, OrderId
from domain.ports.messages import JobKind, Shops
from domain.usecases.sending import Sending

Handler = Callable[[DossierId, str, str], Awaitable[datetime | None]]
"""Does a job of a dossier, with its subject and detail ("" without); the moment to come back at, or None when it is done."""


def by_itself(dossier: Dossier) -> Caller:
    """Who acts when nobody pressed a button."""
    return Caller(
        dossier=dossier,
        client="system",
        kind="system",
        name="Comptoir",
        login=None,
        scopes=frozenset({Scope.ADMIN.value}),
    )


def handlers_of(comptoir: Comptoir, sending: Sending, shops: Shops) -> Mapping[JobKind, Handler]:
    async def caller(dossier_id: DossierId) -> Caller:
        return by_itself(await shops.dossier(dossier_id))

    async def send(dossier_id: DossierId, subject: str, _: str) -> datetime | None:
        return await sending.send(by=await caller(dossier_id), message_id=MessageId(UUID(hex=subject)))

    async def remind(dossier_id: DossierId, *_: str) -> None:
        await comptoir.reminding.go_through(by=await caller(dossier_id))

    async def tell_of_order(dossier_id: DossierId, subject: str, detail: str) -> None:
        order_id, event = OrderId(UUID(hex=subject)), MessageEvent(detail)
        await comptoir.messaging.tell_of_order(by=await caller(dossier_id), order_id=order_id, event=event)

    async def check_stock(dossier_id: DossierId, *_: str) -> None:
        await comptoir.stocktaking.check(by=await caller(dossier_id))

    async def expire(dossier_id: DossierId, *_: str) -> None:
        await comptoir.loyalty.expire(by=await caller(dossier_id))

    async def resume(dossier_id: DossierId, *_: str) -> None:
        await comptoir.suspending.resume_due(by=await caller(dossier_id))

    return {
        JobKind.SEND: send,
        JobKind.REMIND: remind,
        JobKind.TELL_OF_ORDER: tell_of_order,
        JobKind.CHECK_STOCK: check_stock,
        JobKind.EXPIRE: expire,
        JobKind.RESUME: resume,
    }
