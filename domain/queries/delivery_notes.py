"""Delivery notes as they are read and printed (A18)."""

from dataclasses import dataclass
from typing import Protocol

from domain.model.delivery import DeliveryNote, NoteLine
from domain.model.order import CustomerOrder
from domain.model.values import DeliveryNoteId, DossierId, OrderId
from domain.queries.documents import Heading
from domain.queries.orders import LineView, OrderView


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteView:
    """A note with the number of its order, and the version that the order has by now."""

    note: DeliveryNote
    order_number: int
    order_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteSheet:
    """All that stands on a printed note: its order tells what the note itself does not keep."""

    heading: Heading
    note: DeliveryNote
    order: OrderView

    def ordered(self, line: NoteLine) -> LineView | None:
        """The order's line behind a line of the note; None once it is gone."""
        return next((each for each in self.order.lines if each.id == line.line_id), None)


def note_view(note: DeliveryNote, order: CustomerOrder) -> NoteView:
    """A note just written, as its reader would answer it."""
    return NoteView(note=note, order_number=order.number, order_version=order.version)


class DeliveryNoteReader(Protocol):
    """Reads committed notes of one dossier."""

    async def by_id(self, dossier: DossierId, note_id: DeliveryNoteId) -> NoteView:
        """Raises ``NotFound``."""
        ...

    async def of_order(self, dossier: DossierId, order_id: OrderId) -> list[NoteView]:
        """In the order of their numbers. Raises ``NotFound`` when there is no such order."""
        ...

    async def sheet(self, dossier: DossierId, note_id: DeliveryNoteId) -> NoteSheet:
        """Raises ``NotFound``."""
        ...
