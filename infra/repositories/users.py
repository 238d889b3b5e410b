"""The people of the shop in PostgreSQL."""

from domain.model.access import Dossier, User
from domain.model.values import StaffId
from infra.db import flush
from infra.db.flush import Part, Row
from infra.db.pools import ShopConnection
from infra.repositories.pending import Begin, Fields, Pending

NEW_STAFF = flush.insert("staff")
CHANGED_STAFF = flush.update("staff", versioned=True)
GONE_SESSIONS = Part(
    "gone_staff_session",
    "DELETE FROM staff_session t USING json_to_recordset({rows}::json) AS r(dossier_id uuid, staff_id uuid) "
    "WHERE t.dossier_id = r.dossier_id AND t.staff_id = r.staff_id",
    guarded=False,
)
EVERYONE = "SELECT * FROM staff WHERE dossier_id = $1 ORDER BY staff_id FOR NO KEY UPDATE"


class SqlUsers:
    """``Users`` of one dossier on one connection."""

    def __init__(self, dossier: Dossier, connection: ShopConnection, pending: Pending, *, begin: Begin) -> None:
        self._begin = begin
        self._dossier = dossier
        self._connection = connection
        self._pending = pending
        self._loaded: dict[StaffId, int] = {}

    async def everyone(self) -> list[User]:
        await self._begin()
        people = [user_of(row) for row in await self._connection.fetch(EVERYONE, self._dossier.id)]
        self._loaded = {user.id: user.version for user in people}
        return people

    def add(self, user: User) -> None:
        self._pending.add(NEW_STAFF, self._row(user))

    def save(self, user: User) -> None:
        self._pending.add(CHANGED_STAFF, {**self._row(user), "loaded_version": self._loaded.pop(user.id)})

    def end_sessions(self, user: User) -> None:
        self._pending.add(GONE_SESSIONS, {"dossier_id": self._dossier.id, "staff_id": user.id})

    def _row(self, user: User) -> Row:
        return {
            "dossier_id": self._dossier.id,
            "staff_id": user.id,
            "login": user.login,
            "name": user.name,
            "password_hash": user.password_hash,
            "scopes": user.scopes,
            "created_at": user.created_at,
            "version": user.version,
        }


def user_of(row: Fields) -> User:
    return User(
        id=StaffId(row["staff_id"]),
        login=row["login"],
        name=row["name"],
        password_hash=row["password_hash"],
        scopes=tuple(row["scopes"]),
        created_at=row["created_at"],
        version=row["version"],
    )
