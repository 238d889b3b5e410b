"""The shop with its back office: settings, tables, people, duplicates; and cards as the tests of their rules want them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from domain.model.access import Caller
from domain.model.customer import CardOrigin, CustomerDetails, SalesShare
from domain.model.reference import FieldKind, FieldRecord, Table
from domain.model.third_party import ThirdParty, ThirdPartyDetails, ThirdPartyType
from domain.model.values import CustomerId, StaffId, ThirdPartyId
from domain.queries.customers import CustomerView
from domain.queries.settings import DossierView
from domain.queries.tables import FieldView, ValueView
from domain.queries.users import UserView
from domain.usecases.duplicating import CardPart, Duplicating
from domain.usecases.flashes import Flashes
from domain.usecases.settings import Settings
from domain.usecases.tables import CustomFields, FieldCard, Tables, ValueCard
from domain.usecases.users import UserCard, Users
from tests.contracts.house import House
from tests.contracts.samples import NOW, committed
from tests.fakes.surroundings import FakeIdentities
from tests.usecases.shop import Shop


class Office(Shop):
    """A counter and what stands behind it, over any house."""

    def __init__(self, house: House) -> None:
        super().__init__(house)
        self.settings = Settings(self.around)
        self.tables = Tables(self.around)
        self.fields = CustomFields(self.around)
        self.users = Users(self.around, FakeIdentities())
        self.flashes = Flashes(self.around)
        self.duplicating = Duplicating(self.around)

    def clerk(self, *scopes: str, staff_id: StaffId | None = None) -> Caller:
        """A colleague with these rights only."""
        hexadecimal = (staff_id or StaffId(self.house.new_id())).hex
        return replace(self.staff, client=f"staff:{hexadecimal}", scopes=frozenset(scopes))

    async def decide(self, **settings: Any) -> DossierView:
        """The dossier's settings changed, whatever version they have."""
        async with self.house.begin(self.house.dossier) as work:
            version = (await work.references.dossier()).version
        return await self.settings.change(
            by=self.staff,
            version=version,
            edit=lambda card: replace(card, settings=replace(card.settings, **settings)),
        )

    async def value(self, table: Table, code: str, **more: Any) -> ValueView:
        card = ValueCard(**{"label": code, "label_en": None, "position": None, "active": True, **more})
        view: ValueView = await self._result(
            self.tables.create(by=self.staff, table=table, code=code, card=card, once=self.once())
        )
        return view

    async def field(
        self, code: str, kind: FieldKind, *, choices: Iterable[str] = (), record: FieldRecord = FieldRecord.CUSTOMER
    ) -> FieldView:
        view: FieldView = await self._result(
            self.fields.create(
                by=self.staff,
                record=record,
                questionnaire="IMPLICITE_CLI",
                code=code,
                kind=kind,
                card=FieldCard(label=code, choices=tuple(choices), position=None),
                once=self.once(),
            )
        )
        return view

    async def user(self, login: str, *scopes: str) -> UserView:
        view: UserView = await self._result(
            self.users.create(
                by=self.staff, login=login, name=login, password="x" * 10, scopes=scopes, once=self.once()
            )
        )
        return view

    async def grant(self, user: UserView, *scopes: str) -> UserView:
        def edit(card: UserCard) -> UserCard:
            return replace(card, scopes=scopes)

        return await self.users.change(by=self.staff, staff_id=user.id, version=user.version, edit=edit)

    async def third_party(self, kind: ThirdPartyType, *, code: str) -> ThirdPartyId:
        """A card that is no customer's."""
        made = ThirdParty(
            id=ThirdPartyId(self.house.new_id()),
            type=kind,
            code=code,
            details=ThirdPartyDetails(name=code),
            origin=CardOrigin.COUNTER,
            approved_at=NOW,
            created_at=NOW,
            updated_at=NOW,
        )
        async with committed(self.house) as work:
            work.third_parties.add(made)
        return made.id

    async def reps(self, *shares: str) -> tuple[SalesShare, ...]:
        """So many new sales reps with their shares."""
        return tuple(
            [
                SalesShare(
                    sales_rep=await self.third_party(ThirdPartyType.SALES_REP, code=f"V{next(self._keys)}"),
                    share=Decimal(share),
                )
                for share in shares
            ]
        )

    async def card(self, name: str = "MARTIN", *, by: Caller | None = None, **more: Any) -> CustomerView:
        asked: Mapping[str, Any] = {key: more.pop(key) for key in ("code", "origin") if key in more}
        creating = self.customers.create(
            by=by or self.staff,
            once=self.once(),
            details=CustomerDetails(name=name, **more),
            **{"code": None, **asked},
        )
        view: CustomerView = await self._result(creating)
        return view

    async def change(self, card: CustomerView, *, by: Caller | None = None, **fields: Any) -> CustomerView:
        return await self.customers.change(
            by=by or self.staff,
            customer_id=card.id,
            version=card.version,
            edit=lambda details: replace(details, **fields),
        )

    async def duplicate(
        self, customer_id: CustomerId, *parts: CardPart, by: Caller | None = None, **more: Any
    ) -> CustomerView:
        copying = self.duplicating.duplicate(
            by=by or self.staff,
            customer_id=customer_id,
            parts=parts,
            once=self.once(),
            **{"code": None, "name": None, **more},
        )
        view: CustomerView = await self._result(copying)
        return view


def only(name: str, value: object) -> dict[str, Any]:
    """One field of a card."""
    return {name: value}
