"""Comptoir: the whole shop in one frozen bundle, the only thing an entry point receives."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from domain.ports.spreadsheets import Spreadsheets
from domain.ports.surroundings import Clock, Identities, NewId, Papers
from domain.queries.activity import ActivityReader
from domain.queries.answers import AnswerReader
from domain.queries.articles import ArticleReader
from domain.queries.audit import AuditReader
from domain.queries.cards import CardReader
from domain.queries.categories import CategoryReader
from domain.queries.channels import ChannelReader
from domain.queries.customers import CustomerReader
from domain.queries.delivery_notes import DeliveryNoteReader
from domain.queries.deposits import DepositReader
from domain.queries.documents import DocumentReader
from domain.queries.dunning import DunningReader
from domain.queries.duplicates import DuplicateReader
from domain.queries.flashes import FlashReader
from domain.queries.happenings import HappeningReader
from domain.queries.invoices import InvoiceReader
from domain.queries.labels import LabelReader
from domain.queries.lending import LendingReader
from domain.queries.loyalty import LoyaltyReader
from domain.queries.merges import MergeReader
from domain.queries.messages import MessageReader
from domain.queries.named_deposits import NamedDepositReader
from domain.queries.orders import OrderReader
from domain.queries.personal_data import PersonalDataReader
from domain.queries.purchases import PurchaseReader
from domain.queries.queue import QueueReader
from domain.queries.receptions import ReceptionReader
from domain.queries.reservations import ReservationReader
from domain.queries.saved_lists import SavedListReader
from domain.queries.settings import SettingsReader
from domain.queries.shrinkage import ShrinkageReader
from domain.queries.statistics import StatisticsReader
from domain.queries.stock_checks import StockCheckReader
from domain.queries.supply import SupplyReader
from domain.queries.tables import TableReader
from domain.queries.tariffs import TariffReader
from domain.queries.third_parties import ThirdPartyReader
from domain.queries.untreated import UntreatedReader
from domain.queries.users import UserReader
from domain.usecases.anonymising import Anonymising
from domain.usecases.answering import Answering
from domain.usecases.answers import Answers
from domain.usecases.api_keys import ApiKeys
from domain.usecases.articles import Articles
from domain.usecases.cancelling import Cancelling
from domain.usecases.cards import Cards
from domain.usecases.categories import Categories
from domain.usecases.customers import Customers
from domain.usecases.delivery_notes import DeliveryNotes
from domain.usecases.dunning import Dunning
from domain.usecases.duplicating import Duplicating
from domain.usecases.flashes import Flashes
from domain.usecases.fulfilment import Fulfilment
from domain.usecases.invoices import Invoices
from domain.usecases.loyalty import Loyalty
from domain.usecases.merges import Merges
from domain.usecases.messaging import Messaging
from domain.usecases.moving import Moving
from domain.usecases.named_deposits import NamedDeposits
from domain.usecases.orders import Orders
from domain.usecases.payments import Payments
from domain.usecases.prices import Prices
from domain.usecases.pushes import Pushes
from domain.usecases.queueing import Queueing
from domain.usecases.receptions import Receptions
from domain.usecases.recording import Recording
from domain.usecases.reminding import Reminding
from domain.usecases.reservations import Reservations
from domain.usecases.reserving_changes import ReservationChanges
from domain.usecases.reserving_moves import ReservationMoves
from domain.usecases.returns import Returns
from domain.usecases.saved_lists import SavedLists
from domain.usecases.scans import Scans
from domain.usecases.settings import Settings
from domain.usecases.stocktaking import Stocktaking
from domain.usecases.supplier_orders import SupplierOrders
from domain.usecases.suspending import Suspending
from domain.usecases.tables import CustomFields, Tables
from domain.usecases.tariffs import Tariffs
from domain.usecases.templates import Templates
from domain.usecases.third_parties import ThirdParties
from domain.usecases.unsubscribing import Unsubscribing
from domain.usecases.users import Users


@dataclass(frozen=True, slots=True, kw_only=True)
class Readers:
    """The read side."""

    activity: ActivityReader
    answers: AnswerReader
    articles: ArticleReader
    audit: AuditReader
    cards: CardReader
    categories: CategoryReader
    channels: ChannelReader
    customers: CustomerReader
    delivery_notes: DeliveryNoteReader
    deposits: DepositReader
    documents: DocumentReader
    dunning: DunningReader
    flashes: FlashReader
    duplicates: DuplicateReader
    happenings: HappeningReader
    invoices: InvoiceReader
    labels: LabelReader
    lending: LendingReader
    loyalty: LoyaltyReader
    merges: MergeReader
    messages: MessageReader
    named_deposits: NamedDepositReader
    orders: OrderReader
    personal_data: PersonalDataReader
    purchases: PurchaseReader
    queue: QueueReader
    receptions: ReceptionReader
    reservations: ReservationReader
    saved_lists: SavedListReader
    settings: SettingsReader
    shrinkage: ShrinkageReader
    statistics: StatisticsReader
    stock_checks: StockCheckReader
    supply: SupplyReader
    tables: TableReader
    tariffs: TariffReader
    third_parties: ThirdPartyReader
    untreated: UntreatedReader
    users: UserReader


@dataclass(frozen=True, slots=True, kw_only=True)
class Comptoir:
    """Use cases, readers, and who may use them."""

    anonymising: Anonymising
    answers: Answers
    answering: Answering
    api_keys: ApiKeys
    articles: Articles
    cancelling: Cancelling
    cards: Cards
    categories: Categories
    customers: Customers
    delivery_notes: DeliveryNotes
    dunning: Dunning
    duplicating: Duplicating
    fields: CustomFields
    flashes: Flashes
    invoices: Invoices
    loyalty: Loyalty
    merges: Merges
    messaging: Messaging
    moving: Moving
    named_deposits: NamedDeposits
    fulfilment: Fulfilment
    orders: Orders
    payments: Payments
    prices: Prices
    pushes: Pushes
    queueing: Queueing
    receptions: Receptions
    recording: Recording
    reminding: Reminding
    reservations: Reservations
    reservation_changes: ReservationChanges
    reservation_moves: ReservationMoves
    returns: Returns
    saved_lists: SavedLists
    scans: Scans
    settings: Settings
    stocktaking: Stocktaking
    supplier_orders: SupplierOrders
    suspending: Suspending
    tables: Tables
    tariffs: Tariffs
    templates: Templates
    third_parties: ThirdParties
    unsubscribing: Unsubscribing
    users: Users
    read: Readers
    identities: Identities
    papers: Papers
    spreadsheets: Spreadsheets
    clock: Clock
    new_id: NewId
    ready: Callable[[], Awaitable[bool]]
