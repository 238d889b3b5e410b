"""Supplier orders and delivery notes in PostgreSQL."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from uuid import UUID

from asyncpg import Record

from domain.errors import NotFound, TryAgain
from domain.model.access import Dossier
from domain.model.answers import Answer
from domain.model.delivery import DeliveryNote
from domain.model.supply import SupplierLine, SupplierOrder, SupplyLink, SupplyState
from domain.model.values import Ean, LineId, OrderId, SupplierLineId, SupplierOrderId, ThirdPartyId
from infra.db import flush
from infra.db.flush import Row
from infra.db.pools import ShopConnection
from infra.repositories import pending as parts
from infra.repositories.orders import answer_of, ruling_json
from infra.repositories.pending import Begin, Pending
from infra.sql import sql

NEW_ORDER = flush.insert("supplier_order")
CHANGED_ORDER = flush.update("supplier_order", versioned=True)
NEW_LINE = flush.insert("supplier_line")
CHANGED_LINE = flush.update("supplier_line")
GONE_LINE = flush.delete("supplier_line")
NEW_LINK = flush.insert("supply_link")
CHANGED_LINK = flush.update("supply_link")
GONE_LINK = flush.delete("supply_link")

LOAD = sql("supplier_order_load")
LOCK = (
    "SELECT supplier_order_id FROM supplier_order WHERE dossier_id = $1 AND supplier_order_id = ANY ($2::uuid[]) "
    "ORDER BY supplier_order_id FOR UPDATE"
)
DRAFTS = (
    "SELECT DISTINCT ON (supplier_id) supplier_order_id FROM supplier_order "
    "WHERE dossier_id = $1 AND supplier_id = ANY ($2::uuid[]) AND state = 'draft' "
    "ORDER BY supplier_id, created_at DESC, supplier_order_id DESC"
)
FOR_LINES = (
    "SELECT DISTINCT s.supplier_order_id FROM supply_link k "
    "JOIN supplier_line l USING (dossier_id, supplier_line_id) JOIN supplier_order s USING (dossier_id, supplier_order_id) "
    "WHERE k.dossier_id = $1 AND k.line_id = ANY ($2::uuid[]) AND k.quantity > k.received "
    "AND s.state IN ('draft', 'validated', 'partly_received')"
)
EXPECTING = (
    "SELECT DISTINCT s.supplier_order_id FROM supplier_line l JOIN supplier_order s USING (dossier_id, supplier_order_id) "
    "WHERE l.dossier_id = $1 AND l.ean = ANY ($2::text[]) AND l.outstanding > 0 "
    "AND s.state IN ('validated', 'partly_received') AND ($3::uuid IS NULL OR s.supplier_order_id = $3)"
)
ARTICLES_OF = "SELECT ean FROM supplier_line WHERE dossier_id = $1 AND supplier_order_id = $2 AND supplier_line_id = ANY ($3::uuid[])"
MEANT_FOR = """
SELECT k.order_id
FROM supplier_order s
JOIN supplier_line l USING (dossier_id, supplier_order_id) JOIN supply_link k USING (dossier_id, supplier_line_id)
WHERE s.dossier_id = $1 AND s.supplier_order_id = ANY ($2::uuid[])
  AND s.state IN ('draft', 'validated', 'partly_received') AND k.quantity > k.received
UNION
SELECT k.order_id
FROM supplier_line l
JOIN supplier_order s USING (dossier_id, supplier_order_id) JOIN supply_link k USING (dossier_id, supplier_line_id)
WHERE l.dossier_id = $1 AND l.ean = ANY ($3::text[]) AND l.outstanding > 0
  AND s.state IN ('validated', 'partly_received') AND k.quantity > k.received
"""


class SqlSupplierOrders:
    """``SupplierOrders`` of one dossier on one connection."""

    def __init__(self, dossier: Dossier, connection: ShopConnection, pending: Pending, *, begin: Begin) -> None:
        self._dossier = dossier
        self._connection = connection
        self._pending = pending
        self._begin = begin
        self._loaded: dict[SupplierOrderId, tuple[int, dict[SupplierLineId, Row], dict[tuple[UUID, UUID], Row]]] = {}
        self._held: dict[SupplierOrderId, SupplierOrder] = {}
        self._new: dict[SupplierOrderId, SupplierOrder] = {}
        self._changed: dict[SupplierOrderId, SupplierOrder] = {}

    async def next_number(self) -> int:
        number: int = await self._connection.fetchval(
            "SELECT nextval($1::text::regclass)", self._dossier.supplier_sequence
        )
        return number

    async def lock(self, ids: Collection[SupplierOrderId]) -> list[SupplierOrder]:
        await self._begin()
        wanted = sorted(set(ids))
        fresh = [each for each in wanted if each not in self._held]
        if fresh:
            await self._connection.fetch(LOCK, self._dossier.id, fresh)
            for row in await self._connection.fetch(LOAD, self._dossier.id, fresh):
                self._remember(supplier_order_of(row))
        if not set(wanted) <= set(self._held):
            raise NotFound(what="supplier-order")
        return [self._held[each] for each in wanted]

    async def drafts(self, suppliers: Collection[ThirdPartyId]) -> dict[ThirdPartyId, SupplierOrder]:
        rows = await self._connection.fetch(DRAFTS, self._dossier.id, list(set(suppliers)))
        drafts = await self.lock([SupplierOrderId(row["supplier_order_id"]) for row in rows])
        if any(draft.state is not SupplyState.DRAFT for draft in drafts):
            raise TryAgain
        return {draft.supplier_id: draft for draft in drafts}

    async def for_lines(self, line_ids: Collection[LineId]) -> list[SupplierOrder]:
        rows = await self._connection.fetch(FOR_LINES, self._dossier.id, list(set(line_ids)))
        found = await self.lock([SupplierOrderId(row["supplier_order_id"]) for row in rows])
        return sorted(found, key=lambda order: (order.created_at, order.number), reverse=True)

    async def expecting(self, eans: Collection[Ean], *, only: SupplierOrderId | None) -> list[SupplierOrder]:
        rows = await self._connection.fetch(EXPECTING, self._dossier.id, list(set(eans)), only)
        found = await self.lock([SupplierOrderId(row["supplier_order_id"]) for row in rows])
        return sorted(found, key=lambda order: (order.created_at, order.number))

    async def articles_of(self, order_id: SupplierOrderId, line_ids: Collection[SupplierLineId]) -> set[Ean]:
        rows = await self._connection.fetch(ARTICLES_OF, self._dossier.id, order_id, list(set(line_ids)))
        return {Ean(row["ean"]) for row in rows}

    async def meant_for(self, *, of: Collection[SupplierOrderId] = (), eans: Collection[Ean] = ()) -> set[OrderId]:
        rows = await self._connection.fetch(MEANT_FOR, self._dossier.id, list(set(of)), list(set(eans)))
        return {OrderId(row["order_id"]) for row in rows}

    def add(self, order: SupplierOrder) -> None:
        self._new[order.id] = order

    def save(self, order: SupplierOrder) -> None:
        if order.id not in self._new:
            self._changed[order.id] = order

    def settle(self) -> None:
        """Put new and changed orders, as they are by now, among what is to be written."""
        for order in self._new.values():
            self._pending.add(NEW_ORDER, _order_row(self._dossier.id, order))
            for line in order.lines:
                self._pending.add(NEW_LINE, _line_row(self._dossier.id, order, line))
                self._pending.add(NEW_LINK, *(_link_row(self._dossier.id, line, link) for link in line.links))
        for order in self._changed.values():
            self._update(order)

    def _update(self, order: SupplierOrder) -> None:
        version, lines, links = self._loaded[order.id]
        self._pending.add(CHANGED_ORDER, {**_order_row(self._dossier.id, order), "loaded_version": version})
        kept: set[tuple[UUID, UUID]] = set()
        for line in order.lines:
            _write(self._pending, _line_row(self._dossier.id, order, line), lines.get(line.id), NEW_LINE, CHANGED_LINE)
            for link in line.links:
                kept.add((line.id, link.line_id))
                row = _link_row(self._dossier.id, line, link)
                _write(self._pending, row, links.get((line.id, link.line_id)), NEW_LINK, CHANGED_LINK)
        gone = [line_id for line_id in order.removed if line_id in lines]
        self._pending.add(GONE_LINE, *(lines[line_id] for line_id in gone))
        # the links of a line that goes go with it
        self._pending.add(
            GONE_LINK, *(row for key, row in links.items() if key not in kept and key[0] not in order.removed)
        )

    def _remember(self, order: SupplierOrder) -> None:
        self._held[order.id] = order
        self._loaded[order.id] = (
            order.version,
            {line.id: _line_row(self._dossier.id, order, line) for line in order.lines},
            {
                (line.id, link.line_id): _link_row(self._dossier.id, line, link)
                for line in order.lines
                for link in line.links
            },
        )


class SqlDeliveryNotes:
    """``DeliveryNotes`` of one dossier on one connection."""

    def __init__(self, dossier: Dossier, connection: ShopConnection, pending: Pending) -> None:
        self._dossier = dossier
        self._connection = connection
        self._pending = pending

    async def next_number(self) -> int:
        number: int = await self._connection.fetchval("SELECT nextval($1::text::regclass)", self._dossier.note_sequence)
        return number

    async def parcels(self, order_id: OrderId) -> int:
        found: int = await self._connection.fetchval(
            "SELECT count(*) FROM delivery_note WHERE dossier_id = $1 AND order_id = $2 AND shipped",
            self._dossier.id,
            order_id,
        )
        return found

    def add(self, note: DeliveryNote) -> None:
        key = {"dossier_id": self._dossier.id, "delivery_note_id": note.id}
        self._pending.add(
            parts.NEW_NOTE,
            {
                **key,
                "number": note.number,
                "order_id": note.order_id,
                "contact": asdict(note.contact),
                "shipped": note.shipped,
                "delivery_charge": note.delivery_charge,
                "charge_ruling": ruling_json(note.charge_ruling),
                "created_at": note.created_at,
                "by": note.by,
            },
        )
        self._pending.add(
            parts.NEW_NOTE_LINE,
            *(
                {
                    **key,
                    "position": line.position,
                    "line_id": line.line_id,
                    "ean": line.ean,
                    "title": line.title,
                    "quantity": line.quantity,
                    "left_over": line.left,
                    "unit_price": line.unit_price,
                    "vat_rate": line.vat_rate,
                    "exempt": line.exempt,
                }
                for line in note.lines
            ),
        )


def _write(pending: Pending, row: Row, before: Row | None, new: flush.Part, changed: flush.Part) -> None:
    if before is None:
        pending.add(new, row)
    elif row != before:
        pending.add(changed, row)


def _order_row(dossier_id: UUID, order: SupplierOrder) -> Row:
    return {
        "dossier_id": dossier_id,
        "supplier_order_id": order.id,
        "number": order.number,
        "supplier_id": order.supplier_id,
        "supplier_name": order.supplier_name,
        "reference": order.reference,
        "comment": order.comment,
        "state": order.state,
        "created_at": order.created_at,
        "updated_at": order.updated_at,
        "validated_at": order.validated_at,
        "cancelled_at": order.cancelled_at,
        "cancel_reason": order.cancel_reason,
        "version": order.version,
    }


def _line_row(dossier_id: UUID, order: SupplierOrder, line: SupplierLine) -> Row:
    answer = line.answer
    return {
        "dossier_id": dossier_id,
        "supplier_line_id": line.id,
        "supplier_order_id": order.id,
        "position": line.position,
        "ean": line.ean,
        "title": line.title,
        "ordered": line.ordered,
        "received": line.received,
        "cancelled": line.cancelled,
        **answer_columns(answer),
    }


def answer_columns(answer: Answer | None) -> Row:
    """What a line keeps of what was said of it."""
    return {
        "answer_code": answer.code if answer else None,
        "answer_label": answer.label if answer else None,
        "answer_source": answer.source if answer else None,
        "answer_at": answer.at if answer else None,
        "answer_effect": answer.effect if answer else None,
        "answer_new_ean": answer.new_ean if answer else None,
    }


def _link_row(dossier_id: UUID, line: SupplierLine, link: SupplyLink) -> Row:
    return {
        "dossier_id": dossier_id,
        "supplier_line_id": line.id,
        "line_id": link.line_id,
        "order_id": link.order_id,
        "quantity": link.quantity,
        "received": link.received,
    }


def supplier_order_of(row: Record) -> SupplierOrder:
    """The aggregate of one row of ``supplier_order_load.sql``."""
    return SupplierOrder(
        id=SupplierOrderId(row["supplier_order_id"]),
        number=row["number"],
        supplier_id=ThirdPartyId(row["supplier_id"]),
        supplier_name=row["supplier_name"],
        reference=row["reference"],
        comment=row["comment"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        validated_at=row["validated_at"],
        cancelled_at=row["cancelled_at"],
        cancel_reason=row["cancel_reason"],
        version=row["version"],
        lines=[_line_of(line, row["links"]) for line in row["lines"]],
    )


def _line_of(row: Record, links: Sequence[Record]) -> SupplierLine:
    (line_id, position, ean, title, ordered, received, cancelled, *answer) = row
    return SupplierLine(
        id=SupplierLineId(line_id),
        position=position,
        ean=Ean(ean),
        title=title,
        ordered=ordered,
        received=received,
        cancelled=cancelled,
        answer=answer_of(*answer),
        links=[
            SupplyLink(
                order_id=OrderId(order_id),
                line_id=LineId(customer_line),
                order_number=number,
                name=name,
                quantity=quantity,
                received=came,
            )
            for owner, order_id, customer_line, number, name, quantity, came in links
            if owner == line_id
        ],
    )
