"""The demo's customers."""

import calendar
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from stdnum import ean as _ean

from domain.model.customer import CardOrigin, Customer, CustomerDetails, Kind, Light
from domain.model.identifiers import automatic_code
from domain.model.values import CustomerId, PostalAddress, folded
from infra.demo import seed, words
from infra.demo.days import Days

PEOPLE = 274
RECENT = 24
"""How many were entered since this program numbers customers by itself."""
BLOCKED = "Deux commandes jamais retirées : régler avant toute nouvelle commande."
CAUTION = "Carte de fidélité perdue : demander le nom."


def customers(*, rng: Random, days: Days) -> list[Customer]:
    """The seeds' three, then persons and organisations by code; ``RECENT`` of them have automatic codes."""
    cards = [*_persons(rng, days), *_organisations(rng)]
    rng.shuffle(cards)
    codes = [
        *sorted(rng.sample(range(3, 11_505), 110)),
        *sorted(rng.sample(range(11_506, 16_890), len(cards) - 110 - RECENT)),
    ]
    opened, middle, lately = date(2010, 1, 5), date(2016, 9, 12), days.today - timedelta(days=100)
    entered = [
        *_rising(rng, opened, middle, 110),
        *_rising(rng, middle, lately, len(cards) - 110 - RECENT),
        *_rising(rng, lately, days.today - timedelta(days=2), RECENT),
    ]
    named = [*(str(code) for code in codes), *(automatic_code("C", n) for n in range(1, RECENT + 1))]
    known = [
        _customer(days, code, card, on, origin=CardOrigin.COUNTER)
        for code, card, on in zip(named, cards, entered, strict=True)
    ]
    _make_special(known, days)
    return [*_seeds(days), *known]


def _seeds(days: Days) -> Iterator[Customer]:
    yield _customer(days, "1", CustomerDetails(name="ELMI-GANI", first_name="YOHANN"), date(2010, 1, 4))
    nicolas = CustomerDetails(
        name="NICOLAS",
        phone="0606060607",
        email="np@2dcom.fr",
        fidelity_active=True,
        fidelity_started_on=seed.FIDELITY_SINCE,
    )
    yield _customer(days, "2", nicolas, date(2010, 1, 4))
    maison = CustomerDetails(name=seed.MAISON_NAME, kind=Kind.ORGANISATION, collectivity=True, on_account=True)
    yield _customer(days, seed.MAISON, maison, date(2016, 9, 12))


def _persons(rng: Random, days: Days) -> Iterator[CustomerDetails]:
    families = [name.replace("·", " ") for name in words.FAMILIES.split()]
    first_names = [*((name, "Mme") for name in words.FEMALE.split()), *((name, "M.") for name in words.MALE.split())]
    # homonyms, as every file of customers has them
    twice = [
        ("MARTIN", "Marie", "Mme"),
        ("MARTIN", "Marie", "Mme"),
        ("LEFÈVRE", "Julie", "Mme"),
        ("LEFEBVRE", "Julie", "Mme"),
    ]
    drawn = [(rng.choice(families), *rng.choice(first_names)) for _ in range(PEOPLE - len(twice))]
    used: set[str] = set()
    for family, first_name, title in [*twice, *drawn]:
        faithful = rng.random() < 0.45
        mailbox = f"{folded(first_name)}.{folded(family)}".replace(" ", "-").lower()
        email = f"{mailbox}@example.{'org' if mailbox not in used else 'net'}" if rng.random() < 0.7 else None
        used.add(mailbox)
        year = rng.randint(1938, 2008)
        month = rng.randint(1, 12)
        yield CustomerDetails(
            name=family,
            first_name=first_name,
            title=title,
            barcode=_gencod(rng) if faithful else None,
            email=email,
            phone=_phone(rng) if rng.random() < 0.85 else None,
            no_sms=rng.random() < 0.1,
            address=_address(rng) if rng.random() < 0.8 else PostalAddress(),
            mail_order=rng.random() < 0.25,
            comment=rng.choice(words.COMMENTS.split("|")) if rng.random() < 0.12 else None,
            birth_date=date(year, month, rng.randint(1, calendar.monthrange(year, month)[1]))
            if rng.random() < 0.5
            else None,
            fidelity_active=faithful,
            fidelity_started_on=days.today - timedelta(days=rng.randint(20, 2400)) if faithful else None,
        )


def _organisations(rng: Random) -> Iterator[CustomerDetails]:
    for name, lends, exempt in words.ORGANISATIONS:
        address = _address(rng)
        if exempt:
            address = PostalAddress(street="4, rue du Lac", postal_code="1201", town="Genève", country="CH")
        yield CustomerDetails(
            name=name,
            kind=Kind.ORGANISATION,
            email=f"{folded(name).replace(' ', '-').lower()[:40].strip('-')}@example.org",
            phone=_phone(rng) if not exempt else None,
            address=address,
            collectivity=True,
            lending_library=lends,
            vat_exempt=exempt,
            on_account=True,
            comment="Bon de commande obligatoire." if rng.random() < 0.3 else None,
        )


def _make_special(known: list[Customer], days: Days) -> None:
    """One of each case that the counter must handle."""
    persons = [customer for customer in known if customer.details.kind is Kind.PERSON]
    closed, red, orange, unapproved, abroad = persons[11], persons[37], persons[53], persons[-1], persons[71]
    closed.details.closed_on = days.today - timedelta(days=120)
    closed.details.comment = "A déménagé à l'étranger."
    red.details.light, red.details.light_message = Light.RED, BLOCKED
    orange.details.light, orange.details.light_message = Light.ORANGE, CAUTION
    unapproved.approved_at, unapproved.origin = None, CardOrigin.WEB
    abroad.details.vat_exempt = True
    abroad.details.address = PostalAddress(
        street="12, rue Sainte-Catherine", postal_code="H2X 1Z4", town="Montréal", country="CA"
    )


def _customer(
    days: Days, code: str, card: CustomerDetails, on: date, *, origin: CardOrigin = CardOrigin.COUNTER
) -> Customer:
    at = days.moment_on(on)
    return Customer(
        id=CustomerId(days.new_id(at)),
        code=code,
        details=card,
        origin=origin,
        approved_at=at,
        created_at=at,
        updated_at=at,
    )


def _rising(rng: Random, start: date, end: date, count: int) -> list[date]:
    span = (end - start).days
    return sorted(start + timedelta(days=rng.randrange(span)) for _ in range(count))


def _address(rng: Random) -> PostalAddress:
    postal_code, town = rng.choice(words.TOWNS.split("|")).split(" ", maxsplit=1)
    number = f"{rng.randint(1, 120)}{rng.choice(('', '', '', '', ' bis', ' ter'))}"
    return PostalAddress(
        street=f"{number}, {rng.choice(words.STREETS.split('|'))}",
        complement=rng.choice(words.COMPLEMENTS.split("|")) if rng.random() < 0.12 else None,
        postal_code=postal_code,
        town=town,
    )


def _phone(rng: Random) -> str:
    return f"{rng.choice(words.PHONES)} {rng.randint(0, 99):02} {rng.randint(0, 99):02}"


def _gencod(rng: Random) -> str:
    """A number in the range that EAN leaves to each shop for its own use."""
    body = "29" + "".join(rng.choices("0123456789", k=10))
    return body + str(_ean.calc_check_digit(body))
