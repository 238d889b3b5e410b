"""Until when a copy is kept (P5)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Inconsistent
from domain.model.pickup import PickupRules

THURSDAY = date(2026, 12, 24)
DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))
RULES = st.builds(
    PickupRules,
    days=st.integers(1, 30),
    by_category=st.dictionaries(st.sampled_from(["ECO", "PRO"]), st.integers(1, 60)),
    closed_weekdays=st.frozensets(st.integers(1, 7), max_size=6),
    closed_dates=st.frozensets(st.dates(date(2026, 1, 1), date(2026, 3, 1)), max_size=5),
)


class TestThePickUpDeadline:
    @pytest.mark.row("P5")
    def test_counts_open_days_only(self) -> None:
        rules = PickupRules(days=3, closed_weekdays=frozenset({7, 1}), closed_dates=frozenset({date(2026, 12, 25)}))
        assert rules.deadline(THURSDAY) == date(2026, 12, 30)  # Sat 26, then Tue 29 and Wed 30

    @pytest.mark.row("P5")
    def test_follows_the_customers_category(self) -> None:
        rules = PickupRules(days=14, by_category={"ECO": 60})
        assert rules.deadline(THURSDAY, category="ECO") == THURSDAY + timedelta(days=60)
        assert rules.deadline(THURSDAY, category="PRO") == THURSDAY + timedelta(days=14)
        assert rules.deadline(THURSDAY) == THURSDAY + timedelta(days=14)

    @pytest.mark.row("P5")
    @pytest.mark.parametrize(("wanted", "last"), [(3, 3), (20, 14), (-1, 0)])
    def test_is_the_customers_own_where_that_is_earlier(self, wanted: int, last: int) -> None:
        day = THURSDAY + timedelta(days=wanted)
        assert PickupRules(days=14).deadline(THURSDAY, wanted=day) == THURSDAY + timedelta(days=last)

    @given(RULES, DAYS, st.sampled_from([None, "ECO", "PRO", "AUTRE"]))
    def test_is_an_open_day_with_as_many_open_days_before_it_as_the_rule_says(
        self, rules: PickupRules, today: date, category: str | None
    ) -> None:
        last = rules.deadline(today, category=category)
        wanted = rules.by_category.get(category, rules.days) if category else rules.days
        assert rules.is_open(last)
        assert sum(rules.is_open(today + timedelta(days=n)) for n in range(1, (last - today).days + 1)) == wanted

    def test_needs_a_shop_that_opens(self) -> None:
        with pytest.raises(Inconsistent):
            PickupRules(closed_weekdays=frozenset(range(1, 8)))
