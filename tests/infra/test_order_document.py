"""The order that PostgreSQL words is the order that the API words, for every order of the demo shop and for odd ones."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg

from api.schemas.order_document import order_document
from api.schemas.orders import Order
from domain.comptoir import Comptoir
from domain.model.values import DossierId, OrderId
from infra.bootstrap import running
from infra.demo import load_if_empty
from tests.conftest import Client, Premises


async def _agree(shop: Comptoir, dossier: DossierId, order_id: OrderId) -> dict[str, Any]:
    view = await shop.read.orders.by_id(dossier, order_id)
    by_postgresql = await shop.read.orders.document(dossier, order_id)
    assert by_postgresql.version == view.version
    worded: dict[str, Any] = json.loads(by_postgresql.json)
    assert worded == json.loads(order_document(view))
    assert order_document(view) == Order.of(view).model_dump_json().encode()
    return worded


class TestAnOrderWordedByPostgreSQL:
    async def test_is_the_one_worded_by_the_api_for_the_whole_demo(self, database: str, data_dir: Path) -> None:
        await load_if_empty(database, data_dir)
        connection = await asyncpg.connect(database)
        rows = await connection.fetch("SELECT dossier_id, order_id FROM customer_order")
        await connection.close()
        assert len(rows) > 400
        async with running(database_url=database, pool_size=2) as shop:
            worded = [await _agree(shop, row["dossier_id"], row["order_id"]) for row in rows]
        assert {order["status"] for order in worded} == {"CO", "LP", "LT", "AN", "BL"}
        assert any(line["answer"] and line["answer"]["at"] for order in worded for line in order["lines"])

    async def test_is_the_one_worded_by_the_api_for_odd_texts_and_amounts(
        self, http: Client, comptoir: Comptoir, premises: Premises, books: dict[str, object]
    ) -> None:
        assert books
        for number, name in enumerate(('L\'"Œuvre" \\ </script>', "日本 \u202e😀", "a\u00a0b")):
            body = {
                "contact": {"name": name, "address": {"street": "1\u2028rue"}},
                "lines": [
                    {"ean": "9791094908020", "quantity": 9999, "unit_price": {"amount": "99999999.99"}},
                    {"ean": "9782364744103", "quantity": 1, "unit_price": {"amount": "0"}},
                ],
                "comment": "une\nligne\t",
                "paid": True,
                "delivery_charge": {"amount": "0.1"},
            }
            pushed = await http.put(f"/v1/channels/boutique/orders/ODD-{number}", json=body)
            assert pushed.status_code == 201
            order_id = OrderId(UUID(pushed.json()["id"].removeprefix("ord_")))
            assert await _agree(comptoir, premises.dossier, order_id) == pushed.json()
