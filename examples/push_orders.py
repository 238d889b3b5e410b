"""Pushes the orders of a spool folder to Comptoir, as a web shop would: nothing lost, nothing doubled.

    python examples/push_orders.py --url http://127.0.0.1:8000 --channel boutique --spool orders/

Each ``orders/<number>.json`` is the body of one order. A file goes to ``done/`` when Comptoir has the order, to ``refused/``
with the problem beside it when it never will, and stays when the answer was lost: the next run sends it again, harmlessly.
The key is read from the environment variable COMPTOIR_KEY. Standard library only.
"""

import argparse
import json
import os
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import quote

PATIENCE = (1, 2, 4, 8)
"""Seconds between two tries of one order."""


def push(url: str, key: str, body: bytes) -> tuple[int, bytes]:
    """Send one order; the status and the answer. Raises ``OSError`` when none came."""
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    request = urllib.request.Request(url, data=body, method="PUT", headers=headers)  # noqa: S310 - the caller's own URL
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - idem
            return answer.status, answer.read()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.read()


def settled(url: str, key: str, body: bytes) -> tuple[int, bytes] | None:
    """Try until Comptoir has decided; None when it could not be reached."""
    for pause in (0, *PATIENCE):
        time.sleep(pause)
        try:
            status, answer = push(url, key, body)
        except OSError:
            continue
        if status not in {429, 503}:
            return status, answer
    return None


def main() -> int:
    """Push every file of the spool; 0 when none is left or refused."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--channel", default="boutique")
    parser.add_argument("--spool", type=Path, required=True)
    asked = parser.parse_args()
    key, left = os.environ["COMPTOIR_KEY"], 0
    for name in ("done", "refused"):
        (asked.spool / name).mkdir(exist_ok=True)
    for file in sorted(asked.spool.glob("*.json")):
        address = f"{asked.url}/v1/channels/{quote(asked.channel)}/orders/{quote(file.stem, safe='')}"
        answer = settled(address, key, file.read_bytes())
        if answer is None:
            left += 1
            continue
        status, body = answer
        if status in {200, 201}:
            file.rename(asked.spool / "done" / file.name)
            print(f"{file.stem}: commande {json.loads(body)['number']}")  # noqa: T201 - a command speaks
        else:
            left += 1
            file.rename(asked.spool / "refused" / file.name)
            (asked.spool / "refused" / f"{file.stem}.problem").write_bytes(body)
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
