"""What happened, told after the commit: tablets hear it at once (``/v1/events``), later the change feed and the webhooks.

An event is written to the outbox in the transaction of its effect, so it exists exactly when the effect does.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class EventType(StrEnum):
    """The closed list of event names, as the contract says them."""

    ORDER_CREATED = "order.created"
    ORDER_UPDATED = "order.updated"
    ORDER_CANCELLED = "order.cancelled"
    ORDER_PAID = "order.paid"
    ORDER_DELIVERED = "order.delivered"
    ORDER_RETURNED = "order.returned"
    ORDER_REOPENED = "order.reopened"
    SUPPLIER_ORDER_CREATED = "supplier_order.created"
    SUPPLIER_ORDER_UPDATED = "supplier_order.updated"
    SUPPLIER_ORDER_VALIDATED = "supplier_order.validated"
    SUPPLIER_ORDER_CANCELLED = "supplier_order.cancelled"
    QUEUE_REORDERED = "queue.reordered"
    RESERVATION_SET_ASIDE = "reservation.set_aside"
    RESERVATION_UPDATED = "reservation.updated"
    RESERVATION_MOVED = "reservation.moved"
    RESERVATION_COLLECTED = "reservation.collected"
    RESERVATION_RETURNED = "reservation.returned"
    RESERVATION_WRITTEN_OFF = "reservation.written_off"
    STOCK_RECEIVED = "stock.received"
    STOCK_ADJUSTED = "stock.adjusted"
    STOCK_CHECKED = "stock.checked"
    CUSTOMER_CREATED = "customer.created"
    CUSTOMER_UPDATED = "customer.updated"
    CUSTOMER_DELETED = "customer.deleted"
    CUSTOMER_MERGED = "customer.merged"
    CUSTOMER_UNMERGED = "customer.unmerged"
    CUSTOMER_ANONYMISED = "customer.anonymised"
    THIRD_PARTY_CREATED = "third_party.created"
    THIRD_PARTY_UPDATED = "third_party.updated"
    THIRD_PARTY_DELETED = "third_party.deleted"
    FLASH_SENT = "flash.sent"
    MESSAGE_QUEUED = "message.queued"
    MESSAGE_SENT = "message.sent"
    MESSAGE_DEAD = "message.dead"
    MESSAGE_WITHHELD = "message.withheld"
    INVOICE_UPDATED = "invoice.updated"
    INVOICE_REMINDED = "invoice.reminded"
    SETTINGS_UPDATED = "settings.updated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One fact about one aggregate.

    ``subject`` is the aggregate's id, ``version`` its version after the effect, ``data`` what a listener needs to show it
    without asking (ids in their wire form are made by the API).
    """

    id: UUID
    type: EventType
    subject: UUID
    version: int
    at: datetime
    by: str
    data: Mapping[str, str | int | None]
