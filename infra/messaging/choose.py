"""Which carrier takes which message."""

from collections.abc import Callable, Mapping
from datetime import datetime

from domain.model.message import MessageChannel
from domain.ports.messages import Carrier, Letter
from infra.messaging.folder import FolderCarrier
from infra.messaging.outlets import Outlets
from infra.messaging.sms import SmsCarrier
from infra.messaging.smtp import SmtpCarrier


class Carriers:
    """``Carrier`` that asks the one of the channel."""

    def __init__(self, by_channel: Mapping[MessageChannel, Carrier], *, demo: Carrier) -> None:
        self._by_channel = by_channel
        self._demo = demo

    async def carry(self, letter: Letter) -> str | None:
        carrier = self._demo if letter.demo else self._by_channel[letter.channel]
        return await carrier.carry(letter)


def carriers_of(outlets: Outlets, clock: Callable[[], datetime]) -> Carriers:
    """A mail server and a gateway where they are set up; what is not, and all of a demo shop, goes to the folder."""
    folder = FolderCarrier(outlets.folder, clock)
    mail: Carrier = folder
    if outlets.mail is not None and outlets.sender is not None:
        mail = SmtpCarrier(outlets.mail, sender=outlets.sender, clock=clock)
    sms: Carrier = folder if outlets.sms is None else SmsCarrier(outlets.sms)
    return Carriers({MessageChannel.EMAIL: mail, MessageChannel.SMS: sms}, demo=folder)
