"""Supplier orders over HTTP: raised from what customers wait for, sent, brought, answered."""

import csv
import io

import pytest

from tests.api.conftest import ClientFor
from tests.api.steps import (
    CHUT,
    EBOOK,
    NUIT,
    RUE,
    UNKNOWN,
    Connection,
    Json,
    get,
    items,
    line,
    nothing_written,
    order,
    post,
    refused,
    scan,
    stock,
)
from tests.conftest import Client, Premises


async def supplier(http: Client, name: str = "SODIS", *, kind: str = "supplier") -> str:
    made = await post(http, "/v1/third-parties", {"type": kind, "name": name})
    return str(made["id"])


async def supplied_by(http: Client, supplier_id: str, *eans: str) -> None:
    for ean in eans:
        body = {"title": f"Livre {ean}", "list_price": {"amount": "12.00"}, "supplier_id": supplier_id}
        answer = await http.put(f"/v1/articles/{ean}", json=body)
        assert answer.status_code == 200, answer.text


async def ask(http: Client, *line_ids: str, expect: int = 201, **more: object) -> list[Json]:
    body = {"lines": [{"line_id": each} for each in line_ids], **more}
    raised: list[Json] = (await post(http, "/v1/supplier-orders", body, expect=expect))["items"]
    return raised


async def send(http: Client, supply: Json) -> Json:
    return await post(http, f"/v1/supplier-orders/{supply['id']}/validate", {}, expect=200, version=supply["version"])


@pytest.fixture
async def sodis(http: Client) -> str:
    """The supplier of two of the books."""
    found = await supplier(http)
    await supplied_by(http, found, RUE, CHUT)
    return found


class TestRaising:
    @pytest.mark.row("C6")
    async def test_turns_a_selection_into_supplier_orders(self, http: Client, sodis: str) -> None:
        first, second = await order(http, line(RUE, 2), name="PREMIER"), await order(http, line(RUE), line(CHUT))
        lines = [each["id"] for made in (first, second) for each in made["lines"]]
        (raised,) = await ask(http, *lines)
        assert (raised["supplier_id"], raised["supplier_name"], raised["state"]) == (sodis, "SODIS", "draft")
        assert [(each["ean"], each["ordered"], each["for_customers"]) for each in raised["lines"]] == [
            (RUE, 3, 3),
            (CHUT, 1, 1),
        ]
        assert [(each["name"], each["order_number"], each["open"]) for each in raised["lines"][0]["links"]] == [
            ("PREMIER", first["number"], 2),
            ("MARTIN", second["number"], 1),
        ]
        (served,) = await items(http, f"/v1/orders/{first['id']}/lines")
        assert (served["supplied"], served["unsupplied"]) == (2, 0)
        answer = await http.get(f"/v1/supplier-orders/{raised['id']}")
        assert answer.headers["etag"] == '"1"'
        assert answer.json() == raised

    @pytest.mark.row("A19")
    async def test_commande_four(self, http: Client, sodis: str) -> None:
        made = await order(http, line(RUE, 2), line(CHUT))
        path = f"/v1/orders/{made['id']}/supplier-orders"
        (raised,) = (await post(http, path, {}, version=made["version"]))["items"]
        assert (raised["supplier_id"], raised["quantity"]) == (sodis, 3)
        refused(await http.post(path, json={}, headers={"if-match": f'"{made["version"]}"'}), 412, "stale-version")
        now = await get(http, f"/v1/orders/{made['id']}")
        refused(await http.post(path, json={}, headers={"if-match": f'"{now["version"]}"'}), 409, "nothing-to-order")
        refused(await http.post(path, json={}), 428, "if-match-missing")

    @pytest.mark.usefixtures("sodis")
    async def test_is_refused_by_problems_that_name_each_line(self, http: Client, sql: Connection) -> None:
        made = await order(http, line(RUE), line(EBOOK), line(NUIT))
        rue, ebook, nuit = (each["id"] for each in made["lines"])
        body = {"lines": [{"line_id": rue, "quantity": 2}, {"line_id": rue}, {"line_id": ebook}]}
        async with nothing_written(sql):
            problem = refused(await http.post("/v1/supplier-orders", json=body), 409, "unfit-lines")
            assert [fault["pointer"] for fault in problem["errors"]] == ["/lines/0", "/lines/1", "/lines/2"]
            assert "?" not in "".join(fault["detail"] for fault in problem["errors"])
            body = {"lines": [{"line_id": rue}, {"line_id": nuit}]}
            problem = refused(await http.post("/v1/supplier-orders", json=body), 409, "no-supplier")
            assert [fault["pointer"] for fault in problem["errors"]] == ["/lines/1"]
            assert "BONNE NUIT" in problem["errors"][0]["detail"]
            rep = "tpa_" + "0" * 32
            asked = {"lines": [{"line_id": rue}], "supplier_id": rep}
            refused(await http.post("/v1/supplier-orders", json=asked), 409, "unknown-party")

    async def test_needs_the_right(self, http: Client, web_shop: Client) -> None:
        made = await order(http)
        body = {"lines": [{"line_id": made["lines"][0]["id"]}]}
        refused(await web_shop.post("/v1/supplier-orders", json=body), 403, "forbidden")
        refused(await web_shop.get("/v1/supplier-orders"), 403, "forbidden")
        refused(await web_shop.get("/v1/untreated-lines"), 403, "forbidden")


@pytest.mark.usefixtures("sodis")
class TestADraft:
    async def test_is_written_by_hand(self, http: Client) -> None:
        made = await order(http, line(RUE, 2))
        (draft,) = await ask(http, made["lines"][0]["id"])
        where = f"/v1/supplier-orders/{draft['id']}"
        draft = await post(http, f"{where}/lines", {"ean": NUIT, "quantity": 3}, version=1)
        assert [(each["ean"], each["ordered"]) for each in draft["lines"]] == [(RUE, 2), (NUIT, 3)]
        rue, nuit = (each["id"] for each in draft["lines"])
        head = {"if-match": f'"{draft["version"]}"'}
        refused(await http.patch(f"{where}/lines/{rue}", json={"ordered": 1}, headers=head), 409, "copies-promised")
        answer = await http.patch(f"{where}/lines/{nuit}", json={"ordered": 1}, headers=head)
        assert answer.json()["quantity"] == 3
        refused(await http.patch(f"{where}/lines/{nuit}", json={"ordered": 1}, headers=head), 412, "stale-version")
        answer = await http.delete(f"{where}/lines/{rue}", headers={"if-match": answer.headers["etag"]})
        assert [each["ean"] for each in answer.json()["lines"]] == [NUIT]
        (untreated,) = await items(http, "/v1/untreated-lines")
        assert (untreated["line_id"], untreated["unsupplied"]) == (made["lines"][0]["id"], 2)
        answer = await http.patch(
            where, json={"reference": "CF-1", "comment": None}, headers={"if-match": answer.headers["etag"]}
        )
        assert (answer.json()["reference"], answer.json()["state"]) == ("CF-1", "draft")
        for wrong, code in ((UNKNOWN, 422), (EBOOK, 422)):
            body = {"ean": wrong, "quantity": 1}
            answer = await http.post(f"{where}/lines", json=body, headers={"if-match": '"5"'})
            refused(answer, code, "invalid")

    async def test_once_sent_changes_no_more_and_makes_its_file(self, http: Client) -> None:
        made = await order(http, line(RUE, 2), line(CHUT))
        (draft,) = await ask(http, *(each["id"] for each in made["lines"]))
        sent = await send(http, draft)
        assert (sent["state"], sent["validated_at"] is not None) == ("validated", True)
        head = {"if-match": f'"{sent["version"]}"'}
        where = f"/v1/supplier-orders/{sent['id']}"
        problem = refused(
            await http.post(f"{where}/lines", json={"ean": RUE, "quantity": 1}, headers=head),
            409,
            "supplier-order-closed",
        )
        assert str(sent["number"]) in problem["detail"]
        refused(await http.post(f"{where}/validate", headers=head), 409, "supplier-order-closed")
        file = await http.get(sent["order_file_url"])
        assert file.headers["content-type"].startswith("text/csv")
        assert f"commande-fournisseur-{sent['number']}.csv" in file.headers["content-disposition"]
        assert list(csv.reader(io.StringIO(file.text, newline=""), delimiter=";")) == [
            ["EAN", "quantité"],
            [RUE, "2"],
            [CHUT, "1"],
        ]

    @pytest.mark.row("A24")
    async def test_asks_for_fewer_when_the_customer_gives_up(self, http: Client) -> None:
        made, other = await order(http, line(RUE, 2)), await order(http, line(RUE))
        (draft,) = await ask(http, made["lines"][0]["id"], other["lines"][0]["id"])
        await post(http, f"/v1/orders/{made['id']}/cancel", {"reason": "Renonce"}, expect=200, version=2)
        after = await get(http, f"/v1/supplier-orders/{draft['id']}")
        assert (after["state"], after["quantity"], after["lines"][0]["for_customers"]) == ("draft", 1, 1)

    @pytest.mark.row("A24")
    async def test_once_sent_keeps_its_quantity_when_the_customer_gives_up(self, http: Client) -> None:
        made = await order(http, line(RUE, 2))
        (draft,) = await ask(http, made["lines"][0]["id"])
        await send(http, draft)
        await post(http, f"/v1/orders/{made['id']}/cancel", {"reason": "Renonce"}, expect=200, version=2)
        after = await get(http, f"/v1/supplier-orders/{draft['id']}")
        assert (after["state"], after["quantity"], after["lines"][0]["for_customers"]) == ("validated", 2, 0)


@pytest.mark.usefixtures("sodis")
class TestWhatComesOfIt:
    @pytest.mark.row("A14")
    async def test_restes_a_livrer(self, http: Client) -> None:
        asked, bare = await order(http, line(RUE, 2), name="PREMIER"), await order(http, line(RUE), name="SECOND")
        (draft,) = await ask(http, asked["lines"][0]["id"])
        sent = await send(http, draft)
        said = {"answers": [{"line_id": sent["lines"][0]["id"], "code": "6", "new_ean": NUIT}]}
        path = f"/v1/supplier-orders/{sent['id']}/answers"
        done = await post(http, path, said, expect=200, version=sent["version"])
        assert [(told["name"], told["order_number"]) for told in done["told"]] == [
            ("PREMIER", asked["number"]),
            ("SECOND", bare["number"]),
        ]
        assert (done["state"], done["lines"][0]["cancelled"]) == ("cancelled", 2)
        for made in (asked, bare):
            (now,) = await items(http, f"/v1/orders/{made['id']}/lines")
            assert (now["answer"]["code"], now["answer"]["source"], now["answer"]["effect"]) == (
                "6",
                "distributor",
                "close",
            )
            assert (now["answer"]["new_ean"], now["supplied"]) == (NUIT, 0)
        answer = await http.post(path, json=said, headers={"if-match": f'"{done["version"]}"'})
        refused(answer, 409, "supplier-order-closed")

    @pytest.mark.row("A14")
    async def test_restes_a_livrer_are_told_in_the_history_of_the_line(self, http: Client, sql: Connection) -> None:
        made = await order(http, line(RUE, 2))
        (draft,) = await ask(http, made["lines"][0]["id"])
        sent = await send(http, draft)
        line_id = sent["lines"][0]["id"]
        path = f"/v1/supplier-orders/{sent['id']}/answers"
        said = {"answers": [{"line_id": line_id, "code": "Q7", "label": "Voir éditeur"}]}
        once = await post(http, path, said, expect=200, version=sent["version"])
        said = {"answers": [{"line_id": line_id, "code": "7"}]}
        await post(http, path, said, expect=200, version=once["version"])
        rows = await sql.fetch("SELECT code, label, effect, source FROM line_answer ORDER BY at")
        assert [tuple(row) for row in rows] == [
            ("Q7", "Voir éditeur", "wait", "distributor"),
            ("7", "Manque sans date", "ask", "distributor"),
        ]

    @pytest.mark.row("C7", "A28")
    async def test_the_surplus_after_a_scan_is_released(self, http: Client) -> None:
        made = await order(http, line(RUE, 2))
        (draft,) = await ask(http, made["lines"][0]["id"])
        await stock(http, RUE, 1)
        scanned = await scan(http, RUE)
        assert (scanned["line"]["supplied"], scanned["line"]["surplus"]) == (2, 1)
        assert (await get(http, f"/v1/supplier-orders/{draft['id']}"))["version"] == 1
        path = f"/v1/orders/{made['id']}/lines/{made['lines'][0]['id']}/release-supply"
        freed = await post(http, path, {}, expect=200, version=scanned["line"]["version"])
        assert (freed["lines"][0]["supplied"], freed["lines"][0]["surplus"]) == (1, 0)
        assert (await get(http, f"/v1/supplier-orders/{draft['id']}"))["quantity"] == 1

    async def test_is_annulled_with_a_reason(self, http: Client) -> None:
        made = await order(http, line(RUE, 2))
        (draft,) = await ask(http, made["lines"][0]["id"])
        done = await post(
            http, f"/v1/supplier-orders/{draft['id']}/cancel", {"reason": "Ailleurs"}, expect=200, version=1
        )
        assert (done["state"], done["cancel_reason"], done["lines"][0]["links"]) == ("cancelled", "Ailleurs", [])
        (untreated,) = await items(http, "/v1/untreated-lines")
        assert untreated["unsupplied"] == 2

    async def test_is_told_on_the_feed(self, http: Client, sql: Connection) -> None:
        made = await order(http, line(RUE, 2))
        (draft,) = await ask(http, made["lines"][0]["id"])
        await send(http, draft)
        told = await sql.fetch("SELECT type FROM outbox_event WHERE type LIKE 'supplier_order.%' ORDER BY seq")
        assert [row["type"] for row in told] == ["supplier_order.created", "supplier_order.validated"]


class TestTheList:
    async def test_is_searched(self, http: Client, sodis: str, sql: Connection) -> None:
        hachette = await supplier(http, "HACHETTE")
        made = await order(http, line(RUE, 2), line(CHUT, 3))
        other = await order(http, line(NUIT))
        rue, chut = (each["id"] for each in made["lines"])
        (first,) = await ask(http, rue)
        first = await send(http, first)
        (second,) = await ask(http, chut)
        (theirs,) = await ask(http, other["lines"][0]["id"], supplier_id=hachette)

        async def found(**query: object) -> list[int]:
            listed = await items(http, "/v1/supplier-orders", **query)
            query.pop("sort", None)
            assert (await get(http, "/v1/supplier-orders/count", **query))["count"] == len(listed)
            return [each["number"] for each in listed]

        one, two, three = first["number"], second["number"], theirs["number"]
        assert await found() == [three, two, one]
        assert await found(sort="number") == [one, two, three]
        assert await found(sort="supplier") == [three, one, two]
        assert await found(state="validated") == [one]
        assert await found(state=["validated", "draft"], sort="number") == [one, two, three]
        assert await found(supplier_id=sodis) == [two, one]
        assert await found(ean=CHUT) == [two]
        assert await found(number=two) == [two]
        assert await found(order_id=made["id"]) == [two, one]
        assert await found(created_to=first["created_at"]) == []
        assert await found(created_from=theirs["created_at"]) == [three]
        assert await found(late="true") == []
        await sql.execute("UPDATE supplier_order SET validated_at = now() - interval '15 days' WHERE number = $1", one)
        assert await found(late="true") == [one]
        assert await found(late="false") == [three, two]
        (row,) = await items(http, "/v1/supplier-orders", number=one)
        assert (row["titles"], row["quantity"], row["received"], row["outstanding"], row["for_customers"]) == (
            1,
            2,
            0,
            2,
            2,
        )
        page = await get(http, "/v1/supplier-orders", limit=2)
        assert [each["number"] for each in (await get(http, page["next"]))["items"]] == [one]

    async def test_is_of_one_shop_alone(
        self, http: Client, sodis: str, client_for: ClientFor, elsewhere: Premises
    ) -> None:
        made = await order(http, line(RUE))
        await order(http, line(CHUT))
        (draft,) = await ask(http, made["lines"][0]["id"])
        stranger = await client_for(elsewhere.admin_key)
        refused(await stranger.get(f"/v1/supplier-orders/{draft['id']}"), 404, "not-found")
        refused(await stranger.get(draft["order_file_url"]), 404, "not-found")
        answer = await stranger.post(f"/v1/supplier-orders/{draft['id']}/validate", headers={"if-match": '"1"'})
        refused(answer, 404, "not-found")
        body = {"lines": [{"line_id": made["lines"][0]["id"]}], "supplier_id": sodis}
        problem = refused(await stranger.post("/v1/supplier-orders", json=body), 409, "unfit-lines")
        assert [fault["pointer"] for fault in problem["errors"]] == ["/lines/0"]
        assert await items(stranger, "/v1/untreated-lines") == await items(stranger, "/v1/supplier-orders") == []

    async def test_knows_only_its_own(self, http: Client) -> None:
        refused(await http.get(f"/v1/supplier-orders/sup_{'0' * 32}"), 404, "not-found")
        refused(await http.get(f"/v1/supplier-orders/sup_{'0' * 32}/order-file.csv"), 404, "not-found")
