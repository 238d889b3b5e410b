"""Reminders of copies that wait (A38, C11)."""

from starlette.responses import Response

from api.deps import IdempotencyKey, ReservationsWrite, Shop, answer, told
from api.routers.operation import operation, router
from api.schemas.messages import Messages, ReminderRequest
from domain.model.access import Scope
from domain.ports.answers import Told
from domain.queries.messages import Composition

routes = router("messages")


@routes.post("/reservations/reminders/preview", **operation("previewReminders", Messages, refuses=("not-found",)))
async def preview_reminders(body: ReminderRequest, by: ReservationsWrite, shop: Shop) -> Response:
    """What `POST /reservations/reminders` would do now: the very messages, and who is not written to. Nothing is kept.

    Needs `messages:write` too.
    """
    by.need(Scope.MESSAGES_WRITE)
    return answer(told(Messages.of(await shop.reminding.preview(by=by, reminder=body.meant()))))


@routes.post(
    "/reservations/reminders",
    **operation("createReminders", Messages, status=201, refuses=("not-found", "message-told")),
)
async def create_reminders(body: ReminderRequest, by: ReservationsWrite, key: IdempotencyKey, shop: Shop) -> Response:
    """Tell the customers whose copies wait, one message a person (A38, C11). Needs `messages:write` too."""
    by.need(Scope.MESSAGES_WRITE)

    def tell(made: Composition) -> Told:
        return told(Messages.of(made), status=201)

    return answer(await shop.reminding.remind(by=by, reminder=body.meant(), once=await key.once(by, tell)))
