"""Labels and addresses of customers over HTTP (A50, A53)."""

import io
from typing import Any

import httpx
import pypdfium2
import pytest

from infra.db.dossiers import add_key
from tests.api.card_steps import third_party
from tests.api.conftest import ClientFor
from tests.api.steps import Connection, Json, all_items, customer, get, items, post, refused
from tests.conftest import Client, Premises

LABELS = "/v1/customers/labels.pdf"
EMAILS = "/v1/customers/emails"
NANTES: Json = {"street": "12, rue des Carmes", "postal_code": "44000", "town": "Nantes"}
FREE = {"format": "free", "columns": 2, "rows": 5, "width_mm": "90", "height_mm": "50.5"}


def printed(answer: httpx.Response) -> list[str]:
    """The words of each page, line by line."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    pages = pypdfium2.PdfDocument(io.BytesIO(answer.content))
    return [page.get_textpage().get_text_range().replace("\r\n", "\n") for page in pages]


async def labels(http: Client, **query: Any) -> list[str]:
    return printed(await http.get(LABELS, params=query))


async def consent(http: Client, card: Json, *, granted: bool, purpose: str = "marketing") -> None:
    body = {"channel": "email", "purpose": purpose, "granted": granted, "source": "comptoir"}
    await post(http, f"/v1/customers/{card['id']}/consents", body)


@pytest.mark.row("A53")
class TestLabels:
    async def test_are_those_of_the_customers_found_after_the_norm(self, http: Client) -> None:
        await customer(http, "MARTIN", first_name="Claire", title="Mme", address=NANTES)
        await customer(http, "PETIT", address={**NANTES, "postal_code": "75006", "town": "Paris"})
        answer = await http.get(LABELS, params={"postal_code": "44"})
        (page,) = printed(answer)
        assert page.split("\n") == ["Mme Claire MARTIN", "12 RUE DES CARMES", "44000 NANTES"]
        assert (answer.headers["labels-skipped"], answer.headers["labels-shortened"]) == ("0", "0")
        assert answer.headers["content-disposition"] == 'inline; filename="etiquettes.pdf"'

    async def test_name_the_country_only_abroad(self, http: Client) -> None:
        await customer(http, "KÖNIG", address={"street": "Ehrenstr. 4", "town": "Köln", "country": "DE"})
        (page,) = await labels(http)
        assert page.split("\n") == ["KÖNIG", "EHRENSTR 4", "KOLN", "ALLEMAGNE"]

    async def test_are_of_those_chosen_in_the_order_of_the_list(self, http: Client) -> None:
        made = [await customer(http, name, address=NANTES) for name in ("ABEL", "BRUN", "CARO")]
        ids = [made[2]["id"], made[0]["id"]]
        (page,) = await labels(http, id=ids)
        assert [line for line in page.split("\n") if line in {"ABEL", "BRUN", "CARO"}] == ["ABEL", "CARO"]
        (page,) = await labels(http, id=ids, sort="-name")
        assert page.startswith("CARO")
        (page,) = await labels(http, id=ids, q="abel")
        assert "CARO" not in page

    async def test_leave_out_and_count_who_has_no_address(self, http: Client) -> None:
        await customer(http, "AVEC", address=NANTES)
        await customer(http, "SANS")
        await customer(http, "CODE", address={"postal_code": "44000"})
        answer = await http.get(LABELS)
        assert answer.headers["labels-skipped"] == "2"
        assert "SANS" not in printed(answer)[0]

    async def test_of_nobody_are_refused(self, http: Client) -> None:
        await customer(http, "SANS")
        assert "1" in refused(await http.get(LABELS), 409, "nothing-to-print")["detail"]

    async def test_say_of_whom_words_were_left_out(self, http: Client) -> None:
        full = {
            **NANTES,
            "recipient": "Service des acquisitions et du catalogue",
            "complement": "Escalier B",
            "building": "Résidence",
            "locality": "BP 4",
        }
        made = await customer(http, "PLEIN", code="PLEIN", address=full)
        await customer(http, "MARTIN", address=NANTES)
        answer = await http.get(LABELS)
        assert (answer.headers["labels-shortened"], answer.headers["labels-shortened-codes"]) == ("1", made["code"])
        assert "Service des acquisitions et du…" in printed(answer)[0]

    async def test_go_to_the_address_asked_for_or_the_main_one(self, http: Client) -> None:
        card = await customer(http, "MARTIN", address=NANTES)
        await customer(http, "PETIT", address={**NANTES, "street": "3 rue Haute"})
        other = {"code": "LIV", "role": "delivery", "address": {"street": "7 quai", "town": "Rezé"}}
        await post(http, f"/v1/customers/{card['id']}/addresses", other)
        (page,) = await labels(http, address="delivery")
        assert page.split("\n") == ["MARTIN", "7 QUAI", "REZE", "PETIT", "3 RUE HAUTE", "44000 NANTES"]
        (page,) = await labels(http, address="billing")
        assert "12 RUE DES CARMES" in page

    async def test_go_to_the_address_lent_by_another(self, http: Client) -> None:
        card = await customer(http, "ECOLE", address=NANTES)
        lender = await third_party(http, "MAIRIE", address={"street": "1 place", "town": "Rezé"})
        lent = {"code": "FAC", "role": "billing", "use_main_of_id": lender["id"]}
        await post(http, f"/v1/customers/{card['id']}/addresses", lent)
        (page,) = await labels(http, address="billing")
        assert page.split("\n") == ["ECOLE", "MAIRIE", "1 PLACE", "REZE"]

    async def test_begin_where_the_sheet_is_not_used_yet(self, http: Client) -> None:
        for name in ("ABEL", "BRUN"):
            await customer(http, name, address=NANTES)
        assert ["ABEL" in page for page in await labels(http, start=21)] == [True, False]
        assert len(await labels(http, start=20)) == 1
        problem = refused(await http.get(LABELS, params={"start": 22}), 409, "inconsistent")
        assert [each["pointer"] for each in problem["errors"]] == ["start"]
        assert len(await labels(http, start=9, **FREE)) == 1
        assert len(await labels(http, start=10, **FREE)) == 2

    @pytest.mark.parametrize(
        ("query", "pointers"),
        [
            ({"format": "free"}, ["columns", "rows", "width_mm", "height_mm"]),
            ({**FREE, "width_mm": "105.01"}, ["width_mm"]),
            ({**FREE, "left_mm": "31"}, ["width_mm"]),
            ({**FREE, "gap_y_mm": "12"}, ["height_mm"]),
            ({"format": "L7163", "columns": 3, "gap_x_mm": "1"}, ["columns", "gap_x_mm"]),
        ],
    )
    async def test_that_fit_no_sheet_are_refused(self, http: Client, query: Json, pointers: list[str]) -> None:
        await customer(http, "MARTIN", address=NANTES)
        problem = refused(await http.get(LABELS, params=query), 409, "inconsistent")
        assert [each["pointer"] for each in problem["errors"]] == pointers

    async def test_are_never_too_many(self, http: Client, sql: Connection) -> None:
        card = await customer(http, "MARTIN", address=NANTES)
        copy = (
            "INSERT INTO customer SELECT (jsonb_populate_record(c, jsonb_build_object('customer_id', gen_random_uuid(), "
            "'code', 'X' || n, 'barcode', null))).* FROM customer c, generate_series($1::int, $2::int) n WHERE c.code = $3"
        )
        # the day of birth is worked out by the database
        await sql.execute("ALTER TABLE customer ALTER COLUMN birthday DROP EXPRESSION")
        await sql.execute(copy, 2, 2000, card["code"])
        assert len(await labels(http)) == 96
        await sql.execute(copy, 2001, 2001, card["code"])
        assert "2001" in refused(await http.get(LABELS), 409, "too-many")["detail"]

    async def test_are_not_of_cards_that_one_may_not_see_nor_of_people_gone(
        self, http: Client, client_for: ClientFor, sql: Connection, premises: Premises
    ) -> None:
        await customer(http, "OUVERT", address=NANTES)
        secret = await customer(http, "SECRET", address=NANTES)
        await sql.execute("UPDATE customer SET confidentiality_code = 'VIP' WHERE code = $1", secret["code"])
        gone = await customer(http, "PARTI", address=NANTES)
        await sql.execute("UPDATE customer SET anonymised_at = now() WHERE code = $1", gone["code"])
        key = await add_key(sql, premises.dossier, label="x", scopes=["customers:read"], channel_id=None)
        (page,) = await labels(await client_for(key))
        assert page.startswith("OUVERT")
        assert len(page.split("\n")) == 3
        (page,) = await labels(http)
        assert "SECRET" in page


@pytest.mark.row("A50")
class TestEmails:
    async def test_are_of_those_who_agreed_to_advertising(self, http: Client) -> None:
        asked = await customer(http, "OUI", first_name="Zoë", email="oui@example.org")
        refusing = await customer(http, "NON", email="non@example.org")
        await customer(http, "MUET", email="muet@example.org")
        changed = await customer(http, "CHANGE", email="change@example.org")
        await customer(http, "SANS")
        await consent(http, asked, granted=True)
        await consent(http, refusing, granted=False)
        await consent(http, changed, granted=True)
        await consent(http, changed, granted=False)
        await consent(http, refusing, granted=True, purpose="order_arrival")
        assert await items(http, EMAILS) == [
            {"customer_id": asked["id"], "code": asked["code"], "name": "Zoë OUI", "email": "oui@example.org"}
        ]
        assert await get(http, f"{EMAILS}/count") == {"count": 1, "without_address": 1, "without_consent": 3}

    async def test_to_tell_of_an_order_are_of_who_did_not_refuse(self, http: Client) -> None:
        refusing = await customer(http, "NON", email="non@example.org")
        await customer(http, "MUET", email="muet@example.org")
        await consent(http, refusing, granted=False, purpose="order_arrival")
        found = await items(http, EMAILS, purpose="order_arrival")
        assert [each["email"] for each in found] == ["muet@example.org"]
        counted = await get(http, f"{EMAILS}/count", purpose="order_arrival")
        assert counted == {"count": 1, "without_address": 0, "without_consent": 1}

    async def test_are_each_there_once_and_not_when_another_card_refused(self, http: Client) -> None:
        for name, address in (("UN", "x@example.org"), ("DEUX", "X@Example.org"), ("TROIS", "y@example.org")):
            await consent(http, await customer(http, name, email=address), granted=True)
        assert [each["email"].lower() for each in await items(http, EMAILS)] == ["x@example.org", "y@example.org"]
        assert (await get(http, f"{EMAILS}/count"))["count"] == 2
        await consent(http, await customer(http, "QUATRE", email="X@example.ORG"), granted=False)
        assert [each["email"] for each in await items(http, EMAILS)] == ["y@example.org"]
        assert (await get(http, f"{EMAILS}/count", q="UN")) == {
            "count": 0,
            "without_address": 0,
            "without_consent": 1,
        }

    async def test_are_those_of_the_search_and_the_selection(self, http: Client) -> None:
        made = [await customer(http, name, email=f"{name}@example.org") for name in ("ABEL", "ABRI", "BRUN")]
        for card in made:
            await consent(http, card, granted=True)
        found = await items(http, EMAILS, q="ab", id=[made[0]["id"], made[2]["id"]])
        assert [each["code"] for each in found] == [made[0]["code"]]

    async def test_are_read_page_by_page(self, http: Client) -> None:
        addresses = [f"{letter}@example.org" for letter in "abcdefg"]
        for address in reversed(addresses):
            await consent(http, await customer(http, "MARTIN", email=address), granted=True)
            await consent(http, await customer(http, "MARTIN", email=address.upper()), granted=True)
        found = await all_items(http, EMAILS, limit=2)
        assert [each["email"].lower() for each in found] == addresses

    async def test_are_never_of_people_gone_or_merged(self, http: Client, sql: Connection) -> None:
        kept, absorbed, gone = [
            await customer(http, name, email=f"{name}@example.org") for name in ("GARDE", "ABSORBE", "PARTI")
        ]
        for card in (kept, absorbed, gone):
            await consent(http, card, granted=True)
        await sql.execute("UPDATE customer SET anonymised_at = now() WHERE code = $1", gone["code"])
        await sql.execute(
            "UPDATE customer SET merged_into = (SELECT customer_id FROM customer WHERE code = $1) WHERE code = $2",
            kept["code"],
            absorbed["code"],
        )
        assert [each["email"] for each in await items(http, EMAILS)] == ["GARDE@example.org"]
        assert (await get(http, f"{EMAILS}/count"))["count"] == 1

    async def test_are_for_mailings_only(self, http: Client) -> None:
        refused(await http.get(EMAILS, params={"purpose": "receipt"}), 422, "invalid")
