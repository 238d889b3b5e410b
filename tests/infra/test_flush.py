"""What a unit of work writes: one statement, guarded, for every type of column."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import asyncpg
import pytest

from infra.db import flush
from infra.db.flush import Part, Row
from infra.db.pools import ShopConnection
from infra.repositories import pending as parts
from infra.repositories.pending import Pending, octets

NOW = datetime(2026, 3, 2, 9, 30, 0, 123456, tzinfo=UTC)
DRAFT = """
    CREATE TEMPORARY TABLE every_type (
        id uuid PRIMARY KEY, money numeric(12, 2), at timestamptz, day date, octets bytea, words text[], note text,
        data jsonb, n integer, big bigint, yes boolean, version integer
    )
"""
SHAPE = "id uuid, money numeric(12, 2), at timestamptz, day date, octets bytea, words text[], note text, data jsonb, n integer, big bigint, yes boolean, version integer"
INSERT = Part(
    "new_every", f"INSERT INTO every_type SELECT * FROM json_to_recordset({{rows}}::json) AS r({SHAPE})", guarded=False
)
UPDATE = Part(
    "changed_every",
    f"UPDATE every_type t SET note = r.note FROM json_to_recordset({{rows}}::json) AS r({SHAPE}) "
    "WHERE t.id = r.id AND t.version = r.version RETURNING 1",
    guarded=True,
)


@pytest.fixture
async def connection(database: str) -> AsyncIterator[ShopConnection]:
    connection = await asyncpg.connect(database, connection_class=ShopConnection)
    await connection.execute(DRAFT)
    yield connection
    await connection.close()


def row(nth: int = 1, **more: object) -> Row:
    return {"id": UUID(int=nth), "version": 1, **more}


class TestAStatement:
    def test_writes_every_kind_of_row_at_once_and_counts_what_is_guarded(self) -> None:
        text = flush.statement((parts.NEW_ORDER, parts.CHANGED_LINE, parts.GONE_LINE))
        assert text.count(";") == 0
        assert text.startswith("WITH new_customer_order AS (INSERT INTO")
        assert text.endswith(
            "SELECT set_config('comptoir.by', $1, true), comptoir_guard('changed_order_line', $5, (SELECT count(*) FROM changed_order_line)), "
            "comptoir_guard('gone_order_line', $6, (SELECT count(*) FROM gone_order_line))"
        )
        assert [text.count(f"${n}::json") for n in (2, 3, 4)] == [1, 1, 1]

    def test_without_a_guard_is_still_one(self) -> None:
        assert flush.statement((parts.NEW_EVENT,)).endswith("SELECT set_config('comptoir.by', $1, true)")

    def test_finds_a_changed_order_by_the_version_it_was_loaded_with(self) -> None:
        assert 't."order_id" = r."order_id" AND t.version = r.loaded_version' in parts.CHANGED_ORDER.sql
        assert parts.CHANGED_ORDER.guarded

    def test_leaves_to_the_base_what_the_base_makes(self) -> None:
        for name in ("outstanding", "priority"):
            assert f'"{name}"' not in parts.NEW_LINE.sql + parts.CHANGED_LINE.sql
        assert not {'"xid"', '"seq"'} & set(parts.NEW_EVENT.sql.replace(",", " ").split())

    def test_takes_the_rows_and_then_the_counts(self) -> None:
        arguments = flush.arguments(
            [(parts.NEW_EVENT, [{"a": 1}]), (parts.CHANGED_LINE, [{"b": 2}, {"b": 3}])], by="me"
        )
        assert arguments == ["me", '[{"a":1}]', '[{"b":2},{"b":3}]', 2]

    def test_is_the_same_text_for_the_same_parts_in_whatever_order_they_came(self) -> None:
        one, other = Pending(), Pending()
        for part in (parts.NEW_ORDER, parts.NEW_EVENT):
            one.add(part, {})
        for part in (parts.NEW_EVENT, parts.NEW_ORDER):
            other.add(part, {})
        texts = {flush.statement(tuple(part for part, _ in each.parts())) for each in (one, other)}
        assert len(texts) == 1


class TestAFlush:
    async def test_keeps_every_type_of_column(self, connection: ShopConnection) -> None:
        full = row(
            money=Decimal("1234567890.10"),
            at=NOW,
            day=date(2026, 2, 28),
            octets=octets(b"\x00\xff\\x"),
            words=["é", "a,b", '"', "", "{}"],
            note="l'été \"\\ \n日本 </script>",
            data={"é": [1, None, "x"], "n": {"m": True}},
            n=-(2**31),
            big=2**63 - 1,
            yes=False,
        )
        await flush.flush(connection, [(INSERT, [full, row(2)])], by="me")
        first, second = await connection.fetch("SELECT * FROM every_type ORDER BY id")
        kept = dict(first)
        assert kept.pop("octets") == b"\x00\xff\\x"
        assert kept.pop("data") == '{"n": {"m": true}, "é": [1, null, "x"]}'
        assert kept == {name: value for name, value in full.items() if name not in {"octets", "data"}}
        assert str(first["money"]) == "1234567890.10"
        assert {name for name, value in second.items() if value is None} == set(full) - {"id", "version"}

    async def test_of_nothing_asks_nothing(self, connection: ShopConnection) -> None:
        await connection.close()
        await flush.flush(connection, [(INSERT, []), (UPDATE, [])], by="me")

    @pytest.mark.parametrize("in_transaction", [False, True])
    async def test_that_misses_a_row_undoes_the_whole_statement(
        self, connection: ShopConnection, in_transaction: bool
    ) -> None:
        await flush.flush(connection, [(INSERT, [row(1, note="old"), row(2, note="old")])], by="me")
        changes = [row(1, note="new"), row(2, note="new") | {"version": 7}]
        transaction = connection.transaction()
        if in_transaction:
            await transaction.start()
        with pytest.raises(asyncpg.PostgresError) as refusal:
            await flush.flush(connection, [(INSERT, [row(3)]), (UPDATE, changes)], by="me")
        if in_transaction:
            await transaction.rollback()
        assert refusal.value.sqlstate == "CS001"
        assert refusal.value.constraint_name == "changed_every"
        notes = await connection.fetch("SELECT note FROM every_type ORDER BY id")
        assert [each["note"] for each in notes] == ["old", "old"]

    async def test_that_hits_each_row_is_kept_without_a_transaction(self, connection: ShopConnection) -> None:
        await flush.flush(connection, [(INSERT, [row(1), row(2)])], by="me")
        await flush.flush(
            connection,
            [(INSERT, [row(3, note="new")]), (UPDATE, [row(1, note="new"), row(2, note="new")])],
            by="me",
        )
        assert not connection.is_in_transaction()
        assert await connection.fetchval("SELECT count(*) FROM every_type WHERE note = 'new'") == 3

    async def test_of_a_hundred_rows_is_one_round_trip(self, connection: ShopConnection) -> None:
        asked: list[str] = []
        with connection.query_logger(lambda record: asked.append(record.query)):
            await flush.flush(connection, [(INSERT, [row(nth) for nth in range(1, 101)])], by="me")
        assert await connection.fetchval("SELECT count(*) FROM every_type") == 100
        assert len(asked) == 1
