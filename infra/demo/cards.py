"""What the demo's cards are made of, and all of the file that is neither a customer's own card nor a document."""

from dataclasses import dataclass, field
from uuid import UUID

from domain.model.access import User
from domain.model.card import (
    Address,
    BankAccount,
    Consent,
    ContactPerson,
    DiscountRule,
    Note,
)
from domain.model.flash import Flash
from domain.model.reference import CustomField, ReferenceValue, Table
from domain.model.settings import STAT_AXES, DossierSettings
from domain.model.statcodes import StatAxis
from domain.model.third_party import ThirdParty
from domain.model.values import (
    StaffId,
)
from infra.demo.days import Days
from infra.demo.till import PROGRAMS

SEEDS = 3
"""The customers that stay as the seeds show them; they are the first."""
COLLEAGUE = "ines"
COLLEAGUE_SCOPES = ("customers:*", "orders:*", "reservations:*", "articles:*")
"""All of the counter, but neither the visa's settings nor confidential cards."""
QUESTIONNAIRE = "IMPLICITE_CLI"
CATEGORIES = {
    "ECOLE": ("ÉCOLE", "GROUPE SCOLAIRE", "COLLÈGE", "LYCÉE", "CRÈCHE", "MAISON D'ASSISTANTES"),
    "MAIRIE": ("MAIRIE", "COMMUNAUTÉ"),
    "BIB": ("MÉDIATHÈQUE", "BIBLIOTHÈQUE"),
    "ASSO": ("COMITÉ", "ASSOCIATION", "AMICALE", "FOYER", "CENTRE"),
}
"""How the names of each category begin; the others are firms and houses."""
BILLED = {
    "ÉCOLE PRIMAIRE LES TILLEULS": "MAIRIE DE SAINT-AUBIN-DES-LANDES",
    "ÉCOLE MATERNELLE DU VIEUX-PORT": "MAIRIE DE SAINT-AUBIN-DES-LANDES",
    "ÉCOLE ÉLÉMENTAIRE JULES-VERNE": "MAIRIE DE LA CHAPELLE-AUX-ŒUVRES",
}
"""Who buys, and who is invoiced (A60)."""
GROUPED = {"MÉDIATHÈQUE DE L'ÎLE": "COMMUNAUTÉ DE COMMUNES DU BOCAGE"}
HIDDEN = "HÔPITAL DE JOUR LES GLYCINES"
STATISTICS = {
    Table.STAT_1: (
        ("22", "Côtes-d'Armor"),
        ("29", "Finistère"),
        ("35", "Ille-et-Vilaine"),
        ("44", "Loire-Atlantique"),
        ("44NAN", "Nantes"),
        ("49", "Maine-et-Loire"),
        ("56", "Morbihan"),
        ("85", "Vendée"),
        ("99", "Ailleurs"),
    ),
    Table.STAT_2: (("PAR", "Particuliers"), ("PUB", "Secteur public"), ("PRI", "Associations et entreprises")),
}
AXES = (
    StatAxis(number=1, label="Secteur géographique", segments=(2, 5)),
    StatAxis(number=2, label="Type de clientèle", segments=(3,)),
    STAT_AXES[2],
)
CLUBS = ("Jeudi soir", "Samedi matin")
NOTES = (
    "A demandé la liste des prix littéraires de l'automne.",
    "Apporter les spécimens à la prochaine visite.",
    "Budget voté en mars : relancer pour la commande de rentrée.",
    "Règle toujours par virement, sous huit jours.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFile:
    """All of the file that is neither a customer's own card nor a document."""

    third_parties: list[ThirdParty] = field(default_factory=list)
    addresses: list[Address] = field(default_factory=list)
    contacts: list[ContactPerson] = field(default_factory=list)
    accounts: list[BankAccount] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    discounts: list[DiscountRule] = field(default_factory=list)
    consents: list[Consent] = field(default_factory=list)
    flashes: list[Flash] = field(default_factory=list)
    values: list[ReferenceValue] = field(default_factory=list)
    fields: list[CustomField] = field(default_factory=list)


def settings(*, staff_id: UUID) -> DossierSettings:
    """What the demo shop decided: statistics, and who is told of new cards."""
    return DossierSettings(
        stat_axes=AXES, loyalty=PROGRAMS, flash_customers=(StaffId(staff_id),), flash_third_parties=(StaffId(staff_id),)
    )


def colleague(*, days: Days, password_hash: str) -> User:
    """A second person at the counter, with the password of the first."""
    at = days.ago(300)
    return User(
        id=StaffId(days.new_id(at)),
        login=COLLEAGUE,
        name="Inès",
        password_hash=password_hash,
        scopes=COLLEAGUE_SCOPES,
        created_at=at,
    )
