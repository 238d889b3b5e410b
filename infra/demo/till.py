"""What the demo's till and its invoicing told: purchases of faithful customers, sales to collectivities, invoices, deposits by name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from domain.model.article import Article, ArticleKind
from domain.model.booklaw import BOOK_LAW, BookLaw, Buyer, buyer_of
from domain.model.customer import Customer, Kind
from domain.model.invoice import Invoice, InvoiceDetails, InvoiceState
from domain.model.loyalty import LoyaltyEntry, LoyaltyProgram, ProgramKind, earned_by
from domain.model.loyalty_ledger import LoyaltyLedger
from domain.model.named_deposit import NamedDepositCause, NamedDepositEntry
from domain.model.payment import PaymentMethod
from domain.model.prices import amount
from domain.model.purchase import Purchase, PurchaseSource
from domain.model.values import NOTHING, InvoiceId, PurchaseId, cents
from infra.demo.days import Days

PROGRAMS = (
    LoyaltyProgram(
        code="DIX",
        label="Dix achats",
        kind=ProgramKind.PURCHASES,
        percent=Decimal("5.00"),
        every=10,
        voucher_note="Valable un an en librairie.",
    ),
)
COLLECTIVITY = Decimal("0.91")
"""Of the publisher's price: 9 % is the most that the law lets off (trade R8)."""
SHOWN = 500
"""Days of history."""


@dataclass(slots=True, kw_only=True)
class TillWriter:
    """Fills its lists from the customers and the catalogue; nothing of it touches the stock, which the till's program kept."""

    customers: Sequence[Customer]
    articles: Iterable[Article]
    days: Days
    by: str
    purchases: list[Purchase] = field(default_factory=list)
    loyalty: list[LoyaltyEntry] = field(default_factory=list)
    invoices: list[Invoice] = field(default_factory=list)
    deposits: list[NamedDepositEntry] = field(default_factory=list)

    def write(self) -> None:
        books = [each for each in self.articles if each.kind is ArticleKind.BOOK and not each.digital]
        open_cards = [each for each in self.customers if each.details.closed_on is None]
        for card in open_cards:
            if card.details.fidelity_active:
                self._visits(card, books)
        accounts = [each for each in open_cards if each.details.kind is Kind.ORGANISATION and each.details.on_account]
        for nth, card in enumerate(accounts):
            self._invoices(card, books, first=nth * 10 + 1)
        for card in [each for each in open_cards if each.details.kind is Kind.PERSON][5:60:11]:
            self._deposit(card)

    def _visits(self, card: Customer, books: Sequence[Article]) -> None:
        ledger = LoyaltyLedger(
            customer_id=card.id,
            entries=[],
            program=PROGRAMS[0],
            zone=self.days.zone,
            new_id=lambda: self.days.new_id(self.days.now),
            by=self.by,
        )
        since = card.details.fidelity_started_on
        spread = min(SHOWN, (self.days.today - since).days) if since else SHOWN
        count = self.days.rng.randint(2, 19)
        for nth, ago in enumerate(sorted((self.days.rng.randint(1, spread) for _ in range(count)), reverse=True)):
            at = self.days.ago(ago)
            bought = self._bought(
                card,
                self.days.rng.choice(books),
                1,
                at=at,
                source=PurchaseSource.TILL,
                reference=f"D-{card.code}-{nth + 1}",
                document=f"T{at:%y%m%d}-{nth + 1:02}",
            )
            earned = earned_by(
                bought, program=PROGRAMS[0], law=BookLaw(BOOK_LAW), on=at.astimezone(self.days.zone).date()
            )
            if earned is not None and (since is None or at.astimezone(self.days.zone).date() >= since):
                ledger.earn(bought, earned)
        self.loyalty.extend(ledger.added)

    def _invoices(self, card: Customer, books: Sequence[Article], *, first: int) -> None:
        for nth, ago in enumerate((320, 190, 95, 40, 12)):
            at = self.days.ago(ago + self.days.rng.randint(0, 25))
            issued = at.astimezone(self.days.zone).date()
            number = f"F{issued:%Y}-{first + nth:05}"
            lines = [
                self._bought(
                    card,
                    self.days.rng.choice(books),
                    self.days.rng.randint(1, 12),
                    at=at,
                    source=PurchaseSource.INVOICE,
                    reference=f"{number}/{line}",
                    document=number,
                )
                for line in range(1, self.days.rng.randint(3, 7))
            ]
            total = sum((line.amount for line in lines), NOTHING)
            paid = total if ago > 90 and self.days.rng.random() < 0.75 else NOTHING
            self.invoices.append(
                Invoice(
                    id=InvoiceId(self.days.new_id(at)),
                    number=number,
                    details=InvoiceDetails(
                        customer_id=card.id,
                        billed_to=card.details.billed_to or card.id,
                        issued_on=issued,
                        due_on=issued + timedelta(days=30),
                        total=total,
                        paid=paid,
                        state=InvoiceState.AWAITED,
                    ),
                    created_at=at,
                    updated_at=at,
                )
            )

    def _deposit(self, card: Customer) -> None:
        at = self.days.ago(self.days.rng.randint(3, 60))
        self.deposits.append(
            NamedDepositEntry(
                id=self.days.new_id(at),
                customer_id=card.id,
                order_id=None,
                amount=Decimal(self.days.rng.choice((20, 30, 50))),
                cause=NamedDepositCause.RECEIVED,
                method=PaymentMethod.CARD,
                reference="Carte cadeau",
                at=at,
                by=self.by,
            )
        )

    def _bought(
        self,
        card: Customer,
        article: Article,
        quantity: int,
        *,
        at: datetime,
        source: PurchaseSource,
        reference: str,
        document: str,
    ) -> Purchase:
        buyer = buyer_of(card.details, [])
        price = article.list_price if buyer is Buyer.PRIVATE else cents(article.list_price * COLLECTIVITY)
        owed = amount(price * quantity, article.vat_rate, exempt=card.details.vat_exempt)
        made = Purchase(
            id=PurchaseId(self.days.new_id(at)),
            customer_id=card.id,
            order_id=None,
            reservation_id=None,
            at=at,
            ean=article.ean,
            title=article.title,
            quantity=quantity,
            amount=owed.due,
            net=owed.net,
            list_price=article.list_price,
            vat_rate=article.vat_rate,
            source=source,
            reference=reference,
            by=self.by,
            author=article.author,
            kind=article.kind,
            digital=article.digital,
            school_book=article.school_book,
            buyer=buyer,
            document=document,
        )
        self.purchases.append(made)
        return made
