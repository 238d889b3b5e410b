"""What Schemathesis must know of the shop to make data that it accepts."""

from itertools import count
from typing import Any
from uuid import uuid4

import schemathesis
from hypothesis import strategies as st

from tests.api.steps import SHELF

RUN = uuid4().hex
_keys = count(1)

schemathesis.openapi.format("ean13", st.sampled_from(SHELF))
"""The articles of the furnished shop: an EAN of no article is well-formed, and rightly refused."""

schemathesis.openapi.format("idempotency-key", st.builds(lambda: f"fuzz-{RUN}-{next(_keys)}"))
"""Fresh each time: a key used again for another body is well-formed, and rightly refused."""


@schemathesis.hook
def map_body(context: schemathesis.HookContext, body: Any) -> Any:
    """The books stay on paper: a book made digital is rightly refused by every later reception of it."""
    if context.operation.label.startswith("PUT /v1/articles") and isinstance(body, dict) and body.get("digital") is True:
        body["digital"] = False
    return body
