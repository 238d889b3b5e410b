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
from infra.db.tables.orders import CustomerOrderRow, OrderLineRow, OrderTokenRow, PaymentRow, ReservationRow
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
    StockLevelRow,
    StockMovementRow,
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
    "ChannelRow",
    "ConsentRow",
    "ContactPersonRow",
    "CustomFieldRow",
    "CustomerMergeRow",
    "CustomerOrderRow",
    "CustomerRow",
    "CustomerTokenRow",
    "DiscountRuleRow",
    "DossierRow",
    "FlashRow",
    "IdempotencyAnswerRow",
    "MergedRowRow",
    "NoteRow",
    "OrderLineRow",
    "OrderTokenRow",
    "OutboxEventRow",
    "PaymentRow",
    "ReceptionLineRow",
    "ReceptionRow",
    "ReferenceValueRow",
    "ReservationRow",
    "StaffRow",
    "StaffSessionRow",
    "StockLevelRow",
    "StockMovementRow",
    "ThirdPartyRow",
    "ThirdPartyTokenRow",
    "Xid8",
]
