"""The tables: schema, constraints and indexes, one SQLModel class each, and no behaviour (architecture.md, rule 3).

``dossier_id`` is first in every key, so that row-level security keeps shops apart and the schema can be distributed by it.
Constraint names follow one convention: adapters translate them into domain errors.
"""

from infra.db.tables.base import METADATA, Xid8
from infra.db.tables.cards import (
    AddressRow,
    AuditEntryRow,
    BankAccountRow,
    ConsentRow,
    ContactPersonRow,
    CustomerMergeRow,
    DiscountRuleRow,
    MergedRowRow,
    NoteRow,
)
from infra.db.tables.customers import CustomerRow, CustomerTokenRow, ThirdPartyRow, ThirdPartyTokenRow
from infra.db.tables.invoices import InvoiceReminderRow, InvoiceRow, RemindedInvoiceRow
from infra.db.tables.messages import MessageReservationRow, MessageRow, MessageTemplateRow
from infra.db.tables.orders import (
    CustomerOrderRow,
    DeliveryNoteLineRow,
    DeliveryNoteRow,
    DepositEntryRow,
    LineAnswerRow,
    OrderLineRow,
    OrderTokenRow,
    PaymentRow,
    QueueChangeRow,
    ReservationRow,
)
from infra.db.tables.purchases import LoyaltyEntryRow, NamedDepositEntryRow, PurchaseRow
from infra.db.tables.shop import (
    ApiKeyRow,
    ChannelRow,
    CustomFieldRow,
    DossierRow,
    FlashRow,
    ReferenceValueRow,
    StaffRow,
    StaffSessionRow,
)
from infra.db.tables.stock import (
    ArticleRow,
    ArticleTokenRow,
    ReceptionLineRow,
    ReceptionRow,
    ReceptionSupplyRow,
    StockCheckRow,
    StockLevelRow,
    StockMovementRow,
)
from infra.db.tables.supply import (
    CategoryRow,
    KnownAnswerRow,
    SavedListLineRow,
    SavedListRow,
    SupplierLineRow,
    SupplierOrderRow,
    SupplyLinkRow,
    TariffRuleRow,
)
from infra.db.tables.told import IdempotencyAnswerRow, OutboxEventRow

__all__ = [
    "METADATA",
    "AddressRow",
    "ApiKeyRow",
    "ArticleRow",
    "ArticleTokenRow",
    "AuditEntryRow",
    "BankAccountRow",
    "CategoryRow",
    "ChannelRow",
    "ConsentRow",
    "ContactPersonRow",
    "CustomFieldRow",
    "CustomerMergeRow",
    "CustomerOrderRow",
    "CustomerRow",
    "CustomerTokenRow",
    "DeliveryNoteLineRow",
    "DeliveryNoteRow",
    "DepositEntryRow",
    "DiscountRuleRow",
    "DossierRow",
    "FlashRow",
    "IdempotencyAnswerRow",
    "InvoiceReminderRow",
    "InvoiceRow",
    "KnownAnswerRow",
    "LineAnswerRow",
    "LoyaltyEntryRow",
    "MergedRowRow",
    "MessageReservationRow",
    "MessageRow",
    "MessageTemplateRow",
    "NamedDepositEntryRow",
    "NoteRow",
    "OrderLineRow",
    "OrderTokenRow",
    "OutboxEventRow",
    "PaymentRow",
    "PurchaseRow",
    "QueueChangeRow",
    "ReceptionLineRow",
    "ReceptionRow",
    "ReceptionSupplyRow",
    "ReferenceValueRow",
    "RemindedInvoiceRow",
    "ReservationRow",
    "SavedListLineRow",
    "SavedListRow",
    "StaffRow",
    "StaffSessionRow",
    "StockCheckRow",
    "StockLevelRow",
    "StockMovementRow",
    "SupplierLineRow",
    "SupplierOrderRow",
    "SupplyLinkRow",
    "TariffRuleRow",
    "ThirdPartyRow",
    "ThirdPartyTokenRow",
    "Xid8",
]
