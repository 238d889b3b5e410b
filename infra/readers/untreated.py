"""Commandes non traitées, read: by the partial index of the lines whose copies no supplier order brings."""

from asyncpg import Record

from domain.model.order import Status
from domain.model.values import DossierId, Ean, LineId, OrderId, ThirdPartyId, folded
from domain.queries.pages import Count, Page, PageRequest
from domain.queries.untreated import UntreatedFilter, UntreatedLine
from infra.db.pools import Pool
from infra.readers.search import NOTHING, Conditions, count_of, page_of, selecting
from infra.repositories.orders import answer_of

COLUMNS = (
    "l.line_id, l.order_id, l.number, o.status, o.customer_code, o.name, o.mail_order, l.queued_at, l.ean, l.title, l.author, "
    "l.publisher, a.category, a.supplier_id, t.name AS supplier_name, l.ordered, l.set_aside + l.delivered AS reserved, "
    "l.outstanding, l.supplied, l.outstanding - l.supplied AS unsupplied, coalesce(v.available, 0) AS available, "
    "l.suspended_until, "
    "l.answer_code, l.answer_label, l.answer_source, l.answer_at, l.answer_effect, l.answer_new_ean"
)
SOURCE = (
    "order_line l JOIN customer_order o ON o.dossier_id = l.dossier_id AND o.order_id = l.order_id "
    "JOIN article a ON a.dossier_id = l.dossier_id AND a.ean = l.ean "
    "LEFT JOIN stock_level v ON v.dossier_id = l.dossier_id AND v.ean = l.ean "
    "LEFT JOIN third_party t ON t.dossier_id = a.dossier_id AND t.third_party_id = a.supplier_id"
)
UNTREATED = "l.outstanding > l.supplied AND NOT l.digital"
"""As the partial index says it; lines of orders LT and AN wait for nothing."""
BELOW = (
    "a.category IN (WITH RECURSIVE below AS ("
    "SELECT c.code FROM category c WHERE c.dossier_id = $1 AND c.code = ANY ({0}::text[]) "
    "UNION SELECT c.code FROM below JOIN category c ON c.dossier_id = $1 AND c.parent = below.code"
    ") SELECT below.code FROM below)"
)
SORTS = {
    "created_at": "l.queued_at",
    "number": "l.number",
    "title": "a.title_key",
    "ean": "l.ean",
    "name": "o.name_key",
    "supplier": "coalesce(t.name_key, '')",
}


class SqlUntreatedReader:
    """``UntreatedReader`` on the reading pool."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def search(self, dossier: DossierId, wanted: UntreatedFilter, page: PageRequest) -> Page[UntreatedLine]:
        async with self._pool.of(dossier) as connection:
            return await page_of(
                connection,
                select=selecting(COLUMNS, SOURCE, sorts=SORTS, sort=page.sort, key="l.line_id"),
                where=conditions(dossier, wanted),
                sorts=SORTS,
                key="l.line_id",
                request=page,
                make=_line,
            )

    async def count(self, dossier: DossierId, wanted: UntreatedFilter) -> Count:
        async with self._pool.of(dossier) as connection:
            return await count_of(connection, source=SOURCE, where=conditions(dossier, wanted))


def conditions(dossier: DossierId, wanted: UntreatedFilter) -> Conditions:
    """The lines that ``wanted`` asks for."""
    where = Conditions(dossier, "l")
    where.add(UNTREATED)
    if wanted.created_from is not None:
        where.add("l.queued_at >= {0}", wanted.created_from)
    if wanted.created_to is not None:
        where.add("l.queued_at < {0}", wanted.created_to)
    if wanted.categories:
        where.add(BELOW, list(wanted.categories))
    if wanted.blocked is not None:
        where.add("(o.status = 'BL') = {0}", wanted.blocked)
    if wanted.supplier_id is not None:
        where.add("a.supplier_id = {0}", wanted.supplier_id)
    where.equal("ean", wanted.ean)
    if wanted.words is not None:
        where.words(table="article_token", key="ean", folded=folded(wanted.words) or NOTHING)
    return where


def _line(row: Record) -> UntreatedLine:
    return UntreatedLine(
        line_id=LineId(row["line_id"]),
        order_id=OrderId(row["order_id"]),
        order_number=row["number"],
        order_status=Status(row["status"]),
        customer_code=row["customer_code"],
        name=row["name"],
        mail_order=row["mail_order"],
        created_at=row["queued_at"],
        ean=Ean(row["ean"]),
        title=row["title"],
        author=row["author"],
        publisher=row["publisher"],
        category=row["category"],
        supplier_id=ThirdPartyId(row["supplier_id"]) if row["supplier_id"] else None,
        supplier_name=row["supplier_name"],
        ordered=row["ordered"],
        reserved=row["reserved"],
        outstanding=row["outstanding"],
        supplied=row["supplied"],
        unsupplied=row["unsupplied"],
        available=row["available"],
        suspended_until=row["suspended_until"],
        answer=answer_of(
            row["answer_code"],
            row["answer_label"],
            row["answer_source"],
            row["answer_at"],
            row["answer_effect"],
            row["answer_new_ean"],
        ),
    )
