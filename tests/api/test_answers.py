"""The table of answers, answers by hand, and a line that moves to another article, over HTTP (A13-A15, P9)."""

import pytest

from tests.api.conftest import ClientFor
from tests.api.steps import (
    CHUT,
    EBOOK,
    RUE,
    UNKNOWN,
    Connection,
    Json,
    all_items,
    euros,
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

CARD: Json = {"label": "Hors commerce", "label_en": "Not for sale", "effect": "close"}


async def say(http: Client, taken: Json, body: Json, *, expect: int = 201) -> Json:
    """An answer to the first line of the order as it is now."""
    now = await get(http, f"/v1/orders/{taken['id']}")
    path = f"/v1/orders/{taken['id']}/lines/{taken['lines'][0]['id']}/answers"
    return await post(http, path, body, expect=expect, version=now["version"])


async def history(http: Client, taken: Json, **query: object) -> list[Json]:
    return await all_items(http, f"/v1/orders/{taken['id']}/lines/{taken['lines'][0]['id']}/answers", **query)


@pytest.mark.row("A15")
class TestTheTable:
    async def test_starts_with_the_codes_of_the_trade_in_their_order(self, http: Client) -> None:
        table = await items(http, "/v1/answers")
        assert [each["code"] for each in table] == list("123456789")
        assert table[5] == {
            "code": "6",
            "label": "Arrêt définitif de commercialisation (épuisé)",
            "label_en": "Out of print",
            "effect": "close",
            "position": 6,
            "active": True,
            "updated_at": table[5]["updated_at"],
            "version": 1,
        }

    async def test_takes_a_new_answer_rewords_it_and_loses_it(self, http: Client) -> None:
        path = "/v1/answers/10"
        made = await http.put(path, json=CARD)
        assert (made.status_code, made.headers["etag"], made.headers["location"]) == (201, '"1"', path)
        assert made.json() | CARD == made.json()
        assert (made.json()["position"], made.json()["active"]) == (10, True)
        again = await http.put(path, json={"label": "Bientôt épuisé", "active": False}, headers={"if-match": '"1"'})
        assert (again.status_code, again.headers["etag"]) == (200, '"2"')
        body = again.json()
        assert (body["label"], body["label_en"], body["effect"]) == ("Bientôt épuisé", None, "wait")
        assert (body["position"], body["active"]) == (10, False)
        assert (await http.get(path)).headers["etag"] == '"2"'
        assert await get(http, path) == body
        assert "10" not in [each["code"] for each in await items(http, "/v1/answers", active="true")]
        assert [each["code"] for each in await items(http, "/v1/answers", active="false")] == ["10"]
        assert (await http.delete(path, headers={"if-match": '"2"'})).status_code == 204
        refused(await http.get(path), 404, "not-found")

    async def test_is_told_to_the_tablets_as_a_setting(self, http: Client, sql: Connection) -> None:
        await http.put("/v1/answers/10", json=CARD)
        told = await sql.fetch("SELECT type, data ->> 'table' AS name FROM outbox_event")
        assert [(row["type"], row["name"]) for row in told] == [("settings.updated", "answers")]

    async def test_refuses_what_is_taken_gone_stale_or_unfit(self, http: Client, sql: Connection) -> None:
        async with nothing_written(sql):
            refused(await http.put("/v1/answers/6", json=CARD), 409, "code-taken")
            refused(await http.put("/v1/answers/10", json=CARD, headers={"if-match": '"1"'}), 404, "not-found")
            refused(await http.put("/v1/answers/6", json=CARD, headers={"if-match": '"7"'}), 412, "stale-version")
            refused(await http.delete("/v1/answers/6", headers={"if-match": '"7"'}), 412, "stale-version")
            refused(await http.delete("/v1/answers/6"), 428, "if-match-missing")
            answer = await http.put("/v1/answers/10", json={**CARD, "effect": "burn", "position": 0})
        pointers = {fault["pointer"] for fault in refused(answer, 422, "invalid")["errors"]}
        assert pointers == {"/effect", "/position"}

    async def test_is_changed_by_who_writes_articles_and_read_by_who_reads_them(self, web_shop: Client) -> None:
        assert len(await items(web_shop, "/v1/answers")) == 9
        refused(await web_shop.put("/v1/answers/10", json=CARD), 403, "forbidden")


@pytest.mark.row("A13", "A15")
class TestAnAnswerByHand:
    async def test_is_shown_with_its_meaning_and_kept_newest_first(self, http: Client) -> None:
        taken = await order(http, line(RUE))
        await say(http, taken, {"code": "4"})
        shown = await say(http, taken, {"code": "8", "new_ean": CHUT})
        answer = shown["lines"][0]["answer"]
        assert {**answer, "at": "-"} == {
            "code": "8",
            "label": "À reparaître",
            "source": "shop",
            "at": "-",
            "effect": "move",
            "new_ean": CHUT,
        }
        assert await get(http, f"/v1/orders/{taken['id']}") == shown
        said = await history(http, taken)
        assert [each["code"] for each in said] == ["8", "4"]
        assert said == await history(http, taken, limit=1)
        assert said[0] | answer == said[0]
        assert said[0]["id"].startswith("ans_")
        assert said[0]["by"].startswith("key:")

    async def test_unknown_to_the_table_is_kept_as_text(self, http: Client) -> None:
        taken = await order(http)
        for body, shown in (
            ({"code": "relance éditeur en cours"}, "relance éditeur en cours"),
            ({"code": "R", "label": "Relancé"}, "Relancé"),
        ):
            answer = (await say(http, taken, body))["lines"][0]["answer"]
            assert (answer["label"], answer["effect"]) == (shown, "wait")

    async def test_gives_way_to_disponible_and_stays_in_the_history(self, http: Client) -> None:
        taken = await order(http)
        await say(http, taken, {"code": "6"})
        await stock(http)
        scanned = await scan(http)
        assert scanned["line"]["answer"]["label"] == "Disponible"
        assert [each["code"] for each in await history(http, taken)] == ["6"]

    async def test_is_refused_on_a_closed_order_or_to_a_stale_reader(self, http: Client, sql: Connection) -> None:
        taken = await order(http)
        path = f"/v1/orders/{taken['id']}/lines/{taken['lines'][0]['id']}/answers"
        other = await order(http)
        elsewhere = f"/v1/orders/{other['id']}/lines/{taken['lines'][0]['id']}/answers"
        await post(http, f"/v1/orders/{taken['id']}/cancel", {"reason": "x"}, version=1, expect=200)
        async with nothing_written(sql):
            refused(await http.post(path, json={"code": "6"}, headers={"if-match": '"1"'}), 412, "stale-version")
            refused(await http.post(path, json={"code": "6"}, headers={"if-match": '"2"'}), 409, "order-closed")
            refused(await http.post(path, json={"code": "6"}), 428, "if-match-missing")
            refused(await http.post(elsewhere, json={"code": "6"}, headers={"if-match": '"1"'}), 404, "not-found")
        assert await items(http, path) == []
        refused(await http.get(elsewhere), 404, "not-found")

    async def test_of_another_shop_is_not_seen(self, http: Client, client_for: ClientFor, elsewhere: Premises) -> None:
        taken = await order(http)
        await say(http, taken, {"code": "6"})
        stranger = await client_for(elsewhere.admin_key)
        path = f"/v1/orders/{taken['id']}/lines/{taken['lines'][0]['id']}/answers"
        refused(await stranger.get(path), 404, "not-found")


@pytest.mark.row("P9")
class TestALineMoved:
    async def move(self, http: Client, taken: Json, ean: str, *, expect: int = 200) -> Json:
        now = await get(http, f"/v1/orders/{taken['id']}")
        path = f"/v1/orders/{taken['id']}/lines/{taken['lines'][0]['id']}/move"
        return await post(http, path, {"ean": ean}, version=now["version"], expect=expect)

    async def test_becomes_the_other_article_at_its_price_and_its_place(self, http: Client) -> None:
        taken = await order(http, line(RUE, 2), name="PREMIER")
        await order(http, line(CHUT), name="DEUXIEME")
        shown = await self.move(http, taken, CHUT)
        moved = shown["lines"][0]
        assert (moved["id"], moved["ean"], moved["ordered"]) == (taken["lines"][0]["id"], CHUT, 2)
        assert (moved["title"], moved["unit_price"]) == ("CHUT ! ON A UN PLAN", euros("14.50"))
        assert await get(http, f"/v1/orders/{taken['id']}") == shown
        assert [each["name"] for each in await items(http, f"/v1/articles/{CHUT}/queue")] == ["PREMIER", "DEUXIEME"]
        assert await items(http, f"/v1/articles/{RUE}/queue") == []
        said = await items(http, f"/v1/orders/{taken['id']}/lines/{moved['id']}/answers")
        assert [(each["code"], each["label"], each["new_ean"]) for each in said] == [("moved", f"{RUE} → {CHUT}", CHUT)]

    async def test_does_not_bring_along_a_place_that_a_person_gave_it(self, http: Client) -> None:
        await order(http, line(RUE), name="PREMIER")
        later = await order(http, line(RUE), name="DEUXIEME")
        early = await order(http, line(CHUT), name="TROISIEME")
        late = await order(http, line(RUE), name="QUATRIEME")
        queue = [each["line_id"] for each in await items(http, f"/v1/articles/{RUE}/queue")]
        body = {"line_ids": [queue[2], queue[1], queue[0]], "reason": "x"}
        assert (await http.put(f"/v1/articles/{RUE}/queue", json=body)).status_code == 200
        await self.move(http, late, CHUT)
        names = [each["name"] for each in await items(http, f"/v1/articles/{CHUT}/queue")]
        assert names == ["TROISIEME", "QUATRIEME"]
        assert early["number"] > later["number"]

    async def test_begun_keeps_its_copies_and_waits_as_a_new_line(self, http: Client) -> None:
        taken = await order(http, line(RUE, 2))
        await stock(http)
        await scan(http)
        old, new = (await self.move(http, taken, CHUT))["lines"]
        assert (old["set_aside"], old["cancelled"], old["outstanding"]) == (1, 1, 0)
        assert (new["ean"], new["ordered"], new["position"]) == (CHUT, 1, 2)

    async def test_may_become_digital(self, http: Client) -> None:
        taken = await order(http, line(RUE))
        moved = (await self.move(http, taken, EBOOK))["lines"][0]
        assert (moved["digital"], moved["vat_rate"]) == (True, "5.50")

    async def test_is_refused_where_it_makes_no_sense(self, http: Client, sql: Connection) -> None:
        taken = await order(http, line(RUE))
        path = f"/v1/orders/{taken['id']}/lines/{taken['lines'][0]['id']}/move"
        held = {"if-match": '"1"'}
        async with nothing_written(sql):
            problem = refused(await http.post(path, json={"ean": UNKNOWN}, headers=held), 422, "invalid")
            assert problem["errors"][0]["pointer"] == "/ean"
            refused(await http.post(path, json={"ean": RUE}, headers=held), 409, "inconsistent")
            refused(await http.post(path, json={"ean": CHUT}, headers={"if-match": '"2"'}), 412, "stale-version")
        await stock(http)
        await scan(http)
        async with nothing_written(sql):
            answer = await http.post(path, json={"ean": CHUT}, headers={"if-match": '"2"'})
            refused(answer, 409, "nothing-to-cancel")
