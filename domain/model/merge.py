"""A merge of two cards (fusion, A55, C9): whose value each field takes, what moved, what clashed and by which rule."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from domain.model.customer import BackOrderRules, ChorusProfile, CustomerDetails, Light, SalesShare
from domain.model.links import closes_ring
from domain.model.values import CustomerId, MergeId, PostalAddress


class Side(StrEnum):
    """One of the two cards."""

    KEPT = "kept"
    ABSORBED = "absorbed"


class Taken(StrEnum):
    """Whose value the merged card has; ``both`` is a comment put together, or answers of both."""

    KEPT = "kept"
    ABSORBED = "absorbed"
    BOTH = "both"


class CardField(StrEnum):
    """What may be chosen, by its name on the wire. Code, barcode and fidelity number are no choices: the absorbed card keeps

    its own, and they lead to the kept one. The short name goes with the name, the message with the light.
    """

    NAME = "name"
    KIND = "kind"
    TITLE = "title"
    FIRST_NAME = "first_name"
    EMAIL = "email"
    PHONE = "phone"
    FAX = "fax"
    NO_SMS = "no_sms"
    ADDRESS = "address"
    MAIL_ORDER = "mail_order"
    COLLECTIVITY = "collectivity"
    LENDING_LIBRARY = "lending_library"
    VAT_EXEMPT = "vat_exempt"
    ON_ACCOUNT = "on_account"
    COMMENT = "comment"
    BIRTH_DATE = "birth_date"
    CATEGORY = "category"
    LANGUAGE = "language"
    SIRET = "siret"
    VAT_NUMBER = "vat_number"
    TARIFF_CODE = "tariff_code"
    ACCOUNT_NUMBER = "account_number"
    OUR_CODE = "our_code"
    PAYMENT_MODE = "payment_mode"
    PRINT_MODE = "print_mode"
    REMINDER_FAMILY = "reminder_family"
    CONFIDENTIALITY_CODE = "confidentiality_code"
    BILLED_TO = "billed_to_id"
    GROUP = "group_id"
    STATISTICS_PARTY = "statistics_party_id"
    PAYMENT_PARTY = "payment_party_id"
    SALES_ADMIN = "sales_admin_id"
    SALES_REPS = "sales_reps"
    MANAGEMENT_CEILING = "management_ceiling"
    INSURANCE_CEILING = "insurance_ceiling"
    BACK_ORDERS = "back_orders"
    STAT_1 = "stat_1"
    STAT_2 = "stat_2"
    STAT_3 = "stat_3"
    CHORUS = "chorus"
    CUSTOM_FIELDS = "custom_fields"
    FIDELITY_ACTIVE = "fidelity_active"
    FIDELITY_STARTED_ON = "fidelity_started_on"
    FIDELITY_PROGRAM = "fidelity_program"
    LIGHT = "light"
    CLOSED_ON = "closed_on"


ATTRIBUTES: Mapping[CardField, tuple[str, ...]] = {
    **{each: (each.value.removesuffix("_id"),) for each in CardField},
    CardField.NAME: ("name", "given_short_name"),
    CardField.LIGHT: ("light", "light_message"),
}
"""The attributes of ``CustomerDetails`` that a choice decides."""
NO_CHOICE = frozenset({"barcode", "fidelity_number"})
LINKS = (CardField.BILLED_TO, CardField.GROUP, CardField.STATISTICS_PARTY, CardField.PAYMENT_PARTY)

ALWAYS_SAID = frozenset(
    {
        CardField.NAME,
        CardField.KIND,
        CardField.MAIL_ORDER,
        CardField.COLLECTIVITY,
        CardField.LENDING_LIBRARY,
        CardField.VAT_EXEMPT,
        CardField.ON_ACCOUNT,
    }
)
"""Fields of which "no" is a value too: a right or an exemption never comes over unasked. A refusal of SMS does."""

BLANK = CustomerDetails(name="-")


def _empty(which: CardField, card: CustomerDetails) -> bool:
    if which in ALWAYS_SAID:
        return False
    if which is CardField.ADDRESS:
        return replace(card.address, country="FR") == PostalAddress()
    if which is CardField.LIGHT:
        return card.light is Light.GREEN
    return all(getattr(card, name) == getattr(BLANK, name) for name in ATTRIBUTES[which])


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldOutcome:
    """A field in which the two cards differ: both values as text, what the rule proposes, what was chosen, what it gives."""

    field: CardField
    kept: str | None
    absorbed: str | None
    proposed: Taken
    chosen: Taken
    result: str | None


def merged_card(
    kept: CustomerDetails, absorbed: CustomerDetails, choices: Mapping[CardField, Side]
) -> tuple[CustomerDetails, list[FieldOutcome]]:
    """The kept card after the merge, and each field in which the two differ (C9, U2).

    Unless chosen, the kept card's value stands where it has one, else the absorbed card's; two comments are put together,
    the shop's own fields united (P17).
    """
    card, outcomes = kept, []
    for which in CardField:
        names = ATTRIBUTES[which]
        mine = {name: getattr(kept, name) for name in names}
        other = {name: getattr(absorbed, name) for name in names}
        if mine == other:
            continue
        proposed, together = _proposed(which, kept, absorbed)
        side = choices.get(which)
        chosen = Taken(side.value) if side else proposed
        values = {Taken.KEPT: mine, Taken.ABSORBED: other, Taken.BOTH: together}[chosen]
        card = replace(card, **values)
        outcomes.append(
            FieldOutcome(
                field=which,
                kept=_shown(which, mine),
                absorbed=_shown(which, other),
                proposed=proposed,
                chosen=chosen,
                result=_shown(which, values),
            )
        )
    return card, outcomes


def _proposed(which: CardField, kept: CustomerDetails, absorbed: CustomerDetails) -> tuple[Taken, dict[str, object]]:
    """What the rule proposes, and both values as one where they can be."""
    if _empty(which, kept):
        return Taken.ABSORBED, {}
    if _empty(which, absorbed):
        return Taken.KEPT, {}
    if which is CardField.COMMENT:
        return Taken.BOTH, {"comment": f"{kept.comment}\n{absorbed.comment}"}
    if which is CardField.CUSTOM_FIELDS:
        united = {name: dict(answers) for name, answers in absorbed.custom_fields.items()}
        for name, answers in kept.custom_fields.items():
            united[name] = {**united.get(name, {}), **answers}
        return (Taken.KEPT if united == kept.custom_fields else Taken.BOTH), {"custom_fields": united}
    return Taken.KEPT, {}


PREFIXES: Mapping[str, str] = {
    "billed_to": "cus",
    "group": "cus",
    "statistics_party": "cus",
    "payment_party": "cus",
    "sales_admin": "usr",
}


def _shown(which: CardField, values: Mapping[str, Any]) -> str | None:
    """A value as a report tells it."""
    texts = [_text(name, value) for name, value in values.items() if name != "given_short_name"]
    if which is CardField.NAME and values["given_short_name"]:
        texts.append(f"({values['given_short_name']})")
    return " ".join(text for text in texts if text) or None


def _text(name: str, value: Any) -> str:
    if value is None or value in ((), {}):
        return ""
    if name in PREFIXES:
        return f"{PREFIXES[name]}_{value.hex}"
    if isinstance(value, Mapping):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    if isinstance(value, tuple):
        return ", ".join(_share(rep) for rep in value)
    if isinstance(value, (PostalAddress, BackOrderRules, ChorusProfile)):
        told = [(each.name, getattr(value, each.name)) for each in fields(value)]
        named = "" if isinstance(value, PostalAddress) else "{}: "
        return ", ".join(named.format(name) + _plain(one) for name, one in told if one is not None)
    return _plain(value)


def _share(rep: SalesShare) -> str:
    return f"tpa_{rep.sales_rep.hex} {rep.share:.2f}"


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, (date, Decimal)):
        return value.isoformat() if isinstance(value, date) else f"{value:.2f}"
    return str(value)


# what moves -------------------------------------------------------------------------------------------------------


class ClashRule(StrEnum):
    """What is done where both cards cannot keep theirs as it is; nothing is ever deleted (U1)."""

    NEXT_FREE_CODE = "next-free-code"
    """Both had a part of one code: the moved one gets the next free code."""
    ROLE_BECOMES_OTHER = "role-becomes-other"
    """Both had an address of delivery or of billing: the moved one becomes another address."""
    DEFAULT_STAYS = "default-stays"
    """Both had an address that documents of one type start with: the kept card's stays it."""
    BECOMES_SECONDARY = "becomes-secondary"
    """Both had a main bank account: the moved one becomes a secondary one."""
    SAME_IBAN = "same-iban"
    """Both had the account of one IBAN: both are kept."""
    LINK_DROPPED = "link-dropped"
    """The kept card would have been linked to itself, or in a ring: it is linked to nobody."""
    ADDRESS_COPIED = "address-copied"
    """An address stood for the main address of the other card: it takes its lines over."""


class MergeWarning(StrEnum):
    """What should make one look twice before merging (P18)."""

    NAME_DIFFERS = "name-differs"
    KIND_DIFFERS = "kind-differs"
    SIRET_DIFFERS = "siret-differs"
    VAT_NUMBER_DIFFERS = "vat-number-differs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """A clash and its rule: what the field of that record was, and what it is on the kept card."""

    table: str
    record_id: str
    rule: ClashRule
    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedRow:
    """A row that moved: its id, and by what a person knows it."""

    id: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedRows:
    """How many rows of a table moved, and the first of them."""

    table: str
    rows: int
    samples: tuple[MovedRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowChange:
    """One row that a merge changes: ``before`` is its image as JSON text, ``patch`` the columns that become another."""

    table: str
    key: Mapping[str, str]
    before: str
    patch: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class MergePlan:
    """All that a merge does, before it is done."""

    moved: tuple[MovedRows, ...]
    clashes: tuple[Clash, ...]
    changes: tuple[RowChange, ...]


@dataclass(slots=True, kw_only=True, eq=False)
class Merge:
    """One card merged into another. ``by`` names the client; undone when ``undone_at`` is there."""

    id: MergeId
    kept_id: CustomerId
    absorbed_id: CustomerId
    at: datetime
    by: str
    choices: Mapping[CardField, Side] = field(default_factory=dict)
    fields: tuple[FieldOutcome, ...] = ()
    clashes: tuple[Clash, ...] = ()
    warnings: tuple[MergeWarning, ...] = ()
    undone_at: datetime | None = None
    undone_by: str | None = None


def warnings_of(kept: CustomerDetails, absorbed: CustomerDetails) -> list[MergeWarning]:
    """What speaks against the two being one (P18)."""
    said = {
        MergeWarning.NAME_DIFFERS: kept.short_name != absorbed.short_name
        or bool(kept.first_name and absorbed.first_name and kept.first_name.upper() != absorbed.first_name.upper()),
        MergeWarning.KIND_DIFFERS: kept.kind is not absorbed.kind,
        MergeWarning.SIRET_DIFFERS: bool(kept.siret and absorbed.siret and kept.siret != absorbed.siret),
        MergeWarning.VAT_NUMBER_DIFFERS: bool(
            kept.vat_number and absorbed.vat_number and kept.vat_number != absorbed.vat_number
        ),
    }
    return [warning for warning, is_so in said.items() if is_so]


def settled_links(
    card: CustomerDetails,
    *,
    kept_id: CustomerId,
    absorbed_id: CustomerId,
    links: Callable[[CardField], Mapping[CustomerId, CustomerId]],
) -> tuple[CustomerDetails, list[Clash]]:
    """The merged card without a link to itself or in a ring (B20-B22), and each link that was dropped.

    ``links`` are those there are before the merge. All that named the absorbed card will name the kept one: every ring
    that this closes goes through the kept card, so its own link is the one to drop.
    """
    clashes = []
    for which in LINKS:
        (name,) = ATTRIBUTES[which]
        target: CustomerId | None = getattr(card, name)
        if target is None:
            continue
        after = redirected(links(which).items(), kept_id=kept_id, absorbed_id=absorbed_id)
        if target == absorbed_id or closes_ring(kept_id, target, after):
            nobody: dict[str, Any] = {name: None}
            card = replace(card, **nobody)
            clashes.append(
                Clash(
                    table="customer",
                    record_id=str(kept_id),
                    rule=ClashRule.LINK_DROPPED,
                    field=which.value,
                    before=f"cus_{target.hex}",
                    after=None,
                )
            )
    return card, clashes


def redirected(
    links: Iterable[tuple[CustomerId, CustomerId]], *, kept_id: CustomerId, absorbed_id: CustomerId
) -> dict[CustomerId, CustomerId]:
    """The links once all that named the absorbed card name the kept one; the two cards' own apart."""
    return {
        start: kept_id if target == absorbed_id else target
        for start, target in links
        if start not in {kept_id, absorbed_id}
    }
