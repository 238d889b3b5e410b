"""Addresses and contacts of cards, over HTTP."""

import pytest

from tests.api.card_steps import ADDRESS, UNKNOWN, card, held, patched, third_party
from tests.api.conftest import ClientFor
from tests.api.steps import Connection, customer, get, items, nothing_written, post, refused
from tests.conftest import Client


class TestAnAddress:
    @pytest.mark.row("B57")
    @pytest.mark.parametrize(("town", "codes"), [("Nantes", ["NANTES1", "NANTES2"]), (None, ["X1", "X2"])])
    async def test_without_a_code_has_one_of_its_town(self, http: Client, town: str | None, codes: list[str]) -> None:
        path = await card(http, "customers")
        made = [await post(http, f"{path}/addresses", {"address": {"town": town}}) for _ in codes]
        assert [each["code"] for each in made] == codes

    @pytest.mark.parametrize("owner", ["customers", "third-parties"])
    async def test_cannot_take_the_code_of_another_of_the_card(self, http: Client, owner: str) -> None:
        path = await card(http, owner)
        await post(http, f"{path}/addresses", {"code": "QUAI"})
        answer = await http.post(f"{path}/addresses", json={"code": "quai"})
        assert [fault["pointer"] for fault in refused(answer, 409, "code-taken")["errors"]] == ["/code"]
        await post(http, f"{await card(http, owner)}/addresses", {"code": "QUAI"})

    @pytest.mark.row("A57")
    @pytest.mark.parametrize("role", ["delivery", "billing"])
    async def test_of_a_role_is_the_only_one(self, http: Client, sql: Connection, role: str) -> None:
        path = await card(http, "customers")
        await post(http, f"{path}/addresses", {"role": role})
        other = await post(http, f"{path}/addresses", {})
        async with nothing_written(sql):
            first = await http.post(f"{path}/addresses", json={"role": role})
            second = await http.patch(f"{path}/addresses/{other['id']}", json={"role": role}, headers=held(1))
        for answer in (first, second):
            (fault,) = refused(answer, 409, "code-taken")["errors"]
            assert (fault["pointer"], role in fault["detail"]) == ("/role", True)

    @pytest.mark.row("B40")
    async def test_named_for_a_document_takes_it_from_the_others(self, http: Client) -> None:
        path = await card(http, "customers")
        first = await post(http, f"{path}/addresses", {"default_for": ["order", "quote"]})
        untouched = await post(http, f"{path}/addresses", {"default_for": ["invoice"]})
        second = await post(http, f"{path}/addresses", {"default_for": ["order"]})
        shown = {each["id"]: (each["default_for"], each["version"]) for each in await items(http, f"{path}/addresses")}
        assert shown == {first["id"]: (["quote"], 2), untouched["id"]: (["invoice"], 1), second["id"]: (["order"], 1)}
        await patched(http, f"{path}/addresses/{untouched['id']}", {"default_for": ["order", "invoice", "quote"]})
        shown = {each["id"]: (each["default_for"], each["version"]) for each in await items(http, f"{path}/addresses")}
        assert shown == {
            first["id"]: ([], 3),
            untouched["id"]: (["quote", "order", "invoice"], 2),
            second["id"]: ([], 2),
        }

    @pytest.mark.row("B40")
    async def test_cannot_be_named_for_a_document_that_it_is_not_allowed_for(
        self, http: Client, sql: Connection
    ) -> None:
        path = await card(http, "customers")
        made = await post(http, f"{path}/addresses", {"allowed_for": ["order"]})
        async with nothing_written(sql):
            for answer in (
                await http.post(f"{path}/addresses", json={"allowed_for": ["order"], "default_for": ["invoice"]}),
                await http.patch(f"{path}/addresses/{made['id']}", json={"default_for": ["invoice"]}, headers=held(1)),
            ):
                (fault,) = refused(answer, 409, "inconsistent")["errors"]
                assert fault["pointer"] == "/default_for"

    @pytest.mark.row("B41")
    @pytest.mark.parametrize("owner", ["customers", "third-parties"])
    async def test_may_lead_to_another_party(self, http: Client, owner: str) -> None:
        path = await card(http, owner)
        for lender in ((await customer(http))["id"], (await third_party(http))["id"]):
            made = await post(http, f"{path}/addresses", {"use_main_of_id": lender})
            assert made["use_main_of_id"] == lender

    @pytest.mark.row("B41")
    async def test_cannot_lead_to_its_own_card_nor_to_one_unknown_hidden_or_merged(
        self, http: Client, sql: Connection, client_for: ClientFor
    ) -> None:
        path, kept = await card(http, "customers"), await customer(http)
        merged = await customer(http)
        await sql.execute(
            "UPDATE customer SET merged_into = $1 WHERE customer_id = $2",
            kept["id"].partition("_")[2],
            merged["id"].partition("_")[2],
        )
        hidden = await customer(http, confidentiality_code="DIR")
        blind = await client_for(
            (await post(http, "/v1/api-keys", {"label": "blind", "scopes": ["customers:*"]}))["secret"]
        )
        own = path.rpartition("/")[2]
        async with nothing_written(sql):
            for lender in (own, f"cus_{UNKNOWN}", f"tpa_{UNKNOWN}", hidden["id"], merged["id"]):
                answer = await blind.post(f"{path}/addresses", json={"use_main_of_id": lender})
                (fault,) = refused(answer, 409, "unknown-party")["errors"]
                assert fault["pointer"] == "/use_main_of_id"

    @pytest.mark.row("B14")
    async def test_is_printed_after_the_standard(self, http: Client) -> None:
        made = await post(http, f"{await card(http, 'customers')}/addresses", ADDRESS)
        assert made["address_lines"][-3:] == ["7 QUAI DES LIBRAIRES", "BP 4", "44000 NANTES"]
        assert made["address_lines"][0] == "Réception"
        bare = await post(http, f"{await card(http, 'customers')}/addresses", {"address": {"town": "Nantes"}})
        assert bare["address_lines"] == ["MARTIN", "NANTES"]
        assert {each["code"] for each in bare["address_advice"]} >= {"postal-code-missing"}

    async def test_in_an_unknown_country_is_refused(self, http: Client) -> None:
        path = await card(http, "customers")
        answer = await http.post(f"{path}/addresses", json={"address": {"country": "ZZ"}})
        (fault,) = refused(answer, 409, "unknown-code")["errors"]
        assert fault["pointer"] == "/address/country"


class TestAContact:
    @pytest.mark.row("B57")
    async def test_without_a_code_has_one_of_its_name(self, http: Client) -> None:
        path = await card(http, "customers")
        names = ("Saint-Exupéry", "SAINT EXUPERY", "É")
        made = [await post(http, f"{path}/contacts", {"name": name}) for name in names]
        assert [each["code"] for each in made] == ["SAINTEX1", "SAINTEX2", "E1"]

    @pytest.mark.row("B36", "O10", "B37")
    @pytest.mark.parametrize(
        ("function", "roles"),
        [
            ("CDE", ["order"]),
            ("LIV", ["delivery_note"]),
            ("FAC", ["invoice"]),
            ("REL", ["reminder"]),
            ("DEV", ["quote"]),
            ("DIR", []),
            (None, []),
        ],
    )
    async def test_has_the_roles_of_its_function(self, http: Client, function: str | None, roles: list[str]) -> None:
        made = await post(http, f"{await card(http, 'customers')}/contacts", {"name": "PETIT", "function": function})
        assert made["roles"] == roles

    @pytest.mark.parametrize(("field", "code"), [("function", "NONE"), ("title", "NONE")])
    async def test_with_an_unknown_code_is_refused(self, http: Client, field: str, code: str) -> None:
        path = await card(http, "customers")
        made = await post(http, f"{path}/contacts", {"name": "PETIT"})
        for answer in (
            await http.post(f"{path}/contacts", json={"name": "PETIT", field: code}),
            await http.patch(f"{path}/contacts/{made['id']}", json={field: code}, headers=held(1)),
        ):
            (fault,) = refused(answer, 409, "unknown-code")["errors"]
            assert fault["pointer"] == f"/{field}"

    @pytest.mark.row("B34", "B35")
    async def test_is_at_an_address_of_its_own_card(self, http: Client, sql: Connection) -> None:
        path = await card(http, "customers")
        address = await post(http, f"{path}/addresses", {})
        made = await post(http, f"{path}/contacts", {"name": "PETIT", "address_id": address["id"]})
        assert made["address_id"] == address["id"]
        foreign = await post(http, f"{await card(http, 'customers')}/addresses", {})
        async with nothing_written(sql):
            for address_id in (foreign["id"], f"adr_{UNKNOWN}"):
                answer = await http.patch(
                    f"{path}/contacts/{made['id']}", json={"address_id": address_id}, headers=held(1)
                )
                (fault,) = refused(answer, 409, "unknown-party")["errors"]
                assert fault["pointer"] == "/address_id"
        await http.delete(f"{path}/addresses/{address['id']}", headers=held(1))
        assert (await get(http, f"{path}/contacts/{made['id']}"))["address_id"] is None
