"""A shop with loyalty cards and a till that tells of what is sold at it."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from domain.model.loyalty import LoyaltyEntry, LoyaltyProgram, ProgramKind, Standing, program_of, standing
from domain.model.purchase import PurchaseSource
from domain.model.values import NOTHING, CustomerId, Ean, MergeId
from domain.queries.customers import CustomerView
from domain.queries.loyalty import LoyaltyView, RedemptionView
from domain.queries.merges import MergeView
from domain.usecases.loyalty import Correction, Loyalty, TicketLine, Voucher
from domain.usecases.merges import MergeOrder, Merges
from domain.usecases.recording import Recorded, Recording, ToldPurchase
from tests.contracts.house import House
from tests.usecases.office import Office

BOOK = Ean("9782092512746")
THREE = LoyaltyProgram(code="3", label="Trois achats", kind=ProgramKind.PURCHASES, percent=Decimal("5.00"), every=3)
ONE = LoyaltyProgram(
    code="1",
    label="Dès le premier euro",
    kind=ProgramKind.PURCHASES,
    percent=Decimal("5.00"),
    every=1,
    expires_after_months=1,
)


class Till(Office):
    """``told`` lines are at the publisher's price of 10 euros, unless they say otherwise."""

    def __init__(self, house: House) -> None:
        super().__init__(house)
        self.recording = Recording(self.around)
        self.loyalty = Loyalty(self.around)
        self.merges = Merges(self.around)
        self._references = count(1)

    async def reader(self, name: str = "CLAIRE", **more: Any) -> CustomerView:
        """A customer with an active loyalty card."""
        return await self.card(name, **{"fidelity_active": True, **more})

    def sale(self, card: CustomerView | CustomerId, quantity: int = 1, **more: Any) -> ToldPurchase:
        return ToldPurchase(
            **{
                "reference": f"L{next(self._references)}",
                "source": PurchaseSource.TILL,
                "at": self.house.clock(),
                "customer_id": card.id if isinstance(card, CustomerView) else card,
                "ean": BOOK,
                "quantity": quantity,
                "amount": Decimal("10.00") * quantity,
                **more,
            }
        )

    async def record(self, *lines: ToldPurchase, key: str | None = None) -> Sequence[Recorded]:
        results: Sequence[Recorded] = await self._result(
            self.recording.record(by=self.staff, lines=lines, once=self.once(key))
        )
        return results

    async def sells(self, card: CustomerView, quantity: int = 1, **more: Any) -> ToldPurchase:
        """One purchase, which must be new."""
        line = self.sale(card, quantity, **more)
        (result,) = await self.record(line)
        assert result.outcome == "created", result
        return line

    def back(self, card: CustomerView | CustomerId, line: ToldPurchase, copies: int = 1, **more: Any) -> ToldPurchase:
        """Copies of a line brought back for what was paid for them."""
        amount = (line.amount * copies / line.quantity).quantize(Decimal("0.01"))
        return self.sale(card, -copies, amount=-amount, ean=line.ean, undoes=line.reference, **more)

    async def redeem(
        self, card: CustomerView | CustomerId, *lines: TicketLine, amount: str | None = None, ticket: str = "T1"
    ) -> RedemptionView:
        voucher = Voucher(amount=Decimal(amount) if amount else None, reference=ticket, lines=lines)
        customer_id = card.id if isinstance(card, CustomerView) else card
        view: RedemptionView = await self._result(
            self.loyalty.redeem(by=self.staff, customer_id=customer_id, voucher=voucher, once=self.once())
        )
        return view

    async def correct(self, card: CustomerView, amount: str, *, opening: bool = False, **more: Any) -> LoyaltyView:
        correction = Correction(amount=Decimal(amount), **{"reason": "Vu au comptoir", **more})
        do = self.loyalty.open if opening else self.loyalty.adjust
        view: LoyaltyView = await self._result(
            do(by=self.staff, customer_id=card.id, correction=correction, once=self.once())
        )
        return view

    async def merge(self, kept: CustomerId, absorbed: CustomerId) -> MergeView:
        order = MergeOrder(kept_id=kept, absorbed_id=absorbed, choices={})
        view: MergeView = await self._result(self.merges.merge(by=self.staff, order=order, once=self.once()))
        return view

    async def unmerge(self, merge_id: MergeId) -> None:
        await self._result(self.merges.undo(by=self.staff, merge_id=merge_id, once=self.once()))

    async def ledger(self, customer_id: CustomerId) -> list[LoyaltyEntry]:
        async with self.house.begin(self.house.dossier) as work:
            return list((await work.loyalty.entries([customer_id]))[customer_id])

    async def stands(self, customer_id: CustomerId) -> Standing:
        """How a card stands; the sum of its ledger must be its balance, and never below nil."""
        entries = await self.ledger(customer_id)
        async with self.house.begin(self.house.dossier) as work:
            settings = await work.references.settings()
            card = await work.customers.get(customer_id)
        program = program_of(settings.loyalty, card.details.fidelity_program)
        found = standing(entries, program, ZoneInfo(self.house.dossier.time_zone))
        balance = sum((each.amount for each in entries), NOTHING)
        assert balance >= 0, entries
        assert balance == found.balance, "the balance is the sum of the ledger"
        return found

    async def balance(self, card: CustomerView) -> str:
        return f"{(await self.stands(card.id)).balance:.2f}"

    def at(self, now: datetime) -> None:
        self.house.clock.now = now
