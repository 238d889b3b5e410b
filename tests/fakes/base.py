"""What a shop has committed, in memory, and who holds which of its records now."""

import asyncio
from collections.abc import Hashable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from domain.events import Event
from domain.model.access import ApiKey, User
from domain.model.answers import KnownAnswer, LineAnswer
from domain.model.article import Article, Movement, StockLevel
from domain.model.card import Address, BankAccount, Consent, ContactPerson, DiscountDetails, DiscountRule, Note
from domain.model.category import Category
from domain.model.customer import Customer
from domain.model.delivery import DeliveryNote
from domain.model.dunning import Reminder
from domain.model.flash import Flash
from domain.model.invoice import Invoice
from domain.model.loyalty import LoyaltyEntry
from domain.model.message import Language, Message, MessageEvent, Template
from domain.model.named_deposit import NamedDepositEntry
from domain.model.order import CustomerOrder
from domain.model.order_line import OrderLine
from domain.model.payment import DepositEntry, Payment
from domain.model.purchase import Purchase
from domain.model.reception import Reception
from domain.model.reference import CustomField, ReferenceValue, Table
from domain.model.reservation import Reservation
from domain.model.saved_list import SavedList
from domain.model.settings import DossierCard, DossierSettings
from domain.model.stocktaking import StockCheck
from domain.model.supply import SupplierOrder
from domain.model.third_party import ThirdParty
from domain.model.values import (
    ChannelId,
    CustomerId,
    Ean,
    InvoiceId,
    LineId,
    MessageId,
    OrderId,
    ReservationId,
    SavedListId,
    StaffId,
    SupplierOrderId,
    ThirdPartyId,
)
from domain.ports.answers import Told
from domain.ports.messages import Job
from domain.ports.orders import QueueChange
from infra.db import reference_defaults


class Impossible(Exception):
    """What PostgreSQL refuses by a CHECK constraint: a fault of ours, which no caller is to see."""


@dataclass(slots=True, kw_only=True)
class Tables:
    """The committed records. None is ever changed in place, so a shallow copy of the tables is a snapshot."""

    orders: dict[OrderId, CustomerOrder] = field(default_factory=dict)
    payments: list[Payment] = field(default_factory=list)
    deposits: list[DepositEntry] = field(default_factory=list)
    line_answers: list[LineAnswer] = field(default_factory=list)
    delivery_notes: list[DeliveryNote] = field(default_factory=list)
    supplier_orders: dict[SupplierOrderId, SupplierOrder] = field(default_factory=dict)
    queue_changes: list[QueueChange] = field(default_factory=list)
    known_answers: dict[str, KnownAnswer] = field(default_factory=dict)
    categories: dict[str, Category] = field(default_factory=dict)
    tariffs: dict[str, list[DiscountDetails]] = field(default_factory=dict)
    saved_lists: dict[SavedListId, SavedList] = field(default_factory=dict)
    customers: dict[CustomerId, Customer] = field(default_factory=dict)
    third_parties: dict[ThirdPartyId, ThirdParty] = field(default_factory=dict)
    addresses: dict[UUID, Address] = field(default_factory=dict)
    contacts: dict[UUID, ContactPerson] = field(default_factory=dict)
    bank_accounts: dict[UUID, BankAccount] = field(default_factory=dict)
    notes: dict[UUID, Note] = field(default_factory=dict)
    discounts: dict[UUID, DiscountRule] = field(default_factory=dict)
    consents: list[Consent] = field(default_factory=list)
    references: dict[tuple[Table, str], ReferenceValue] = field(default_factory=dict)
    fields: dict[UUID, CustomField] = field(default_factory=dict)
    flashes: dict[UUID, Flash] = field(default_factory=dict)
    users: dict[StaffId, User] = field(default_factory=dict)
    dossier: DossierCard | None = None
    """The company file once it was changed."""
    articles: dict[Ean, Article] = field(default_factory=dict)
    stock: dict[Ean, StockLevel] = field(default_factory=dict)
    movements: list[Movement] = field(default_factory=list)
    reservations: dict[ReservationId, Reservation] = field(default_factory=dict)
    receptions: list[Reception] = field(default_factory=list)
    stock_checks: list[StockCheck] = field(default_factory=list)
    messages: dict[MessageId, Message] = field(default_factory=dict)
    templates: dict[tuple[MessageEvent, Language], Template] = field(default_factory=dict)
    purchases: list[Purchase] = field(default_factory=list)
    loyalty: list[LoyaltyEntry] = field(default_factory=list)
    named_deposits: list[NamedDepositEntry] = field(default_factory=list)
    invoices: dict[InvoiceId, Invoice] = field(default_factory=dict)
    reminders: list[Reminder] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)
    api_keys: dict[UUID, ApiKey] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    answers: dict[tuple[str, str], tuple[bytes, Told]] = field(default_factory=dict)

    def draft(self) -> "Tables":
        """Tables of their own that hold the same records."""
        return Tables(**{name: copy(getattr(self, name)) for name in Tables.__slots__})


def _references() -> Iterator[tuple[tuple[Table, str], ReferenceValue]]:
    """The shop's own tables as every dossier starts with them."""
    for table, code, label, english, position in reference_defaults.rows():
        value = ReferenceValue(
            table=table,
            code=code,
            label=label,
            label_en=english,
            position=position,
            active=True,
            updated_at=datetime(2026, 1, 1, tzinfo=UTC),
        )
        yield (table, code), value


def _answers() -> Iterator[tuple[str, KnownAnswer]]:
    """The table of answers as every dossier starts with it."""
    for code, label, english, effect, position in reference_defaults.answers():
        answer = KnownAnswer(
            code=code,
            label=label,
            label_en=english,
            effect=effect,
            position=position,
            active=True,
            updated_at=datetime(2026, 1, 1, tzinfo=UTC),
        )
        yield code, answer


class Base:
    """One shop's base. ``blocked`` counts the units of work that wait for another's lock at this moment."""

    def __init__(self, channels: Mapping[str, ChannelId]) -> None:
        self.tables = Tables()
        self.channels = dict(channels)
        self.priorities: dict[LineId, int] = {}
        self.order_number = 0
        self.supplier_number = 0
        self.note_number = 0
        self.customer_counter = 0
        self.third_party_counter = 0
        self.settings = DossierSettings()
        self.tables.references = dict(_references())
        self.tables.known_answers = dict(_answers())
        self.staff: set[StaffId] = set()
        self.claims: set[tuple[str, str]] = set()
        self.blocked = 0
        self._locks: dict[Hashable, asyncio.Lock] = {}

    async def lock(self, key: Hashable) -> asyncio.Lock:
        """The lock of one record, held; waits for whoever holds it."""
        lock = self._locks.setdefault(key, asyncio.Lock())
        waits = lock.locked()
        self.blocked += waits
        try:
            await lock.acquire()
        finally:
            self.blocked -= waits
        return lock

    def queue(self, ean: Ean) -> list[tuple[CustomerOrder, OrderLine]]:
        """The lines that wait for an article, next served first."""
        waiting = [
            (order, line)
            for order in self.tables.orders.values()
            for line in order.lines
            if line.ean == ean and line.outstanding > 0 and not line.digital
        ]
        return sorted(
            waiting,
            key=lambda place: (
                self.priorities.get(place[1].id, 0),
                place[0].created_at,
                place[0].number,
                place[1].position,
            ),
        )
