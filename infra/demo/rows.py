"""Writes the demo's books with COPY: the rows are the repositories' own, the tokens are made as they make them."""

import json
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, cast

from domain.model.access import Dossier
from domain.model.article import Article, Movement
from domain.model.customer import Customer
from domain.model.order import CustomerOrder
from domain.model.payment import Payment
from domain.model.values import DossierId, folded
from domain.ports.unit_of_work import UnitOfWork
from infra.db.dossiers import Connection
from infra.db.flush import Row
from infra.db.pools import ShopConnection
from infra.demo.cards import CardFile
from infra.demo.ledger import Ledger
from infra.repositories.customers import customer_row, tokens_of
from infra.repositories.orders import line_row, order_row
from infra.repositories.reservations import reservation_row
from infra.unit_of_work import SqlUnitOfWork


async def copy(connection: Connection, dossier_id: DossierId, ledger: Ledger) -> None:
    """Write all of ``ledger`` into an empty dossier."""
    orders = ledger.orders
    await _copy(connection, "customer", (_customer(dossier_id, customer) for customer in ledger.customers))
    await _copy(
        connection,
        "customer_token",
        (
            {"dossier_id": dossier_id, "token": word, "customer_id": customer.id}
            for customer in ledger.customers
            for word in dict.fromkeys(tokens_of(customer.details).split())
        ),
    )
    await _copy(connection, "article", (_article(dossier_id, article) for article in ledger.articles.values()))
    await _copy(
        connection,
        "article_token",
        (
            {"dossier_id": dossier_id, "token": word, "ean": article.ean}
            for article in ledger.articles.values()
            for word in dict.fromkeys(folded(f"{article.title} {article.author or ''}").split())
        ),
    )
    await _copy(
        connection,
        "stock_level",
        (
            {
                "dossier_id": dossier_id,
                "ean": level.ean,
                "available": level.available,
                "set_aside": level.set_aside,
            }
            for level in ledger.stock.values()
        ),
    )
    await _copy(connection, "customer_order", (_order(dossier_id, order) for order in orders))
    await _copy(connection, "order_token", _order_tokens(dossier_id, orders))
    lines = (
        {**row, "ruling": json.dumps(row["ruling"]) if row["ruling"] else None}
        for order in orders
        for line in order.lines
        for row in (line_row(dossier_id, order, line),)
    )
    await _copy(connection, "order_line", lines)
    await _copy(connection, "payment", (_payment(dossier_id, payment) for payment in ledger.payments))
    await _copy(connection, "reservation", (reservation_row(dossier_id, kept) for kept in ledger.reservations))
    await _copy(connection, "stock_movement", (_movement(dossier_id, movement) for movement in ledger.movements))


@asynccontextmanager
async def working(connection: Connection, dossier: Dossier, *, by: str) -> AsyncIterator[SqlUnitOfWork]:
    """A unit of work on the owner's connection, committed when left: it writes as the shop does, and leaves the same trail."""
    work = SqlUnitOfWork(dossier, cast("ShopConnection", connection), lambda: datetime.now(UTC), by=by)
    yield work
    await work.commit()


def before(work: UnitOfWork, file: CardFile) -> None:
    """What the customers' cards name."""
    for value in file.values:
        work.references.add(value)
    for field in file.fields:
        work.references.add_field(field)
    for third_party in file.third_parties:
        work.third_parties.add(third_party)


def after(work: UnitOfWork, file: CardFile) -> None:
    """What hangs on cards."""
    for address in file.addresses:
        work.addresses.add(address)
    for contact in file.contacts:
        work.contacts.add(contact)
    for account in file.accounts:
        work.bank_accounts.add(account)
    for note in file.notes:
        work.notes.add(note)
    for rule in file.discounts:
        work.discounts.add(rule)
    for consent in file.consents:
        work.consents.add(consent)
    for flash in file.flashes:
        work.flashes.add(flash)


def asked(work: UnitOfWork, ledger: Ledger) -> None:
    """What hangs on orders, and what is asked of suppliers for them."""
    for entry in ledger.deposits:
        work.orders.add_deposit(entry)
    for answer in ledger.answers:
        work.orders.add_answer(answer)
    work.purchases.add(ledger.purchases)
    for order in ledger.supply.orders:
        work.supplier_orders.add(order)
    for saved in ledger.supply.lists:
        work.saved_lists.add(saved)


async def _copy(connection: Connection, table: str, rows: Iterable[Row]) -> None:
    made: Sequence[Row] = list(rows)
    columns = list(made[0])
    records: list[tuple[Any, ...]] = [tuple(row[column] for column in columns) for row in made]
    await connection.copy_records_to_table(table, records=records, columns=columns)
    await connection.execute(f"ANALYZE {table}")  # the first screens are not planned blindly


def _customer(dossier_id: DossierId, customer: Customer) -> Row:
    # idem: COPY takes JSON as its text
    row = customer_row(dossier_id, customer)
    return {**row, "custom_fields": json.dumps(row["custom_fields"])}


def _order(dossier_id: DossierId, order: CustomerOrder) -> Row:
    # the repository's row travels as JSON text; COPY takes the bytes themselves, and JSON as its text
    row = order_row(dossier_id, order)
    return {
        **row,
        "fingerprint": order.external.fingerprint if order.external else None,
        "billing": json.dumps(row["billing"]) if row["billing"] else None,
        "charge_ruling": json.dumps(row["charge_ruling"]) if row["charge_ruling"] else None,
        "vat_totals": json.dumps(row["vat_totals"]),
    }


def _order_tokens(dossier_id: DossierId, orders: Iterable[CustomerOrder]) -> Iterator[Row]:
    for order in orders:
        for word in dict.fromkeys(folded(order.contact.name).split()):
            yield {"dossier_id": dossier_id, "token": word, "order_id": order.id}


def _article(dossier_id: DossierId, article: Article) -> Row:
    return {
        "dossier_id": dossier_id,
        "ean": article.ean,
        "title": article.title,
        "title_key": folded(article.title),
        "author": article.author,
        "publisher": article.publisher,
        "list_price": article.list_price,
        "vat_rate": article.vat_rate,
        "digital": article.digital,
        "kind": article.kind,
        "school_book": article.school_book,
        "category": article.category,
        "supplier_id": article.supplier_id,
        "availability": article.availability,
        "published_on": article.published_on,
        "weight_g": article.weight_g,
        "updated_at": article.updated_at,
    }


def _movement(dossier_id: DossierId, movement: Movement) -> Row:
    return {
        "dossier_id": dossier_id,
        "movement_id": movement.id,
        "ean": movement.ean,
        "available": movement.available,
        "set_aside": movement.set_aside,
        "cause": movement.cause,
        "reason": movement.reason,
        "reservation_id": movement.reservation_id,
        "at": movement.at,
        "by": movement.by,
    }


def _payment(dossier_id: DossierId, payment: Payment) -> Row:
    return {
        "dossier_id": dossier_id,
        "payment_id": payment.id,
        "order_id": payment.order_id,
        "amount": payment.amount,
        "kind": payment.kind,
        "method": payment.method,
        "reference": payment.reference,
        "at": payment.at,
    }
