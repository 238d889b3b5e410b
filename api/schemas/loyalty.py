"""Loyalty cards on the wire (A62)."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

from api.schemas.base import (
    Closed,
    EanCode,
    Line,
    Listing,
    Money,
    Open,
    Quantity,
    SignedMoney,
    Sum,
    UtcInstant,
    chosen,
    euros,
    open_choice,
    percent,
    text_only,
    whole,
    wire_id,
)
from api.schemas.identities import TableCode
from domain.model.loyalty import LoyaltyCause, ProgramKind
from domain.model.loyalty import LoyaltyProgram as Program
from domain.model.values import NOTHING
from domain.queries.loyalty import LoyaltyEntryView, LoyaltyView, RedemptionView
from domain.usecases.loyalty import Correction, TicketLine, Voucher

MOST_PROGRAMS = 20
MOST_TICKET_LINES = 200

PERCENT = r"([1-4](\.[0-9]{1,2})?|5(\.0{1,2})?|0\.(0[1-9]|[1-9][0-9]?))"
LoyaltyPercent = Annotated[
    Decimal,
    Field(strict=False),
    BeforeValidator(text_only(PERCENT, "loyalty-percent")),
    PlainSerializer(lambda rate: f"{rate:.2f}", return_type=str),
    WithJsonSchema({"type": "string", "pattern": f"^{PERCENT}$", "examples": ["5.00"]}),
]
"""Loyalty is a form of the discount that the law allows: 5 % at most (trade R11)."""
Every = Annotated[int, Field(ge=1, le=1000), BeforeValidator(whole)]
Months = Annotated[int, Field(ge=1, le=120), BeforeValidator(whole)]
Copies = Annotated[int, Field(ge=0, le=9999), BeforeValidator(whole)]
SignedCopies = Annotated[int, Field(ge=-9999, le=9999), BeforeValidator(whole)]


class LoyaltyProgram(Open):
    """A program: `percent` of each purchase that earns, reached at each `every`-th purchase or at each `threshold` euros."""

    code: str = Field(examples=["DIX"])
    label: str = Field(examples=["Dix achats"])
    kind: open_choice(ProgramKind)  # type: ignore[valid-type]
    percent: str = Field(examples=["5.00"])
    every: int | None = Field(examples=[10])
    threshold: Sum | None
    expires_after_months: int | None = Field(examples=[24], description="Null: what is earned never lapses.")
    voucher_note: str | None

    @classmethod
    def of(cls, each: Program) -> "LoyaltyProgram":
        return cls(
            code=each.code,
            label=each.label,
            kind=each.kind.value,
            percent=percent(each.percent),
            every=each.every,
            threshold=euros(each.threshold) if each.threshold is not None else None,
            expires_after_months=each.expires_after_months,
            voucher_note=each.voucher_note,
        )


class LoyaltyProgramInput(Closed):
    """`every` goes with the kind `purchases`, `threshold` with `amount`."""

    code: TableCode = Field(examples=["DIX"])
    label: Line = Field(examples=["Dix achats"])
    kind: chosen(ProgramKind) = Field(examples=["purchases"])  # type: ignore[valid-type]
    percent: LoyaltyPercent = Field(examples=["5.00"])
    every: Every | None = Field(default=None, examples=[10])
    threshold: Money | None = Field(default=None, examples=[None])
    expires_after_months: Months | None = Field(default=None, examples=[24])
    voucher_note: Line | None = Field(default=None, examples=["Valable un an"])

    def meant(self) -> Program:
        return Program(
            code=self.code,
            label=self.label,
            kind=self.kind,
            percent=self.percent,
            every=self.every,
            threshold=self.threshold.amount if self.threshold else None,
            expires_after_months=self.expires_after_months,
            voucher_note=self.voucher_note,
        )


class DossierLoyalty(Open):
    """The programs of the loyalty cards; the first is that of cards that name none (A62)."""

    programs: list[LoyaltyProgram]

    @classmethod
    def of(cls, programs: tuple[Program, ...]) -> "DossierLoyalty":
        return cls(programs=[LoyaltyProgram.of(each) for each in programs])


class DossierLoyaltyPatch(Closed):
    """The programs are replaced whole."""

    programs: Annotated[list[LoyaltyProgramInput], Field(max_length=MOST_PROGRAMS)] = Field(default_factory=list)

    def over(self, programs: tuple[Program, ...]) -> tuple[Program, ...]:
        return tuple(each.meant() for each in self.programs) if "programs" in self.model_fields_set else programs


class LoyaltyRound(Open):
    """What lies beyond the last full round."""

    purchases: int = Field(examples=[7])
    base: Sum
    amount: Sum


class LoyaltyToGo(Open):
    """What the next reward still takes: purchases or euros, as the program counts; both null without one."""

    purchases: int | None = Field(examples=[3])
    base: Sum | None


class LoyaltyLapse(Open):
    """What lapses next, and on which day."""

    on: date
    amount: Sum


class Loyalty(Open):
    """A loyalty card as it stands (A62). `balance` is the sum of its ledger; `available` are the rewards reached and not spent.

    `owed`: what was brought back after its reward was spent, which later purchases pay back first.
    """

    customer_id: str = Field(examples=["cus_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    active: bool
    number: str | None
    started_on: date | None
    program: LoyaltyProgram | None
    balance: Sum
    available: Sum
    purchases: int = Field(examples=[17])
    base: Sum
    under_way: LoyaltyRound
    to_go: LoyaltyToGo
    owed: Sum
    rewards: int = Field(examples=[1], description="Reached so far.")
    expires_next: LoyaltyLapse | None

    @classmethod
    def of(cls, view: LoyaltyView) -> "Loyalty":
        stands, program = view.standing, view.program
        left = stands.to_go(program)
        counted = program is not None and program.kind is ProgramKind.PURCHASES
        return cls(
            customer_id=wire_id("cus", view.customer_id),
            active=view.active,
            number=view.number,
            started_on=view.started_on,
            program=LoyaltyProgram.of(program) if program else None,
            balance=euros(stands.balance),
            available=euros(stands.available),
            purchases=stands.purchases,
            base=euros(stands.base),
            under_way=LoyaltyRound(
                purchases=stands.round_purchases, base=euros(stands.round_base), amount=euros(stands.round_amount)
            ),
            to_go=LoyaltyToGo(
                purchases=int(left) if left is not None and counted else None,
                base=euros(left) if left is not None and not counted else None,
            ),
            owed=euros(stands.owed),
            rewards=stands.rewards,
            expires_next=LoyaltyLapse(on=stands.lapse.on, amount=euros(stands.lapse.amount)) if stands.lapse else None,
        )


class LoyaltyEntry(Open):
    """One step of a card's ledger; `amount`, `purchases` and `base` are signed, `balance` is what the card had after it."""

    id: str = Field(examples=["loy_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    at: UtcInstant
    cause: open_choice(LoyaltyCause)  # type: ignore[valid-type]
    amount: Sum
    purchases: int = Field(examples=[1])
    base: Sum
    purchase_id: str | None
    reference: str
    reason: str | None
    by: str
    balance: Sum

    @classmethod
    def of(cls, view: LoyaltyEntryView) -> "LoyaltyEntry":
        return cls(
            id=wire_id("loy", view.id),
            at=view.at,
            cause=view.cause.value,
            amount=euros(view.amount),
            purchases=view.purchases,
            base=euros(view.base),
            purchase_id=wire_id("pur", view.purchase_id) if view.purchase_id else None,
            reference=view.reference,
            reason=view.reason,
            by=view.by,
            balance=euros(view.balance),
        )


class LoyaltyEntryPage(Listing[LoyaltyEntry]):
    """One page of a ledger."""


class LoyaltyOpening(Closed):
    """What the card had in another program (P34)."""

    amount: Money
    purchases: Copies = Field(default=0, examples=[4])
    base: Money | None = Field(default=None, examples=[{"amount": "80.00", "currency": "EUR"}])
    reason: Line | None = Field(default=None, examples=["Repris de l'ancien logiciel"])

    def meant(self) -> Correction:
        return Correction(
            amount=self.amount.amount,
            purchases=self.purchases,
            base=self.base.amount if self.base else NOTHING,
            reason=self.reason,
        )


class LoyaltyAdjustment(Closed):
    """What the card is to have more, or less."""

    amount: SignedMoney = Field(examples=[{"amount": "2.00", "currency": "EUR"}])
    purchases: SignedCopies = Field(default=0, examples=[0])
    base: SignedMoney | None = Field(default=None, examples=[{"amount": "0.00", "currency": "EUR"}])
    reason: Line = Field(examples=["Achat oublié en caisse"])

    def meant(self) -> Correction:
        return Correction(
            amount=self.amount.amount,
            purchases=self.purchases,
            base=self.base.amount if self.base else NOTHING,
            reason=self.reason,
        )


class RedemptionLineInput(Closed):
    """A line of the ticket; `amount` is what all its copies cost before the voucher, VAT included."""

    reference: Line = Field(examples=["T1-1187/1"])
    ean: EanCode
    quantity: Quantity
    amount: Money
    shipped: bool = Field(default=False, examples=[False])


class RedemptionCreate(Closed):
    """A voucher for the lines of a ticket; without `amount` all that may be spent on them."""

    amount: Money | None = Field(default=None, examples=[None])
    reference: Line = Field(description="The ticket.", examples=["T1-1187"])
    lines: Annotated[list[RedemptionLineInput], Field(min_length=1, max_length=MOST_TICKET_LINES)]

    def meant(self) -> Voucher:
        return Voucher(
            amount=self.amount.amount if self.amount else None,
            reference=self.reference,
            lines=[
                TicketLine(
                    reference=line.reference,
                    ean=line.ean,
                    quantity=line.quantity,
                    amount=line.amount.amount,
                    shipped=line.shipped,
                )
                for line in self.lines
            ],
        )


class RedemptionLine(Open):
    """What the voucher takes off a line and the most it might, with the rule of the law that says so."""

    reference: str
    amount: Sum
    most: Sum
    rule: str | None = Field(examples=["R1"])
    reason: str
    reason_en: str


class Redemption(Open):
    """A voucher spent, and how the card stands after it."""

    id: str = Field(examples=["loy_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    amount: Sum
    lines: list[RedemptionLine]
    loyalty: Loyalty

    @classmethod
    def of(cls, view: RedemptionView) -> "Redemption":
        return cls(
            id=wire_id("loy", view.id),
            amount=euros(view.amount),
            lines=[
                RedemptionLine(
                    reference=line.reference,
                    amount=euros(line.amount),
                    most=euros(line.most),
                    rule=line.rule,
                    reason=line.reason,
                    reason_en=line.reason_en,
                )
                for line in view.lines
            ],
            loyalty=Loyalty.of(view.loyalty),
        )
