"""Receptions: copies that came in."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.model.values import Ean, ReceptionId, SupplierLineId, ThirdPartyId


class ReceptionKind(StrEnum):
    """Typed by a person, or from the distributor's shipping notice (avis d'expédition)."""

    MANUAL = "manual"
    SHIPPING_NOTICE = "shipping_notice"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceptionLine:
    """Copies of one article: ``set_aside`` for waiting customers, the rest to the shelf."""

    ean: Ean
    quantity: int
    set_aside: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reception:
    """``expected``: the copies that a supplier line had asked for."""

    id: ReceptionId
    kind: ReceptionKind
    supplier_id: ThirdPartyId | None
    reference: str | None
    received_at: datetime
    by: str
    lines: tuple[ReceptionLine, ...]
    expected: tuple[tuple[SupplierLineId, int], ...] = ()
