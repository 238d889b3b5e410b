"""The papers of the counter."""

import asyncio
import json
from datetime import date
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import typst

from domain.model.access import Dossier
from domain.queries.reservations import ReservationView
from infra.documents import ean13

SLIP = (Path(__file__).parent / "slip.typ").read_bytes()


class TypstPapers:
    """``Papers`` with Typst. What is printed travels as data, so that no title can be taken for a command."""

    async def slip(self, dossier: Dossier, reservation: ReservationView) -> bytes:
        facts = _slip_facts(dossier, reservation)
        return await asyncio.to_thread(_compile, SLIP, json.dumps(facts))


def _slip_facts(dossier: Dossier, kept: ReservationView) -> dict[str, object]:
    set_aside = kept.set_aside_at.astimezone(ZoneInfo(dossier.time_zone)).date()
    return {
        "shop": dossier.name,
        "name": kept.customer_name,
        "code": kept.customer_code,
        "order": f"Commande n° {kept.order_number}" if kept.order_number is not None else "Sans commande",
        "mail_order": bool(kept.mail_order),
        "title": kept.title,
        "ean": kept.ean,
        "bars": ean13.bars(kept.ean),
        "quantity": f"{kept.quantity} exemplaire{'s' if kept.quantity > 1 else ''}",
        "place": kept.place,
        "set_aside": f"Mis de côté le {_day(set_aside)}",
        "deadline": f"À retirer avant le {_day(kept.pickup_deadline)}",
    }


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)


def _compile(template: bytes, facts: str) -> bytes:
    made = typst.compile(input=template, font_paths=_fonts(), sys_inputs={"facts": facts}, format="pdf")
    if not isinstance(made, bytes):
        raise TypeError("Typst makes one document of one template")
    return made
