"""The shop's table of answers, and what was said of lines, read."""

from uuid import UUID

from asyncpg import Record

from domain.errors import NotFound
from domain.model.answers import Answer, AnswerSource, Effect
from domain.model.reference import MOST_VALUES
from domain.model.values import DossierId, Ean, LineId, OrderId
from domain.queries.answers import KnownAnswerView, SaidView, known_answer_view
from domain.queries.pages import Page, PageRequest
from infra.db.pools import Pool
from infra.readers.search import Conditions, page_of, selecting
from infra.repositories.catalogue import known_answer_of

KNOWN = "SELECT * FROM known_answer WHERE dossier_id = $1"
SORTS = {"at": "h.at"}


class SqlAnswerReader:
    """``AnswerReader`` on the reading pool."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def known(self, dossier: DossierId, *, active: bool | None) -> list[KnownAnswerView]:
        async with self._pool.of(dossier) as connection:
            rows = await connection.fetch(
                f"{KNOWN} AND ($2::boolean IS NULL OR active = $2) ORDER BY position, code LIMIT {MOST_VALUES}",
                dossier,
                active,
            )
        return [known_answer_view(known_answer_of(row)) for row in rows]

    async def one(self, dossier: DossierId, code: str) -> KnownAnswerView:
        async with self._pool.of(dossier) as connection:
            row = await connection.fetchrow(f"{KNOWN} AND code = $2", dossier, code)
        if row is None:
            raise NotFound(what="answer")
        return known_answer_view(known_answer_of(row))

    async def history(
        self, dossier: DossierId, order_id: OrderId, line_id: LineId, page: PageRequest
    ) -> Page[SaidView]:
        where = Conditions(dossier, "h")
        where.equal("line_id", line_id)
        async with self._pool.of(dossier) as connection:
            there = await connection.fetchval(
                "SELECT true FROM order_line WHERE dossier_id = $1 AND line_id = $2 AND order_id = $3",
                dossier,
                line_id,
                order_id,
            )
            if not there:
                raise NotFound(what="line")
            return await page_of(
                connection,
                select=selecting("h.*", "line_answer h", sorts=SORTS, sort=page.sort, key="h.line_answer_id"),
                where=where,
                sorts=SORTS,
                key="h.line_answer_id",
                request=page,
                make=_said,
            )


def _said(row: Record) -> SaidView:
    return SaidView(
        id=UUID(str(row["line_answer_id"])),
        answer=Answer(
            code=row["code"],
            label=row["label"],
            source=AnswerSource(row["source"]),
            at=row["at"],
            effect=Effect(row["effect"]),
            new_ean=Ean(row["new_ean"]) if row["new_ean"] else None,
        ),
        by=row["by"],
    )
