"""Reminders of unpaid invoices over HTTP: scenarios, preview, runs, letters (B22, B28, B29)."""

from typing import Any

import pypdfium2
import pytest

from tests.api.steps import Connection, Json, customer, euros, get, items, nothing_written, post, put, refused
from tests.api.test_invoices import bill
from tests.conftest import Client

pytestmark = [pytest.mark.row("B28", "B29")]
ADDRESS = {"street": "3 rue des Lilas", "postal_code": "44000", "town": "Nantes"}


def words(say: str) -> Json:
    return {"subject": f"{say} : {{librairie}}", "body": f"{say} {{nom}}\n\n{{factures}}\n\n{{total}}, {{echeance}}"}


def step(after_days: int, channel: str = "email", **more: Any) -> Json:
    said = {"fr": words("Rappel"), "en": words("Reminder")}
    return {"after_days": after_days, "channel": channel, "states": ["awaited"], **said, **more}


async def decide(http: Client, *scenarios: Json, expect: int = 200) -> Json:
    version = (await get(http, "/v1/dossier"))["version"]
    answer = await http.patch(
        "/v1/dossier", json={"reminders": {"scenarios": scenarios}}, headers={"if-match": f'"{version}"'}
    )
    assert answer.status_code == expect, answer.text
    found: Json = answer.json()
    return found


@pytest.fixture
async def school(http: Client) -> str:
    """A card with an e-mail address, and an invoice that is ten days overdue."""
    await decide(http, {"family": None, "steps": [step(7), step(30, "post")]})
    made: str = (await customer(http, "ÉCOLE", email="ecole@example.org", address=ADDRESS))["id"]
    await bill(http, "F1", made, "12.00")
    return made


class TestScenarios:
    async def test_start_with_three_steps_for_everybody(self, http: Client) -> None:
        (found,) = (await get(http, "/v1/dossier"))["reminders"]["scenarios"]
        assert found["family"] is None
        steps = [(each["after_days"], each["channel"], each["states"]) for each in found["steps"]]
        assert steps == [
            (7, "email", ["awaited", "doubtful"]),
            (21, "email", ["awaited", "doubtful"]),
            (45, "post", ["awaited", "doubtful"]),
        ]

    async def test_are_replaced_together(self, http: Client) -> None:
        await post(http, "/v1/tables/reminder-families", {"code": "PUBLIC", "label": "Secteur public"})
        wanted: list[Json] = [
            {"family": "PUBLIC", "steps": [step(60, "post")]},
            {"family": None, "steps": [step(5), step(9)]},
        ]
        assert (await decide(http, *wanted))["reminders"] == {"scenarios": wanted}
        assert (await get(http, "/v1/dossier"))["reminders"] == {"scenarios": wanted}
        assert (await decide(http))["reminders"] == {"scenarios": []}

    @pytest.mark.parametrize(
        ("scenarios", "code", "pointer"),
        [
            ([{"family": "NON", "steps": [step(7)]}], "unknown-code", "/reminders/scenarios/0/family"),
            ([{"steps": [step(7)]}, {"steps": [step(7)]}], "inconsistent", "/reminders/scenarios/1/family"),
            ([{"steps": [step(7), step(6)]}], "inconsistent", "/reminders/scenarios/0/steps"),
            (
                [{"steps": [step(7, en={"subject": "x", "body": "{client}"})]}],
                "inconsistent",
                "/reminders/scenarios/0/steps/0/en/body",
            ),
            (
                [{"steps": [step(7, fr={"subject": "x", "body": " "})]}],
                "inconsistent",
                "/reminders/scenarios/0/steps/0/fr/body",
            ),
        ],
    )
    async def test_that_cannot_be_are_refused(
        self, http: Client, sql: Connection, scenarios: list[Any], code: str, pointer: str
    ) -> None:
        async with nothing_written(sql):
            found = await decide(http, *scenarios, expect=409)
        assert (found["code"], [each["pointer"] for each in found["errors"]]) == (code, [pointer])


class TestARun:
    async def test_does_what_its_preview_says(self, http: Client, school: str, sql: Connection) -> None:
        async with nothing_written(sql):
            proposed = (await post(http, "/v1/reminder-runs/preview", {}, expect=200))["items"]
        run = await post(http, "/v1/reminder-runs", {})
        (made,) = run["items"]
        assert proposed == [{name: made[name] for name in proposed[0]}]
        assert made["run_id"] == run["id"]
        assert (made["name"], made["channel"], made["address"]) == ("ÉCOLE", "email", "ecole@example.org")
        assert made["total"] == euros("12.00")
        message = await get(http, f"/v1/messages/{made['message_id']}")
        assert (message["event"], message["purpose"], message["state"]) == ("invoice_reminder", "service", "queued")
        assert (message["subject"], message["body"]) == (made["subject"], made["body"])
        assert (await get(http, "/v1/invoices/F1"))["reminded"] == {"step": 1, "at": made["at"]}
        assert (await post(http, "/v1/reminder-runs", {}))["items"] == []

    async def test_is_listed_with_what_it_made(self, http: Client, school: str) -> None:
        other = (await customer(http, "CLUB", address=ADDRESS))["id"]
        await bill(http, "G1", other, "30.00")
        run = await post(http, "/v1/reminder-runs", {})
        (listed,) = await items(http, "/v1/reminder-runs")
        assert (listed["id"], listed["emails"], listed["letters"]) == (run["id"], 1, 1)
        assert listed["total"] == euros("42.00")
        (mine,) = await items(http, "/v1/invoice-reminders", customer_id=other)
        assert mine == next(each for each in run["items"] if each["customer_id"] == other)
        assert len(await items(http, "/v1/invoice-reminders", run_id=run["id"])) == 2
        first = await get(http, "/v1/invoice-reminders", limit=1)
        assert len((await get(http, first["next"]))["items"]) == 1

    async def test_may_leave_out_and_choose(self, http: Client, school: str) -> None:
        body = {"leave": [school]}
        assert (await post(http, "/v1/reminder-runs", body))["items"] == []
        nobody: Json = {"customer_ids": []}
        assert (await post(http, "/v1/reminder-runs", nobody))["items"] == []
        assert len((await post(http, "/v1/reminder-runs", {"customer_ids": [school]}))["items"]) == 1

    async def test_is_for_any_day_that_there_is(self, http: Client, school: str) -> None:
        await put(
            http,
            "/v1/invoices/F9",
            {"customer_id": school, "issued_on": "9999-12-31", "due_on": "9999-12-31", "total": euros("1.00")},
            expect=201,
        )
        for on, count in (("9999-12-31", 1), ("0001-01-01", 0)):
            found = await post(http, "/v1/reminder-runs/preview", {"on": on}, expect=200)
            assert len(found["items"]) == count


class TestLetters:
    async def test_are_one_pdf(self, http: Client, school: str) -> None:
        for nth in range(2):
            await bill(http, f"G{nth}", (await customer(http, f"CLUB {nth}", address=ADDRESS))["id"], "1234.50")
        run = await post(http, "/v1/reminder-runs", {})
        paper = await http.get(f"/v1/reminder-runs/{run['id']}/letters.pdf")
        assert (paper.status_code, paper.headers["content-type"]) == (200, "application/pdf")
        pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(paper.content)]
        assert len(pages) == 2
        for nth, text in enumerate(pages):
            assert f"CLUB {nth}" in text
            assert f"G{nth}" in text
            assert "44000 NANTES" in text

    async def test_are_not_there_for_a_run_of_e_mails_or_none(self, http: Client, school: str) -> None:
        run = await post(http, "/v1/reminder-runs", {})
        refused(await http.get(f"/v1/reminder-runs/{run['id']}/letters.pdf"), 409, "no-letters")
        refused(await http.get(f"/v1/reminder-runs/run_{'0' * 32}/letters.pdf"), 404, "not-found")
