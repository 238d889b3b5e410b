"""How the shop sorts its articles, what it answers, what its tariffs give, and its saved lists, in PostgreSQL."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from asyncpg import Record

from domain.errors import NotFound
from domain.model.access import Dossier
from domain.model.answers import Effect, KnownAnswer
from domain.model.card import DiscountDetails, DiscountScope
from domain.model.category import Category, Level
from domain.model.saved_list import SavedLine, SavedList
from domain.model.values import Ean, SavedListId, folded
from infra.db import flush
from infra.db.flush import Row
from infra.db.pools import ShopConnection
from infra.ids import new_id
from infra.repositories.pending import Begin, Fields, Pending

NEW_ANSWER = flush.insert("known_answer")
CHANGED_ANSWER = flush.update("known_answer", versioned=True)
GONE_ANSWER = flush.delete("known_answer", versioned=True)
NEW_CATEGORY = flush.insert("category")
CHANGED_CATEGORY = flush.update("category", versioned=True)
GONE_CATEGORY = flush.delete("category", versioned=True)
NEW_RULE = flush.insert("tariff_rule")
NEW_LIST = flush.insert("saved_list")
CHANGED_LIST = flush.update("saved_list", versioned=True)
GONE_LIST = flush.delete("saved_list", versioned=True)
NEW_LIST_LINE = flush.insert("saved_list_line")

ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended('categories ' || $1::text, 0))"
ANCESTRY = """
WITH RECURSIVE up AS (
    SELECT code AS node, code, parent, 0 AS step FROM category WHERE dossier_id = $1 AND code = ANY ($2::text[])
    UNION ALL
    SELECT up.node, c.code, c.parent, up.step + 1 FROM up JOIN category c ON c.dossier_id = $1 AND c.code = up.parent
)
SELECT node, array_agg(code ORDER BY step) AS path FROM up GROUP BY node
"""


class SqlAnswers:
    """``Answers`` of one dossier on one connection."""

    def __init__(self, dossier: Dossier, connection: ShopConnection, pending: Pending) -> None:
        self._dossier = dossier
        self._connection = connection
        self._pending = pending
        self._loaded: dict[str, int] = {}

    async def known(self) -> dict[str, KnownAnswer]:
        rows = await self._connection.fetch("SELECT * FROM known_answer WHERE dossier_id = $1", self._dossier.id)
        found = {answer.code: answer for answer in map(known_answer_of, rows)}
        self._loaded = {code: answer.version for code, answer in found.items()}
        return found

    def add(self, answer: KnownAnswer) -> None:
        self._pending.add(NEW_ANSWER, self._row(answer))

    def save(self, answer: KnownAnswer) -> None:
        self._pending.add(CHANGED_ANSWER, self._row(answer))

    def remove(self, answer: KnownAnswer) -> None:
        self._pending.add(GONE_ANSWER, self._row(answer))

    def _row(self, answer: KnownAnswer) -> Row:
        return {
            "dossier_id": self._dossier.id,
            "code": answer.code,
            "label": answer.label,
            "label_en": answer.label_en,
            "effect": answer.effect,
            "position": answer.position,
            "active": answer.active,
            "updated_at": answer.updated_at,
            "version": answer.version,
            "loaded_version": self._loaded.get(answer.code),
        }


class SqlCategories:
    """``Categories`` of one dossier on one connection."""

    def __init__(self, dossier: Dossier, connection: ShopConnection, pending: Pending, *, begin: Begin) -> None:
        self._dossier = dossier
        self._connection = connection
        self._pending = pending
        self._begin = begin
        self._loaded: dict[str, int] = {}

    async def all(self) -> dict[str, Category]:
        await self._begin()
        await self._connection.execute(ONE_AT_A_TIME, str(self._dossier.id))
        rows = await self._connection.fetch("SELECT * FROM category WHERE dossier_id = $1", self._dossier.id)
        found = {category.code: category for category in map(category_of, rows)}
        self._loaded = {code: category.version for code, category in found.items()}
        return found

    async def discounted(self, code: str) -> bool:
        return bool(
            await self._connection.fetchval(
                "SELECT EXISTS (SELECT 1 FROM discount_rule WHERE dossier_id = $1 AND category = $2)",
                self._dossier.id,
                code,
            )
        )

    async def ancestry(self, codes: Collection[str]) -> dict[str, tuple[str, ...]]:
        if not codes:
            return {}
        rows = await self._connection.fetch(ANCESTRY, self._dossier.id, list(set(codes)))
        return {row["node"]: tuple(row["path"]) for row in rows}

    def add(self, category: Category) -> None:
        self._pending.add(NEW_CATEGORY, self._row(category))

    def save(self, category: Category) -> None:
        self._pending.add(CHANGED_CATEGORY, self._row(category))

    def remove(self, category: Category) -> None:
        self._pending.add(GONE_CATEGORY, self._row(category))

    def _row(self, category: Category) -> Row:
        return {
            "dossier_id": self._dossier.id,
            "code": category.code,
            "label": category.label,
            "level": category.level,
            "parent": category.parent,
            "updated_at": category.updated_at,
            "version": category.version,
            "loaded_version": self._loaded.get(category.code),
        }


class SqlTariffs:
    """``Tariffs`` of one dossier on one connection."""

    def __init__(self, dossier: Dossier, connection: ShopConnection, pending: Pending, *, begin: Begin) -> None:
        self._dossier = dossier
        self._connection = connection
        self._pending = pending
        self._begin = begin

    async def rules(self, tariff: str) -> list[DiscountDetails]:
        rows = await self._connection.fetch(
            "SELECT * FROM tariff_rule WHERE dossier_id = $1 AND tariff = $2 ORDER BY position",
            self._dossier.id,
            tariff,
        )
        return [details_of(row) for row in rows]

    async def replace(self, tariff: str, rules: Sequence[DiscountDetails]) -> None:
        await self._begin()
        await self._connection.execute(
            "DELETE FROM tariff_rule WHERE dossier_id = $1 AND tariff = $2", self._dossier.id, tariff
        )
        self._pending.add(
            NEW_RULE,
            *(
                {
                    "dossier_id": self._dossier.id,
                    "tariff_rule_id": new_id(),
                    "tariff": tariff,
                    "position": position,
                    "scope": rule.scope,
                    "percent": rule.percent,
                    "vat_rate": rule.vat_rate,
                    "category": rule.category,
                    "starts_on": rule.starts_on,
                    "ends_on": rule.ends_on,
                    "basis": rule.basis,
                }
                for position, rule in enumerate(rules, start=1)
            ),
        )


class SqlSavedLists:
    """``SavedLists`` of one dossier on one connection."""

    def __init__(self, dossier: Dossier, connection: ShopConnection, pending: Pending, *, begin: Begin) -> None:
        self._dossier = dossier
        self._connection = connection
        self._pending = pending
        self._begin = begin
        self._loaded: dict[SavedListId, int] = {}
        self._rewritten: list[SavedListId] = []

    async def get(self, list_id: SavedListId) -> SavedList:
        await self._begin()
        row = await self._connection.fetchrow(
            "SELECT * FROM saved_list WHERE dossier_id = $1 AND saved_list_id = $2 FOR UPDATE",
            self._dossier.id,
            list_id,
        )
        if row is None:
            raise NotFound(what="saved-list")
        lines = await self._connection.fetch(
            "SELECT ean, quantity FROM saved_list_line WHERE dossier_id = $1 AND saved_list_id = $2 ORDER BY position",
            self._dossier.id,
            list_id,
        )
        saved = saved_list_of(row, lines)
        self._loaded[saved.id] = saved.version
        return saved

    def add(self, saved: SavedList) -> None:
        self._pending.add(NEW_LIST, self._row(saved))
        self._pending.add(NEW_LIST_LINE, *self._lines(saved))

    def save(self, saved: SavedList) -> None:
        self._pending.add(CHANGED_LIST, self._row(saved))
        self._pending.add(NEW_LIST_LINE, *self._lines(saved))
        self._rewritten.append(saved.id)

    def remove(self, saved: SavedList) -> None:
        self._pending.add(GONE_LIST, self._row(saved))

    async def settle(self) -> None:
        """Take the former lines of changed lists away: within one statement the new ones would clash with them."""
        if self._rewritten:
            await self._connection.execute(
                "DELETE FROM saved_list_line WHERE dossier_id = $1 AND saved_list_id = ANY ($2::uuid[])",
                self._dossier.id,
                self._rewritten,
            )

    def _row(self, saved: SavedList) -> Row:
        return {
            "dossier_id": self._dossier.id,
            "saved_list_id": saved.id,
            "name": saved.name,
            "name_key": folded(saved.name),
            "created_at": saved.created_at,
            "updated_at": saved.updated_at,
            "version": saved.version,
            "loaded_version": self._loaded.get(saved.id),
        }

    def _lines(self, saved: SavedList) -> list[dict[str, Any]]:
        return [
            {
                "dossier_id": self._dossier.id,
                "saved_list_id": saved.id,
                "position": position,
                "ean": line.ean,
                "quantity": line.quantity,
            }
            for position, line in enumerate(saved.lines, start=1)
        ]


def known_answer_of(row: Fields) -> KnownAnswer:
    return KnownAnswer(
        code=row["code"],
        label=row["label"],
        label_en=row["label_en"],
        effect=Effect(row["effect"]),
        position=row["position"],
        active=row["active"],
        updated_at=row["updated_at"],
        version=row["version"],
    )


def category_of(row: Fields) -> Category:
    return Category(
        code=row["code"],
        label=row["label"],
        level=Level(row["level"]),
        parent=row["parent"],
        updated_at=row["updated_at"],
        version=row["version"],
    )


def details_of(row: Fields) -> DiscountDetails:
    return DiscountDetails(
        scope=DiscountScope(row["scope"]),
        percent=row["percent"],
        vat_rate=row["vat_rate"],
        category=row["category"],
        starts_on=row["starts_on"],
        ends_on=row["ends_on"],
        basis=row["basis"],
    )


def saved_list_of(row: Record, lines: Sequence[Record]) -> SavedList:
    return SavedList(
        id=SavedListId(UUID(str(row["saved_list_id"]))),
        name=row["name"],
        lines=tuple(SavedLine(ean=Ean(line["ean"]), quantity=line["quantity"]) for line in lines),
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        version=row["version"],
    )
