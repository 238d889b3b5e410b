"""Who asks: staff at the counter, or a key of a web shop or a script. Users and keys belong to one dossier."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.errors import Forbidden
from domain.model.message import MessageRules
from domain.model.pickup import PickupRules
from domain.model.values import ChannelId, DossierId, StaffId


class Scope(StrEnum):
    """What credentials allow. ``admin`` allows everything; ``orders:*`` stands for both scopes of its area."""

    ORDERS_READ = "orders:read"
    ORDERS_WRITE = "orders:write"
    ORDERS_REOPEN = "orders:reopen"
    ORDERS_QUEUE = "orders:queue"
    SUPPLY_READ = "supply:read"
    SUPPLY_WRITE = "supply:write"
    CUSTOMERS_READ = "customers:read"
    CUSTOMERS_WRITE = "customers:write"
    RESERVATIONS_READ = "reservations:read"
    RESERVATIONS_WRITE = "reservations:write"
    MESSAGES_READ = "messages:read"
    MESSAGES_WRITE = "messages:write"
    ARTICLES_READ = "articles:read"
    ARTICLES_WRITE = "articles:write"
    STATISTICS_READ = "statistics:read"
    INVOICES_READ = "invoices:read"
    INVOICES_WRITE = "invoices:write"
    CUSTOMERS_APPROVE = "customers:approve"
    CUSTOMERS_ANONYMISE = "customers:anonymise"
    ADMIN = "admin"


CLEARED = "confidential:"


def grantable(scope: str) -> bool:
    """Whether a user or a key may be given ``scope``: one of ``Scope``, all of an area, or clearance for cards (B30)."""
    areas = {each.value.split(":", maxsplit=1)[0] for each in Scope if ":" in each.value}
    return scope in {*Scope, *(f"{area}:*" for area in areas)} or bool(
        scope.startswith(CLEARED) and scope.removeprefix(CLEARED).strip()
    )


def covers(granted: Iterable[str], scope: Scope) -> bool:
    """Whether the scopes granted, wildcards included, allow ``scope``."""
    area = scope.value.split(":", maxsplit=1)[0]
    return bool({Scope.ADMIN.value, scope.value, f"{area}:*"} & set(granted))


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """The shop as every request needs it. ``secret`` signs its cursors; ``order_sequence`` draws its order numbers.

    ``pickup``, ``old_after_days`` and ``messages`` are its settings of that name, at most two seconds old. A ``demo``
    shop writes to nobody.
    """

    id: DossierId
    code: str
    name: str
    time_zone: str
    secret: bytes
    order_sequence: str
    pickup: PickupRules = field(default_factory=PickupRules)
    old_after_days: int = 14
    messages: MessageRules = field(default_factory=MessageRules)
    demo: bool = False

    @property
    def supplier_sequence(self) -> str:
        return f"supplier_order_number_{self.id.hex}"

    @property
    def note_sequence(self) -> str:
        return f"delivery_note_number_{self.id.hex}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """An authenticated client. ``client`` names it for ever ("staff:…", "key:…"); ``channel`` is a web shop's own."""

    dossier: Dossier
    client: str
    kind: str
    name: str
    login: str | None
    scopes: frozenset[str]
    channel: str | None = None

    def need(self, scope: Scope) -> None:
        """Raises ``Forbidden`` without ``scope``."""
        if not covers(self.scopes, scope):
            raise Forbidden(scope=scope.value)

    @property
    def staff_id(self) -> StaffId | None:
        """Who it is in the shop's staff; None for a key."""
        return StaffId(UUID(hex=self.client.removeprefix("staff:"))) if self.kind == "staff" else None

    @property
    def clearance(self) -> frozenset[str] | None:
        """The confidentiality codes whose cards the caller may see (B30); None is all of them.

        Granted as ``confidential:CODE`` or ``confidential:*``; an administrator sees every card.
        """
        if {Scope.ADMIN.value, "confidential:*"} & self.scopes:
            return None
        return frozenset(scope.removeprefix(CLEARED) for scope in self.scopes if scope.startswith(CLEARED))

    def may_see(self, confidentiality_code: str | None) -> bool:
        cleared = self.clearance
        return confidentiality_code is None or cleared is None or confidentiality_code in cleared


@dataclass(slots=True, kw_only=True, eq=False)
class User:
    """A person of the shop who can log in. Of the password only the hash is known."""

    id: StaffId
    login: str
    name: str
    password_hash: str
    scopes: tuple[str, ...]
    created_at: datetime
    version: int = 1

    @property
    def administers(self) -> bool:
        return Scope.ADMIN.value in self.scopes


@dataclass(slots=True, kw_only=True, eq=False)
class ApiKey:
    """A key of a web shop (with its channel) or of a script. Only the digest of its secret is known."""

    id: UUID
    digest: bytes
    label: str
    scopes: tuple[str, ...]
    channel_id: ChannelId | None
    created_at: datetime
    revoked_at: datetime | None = None
