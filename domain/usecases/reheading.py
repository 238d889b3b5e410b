"""The header of an order changed: whom it is billed to, where it goes, how it leaves the shop, what its delivery costs."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import TypedDict

from domain.errors import Fault, UnknownParty
from domain.model.defaults import CardFile
from domain.model.order import Billing, CustomerOrder, Header
from domain.model.values import AddressId, BankAccountId, Contact, ContactId, CustomerId
from domain.usecases.placing import Placing, main_of, need_one, unknown
from domain.usecases.pricing import asked_charge, hold_to_law, terms_of
from domain.usecases.rulebook import visible


class HeaderChanges(TypedDict, total=False):
    """What may be changed on an order beside its lines; what is absent stays, None empties.

    None is the main address, the customer himself for ``billed_to``, the customer's rule for ``back_orders`` and
    ``vat_exempt``, and the least that the law allows for ``delivery_charge``.
    """

    customer_reference: str | None
    comment: str | None
    contact: Contact
    billed_to: CustomerId | None
    billing_address_id: AddressId | None
    delivery_address_id: AddressId | None
    contact_id: ContactId | None
    bank_account_id: BankAccountId | None
    back_orders: bool | None
    mail_order: bool
    vat_exempt: bool | None
    delivery_charge: Decimal | None


PLACE = frozenset({"contact", "delivery_address_id"})
BILLING = frozenset({"billed_to", "billing_address_id"})
HANGING = frozenset({"delivery_address_id", "contact_id", "bank_account_id"})
"""What hangs on the customer's own card."""


async def reheaded(placing: Placing, order: CustomerOrder, changes: HeaderChanges, *, now: datetime) -> Header:
    """The header of ``order`` with ``changes``; where it leaves the shop otherwise its lines are priced anew.

    Raises ``NotFound`` for a card that may not be seen, ``UnknownParty``.
    """
    header = replace(
        order.header,
        customer_reference=changes.get("customer_reference", order.customer_reference),
        comment=changes.get("comment", order.comment),
        mail_order=changes.get("mail_order", order.mail_order),
    )
    if changes.keys() <= {"customer_reference", "comment"}:
        return header
    card = await _own(placing, order) if changes.keys() & (PLACE | BILLING | HANGING | {"back_orders"}) else None
    header = _hung(placing, card, header, changes)
    header = await _placed(placing, card, header, changes)
    if changes.keys() & BILLING or (changes.keys() & PLACE and card is not None and order.billing is None):
        header = replace(header, billing=await _billing(placing, card, header, changes))
    if "back_orders" in changes:
        header = replace(header, back_orders=await _back_orders(placing, card, changes["back_orders"]))
    return await _lawful(placing, order, header, changes, now=now)


async def _own(placing: Placing, order: CustomerOrder) -> CardFile | None:
    if order.customer_id is None:
        return None
    return await placing.file(visible(await placing.work.customers.get(order.customer_id), placing.by))


def _hung(placing: Placing, card: CardFile | None, header: Header, changes: HeaderChanges) -> Header:
    """With the contact and the account that were chosen. Raises ``UnknownParty``."""
    chosen = {name: changes.get(name) for name in HANGING}
    if card is None and (faults := [Fault("unknown-party", f"/{name}") for name, each in chosen.items() if each]):
        raise UnknownParty(faults=faults)
    if "contact_id" in changes:
        contacts = card.contacts if card else ()
        header = replace(header, contact_id=need_one(contacts, changes["contact_id"], "/contact_id"))
    if "bank_account_id" in changes:
        accounts = card.bank_accounts if card else ()
        header = replace(header, bank_account_id=placing.account(accounts, changes["bank_account_id"]))
    return header


async def _placed(placing: Placing, card: CardFile | None, header: Header, changes: HeaderChanges) -> Header:
    """With the contact that was typed and the delivery address that was chosen. Raises ``UnknownParty``."""
    contact = changes.get("contact", header.contact)
    if "delivery_address_id" in changes and card is not None:
        chosen = await placing.address(card, changes["delivery_address_id"], "/delivery_address_id")
        contact = replace(contact, address=placing.postal(chosen, card))
        return replace(header, contact=contact, delivery_address_id=chosen.address_id)
    stays = contact.address == header.contact.address
    return replace(header, contact=contact, delivery_address_id=header.delivery_address_id if stays else None)


async def _billing(placing: Placing, card: CardFile | None, header: Header, changes: HeaderChanges) -> Billing | None:
    himself = card.customer.id if card else None
    if "billed_to" in changes:
        target = changes["billed_to"] or himself
    else:
        target = header.billing.customer_id if header.billing else himself
    address_id = changes.get("billing_address_id")
    if target is None:
        if address_id is not None:
            raise unknown("/billing_address_id")
        return None
    billed = await placing.billed(target, card)
    if "billing_address_id" in changes:
        chosen = await placing.address(billed, address_id, "/billing_address_id") if address_id else main_of(billed)
    else:
        chosen = (await placing.defaults(card or billed, billed)).billing
    return placing.billing(card.customer if card else None, billed, chosen, delivered_to=header.contact.address)


async def _back_orders(placing: Placing, card: CardFile | None, wanted: bool | None) -> bool:
    if wanted is not None:
        return wanted
    if card is None:
        return placing.settings.back_orders_orders
    return bool((await placing.defaults(card, card)).back_orders)


async def _lawful(
    placing: Placing, order: CustomerOrder, header: Header, changes: HeaderChanges, *, now: datetime
) -> Header:
    """With the charge that the changes ask for, under the law; the lines are priced for how they now leave the shop."""
    asked = changes["delivery_charge"] if "delivery_charge" in changes else asked_charge(order)
    leaves_otherwise = header.mail_order != order.mail_order
    if not (leaves_otherwise or "vat_exempt" in changes or "delivery_charge" in changes):
        return header
    customer = await placing.work.customers.get(order.customer_id) if order.customer_id else None
    if "vat_exempt" in changes:
        own = customer is not None and customer.details.vat_exempt
        exempt = own if changes["vat_exempt"] is None else changes["vat_exempt"]
        header = replace(header, vat_exempt=exempt)
        if exempt == order.vat_exempt and not leaves_otherwise and "delivery_charge" not in changes:
            return header
    terms = await terms_of(placing.work, customer, placing.settings, on=placing.today)
    if leaves_otherwise:
        hold_to_law(order, terms, shipped=header.mail_order, now=now)
    charge, ruling = terms.charge(order.lines, asked=asked, shipped=header.mail_order)
    return replace(header, delivery_charge=charge, charge_ruling=ruling)
