"""Statistics against a plain recount over thousands of random purchases, to the cent (A67, B16-B18, B81, B82)."""

import random
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from domain.comptoir import Comptoir
from domain.errors import Inconsistent
from domain.model.category import Level
from domain.model.values import CustomerId
from domain.queries.statistics import RowKind, Sold, Statistics, StatisticsBy, StatisticsQuery
from tests.conftest import BOOKS, Client, Premises

PARIS = ZoneInfo("Europe/Paris")
FIRST, LAST = date(2023, 1, 1), date(2026, 12, 31)
WHOLE_TIME = (date(2022, 11, 15), date(2027, 2, 3))
PURCHASES = 4000
BUYERS = ("private", "private", "private", "public_body", "library", "school_association")
TREE = (
    ("LIVRES", "shop", None),
    ("JEUN", "sector", "LIVRES"),
    ("ALBUM", "category", "JEUN"),
    ("ROMAN", "category", "JEUN"),
    ("BD", "sector", "LIVRES"),
    ("JEUX", "shop", None),
)
SHELVES = ("ALBUM", "ROMAN", "BD", "LIVRES", None)
"""The category of each of the five books: at every level, and none."""
CODES = ("FR44ABCD", "FR44", "FR4", "DE10", "FR85XY", None)
SEGMENTS = (2, 4, 6)
COMMISSIONS = ("2.50", "7.77", None)
SHARES: tuple[tuple[tuple[int, str], ...], ...] = (
    (),
    ((0, "100.00"),),
    ((0, "33.33"), (1, "33.33"), (2, "33.34")),
    ((1, "60.00"), (0, "15.50")),
    ((2, "0.01"),),
)

Bought = Mapping[str, Any]


@dataclass(slots=True, kw_only=True)
class Town:
    """What was made: cards by their id, and purchases as they stand in the table."""

    premises: Premises
    codes: dict[UUID, str | None] = field(default_factory=dict)
    party: dict[UUID, UUID] = field(default_factory=dict)
    reps: dict[UUID, tuple[tuple[UUID, Decimal], ...]] = field(default_factory=dict)
    commission: dict[UUID, Decimal | None] = field(default_factory=dict)
    names: dict[UUID, str] = field(default_factory=dict)
    category: dict[str, str | None] = field(default_factory=dict)
    bought: list[Bought] = field(default_factory=list)

    def within(self, start: date, until: date) -> Iterator[Bought]:
        return (each for each in self.bought if start <= day_of(each) < until)


def day_of(each: Bought) -> date:
    found: datetime = each["at"]
    return found.astimezone(PARIS).date()


def rounded(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def summed(bought: Iterable[Bought]) -> Sold:
    each = list(bought)
    return Sold(
        copies=sum(one["quantity"] for one in each),
        turnover=sum((one["amount"] for one in each), Decimal(0)),
        net=sum((one["net"] for one in each), Decimal(0)),
        purchases=sum(1 for one in each if one["quantity"] > 0),
    )


def counted(bought: Iterable[Bought], key: Callable[[Bought], Any]) -> dict[Any, Sold]:
    gathered: dict[Any, list[Bought]] = defaultdict(list)
    for each in bought:
        gathered[key(each)].append(each)
    return {name: summed(parts) for name, parts in gathered.items()}


def by_key(view: Statistics) -> dict[Any, Sold]:
    found = {row.key: row.sold for row in view.rows if row.parent is None}
    assert len(found) == sum(1 for row in view.rows if row.parent is None), "no key twice"
    return found


def key_of(prefix: str, identity: UUID | None) -> str | None:
    return f"{prefix}_{identity.hex}" if identity else None


def id_of(wire: str) -> UUID:
    return UUID(hex=wire[4:])


async def sent(http: Client, method: str, path: str, body: object, **headers: str) -> Any:
    answer = await http.request(method, path, json=body, headers=headers)
    assert answer.status_code < 300, answer.text
    return answer.json()


async def decide(http: Client, **settings: object) -> None:
    version = (await http.get("/v1/dossier")).headers["etag"]
    await sent(http, "PATCH", "/v1/dossier", settings, **{"if-match": version})


def an_instant(rng: random.Random) -> datetime:
    """Any; one in five at a border: midnight in the shop, a second before, the hour that summer time takes or gives."""
    day = FIRST + timedelta(days=rng.randrange((LAST - FIRST).days + 1))
    if rng.random() < 0.2:
        day = day.replace(day=1)
        local = datetime.combine(day, time(0, 0), tzinfo=PARIS)
        return local.astimezone(UTC) - timedelta(seconds=rng.choice((0, 1)))
    return datetime.combine(day, time(rng.randrange(24), rng.randrange(60)), tzinfo=UTC)


@asynccontextmanager
async def owner(premises: Premises) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(premises.database)
    try:
        yield connection
    finally:
        await connection.close()


async def fill(town: Town, bought: list[dict[str, Any]]) -> None:
    columns = ["dossier_id", *bought[0]]
    async with owner(town.premises) as sql:
        rows = [(town.premises.dossier, *each.values()) for each in bought]
        await sql.copy_records_to_table("purchase", records=rows, columns=columns)
        await sql.execute("ANALYZE purchase")
    town.bought.extend(bought)


@pytest.fixture
async def town(http: Client, premises: Premises, books: object) -> Town:
    """Thirty customers, three sales reps, a tree of categories, and what was bought in four years."""
    rng = random.Random(20261122)  # noqa: S311 - a fixed seed
    made = Town(premises=premises)
    for code, level, parent in TREE:
        await sent(http, "PUT", f"/v1/categories/{code}", {"label": f"Rayon {code}", "level": level, "parent": parent})
    async with owner(premises) as sql:
        for ean, category in zip(BOOKS, SHELVES, strict=True):
            await sql.execute("UPDATE article SET category = $1 WHERE ean = $2", category, ean)
            made.category[ean] = category
    for code in filter(None, CODES):
        await sent(http, "POST", "/v1/tables/stat-2", {"code": code, "label": f"Zone {code}"})
    axes = [{"label": "A"}, {"label": "Zone", "segments": list(SEGMENTS)}, {"label": "C"}]
    await decide(http, stat_axes=axes)
    reps = []
    for number, percent in enumerate(COMMISSIONS):
        card = {"type": "sales_rep", "name": f"REP{number}", "commission": percent}
        reps.append(id_of((await sent(http, "POST", "/v1/third-parties", card))["id"]))
        made.commission[reps[-1]] = Decimal(percent) if percent else None
    people: list[UUID] = []
    for number in range(30):
        shares = rng.choice(SHARES)
        party = rng.choice(people) if people and rng.random() < 0.3 else None
        own = rng.choice(CODES)
        customer: dict[str, object] = {
            "name": f"CLIENT{number}",
            "stat_2": own,
            "statistics_party_id": key_of("cus", party),
            "sales_reps": [{"third_party_id": key_of("tpa", reps[rep]), "share": share} for rep, share in shares],
        }
        answer = await sent(http, "POST", "/v1/customers", customer)
        identity = id_of(answer["id"])
        people.append(identity)
        made.names[identity] = f"CLIENT{number} ({answer['code']})"
        made.codes[identity] = own
        made.party[identity] = party or identity
        made.reps[identity] = tuple((reps[rep], Decimal(share)) for rep, share in shares)
    bought: list[dict[str, Any]] = []
    for number in range(PURCHASES):
        quantity = rng.choice((1, 1, 1, 2, 3, 40, -1, -2))
        amount = rounded(Decimal(rng.randrange(1, 9999)) / 100 * quantity)
        bought.append(
            {
                "purchase_id": uuid4(),
                "customer_id": rng.choice([*people, None]),
                "at": an_instant(rng),
                "ean": rng.choice([*BOOKS, "9782070612758"]),
                "title": "T",
                "quantity": quantity,
                "amount": amount,
                "net": rounded(amount * 100 / Decimal("105.5")),
                "list_price": Decimal("10.00"),
                "vat_rate": Decimal("5.50"),
                "author_key": "",
                "kind": "book",
                "digital": False,
                "school_book": False,
                "buyer": rng.choice(BUYERS),
                "shipped": False,
                "sales_rep_id": rng.choice([None, None, None, *reps]),
                "source": "till",
                "reference": f"{number}",
                "by": "key:x",
            }
        )
    await fill(made, bought)
    return made


Ask = Callable[..., Any]


@pytest.fixture
def ask(comptoir: Comptoir, premises: Premises) -> Ask:
    async def of(by: StatisticsBy, start: date = WHOLE_TIME[0], until: date = WHOLE_TIME[1], **more: Any) -> Statistics:
        query = StatisticsQuery(by=by, start=start, until=until, **more)
        return await comptoir.read.statistics.of(premises.dossier, query)

    return of


PERIODS = (WHOLE_TIME, (date(2024, 4, 1), date(2025, 11, 1)), (date(2025, 1, 1), date(2025, 1, 2)))


def fiscal_year(day: date, first_month: int) -> str:
    return f"{day.year if day.month >= first_month else day.year - 1}-{first_month:02}"


def in_year(first_month: int) -> Callable[[Bought], str]:
    return lambda each: fiscal_year(day_of(each), first_month)


@pytest.mark.row("B17", "B18")
class TestMonthsAndYears:
    async def test_months_are_those_of_the_shop_each_of_them_there(self, town: Town, ask: Ask) -> None:
        for period in PERIODS:
            view = await ask(StatisticsBy.MONTH, *period)
            recount = counted(town.within(*period), lambda each: f"{day_of(each):%Y-%m}")
            keys = [row.key for row in view.rows]
            last = period[1] - timedelta(days=1)
            assert keys == sorted(keys)
            assert len(keys) == (last.year - period[0].year) * 12 + last.month - period[0].month + 1
            assert {row.key: row.sold for row in view.rows if row.sold.copies or row.sold.net} == recount
            assert all(row.sold == Sold() for row in view.rows if row.key not in recount)
            assert view.total == summed(town.within(*period))

    async def test_years_begin_in_the_first_month_of_the_company_file(self, town: Town, http: Client, ask: Ask) -> None:
        for month in range(1, 13):
            await decide(http, fiscal_month=month)
            view = await ask(StatisticsBy.FISCAL_YEAR)
            recount = counted(town.bought, in_year(month))
            assert {key: sold for key, sold in by_key(view).items() if sold.purchases} == recount
            assert [row.key for row in view.rows] == sorted(by_key(view))
            assert view.total == summed(town.bought)


@pytest.mark.row("A67")
async def test_private_and_professional_customers_are_told_apart(town: Town, ask: Ask) -> None:
    view = await ask(StatisticsBy.BUYER)
    recount = counted(town.bought, lambda each: each["buyer"])
    private = recount.pop("private")
    assert [(row.key, row.parent) for row in view.rows][:2] == [("private", None), ("collectivity", None)]
    assert view.rows[0].sold == private
    assert view.rows[1].sold == summed(each for each in town.bought if each["buyer"] != "private")
    assert {row.key: row.sold for row in view.rows[2:]} == recount
    assert {row.parent for row in view.rows[2:]} == {"collectivity"}
    assert view.total == summed(town.bought)
    for period in PERIODS:  # their ends are instants at which something was bought
        assert (await ask(StatisticsBy.BUYER, *period)).total == summed(town.within(*period))


def node_at(level: str, code: str | None) -> str | None:
    nodes = {name: (its, parent) for name, its, parent in TREE}
    while code is not None and nodes[code][0] != level:
        code = nodes[code][1]
    return code


def shelf_of(town: Town, level: Level, each: Bought) -> str | None:
    return node_at(level.value, town.category.get(each["ean"]))


async def test_categories_at_each_level_of_the_tree(town: Town, ask: Ask) -> None:
    for level in Level:
        view = await ask(StatisticsBy.CATEGORY, level=level)
        recount = counted(town.bought, partial(shelf_of, town, level))
        assert by_key(view) == recount
        assert {row.label for row in view.rows if row.key} == {f"Rayon {key}" for key in recount if key}
        assert (view.rows[-1].kind, view.rows[-1].key) == (RowKind.WITHOUT, None)
        nets = [row.sold.net for row in view.rows[:-1]]
        assert nets == sorted(nets, reverse=True)


@pytest.mark.row("B17", "B81", "B82")
async def test_codes_are_cut_at_a_level_and_are_those_of_the_statistics_party(town: Town, ask: Ask) -> None:
    def code_of(length: int, each: Bought) -> str | None:
        code = town.codes[town.party[each["customer_id"]]] if each["customer_id"] else None
        return code[:length] if code else None

    known = {code: f"Zone {code}" for code in CODES if code}
    for segment, length in ((None, 8), (1, 2), (2, 4), (3, 6), (4, 8)):
        view = await ask(StatisticsBy.STAT, axis=2, segment=segment)
        recount = counted(town.bought, partial(code_of, length))
        assert by_key(view) == recount
        assert view.axis_label == "Zone"
        assert {row.key: row.label for row in view.rows} == {key: known.get(key) for key in recount}
    assert by_key(await ask(StatisticsBy.STAT, axis=1)).keys() == {None}, "no card has a code of that axis"


@pytest.mark.row("B17")
class TestCustomers:
    async def test_are_gathered_under_their_statistics_party(self, town: Town, ask: Ask) -> None:
        view = await ask(StatisticsBy.CUSTOMER)
        assert by_key(view) == counted(town.bought, lambda each: key_of("cus", town.party.get(each["customer_id"])))
        assert {row.key: row.label for row in view.rows if row.key} == {
            key_of("cus", identity): town.names[identity]
            for identity in {town.party[each["customer_id"]] for each in town.bought if each["customer_id"]}
        }

    async def test_alone_with_those_they_gather(self, town: Town, ask: Ask) -> None:
        for wanted in (min(town.party), max(town.party, key=lambda each: list(town.party.values()).count(each))):
            view = await ask(StatisticsBy.BUYER, customer_id=CustomerId(wanted))
            gathered = {each for each, party in town.party.items() if wanted in {each, party}}
            assert view.total == summed(each for each in town.bought if each["customer_id"] in gathered)

    @pytest.mark.row("B30")
    async def test_confidential_stay_unnamed_but_counted(self, town: Town, ask: Ask, http: Client) -> None:
        secret = next(identity for identity, party in town.party.items() if identity == party)
        await sent(http, "POST", "/v1/tables/confidentiality", {"code": "VIP", "label": "VIP"})
        card = await http.get(f"/v1/customers/{key_of('cus', secret)}")
        await sent(
            http,
            "PATCH",
            f"/v1/customers/{key_of('cus', secret)}",
            {"confidentiality_code": "VIP"},
            **{"if-match": card.headers["etag"]},
        )
        seen = await ask(StatisticsBy.CUSTOMER, clearance=["VIP"])
        blind = await ask(StatisticsBy.CUSTOMER, clearance=[])
        hidden = [row for row in blind.rows if row.kind is RowKind.HIDDEN]
        assert [(row.key, row.label) for row in hidden] == [(None, None)]
        assert hidden[0].sold == by_key(seen)[key_of("cus", secret)]
        assert key_of("cus", secret) not in {row.key for row in blind.rows}
        assert blind.total == seen.total


@pytest.mark.row("B16")
async def test_sales_reps_have_their_share_and_their_commission(town: Town, ask: Ask) -> None:
    view = await ask(StatisticsBy.SALES_REP)
    parts: dict[UUID | None, list[tuple[Bought, Decimal]]] = defaultdict(list)
    for each in town.bought:
        reps = town.reps.get(each["customer_id"], ())
        shared = ((each["sales_rep_id"], Decimal(100)),) if each["sales_rep_id"] else reps
        for rep, share in shared:
            parts[rep].append((each, share))
        if (rest := 100 - sum(share for _, share in shared)) > 0:
            parts[None].append((each, Decimal(rest)))
    assert {row.key for row in view.rows} == {key_of("tpa", rep) for rep in parts}
    for row in view.rows:
        rep = id_of(row.key) if row.key else None
        net = sum((each["net"] * share for each, share in parts[rep]), Decimal(0)) / 100
        turnover = sum((each["amount"] * share for each, share in parts[rep]), Decimal(0)) / 100
        assert row.sold.copies == sum(each["quantity"] for each, _ in parts[rep])
        assert row.sold.purchases == sum(1 for each, _ in parts[rep] if each["quantity"] > 0)
        if rep is not None:
            percent = town.commission[rep]
            assert (row.sold.net, row.sold.turnover) == (rounded(net), rounded(turnover))
            assert row.sold.commission == (None if percent is None else rounded(net * percent / 100))
        else:
            assert row.kind is RowKind.WITHOUT
            assert abs(row.sold.net - net) <= Decimal("0.02")
    everything = summed(town.bought)
    assert sum(row.sold.net for row in view.rows) == everything.net == view.total.net
    assert sum(row.sold.turnover for row in view.rows) == everything.turnover == view.total.turnover
    assert (view.total.copies, view.total.purchases) == (everything.copies, everything.purchases)
    assert view.total.commission == sum(row.sold.commission or 0 for row in view.rows)


async def test_a_shop_that_sold_nothing_has_a_total_of_nothing(ask: Ask) -> None:
    for by in StatisticsBy:
        view = await ask(by, date(2026, 1, 1), date(2026, 3, 1))
        assert (view.total.copies, view.total.net, view.total.purchases) == (0, 0, 0)
        assert all(view.share(row) == 0 for row in view.rows)


@pytest.mark.parametrize(("start", "until"), [("2026-01-02", "2026-01-02"), ("1900-01-01", "2026-01-01")])
def test_a_period_must_end_after_it_begins_and_within_a_hundred_years(start: str, until: str) -> None:
    with pytest.raises(Inconsistent):
        StatisticsQuery(by=StatisticsBy.MONTH, start=date.fromisoformat(start), until=date.fromisoformat(until))
