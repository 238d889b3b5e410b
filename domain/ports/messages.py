"""Messages to customers: what is kept of them, what carries them, and the work that is done later."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from domain.model.access import Dossier
from domain.model.message import Language, Message, MessageChannel, MessageEvent, MessageRules, Recipient, Template
from domain.model.reservation import Reservation
from domain.model.values import CustomerId, DossierId, MessageId, OrderId, ReservationId


class JobKind(StrEnum):
    """What a worker is asked to do later, in the dossier that asked."""

    SEND = "send"
    REMIND = "remind"
    TELL_OF_ORDER = "tell_of_order"
    CHECK_STOCK = "check_stock"
    EXPIRE = "expire"
    RESUME = "resume"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Work for later, written in the transaction that wants it done. ``subject`` is the record's id in hex.

    ``key``: while a job of that key waits, no second one is made. ``after`` None: at once.
    """

    kind: JobKind
    subject: str | None = None
    detail: str | None = None
    after: datetime | None = None
    key: str | None = None


class Messages(Protocol):
    async def lock(self, message_id: MessageId) -> Message:
        """As it is once locked. Raises ``NotFound``."""
        ...

    async def taken(self, keys: Collection[str]) -> set[str]:
        """Those of ``keys`` under which a message stands."""
        ...

    async def told(self, ids: Collection[ReservationId]) -> Mapping[ReservationId, Collection[MessageEvent]]:
        """What was said of each reservation since it was set aside; what a person dropped counts, else it would come back."""
        ...

    async def due(self, rules: MessageRules, *, today: date, before: datetime) -> list[ReservationId]:
        """Reservations set aside before ``before`` whose present step nobody was told of; none that are to be shipped."""
        ...

    async def recipients(self, customers: Collection[CustomerId]) -> dict[CustomerId, Recipient]:
        """Those of ``customers`` that exist; of a merged card the one that was kept."""
        ...

    async def for_reservations(self, reservations: Sequence[Reservation]) -> dict[ReservationId, Recipient]:
        """Who each is kept for: the card, else the order's contact, else the name it was made for."""
        ...

    async def for_order(self, order_id: OrderId) -> Recipient:
        """Raises ``NotFound``."""
        ...

    async def template(self, event: MessageEvent, language: Language) -> Template:
        """The shop's own words, else those that every shop starts with; locked until the transaction ends."""
        ...

    def add(self, message: Message) -> None:
        """The commit raises ``MessageTold`` when its key is taken."""
        ...

    def save(self, message: Message) -> None:
        """The commit raises ``StaleVersion``."""
        ...

    def put_template(self, template: Template, *, now: datetime) -> None:
        """The commit raises ``StaleVersion``."""
        ...

    def remove_template(self, template: Template) -> None:
        """Back to the words that every shop starts with. The commit raises ``StaleVersion``."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What is handed to a carrier: one message to one address. ``id`` is the same at every attempt.

    That of a ``demo`` shop stays in the house: its people are invented, their addresses may not be.
    """

    id: MessageId
    channel: MessageChannel
    sender: str
    name: str
    address: str
    subject: str
    body: str
    unsubscribe_url: str | None = None
    demo: bool = False


class CarrierError(Exception):
    """A message did not go out; the text is what the other side said, for a person to read."""


class Unreachable(CarrierError):
    """Nobody took the message, now: to be tried again."""


class Refused(CarrierError):
    """The message, or its address, is refused for good."""


class Uncertain(CarrierError):
    """The line broke after all was said: it may have gone out."""


class Shops(Protocol):
    """The shops there are, for those who ask without being of one."""

    async def dossier(self, dossier_id: DossierId) -> Dossier:
        """Raises ``NotFound``."""
        ...


class Carrier(Protocol):
    """What takes messages out of the house."""

    async def carry(self, letter: Letter) -> str | None:
        """The carrier's own id of the message. Raises ``Unreachable``, ``Refused`` or ``Uncertain``."""
        ...
