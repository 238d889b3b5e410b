"""Cards of customers and of third parties: what hangs on them, merging and blanking them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar
from uuid import UUID

from domain.errors import Fault
from domain.model.card import Consent
from domain.model.customer import Customer, CustomerDetails
from domain.model.merge import Merge, MergePlan, MovedRows
from domain.model.third_party import ThirdParty
from domain.model.values import CustomerId, MergeId, Party, ThirdPartyId

P = TypeVar("P")


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Each kind of link between cards, from a customer to another (A60, B20-B22)."""

    billed_to: Mapping[CustomerId, CustomerId]
    group: Mapping[CustomerId, CustomerId]
    statistics_party: Mapping[CustomerId, CustomerId]
    payment_party: Mapping[CustomerId, CustomerId]


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

    async def categories(self, customer_ids: Sequence[CustomerId]) -> dict[CustomerId, str]:
        """The category of each that has one."""
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
