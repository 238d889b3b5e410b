"""Customers, read."""

from collections.abc import Collection
from uuid import UUID

from asyncpg import Record

from domain.errors import NotFound
from domain.model.identifiers import CODE_LENGTH
from domain.model.values import CustomerId, DossierId, folded
from domain.queries.customers import CustomerFilter, CustomerView, view_of
from domain.queries.pages import Count, Page, PageRequest
from infra.db.pools import Pool, ShopConnection
from infra.readers import customer_purchases
from infra.readers.search import NOTHING, Conditions, count_of, page_of, selecting
from infra.repositories.customers import customer_of, phone_key

PLAIN = "upper(translate({0}, 'àâäáãåçéèêëîïíìñôöóòõûüúùÿÀÂÄÁÃÅÇÉÈÊËÎÏÍÌÑÔÖÓÒÕÛÜÚÙŸ', 'aaaaaaceeeeiiiinooooouuuuyAAAAAACEEEEIIIINOOOOOUUUUY')) COLLATE \"C\""
SORTS = {
    "name": "c.name_key",
    "code": "c.code",
    "first_name": PLAIN.format("coalesce(c.first_name, '')"),
    "postal_code": "coalesce(c.postal_code, '')",
    "town": "coalesce(c.town_key, '')",
    "phone": "coalesce(c.phone_key, '')",
    "email": "coalesce(c.email_key, '')",
    "birthday": "coalesce(c.birthday, 0)",
    "fidelity_active": "c.fidelity_active",
    "fidelity_started_on": "coalesce(c.fidelity_started_on - DATE '0001-01-01', -1)",
    "created_at": "c.created_at",
}
"""Expressions that are never null: what a card does not have comes first."""
CURRENT = "SELECT coalesce(m.merged_into, m.customer_id) FROM customer m WHERE m.dossier_id = $1"
"""A card, or the one it was merged into."""
BY_CODE = f"{CURRENT} AND m.code = $2"
OF_CODE = f"c.customer_id = ANY (ARRAY({CURRENT} AND m.code = {{0}}))"
OF_GENCOD = (
    f"c.customer_id = ANY (ARRAY({CURRENT} AND m.barcode = {{0}} UNION ALL {CURRENT} AND m.fidelity_number = {{0}}))"
)
OF_EMAIL = (
    "c.customer_id = ANY (ARRAY("
    "SELECT o.customer_id FROM customer o WHERE o.dossier_id = $1 AND o.email_key = {0} UNION ALL "
    "SELECT p.customer_id FROM contact_person p WHERE p.dossier_id = $1 AND p.email_key = {0}))"
)
OF_PHONE = (
    "c.customer_id = ANY (ARRAY("
    "SELECT o.customer_id FROM customer o WHERE o.dossier_id = $1 AND o.phone_key = {0} UNION ALL "
    "SELECT p.customer_id FROM contact_person p WHERE p.dossier_id = $1 AND p.phone_key = {0} UNION ALL "
    "SELECT p.customer_id FROM contact_person p WHERE p.dossier_id = $1 AND p.mobile_key = {0}))"
)
"""Found first, by an index each; joined or with OR the planner would read the whole file."""
A_WORD = "SELECT w.customer_id FROM customer_token w WHERE w.dossier_id = $1 AND w.token >= {0} AND w.token < {1}"
LAST_WORD_ON_MAIL = (
    "coalesce((SELECT s.granted FROM consent s WHERE s.dossier_id = $1 AND s.customer_id = c.customer_id "
    "AND s.channel = 'email' AND s.purpose = 'marketing' ORDER BY s.at DESC, s.consent_id DESC LIMIT 1), false) = {0}"
)
DAY = customer_purchases.DAY
HEARD_OF = (
    "customer_order h WHERE h.{owner} AND (h.created_at >= {day} OR h.updated_at >= {day})",
    "reservation h WHERE h.{owner} AND (h.set_aside_at >= {day} OR h.ended_at >= {day})",
    "consent h WHERE h.{owner} AND h.at >= {day}",
    "note h WHERE h.{owner} AND h.created_at >= {day}",
    # a card made later than the one that absorbed it was a contact, too
    "customer h WHERE h.dossier_id = $1 AND h.merged_into = c.customer_id AND h.created_at >= {day}",
)
NOT_HEARD_OF = "c.anonymised_at IS NULL AND c.created_at < {day} AND " + " AND ".join(
    f"NOT EXISTS (SELECT FROM {place})" for place in HEARD_OF
)


class SqlCustomerReader:
    """``CustomerReader`` on the reading pool."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def by_id(
        self, dossier: DossierId, customer_id: CustomerId, *, clearance: Collection[str] | None
    ) -> CustomerView:
        where = Conditions(dossier, "c")
        where.add("c.customer_id = {0}", customer_id)
        cleared(where, clearance)
        async with self._pool.of(dossier) as connection:
            row = await connection.fetchrow(f"SELECT c.* FROM customer c WHERE {where.text}", *where.arguments)
        if row is None:
            raise NotFound(what="customer")
        return _view(row)

    async def search(self, dossier: DossierId, wanted: CustomerFilter, page: PageRequest) -> Page[CustomerView]:
        async with self._pool.of(dossier) as connection:
            return await page_of(
                connection,
                select=selecting("c.*", "customer c", sorts=SORTS, sort=page.sort, key="c.customer_id"),
                where=where_of(dossier, wanted, coded=await coded_as(connection, dossier, wanted)),
                sorts=SORTS,
                key="c.customer_id",
                request=page,
                make=_view,
            )

    async def count(self, dossier: DossierId, wanted: CustomerFilter) -> Count:
        async with self._pool.of(dossier) as connection:
            where = where_of(dossier, wanted, coded=await coded_as(connection, dossier, wanted))
            return await count_of(connection, source="customer c", where=where)


def cleared(where: Conditions, clearance: Collection[str] | None, alias: str = "c") -> None:
    """Only cards whose confidentiality code the caller may see (B30)."""
    if clearance is not None:
        code = f"{alias}.confidentiality_code"
        where.add(f"({code} IS NULL OR {code} = ANY ({{0}}::text[]))", list(clearance))


def _view(row: Record) -> CustomerView:
    return view_of(customer_of(row))


async def coded_as(connection: ShopConnection, dossier: DossierId, wanted: CustomerFilter) -> UUID | None:
    """The card whose code is the one word of ``q``, or the one it was merged into."""
    code = folded(wanted.q or "")
    if not code or len(code) > CODE_LENGTH or " " in code:
        return None
    found: UUID | None = await connection.fetchval(BY_CODE, dossier, code)
    return found


def where_of(dossier: DossierId, wanted: CustomerFilter, *, coded: UUID | None) -> Conditions:
    """The search as a WHERE clause on ``customer c``; ``coded`` is the card that ``q`` is the code of."""
    where = Conditions(dossier, "c")
    where.add("c.merged_into IS NULL")
    cleared(where, wanted.clearance)
    _identity(where, wanted, coded)
    _place(where, wanted)
    for column, flag in (
        ("mail_order", wanted.mail_order),
        ("collectivity", wanted.collectivity),
        ("lending_library", wanted.lending_library),
        ("on_account", wanted.on_account),
        ("vat_exempt", wanted.vat_exempt),
        ("chorus_enabled", wanted.chorus),
        ("fidelity_active", wanted.fidelity_active),
        ("category", wanted.category),
        ("light", wanted.light),
        ("group_id", wanted.group_id),
        ("billed_to_id", wanted.billed_to_id),
    ):
        where.equal(column, flag)
    if wanted.accepts_mail is not None:
        where.add(LAST_WORD_ON_MAIL, wanted.accepts_mail)
    if wanted.approved is not None:
        where.add("(c.approved_at IS NOT NULL) = {0}", wanted.approved)
    if wanted.closed is not None:
        where.add("coalesce(c.closed_on <= {0}, false) = {1}", wanted.today, wanted.closed)
    if wanted.birthdays is not None:
        first, last = wanted.birthdays
        over = "OR" if first > last else "AND"
        where.add(f"(c.birthday >= {{0}} {over} c.birthday <= {{1}})", first, last)
    if wanted.no_contact_since is not None:
        heard = NOT_HEARD_OF.replace("{owner}", "dossier_id = $1 AND h.customer_id = c.customer_id")
        where.add(heard.replace("{day}", DAY), wanted.no_contact_since)
    customer_purchases.narrow(where, wanted)
    return where


def _identity(where: Conditions, wanted: CustomerFilter, coded: UUID | None) -> None:
    if wanted.q is not None:
        words = folded(wanted.q) or NOTHING
        if coded is None:
            where.words(table="customer_token", key="customer_id", folded=words)
        else:
            # apart from the words alone, for which the planner may walk the names in their order
            either = f"c.customer_id IN ({A_WORD} UNION ALL SELECT {{2}}::uuid)"
            where.add(either, words, words + "\U0010ffff", coded)
    if wanted.code is not None:
        where.add(OF_CODE, wanted.code.upper())
    if wanted.gencod is not None:
        where.add(OF_GENCOD, wanted.gencod)
    if wanted.email is not None:
        where.add(OF_EMAIL, wanted.email.casefold())
    if wanted.phone is not None:
        where.add(OF_PHONE, phone_key(wanted.phone, country=wanted.country or "FR") or NOTHING)
    if wanted.siret is not None:
        where.prefix("c.siret", "".join(filter(str.isalnum, wanted.siret)) or NOTHING)


def _place(where: Conditions, wanted: CustomerFilter) -> None:
    where.equal("country", wanted.country)
    if wanted.postal_code is not None:
        where.prefix("c.postal_code", wanted.postal_code.strip())
    if wanted.town is not None:
        where.prefix("c.town_key", folded(wanted.town) or NOTHING)
