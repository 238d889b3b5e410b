"""What a transaction just made, in the words of the read side."""

from domain.model.order import CustomerOrder
from domain.model.payment import PaymentState
from domain.model.reservation import Reservation
from domain.ports.stock import Shelf
from domain.queries.articles import ArticleView
from domain.queries.reservations import ReservationView


def article_view(shelf: Shelf) -> ArticleView:
    article = shelf.article
    return ArticleView(
        ean=article.ean,
        title=article.title,
        author=article.author,
        publisher=article.publisher,
        list_price=article.list_price,
        vat_rate=article.vat_rate,
        digital=article.digital,
        kind=article.kind,
        school_book=article.school_book,
        category=article.category,
        category_path=shelf.category_path,
        supplier_id=article.supplier_id,
        supplier_name=shelf.supplier_name,
        availability=article.availability,
        published_on=article.published_on,
        weight_g=article.weight_g,
        available=shelf.stock.available,
        set_aside=shelf.stock.set_aside,
        waiting=shelf.waiting,
        on_order=shelf.on_order,
        updated_at=article.updated_at,
    )


def reservation_view(
    kept: Reservation, order: CustomerOrder | None, *, weight_g: int | None, customer_code: str | None = None
) -> ReservationView:
    """``weight_g`` is what a copy of its article weighs now (P33)."""
    return ReservationView(
        id=kept.id,
        ean=kept.ean,
        title=kept.title,
        digital=kept.digital,
        quantity=kept.quantity,
        state=kept.state,
        customer_id=kept.customer_id,
        customer_code=order.customer_code if order else customer_code,
        customer_name=kept.name,
        order_id=kept.order_id,
        order_number=order.number if order else None,
        order_status=order.status if order else None,
        mail_order=order.mail_order if order else None,
        paid=order.payment_state is PaymentState.PAID if order else None,
        weight_g=weight_g,
        line_id=kept.line_id,
        place=kept.place,
        set_aside_at=kept.set_aside_at,
        pickup_deadline=kept.pickup_deadline,
        slip_printed_at=kept.slip_printed_at,
        cancel_request=kept.cancel_request,
        ended_at=kept.ended_at,
        ended_by=kept.ended_by,
        end_cause=kept.end_cause,
        end_reason=kept.end_reason,
        version=kept.version,
    )
