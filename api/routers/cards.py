"""What hangs on the cards of customers and of third parties."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Generic, Protocol, TypeVar

from fastapi import APIRouter, Depends, Path, Query, Request
from pydantic import BaseModel
from starlette.responses import Response

from api.deps import (
    Cursor,
    CustomersRead,
    CustomersWrite,
    IdempotencyKey,
    IfMatch,
    Limit,
    Pager,
    Shop,
    answer,
    sorts,
    today,
    told,
)
from api.routers.operation import link, operation, router
from api.schemas import cards as wire
from api.schemas import customer_parts as wire_of_customers
from api.schemas.base import chosen
from api.schemas.customer_parts import Consent, ConsentCreate, ConsentPage, Credit, DocumentStart
from api.schemas.identities import (
    AddressKey,
    BankAccountKey,
    ContactKey,
    CustomerKey,
    DiscountKey,
    NoteKey,
    ThirdPartyKey,
)
from domain.comptoir import Comptoir
from domain.model import card as cards
from domain.model.values import CustomerId, DocumentType, Party
from domain.ports.answers import Told
from domain.queries.cards import CONSENT_SORTS, PART_SORTS, PartReader
from domain.usecases.parts import CardParts

routes = router("customers")
routes_of_third_parties = router("third-parties")

CustomerPath = Annotated[CustomerKey, Path()]
ThirdPartyPath = Annotated[ThirdPartyKey, Path()]
V = TypeVar("V")


class View(Protocol):
    """How a part is read."""

    @property
    def version(self) -> int: ...


async def _customer(customer_id: CustomerPath) -> Party:
    return Party.customer(customer_id)


async def _third_party(third_party_id: ThirdPartyPath) -> Party:
    return Party.third_party(third_party_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose parts a path names."""

    routes: APIRouter
    path: str
    key: str
    name: str
    words: str
    find: Callable[..., Any]
    standing: tuple[str, ...]
    """How a card itself may refuse a change."""


CUSTOMERS = Owner(
    routes=routes,
    path="/customers/{customer_id}",
    key="customer_id",
    name="Customer",
    words="a customer",
    find=_customer,
    standing=("customer-merged", "customer-anonymised"),
)
THIRD_PARTIES = Owner(
    routes=routes_of_third_parties,
    path="/third-parties/{third_party_id}",
    key="third_party_id",
    name="ThirdParty",
    words="a third party",
    find=_third_party,
    standing=(),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind(Generic[V]):
    """One kind of part: its name, its wire forms, who reads and who writes it. Paths and operation ids follow from the name."""

    one: str
    many: str
    key: Any
    words: str
    answers: type[BaseModel]
    page: type[BaseModel]
    create: Any
    patch: Any
    refuses: tuple[str, ...] = ()
    reader: Callable[[Comptoir], PartReader[V]]
    parts: Callable[[Comptoir], CardParts[Any, Any, V]]

    @property
    def parameter(self) -> str:
        return f"{self.one.replace(' ', '_')}_id"

    @property
    def has_code(self) -> bool:
        return "code" in self.create.model_fields

    def shown(self, view: V) -> Any:
        """The wire form of a part."""
        return self.answers.of(view)  # type: ignore[attr-defined]


KINDS: tuple[Kind[Any], ...] = (
    Kind(
        one="address",
        many="addresses",
        key=AddressKey,
        words="addresses beside the main one (B39)",
        answers=wire.CardAddress,
        page=wire.CardAddressPage,
        create=wire.CardAddressCreate,
        patch=wire.CardAddressPatch,
        refuses=("code-taken", "unknown-code", "unknown-party", "inconsistent"),
        reader=lambda shop: shop.read.cards.addresses,
        parts=lambda shop: shop.cards.addresses,
    ),
    Kind(
        one="contact",
        many="contacts",
        key=ContactKey,
        words="contacts (B34)",
        answers=wire.CardContact,
        page=wire.CardContactPage,
        create=wire.CardContactCreate,
        patch=wire.CardContactPatch,
        refuses=("code-taken", "unknown-code", "unknown-party"),
        reader=lambda shop: shop.read.cards.contacts,
        parts=lambda shop: shop.cards.contacts,
    ),
    Kind(
        one="bank account",
        many="bank accounts",
        key=BankAccountKey,
        words="bank accounts (RIB, B43)",
        answers=wire.BankAccount,
        page=wire.BankAccountPage,
        create=wire.BankAccountCreate,
        patch=wire.BankAccountPatch,
        refuses=("code-taken", "inconsistent"),
        reader=lambda shop: shop.read.cards.bank_accounts,
        parts=lambda shop: shop.cards.bank_accounts,
    ),
    Kind(
        one="note",
        many="notes",
        key=NoteKey,
        words="notes (B64)",
        answers=wire.CardNote,
        page=wire.CardNotePage,
        create=wire.CardNoteCreate,
        patch=wire.CardNotePatch,
        reader=lambda shop: shop.read.cards.notes,
        parts=lambda shop: shop.cards.notes,
    ),
)
DISCOUNTS: Kind[Any] = Kind(
    one="discount",
    many="discounts",
    key=DiscountKey,
    words="permanent discounts (A63, A64)",
    answers=wire_of_customers.Discount,
    page=wire_of_customers.DiscountPage,
    create=wire_of_customers.DiscountCreate,
    patch=wire_of_customers.DiscountPatch,
    refuses=("inconsistent",),
    reader=lambda shop: shop.read.cards.discounts,
    parts=lambda shop: shop.cards.discounts,
)


def _add(owner: Owner, kind: Kind[Any]) -> None:
    """The five operations on one kind of part of one kind of card."""
    single, several = (owner.name + name.title().replace(" ", "") for name in (kind.one, kind.many))
    collection = f"{owner.path}/{kind.many.replace(' ', '-')}"
    place = f"{collection}/{{{kind.parameter}}}"
    ids = {owner.key: f"$request.path.{owner.key}", kind.parameter: "$response.body#/id"}

    def said(done: str) -> dict[str, Any]:
        return {"summary": f"{done} {owner.words}", "description": f"{done} {owner.words}: {kind.words}."}

    @owner.routes.get(
        collection,
        **operation(f"list{several}", kind.page, refuses=("not-found", "unknown-cursor")),
        **said(f"{kind.many.capitalize()} of"),
    )
    async def list_parts(
        request: Request,
        by: CustomersRead,
        shop: Shop,
        party: Annotated[Party, Depends(owner.find)],
        sort: sorts(PART_SORTS) = "created_at",  # type: ignore[valid-type]
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> Response:
        pager = Pager.of(request, by)
        wanted = pager.request(sort=sort, limit=limit, cursor=cursor)
        page = await kind.reader(shop).of(by.dossier.id, party, by.clearance, wanted)
        shown = [kind.shown(view) for view in page.items]
        return answer(told(kind.page(items=shown, next=pager.next(page.last))))

    @owner.routes.post(
        collection,
        **operation(
            f"create{single}",
            kind.answers,
            status=201,
            refuses=("not-found", *owner.standing, *kind.refuses),
            headers=("ETag", "Location"),
            links={
                "get": link(f"get{single}", **ids),
                "patch": link(f"patch{single}", if_match="$response.header.ETag", **ids),
                "delete": link(f"delete{single}", if_match="$response.header.ETag", **ids),
            },
        ),
        **said(f"New {kind.one} of"),
    )
    async def create_part(
        request: Request,
        body: kind.create,  # type: ignore[name-defined]
        by: CustomersWrite,
        key: IdempotencyKey,
        shop: Shop,
        party: Annotated[Party, Depends(owner.find)],
    ) -> Response:
        def tell(view: View) -> Told:
            made = kind.shown(view)
            return told(made, status=201, version=view.version, location=f"{request.url.path}/{made.id}")

        code = body.code if kind.has_code else None
        once = await key.once(by, tell)
        return answer(await kind.parts(shop).create(by=by, owner=party, code=code, details=body.meant(), once=once))

    @owner.routes.get(
        place,
        **operation(f"get{single}", kind.answers, refuses=("not-found",), headers=("ETag",)),
        **said(f"One {kind.one} of"),
    )
    async def get_part(
        by: CustomersRead,
        shop: Shop,
        party: Annotated[Party, Depends(owner.find)],
        part_id: Annotated[kind.key, Path(alias=kind.parameter)],  # type: ignore[name-defined]
    ) -> Response:
        view = await kind.reader(shop).one(by.dossier.id, party, part_id, by.clearance)
        return answer(told(kind.shown(view), version=view.version))

    @owner.routes.patch(
        place,
        **operation(
            f"patch{single}",
            kind.answers,
            refuses=("not-found", "stale-version", *owner.standing, *kind.refuses),
            headers=("ETag",),
        ),
        **said(f"Change one {kind.one} of"),
    )
    async def patch_part(
        body: kind.patch,  # type: ignore[name-defined]
        version: IfMatch,
        by: CustomersWrite,
        shop: Shop,
        party: Annotated[Party, Depends(owner.find)],
        part_id: Annotated[kind.key, Path(alias=kind.parameter)],  # type: ignore[name-defined]
    ) -> Response:
        view = await kind.parts(shop).change(by=by, owner=party, part_id=part_id, version=version, edit=body.edit)
        return answer(told(kind.shown(view), version=view.version))

    @owner.routes.delete(
        place,
        **operation(f"delete{single}", None, status=204, refuses=("not-found", "stale-version", *owner.standing)),
        **said(f"Delete one {kind.one} of"),
    )
    async def delete_part(
        version: IfMatch,
        by: CustomersWrite,
        shop: Shop,
        party: Annotated[Party, Depends(owner.find)],
        part_id: Annotated[kind.key, Path(alias=kind.parameter)],  # type: ignore[name-defined]
    ) -> Response:
        await kind.parts(shop).remove(by=by, owner=party, part_id=part_id, version=version)
        return Response(status_code=204)


for _kind in KINDS:
    _add(CUSTOMERS, _kind)
    _add(THIRD_PARTIES, _kind)
_add(CUSTOMERS, DISCOUNTS)


@routes.get(
    "/customers/{customer_id}/consents",
    **operation("listConsents", ConsentPage, refuses=("not-found", "unknown-cursor")),
)
async def list_consents(
    request: Request,
    customer_id: CustomerPath,
    by: CustomersRead,
    shop: Shop,
    sort: sorts(CONSENT_SORTS) = "-at",  # type: ignore[valid-type]
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """What the customer allowed and refused, newest first, and what holds now (A58, A59)."""
    pager = Pager.of(request, by)
    wanted = pager.request(sort=sort, limit=limit, cursor=cursor)
    found = await shop.read.cards.consents(by.dossier.id, CustomerId(customer_id), by.clearance, wanted)
    return answer(told(ConsentPage.of(found, pager.next(found.page.last))))


@routes.post(
    "/customers/{customer_id}/consents",
    **operation("createConsent", Consent, status=201, refuses=("not-found", *CUSTOMERS.standing)),
)
async def create_consent(
    customer_id: CustomerPath, body: ConsentCreate, by: CustomersWrite, key: IdempotencyKey, shop: Shop
) -> Response:
    """Write down what the customer allows or refuses from now on; the ledger is never changed (A58)."""

    def tell(entry: cards.Consent) -> Told:
        return told(Consent.of(entry), status=201)

    said = await shop.cards.consents.record(
        by=by,
        customer_id=CustomerId(customer_id),
        channel=cards.Channel(body.channel),
        purpose=cards.Purpose(body.purpose),
        granted=body.granted,
        source=body.source,
        once=await key.once(by, tell),
    )
    return answer(said)


@routes.get("/customers/{customer_id}/credit", **operation("getCredit", Credit, refuses=("not-found",)))
async def get_credit(customer_id: CustomerPath, by: CustomersRead, shop: Shop) -> Response:
    """Ceilings, what is outstanding, and the risk (B15, O13)."""
    found = await shop.read.cards.credit(by.dossier.id, CustomerId(customer_id), by.clearance)
    return answer(told(Credit.of(found)))


@routes.get(
    "/customers/{customer_id}/document-defaults",
    **operation("getDocumentDefaults", DocumentStart, refuses=("not-found",)),
)
async def get_document_defaults(
    customer_id: CustomerPath,
    by: CustomersRead,
    shop: Shop,
    document: Annotated[chosen(DocumentType), Query()] = DocumentType.ORDER,  # type: ignore[valid-type]
) -> Response:
    """What a new document of this customer starts with (A57, A60, A61, B16, B27, B36, B40-B43)."""
    start = await shop.read.cards.document_defaults(
        by.dossier.id, CustomerId(customer_id), document, by.clearance, today(by, shop)
    )
    return answer(told(DocumentStart.of(start)))
