"""Invoices and their reminders in PostgreSQL."""

import json
from collections.abc import Collection
from datetime import date
from decimal import Decimal
from uuid import UUID

from domain.model.access import Dossier
from domain.model.credit import Owed
from domain.model.dunning import DunningChannel, RemindedInvoice, Reminder, UnpaidInvoice
from domain.model.invoice import Invoice, InvoiceDetails, InvoiceState
from domain.model.message import Words
from domain.model.values import CustomerId, InvoiceId, InvoiceReminderId, MessageId, OrderId
from domain.ports.invoices import NamedCard, NamedCards
from infra.db import flush
from infra.db.flush import Row
from infra.db.pools import ShopConnection
from infra.repositories.pending import Fields, Pending
from infra.sql import sql

NEW = flush.insert("invoice")
CHANGED = flush.update("invoice", versioned=True)
NEW_REMINDER = flush.insert("invoice_reminder")
NEW_REMINDED = flush.insert("reminded_invoice")

NUMBERED = "SELECT * FROM invoice WHERE dossier_id = $1 AND number = ANY ($2::text[])"
CARDS = (
    "SELECT c.customer_id AS asked_id, c.code AS asked_code, k.* FROM customer c "
    "JOIN customer k ON k.dossier_id = $1 AND k.customer_id = coalesce(c.merged_into, c.customer_id) "
    "WHERE c.dossier_id = $1 AND {}"
)
CARDS_BY_ID = CARDS.format("c.customer_id = ANY ($2::uuid[])")
CARDS_BY_CODE = CARDS.format("c.code = ANY ($2::text[])")
INVOICES = (
    "(SELECT json_agg(json_build_object('id', i.invoice_id, 'number', i.number, 'step', t.step, 'issued_on', i.issued_on, "
    "'due_on', i.due_on, 'total', i.total::text, 'unpaid', t.unpaid::text, 'now', (i.total - i.paid)::text) "
    "ORDER BY i.due_on, i.number) FROM reminded_invoice t JOIN invoice i USING (dossier_id, invoice_id) "
    "WHERE t.dossier_id = r.dossier_id AND t.invoice_reminder_id = r.invoice_reminder_id) AS invoices"
)
"""The invoices of the reminder ``r`` as JSON: what was unpaid of each then, and what is by now."""
LAST = (
    f"SELECT DISTINCT ON (n.invoice_id) n.invoice_id, r.*, {INVOICES} FROM reminded_invoice n "
    "JOIN invoice_reminder r USING (dossier_id, invoice_reminder_id) "
    "WHERE n.dossier_id = $1 AND n.invoice_id = ANY ($2::uuid[]) ORDER BY n.invoice_id, r.at DESC, r.invoice_reminder_id DESC"
)
OF_MESSAGE = f"SELECT r.*, {INVOICES} FROM invoice_reminder r WHERE r.dossier_id = $1 AND r.message_id = $2"
OWED = sql("credit_owed")
UNPAID = sql("invoices_unpaid")


class SqlInvoices:
    """``Invoices`` of one dossier on one connection."""

    def __init__(self, dossier: Dossier, connection: ShopConnection, pending: Pending) -> None:
        self._dossier = dossier
        self._connection = connection
        self._pending = pending
        self._loaded: dict[InvoiceId, int] = {}

    async def numbered(self, numbers: Collection[str]) -> dict[str, Invoice]:
        rows = await self._connection.fetch(NUMBERED, self._dossier.id, list(numbers))
        found = {row["number"]: invoice_of(row) for row in rows}
        self._loaded |= {each.id: each.version for each in found.values()}
        return found

    async def cards(self, ids: Collection[CustomerId], codes: Collection[str]) -> NamedCards:
        by_id = await self._connection.fetch(CARDS_BY_ID, self._dossier.id, list(ids)) if ids else []
        by_code = await self._connection.fetch(CARDS_BY_CODE, self._dossier.id, list(codes)) if codes else []
        return NamedCards(
            by_id={CustomerId(row["asked_id"]): _card(row) for row in by_id},
            by_code={row["asked_code"]: _card(row) for row in by_code},
        )

    async def reminded(self, invoice_ids: Collection[InvoiceId]) -> dict[InvoiceId, Reminder]:
        rows = await self._connection.fetch(LAST, self._dossier.id, list(invoice_ids))
        return {InvoiceId(row["invoice_id"]): reminder_of(row) for row in rows}

    async def owed(self, customer_id: CustomerId, *, besides: OrderId | None = None) -> Owed:
        (row,) = await self._connection.fetch(OWED, self._dossier.id, customer_id, besides)
        return owed_of(row)

    def add(self, invoice: Invoice) -> None:
        self._pending.add(NEW, _row(self._dossier.id, invoice))

    def save(self, invoice: Invoice) -> None:
        loaded = self._loaded.pop(invoice.id)
        self._pending.add(CHANGED, {**_row(self._dossier.id, invoice), "loaded_version": loaded})

    async def unpaid(self, *, due_by: date) -> list[UnpaidInvoice]:
        rows = await self._connection.fetch(UNPAID, self._dossier.id, due_by)
        return [
            UnpaidInvoice(
                id=InvoiceId(row["invoice_id"]),
                number=row["number"],
                customer_id=CustomerId(row["customer_id"]),
                payer=CustomerId(row["payer_id"]),
                party=CustomerId(row["party_id"]),
                state=InvoiceState(row["state"]),
                issued_on=row["issued_on"],
                due_on=row["due_on"],
                total=row["total"],
                unpaid=row["unpaid"],
                told=row["told"],
            )
            for row in rows
        ]

    async def of_message(self, message_id: MessageId) -> Reminder | None:
        row = await self._connection.fetchrow(OF_MESSAGE, self._dossier.id, message_id)
        return reminder_of(row, by_now=True) if row else None

    def remind(self, reminder: Reminder) -> None:
        self._pending.add(NEW_REMINDER, _reminder_row(self._dossier.id, reminder))
        self._pending.add(
            NEW_REMINDED,
            *(
                {
                    "dossier_id": self._dossier.id,
                    "invoice_reminder_id": reminder.id,
                    "invoice_id": each.id,
                    "step": each.step,
                    "unpaid": each.unpaid,
                }
                for each in reminder.invoices
            ),
        )


def _card(row: Fields) -> NamedCard:
    return NamedCard(
        id=CustomerId(row["customer_id"]),
        code=row["code"],
        name=" ".join(filter(None, (row["first_name"], row["name"]))),
        confidentiality=row["confidentiality_code"],
        billed_to=row["billed_to_id"],
        payment_party=row["payment_party_id"],
        anonymised=row["anonymised_at"] is not None,
    )


def owed_of(row: Fields) -> Owed:
    """What a row of ``credit_owed.sql`` says."""
    return Owed(unpaid=row["unpaid"], open_orders=row["open_orders"])


def _row(dossier_id: UUID, invoice: Invoice) -> Row:
    told = invoice.details
    return {
        "dossier_id": dossier_id,
        "invoice_id": invoice.id,
        "number": invoice.number,
        "customer_id": told.customer_id,
        "billed_to_id": told.billed_to,
        "issued_on": told.issued_on,
        "due_on": told.due_on,
        "total": told.total,
        "paid": told.paid,
        "state": told.state,
        "comment": told.comment,
        "created_at": invoice.created_at,
        "updated_at": invoice.updated_at,
        "version": invoice.version,
    }


def invoice_of(row: Fields) -> Invoice:
    """The invoice of one row of its table."""
    return Invoice(
        id=InvoiceId(row["invoice_id"]),
        number=row["number"],
        details=InvoiceDetails(
            customer_id=CustomerId(row["customer_id"]),
            billed_to=CustomerId(row["billed_to_id"]),
            issued_on=row["issued_on"],
            due_on=row["due_on"],
            total=row["total"],
            paid=row["paid"],
            state=InvoiceState(row["state"]),
            comment=row["comment"],
        ),
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        version=row["version"],
    )


def _reminder_row(dossier_id: UUID, reminder: Reminder) -> Row:
    return {
        "dossier_id": dossier_id,
        "invoice_reminder_id": reminder.id,
        "run_id": reminder.run_id,
        "customer_id": reminder.customer_id,
        "family": reminder.family,
        "step": reminder.step,
        "channel": reminder.channel,
        "name": reminder.name,
        "address": reminder.address,
        "subject": reminder.words.subject,
        "body": reminder.words.body,
        "message_id": reminder.message_id,
        "at": reminder.at,
        "by": reminder.by,
    }


def reminder_of(row: Fields, *, by_now: bool = False) -> Reminder:
    """The reminder of a row with its ``INVOICES``; ``by_now``: with what is unpaid of them now, without those paid."""
    invoices = [
        RemindedInvoice(
            id=InvoiceId(UUID(each["id"])),
            number=each["number"],
            step=each["step"],
            issued_on=date.fromisoformat(each["issued_on"]),
            due_on=date.fromisoformat(each["due_on"]),
            total=Decimal(each["total"]),
            unpaid=Decimal(each["now" if by_now else "unpaid"]),
        )
        for each in json.loads(row["invoices"] or "[]")
    ]
    return Reminder(
        id=InvoiceReminderId(row["invoice_reminder_id"]),
        run_id=row["run_id"],
        customer_id=CustomerId(row["customer_id"]),
        name=row["name"],
        family=row["family"],
        step=row["step"],
        channel=DunningChannel(row["channel"]),
        address=row["address"],
        words=Words(subject=row["subject"], body=row["body"]),
        invoices=tuple(each for each in invoices if not by_now or each.unpaid > 0),
        message_id=MessageId(row["message_id"]) if row["message_id"] else None,
        at=row["at"],
        by=row["by"],
    )
