"""Delivery notes over HTTP (A18): written once, read, printed; a mail order's is a parcel with a charge of its own."""

import pypdfium2
import pytest

from tests.api.steps import (
    CHUT,
    EBOOK,
    RUE,
    Connection,
    Json,
    euros,
    get,
    items,
    line,
    nothing_written,
    order,
    post,
    refused,
    stock,
)
from tests.conftest import Client

pytestmark = [pytest.mark.usefixtures("books"), pytest.mark.row("A18")]
NOBODY = f"dln_{'0' * 32}"


async def write(http: Client, made: Json, *quantities: int, **more: object) -> Json:
    """A note of so many copies of its first lines, as the order is by now."""
    now = await get(http, f"/v1/orders/{made['id']}")
    lines = [
        {"line_id": each["id"], "quantity": quantity}
        for each, quantity in zip(now["lines"], quantities, strict=False)
        if quantity
    ]
    body = {**({"lines": lines} if lines else {}), **more}
    return await post(http, f"/v1/orders/{made['id']}/delivery-notes", body, version=now["version"])


def said(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    (page,) = list(document)
    text = page.get_textpage()
    found = text.get_text_range()
    text.close()
    page.close()
    document.close()
    return " ".join(found.replace("\u200b", "").split())


class TestANote:
    async def test_says_whom_what_and_what_is_to_come(self, http: Client) -> None:
        made = await order(http, line(RUE, 3), line(CHUT, 1), line(EBOOK, 1))
        await post(http, "/v1/receptions", {"lines": [{"ean": RUE, "quantity": 2}]})
        note = await write(http, made)
        after = await get(http, f"/v1/orders/{made['id']}")
        assert note == {
            "id": note["id"],
            "number": note["number"],
            "order_id": made["id"],
            "order_number": made["number"],
            "order_version": after["version"],
            "created_at": note["created_at"],
            "by": note["by"],
            "contact": made["contact"],
            "shipped": False,
            "delivery_charge": euros("0.00"),
            "charge_ruling": None,
            "lines": [
                {
                    "line_id": made["lines"][0]["id"],
                    "position": 1,
                    "ean": RUE,
                    "title": "DANS LA RUE",
                    "quantity": 2,
                    "left": 1,
                    "unit_price": euros("12.00"),
                    "vat_rate": "5.50",
                    "amount": euros("24.00"),
                },
                {
                    "line_id": made["lines"][2]["id"],
                    "position": 3,
                    "ean": EBOOK,
                    "title": "MANGER UN LOUP",
                    "quantity": 1,
                    "left": 0,
                    "unit_price": euros("5.99"),
                    "vat_rate": "5.50",
                    "amount": euros("5.99"),
                },
            ],
            "total": euros("29.99"),
            "vat_totals": [{"rate": "5.50", "net": euros("28.43"), "vat": euros("1.56")}],
            "print_url": f"/v1/delivery-notes/{note['id']}/print.pdf",
        }
        assert (after["status"], after["lines"][0]["delivered"]) == ("LP", 2)
        assert await get(http, f"/v1/delivery-notes/{note['id']}") == note
        assert await items(http, f"/v1/orders/{made['id']}/delivery-notes") == [note]

    async def test_is_located_and_told_again_to_who_asks_with_the_same_key(self, http: Client) -> None:
        made = await order(http)
        await stock(http)
        body = {"lines": [{"line_id": made["lines"][0]["id"], "quantity": 1}]}
        headers = {"if-match": '"1"', "idempotency-key": "bl-1"}
        first, second = [
            await http.post(f"/v1/orders/{made['id']}/delivery-notes", json=body, headers=headers) for _ in range(2)
        ]
        assert (first.status_code, second.content, second.headers["idempotency-replayed"]) == (
            201,
            first.content,
            "true",
        )
        assert first.headers["location"] == f"/v1/delivery-notes/{first.json()['id']}"
        assert len(await items(http, f"/v1/orders/{made['id']}/delivery-notes")) == 1

    async def test_of_short_lines_is_one_refusal_that_names_each(self, http: Client, sql: Connection) -> None:
        made = await order(http, line(RUE, 1), line(CHUT, 1))
        lines = [{"line_id": each["id"], "quantity": 1} for each in made["lines"]]
        async with nothing_written(sql):
            answer = await http.post(
                f"/v1/orders/{made['id']}/delivery-notes", json={"lines": lines}, headers={"if-match": '"1"'}
            )
            problem = refused(answer, 409, "out-of-stock")
        assert [ean in each["detail"] for ean, each in zip((RUE, CHUT), problem["errors"], strict=True)] == [True, True]

    async def test_of_nothing_is_refused(self, http: Client) -> None:
        made = await order(http)
        answer = await http.post(f"/v1/orders/{made['id']}/delivery-notes", json={}, headers={"if-match": '"1"'})
        refused(answer, 409, "nothing-to-deliver")

    async def test_stays_as_it_was_written(self, http: Client) -> None:
        made = await order(http, line(RUE, 2))
        await stock(http, RUE, 2)
        note = await write(http, made, 1)
        later = await get(http, f"/v1/orders/{made['id']}")
        changed = await http.patch(
            f"/v1/orders/{made['id']}",
            json={"contact": {"name": "DURAND"}},
            headers={"if-match": f'"{later["version"]}"', "content-type": "application/merge-patch+json"},
        )
        assert changed.status_code == 200, changed.text
        await write(http, made, 1)
        again = await get(http, f"/v1/delivery-notes/{note['id']}")
        assert again["contact"]["name"] == "MARTIN"
        assert {**again, "order_version": 0} == {**note, "order_version": 0}

    async def test_keeps_a_line_that_came_back_and_was_taken_off_the_order(self, http: Client) -> None:
        made = await order(http, line(RUE, 1), line(CHUT, 1))
        await stock(http)
        note = await write(http, made, 1)
        body = {"lines": [{"line_id": made["lines"][0]["id"], "quantity": 1}], "restock": True, "reason": "x"}
        back = await post(http, f"/v1/orders/{made['id']}/returns", body, version=note["order_version"])
        gone = await http.delete(
            f"/v1/orders/{made['id']}/lines/{made['lines'][0]['id']}", headers={"if-match": f'"{back["version"]}"'}
        )
        assert gone.status_code == 200, gone.text
        again = await get(http, f"/v1/delivery-notes/{note['id']}")
        assert [(each["line_id"], each["ean"]) for each in again["lines"]] == [(None, RUE)]
        assert (await http.get(again["print_url"])).status_code == 200

    async def test_that_is_not_there_is_not_found(self, http: Client) -> None:
        refused(await http.get(f"/v1/delivery-notes/{NOBODY}"), 404, "not-found")
        refused(await http.get(f"/v1/delivery-notes/{NOBODY}/print.pdf"), 404, "not-found")
        refused(await http.get(f"/v1/orders/ord_{'0' * 32}/delivery-notes"), 404, "not-found")
        assert await items(http, f"/v1/orders/{(await order(http))['id']}/delivery-notes") == []

    @pytest.mark.row("B27")
    async def test_without_back_orders_settles_the_order(self, http: Client) -> None:
        made = await order(http, line(RUE, 3), back_orders=False)
        await stock(http)
        note = await write(http, made, 1)
        after = await get(http, f"/v1/orders/{made['id']}")
        assert (note["lines"][0]["left"], after["status"]) == (0, "LT")
        assert (after["lines"][0]["cancelled"], after["lines"][0]["cancel_reason"]) == (2, "Sans reliquat")
        assert "Commande soldée" in said((await http.get(note["print_url"])).content)


@pytest.mark.row("C8")
class TestAParcel:
    async def test_bears_the_orders_charge_first_and_its_own_least_charge_later(self, http: Client) -> None:
        made = await order(http, line(RUE, 2), mail_order=True)
        assert made["delivery_charge"] == euros("3.00")
        await stock(http, RUE, 2)
        first, second = [await write(http, made, 1) for _ in range(2)]
        assert [each["delivery_charge"]["amount"] for each in (first, second)] == ["3.00", "3.00"]
        assert (first["shipped"], second["charge_ruling"]["rule"]) == (True, "R4")
        after = await get(http, f"/v1/orders/{made['id']}")
        assert (after["delivery_charge"], after["total"]) == (euros("6.00"), euros("30.00"))
        assert second["total"] == euros("15.00")

    async def test_typed_below_the_least_is_raised_and_says_why(self, http: Client) -> None:
        made = await order(http, line(RUE, 2), mail_order=True)
        await stock(http, RUE, 2)
        await write(http, made, 1)
        second = await write(http, made, 1, delivery_charge=euros("1.00"))
        assert second["delivery_charge"] == euros("3.00")
        assert second["charge_ruling"]["asked"] == euros("1.00")
        assert "colis" in second["charge_ruling"]["reason"]


class TestThePrint:
    async def test_goes_with_the_copies(self, http: Client) -> None:
        made = await order(http, line(RUE, 2), line(CHUT, 1), mail_order=True, customer_reference="BC-118")
        await stock(http)
        note = await write(http, made, 1)
        answer = await http.get(note["print_url"])
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
        named = f'inline; filename="bon-de-livraison-{note["number"]}.pdf"'
        assert answer.headers["content-disposition"] == named
        words = said(answer.content)
        for each in (
            f"Bon de livraison n° {note['number']} VPC",
            f"Commande n° {made['number']}",
            "Réf. commande BC-118",
            "MARTIN",
            f"{RUE} DANS LA RUE TINEKA MEIRINK · DIPLODOCUS 2 1 1 12,00 €",
            "1 exemplaire livré Reste à livrer : 2 exemplaires",
            "facturée au moins 3,00 € par colis. 3,00 €",
            "Total TTC 15,00 €",
            "Signature et cachet",
        ):
            assert each in words, each
