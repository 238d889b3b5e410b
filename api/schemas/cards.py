"""What hangs on cards, on the wire: addresses, contacts, bank accounts, notes."""

from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

from pydantic import BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from api.schemas.base import (
    Closed,
    Day,
    Email,
    Line,
    Listing,
    Open,
    Text,
    UtcInstant,
    Word,
    chosen,
    open_choice,
    wire_id,
)
from api.schemas.customers import Address, AddressAdvice, AddressInput, advice
from api.schemas.identities import AddressKey, Bic, Iban, PartCode, RibText, Siret, TableCode
from domain.errors import Fault, Inconsistent, Invalid
from domain.model import postal
from domain.model.card import AddressDetails, AddressRole, BankDetails, ContactDetails
from domain.model.values import DocumentType, Party, PartyKind, PostalAddress
from domain.queries.cards import AddressView, BankAccountView, ContactView, NoteView

PREFIXES = {PartyKind.CUSTOMER: "cus", PartyKind.THIRD_PARTY: "tpa"}


def party_id(party: Party) -> str:
    return wire_id(PREFIXES[party.kind], party.id)


def _party(value: object) -> Party:
    prefix, _, digits = value.partition("_") if isinstance(value, str) else ("", "", "")
    kinds = {prefix: kind for kind, prefix in PREFIXES.items()}
    if prefix not in kinds or len(digits) != 32 or not set(digits) <= set("0123456789abcdef"):  # noqa: PLR2004 - a UUID
        raise PydanticCustomError("id", "not an id of a card")
    return Party(kinds[prefix], UUID(hex=digits))


PartyKey = Annotated[
    Party,
    BeforeValidator(_party),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": "^(cus|tpa)_[0-9a-f]{32}$",
            "examples": ["cus_019301a2b3c47d5e8f90a1b2c3d4e5f6"],
        }
    ),
]
"""A customer or a third party."""

WantedDocument = Annotated[DocumentType, Field(strict=False)]
Documents = Annotated[list[WantedDocument], Field(max_length=len(DocumentType))]
Document = Annotated[
    str,
    WithJsonSchema(
        {"type": "string", "x-extensible-enum": [each.value for each in DocumentType], "examples": ["order"]}
    ),
]
"""A kind of document, in an answer."""


class _AddressWritten(Closed):
    """What a person may write on an address beside where it is."""

    role: chosen(AddressRole) = Field(default=AddressRole.OTHER, examples=["delivery"])  # type: ignore[valid-type]
    siret: Siret | None = None
    phone: Word | None = Field(default=None, examples=["0240000000"])
    email: Email | None = Field(default=None, examples=["reception@example.org"])
    allowed_for: Documents = Field(
        default_factory=lambda: list(DocumentType),
        description="Documents that may use it.",
        examples=[["delivery_note"]],
    )
    default_for: Documents = Field(
        default_factory=list,
        description="Documents that start with it; they must be allowed, and are taken from the card's other addresses.",
        examples=[["delivery_note"]],
    )
    use_main_of_id: PartyKey | None = Field(
        default=None, description="Documents take the main address of that card instead (B41).", examples=[None]
    )


class CardAddressCreate(_AddressWritten):
    """An address beside the main one; without ``code`` the next automatic one: its town and a number (B57)."""

    code: PartCode | None = Field(default=None, examples=[None])
    address: AddressInput = Field(default_factory=AddressInput)

    def meant(self) -> AddressDetails:
        return AddressDetails(**_address(self, frozenset(_AddressWritten.model_fields)), postal=self.address.meant())


class CardAddressPatch(_AddressWritten):
    """A merge patch (RFC 7396): an absent field stays, a null empties; both lists are replaced whole."""

    address: AddressInput | None = None

    def edit(self, card: AddressDetails) -> AddressDetails:
        """``card`` with the fields that were sent."""
        sent = _address(self, self.model_fields_set - {"address"})
        if "address" in self.model_fields_set:
            sent["postal"] = self.address.patched(card.postal) if self.address else PostalAddress()
        return replace(card, **sent)


def _address(body: Closed, names: "set[str] | frozenset[str]") -> dict[str, Any]:
    sent = {name: getattr(body, name) for name in names}
    for name in ("allowed_for", "default_for"):
        if name in sent:
            sent[name] = frozenset(sent[name])
    if "use_main_of_id" in sent:
        sent["use_main_of"] = sent.pop("use_main_of_id")
    return sent


class CardAddress(Open):
    """An address beside the main one, which is on the card (B39)."""

    id: str = Field(examples=["adr_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    version: int = Field(examples=[1])
    code: str = Field(examples=["NANTES1"])
    role: open_choice(AddressRole)  # type: ignore[valid-type]
    address: Address
    address_lines: list[str] = Field(description="As printed (NF Z10-011).", examples=[["12 RUE DES LILAS"]])
    address_advice: list[AddressAdvice]
    siret: str | None
    phone: str | None
    email: str | None
    allowed_for: list[Document]
    default_for: list[Document]
    use_main_of_id: str | None
    created_at: UtcInstant
    updated_at: UtcInstant

    @classmethod
    def of(cls, view: AddressView) -> "CardAddress":
        card = view.details
        blank = PostalAddress(country=card.postal.country)
        return cls(
            id=wire_id("adr", view.id),
            version=view.version,
            code=view.code,
            role=card.role.value,
            address=Address.of(card.postal),
            address_lines=postal.address_lines(card.postal, name=view.named) if card.postal != blank else [],
            address_advice=advice(card.postal, view.named),
            siret=card.siret,
            phone=card.phone,
            email=card.email,
            allowed_for=_listed(card.allowed_for),
            default_for=_listed(card.default_for),
            use_main_of_id=party_id(card.use_main_of) if card.use_main_of else None,
            created_at=view.created_at,
            updated_at=view.updated_at,
        )


def _listed(documents: frozenset[DocumentType]) -> list[str]:
    return [each.value for each in DocumentType if each in documents]


class CardAddressPage(Listing[CardAddress]):
    """One page of a card's addresses, oldest first."""


class _ContactWritten(Closed):
    """What a person may write on a contact beside the name."""

    title: TableCode | None = Field(default=None, examples=["Mme"])
    first_name: Line | None = Field(default=None, examples=["Claire"])
    function: TableCode | None = Field(
        default=None, description="A code of the table `functions`: the roles follow from it (B36).", examples=["CDE"]
    )
    phone: Word | None = Field(default=None, examples=["0240000000"])
    mobile: Word | None = Field(default=None, examples=["0606060607"])
    email: Email | None = Field(default=None, examples=["claire.martin@example.org"])
    fax: Word | None = None
    address_id: AddressKey | None = Field(default=None, description="An address of the same card.", examples=[None])
    comment: Text | None = None


class CardContactCreate(_ContactWritten):
    """A person to turn to; without ``code`` the next automatic one: the beginning of the name (B57)."""

    code: PartCode | None = Field(default=None, examples=[None])
    name: Line = Field(examples=["MARTIN"])

    def meant(self) -> ContactDetails:
        names = (*_ContactWritten.model_fields, "name")
        return ContactDetails(**{name: getattr(self, name) for name in names})


class CardContactPatch(_ContactWritten):
    """A merge patch (RFC 7396): an absent field stays, a null empties."""

    name: Line = Field(default="", examples=["MARTIN"])

    def edit(self, card: ContactDetails) -> ContactDetails:
        """``card`` with the fields that were sent."""
        return replace(card, **{name: getattr(self, name) for name in self.model_fields_set})


class CardContact(Open):
    """A natural person to turn to (B34)."""

    id: str = Field(examples=["con_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    version: int = Field(examples=[1])
    code: str = Field(examples=["MARTIN1"])
    title: str | None
    name: str = Field(examples=["MARTIN"])
    first_name: str | None
    function: str | None = Field(examples=["CDE"])
    roles: list[Document]
    phone: str | None
    mobile: str | None
    email: str | None
    fax: str | None
    address_id: str | None
    comment: str | None
    created_at: UtcInstant
    updated_at: UtcInstant

    @classmethod
    def of(cls, view: ContactView) -> "CardContact":
        card = view.details
        return cls(
            id=wire_id("con", view.id),
            version=view.version,
            code=view.code,
            title=card.title,
            name=card.name,
            first_name=card.first_name,
            function=card.function,
            roles=[each.value for each in view.roles],
            phone=card.phone,
            mobile=card.mobile,
            email=card.email,
            fax=card.fax,
            address_id=wire_id("adr", card.address_id) if card.address_id else None,
            comment=card.comment,
            created_at=view.created_at,
            updated_at=view.updated_at,
        )


class CardContactPage(Listing[CardContact]):
    """One page of a card's contacts, oldest first."""


class _BankAccountWritten(Closed):
    """What a person may write on a bank account beside its number."""

    bic: Bic | None = Field(default=None, description="Null: that of the bank, when the registers know it.")
    domiciliation: Line | None = Field(default=None, examples=["LA BANQUE POSTALE NANTES"])
    main: bool = Field(
        default=False,
        description="The main account of the card; made so, it takes the place of another. Of those open one always is.",
        examples=[True],
    )
    closed_on: Day | None = Field(
        default=None, description="Not used any more from that day on (B44).", examples=[None]
    )


class BankAccountCreate(_BankAccountWritten):
    """A bank account, by its IBAN or, a French one, by its RIB."""

    model_config = ConfigDict(
        json_schema_extra={
            "if": {"required": ["rib"], "properties": {"rib": {"type": "string"}}},
            "else": {"required": ["iban"], "properties": {"iban": {"type": "string"}}},
        }
    )

    code: PartCode | None = Field(default=None, examples=[None])
    iban: Iban | None = Field(default=None, examples=["FR1420041010050500013M02606"])
    rib: RibText | None = Field(default=None, description="Bank, branch, account and key: 23 characters.")

    def meant(self) -> BankDetails:
        number = _number(self.iban, self.rib)
        if number is None:
            raise Invalid(faults=[Fault("missing", "/iban")])
        return BankDetails(
            iban=number, bic=self.bic, domiciliation=self.domiciliation, main=self.main, closed_on=self.closed_on
        )


class BankAccountPatch(_BankAccountWritten):
    """A merge patch (RFC 7396): an absent field stays, a null empties."""

    iban: Iban = Field(default="", examples=["FR1420041010050500013M02606"])
    rib: RibText = Field(default="", description="The RIB of the account, instead of its IBAN.")

    def edit(self, card: BankDetails) -> BankDetails:
        """``card`` with the fields that were sent."""
        sent = {name: getattr(self, name) for name in self.model_fields_set - {"iban", "rib"}}
        number = _number(self.iban or None, self.rib or None)
        return replace(card, **sent, iban=number or card.iban)


def _number(iban: str | None, rib: str | None) -> str | None:
    """The IBAN that both say. Raises ``Inconsistent`` when they name two accounts."""
    # a RIB does not say its country: the IBAN of the same account may be one of Monaco
    if iban is not None and rib is not None and iban[4:] != rib[4:]:
        raise Inconsistent(faults=[Fault("two-accounts", "/rib")])
    return iban or rib


class Rib(Open):
    """The parts of a French account number."""

    bank: str = Field(examples=["20041"])
    branch: str = Field(examples=["01005"])
    account: str = Field(examples=["0500013M026"])
    key: str = Field(examples=["06"])


class BankAccount(Open):
    """A bank account (RIB)."""

    id: str = Field(examples=["rib_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    version: int = Field(examples=[1])
    code: str = Field(examples=["RIB1"])
    iban: str = Field(examples=["FR1420041010050500013M02606"])
    bic: str | None = Field(examples=["PSSTFRPPPAR"])
    bank_name: str | None = Field(description="After the registers of banks.", examples=["LA BANQUE POSTALE"])
    rib: Rib | None = Field(description="The parts of a French or Monegasque IBAN.")
    domiciliation: str | None
    main: bool
    closed_on: str | None
    created_at: UtcInstant
    updated_at: UtcInstant

    @classmethod
    def of(cls, view: BankAccountView) -> "BankAccount":
        card, rib = view.details, view.rib
        return cls(
            id=wire_id("rib", view.id),
            version=view.version,
            code=view.code,
            iban=card.iban,
            bic=card.bic,
            bank_name=view.bank_name,
            rib=Rib(bank=rib.bank, branch=rib.branch, account=rib.account, key=rib.key) if rib else None,
            domiciliation=card.domiciliation,
            main=card.main,
            closed_on=card.closed_on.isoformat() if card.closed_on else None,
            created_at=view.created_at,
            updated_at=view.updated_at,
        )


class BankAccountPage(Listing[BankAccount]):
    """One page of a card's bank accounts, oldest first."""


NoteText = Annotated[str, StringConstraints(min_length=1, max_length=4000, pattern=r"^[^\x00]*$")]


class CardNoteCreate(Closed):
    """A note on a card (B64)."""

    text: NoteText = Field(examples=["Rappeler après les vacances."])

    def meant(self) -> str:
        return self.text


class CardNotePatch(Closed):
    """The note, written anew."""

    text: NoteText = Field(examples=["Rappelée le 3."])

    def edit(self, _before: str) -> str:
        return self.text


class CardNote(Open):
    """A note on a card."""

    id: str = Field(examples=["not_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    version: int = Field(examples=[1])
    text: str
    by: str = Field(description="Who wrote it.", examples=["staff:1"])
    created_at: UtcInstant
    updated_at: UtcInstant

    @classmethod
    def of(cls, view: NoteView) -> "CardNote":
        return cls(
            id=wire_id("not", view.id),
            version=view.version,
            text=view.text,
            by=view.by,
            created_at=view.created_at,
            updated_at=view.updated_at,
        )


class CardNotePage(Listing[CardNote]):
    """One page of a card's notes, oldest first."""
