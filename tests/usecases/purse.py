"""The counter, where customers leave deposits by name; over any house."""

from decimal import Decimal
from typing import Any

from domain.model.customer import CustomerDetails
from domain.model.named_deposit import NamedDepositUse
from domain.model.payment import PaymentMethod
from domain.model.values import NOTHING, CustomerId
from domain.queries.named_deposits import NamedDepositBalance
from domain.queries.orders import OrderView
from domain.usecases.named_deposits import LeftByName, NamedDeposits
from tests.contracts.books import audit
from tests.contracts.house import House
from tests.contracts.samples import customer
from tests.usecases.shop import Shop


class Purse(Shop):
    """As ``Shop``; amounts are given as text."""

    def __init__(self, house: House) -> None:
        super().__init__(house)
        self.named_deposits = NamedDeposits(self.around)

    async def card(self, name: str = "MARTIN", **more: Any) -> CustomerId:
        """A card that nothing forbids to order."""
        made = customer(self.house.new_id, name=name, barcode=None)
        made.code = f"C{made.id.int >> 80:07d}"
        made.details = CustomerDetails(name=name, **more)
        async with self.house.begin(self.house.dossier) as work:
            work.customers.add(made)
            await work.commit()
        return made.id

    async def leave(
        self, customer_id: CustomerId, amount: str, *, back: bool = False, key: str | None = None
    ) -> Decimal:
        """Money left by name, or taken ``back``; the balance after it."""
        left = LeftByName(amount=Decimal(amount), refunded=back, method=PaymentMethod.CHEQUE, reference="Chèque 12")
        leaving = self.named_deposits.receive(by=self.staff, customer_id=customer_id, left=left, once=self.once(key))
        view: NamedDepositBalance = await self._result(leaving)
        return view.balance

    async def use(self, order: OrderView, amount: str, *, back: bool = False, key: str | None = None) -> OrderView:
        """Take of the customer's deposit for the order, or give it back."""
        moving = self.named_deposits.move(
            by=self.staff,
            order_id=order.id,
            version=order.version,
            amount=Decimal(amount),
            direction=NamedDepositUse.RETURN if back else NamedDepositUse.USE,
            once=self.once(key),
        )
        view: OrderView = await self._result(moving)
        return view

    async def purse(self, customer_id: CustomerId) -> list[tuple[str, str]]:
        """Cause and amount of each entry of his ledger; every rule of the shop holds."""
        books = await self.house.books()
        audit(books)
        mine = sorted((each for each in books.named if each.customer_id == customer_id), key=lambda each: each.at)
        return [(each.cause.value, f"{each.amount:.2f}") for each in mine]

    async def balance(self, customer_id: CustomerId) -> Decimal:
        books = await self.house.books()
        return sum((each.amount for each in books.named if each.customer_id == customer_id), NOTHING)
