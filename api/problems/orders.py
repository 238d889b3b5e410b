"""What customer orders, queues and reservations refuse."""

from api.problems.wording import Wording

PROBLEMS: dict[str, Wording] = {
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
    "ceiling-exceeded": Wording(
        409,
        "Plafond dépassé",
        "Ceiling exceeded",
        "L'encours de {name} atteindrait {outstanding} € pour un plafond de {ceiling} €.",
        "The outstanding amount of {name} would be {outstanding} EUR, above the ceiling of {ceiling} EUR.",
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
    "line-kept": Wording(
        409,
        "Un exemplaire est déjà mis de côté",
        "A copy is set aside already",
        "« {title} » : un exemplaire attend déjà le client. Remettez-le en rayon avant de suspendre la ligne.",
        '"{title}": a copy lies aside for the customer already. Put it back on the shelf before suspending the line.',
    ),
    "nothing-waits": Wording(
        409,
        "La ligne n'attend rien",
        "The line waits for nothing",
        "« {title} » : aucun exemplaire n'est attendu, il n'y a rien à suspendre.",
        '"{title}": no copy is waited for, there is nothing to suspend.',
    ),
    "nothing-to-cancel": Wording(
        409,
        "Rien n'est plus attendu",
        "Nothing is waited for any more",
        "Plus aucun exemplaire de la commande ou de la ligne n'est attendu.",
        "No copy of the order or the line is waited for any more.",
    ),
    "order-has-customer": Wording(
        409,
        "Commande déjà rattachée",
        "Order already attached",
        "La commande {number} appartient déjà au client {code}.",
        "Order {number} already belongs to customer {code}.",
    ),
    "deadline-past": Wording(
        409,
        "Ce jour est passé",
        "The day has gone by",
        "La date de retrait ne peut pas être avant aujourd'hui ({today}).",
        "The pick-up date cannot be before today ({today}).",
    ),
    "reservation-ended": Wording(
        409,
        "Réservation déjà close",
        "Reservation already ended",
        "La réservation de « {title} » est close ({state}).",
        'The reservation of "{title}" has ended ({state}).',
    ),
}

FAULTS: dict[str, tuple[str, str]] = {
    "short": ("demandé {wanted}, disponible {available} ({ean})", "wanted {wanted}, available {available} ({ean})"),
    "passed": ("cette ligne déjà commencée serait dépassée", "this line is being served and would be passed"),
    "not-after-today": ("donnez un jour après aujourd'hui", "give a day after today"),
    "same-article": ("la ligne attend déjà cet article", "the line waits for this article already"),
    "name-or-customer": ("donnez un client du fichier ou un nom", "give a customer of the file or a name"),
    "not-collected": (
        "cette réservation n'est pas de celles que le client emporte",
        "this reservation is not one of those collected",
    ),
    "copies-gone": (
        "un exemplaire introuvable ou abîmé ne retourne pas en stock",
        "a copy that is missing or damaged does not go back to stock",
    ),
    "unknown-line": ("cette ligne n'existe pas", "there is no such line"),
    "line-twice": ("« {title} » : ligne nommée deux fois", "{title}: the line is named twice"),
    "order-is-closed": ("« {title} » : la commande {number} est close", "{title}: order {number} is closed"),
    "digital-line": (
        "« {title} » : version numérique, rien à commander",
        "{title}: digital, there is nothing to order",
    ),
}
