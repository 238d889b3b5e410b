"""Orders a web shop pushes under its own number: sent ten times at once it is one order, for ever (C2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from domain.errors import NotFound, ShopError, TryAgain
from domain.events import EventType
from domain.model.access import Caller
from domain.model.booklaw import euros_fr
from domain.model.message import MessageEvent
from domain.model.order import CustomerOrder, External, Origin
from domain.model.order_line import LinePrice, OrderLine, line_of, number_lines
from domain.model.payment import PaymentKind, PaymentMethod, PaymentState
from domain.model.prices import PriceSource
from domain.model.settings import CreditPolicy
from domain.model.values import Contact, LineId, OrderId
from domain.ports.orders import PushContext
from domain.ports.surroundings import Company, NewId
from domain.ports.unit_of_work import UnitOfWork
from domain.queries.orders import OrderView, view_of
from domain.usecases.credit import check_ceiling
from domain.usecases.payments import Received, pay
from domain.usecases.placing import Choices, Placing
from domain.usecases.pricing import Terms, WantedLine, free_terms, need_articles, terms_of
from domain.usecases.rulebook import visible
from domain.usecases.work import Surroundings, tell_of, together, until_done


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """One delivery of one web order. ``fingerprint`` digests its content, payment and ``sent_at`` apart."""

    by: Caller
    channel: str
    external_id: str
    contact: Contact
    lines: Sequence[WantedLine]
    paid: bool
    delivery_charge: Decimal
    vat_exempt: bool
    customer_code: str | None
    customer_reference: str | None
    comment: str | None
    sent_at: datetime | None
    fingerprint: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """The order as it stands now; ``created`` when this push made it."""

    order: OrderView
    created: bool


@dataclass(frozen=True, slots=True)
class Pushes:
    """Pushes that wait at the same moment are committed together, which the shops never see."""

    around: Surroundings
    company: Company

    async def push(self, push: Push) -> Pushed:
        """Take the order, take over its new content, or find that nothing is new.

        A push older than what is known (``sent_at``) and a payment withdrawn change nothing. Raises ``UnknownChannel``,
        ``Invalid``, ``OrderLocked`` once picking began, ``CustomerClosed`` and its kin when it names a customer.
        """
        key = ("push", push.by.dossier.id, push.channel)
        return await until_done(lambda: self.company.join(key, push, self._together), retry_stale=True)

    async def _together(self, pushes: Sequence[Push]) -> list[Pushed | Exception]:
        first = pushes[0]
        results: list[Pushed | Exception] = []
        seen: set[str] = set()
        async with self.around.begin(first.by.dossier, together(push.by for push in pushes)) as work:
            context = await work.orders.push_context(
                channel=first.channel,
                external_ids=[push.external_id for push in pushes],
                eans=[line.ean for push in pushes for line in push.lines],
            )
            for push, number in zip(pushes, context.numbers, strict=True):
                if push.external_id in seen:
                    results.append(TryAgain())
                    continue
                seen.add(push.external_id)
                try:
                    results.append(await self._one(work, context, push, number))
                except ShopError as refusal:
                    results.append(refusal)
            await work.commit()
        return results

    async def _one(self, work: UnitOfWork, context: PushContext, push: Push, number: int) -> Pushed:
        known = context.known.get(push.external_id)
        if known is None:
            order = await self._order(work, context, push, number, known=None)
            if push.paid:
                self._settle(work, order, push)
                order.version = 1
            work.orders.add(order)
            work.emit(self.around.order_event(EventType.ORDER_CREATED, order, push.by, order.created_at))
            tell_of(work, order, MessageEvent.ORDER_CONFIRMED, by=push.by)
            return Pushed(order=view_of(order), created=True)
        order = await work.orders.get(known)
        if order.external is None:
            raise NotFound(what="order")
        if push.sent_at and order.external.updated_at and push.sent_at < order.external.updated_at:
            return Pushed(order=view_of(order), created=False)
        now, before = self.around.clock(), order.version
        pays = push.paid and order.payment_state is PaymentState.AWAITED
        if order.external.fingerprint != push.fingerprint:
            again = await self._order(work, context, push, order.number, known=order.id)
            order.receive_again(again, now=now)
            order.warnings = again.warnings
        if pays:
            self._settle(work, order, push)
        if order.version != before:
            work.orders.save(order)
            kind = EventType.ORDER_PAID if pays else EventType.ORDER_UPDATED
            work.emit(self.around.order_event(kind, order, push.by, now))
        return Pushed(order=view_of(order), created=False)

    async def _order(
        self, work: UnitOfWork, context: PushContext, push: Push, number: int, *, known: OrderId | None
    ) -> CustomerOrder:
        now, today = self.around.clock(), self.around.today(push.by.dossier)
        warnings: list[str] = []
        placing = Placing(work=work, by=push.by, today=today, settings=context.settings)
        customer = None
        if push.customer_code:
            customer = visible(await work.customers.by_code(push.customer_code), push.by)
            warnings = customer.admit(today=today)
            place = await placing.place(customer, push.contact, Choices())
            terms = await terms_of(work, customer, context.settings, on=today)
        else:
            place = await placing.place_free(push.contact, Choices())
            terms = free_terms(context.settings, on=today)
        need_articles([line.ean for line in push.lines], context.articles)
        lines, unlawful = _sold(push, context, terms, new_id=self.around.new_id)
        order = CustomerOrder(
            id=OrderId(self.around.new_id()),
            number=number,
            customer_id=customer.id if customer else None,
            customer_code=customer.code if customer else None,
            contact=place.contact,
            billing=place.billing,
            contact_id=place.contact_id,
            bank_account_id=place.bank_account_id,
            back_orders=place.back_orders,
            customer_reference=push.customer_reference,
            comment=push.comment,
            origin=Origin.WEB,
            mail_order=True,
            vat_exempt=push.vat_exempt,
            external=External(
                channel_id=context.channel_id,
                channel=push.channel,
                id=push.external_id,
                fingerprint=push.fingerprint,
                updated_at=push.sent_at,
            ),
            payment_state=PaymentState.AWAITED,
            delivery_charge=push.delivery_charge,
            created_at=now,
            updated_at=now,
            lines=lines,
            warnings=[*warnings, *place.warnings, *unlawful],
        )
        if customer is not None:
            # what a web shop sold is sold: above the ceiling it warns, whatever the shop's own policy
            await check_ceiling(work, customer, order, CreditPolicy.WARN, paid=push.paid, besides=known)
        return order

    def _settle(self, work: UnitOfWork, order: CustomerOrder, push: Push) -> None:
        due = max(order.total - order.paid, Decimal("0.00"))
        received = Received(
            amount=due, kind=PaymentKind.PAYMENT, method=PaymentMethod.OTHER, reference=push.external_id
        )
        pay(work, order, received, by=push.by, around=self.around)


def _sold(push: Push, context: PushContext, terms: Terms, *, new_id: NewId) -> tuple[list[OrderLine], list[str]]:
    """The lines at the prices that the shop sold at, and which of those, or of its delivery charge, break the law (C8).

    What was sold is a fact: it is neither altered nor refused.
    """
    lines, unlawful = [], []
    for each in push.lines:
        article = context.articles[each.ean]
        sold = article.list_price if each.unit_price is None else each.unit_price
        priced = terms.price(article, shipped=True, paths={}, typed=sold)
        if priced.ruling is not None:
            unlawful.append(f"« {article.title} » vendu {euros_fr(sold)} : {priced.ruling.reason}")
        lines.append(
            line_of(
                article,
                line_id=LineId(new_id()),
                quantity=each.quantity,
                price=LinePrice(unit_price=sold, source=PriceSource.CHANNEL, earns_loyalty=priced.earns_loyalty),
                exempt=push.vat_exempt,
            )
        )
    _, ruling = terms.charge(lines, asked=push.delivery_charge, shipped=True)
    if ruling is not None:
        unlawful.append(f"Livraison facturée {euros_fr(push.delivery_charge)} : {ruling.reason}")
    return number_lines(lines), unlawful
