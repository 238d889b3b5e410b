"""Where both cards have what one card can have once only: each clash has its rule, and nothing is deleted (U1)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from domain.model.identifiers import sub_code
from domain.model.merge import Clash, ClashRule
from infra.merging.policies import Image, key_of

POSTAL = ("complement", "building", "street", "locality", "postal_code", "town", "country")
LONGEST_CODE = 20
"""Positions of the code of an address, a contact or a bank account."""


@dataclass(slots=True, kw_only=True)
class Draft:
    """A row that will change: its image as text and read, and the columns that become another."""

    table: str
    before: str
    image: Image
    patch: dict[str, Any] = field(default_factory=dict)

    @property
    def moves(self) -> bool:
        """Whether it hung on the absorbed card."""
        return "customer_id" in self.patch

    def now(self, column: str) -> Any:
        return self.patch.get(column, self.image[column])

    def settle(self, rule: ClashRule, column: str, value: Any) -> Clash:
        """Write ``value`` instead, and tell it."""
        before = self.now(column)
        self.patch[column] = value
        return self.tell(rule, column, before, value)

    def tell(self, rule: ClashRule, column: str, before: Any, after: Any) -> Clash:
        (record_id,) = key_of(self.table, self.image).values()
        return Clash(
            table=self.table, record_id=record_id, rule=rule, field=column, before=_text(before), after=_text(after)
        )


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return ", ".join(value) if isinstance(value, list) else str(value)


def settle(
    table: str, drafts: Sequence[Draft], kept: Sequence[Image], cards: "Mapping[str, Image]", kept_id: str
) -> Iterable[Clash]:
    """Resolve what clashes in ``table``: ``drafts`` move to where ``kept`` are. ``cards`` are both cards by id, before."""
    moved = [draft for draft in drafts if draft.moves]
    if table in {"address", "contact_person", "bank_account"}:
        yield from _codes(moved, kept)
    if table == "address":
        yield from _roles(moved, kept)
        yield from _defaults(moved, kept)
        yield from _main_addresses(drafts, cards, kept_id)
    if table == "bank_account":
        yield from _accounts(moved, kept)


def _codes(moved: Sequence[Draft], kept: Sequence[Image]) -> Iterable[Clash]:
    held = {image["code"].upper() for image in kept}
    wanted = [draft.image["code"].upper() for draft in moved]
    for draft, code in zip(moved, wanted, strict=True):
        if code in held:
            stem = re.sub(r"[0-9]+$", "", code)
            code = sub_code(stem, taken=held | set(wanted), length=LONGEST_CODE)  # noqa: PLW2901 - the code it gets
            yield draft.settle(ClashRule.NEXT_FREE_CODE, "code", code)
        held.add(code)


def _roles(moved: Sequence[Draft], kept: Sequence[Image]) -> Iterable[Clash]:
    held = {image["role"] for image in kept} - {"other"}
    for draft in moved:
        if draft.image["role"] in held:
            yield draft.settle(ClashRule.ROLE_BECOMES_OTHER, "role", "other")


def _defaults(moved: Sequence[Draft], kept: Sequence[Image]) -> Iterable[Clash]:
    held = {document for image in kept for document in image["default_for"]}
    for draft in moved:
        free = [document for document in draft.image["default_for"] if document not in held]
        if free != draft.image["default_for"]:
            yield draft.settle(ClashRule.DEFAULT_STAYS, "default_for", free)


def _accounts(moved: Sequence[Draft], kept: Sequence[Image]) -> Iterable[Clash]:
    has_main = any(image["main"] for image in kept)
    ibans = {image["iban"] for image in kept}
    for draft in moved:
        if draft.image["main"] and has_main:
            yield draft.settle(ClashRule.BECOMES_SECONDARY, "main", value=False)
        if draft.image["iban"] in ibans:
            yield draft.tell(ClashRule.SAME_IBAN, "iban", draft.image["iban"], draft.image["iban"])


def _main_addresses(drafts: Sequence[Draft], cards: "Mapping[str, Image]", kept_id: str) -> Iterable[Clash]:
    """An address of the kept card that would stand for the kept card's own main address takes the lines it stood for."""
    for draft in drafts:
        source = draft.image["use_main_of_customer_id"]
        if draft.now("customer_id") != kept_id or draft.now("use_main_of_customer_id") != kept_id:
            continue
        card = cards[source]
        draft.patch |= {name: card[name] for name in POSTAL}
        draft.patch["recipient"] = card["recipient"] or card["name"]
        yield draft.settle(ClashRule.ADDRESS_COPIED, "use_main_of_customer_id", None)
