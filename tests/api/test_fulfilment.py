"""What happens to an order over HTTP: returns, remainders, lapse, reopening, refunds, deposits, documents, its print."""

from typing import Any

import pypdfium2
import pytest

from infra.db.dossiers import add_key
from tests.api.conftest import ClientFor
from tests.api.steps import (
    CHUT,
    EBOOK,
    RUE,
    Connection,
    Json,
    customer,
    euros,
    get,
    items,
    line,
    nothing_written,
    order,
    post,
    push,
    refused,
    stock,
)
from tests.conftest import Client, Premises

pytestmark = pytest.mark.usefixtures("books")
NOBODY = f"ord_{'0' * 32}"


def held(made: Json) -> dict[str, str]:
    return {"if-match": f'"{made["version"]}"'}


async def act(http: Client, made: Json, what: str, body: Json | None = None, *, expect: int = 200) -> Json:
    """Do ``what`` to the order as it was last read."""
    return await post(http, f"/v1/orders/{made['id']}/{what}", body or {}, version=made["version"], expect=expect)


async def deposit(http: Client, made: Json, amount: str, *, kind: str = "deposit", method: str = "cash") -> Json:
    return await act(http, made, "payments", {"amount": euros(amount), "kind": kind, "method": method}, expect=201)


async def delivered(http: Client, made: Json, *quantities: int) -> Json:
    """So many copies of its first lines, out of what is found on the shelf."""
    lines = []
    for each, quantity in zip(made["lines"], quantities, strict=False):
        await stock(http, each["ean"], quantity)
        lines.append({"line_id": each["id"], "quantity": quantity})
    return await act(http, made, "deliveries", {"lines": lines}, expect=201)


def said(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    pages = []
    for page in document:
        text = page.get_textpage()
        pages.append(text.get_text_range())
        text.close()
        page.close()
    document.close()
    return " ".join(" ".join(pages).replace("\u200b", "").split())


async def ledger(http: Client, made: Json) -> list[tuple[str, str]]:
    return [
        (entry["cause"], entry["amount"]["amount"]) for entry in await items(http, f"/v1/orders/{made['id']}/deposits")
    ]


@pytest.mark.row("A5")
class TestAReturn:
    async def test_takes_lt_back_to_lp_and_the_copy_to_the_shelf(self, http: Client) -> None:
        made = await delivered(http, await order(http, line(RUE, 2)), 2)
        assert made["status"] == "LT"
        body = {
            "lines": [{"line_id": made["lines"][0]["id"], "quantity": 1}],
            "restock": True,
            "reason": "Défaut d'impression",
        }
        back = await act(http, made, "returns", body, expect=201)
        assert (back["status"], back["lines"][0]["delivered"], back["lines"][0]["outstanding"]) == ("LP", 1, 1)
        newest = (await items(http, f"/v1/articles/{RUE}/movements"))[0]
        assert (newest["cause"], newest["available"], newest["reason"]) == ("return", 1, "Défaut d'impression")

    async def test_of_all_takes_lt_back_to_co(self, http: Client) -> None:
        made = await delivered(http, await order(http, line(RUE, 1)), 1)
        body = {"lines": [{"line_id": made["lines"][0]["id"], "quantity": 1}], "restock": False, "reason": "Taché"}
        back = await act(http, made, "returns", body, expect=201)
        assert back["status"] == "CO"
        assert (await get(http, f"/v1/articles/{RUE}"))["available"] == 0

    async def test_of_too_much_names_every_line_and_writes_nothing(self, http: Client, sql: Connection) -> None:
        made = await delivered(http, await order(http, line(RUE, 2), line(CHUT, 2)), 1, 1)
        lines = [{"line_id": each["id"], "quantity": 2} for each in made["lines"]]
        async with nothing_written(sql):
            answer = await http.post(
                f"/v1/orders/{made['id']}/returns",
                json={"lines": lines, "restock": True, "reason": "x"},
                headers=held(made),
            )
            problem = refused(answer, 409, "nothing-to-return")
        assert len(problem["errors"]) == 2
        assert RUE in problem["errors"][0]["detail"]

    async def test_named_twice_brings_both(self, http: Client) -> None:
        made = await delivered(http, await order(http, line(RUE, 2)), 2)
        lines = [{"line_id": made["lines"][0]["id"], "quantity": 1}] * 2
        back = await act(http, made, "returns", {"lines": lines, "restock": True, "reason": "x"}, expect=201)
        assert back["lines"][0]["delivered"] == 0


@pytest.mark.row("A5")
class TestTheRemainder:
    async def test_of_lp_is_cancelled_with_its_reason_and_it_is_lt(self, http: Client) -> None:
        made = await delivered(http, await order(http, line(RUE, 2), line(CHUT, 1)), 1)
        done = await act(http, made, "cancel-remainder", {"reason": "Epuisé"})
        assert done["status"] == "LT"
        assert [(each["cancelled"], each["cancel_reason"]) for each in done["lines"]] == [(1, "Epuisé"), (1, "Epuisé")]

    async def test_of_one_line_leaves_the_others(self, http: Client) -> None:
        made = await order(http, line(RUE, 2), line(CHUT, 1))
        body = {"line_ids": [made["lines"][1]["id"]], "reason": "Epuisé"}
        done = await act(http, made, "cancel-remainder", body)
        assert (done["status"], [each["outstanding"] for each in done["lines"]]) == ("CO", [2, 0])
        answer = await http.post(f"/v1/orders/{made['id']}/cancel-remainder", json=body, headers=held(done))
        refused(answer, 409, "nothing-to-cancel")

    async def test_of_co_as_a_whole_is_refused(self, http: Client) -> None:
        made = await order(http)
        answer = await http.post(f"/v1/orders/{made['id']}/cancel-remainder", json={"reason": "x"}, headers=held(made))
        refused(answer, 409, "order-closed")


@pytest.mark.row("A5", "A6")
class TestALapsedPayment:
    async def test_annuls_bl(self, http: Client, web_shop: Client) -> None:
        made = await push(web_shop, "W-1", paid=False)
        gone = await act(http, made, "lapse")
        assert (gone["status"], gone["payment_state"]) == ("AN", "lapsed")

    async def test_of_any_other_order_is_refused(self, http: Client) -> None:
        made = await order(http)
        refused(await http.post(f"/v1/orders/{made['id']}/lapse", headers=held(made)), 409, "order-closed")


@pytest.mark.row("A5")
class TestReopening:
    async def test_makes_an_co(self, http: Client) -> None:
        made = await act(http, await order(http, line(RUE, 2)), "cancel", {"reason": "Doublon"})
        again = await act(http, made, "reopen")
        assert (again["status"], again["cancelled_at"], again["lines"][0]["outstanding"]) == ("CO", None, 2)

    async def test_is_refused_once_money_was_given_back(self, http: Client) -> None:
        made = await deposit(http, await order(http), "5.00")
        gone = await act(http, made, "cancel", {"reason": "Doublon"})
        refused(await http.post(f"/v1/orders/{made['id']}/reopen", headers=held(gone)), 409, "already-refunded")

    async def test_needs_a_right_of_its_own(
        self, http: Client, client_for: ClientFor, sql: Connection, premises: Premises
    ) -> None:
        made = await act(http, await order(http), "cancel", {"reason": "Doublon"})
        keys = {
            scope: await add_key(sql, dossier_id=premises.dossier, label=scope, scopes=[scope], channel_id=None)
            for scope in ("orders:write", "orders:reopen")
        }
        path = f"/v1/orders/{made['id']}/reopen"
        clerk, manager = [await client_for(key) for key in keys.values()]
        refused(await clerk.post(path, headers=held(made)), 403, "forbidden")
        assert (await manager.post(path, headers=held(made))).status_code == 200


@pytest.mark.row("A5")
class TestEveryAction:
    @pytest.mark.parametrize(
        ("what", "body"),
        [
            ("returns", {"lines": [{"line_id": f"lin_{'0' * 32}", "quantity": 1}], "restock": True, "reason": "x"}),
            ("cancel-remainder", {"reason": "x"}),
            ("lapse", {}),
            ("reopen", {}),
            ("delivery-notes", {}),
        ],
    )
    async def test_needs_the_order_its_version_and_a_key(
        self, http: Client, sql: Connection, what: str, body: Json
    ) -> None:
        made = await order(http)
        path = f"/v1/orders/{made['id']}/{what}"
        async with nothing_written(sql):
            refused(await http.post(path, json=body), 428, "if-match-missing")
            refused(await http.post(path, json=body, headers={"if-match": '"9"'}), 412, "stale-version")
            lost = await http.post(f"/v1/orders/{NOBODY}/{what}", json=body, headers={"if-match": '"1"'})
            refused(lost, 404, "not-found")
            keyless = await http.post(path, json=body, headers={"if-match": '"1"', "idempotency-key": ""})
            assert keyless.status_code in {400, 422}

    async def test_done_twice_with_one_key_is_done_once(self, http: Client) -> None:
        made = await delivered(http, await order(http, line(RUE, 2)), 2)
        body = {"lines": [{"line_id": made["lines"][0]["id"], "quantity": 1}], "restock": True, "reason": "x"}
        headers = {**held(made), "idempotency-key": "retour-1"}
        first, second = [
            await http.post(f"/v1/orders/{made['id']}/returns", json=body, headers=headers) for _ in range(2)
        ]
        assert (first.content, second.headers["idempotency-replayed"]) == (second.content, "true")
        assert (await get(http, f"/v1/articles/{RUE}"))["available"] == 1


@pytest.mark.row("A24", "A25")
class TestTheDeposit:
    async def test_is_given_back_when_the_order_is_annulled(self, http: Client) -> None:
        made = await deposit(http, await order(http, line(RUE, 2)), "8.00", method="card")
        gone = await act(http, made, "cancel", {"reason": "Le client renonce"})
        assert (gone["status"], gone["deposit"], gone["paid"], gone["refunded"]) == (
            "AN",
            euros("0.00"),
            euros("0.00"),
            euros("8.00"),
        )
        payments = await items(http, f"/v1/orders/{made['id']}/payments")
        assert [(each["kind"], each["method"], each["amount"]["amount"]) for each in payments] == [
            ("deposit", "card", "8.00"),
            ("refund", "card", "8.00"),
        ]
        assert await ledger(http, made) == [("received", "8.00"), ("refunded", "-8.00")]

    async def test_is_used_and_given_back_in_proportion(self, http: Client) -> None:
        made = await deposit(http, await order(http, line(RUE, 2)), "8.00")
        made = await delivered(http, made, 1)
        assert (made["deposit"], made["deposit_used"]) == (euros("8.00"), euros("4.00"))
        body = {"lines": [{"line_id": made["lines"][0]["id"], "quantity": 1}], "restock": True, "reason": "x"}
        back = await act(http, made, "returns", body, expect=201)
        assert back["deposit_used"] == euros("0.00")
        assert await ledger(http, made) == [("received", "8.00"), ("used", "-4.00"), ("unused", "4.00")]

    async def test_of_an_order_tells_who_wrote_what_when(self, http: Client) -> None:
        made = await deposit(http, await order(http), "3.00", method="cheque")
        (entry,) = await items(http, f"/v1/orders/{made['id']}/deposits")
        assert entry["id"].startswith("dep_")
        assert entry["by"].startswith("key:")
        assert (entry["method"], entry["order_id"], entry["order_number"]) == ("cheque", made["id"], made["number"])
        assert await items(http, f"/v1/orders/{(await order(http))['id']}/deposits") == []
        refused(await http.get(f"/v1/orders/{NOBODY}/deposits"), 404, "not-found")

    async def test_of_a_customer_is_the_sum_over_his_orders_page_by_page(self, http: Client) -> None:
        card = await customer(http)
        for amount in ("3.00", "4.00", "5.00"):
            await deposit(http, await order(http, line(RUE, 2), customer_id=card["id"]), amount)
        last = await order(http, line(RUE, 2), customer_id=card["id"])
        await delivered(http, await deposit(http, last, "6.00"), 2)
        await deposit(http, await order(http, line(RUE, 2)), "50.00")
        path = f"/v1/customers/{card['id']}/deposits"
        page = await get(http, path, limit=3)
        assert (page["balance"], [each["amount"]["amount"] for each in page["items"]]) == (
            euros("12.00"),
            ["-6.00", "6.00", "5.00"],
        )
        rest = await get(http, page["next"])
        assert ([each["amount"]["amount"] for each in rest["items"]], rest["next"]) == (["4.00", "3.00"], None)
        assert rest["balance"] == euros("12.00")

    async def test_of_a_confidential_card_is_not_there_for_who_lacks_its_code(
        self, http: Client, client_for: ClientFor, sql: Connection, premises: Premises
    ) -> None:
        card = await customer(http)
        code = await post(http, "/v1/tables/confidentiality", {"code": "SECRET", "label": "Secret"})
        assert code["code"] == "SECRET"
        changed = await http.patch(
            f"/v1/customers/{card['id']}",
            json={"confidentiality_code": "SECRET"},
            headers={"if-match": f'"{card["version"]}"', "content-type": "application/merge-patch+json"},
        )
        assert changed.status_code == 200, changed.text
        key = await add_key(
            sql, dossier_id=premises.dossier, label="lecture", scopes=["customers:read"], channel_id=None
        )
        refused(await (await client_for(key)).get(f"/v1/customers/{card['id']}/deposits"), 404, "not-found")


class TestARefund:
    async def test_is_a_payment_the_other_way(self, http: Client) -> None:
        made = await deposit(http, await order(http, line(RUE, 2)), "10.00", kind="payment")
        back = await deposit(http, made, "4.00", kind="refund")
        assert (back["paid"], back["refunded"], back["due"]) == (euros("6.00"), euros("4.00"), euros("18.00"))
        answer = await http.post(
            f"/v1/orders/{made['id']}/payments",
            json={"amount": euros("6.01"), "kind": "refund", "method": "cash"},
            headers=held(back),
        )
        assert "6,00 €" in refused(answer, 409, "refund-too-large")["detail"]


@pytest.mark.row("A26")
class TestTheDocuments:
    async def test_of_an_order_are_its_quote_notes_slips_supplier_orders_and_payments(self, http: Client) -> None:
        made = await order(http, line(RUE, 2), line(CHUT, 1), origin="quote", quote_reference="D-2017-114")
        made = await deposit(http, made, "4.00", method="cheque")
        supplier = await post(http, "/v1/third-parties", {"type": "supplier", "name": "DILICOM"})
        raised = await post(
            http,
            "/v1/supplier-orders",
            {"lines": [{"line_id": made["lines"][1]["id"]}], "supplier_id": supplier["id"]},
        )
        received = await post(http, "/v1/receptions", {"lines": [{"ean": RUE, "quantity": 1}]})
        made = await get(http, f"/v1/orders/{made['id']}")
        note = await act(http, made, "delivery-notes", expect=201)
        found = await items(http, f"/v1/orders/{made['id']}/documents")
        kept = received["lines"][0]["reservations"][0]
        supply = raised["items"][0]
        assert [(each["kind"], each["reference"], each["id"], each["url"]) for each in found] == [
            ("quote", "D-2017-114", None, None),
            ("payment", None, found[1]["id"], None),
            ("supplier_order", str(supply["number"]), supply["id"], f"/v1/supplier-orders/{supply['id']}"),
            ("reservation_slip", "DANS LA RUE", kept["id"], f"/v1/reservations/{kept['id']}/slip.pdf"),
            ("delivery_note", str(note["number"]), note["id"], note["print_url"]),
        ]
        assert found[1]["id"].startswith("pay_")
        for each in found:
            if each["url"]:
                assert (await http.get(each["url"])).status_code == 200
        assert [each["at"] for each in found] == sorted(each["at"] for each in found)

    async def test_of_an_order_without_any_are_none(self, http: Client) -> None:
        assert await items(http, f"/v1/orders/{(await order(http))['id']}/documents") == []
        refused(await http.get(f"/v1/orders/{NOBODY}/documents"), 404, "not-found")


@pytest.mark.row("A17")
class TestThePrint:
    @pytest.mark.row("A21")
    async def test_says_the_order_with_its_comment_before_its_articles(self, http: Client) -> None:
        card = await customer(
            http,
            "MAISON DES TOUT PETITS",
            address={"street": "4 allée des Tilleuls", "postal_code": "44800", "town": "Saint-Herblain"},
        )
        made = await order(
            http,
            line(RUE, 2),
            line(EBOOK, 1),
            customer_id=card["id"],
            customer_reference="BC-118",
            comment="Livrer avant 11 h",
        )
        await deposit(http, made, "5.00")
        answer = await http.get(f"/v1/orders/{made['id']}/print.pdf")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
        assert answer.headers["content-disposition"] == f'inline; filename="commande-{made["number"]}.pdf"'
        words = said(answer.content)
        for each in (
            "Librairie d'essai",
            f"Commande client n° {made['number']}",
            f"Client {card['code']}",
            "MAISON DES TOUT PETITS 4 ALLÉE DES TILLEULS 44800 SAINT HERBLAIN",
            "Réf. commande BC-118",
            "Statut Ouverte",
            "Acompte versé 5,00 €",
            "Reste dû 24,99 €",
        ):
            assert each in words, each
        assert words.index("Livrer avant 11 h") < words.index("DANS LA RUE")

    async def test_has_the_sales_reps_of_the_lines_or_else_of_the_card(self, http: Client) -> None:
        reps: list[Any] = [
            await post(http, "/v1/third-parties", {"type": "sales_rep", "name": name}) for name in ("MOREL", "PETIT")
        ]
        card = await customer(http, sales_reps=[{"third_party_id": reps[0]["id"], "share": "100.00"}])
        made = await order(http, line(RUE), customer_id=card["id"])
        assert "Suivi par MOREL" in said((await http.get(f"/v1/orders/{made['id']}/print.pdf")).content)
        own = await order(http, line(RUE, sales_rep_id=reps[1]["id"]), customer_id=card["id"])
        assert "Suivi par PETIT" in said((await http.get(f"/v1/orders/{own['id']}/print.pdf")).content)

    async def test_of_no_order_is_not_found(self, http: Client) -> None:
        refused(await http.get(f"/v1/orders/{NOBODY}/print.pdf"), 404, "not-found")
