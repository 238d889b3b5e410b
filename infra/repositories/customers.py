"""Customers in PostgreSQL."""

import json
from collections.abc import Sequence
from uuid import UUID

from domain.errors import NotFound
from domain.model.access import Dossier
from domain.model.customer import (
    MOST_SALES_REPS,
    BackOrderRules,
    BackOrders,
    CardOrigin,
    ChorusProfile,
    Customer,
    CustomerDetails,
    Kind,
    Light,
    SalesShare,
)
from domain.model.values import CustomerId, PostalAddress, ThirdPartyId, folded, short_name
from domain.ports.cards import Links
from infra.db.flush import Row
from infra.db.pools import ShopConnection
from infra.directory import Directory
from infra.repositories import pending as parts
from infra.repositories.pending import Begin, Fields, Pending

CURRENT = (
    "SELECT k.* FROM customer c JOIN customer k ON k.dossier_id = $1 AND k.customer_id = coalesce(c.merged_into, c.customer_id) "
    "WHERE c.dossier_id = $1"
)
"""A card, or the one it was merged into: a merge leads every older one on to the last."""
LOAD = f"{CURRENT} AND c.customer_id = $2"
BY_CODE = f"{CURRENT} AND c.code = $2"
LOCK = "SELECT * FROM customer WHERE dossier_id = $1 AND customer_id = ANY ($2::uuid[]) ORDER BY customer_id FOR UPDATE"
CATEGORIES = (
    "SELECT customer_id, category FROM customer "
    "WHERE dossier_id = $1 AND customer_id = ANY ($2::uuid[]) AND category IS NOT NULL"
)
TAKEN = "SELECT EXISTS (SELECT FROM customer WHERE dossier_id = $1 AND code = $2)"
NEXT = "UPDATE dossier SET customer_counter = customer_counter + 1 WHERE dossier_id = $1 RETURNING customer_counter"
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended('links ' || $1::text, 0))"
LINKS = (
    "SELECT customer_id, billed_to_id, group_id, statistics_party_id, payment_party_id FROM customer "
    "WHERE dossier_id = $1 AND num_nonnulls(billed_to_id, group_id, statistics_party_id, payment_party_id) > 0"
)


class SqlCustomers:
    """``Customers`` of one dossier on one connection."""

    def __init__(self, dossier: Dossier, connection: ShopConnection, pending: Pending, *, begin: Begin) -> None:
        self._begin = begin
        self._dossier = dossier
        self._connection = connection
        self._pending = pending
        self._loaded: dict[CustomerId, int] = {}

    async def get(self, customer_id: CustomerId) -> Customer:
        return self._known(await self._connection.fetchrow(LOAD, self._dossier.id, customer_id))

    async def by_code(self, code: str) -> Customer:
        return self._known(await self._connection.fetchrow(BY_CODE, self._dossier.id, code.upper()))

    async def lock(self, customer_ids: Sequence[CustomerId]) -> list[Customer]:
        await self._begin()
        rows = await self._connection.fetch(LOCK, self._dossier.id, list(set(customer_ids)))
        found = {customer.id: customer for customer in map(self._known, rows)}
        if len(found) != len(set(customer_ids)):
            raise NotFound(what="customer")
        return [found[each] for each in customer_ids]

    async def categories(self, customer_ids: Sequence[CustomerId]) -> dict[CustomerId, str]:
        rows = await self._connection.fetch(CATEGORIES, self._dossier.id, list(customer_ids))
        return {CustomerId(row["customer_id"]): row["category"] for row in rows}

    async def links(self) -> Links:
        await self._begin()
        await self._connection.execute(ONE_AT_A_TIME, str(self._dossier.id))
        rows = await self._connection.fetch(LINKS, self._dossier.id)

        def of(column: str) -> dict[CustomerId, CustomerId]:
            return {CustomerId(row["customer_id"]): CustomerId(row[column]) for row in rows if row[column]}

        return Links(
            billed_to=of("billed_to_id"),
            group=of("group_id"),
            statistics_party=of("statistics_party_id"),
            payment_party=of("payment_party_id"),
        )

    async def taken(self, code: str) -> bool:
        found: bool = await self._connection.fetchval(TAKEN, self._dossier.id, code)
        return found

    async def next_counter(self) -> int:
        counter: int = await self._connection.fetchval(NEXT, self._dossier.id)
        return counter

    def add(self, customer: Customer) -> None:
        row = customer_row(self._dossier.id, customer)
        self._pending.add(parts.NEW_CUSTOMER, row)
        self._pending.add(parts.NEW_CUSTOMER_TOKEN, {**row, "words": tokens_of(customer.details)})

    def save(self, customer: Customer) -> None:
        row = customer_row(self._dossier.id, customer)
        self._pending.add(parts.CHANGED_CUSTOMER, {**row, "loaded_version": self._loaded.pop(customer.id)})
        words = {**row, "words": tokens_of(customer.details)}
        self._pending.add(parts.GONE_CUSTOMER_TOKEN, words)
        self._pending.add(parts.NEW_CUSTOMER_TOKEN, words)

    def remove(self, customer: Customer) -> None:
        self._pending.add(
            parts.GONE_CUSTOMER,
            {
                "dossier_id": self._dossier.id,
                "customer_id": customer.id,
                "loaded_version": self._loaded.pop(customer.id),
            },
        )

    def _known(self, row: Fields | None) -> Customer:
        if row is None:
            raise NotFound(what="customer")
        customer = customer_of(row)
        self._loaded[customer.id] = customer.version
        return customer


def tokens_of(card: CustomerDetails) -> str:
    """The words that find a customer: those of his names, and the short name, which is searched by name too (B11)."""
    return f"{words_of(card)} {card.short_name}"


def words_of(card: CustomerDetails) -> str:
    """The words of a customer's names, folded, in their order."""
    return folded(f"{card.name} {card.first_name or ''}")


def address_columns(address: PostalAddress) -> Row:
    """A postal address as the columns of whoever has one."""
    return {
        "recipient": address.recipient,
        "complement": address.complement,
        "building": address.building,
        "street": address.street,
        "locality": address.locality,
        "postal_code": address.postal_code,
        "town": address.town,
        "country": address.country,
    }


def address_of(row: Fields) -> PostalAddress:
    return PostalAddress(
        recipient=row["recipient"],
        complement=row["complement"],
        building=row["building"],
        street=row["street"],
        locality=row["locality"],
        postal_code=row["postal_code"],
        town=row["town"],
        country=row["country"],
    )


phone_key = Directory().phone_key
PLACES = range(1, MOST_SALES_REPS + 1)


def _sales_columns(reps: Sequence[SalesShare]) -> Row:
    columns: Row = {}
    for n in PLACES:
        rep = reps[n - 1] if n <= len(reps) else None
        columns[f"sales_rep_{n}_id"] = rep.sales_rep if rep else None
        columns[f"sales_rep_{n}_share"] = rep.share if rep else None
    return columns


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
        "phone_key": phone_key(card.phone, country=address.country),
        "fax": card.fax,
        "no_sms": card.no_sms,
        **address_columns(address),
        "town_key": folded(address.town) if address.town else None,
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
        "category": card.category,
        "language": card.language,
        "siret": card.siret,
        "vat_number": card.vat_number,
        "fidelity_number": card.fidelity_number,
        "fidelity_program": card.fidelity_program,
        "tariff_code": card.tariff_code,
        "account_number": card.account_number,
        "our_code": card.our_code,
        "payment_mode": card.payment_mode,
        "print_mode": card.print_mode,
        "reminder_family": card.reminder_family,
        "confidentiality_code": card.confidentiality_code,
        "billed_to_id": card.billed_to,
        "group_id": card.group,
        "statistics_party_id": card.statistics_party,
        "payment_party_id": card.payment_party,
        "sales_admin_id": card.sales_admin,
        **_sales_columns(card.sales_reps),
        "management_ceiling": card.management_ceiling,
        "insurance_ceiling": card.insurance_ceiling,
        "back_orders_quotes": card.back_orders.quotes,
        "back_orders_orders": card.back_orders.orders,
        "back_orders_delivery_notes": card.back_orders.delivery_notes,
        "stat_1": card.stat_1,
        "stat_2": card.stat_2,
        "stat_3": card.stat_3,
        "chorus_enabled": card.chorus.enabled,
        "chorus_siret": card.chorus.siret,
        "chorus_service_code": card.chorus.service_code,
        "chorus_engagement_number": card.chorus.engagement_number,
        "chorus_service_required": card.chorus.service_required,
        "chorus_engagement_required": card.chorus.engagement_required,
        "custom_fields": card.custom_fields,
        "approved_at": customer.approved_at,
        "approved_by": customer.approved_by,
        "merged_into": customer.merged_into,
        "anonymised_at": customer.anonymised_at,
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
            address=address_of(row),
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
            given_short_name=None if row["short_name"] == short_name(row["name"]) else row["short_name"],
            category=row["category"],
            language=row["language"],
            siret=row["siret"],
            vat_number=row["vat_number"],
            fidelity_number=row["fidelity_number"],
            fidelity_program=row["fidelity_program"],
            tariff_code=row["tariff_code"],
            account_number=row["account_number"],
            our_code=row["our_code"],
            payment_mode=row["payment_mode"],
            print_mode=row["print_mode"],
            reminder_family=row["reminder_family"],
            confidentiality_code=row["confidentiality_code"],
            billed_to=row["billed_to_id"],
            group=row["group_id"],
            statistics_party=row["statistics_party_id"],
            payment_party=row["payment_party_id"],
            sales_admin=row["sales_admin_id"],
            sales_reps=tuple(
                SalesShare(sales_rep=ThirdPartyId(row[f"sales_rep_{n}_id"]), share=row[f"sales_rep_{n}_share"])
                for n in PLACES
                if row[f"sales_rep_{n}_id"]
            ),
            management_ceiling=row["management_ceiling"],
            insurance_ceiling=row["insurance_ceiling"],
            back_orders=BackOrderRules(
                quotes=BackOrders(row["back_orders_quotes"]),
                orders=BackOrders(row["back_orders_orders"]),
                delivery_notes=BackOrders(row["back_orders_delivery_notes"]),
            ),
            stat_1=row["stat_1"],
            stat_2=row["stat_2"],
            stat_3=row["stat_3"],
            chorus=ChorusProfile(
                enabled=row["chorus_enabled"],
                siret=row["chorus_siret"],
                service_code=row["chorus_service_code"],
                engagement_number=row["chorus_engagement_number"],
                service_required=row["chorus_service_required"],
                engagement_required=row["chorus_engagement_required"],
            ),
            custom_fields=json.loads(row["custom_fields"]),
        ),
        origin=CardOrigin(row["origin"]),
        approved_at=row["approved_at"],
        approved_by=row["approved_by"],
        merged_into=row["merged_into"],
        anonymised_at=row["anonymised_at"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        version=row["version"],
    )
