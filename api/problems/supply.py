"""What articles, their stock and supplier orders refuse."""

from api.problems.wording import Wording

PROBLEMS: dict[str, Wording] = {
    "unknown-article": Wording(
        404,
        "Article inconnu",
        "Unknown article",
        "Aucun article ne porte l'EAN {ean}. Créez d'abord l'article, puis recommencez.",
        "No article has the EAN {ean}. Create the article first (PUT /v1/articles/{ean}), then try again.",
    ),
    "supplier-order-closed": Wording(
        409,
        "La commande fournisseur ne le permet pas",
        "The supplier order does not allow this",
        "La commande fournisseur {number} est dans l'état « {state} ».",
        "Supplier order {number} is in the state '{state}'.",
    ),
    "no-supplier": Wording(
        409,
        "Fournisseur inconnu",
        "No supplier",
        "On ne sait pas à qui commander ces lignes : choisissez un fournisseur, ou donnez-en un à chaque article.",
        "Nobody knows whom to ask for these lines: choose a supplier, or give each article one.",
    ),
    "nothing-to-order": Wording(
        409,
        "Rien à commander",
        "Nothing to order",
        "Tous les exemplaires attendus sont déjà commandés aux fournisseurs.",
        "Every copy waited for is on a supplier order already.",
    ),
    "copies-promised": Wording(
        409,
        "Exemplaires attendus par des clients",
        "Customers wait for these copies",
        "« {title} » : des clients attendent {linked} exemplaire(s) de cette ligne.",
        "{title}: customers wait for {linked} copies of this line.",
    ),
    "unfit-lines": Wording(
        409,
        "Lignes refusées",
        "Unfit lines",
        "Les lignes nommées par les erreurs ne le permettent pas ; rien n'a été fait.",
        "The lines that the errors name do not allow this; nothing was done.",
    ),
    "out-of-stock": Wording(
        409,
        "Stock insuffisant",
        "Not enough stock",
        "Le stock ne suffit pas pour : {titles}. Réceptionnez ou corrigez le stock, puis recommencez.",
        "Stock does not suffice for: {titles}. Receive or correct the stock, then try again.",
    ),
    "too-many-copies": Wording(
        409,
        "Trop d'exemplaires",
        "Too many copies",
        "Le stock de l'article {ean} ne peut pas dépasser {most} exemplaires.",
        "The stock of article {ean} cannot exceed {most} copies.",
    ),
}

FAULTS: dict[str, tuple[str, str]] = {
    "ean-format": ("un EAN a exactement 13 chiffres", "an EAN has exactly 13 digits"),
    "ean-check-digit": ("la clé de contrôle de l'EAN est fausse", "the EAN's check digit is wrong"),
    "unknown-article": ("aucun article ne porte l'EAN {ean}", "no article has the EAN {ean}"),
    "digital-article": ("version numérique : rien à ranger ni à garder", "digital: nothing to shelve or keep"),
    "stock-moved": (
        "« {title} » : {available} en stock à présent, {believed} lors du comptage ; recomptez",
        "{title}: {available} in stock now, {believed} when it was counted; count again",
    ),
    "no-supplier": ("ce tiers n'est pas un fournisseur", "this third party is no supplier"),
    "more-than-unsupplied": (
        "« {title} » : {unsupplied} exemplaire(s) restent à commander",
        "{title}: {unsupplied} copies are left to order",
    ),
    "nobody-supplies": ("« {title} » (commande {number}) : aucun fournisseur", "{title} (order {number}): no supplier"),
    "not-a-supplier": ("ce tiers n'est pas un fournisseur ouvert", "this third party is no open supplier"),
    "other-supplier": ("la commande fournisseur est de {name}", "the supplier order is of {name}"),
    "nothing-expected": ("« {title} » : plus rien n'est attendu", "{title}: nothing is to come any more"),
    "notice-empty": ("l'avis ne nomme aucun article", "the notice names no article"),
    "notice-long": ("ligne {row} : {most} lignes au plus", "line {row}: at most {most} lines"),
    "notice-form": ("ligne {row} : il faut EAN;quantité", "line {row}: EAN;quantité is needed"),
    "notice-ean-format": ("ligne {row} : un EAN a exactement 13 chiffres", "line {row}: an EAN has exactly 13 digits"),
    "notice-ean-check-digit": (
        "ligne {row} : la clé de contrôle de l'EAN est fausse",
        "line {row}: the EAN's check digit is wrong",
    ),
    "notice-quantity": ("ligne {row} : quantité entière de 1 à 9999", "line {row}: a whole quantity from 1 to 9999"),
    "notice-unknown-article": (
        "ligne {row} : aucun article ne porte l'EAN {ean}",
        "line {row}: no article has the EAN {ean}",
    ),
    "notice-digital-article": ("ligne {row} : version numérique ({ean})", "line {row}: digital ({ean})"),
}
