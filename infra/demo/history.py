"""The demo's life: the seeds' orders, then fourteen months of a counter, and what lies in its reserve today."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum, auto
from random import Random

from domain.model.answers import Answer, AnswerSource
from domain.model.customer import Customer, Kind, Light
from domain.model.order import CustomerOrder, External, Origin
from domain.model.order_line import OrderLine
from domain.model.payment import PaymentKind, PaymentMethod
from domain.model.reservation import Reservation, State
from domain.model.values import ChannelId, Contact, Ean, ean13
from infra.db import reference_defaults
from infra.demo import seed, words
from infra.demo.catalogue import Catalogue
from infra.demo.days import Days
from infra.demo.ledger import Ledger, Wish

CHANNEL = "boutique"
LAST_SEED_NUMBER = 55_337
FIRST_WEB_ORDER = 20_481
EXEMPT_EVERY = 60
PLACES = ("Étagère A, casier 3", "Étagère B, casier 1", "Sous le comptoir", "Grand format, réserve 2")
QUEUES = (6, 5, 4, 4, 3, 3, 2)
"""How many lines wait for each scarce article."""
SAID = {
    "2": "À paraître",
    "3": "Réimpression en cours",
    "4": "Provisoirement non disponible",
    "7": "Manque sans date",
}
"""What distributors say of an article they lack, by the availability codes of the trade's own file (FEL)."""
EXHAUSTED = "6"
EFFECTS = {code: effect for code, _, _, effect, _ in reference_defaults.answers()}


class Fate(Enum):
    """What has become of an order by today."""

    DONE = auto()
    CANCELLED = auto()
    LEFT_OVER = auto()
    HALF = auto()
    MIXED = auto()
    READY = auto()
    WAITING = auto()
    BLOCKED = auto()


PLAN = (  # fate, how many, from so many days ago, to so many days ago
    (Fate.DONE, 262, 425, 61),
    (Fate.DONE, 30, 60, 3),
    (Fate.CANCELLED, 17, 425, 6),
    (Fate.LEFT_OVER, 6, 400, 90),
    (Fate.HALF, 8, 50, 6),
    (Fate.MIXED, 14, 26, 4),
    (Fate.READY, 14, 22, 3),
    (Fate.WAITING, 33, 34, 3),
    (Fate.WAITING, 7, 2, 0),
    (Fate.BLOCKED, 7, 12, 3),
    (Fate.BLOCKED, 2, 2, 0),
)


@dataclass(slots=True, kw_only=True)
class History:
    """Writes into ``ledger`` with what ``catalogue`` has; ``channel_id`` is the demo's web shop."""

    ledger: Ledger
    catalogue: Catalogue
    channel_id: ChannelId
    rng: Random
    number: int = LAST_SEED_NUMBER
    web_number: int = FIRST_WEB_ORDER
    _queue: list[Ean] = field(default_factory=list)
    _regulars: list[Customer] = field(default_factory=list)
    _institutions: list[Customer] = field(default_factory=list)

    @property
    def days(self) -> Days:
        return self.ledger.days

    def write(self) -> None:
        self._cast()
        self._seeds()
        self._by_hand()
        planned = [
            (self.days.ago(self.rng.randint(latest, earliest)), fate)
            for fate, count, earliest, latest in PLAN
            for _ in range(count)
        ]
        planned += [(self.days.just_now(), Fate.WAITING), (self.days.just_now(), Fate.BLOCKED)]
        for at, fate in sorted(planned, key=lambda each: each[0]):
            self._live(at, fate)

    def _cast(self) -> None:
        """Who orders, and which copies are waited for by whom."""
        for customer in self.ledger.customers[3:]:
            card = customer.details
            if customer.approved_at is None or card.closed_on is not None or card.light is Light.RED:
                continue
            (self._regulars if card.kind is Kind.PERSON else self._institutions).append(customer)
        for ean, waiting in zip(self.catalogue.scarce, QUEUES, strict=True):
            self._queue += [ean] * waiting
        self._queue.append(ean13(seed.FOUND_AGAIN))
        self.rng.shuffle(self._queue)

    # what the old screens show --------------------------------------------------------------------------------------

    def _seeds(self) -> None:
        maison = next(customer for customer in self.ledger.customers if customer.code == seed.MAISON)
        moments = sorted(self.days.moment_on(day) for _, _, day in seed.ORDERS)  # numbers rise within a day too
        for (number, status, _), at in zip(seed.ORDERS, moments, strict=True):
            if number == seed.ORDERS[0][0]:
                self._order_46407(number, maison, at)
                continue
            if status == "CO":
                waited = [ean13(seed.FOUND_AGAIN), *self.catalogue.missing_youth[1:4]]
                self.ledger.take(number, [Wish(ean=ean, discount=9) for ean in waited], at=at, customer=maison)
                continue
            chosen = self.rng.sample(self.catalogue.youth, self.rng.randint(2, 7))
            wishes = [Wish(ean=ean, quantity=self.rng.choice((1, 1, 1, 2)), discount=9) for ean in chosen]
            if status == "LP":
                wishes.append(Wish(ean=self.catalogue.missing_youth[0], discount=9, answer=self._said("7", at)))
            order = self.ledger.take(number, wishes, at=at, customer=maison)
            self.ledger.hand_over(order, order.lines[: len(chosen)], at=at + timedelta(days=7))
        nicolas = next(customer for customer in self.ledger.customers if customer.code == "2")
        at = self.days.moment_on(seed.INDES_FOURBES_ON)
        self.ledger.receive(ean13(seed.INDES_FOURBES[0]), 1, at=at - timedelta(minutes=5))
        self.ledger.keep_by_hand(ean13(seed.INDES_FOURBES[0]), at=at, customer=nicolas)

    def _order_46407(self, number: int, maison: Customer, at: datetime) -> None:
        answer = Answer(
            code=EXHAUSTED,
            label=seed.EXHAUSTED,
            source=AnswerSource.DISTRIBUTOR,
            at=at + timedelta(days=6),
            effect=EFFECTS[EXHAUSTED],
        )
        wishes = [
            Wish(ean=ean13(code), discount=9, answer=None if received else answer)
            for code, _, _, _, received in seed.LINES
        ]
        order = self.ledger.take(number, wishes, at=at, customer=maison)
        received = {ean13(code) for code, _, _, _, copies in seed.LINES if copies}
        lines = [line for line in order.lines if line.ean in received]
        self.ledger.hand_over(order, lines, at=at + timedelta(days=7))

    # by hand, without an order --------------------------------------------------------------------------------------

    def _by_hand(self) -> None:
        """Copies from the shelf for a person who telephoned: ten still there, the others ended."""
        rng, ledger = self.rng, self.ledger
        shelf = [ean for ean in self.catalogue.stocked if self.catalogue.copies[ean] in {2, 3}]
        endings = [None] * 10 + [State.COLLECTED] * 6 + [State.RETURNED] * 5 + [State.WRITTEN_OFF] * 3
        for index, (ean, ending) in enumerate(zip(rng.sample(shelf, len(endings)), endings, strict=True)):
            at = self.days.ago(rng.randint(1, 26) if ending is None else rng.randint(30, 200))
            named = rng.random() < 0.25
            kept = ledger.keep_by_hand(
                ean,
                at=at,
                customer=None if named else rng.choice(self._regulars),
                name=f"Mme {rng.choice(words.FAMILIES.split()).replace('·', ' ')}" if named else None,
                place=PLACES[index] if index < 3 else None,
            )
            if ending is State.COLLECTED:
                ledger.end(kept, ending, at=at + timedelta(days=rng.randint(1, 12)))
            elif ending is State.RETURNED:
                ledger.end(kept, ending, at=at + timedelta(days=20), reason="Non retirée dans le délai")
            elif ending is State.WRITTEN_OFF:
                ledger.end(kept, ending, at=at + timedelta(days=25), reason="Introuvable à l'inventaire")

    # fourteen months of orders --------------------------------------------------------------------------------------

    def _live(self, at: datetime, fate: Fate) -> None:
        order = self._take(at, fate)
        physical = [line for line in order.lines if not line.digital]
        digital = [line for line in order.lines if line.digital]
        if fate is Fate.BLOCKED or fate is Fate.WAITING:
            return
        if fate is Fate.CANCELLED:
            self._cancelled(order)
            return
        if digital:
            self.ledger.hand_over(order, digital, at=order.created_at + timedelta(minutes=4))
        if fate is Fate.DONE:
            self._served(order, physical)
        elif fate in {Fate.LEFT_OVER, Fate.HALF}:
            self._served(order, physical[:-1])
        elif fate is Fate.MIXED:
            self._kept(order, physical[:-1])
        else:
            self._kept(order, physical)

    def _take(self, at: datetime, fate: Fate) -> CustomerOrder:
        rng = self.rng
        self.number += 1
        if fate is Fate.BLOCKED or rng.random() < 0.24:
            return self._web(at, fate)
        institution = rng.random() < 0.12
        customer = rng.choice(self._institutions) if institution else self._buyer()
        if self.number % EXEMPT_EVERY == 0:
            customer = rng.choice([each for each in self._regulars + self._institutions if each.details.vat_exempt])
        origin = Origin.QUOTE if institution and rng.random() < 0.5 else self._origin()
        order = self.ledger.take(
            self.number,
            self._wishes(at, fate, institution=institution, discount=9 if institution else rng.choice((0, 0, 5))),
            at=at,
            customer=customer,
            contact=None if customer else self._passer_by(),
            origin=origin,
            reference=f"BC-{at.year}-{rng.randint(1, 480):03}" if institution and rng.random() < 0.7 else None,
            comment="Prévenir par téléphone" if rng.random() < 0.06 else None,
        )
        if not institution and rng.random() < 0.2:
            deposit = min(Decimal(rng.choice((5, 10, 10, 20))), order.total)
            method = rng.choice((PaymentMethod.CASH, PaymentMethod.CARD, PaymentMethod.CHEQUE))
            self.ledger.pay(order, deposit, kind=PaymentKind.DEPOSIT, method=method, at=at)
            order.version = 1
        return order

    def _web(self, at: datetime, fate: Fate) -> CustomerOrder:
        rng = self.rng
        self.web_number += rng.randint(1, 4)
        external = External(
            channel_id=self.channel_id,
            channel=CHANNEL,
            id=str(self.web_number),
            fingerprint=hashlib.sha256(str(self.web_number).encode()).digest(),
            updated_at=at,
        )
        known = [customer for customer in self._regulars if customer.details.mail_order]
        customer = rng.choice(known) if rng.random() < 0.5 else None
        order = self.ledger.take(
            self.number,
            self._wishes(at, fate, institution=False, discount=0, web=True),
            at=at,
            customer=customer,
            contact=None if customer else self._passer_by(web=True),
            origin=Origin.WEB,
            mail_order=True,
            comment="Paquet cadeau" if rng.random() < 0.15 else None,
            external=external,
        )
        if fate is not Fate.BLOCKED and not (fate is Fate.CANCELLED and rng.random() < 0.5):
            self.ledger.pay(
                order,
                order.total,
                kind=PaymentKind.PAYMENT,
                method=PaymentMethod.CARD,
                reference=f"CB-{self.web_number}",
                at=at,
            )
            order.version = 1
        return order

    def _wishes(self, at: datetime, fate: Fate, *, institution: bool, discount: int, web: bool = False) -> list[Wish]:
        rng = self.rng
        least = 2 if fate in {Fate.HALF, Fate.MIXED, Fate.LEFT_OVER} else 1
        count = rng.randint(3, 8) if institution else max(least, rng.choice((1, 1, 1, 2, 2, 3)))
        copies = (1, 1, 2, 3, 5) if institution and fate is Fate.DONE else (1, 1, 1, 1, 2)
        if fate in {Fate.MIXED, Fate.READY}:
            count = max(least, min(count, 2))
        waiting = {Fate.WAITING: count, Fate.HALF: 1, Fate.MIXED: 1, Fate.LEFT_OVER: 1}.get(fate, 0)
        eans = rng.sample(self.catalogue.stocked, count - waiting)
        if web and fate in {Fate.DONE, Fate.BLOCKED} and rng.random() < 0.3:
            eans[0] = rng.choice(self.catalogue.digital)
        wishes = [Wish(ean=ean, quantity=rng.choice(copies), discount=discount) for ean in eans]
        return wishes + [
            Wish(ean=ean, discount=discount, answer=self._answer(at, fate)) for ean in self._waited(waiting, fate)
        ]

    def _waited(self, count: int, fate: Fate) -> Iterator[Ean]:
        """Articles that are waited for: one of a queue first, then any that the shelf lacks."""
        if count and fate is Fate.WAITING and self._queue:
            yield self._queue.pop()
            count -= 1
        yield from self.rng.sample(self.catalogue.missing + self.catalogue.missing_youth[1:], count)

    def _answer(self, at: datetime, fate: Fate) -> Answer | None:
        if fate is Fate.LEFT_OVER:
            return self._said(EXHAUSTED, at)
        age = self.days.now - at
        if age > timedelta(days=4) and self.rng.random() < 0.4:
            return self._said(self.rng.choice(tuple(SAID)), at)
        return None

    def _said(self, code: str, ordered_at: datetime) -> Answer:
        """What the distributor answered two days after the order."""
        label = SAID.get(code, seed.EXHAUSTED)
        return Answer(
            code=code,
            label=label,
            source=AnswerSource.DISTRIBUTOR,
            at=ordered_at + timedelta(days=2),
            effect=EFFECTS[code],
        )

    def _served(self, order: CustomerOrder, lines: Sequence[OrderLine]) -> None:
        """Long ago copies were handed over as they came; since reservations are kept, through the reserve."""
        if not lines:
            return
        ready = self._after(order.created_at, 1, 9)
        gone = self._after(ready, 1, 10)
        if order.created_at < self.days.now - timedelta(days=75) and self.rng.random() < 0.85:
            self.ledger.hand_over(order, lines, at=gone)
            return
        kept = [self.ledger.keep(order, line, line.outstanding, at=ready) for line in lines]
        self.ledger.collect(order, kept, at=gone)

    def _kept(self, order: CustomerOrder, lines: Sequence[OrderLine]) -> None:
        """Copies have come and lie in the reserve."""
        ready = self._after(order.created_at, 1, 6)
        for line in lines:
            place = self.rng.choice(PLACES) if self.rng.random() < 0.15 else None
            self.ledger.keep(order, line, line.outstanding, at=ready, place=place)

    def _cancelled(self, order: CustomerOrder) -> None:
        kept: list[Reservation] = []
        ended = self._after(order.created_at, 3, 15)
        if order.external is not None and not order.paid:
            self.ledger.cancel(order, [], at=ended, reason="Règlement non reçu")
            return
        if self.rng.random() < 0.35:
            ready = self._after(order.created_at, 1, 2)
            kept = [self.ledger.keep(order, line, line.outstanding, at=ready) for line in order.lines]
        self.ledger.cancel(order, kept, at=max(ended, order.updated_at), reason=self.rng.choice(words.REASONS))

    def _after(self, at: datetime, least: int, most: int) -> datetime:
        """Some days later, but before now."""
        later = self.days.moment_on((at + timedelta(days=self.rng.randint(least, most))).date())
        return later if at < later < self.days.now - timedelta(hours=3) else self.days.between(at, self.days.now)

    def _buyer(self) -> Customer | None:
        return self.rng.choice(self._regulars) if self.rng.random() < 0.78 else None

    def _origin(self) -> Origin:
        return self.rng.choice((Origin.COUNTER, Origin.COUNTER, Origin.COUNTER, Origin.ARTICLE, Origin.SAVED_LIST))

    def _passer_by(self, *, web: bool = False) -> Contact:
        """Someone who is not in the customer file; a web shop knows more of him."""
        rng = self.rng
        like = rng.choice(self._regulars).details
        family = rng.choice(words.FAMILIES.split()).replace("·", " ")
        digits = f"{rng.randint(0, 99):02} {rng.randint(0, 99):02}"
        first_name = rng.choice(words.FEMALE.split() + words.MALE.split())
        if not web:
            return Contact(name=family, phone=f"06 39 98 {digits}")
        mailbox = f"client{self.web_number}@example.net"
        return Contact(
            name=family, first_name=first_name, email=mailbox, phone=f"06 39 98 {digits}", address=like.address
        )
