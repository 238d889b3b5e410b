"""The company file on the wire."""

from dataclasses import replace
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from api.schemas.base import Amount, Closed, Day, Line, Open, Text, chosen, open_choice, whole, wire_id
from api.schemas.dunning import DossierReminders, DossierRemindersPatch
from api.schemas.identities import Gln, Siret, TableCode, UserKey
from api.schemas.loyalty import DossierLoyalty, DossierLoyaltyPatch
from api.schemas.tables import distinct
from domain.model.booklaw import BOOK_LAW, LawKey, LawValue
from domain.model.message import MessageChannel, MessageEvent, MessageRules, Step
from domain.model.pickup import LONGEST as LONGEST_PICKUP
from domain.model.pickup import PickupRules
from domain.model.settings import STAT_AXES, CodePadding, CreditPolicy
from domain.model.statcodes import LONGEST, MOST_LEVELS, StatAxis
from domain.model.values import DocumentType, StaffId
from domain.queries.settings import DossierView
from domain.usecases.settings import DossierEdit

Prefix = Annotated[str, StringConstraints(pattern="^[A-Z]{1,3}$")]
Month = Annotated[int, Field(ge=1, le=12), BeforeValidator(whole)]
Years = Annotated[int, Field(ge=1, le=30), BeforeValidator(whole)]
Length = Annotated[int, Field(ge=1, le=LONGEST), BeforeValidator(whole)]
Lengths = Annotated[
    list[Length],
    AfterValidator(distinct),
    AfterValidator(sorted),
    Field(max_length=MOST_LEVELS, json_schema_extra={"uniqueItems": True}),
]
MOST_LAW_VALUES = 200
People = Annotated[
    list[UserKey],
    AfterValidator(distinct),
    Field(max_length=50, json_schema_extra={"uniqueItems": True}),
]


OpenDays = Annotated[int, Field(ge=0, le=LONGEST_PICKUP), BeforeValidator(whole)]
Days = Annotated[int, Field(ge=1, le=LONGEST_PICKUP), BeforeValidator(whole)]
StepDays = Annotated[int, Field(ge=0, le=LONGEST_PICKUP), BeforeValidator(whole)]
Weekday = Annotated[int, Field(ge=1, le=7), BeforeValidator(whole)]
Hour = Annotated[int, Field(ge=0, le=24), BeforeValidator(whole)]
Minutes = Annotated[int, Field(ge=0, le=240), BeforeValidator(whole)]
Weekdays = Annotated[
    list[Weekday], AfterValidator(distinct), Field(max_length=7, json_schema_extra={"uniqueItems": True})
]
ClosedDates = Annotated[
    list[Day], AfterValidator(distinct), Field(max_length=400, json_schema_extra={"uniqueItems": True})
]
Reaching = Annotated[
    list[Literal["email", "sms"]],
    AfterValidator(distinct),
    Field(max_length=2, json_schema_extra={"uniqueItems": True}),
]
Automatic = Annotated[
    list[Literal["arrival", "reminder_1", "reminder_2", "reminder_3", "last_call", "cancelled", "order_confirmed"]],
    AfterValidator(distinct),
    Field(max_length=7, json_schema_extra={"uniqueItems": True}),
]


class ContactRoles(Open):
    """The function code of who receives each document (B36, O10)."""

    order: str = Field(examples=["CDE"])
    delivery_note: str = Field(examples=["LIV"])
    invoice: str = Field(examples=["FAC"])
    reminder: str = Field(examples=["REL"])
    quote: str = Field(examples=["DEV"])


class ContactRolesPatch(Closed):
    """Function codes of the shop's own table; an absent role stays."""

    order: TableCode = Field(default="", examples=["CDE"])
    delivery_note: TableCode = Field(default="", examples=["LIV"])
    invoice: TableCode = Field(default="", examples=["FAC"])
    reminder: TableCode = Field(default="", examples=["REL"])
    quote: TableCode = Field(default="", examples=["DEV"])


class StatisticsAxis(Open):
    """A statistics code of the cards: its label on all screens and the lengths of its levels, cumulative (B81, B82)."""

    number: int = Field(examples=[1])
    label: str = Field(examples=["Secteur"])
    segments: list[int] = Field(examples=[[2, 4, 8]])


class StatisticsAxisInput(Closed):
    """``segments`` are cumulative lengths in characters: 2, 4, 8 reads FR44ABCD as FR, FR44, FR44ABCD; none: no levels."""

    label: Line = Field(examples=["Secteur"])
    segments: Lengths = Field(default_factory=list, examples=[[2, 4, 8]])


class DossierBackOrders(Open):
    """The general rule for back-orders (reliquats) of each kind of document (B27)."""

    quotes: bool = Field(examples=[False])
    orders: bool = Field(examples=[True])
    delivery_notes: bool = Field(examples=[True])


class DossierBackOrdersPatch(Closed):
    """An absent kind of document stays."""

    quotes: bool = Field(default=False, examples=[False])
    orders: bool = Field(default=False, examples=[True])
    delivery_notes: bool = Field(default=False, examples=[True])


class BookLawValue(Open):
    """A value of the law on book prices, in force from its day until the next of its key (C8).

    Caps are percent off the publisher's price, `least_charge`, `least_charge_above` and `charge_threshold` euros VAT included,
    `free_order_copies` copies.
    """

    key: open_choice(LawKey)  # type: ignore[valid-type]
    since: str = Field(examples=["2023-10-07"])
    value: str = Field(examples=["3.00"])

    @classmethod
    def of(cls, each: LawValue) -> "BookLawValue":
        return cls(key=each.key.value, since=each.since.isoformat(), value=f"{each.value:.2f}")


class BookLawInput(Closed):
    """A value of the shop's own: of the same key and day it goes before the known one."""

    key: chosen(LawKey) = Field(examples=["least_charge"])  # type: ignore[valid-type]
    since: Day = Field(examples=["2027-01-01"])
    value: Amount = Field(examples=["3.50"])

    def meant(self) -> LawValue:
        return LawValue(key=self.key, since=self.since, value=self.value)


class DossierPickup(Open):
    """Until when copies are kept (P5): days on which the shop is open, by customer category where one is named."""

    days: int = Field(examples=[14])
    by_category: dict[str, int] = Field(examples=[{"SCOLAIRE": 30}])
    closed_weekdays: list[int] = Field(description="1 is Monday.", examples=[[7]])
    closed_dates: list[date] = Field(examples=[["2026-12-25"]])


class DossierPickupPatch(Closed):
    """An absent field stays; lists and `by_category` are replaced whole."""

    days: Days = Field(default=14, examples=[14])
    by_category: Annotated[dict[TableCode, OpenDays], Field(max_length=50)] = Field(default_factory=dict, examples=[{}])
    closed_weekdays: Weekdays = Field(default_factory=list, examples=[[7]])
    closed_dates: ClosedDates = Field(default_factory=list, examples=[["2026-12-25"]])

    def over(self, rules: PickupRules) -> PickupRules:
        sent: dict[str, Any] = {name: getattr(self, name) for name in self.model_fields_set}
        for name in ("closed_weekdays", "closed_dates"):
            if name in sent:
                sent[name] = frozenset(sent[name])
        return replace(rules, **sent)


class MessageStep(Open):
    """A step of the escalation, so many days after a copy was set aside."""

    event: open_choice(MessageEvent)  # type: ignore[valid-type]
    after_days: int = Field(examples=[7])


class MessageStepInput(Closed):
    """A step of the escalation; steps come in the order of their events, on rising days."""

    event: Literal["arrival", "reminder_1", "reminder_2", "reminder_3", "last_call"]
    after_days: StepDays = Field(examples=[7])


class DossierMessages(Open):
    """Who hears of copies that wait, how, when, and what goes out by itself (C11)."""

    channels: list[open_choice(MessageChannel)] = Field(  # type: ignore[valid-type]
        description="In order of preference.", examples=[["email", "sms"]]
    )
    steps: list[MessageStep]
    automatic: list[open_choice(MessageEvent)] = Field(examples=[["arrival"]])  # type: ignore[valid-type]
    grace_minutes: int = Field(examples=[15])
    from_hour: int = Field(examples=[9])
    to_hour: int = Field(examples=[19])


class DossierMessagesPatch(Closed):
    """An absent field stays; lists are replaced whole."""

    channels: Reaching = Field(default_factory=list, examples=[["email", "sms"]])
    steps: Annotated[list[MessageStepInput], Field(max_length=5)] = Field(default_factory=list)
    automatic: Automatic = Field(default_factory=list, examples=[["arrival"]])
    grace_minutes: Minutes = Field(default=15, examples=[15])
    from_hour: Hour = Field(default=9, examples=[9])
    to_hour: Hour = Field(default=19, examples=[19])

    def over(self, rules: MessageRules) -> MessageRules:
        made: dict[str, Any] = {
            "channels": tuple(MessageChannel(each) for each in self.channels),
            "steps": tuple(Step(event=MessageEvent(each.event), after_days=each.after_days) for each in self.steps),
            "automatic": frozenset(MessageEvent(each) for each in self.automatic),
            "grace_minutes": self.grace_minutes,
            "from_hour": self.from_hour,
            "to_hour": self.to_hour,
        }
        sent = {name: value for name, value in made.items() if name in self.model_fields_set}
        if "grace_minutes" in sent:
            sent["grace"] = sent.pop("grace_minutes")
        return replace(rules, **sent)


class Dossier(Open):
    """The company file: what the shop is called and what it decided for all of its cards."""

    code: str = Field(examples=["demo"])
    name: str = Field(examples=["Librairie du Comptoir"])
    address: str = Field(examples=["7, quai des Libraires\n44000 Nantes"])
    time_zone: str = Field(examples=["Europe/Paris"])
    code_padding: open_choice(CodePadding)  # type: ignore[valid-type]
    customer_prefix: str = Field(examples=["C"])
    contact_roles: ContactRoles
    stat_axes: list[StatisticsAxis]
    back_orders: DossierBackOrders
    credit_policy: open_choice(CreditPolicy)  # type: ignore[valid-type]
    flash_customer_ids: list[str] = Field(examples=[["usr_019301a2b3c47d5e8f90a1b2c3d4e5f6"]])
    flash_third_party_ids: list[str] = Field(examples=[[]])
    fiscal_month: int = Field(examples=[1])
    retention_years: int = Field(examples=[3])
    book_law: list[BookLawValue] = Field(description="The shop's own dated values.", examples=[[]])
    known_law: list[BookLawValue] = Field(description="What the program knows, which the shop's own values go before.")
    pickup: DossierPickup
    old_after_days: int = Field(examples=[14], description="A copy kept for more days is marked (P32).")
    messages: DossierMessages
    loyalty: DossierLoyalty
    reminders: DossierReminders
    gln: str | None = Field(examples=["3014567890124"], description="Of the shop, as it declares to SOFIA (R14).")
    siret: str | None = Field(examples=["73282932000074"])
    version: int = Field(examples=[1])

    @classmethod
    def of(cls, view: DossierView) -> "Dossier":
        kept = view.settings
        return cls(
            code=view.code,
            name=view.name,
            address=view.address,
            time_zone=view.time_zone,
            code_padding=kept.code_padding.value,
            customer_prefix=kept.customer_prefix,
            contact_roles=ContactRoles(**{document.value: code for document, code in kept.contact_roles.items()}),
            stat_axes=[
                StatisticsAxis(number=axis.number, label=axis.label, segments=list(axis.segments))
                for axis in kept.stat_axes
            ],
            back_orders=DossierBackOrders(
                quotes=kept.back_orders_quotes,
                orders=kept.back_orders_orders,
                delivery_notes=kept.back_orders_delivery_notes,
            ),
            credit_policy=kept.credit_policy.value,
            flash_customer_ids=[wire_id("usr", each) for each in kept.flash_customers],
            flash_third_party_ids=[wire_id("usr", each) for each in kept.flash_third_parties],
            fiscal_month=kept.fiscal_month,
            retention_years=kept.retention_years,
            book_law=[BookLawValue.of(each) for each in kept.law],
            known_law=[BookLawValue.of(each) for each in BOOK_LAW],
            pickup=DossierPickup(
                days=kept.pickup.days,
                by_category=dict(kept.pickup.by_category),
                closed_weekdays=sorted(kept.pickup.closed_weekdays),
                closed_dates=sorted(kept.pickup.closed_dates),
            ),
            old_after_days=kept.old_after_days,
            gln=kept.gln,
            siret=kept.siret,
            messages=DossierMessages(
                channels=[each.value for each in kept.messages.channels],
                steps=[MessageStep(event=each.event.value, after_days=each.after_days) for each in kept.messages.steps],
                automatic=[each.value for each in MessageEvent if each in kept.messages.automatic],
                grace_minutes=kept.messages.grace,
                from_hour=kept.messages.from_hour,
                to_hour=kept.messages.to_hour,
            ),
            loyalty=DossierLoyalty.of(kept.loyalty),
            reminders=DossierReminders.of(kept.reminders),
            version=view.version,
        )


SAME = (
    "code_padding",
    "customer_prefix",
    "credit_policy",
    "fiscal_month",
    "retention_years",
    "old_after_days",
    "gln",
    "siret",
)
"""Settings that the wire says as the shop does."""
OVER = ("pickup", "messages", "loyalty", "reminders")
"""Settings of several fields, of which those that are sent go over the present ones."""
PEOPLE = {"flash_customer_ids": "flash_customers", "flash_third_party_ids": "flash_third_parties"}


class DossierPatch(Closed):
    """A merge patch (RFC 7396): an absent field stays; the three axes, the lists of people and the law are replaced whole."""

    name: Line = Field(default="", examples=["Librairie du Comptoir"])
    address: Text = Field(default="", examples=["7, quai des Libraires\n44000 Nantes"])
    code_padding: chosen(CodePadding) = CodePadding.NONE  # type: ignore[valid-type]
    customer_prefix: Prefix = Field(default="C", examples=["C"])
    contact_roles: ContactRolesPatch = Field(default_factory=ContactRolesPatch)
    stat_axes: list[StatisticsAxisInput] = Field(default_factory=list, min_length=3, max_length=3)
    back_orders: DossierBackOrdersPatch = Field(default_factory=DossierBackOrdersPatch)
    credit_policy: chosen(CreditPolicy) = CreditPolicy.WARN  # type: ignore[valid-type]
    flash_customer_ids: People = Field(default_factory=list)
    flash_third_party_ids: People = Field(default_factory=list)
    fiscal_month: Month = Field(default=1, examples=[9])
    retention_years: Years = Field(default=3, examples=[3])
    book_law: Annotated[list[BookLawInput], Field(max_length=MOST_LAW_VALUES)] = Field(default_factory=list)
    pickup: DossierPickupPatch = Field(default_factory=DossierPickupPatch)
    old_after_days: Days = Field(default=14, examples=[14])
    messages: DossierMessagesPatch = Field(default_factory=DossierMessagesPatch)
    loyalty: DossierLoyaltyPatch = Field(default_factory=DossierLoyaltyPatch)
    reminders: DossierRemindersPatch = Field(default_factory=DossierRemindersPatch)
    gln: Gln | None = Field(default=None, examples=["3014567890124"])
    siret: Siret | None = Field(default=None, examples=["73282932000074"])
    rewrite_contacts: bool = Field(
        default=False,
        description="With new `contact_roles`: contacts that have the former function code get the new one (B38).",
        examples=[False],
    )

    def edit(self, card: DossierEdit) -> DossierEdit:
        """The company file with the fields that were sent."""
        sent = self.model_fields_set
        settings: dict[str, Any] = {name: getattr(self, name) for name in SAME if name in sent}
        for name, its in PEOPLE.items():
            if name in sent:
                settings[its] = tuple(StaffId(each) for each in getattr(self, name))
        if "contact_roles" in sent:
            roles = {
                DocumentType(name): code for name, code in self.contact_roles.model_dump(exclude_unset=True).items()
            }
            settings["contact_roles"] = {**card.settings.contact_roles, **roles}
        if "back_orders" in sent:
            for name, allowed in self.back_orders.model_dump(exclude_unset=True).items():
                settings[f"back_orders_{name}"] = allowed
        if "book_law" in sent:
            settings["law"] = tuple(each.meant() for each in self.book_law)
        for name in OVER:
            if name in sent:
                settings[name] = getattr(self, name).over(getattr(card.settings, name))
        if "stat_axes" in sent:
            settings["stat_axes"] = tuple(
                StatAxis(number=default.number, label=axis.label, segments=tuple(axis.segments))
                for default, axis in zip(STAT_AXES, self.stat_axes, strict=True)
            )
        own: dict[str, Any] = {name: getattr(self, name) for name in ("name", "address") if name in sent}
        return replace(card, **own, settings=replace(card.settings, **settings))
