"""Delivery notes on the wire (A18)."""

from typing import Annotated

from pydantic import Field

from api.schemas.base import Closed, Listing, Money, Open, Sum, UtcInstant, euros, percent, prefixed, wire_id
from api.schemas.orders import ContactCard, DeliveredLine, Ruling, VatTotal
from domain.model.delivery import NoteLine
from domain.model.values import LineId
from domain.queries.delivery_notes import NoteView
from domain.usecases.delivery_notes import WantedNote

NoteKey = prefixed("dln")


class DeliveryNoteCreate(Closed):
    """What goes with one note; without ``lines`` all that is set aside, and the digital lines.

    ``delivery_charge`` is what this parcel is charged, null for the least the law allows; the first parcel of a mail order
    bears the order's own charge unless another is given.
    """

    lines: Annotated[list[DeliveredLine], Field(min_length=1, max_length=500)] | None = None
    delivery_charge: Money | None = Field(default=None, examples=[None])

    def meant(self) -> WantedNote:
        quantities: dict[LineId, int] | None = None
        if self.lines is not None:
            quantities = {}
            for line in self.lines:
                quantities[LineId(line.line_id)] = quantities.get(LineId(line.line_id), 0) + line.quantity
        return WantedNote(
            quantities=quantities, delivery_charge=self.delivery_charge.amount if self.delivery_charge else None
        )


class DeliveryNoteLine(Open):
    """Copies of one line that the note delivers; ``left`` are still to come (reliquat). ``line_id`` null: the line is gone."""

    line_id: str | None = Field(examples=["lin_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    position: int
    ean: str
    title: str
    quantity: int
    left: int
    unit_price: Sum
    vat_rate: str
    amount: Sum

    @classmethod
    def of(cls, line: NoteLine) -> "DeliveryNoteLine":
        return cls(
            line_id=wire_id("lin", line.line_id) if line.line_id else None,
            position=line.position,
            ean=line.ean,
            title=line.title,
            quantity=line.quantity,
            left=line.left,
            unit_price=euros(line.unit_price),
            vat_rate=percent(line.vat_rate),
            amount=euros(line.owed.due),
        )


class DeliveryNote(Open):
    """A delivery note (bon de livraison): written once. ``order_version`` is the version that its order has now."""

    id: str = Field(examples=["dln_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    number: int = Field(examples=[812])
    order_id: str
    order_number: int
    order_version: int
    created_at: UtcInstant
    by: str = Field(examples=["staff:019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    contact: ContactCard
    shipped: bool
    delivery_charge: Sum
    charge_ruling: Ruling | None
    lines: list[DeliveryNoteLine]
    total: Sum
    vat_totals: list[VatTotal]
    print_url: str

    @classmethod
    def of(cls, view: NoteView) -> "DeliveryNote":
        note, identifier = view.note, wire_id("dln", view.note.id)
        return cls(
            id=identifier,
            number=note.number,
            order_id=wire_id("ord", note.order_id),
            order_number=view.order_number,
            order_version=view.order_version,
            created_at=note.created_at,
            by=note.by,
            contact=ContactCard.of(note.contact),
            shipped=note.shipped,
            delivery_charge=euros(note.delivery_charge),
            charge_ruling=Ruling.of(note.charge_ruling) if note.charge_ruling else None,
            lines=[DeliveryNoteLine.of(line) for line in note.lines],
            total=euros(note.total),
            vat_totals=[
                VatTotal(rate=percent(each.rate), net=euros(each.net), vat=euros(each.vat)) for each in note.vat_totals
            ],
            print_url=f"/v1/delivery-notes/{identifier}/print.pdf",
        )


class DeliveryNotePage(Listing[DeliveryNote]):
    """The delivery notes of an order, in the order of their numbers."""
