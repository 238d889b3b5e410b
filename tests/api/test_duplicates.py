"""The finder of cards that may be one person's (C9)."""

from typing import Any
from uuid import UUID

import pytest

from infra.db.dossiers import add_key
from infra.readers import duplicates as finder
from tests.api.conftest import ClientFor
from tests.api.steps import Connection, Json, all_items, customer, get, items, refused
from tests.conftest import Client, Premises

pytestmark = pytest.mark.row("C9", "P22")

NANTES = {"town": "Nantes", "postal_code": "44000"}


def key(identifier: str) -> UUID:
    return UUID(identifier.rpartition("_")[2])


async def pairs(http: Client, **query: Any) -> list[tuple[str, str, str]]:
    """Each pair as its reason and its two codes."""
    return [
        (pair["reason"], pair["first"]["code"], pair["second"]["code"])
        for pair in await items(http, "/v1/customer-duplicates", **query)
    ]


class TestAPair:
    @pytest.mark.parametrize(
        ("reason", "one", "other"),
        [
            ("email", {"email": "C.Martin@example.org"}, {"email": "c.martin@EXAMPLE.org"}),
            ("phone", {"phone": "02 40 12 34 56"}, {"phone": "+33240123456"}),
            ("siret", {"siret": "73282932000074"}, {"siret": "732 829 320 00074"}),
        ],
    )
    async def test_is_found_by_what_both_have(self, http: Client, reason: str, one: Json, other: Json) -> None:
        first = await customer(http, "MARTIN", code="A1", **one)
        second = await customer(http, "DURAND", code="B1", **other)
        await customer(http, "SEUL", code="C1")
        (pair,) = await items(http, "/v1/customer-duplicates")
        assert (pair["reason"], pair["first"]["id"], pair["second"]["id"]) == (reason, first["id"], second["id"])
        assert await pairs(http, reason=reason) == [(reason, "A1", "B1")]
        for another in {"email", "phone", "siret", "name"} - {reason}:
            assert await pairs(http, reason=another) == []

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            (("LEFÈVRE", "Julie"), ("LEFEVRE", "Julie")),
            (("LEFEVRE", "Julie"), ("LEFEBVRE", "Julie")),
            (("MARTIN", "Marie-Claire"), ("Marie Claire", "MARTIN")),
            (("MAISON DES TOUT PETITS", None), ("Maison des tout-petits", None)),
            (("HÉLÈNE", None), ("ELENE", None)),
            (("DUPONT", "Jean"), ("DUPOND", "Jean")),
        ],
    )
    async def test_is_found_by_near_names_in_one_town(
        self, http: Client, one: tuple[str, str | None], other: tuple[str, str | None]
    ) -> None:
        await customer(http, one[0], code="A1", first_name=one[1], address=NANTES)
        await customer(http, other[0], code="B1", first_name=other[1], address={"town": "NANTES"})
        assert await pairs(http) == [("name", "A1", "B1")]
        assert await pairs(http, reason="name") == [("name", "A1", "B1")]

    async def test_is_found_by_the_postal_code_where_no_town_is_known(self, http: Client) -> None:
        await customer(http, "MARTIN", code="A1", address={"postal_code": "44000"})
        await customer(http, "MARTIN", code="B1", address={"postal_code": "44000"})
        assert await pairs(http) == [("name", "A1", "B1")]

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ({"address": NANTES}, {"address": {"town": "Rezé"}}),
            ({"address": NANTES}, {}),
            ({}, {}),
            ({"first_name": "Paul", "address": NANTES}, {"first_name": "Sophie", "address": NANTES}),
        ],
    )
    async def test_is_none_for_one_name_elsewhere_or_another_name(self, http: Client, one: Json, other: Json) -> None:
        await customer(http, "MARTIN", **one)
        await customer(http, "MARTIN", **other)
        assert await pairs(http) == []

    async def test_has_its_strongest_reason_once(self, http: Client) -> None:
        same = {"first_name": "Claire", "phone": "0240123456", "email": "c@example.org", "address": NANTES}
        await customer(http, "MARTIN", code="A1", **same)
        await customer(http, "MARTIN", code="B1", **same)
        (pair,) = await items(http, "/v1/customer-duplicates")
        assert (pair["reason"], pair["score"]) == ("email", 100)
        assert await pairs(http, reason="phone") == [("phone", "A1", "B1")]

    async def test_of_a_family_on_one_phone_scores_lower(self, http: Client) -> None:
        phone = {"phone": "0240123456"}
        await customer(http, "MARTIN", code="A1", first_name="Claire", **phone)
        await customer(http, "MARTIN", code="B1", first_name="Hugo", **phone)
        await customer(http, "MARTIN", code="C1", first_name="Clair", **phone)
        found = await items(http, "/v1/customer-duplicates")
        assert {pair["reason"] for pair in found} == {"phone"}
        scores = {(pair["first"]["code"], pair["second"]["code"]): pair["score"] for pair in found}
        assert set(scores) == {("A1", "B1"), ("A1", "C1"), ("B1", "C1")}
        assert scores["A1", "C1"] > 80
        assert max(scores["A1", "B1"], scores["B1", "C1"]) < 50
        assert found[0]["second"]["code"] == "C1"

    async def test_shows_what_tells_two_cards_apart(self, http: Client) -> None:
        card = await customer(
            http, "MARTIN", first_name="Claire", email="c@example.org", phone="0240123456", address=NANTES
        )
        await customer(http, "AUTRE", email="c@example.org")
        (pair,) = await items(http, "/v1/customer-duplicates")
        same = ("id", "code", "version", "name", "first_name", "phone", "email", "siret", "created_at")
        assert pair["first"] == {
            **{name: card[name] for name in same},
            "postal_code": "44000",
            "town": "Nantes",
        }


class TestWhoIsLeftOut:
    @pytest.fixture(autouse=True)
    async def _pair(self, http: Client) -> None:
        await customer(http, "MARTIN", code="A1", email="c@example.org", address=NANTES)
        await customer(http, "MARTIN", code="B1", email="c@example.org", address=NANTES)
        assert await pairs(http) == [("email", "A1", "B1")]

    @pytest.mark.parametrize(
        "change",
        ["merged_into = (SELECT customer_id FROM customer WHERE code = 'A1')", "anonymised_at = now()"],
    )
    async def test_is_a_card_that_is_history(self, http: Client, sql: Connection, change: str) -> None:
        await sql.execute(f"UPDATE customer SET {change} WHERE code = 'B1'")
        for query in ({}, {"reason": "email"}, {"reason": "name"}):
            assert await pairs(http, **query) == []

    @pytest.mark.row("B30")
    async def test_is_a_card_that_the_caller_may_not_see(
        self, client_for: ClientFor, sql: Connection, premises: Premises
    ) -> None:
        await sql.execute("UPDATE customer SET confidentiality_code = 'VIP' WHERE code = 'B1'")
        for more, expected in ((["confidential:VIP"], [("email", "A1", "B1")]), ([], [])):
            made = await add_key(
                sql, dossier_id=premises.dossier, label="x", scopes=["customers:read", *more], channel_id=None
            )
            assert await pairs(await client_for(made)) == expected

    async def test_is_another_shop(self, client_for: ClientFor, elsewhere: Premises) -> None:
        stranger = await client_for(elsewhere.admin_key)
        await customer(stranger, "MARTIN", email="c@example.org", address=NANTES)
        assert await pairs(stranger) == []


class TestTheList:
    @pytest.fixture
    async def ten(self, http: Client) -> None:
        """Ten pairs: five cards with one e-mail, of more or less alike names."""
        for n, name in enumerate(("MARTIN", "MARTINE", "DURAND", "DURANT", "ZOLA")):
            await customer(http, name, code=f"C{n}", email="c@example.org")

    @pytest.mark.row("C20")
    async def test_is_the_same_in_pages_of_any_size_likeliest_first(self, http: Client, ten: None) -> None:
        whole = await items(http, "/v1/customer-duplicates", limit=200)
        assert len(whole) == 10
        assert [pair["score"] for pair in whole] == sorted((pair["score"] for pair in whole), reverse=True)
        for limit in (1, 3, 10):
            assert await all_items(http, "/v1/customer-duplicates", limit=limit) == whole
        assert (await get(http, "/v1/customer-duplicates", limit=10))["next"] is None

    @pytest.mark.row("C20")
    async def test_goes_on_where_it_was_when_cards_come_and_go(self, http: Client, sql: Connection, ten: None) -> None:
        whole = await items(http, "/v1/customer-duplicates", limit=200)
        page = await get(http, "/v1/customer-duplicates", limit=4)
        await sql.execute("DELETE FROM customer WHERE code = $1", page["items"][3]["first"]["code"])
        await customer(http, "MARTIN", code="NEW", email="c@example.org")
        rest = await all_items(http, page["next"])
        gone = page["items"][3]["first"]["id"]
        stayed = [pair for pair in whole[4:] if gone not in {pair["first"]["id"], pair["second"]["id"]}]
        assert [pair for pair in rest if "NEW" not in {pair["first"]["code"], pair["second"]["code"]}] == stayed

    async def test_does_not_grow_with_the_square_of_a_shared_value(self, http: Client) -> None:
        for n in range(finder.FAMILY + 3):
            await customer(http, f"N{n:02}", email="info@example.org")
        assert len(await pairs(http, limit=200)) == finder.FAMILY + 2

    @pytest.mark.parametrize("query", [{"reason": "town"}, {"limit": 0}, {"sort": "name"}])
    async def test_refuses_what_it_does_not_know(self, http: Client, query: Json) -> None:
        answer = await http.get("/v1/customer-duplicates", params=query)
        assert [each["pointer"] for each in refused(answer, 422, "invalid")["errors"]] == list(query)

    async def test_refuses_a_cursor_of_another_search(self, http: Client, ten: None) -> None:
        following = (await get(http, "/v1/customer-duplicates", limit=2))["next"]
        refused(await http.get(f"{following}&reason=email"), 404, "unknown-cursor")
