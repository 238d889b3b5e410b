"""The one table of all that may be refused."""

from api.problems import cards, loyalty, messages, orders, requests, settings, supply
from api.problems.wording import Wording
from domain.errors import ShopError

PROBLEMS: dict[str, Wording] = {
    **requests.PROBLEMS,
    **orders.PROBLEMS,
    **supply.PROBLEMS,
    **cards.PROBLEMS,
    **settings.PROBLEMS,
    **messages.PROBLEMS,
    **loyalty.PROBLEMS,
}
FAULTS: dict[str, tuple[str, str]] = {
    **requests.FAULTS,
    **orders.FAULTS,
    **supply.FAULTS,
    **cards.FAULTS,
    **settings.FAULTS,
    **loyalty.FAULTS,
}
OTHER_FAULT = ("valeur refusée", "value refused")


def markdown() -> str:
    """The table for people, as committed in ``openapi/problems.md``."""
    lines = [
        "# Problems",
        "",
        "Every refusal is `application/problem+json` (RFC 9457). This is the closed list of its `code`; `type` is",
        "`urn:comptoir:problem:` and the code. French is the default, `Accept-Language: en` asks for English.",
        "`errors` names every wrong field at once: a JSON pointer into the body, or the name of a parameter.",
        "",
        "| code | status | title | titre | what to do | que faire |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for code, said in sorted(PROBLEMS.items(), key=lambda each: (each[1].status, each[0])):
        texts = (said.title_en, said.title_fr, said.detail_en, said.detail_fr)
        lines.append(f"| `{code}` | {said.status} | {' | '.join(texts)} |")
    lines += ["", "## Faults of fields", "", "| English | français |", "| --- | --- |"]
    lines += [
        f"| {english} | {french} |"
        for french, english in sorted({*FAULTS.values(), OTHER_FAULT}, key=lambda said: said[::-1])
    ]
    return "\n".join(lines) + "\n"


def codes_of_the_domain() -> set[str]:
    """Every code the domain may raise; a test holds the table against it."""
    found: set[str] = set()
    kinds = [ShopError]
    while kinds:
        kind = kinds.pop()
        found.add(kind.code)
        kinds.extend(kind.__subclasses__())
    return found - {ShopError.code}
