"""The people of the shop and what they may do."""

from collections.abc import Callable
from dataclasses import dataclass

from domain.errors import LastAdministrator, NotFound
from domain.events import EventType
from domain.model.access import Caller, User
from domain.model.values import StaffId
from domain.ports.answers import Once, Told
from domain.ports.surroundings import Identities
from domain.ports.unit_of_work import UnitOfWork
from domain.queries.users import UserView, user_view
from domain.usecases.work import Surroundings, expect, told


@dataclass(frozen=True, slots=True, kw_only=True)
class UserCard:
    """What an administrator writes of a person; ``password`` None keeps the present one."""

    name: str
    scopes: tuple[str, ...]
    password: str | None


@dataclass(frozen=True, slots=True)
class Users:
    around: Surroundings
    identities: Identities

    async def create(
        self, *, by: Caller, login: str, name: str, password: str, scopes: tuple[str, ...], once: Once[UserView]
    ) -> Told:
        """A person who can log in. Raises ``CodeTaken`` when the login is another's."""
        kept = await self.identities.password_hash(password)
        async with self.around.begin(by.dossier, by.client) as work:
            if (before := await work.claim(once)) is not None:
                return before
            user = User(
                id=StaffId(self.around.new_id()),
                login=login,
                name=name,
                password_hash=kept,
                scopes=scopes,
                created_at=self.around.clock(),
            )
            work.users.add(user)
            self._tell(work, user, by)
            return await told(work, once, user_view(user))

    async def change(
        self, *, by: Caller, staff_id: StaffId, version: int, edit: Callable[[UserCard], UserCard]
    ) -> UserView:
        """A new password ends the sessions opened with the old one. Raises ``NotFound``, ``StaleVersion``, ``LastAdministrator``."""
        async with self.around.begin(by.dossier, by.client) as work:
            people = {user.id: user for user in await work.users.everyone()}
            if (user := people.get(staff_id)) is None:
                raise NotFound(what="user")
            expect(user.version, version)
            before = UserCard(name=user.name, scopes=user.scopes, password=None)
            card = edit(before)
            if card == before:
                return user_view(user)
            ruled = user.administers
            user.name, user.scopes = card.name, card.scopes
            if ruled and not any(each.administers for each in people.values()):
                raise LastAdministrator
            if card.password is not None:
                user.password_hash = await self.identities.password_hash(card.password)
                work.users.end_sessions(user)
            user.version += 1
            work.users.save(user)
            self._tell(work, user, by)
            await work.commit()
            return user_view(user)

    def _tell(self, work: UnitOfWork, user: User, by: Caller) -> None:
        kind, now = EventType.SETTINGS_UPDATED, self.around.clock()
        work.emit(self.around.event(kind, user.id, user.version, by, now, table="users"))
