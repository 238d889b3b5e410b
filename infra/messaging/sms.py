"""SMS by the JSON gateway of any provider: its request is a template of the settings."""

import json
from typing import Any

import httpx

from domain.ports.messages import Letter, Refused, Uncertain, Unreachable
from infra.messaging.outlets import Gateway, template_of

NOW_OR_LATER = frozenset({408, 425, 429})
SERVER_FAULT = 500
LINE = 400
CONNECT, ANSWER = 10.0, 60.0
"""Seconds to reach the gateway, and to hear from it."""


class SmsCarrier:
    """``Carrier`` of SMS."""

    def __init__(self, gateway: Gateway, *, connect: float = CONNECT, answer: float = ANSWER) -> None:
        self._gateway = gateway
        self._template = template_of(gateway.template)
        self._timeout = httpx.Timeout(answer, connect=connect)

    async def carry(self, letter: Letter) -> str | None:
        # filled once parsed: whatever a text holds, it stays one text of the JSON
        body = filled(
            self._template,
            {"{to}": letter.address, "{text}": letter.body, "{id}": letter.id.hex, "{sender}": letter.sender},
        )
        headers = {"content-type": "application/json"}
        if self._gateway.token is not None:
            headers["authorization"] = f"Bearer {self._gateway.token}"
        try:
            async with httpx.AsyncClient(timeout=self._timeout, trust_env=False) as client:
                said = await client.post(self._gateway.url, content=json.dumps(body).encode(), headers=headers)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as fault:
            raise Unreachable(str(fault)[:LINE] or type(fault).__name__) from None
        except httpx.HTTPError as fault:
            raise Uncertain(str(fault)[:LINE] or type(fault).__name__) from None
        if said.is_success:
            return self._id(said)
        text = f"{said.status_code} {said.text}"[:LINE]
        if said.status_code in NOW_OR_LATER or said.status_code >= SERVER_FAULT:
            raise Unreachable(text)
        raise Refused(text)

    def _id(self, said: httpx.Response) -> str | None:
        """The provider's id of the message; None where it tells none: it took the message all the same."""
        if self._gateway.id_pointer is None:
            return None
        try:
            found = said.json()
            for step in self._gateway.id_pointer.split("/")[1:]:
                name = step.replace("~1", "/").replace("~0", "~")
                found = found[int(name)] if isinstance(found, list) else found[name]
        except (ValueError, LookupError, TypeError):
            return None
        return str(found)[:LINE] if isinstance(found, str | int) else None


def filled(template: Any, values: dict[str, str]) -> Any:
    """The template with its places filled, in texts only; a value is never read for places again."""
    if isinstance(template, dict):
        return {name: filled(each, values) for name, each in template.items()}
    if isinstance(template, list):
        return [filled(each, values) for each in template]
    if not isinstance(template, str):
        return template
    made, rest = "", template
    while rest:
        at, place = min(((rest.find(each), each) for each in values if each in rest), default=(len(rest), ""))
        made += rest[:at] + values.get(place, "")
        rest = rest[at + len(place) :]
    return made
