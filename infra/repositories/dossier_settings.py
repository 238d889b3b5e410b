"""The dossier's settings as JSON, one column of its row: what is not there is as the house has it."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from domain.model.booklaw import LawKey, LawValue
from domain.model.dunning import DunningChannel, DunningRules, DunningStep, Scenario
from domain.model.invoice import InvoiceState
from domain.model.loyalty import LoyaltyProgram, ProgramKind
from domain.model.message import MessageChannel, MessageEvent, MessageRules, Step, Words
from domain.model.pickup import PickupRules
from domain.model.settings import STAT_AXES, CodePadding, CreditPolicy, DossierSettings
from domain.model.statcodes import StatAxis
from domain.model.values import DocumentType, StaffId


def settings_json(settings: DossierSettings) -> dict[str, Any]:
    """The settings as the dossier keeps them."""
    return {
        "code_padding": settings.code_padding,
        "customer_prefix": settings.customer_prefix,
        "contact_roles": {document.value: code for document, code in settings.contact_roles.items()},
        "stat_axes": [{"label": axis.label, "segments": axis.segments} for axis in settings.stat_axes],
        "back_orders_quotes": settings.back_orders_quotes,
        "back_orders_orders": settings.back_orders_orders,
        "back_orders_delivery_notes": settings.back_orders_delivery_notes,
        "credit_policy": settings.credit_policy,
        "flash_customers": [each.hex for each in settings.flash_customers],
        "flash_third_parties": [each.hex for each in settings.flash_third_parties],
        "fiscal_month": settings.fiscal_month,
        "retention_years": settings.retention_years,
        "law": [
            {"key": each.key, "since": each.since.isoformat(), "value": f"{each.value:.2f}"} for each in settings.law
        ],
        "pickup": {
            "days": settings.pickup.days,
            "by_category": dict(settings.pickup.by_category),
            "closed_weekdays": sorted(settings.pickup.closed_weekdays),
            "closed_dates": sorted(day.isoformat() for day in settings.pickup.closed_dates),
        },
        "old_after_days": settings.old_after_days,
        "gln": settings.gln,
        "siret": settings.siret,
        "messages": {
            "channels": [each.value for each in settings.messages.channels],
            "steps": [[step.event.value, step.after_days] for step in settings.messages.steps],
            "automatic": sorted(each.value for each in settings.messages.automatic),
            "grace": settings.messages.grace,
            "from_hour": settings.messages.from_hour,
            "to_hour": settings.messages.to_hour,
        },
        "reminders": _reminders_json(settings.reminders),
        "loyalty": [
            {
                "code": each.code,
                "label": each.label,
                "kind": each.kind.value,
                "percent": f"{each.percent:.2f}",
                "every": each.every,
                "threshold": f"{each.threshold:.2f}" if each.threshold is not None else None,
                "expires_after_months": each.expires_after_months,
                "voucher_note": each.voucher_note,
            }
            for each in settings.loyalty
        ],
    }


def settings_of(kept: Mapping[str, Any]) -> DossierSettings:
    """What the dossier keeps; a setting that it does not keep has its default."""
    known: dict[str, Any] = {name: value for name, value in kept.items() if name not in _MADE}
    for name, make in _MADE.items():
        if name in kept:
            known[name] = make(kept[name])
    return DossierSettings(**known)


def _axes(kept: list[dict[str, Any]]) -> tuple[StatAxis, StatAxis, StatAxis]:
    first, second, third = (
        StatAxis(number=default.number, label=axis["label"], segments=tuple(axis["segments"]))
        for default, axis in zip(STAT_AXES, kept, strict=True)
    )
    return first, second, third


def _people(kept: list[str]) -> tuple[StaffId, ...]:
    return tuple(StaffId(UUID(hex=each)) for each in kept)


def _law(kept: list[dict[str, str]]) -> tuple[LawValue, ...]:
    return tuple(
        LawValue(key=LawKey(each["key"]), since=date.fromisoformat(each["since"]), value=Decimal(each["value"]))
        for each in kept
    )


def _pickup(kept: Mapping[str, Any]) -> PickupRules:
    return PickupRules(
        days=kept["days"],
        by_category=kept["by_category"],
        closed_weekdays=frozenset(kept["closed_weekdays"]),
        closed_dates=frozenset(map(date.fromisoformat, kept["closed_dates"])),
    )


def _messages(kept: Mapping[str, Any]) -> MessageRules:
    return MessageRules(
        channels=tuple(map(MessageChannel, kept["channels"])),
        steps=tuple(Step(event=MessageEvent(event), after_days=days) for event, days in kept["steps"]),
        automatic=frozenset(map(MessageEvent, kept["automatic"])),
        grace=kept["grace"],
        from_hour=kept["from_hour"],
        to_hour=kept["to_hour"],
    )


def _loyalty(kept: list[dict[str, Any]]) -> tuple[LoyaltyProgram, ...]:
    return tuple(
        LoyaltyProgram(
            code=each["code"],
            label=each["label"],
            kind=ProgramKind(each["kind"]),
            percent=Decimal(each["percent"]),
            every=each["every"],
            threshold=Decimal(each["threshold"]) if each["threshold"] is not None else None,
            expires_after_months=each["expires_after_months"],
            voucher_note=each["voucher_note"],
        )
        for each in kept
    )


def _reminders_json(rules: DunningRules) -> list[dict[str, Any]]:
    return [
        {
            "family": each.family,
            "steps": [
                {
                    "after_days": step.after_days,
                    "channel": step.channel.value,
                    "states": sorted(state.value for state in step.states),
                    "fr": [step.french.subject, step.french.body],
                    "en": [step.english.subject, step.english.body],
                }
                for step in each.steps
            ],
        }
        for each in rules.scenarios
    ]


def _reminders(kept: list[dict[str, Any]]) -> DunningRules:
    return DunningRules(
        scenarios=tuple(
            Scenario(
                family=each["family"],
                steps=tuple(
                    DunningStep(
                        after_days=step["after_days"],
                        channel=DunningChannel(step["channel"]),
                        states=frozenset(map(InvoiceState, step["states"])),
                        french=Words(subject=step["fr"][0], body=step["fr"][1]),
                        english=Words(subject=step["en"][0], body=step["en"][1]),
                    )
                    for step in each["steps"]
                ),
            )
            for each in kept
        )
    )


_MADE: Mapping[str, Any] = {
    "loyalty": _loyalty,
    "code_padding": CodePadding,
    "credit_policy": CreditPolicy,
    "contact_roles": lambda kept: {DocumentType(document): code for document, code in kept.items()},
    "stat_axes": _axes,
    "flash_customers": _people,
    "flash_third_parties": _people,
    "law": _law,
    "pickup": _pickup,
    "messages": _messages,
    "reminders": _reminders,
}
