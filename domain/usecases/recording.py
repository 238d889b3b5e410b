"""Purchases that tills and invoices tell of, in batches: each line is judged alone, and none is lost in silence (A68)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from domain.errors import Fault, NotFound, TryAgain
from domain.model.access import Caller
from domain.model.article import Article, kind_of
from domain.model.booklaw import Buyer, buyer_of
from domain.model.customer import Customer, Kind
from domain.model.loyalty import earned_by
from domain.model.loyalty_ledger import LoyaltyLedger
from domain.model.prices import amount as owed
from domain.model.purchase import Purchase, PurchaseSource
from domain.model.settings import DossierSettings
from domain.model.values import NOTHING, CustomerId, Ean, PurchaseId
from domain.ports.answers import Once
from domain.ports.answers import Told as Answer
from domain.ports.purchases import Named, Told
from domain.ports.unit_of_work import UnitOfWork
from domain.usecases.loyalty_cards import collects, ledgers_of, write
from domain.usecases.work import Surroundings, told, until_done


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldPurchase:
    """One line as it was told; ``reference`` is the sender's own id of it, ``undoes`` that of what was brought back.

    ``amount`` is what was paid for all its copies, VAT included. What the shop's article says stands where None is told.
    """

    reference: str
    source: PurchaseSource
    at: datetime
    ean: Ean
    quantity: int
    amount: Decimal
    customer_id: CustomerId | None = None
    customer_code: str | None = None
    fidelity_number: str | None = None
    title: str | None = None
    author: str | None = None
    vat_rate: Decimal | None = None
    list_price: Decimal | None = None
    document: str | None = None
    shipped: bool = False
    undoes: str | None = None

    @property
    def key(self) -> Told:
        return self.source, self.reference

    @property
    def names(self) -> int:
        """By how many names the customer is told."""
        return sum(each is not None for each in (self.customer_id, self.customer_code, self.fidelity_number))


class Outcome(StrEnum):
    """What became of a line; ``known``: the very same was told before."""

    CREATED = "created"
    KNOWN = "known"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What became of one line. ``loyalty``: what it earned, or what was taken back; None where nothing was written."""

    reference: str
    outcome: Outcome
    purchase_id: PurchaseId | None = None
    loyalty: Decimal | None = None
    problem: Fault | None = None


class _Refused(Exception):
    def __init__(self, code: str, pointer: str, **facts: object) -> None:
        super().__init__(code)
        self.fault = Fault(code, pointer, tuple(facts.items()))


@dataclass(frozen=True, slots=True)
class Recording:
    around: Surroundings

    async def record(self, *, by: Caller, lines: Sequence[ToldPurchase], once: Once[Sequence[Recorded]]) -> Answer:
        """Write what is new of the lines, in one transaction; a line that cannot be is told, and stops no other.

        A purchase of today may be brought back by the same batch, in whatever order they stand.
        """

        async def attempt() -> Answer:
            async with self.around.begin(by.dossier, by.client) as work:
                if (before := await work.claim(once)) is not None:
                    return before
                batch = await self._opened(work, by, lines)
                results: dict[int, Recorded] = {}
                for index, line in sorted(enumerate(lines), key=lambda each: each[1].undoes is not None):
                    try:
                        results[index] = batch.take(line)
                    except _Refused as refusal:
                        results[index] = Recorded(
                            reference=line.reference, outcome=Outcome.REFUSED, problem=_pointed(refusal.fault, index)
                        )
                work.purchases.record(batch.new)
                write(work, batch.ledgers.values())
                return await told(work, once, [results[index] for index in range(len(lines))])

        return await until_done(attempt)

    async def _opened(self, work: UnitOfWork, by: Caller, lines: Sequence[ToldPurchase]) -> "_Batch":
        """All that the lines name, each kind asked for once; the cards are locked before anything is counted."""
        named = await work.purchases.named(
            ids={line.customer_id for line in lines if line.customer_id},
            codes={line.customer_code.upper() for line in lines if line.customer_code},
            numbers={line.fidelity_number for line in lines if line.fidelity_number},
        )
        ids = sorted({card for names in (named.by_id, named.by_code, named.by_number) for card in names.values()})
        try:
            cards = await work.customers.lock(ids)
        except NotFound:  # deleted between the two
            raise TryAgain from None
        if any(card.merged_into for card in cards):  # merged between the two
            raise TryAgain
        settings = await work.references.settings()
        wanted = {line.key for line in lines} | {(line.source, line.undoes) for line in lines if line.undoes}
        known = dict(await work.purchases.told(wanted))
        back = [
            known[line.source, line.undoes] for line in lines if line.undoes and (line.source, line.undoes) in known
        ]
        undone = await work.purchases.undone({each.id for each in back})
        returning = {card for line in lines if line.undoes and (card := _card_of(line, named))}
        rules = await work.purchases.discounts([card.id for card in cards if card.details.kind is Kind.ORGANISATION])
        return _Batch(
            around=self.around,
            by=by,
            settings=settings,
            named=named,
            cards={card.id: card for card in cards},
            buyers={card.id: buyer_of(card.details, rules.get(card.id, ())) for card in cards},
            articles=await work.articles.many([line.ean for line in lines]),
            known=known,
            out={each.id: each.quantity - undone.get(each.id, 0) for each in back},
            ledgers=await ledgers_of(work, cards, settings, around=self.around, by=by, whole=returning),
        )


@dataclass(slots=True, kw_only=True)
class _Batch:
    """One batch at work. ``out``: copies of purchases that are not brought back; ``new`` is what is to be written."""

    around: Surroundings
    by: Caller
    settings: DossierSettings
    named: Named
    cards: Mapping[CustomerId, Customer]
    buyers: Mapping[CustomerId, Buyer]
    articles: Mapping[Ean, Article]
    known: dict[Told, Purchase]
    out: dict[PurchaseId, int]
    ledgers: Mapping[CustomerId, LoyaltyLedger]
    new: list[Purchase] = field(default_factory=list)

    def take(self, line: ToldPurchase) -> Recorded:
        """Raises ``_Refused``."""
        for pointer in _contradictions(line):
            raise _Refused("inconsistent", pointer)
        card_id = _card_of(line, self.named)
        if (before := self.known.get(line.key)) is not None:
            if not self._same(line, before, card_id):
                raise _Refused("reference-reused", "/reference")
            return Recorded(reference=line.reference, outcome=Outcome.KNOWN, purchase_id=before.id)
        card = self.cards.get(card_id) if card_id else None
        if card is None or card.anonymised_at or not self.by.may_see(card.details.confidentiality_code):
            raise _Refused("unknown-customer", _named_at(line))
        original = self._original(line, card.id)
        purchase = self._purchase(line, card.id, original)
        self.known[line.key] = purchase
        self.new.append(purchase)
        return Recorded(
            reference=line.reference,
            outcome=Outcome.CREATED,
            purchase_id=purchase.id,
            loyalty=self._loyalty(purchase, card, original),
        )

    def _original(self, line: ToldPurchase, card_id: CustomerId) -> Purchase | None:
        if line.undoes is None:
            return None
        original = self.known.get((line.source, line.undoes))
        if original is None:
            raise _Refused("unknown-purchase", "/undoes")
        if original.customer_id != card_id or original.ean != line.ean or original.quantity < 0:
            raise _Refused("inconsistent", "/undoes")
        out = self.out.get(original.id, original.quantity)
        if -line.quantity > out:
            raise _Refused("too-much-undone", "/quantity", left=out)
        self.out[original.id] = out + line.quantity
        return original

    def _purchase(self, line: ToldPurchase, card_id: CustomerId, original: Purchase | None) -> Purchase:
        known = self.articles.get(line.ean)
        title = line.title or (known.title if known else None)
        list_price = line.list_price if line.list_price is not None else known.list_price if known else None
        vat_rate = line.vat_rate if line.vat_rate is not None else known.vat_rate if known else None
        if title is None or list_price is None or vat_rate is None:
            raise _Refused("unknown-article", "/ean", ean=line.ean)
        exempt = self.cards[card_id].details.vat_exempt
        return Purchase(
            id=PurchaseId(self.around.new_id()),
            customer_id=card_id,
            order_id=None,
            reservation_id=None,
            at=line.at,
            ean=line.ean,
            title=title,
            quantity=line.quantity,
            amount=line.amount,
            net=line.amount if exempt else owed(line.amount, vat_rate, exempt=False).net,
            list_price=list_price,
            vat_rate=vat_rate,
            source=line.source,
            reference=line.reference,
            by=self.by.client,
            author=line.author or (known.author if known else None),
            kind=known.kind if known else kind_of(line.ean),
            digital=known.digital if known else False,
            school_book=known.school_book if known else False,
            buyer=original.buyer if original else self.buyers[card_id],
            shipped=original.shipped if original else line.shipped,
            document=line.document,
            undoes=original.id if original else None,
        )

    def _loyalty(self, purchase: Purchase, card: Customer, original: Purchase | None) -> Decimal:
        ledger = self.ledgers[card.id]
        if original is not None:
            return ledger.give_back(purchase, original, left=self.out[original.id])
        on = purchase.at.astimezone(ZoneInfo(self.by.dossier.time_zone)).date()
        if not collects(card.details, on):
            return NOTHING
        earned = earned_by(purchase, program=ledger.program, law=self.settings.book_law, on=on)
        if earned is None:
            return NOTHING
        ledger.earn(purchase, earned)
        return earned

    def _same(self, line: ToldPurchase, before: Purchase, card_id: CustomerId | None) -> bool:
        """Whether the line tells what is known under its reference; what it left to the article is not looked at."""
        original = self.known.get((line.source, line.undoes)) if line.undoes else None
        told_of = (before.customer_id, before.at, before.ean, before.quantity, before.amount, before.document)
        optional = (
            (line.title, before.title),
            (line.author, before.author),
            (line.vat_rate, before.vat_rate),
            (line.list_price, before.list_price),
        )
        return (
            told_of == (card_id, line.at, line.ean, line.quantity, line.amount, line.document)
            and before.undoes == (original.id if original else None)
            and (line.undoes is not None or before.shipped == line.shipped)
            and all(told is None or told == kept for told, kept in optional)
        )


def _card_of(line: ToldPurchase, named: Named) -> CustomerId | None:
    if line.customer_id is not None:
        return named.by_id.get(line.customer_id)
    if line.customer_code is not None:
        return named.by_code.get(line.customer_code.upper())
    return named.by_number.get(line.fidelity_number or "")


def _named_at(line: ToldPurchase) -> str:
    if line.customer_id is not None:
        return "/customer_id"
    return "/customer_code" if line.customer_code is not None else "/fidelity_number"


def _contradictions(line: ToldPurchase) -> Iterator[str]:
    """Where a line contradicts itself."""
    if line.names != 1:
        yield ""
    if not line.quantity or (line.undoes is not None and line.quantity > 0):
        yield "/quantity"
    if line.amount * line.quantity < 0:
        yield "/amount"


def _pointed(fault: Fault, index: int) -> Fault:
    return Fault(fault.code, f"/purchases/{index}{fault.pointer}", fault.facts)
