"""What a unit of work has still to write."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol

from infra.db import flush
from infra.db.flush import Part, Row

NEW_ORDER = flush.insert("customer_order")
NEW_ORDER_TOKEN = Part(
    "new_order_token",
    "INSERT INTO order_token (dossier_id, token, order_id) "
    "SELECT DISTINCT r.dossier_id, word, r.order_id "
    "FROM json_to_recordset({rows}::json) AS r(dossier_id uuid, order_id uuid, name_key text), "
    "string_to_table(r.name_key, ' ') AS word WHERE word <> '' ON CONFLICT DO NOTHING",
    guarded=False,
)
CHANGED_ORDER = flush.update("customer_order", versioned=True)
NEW_LINE = flush.insert("order_line")
CHANGED_LINE = flush.update("order_line")
MOVED_LINE = Part(
    # a place that a person gave the line was one in the queue of its former article
    "moved_order_line",
    CHANGED_LINE.sql.replace(" SET ", " SET priority = 0, ", 1),
    guarded=True,
)
GONE_LINE = flush.delete("order_line")
GONE_ORDER_TOKEN = Part(
    "gone_order_token",
    "DELETE FROM order_token t "
    "USING json_to_recordset({rows}::json) AS r(dossier_id uuid, order_id uuid, name_key text) "
    "WHERE t.dossier_id = r.dossier_id AND t.order_id = r.order_id "
    "AND t.token <> ALL (string_to_array(r.name_key, ' '))",
    guarded=False,
)
NEW_PAYMENT = flush.insert("payment")
NEW_DEPOSIT = flush.insert("deposit_entry")
NEW_LINE_ANSWER = flush.insert("line_answer")
NEW_QUEUE_CHANGE = flush.insert("queue_change")
LINE_PRIORITY = Part(
    # the one column of a line that no saved order writes
    "line_priority",
    "UPDATE order_line t SET priority = r.priority "
    "FROM json_to_recordset({rows}::json) AS r(dossier_id uuid, line_id uuid, priority integer) "
    "WHERE t.dossier_id = r.dossier_id AND t.line_id = r.line_id RETURNING 1",
    guarded=True,
)
NEW_NOTE = flush.insert("delivery_note")
NEW_NOTE_LINE = flush.insert("delivery_note_line")
NEW_CUSTOMER = flush.insert("customer")
CHANGED_CUSTOMER = flush.update("customer", versioned=True)
NEW_CUSTOMER_TOKEN = Part(
    "new_customer_token",
    "INSERT INTO customer_token (dossier_id, token, customer_id) "
    "SELECT DISTINCT r.dossier_id, word, r.customer_id "
    "FROM json_to_recordset({rows}::json) AS r(dossier_id uuid, customer_id uuid, words text), "
    "string_to_table(r.words, ' ') AS word WHERE word <> '' ON CONFLICT DO NOTHING",
    guarded=False,
)
GONE_CUSTOMER_TOKEN = Part(
    "gone_customer_token",
    "DELETE FROM customer_token t "
    "USING json_to_recordset({rows}::json) AS r(dossier_id uuid, customer_id uuid, words text) "
    "WHERE t.dossier_id = r.dossier_id AND t.customer_id = r.customer_id "
    "AND t.token <> ALL (string_to_array(r.words, ' '))",
    guarded=False,
)
GONE_CUSTOMER = flush.delete("customer", versioned=True)
NEW_THIRD_PARTY = flush.insert("third_party")
CHANGED_THIRD_PARTY = flush.update("third_party", versioned=True)
GONE_THIRD_PARTY = flush.delete("third_party", versioned=True)
NEW_THIRD_PARTY_TOKEN = Part(
    "new_third_party_token",
    "INSERT INTO third_party_token (dossier_id, token, third_party_id) "
    "SELECT DISTINCT r.dossier_id, word, r.third_party_id "
    "FROM json_to_recordset({rows}::json) AS r(dossier_id uuid, third_party_id uuid, words text), "
    "string_to_table(r.words, ' ') AS word WHERE word <> '' ON CONFLICT DO NOTHING",
    guarded=False,
)
GONE_THIRD_PARTY_TOKEN = Part(
    "gone_third_party_token",
    "DELETE FROM third_party_token t "
    "USING json_to_recordset({rows}::json) AS r(dossier_id uuid, third_party_id uuid, words text) "
    "WHERE t.dossier_id = r.dossier_id AND t.third_party_id = r.third_party_id "
    "AND t.token <> ALL (string_to_array(r.words, ' '))",
    guarded=False,
)
NEW_CONSENT = flush.insert("consent")
NEW_FLASH = flush.insert("flash")
CHANGED_FLASH = flush.update("flash")
CHANGED_STOCK = flush.update("stock_level")
NEW_MOVEMENT = flush.insert("stock_movement")
NEW_RESERVATION = flush.insert("reservation")
CHANGED_RESERVATION = flush.update("reservation", versioned=True)
NEW_RECEPTION = flush.insert("reception")
NEW_RECEPTION_LINE = flush.insert("reception_line")
NEW_RECEPTION_SUPPLY = flush.insert("reception_supply")
NEW_API_KEY = flush.insert("api_key")
NEW_EVENT = flush.insert("outbox_event")
NEW_ANSWER = flush.insert("idempotency_answer")


class Fields(Protocol):
    """A row as read: a database record, or a mapping that looks like one."""

    def __getitem__(self, key: str, /) -> Any: ...


Begin = Callable[[], Awaitable[None]]
"""Begins the transaction that a lock needs; a second call does nothing."""


class Pending:
    """Rows by the part that writes them."""

    def __init__(self) -> None:
        self._rows: dict[Part, list[Row]] = {}

    def add(self, part: Part, *rows: Row) -> None:
        self._rows.setdefault(part, []).extend(rows)

    def parts(self) -> Sequence[tuple[Part, Sequence[Row]]]:
        return sorted(self._rows.items(), key=lambda each: each[0].name)


def octets(value: bytes) -> str:
    """Bytes as PostgreSQL reads them out of JSON text."""
    return "\\x" + value.hex()
