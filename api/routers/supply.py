"""Supplier orders: raised from what customers wait for, sent, answered (A14, A19, A24, C6)."""

from dataclasses import dataclass
from typing import Annotated, TypedDict

from fastapi import Depends, Path, Query, Request
from starlette.responses import Response

from api.deps import (
    Cursor,
    IdempotencyKey,
    IfMatch,
    Limit,
    Pager,
    Shop,
    SupplyRead,
    SupplyWrite,
    answer,
    sorts,
    told,
)
from api.routers.operation import link, operation, router
from api.routers.orders import LinePath, OrderPath, Saying
from api.schemas.base import Counted, EanCode, Instant, Number, QueryFlag, chosen
from api.schemas.identities import ThirdPartyKey
from api.schemas.orders import Order, OrderKey
from api.schemas.supply import (
    AnsweredSupplierOrder,
    RaisedSupplierOrders,
    SupplierAnswersCreate,
    SupplierLineCreate,
    SupplierLineKey,
    SupplierLinePatch,
    SupplierOrder,
    SupplierOrderCancel,
    SupplierOrderCreate,
    SupplierOrderKey,
    SupplierOrderOfOrder,
    SupplierOrderPage,
    SupplierOrderPatch,
    SupplierOrderSummary,
    order_file,
)
from domain.model.access import Caller
from domain.model.supply import SupplyState
from domain.model.values import LineId, OrderId, SupplierLineId, SupplierOrderId
from domain.ports.answers import Told
from domain.queries.supply import LATE_AFTER, SORTS, SupplyFilter, SupplyView
from domain.usecases.answering import Answered

routes = router("supply")
SupplierOrderPath = Annotated[SupplierOrderKey, Path()]
RAISE = ("unfit-lines", "nothing-to-order", "no-supplier", "unknown-party", "too-many-copies")
CHANGE = ("not-found", "stale-version", "supplier-order-closed")


async def _criteria(
    shop: Shop,
    state: Annotated[list[chosen(SupplyState)] | None, Query()] = None,  # type: ignore[valid-type]
    supplier_id: Annotated[ThirdPartyKey | None, Query()] = None,
    ean: Annotated[EanCode | None, Query()] = None,
    number: Annotated[Number | None, Query()] = None,
    order_id: Annotated[OrderKey | None, Query(description="Brings copies for this order.")] = None,
    created_from: Annotated[Instant | None, Query(description="From this instant on.")] = None,
    created_to: Annotated[Instant | None, Query(description="Before this instant.")] = None,
    late: Annotated[
        QueryFlag | None, Query(description="Sent more than 14 days ago, and something is still to come.")
    ] = None,
) -> SupplyFilter:
    return SupplyFilter(
        states=tuple(state or ()),
        supplier_id=supplier_id,
        ean=ean,
        number=number,
        order_id=order_id,
        created_from=created_from,
        created_to=created_to,
        late=late,
        late_before=shop.clock() - LATE_AFTER,
    )


Criteria = Annotated[SupplyFilter, Depends(_criteria)]


class _Change(TypedDict):
    by: Caller
    supplier_order_id: SupplierOrderId
    version: int


async def _change(supplier_order_id: SupplierOrderPath, version: IfMatch, by: SupplyWrite) -> _Change:
    return {"by": by, "supplier_order_id": SupplierOrderId(supplier_order_id), "version": version}


Change = Annotated[_Change, Depends(_change)]
"""What every change of a supplier order names: who makes it, of which one, as of which version."""


async def _line(supplier_line_id: Annotated[SupplierLineKey, Path()]) -> SupplierLineId:
    return SupplierLineId(supplier_line_id)


SupplierLinePath = Annotated[SupplierLineId, Depends(_line)]


@dataclass(frozen=True, slots=True)
class SayingSupply:
    """How a supplier order is told after a change."""

    status: int = 200

    def __call__(self, view: SupplyView) -> Told:
        return told(SupplierOrder.of(view), status=self.status, version=view.version)


def _raised(views: list[SupplyView]) -> Told:
    return told(RaisedSupplierOrders(items=[SupplierOrder.of(view) for view in views]), status=201)


def _heard(done: Answered) -> Told:
    return told(AnsweredSupplierOrder.heard(done), version=done.supply.version)


# raised ----------------------------------------------------------------------------------------------------------------


@routes.post(
    "/supplier-orders",
    **operation(
        "createSupplierOrders",
        RaisedSupplierOrders,
        status=201,
        refuses=RAISE,
        links={"get": link("getSupplierOrder", supplier_order_id="$response.body#/items/0/id")},
    ),
)
async def create_supplier_orders(
    body: SupplierOrderCreate, by: SupplyWrite, key: IdempotencyKey, shop: Shop
) -> Response:
    """Ask suppliers for the lines chosen, in one action: one order each, or a part of his newest draft (C6)."""
    return answer(
        await shop.supplier_orders.raise_for_lines(
            by=by,
            wanted=[line.meant() for line in body.lines],
            supplier_id=body.supplier_id,
            apart=body.new,
            once=await key.once(by, _raised),
        )
    )


@routes.post(
    "/orders/{order_id}/supplier-orders",
    **operation(
        "createSupplierOrdersOfOrder",
        RaisedSupplierOrders,
        status=201,
        refuses=("not-found", "stale-version", *RAISE),
    ),
)
async def create_supplier_orders_of_order(
    order_id: OrderPath, body: SupplierOrderOfOrder, version: IfMatch, by: SupplyWrite, key: IdempotencyKey, shop: Shop
) -> Response:
    """Commande Four: ask suppliers for all that the order waits for and nobody brings (A19)."""
    return answer(
        await shop.supplier_orders.raise_for_order(
            by=by,
            order_id=OrderId(order_id),
            version=version,
            line_ids=None if body.line_ids is None else [LineId(each) for each in body.line_ids],
            supplier_id=body.supplier_id,
            once=await key.once(by, _raised),
        )
    )


@routes.post(
    "/orders/{order_id}/lines/{line_id}/release-supply",
    **operation("releaseSupply", Order, refuses=("not-found", "stale-version"), headers=("ETag",)),
)
async def release_supply(
    order_id: OrderPath, line_id: LinePath, version: IfMatch, by: SupplyWrite, key: IdempotencyKey, shop: Shop
) -> Response:
    """The copies to come that the line waits for no more are no longer meant for it; a draft asks for fewer (C7)."""
    return answer(
        await shop.supplier_orders.release(
            by=by,
            order_id=OrderId(order_id),
            line_id=LineId(line_id),
            version=version,
            once=await key.once(by, Saying()),
        )
    )


# read ------------------------------------------------------------------------------------------------------------------


@routes.get("/supplier-orders", **operation("listSupplierOrders", SupplierOrderPage, refuses=("unknown-cursor",)))
async def list_supplier_orders(
    request: Request,
    by: SupplyRead,
    shop: Shop,
    wanted: Criteria,
    sort: sorts(SORTS) = "-created_at",  # type: ignore[valid-type]
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """Search supplier orders, newest first unless sorted otherwise."""
    pager = Pager.of(request, by)
    page = await shop.read.supply.search(by.dossier.id, wanted, pager.request(sort=sort, limit=limit, cursor=cursor))
    items = [SupplierOrderSummary.of(view) for view in page.items]
    return answer(told(SupplierOrderPage(items=items, next=pager.next(page.last))))


@routes.get("/supplier-orders/count", **operation("countSupplierOrders", Counted))
async def count_supplier_orders(by: SupplyRead, shop: Shop, wanted: Criteria) -> Response:
    """Number of supplier orders that the same search finds."""
    found = await shop.read.supply.count(by.dossier.id, wanted)
    return answer(told(Counted(count=found.count, capped=found.capped)))


@routes.get(
    "/supplier-orders/{supplier_order_id}",
    **operation("getSupplierOrder", SupplierOrder, refuses=("not-found",), headers=("ETag",)),
)
async def get_supplier_order(supplier_order_id: SupplierOrderPath, by: SupplyRead, shop: Shop) -> Response:
    """One supplier order with its lines, and whom they are for."""
    return answer(SayingSupply()(await shop.read.supply.by_id(by.dossier.id, SupplierOrderId(supplier_order_id))))


class _Csv(Response):
    media_type = "text/csv"


@routes.get(
    "/supplier-orders/{supplier_order_id}/order-file.csv",
    response_class=_Csv,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
    **operation("getOrderFile", None, refuses=("not-found",), headers=("Content-Disposition",)),
)
async def get_order_file(supplier_order_id: SupplierOrderPath, by: SupplyRead, shop: Shop) -> Response:
    """The file for the distributor: "EAN;quantité", one article a line."""
    view = await shop.read.supply.by_id(by.dossier.id, SupplierOrderId(supplier_order_id))
    name = f"commande-fournisseur-{view.number}.csv"
    return _Csv(order_file(view), headers={"content-disposition": f'attachment; filename="{name}"'})


# changed ---------------------------------------------------------------------------------------------------------------


@routes.patch(
    "/supplier-orders/{supplier_order_id}",
    **operation("patchSupplierOrder", SupplierOrder, refuses=("not-found", "stale-version"), headers=("ETag",)),
)
async def patch_supplier_order(change: Change, body: SupplierOrderPatch, shop: Shop) -> Response:
    """Change the reference or the comment; an absent field stays, a null empties (RFC 7396)."""
    view = await shop.supplier_orders.annotate(**change, changes=body.changes())
    return answer(SayingSupply()(view))


@routes.post(
    "/supplier-orders/{supplier_order_id}/lines",
    **operation(
        "createSupplierLine", SupplierOrder, status=201, refuses=(*CHANGE, "too-many-copies"), headers=("ETag",)
    ),
)
async def create_supplier_line(change: Change, body: SupplierLineCreate, key: IdempotencyKey, shop: Shop) -> Response:
    """Put copies for the shelf on a draft; those of an article that is on it already join its line."""
    return answer(
        await shop.supplier_orders.add_line(
            **change,
            ean=body.ean,
            quantity=body.quantity,
            once=await key.once(change["by"], SayingSupply(201)),
        )
    )


@routes.patch(
    "/supplier-orders/{supplier_order_id}/lines/{supplier_line_id}",
    **operation("patchSupplierLine", SupplierOrder, refuses=(*CHANGE, "copies-promised"), headers=("ETag",)),
)
async def patch_supplier_line(
    change: Change, line_id: SupplierLinePath, body: SupplierLinePatch, shop: Shop
) -> Response:
    """Ask another quantity on a draft, not below what customers wait for."""
    view = await shop.supplier_orders.change_line(**change, line_id=line_id, ordered=body.ordered)
    return answer(SayingSupply()(view))


@routes.delete(
    "/supplier-orders/{supplier_order_id}/lines/{supplier_line_id}",
    **operation("deleteSupplierLine", SupplierOrder, refuses=CHANGE, headers=("ETag",)),
)
async def delete_supplier_line(change: Change, line_id: SupplierLinePath, shop: Shop) -> Response:
    """Take a line off a draft; who waited for its copies is untreated again. A draft is cancelled with its last line."""
    view = await shop.supplier_orders.remove_line(**change, line_id=line_id)
    return answer(SayingSupply()(view))


@routes.post(
    "/supplier-orders/{supplier_order_id}/validate",
    **operation("validateSupplierOrder", SupplierOrder, refuses=CHANGE, headers=("ETag",)),
)
async def validate_supplier_order(change: Change, key: IdempotencyKey, shop: Shop) -> Response:
    """It was sent: from here on its quantities stand (A24)."""
    return answer(await shop.supplier_orders.validate(**change, once=await key.once(change["by"], SayingSupply())))


@routes.post(
    "/supplier-orders/{supplier_order_id}/cancel",
    **operation("cancelSupplierOrder", SupplierOrder, refuses=CHANGE, headers=("ETag",)),
)
async def cancel_supplier_order(change: Change, body: SupplierOrderCancel, key: IdempotencyKey, shop: Shop) -> Response:
    """Nothing more comes of it; who waited for its copies is untreated again."""
    return answer(
        await shop.supplier_orders.cancel(
            **change, reason=body.reason, once=await key.once(change["by"], SayingSupply())
        )
    )


@routes.post(
    "/supplier-orders/{supplier_order_id}/answers",
    **operation("createSupplierAnswers", AnsweredSupplierOrder, refuses=(*CHANGE, "unfit-lines"), headers=("ETag",)),
)
async def create_supplier_answers(
    change: Change, body: SupplierAnswersCreate, key: IdempotencyKey, shop: Shop
) -> Response:
    """Traitement des restes à livrer: each answer goes to every customer's line that waits on the supplier's (A14)."""
    return answer(
        await shop.answering.validate(
            **change, answers=[said.meant() for said in body.answers], once=await key.once(change["by"], _heard)
        )
    )
