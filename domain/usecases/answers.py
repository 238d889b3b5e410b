"""The shop's table of answers, and answers given to a line by hand (A13-A15)."""

from dataclasses import dataclass
from datetime import datetime

from domain.errors import CodeTaken, NotFound, TableFull
from domain.events import EventType
from domain.model.access import Caller
from domain.model.answers import AnswerSource, Effect, KnownAnswer, LineAnswer, worded
from domain.model.reference import MOST_VALUES
from domain.model.values import Ean, LineId, OrderId
from domain.ports.answers import Once, Told
from domain.ports.unit_of_work import UnitOfWork
from domain.queries.answers import KnownAnswerView, known_answer_view
from domain.queries.orders import OrderView, view_of
from domain.usecases.work import Surroundings, expect, told


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerCard:
    """What a person writes of an answer; ``position`` None is the last, or where it stands already."""

    label: str
    label_en: str | None
    effect: Effect
    position: int | None
    active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """What a person says of a line. ``label`` None: the table's, or for an unknown code the code itself."""

    code: str
    label: str | None = None
    new_ean: Ean | None = None


@dataclass(frozen=True, slots=True)
class Answers:
    around: Surroundings

    async def put(
        self, *, by: Caller, code: str, card: AnswerCard, version: int | None
    ) -> tuple[KnownAnswerView, bool]:
        """A new answer (``version`` None), or another wording for one; whether it is new.

        Raises ``CodeTaken`` for a new one whose code is there, ``NotFound`` and ``StaleVersion`` for a known one, ``TableFull``.
        """
        now = self.around.clock()
        async with self.around.begin(by.dossier, by.client) as work:
            known = await work.answers.known()
            there = known.get(code)
            if version is None:
                if there is not None:
                    raise CodeTaken
                if len(known) >= MOST_VALUES:
                    raise TableFull(most=MOST_VALUES)
                there = _made(code, card, last=max((each.position for each in known.values()), default=0), now=now)
                work.answers.add(there)
                new, changed = True, True
            else:
                if there is None:
                    raise NotFound(what="answer")
                expect(there.version, version)
                new, changed = False, _rewritten(there, card, now=now)
                if changed:
                    work.answers.save(there)
            if changed:
                self._tell(work, there, by, now)
                await work.commit()
            return known_answer_view(there), new

    async def remove(self, *, by: Caller, code: str, version: int) -> None:
        """Lines keep what was said of them. Raises ``NotFound``, ``StaleVersion``."""
        async with self.around.begin(by.dossier, by.client) as work:
            there = (await work.answers.known()).get(code)
            if there is None:
                raise NotFound(what="answer")
            expect(there.version, version)
            work.answers.remove(there)
            there.version += 1
            self._tell(work, there, by, self.around.clock())
            await work.commit()

    async def say(
        self, *, by: Caller, order_id: OrderId, line_id: LineId, version: int, saying: Saying, once: Once[OrderView]
    ) -> Told:
        """Give a line its answer by hand, and keep it in the line's history (A15).

        It is shown while the line waits: once every copy is there the line says Disponible (A13). Raises ``NotFound``,
        ``StaleVersion``, ``OrderClosed``.
        """
        now = self.around.clock()
        async with self.around.begin(by.dossier, by.client) as work:
            if (before := await work.claim(once)) is not None:
                return before
            order = await work.orders.get(order_id)
            expect(order.version, version)
            answer = worded(
                code=saying.code,
                label=saying.label,
                known=(await work.answers.known()).get(saying.code),
                source=AnswerSource.SHOP,
                at=now,
                new_ean=saying.new_ean,
            )
            order.answer_line(line_id, answer, now=now)
            work.orders.save(order)
            work.orders.add_answer(
                LineAnswer(id=self.around.new_id(), order_id=order.id, line_id=line_id, answer=answer, by=by.client)
            )
            work.emit(self.around.order_event(EventType.ORDER_UPDATED, order, by, now))
            return await told(work, once, view_of(order))

    def _tell(self, work: UnitOfWork, answer: KnownAnswer, by: Caller, at: datetime) -> None:
        kind = EventType.SETTINGS_UPDATED
        work.emit(self.around.event(kind, by.dossier.id, answer.version, by, at, table="answers"))


def _made(code: str, card: AnswerCard, *, last: int, now: datetime) -> KnownAnswer:
    return KnownAnswer(
        code=code,
        label=card.label,
        label_en=card.label_en,
        effect=card.effect,
        position=last + 1 if card.position is None else card.position,
        active=card.active,
        updated_at=now,
    )


def _rewritten(answer: KnownAnswer, card: AnswerCard, *, now: datetime) -> bool:
    """Write the card onto the answer; False when nothing differs."""
    position = answer.position if card.position is None else card.position
    wanted = (card.label, card.label_en, card.effect, position, card.active)
    if wanted == (answer.label, answer.label_en, answer.effect, answer.position, answer.active):
        return False
    answer.label, answer.label_en, answer.effect, answer.position, answer.active = wanted
    answer.updated_at = now
    answer.version += 1
    return True
