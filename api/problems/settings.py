"""What the shop's own tables, its settings and its people refuse."""

from api.problems.wording import Wording

PROBLEMS: dict[str, Wording] = {
    "unknown-channel": Wording(
        404,
        "Boutique inconnue",
        "Unknown web shop",
        "Aucune boutique en ligne ne porte ce code, ou votre clé est celle d'une autre.",
        "No web shop has this code, or your key belongs to another one.",
    ),
    "unknown-code": Wording(
        409,
        "Code inconnu",
        "Unknown code",
        "Un code donné n'est pas dans les tables de la librairie. Ajoutez-le dans Réglages, ou choisissez-en un autre.",
        "A code given is not in the shop's tables. Add it in the settings, or choose another.",
    ),
    "code-in-use": Wording(
        409,
        "Code utilisé",
        "Code in use",
        "{count} fiche(s) portent ce code. Désactivez-le plutôt.",
        "{count} card(s) have this code. Deactivate it instead.",
    ),
    "code-unfit": Wording(
        409,
        "Code refusé par sa table",
        "Code unfit for its table",
        "Le code n'a pas la forme que sa table demande.",
        "The code does not have the form that its table asks for.",
    ),
    "category-in-use": Wording(
        409,
        "Catégorie utilisée",
        "Category in use",
        "Des articles, des remises ou d'autres catégories la nomment. Changez-les d'abord.",
        "Articles, discounts or other categories name it. Change them first.",
    ),
    "table-full": Wording(
        409,
        "Table pleine",
        "Table full",
        "Une table contient {most} valeurs au plus. Supprimez-en une d'abord.",
        "A table holds at most {most} values. Delete one first.",
    ),
    "last-administrator": Wording(
        409,
        "Dernier administrateur",
        "Last administrator",
        "Plus personne n'administrerait la librairie. Donnez d'abord ce droit à quelqu'un d'autre.",
        "Nobody would administer the shop any more. Give that right to somebody else first.",
    ),
}

FAULTS: dict[str, tuple[str, str]] = {
    "counter-exhausted": ("plus de numéro automatique libre", "no automatic number is left"),
    "unknown-code": ("ce code n'est pas dans la table {table}", "the table {table} does not have this code"),
    "unknown-program": (
        "la librairie n'a pas de programme de fidélité « {code} »",
        'the shop has no loyalty program "{code}"',
    ),
    "unknown-field": ("aucune rubrique de ce code", "no field has this code"),
    "field-kind": ("valeur attendue : {kind}", "expected a value of kind {kind}"),
    "parent-level": ("le nœud supérieur doit être du niveau au-dessus", "the parent must be of the level above"),
    "children-level": (
        "les nœuds inférieurs ne sont pas du niveau au-dessous",
        "the nodes below are not of the level below",
    ),
    "law-percent": ("un pourcentage va de 0 à 100", "a percent goes from 0 to 100"),
    "law-copies": ("un nombre entier d'exemplaires", "a whole number of copies"),
    "unknown-place": ("places connues : {places}", "known places: {places}"),
    "steps-in-order": (
        "des étapes de relance dans leur ordre, à des jours croissants",
        "steps of the escalation in their order, on rising days",
    ),
    "never-open": (
        "la librairie doit ouvrir au moins un jour par semaine",
        "the shop must open one day a week at least",
    ),
    "shared-function": (
        "ce code fonction vaut aussi pour un rôle qui le garde : les contacts perdraient un rôle",
        "this function code also stands for a role that keeps it: contacts would lose a role",
    ),
    "segments": (
        "segments croissants, 4 au plus, 8 positions au plus",
        "rising segments, at most 4, at most 8 positions",
    ),
    "stat-code-format": ("8 lettres ou chiffres au plus", "at most 8 letters or digits"),
    "code-format": ("8 lettres ou chiffres au plus", "at most 8 letters or digits"),
    "stat-code-length": ("{length} caractères au plus sur cet axe", "at most {length} characters on this axis"),
    "country-code": ("deux lettres (ISO 3166-1)", "two letters (ISO 3166-1)"),
    "scope": ("droit inconnu", "unknown right"),
    "choices-needed": ("une liste de choix est nécessaire", "a list of choices is needed"),
    "choices-unwanted": ("les choix vont avec ce genre de rubrique, et lui seul", "choices go with that kind only"),
}
