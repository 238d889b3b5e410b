"""Cards that may be one person's, found.

Equal e-mails, SIRETs and phones are found by the database; near names in one town are compared here, in a thread. So that
20,000 cards take about a second, names are only compared when they share a word, a word but for its first letter, all
initials or all last letters. Two writings of one name with a slip of the pen each always do (a test holds this against
comparing all with all); two that slipped more often may be missed.
"""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from uuid import UUID

from asyncpg import Record
from rapidfuzz import fuzz, process

from domain.model.values import CustomerId, DossierId, folded
from domain.queries.duplicates import DuplicatePair, Reason, ShortCard
from domain.queries.pages import After, Page
from infra.db.pools import Pool
from infra.readers.customers import cleared
from infra.readers.search import Conditions

NEAR = 90.0
"""How alike two names must be, of 100, their words in any order."""
CLEARLY_DIFFERENT = 70.0
"""Below this two first names are two persons': a family may share a phone, a couple an e-mail."""
FAMILY = 12
"""Cards with one e-mail, phone or SIRET that are all paired; of more each is paired with the next only."""
NEIGHBOURS = 2000
"""Names of one block, in their order, that each is compared with at most."""
KEYS: Mapping[Reason, str] = {Reason.EMAIL: "email_key", Reason.SIRET: "siret", Reason.PHONE: "phone_key"}
EQUAL = (
    "WITH k AS (SELECT c.customer_id, c.{column} AS key, count(*) OVER (PARTITION BY c.{column}) AS cards, "
    "row_number() OVER (PARTITION BY c.{column} ORDER BY c.customer_id) AS place "
    "FROM customer c WHERE {where} AND c.{column} <> '') "
    "SELECT a.customer_id AS one, b.customer_id AS other FROM k a JOIN k b ON b.key = a.key AND b.place > a.place "
    f"AND (a.cards <= {FAMILY} OR b.place = a.place + 1) WHERE a.cards > 1"
)
CARDS = (
    "SELECT c.customer_id, c.code, c.version, c.name, c.first_name, c.name_key, c.postal_code, c.town, c.town_key, c.phone, "
    "c.email, c.siret, c.created_at FROM customer c WHERE "
)
Ids = tuple[UUID, UUID]


class SqlDuplicateReader:
    """``DuplicateReader`` on the reading pool."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def pairs(
        self,
        dossier: DossierId,
        *,
        clearance: Collection[str] | None,
        reason: Reason | None,
        limit: int,
        after: After | None,
    ) -> Page[DuplicatePair]:
        where = Conditions(dossier, "c")
        where.add("c.merged_into IS NULL AND c.anonymised_at IS NULL")
        cleared(where, clearance)
        equal: dict[Reason, list[Ids]] = {}
        by_name = reason in {None, Reason.NAME}
        async with (
            self._pool.of(dossier) as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            for each, column in KEYS.items():
                if reason in {None, each}:
                    rows = await connection.fetch(EQUAL.format(column=column, where=where.text), *where.arguments)
                    equal[each] = [(row["one"], row["other"]) for row in rows]
            if not by_name:
                where.add("c.customer_id = ANY ({0}::uuid[])", list(_named(equal)))
            cards = await connection.fetch(CARDS + where.text, *where.arguments)
        return await asyncio.to_thread(_page, cards, equal, by_name=by_name, limit=limit, after=after)


def _named(equal: Mapping[Reason, Iterable[Ids]]) -> set[UUID]:
    return {each for pairs in equal.values() for pair in pairs for each in pair}


def _page(
    cards: Sequence[Record],
    equal: Mapping[Reason, Sequence[Ids]],
    *,
    by_name: bool,
    limit: int,
    after: After | None,
) -> Page[DuplicatePair]:
    known = {card["customer_id"]: card for card in cards}
    found: dict[Ids, tuple[int, Reason]] = {}
    for reason, pairs in {**equal, **({Reason.NAME: near_names(cards)} if by_name else {})}.items():
        for pair in pairs:
            one, other = sorted(
                (known[each] for each in pair), key=lambda card: (card["created_at"], card["customer_id"])
            )
            ids = one["customer_id"], other["customer_id"]
            score = score_of(reason, one, other)
            if ids not in found or found[ids][0] < score:
                found[ids] = score, reason
    ranked = sorted(
        (-score, f"{one.hex}{other.hex}", one, other, reason) for (one, other), (score, reason) in found.items()
    )
    if after is not None:
        shown_last = -int(str(after.value)), str(after.id)
        ranked = [each for each in ranked if each[:2] > shown_last]
    shown = ranked[:limit]
    last = After(value=-shown[-1][0], id=shown[-1][1]) if len(ranked) > limit else None
    return Page(
        items=[
            DuplicatePair(reason=reason, score=-score, first=_short(known[one]), second=_short(known[other]))
            for score, _, one, other, reason in shown
        ],
        last=last,
    )


def near_names(cards: Sequence[Record]) -> Iterator[Ids]:
    """Cards of near names in the same town, or of the same postal code where no town is known; some more than once."""
    blocks: dict[tuple[str, str], list[tuple[str, UUID]]] = defaultdict(list)
    headless: dict[tuple[str, str], set[str]] = defaultdict(set)
    for card in cards:
        words = sorted(card["name_key"].split())
        place = card["town_key"] or card["postal_code"]
        if not words or not place:
            continue
        entry = " ".join(words), card["customer_id"]
        initials, endings = sorted(word[0] for word in words), sorted(word[-1] for word in words)
        for key in {*words, f"^{''.join(initials)}", f"${''.join(endings)}"}:
            blocks[place, key].append(entry)
        for word in words:
            headless[place, word[1:]].add(word)
    for (place, rest), whole in headless.items():
        # cards with the same word are compared for it already
        if len(alike := [word for word in (*whole, rest) if (place, word) in blocks]) > 1:
            blocks[place, f"-{rest}"] = list({entry for word in alike for entry in blocks[place, word]})
    for block in blocks.values():
        block.sort()
        names = [name for name, _ in block]
        for n, (name, one) in enumerate(block):
            others = names[n + 1 : n + 1 + NEIGHBOURS]
            for _, _, m in process.extract(name, others, scorer=fuzz.ratio, score_cutoff=NEAR, limit=None):
                yield one, block[n + 1 + m][1]


def score_of(reason: Reason, one: Record, other: Record) -> int:
    """How likely two cards are one person's, from 0 to 100.

    The more alike the names the likelier; half as likely when what both share is a phone or an e-mail and their first
    names are clearly different, unless name and first name are only the wrong way round.
    """
    alike = fuzz.token_sort_ratio(one["name_key"], other["name_key"])
    score = {
        Reason.EMAIL: 80 + 0.2 * alike,
        Reason.SIRET: 80 + 0.2 * alike,
        Reason.PHONE: 60 + 0.3 * alike,
        Reason.NAME: 0.8 * alike,
    }[reason]
    if reason in {Reason.EMAIL, Reason.PHONE} and alike < NEAR:
        first_names = [folded(card["first_name"] or "") for card in (one, other)]
        if all(first_names) and fuzz.ratio(*first_names) < CLEARLY_DIFFERENT:
            score /= 2
    return round(score)


def _short(card: Record) -> ShortCard:
    return ShortCard(
        id=CustomerId(card["customer_id"]),
        code=card["code"],
        version=card["version"],
        name=card["name"],
        first_name=card["first_name"],
        postal_code=card["postal_code"],
        town=card["town"],
        phone=card["phone"],
        email=card["email"],
        siret=card["siret"],
        created_at=card["created_at"],
    )
