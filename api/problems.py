"""The one table from what went wrong to what the caller reads: RFC 9457, French or English (api.md, rule 6).

Nothing of the request's values is echoed but the EAN, which is what a person must look for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.schemas.base import FieldProblem, Problem
from domain import errors
from domain.errors import Fault, ShopError

log = structlog.get_logger(__name__)

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Wording:
    """A problem type: its status, and its title and detail in both languages; ``{fact}`` is filled in."""

    status: int
    title_fr: str
    title_en: str
    detail_fr: str
    detail_en: str


PROBLEMS: dict[str, Wording] = {
    "malformed-json": Wording(
        400,
        "Le corps n'est pas du JSON valable",
        "The body is not valid JSON",
        "Envoyez un document JSON en UTF-8, sans BOM, sans clé en double, sans NaN ni Infinity, et peu imbriqué.",
        "Send one JSON document in UTF-8 without BOM, duplicate keys, NaN or Infinity, and not deeply nested.",
    ),
    "idempotency-key-missing": Wording(
        400,
        "L'en-tête Idempotency-Key manque",
        "The Idempotency-Key header is missing",
        "Chaque création porte un en-tête Idempotency-Key de 1 à 255 caractères, choisi par vous et jamais réutilisé.",
        "Every create carries an Idempotency-Key header of 1 to 255 characters, chosen by you and never used again.",
    ),
    "not-authenticated": Wording(
        401,
        "Identification nécessaire",
        "Authentication is needed",
        "Les identifiants manquent, sont faux ou ne valent plus. Envoyez une clé (Authorization: Bearer) ou connectez-vous.",
        "Credentials are missing, wrong or no longer valid. Send a key (Authorization: Bearer) or log in.",
    ),
    "forbidden": Wording(
        403,
        "Ce droit vous manque",
        "You lack the right",
        "Il faut le droit « {scope} » pour cette action.",
        'This needs the right "{scope}".',
    ),
    "csrf": Wording(
        403,
        "Le jeton de la page manque ou est périmé",
        "The page's token is missing or stale",
        "Avec une session, chaque modification porte l'en-tête X-CSRF-Token donné par GET /v1/me.",
        "With a session, every change carries the X-CSRF-Token header that GET /v1/me gives.",
    ),
    "not-found": Wording(
        404, "Introuvable", "Not found", "Cette fiche n'existe pas ici.", "There is no such record here."
    ),
    "no-such-path": Wording(
        404,
        "Adresse inconnue",
        "No such address",
        "Rien ne répond à cette adresse.",
        "Nothing answers at this address.",
    ),
    "unknown-cursor": Wording(
        404,
        "Page inconnue",
        "Unknown page",
        "Ce curseur ne vient pas de cette recherche. Reprenez à la première page.",
        "This cursor does not belong to this search. Start again at the first page.",
    ),
    "unknown-article": Wording(
        404,
        "Article inconnu",
        "Unknown article",
        "Aucun article ne porte l'EAN {ean}. Créez d'abord l'article, puis recommencez.",
        "No article has the EAN {ean}. Create the article first (PUT /v1/articles/{ean}), then try again.",
    ),
    "unknown-channel": Wording(
        404,
        "Boutique inconnue",
        "Unknown web shop",
        "Aucune boutique en ligne ne porte ce code, ou votre clé est celle d'une autre.",
        "No web shop has this code, or your key belongs to another one.",
    ),
    "method-not-allowed": Wording(
        405,
        "Méthode refusée",
        "Method not allowed",
        "Cette adresse accepte : {allow}.",
        "This address accepts: {allow}.",
    ),
    "conflict": Wording(
        409,
        "L'état de la fiche ne le permet pas",
        "The record's state does not allow this",
        "Relisez la fiche : elle n'est plus dans l'état attendu.",
        "Read the record again: it is not in the state expected.",
    ),
    "order-locked": Wording(
        409,
        "La préparation a commencé",
        "Picking has begun",
        "La commande {number} ({status}) est en préparation : la boutique ne peut plus la modifier. Appelez la librairie.",
        "Order {number} ({status}) is being picked: the web shop can no longer change it. Call the bookshop.",
    ),
    "order-closed": Wording(
        409,
        "La commande ne le permet pas",
        "The order does not allow this",
        "La commande {number} est au statut {status}.",
        "Order {number} has the status {status}.",
    ),
    "line-in-use": Wording(
        409,
        "La ligne est déjà servie",
        "The line is already served",
        "« {title} » : {served} exemplaire(s) sont déjà mis de côté, livrés ou annulés, ou c'est la dernière ligne.",
        '"{title}": {served} copies are already set aside, delivered or cancelled, or it is the last line.',
    ),
    "nothing-to-return": Wording(
        409,
        "Retour impossible",
        "Nothing to return",
        "On ne reprend que ce qui a été livré : voyez la liste des lignes.",
        "Only delivered copies are taken back: see the list of lines.",
    ),
    "already-refunded": Wording(
        409,
        "Commande déjà remboursée",
        "Order already refunded",
        "De l'argent a été rendu sur la commande {number} : elle ne se rouvre plus. Prenez une nouvelle commande.",
        "Money was given back for order {number}: it is not opened again. Take a new order.",
    ),
    "refund-too-large": Wording(
        409,
        "Remboursement trop grand",
        "Refund too large",
        "On peut rendre {most} € au plus : ce qui a été payé et n'a pas été livré.",
        "At most {most} EUR can be given back: what was paid and not delivered.",
    ),
    "nothing-to-deliver": Wording(
        409,
        "Rien à livrer",
        "Nothing to deliver",
        "La commande {number} n'a aucun exemplaire mis de côté.",
        "Order {number} has no copy set aside.",
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
    "customer-closed": Wording(
        409,
        "Client fermé",
        "Customer closed",
        "Le client {name} est fermé depuis le {closed_on:%d/%m/%Y} : aucune nouvelle pièce.",
        "Customer {name} is closed since {closed_on}: no new document.",
    ),
    "customer-blocked": Wording(
        409,
        "Client bloqué (feu rouge)",
        "Customer blocked (red light)",
        "Le client {name} est au feu rouge. {message}",
        "Customer {name} has a red light. {message}",
    ),
    "customer-not-approved": Wording(
        409,
        "Client sans visa",
        "Customer without visa",
        "Le client {name} n'a pas encore de visa administratif.",
        "Customer {name} has no administrative visa yet.",
    ),
    "customer-merged": Wording(
        409,
        "Fiche fusionnée",
        "Card merged",
        "La fiche {code} a été fusionnée dans {kept}. Ouvrez cette fiche-là.",
        "Card {code} was merged into {kept}. Use that one.",
    ),
    "customer-anonymised": Wording(
        409,
        "Fiche anonymisée",
        "Card anonymised",
        "La fiche {code} a été anonymisée : elle ne change plus.",
        "Card {code} was anonymised: it does not change any more.",
    ),
    "customer-in-use": Wording(
        409,
        "Client utilisé",
        "Customer in use",
        "Des commandes, des réservations ou d'autres fiches nomment ce client. Fermez-le, fusionnez-le ou anonymisez-le.",
        "Orders, reservations or other cards name this customer. Close, merge or anonymise it instead.",
    ),
    "customer-busy": Wording(
        409,
        "Client en cours",
        "Customer busy",
        "Il reste à ce client ce que disent les erreurs. Réglez-le d'abord.",
        "This customer still has what the errors say. Settle it first.",
    ),
    "unknown-code": Wording(
        409,
        "Code inconnu",
        "Unknown code",
        "Un code donné n'est pas dans les tables de la librairie. Ajoutez-le dans Réglages, ou choisissez-en un autre.",
        "A code given is not in the shop's tables. Add it in the settings, or choose another.",
    ),
    "unknown-party": Wording(
        409,
        "Fiche liée inconnue",
        "Unknown linked card",
        "Une fiche nommée n'existe pas, est fermée ou a été fusionnée.",
        "A card named does not exist, is closed or was merged.",
    ),
    "link-ring": Wording(
        409,
        "Lien en boucle",
        "Links in a ring",
        "Ce lien ramènerait à la fiche elle-même.",
        "This link would lead back to the card itself.",
    ),
    "ceiling-exceeded": Wording(
        409,
        "Plafond dépassé",
        "Ceiling exceeded",
        "L'encours de {name} atteindrait {outstanding} € pour un plafond de {ceiling} €.",
        "The outstanding amount of {name} would be {outstanding} EUR, above the ceiling of {ceiling} EUR.",
    ),
    "merge-undone": Wording(
        409, "Fusion déjà annulée", "Merge already undone", "Cette fusion a été annulée.", "This merge was undone."
    ),
    "merge-built-on": Wording(
        409,
        "Fusion recouverte",
        "Merge built upon",
        "Ce que la fusion a déplacé a changé depuis : voyez la liste. Elle ne peut plus être annulée.",
        "What the merge moved was changed since: see the list. It can no longer be undone.",
    ),
    "same-customer": Wording(
        409,
        "Une seule fiche",
        "One card only",
        "Une fiche ne se fusionne pas avec elle-même.",
        "A card cannot be merged into itself.",
    ),
    "third-party-in-use": Wording(
        409,
        "Tiers utilisé",
        "Third party in use",
        "Des fiches nomment ce tiers. Fermez-le plutôt.",
        "Cards name this third party. Close it instead.",
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
    "queue-changed": Wording(
        409,
        "La file d'attente a changé",
        "The queue has changed",
        "Ceux qui attendent ne sont plus ceux que vous avez rangés. Relisez la file et recommencez.",
        "Those who wait are no longer those you put in order. Read the queue again and try anew.",
    ),
    "queue-begun": Wording(
        409,
        "Une ligne déjà commencée garde sa place",
        "A line that is being served keeps its place",
        "Une ligne dont des exemplaires sont mis de côté ou livrés ne peut pas être dépassée par une ligne qui la suivait.",
        "A line with copies set aside or delivered cannot be passed by one that was behind it.",
    ),
    "category-in-use": Wording(
        409,
        "Catégorie utilisée",
        "Category in use",
        "Des articles, des remises ou d'autres catégories la nomment. Changez-les d'abord.",
        "Articles, discounts or other categories name it. Change them first.",
    ),
    "nothing-to-cancel": Wording(
        409,
        "Rien n'est plus attendu",
        "Nothing is waited for any more",
        "Plus aucun exemplaire de la commande ou de la ligne n'est attendu.",
        "No copy of the order or the line is waited for any more.",
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
    "order-has-customer": Wording(
        409,
        "Commande déjà rattachée",
        "Order already attached",
        "La commande {number} appartient déjà au client {code}.",
        "Order {number} already belongs to customer {code}.",
    ),
    "inconsistent": Wording(
        409,
        "Champs incompatibles",
        "Fields that do not go together",
        "Les champs indiqués ne vont pas ensemble, une fois réunis avec ceux de la fiche.",
        "The fields named do not go together, or not with what the record holds.",
    ),
    "not-a-prospect": Wording(
        409,
        "Pas un prospect",
        "Not a prospect",
        "Seul un prospect qui n'est pas encore client peut le devenir. {code} est : {type}.",
        "Only a prospect that is no customer yet becomes one. {code} is: {type}.",
    ),
    "reservation-ended": Wording(
        409,
        "Réservation déjà close",
        "Reservation already ended",
        "La réservation de « {title} » est close ({state}).",
        'The reservation of "{title}" has ended ({state}).',
    ),
    "code-taken": Wording(
        409,
        "Code déjà pris",
        "Code already taken",
        "Une autre fiche porte ce code, ce gencod, ce numéro de carte ou ce rôle.",
        "Another record has this code, barcode, card number or role.",
    ),
    "answer-erased": Wording(
        410,
        "Réponse effacée",
        "Answer erased",
        "Cette demande a bien eu son effet ; sa réponse a été effacée avec la personne qu'elle nommait.",
        "This request had its effect; its answer was erased with the person it named.",
    ),
    "idempotency-in-progress": Wording(
        409,
        "La première demande est en cours",
        "The first request is still running",
        "Une demande avec la même Idempotency-Key n'a pas fini. Recommencez dans un instant.",
        "A request with the same Idempotency-Key has not finished. Try again in a moment.",
    ),
    "stale-version": Wording(
        412,
        "La fiche a changé",
        "The record has changed",
        "Quelqu'un a modifié la fiche entre-temps. Relisez-la et recommencez.",
        "Somebody changed the record meanwhile. Read it again and retry.",
    ),
    "body-too-large": Wording(
        413,
        "Corps trop grand",
        "Body too large",
        "Le corps d'une demande fait 1 Mio au plus.",
        "The body of a request is at most 1 MiB.",
    ),
    "unsupported-media-type": Wording(
        415,
        "Type de contenu refusé",
        "Unsupported media type",
        "Envoyez Content-Type: application/json.",
        "Send Content-Type: application/json.",
    ),
    "csv-expected": Wording(
        415,
        "Fichier CSV attendu",
        "A CSV file is expected",
        "Envoyez Content-Type: text/csv.",
        "Send Content-Type: text/csv.",
    ),
    "invalid": Wording(
        422,
        "Demande refusée",
        "Request refused",
        "Corrigez les champs indiqués ; rien n'a été enregistré.",
        "Correct the fields named; nothing was recorded.",
    ),
    "idempotency-key-reused": Wording(
        422,
        "Idempotency-Key déjà employée",
        "Idempotency-Key already used",
        "Cette clé a servi pour une autre demande. Prenez-en une nouvelle.",
        "This key was used for another request. Take a new one.",
    ),
    "if-match-missing": Wording(
        428,
        "L'en-tête If-Match manque",
        "The If-Match header is missing",
        "Envoyez l'ETag de la fiche que vous avez lue, pour ne pas écraser le travail d'un autre.",
        "Send the ETag of the record you read, so that you do not overwrite another's work.",
    ),
    "too-many-requests": Wording(
        429,
        "Trop de demandes",
        "Too many requests",
        "Attendez le temps indiqué par Retry-After.",
        "Wait for the time that Retry-After gives.",
    ),
    "internal": Wording(
        500,
        "Erreur du serveur",
        "Server error",
        "L'erreur est de notre côté et a été notée. Rien n'est à moitié enregistré ; vous pouvez recommencer.",
        "The fault is ours and has been logged. Nothing is half recorded; you may try again.",
    ),
    "try-again": Wording(
        503,
        "Recommencez",
        "Try again",
        "La base est très demandée ou redémarre. Recommencez dans un instant.",
        "The database is busy or restarting. Try again in a moment.",
    ),
}

FAULTS: dict[str, tuple[str, str]] = {
    "missing": ("champ obligatoire", "required"),
    "open-orders": ("commandes ouvertes : {count}", "open orders: {count}"),
    "copies-set-aside": ("exemplaires mis de côté : {count}", "copies set aside: {count}"),
    "deposit-left": ("acompte non rendu : {amount} €", "deposit not given back: {amount} €"),
    "changed-since": ("changé depuis la fusion : {fields}", "changed since the merge: {fields}"),
    "gone-since": ("supprimé depuis la fusion", "deleted since the merge"),
    "named-since": ("utilisé depuis la fusion par {table}", "used since the merge by {table}"),
    "ring-since": ("le lien {fields} fermerait une boucle", "the link {fields} would close a ring"),
    "extra_forbidden": ("champ inconnu", "unknown field"),
    "unknown-parameter": ("paramètre inconnu", "unknown parameter"),
    "repeated-parameter": ("paramètre répété", "repeated parameter"),
    "ean-format": ("un EAN a exactement 13 chiffres", "an EAN has exactly 13 digits"),
    "ean-check-digit": ("la clé de contrôle de l'EAN est fausse", "the EAN's check digit is wrong"),
    "unknown-article": ("aucun article ne porte l'EAN {ean}", "no article has the EAN {ean}"),
    "digital-article": ("version numérique : rien à ranger ni à garder", "digital: nothing to shelve or keep"),
    "sum-too-large": ("somme trop grande", "the sum is too large"),
    "short": ("demandé {wanted}, disponible {available} ({ean})", "wanted {wanted}, available {available} ({ean})"),
    "blank": ("ne peut pas être vide", "must not be blank"),
    "counter-exhausted": ("plus de numéro automatique libre", "no automatic number is left"),
    "unknown-code": ("ce code n'est pas dans la table {table}", "the table {table} does not have this code"),
    "unknown-field": ("aucune rubrique de ce code", "no field has this code"),
    "field-kind": ("valeur attendue : {kind}", "expected a value of kind {kind}"),
    "unknown-party": ("fiche inconnue, fermée ou fusionnée", "card unknown, closed or merged"),
    "no-sales-rep": ("ce tiers n'est pas un commercial", "this third party is no sales rep"),
    "passed": ("cette ligne déjà commencée serait dépassée", "this line is being served and would be passed"),
    "parent-level": ("le nœud supérieur doit être du niveau au-dessus", "the parent must be of the level above"),
    "children-level": (
        "les nœuds inférieurs ne sont pas du niveau au-dessous",
        "the nodes below are not of the level below",
    ),
    "same-article": ("la ligne attend déjà cet article", "the line waits for this article already"),
    "no-supplier": ("ce tiers n'est pas un fournisseur", "this third party is no supplier"),
    "link-ring": ("le lien ramènerait à la fiche", "the link would lead back to the card"),
    "shares": ("les parts dépassent 100 %", "the shares exceed 100 %"),
    "twice": ("nommé deux fois", "named twice"),
    "law-percent": ("un pourcentage va de 0 à 100", "a percent goes from 0 to 100"),
    "law-copies": ("un nombre entier d'exemplaires", "a whole number of copies"),
    "shared-function": (
        "ce code fonction vaut aussi pour un rôle qui le garde : les contacts perdraient un rôle",
        "this function code also stands for a role that keeps it: contacts would lose a role",
    ),
    "not-allowed-for": ("adresse non autorisée pour cette pièce", "address not allowed for this document"),
    "role-taken": ("la fiche a déjà une adresse de ce rôle ({role})", "the card has an address of this role ({role})"),
    "code-taken": ("une autre sous-fiche porte ce code", "another part of the card has this code"),
    "closed-account": ("un compte fermé ne peut pas être le principal", "a closed account cannot be the main one"),
    "two-accounts": ("l'IBAN et le RIB donnés diffèrent", "the IBAN and the RIB given differ"),
    "scope-vat-rate": ("un taux de TVA va avec cette remise, et elle seule", "a VAT rate goes with that scope only"),
    "scope-category": ("une catégorie va avec cette remise, et elle seule", "a category goes with that scope only"),
    "period": ("la fin doit suivre le début", "the end must follow the beginning"),
    "siret-format": ("un SIRET a 14 chiffres", "a SIRET has 14 digits"),
    "siret-check": ("la clé du SIRET est fausse", "the SIRET's check digit is wrong"),
    "siren-format": ("un SIREN a 9 chiffres", "a SIREN has 9 digits"),
    "siren-check": ("la clé du SIREN est fausse", "the SIREN's check digit is wrong"),
    "vat-number": ("numéro de TVA intracommunautaire faux", "not a valid EU VAT number"),
    "gln": ("un GLN a 13 chiffres et une clé", "a GLN has 13 digits and a check digit"),
    "iban-format": ("IBAN mal formé", "malformed IBAN"),
    "iban-check": ("la clé de l'IBAN est fausse", "the IBAN's check digits are wrong"),
    "rib-format": ("RIB mal formé", "malformed RIB"),
    "rib-key": ("la clé du RIB est fausse", "the RIB's key is wrong"),
    "bic-format": ("BIC mal formé", "malformed BIC"),
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
    "name-or-customer": ("donnez un client du fichier ou un nom", "give a customer of the file or a name"),
    "unknown-line": ("cette ligne n'existe pas", "there is no such line"),
    "line-twice": ("« {title} » : ligne nommée deux fois", "{title}: the line is named twice"),
    "order-is-closed": ("« {title} » : la commande {number} est close", "{title}: order {number} is closed"),
    "digital-line": (
        "« {title} » : version numérique, rien à commander",
        "{title}: digital, there is nothing to order",
    ),
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
    "reason-needed": ("un motif est nécessaire", "a reason is needed"),
    "id": ("identifiant mal formé", "malformed id"),
    "instant": ("instant RFC 3339 avec décalage", "an RFC 3339 instant with its offset"),
    "date": ("date AAAA-MM-JJ", "a date YYYY-MM-DD"),
    "amount": (
        "montant positif, deux décimales au plus, entre guillemets",
        "an amount of zero or more, at most two decimals, as a string",
    ),
    "rate": ("taux en pour cent, entre guillemets", "a rate in percent, as a string"),
    "int_type": ("nombre entier attendu", "a whole number is expected"),
    "int_parsing": ("nombre entier attendu", "a whole number is expected"),
    "bool_type": ("true ou false attendu", "true or false is expected"),
    "bool_parsing": ("true ou false attendu", "true or false is expected"),
    "string_type": ("texte attendu", "text is expected"),
    "string_unicode": ("texte mal codé", "badly encoded text"),
    "string_too_short": ("texte trop court", "text too short"),
    "string_too_long": ("texte trop long", "text too long"),
    "string_pattern_mismatch": (
        "caractères ou forme refusés (pas de U+0000 ni de caractère de contrôle, pas de texte vide)",
        "characters or form refused (no U+0000 or control characters, no blank text)",
    ),
    "greater_than_equal": ("trop petit (minimum {ge})", "too small (minimum {ge})"),
    "less_than_equal": ("trop grand (maximum {le})", "too large (maximum {le})"),
    "too_short": ("liste trop courte", "list too short"),
    "too_long": ("liste trop longue", "list too long"),
    "enum": ("valeur hors de la liste ({expected})", "not one of the values ({expected})"),
    "literal_error": ("valeur hors de la liste ({expected})", "not one of the values ({expected})"),
    "list_type": ("liste attendue", "a list is expected"),
    "model_attributes_type": ("objet attendu", "an object is expected"),
    "model_type": ("objet attendu", "an object is expected"),
}
OTHER_FAULT = ("valeur refusée", "value refused")


class ApiProblem(Exception):
    """A refusal that only HTTP knows: a header, a media type, a limit."""

    def __init__(self, code: str, *, headers: Mapping[str, str] | None = None, **facts: object) -> None:
        super().__init__(code)
        self.code, self.facts, self.headers = code, facts, dict(headers or {})


def english(request: Request) -> bool:
    """Whether the caller would rather read English; French is the default (RFC 9110, 12.5.4)."""
    best: tuple[float, str] = (0.0, "fr")
    for part in request.headers.get("accept-language", "").split(",")[:10]:
        tag, _, weight = (piece.strip() for piece in part.lower().partition(";"))
        language = tag.split("-", maxsplit=1)[0]
        try:
            quality = float(weight.removeprefix("q=")) if weight else 1.0
        except ValueError:
            quality = 0.0
        if language in {"fr", "en"} and best[0] < quality <= 1:
            best = (quality, language)
    return best[1] == "en"


def problem(
    request: Request,
    code: str,
    *,
    faults: Sequence[Fault] = (),
    facts: Mapping[str, object] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The answer for one problem of the table."""
    wording, in_english = PROBLEMS[code], english(request)
    known: dict[str, object] = dict(facts or {})
    if code == "out-of-stock":
        known["titles"] = ", ".join(str(dict(fault.facts).get("ean")) for fault in faults)
    body = Problem(
        type=f"urn:comptoir:problem:{code}",
        title=wording.title_en if in_english else wording.title_fr,
        status=wording.status,
        detail=_filled(wording.detail_en if in_english else wording.detail_fr, known),
        code=code,
        request_id=request.scope.get("comptoir.request_id", ""),
        errors=[
            FieldProblem(
                detail=_filled(FAULTS.get(fault.code, OTHER_FAULT)[in_english], dict(fault.facts)),
                pointer=fault.pointer.encode("utf-8", "replace").decode(),
            )
            for fault in faults
        ],
    )
    sent = {"content-language": "en" if in_english else "fr", **(headers or {})}
    if wording.status in {409, 503} and code in {"idempotency-in-progress", "try-again"}:
        sent["retry-after"] = "1"
    if wording.status == 401:  # noqa: PLR2004 - RFC 9110 asks for the challenge on 401
        sent["www-authenticate"] = 'Bearer realm="comptoir"'
    return Response(body.model_dump_json(), status_code=wording.status, headers=sent, media_type=MEDIA_TYPE)


class _Known(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "?"


def _filled(template: str, facts: Mapping[str, object]) -> str:
    return template.format_map(_Known(facts)).strip()


def _pointer(location: Sequence[str | int]) -> str:
    where, *rest = location
    if where != "body":
        return str(rest[0]) if rest else str(where)
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in rest)


HEADERS_OF_OURS = {"idempotency-key": "idempotency-key-missing", "if-match": "if-match-missing"}


def from_validation(request: Request, refused: RequestValidationError) -> Response:
    """All field errors at once; a missing precondition header has a problem of its own."""
    faults = []
    for error in refused.errors():
        kind, location = str(error["type"]), list(error["loc"])
        if kind == "json_invalid":
            return problem(request, "malformed-json")
        if kind == "missing" and location[0] == "header" and str(location[-1]).lower() in HEADERS_OF_OURS:
            return problem(request, HEADERS_OF_OURS[str(location[-1]).lower()])
        context: dict[str, Any] = error.get("ctx") or {}
        faults.append(Fault(kind, _pointer(location), tuple((str(k), v) for k, v in context.items())))
    return problem(request, "invalid", faults=faults[:100])


def install(app: FastAPI) -> None:
    """Every 4xx and 5xx of ``app`` becomes a problem of the table."""

    async def shop_error(request: Request, refusal: Exception) -> Response:
        assert isinstance(refusal, ShopError)  # noqa: S101 - narrows what Starlette types as Exception
        return problem(request, refusal.code, faults=refusal.faults, facts=refusal.facts)

    async def api_problem(request: Request, refusal: Exception) -> Response:
        assert isinstance(refusal, ApiProblem)  # noqa: S101 - idem
        return problem(request, refusal.code, facts=refusal.facts, headers=refusal.headers)

    async def validation(request: Request, refusal: Exception) -> Response:
        assert isinstance(refusal, RequestValidationError)  # noqa: S101 - idem
        return from_validation(request, refusal)

    async def http(request: Request, refusal: Exception) -> Response:
        assert isinstance(refusal, HTTPException)  # noqa: S101 - idem
        allow = ", ".join(request.app.state.methods.of(request.url.path))
        if refusal.status_code == 405 and not allow:  # noqa: PLR2004 - the page's folder refuses what is not GET
            return problem(request, "no-such-path")
        if refusal.status_code == 405:  # noqa: PLR2004 - its Allow must name every method (RFC 9110, 15.5.6)
            return problem(request, "method-not-allowed", facts={"allow": allow}, headers={"allow": allow})
        by_status = {400: "malformed-json", 404: "no-such-path", 413: "body-too-large", 415: "unsupported-media-type"}
        return problem(request, by_status.get(refusal.status_code, "internal"), headers=refusal.headers)

    async def internal(request: Request, fault: Exception) -> Response:
        request_id = request.scope.get("comptoir.request_id", "")
        log.error("unhandled", request_id=request_id, exc_info=fault)
        # this answer passes the gate by, which adds the id to all others
        return problem(request, "internal", headers={"x-request-id": request_id})

    app.add_exception_handler(ShopError, shop_error)
    app.add_exception_handler(ApiProblem, api_problem)
    app.add_exception_handler(RequestValidationError, validation)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(Exception, internal)


def markdown() -> str:
    """The table for people, as committed in ``openapi/problems.md``."""
    lines = [
        "# Problems",
        "",
        "Every refusal is `application/problem+json` (RFC 9457). This is the closed list of its `code`; `type` is",
        "`urn:comptoir:problem:` and the code. French is the default, `Accept-Language: en` asks for English.",
        "`errors` names every wrong field at once: a JSON pointer into the body, or the name of a parameter.",
        "",
        "| code | status | title | titre | what to do | que faire |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for code, said in PROBLEMS.items():
        texts = (said.title_en, said.title_fr, said.detail_en, said.detail_fr)
        lines.append(f"| `{code}` | {said.status} | {' | '.join(texts)} |")
    lines += ["", "## Faults of fields", "", "| English | français |", "| --- | --- |"]
    lines += [f"| {english} | {french} |" for french, english in dict.fromkeys((*FAULTS.values(), OTHER_FAULT))]
    return "\n".join(lines) + "\n"


def codes_of_the_domain() -> set[str]:
    """Every code the domain may raise; a test holds the table against it."""
    found: set[str] = set()
    kinds = [ShopError]
    while kinds:
        kind = kinds.pop()
        found.add(kind.code)
        kinds.extend(kind.__subclasses__())
    return found - {errors.ShopError.code}
