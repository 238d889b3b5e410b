"""Comptoir: the whole shop in one frozen bundle, the only thing an entry point receives."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from domain.ports.surroundings import Clock, Identities, NewId, Papers
from domain.queries.activity import ActivityReader
from domain.queries.articles import ArticleReader
from domain.queries.audit import AuditReader
from domain.queries.cards import CardReader
from domain.queries.channels import ChannelReader
from domain.queries.customers import CustomerReader
from domain.queries.duplicates import DuplicateReader
from domain.queries.flashes import FlashReader
from domain.queries.happenings import HappeningReader
from domain.queries.merges import MergeReader
from domain.queries.orders import OrderReader
from domain.queries.personal_data import PersonalDataReader
from domain.queries.reservations import ReservationReader
from domain.queries.settings import SettingsReader
from domain.queries.tables import TableReader
from domain.queries.third_parties import ThirdPartyReader
from domain.queries.users import UserReader
from domain.usecases.anonymising import Anonymising
from domain.usecases.api_keys import ApiKeys
from domain.usecases.articles import Articles
from domain.usecases.cards import Cards
from domain.usecases.customers import Customers
from domain.usecases.duplicating import Duplicating
from domain.usecases.flashes import Flashes
from domain.usecases.merges import Merges
from domain.usecases.orders import Orders
from domain.usecases.pushes import Pushes
from domain.usecases.receptions import Receptions
from domain.usecases.reservations import Reservations
from domain.usecases.scans import Scans
from domain.usecases.settings import Settings
from domain.usecases.tables import CustomFields, Tables
from domain.usecases.third_parties import ThirdParties
from domain.usecases.users import Users


@dataclass(frozen=True, slots=True, kw_only=True)
class Readers:
    """The read side."""

    activity: ActivityReader
    articles: ArticleReader
    audit: AuditReader
    cards: CardReader
    channels: ChannelReader
    customers: CustomerReader
    flashes: FlashReader
    duplicates: DuplicateReader
    happenings: HappeningReader
    merges: MergeReader
    orders: OrderReader
    personal_data: PersonalDataReader
    reservations: ReservationReader
    settings: SettingsReader
    tables: TableReader
    third_parties: ThirdPartyReader
    users: UserReader


@dataclass(frozen=True, slots=True, kw_only=True)
class Comptoir:
    """Use cases, readers, and who may use them."""

    anonymising: Anonymising
    api_keys: ApiKeys
    articles: Articles
    cards: Cards
    customers: Customers
    duplicating: Duplicating
    fields: CustomFields
    flashes: Flashes
    merges: Merges
    orders: Orders
    pushes: Pushes
    receptions: Receptions
    reservations: Reservations
    scans: Scans
    settings: Settings
    tables: Tables
    third_parties: ThirdParties
    users: Users
    read: Readers
    identities: Identities
    papers: Papers
    clock: Clock
    new_id: NewId
    ready: Callable[[], Awaitable[bool]]
