"""Third parties in PostgreSQL."""

import json
from collections.abc import Sequence
from uuid import UUID

from domain.errors import NotFound
from domain.model.access import Dossier
from domain.model.customer import CardOrigin, Kind
from domain.model.third_party import ThirdParty, ThirdPartyDetails, ThirdPartyType
from domain.model.values import ThirdPartyId, folded, short_name
from infra.db.flush import Row
from infra.db.pools import ShopConnection
from infra.repositories import pending as parts
from infra.repositories.customers import address_columns, address_of, phone_key
from infra.repositories.pending import Begin, Fields, Pending

LOAD = "SELECT * FROM third_party WHERE dossier_id = $1 AND third_party_id = $2"
LOCK = (
    "SELECT * FROM third_party WHERE dossier_id = $1 AND third_party_id = ANY ($2::uuid[]) "
    "ORDER BY third_party_id FOR UPDATE"
)
TAKEN = "SELECT EXISTS (SELECT FROM third_party WHERE dossier_id = $1 AND code = $2)"
NEXT = (
    "UPDATE dossier SET third_party_counter = third_party_counter + 1 WHERE dossier_id = $1 "
    "RETURNING third_party_counter"
)


class SqlThirdParties:
    """``ThirdParties`` of one dossier on one connection."""

    def __init__(self, dossier: Dossier, connection: ShopConnection, pending: Pending, *, begin: Begin) -> None:
        self._begin = begin
        self._dossier = dossier
        self._connection = connection
        self._pending = pending
        self._loaded: dict[ThirdPartyId, int] = {}

    async def get(self, third_party_id: ThirdPartyId) -> ThirdParty:
        return self._known(await self._connection.fetchrow(LOAD, self._dossier.id, third_party_id))

    async def lock(self, third_party_ids: Sequence[ThirdPartyId]) -> list[ThirdParty]:
        await self._begin()
        rows = await self._connection.fetch(LOCK, self._dossier.id, list(set(third_party_ids)))
        found = {each.id: each for each in map(self._known, rows)}
        if len(found) != len(set(third_party_ids)):
            raise NotFound(what="third party")
        return [found[each] for each in third_party_ids]

    async def taken(self, code: str) -> bool:
        found: bool = await self._connection.fetchval(TAKEN, self._dossier.id, code)
        return found

    async def next_counter(self) -> int:
        await self._begin()
        counter: int = await self._connection.fetchval(NEXT, self._dossier.id)
        return counter

    def add(self, third_party: ThirdParty) -> None:
        row = third_party_row(self._dossier.id, third_party)
        self._pending.add(parts.NEW_THIRD_PARTY, row)
        self._pending.add(parts.NEW_THIRD_PARTY_TOKEN, _words(row))

    def save(self, third_party: ThirdParty) -> None:
        row = third_party_row(self._dossier.id, third_party)
        row["loaded_version"] = self._loaded.pop(third_party.id)
        self._pending.add(parts.CHANGED_THIRD_PARTY, row)
        self._pending.add(parts.GONE_THIRD_PARTY_TOKEN, _words(row))
        self._pending.add(parts.NEW_THIRD_PARTY_TOKEN, _words(row))

    def remove(self, third_party: ThirdParty) -> None:
        self._pending.add(
            parts.GONE_THIRD_PARTY,
            {
                "dossier_id": self._dossier.id,
                "third_party_id": third_party.id,
                "loaded_version": self._loaded.pop(third_party.id),
            },
        )

    def _known(self, row: Fields | None) -> ThirdParty:
        if row is None:
            raise NotFound(what="third party")
        found = third_party_of(row)
        self._loaded[found.id] = found.version
        return found


def _words(row: Row) -> Row:
    return {"dossier_id": row["dossier_id"], "third_party_id": row["third_party_id"], "words": row["name_key"]}


def third_party_row(dossier_id: UUID, third_party: ThirdParty) -> Row:
    card = third_party.details
    return {
        "dossier_id": dossier_id,
        "third_party_id": third_party.id,
        "type": third_party.type,
        "code": third_party.code,
        "kind": card.kind,
        "title": card.title,
        "name": card.name,
        "first_name": card.first_name,
        "short_name": card.short_name,
        "name_key": folded(f"{card.name} {card.first_name or ''}"),
        "email": card.email,
        "email_key": card.email.casefold() if card.email else None,
        "phone": card.phone,
        "phone_key": phone_key(card.phone, country=card.address.country),
        "fax": card.fax,
        **address_columns(card.address),
        "town_key": folded(card.address.town) if card.address.town else None,
        "siret": card.siret,
        "vat_number": card.vat_number,
        "language": card.language,
        "account_number": card.account_number,
        "our_code": card.our_code,
        "commission": card.commission,
        "comment": card.comment,
        "custom_fields": card.custom_fields,
        "closed_on": card.closed_on,
        "approved_at": third_party.approved_at,
        "approved_by": third_party.approved_by,
        "customer_id": third_party.customer_id,
        "origin": third_party.origin,
        "created_at": third_party.created_at,
        "updated_at": third_party.updated_at,
        "version": third_party.version,
    }


def third_party_of(row: Fields) -> ThirdParty:
    return ThirdParty(
        id=ThirdPartyId(row["third_party_id"]),
        type=ThirdPartyType(row["type"]),
        code=row["code"],
        details=ThirdPartyDetails(
            name=row["name"],
            kind=Kind(row["kind"]),
            title=row["title"],
            first_name=row["first_name"],
            given_short_name=None if row["short_name"] == short_name(row["name"]) else row["short_name"],
            email=row["email"],
            phone=row["phone"],
            fax=row["fax"],
            address=address_of(row),
            siret=row["siret"],
            vat_number=row["vat_number"],
            language=row["language"],
            account_number=row["account_number"],
            our_code=row["our_code"],
            commission=row["commission"],
            comment=row["comment"],
            custom_fields=json.loads(row["custom_fields"]),
            closed_on=row["closed_on"],
        ),
        origin=CardOrigin(row["origin"]),
        approved_at=row["approved_at"],
        approved_by=row["approved_by"],
        customer_id=row["customer_id"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        version=row["version"],
    )
