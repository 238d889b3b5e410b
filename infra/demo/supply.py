"""What the demo asks of its suppliers, how it sorts its books, and the lists it keeps.

Written once the orders are made, from a generator of its own: most lines that wait have copies on order, some are untreated.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from domain.model.article import Article, ArticleKind
from domain.model.category import Category, Level
from domain.model.order import CustomerOrder, Status
from domain.model.order_line import OrderLine
from domain.model.saved_list import SavedLine, SavedList
from domain.model.supply import SupplierLine, SupplierOrder, SupplyLink
from domain.model.third_party import ThirdParty
from domain.model.values import Ean, SavedListId, SupplierLineId, SupplierOrderId
from infra.demo.days import Days

CATEGORIES = (  # code, label, level, parent
    ("LIV", "Livres", Level.SHOP, None),
    ("PAP", "Papeterie", Level.SHOP, None),
    ("LITT", "Littérature", Level.SECTOR, "LIV"),
    ("JEUN", "Jeunesse", Level.SECTOR, "LIV"),
    ("SCOL", "Scolaire", Level.SECTOR, "LIV"),
    ("CLAS", "Classiques", Level.CATEGORY, "LITT"),
    ("VOYA", "Voyages et aventures", Level.CATEGORY, "LITT"),
    ("NOUV", "Nouveautés", Level.CATEGORY, "LITT"),
    ("ALBU", "Albums", Level.CATEGORY, "JEUN"),
    ("PARA", "Classiques scolaires", Level.CATEGORY, "SCOL"),
    ("BURE", "Bureau et écriture", Level.SECTOR, "PAP"),
)
BY_PUBLISHER = {
    "LA MALLE AUX CLASSIQUES": "CLAS",
    "ÉDITIONS DU PHARE": "CLAS",
    "ÉDITIONS SCOLAIRES DU PRÉAU": "PARA",
    "VAGUES ET VOILES": "VOYA",
    "LE PETIT LAMPION": "ALBU",
    "VOIR LARGE": "LITT",
}
FROM_THE_SEEDS = "ALBU"
TREATED_AFTER = timedelta(days=5)
"""A line that waits longer has copies on order."""
LISTS = (("Coups de cœur de l'équipe", 6, 1), ("Rentrée, classe de CE1", 4, 12))


@dataclass(slots=True, kw_only=True)
class Supply:
    """Goes into the base beside the ledger."""

    categories: list[Category] = field(default_factory=list)
    orders: list[SupplierOrder] = field(default_factory=list)
    lists: list[SavedList] = field(default_factory=list)


def sort_articles(articles: Iterable[Article], *, at: datetime) -> list[Category]:
    """Give every article its place in the tree, which is answered."""
    for article in articles:
        if article.kind is ArticleKind.OTHER:
            article.category = "BURE"
        else:
            article.category = BY_PUBLISHER.get(article.publisher or "", FROM_THE_SEEDS)
            article.school_book = article.category == "PARA"
    return [
        Category(code=code, label=label, level=level, parent=parent, updated_at=at)
        for code, label, level, parent in CATEGORIES
    ]


@dataclass(slots=True, kw_only=True)
class SupplyWriter:
    """Asks ``suppliers`` for what ``orders`` wait for."""

    days: Days
    articles: dict[Ean, Article]
    orders: Sequence[CustomerOrder]
    suppliers: Sequence[ThirdParty]
    supply: Supply
    _number: int = 0

    def write(self) -> Supply:
        for index, article in enumerate(sorted(self.articles.values(), key=lambda each: each.publisher or "")):
            if article.kind is ArticleKind.BOOK and not article.digital and index % 17:
                article.supplier_id = self.suppliers[(article.publisher or "") < "LE"].id
        waiting = [
            (order, line)
            for order in self.orders
            if order.status in {Status.OPEN, Status.PARTLY_DELIVERED}
            for line in order.lines
            if line.unsupplied and self.articles[line.ean].supplier_id and line.answer is None
        ]
        for supplier in self.suppliers:
            his = [place for place in waiting if self.articles[place[1].ean].supplier_id == supplier.id]
            late = [place for place in his if self.days.now - place[0].created_at > TREATED_AFTER * 4]
            lately = [place for place in his if place not in late]
            treated = [place for place in lately if self.days.now - place[0].created_at > TREATED_AFTER]
            self._ask(supplier, late, ago=20, sent=True)
            self._ask(supplier, treated[::2], ago=4, sent=True)
            self._ask(supplier, treated[1::4], ago=1, sent=False)
        books = [each for each in self.articles.values() if each.kind is ArticleKind.BOOK and not each.digital]
        for name, count, copies in LISTS:
            at = self.days.ago(40)
            lines = tuple(SavedLine(ean=each.ean, quantity=copies) for each in self.days.rng.sample(books, count))
            self.supply.lists.append(
                SavedList(id=SavedListId(self.days.new_id(at)), name=name, lines=lines, created_at=at, updated_at=at)
            )
        return self.supply

    def _ask(
        self, supplier: ThirdParty, places: Sequence[tuple[CustomerOrder, OrderLine]], *, ago: int, sent: bool
    ) -> None:
        if not places:
            return
        at = max(self.days.ago(ago), *(order.created_at + timedelta(minutes=5) for order, _ in places))
        self._number += 1
        asked = SupplierOrder(
            id=SupplierOrderId(self.days.new_id(at)),
            number=self._number,
            supplier_id=supplier.id,
            supplier_name=supplier.details.name,
            reference=None,
            comment=None,
            created_at=at,
            updated_at=at,
            lines=[],
        )
        for order, line in places:
            copies = line.unsupplied
            asked.ask(
                SupplierLine(
                    id=SupplierLineId(self.days.new_id(at)),
                    position=0,
                    ean=line.ean,
                    title=line.title,
                    ordered=copies,
                    links=[SupplyLink(order_id=order.id, line_id=line.id, quantity=copies)],
                ),
                now=at,
            )
            order.note_supply(line.id, copies, now=max(order.updated_at, at))
        if sent:
            asked.validate(now=at + timedelta(minutes=30))
        asked.version = 1
        self.supply.orders.append(asked)
