"""What would break a client that was written against an older contract (api.md, rule 13)."""

from collections.abc import Iterator, Mapping
from typing import Any

Node = Mapping[str, Any]

METHODS = ("get", "put", "post", "patch", "delete")
LOWERED = ("maxLength", "maximum", "maxItems")
"""Bounds of a request that may not fall."""
RAISED = ("minLength", "minimum", "minItems")
"""Bounds of a request that may not rise."""


def breaks(old: Node, new: Node) -> list[str]:
    """One sentence for each thing that an existing client would trip over; empty when ``new`` only adds."""
    return sorted(set(_documents(old, new)))


def _documents(old: Node, new: Node) -> Iterator[str]:
    for path, item in old["paths"].items():
        for method in METHODS:
            if method not in item:
                continue
            where = f"{method.upper()} {path}"
            later = new["paths"].get(path, {}).get(method)
            if later is None:
                yield f"{where}: removed"
                continue
            yield from _operations(where, (old, item[method]), (new, later))


def _operations(where: str, old: tuple[Node, Node], new: tuple[Node, Node]) -> Iterator[str]:
    before, after = old[1], new[1]
    if before["operationId"] != after["operationId"]:
        yield f"{where}: operationId changed"
    if _plain(before.get("security")) - _plain(after.get("security")):
        yield f"{where}: a way to authenticate is gone"
    if before.get("security") == [] and after.get("security"):
        yield f"{where}: now needs credentials"
    yield from _parameters(where, old, new)
    body, later = _body(before), _body(after)
    if later is not None and body is None and after["requestBody"].get("required"):
        yield f"{where}: a body is newly required"
    if body is not None and later is not None:
        yield from _request(f"{where} body", (old[0], body), (new[0], later))
    for status, response in before["responses"].items():
        if status not in after["responses"]:
            yield f"{where}: status {status} removed"
            continue
        shown, now = _content(response), _content(after["responses"][status])
        if shown is not None and now is not None:
            yield from _response(f"{where} {status}", (old[0], shown), (new[0], now), frozenset())


def _parameters(where: str, old: tuple[Node, Node], new: tuple[Node, Node]) -> Iterator[str]:
    known = {(each["in"], each["name"]): each for each in old[1].get("parameters", ())}
    later = {(each["in"], each["name"]): each for each in new[1].get("parameters", ())}
    for key, parameter in known.items():
        if key not in later:
            yield f"{where}: parameter {key[1]} removed"
        else:
            yield from _request(f"{where} {key[1]}", (old[0], parameter["schema"]), (new[0], later[key]["schema"]))
    for key, parameter in later.items():
        if parameter.get("required") and not known.get(key, {}).get("required"):
            yield f"{where}: parameter {key[1]} newly required"


def _request(where: str, old: tuple[Node, Node], new: tuple[Node, Node]) -> Iterator[str]:
    """What was accepted must still be."""
    before, after = _resolved(*old), _resolved(*new)
    yield from _alternatives(where, (old[0], before), (new[0], after))
    if before.get("type") != after.get("type") and "anyOf" not in after and "anyOf" not in before:
        yield f"{where}: type changed"
    if before.get("default") != after.get("default"):
        yield f"{where}: default changed"
    if "enum" in after and set(before.get("enum", ())) - set(after["enum"]):
        yield f"{where}: a value is no longer accepted"
    if before.get("pattern") != after.get("pattern") and "pattern" in after:
        yield f"{where}: pattern changed"
    for bound in LOWERED:
        if bound in after and (bound not in before or after[bound] < before[bound]):
            yield f"{where}: {bound} lowered"
    for bound in RAISED:
        if bound in after and (bound not in before or after[bound] > before[bound]):
            yield f"{where}: {bound} raised"
    for name in set(after.get("required", ())) - set(before.get("required", ())):
        yield f"{where}.{name}: newly required"
    for name, schema in before.get("properties", {}).items():
        if name not in after.get("properties", {}):
            yield f"{where}.{name}: no longer accepted"
        else:
            yield from _request(f"{where}.{name}", (old[0], schema), (new[0], after["properties"][name]))
    if "items" in before and "items" in after:
        yield from _request(f"{where}[]", (old[0], before["items"]), (new[0], after["items"]))


def _response(where: str, old: tuple[Node, Node], new: tuple[Node, Node], seen: frozenset[str]) -> Iterator[str]:
    """What was answered must still be."""
    reference = str(old[1].get("$ref", ""))
    if reference and reference in seen:
        return
    before, after = _resolved(*old), _resolved(*new)
    if before.get("type") != after.get("type") and "anyOf" not in before and "anyOf" not in after:
        yield f"{where}: type changed"
    if "anyOf" in after and "anyOf" not in before:
        yield f"{where}: may now be null"
    if "enum" in before and set(after.get("enum", ())) - set(before["enum"]):
        yield f"{where}: a closed list of values grew"
    for name in set(before.get("required", ())) - set(after.get("required", ())):
        yield f"{where}.{name}: may now be missing"
    for name, schema in before.get("properties", {}).items():
        if name not in after.get("properties", {}):
            yield f"{where}.{name}: removed"
        else:
            later = (new[0], after["properties"][name])
            yield from _response(f"{where}.{name}", (old[0], schema), later, seen | {reference})
    if "items" in before and "items" in after:
        yield from _response(f"{where}[]", (old[0], before["items"]), (new[0], after["items"]), seen | {reference})


def _alternatives(where: str, old: tuple[Node, Node], new: tuple[Node, Node]) -> Iterator[str]:
    nullable = any(each.get("type") == "null" for each in old[1].get("anyOf", ()))
    if nullable and not any(each.get("type") == "null" for each in new[1].get("anyOf", ())):
        yield f"{where}: null is no longer accepted"
    shapes = [[each for each in side[1].get("anyOf", ()) if each.get("type") != "null"] for side in (old, new)]
    if shapes[0] and shapes[1]:
        yield from _request(where, (old[0], shapes[0][0]), (new[0], shapes[1][0]))


def _resolved(document: Node, schema: Node) -> Node:
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", maxsplit=1)[1]]
    return schema


def _body(operation: Node) -> Node | None:
    return _content(operation["requestBody"]) if "requestBody" in operation else None


def _content(holder: Node) -> Node | None:
    for kind in holder.get("content", {}).values():
        schema: Node | None = kind.get("schema")
        return schema
    return None


def _plain(security: list[dict[str, list[str]]] | None) -> set[str]:
    return {name for way in security or () for name in way}
