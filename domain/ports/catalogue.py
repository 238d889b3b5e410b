"""What the shop keeps ready for its orders: answers, categories, tariffs, lists."""

from collections.abc import Collection, Sequence
from typing import Protocol

from domain.model.answers import KnownAnswer
from domain.model.card import DiscountDetails
from domain.model.category import Category
from domain.model.saved_list import SavedList
from domain.model.values import SavedListId


class Answers(Protocol):
    """The shop's table of answers (trade.md)."""

    async def known(self) -> dict[str, KnownAnswer]:
        """All of them by code."""
        ...

    def add(self, answer: KnownAnswer) -> None:
        """The commit raises ``CodeTaken``."""
        ...

    def save(self, answer: KnownAnswer) -> None:
        """The commit raises ``StaleVersion``."""
        ...

    def remove(self, answer: KnownAnswer) -> None:
        """Lines keep what was said of them. The commit raises ``StaleVersion``."""
        ...


class Categories(Protocol):
    """The tree of article categories (A31)."""

    async def all(self) -> dict[str, Category]:
        """The whole tree by code; until the transaction ends nobody else changes it."""
        ...

    async def discounted(self, code: str) -> bool:
        """Whether the permanent discount of a customer names the node: no foreign key holds it."""
        ...

    async def ancestry(self, codes: Collection[str]) -> dict[str, tuple[str, ...]]:
        """Each of ``codes`` that exists with the node itself first, then its ancestors."""
        ...

    def add(self, category: Category) -> None:
        """The commit raises ``CodeTaken``."""
        ...

    def save(self, category: Category) -> None:
        """The commit raises ``StaleVersion``."""
        ...

    def remove(self, category: Category) -> None:
        """The commit raises ``StaleVersion``, or ``CategoryInUse`` when an article, a tariff or another node names it."""
        ...


class Tariffs(Protocol):
    """The discounts of each tariff (A65)."""

    async def rules(self, tariff: str) -> list[DiscountDetails]:
        """In their order."""
        ...

    async def replace(self, tariff: str, rules: Sequence[DiscountDetails]) -> None:
        """These rules and no others."""
        ...


class SavedLists(Protocol):
    async def get(self, list_id: SavedListId) -> SavedList:
        """Raises ``NotFound``."""
        ...

    def add(self, saved: SavedList) -> None: ...

    def save(self, saved: SavedList) -> None:
        """The commit raises ``StaleVersion``."""
        ...

    def remove(self, saved: SavedList) -> None:
        """The commit raises ``StaleVersion``."""
        ...
