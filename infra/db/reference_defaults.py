"""What the shop's own tables hold when a dossier is opened; the shop edits them from then on."""

from collections.abc import Iterator

from domain.model.answers import Effect
from domain.model.reference import Table
from infra.directory import Directory

_VALUES: dict[Table, tuple[tuple[str, str, str], ...]] = {
    Table.TITLES: (
        ("M.", "Monsieur", "Mr"),
        ("Mme", "Madame", "Mrs"),
        ("Mlle", "Mademoiselle", "Miss"),
        ("M. et Mme", "Monsieur et Madame", "Mr and Mrs"),
        ("Dr", "Docteur", "Doctor"),
        ("Me", "Maître", "Maître"),
        ("Pr", "Professeur", "Professor"),
        ("Sté", "Société", "Company"),
        ("Asso", "Association", "Association"),
    ),
    Table.CATEGORIES: (
        ("PART", "Particulier", "Private person"),
        ("ECOLE", "École, collège, lycée", "School"),
        ("BIB", "Bibliothèque", "Library"),
        ("MAIRIE", "Mairie, collectivité", "Town hall"),
        ("ASSO", "Association, CSE", "Association, works council"),
        ("ENT", "Entreprise", "Company"),
    ),
    Table.FUNCTIONS: (
        ("CDE", "Destinataire des commandes", "Receives orders"),
        ("LIV", "Destinataire des bons de livraison", "Receives delivery notes"),
        ("FAC", "Destinataire des factures", "Receives invoices"),
        ("REL", "Destinataire des relances", "Receives reminders"),
        ("DEV", "Destinataire des devis", "Receives quotes"),
        ("DIR", "Direction", "Management"),
        ("DOC", "Documentaliste", "Librarian"),
    ),
    Table.PAYMENT_MODES: (
        ("CB", "Carte bancaire", "Card"),
        ("CHQ", "Chèque", "Cheque"),
        ("ESP", "Espèces", "Cash"),
        ("VIR", "Virement", "Transfer"),
        ("PRLV", "Prélèvement", "Direct debit"),
        ("MANDAT", "Mandat administratif", "Administrative order"),
    ),
    Table.PRINT_MODES: (
        ("PAPIER", "Papier", "Paper"),
        ("MAIL", "E-mail", "E-mail"),
        ("CHORUS", "Chorus Pro", "Chorus Pro"),
    ),
    Table.REMINDER_FAMILIES: (
        ("STD", "Relance standard", "Standard"),
        ("COLL", "Collectivités", "Public bodies"),
        ("AUCUNE", "Aucune relance", "None"),
    ),
    Table.TARIFFS: (("PUB", "Prix public", "Public price"),),
    Table.CONFIDENTIALITY: (("DIR", "Direction seulement", "Management only"),),
}


def rows() -> Iterator[tuple[Table, str, str, str, int]]:
    """Table, code, label, English label, position."""
    directory = Directory()
    for table, values in _VALUES.items():
        for position, (code, label, english) in enumerate(values, start=1):
            yield table, code, label, english, position
    english_countries, english_languages = directory.countries("en"), directory.languages("en")
    for position, (code, label) in enumerate(directory.countries("fr").items(), start=1):
        yield Table.COUNTRIES, code, label, english_countries[code], position
    for position, (code, label) in enumerate(directory.languages("fr").items(), start=1):
        yield Table.LANGUAGES, code, label, english_languages[code], position


_ANSWERS: tuple[tuple[str, str, str, Effect], ...] = (
    ("1", "Disponible", "Available", Effect.WAIT),
    ("2", "Pas encore paru", "Not yet published", Effect.WAIT),
    ("3", "Réimpression en cours", "Reprinting", Effect.WAIT),
    ("4", "Provisoirement non disponible", "Temporarily unavailable", Effect.WAIT),
    ("5", "Ne sera plus distribué par nous", "No longer supplied by us", Effect.REORDER),
    ("6", "Arrêt définitif de commercialisation (épuisé)", "Out of print", Effect.CLOSE),
    ("7", "Manque sans date", "Missing, no date", Effect.ASK),
    ("8", "À reparaître", "Awaiting re-issue", Effect.MOVE),
    ("9", "Abandon de parution", "Publication abandoned", Effect.CLOSE),
)
"""The availability codes of the trade's file (FEL, trade.md), with what they mean for a waiting line."""


def answers() -> Iterator[tuple[str, str, str, Effect, int]]:
    """Code, label, English label, effect, position."""
    for position, (code, label, english, effect) in enumerate(_ANSWERS, start=1):
        yield code, label, english, effect, position
