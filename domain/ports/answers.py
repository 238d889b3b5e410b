"""Answers that can be told again: a repeated request with the same key changes nothing and hears the same (api.md, rule 1)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the caller was told, opaque to the shop. ``replayed`` when it was told before."""

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()
    replayed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Once(Generic[T]):
    """A request that may have its effect once only.

    ``key`` is the client's own, unique per ``client`` for 30 days; ``fingerprint`` is a digest of the request; ``tell``
    words the result, so that the wording is stored in the transaction of the effect. A refusal has no effect and is not kept.
    """

    key: str
    client: str
    fingerprint: bytes
    tell: Callable[[T], Told]
