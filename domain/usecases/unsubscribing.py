"""The way out of advertising: a link that names its person and needs no login (trade R23, RFC 8058)."""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from uuid import UUID

from domain.errors import NotFound
from domain.events import EventType
from domain.model.access import Caller, Dossier
from domain.model.card import Channel, Consent, Purpose
from domain.model.consents import standing
from domain.model.message import MessageChannel
from domain.model.values import CustomerId, DossierId
from domain.ports.messages import Shops
from domain.usecases.work import Surroundings, until_done

SOURCE = "unsubscribe"
"""What a consent refused by such a link says of where it comes from."""
CHANNELS = (Channel.EMAIL, Channel.SMS)
PURPOSES = (Purpose.ORDER_ARRIVAL, Purpose.MARKETING, Purpose.RECEIPT)
ID, SEAL = 16, 16
"""Octets of an id, and of the seal, of which 16 cannot be guessed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """What a link refuses, and for whom."""

    dossier_id: DossierId
    customer_id: CustomerId
    channel: Channel
    purpose: Purpose


def unsubscribe_url(
    public_url: str, dossier: Dossier, customer_id: CustomerId, channel: MessageChannel, purpose: Purpose
) -> str:
    """The link for one person, channel and purpose; the same each time, short enough for an SMS, good for ever."""
    kind = bytes([CHANNELS.index(Channel(channel.value)) * len(PURPOSES) + PURPOSES.index(purpose)])
    plain = dossier.id.bytes + customer_id.bytes + kind
    token = base64.urlsafe_b64encode(plain + _seal(dossier.secret, plain)).decode().rstrip("=")
    return f"{public_url}/v1/unsubscribe/{token}"


def _seal(secret: bytes, plain: bytes) -> bytes:
    return hmac.new(secret, b"unsubscribe\0" + plain, hashlib.sha256).digest()[:SEAL]


def _opened(token: str) -> tuple[bytes, bytes]:
    """What a token says and its seal. Raises ``NotFound`` for what is no token."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except ValueError:
        raise NotFound(what="unsubscribe") from None
    plain, seal = raw[:-SEAL], raw[-SEAL:]
    if len(plain) != 2 * ID + 1 or plain[-1] >= len(CHANNELS) * len(PURPOSES):
        raise NotFound(what="unsubscribe")
    return plain, seal


@dataclass(frozen=True, slots=True)
class Unsubscribing:
    around: Surroundings
    shops: Shops

    async def way(self, token: str) -> tuple[Dossier, Way]:
        """The shop and what the link refuses. Raises ``NotFound`` for a link that this house did not make."""
        plain, seal = _opened(token)
        dossier = await self.shops.dossier(DossierId(UUID(bytes=plain[:ID])))
        if not hmac.compare_digest(seal, _seal(dossier.secret, plain)):
            raise NotFound(what="unsubscribe")
        channel, purpose = divmod(plain[-1], len(PURPOSES))
        way = Way(
            dossier_id=dossier.id,
            customer_id=CustomerId(UUID(bytes=plain[ID : 2 * ID])),
            channel=CHANNELS[channel],
            purpose=PURPOSES[purpose],
        )
        return dossier, way

    async def refuse(self, token: str) -> Dossier:
        """He wants to hear no more of it: his refusal goes into the ledger, once. Raises ``NotFound``."""
        dossier, way = await self.way(token)

        async def attempt() -> Dossier:
            by = visitor(dossier)
            async with self.around.begin(dossier, by.client) as work:
                found = await work.customers.get(way.customer_id)  # of merged cards, the one that was kept
                (customer,) = await work.customers.lock([found.id])
                said = standing(await work.consents.of(customer.id), no_sms=False)
                last = next((each for each in said if (each.channel, each.purpose) == (way.channel, way.purpose)), None)
                if customer.anonymised_at is not None or (last is not None and not last.granted):
                    return dossier
                now = self.around.clock()
                work.consents.add(
                    Consent(
                        id=self.around.new_id(),
                        customer_id=customer.id,
                        channel=way.channel,
                        purpose=way.purpose,
                        granted=False,
                        source=SOURCE,
                        at=now,
                        by=by.client,
                    )
                )
                event = self.around.event(
                    EventType.CUSTOMER_UPDATED, customer.id, customer.version, by, now, customer_id=customer.id.hex
                )
                work.emit(event)
                await work.commit()
            return dossier

        return await until_done(attempt)


def visitor(dossier: Dossier) -> Caller:
    """Who follows such a link: the customer, by no more than the link."""
    return Caller(
        dossier=dossier, client="system:unsubscribe", kind="system", name=SOURCE, login=None, scopes=frozenset()
    )
