"""What the company file may hold, and what it does to codes."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Invalid
from domain.model.access import Caller, Dossier, Scope, grantable
from domain.model.booklaw import LawKey, LawValue
from domain.model.identifiers import automatic_code, padded_code
from domain.model.message import PICKUP_EVENTS, MessageChannel, MessageEvent, MessageRules, Step
from domain.model.pickup import PickupRules
from domain.model.reference import CustomField, FieldKind, FieldRecord
from domain.model.settings import CONTACT_ROLES, CodePadding, CreditPolicy, DossierSettings
from domain.model.statcodes import StatAxis
from domain.model.values import DocumentType, DossierId, StaffId
from infra.repositories.dossier_settings import settings_json, settings_of

PEOPLE = st.lists(st.uuids().map(StaffId), max_size=3, unique=True).map(tuple)
LENGTHS = st.lists(st.integers(1, 8), max_size=4, unique=True).map(lambda lengths: tuple(sorted(lengths)))


def axis(number: int) -> st.SearchStrategy[StatAxis]:
    return st.builds(
        StatAxis, number=st.just(number), label=st.text("Axe ", min_size=1).map("A".__add__), segments=LENGTHS
    )


SETTINGS = st.builds(
    DossierSettings,
    code_padding=st.sampled_from(CodePadding),
    customer_prefix=st.text("ABC", min_size=1, max_size=3),
    contact_roles=st.fixed_dictionaries({document: st.sampled_from(["CDE", "DIR"]) for document in DocumentType}),
    stat_axes=st.tuples(axis(1), axis(2), axis(3)),
    back_orders_quotes=st.booleans(),
    back_orders_orders=st.booleans(),
    back_orders_delivery_notes=st.booleans(),
    credit_policy=st.sampled_from(CreditPolicy),
    flash_customers=PEOPLE,
    flash_third_parties=PEOPLE,
    fiscal_month=st.integers(1, 12),
    retention_years=st.integers(1, 30),
    law=st.lists(
        st.builds(
            LawValue,
            key=st.sampled_from(LawKey),
            since=st.dates(),
            value=st.decimals(0, 99_999_999, places=2),
        ),
        max_size=3,
    ).map(tuple),
    pickup=st.builds(
        PickupRules,
        days=st.integers(0, 60),
        by_category=st.dictionaries(st.sampled_from(["ECO", "PRO"]), st.integers(0, 60)),
        closed_weekdays=st.frozensets(st.integers(1, 7), max_size=6),
        closed_dates=st.frozensets(st.dates(), max_size=3),
    ),
    old_after_days=st.integers(1, 365),
    gln=st.none() | st.just("3014567890124"),
    siret=st.none() | st.just("73282932000074"),
    messages=st.builds(
        MessageRules,
        channels=st.permutations(list(MessageChannel)).map(tuple),
        steps=st.lists(st.integers(0, 60), max_size=5, unique=True).map(
            lambda days: tuple(
                Step(event=event, after_days=day) for event, day in zip(PICKUP_EVENTS, sorted(days), strict=False)
            )
        ),
        automatic=st.frozensets(st.sampled_from(MessageEvent)),
        grace=st.integers(0, 240),
        from_hour=st.integers(0, 11),
        to_hour=st.integers(12, 24),
    ),
)


class TestTheSettings:
    @given(SETTINGS)
    def test_come_back_from_where_they_are_kept_as_they_were(self, settings: DossierSettings) -> None:
        assert settings_of(json.loads(json.dumps(settings_json(settings)))) == settings

    @pytest.mark.row("O1", "O10")
    def test_that_were_never_made_are_those_of_the_house(self) -> None:
        settings = settings_of({})
        assert settings == DossierSettings()
        assert (settings.code_padding, settings.customer_prefix) == (CodePadding.NONE, "C")
        assert settings.contact_roles == CONTACT_ROLES
        assert set(CONTACT_ROLES) == set(DocumentType)

    def test_of_an_older_program_keep_what_is_there(self) -> None:
        assert settings_of({"fiscal_month": 9}) == DossierSettings(fiscal_month=9)


class TestACode:
    @pytest.mark.row("B6", "O1")
    @given(st.from_regex(r"[A-Z0-9]{1,8}", fullmatch=True))
    def test_is_padded_once_and_for_all(self, code: str) -> None:
        padded = padded_code(code, right_zeros=True)
        assert padded_code(padded, right_zeros=True) == padded
        assert padded.startswith(code)
        assert len(padded) == (8 if code[-1].isdigit() else len(code))
        assert padded_code(code, right_zeros=False) == code

    @pytest.mark.row("B3", "B7", "O1")
    @given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=3), st.integers(0, 99_999))
    def test_that_is_automatic_has_eight_positions_and_is_not_padded(self, prefix: str, counter: int) -> None:
        code = automatic_code(prefix, counter)
        assert (len(code), code[: len(prefix)], int(code[len(prefix) :])) == (8, prefix, counter)
        assert padded_code(code, right_zeros=True) == code


class TestARight:
    @pytest.mark.row("B30")
    @pytest.mark.parametrize("scope", [*Scope, "customers:*", "orders:*", "confidential:DIR", "confidential:*"])
    def test_can_be_granted(self, scope: str) -> None:
        assert grantable(scope)

    @pytest.mark.parametrize(
        "scope", ["", "*", "admin:*", "customers", "customers:", "customers:all", "confidential:", "confidential: "]
    )
    def test_cannot_be_granted_when_there_is_none(self, scope: str) -> None:
        assert not grantable(scope)

    @pytest.mark.row("B30")
    @pytest.mark.parametrize(
        ("scopes", "seen"),
        [
            ((), {None}),
            (("customers:*",), {None}),
            (("confidential:DIR",), {None, "DIR"}),
            (("confidential:DIR", "confidential:RH"), {None, "DIR", "RH"}),
            (("confidential:*",), {None, "DIR", "RH"}),
            (("admin",), {None, "DIR", "RH"}),
        ],
    )
    def test_to_see_is_told_by_the_codes_one_is_cleared_for(
        self, scopes: tuple[str, ...], seen: set[str | None]
    ) -> None:
        caller = caller_with(scopes)
        assert {code for code in (None, "DIR", "RH") if caller.may_see(code)} == seen


class TestACaller:
    def test_of_the_staff_has_an_id_and_a_key_has_none(self) -> None:
        someone = UUID(int=7)
        assert caller_with((), client=f"staff:{someone.hex}", kind="staff").staff_id == someone
        assert caller_with((), client="key:1", kind="api_key").staff_id is None


def caller_with(scopes: tuple[str, ...], **more: Any) -> Caller:
    dossier = Dossier(
        id=DossierId(UUID(int=1)), code="x", name="x", time_zone="Europe/Paris", secret=b"", order_sequence=""
    )
    return Caller(
        dossier=dossier,
        scopes=frozenset(scopes),
        **{"client": "key:1", "kind": "api_key", "name": "x", "login": None, **more},
    )


class TestAField:
    @pytest.mark.row("B60")
    @pytest.mark.parametrize("kind", FieldKind)
    def test_has_choices_when_it_is_a_choice_and_then_only(self, kind: FieldKind) -> None:
        right = ("a",) if kind is FieldKind.CHOICE else ()
        assert field(kind, right).choices == right
        with pytest.raises(Invalid):
            field(kind, () if right else ("a",))


def field(kind: FieldKind, choices: tuple[str, ...]) -> CustomField:
    return CustomField(
        id=UUID(int=1),
        record=FieldRecord.CUSTOMER,
        questionnaire="Q",
        code="C",
        label="x",
        kind=kind,
        choices=choices,
        position=1,
        updated_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
