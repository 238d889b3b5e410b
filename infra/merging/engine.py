"""Merges in PostgreSQL. Every row that changes is kept as it was and as the merge left it, so that it can be taken back.

There is no such engine for the fakes: what it must get right is the base's own (its foreign keys, its unique indexes, its
generated columns), and is proved on PostgreSQL. The rules of a merge are in ``domain/model/merge.py``, and proved without it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pydantic_core import to_json, to_jsonable_python

from domain.errors import Fault, MergeBuiltOn, NotFound, TryAgain
from domain.model.access import Dossier
from domain.model.customer import Customer, CustomerDetails
from domain.model.links import closes_ring
from domain.model.merge import Clash, Merge, MergePlan, MovedRows, RowChange
from domain.model.values import CustomerId, MergeId
from infra.db.pools import ShopConnection
from infra.db.tables import METADATA
from infra.merging import clashes
from infra.merging.clashes import Draft
from infra.merging.policies import (
    DOCUMENTS,
    KINDS,
    POLICIES,
    Image,
    Policy,
    check,
    key_columns,
    key_of,
    unwatched,
)
from infra.merging.report import loads, merge_of, moved_rows, written
from infra.names import names_of
from infra.repositories.customers import customer_row
from infra.repositories.pending import Begin

LINKS = ("billed_to_id", "group_id", "statistics_party_id", "payment_party_id")
MOST_FAULTS = 100
"""Rows that a refusal names; nobody reads more."""

OLD_WORDS = (
    "DELETE FROM customer_token t USING customer c WHERE c.dossier_id = $1 AND c.customer_id = $2 AND t.dossier_id = $1 "
    "AND t.customer_id = $2 AND t.token <> ALL (string_to_array(c.name_key || ' ' || c.short_name, ' '))"
)
NEW_WORDS = (
    "INSERT INTO customer_token (dossier_id, token, customer_id) SELECT DISTINCT c.dossier_id, word, c.customer_id "
    "FROM customer c, string_to_table(c.name_key || ' ' || c.short_name, ' ') AS word "
    "WHERE c.dossier_id = $1 AND c.customer_id = $2 AND word <> '' ON CONFLICT DO NOTHING"
)
WRITE = (
    "INSERT INTO customer_merge (dossier_id, merge_id, kept_id, absorbed_id, choices, at, by) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7)"
)
WRITE_ROWS = (
    "INSERT INTO merged_row (dossier_id, merge_id, position, table_name, key, before, after) "
    "SELECT $1, $2, r.* FROM unnest($3::int[], $4::text[], $5::jsonb[], $6::jsonb[], $7::jsonb[]) AS r"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moved:
    """A row that a merge changed, as it was written down."""

    table: str
    key: Mapping[str, str]
    before: Image
    after: Image

    @property
    def pointer(self) -> str:
        (record_id,) = self.key.values()
        return f"/{self.table}/{KINDS[self.table].prefix}_{UUID(record_id).hex}"


class SqlMerges:
    """``Merges`` of one dossier on one connection."""

    def __init__(self, dossier: Dossier, connection: ShopConnection, *, begin: Begin, by: str) -> None:
        self._dossier = dossier
        self._connection = connection
        self._begin = begin
        self._by = by

    async def hold(self, customer_id: CustomerId) -> None:
        await self._begin()
        for table in DOCUMENTS:
            (key,) = key_columns(table)
            his = " OR ".join(f'"{column}" = $2' for named, column in POLICIES if named == table)
            await self._connection.execute(
                f'SELECT 1 FROM "{table}" WHERE dossier_id = $1 AND ({his}) ORDER BY "{key}" FOR UPDATE',
                self._dossier.id,
                customer_id,
            )

    async def hold_moved(self, merge_id: MergeId) -> None:
        await self._begin()
        for table in DOCUMENTS:
            (key,) = key_columns(table)
            await self._connection.execute(
                f'SELECT 1 FROM "{table}" t WHERE t.dossier_id = $1 AND t."{key}" IN (SELECT (m.key ->> $3)::uuid '
                f'FROM merged_row m WHERE m.dossier_id = $1 AND m.merge_id = $2 AND m.table_name = $4) ORDER BY t."{key}" '
                "FOR UPDATE",
                self._dossier.id,
                merge_id,
                key,
                table,
            )

    # merging -----------------------------------------------------------------------------------------------------

    async def plan(self, *, kept: Customer, card: CustomerDetails, absorbed: Customer, now: datetime) -> MergePlan:
        await check(self._connection)
        cards = await self._cards(kept.id, absorbed.id)
        drafts = await self._drafts(kept.id, absorbed.id)
        told: list[Clash] = []
        for table, rows in drafts.items():
            told += clashes.settle(table, rows, await self._on(table, kept.id), cards, str(kept.id))
        for draft in drafts.get("customer_order", ()):
            if draft.moves:  # an order that is only billed to the card stays its own customer's
                draft.patch["customer_code"] = kept.code
        moved = [draft for rows in drafts.values() for draft in rows]
        own = [self._kept_draft(kept, card, cards), self._absorbed_draft(kept, absorbed, cards)]
        return MergePlan(
            moved=moved_rows(((draft.table, draft.image) for draft in moved), cards=(kept.id, absorbed.id)),
            clashes=tuple(told),
            changes=tuple(_change(draft, now=now) for draft in [*own, *moved]),
        )

    async def carry_out(self, merge: Merge, plan: MergePlan) -> None:
        await self._sign()
        await self._connection.execute(
            WRITE,
            self._dossier.id,
            merge.id,
            merge.kept_id,
            merge.absorbed_id,
            written(merge),
            merge.at,
            merge.by,
        )
        after = await self._apply([(each.table, each.key, each.patch) for each in plan.changes])
        await self._connection.execute(
            WRITE_ROWS,
            self._dossier.id,
            merge.id,
            list(range(len(after))),
            [each.table for each in plan.changes],
            [to_json(each.key).decode() for each in plan.changes],
            [each.before for each in plan.changes],
            after,
        )
        await self._retell(merge.kept_id)

    async def _cards(self, *customer_ids: CustomerId) -> dict[str, Image]:
        rows = await self._connection.fetch(
            "SELECT to_jsonb(c)::text AS image FROM customer c WHERE c.dossier_id = $1 AND c.customer_id = ANY ($2::uuid[])",
            self._dossier.id,
            list(customer_ids),
        )
        images = [(row["image"], loads(row["image"])) for row in rows]
        return {image["customer_id"]: {**image, "": text} for text, image in images}

    async def _drafts(self, kept_id: CustomerId, absorbed_id: CustomerId) -> dict[str, list[Draft]]:
        """Every row that names the absorbed card, once, with the columns that will name the kept one."""
        found: dict[tuple[str, str], Draft] = {}
        own = {str(kept_id), str(absorbed_id)}
        for (table, column), policy in POLICIES.items():
            if policy is not Policy.MOVE:
                continue
            keys = ", ".join(f't."{name}"' for name in key_columns(table))
            rows = await self._connection.fetch(
                f'SELECT to_jsonb(t)::text AS image FROM "{table}" t WHERE t.dossier_id = $1 AND t."{column}" = $2 '
                f"ORDER BY {keys} FOR UPDATE",
                self._dossier.id,
                absorbed_id,
            )
            for row in rows:
                image = loads(row["image"])
                key = "/".join(key_of(table, image).values())
                if table == "customer" and key in own:
                    continue
                draft = found.setdefault((table, key), Draft(table=table, before=row["image"], image=image))
                draft.patch[column] = str(kept_id)
        grouped: dict[str, list[Draft]] = defaultdict(list)
        for draft in found.values():
            grouped[draft.table].append(draft)
        return grouped

    async def _on(self, table: str, kept_id: CustomerId) -> list[Image]:
        """What hangs on the kept card already, where it may clash."""
        if table not in {"address", "contact_person", "bank_account"}:
            return []
        rows = await self._connection.fetch(
            f'SELECT to_jsonb(t)::text AS image FROM "{table}" t WHERE t.dossier_id = $1 AND t.customer_id = $2',
            self._dossier.id,
            kept_id,
        )
        return [loads(row["image"]) for row in rows]

    def _kept_draft(self, kept: Customer, card: CustomerDetails, cards: Mapping[str, Image]) -> Draft:
        before = customer_row(self._dossier.id, kept)
        kept.details, old = card, kept.details
        after = customer_row(self._dossier.id, kept)
        kept.details = old
        image = cards[str(kept.id)]
        patch = {name: to_jsonable_python(value) for name, value in after.items() if value != before[name]}
        return Draft(table="customer", before=image[""], image=image, patch=patch)

    def _absorbed_draft(self, kept: Customer, absorbed: Customer, cards: Mapping[str, Image]) -> Draft:
        image = cards[str(absorbed.id)]
        return Draft(table="customer", before=image[""], image=image, patch={"merged_into": str(kept.id)})

    # undoing -----------------------------------------------------------------------------------------------------

    async def get(self, merge_id: MergeId) -> Merge:
        row = await self._connection.fetchrow(
            "SELECT * FROM customer_merge WHERE dossier_id = $1 AND merge_id = $2", self._dossier.id, merge_id
        )
        if row is None:
            raise NotFound(what="customer-merge")
        return merge_of(row)

    async def restore(self, merge: Merge, *, now: datetime) -> tuple[MovedRows, ...]:
        await self._sign()
        rows = [
            _Moved(
                table=row["table_name"], key=loads(row["key"]), before=loads(row["before"]), after=loads(row["after"])
            )
            for row in await self._connection.fetch(
                "SELECT table_name, key, before, after FROM merged_row WHERE dossier_id = $1 AND merge_id = $2 "
                "ORDER BY position",
                self._dossier.id,
                merge.id,
            )
        ]
        present = await self._present([(each.table, each.key) for each in rows])
        faults = [fault for each, now_is in zip(rows, present, strict=True) if (fault := _built_on(each, now_is))]
        faults += await self._named_since(merge, rows)
        if faults:
            raise MergeBuiltOn(faults=faults[:MOST_FAULTS])
        await self._apply(
            [
                (each.table, each.key, _stamped(each.table, _restored(each), now_is, now=now))
                for each, now_is in zip(rows, present, strict=True)
                if now_is is not None
            ]
        )
        if rings := await self._rings([each for each in rows if each.table == "customer"]):
            raise MergeBuiltOn(faults=rings[:MOST_FAULTS])
        await self._retell(merge.kept_id)
        cards = (merge.kept_id, merge.absorbed_id)
        return moved_rows(((each.table, each.before) for each in rows), cards=cards)

    async def close(self, merge: Merge) -> None:
        await self._connection.execute(
            "UPDATE customer_merge SET undone_at = $3, undone_by = $4 WHERE dossier_id = $1 AND merge_id = $2",
            self._dossier.id,
            merge.id,
            merge.undone_at,
            merge.undone_by,
        )

    async def client_name(self, client: str) -> str:
        name: str = await self._connection.fetchval(f"SELECT {names_of('$2::text')}", self._dossier.id, client)
        return name

    async def _named_since(self, merge: Merge, rows: Sequence[_Moved]) -> list[Fault]:
        """What was added to the kept card since and names a row that would leave it: a contact at a moved address."""
        moved = {(each.table, next(iter(each.key.values()))): each for each in rows}
        faults = []
        for table, column, target in _inner_names({each.table for each in rows}):
            found = await self._connection.fetch(
                f'SELECT t."{column}"::text AS named, to_jsonb(t)::text AS image FROM "{table}" t '
                f'WHERE t.dossier_id = $1 AND t.customer_id = $2 AND t."{column}" = ANY ($3::uuid[])',
                self._dossier.id,
                merge.kept_id,
                [record_id for where, record_id in moved if where == target],
            )
            for row in found:
                own = next(iter(key_of(table, loads(row["image"])).values()))
                if (table, own) not in moved:
                    facts = (("table", table),)
                    faults.append(Fault("named-since", moved[target, row["named"]].pointer, facts))
        return faults

    async def _rings(self, cards: Sequence[_Moved]) -> list[Fault]:
        """Links that, back where they were, would close a ring with links made since."""
        rows = await self._connection.fetch(
            f"SELECT customer_id, {', '.join(LINKS)} FROM customer WHERE dossier_id = $1 "
            f"AND num_nonnulls({', '.join(LINKS)}) > 0",
            self._dossier.id,
        )
        faults = []
        for column in LINKS:
            links = {str(row["customer_id"]): str(row[column]) for row in rows if row[column]}
            for each in cards:
                (card,) = each.key.values()
                if card in links and closes_ring(card, links[card], links):
                    faults.append(Fault("ring-since", each.pointer, (("fields", column),)))
        return faults

    # rows --------------------------------------------------------------------------------------------------------

    async def _sign(self) -> None:
        """Tell the audit whose changes these are."""
        await self._begin()
        await self._connection.execute("SELECT set_config('comptoir.by', $1, true)", self._by)

    async def _apply(self, changes: Sequence[tuple[str, Mapping[str, str], Mapping[str, object]]]) -> list[str]:
        """Write the columns of each patch; the images of the rows as they then are, in the order of ``changes``."""
        groups: dict[tuple[str, tuple[str, ...]], list[int]] = defaultdict(list)
        for n, (table, _, patch) in enumerate(changes):
            groups[table, tuple(sorted(patch))].append(n)
        after: dict[int, str] = {}
        for (table, columns), places in groups.items():
            sets = ", ".join(f'"{column}" = r."{column}"' for column in columns)
            asked = [{"n": n, "row": {**changes[n][1], **changes[n][2]}} for n in places]
            rows = await self._connection.fetch(
                f'UPDATE "{table}" t SET {sets} FROM jsonb_to_recordset($2::jsonb) AS x(n int, "row" jsonb), '
                f'LATERAL jsonb_populate_record(NULL::"{table}", x."row") AS r '
                f"WHERE t.dossier_id = $1 AND {_same_key(table)} RETURNING x.n, to_jsonb(t)::text AS image",
                self._dossier.id,
                to_json(asked).decode(),
            )
            after |= {row["n"]: row["image"] for row in rows}
        if len(after) != len(changes):
            raise TryAgain  # gone between the look and the write: whoever deleted it was first
        return [after[n] for n in range(len(changes))]

    async def _present(self, keys: Sequence[tuple[str, Mapping[str, str]]]) -> list[Image | None]:
        """The rows as they are now, locked; None for one that is gone."""
        tables: dict[str, list[int]] = defaultdict(list)
        for n, (table, _) in enumerate(keys):
            tables[table].append(n)
        found: dict[int, Image] = {}
        for table, places in tables.items():
            rows = await self._connection.fetch(
                'SELECT x.n, to_jsonb(t)::text AS image FROM jsonb_to_recordset($2::jsonb) AS x(n int, "row" jsonb), '
                f'LATERAL jsonb_populate_record(NULL::"{table}", x."row") AS r, "{table}" t '
                f"WHERE t.dossier_id = $1 AND {_same_key(table)} FOR UPDATE OF t",
                self._dossier.id,
                to_json([{"n": n, "row": keys[n][1]} for n in places]).decode(),
            )
            found |= {row["n"]: loads(row["image"]) for row in rows}
        return [found.get(n) for n in range(len(keys))]

    async def _retell(self, customer_id: CustomerId) -> None:
        """The words that find the card, made anew from its name."""
        for statement in (OLD_WORDS, NEW_WORDS):
            await self._connection.execute(statement, self._dossier.id, customer_id)


def _same_key(table: str) -> str:
    return " AND ".join(f't."{name}" = r."{name}"' for name in key_columns(table))


def _change(draft: Draft, *, now: datetime) -> RowChange:
    return RowChange(
        table=draft.table,
        key=key_of(draft.table, draft.image),
        before=draft.before,
        patch=_stamped(draft.table, draft.patch, draft.image, now=now),
    )


def _stamped(table: str, patch: Mapping[str, object], image: Image, *, now: datetime) -> dict[str, object]:
    """The patch with the next version, so that whoever saw the row before is told (412), and the instant."""
    columns = METADATA.tables[table].columns
    stamps: dict[str, object] = {}
    if "version" in columns:
        stamps["version"] = image["version"] + 1
    if "updated_at" in columns:
        stamps["updated_at"] = now.isoformat()
    return {**patch, **stamps}


def _restored(row: _Moved) -> dict[str, object]:
    """The columns that the merge changed, as they were."""
    apart = unwatched(row.table)
    return {name: value for name, value in row.before.items() if name not in apart and value != row.after[name]}


def _built_on(row: _Moved, present: Image | None) -> Fault | None:
    """What became of the row since the merge; None when nothing did."""
    if present is None:
        return Fault("gone-since", row.pointer)
    apart = unwatched(row.table)
    changed = [name for name, value in row.after.items() if name not in apart and present.get(name) != value]
    if not changed:
        return None
    return Fault("changed-since", row.pointer, (("fields", ", ".join(changed)),))


def _inner_names(tables: Iterable[str]) -> list[tuple[str, str, str]]:
    """(table, column, target): columns by which one thing that hangs on a card names another that hangs on one."""
    owned = {table for (table, column), policy in POLICIES.items() if column == "customer_id" and policy is Policy.MOVE}
    found = []
    for table in sorted(owned - {"audit_entry"}):  # telling of a row is not building on it
        for foreign in METADATA.tables[table].foreign_keys:
            target, column = foreign.column.table.name, foreign.parent.name
            if target in owned & set(tables) and column != "dossier_id":
                found.append((table, column, target))
    return found
