"""What an order would come to, before it is taken (C8)."""

from dataclasses import dataclass

from domain.model.access import Caller
from domain.model.order import CustomerOrder
from domain.model.payment import PaymentState
from domain.model.values import Contact, OrderId
from domain.ports.answers import Once, Told
from domain.queries.prices import PricedLineView, PricesView
from domain.usecases.orders import NewOrder, is_exempt
from domain.usecases.pricing import price_lines, terms_of
from domain.usecases.rulebook import visible
from domain.usecases.work import Surroundings, told

NOBODY = Contact(name="-")


@dataclass(frozen=True, slots=True)
class Prices:
    around: Surroundings

    async def preview(self, *, by: Caller, order: NewOrder, once: Once[PricesView]) -> Told:
        """What the lines of ``order`` would cost today and why, and its delivery; nothing is ordered, no price refused.

        Raises ``NotFound`` for the customer, ``Invalid`` for unknown articles.
        """
        now = self.around.clock()
        async with self.around.begin(by.dossier, by.client) as work:
            if (before := await work.claim(once)) is not None:
                return before
            customer = None
            if order.customer_id is not None:
                customer = visible(await work.customers.get(order.customer_id), by)
            exempt = is_exempt(order, customer)
            settings = await work.references.settings()
            terms = await terms_of(work, customer, settings, on=self.around.today(by.dossier))
            priced = await price_lines(
                work,
                order.lines,
                terms=terms,
                shipped=order.mail_order,
                exempt=exempt,
                new_id=self.around.new_id,
            )
            lines = [line for line, _ in priced]
            charge, ruling = terms.charge(lines, asked=order.delivery_charge, shipped=order.mail_order)
            whole = CustomerOrder(
                id=OrderId(self.around.new_id()),
                number=0,
                customer_id=None,
                customer_code=None,
                contact=NOBODY,
                customer_reference=None,
                comment=None,
                origin=order.origin,
                mail_order=order.mail_order,
                vat_exempt=exempt,
                external=None,
                payment_state=PaymentState.NONE,
                delivery_charge=charge,
                charge_ruling=ruling,
                created_at=now,
                updated_at=now,
                lines=lines,
            )
            view = PricesView(
                buyer=terms.buyer,
                lines=tuple(
                    PricedLineView(
                        ean=line.ean,
                        title=line.title,
                        quantity=line.ordered,
                        vat_rate=line.vat_rate,
                        priced=each,
                        net=line.owed.net,
                        amount=line.owed.due,
                    )
                    for line, each in priced
                ),
                delivery_charge=charge,
                charge_ruling=ruling,
                total=whole.total,
                discount=whole.discount,
                vat_totals=whole.vat_totals,
            )
            return await told(work, once, view)
