"""Delivery notes (bons de livraison, A18)."""

from typing import Annotated

from fastapi import Path
from starlette.responses import Response

from api.deps import IdempotencyKey, IfMatch, OrdersRead, OrdersWrite, Shop, answer, told
from api.routers.operation import link, operation, router
from api.routers.orders import CHANGE, OrderPath
from api.routers.pdf import printed, printing
from api.schemas.delivery_notes import DeliveryNote, DeliveryNoteCreate, DeliveryNotePage, NoteKey
from domain.model.values import DeliveryNoteId, OrderId
from domain.ports.answers import Told
from domain.queries.delivery_notes import NoteView

routes = router("orders")
NotePath = Annotated[NoteKey, Path()]


def _tell(view: NoteView) -> Told:
    note = DeliveryNote.of(view)
    return told(note, status=201, location=f"/v1/delivery-notes/{note.id}")


@routes.post(
    "/orders/{order_id}/delivery-notes",
    **operation(
        "createDeliveryNote",
        DeliveryNote,
        status=201,
        refuses=(*CHANGE, "nothing-to-deliver", "out-of-stock"),
        headers=("Location",),
        links={
            "get": link("getDeliveryNote", delivery_note_id="$response.body#/id"),
            "print": link("printDeliveryNote", delivery_note_id="$response.body#/id"),
        },
    ),
)
async def create_delivery_note(
    order_id: OrderPath, body: DeliveryNoteCreate, version: IfMatch, by: OrdersWrite, key: IdempotencyKey, shop: Shop
) -> Response:
    """Deliver with a note (Préparer BL). The note of a mail order is a parcel, with a delivery charge of its own."""
    once = await key.once(by, _tell)
    return answer(
        await shop.delivery_notes.write(
            by=by, order_id=OrderId(order_id), version=version, wanted=body.meant(), once=once
        )
    )


@routes.get(
    "/orders/{order_id}/delivery-notes", **operation("listDeliveryNotes", DeliveryNotePage, refuses=("not-found",))
)
async def list_delivery_notes(order_id: OrderPath, by: OrdersRead, shop: Shop) -> Response:
    """The notes of an order, in the order of their numbers."""
    views = await shop.read.delivery_notes.of_order(by.dossier.id, OrderId(order_id))
    return answer(told(DeliveryNotePage(items=[DeliveryNote.of(view) for view in views], next=None)))


@routes.get("/delivery-notes/{delivery_note_id}", **operation("getDeliveryNote", DeliveryNote, refuses=("not-found",)))
async def get_delivery_note(delivery_note_id: NotePath, by: OrdersRead, shop: Shop) -> Response:
    """One note."""
    return answer(
        told(DeliveryNote.of(await shop.read.delivery_notes.by_id(by.dossier.id, DeliveryNoteId(delivery_note_id))))
    )


@routes.get("/delivery-notes/{delivery_note_id}/print.pdf", **printing("printDeliveryNote"))
async def print_delivery_note(delivery_note_id: NotePath, by: OrdersRead, shop: Shop) -> Response:
    """The note on A4, to go with the copies and be signed."""
    sheet = await shop.read.delivery_notes.sheet(by.dossier.id, DeliveryNoteId(delivery_note_id))
    return printed(await shop.papers.delivery_note(sheet), f"bon-de-livraison-{sheet.note.number}")
