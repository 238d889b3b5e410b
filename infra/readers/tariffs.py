"""Tariffs, read (A65)."""

from collections.abc import Mapping, Sequence

from asyncpg import Record

from domain.errors import NotFound
from domain.model.reference import MOST_VALUES, Table
from domain.model.values import DossierId
from domain.queries.tariffs import TariffView
from infra.db.pools import Pool
from infra.repositories.catalogue import details_of

TARIFFS = (
    "SELECT code, label FROM reference_value WHERE dossier_id = $1 AND table_name = $2 "
    "AND ($3::text IS NULL OR code = $3) ORDER BY position, code LIMIT $4"
)
RULES = "SELECT * FROM tariff_rule WHERE dossier_id = $1 AND tariff = ANY ($2::text[]) ORDER BY tariff, position"


class SqlTariffReader:
    """``TariffReader`` on the reading pool."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def all(self, dossier: DossierId) -> list[TariffView]:
        return await self._tariffs(dossier, None)

    async def by_code(self, dossier: DossierId, code: str) -> TariffView:
        found = await self._tariffs(dossier, code)
        if not found:
            raise NotFound(what="tariff")
        return found[0]

    async def _tariffs(self, dossier: DossierId, code: str | None) -> list[TariffView]:
        async with self._pool.of(dossier) as connection:
            tariffs = await connection.fetch(TARIFFS, dossier, Table.TARIFFS, code, MOST_VALUES)
            rows = await connection.fetch(RULES, dossier, [each["code"] for each in tariffs])
        rules: Mapping[str, list[Record]] = {each["code"]: [] for each in tariffs}
        for row in rows:
            rules[row["tariff"]].append(row)
        return [_tariff(each, rules[each["code"]]) for each in tariffs]


def _tariff(value: Record, rules: Sequence[Record]) -> TariffView:
    return TariffView(code=value["code"], label=value["label"], rules=tuple(map(details_of, rules)))
