"""The demo shop: the seeds to the letter, and books that agree with each other."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from domain.model.access import Caller
from domain.model.bank import Rib
from domain.model.identifiers import siret
from domain.model.order import CustomerOrder, Status, derive_status
from domain.model.values import ChannelId, ean13
from domain.queries.orders import view_of
from domain.usecases.rulebook import check_customer
from infra.db import dossiers
from infra.db.pools import pool
from infra.demo import DemoCredentials, load_if_empty, loader, seed
from infra.ids import new_id
from infra.repositories.customers import customer_of
from infra.repositories.orders import order_of
from infra.sql import sql
from infra.unit_of_work import units_of_work
from tests.contracts.house import dossier_of
from tests.support.database import Cluster, MakeDatabase, passable_folder


class Base:
    """A base with the demo in it, on one open connection."""

    def __init__(self, connection: dossiers.Connection, url: str, credentials: DemoCredentials) -> None:
        self.connection = connection
        self.url = url
        self.credentials = credentials

    async def rows(self, query: str, *arguments: object) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in await self.connection.fetch(query, *arguments)]

    async def orders(self) -> dict[int, CustomerOrder]:
        """Every order as the repository loads it, by number."""
        dossier_id = await self.connection.fetchval("SELECT dossier_id FROM dossier")
        ids = [row[0] for row in await self.rows("SELECT order_id FROM customer_order")]
        rows = await self.connection.fetch(sql("order_load"), dossier_id, ids)
        return {order.number: order for order in map(order_of, rows)}


async def _loaded(url: str, data_dir: Path) -> AsyncIterator[Base]:
    credentials = await load_if_empty(url, data_dir)
    assert credentials is not None
    connection = await asyncpg.connect(url)
    yield Base(connection, url, credentials)
    await connection.close()


@pytest.fixture(scope="module")
async def shop(cluster: Cluster) -> AsyncIterator[Base]:
    """The demo, loaded once for all tests that only look."""
    folder = passable_folder()
    await cluster.execute(f"CREATE DATABASE comptoir_demo TEMPLATE {cluster.template} STRATEGY FILE_COPY")
    async for base in _loaded(cluster.server.url("comptoir_demo"), folder):
        yield base
    await cluster.execute("DROP DATABASE comptoir_demo WITH (FORCE)")
    shutil.rmtree(folder)


@pytest.fixture
async def base(database: str, data_dir: Path) -> AsyncIterator[Base]:
    """The demo, loaded for one test."""
    async for base in _loaded(database, data_dir):
        yield base


# what the old screens show ------------------------------------------------------------------------------------------


@pytest.mark.row("A2", "A5", "A8")
async def test_the_order_list_of_the_maison_is_the_seeds(shop: Base) -> None:
    found = await shop.rows(
        "SELECT number, customer_code, customer_reference, name, status, "
        "to_char(created_at AT TIME ZONE 'Europe/Paris', 'DD/MM/YYYY') "
        "FROM customer_order WHERE customer_code = '11505' ORDER BY created_at, order_id"
    )
    assert found == [
        (number, "11505", None, "MAISON DES TOUT PETITS", status, f"{day:%d/%m/%Y}")
        for number, status, day in seed.ORDERS
    ]
    assert len(found) == 20
    assert found[0] == (46407, "11505", None, "MAISON DES TOUT PETITS", "LP", "21/09/2017")
    assert found[-1][0::4] == (55337, "CO")


@pytest.mark.row("A11", "A12", "A13")
async def test_order_46407_has_its_ten_lines(shop: Base) -> None:
    order = (await shop.orders())[46407]
    found = [
        (
            line.ean,
            line.title,
            line.author,
            line.publisher,
            line.ordered,
            line.set_aside + line.delivered,
            line.answer.label if line.answer else None,
        )
        for line in view_of(order).lines
    ]
    assert found == [
        (code, title, author, publisher, 1, received, "Disponible" if received else "Epuisé")
        for code, title, author, publisher, received in seed.LINES
    ]
    assert (order.status, order.quantity, order.reserved) == (Status.PARTLY_DELIVERED, 10, 9)
    exhausted = order.lines[4]
    assert exhausted.title == "BOUTON DE LA SORCIERE"
    assert exhausted.answer is not None
    assert (exhausted.answer.code, exhausted.answer.source) == ("6", "distributor")


@pytest.mark.row("A35", "A36", "A37")
async def test_the_oldest_reservation_is_the_seeds_and_has_no_order(shop: Base) -> None:
    kept = await shop.rows(
        "SELECT r.title, r.order_id, r.line_id, c.code, r.name, "
        "to_char(r.set_aside_at AT TIME ZONE 'Europe/Paris', 'DD/MM/YY') "
        "FROM reservation r JOIN customer c USING (dossier_id, customer_id) WHERE r.state = 'set_aside' "
        "ORDER BY r.set_aside_at, r.reservation_id"
    )
    assert kept[0] == ("LES INDES FOURBES", None, None, "2", "NICOLAS", "10/12/19")


async def test_the_seeds_two_customers_are_there(shop: Base) -> None:
    found = await shop.rows(
        "SELECT code, name, first_name, phone, email, fidelity_active, fidelity_started_on::text FROM customer "
        "WHERE code IN ('1', '2') ORDER BY code"
    )
    assert found == [
        ("1", "ELMI-GANI", "YOHANN", None, None, False, None),
        ("2", "NICOLAS", None, "0606060607", "np@2dcom.fr", True, "2019-12-10"),
    ]


# the books agree ----------------------------------------------------------------------------------------------------


@pytest.mark.row("A5")
async def test_every_status_is_the_derived_one(shop: Base) -> None:
    stored = dict(await shop.rows("SELECT number, status FROM customer_order"))
    orders = await shop.orders()
    for number, order in orders.items():
        derived = derive_status(
            cancelled=order.cancelled_at is not None, held=order.payment_state == "awaited", lines=order.lines
        )
        assert stored[number] == derived, number
        assert order.contact.name
    assert set(stored.values()) == set(Status)
    summed = dict(await shop.rows("SELECT number, quantity - reserved FROM customer_order"))
    assert summed == {number: order.quantity - order.reserved for number, order in orders.items()}


@pytest.mark.parametrize(
    "question",
    {
        "stock is what its movements made": """
            SELECT ean FROM stock_level s WHERE (available, set_aside) <> (
                SELECT coalesce(sum(m.available), 0)::int, coalesce(sum(m.set_aside), 0)::int
                FROM stock_movement m WHERE m.ean = s.ean)""",
        "stock was never below zero": """
            SELECT ean FROM (SELECT ean, sum(available) OVER w AS shelf, sum(set_aside) OVER w AS reserve
                FROM stock_movement WINDOW w AS (PARTITION BY ean ORDER BY at, movement_id)) x
            WHERE shelf < 0 OR reserve < 0""",
        "the reserve holds what is reserved": """
            SELECT ean FROM stock_level s WHERE set_aside <> (
                SELECT coalesce(sum(r.quantity), 0) FROM reservation r WHERE r.ean = s.ean AND r.state = 'set_aside')""",
        "a line holds what is reserved for it": """
            SELECT line_id FROM order_line l WHERE set_aside <> (
                SELECT coalesce(sum(r.quantity), 0) FROM reservation r
                WHERE r.line_id = l.line_id AND r.state = 'set_aside')""",
        "a line was given what was collected for it": """
            SELECT l.line_id FROM order_line l JOIN reservation r USING (line_id) WHERE r.state = 'collected'
            GROUP BY l.line_id, l.delivered HAVING sum(r.quantity) > l.delivered""",
        "every reservation has one movement into the reserve": """
            SELECT r.reservation_id FROM reservation r LEFT JOIN stock_movement m
                ON m.reservation_id = r.reservation_id AND m.cause = 'set_aside' AND m.set_aside = r.quantity
            GROUP BY r.reservation_id HAVING count(m.movement_id) <> 1""",
        "a reservation is made after its order and ended after it was made, all in the past": """
            SELECT reservation_id FROM reservation r LEFT JOIN customer_order o USING (dossier_id, order_id)
            WHERE o.created_at >= set_aside_at OR ended_at <= set_aside_at OR greatest(set_aside_at, ended_at) > now()""",
        "an order holds the money that was received": """
            SELECT number FROM customer_order o WHERE (paid, refunded) <> (
                SELECT coalesce(sum(CASE p.kind WHEN 'refund' THEN -p.amount ELSE p.amount END), 0),
                       coalesce(sum(p.amount) FILTER (WHERE p.kind = 'refund'), 0)
                FROM payment p WHERE p.order_id = o.order_id)""",
        "what is left of a deposit is the sum of its ledger": """
            SELECT number FROM customer_order o WHERE deposit - deposit_used <> (
                SELECT coalesce(sum(d.amount), 0) FROM deposit_entry d WHERE d.order_id = o.order_id)""",
        "nothing is left of the deposit of a closed order": """
            SELECT number FROM customer_order WHERE status IN ('AN', 'LT') AND deposit > deposit_used""",
        "a line is supplied by what is on order for it": """
            SELECT l.line_id FROM order_line l WHERE l.supplied <> (
                SELECT coalesce(sum(k.quantity - k.received), 0) FROM supply_link k WHERE k.line_id = l.line_id)""",
        "no more is meant for customers than is still to come": """
            SELECT l.supplier_line_id FROM supplier_line l WHERE l.outstanding < (
                SELECT coalesce(sum(k.quantity - k.received), 0) FROM supply_link k
                WHERE k.supplier_line_id = l.supplier_line_id)""",
        "an order costs what its lines and its charge cost": """
            SELECT o.number FROM customer_order o WHERE o.total <> (SELECT sum((v ->> 'net')::numeric + (v ->> 'vat')::numeric)
                FROM jsonb_array_elements(o.vat_totals) AS v)""",
        "numbers rise with time": """
            SELECT number FROM (SELECT number, created_at, lag(created_at) OVER (ORDER BY number) AS before
                FROM customer_order) x WHERE created_at < before""",
        "nothing is of tomorrow": """
            SELECT number FROM customer_order WHERE greatest(created_at, updated_at, cancelled_at) > now()""",
        "every word of a name finds its order": """
            SELECT order_id, word FROM customer_order, string_to_table(name_key, ' ') AS word
            EXCEPT SELECT order_id, token FROM order_token""",
        "every word of a name finds its customer": """
            SELECT customer_id, word FROM customer, string_to_table(name_key || ' ' || short_name, ' ') AS word
            EXCEPT SELECT customer_id, token FROM customer_token""",
        "a web order has its shop and number, any other has none": """
            SELECT number FROM customer_order
            WHERE (origin = 'web') <> (channel_id IS NOT NULL AND external_id IS NOT NULL AND mail_order)""",
        "every article has its stock": "SELECT ean FROM article EXCEPT SELECT ean FROM stock_level",
        "no digital copy lies in the reserve": "SELECT ean FROM reservation WHERE digital",
        "nobody red, closed or unapproved ordered": """
            SELECT o.number FROM customer_order o JOIN customer c USING (dossier_id, customer_id)
            WHERE c.light = 'red' OR c.approved_at IS NULL OR c.closed_on <= o.created_at::date""",
    }.items(),
    ids=lambda question: question[0],
)
async def test_the_books_agree(shop: Base, question: tuple[str, str]) -> None:
    assert await shop.rows(question[1]) == []


async def test_every_ean_is_valid(shop: Base) -> None:
    for (ean,) in await shop.rows("SELECT ean FROM article UNION SELECT ean FROM order_line"):
        assert ean13(ean) == ean


async def test_every_screen_has_something_to_show(shop: Base) -> None:
    (counts,) = await shop.rows("""
        SELECT (SELECT count(*) FROM customer),
               (SELECT count(*) FROM article),
               (SELECT count(*) FROM customer_order),
               (SELECT count(DISTINCT o.number) FROM customer_order o JOIN order_line l USING (dossier_id, order_id)
                WHERE l.outstanding > 0 AND NOT l.digital AND o.status IN ('CO', 'LP')),
               (SELECT count(*) FROM reservation WHERE state = 'set_aside')""")
    for count, least in zip(counts, (290, 210, 400, 60, 40), strict=True):
        assert count >= least
    (states,) = await shop.rows("""
        SELECT count(*) FILTER (WHERE state = 'collected'), count(*) FILTER (WHERE state = 'returned'),
               count(*) FILTER (WHERE state = 'written_off' AND end_reason IS NOT NULL),
               count(*) FILTER (WHERE state = 'set_aside' AND pickup_deadline < current_date),
               count(*) FILTER (WHERE state = 'set_aside' AND order_id IS NULL),
               count(*) FILTER (WHERE state = 'set_aside' AND place IS NOT NULL)
        FROM reservation""")
    assert all(states)
    (filters,) = await shop.rows("""
        SELECT count(*) FILTER (WHERE deposit > 0), count(*) FILTER (WHERE vat_exempt), count(*) FILTER (WHERE has_digital),
               count(*) FILTER (WHERE customer_id IS NULL), count(*) FILTER (WHERE customer_reference IS NOT NULL),
               count(*) FILTER (WHERE cancel_reason IS NOT NULL)
        FROM customer_order""")
    assert min(filters) >= 3
    (customers,) = await shop.rows("""
        SELECT count(*) FILTER (WHERE closed_on < current_date), count(*) FILTER (WHERE light = 'red'),
               count(*) FILTER (WHERE light = 'orange'), count(*) FILTER (WHERE approved_at IS NULL),
               count(*) FILTER (WHERE lending_library), count(*) FILTER (WHERE vat_exempt)
        FROM customer""")
    assert all(customers)


@pytest.mark.row("B2")
async def test_cards_are_full_of_life(shop: Base) -> None:
    (counts,) = await shop.rows("""
        SELECT (SELECT count(*) FROM contact_person), (SELECT count(*) FROM address), (SELECT count(*) FROM bank_account),
               (SELECT count(*) FROM consent), (SELECT count(*) FROM discount_rule), (SELECT count(*) FROM note),
               (SELECT count(*) FROM custom_field), (SELECT count(*) FROM customer WHERE custom_fields <> '{}')""")
    for count, least in zip(counts, (26, 15, 8, 300, 30, 15, 3, 40), strict=True):
        assert count >= least, counts
    (customers,) = await shop.rows("""
        SELECT count(*) FILTER (WHERE siret IS NOT NULL), count(*) FILTER (WHERE chorus_enabled),
               count(*) FILTER (WHERE billed_to_id IS NOT NULL), count(*) FILTER (WHERE group_id IS NOT NULL),
               count(*) FILTER (WHERE confidentiality_code IS NOT NULL), count(*) FILTER (WHERE sales_rep_2_id IS NOT NULL),
               count(*) FILTER (WHERE management_ceiling > 0), count(*) FILTER (WHERE stat_1 IS NOT NULL)
        FROM customer""")
    assert all(customers), customers
    kinds = dict(await shop.rows("SELECT type, count(*) FROM third_party GROUP BY type"))
    assert kinds == {"sales_rep": 3, "supplier": 2, "prospect": 1}
    assert await shop.rows("SELECT login, scopes @> '{admin}' FROM staff ORDER BY login") == [
        ("ines", False),
        ("libraire", True),
    ]
    assert await shop.rows("SELECT count(*) FROM flash WHERE read_at IS NULL AND NOT approved") == [(2,)]


async def test_numbers_on_cards_are_valid_and_nobodys(shop: Base) -> None:
    for (number,) in await shop.rows("SELECT siret FROM customer UNION SELECT siret FROM third_party"):
        assert number is None or (siret(number) == number and number.startswith("000"))
    for (number,) in await shop.rows("SELECT iban FROM bank_account"):
        found = Rib.of_iban(number)
        assert found is not None
        assert found.bank == "00000"


async def test_cards_obey_the_rulebook(shop: Base) -> None:
    """Each card, read and checked as if it were written anew by an administrator."""
    (row,) = await shop.connection.fetch("SELECT * FROM dossier")
    dossier = await dossier_of(shop.connection, row["dossier_id"])
    by = Caller(dossier=dossier, client="key:test", kind="api_key", name="x", login=None, scopes=frozenset({"admin"}))
    cards = [customer_of(each) for each in await shop.connection.fetch("SELECT * FROM customer")]
    async with (
        pool(shop.url, size=1, read_only=False) as writing,
        units_of_work(writing, lambda: datetime.now(UTC))(dossier) as work,
    ):
        for card in cards:
            await check_customer(work, card.id, card.details, None, by)


@pytest.mark.row("A48")
async def test_the_seeds_three_cards_have_nothing_but_their_screens(shop: Base) -> None:
    for table in ("address", "contact_person", "bank_account", "note", "consent", "discount_rule"):
        assert (
            await shop.rows(
                f"SELECT 1 FROM {table} JOIN customer c USING (dossier_id, customer_id) WHERE c.code IN ('1', '2', '11505')"
            )
            == []
        )
    assert await shop.rows(
        "SELECT DISTINCT category, stat_1, siret, custom_fields::text FROM customer WHERE code IN ('1', '2', '11505')"
    ) == [(None, None, None, "{}")]


async def test_queues_are_worth_a_scan(shop: Base) -> None:
    queues = await shop.rows("""
        SELECT s.available, count(*) FROM order_line l JOIN stock_level s USING (dossier_id, ean)
        WHERE l.outstanding > 0 AND NOT l.digital GROUP BY s.ean, s.available HAVING count(*) > 1""")
    assert sum(1 for available, waiting in queues if available in {1, 2} and 3 <= waiting <= 6) >= 3
    assert (1, 2) in queues


async def test_the_next_order_gets_the_next_number(shop: Base) -> None:
    dossier_id, sequence = (await shop.rows("SELECT dossier_id, order_sequence FROM dossier"))[0]
    last = await shop.connection.fetchval("SELECT max(number) FROM customer_order")
    async with pool(shop.url, size=1, read_only=False) as opened, opened.of(dossier_id) as connection:
        assert await connection.fetchval("SELECT nextval($1::text::regclass)", sequence) == last + 1


# the way in ---------------------------------------------------------------------------------------------------------


async def test_the_secrets_open_the_base_and_lie_in_a_private_file(base: Base, data_dir: Path) -> None:
    known, file = base.credentials, data_dir / "demo.json"
    assert file.stat().st_mode & 0o777 == 0o600
    assert json.loads(file.read_text()) == {
        "password": known.password,
        "shop_key": known.shop_key,
        "script_key": known.script_key,
    }
    ((kept,),) = await base.rows("SELECT password_hash FROM staff WHERE login = $1", known.login)
    assert PasswordHash((Argon2Hasher(),)).verify(known.password, kept)
    keys = dict(await base.rows("SELECT digest, channel_id IS NOT NULL FROM api_key WHERE revoked_at IS NULL"))
    assert keys == {
        dossiers.secret_digest(known.shop_key): True,
        dossiers.secret_digest(known.script_key): False,
    }
    ((hexadecimal,),) = await base.rows("SELECT replace(dossier_id::text, '-', '') FROM dossier")
    assert known.shop_key.startswith(f"cpt_{hexadecimal}_")


async def test_the_push_body_can_be_served_at_once(base: Base) -> None:
    body = json.loads(base.credentials.curl_body)
    assert "\n" not in base.credentials.curl_body
    assert "'" not in base.credentials.curl_body
    assert body["paid"] is True
    assert 1 <= len(body["lines"]) <= 5
    for line in body["lines"]:
        shelf = await base.rows("SELECT available >= $2 FROM stock_level WHERE ean = $1", line["ean"], line["quantity"])
        assert shelf == [(True,)]
        assert await base.rows("SELECT 1 FROM order_line WHERE ean = $1 AND outstanding > 0", line["ean"]) == []


async def test_later_starts_tell_the_same(base: Base, data_dir: Path) -> None:
    assert await load_if_empty(base.url, data_dir) == base.credentials


async def test_two_starts_at_once_load_one_shop(database: str, data_dir: Path) -> None:
    first, second = await asyncio.gather(load_if_empty(database, data_dir), load_if_empty(database, data_dir))
    assert first == second


@pytest.mark.parametrize("damage", ["lost", "torn", "of another base"])
async def test_new_secrets_are_made_where_the_file_does_not_fit(base: Base, data_dir: Path, damage: str) -> None:
    file, before = data_dir / "demo.json", base.credentials
    if damage == "lost":
        file.unlink()
    elif damage == "torn":
        file.write_text(file.read_text()[:40])
    else:
        file.write_text(file.read_text().replace("cpt_", "cpt_0"))
    after = await load_if_empty(base.url, data_dir)
    assert after is not None
    assert {after.password, after.shop_key, after.script_key}.isdisjoint(
        {before.password, before.shop_key, before.script_key}
    )
    assert file.stat().st_mode & 0o777 == 0o600
    assert not file.with_suffix(".new").exists()
    keys = {row[0] for row in await base.rows("SELECT digest FROM api_key WHERE revoked_at IS NULL")}
    assert keys == {dossiers.secret_digest(after.shop_key), dossiers.secret_digest(after.script_key)}
    hashes = await base.rows("SELECT password_hash FROM staff")
    assert [PasswordHash((Argon2Hasher(),)).verify(after.password, kept) for (kept,) in hashes] == [True, True]
    assert await load_if_empty(base.url, data_dir) == after


async def test_a_kill_between_the_file_and_the_commit_leaves_nothing_that_hinders(
    database: str, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = loader._in

    async def killed_before_commit(*arguments: Any) -> None:
        await real(*arguments)
        raise RuntimeError("killed")

    monkeypatch.setattr(loader, "_in", killed_before_commit)
    with pytest.raises(RuntimeError, match="killed"):
        await load_if_empty(database, data_dir)
    left = (data_dir / "demo.json").read_text()
    monkeypatch.undo()

    known = await load_if_empty(database, data_dir)
    assert known is not None
    assert known.password not in left
    assert await load_if_empty(database, data_dir) == known

    (data_dir / "demo.json").unlink()
    monkeypatch.setattr(loader, "_in", killed_before_commit)  # now while secrets are renewed
    with pytest.raises(RuntimeError, match="killed"):
        await load_if_empty(database, data_dir)
    monkeypatch.undo()
    renewed = await load_if_empty(database, data_dir)
    assert renewed is not None
    assert renewed.password not in {known.password, json.loads(left)["password"]}
    assert await load_if_empty(database, data_dir) == renewed


async def test_a_draft_that_a_kill_left_is_no_hindrance(database: str, data_dir: Path) -> None:
    (data_dir / "demo.new").write_text("half")
    assert await load_if_empty(database, data_dir) is not None
    assert (data_dir / "demo.json").stat().st_mode & 0o777 == 0o600


async def test_a_real_shop_is_left_alone(make_database: MakeDatabase, data_dir: Path) -> None:
    url = await make_database()
    connection = await asyncpg.connect(url)
    await dossiers.open_dossier(connection, code="vraie", name="Librairie vraie")
    assert await load_if_empty(url, data_dir) is None
    assert await connection.fetchval("SELECT count(*) FROM customer") == 0
    await connection.close()
    assert not (data_dir / "demo.json").exists()


def test_only_the_secrets_differ_from_load_to_load() -> None:
    now = datetime(2026, 3, 2, 10, tzinfo=UTC)
    staff, channel = new_id(), ChannelId(new_id())
    first, second = (loader.demo_shop(now=now, staff_id=staff, channel_id=channel) for _ in range(2))
    assert [view_of(order) for order in first.orders] == [view_of(order) for order in second.orders]
    assert first.reservations[0].set_aside_at.astimezone(ZoneInfo("Europe/Paris")).date() == seed.INDES_FOURBES_ON
