"""Amounts that add up to the cent (A25)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.model.prices import Amount, VatTotal, amount, by_rate
from domain.model.values import CENT, cents

RATES = st.sampled_from([Decimal(rate) for rate in ("0", "2.10", "5.50", "10.00", "20.00", "8.5")]) | st.decimals(
    0, 100, places=2
)
LINES = st.lists(
    st.tuples(
        st.decimals(0, 99_999, places=2),
        st.integers(0, 10_000),
        RATES,
        st.decimals(0, 100, places=2),
    ),
    max_size=12,
)


def owed(lines: list[tuple[Decimal, int, Decimal, Decimal]], *, exempt: bool) -> tuple[Decimal, list[Amount]]:
    """The gross sum of the lines, and what is owed for each."""
    gross = [(cents(price * (100 - percent) / 100) * quantity, rate) for price, quantity, rate, percent in lines]
    return sum((each for each, _ in gross), Decimal(0)), [amount(each, rate, exempt=exempt) for each, rate in gross]


@pytest.mark.row("A25")
class TestAmounts:
    @given(LINES)
    def test_of_lines_by_rate_and_in_all_agree_to_the_cent(
        self, lines: list[tuple[Decimal, int, Decimal, Decimal]]
    ) -> None:
        gross, amounts = owed(lines, exempt=False)
        totals = by_rate(amounts)
        assert sum(each.due for each in amounts) == gross
        assert sum(each.net + each.vat for each in totals) == gross
        assert sum(each.net for each in totals) == sum(each.net for each in amounts)
        assert sum(each.vat for each in totals) == sum(each.vat for each in amounts)

    @given(LINES)
    def test_of_an_exempt_buyer_are_the_net_amounts_alone(
        self, lines: list[tuple[Decimal, int, Decimal, Decimal]]
    ) -> None:
        _, taxed = owed(lines, exempt=False)
        _, exempt = owed(lines, exempt=True)
        assert [each.net for each in exempt] == [each.net for each in taxed]
        assert all(each.vat == 0 and each.due == each.net for each in exempt)
        assert sum(each.net for each in by_rate(exempt)) == sum(each.due for each in exempt)
        assert all(each.vat == 0 for each in by_rate(exempt))

    @given(st.decimals(0, 10_000_000, places=2), RATES, st.booleans())
    def test_are_whole_cents_and_the_vat_is_that_of_the_rate(self, gross: Decimal, rate: Decimal, exempt: bool) -> None:
        owed = amount(gross, rate, exempt=exempt)
        assert owed.net == cents(owed.net)
        assert owed.vat == cents(owed.vat)
        assert abs(owed.net * (100 + rate) / 100 - gross) <= CENT * (100 + rate) / 200
        assert 0 <= owed.net <= gross
        assert owed.vat >= 0

    @given(LINES)
    def test_are_gathered_once_for_each_rate_lowest_first(
        self, lines: list[tuple[Decimal, int, Decimal, Decimal]]
    ) -> None:
        _, amounts = owed(lines, exempt=False)
        rates = [each.rate for each in by_rate(amounts)]
        assert rates == sorted({rate for _, _, rate, _ in lines})

    def test_of_three_books_and_a_pen(self) -> None:
        book, pen = amount(Decimal("36.60"), Decimal("5.50"), exempt=False), Decimal("20.00")
        assert book == Amount(rate=Decimal("5.50"), net=Decimal("34.69"), vat=Decimal("1.91"))
        assert book.due == Decimal("36.60")
        assert by_rate([amount(Decimal("2.40"), pen, exempt=False), book, book]) == (
            VatTotal(rate=Decimal("5.50"), net=Decimal("69.38"), vat=Decimal("3.82")),
            VatTotal(rate=pen, net=Decimal("2.00"), vat=Decimal("0.40")),
        )

    @pytest.mark.parametrize("gross", ["0.03", "0.09", "12.27"])
    def test_that_split_at_half_a_cent_still_add_up(self, gross: str) -> None:
        owed = amount(Decimal(gross), Decimal("20.00"), exempt=False)
        assert owed.net == cents(Decimal(gross) / Decimal("1.2"))
        assert owed.due == Decimal(gross)

    def test_of_nothing_are_none(self) -> None:
        assert by_rate([]) == ()
