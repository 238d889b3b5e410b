"""The same push and the same read the way the documentation of SQLModel teaches: sessions, relationships, response models.

``BENCH_DATABASE_URL`` is the owner's address, ``BENCH_DOSSIER`` the dossier that row-level security shows. The rows are those of
``infra.db.tables``, to which the relationships are added here.
"""

import hashlib
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, FastAPI, Header, HTTPException, Response
from pydantic import BaseModel, ConfigDict, computed_field
from sqlalchemy import func
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import relationship, selectinload
from sqlmodel import Relationship, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from api.schemas.orders import OrderPush
from domain.model.values import folded
from infra.db.pools import ROLE
from infra.db.tables import (
    ApiKeyRow,
    ArticleRow,
    ChannelRow,
    CustomerOrderRow,
    DossierRow,
    OrderLineRow,
    OrderTokenRow,
    OutboxEventRow,
)
from infra.ids import new_id

REMEMBERED = 2.0  # seconds, as in the application

DOSSIER = UUID(os.environ["BENCH_DOSSIER"])
engine = create_async_engine(
    os.environ["BENCH_DATABASE_URL"].replace("postgresql://", "postgresql+asyncpg://", 1),
    pool_size=8,
    max_overflow=0,
    connect_args={"server_settings": {"role": ROLE, "comptoir.dossier_id": str(DOSSIER), "jit": "off"}},
)
sessions = async_sessionmaker(engine, class_=AsyncSession, expire_on_commit=False)


def _relate(name: str, target: type[Any], **options: Any) -> None:
    """``CustomerOrderRow.name`` is the list of the order's ``target`` rows."""
    CustomerOrderRow.__sqlmodel_relationships__[name] = Relationship()
    setattr(CustomerOrderRow, name, relationship(target, lazy="raise", **options))


_relate("lines", OrderLineRow, order_by="OrderLineRow.position")
_relate("tokens", OrderTokenRow)


async def get_session() -> AsyncIterator[AsyncSession]:
    """A session a request."""
    async with sessions() as session:
        yield session


Session = Annotated[AsyncSession, Depends(get_session)]
_known: dict[str, tuple[float, str]] = {}


async def get_client(authorization: Annotated[str, Header()], session: Session) -> str:
    """The name of the client whose key this is, remembered for two seconds."""
    secret = authorization.removeprefix("Bearer ")
    known = _known.get(secret)
    if known is not None and known[0] > time.monotonic():
        return known[1]
    digest = hashlib.sha256(secret.encode()).digest()
    found = await session.exec(
        select(ApiKeyRow).where(
            ApiKeyRow.dossier_id == DOSSIER, ApiKeyRow.digest == digest, col(ApiKeyRow.revoked_at).is_(None)
        )
    )
    key = found.first()
    if key is None:
        raise HTTPException(401)
    _known[secret] = time.monotonic() + REMEMBERED, f"key:{key.api_key_id.hex}"
    return _known[secret][1]


Client = Annotated[str, Depends(get_client)]


class LineRead(BaseModel):
    """A line as answered."""

    model_config = ConfigDict(from_attributes=True)

    line_id: UUID
    position: int
    ean: str
    title: str
    author: str | None
    publisher: str | None
    digital: bool
    ordered: int
    set_aside: int
    delivered: int
    cancelled: int
    unit_price: Decimal
    list_price: Decimal
    vat_rate: Decimal
    answer_code: str | None
    answer_label: str | None
    answer_source: str | None
    answer_at: datetime | None

    @computed_field  # type: ignore[prop-decorator]
    @property
    def outstanding(self) -> int:
        return self.ordered - self.cancelled - self.set_aside - self.delivered

    @computed_field  # type: ignore[prop-decorator]
    @property
    def amount(self) -> Decimal:
        return self.unit_price * (self.ordered - self.cancelled)


class OrderRead(BaseModel):
    """An order as answered."""

    model_config = ConfigDict(from_attributes=True)

    order_id: UUID
    number: int
    customer_id: UUID | None
    customer_code: str | None
    customer_reference: str | None
    name: str
    title: str | None
    first_name: str | None
    email: str | None
    phone: str | None
    street: str | None
    complement: str | None
    postal_code: str | None
    town: str | None
    country: str
    status: str
    comment: str | None
    origin: str
    mail_order: bool
    channel: str | None
    external_id: str | None
    vat_exempt: bool
    payment_state: str
    paid: Decimal
    deposit: Decimal
    delivery_charge: Decimal
    quantity: int
    reserved: int
    has_digital: bool
    cancelled_at: datetime | None
    cancel_reason: str | None
    created_at: datetime
    updated_at: datetime
    version: int
    warnings: list[str]
    lines: list[LineRead]

    @computed_field  # type: ignore[prop-decorator]
    @property
    def total(self) -> Decimal:
        return sum((line.amount for line in self.lines), self.delivery_charge)


@asynccontextmanager
async def _lifespan(_: FastAPI) -> AsyncIterator[None]:
    yield
    await engine.dispose()


app = FastAPI(lifespan=_lifespan)


@app.get("/v1/orders/{order_id}", response_model=OrderRead)
async def get_order(order_id: str, session: Session, _: Client) -> Any:
    """One order with its lines."""
    found = await session.exec(
        select(CustomerOrderRow)
        .where(CustomerOrderRow.dossier_id == DOSSIER, CustomerOrderRow.order_id == UUID(order_id.removeprefix("ord_")))
        .options(selectinload(CustomerOrderRow.lines))  # type: ignore[attr-defined]
    )
    order = found.first()
    if order is None:
        raise HTTPException(404)
    return order


@app.put("/v1/channels/{channel}/orders/{external_id}", response_model=OrderRead, status_code=201)
async def push_order(
    channel: str, external_id: str, body: OrderPush, session: Session, client: Client, response: Response
) -> Any:
    """Take a web shop's order under its own number, once."""
    shop = (
        await session.exec(select(ChannelRow).where(ChannelRow.dossier_id == DOSSIER, ChannelRow.code == channel))
    ).first()
    if shop is None:
        raise HTTPException(404)
    known = (
        await session.exec(
            select(CustomerOrderRow)
            .where(
                CustomerOrderRow.dossier_id == DOSSIER,
                CustomerOrderRow.channel_id == shop.channel_id,
                CustomerOrderRow.external_id == external_id,
            )
            .options(selectinload(CustomerOrderRow.lines))  # type: ignore[attr-defined]
        )
    ).first()
    if known is not None:
        response.status_code = 200
        return known
    dossier = (await session.exec(select(DossierRow).where(DossierRow.dossier_id == DOSSIER))).one()
    number = (await session.exec(select(func.nextval(dossier.order_sequence)))).one()
    order = await _order(session, body, shop, external_id, number)
    session.add(order)
    session.add(_event(order, client))
    await session.commit()
    return order


async def _order(
    session: AsyncSession, body: OrderPush, shop: ChannelRow, external_id: str, number: int
) -> CustomerOrderRow:
    now, address = datetime.now(UTC), body.contact.address.meant()
    eans = [line.ean for line in body.lines]
    found = await session.exec(
        select(ArticleRow).where(ArticleRow.dossier_id == DOSSIER, col(ArticleRow.ean).in_(eans))
    )
    articles = {article.ean: article for article in found}
    if missing := set(eans) - set(articles):
        raise HTTPException(422, f"unknown: {sorted(missing)}")
    key = folded(body.contact.name)
    order = CustomerOrderRow(
        dossier_id=DOSSIER,
        order_id=new_id(),
        number=number,
        name=body.contact.name,
        name_key=key,
        title=body.contact.title,
        first_name=body.contact.first_name,
        email=body.contact.email,
        phone=body.contact.phone,
        street=address.street,
        complement=address.complement,
        postal_code=address.postal_code,
        town=address.town,
        country=address.country,
        customer_reference=body.customer_reference,
        comment=body.comment,
        origin="web",
        mail_order=True,
        vat_exempt=body.vat_exempt,
        channel_id=shop.channel_id,
        channel=shop.code,
        external_id=external_id,
        fingerprint=hashlib.sha256(body.model_dump_json().encode()).digest(),
        payment_state="awaited",
        paid=Decimal(0),
        deposit=Decimal(0),
        deposit_used=Decimal(0),
        refunded=Decimal(0),
        back_orders=True,
        total=Decimal(0),
        discount=Decimal(0),
        vat_totals=[],
        delivery_charge=body.delivery_charge.amount,
        status="BL",
        quantity=sum(line.quantity for line in body.lines),
        reserved=0,
        has_digital=any(article.digital for article in articles.values()),
        warnings=[],
        created_at=now,
        updated_at=now,
        version=1,
    )
    for position, line in enumerate(body.lines, start=1):
        article = articles[line.ean]
        order.lines.append(  # type: ignore[attr-defined]
            OrderLineRow(  # type: ignore[call-arg] # the rest comes from the order and the database
                dossier_id=DOSSIER,
                line_id=new_id(),
                position=position,
                ean=line.ean,
                title=article.title,
                author=article.author,
                publisher=article.publisher,
                digital=article.digital,
                ordered=line.quantity,
                cancelled=0,
                set_aside=0,
                delivered=0,
                supplied=0,
                dropped=0,
                kind="book",
                school_book=False,
                price_source="channel",
                earns_loyalty=False,
                amount=Decimal(0),
                net=Decimal(0),
                unit_price=line.unit_price.amount if line.unit_price else article.list_price,
                list_price=article.list_price,
                vat_rate=article.vat_rate,
                queued_at=now,
                number=number,
            )
        )
    order.tokens.extend(OrderTokenRow(dossier_id=DOSSIER, token=word) for word in sorted(set(key.split())))  # type: ignore[attr-defined, call-arg]
    return order


def _event(order: CustomerOrderRow, client: str) -> OutboxEventRow:
    return OutboxEventRow(  # type: ignore[call-arg] # idem
        dossier_id=DOSSIER,
        event_id=new_id(),
        type="order.created",
        subject=order.order_id,
        version=order.version,
        at=order.created_at,
        by=client,
        data={
            "order_id": order.order_id.hex,
            "order_number": order.number,
            "name": order.name,
            "status": order.status,
        },
    )
