"""Tariffs (A65), and what articles would cost someone (C8)."""

from typing import Annotated

from fastapi import Path
from starlette.responses import Response

from api.deps import ArticlesRead, ArticlesWrite, IdempotencyKey, OrdersRead, Shop, answer, told
from api.routers.operation import operation, router
from api.schemas.identities import TableCode
from api.schemas.order_requests import PriceQuery
from api.schemas.tariffs import Prices, Tariff, TariffPage, TariffWrite
from domain.ports.answers import Told
from domain.queries.prices import PricesView

routes = router("tariffs")
TariffPath = Annotated[TableCode, Path(examples=["T1"])]


@routes.get("/tariffs", **operation("listTariffs", TariffPage))
async def list_tariffs(by: ArticlesRead, shop: Shop) -> Response:
    """The tariffs of the table `tariffs`, each with its discounts."""
    views = await shop.read.tariffs.all(by.dossier.id)
    return answer(told(TariffPage(items=[Tariff.of(view) for view in views], next=None)))


@routes.get("/tariffs/{code}", **operation("getTariff", Tariff, refuses=("not-found",)))
async def get_tariff(code: TariffPath, by: ArticlesRead, shop: Shop) -> Response:
    """One tariff with its discounts."""
    return answer(told(Tariff.of(await shop.read.tariffs.by_code(by.dossier.id, code))))


@routes.put("/tariffs/{code}", **operation("putTariff", Tariff, refuses=("not-found", "inconsistent", "unknown-code")))
async def put_tariff(code: TariffPath, body: TariffWrite, by: ArticlesWrite, shop: Shop) -> Response:
    """Write the discounts of a tariff, these and no others; orders taken before keep their prices."""
    return answer(told(Tariff.of(await shop.tariffs.replace(by=by, code=code, rules=body.meant()))))


@routes.post("/prices", **operation("createPrices", Prices, refuses=("not-found", "unknown-party")))
async def create_prices(body: PriceQuery, by: OrdersRead, key: IdempotencyKey, shop: Shop) -> Response:
    """What each line would cost and why, the delivery charge and why, the totals; nothing is ordered."""

    def tell(view: PricesView) -> Told:
        return told(Prices.of(view))

    return answer(await shop.prices.preview(by=by, order=body.meant(), once=await key.once(by, tell)))
