"""A letter as an e-mail (RFC 5322): plain text, one Message-ID at every attempt, no header but ours."""

import re
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from domain.ports.messages import Letter, Refused

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def one_line(text: str) -> str:
    """``text`` as a header may hold it: what breaks lines could begin a header of its own."""
    return " ".join(_CONTROL.sub(" ", text).split())


def message_id(letter: Letter, sender: str) -> str:
    """The same at every attempt, so that a mail sent twice can be known for one."""
    return f"<{letter.id.hex}@{sender.rpartition('@')[2]}>"


def as_mail(letter: Letter, *, sender: str, now: datetime) -> bytes:
    """The octets of the mail; ``sender`` is an address of ours. Raises ``Refused`` for an address that is none."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(one_line(letter.sender), addr_spec=sender)
    mail["To"] = address_of(letter)
    mail["Subject"] = one_line(letter.subject)
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = message_id(letter, sender)
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(letter.body, charset="utf-8", cte="quoted-printable")
    octets = mail.as_bytes()
    if letter.unsubscribe_url is not None:
        # by hand: the email package would encode a line that it finds too long, and mail programs would see no link
        way_out = (
            f"List-Unsubscribe: <{letter.unsubscribe_url}>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
        )
        octets = way_out.encode("ascii") + octets
    return octets


def address_of(letter: Letter) -> Address:
    """Raises ``Refused`` for what is no address."""
    user, _, domain = letter.address.rpartition("@")
    if not user or not domain or one_line(letter.address) != letter.address or set(letter.address) & set('<>," ;'):
        raise Refused("not an e-mail address")
    return Address(one_line(letter.name), username=user, domain=domain)
