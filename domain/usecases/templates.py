"""The shop's own words for each event, and the house's when it has none."""

from dataclasses import dataclass, replace
from datetime import timedelta

from domain.events import Event, EventType
from domain.model.access import Caller
from domain.model.message import Kept, Language, MessageChannel, MessageEvent, Subject, Template
from domain.model.values import ReservationId
from domain.model.wording import check, segments, worded
from domain.queries.messages import TemplateView, template_view
from domain.usecases.work import Surroundings, expect

TABLE = "message_templates"
TITLES = ("CHUT ! ON A UN PLAN", "BONNE NUIT TOUT LE MONDE")
NAME, NUMBER = "Claire MARTIN", 46407


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A template with facts of a sample; ``segments`` is how many SMS it makes."""

    subject: str
    body: str
    sms: str
    segments: int


@dataclass(frozen=True, slots=True)
class Templates:
    around: Surroundings
    public_url: str

    async def put(self, *, by: Caller, template: Template, version: int) -> TemplateView:
        """Write the shop's own words; ``version`` 0 when there are none yet. Raises ``Invalid``, ``StaleVersion``."""
        check(template)
        now = self.around.clock()
        async with self.around.begin(by.dossier, by.client) as work:
            before = await work.messages.template(template.event, template.language)
            expect(before.version, version)
            after = replace(template, version=version + 1)
            work.messages.put_template(after, now=now)
            work.emit(self._event(by, after.version))
            await work.commit()
            return template_view(after)

    async def remove(self, *, by: Caller, event: MessageEvent, language: Language, version: int) -> None:
        """Back to the house's words. Raises ``StaleVersion``."""
        async with self.around.begin(by.dossier, by.client) as work:
            before = await work.messages.template(event, language)
            expect(before.version, version)
            if before.version:
                work.messages.remove_template(before)
                work.emit(self._event(by, before.version))
                await work.commit()

    def preview(self, *, by: Caller, template: Template) -> Sample:
        """The words with sample facts. Raises ``Invalid``."""
        check(template)
        day = self.around.today(by.dossier) + timedelta(days=by.dossier.pickup.days)
        subject = Subject(
            shop=by.dossier.name,
            name=NAME,
            kept=[
                Kept(reservation_id=ReservationId(self.around.new_id()), title=title, quantity=1, deadline=day)
                for title in TITLES
            ],
            order_number=NUMBER,
            unsubscribe_url=f"{self.public_url}/v1/unsubscribe/...",
        )
        mail = worded(template, subject, MessageChannel.EMAIL)
        sms = worded(template, subject, MessageChannel.SMS).body
        return Sample(subject=mail.subject, body=mail.body, sms=sms, segments=segments(sms))

    def _event(self, by: Caller, version: int) -> Event:
        kind = EventType.SETTINGS_UPDATED
        return self.around.event(kind, by.dossier.id, version, by, self.around.clock(), table=TABLE)
