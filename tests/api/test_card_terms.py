"""What a card says of documents to come, over HTTP: discounts, credit, document defaults."""

import pytest

from tests.api.card_steps import POSTE, card, held, third_party
from tests.api.conftest import ClientFor
from tests.api.steps import (
    RUE,
    Connection,
    Json,
    customer,
    euros,
    get,
    line,
    nothing_written,
    order,
    post,
    put,
    refused,
)
from tests.conftest import Client


class TestADiscount:
    @pytest.mark.row("A63", "A64")
    @pytest.mark.parametrize(
        "scope",
        [
            {"scope": "all"},
            {"scope": "school_books"},
            {"scope": "vat_rate", "vat_rate": "20.00"},
            {"scope": "category", "category": "BD"},
        ],
    )
    async def test_is_for_everything_a_rate_a_category_or_school_books(self, http: Client, scope: Json) -> None:
        await put(http, "/v1/categories/BD", {"label": "Bandes dessinées", "level": "sector"}, expect=201)
        made = await post(http, f"{await card(http, 'customers')}/discounts", {**scope, "percent": "9.00"})
        assert {name: made[name] for name in scope} == scope

    @pytest.mark.row("A63")
    async def test_of_a_category_that_the_tree_lacks_is_refused(self, http: Client, sql: Connection) -> None:
        path = f"{await card(http, 'customers')}/discounts"
        made = await post(http, path, {"scope": "all", "percent": "5.00"})
        body = {"scope": "category", "category": "BD"}
        async with nothing_written(sql):
            for answer in (
                await http.post(path, json={"percent": "5.00", **body}),
                await http.patch(f"{path}/{made['id']}", json=body, headers={"if-match": '"1"'}),
            ):
                (error,) = refused(answer, 409, "unknown-code")["errors"]
                assert error["pointer"] == "/category"

    @pytest.mark.row("A63")
    @pytest.mark.parametrize(
        ("body", "pointer"),
        [
            ({"scope": "all", "vat_rate": "5.50"}, "/vat_rate"),
            ({"scope": "vat_rate"}, "/vat_rate"),
            ({"scope": "category"}, "/category"),
            ({"scope": "school_books", "category": "BD"}, "/category"),
            ({"scope": "all", "starts_on": "2026-02-01", "ends_on": "2026-02-01"}, "/ends_on"),
        ],
    )
    async def test_whose_fields_do_not_go_together_is_refused(
        self, http: Client, sql: Connection, body: Json, pointer: str
    ) -> None:
        path = f"{await card(http, 'customers')}/discounts"
        made = await post(http, path, {"scope": "all", "percent": "5.00"})
        async with nothing_written(sql):
            for answer in (
                await http.post(path, json={"percent": "5.00", **body}),
                await http.patch(f"{path}/{made['id']}", json=body, headers=held(1)),
            ):
                (fault,) = refused(answer, 409, "inconsistent")["errors"]
                assert fault["pointer"] == pointer

    @pytest.mark.row("A65")
    async def test_stands_beside_the_tariff_of_the_card(self, http: Client) -> None:
        made = await customer(http, tariff_code="PUB")
        await post(http, f"/v1/customers/{made['id']}/discounts", {"scope": "all", "percent": "5.00"})
        assert (await get(http, f"/v1/customers/{made['id']}"))["tariff_code"] == "PUB"


@pytest.mark.row("B15", "O13")
class TestCredit:
    async def test_is_what_is_open_against_both_ceilings(self, http: Client) -> None:
        made = await customer(http, management_ceiling=euros("500.00"), insurance_ceiling=euros("300.00"))
        path = f"/v1/customers/{made['id']}/credit"
        assert await get(http, path) == {
            "management_ceiling": euros("500.00"),
            "insurance_ceiling": euros("300.00"),
            "unpaid": euros("0.00"),
            "open_orders": euros("0.00"),
            "outstanding": euros("0.00"),
            "left": euros("500.00"),
            "over": False,
            "risk": euros("200.00"),
            "active": True,
        }
        taken = await order(http, line(RUE, 3), customer_id=made["id"])
        assert (await get(http, path))["outstanding"] == taken["total"]

    async def test_is_not_controlled_under_a_nil_ceiling(self, http: Client) -> None:
        made = await customer(http, insurance_ceiling=euros("300.00"))
        told = await get(http, f"/v1/customers/{made['id']}/credit")
        assert (told["active"], told["risk"]) == (False, euros("0.00"))


class TestADocument:
    @pytest.mark.row("A57", "A60", "A61", "B4", "B16", "B27", "B36", "B40", "B41", "B42", "B43")
    async def test_starts_with_what_the_cards_say(self, http: Client) -> None:
        rep = await third_party(http, "VENDEUR", "sales_rep")
        depot = await third_party(http, "MESSAGERIE", address={"street": "4 bd Ailleurs", "town": "Paris"})
        hall = await customer(http, "MAIRIE", address={"street": "3 place de la Mairie", "town": "Nantes"})
        school = await customer(
            http,
            "ÉCOLE",
            billed_to_id=hall["id"],
            language="de",
            payment_mode="MANDAT",
            print_mode="CHORUS",
            comment="Sonner",
            sales_reps=[{"third_party_id": rep["id"], "share": "100.00"}],
            back_orders={"orders": "no"},
            light="orange",
            light_message="Voir la caisse",
        )
        path = f"/v1/customers/{school['id']}"
        lent = await post(http, f"{path}/addresses", {"role": "delivery", "use_main_of_id": depot["id"]})
        contact = await post(http, f"{path}/contacts", {"name": "PETIT", "function": "CDE"})
        account = await post(http, f"{path}/bank-accounts", {"iban": POSTE})
        told = await get(http, f"{path}/document-defaults", document="order")
        delivery, billing = told.pop("delivery"), told.pop("billing")
        assert told == {
            "document": "order",
            "customer_id": school["id"],
            "billed_to_id": hall["id"],
            "payment_party_id": hall["id"],
            "reminded_id": hall["id"],
            "statistics_party_id": school["id"],
            "contact_id": contact["id"],
            "bank_account_id": account["id"],
            "back_orders": False,
            "language": "de",
            "languages": ["fr", "de"],
            "payment_mode": "MANDAT",
            "print_mode": "CHORUS",
            "sales_reps": [{"third_party_id": rep["id"], "share": "100.00"}],
            "comment": "Sonner",
            "blocked": None,
            "warnings": ["Voir la caisse"],
        }
        assert (delivery["source"], delivery["address_id"], delivery["party_id"]) == ("party", lent["id"], depot["id"])
        assert delivery["address_lines"] == ["MESSAGERIE", "4 BD AILLEURS", "PARIS"]
        assert (billing["source"], billing["party_id"]) == ("main", hall["id"])
        assert billing["address_lines"] == ["MAIRIE", "3 PLACE DE LA MAIRIE", "NANTES"]
        assert await get(http, f"{path}/document-defaults") == await get(
            http, f"{path}/document-defaults", document="order"
        )

    @pytest.mark.row("B27")
    @pytest.mark.parametrize(
        ("document", "expected"),
        [("quote", False), ("order", True), ("delivery_note", True), ("invoice", None), ("reminder", None)],
    )
    async def test_has_the_back_orders_of_the_dossier_unless_the_card_says_otherwise(
        self, http: Client, document: str, expected: bool | None
    ) -> None:
        path = f"{await card(http, 'customers')}/document-defaults"
        assert (await get(http, path, document=document))["back_orders"] is expected

    @pytest.mark.row("B31", "B32")
    @pytest.mark.parametrize(
        ("body", "blocked"), [({"light": "red"}, "customer-blocked"), ({"closed_on": "2020-01-01"}, "customer-closed")]
    )
    async def test_that_would_be_refused_says_so(self, http: Client, body: Json, blocked: str) -> None:
        made = await customer(http, **body)
        assert (await get(http, f"/v1/customers/{made['id']}/document-defaults"))["blocked"] == blocked

    @pytest.mark.row("A60", "B30")
    async def test_does_not_tell_the_address_of_a_hidden_party(self, http: Client, client_for: ClientFor) -> None:
        hall = await customer(http, "MAIRIE", confidentiality_code="DIR", address={"town": "Nantes"})
        school = await customer(http, "ÉCOLE", billed_to_id=hall["id"])
        await post(http, f"/v1/customers/{school['id']}/addresses", {"role": "delivery", "use_main_of_id": hall["id"]})
        secret = (await post(http, "/v1/api-keys", {"label": "blind", "scopes": ["customers:read"]}))["secret"]
        blind = await client_for(secret)
        told = (await blind.get(f"/v1/customers/{school['id']}/document-defaults")).json()
        for where in ("delivery", "billing"):
            assert (told[where]["address"], told[where]["party_id"], told[where]["address_lines"]) == (None, None, [])
        assert "MAIRIE" not in str(told)
