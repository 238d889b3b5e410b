"""One transaction of the shop on PostgreSQL.

Reads of an unlocked unit of work need no transaction, for the flush is one statement guarded by versions; the first lock
or claim begins one. Either way all is written at ``commit`` in a single statement, or nothing is.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import TypeVar

import asyncpg

from domain.errors import (
    AnswerErased,
    AnswerPending,
    CategoryInUse,
    CodeTaken,
    CustomerInUse,
    KeyReused,
    MessageTold,
    ShopError,
    StaleVersion,
    ThirdPartyInUse,
    TryAgain,
)
from domain.events import Event
from domain.model.access import Dossier
from domain.ports.answers import Once, Told
from domain.ports.messages import Job
from domain.ports.unit_of_work import UnitOfWork, UnitsOfWork
from infra.anonymising import ERASED, SqlAnonymising
from infra.db.flush import flush
from infra.db.pools import Pool, ShopConnection
from infra.jobs.enqueueing import enqueue
from infra.merging import SqlMerges
from infra.repositories import pending as parts
from infra.repositories.api_keys import SqlApiKeys
from infra.repositories.articles import SqlArticles, SqlStock
from infra.repositories.cards import ADDRESSES, BANK_ACCOUNTS, CONTACTS, DISCOUNTS, NOTES, SqlConsents, SqlParts
from infra.repositories.catalogue import SqlAnswers, SqlCategories, SqlSavedLists, SqlTariffs
from infra.repositories.customers import SqlCustomers
from infra.repositories.flashes import SqlFlashes
from infra.repositories.invoices import SqlInvoices
from infra.repositories.loyalty import SqlLoyalty
from infra.repositories.messages import SqlMessages
from infra.repositories.named_deposits import SqlNamedDeposits
from infra.repositories.orders import SqlOrders
from infra.repositories.pending import Pending, octets
from infra.repositories.purchases import SqlPurchases
from infra.repositories.references import SqlReferences
from infra.repositories.reservations import SqlReceptions, SqlReservations
from infra.repositories.stock_checks import SqlStockChecks
from infra.repositories.supply import SqlDeliveryNotes, SqlSupplierOrders
from infra.repositories.third_parties import SqlThirdParties
from infra.repositories.users import SqlUsers
from infra.sql import sql

T = TypeVar("T")
CLAIM = sql("idempotency_claim")
TOLD = sql("idempotency_told")

CONSTRAINTS: dict[str, type[ShopError]] = {
    "uq_customer_dossier_id_code": CodeTaken,
    "uq_customer_dossier_id_barcode": CodeTaken,
    "uq_customer_dossier_id_fidelity_number": CodeTaken,
    "uq_third_party_dossier_id_code": CodeTaken,
    "uq_address_customer_code": CodeTaken,
    "uq_address_third_party_code": CodeTaken,
    "uq_address_customer_role": CodeTaken,
    "uq_address_third_party_role": CodeTaken,
    "uq_contact_person_customer_code": CodeTaken,
    "uq_contact_person_third_party_code": CodeTaken,
    "uq_bank_account_customer_code": CodeTaken,
    "uq_bank_account_third_party_code": CodeTaken,
    "pk_reference_value": CodeTaken,
    "pk_known_answer": CodeTaken,
    "pk_category": CodeTaken,
    "uq_staff_dossier_id_login": CodeTaken,
    "uq_custom_field_dossier_id_record_questionnaire_code": CodeTaken,
    "merged_customer": TryAgain,
    "fk_customer_order_customer": CustomerInUse,
    "fk_named_deposit_entry_customer": CustomerInUse,
    "fk_invoice_customer": CustomerInUse,
    "fk_invoice_billed_to": CustomerInUse,
    "fk_invoice_reminder_customer": CustomerInUse,
    "uq_invoice_dossier_id_number": TryAgain,
    "uq_reminded_invoice_dossier_id_invoice_id_step": TryAgain,
    "fk_customer_order_billed_to": CustomerInUse,
    "fk_reservation_customer": CustomerInUse,
    "fk_purchase_customer": CustomerInUse,
    "fk_loyalty_entry_customer": CustomerInUse,
    "recorded_purchase": TryAgain,
    "uq_loyalty_entry_dossier_id_cause_reference": TryAgain,
    "fk_third_party_customer": CustomerInUse,
    "fk_customer_billed_to": CustomerInUse,
    "fk_customer_group": CustomerInUse,
    "fk_customer_statistics_party": CustomerInUse,
    "fk_customer_payment_party": CustomerInUse,
    "fk_customer_merged_into": CustomerInUse,
    "fk_customer_merge_kept": CustomerInUse,
    "fk_customer_merge_absorbed": CustomerInUse,
    "fk_address_use_main_of_customer": CustomerInUse,
    "fk_address_use_main_of_third_party": ThirdPartyInUse,
    "fk_customer_sales_rep_1": ThirdPartyInUse,
    "fk_article_third_party": ThirdPartyInUse,
    "fk_order_line_third_party": ThirdPartyInUse,
    "fk_supplier_order_third_party": ThirdPartyInUse,
    "fk_reception_third_party": ThirdPartyInUse,
    "fk_article_category": CategoryInUse,
    "fk_tariff_rule_category": CategoryInUse,
    "fk_category_category": CategoryInUse,
    "fk_customer_sales_rep_2": ThirdPartyInUse,
    "fk_customer_sales_rep_3": ThirdPartyInUse,
    "gone_customer": StaleVersion,
    "changed_third_party": StaleVersion,
    "gone_third_party": StaleVersion,
    **{
        f"{change}_{table}": StaleVersion
        for table in (
            "address",
            "contact_person",
            "bank_account",
            "note",
            "discount_rule",
            "reference_value",
            "custom_field",
            "dossier",
            "staff",
            "supplier_order",
            "supplier_line",
            "supply_link",
            "known_answer",
            "category",
            "saved_list",
            "message",
            "message_template",
            "invoice",
        )
        for change in ("changed", "gone")
    },
    "uq_customer_order_dossier_id_channel_id_external_id": TryAgain,
    "pk_idempotency_answer": TryAgain,
    "uq_message_dossier_id_told_key": MessageTold,
    "changed_customer_order": StaleVersion,
    "changed_customer": StaleVersion,
    "changed_reservation": StaleVersion,
    "changed_order_line": StaleVersion,
    "moved_order_line": StaleVersion,
    "gone_order_line": StaleVersion,
    "line_priority": StaleVersion,
}
"""What a constraint's name means to the shop; a name that is not here is a fault of ours."""


PASSING = (
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.LockNotAvailableError,
)
"""Refusals that a moment later may not be."""


class SqlUnitOfWork:
    """``UnitOfWork`` on one connection of the writing pool."""

    def __init__(self, dossier: Dossier, connection: ShopConnection, clock: Callable[[], datetime], *, by: str) -> None:
        self._by = by
        self._dossier = dossier
        self._connection = connection
        self._clock = clock
        self._pending = Pending()
        self._jobs: list[Job] = []
        self._transaction: asyncpg.transaction.Transaction | None = None
        self.orders = SqlOrders(dossier, connection, self._pending, begin=self.begin)
        self.customers = SqlCustomers(dossier, connection, self._pending, begin=self.begin)
        self.third_parties = SqlThirdParties(dossier, connection, self._pending, begin=self.begin)
        self.addresses = SqlParts(ADDRESSES, dossier, connection, self._pending)
        self.contacts = SqlParts(CONTACTS, dossier, connection, self._pending)
        self.bank_accounts = SqlParts(BANK_ACCOUNTS, dossier, connection, self._pending)
        self.notes = SqlParts(NOTES, dossier, connection, self._pending)
        self.discounts = SqlParts(DISCOUNTS, dossier, connection, self._pending)
        self.consents = SqlConsents(dossier, connection, self._pending)
        self.references = SqlReferences(dossier, connection, self._pending, begin=self.begin)
        self.flashes = SqlFlashes(dossier, connection, self._pending)
        self.users = SqlUsers(dossier, connection, self._pending, begin=self.begin)
        self.merges = SqlMerges(dossier, connection, begin=self.begin, by=by)
        self.anonymising = SqlAnonymising(dossier, connection, begin=self.begin, by=by)
        self.articles = SqlArticles(dossier, connection, begin=self.begin)
        self.stock = SqlStock(dossier, connection, self._pending, begin=self.begin)
        self.reservations = SqlReservations(dossier, connection, self._pending, begin=self.begin)
        self.receptions = SqlReceptions(dossier, self._pending)
        self.stock_checks = SqlStockChecks(dossier, connection, self._pending)
        self.messages = SqlMessages(dossier, connection, self._pending, begin=self.begin)
        self.purchases = SqlPurchases(dossier, connection, self._pending)
        self.loyalty = SqlLoyalty(dossier, connection, self._pending)
        self.invoices = SqlInvoices(dossier, connection, self._pending)
        self.named_deposits = SqlNamedDeposits(dossier, connection, self._pending)
        self.delivery_notes = SqlDeliveryNotes(dossier, connection, self._pending)
        self.supplier_orders = SqlSupplierOrders(dossier, connection, self._pending, begin=self.begin)
        self.answers = SqlAnswers(dossier, connection, self._pending)
        self.categories = SqlCategories(dossier, connection, self._pending, begin=self.begin)
        self.tariffs = SqlTariffs(dossier, connection, self._pending, begin=self.begin)
        self.saved_lists = SqlSavedLists(dossier, connection, self._pending, begin=self.begin)
        self.api_keys = SqlApiKeys(dossier, connection, self._pending, begin=self.begin)

    async def begin(self) -> None:
        """Begin the transaction, once."""
        if self._transaction is None:
            transaction = self._connection.transaction()
            await transaction.start()
            self._transaction = transaction

    def emit(self, event: Event) -> None:
        self._pending.add(
            parts.NEW_EVENT,
            {
                "dossier_id": self._dossier.id,
                "event_id": event.id,
                "type": event.type,
                "subject": event.subject,
                "version": event.version,
                "at": event.at,
                "by": event.by,
                "data": dict(event.data),
            },
        )

    def later(self, job: Job) -> None:
        self._jobs.append(job)

    async def claim(self, once: Once[T]) -> Told | None:
        (answer,) = await self.claim_many([once])
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def claim_many(self, onces: Sequence[Once[T]]) -> list[Told | Exception | None]:
        await self.begin()
        asked = (self._dossier.id, [once.client for once in onces], [once.key for once in onces])
        ours = [row["ours"] for row in await self._connection.fetch(CLAIM, *asked)]
        # read once the claims are held: a twin that ended just before is then seen
        before = await self._connection.fetch(TOLD, *asked)
        return [_claimed(*each) for each in zip(ours, before, onces, strict=True)]

    def keep(self, once: Once[T], told: Told) -> None:
        self._pending.add(
            parts.NEW_ANSWER,
            {
                "dossier_id": self._dossier.id,
                "client": once.client,
                "key": once.key,
                "fingerprint": octets(once.fingerprint),
                "status": told.status,
                "headers": [text for pair in told.headers for text in pair],
                "body": octets(told.body),
                "at": self._clock(),
            },
        )

    async def commit(self) -> None:
        self.stock.settle()
        self.orders.settle()
        self.reservations.settle()
        self.supplier_orders.settle()
        await self.saved_lists.settle()
        if self._jobs:
            await self.begin()
            await enqueue(self._connection, self._dossier.id, self._jobs, now=self._clock())
        await flush(self._connection, self._pending.parts(), by=self._by)
        if self._transaction is not None:
            transaction, self._transaction = self._transaction, None
            await transaction.commit()

    async def roll_back(self) -> None:
        """Take back what was not committed."""
        if self._transaction is not None and not self._connection.is_closed():
            await self._transaction.rollback()


def _claimed(ours: bool, row: asyncpg.Record, once: Once[T]) -> Told | Exception | None:
    if not ours:
        return AnswerPending()
    if row["status"] is None:
        return None
    if row["fingerprint"] != once.fingerprint:
        return KeyReused()
    if row["status"] == ERASED:
        return AnswerErased()
    texts = row["headers"]
    headers = tuple(zip(texts[::2], texts[1::2], strict=True))
    return Told(status=row["status"], body=row["body"], headers=headers, replayed=True)


def translated(refusal: asyncpg.PostgresError) -> Exception:
    """A refusal of PostgreSQL in the shop's words; itself when it has none."""
    if isinstance(refusal, PASSING):
        return TryAgain()
    meaning = CONSTRAINTS.get(refusal.constraint_name or "")
    return meaning() if meaning else refusal


def units_of_work(pool: Pool, clock: Callable[[], datetime]) -> UnitsOfWork:
    """Units of work on connections of ``pool``."""

    @asynccontextmanager
    async def begin(dossier: Dossier, by: str = "system") -> AsyncIterator[UnitOfWork]:
        try:
            async with pool.of(dossier.id) as connection:
                work = SqlUnitOfWork(dossier, connection, clock, by=by)
                try:
                    yield work
                finally:
                    await work.roll_back()
        except asyncpg.PostgresError as refusal:
            raise translated(refusal) from refusal

    return begin
