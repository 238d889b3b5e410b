"""Comptoir: the whole shop in one frozen bundle, the only thing an entry point receives."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from domain.ports.surroundings import Clock, Identities, NewId, Papers
from domain.queries.articles import ArticleReader
from domain.queries.channels import ChannelReader
from domain.queries.customers import CustomerReader
from domain.queries.happenings import HappeningReader
from domain.queries.orders import OrderReader
from domain.queries.reservations import ReservationReader
from domain.usecases.api_keys import ApiKeys
from domain.usecases.articles import Articles
from domain.usecases.customers import Customers
from domain.usecases.orders import Orders
from domain.usecases.pushes import Pushes
from domain.usecases.receptions import Receptions
from domain.usecases.reservations import Reservations
from domain.usecases.scans import Scans


@dataclass(frozen=True, slots=True, kw_only=True)
class Readers:
    """The read side."""

    articles: ArticleReader
    channels: ChannelReader
    customers: CustomerReader
    happenings: HappeningReader
    orders: OrderReader
    reservations: ReservationReader


@dataclass(frozen=True, slots=True, kw_only=True)
class Comptoir:
    """Use cases, readers, and who may use them."""

    api_keys: ApiKeys
    articles: Articles
    customers: Customers
    orders: Orders
    pushes: Pushes
    receptions: Receptions
    reservations: Reservations
    scans: Scans
    read: Readers
    identities: Identities
    papers: Papers
    clock: Clock
    new_id: NewId
    ready: Callable[[], Awaitable[bool]]
