"""Messages and templates, read."""

from collections.abc import Sequence

from asyncpg import Record

from domain.errors import NotFound
from domain.model.message import Language, MessageEvent, Template
from domain.model.values import DossierId, MessageId, folded
from domain.model.wording import DEFAULTS
from domain.queries.messages import MessageFilter, MessageView, TemplateView, message_view, template_view
from domain.queries.pages import Count, Page, PageRequest
from infra.db.pools import Pool
from infra.readers.search import NOTHING, Conditions, count_of, page_of, selecting
from infra.repositories.messages import message_of, template_of

RESERVATIONS = (
    "ARRAY(SELECT r.reservation_id FROM message_reservation r WHERE r.dossier_id = m.dossier_id "
    "AND r.message_id = m.message_id ORDER BY 1) AS reservation_ids"
)
COLUMNS = f"m.*, c.code AS customer_code, o.number AS order_number, {RESERVATIONS}"
SOURCE = (
    "message m LEFT JOIN customer c ON c.dossier_id = m.dossier_id AND c.customer_id = m.customer_id "
    "LEFT JOIN customer_order o ON o.dossier_id = m.dossier_id AND o.order_id = m.order_id"
)
NAME = (
    "(upper(regexp_replace(regexp_replace(normalize(m.name, NFKD), '[\\u0300-\\u036F]', '', 'g'), '[^[:alnum:]]+', ' ', 'g')) "
    'COLLATE "C")'
)
"""The recipient's name in capitals without accents: messages of free names have no key of their own."""
SORTS = {"created_at": "m.created_at", "day": "to_char(m.day, 'YYYY-MM-DD')", "name": NAME}


class SqlMessageReader:
    """``MessageReader`` on the reading pool."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def by_id(self, dossier: DossierId, message_id: MessageId) -> MessageView:
        async with self._pool.of(dossier) as connection:
            row = await connection.fetchrow(
                f"SELECT {COLUMNS} FROM {SOURCE} WHERE m.dossier_id = $1 AND m.message_id = $2", dossier, message_id
            )
        if row is None:
            raise NotFound(what="message")
        return _view(row)

    async def search(self, dossier: DossierId, wanted: MessageFilter, page: PageRequest) -> Page[MessageView]:
        async with self._pool.of(dossier) as connection:
            return await page_of(
                connection,
                select=selecting(COLUMNS, SOURCE, sorts=SORTS, sort=page.sort, key="m.message_id"),
                where=_where(dossier, wanted),
                sorts=SORTS,
                key="m.message_id",
                request=page,
                make=_view,
            )

    async def count(self, dossier: DossierId, wanted: MessageFilter) -> Count:
        async with self._pool.of(dossier) as connection:
            return await count_of(connection, source="message m", where=_where(dossier, wanted))

    async def templates(self, dossier: DossierId) -> Sequence[TemplateView]:
        async with self._pool.of(dossier) as connection:
            rows = await connection.fetch("SELECT * FROM message_template WHERE dossier_id = $1", dossier)
        own: dict[tuple[MessageEvent, Language], Template] = {}
        for row in rows:
            template = template_of(row)
            own[template.event, template.language] = template
        return [template_view(own.get(key, default)) for key, default in DEFAULTS.items()]


def _where(dossier: DossierId, wanted: MessageFilter) -> Conditions:
    where = Conditions(dossier, "m")
    if wanted.states:
        where.add("m.state = ANY ({0}::text[])", [state.value for state in wanted.states])
    where.equal("channel", wanted.channel)
    where.equal("event", wanted.event)
    where.equal("customer_id", wanted.customer_id)
    where.equal("order_id", wanted.order_id)
    if wanted.reservation_id is not None:
        where.add(
            "m.message_id IN (SELECT r.message_id FROM message_reservation r WHERE r.dossier_id = $1 "
            "AND r.reservation_id = {0})",
            wanted.reservation_id,
        )
    if wanted.day_from is not None:
        where.add("m.day >= {0}", wanted.day_from)
    if wanted.day_to is not None:
        where.add("m.day <= {0}", wanted.day_to)
    if wanted.name is not None:
        for word in (folded(wanted.name) or NOTHING).split():
            where.add("(' ' || " + NAME.replace("{", "{{").replace("}", "}}") + ") LIKE '% ' || {0} || '%'", word)
    return where


def _view(row: Record) -> MessageView:
    return message_view(message_of(row), customer_code=row["customer_code"], order_number=row["order_number"])
