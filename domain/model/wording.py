"""How messages are worded: templates with named places, French first (A38, A51)."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

from domain.errors import Fault, Invalid
from domain.model.message import Language, MessageChannel, MessageEvent, Subject, Template, Words

PLACE = re.compile(r"\{([a-z_]*)\}")
PLACES: Final = ("librairie", "client", "titres", "nombre", "date_limite", "commande", "desabonnement")
"""What a template may name: the shop, the customer, the titles, how many copies, the last day, the order, the way out."""
SMS_TITLES = 60
"""Characters of titles in an SMS; what is more is told by the number of copies."""

GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ ÆæßÉ!\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_ESCAPED = frozenset("^{}\\[~]|€\f")
"""The characters of an SMS (3GPP TS 23.038); the escaped ones count twice."""


def check(template: Template) -> Template:
    """The template as it may be kept. Raises ``Invalid`` for a place that does not exist, or words that are blank."""
    faults = []
    for name in ("subject", "body", "sms"):
        text: str = getattr(template, name)
        if not text.strip():
            faults.append(Fault("blank", f"/{name}"))
        faults.extend(unknown_places(text, f"/{name}"))
    if faults:
        raise Invalid(faults=faults)
    return template


def unknown_places(text: str, pointer: str) -> list[Fault]:
    """A fault for each place of ``text`` that nothing would fill."""
    return [
        Fault("unknown-place", pointer, (("places", ", ".join(PLACES)),))
        for place in PLACE.findall(text)
        if place not in PLACES
    ]


def worded(template: Template, subject: Subject, channel: MessageChannel) -> Words:
    """The message as it goes out by ``channel``."""
    places = _places(subject, template.language, channel)
    if channel is MessageChannel.SMS:
        return Words(subject="", body=put_in(template.sms, places))
    return Words(subject=" ".join(put_in(template.subject, places).split()), body=put_in(template.body, places))


def filled(text: str, subject: Subject, language: Language, channel: MessageChannel) -> str:
    """Words written for the occasion, with their places filled."""
    return put_in(text, _places(subject, language, channel))


def segments(text: str) -> int:
    """How many SMS a text makes: 160 characters in one, 153 in each of several; 70 and 67 beyond the SMS alphabet."""
    if set(text) <= GSM | GSM_ESCAPED:
        length, one, many = len(text) + sum(each in GSM_ESCAPED for each in text), 160, 153
    else:
        length, one, many = len(text.encode("utf-16-le")) // 2, 70, 67
    return 1 if length <= one else -(-length // many)


def put_in(text: str, places: Mapping[str, str]) -> str:
    """``text`` with its places filled; a place that is not in ``places`` stays as it is written."""
    return PLACE.sub(lambda found: places.get(found[1], found[0]), text).strip()


def _places(subject: Subject, language: Language, channel: MessageChannel) -> dict[str, str]:
    copies = sum(each.quantity for each in subject.kept)
    last = min((each.deadline for each in subject.kept), default=None)
    return {
        "librairie": subject.shop,
        "client": subject.name,
        "titres": _titles(subject, language, channel),
        "nombre": _copies(copies, language),
        "date_limite": day_of(last, language) if last else "",
        "commande": str(subject.order_number) if subject.order_number is not None else "",
        "desabonnement": subject.unsubscribe_url or "",
        **subject.more,
    }


def _titles(subject: Subject, language: Language, channel: MessageChannel) -> str:
    if channel is MessageChannel.SMS:
        text = ", ".join(each.title for each in subject.kept)
        return text if len(text) <= SMS_TITLES else text[: SMS_TITLES - 1].rstrip(" ,") + "…"
    days = {each.deadline for each in subject.kept}
    lines = []
    for each in subject.kept:
        copies = f" (x {each.quantity})" if each.quantity > 1 else ""
        until = f", {UNTIL[language]} {day_of(each.deadline, language)}" if len(days) > 1 else ""
        lines.append(f"- {each.title}{copies}{until}")
    return "\n".join(lines)


UNTIL = {Language.FRENCH: "jusqu'au", Language.ENGLISH: "until"}
"""Said of each title where they are not all kept until the same day."""


def _copies(copies: int, language: Language) -> str:
    if language is Language.ENGLISH:
        return f"{copies} {'copy' if copies == 1 else 'copies'}"
    return f"{copies} exemplaire{'s' if copies > 1 else ''}"


def day_of(day: date, language: Language) -> str:
    """A day as the language writes it."""
    return f"{day:%d/%m/%Y}" if language is Language.FRENCH else f"{day.day} {MONTHS[day.month - 1]} {day.year}"


MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_HELLO_FR = "Bonjour {client},\n\n"
_BYE_FR = "\n\nÀ bientôt,\n{librairie}"
_HELLO_EN = "Dear {client},\n\n"
_BYE_EN = "\n\nSee you soon,\n{librairie}"


def _french(event: MessageEvent, subject: str, body: str, sms: str) -> Template:
    return Template(event=event, language=Language.FRENCH, subject=subject, body=f"{_HELLO_FR}{body}{_BYE_FR}", sms=sms)


def _english(event: MessageEvent, subject: str, body: str, sms: str) -> Template:
    return Template(
        event=event, language=Language.ENGLISH, subject=subject, body=f"{_HELLO_EN}{body}{_BYE_EN}", sms=sms
    )


_ALL = (
    _french(
        MessageEvent.ARRIVAL,
        "Vos livres sont arrivés : {librairie}",
        "Nous avons mis de côté pour vous ({nombre}) :\n\n{titres}\n\nIls vous attendent jusqu'au {date_limite}.",
        "{librairie} : {nombre} pour vous ({titres}), jusqu'au {date_limite}.",
    ),
    _french(
        MessageEvent.REMINDER_1,
        "Vos livres vous attendent : {librairie}",
        "Nous gardons toujours pour vous ({nombre}) :\n\n{titres}\n\nPensez à passer avant la fin du {date_limite}.",
        "{librairie} : {nombre} vous attendent toujours ({titres}), jusqu'au {date_limite}.",
    ),
    _french(
        MessageEvent.REMINDER_2,
        "Vos livres vous attendent encore : {librairie}",
        "Vous n'avez pas encore retiré ({nombre}) :\n\n{titres}\n\nNous les gardons jusqu'au {date_limite}.",
        "{librairie} : {nombre} vous attendent encore ({titres}), jusqu'au {date_limite}.",
    ),
    _french(
        MessageEvent.REMINDER_3,
        "Toujours mis de côté pour vous : {librairie}",
        "Ces livres sont toujours mis de côté pour vous ({nombre}) :\n\n{titres}\n\nDernier jour : {date_limite}.",
        "{librairie} : {nombre} toujours de côté ({titres}), jusqu'au {date_limite}.",
    ),
    _french(
        MessageEvent.LAST_CALL,
        "Dernier rappel avant remise en rayon : {librairie}",
        "Sans nouvelles de vous, ces livres ({nombre}) retourneront en rayon après le {date_limite} :\n\n{titres}",
        "{librairie} : dernier rappel, {nombre} ({titres}) retourneront en rayon après le {date_limite}.",
    ),
    _french(
        MessageEvent.CANCELLED,
        "Votre commande {commande} est annulée : {librairie}",
        "Votre commande n° {commande} a été annulée. N'hésitez pas à nous écrire si c'est une surprise.",
        "{librairie} : votre commande {commande} a été annulée.",
    ),
    _french(
        MessageEvent.ORDER_CONFIRMED,
        "Votre commande {commande} : {librairie}",
        "Nous avons bien enregistré votre commande n° {commande}. Nous vous préviendrons dès son arrivée.",
        "{librairie} : commande {commande} enregistrée. Nous vous préviendrons de son arrivée.",
    ),
    _english(
        MessageEvent.ARRIVAL,
        "Your books have arrived: {librairie}",
        "We have set aside for you ({nombre}):\n\n{titres}\n\nThey wait for you until {date_limite}.",
        "{librairie}: {nombre} for you ({titres}), until {date_limite}.",
    ),
    _english(
        MessageEvent.REMINDER_1,
        "Your books are waiting: {librairie}",
        "We are still keeping for you ({nombre}):\n\n{titres}\n\nPlease come by {date_limite}.",
        "{librairie}: {nombre} still waiting for you ({titres}), until {date_limite}.",
    ),
    _english(
        MessageEvent.REMINDER_2,
        "Your books are still waiting: {librairie}",
        "You have not picked up yet ({nombre}):\n\n{titres}\n\nWe keep them until {date_limite}.",
        "{librairie}: {nombre} not picked up yet ({titres}), kept until {date_limite}.",
    ),
    _english(
        MessageEvent.REMINDER_3,
        "Still set aside for you: {librairie}",
        "These books are still set aside for you ({nombre}):\n\n{titres}\n\nLast day: {date_limite}.",
        "{librairie}: {nombre} still set aside ({titres}), until {date_limite}.",
    ),
    _english(
        MessageEvent.LAST_CALL,
        "Last call before your books go back on the shelf: {librairie}",
        "Unless we hear from you, these books ({nombre}) go back on the shelf after {date_limite}:\n\n{titres}",
        "{librairie}: last call, {nombre} ({titres}) go back on the shelf after {date_limite}.",
    ),
    _english(
        MessageEvent.CANCELLED,
        "Your order {commande} is cancelled: {librairie}",
        "Your order no. {commande} was cancelled. Do write to us if this comes as a surprise.",
        "{librairie}: your order {commande} was cancelled.",
    ),
    _english(
        MessageEvent.ORDER_CONFIRMED,
        "Your order {commande}: {librairie}",
        "We have noted your order no. {commande}. We will tell you as soon as it arrives.",
        "{librairie}: order {commande} noted. We will tell you when it arrives.",
    ),
)
DEFAULTS: Final[Mapping[tuple[MessageEvent, Language], Template]] = {
    (template.event, template.language): template for template in _ALL
}
"""What every shop starts with."""
