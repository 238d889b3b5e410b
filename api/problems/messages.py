"""What messages to customers refuse."""

from api.problems.wording import Wording

PROBLEMS: dict[str, Wording] = {
    "message-gone": Wording(
        409,
        "Envoi déjà décidé",
        "Message settled",
        "L'état de cet envoi ({state}) ne le permet pas.",
        "The state of this message ({state}) does not allow this.",
    ),
    "message-told": Wording(
        409,
        "Déjà prévenu",
        "Told already",
        "Quelqu'un prévient la même personne au même moment. Recommencez : elle sera comptée parmi ceux qui le sont déjà.",
        "Somebody is telling the same person at this very moment. Try again: that person will count as told.",
    ),
}
