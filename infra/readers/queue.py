"""Queues, read."""

from datetime import datetime
from typing import Any
from uuid import UUID

from asyncpg import Record

from domain.errors import NotFound, UnknownArticle
from domain.model.order import Status
from domain.model.values import DossierId, Ean, LineId, OrderId
from domain.queries.pages import After, Page, PageRequest
from domain.queries.queue import LinePlaceView, QueueChangeView, QueueEntry
from infra.db.pools import Pool, ShopConnection
from infra.readers.search import Conditions, page_of, selecting
from infra.sql import sql

OF_ARTICLE = sql("article_queue")
OF_ORDER = sql("order_queue")
CHANGE_SORTS = {"at": "c.at"}


class SqlQueueReader:
    """``QueueReader`` on the reading pool."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def of_article(self, dossier: DossierId, ean: Ean, page: PageRequest) -> Page[QueueEntry]:
        after = _place_of(page.after) if page.after else (None, None, None, None)
        async with self._pool.of(dossier) as connection:
            await _need_article(connection, dossier, ean)
            rows = await connection.fetch(OF_ARTICLE, dossier, ean, *after, page.limit + 1)
        shown = rows[: page.limit]
        last = _after(shown[-1]) if len(rows) > page.limit else None
        return Page(items=[_entry(row) for row in shown], last=last)

    async def of_order(self, dossier: DossierId, order_id: OrderId) -> list[LinePlaceView]:
        async with self._pool.of(dossier) as connection:
            rows = await connection.fetch(OF_ORDER, dossier, order_id)
        if not rows:
            raise NotFound(what="order")
        return [
            LinePlaceView(
                line_id=LineId(row["line_id"]),
                ean=Ean(row["ean"]),
                rank=row["rank"],
                ahead=row["ahead"],
                outstanding=row["outstanding"],
                available=row["available"],
                priority=row["priority"],
            )
            for row in rows
            if row["line_id"] is not None
        ]

    async def changes(self, dossier: DossierId, ean: Ean, page: PageRequest) -> Page[QueueChangeView]:
        where = Conditions(dossier, "c")
        where.equal("ean", ean)
        async with self._pool.of(dossier) as connection:
            await _need_article(connection, dossier, ean)
            return await page_of(
                connection,
                select=selecting("c.*", "queue_change c", sorts=CHANGE_SORTS, sort=page.sort, key="c.queue_change_id"),
                where=where,
                sorts=CHANGE_SORTS,
                key="c.queue_change_id",
                request=page,
                make=_change,
            )


async def _need_article(connection: ShopConnection, dossier: DossierId, ean: Ean) -> None:
    if not await connection.fetchval("SELECT true FROM article WHERE dossier_id = $1 AND ean = $2", dossier, ean):
        raise UnknownArticle(ean=ean)


def _after(row: Record) -> After:
    """A place of the queue in one text; the rank would be another as soon as somebody is served."""
    place = (row["priority"], row["queued_at"].isoformat(), row["number"], row["position"])
    return After(value=" ".join(map(str, place)), id=row["line_id"])


def _place_of(after: After) -> tuple[Any, ...]:
    priority, queued_at, number, position = str(after.value).split(" ")
    return int(priority), datetime.fromisoformat(queued_at), int(number), int(position)


def _entry(row: Record) -> QueueEntry:
    return QueueEntry(
        rank=row["rank"],
        line_id=LineId(row["line_id"]),
        order_id=OrderId(row["order_id"]),
        order_number=row["number"],
        order_status=Status(row["status"]),
        name=row["name"],
        outstanding=row["outstanding"],
        set_aside=row["set_aside"],
        begun=row["begun"],
        created_at=row["queued_at"],
        suspended_until=row["suspended_until"],
    )


def _change(row: Record) -> QueueChangeView:
    return QueueChangeView(
        id=UUID(str(row["queue_change_id"])),
        ean=Ean(row["ean"]),
        before=tuple(LineId(line_id) for line_id in row["before"]),
        after=tuple(LineId(line_id) for line_id in row["after"]),
        reason=row["reason"],
        at=row["at"],
        by=row["by"],
    )
