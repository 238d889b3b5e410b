"""The words of messages on the wire."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from api.schemas.base import LINE, TEXT, Closed, Listing, Open, open_choice
from domain.model.message import Language, MessageEvent, Template
from domain.queries.messages import TemplateView
from domain.usecases.templates import Sample

TemplateEvent = Literal[
    "arrival", "reminder_1", "reminder_2", "reminder_3", "last_call", "cancelled", "order_confirmed"
]
TemplateLanguage = Literal["fr", "en"]
Subject = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=LINE)]
Body = Annotated[str, StringConstraints(min_length=1, max_length=4000, pattern=TEXT)]
Sms = Annotated[str, StringConstraints(min_length=1, max_length=1000, pattern=TEXT)]


class MessageTemplate(Open):
    """The words of one event in one language; `own` when the shop wrote them. The house's own have the version 0."""

    event: open_choice(MessageEvent)  # type: ignore[valid-type]
    language: open_choice(Language)  # type: ignore[valid-type]
    subject: str = Field(examples=["Votre livre vous attend : {librairie}"])
    body: str = Field(examples=["Bonjour {client},\n\n{titres}"])
    sms: str = Field(examples=["{librairie} : {nombre} à retirer avant le {date_limite}."])
    own: bool = Field(examples=[False])
    version: int = Field(examples=[0])

    @classmethod
    def of(cls, view: TemplateView) -> "MessageTemplate":
        template = view.template
        return cls(
            event=template.event.value,
            language=template.language.value,
            subject=template.subject,
            body=template.body,
            sms=template.sms,
            own=view.own,
            version=template.version,
        )


class MessageTemplatePage(Listing[MessageTemplate]):
    """The words of all events, in both languages."""


class MessageTemplateUpdate(Closed):
    """The shop's own words. Places: `{librairie} {client} {titres} {nombre} {date_limite} {commande} {desabonnement}`."""

    subject: Subject = Field(examples=["Votre livre vous attend : {librairie}"])
    body: Body = Field(examples=["Bonjour {client},\n\n{titres}"])
    sms: Sms = Field(examples=["{librairie} : {nombre} à retirer avant le {date_limite}."])

    def meant(self, event: str, language: str) -> Template:
        return Template(
            event=MessageEvent(event),
            language=Language(language),
            subject=self.subject,
            body=self.body,
            sms=self.sms,
        )


class MessageTemplatePreviewRequest(MessageTemplateUpdate):
    """Words that are to be seen with sample facts, before they are kept."""

    event: TemplateEvent
    language: TemplateLanguage


class MessageTemplatePreview(Open):
    """The words with sample facts; `segments` is how many SMS the short text makes."""

    subject: str
    body: str
    sms: str
    segments: int = Field(examples=[1])

    @classmethod
    def of(cls, sample: Sample) -> "MessageTemplatePreview":
        return cls(subject=sample.subject, body=sample.body, sms=sample.sms, segments=sample.segments)
