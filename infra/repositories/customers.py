"""Customers in PostgreSQL."""

import re
from uuid import UUID

from domain.errors import NotFound
from domain.model.access import Dossier
from domain.model.customer import Customer, CustomerDetails, Kind, Light
from domain.model.values import CustomerId, PostalAddress, folded
from infra.db.flush import Row
from infra.db.pools import ShopConnection
from infra.repositories import pending as parts
from infra.repositories.pending import Fields, Pending

LOAD = "SELECT * FROM customer WHERE dossier_id = $1 AND customer_id = $2"
BY_CODE = "SELECT * FROM customer WHERE dossier_id = $1 AND code = $2"
NEXT = "UPDATE dossier SET customer_counter = customer_counter + 1 WHERE dossier_id = $1 RETURNING customer_counter"


class SqlCustomers:
    """``Customers`` of one dossier on one connection."""

    def __init__(self, dossier: Dossier, connection: ShopConnection, pending: Pending) -> None:
        self._dossier = dossier
        self._connection = connection
        self._pending = pending
        self._loaded: dict[CustomerId, int] = {}

    async def get(self, customer_id: CustomerId) -> Customer:
        return self._known(await self._connection.fetchrow(LOAD, self._dossier.id, customer_id))

    async def by_code(self, code: str) -> Customer:
        return self._known(await self._connection.fetchrow(BY_CODE, self._dossier.id, code.upper()))

    async def next_counter(self) -> int:
        counter: int = await self._connection.fetchval(NEXT, self._dossier.id)
        return counter

    def add(self, customer: Customer) -> None:
        row = customer_row(self._dossier.id, customer)
        self._pending.add(parts.NEW_CUSTOMER, row)
        self._pending.add(parts.NEW_CUSTOMER_TOKEN, {**row, "words": words_of(customer.details)})

    def save(self, customer: Customer) -> None:
        row = customer_row(self._dossier.id, customer)
        self._pending.add(parts.CHANGED_CUSTOMER, {**row, "loaded_version": self._loaded.pop(customer.id)})
        words = {**row, "words": words_of(customer.details)}
        self._pending.add(parts.GONE_CUSTOMER_TOKEN, words)
        self._pending.add(parts.NEW_CUSTOMER_TOKEN, words)

    def _known(self, row: Fields | None) -> Customer:
        if row is None:
            raise NotFound(what="customer")
        customer = customer_of(row)
        self._loaded[customer.id] = customer.version
        return customer


def words_of(card: CustomerDetails) -> str:
    """The words that find a customer by name, first name included."""
    return folded(f"{card.name} {card.first_name or ''}")


def phone_key(phone: str | None) -> str | None:
    """The digits of a phone number, +33 and 0033 read as 0, so that any notation finds it; None without digits."""
    digits = re.sub(r"[^0-9+]", "", phone or "")
    digits = re.sub(r"^(\+33|0033)0?", "0", digits)
    return re.sub(r"\D", "", digits) or None


def customer_row(dossier_id: UUID, customer: Customer) -> Row:
    card, address = customer.details, customer.details.address
    return {
        "dossier_id": dossier_id,
        "customer_id": customer.id,
        "code": customer.code,
        "kind": card.kind,
        "title": card.title,
        "name": card.name,
        "first_name": card.first_name,
        "short_name": customer.short_name,
        "name_key": words_of(card),
        "barcode": card.barcode,
        "email": card.email,
        "email_key": card.email.casefold() if card.email else None,
        "phone": card.phone,
        "phone_key": phone_key(card.phone),
        "fax": card.fax,
        "no_sms": card.no_sms,
        "street": address.street,
        "complement": address.complement,
        "postal_code": address.postal_code,
        "town": address.town,
        "town_key": folded(address.town) if address.town else None,
        "country": address.country,
        "mail_order": card.mail_order,
        "collectivity": card.collectivity,
        "lending_library": card.lending_library,
        "vat_exempt": card.vat_exempt,
        "on_account": card.on_account,
        "comment": card.comment,
        "birth_date": card.birth_date,
        "fidelity_active": card.fidelity_active,
        "fidelity_started_on": card.fidelity_started_on,
        "light": card.light,
        "light_message": card.light_message,
        "closed_on": card.closed_on,
        "approved_at": customer.approved_at,
        "origin": customer.origin,
        "created_at": customer.created_at,
        "updated_at": customer.updated_at,
        "version": customer.version,
    }


def customer_of(row: Fields) -> Customer:
    return Customer(
        id=CustomerId(row["customer_id"]),
        code=row["code"],
        details=CustomerDetails(
            name=row["name"],
            kind=Kind(row["kind"]),
            title=row["title"],
            first_name=row["first_name"],
            barcode=row["barcode"],
            email=row["email"],
            phone=row["phone"],
            fax=row["fax"],
            no_sms=row["no_sms"],
            address=PostalAddress(
                street=row["street"],
                complement=row["complement"],
                postal_code=row["postal_code"],
                town=row["town"],
                country=row["country"],
            ),
            mail_order=row["mail_order"],
            collectivity=row["collectivity"],
            lending_library=row["lending_library"],
            vat_exempt=row["vat_exempt"],
            on_account=row["on_account"],
            comment=row["comment"],
            birth_date=row["birth_date"],
            fidelity_active=row["fidelity_active"],
            fidelity_started_on=row["fidelity_started_on"],
            light=Light(row["light"]),
            light_message=row["light_message"],
            closed_on=row["closed_on"],
        ),
        origin=row["origin"],
        approved_at=row["approved_at"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        version=row["version"],
    )
