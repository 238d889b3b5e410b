"""Credit (encours): what a customer owes and will owe, against the ceilings of his card (B15, O13)."""

from dataclasses import dataclass
from decimal import Decimal

from domain.model.order import CustomerOrder, Status
from domain.model.values import NOTHING

OPEN = frozenset({Status.OPEN, Status.PARTLY_DELIVERED, Status.BLOCKED})
"""Orders of which something is still to be delivered, or paid before it is (CO, LP, BL)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """Euros: what is not paid of the customer's invoices (credit notes take away), and what his open orders will come to."""

    unpaid: Decimal
    open_orders: Decimal

    @property
    def outstanding(self) -> Decimal:
        """The encours."""
        return self.unpaid + self.open_orders


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """Where a customer stands. A nil management ceiling means that his credit is not controlled (B15)."""

    management_ceiling: Decimal
    insurance_ceiling: Decimal
    owed: Owed

    @property
    def controlled(self) -> bool:
        return bool(self.management_ceiling)

    @property
    def left(self) -> Decimal | None:
        """What he may still order, negative above the ceiling; None when it is not controlled."""
        return self.management_ceiling - self.owed.outstanding if self.controlled else None

    @property
    def over(self) -> bool:
        return self.controlled and self.owed.outstanding > self.management_ceiling

    @property
    def risk(self) -> Decimal:
        """The part of the management ceiling that no insurance covers, which the firm accepts (B15)."""
        return max(self.management_ceiling - self.insurance_ceiling, NOTHING)


def still_to_come(order: CustomerOrder) -> Decimal:
    """What an open order will still come to: the copies not delivered, less what was paid ahead of deliveries."""
    if order.status not in OPEN:
        return NOTHING
    copies = [(line, line.ordered - line.cancelled - line.delivered) for line in order.lines]
    to_deliver = sum((line.owed_for(each).due for line, each in copies), NOTHING)
    ahead = max(order.paid - order.delivered_value, NOTHING)
    return max(to_deliver - ahead, NOTHING)
