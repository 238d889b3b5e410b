"""Labels and addresses of customers, read."""

from collections.abc import Collection, Sequence

from asyncpg import Record

from domain.errors import TooMany
from domain.model.card import Purpose
from domain.model.postal import HOME, address_lines
from domain.model.values import CustomerId, DossierId, PostalAddress
from domain.queries.labels import (
    MOST_LABELS,
    Chosen,
    EmailCount,
    EmailView,
    Label,
    LabelAddress,
    Labels,
    has_address,
    label_of,
)
from domain.queries.pages import Page, PageRequest
from infra.db.pools import Pool, ShopConnection
from infra.directory import Directory
from infra.readers.cards import MAINS
from infra.readers.customers import SORTS, coded_as, where_of
from infra.readers.search import Conditions, count_of, page_of, selecting
from infra.repositories.customers import address_of

POSTAL = "recipient, complement, building, street, locality, postal_code, town, country"
CARDS = (
    f"SELECT c.customer_id, c.code, concat_ws(' ', c.title, c.first_name, c.name) AS named, {POSTAL} FROM customer c"
)
PARTS = (
    f"SELECT a.customer_id, a.use_main_of_customer_id, a.use_main_of_third_party_id, {POSTAL} FROM address a "
    "WHERE a.dossier_id = $1 AND a.customer_id = ANY ($2::uuid[]) AND a.role = $3"
)
LAST_WORD = (
    "(SELECT s.granted FROM consent s WHERE s.dossier_id = $1 AND s.customer_id = {card}.customer_id "
    "AND s.channel = 'email' AND s.purpose = {{0}} ORDER BY s.at DESC, s.consent_id DESC LIMIT 1)"
)
ALLOWED = (
    f"(coalesce({LAST_WORD.format(card='c')}, {{1}}) AND NOT EXISTS (SELECT FROM customer t WHERE t.dossier_id = $1 "
    "AND t.email_key = c.email_key AND t.merged_into IS NULL AND t.anonymised_at IS NULL "
    f"AND {LAST_WORD.format(card='t')} = false))"
)
"""May be written to, unless the same address refused on another card: $0 purpose, $1 what silence means."""
EMAIL_SORTS = {"email": "c.email_key"}


class SqlLabelReader:
    """``LabelReader`` on the reading pool."""

    def __init__(self, pool: Pool, directory: Directory) -> None:
        self._pool = pool
        self._directory = directory

    async def labels(self, dossier: DossierId, chosen: Chosen, *, address: LabelAddress, sort: str) -> Labels:
        direction = "DESC" if sort.startswith("-") else "ASC"
        async with self._pool.of(dossier) as connection:
            where = await _where(connection, dossier, chosen)
            rows = await connection.fetch(
                f"{CARDS} WHERE {where.text} ORDER BY {SORTS[sort.removeprefix('-')]} {direction}, "
                f"c.customer_id {direction} LIMIT {MOST_LABELS + 1}",
                *where.arguments,
            )
            if len(rows) > MOST_LABELS:
                count = await count_of(connection, source="customer c", where=where)
                raise TooMany(count=f"{count.count}{'+' if count.capped else ''}", most=MOST_LABELS)
            parts = await _parts(connection, dossier, rows, address, chosen.wanted.clearance)
        found = [self._label(row, parts.get(row["customer_id"])) for row in rows]
        labels = tuple(each for each in found if each is not None)
        return Labels(labels=labels, skipped=len(found) - len(labels))

    def _label(self, row: Record, part: "tuple[str, PostalAddress] | None") -> Label | None:
        lender, postal = part if part is not None and has_address(part[1]) else ("", address_of(row))
        if not has_address(postal):
            return None
        country = postal.country.strip().upper() or HOME
        abroad = self._directory.country_name(country) if country != HOME else None
        lines = address_lines(postal, name=lender or row["named"], country_name=abroad)
        return label_of(row["code"], [row["named"], *lines] if lender else lines, country=country)

    async def emails(self, dossier: DossierId, chosen: Chosen, purpose: Purpose, page: PageRequest) -> Page[EmailView]:
        async with self._pool.of(dossier) as connection:
            inner = await _where(connection, dossier, chosen)
            inner.add("c.email_key IS NOT NULL")
            inner.add(ALLOWED, purpose.value, _silence(purpose))
            once = f"SELECT DISTINCT ON (c.email_key) c.* FROM customer c WHERE {inner.text} ORDER BY c.email_key, c.customer_id"
            where = Conditions(dossier, "c")
            where.arguments = inner.arguments
            return await page_of(
                connection,
                select=selecting(
                    "c.customer_id, c.code, concat_ws(' ', c.first_name, c.name) AS named, c.email",
                    f"({once}) c",
                    sorts=EMAIL_SORTS,
                    sort=page.sort,
                    key="c.customer_id",
                ),
                where=where,
                sorts=EMAIL_SORTS,
                key="c.customer_id",
                request=page,
                make=_email,
            )

    async def count(self, dossier: DossierId, chosen: Chosen, purpose: Purpose) -> EmailCount:
        async with self._pool.of(dossier) as connection:
            where = await _where(connection, dossier, chosen)
            allowed = Conditions(dossier, "c")
            allowed.arguments = where.arguments
            allowed.add(ALLOWED, purpose.value, _silence(purpose))
            row = await connection.fetchrow(
                "SELECT count(DISTINCT c.email_key) FILTER (WHERE c.allowed) AS count, "
                "count(*) FILTER (WHERE c.email_key IS NULL) AS without_address, "
                "count(*) FILTER (WHERE c.email_key IS NOT NULL AND NOT c.allowed) AS without_consent "
                f"FROM (SELECT c.email_key, {allowed.text} AS allowed FROM customer c WHERE {where.text}) c",
                *where.arguments,
            )
        assert row is not None  # noqa: S101 - an aggregate without groups has one row
        return EmailCount(**row)


async def _where(connection: ShopConnection, dossier: DossierId, chosen: Chosen) -> Conditions:
    where = where_of(dossier, chosen.wanted, coded=await coded_as(connection, dossier, chosen.wanted))
    where.add("c.anonymised_at IS NULL")
    if chosen.ids:
        where.add("c.customer_id = ANY ({0}::uuid[])", list(chosen.ids))
    return where


async def _parts(
    connection: ShopConnection,
    dossier: DossierId,
    cards: Sequence[Record],
    address: LabelAddress,
    clearance: Collection[str] | None,
) -> "dict[CustomerId, tuple[str, PostalAddress]]":
    """The address of that role, by customer, and whose main address it is when it is lent ("" when it is not)."""
    if address is LabelAddress.MAIN:
        return {}
    rows = await connection.fetch(PARTS, dossier, [row["customer_id"] for row in cards], address.value)
    lenders = [row["use_main_of_customer_id"] or row["use_main_of_third_party_id"] for row in rows]
    mains = {
        row["id"]: (row["named"], address_of(row))
        for row in await connection.fetch(
            MAINS,
            dossier,
            [row["use_main_of_customer_id"] for row in rows if row["use_main_of_customer_id"]],
            [row["use_main_of_third_party_id"] for row in rows if row["use_main_of_third_party_id"]],
            None if clearance is None else sorted(clearance),
        )
    }
    return {
        CustomerId(row["customer_id"]): mains[lender] if lender else ("", address_of(row))
        for row, lender in zip(rows, lenders, strict=True)
        # a card that may not be seen lends nothing
        if lender is None or lender in mains
    }


def _silence(purpose: Purpose) -> bool:
    """Whether somebody who never said anything may be written to: to tell of an order, not to advertise (R23)."""
    return purpose is not Purpose.MARKETING


def _email(row: Record) -> EmailView:
    return EmailView(
        customer_id=CustomerId(row["customer_id"]), code=row["code"], name=row["named"], email=row["email"]
    )
