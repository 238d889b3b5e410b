"""Clients generated from the contract work without a warning: openapi-python-client here, openapi-typescript in the page."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import BOOKS, CHANNEL, Premises
from tests.support.server import Server

ROOT = Path(__file__).resolve().parents[2]

SCRIPT = """
import sys
from comptoir_client import AuthenticatedClient
from comptoir_client.api.channels import push_order
from comptoir_client.api.orders import get_order
from comptoir_client.models import ContactInput, Money, OrderPush, Problem, WantedLineInput

url, key, channel, ean = sys.argv[1:]
with AuthenticatedClient(base_url=url, token=key) as client:
    body = OrderPush(
        contact=ContactInput(name="MARTIN"),
        lines=[WantedLineInput(ean=ean, quantity=2, unit_price=Money(amount="12.00"))],
        paid=True,
    )
    pushed = push_order.sync(channel=channel, external_id="PY-1", client=client, body=body)
    read = get_order.sync(order_id=pushed.id, client=client)
    missing = get_order.sync(order_id="ord_" + "0" * 32, client=client)
    assert isinstance(missing, Problem), missing
    print(read.number, read.status, read.total.amount, missing.code)
"""


class TestAGeneratedPythonClient:
    @pytest.mark.row("C1")
    async def test_pushes_an_order_and_reads_it_back(
        self, tmp_path: Path, served: Server, premises: Premises, books: dict[str, object]
    ) -> None:
        assert books
        generate = [
            *(sys.executable, "-m", "openapi_python_client", "generate", "--fail-on-warning", "--meta", "none"),
            *(
                "--path",
                str(ROOT / "openapi" / "openapi.json"),
                "--config",
                str(ROOT / "openapi" / "python-client.yaml"),
            ),
            *("--output-path", str(tmp_path / "comptoir_client")),
        ]
        made = await asyncio.to_thread(subprocess.run, generate, capture_output=True, text=True, check=False)
        assert made.returncode == 0, made.stdout + made.stderr
        assert "WARNING" not in made.stdout + made.stderr

        arguments = [served.url, premises.shop_key, CHANNEL, next(iter(BOOKS))]
        run = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-c", SCRIPT, *arguments],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 0, run.stderr
        assert run.stdout.split() == ["1", "CO", "24.00", "not-found"]
