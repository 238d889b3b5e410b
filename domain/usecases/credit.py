"""Credit at order entry: above the management ceiling it warns, or refuses (B15, O13)."""

from domain.errors import CeilingExceeded
from domain.model.credit import Credit, Owed, still_to_come
from domain.model.customer import Customer
from domain.model.order import CustomerOrder
from domain.model.settings import CreditPolicy
from domain.model.values import NOTHING, OrderId, in_french
from domain.ports.unit_of_work import UnitOfWork


async def check_ceiling(
    work: UnitOfWork,
    customer: Customer,
    order: CustomerOrder,
    policy: CreditPolicy,
    *,
    paid: bool = False,
    besides: OrderId | None = None,
) -> None:
    """Warn on the order, or refuse it by ``policy``, when ``customer`` would owe more with it than his ceiling.

    Of the order counts what it comes to as it is now, nothing where it is ``paid`` at once; what is kept of it, or of
    ``besides`` in whose place it comes, does not. Under
    ``block`` the card is locked, so that two orders at once do not pass together. Raises ``CeilingExceeded``.
    """
    ceiling = customer.details.management_ceiling
    if not ceiling:
        return
    if policy is CreditPolicy.BLOCK:
        await work.customers.lock([customer.id])
    owed = await work.invoices.owed(customer.id, besides=besides or order.id)
    to_come = NOTHING if paid else still_to_come(order)
    credit = Credit(
        management_ceiling=ceiling,
        insurance_ceiling=customer.details.insurance_ceiling,
        owed=Owed(unpaid=owed.unpaid, open_orders=owed.open_orders + to_come),
    )
    if not credit.over:
        return
    outstanding = credit.owed.outstanding
    if policy is CreditPolicy.BLOCK:
        raise CeilingExceeded(name=customer.details.name, ceiling=ceiling, outstanding=outstanding)
    warning = f"{EXCEEDED} : encours {in_french(outstanding)} € pour {in_french(ceiling)} €"
    order.warnings = [*(each for each in order.warnings if not each.startswith(EXCEEDED)), warning]


EXCEEDED = "Plafond de direction dépassé"
"""How the warning begins: a later one takes its place."""
