"""The declaration of the lending right on the wire, and as a table."""

from pydantic import ConfigDict, Field

from api.schemas.base import Open, Sum, UtcInstant, euros, open_choice, wire_id
from domain.model.lending import LendingItem as ItemView
from domain.model.lending import LendingSums, LibraryPurchase, Untold
from domain.ports.spreadsheets import Cell, Column, Figures, Sheet
from domain.queries.lending import LendingReport

WHY = {
    Untold.NO_DOCUMENT: (
        "Cet achat n'a pas de numéro de facture : la déclaration se fait par facture.",
        "This purchase has no invoice number: what is declared is declared by invoice.",
    ),
    Untold.CONFIDENTIAL: (
        "La fiche de cette bibliothèque est confidentielle : demandez à qui peut la voir.",
        "The card of this library is confidential: ask somebody who may see it.",
    ),
}


class LendingSupplier(Open):
    """The shop: the GLN (Gencod) and SIRET of the company file, null while they are not filled in."""

    name: str = Field(examples=["Librairie du Comptoir"])
    gln: str | None = Field(examples=["3014567890124"])
    siret: str | None = Field(examples=["73282932000074"])


class LendingTotal(Open):
    """New printed books only. ``list_net`` is their public price without VAT, ``due`` the 6 % of it that the shop owes (R13)."""

    copies: int = Field(examples=[12])
    net: Sum
    vat: Sum
    gross: Sum
    list_net: Sum
    due: Sum

    @classmethod
    def figures(cls, sums: LendingSums) -> dict[str, object]:
        return {
            "copies": sums.copies,
            "net": euros(sums.net),
            "vat": euros(sums.vat),
            "gross": euros(sums.gross),
            "list_net": euros(sums.list_net),
            "due": euros(sums.due),
        }

    @classmethod
    def of(cls, sums: LendingSums) -> "LendingTotal":
        return cls.model_validate(cls.figures(sums))


class LendingItem(LendingTotal):
    """The books of one invoice to a lending library (R14); negative for a credit note. ``gln`` is the card's gencod."""

    library_customer_id: str = Field(examples=["cus_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    name: str = Field(examples=["Médiathèque de Saint-Herblain"])
    gln: str | None
    siret: str | None
    document: str = Field(description="The invoice number.", examples=["F2026-0042"])
    issued_on: str = Field(examples=["2026-09-21"])

    @classmethod
    def item(cls, view: ItemView) -> "LendingItem":
        return cls.model_validate(
            {
                **cls.figures(view.sums),
                "library_customer_id": wire_id("cus", view.library.id),
                "name": view.library.name,
                "gln": view.library.gln,
                "siret": view.library.siret,
                "document": view.document,
                "issued_on": view.issued_on.isoformat(),
            }
        )


class UndeclaredPurchase(Open):
    """A book sold to a lending library that is not in the declaration. Of a confidential card neither who nor what is said."""

    purchase_id: str = Field(examples=["pur_019301a2b3c47d5e8f90a1b2c3d4e5f6"])
    at: UtcInstant
    customer_id: str | None
    name: str | None
    title: str | None
    copies: int = Field(examples=[1])
    list_net: Sum
    why: open_choice(Untold)  # type: ignore[valid-type]
    detail: str

    @classmethod
    def told(cls, view: LibraryPurchase, why: Untold, *, english: bool) -> "UndeclaredPurchase":
        hidden = why is Untold.CONFIDENTIAL
        return cls(
            purchase_id=wire_id("pur", view.id),
            at=view.at,
            customer_id=None if hidden else wire_id("cus", view.library.id),
            name=None if hidden else view.library.name,
            title=None if hidden else view.title,
            copies=view.quantity,
            list_net=euros(view.list_net),
            why=why.value,
            detail=WHY[why][english],
        )


class LendingDeclaration(Open):
    """What the shop declares to SOFIA for a period (droit de prêt, R13, R14), by invoice number."""

    model_config = ConfigDict(frozen=True, populate_by_name=True, serialize_by_alias=True)

    from_: str = Field(alias="from", examples=["2026-01-01"])
    to: str = Field(description="Left out of the period.", examples=["2027-01-01"])
    supplier: LendingSupplier
    items: list[LendingItem]
    missing: list[UndeclaredPurchase] = Field(description="Books for libraries that could not be declared, and why.")
    total: LendingTotal

    @classmethod
    def of(cls, report: LendingReport, *, english: bool) -> "LendingDeclaration":
        shop, declared = report.supplier, report.declared
        return cls(
            from_=report.start.isoformat(),
            to=report.until.isoformat(),
            supplier=LendingSupplier(name=shop.name, gln=shop.gln, siret=shop.siret),
            items=[LendingItem.item(each) for each in declared.items],
            missing=[UndeclaredPurchase.told(each, why, english=english) for each, why in declared.missing],
            total=LendingTotal.of(declared.total),
        )


COLUMNS = (
    (("Fournisseur", "Supplier"), Figures.TEXT),
    (("GLN fournisseur", "Supplier's GLN"), Figures.TEXT),
    (("SIRET fournisseur", "Supplier's SIRET"), Figures.TEXT),
    (("Bibliothèque", "Library"), Figures.TEXT),
    (("GLN bibliothèque", "Library's GLN"), Figures.TEXT),
    (("SIRET bibliothèque", "Library's SIRET"), Figures.TEXT),
    (("N° de facture", "Invoice number"), Figures.TEXT),
    (("Date de facture", "Invoice date"), Figures.DAY),
    (("Exemplaires", "Copies"), Figures.COUNT),
    (("Montant HT", "Amount excl. VAT"), Figures.EUROS),
    (("TVA", "VAT"), Figures.EUROS),
    (("Montant TTC", "Amount incl. VAT"), Figures.EUROS),
    (("Prix public HT", "Public price excl. VAT"), Figures.EUROS),
    (("Droit de prêt", "Lending right"), Figures.EUROS),
)
MISSING_COLUMNS = (
    (("Achat", "Purchase"), Figures.TEXT),
    (("Date", "Date"), Figures.DAY),
    (("Bibliothèque", "Library"), Figures.TEXT),
    (("Titre", "Title"), Figures.TEXT),
    (("Exemplaires", "Copies"), Figures.COUNT),
    (("Prix public HT", "Public price excl. VAT"), Figures.EUROS),
    (("Pourquoi", "Why"), Figures.TEXT),
)


def sheets_of(report: LendingReport, *, english: bool) -> tuple[Sheet, Sheet]:
    """The declaration, and what could not be declared."""
    shop = report.supplier
    rows: list[tuple[Cell, ...]] = [
        (
            shop.name,
            shop.gln,
            shop.siret,
            each.library.name,
            each.library.gln,
            each.library.siret,
            each.document,
            each.issued_on,
            *_figures(each.sums),
        )
        for each in report.declared.items
    ]
    total = ("Total", *(None,) * 7, *_figures(report.declared.total))
    missing: list[tuple[Cell, ...]] = []
    for each, why in report.declared.missing:
        said = UndeclaredPurchase.told(each, why, english=english)
        missing.append(
            (said.purchase_id, each.on, said.name, said.title, each.quantity, each.list_net, said.detail),
        )
    return (
        Sheet(
            name=("Droit de prêt", "Lending right")[english], columns=_columns(COLUMNS, english), rows=rows, total=total
        ),
        Sheet(name=("Non déclarés", "Not declared")[english], columns=_columns(MISSING_COLUMNS, english), rows=missing),
    )


def _columns(named: tuple[tuple[tuple[str, str], Figures], ...], english: bool) -> list[Column]:
    return [
        Column(title=title[english], holds=holds, width=24 if holds is Figures.TEXT else 16) for title, holds in named
    ]


def _figures(sums: LendingSums) -> tuple[Cell, ...]:
    return (sums.copies, sums.net, sums.vat, sums.gross, sums.list_net, sums.due)
