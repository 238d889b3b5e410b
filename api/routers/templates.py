"""The words of messages (A38, P10)."""

from typing import Annotated

from fastapi import Path
from starlette.responses import Response

from api.deps import IfMatch, MessagesRead, MessagesWrite, Shop, answer, told
from api.routers.operation import operation, router
from api.schemas.templates import (
    MessageTemplate,
    MessageTemplatePage,
    MessageTemplatePreview,
    MessageTemplatePreviewRequest,
    MessageTemplateUpdate,
    TemplateEvent,
    TemplateLanguage,
)
from domain.model.message import Language, MessageEvent

routes = router("messages")
EventPath = Annotated[TemplateEvent, Path()]
LanguagePath = Annotated[TemplateLanguage, Path()]


@routes.get("/message-templates", **operation("listMessageTemplates", MessageTemplatePage))
async def list_message_templates(by: MessagesRead, shop: Shop) -> Response:
    """The words of every event in both languages: the shop's own, else those that every shop starts with."""
    found = await shop.read.messages.templates(by.dossier.id)
    return answer(told(MessageTemplatePage(items=[MessageTemplate.of(each) for each in found], next=None)))


@routes.post("/message-templates/preview", **operation("previewMessageTemplate", MessageTemplatePreview))
async def preview_message_template(body: MessageTemplatePreviewRequest, by: MessagesRead, shop: Shop) -> Response:
    """The words with sample facts, before they are kept."""
    sample = shop.templates.preview(by=by, template=body.meant(body.event, body.language))
    return answer(told(MessageTemplatePreview.of(sample)))


@routes.put(
    "/message-templates/{event}/{language}",
    **operation("putMessageTemplate", MessageTemplate, refuses=("stale-version",), headers=("ETag",)),
)
async def put_message_template(
    event: EventPath,
    language: LanguagePath,
    body: MessageTemplateUpdate,
    version: IfMatch,
    by: MessagesWrite,
    shop: Shop,
) -> Response:
    """Write the shop's own words; `If-Match: "0"` while they are still the house's."""
    view = await shop.templates.put(by=by, template=body.meant(event, language), version=version)
    return answer(told(MessageTemplate.of(view), version=view.template.version))


@routes.delete(
    "/message-templates/{event}/{language}",
    **operation("deleteMessageTemplate", None, status=204, refuses=("stale-version",)),
)
async def delete_message_template(
    event: EventPath, language: LanguagePath, version: IfMatch, by: MessagesWrite, shop: Shop
) -> Response:
    """Go back to the words that every shop starts with."""
    await shop.templates.remove(by=by, event=MessageEvent(event), language=Language(language), version=version)
    return Response(status_code=204)
