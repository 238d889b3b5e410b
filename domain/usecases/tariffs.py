"""Tariffs: what everyone who has a tariff code is granted (A65)."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.events import EventType
from domain.model.access import Caller
from domain.model.card import DiscountDetails
from domain.model.reference import Table
from domain.queries.tariffs import TariffView
from domain.usecases.rulebook import check_article_categories
from domain.usecases.work import Surroundings


@dataclass(frozen=True, slots=True)
class Tariffs:
    around: Surroundings

    async def replace(self, *, by: Caller, code: str, rules: Sequence[DiscountDetails]) -> TariffView:
        """Write the discounts of a tariff, these and no others; orders taken before keep their prices.

        Raises ``NotFound`` for a code that the table of tariffs does not have, ``UnknownCode`` for a category.
        """
        async with self.around.begin(by.dossier, by.client) as work:
            tariff = await work.references.get(Table.TARIFFS, code)
            await check_article_categories(
                work, [(f"/rules/{index}/category", rule.category) for index, rule in enumerate(rules)]
            )
            before = await work.tariffs.rules(code)
            if list(rules) != before:
                await work.tariffs.replace(code, rules)
                now = self.around.clock()
                kind = EventType.SETTINGS_UPDATED
                work.emit(self.around.event(kind, by.dossier.id, tariff.version, by, now, table=Table.TARIFFS.value))
                await work.commit()
            return TariffView(code=tariff.code, label=tariff.label, rules=tuple(rules))
