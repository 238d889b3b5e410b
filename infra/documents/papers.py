"""The papers of the counter, made of their templates."""

import asyncio
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import typst

from domain.model.access import Dossier
from domain.queries.delivery_notes import NoteSheet
from domain.queries.documents import OrderSheet
from domain.queries.dunning import ReminderSheet
from domain.queries.labels import Label, LabelSheet
from domain.queries.reservations import ReservationView, SlipFormat
from infra.documents import ean13
from infra.documents.facts import NotePaper, OrderPaper, day, note_facts, order_facts
from infra.documents.labels import label_facts
from infra.documents.mapping import note_paper, order_paper
from infra.documents.reminders import reminder_facts

TEMPLATES = Path(__file__).parent
SLIPS = {SlipFormat.TILL: "slip.typ", SlipFormat.A6: "slip_a6.typ"}


class TypstPapers:
    """``Papers`` with Typst. What is printed travels as data, so that no title can be taken for a command."""

    async def slip(
        self, dossier: Dossier, reservation: ReservationView, *, paper: SlipFormat = SlipFormat.TILL
    ) -> bytes:
        return await asyncio.to_thread(_compile, SLIPS[paper], _slip_facts(dossier, reservation))

    async def order(self, sheet: OrderSheet) -> bytes:
        return await asyncio.to_thread(compile_order, order_paper(sheet))

    async def delivery_note(self, sheet: NoteSheet) -> bytes:
        return await asyncio.to_thread(compile_note, note_paper(sheet))

    async def labels(self, sheet: LabelSheet, labels: Sequence[Label], *, start: int) -> bytes:
        return await asyncio.to_thread(_compile, "labels.typ", label_facts(sheet, labels, start=start))

    async def reminders(self, sheet: ReminderSheet) -> bytes:
        return await asyncio.to_thread(_compile, "reminder.typ", reminder_facts(sheet))


def compile_order(paper: OrderPaper) -> bytes:
    """The customer order as a PDF; holds up its thread, some tenths of a second for hundreds of lines."""
    return _compile("order.typ", order_facts(paper))


def compile_note(paper: NotePaper) -> bytes:
    """The delivery note as a PDF; holds up its thread like ``compile_order``."""
    return _compile("delivery_note.typ", note_facts(paper))


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
        "set_aside": f"Mis de côté le {day(set_aside)}",
        "deadline": f"À retirer jusqu'au {day(kept.pickup_deadline)}",
    }


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)


def _compile(template: str, facts: dict[str, object]) -> bytes:
    made = typst.compile(
        input=TEMPLATES / template,
        root=TEMPLATES,
        font_paths=_fonts(),
        sys_inputs={"facts": json.dumps(facts)},
        format="pdf",
    )
    if not isinstance(made, bytes):
        raise TypeError("Typst makes one document of one template")
    return made
