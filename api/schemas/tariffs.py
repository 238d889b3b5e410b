"""Tariffs and prices on the wire (A63-A65, C8)."""

from dataclasses import replace
from typing import Annotated

from pydantic import Field

from api.schemas.base import Closed, Listing, Open, Sum, euros, open_choice, percent
from api.schemas.customer_parts import DiscountCreate
from api.schemas.orders import Ruling, VatTotal
from domain.errors import Fault, Inconsistent
from domain.model.booklaw import Buyer
from domain.model.card import DiscountDetails, DiscountScope
from domain.model.prices import PriceSource
from domain.queries.prices import PricedLineView, PricesView
from domain.queries.tariffs import TariffView

MOST_RULES = 100


class TariffRuleInput(DiscountCreate):
    """A discount of a tariff (A65)."""


class TariffWrite(Closed):
    """The discounts of a tariff, all of them: where two fit equally the first goes before."""

    rules: Annotated[list[TariffRuleInput], Field(max_length=MOST_RULES)]

    def meant(self) -> list[DiscountDetails]:
        """Raises ``Inconsistent`` naming every field of every rule that does not go with the others."""
        made: list[DiscountDetails] = []
        faults: list[Fault] = []
        for index, rule in enumerate(self.rules):
            try:
                made.append(rule.meant())
            except Inconsistent as refusal:
                faults += [replace(fault, pointer=f"/rules/{index}{fault.pointer}") for fault in refusal.faults]
        if faults:
            raise Inconsistent(faults=faults)
        return made


class TariffRule(Open):
    """A discount that every customer of the tariff has."""

    scope: open_choice(DiscountScope)  # type: ignore[valid-type]
    percent: str = Field(examples=["5.00"])
    vat_rate: str | None
    category: str | None
    starts_on: str | None
    ends_on: str | None = Field(description="The first day on which it holds no more.")
    basis: str | None

    @classmethod
    def of(cls, rule: DiscountDetails) -> "TariffRule":
        return cls(
            scope=rule.scope.value,
            percent=percent(rule.percent),
            vat_rate=percent(rule.vat_rate) if rule.vat_rate is not None else None,
            category=rule.category,
            starts_on=rule.starts_on.isoformat() if rule.starts_on else None,
            ends_on=rule.ends_on.isoformat() if rule.ends_on else None,
            basis=rule.basis,
        )


class Tariff(Open):
    """A code of the table `tariffs` and what it gives to the customers who have it (A65)."""

    code: str = Field(examples=["T1"])
    label: str = Field(examples=["Tarif collectivités"])
    rules: list[TariffRule]

    @classmethod
    def of(cls, view: TariffView) -> "Tariff":
        return cls(code=view.code, label=view.label, rules=[TariffRule.of(rule) for rule in view.rules])


class TariffPage(Listing[Tariff]):
    """Every tariff, in the order of its table."""


class PricedLine(Open):
    """What a line would cost. ``discount_percent`` is the discount asked for before the law, null when a price was typed.

    ``discount_rule`` is the permanent discount that won, null when none did; ``loyalty_reason`` says why the line earns or not.
    """

    ean: str
    title: str
    quantity: int = Field(examples=[1])
    list_price: Sum
    unit_price: Sum
    price_source: open_choice(PriceSource)  # type: ignore[valid-type]
    discount_percent: str | None = Field(examples=["5.00"])
    discount_rule: TariffRule | None
    tariff_code: str | None = Field(description="The tariff that gave the discount.")
    ruling: Ruling | None
    earns_loyalty: bool
    loyalty_reason: str
    loyalty_reason_en: str
    vat_rate: str = Field(examples=["5.50"])
    net: Sum
    amount: Sum

    @classmethod
    def of(cls, view: PricedLineView) -> "PricedLine":
        priced, chosen = view.priced, view.priced.chosen
        return cls(
            ean=view.ean,
            title=view.title,
            quantity=view.quantity,
            list_price=euros(priced.list_price),
            unit_price=euros(priced.unit_price),
            price_source=priced.source.value,
            discount_percent=percent(priced.percent) if priced.percent is not None else None,
            discount_rule=TariffRule.of(chosen.details) if chosen else None,
            tariff_code=chosen.tariff_code if chosen else None,
            ruling=Ruling.of(priced.ruling) if priced.ruling else None,
            earns_loyalty=priced.earns_loyalty,
            loyalty_reason=priced.loyalty.reason,
            loyalty_reason_en=priced.loyalty.reason_en,
            vat_rate=percent(view.vat_rate),
            net=euros(view.net),
            amount=euros(view.amount),
        )


class Prices(Open):
    """What an order would come to. ``buyer`` is who the customer is to the law on book prices."""

    buyer: open_choice(Buyer)  # type: ignore[valid-type]
    lines: list[PricedLine]
    delivery_charge: Sum
    charge_ruling: Ruling | None
    total: Sum
    discount: Sum
    vat_totals: list[VatTotal]

    @classmethod
    def of(cls, view: PricesView) -> "Prices":
        return cls(
            buyer=view.buyer.value,
            lines=[PricedLine.of(line) for line in view.lines],
            delivery_charge=euros(view.delivery_charge),
            charge_ruling=Ruling.of(view.charge_ruling) if view.charge_ruling else None,
            total=euros(view.total),
            discount=euros(view.discount),
            vat_totals=[
                VatTotal(rate=percent(each.rate), net=euros(each.net), vat=euros(each.vat)) for each in view.vat_totals
            ],
        )
