"""The search of the customer file (A42 to A48) and what a caller may see of it (B30)."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from domain.queries.customers import SORTS, CustomerFilter
from infra.bootstrap import running
from infra.db.dossiers import add_key
from infra.demo import load_if_empty
from infra.ids import new_id
from infra.repositories.customers import phone_key
from tests.api.conftest import ClientFor, open_app
from tests.api.steps import (
    RUE,
    Connection,
    Json,
    all_items,
    customer,
    get,
    items,
    order,
    post,
    refused,
    stock,
)
from tests.conftest import Client, Premises, client_of
from tests.support.database import MakeDatabase, passable_folder

LONG_AGO = datetime(2015, 6, 1, 12, tzinfo=UTC)


async def found(http: Client, **query: object) -> list[str]:
    """The names that a search finds; its count must say the same."""
    names = [card["name"] for card in await items(http, "/v1/customers", limit=200, **query)]
    query.pop("sort", None)
    assert await get(http, "/v1/customers/count", **query) == {"count": len(names), "capped": False}
    return names


def key(identifier: str) -> UUID:
    return UUID(identifier.rpartition("_")[2])


async def contact(sql: Connection, card: Json, **fields: Any) -> None:
    """A contact person of a card."""
    columns = {
        "dossier_id": await sql.fetchval("SELECT dossier_id FROM customer WHERE customer_id = $1", key(card["id"])),
        "customer_id": key(card["id"]),
        "contact_id": new_id(),
        "code": f"C{new_id().hex[-6:]}",
        "name": "ACHATS",
        "created_at": LONG_AGO,
        "updated_at": LONG_AGO,
        "version": 1,
        "email": fields.get("email"),
        "email_key": fields["email"].casefold() if "email" in fields else None,
        "phone": fields.get("phone"),
        "phone_key": phone_key(fields.get("phone")),
        "mobile": fields.get("mobile"),
        "mobile_key": phone_key(fields.get("mobile")),
    }
    await _insert(sql, "contact_person", columns)


async def consent(sql: Connection, card: Json, granted: bool, at: datetime, **more: Any) -> None:
    columns = {
        "dossier_id": await sql.fetchval("SELECT dossier_id FROM customer WHERE customer_id = $1", key(card["id"])),
        "consent_id": new_id(),
        "customer_id": key(card["id"]),
        "channel": "email",
        "purpose": "marketing",
        "granted": granted,
        "at": at,
        "by": "staff:essai",
        **more,
    }
    await _insert(sql, "consent", columns)


async def _insert(sql: Connection, table: str, columns: Json) -> None:
    names = ", ".join(f'"{name}"' for name in columns)
    places = ", ".join(f"${n}" for n in range(1, len(columns) + 1))
    await sql.execute(f"INSERT INTO {table} ({names}) VALUES ({places})", *columns.values())


async def absorb(sql: Connection, absorbed: Json, kept: Json) -> None:
    await sql.execute(
        "UPDATE customer SET merged_into = $2 WHERE customer_id = $1", key(absorbed["id"]), key(kept["id"])
    )


@pytest.mark.row("A42")
class TestAName:
    @pytest.fixture(autouse=True)
    async def _file(self, http: Client) -> None:
        await customer(http, "Lefèvre", first_name="Hélène", code="LEF1")
        await customer(http, "Cœur d'Artichaut", first_name="Zoé")
        await customer(http, "ELMI-GANI", first_name="YOHANN")
        await customer(http, "LEF1", code="AUTRE")

    @pytest.mark.parametrize(
        ("q", "names"),
        [
            ("lefevre", ["Lefèvre"]),
            ("LEFÈVRE hel", ["Lefèvre"]),
            ("hélène lefèv", ["Lefèvre"]),
            ("helene", ["Lefèvre"]),
            ("coeur", ["Cœur d'Artichaut"]),
            ("CŒUR", ["Cœur d'Artichaut"]),
            ("arti zo", ["Cœur d'Artichaut"]),
            ("gani", ["ELMI-GANI"]),
            ("yohann elmi gani", ["ELMI-GANI"]),
            ("lef1", ["LEF1", "Lefèvre"]),  # the name, and the code
            ("autre", ["LEF1"]),
            ("lef1 helene", []),  # a code stands alone
            ("evre", []),
            ("%", []),
        ],
    )
    async def test_is_found_by_the_starts_of_its_words(self, http: Client, q: str, names: list[str]) -> None:
        assert await found(http, q=q) == names


@pytest.mark.row("A42", "P16")
class TestWhatACardIsKnownBy:
    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ({"code": "mai1"}, ["MAIRIE"]),
            ({"code": "MAI"}, []),
            ({"gencod": "2900000000018"}, ["MAIRIE"]),
            ({"gencod": "FID-77"}, ["MAIRIE"]),
            ({"gencod": "290000000001"}, []),
            ({"email": "Mairie@Example.org"}, ["MAIRIE"]),
            ({"email": "achats@example.org"}, ["MAIRIE"]),
            ({"email": "example.org"}, []),
            ({"phone": "0240123456"}, ["MAIRIE"]),
            ({"phone": "+33 2 40 12 34 56"}, ["MAIRIE"]),
            ({"phone": "0033240123456"}, ["MAIRIE"]),
            ({"phone": "02.40.12.34.56"}, ["MAIRIE"]),
            ({"phone": "02 51 00 00 01"}, ["MAIRIE"]),
            ({"phone": "06-12-34-56-78"}, ["MAIRIE"]),
            ({"phone": "02 512 34 56", "country": "BE"}, ["Librairie belge"]),
            ({"phone": "+32 2 512 34 56"}, ["Librairie belge"]),
            ({"phone": "02 512 34 56"}, []),
            ({"phone": "abc"}, []),
            ({"postal_code": "44000"}, ["MAIRIE"]),
            ({"postal_code": "44"}, ["MAIRIE"]),
            ({"postal_code": "4"}, ["MAIRIE"]),
            ({"postal_code": "75"}, []),
            ({"town": "saint-herb"}, ["MAIRIE"]),
            ({"town": "SAINT HERBLAIN"}, ["MAIRIE"]),
            ({"town": "herblain"}, []),
            ({"siret": "732 829 320 00074"}, ["MAIRIE"]),
            ({"siret": "732829320"}, ["MAIRIE"]),
            ({"siret": "829320"}, []),
            ({"country": "BE"}, ["Librairie belge"]),
        ],
    )
    async def test_finds_it(self, http: Client, sql: Connection, query: Json, names: list[str]) -> None:
        mairie = await customer(
            http,
            "MAIRIE",
            code="MAI1",
            barcode="2900000000018",
            fidelity_number="FID-77",
            email="mairie@example.org",
            phone="02 40 12 34 56",
            siret="73282932000074",
            address={"postal_code": "44000", "town": "Saint-Herblain"},
        )
        await contact(sql, mairie, email="Achats@example.org", phone="02 51 00 00 01", mobile="06 12 34 56 78")
        await customer(http, "Librairie belge", phone="02 512 34 56", address={"country": "BE"})
        await customer(http, "MARTIN")
        assert await found(http, **query) == names


@pytest.mark.row("A42", "C9")
class TestAMergedCard:
    @pytest.fixture(autouse=True)
    async def _file(self, http: Client, sql: Connection) -> None:
        old = await customer(
            http, "ANCIEN", code="OLD1", barcode="2900000000018", fidelity_number="F1", email="old@example.org"
        )
        await absorb(sql, old, await customer(http, "GARDE", code="KEPT"))

    @pytest.mark.parametrize("query", [{"code": "old1"}, {"gencod": "2900000000018"}, {"gencod": "F1"}, {"q": "old1"}])
    async def test_leads_to_the_kept_one(self, http: Client, query: Json) -> None:
        assert await found(http, **query) == ["GARDE"]

    @pytest.mark.parametrize("query", [{"q": "ancien"}, {"email": "old@example.org"}])
    async def test_is_not_listed(self, http: Client, query: Json) -> None:
        assert await found(http, **query) == []

    async def test_is_not_among_all_but_may_be_looked_at(self, http: Client, sql: Connection) -> None:
        assert await found(http) == ["GARDE"]
        identifier = await sql.fetchval("SELECT customer_id FROM customer WHERE code = 'OLD1'")
        card = await get(http, f"/v1/customers/cus_{identifier.hex}")
        assert (card["name"], card["merged_into_id"]) == (
            "ANCIEN",
            (await items(http, "/v1/customers"))[0]["id"],
        )


FLAGS = {
    "mail_order": "mail_order",
    "collectivity": "collectivity",
    "lending_library": "lending_library",
    "on_account": "on_account",
    "vat_exempt": "vat_exempt",
    "fidelity_active": "fidelity_active",
}


@pytest.mark.row("A43", "B13")
class TestAFlag:
    @pytest.mark.parametrize("name", FLAGS)
    async def test_parts_the_file_in_two(self, http: Client, name: str) -> None:
        await customer(http, "OUI", **{FLAGS[name]: True})
        await customer(http, "NON")
        assert await found(http, **{name: "true"}) == ["OUI"]
        assert await found(http, **{name: "false"}) == ["NON"]

    async def test_of_chorus(self, http: Client) -> None:
        await customer(http, "OUI", chorus={"enabled": True, "siret": "73282932000074"})
        await customer(http, "NON")
        assert await found(http, chorus="true") == ["OUI"]
        assert await found(http, chorus="false") == ["NON"]

    async def test_of_the_visa(self, http: Client) -> None:
        await customer(http, "OUI")
        await customer(http, "NON", origin="crm")
        assert await found(http, approved="true") == ["OUI"]
        assert await found(http, approved="false") == ["NON"]

    async def test_of_closing_turns_on_the_very_day(self, http: Client) -> None:
        today = datetime.now(UTC).date()
        await customer(http, "A FERME", closed_on=(today - timedelta(days=3)).isoformat())
        await customer(http, "B FERMERA", closed_on=(today + timedelta(days=3)).isoformat())
        await customer(http, "C OUVERT")
        assert await found(http, closed="true") == ["A FERME"]
        assert await found(http, closed="false") == ["B FERMERA", "C OUVERT"]

    async def test_of_the_light(self, http: Client) -> None:
        for name, light in (("VERT", "green"), ("ORANGE", "orange"), ("ROUGE", "red")):
            await customer(http, name, light=light)
            assert await found(http, light=light) == [name]

    async def test_of_a_category(self, http: Client, sql: Connection) -> None:
        code = await sql.fetchval("SELECT code FROM reference_value WHERE table_name = 'categories' LIMIT 1")
        await customer(http, "CLASSE", category=code)
        await customer(http, "LIBRE")
        assert await found(http, category=code) == ["CLASSE"]
        assert await found(http, category="ZZZ") == []

    @pytest.mark.row("A58")
    async def test_of_information_mail_is_the_last_word_said(self, http: Client, sql: Connection) -> None:
        yes, no, never, other = [await customer(http, name) for name in ("OUI", "NON", "JAMAIS", "TICKET")]
        day = timedelta(days=1)
        for card, words in ((yes, (False, True)), (no, (True, False))):
            for n, granted in enumerate(words):
                await consent(sql, card, granted, LONG_AGO + n * day)
        await consent(sql, other, granted=True, at=LONG_AGO, purpose="receipt")
        await consent(sql, other, granted=True, at=LONG_AGO, channel="sms")
        assert await found(http, accepts_mail="true") == ["OUI"]
        assert await found(http, accepts_mail="false") == ["JAMAIS", "NON", "TICKET"]
        assert never["name"] == "JAMAIS"

    @pytest.mark.row("A60", "B20")
    async def test_of_links(self, http: Client) -> None:
        centre = await customer(http, "CENTRALE")
        await customer(http, "ECOLE", billed_to_id=centre["id"])
        await customer(http, "ANNEXE", group_id=centre["id"])
        assert await found(http, billed_to_id=centre["id"]) == ["ECOLE"]
        assert await found(http, group_id=centre["id"]) == ["ANNEXE"]

    async def test_and_another_must_both_hold(self, http: Client) -> None:
        await customer(http, "DEUX", mail_order=True, collectivity=True)
        await customer(http, "UN", mail_order=True)
        assert await found(http, mail_order="true", collectivity="true") == ["DEUX"]
        assert await found(http, mail_order="true", collectivity="true", q="un") == []


BORN = {
    "01-01": "1990-01-01",
    "02-28": "1990-02-28",
    "02-29": "1988-02-29",
    "03-01": "1990-03-01",
    "12-31": "1990-12-31",
}


@pytest.mark.row("A46")
class TestABirthday:
    @pytest.mark.parametrize(
        ("query", "days"),
        [
            ({"birthday_from": "02-29", "birthday_to": "02-29"}, ["02-29"]),
            ({"birthday_from": "02-29", "birthday_to": "03-31"}, ["02-29", "03-01"]),
            ({"birthday_from": "12-20", "birthday_to": "01-10"}, ["01-01", "12-31"]),
            ({"birthday_from": "12-31", "birthday_to": "12-31"}, ["12-31"]),
            ({"birthday_from": "03-01"}, ["03-01", "12-31"]),
            ({"birthday_to": "01-31"}, ["01-01"]),
            ({"birthday_from": "01-01", "birthday_to": "12-31"}, list(BORN)),
            ({"birthday_from": "04-01", "birthday_to": "11-30"}, []),
        ],
    )
    async def test_is_expected_between_two_days(self, http: Client, query: Json, days: list[str]) -> None:
        for name, born in BORN.items():
            await customer(http, name, birth_date=born)
        await customer(http, "SANS DATE")
        assert await found(http, **query) == days

    @pytest.mark.parametrize(
        ("today", "last"),
        [
            (date(2026, 1, 5), 229),  # 2026 has no 29 February: it is kept on the 28th
            (date(2028, 1, 5), 228),
            (date(2027, 11, 1), 228),  # the next end of February is that of 2028
            (date(2028, 3, 1), 229),
        ],
    )
    def test_of_a_leap_day_is_not_forgotten_in_other_years(self, today: date, last: int) -> None:
        wanted = CustomerFilter(today=today, clearance=None, birthday_from=222, birthday_to=228)
        assert wanted.birthdays == (222, last)

    @pytest.mark.parametrize("day", ["02-30", "13-01", "00-10", "04-31", "1-1", "2026-01-01", ""])
    async def test_is_a_day_of_the_year(self, http: Client, day: str) -> None:
        answer = await http.get("/v1/customers", params={"birthday_from": day})
        assert [each["pointer"] for each in refused(answer, 422, "invalid")["errors"]] == ["birthday_from"]


@pytest.mark.row("R22")
class TestNoContact:
    @pytest.fixture
    async def old(self, http: Client, sql: Connection) -> Json:
        """A card of 2015 of which nothing was heard since."""
        card = await customer(http, "ANCIEN")
        await sql.execute("UPDATE customer SET created_at = $1, updated_at = $1", LONG_AGO)
        return card

    async def test_is_a_card_of_which_nothing_was_heard(self, http: Client, sql: Connection, old: Json) -> None:
        await customer(http, "NOUVEAU")
        assert await found(http, no_contact_since="2020-01-01") == ["ANCIEN"]
        # what staff change is no contact
        await http.patch(f"/v1/customers/{old['id']}", json={"comment": "Vu"}, headers={"if-match": '"1"'})
        assert await found(http, no_contact_since="2020-01-01") == ["ANCIEN"]

    async def test_turns_on_the_shops_own_midnight(self, http: Client, sql: Connection, old: Json) -> None:
        await sql.execute("UPDATE customer SET created_at = '2015-05-31 22:30+00'")  # 1 June in Paris
        assert await found(http, no_contact_since="2015-06-01") == []
        assert await found(http, no_contact_since="2015-06-02") == ["ANCIEN"]

    async def test_ends_with_an_order(self, http: Client, old: Json) -> None:
        await order(http, customer_id=old["id"])
        assert await found(http, no_contact_since="2020-01-01") == []

    async def test_ends_with_a_change_of_an_order(self, http: Client, sql: Connection, old: Json) -> None:
        await order(http, customer_id=old["id"])
        await sql.execute("UPDATE customer_order SET created_at = $1", LONG_AGO)
        assert await found(http, no_contact_since="2020-01-01") == []
        await sql.execute("UPDATE customer_order SET updated_at = $1", LONG_AGO)
        assert await found(http, no_contact_since="2020-01-01") == ["ANCIEN"]

    async def test_ends_with_a_copy_kept_or_taken(self, http: Client, sql: Connection, old: Json) -> None:
        await stock(http, RUE)
        kept = await post(http, "/v1/reservations", {"ean": RUE, "customer_id": old["id"]})
        assert await found(http, no_contact_since="2020-01-01") == []
        await sql.execute("UPDATE reservation SET set_aside_at = $1", LONG_AGO)
        assert await found(http, no_contact_since="2020-01-01") == ["ANCIEN"]
        await post(http, "/v1/reservations/collect", {"reservation_ids": [kept["id"]]}, expect=200)
        assert await found(http, no_contact_since="2020-01-01") == []

    async def test_ends_with_an_authorisation_said_or_taken_back(
        self, http: Client, sql: Connection, old: Json
    ) -> None:
        await consent(sql, old, granted=False, at=datetime(2022, 1, 1, tzinfo=UTC))
        assert await found(http, no_contact_since="2020-01-01") == []
        assert await found(http, no_contact_since="2023-01-01") == ["ANCIEN"]

    async def test_ends_with_a_note(self, http: Client, sql: Connection, old: Json) -> None:
        at = datetime(2022, 1, 1, tzinfo=UTC)
        dossier = await sql.fetchval("SELECT dossier_id FROM customer")
        card = {"dossier_id": dossier, "customer_id": key(old["id"]), "note_id": new_id(), "text": "Passé", "by": "x"}
        await _insert(sql, "note", {**card, "created_at": at, "updated_at": at, "version": 1})
        assert await found(http, no_contact_since="2020-01-01") == []
        assert await found(http, no_contact_since="2023-01-01") == ["ANCIEN"]

    async def test_ends_with_a_later_card_that_was_merged_into_it(
        self, http: Client, sql: Connection, old: Json
    ) -> None:
        await absorb(sql, await customer(http, "DOUBLE"), old)
        assert await found(http, no_contact_since="2020-01-01") == []

    async def test_leaves_the_anonymised_out(self, http: Client, sql: Connection, old: Json) -> None:
        await sql.execute("UPDATE customer SET anonymised_at = now()")
        assert await found(http, no_contact_since="2020-01-01") == []

    @pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
    async def test_takes_any_day_there_is(self, http: Client, old: Json, day: str) -> None:
        assert await found(http, no_contact_since=day) == (["ANCIEN"] if day > "2020" else [])


A48 = {
    "code": ["UN", "DEUX", "TROIS"],
    "name": ["DEUX", "TROIS", "UN"],
    "first_name": ["TROIS", "UN", "DEUX"],
    "postal_code": ["TROIS", "DEUX", "UN"],
    "town": ["TROIS", "DEUX", "UN"],
    "phone": ["TROIS", "UN", "DEUX"],
    "email": ["TROIS", "UN", "DEUX"],
    "birthday": ["TROIS", "UN", "DEUX"],
    "fidelity_active": ["TROIS", "UN", "DEUX"],
    "fidelity_started_on": ["TROIS", "UN", "DEUX"],
    "created_at": ["UN", "DEUX", "TROIS"],
}


@pytest.mark.row("A48")
class TestAColumn:
    def test_is_any_of_the_screens(self) -> None:
        assert set(A48) == set(SORTS)

    @pytest.mark.parametrize("column", A48)
    async def test_sorts_both_ways_what_a_card_lacks_first(self, http: Client, column: str) -> None:
        await customer(
            http,
            "UN",
            code="A1",
            first_name="Édouard",
            phone="0240000001",
            email="a@example.org",
            birth_date="1990-03-01",
            fidelity_active=True,
            fidelity_started_on="2019-12-10",
            address={"postal_code": "44100", "town": "REZÉ"},
        )
        await customer(
            http,
            "DEUX",
            code="B1",
            first_name="Fanny",
            phone="+33 2 40 00 00 02",
            email="B@example.org",
            birth_date="1950-12-01",
            fidelity_active=True,
            fidelity_started_on="2020-01-01",
            address={"postal_code": "44000", "town": "Nantes"},
        )
        await customer(http, "TROIS", code="C1")
        assert await found(http, sort=column) == A48[column]
        assert await found(http, sort=f"-{column}") == A48[column][::-1]

    @pytest.mark.row("C20")
    @pytest.mark.parametrize("sort", [f"{sign}{column}" for column in SORTS for sign in ("", "-")])
    async def test_keeps_its_pages_stable_while_cards_come_and_go(
        self, http: Client, sql: Connection, sort: str
    ) -> None:
        for n in range(9):
            await _varied(http, n)
        before = [card["id"] for card in await all_items(http, "/v1/customers", limit=4, sort=sort)]
        assert before == [card["id"] for card in await items(http, "/v1/customers", limit=200, sort=sort)]
        page = await get(http, "/v1/customers", limit=3, sort=sort)
        seen = [card["id"] for card in page["items"]]
        gone = {seen[-1], before[4]}
        for identifier in gone:
            await http.delete(f"/v1/customers/{identifier}", headers={"if-match": '"1"'})
        for n in range(20, 24):
            await _varied(http, n)
        while page["next"]:
            page = await get(http, page["next"])
            seen += [card["id"] for card in page["items"]]
        stayed = [each for each in before if each not in gone]
        assert [each for each in seen if each in stayed] == stayed
        assert len(seen) == len(set(seen))


async def _varied(http: Client, n: int) -> None:
    """Cards with few values, many equal ones and some missing in each column."""
    more: Json = {}
    if n % 3:
        more = {
            "first_name": ("Ève", "Anne")[n % 2],
            "phone": f"024000000{n % 4}",
            "email": f"{'ab'[n % 2]}@example.org",
            "birth_date": f"19{50 + n}-0{n % 2 + 1}-01",
            "fidelity_active": bool(n % 2),
            "fidelity_started_on": f"2020-01-0{n % 2 + 1}",
            "address": {"postal_code": f"4400{n % 2}", "town": f"VILLE {n % 2}"},
        }
    await customer(http, f"CLIENT {n % 4}", **more)


@pytest.mark.row("B30")
class TestAConfidentialCard:
    @pytest.fixture
    async def secret(self, http: Client, sql: Connection) -> Json:
        """A card with a confidentiality code, beside one without."""
        dossier = await sql.fetchval("SELECT dossier_id FROM dossier")
        for code in ("VIP", "RH"):
            await sql.execute(
                "INSERT INTO reference_value (dossier_id, table_name, code, label, position, active, updated_at, version) "
                "VALUES ($1, 'confidentiality', $2::varchar, $2::varchar, 1, true, now(), 1) ON CONFLICT DO NOTHING",
                dossier,
                code,
            )
        await customer(http, "TOUS")
        card = await customer(http, "SECRET", code="SEC1", email="s@example.org", confidentiality_code="VIP")
        assert await found(http) == ["SECRET", "TOUS"]
        return card

    @asynccontextmanager
    async def _caller(
        self, client_for: ClientFor, sql: Connection, premises: Premises, *more: str
    ) -> AsyncIterator[Client]:
        scopes = ["customers:read", "orders:write", *more]
        made = await add_key(sql, dossier_id=premises.dossier, label="essai", scopes=scopes, channel_id=None)
        yield await client_for(made)

    @pytest.mark.parametrize("scope", [(), ("confidential:RH",)])
    async def test_is_not_there_for_who_lacks_its_code(
        self, client_for: ClientFor, sql: Connection, premises: Premises, secret: Json, scope: tuple[str, ...]
    ) -> None:
        async with self._caller(client_for, sql, premises, *scope) as http:
            assert await found(http) == ["TOUS"]
            for query in ({"q": "secret"}, {"q": "sec1"}, {"code": "SEC1"}, {"email": "s@example.org"}):
                assert await found(http, **query) == []
            for path in ("", "/activity", "/personal-data"):
                refused(await http.get(f"/v1/customers/{secret['id']}{path}"), 404, "not-found")

    @pytest.mark.parametrize("scope", ["confidential:VIP", "confidential:*", "admin"])
    async def test_is_there_for_who_has_it(
        self, client_for: ClientFor, sql: Connection, premises: Premises, secret: Json, scope: str
    ) -> None:
        async with self._caller(client_for, sql, premises, scope) as http:
            assert await found(http) == ["SECRET", "TOUS"]
            for path in ("", "/activity", "/personal-data"):
                await get(http, f"/v1/customers/{secret['id']}{path}")

    async def test_is_not_reached_by_the_code_of_one_merged_into_it(
        self, http: Client, client_for: ClientFor, sql: Connection, premises: Premises, secret: Json
    ) -> None:
        old = await customer(http, "ANCIEN", code="OLD1")
        await absorb(sql, old, secret)
        async with self._caller(client_for, sql, premises) as stranger:
            assert await found(stranger, code="OLD1") == []
            refused(await stranger.get(f"/v1/customers/{old['id']}/activity"), 404, "not-found")

    async def test_stays_hidden_when_it_was_merged_into_an_open_one(
        self, http: Client, client_for: ClientFor, sql: Connection, premises: Premises, secret: Json
    ) -> None:
        await absorb(sql, secret, await customer(http, "OUVERT"))
        async with self._caller(client_for, sql, premises) as stranger:
            for path in ("", "/activity", "/personal-data"):
                refused(await stranger.get(f"/v1/customers/{secret['id']}{path}"), 404, "not-found")


async def test_a_card_of_another_shop_is_not_there(http: Client, client_for: ClientFor, elsewhere: Premises) -> None:
    card = await customer(http, "ICI", code="ICI1")
    stranger = await client_for(elsewhere.admin_key)
    assert await found(stranger, code="ICI1") == []
    for path in ("", "/activity", "/personal-data"):
        refused(await stranger.get(f"/v1/customers/{card['id']}{path}"), 404, "not-found")


class TestTheSeedsScreen:
    """Customers 1 ELMI-GANI YOHANN and 2 NICOLAS, found by every column of their screen."""

    @pytest.fixture
    async def demo(self, make_database: MakeDatabase) -> AsyncIterator[Client]:
        url = await make_database()
        folder = passable_folder()
        credentials = await load_if_empty(url, folder)
        assert credentials is not None
        connection = await asyncpg.connect(url)
        dossier = await connection.fetchval("SELECT dossier_id FROM dossier")
        made = await add_key(connection, dossier_id=dossier, label="essai", scopes=["admin"], channel_id=None)
        await connection.close()
        async with (
            running(database_url=url, pool_size=2) as comptoir,
            open_app(comptoir) as app,
            client_of(app, made) as client,
        ):
            yield client

    @pytest.mark.row("A42", "A43", "A48")
    async def test_finds_both(self, demo: Client) -> None:
        for query in (
            {"code": "1"},
            {"q": "1"},
            {"q": "elmi"},
            {"q": "gani yohann"},
            {"q": "yohann elmi"},
            {"q": "elmi", "fidelity_active": "false"},
        ):
            assert "1" in [card["code"] for card in await items(demo, "/v1/customers", **query)], query
        for query in (
            {"code": "2"},
            {"q": "nicolas", "fidelity_active": "true"},
            {"phone": "0606060607"},
            {"phone": "+33 6 06 06 06 07"},
            {"email": "np@2dcom.fr"},
            {"email": "NP@2DCOM.FR"},
            {"q": "nicolas", "phone": "06.06.06.06.07", "email": "np@2dcom.fr"},
        ):
            assert "2" in [card["code"] for card in await items(demo, "/v1/customers", **query)], query
        (nicolas,) = await items(demo, "/v1/customers", code="2")
        shown = ("code", "name", "first_name", "phone", "email", "birth_date", "fidelity_active", "fidelity_started_on")
        assert [nicolas[name] for name in shown] == [
            *("2", "NICOLAS", None, "0606060607", "np@2dcom.fr", None, True, "2019-12-10"),
        ]
        (yohann,) = await items(demo, "/v1/customers", code="1")
        assert [yohann[name] for name in shown] == ["1", "ELMI-GANI", "YOHANN", None, None, None, False, None]

    @pytest.mark.row("A48")
    async def test_shows_both_under_every_column(self, demo: Client) -> None:
        whole = (await get(demo, "/v1/customers/count"))["count"]
        for column in SORTS:
            codes = [card["code"] for card in await all_items(demo, "/v1/customers", limit=200, sort=column)]
            assert len(codes) == len(set(codes)) == whole
            assert {"1", "2"} <= set(codes)
        by_code = [card["code"] for card in await all_items(demo, "/v1/customers", limit=200, sort="code")]
        assert by_code == sorted(by_code)
        assert all(re.fullmatch("[A-Z0-9]{1,8}", code) for code in by_code)
