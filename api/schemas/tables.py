"""The shop's own tables and fields on the wire."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from api.schemas.base import Closed, Line, Listing, Open, UtcInstant, chosen, open_choice, whole, wire_id
from api.schemas.customers import Questionnaire
from api.schemas.identities import TableCode
from domain.model.reference import FieldKind, FieldRecord, Table
from domain.queries.tables import FieldView, ValueView
from domain.usecases.tables import FieldCard, ValueCard

TITLES: Mapping[Table, tuple[str, str]] = {
    Table.TITLES: ("Civilités", "Titles"),
    Table.COUNTRIES: ("Pays", "Countries"),
    Table.LANGUAGES: ("Langues", "Languages"),
    Table.CATEGORIES: ("Catégories de clients", "Customer categories"),
    Table.FUNCTIONS: ("Fonctions des contacts", "Functions of contacts"),
    Table.PAYMENT_MODES: ("Modes de paiement", "Payment modes"),
    Table.PRINT_MODES: ("Modes d'impression", "Print modes"),
    Table.REMINDER_FAMILIES: ("Familles de relance", "Reminder families"),
    Table.TARIFFS: ("Codes tarif", "Tariff codes"),
    Table.CONFIDENTIALITY: ("Codes confidentialité", "Confidentiality codes"),
    Table.STAT_1: ("Codes statistiques, axe 1", "Statistics codes, axis 1"),
    Table.STAT_2: ("Codes statistiques, axe 2", "Statistics codes, axis 2"),
    Table.STAT_3: ("Codes statistiques, axe 3", "Statistics codes, axis 3"),
}

Position = Annotated[int, Field(ge=1, le=100_000), BeforeValidator(whole)]


class ReferenceTable(Open):
    """A table that the shop edits; ``count`` is how many values it has."""

    name: open_choice(Table)  # type: ignore[valid-type]
    title: str = Field(examples=["Civilités"])
    title_en: str = Field(examples=["Titles"])
    count: int = Field(examples=[9])


class ReferenceTables(Listing[ReferenceTable]):
    """Every table."""

    @classmethod
    def of(cls, counts: Mapping[Table, int]) -> "ReferenceTables":
        tables = [
            ReferenceTable(name=table.value, title=french, title_en=english, count=counts.get(table, 0))
            for table, (french, english) in TITLES.items()
        ]
        return cls(items=tables, next=None)


class ReferenceValue(Open):
    """One value. An inactive one stays on the cards that have it and is proposed no more."""

    table: open_choice(Table)  # type: ignore[valid-type]
    code: str = Field(examples=["Mme"])
    label: str = Field(examples=["Madame"])
    label_en: str | None = Field(examples=["Mrs"])
    position: int = Field(examples=[2])
    active: bool = Field(examples=[True])
    updated_at: UtcInstant
    version: int = Field(examples=[1])

    @classmethod
    def of(cls, view: ValueView) -> "ReferenceValue":
        return cls(
            table=view.table.value,
            code=view.code,
            label=view.label,
            label_en=view.label_en,
            position=view.position,
            active=view.active,
            updated_at=view.updated_at,
            version=view.version,
        )


class ReferenceValuePage(Listing[ReferenceValue]):
    """All values of a table in their order."""


class ReferenceValueCreate(Closed):
    """A new value; without ``position`` the last."""

    code: TableCode = Field(examples=["BIB"])
    label: Line = Field(examples=["Bibliothèque"])
    label_en: Line | None = Field(default=None, examples=["Library"])
    position: Position | None = Field(default=None, examples=[None])
    active: bool = True

    def meant(self) -> ValueCard:
        return ValueCard(label=self.label, label_en=self.label_en, position=self.position, active=self.active)


class ReferenceValuePatch(Closed):
    """A merge patch (RFC 7396); the code stays, for cards have it."""

    label: Line = Field(default="", examples=["Médiathèque"])
    label_en: Line | None = Field(default=None, examples=["Media library"])
    position: Position = Field(default=1, examples=[3])
    active: bool = Field(default=True, examples=[False])

    def edit(self, card: ValueCard) -> ValueCard:
        return replace(card, **{name: getattr(self, name) for name in self.model_fields_set})


# the shop's own fields -------------------------------------------------------------------------------------------


def distinct(texts: list[Any]) -> list[Any]:
    if len(set(texts)) < len(texts):
        raise PydanticCustomError("twice", "named twice")
    return texts


def _choices(least: int) -> Any:
    return Annotated[
        list[Line],
        AfterValidator(distinct),
        Field(min_length=least, max_length=100, json_schema_extra={"uniqueItems": True}),
    ]


class CustomField(Open):
    """A field of the shop's own (rubrique); its questionnaire and code are case-sensitive (B60)."""

    id: str = Field(examples=["fld_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    record: open_choice(FieldRecord)  # type: ignore[valid-type]
    questionnaire: str = Field(examples=["IMPLICITE_CLI"])
    code: str = Field(examples=["A100"])
    label: str = Field(examples=["Club de lecture"])
    kind: open_choice(FieldKind)  # type: ignore[valid-type]
    choices: list[str]
    position: int = Field(examples=[1])
    updated_at: UtcInstant
    version: int = Field(examples=[1])

    @classmethod
    def of(cls, view: FieldView) -> "CustomField":
        return cls(
            id=wire_id("fld", view.id),
            record=view.record.value,
            questionnaire=view.questionnaire,
            code=view.code,
            label=view.label,
            kind=view.kind.value,
            choices=list(view.choices),
            position=view.position,
            updated_at=view.updated_at,
            version=view.version,
        )


class CustomFieldPage(Listing[CustomField]):
    """The shop's own fields, by questionnaire."""


class CustomFieldCreate(Closed):
    """A new field. Choices go with the kind ``choice``, which needs them."""

    model_config = ConfigDict(
        json_schema_extra={
            "if": {"required": ["kind"], "properties": {"kind": {"const": "choice"}}},
            "then": {"required": ["choices"], "properties": {"choices": {"minItems": 1}}},
            "else": {"properties": {"choices": {"maxItems": 0}}},
        }
    )

    record: chosen(FieldRecord) = Field(examples=["customer"])  # type: ignore[valid-type]
    questionnaire: Questionnaire = Field(examples=["IMPLICITE_CLI"])
    code: Questionnaire = Field(examples=["A100"])
    label: Line = Field(examples=["Club de lecture"])
    kind: chosen(FieldKind) = Field(examples=["flag"])  # type: ignore[valid-type]
    choices: _choices(0) = Field(default_factory=list)  # type: ignore[valid-type]
    position: Position | None = Field(default=None, examples=[None])

    @model_validator(mode="after")
    def _choices_go_with_their_kind(self) -> "CustomFieldCreate":
        if (self.kind is FieldKind.CHOICE) != bool(self.choices):
            needed = self.kind is FieldKind.CHOICE
            raise PydanticCustomError("choices-needed" if needed else "choices-unwanted", "choices and kind")
        return self

    def meant(self) -> FieldCard:
        return FieldCard(label=self.label, choices=tuple(self.choices), position=self.position)


class CustomFieldPatch(Closed):
    """A merge patch (RFC 7396); record, questionnaire, code and kind stay, for cards have answers."""

    label: Line = Field(default="", examples=["Club du jeudi"])
    choices: _choices(1) = Field(default_factory=list, examples=[["Polar", "Poésie"]])  # type: ignore[valid-type]
    position: Position = Field(default=1, examples=[2])

    def edit(self, card: FieldCard) -> FieldCard:
        sent: dict[str, Any] = {name: getattr(self, name) for name in self.model_fields_set}
        if "choices" in sent:
            sent["choices"] = tuple(sent["choices"])
        return replace(card, **sent)
