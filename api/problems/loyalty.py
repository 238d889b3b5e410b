"""What loyalty cards and batches of purchases refuse."""

from api.problems.wording import Wording

PROBLEMS: dict[str, Wording] = {
    "loyalty-begun": Wording(
        409,
        "Carte de fidélité déjà commencée",
        "Loyalty card already begun",
        "Une reprise ne se saisit qu'une fois, avant tout autre mouvement de la carte. Saisissez un ajustement.",
        "An opening is entered once only, before anything else on the card. Enter an adjustment.",
    ),
    "loyalty-too-low": Wording(
        409,
        "Fidélité insuffisante",
        "Not enough on the loyalty card",
        "La carte de fidélité ne permet pas d'en retirer autant : il y a {available} €.",
        "The loyalty card does not allow so much to be taken off it: there is {available} EUR.",
    ),
    "loyalty-inactive": Wording(
        409,
        "Carte de fidélité inactive",
        "Loyalty card not active",
        "La carte de fidélité n'est pas active, ou ne l'est pas encore : activez-la sur la fiche.",
        "The loyalty card is not active, or not yet: activate it on the customer's card.",
    ),
    "voucher-over-cap": Wording(
        409,
        "Bon d'achat trop grand pour ces articles",
        "Voucher too large for these articles",
        "La loi sur le prix du livre ne laisse retirer que {most} € de ces articles, remise comprise.",
        "The law on book prices lets only {most} EUR be taken off these articles, discount included.",
    ),
    "reference-reused": Wording(
        409,
        "Référence déjà employée",
        "Reference already used",
        "Un bon d'achat a déjà été employé sur ce ticket, ou ses lignes sont déjà enregistrées.",
        "A voucher was already spent on this ticket, or its lines are already recorded.",
    ),
}

FAULTS: dict[str, tuple[str, str]] = {
    "loyalty-percent": (
        "de 0.01 à 5.00, entre guillemets : la loi n'en permet pas plus",
        "from 0.01 to 5.00, as a string: the law allows no more",
    ),
    "loyalty-round": (
        "un nombre d'achats va avec « purchases », un montant au-dessus de zéro avec « amount », et eux seuls",
        "a number of purchases goes with `purchases`, an amount above zero with `amount`, and nothing else",
    ),
    "voucher-nothing": ("un bon d'achat de zéro euro", "a voucher of nothing"),
    "inconsistent": ("ne va pas avec le reste de la ligne", "does not go with the rest of the line"),
    "unknown-customer": ("aucun client de ce nom", "no such customer"),
    "reference-reused": ("une autre ligne porte cette référence", "another line has this reference"),
    "unknown-purchase": ("aucun achat ne porte cette référence", "no purchase has this reference"),
    "too-much-undone": (
        "il ne reste que {left} exemplaire(s) à reprendre",
        "only {left} copies are left to bring back",
    ),
}
