"""What the HTTP tests of cards do again and again: cards of either kind, and what hangs on them."""

from tests.api.steps import Json, customer, post
from tests.conftest import Client

POSTE = "FR1420041010050500013M02606"
MONACO = "MC5811222000010123456789030"
GERMAN = "DE89370400440532013000"
UNKNOWN = "019301a2b3c47d5e8f90a1b2c3d4e5f6"
ADDRESS: Json = {
    "code": "quai",
    "role": "delivery",
    "address": {
        "recipient": "Réception",
        "complement": "Étage 1",
        "building": "Bât. C",
        "street": "7 quai des Libraires",
        "locality": "BP 4",
        "postal_code": "44000",
        "town": "Nantes",
        "country": "FR",
    },
    "siret": "73282932000074",
    "phone": "02 40 00 00 05",
    "email": "quai@example.org",
    "allowed_for": ["order", "delivery_note"],
    "default_for": ["delivery_note"],
    "use_main_of_id": None,
}
CONTACT: Json = {
    "code": "resp",
    "title": "Mme",
    "name": "PETIT",
    "first_name": "Zoë",
    "function": "CDE",
    "phone": "02 40 00 00 06",
    "mobile": "06 06 06 06 07",
    "email": "zoe.petit@example.org",
    "fax": "02 40 00 00 07",
    "address_id": None,
    "comment": "Le matin\nseulement",
}
ACCOUNT: Json = {
    "code": "cpte",
    "iban": POSTE,
    "bic": "PSSTFRPPPAR",
    "domiciliation": "NANTES CENTRE",
    "main": True,
    "closed_on": "2099-01-01",
}
DISCOUNT: Json = {
    "scope": "vat_rate",
    "vat_rate": "5.50",
    "category": None,
    "percent": "5.00",
    "starts_on": "2026-01-01",
    "ends_on": "2026-12-31",
    "basis": "Loi du 10 août 1981, art. 3",
}
CREATED: dict[str, Json] = {
    "addresses": ADDRESS,
    "contacts": CONTACT,
    "bank-accounts": ACCOUNT,
    "notes": {"text": "Aime la poésie\net le thé"},
    "discounts": DISCOUNT,
}
PREFIX = {"addresses": "adr", "contacts": "con", "bank-accounts": "rib", "notes": "not", "discounts": "dis"}
SHARED = ("addresses", "contacts", "bank-accounts", "notes")


async def third_party(http: Client, name: str = "NATHAN", type: str = "supplier", **more: object) -> Json:  # noqa: A002
    return await post(http, "/v1/third-parties", {"name": name, "type": type, **more})


async def card(http: Client, owner: str) -> str:
    """The address of a new card, of a customer or of a third party."""
    made = await (customer(http) if owner == "customers" else third_party(http))
    return f"/v1/{owner}/{made['id']}"


def held(version: int) -> dict[str, str]:
    return {"if-match": f'"{version}"'}


async def patched(http: Client, path: str, body: Json, version: int = 1) -> Json:
    answer = await http.patch(path, json=body, headers=held(version))
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found
