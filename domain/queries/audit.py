"""The audit as it is read: who changed what, when, before and after (C13)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from domain.model.values import CustomerId, DossierId, ThirdPartyId
from domain.queries.pages import Page, PageRequest


class AuditRecord(StrEnum):
    """What is audited."""

    CUSTOMER = "customer"
    THIRD_PARTY = "third_party"
    ADDRESS = "address"
    CONTACT_PERSON = "contact_person"
    BANK_ACCOUNT = "bank_account"
    NOTE = "note"
    CONSENT = "consent"
    DISCOUNT_RULE = "discount_rule"
    REFERENCE_VALUE = "reference_value"
    CUSTOM_FIELD = "custom_field"
    STAFF = "staff"
    DOSSIER = "dossier"
    CUSTOMER_MERGE = "customer_merge"
    CUSTOMER_ORDER = "customer_order"
    ORDER_LINE = "order_line"
    RESERVATION = "reservation"
    CATEGORY = "category"
    KNOWN_ANSWER = "known_answer"
    TARIFF_RULE = "tariff_rule"
    SAVED_LIST = "saved_list"
    SUPPLIER_ORDER = "supplier_order"
    SUPPLIER_LINE = "supplier_line"
    MESSAGE_TEMPLATE = "message_template"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One change of one record. ``by`` names the client, ``by_name`` its person or the label of its key.

    ``record_id`` is the record's id as text, or its code in a table of the shop ("titles/Mme"). ``before`` and ``after``
    have the columns that changed; a new record has no ``before``, a deleted one no ``after``.
    """

    id: UUID
    at: datetime
    by: str
    by_name: str
    record: str
    record_id: str
    operation: str
    customer_id: CustomerId | None
    third_party_id: ThirdPartyId | None
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """None leaves a criterion out. ``since`` is in, ``until`` is out."""

    record: str | None = None
    record_id: str | None = None
    by: str | None = None
    since: datetime | None = None
    until: datetime | None = None


class AuditReader(Protocol):
    """Entries, newest first."""

    async def search(self, dossier: DossierId, wanted: AuditFilter, page: PageRequest) -> Page[AuditEntry]: ...

    async def of_customer(
        self, dossier: DossierId, customer_id: CustomerId, page: PageRequest, *, clearance: frozenset[str] | None
    ) -> Page[AuditEntry]:
        """Of the card, of all that hangs on it, and of the cards merged into it. Raises ``NotFound``, also without clearance."""
        ...

    async def of_third_party(
        self, dossier: DossierId, third_party_id: ThirdPartyId, page: PageRequest
    ) -> Page[AuditEntry]:
        """Of the card and of all that hangs on it. Raises ``NotFound``."""
        ...
