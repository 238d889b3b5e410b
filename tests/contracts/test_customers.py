"""Customers: one suite on the fake and on PostgreSQL."""

from copy import deepcopy

import pytest

from domain.errors import CodeTaken, NotFound, StaleVersion
from tests.contracts import samples
from tests.contracts.house import House
from tests.contracts.samples import NOW, committed, plain


class TestACustomer:
    async def test_comes_back_as_it_was_kept_field_by_field(self, house: House) -> None:
        customer = samples.customer(house.new_id)
        async with committed(house) as work:
            work.customers.add(customer)
        async with house.begin(house.dossier) as work:
            assert plain(await work.customers.get(customer.id)) == plain(customer)
            assert plain(await work.customers.by_code("c0000042")) == plain(customer)

    async def test_comes_back_as_it_was_changed_and_is_found_by_its_present_words(self, house: House) -> None:
        customer = samples.customer(house.new_id, name="L'Œuvre de Paul")
        async with committed(house) as work:
            work.customers.add(customer)
        assert await house.customer_words() == {
            customer.id: {"L", "OEUVRE", "DE", "PAUL", "JEAN", "NOEL", "LOEUVREDEPAUL"}
        }
        async with committed(house) as work:
            changed = await work.customers.get(customer.id)
            details = deepcopy(changed.details)
            details.name, details.first_name, details.barcode = "Paul & Paul", None, None
            assert changed.change(details, now=NOW)
            work.customers.save(changed)
        async with house.begin(house.dossier) as work:
            assert plain(await work.customers.get(customer.id)) == plain(changed)
        assert await house.customer_words() == {customer.id: {"PAUL", "PAULPAUL"}}

    @pytest.mark.parametrize(("code", "barcode"), [("C0000042", None), ("OTHER", "0042")])
    async def test_with_anothers_code_or_barcode_is_refused(self, house: House, code: str, barcode: str | None) -> None:
        async with committed(house) as work:
            work.customers.add(samples.customer(house.new_id))
        with pytest.raises(CodeTaken):
            async with committed(house) as work:
                work.customers.add(samples.customer(house.new_id, code=code, barcode=barcode))
        assert len(await house.customer_words()) == 1

    async def test_without_barcode_bothers_nobody(self, house: House) -> None:
        for code in ("A", "B"):
            async with committed(house) as work:
                work.customers.add(samples.customer(house.new_id, code=code, barcode=None))
        assert len(await house.customer_words()) == 2

    async def test_takes_a_code_that_a_neighbour_has(self, house: House) -> None:
        for dossier in (house.dossier, house.neighbour):
            async with house.begin(dossier) as work:
                work.customers.add(samples.customer(house.new_id))
                await work.commit()

    async def test_is_refused_to_whoever_changes_an_older_version(self, house: House) -> None:
        customer = samples.customer(house.new_id)
        async with committed(house) as work:
            work.customers.add(customer)
        with pytest.raises(StaleVersion):
            async with committed(house) as late:
                seen = await late.customers.get(customer.id)
                async with committed(house) as quick:
                    other = await quick.customers.get(customer.id)
                    other.change(deepcopy(samples.customer(house.new_id, name="First").details), now=NOW)
                    quick.customers.save(other)
                seen.change(deepcopy(samples.customer(house.new_id, name="Second").details), now=NOW)
                late.customers.save(seen)

    async def test_that_does_not_exist_is_not_found(self, house: House) -> None:
        async with house.begin(house.dossier) as work:
            with pytest.raises(NotFound):
                await work.customers.get(samples.customer(house.new_id).id)
            with pytest.raises(NotFound):
                await work.customers.by_code("NOBODY")

    async def test_counter_rises(self, house: House) -> None:
        counters = []
        for _ in range(3):
            async with committed(house) as work:
                counters.append(await work.customers.next_counter())
        assert counters == [1, 2, 3]
