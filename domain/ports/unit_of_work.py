"""One transaction of the shop: load, tell, save, commit. Leaving it without a commit leaves nothing behind."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol, TypeVar
from uuid import UUID

from domain.errors import Fault
from domain.events import Event
from domain.model.access import ApiKey, Dossier, User
from domain.model.answers import KnownAnswer, LineAnswer
from domain.model.article import Article, Movement, StockLevel
from domain.model.card import Address, BankAccount, Consent, ContactPerson, DiscountDetails, DiscountRule, Note
from domain.model.category import Category
from domain.model.customer import Customer, CustomerDetails
from domain.model.delivery import DeliveryNote
from domain.model.flash import Flash
from domain.model.merge import Merge, MergePlan, MovedRows
from domain.model.order import CustomerOrder
from domain.model.payment import DepositEntry, Payment
from domain.model.reception import Reception
from domain.model.reference import CustomField, FieldRecord, ReferenceValue, Table
from domain.model.reservation import Reservation
from domain.model.saved_list import SavedList
from domain.model.settings import DossierCard, DossierSettings
from domain.model.supply import SupplierOrder
from domain.model.third_party import ThirdParty
from domain.model.values import (
    ChannelId,
    CustomerId,
    Ean,
    LineId,
    MergeId,
    OrderId,
    Party,
    ReservationId,
    SavedListId,
    StaffId,
    SupplierLineId,
    SupplierOrderId,
    ThirdPartyId,
)
from domain.ports.answers import Once, Told

T = TypeVar("T")
P = TypeVar("P")


@dataclass(frozen=True, slots=True, kw_only=True)
class PushContext:
    """What a push must know: the shop's id, which external ids it already sent, the articles, fresh order numbers, and

    what the dossier decided.
    """

    channel_id: ChannelId
    known: dict[str, OrderId]
    articles: dict[Ean, Article]
    numbers: list[int]
    settings: DossierSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A place in an article's queue."""

    order_id: OrderId
    line_id: LineId
    outstanding: int


@dataclass(slots=True, kw_only=True, eq=False)
class Shelf:
    """An article with its stock, locked until the transaction ends; ``waiting`` copies are waited for by order lines.

    ``on_order`` copies are still to come on supplier orders that were sent; ``category_path`` are labels, from the top down.
    """

    article: Article
    stock: StockLevel
    waiting: int
    on_order: int = 0
    category_path: tuple[str, ...] = ()
    supplier_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Each kind of link between cards, from a customer to another (A60, B20-B22)."""

    billed_to: Mapping[CustomerId, CustomerId]
    group: Mapping[CustomerId, CustomerId]
    statistics_party: Mapping[CustomerId, CustomerId]
    payment_party: Mapping[CustomerId, CustomerId]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A waiting line's place in a queue; ``begun`` when copies were set aside or delivered already."""

    order_id: OrderId
    line_id: LineId
    begun: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueChange:
    """A queue put in another order by a person, with his reason (C5)."""

    id: UUID
    ean: Ean
    before: tuple[LineId, ...]
    after: tuple[LineId, ...]
    reason: str
    at: datetime
    by: str


class Orders(Protocol):
    async def get(self, order_id: OrderId) -> CustomerOrder:
        """Raises ``NotFound``."""
        ...

    async def lock(self, order_ids: Sequence[OrderId]) -> list[CustomerOrder]:
        """The orders, locked in ascending id, as they are once locked. Raises ``NotFound``."""
        ...

    async def push_context(self, *, channel: str, external_ids: Sequence[str], eans: Sequence[Ean]) -> PushContext:
        """One number for each external id. Raises ``UnknownChannel``."""
        ...

    async def next_number(self) -> int:
        """Numbers rise and are never given twice; a rolled back transaction leaves a gap (domain.md)."""
        ...

    async def waiting(self, ean: Ean, copies: int) -> list[Waiting]:
        """The first places of the queue, enough for ``copies``: by priority, order date, order number, position."""
        ...

    def add(self, order: CustomerOrder) -> None: ...

    def save(self, order: CustomerOrder) -> None:
        """The commit raises ``StaleVersion`` when the order was changed by another since it was loaded."""
        ...

    def add_payment(self, payment: Payment) -> None: ...

    async def deposits(self, order_id: OrderId) -> list[DepositEntry]:
        """The committed ledger of an order's deposits, oldest first."""
        ...

    def add_deposit(self, entry: DepositEntry) -> None:
        """Into the ledger; the order's own sums are saved with it."""
        ...

    def add_answer(self, answer: LineAnswer) -> None:
        """Into the history of a line."""
        ...

    async def place(self, ean: Ean) -> list[Place]:
        """The whole queue of an article, next served first. Whoever asks holds the article's stock."""
        ...

    def put_in_order(self, change: QueueChange) -> None:
        """Serve the queue in the order of ``change.after`` from now on, before whoever comes later."""
        ...

    async def holders(self, line_ids: Collection[LineId]) -> dict[LineId, OrderId]:
        """The order of each line that exists."""
        ...


class DeliveryNotes(Protocol):
    async def next_number(self) -> int:
        """Numbers rise and are never given twice."""
        ...

    async def parcels(self, order_id: OrderId) -> int:
        """How many notes of the order were shipped."""
        ...

    def add(self, note: DeliveryNote) -> None: ...


class SupplierOrders(Protocol):
    """Locked after stock and customer orders, in ascending id."""

    async def next_number(self) -> int:
        """Numbers rise and are never given twice."""
        ...

    async def lock(self, ids: Collection[SupplierOrderId]) -> list[SupplierOrder]:
        """In ascending id, as they are once locked. Raises ``NotFound``."""
        ...

    async def drafts(self, suppliers: Collection[ThirdPartyId]) -> dict[ThirdPartyId, SupplierOrder]:
        """The newest draft of each supplier that has one, locked. Raises ``TryAgain`` when one was just sent or annulled."""
        ...

    async def for_lines(self, line_ids: Collection[LineId]) -> list[SupplierOrder]:
        """Those with copies still to come for these order lines, newest first, locked in ascending id."""
        ...

    async def expecting(self, eans: Collection[Ean], *, only: SupplierOrderId | None) -> list[SupplierOrder]:
        """Those sent and not wholly received that still wait for one of the articles, oldest first; ``only`` names one of them.

        Locked in ascending id.
        """
        ...

    async def articles_of(self, order_id: SupplierOrderId, line_ids: Collection[SupplierLineId]) -> set[Ean]:
        """The articles of those of these lines that the supplier order has; nothing is locked."""
        ...

    async def meant_for(self, *, of: Collection[SupplierOrderId] = (), eans: Collection[Ean] = ()) -> set[OrderId]:
        """The customer orders for which copies are to come on these supplier orders, or of these articles; nothing is locked."""
        ...

    def add(self, order: SupplierOrder) -> None: ...

    def save(self, order: SupplierOrder) -> None:
        """The commit raises ``StaleVersion``."""
        ...


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


class Customers(Protocol):
    async def get(self, customer_id: CustomerId) -> Customer:
        """The card, or the one it was merged into. Raises ``NotFound``."""
        ...

    async def by_code(self, code: str) -> Customer:
        """The card, or the one it was merged into. Raises ``NotFound``."""
        ...

    async def lock(self, customer_ids: Sequence[CustomerId]) -> list[Customer]:
        """The very cards named, locked in ascending id against every other change. Raises ``NotFound``."""
        ...

    async def links(self) -> Links:
        """Who is linked to whom in the dossier; until the transaction ends nobody else changes a link."""
        ...

    async def outstanding(self, customer_id: CustomerId) -> Decimal:
        """Euros ordered on open orders and not delivered yet (O13)."""
        ...

    async def taken(self, code: str) -> bool:
        """Whether a card has or had the code, merged ones included."""
        ...

    async def next_counter(self) -> int: ...

    def add(self, customer: Customer) -> None:
        """The commit raises ``CodeTaken`` when the code or the barcode is another customer's."""
        ...

    def save(self, customer: Customer) -> None:
        """The commit raises ``StaleVersion`` or ``CodeTaken``."""
        ...

    def remove(self, customer: Customer) -> None:
        """With all that hangs on the card. The commit raises ``StaleVersion``, or ``CustomerInUse`` when documents name it."""
        ...


class ThirdParties(Protocol):
    async def get(self, third_party_id: ThirdPartyId) -> ThirdParty:
        """Raises ``NotFound``."""
        ...

    async def lock(self, third_party_ids: Sequence[ThirdPartyId]) -> list[ThirdParty]:
        """Locked in ascending id. Raises ``NotFound``."""
        ...

    async def taken(self, code: str) -> bool:
        """Whether a third party has the code."""
        ...

    async def next_counter(self) -> int: ...

    def add(self, third_party: ThirdParty) -> None:
        """The commit raises ``CodeTaken``."""
        ...

    def save(self, third_party: ThirdParty) -> None:
        """The commit raises ``StaleVersion`` or ``CodeTaken``."""
        ...

    def remove(self, third_party: ThirdParty) -> None:
        """The commit raises ``StaleVersion``, or ``ThirdPartyInUse`` when a card names it."""
        ...


class Parts(Protocol[P]):
    """One kind of what hangs on cards. Whoever changes a part holds the lock of its card first."""

    async def get(self, part_id: UUID) -> P:
        """Raises ``NotFound``."""
        ...

    async def of(self, owner: Party) -> list[P]:
        """All of one card, oldest first."""
        ...

    def add(self, part: P) -> None: ...

    def save(self, part: P) -> None:
        """The commit raises ``StaleVersion`` when it was changed by another since it was loaded."""
        ...

    def remove(self, part: P) -> None:
        """The commit raises ``StaleVersion`` when it is gone."""
        ...


class Consents(Protocol):
    async def of(self, customer_id: CustomerId) -> list[Consent]:
        """The ledger of one customer, oldest first."""
        ...

    def add(self, consent: Consent) -> None: ...


class References(Protocol):
    """The tables that the shop edits, its own fields, and its settings."""

    async def missing(self, wanted: Collection[tuple[Table, str]]) -> set[tuple[Table, str]]:
        """Those of ``wanted`` that their table does not have; until the transaction ends nobody deletes the others."""
        ...

    async def get(self, table: Table, code: str) -> ReferenceValue:
        """The value, locked: whoever puts it on a card at this moment is waited for. Raises ``NotFound``."""
        ...

    async def extent(self, table: Table) -> tuple[int, int]:
        """How many values the table has, and the position of the last; until the transaction ends nobody else adds one."""
        ...

    async def used(self, table: Table, code: str) -> int:
        """How many cards and records have the code."""
        ...

    def add(self, value: ReferenceValue) -> None:
        """The commit raises ``CodeTaken``."""
        ...

    def save(self, value: ReferenceValue) -> None:
        """The commit raises ``StaleVersion``."""
        ...

    def remove(self, value: ReferenceValue) -> None: ...

    def rewrite_functions(self, codes: Mapping[str, str], *, now: datetime) -> None:
        """Every contact with a former function code gets the new one, all at once: two codes may be exchanged (B38)."""
        ...

    async def fields(self, record: FieldRecord) -> list[CustomField]:
        """By questionnaire, position and code; until the transaction ends nobody changes or deletes them."""
        ...

    async def field(self, field_id: UUID) -> CustomField:
        """The field, locked: whoever answers it on a card at this moment is waited for. Raises ``NotFound``."""
        ...

    async def answered(self, field: CustomField, choices: Collection[str] | None = None) -> int:
        """How many cards answer the field, or answer it with one of ``choices``."""
        ...

    def add_field(self, field: CustomField) -> None:
        """The commit raises ``CodeTaken``."""
        ...

    def save_field(self, field: CustomField) -> None:
        """The commit raises ``StaleVersion`` or ``CodeTaken``."""
        ...

    def remove_field(self, field: CustomField) -> None: ...

    async def settings(self) -> DossierSettings: ...

    async def dossier(self) -> DossierCard: ...

    def save_dossier(self, card: DossierCard) -> None:
        """The commit raises ``StaleVersion``."""
        ...


class Users(Protocol):
    async def everyone(self) -> list[User]:
        """The people of the shop, locked in ascending id: a shop has few."""
        ...

    def add(self, user: User) -> None:
        """The commit raises ``CodeTaken`` when the login is another's."""
        ...

    def save(self, user: User) -> None:
        """The commit raises ``StaleVersion``."""
        ...

    def end_sessions(self, user: User) -> None:
        """Whoever is logged in as ``user`` must log in again."""
        ...


class Flashes(Protocol):
    async def get(self, flash_id: UUID) -> Flash:
        """Raises ``NotFound``."""
        ...

    async def staff(self, staff_ids: Collection[StaffId]) -> set[StaffId]:
        """Those of ``staff_ids`` that are people of the shop."""
        ...

    def add(self, flash: Flash) -> None: ...

    def save(self, flash: Flash) -> None: ...


class Articles(Protocol):
    async def many(self, eans: Sequence[Ean]) -> dict[Ean, Article]:
        """Those of ``eans`` that exist."""
        ...

    async def put(self, article: Article) -> bool:
        """Write the article; True when it is new, and then its stock is 0."""
        ...


class Stock(Protocol):
    async def lock(self, eans: Sequence[Ean]) -> dict[Ean, Shelf]:
        """Those of ``eans`` that exist, locked in ascending EAN so that two transactions never wait for each other."""
        ...

    def save(self, stock: StockLevel) -> None: ...

    def add_movement(self, movement: Movement) -> None: ...


class Reservations(Protocol):
    async def lock(self, ids: Sequence[ReservationId]) -> list[Reservation]:
        """In the order asked, as they are once locked. Raises ``NotFound``."""
        ...

    async def peek(self, ids: Sequence[ReservationId]) -> list[Reservation]:
        """In the order asked, without a lock. Raises ``NotFound``."""
        ...

    async def kept_for(self, line_ids: Sequence[LineId]) -> list[Reservation]:
        """The reservations set aside for these lines, oldest first, locked."""
        ...

    async def of_order(self, order_id: OrderId) -> list[Reservation]:
        """All that an order ever had, kept or ended, locked in ascending id."""
        ...

    def add(self, reservation: Reservation) -> None: ...

    def save(self, reservation: Reservation) -> None: ...


class Receptions(Protocol):
    def add(self, reception: Reception) -> None: ...


class ApiKeys(Protocol):
    async def channel(self, code: str) -> ChannelId:
        """Raises ``UnknownChannel``."""
        ...

    async def revoke(self, key_id: UUID, at: datetime) -> None:
        """Raises ``NotFound``; a key revoked before keeps its date."""
        ...

    def add(self, key: ApiKey) -> None: ...


class Merges(Protocol):
    """Cards merged into each other: what would move, moving it, and moving it back."""

    async def hold(self, customer_id: CustomerId) -> None:
        """Lock the documents of a card in the order in which everyone does, before the card itself is locked."""
        ...

    async def plan(self, *, kept: Customer, card: CustomerDetails, absorbed: Customer, now: datetime) -> MergePlan:
        """All that moves when ``absorbed``, locked, goes into ``kept``, locked, whose details become ``card``."""
        ...

    async def carry_out(self, merge: Merge, plan: MergePlan) -> None:
        """Do what the plan says, and write the merge down with each row as it was and as it is."""
        ...

    async def get(self, merge_id: MergeId) -> Merge:
        """Raises ``NotFound``."""
        ...

    async def hold_moved(self, merge_id: MergeId) -> None:
        """As ``hold``, of the documents that the merge moved."""
        ...

    async def restore(self, merge: Merge, *, now: datetime) -> tuple[MovedRows, ...]:
        """Make each row what it was. Raises ``MergeBuiltOn`` naming each that is not as the merge left it."""
        ...

    async def close(self, merge: Merge) -> None:
        """Write down that the merge is undone."""
        ...

    async def client_name(self, client: str) -> str:
        """The person or the key that ``client`` names."""
        ...


class Anonymising(Protocol):
    """The person of a card, wherever the shop tells of him."""

    async def reasons(self, customer_id: CustomerId) -> list[Fault]:
        """What stands against blanking him: open orders, copies set aside, a deposit not given back."""
        ...

    async def blank(self, customer_id: CustomerId, *, now: datetime) -> None:
        """Blank him on his card, on the cards merged into it, on his documents, and in all that tells their history."""
        ...


class UnitOfWork(Protocol):
    """The repositories of one dossier in one transaction."""

    @property
    def orders(self) -> Orders: ...
    @property
    def customers(self) -> Customers: ...
    @property
    def articles(self) -> Articles: ...
    @property
    def stock(self) -> Stock: ...
    @property
    def reservations(self) -> Reservations: ...
    @property
    def receptions(self) -> Receptions: ...
    @property
    def api_keys(self) -> ApiKeys: ...
    @property
    def delivery_notes(self) -> DeliveryNotes: ...
    @property
    def supplier_orders(self) -> SupplierOrders: ...
    @property
    def answers(self) -> Answers: ...
    @property
    def categories(self) -> Categories: ...
    @property
    def tariffs(self) -> Tariffs: ...
    @property
    def saved_lists(self) -> SavedLists: ...
    @property
    def third_parties(self) -> ThirdParties: ...
    @property
    def addresses(self) -> Parts[Address]: ...
    @property
    def contacts(self) -> Parts[ContactPerson]: ...
    @property
    def bank_accounts(self) -> Parts[BankAccount]: ...
    @property
    def notes(self) -> Parts[Note]: ...
    @property
    def discounts(self) -> Parts[DiscountRule]: ...
    @property
    def consents(self) -> Consents: ...
    @property
    def references(self) -> References: ...
    @property
    def flashes(self) -> Flashes: ...
    @property
    def merges(self) -> Merges: ...
    @property
    def anonymising(self) -> Anonymising: ...
    @property
    def users(self) -> Users: ...

    def emit(self, event: Event) -> None:
        """Tell what happened, in this transaction."""
        ...

    async def claim(self, once: Once[T]) -> Told | None:
        """The answer told before, or None when the effect is ours to make.

        Raises ``AnswerPending`` while a twin is running, ``KeyReused`` when the key named another request, and
        ``AnswerErased`` when the answer went with the person it told of.
        """
        ...

    async def claim_many(self, onces: Sequence[Once[T]]) -> list[Told | Exception | None]:
        """``claim`` for each, its refusal as a value."""
        ...

    def keep(self, once: Once[T], told: Told) -> None:
        """Keep the answer with its effect."""
        ...

    async def commit(self) -> None:
        """All or nothing, before anyone is answered. Raises ``StaleVersion``, ``CodeTaken`` or ``TryAgain``."""
        ...


class UnitsOfWork(Protocol):
    def __call__(self, dossier: Dossier, by: str = "system") -> AbstractAsyncContextManager[UnitOfWork]:
        """A transaction in ``dossier``; ``by`` is the client whose change the audit will tell (C13)."""
        ...
