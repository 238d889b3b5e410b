"""Who may be named in a new document (B8, B31, B32)."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from domain.errors import CustomerBlocked, CustomerClosed, CustomerNotApproved, Forbidden, Invalid, ShopError
from domain.model.access import Caller, Dossier, Scope, covers
from domain.model.customer import CardOrigin, Customer, CustomerDetails, Light
from domain.model.values import CustomerId, DossierId

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
TODAY = NOW.date()
NOBODY = CustomerId(UUID(int=1))


def customer(
    *, approved: bool = True, light: Light = Light.GREEN, message: str | None = None, closed_on: date | None = None
) -> Customer:
    return Customer(
        id=NOBODY,
        code="C1",
        details=CustomerDetails(name="Durand", light=light, light_message=message, closed_on=closed_on),
        origin=CardOrigin.COUNTER,
        approved_at=NOW if approved else None,
        created_at=NOW,
        updated_at=NOW,
    )


class TestACustomer:
    def test_approved_and_green_is_admitted_without_a_word(self) -> None:
        assert customer().admit(today=TODAY) == []

    @pytest.mark.row("B8")
    def test_without_the_visa_is_refused(self) -> None:
        with pytest.raises(CustomerNotApproved):
            customer(approved=False).admit(today=TODAY)

    @pytest.mark.row("B31")
    def test_of_orange_light_is_admitted_with_its_message(self) -> None:
        assert customer(light=Light.ORANGE, message="Chèque revenu").admit(today=TODAY) == ["Chèque revenu"]
        assert customer(light=Light.ORANGE).admit(today=TODAY) == ["Code feu orange"]

    @pytest.mark.row("B31")
    def test_of_red_light_is_refused_with_its_message(self) -> None:
        with pytest.raises(CustomerBlocked) as refusal:
            customer(light=Light.RED, message="Impayés").admit(today=TODAY)
        assert refusal.value.facts["message"] == "Impayés"

    @pytest.mark.row("B32")
    @pytest.mark.parametrize(("days", "refused"), [(-1, True), (0, True), (1, False)])
    def test_is_refused_from_the_closing_date_on(self, days: int, refused: bool) -> None:
        closing = customer(closed_on=TODAY + timedelta(days=days))
        if refused:
            with pytest.raises(CustomerClosed):
                closing.admit(today=TODAY)
        else:
            assert closing.admit(today=TODAY) == []

    def test_changed_into_the_same_stays_the_same(self) -> None:
        same = customer()
        assert not same.change(CustomerDetails(name="Durand"), now=NOW + timedelta(days=1))
        assert (same.version, same.updated_at) == (1, NOW)

    def test_changed_rises_and_is_found_by_its_new_short_name(self) -> None:
        other = customer()
        assert other.change(CustomerDetails(name="L'Œuvre"), now=NOW)
        assert (other.version, other.short_name) == (2, "LOEUVRE")

    @pytest.mark.parametrize("name", ["", " \t"])
    def test_without_a_name_is_none(self, name: str) -> None:
        with pytest.raises(Invalid):
            CustomerDetails(name=name)


class TestACaller:
    @pytest.mark.parametrize(
        ("granted", "allowed"),
        [
            ({"orders:write"}, True),
            ({"orders:*"}, True),
            ({"admin"}, True),
            ({"orders:read"}, False),
            ({"customers:*"}, False),
            (set[str](), False),
        ],
    )
    def test_may_do_what_its_scopes_cover(self, granted: set[str], allowed: bool) -> None:
        dossier = Dossier(
            id=DossierId(NOBODY), code="x", name="x", time_zone="Europe/Paris", secret=b"", order_sequence="x"
        )
        caller = Caller(
            dossier=dossier, client="key:1", kind="api_key", name="x", login=None, scopes=frozenset(granted)
        )
        assert covers(granted, Scope.ORDERS_WRITE) is allowed
        refused: ShopError | None = None
        try:
            caller.need(Scope.ORDERS_WRITE)
        except Forbidden as refusal:
            refused = refusal
        assert (refused is None) is allowed
