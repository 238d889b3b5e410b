"""Delivery notes, read."""

import json
from collections.abc import Iterable

from asyncpg import Record

from domain.errors import NotFound
from domain.model.delivery import DeliveryNote, NoteLine
from domain.model.values import Contact, DeliveryNoteId, DossierId, Ean, LineId, OrderId, PostalAddress
from domain.queries.delivery_notes import NoteSheet, NoteView
from infra.db.pools import Pool
from infra.readers.documents import sheet_of
from infra.repositories.orders import ruling_of

NOTES = """
    SELECT n.*, o.number AS order_number, o.version AS order_version,
           ARRAY(SELECT ROW(l.line_id, l.position, l.ean, l.title, l.quantity, l.unit_price, l.vat_rate, l.exempt, l.left_over)
                 FROM delivery_note_line l
                 WHERE l.dossier_id = n.dossier_id AND l.delivery_note_id = n.delivery_note_id
                 ORDER BY l.position) AS lines
    FROM delivery_note n JOIN customer_order o USING (dossier_id, order_id)
    WHERE n.dossier_id = $1 AND {which}
    ORDER BY n.number
"""
BY_ID = NOTES.format(which="n.delivery_note_id = $2")
OF_ORDER = NOTES.format(which="n.order_id = $2")
ORDER_THERE = "SELECT EXISTS (SELECT FROM customer_order WHERE dossier_id = $1 AND order_id = $2)"


class SqlDeliveryNoteReader:
    """``DeliveryNoteReader`` on the reading pool."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def by_id(self, dossier: DossierId, note_id: DeliveryNoteId) -> NoteView:
        async with self._pool.of(dossier) as connection:
            row = await connection.fetchrow(BY_ID, dossier, note_id)
        if row is None:
            raise NotFound(what="delivery-note")
        return _view(row)

    async def of_order(self, dossier: DossierId, order_id: OrderId) -> list[NoteView]:
        async with self._pool.of(dossier) as connection:
            rows = await connection.fetch(OF_ORDER, dossier, order_id)
            if not rows and not await connection.fetchval(ORDER_THERE, dossier, order_id):
                raise NotFound(what="order")
        return [_view(row) for row in rows]

    async def sheet(self, dossier: DossierId, note_id: DeliveryNoteId) -> NoteSheet:
        async with self._pool.of(dossier) as connection:
            row = await connection.fetchrow(BY_ID, dossier, note_id)
            if row is None:
                raise NotFound(what="delivery-note")
            ordered = await sheet_of(connection, dossier, OrderId(row["order_id"]))
        return NoteSheet(heading=ordered.heading, note=_note(row), order=ordered.order)


def _view(row: Record) -> NoteView:
    return NoteView(note=_note(row), order_number=row["order_number"], order_version=row["order_version"])


def _note(row: Record) -> DeliveryNote:
    return DeliveryNote(
        id=DeliveryNoteId(row["delivery_note_id"]),
        number=row["number"],
        order_id=OrderId(row["order_id"]),
        contact=_contact(row["contact"]),
        shipped=row["shipped"],
        delivery_charge=row["delivery_charge"],
        charge_ruling=ruling_of(row["charge_ruling"]),
        created_at=row["created_at"],
        by=row["by"],
        lines=tuple(_lines(row["lines"])),
    )


def _contact(written: str) -> Contact:
    facts = json.loads(written)
    return Contact(**{**facts, "address": PostalAddress(**facts["address"])})


def _lines(rows: Iterable[Record]) -> Iterable[NoteLine]:
    for line_id, position, ean, title, quantity, unit_price, vat_rate, exempt, left in rows:
        yield NoteLine(
            line_id=LineId(line_id) if line_id else None,
            position=position,
            ean=Ean(ean),
            title=title,
            quantity=quantity,
            unit_price=unit_price,
            vat_rate=vat_rate,
            exempt=exempt,
            left=left,
        )
