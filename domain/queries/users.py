"""The people of the shop as they are read: never their passwords."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.model.access import User
from domain.model.values import DossierId, StaffId
from domain.queries.pages import Page, PageRequest

SORTS = ("name", "login")


@dataclass(frozen=True, slots=True, kw_only=True)
class UserView:
    """A person who can log in."""

    id: StaffId
    login: str
    name: str
    scopes: tuple[str, ...]
    created_at: datetime
    version: int


def user_view(user: User) -> UserView:
    """The user as his reader would answer him."""
    return UserView(
        id=user.id,
        login=user.login,
        name=user.name,
        scopes=user.scopes,
        created_at=user.created_at,
        version=user.version,
    )


class UserReader(Protocol):
    async def by_id(self, dossier: DossierId, staff_id: StaffId) -> UserView:
        """Raises ``NotFound``."""
        ...

    async def search(self, dossier: DossierId, page: PageRequest) -> Page[UserView]: ...
