"""What the screens of the old program show, to the letter: customers, orders, the lines of order 46407, a reservation."""

from datetime import date

MAISON = "11505"
MAISON_NAME = "MAISON DES TOUT PETITS"

ORDERS = (  # number, status, created on
    (46407, "LP", date(2017, 9, 21)),
    (46454, "LT", date(2017, 9, 27)),
    (46463, "LT", date(2017, 9, 27)),
    (46465, "LT", date(2017, 9, 27)),
    (46548, "LT", date(2017, 10, 4)),
    (46704, "LT", date(2017, 10, 17)),
    (47663, "LP", date(2017, 12, 26)),
    (47806, "LT", date(2018, 1, 9)),
    (48523, "LT", date(2018, 3, 15)),
    (48609, "LT", date(2018, 3, 22)),
    (48610, "LT", date(2018, 3, 22)),
    (49489, "LT", date(2018, 6, 26)),
    (50465, "LT", date(2018, 9, 26)),
    (50495, "LT", date(2018, 9, 28)),
    (51139, "LT", date(2018, 11, 20)),
    (52065, "LT", date(2019, 1, 22)),
    (52841, "LT", date(2019, 3, 25)),
    (54001, "LT", date(2019, 7, 10)),
    (55122, "LT", date(2019, 10, 10)),
    (55337, "CO", date(2019, 10, 30)),
)

LINES = (  # of order 46407: code, title, author, publisher, copies received
    ("9791094908020", "DANS LA RUE", "TINEKA MEIRINK", "DIPLODOCUS", 1),
    ("9782364744103", "CHUT I ON A UN PLAN", "HAUGHTON CHIFFI", "THIERRY MAG", 1),
    ("9782364749276", "BONNE NUIT TOUT LE MONDE", "HAUGHTON CHIFFI", "THIERRY MAG", 1),
    ("9782203029842", "QUEUE LEU LEU T35 UN ELEPHANT QUI SE BALANCAIT", "DUBUC MARIAN", "CASTERMAN", 1),
    ("9782092512746", "BOUTON DE LA SORCIERE", "BONNET ROSAL", "NATHAN", 0),
    ("9782211038614", "DELIVREZ MOI", "SANDERS ALEX", "EDL", 1),
    ("9782871427827", "PAPA-LOUP", "CARRIER ISABE", "MIJADE", 1),
    ("9782871427704", "ROSALIE EST MALADE", "LINNE BIE", "MIJADE", 1),
    ("9782211217088", "MANGER UN LOUP", "BOURGEOU VIN", "EDL", 1),
    ("9782211220477", "SAUTE", "MATSUOKA TAT", "EDL", 1),
)
EXHAUSTED = "Epuisé"
FOUND_AGAIN = "9782211217088"
"""Order 55337 waits for it and one copy is on the shelf: the book of "Murphy's law of the bookseller"."""

INDES_FOURBES = ("9782756035734", "LES INDES FOURBES", "AYROLES ALAIN", "DELCOURT")
INDES_FOURBES_ON = date(2019, 12, 10)
FIDELITY_SINCE = date(2019, 12, 10)
