"""The floor of G5: FastAPI answering one order from memory. ``BENCH_ORDER`` is a file with the order's JSON."""

import os
from pathlib import Path

from fastapi import FastAPI

from api.schemas.orders import Order

app = FastAPI()
ORDER = Order.model_validate_json(Path(os.environ["BENCH_ORDER"]).read_bytes())


@app.get("/v1/orders/{order_id}")
async def get_order(order_id: str) -> Order:
    """The same order whatever the id."""
    del order_id
    return ORDER
