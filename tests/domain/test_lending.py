"""The lending right (droit de prêt, R13, R14): what is declared of what was sold to libraries, and what is due."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

import pytest

from domain.model.lending import LendingSums, Library, LibraryPurchase, Untold, declaration, gln_of, lending_right
from domain.model.values import CustomerId, Ean, PurchaseId

SPACE = UUID(int=13)
MEDIATHEQUE = Library(id=CustomerId(UUID(int=1)), name="Médiathèque", gln=None, siret="73282932000074")
BIBLIOTHEQUE = Library(id=CustomerId(UUID(int=2)), name="Bibliothèque", gln=None, siret=None)


def sold(
    n: int = 1,
    *,
    quantity: int = 1,
    price: str = "10.55",
    paid: str = "9.60",
    on: date = date(2026, 3, 2),
    **more: Any,
) -> LibraryPurchase:
    gross = Decimal(paid) * quantity
    known: dict[str, Any] = {
        "library": MEDIATHEQUE,
        "document": "F1",
        "issued_on": None,
        "vat_rate": Decimal("5.50"),
        "net": (gross / Decimal("1.055")).quantize(Decimal("0.01")),
    }
    return LibraryPurchase(
        id=PurchaseId(uuid5(SPACE, f"{n}")),
        at=datetime(on.year, on.month, on.day, 9, n, tzinfo=UTC),
        on=on,
        ean=Ean("9791094908020"),
        title="Dans la rue",
        quantity=quantity,
        gross=gross,
        list_price=Decimal(price),
        **{**known, **more},
    )


@pytest.mark.row("R13")
class TestWhatIsDue:
    def test_is_six_percent_of_the_public_price_without_vat_whatever_was_paid(self) -> None:
        cheap, dear = (declaration([sold(quantity=10, paid=paid)]) for paid in ("9.60", "10.55"))
        assert (cheap.total.list_net, cheap.total.due) == (Decimal("100.00"), Decimal("6.00"))
        assert (dear.total.list_net, dear.total.due) == (Decimal("100.00"), Decimal("6.00"))

    def test_is_rounded_once_an_invoice_and_the_total_is_the_sum_of_those(self) -> None:
        # 2.00 without VAT each: 0.12 a book; three of 1.39: 4.17 x 6 % = 0.2502, a book alone 0.0834
        three = [sold(n, price="1.47") for n in range(1, 4)]
        one = declaration(three)
        apart = declaration([sold(n, price="1.47", document=f"F{n}") for n in range(1, 4)])
        assert (one.total.list_net, one.total.due) == (Decimal("4.17"), Decimal("0.25"))
        assert (apart.total.list_net, apart.total.due) == (Decimal("4.17"), Decimal("0.24"))

    @pytest.mark.parametrize(
        ("on", "percent"),
        [(date(2003, 7, 31), None), (date(2003, 8, 1), Decimal("6.00")), (date(2026, 1, 1), Decimal("6.00"))],
    )
    def test_began_with_the_law(self, on: date, percent: Decimal | None) -> None:
        assert lending_right(on) == percent
        assert len(declaration([sold(on=on)]).items) == (percent is not None)

    def test_of_what_came_back_is_taken_off_again(self) -> None:
        back = declaration([sold(1, quantity=3), sold(2, quantity=-3, document="A1")])
        assert [item.document for item in back.items] == ["A1", "F1"]
        assert back.items[0].sums.due == -back.items[1].sums.due != 0
        assert back.total == LendingSums()


@pytest.mark.row("R14")
class TestTheItems:
    def test_are_invoices_by_their_number_with_what_was_paid_for_the_books(self) -> None:
        made = declaration(
            [
                sold(1, document="F2", quantity=2),
                sold(2, document="F10", library=BIBLIOTHEQUE),
                sold(3, document="F2", on=date(2026, 3, 9)),
                sold(4, document="F2", library=BIBLIOTHEQUE),
            ]
        )
        assert [(item.document, item.library.name, item.sums.copies) for item in made.items] == [
            ("F10", "Bibliothèque", 1),
            ("F2", "Médiathèque", 3),
            ("F2", "Bibliothèque", 1),
        ]
        first = made.items[1].sums
        assert first.gross == Decimal("28.80")
        assert first.net + first.vat == first.gross
        assert first.net == Decimal("18.20") + Decimal("9.10")
        assert made.total.gross == sum(item.sums.gross for item in made.items)

    def test_are_of_the_invoices_day_else_of_the_first_purchase(self) -> None:
        early, late = sold(1, on=date(2026, 3, 9)), sold(2, on=date(2026, 3, 2))
        assert declaration([early, late]).items[0].issued_on == date(2026, 3, 2)
        known = [sold(1, on=date(2026, 3, 9), issued_on=date(2026, 3, 31))]
        assert declaration(known).items[0].issued_on == date(2026, 3, 31)

    def test_without_an_invoice_or_of_a_card_one_may_not_see_are_told_apart(self) -> None:
        hidden = Library(id=BIBLIOTHEQUE.id, name="B", gln=None, siret=None, hidden=True)
        made = declaration([sold(1), sold(2, document=None), sold(3, library=hidden)])
        assert [(each.id, why) for each, why in made.missing] == [
            (uuid5(SPACE, "2"), Untold.NO_DOCUMENT),
            (uuid5(SPACE, "3"), Untold.CONFIDENTIAL),
        ]
        assert made.total.copies == 1


@pytest.mark.parametrize(
    ("gencod", "gln"),
    [
        ("3014567890124", "3014567890124"),
        ("3014567890125", None),
        ("2014567890125", None),
        ("1234", None),
        (None, None),
    ],
)
def test_a_gencod_is_a_gln_unless_it_is_the_shops_own_number(gencod: str | None, gln: str | None) -> None:
    assert gln_of(gencod) == gln
