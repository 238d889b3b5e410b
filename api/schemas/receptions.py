"""Receptions on the wire: typed, as JSON, or as the distributor's shipping notice."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Annotated

from pydantic import Field

from api.schemas.base import (
    Closed,
    EanCode,
    Line,
    Listing,
    Open,
    Quantity,
    UtcInstant,
    chosen,
    open_choice,
    prefixed,
    wire_id,
)
from api.schemas.identities import ThirdPartyKey
from api.schemas.reservations import Reservation
from api.schemas.supply import SupplierOrderKey
from domain.errors import Fault, Invalid
from domain.model.reception import ReceptionKind
from domain.model.values import SupplierOrderId, ean13, folded
from domain.queries.receptions import Asked, ReceivedLine, ReceptionView
from domain.queries.receptions import ReceptionSummary as SummaryView
from domain.usecases.receptions import Arrived, Parcel

ReceptionKey = prefixed("rcp")

MOST_ROWS = 2000
"""Lines of a shipping notice: a pallet has fewer titles."""
HEADS = ("EAN", "GENCOD", "ISBN", "GTIN", "CODE", "ARTICLE", "REF")
"""How the first cell of a heading begins."""


class ArrivedLine(Closed):
    """Copies of one article in the parcel."""

    ean: EanCode
    quantity: Quantity = Field(examples=[2])


class ReceptionCreate(Closed):
    """A parcel that came in, for a supplier order, from a supplier, or from anywhere; ``dry_run`` only proposes."""

    kind: chosen(ReceptionKind) = Field(default=ReceptionKind.MANUAL, examples=["manual"])  # type: ignore[valid-type]
    reference: Line | None = Field(default=None, examples=["BL 2026-4471"])
    supplier_order_id: SupplierOrderKey | None = Field(default=None, examples=[None])
    supplier_id: ThirdPartyKey | None = Field(default=None, examples=[None])
    dry_run: bool = Field(default=False, description="True answers what would be done, and does nothing.")
    lines: Annotated[list[ArrivedLine], Field(min_length=1, max_length=500)]

    def meant(self) -> Parcel:
        return Parcel(
            kind=self.kind,
            reference=self.reference,
            supplier_order_id=self.supplier_order_id,
            supplier_id=self.supplier_id,
            dry_run=self.dry_run,
            lines=tuple(Arrived(ean=line.ean, quantity=line.quantity) for line in self.lines),
        )


class ReceivedFor(Open):
    """Copies that a supplier order had asked for."""

    supplier_order_id: str
    number: int
    line_id: str
    quantity: int

    @classmethod
    def of(cls, view: Asked) -> "ReceivedFor":
        return cls(
            supplier_order_id=wire_id("sup", view.supplier_order_id),
            number=view.number,
            line_id=wire_id("sln", view.line_id),
            quantity=view.quantity,
        )


class ReceptionLine(Open):
    """What became of the copies of one article; ``unexpected`` ones were on no supplier order that was sent."""

    ean: str
    title: str
    quantity: int
    set_aside: int
    to_stock: int
    expected: int
    unexpected: int
    supplier_orders: list[ReceivedFor]
    reservations: list[Reservation] = Field(
        description="Told when the parcel is booked in; empty when it is read later."
    )

    @classmethod
    def of(cls, view: ReceivedLine, *, today: date) -> "ReceptionLine":
        return cls(
            ean=view.ean,
            title=view.title,
            quantity=view.quantity,
            set_aside=view.set_aside,
            to_stock=view.to_stock,
            expected=view.expected,
            unexpected=view.unexpected,
            supplier_orders=[ReceivedFor.of(each) for each in view.asked],
            reservations=[Reservation.of(kept, today=today) for kept in view.reservations],
        )


class Reception(Open):
    """A parcel booked in, with those for whom copies were set aside.

    ``id`` is null for a dry run, which did nothing: its reservations, and their ids, are a proposal.
    """

    id: str | None = Field(examples=["rcp_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    kind: open_choice(ReceptionKind)  # type: ignore[valid-type]
    supplier_id: str | None
    reference: str | None
    received_at: UtcInstant
    lines: list[ReceptionLine]

    @classmethod
    def of(cls, view: ReceptionView, *, today: date) -> "Reception":
        return cls(
            id=wire_id("rcp", view.id) if view.id else None,
            kind=view.kind.value,
            supplier_id=wire_id("tpa", view.supplier_id) if view.supplier_id else None,
            reference=view.reference,
            received_at=view.received_at,
            lines=[ReceptionLine.of(line, today=today) for line in view.lines],
        )


class ReceptionSummary(Open):
    """A row of the list: titles, and copies that came, were set aside, and had been asked for."""

    id: str
    kind: open_choice(ReceptionKind)  # type: ignore[valid-type]
    supplier_id: str | None
    supplier_name: str | None
    reference: str | None
    received_at: UtcInstant
    titles: int
    quantity: int
    set_aside: int
    expected: int

    @classmethod
    def of(cls, view: SummaryView) -> "ReceptionSummary":
        return cls(
            id=wire_id("rcp", view.id),
            kind=view.kind.value,
            supplier_id=wire_id("tpa", view.supplier_id) if view.supplier_id else None,
            supplier_name=view.supplier_name,
            reference=view.reference,
            received_at=view.received_at,
            titles=view.titles,
            quantity=view.quantity,
            set_aside=view.set_aside,
            expected=view.expected,
        )


class ReceptionPage(Listing[ReceptionSummary]):
    """One page of receptions."""


def notice(body: bytes, *, reference: str | None, supplier_order_id: SupplierOrderId | None, dry_run: bool) -> Parcel:
    """The parcel that a shipping notice tells of: "EAN;quantité" a line, ; or tab between, with or without a heading.

    Copies of an article named twice are summed. What is wrong goes with the parcel, each bad line by its number; the shop
    adds the articles that it does not know, and refuses them all at once.
    """
    copies: dict[str, Arrived] = {}
    faults: list[Fault] = []
    for row, cells in _rows(body, faults):
        read = _read(row, cells)
        if isinstance(read, Fault):
            faults.append(read)
        else:
            before = copies.get(read.ean)
            copies[read.ean] = read if before is None else replace(before, quantity=before.quantity + read.quantity)
    if not copies and not faults:
        faults.append(Fault("notice-empty", "/1", (("row", 1),)))
    return Parcel(
        kind=ReceptionKind.SHIPPING_NOTICE,
        reference=reference,
        supplier_order_id=supplier_order_id,
        supplier_id=None,
        dry_run=dry_run,
        lines=tuple(copies.values()),
        faults=tuple(faults),
    )


def _rows(body: bytes, faults: list[Fault]) -> Iterator[tuple[int, list[str]]]:
    """The lines that say something, with their numbers; no heading."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = body.decode("cp1252", errors="replace")
    first = next((line for line in text.splitlines() if line.strip()), "")
    rows = csv.reader(io.StringIO(text, newline=""), delimiter="\t" if "\t" in first and ";" not in first else ";")
    read = 0
    try:
        for cells in rows:
            stripped = [cell.strip() for cell in cells]
            if not any(stripped):
                continue
            read += 1
            if read == 1 and folded(stripped[0]).startswith(HEADS):
                continue
            if read > MOST_ROWS + 1:
                faults.append(_fault("notice-long", rows.line_num, most=MOST_ROWS))
                return
            yield rows.line_num, stripped
    except csv.Error:
        faults.append(_fault("notice-form", rows.line_num + 1))


def _read(row: int, cells: list[str]) -> Arrived | Fault:
    if len(cells) < 2 or any(cells[2:]):  # noqa: PLR2004 - EAN and quantity
        return _fault("notice-form", row)
    try:
        ean = ean13(re.sub(r"[ \-]", "", cells[0]))
    except Invalid as refusal:
        return _fault(f"notice-{refusal.faults[0].code}", row)
    if re.fullmatch(r"0*[1-9][0-9]{0,3}", cells[1], re.ASCII) is None:
        return _fault("notice-quantity", row)
    return Arrived(ean=ean, quantity=int(cells[1]), row=row)


def _fault(code: str, row: int, **facts: object) -> Fault:
    return Fault(code, f"/{row}", (("row", row), *facts.items()))
