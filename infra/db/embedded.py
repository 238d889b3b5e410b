"""PostgreSQL 18 in the data folder, for whoever brings no database: one server, reached by a socket only.

- data_dir/lock is held by the process that uses the folder, and dies with it;
- data_dir/pg is the cluster;
- data_dir/pg.log is what PostgreSQL says of its starts, stops and troubles; the log before is pg.log.1.
"""

import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote, urlencode

import psutil

from infra.db import wheel
from infra.db.wheel import EmbeddedError

READY_WITHIN = 120.0  # seconds: a long recovery is waited for
STOP_WITHIN = 30.0  # seconds for the checkpoint of an orderly stop
PATIENCE = 3.0  # seconds until the wait is explained
BEAT = 0.02  # seconds between two looks
LONGEST_SOCKET = 103  # bytes of a socket's path, on the strictest of the systems
LINES_OF_PID_FILE = 8  # the pid first, the folder of the socket fifth, the status last
LARGEST_LOG = 1_000_000  # bytes, after which a start begins a new file
SOCKET = ".s.PGSQL.5432"

SETTINGS = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",
    "cluster_name": "comptoir",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "shared_buffers": "128MB",
    "work_mem": "8MB",
    "min_wal_size": "80MB",
    "max_wal_size": "1GB",
    "jit": "off",
    "synchronous_commit": "on",
    "fsync": "on",
    # Few lines, since only a start renews the file: no errors of statements, which the API logs itself.
    # PostgreSQL's own collector is not used: it outlives the server and stays as a zombie in a container.
    "logging_collector": "off",
    "log_min_messages": "log",
    "log_checkpoints": "off",
    "log_lock_waits": "on",
}
INITDB_OPTIONS = [
    "--username=postgres",
    "--auth=trust",  # whoever reaches the socket: its folder is closed to other users
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
]
FORGETFUL = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}

Say = Callable[[str], None]


class EmbeddedServer:
    """The PostgreSQL server of one data folder. Made by `embedded`, which holds the folder's lock."""

    def __init__(self, *, data_dir: Path, account: wheel.Account, durable: bool, connections: int, say: Say) -> None:
        self._pgdata = data_dir / "pg"
        self._log = data_dir / "pg.log"
        self._log_begin = 0
        self._account = account
        self._programs = wheel.programs(account=account)
        self._settings = SETTINGS | {"max_connections": str(connections)} | ({} if durable else FORGETFUL)
        self._initdb_options = INITDB_OPTIONS if durable else [*INITDB_OPTIONS, "--no-sync"]
        self._say = say
        self._child: subprocess.Popen[bytes] | None = None
        self._postmaster: psutil.Process | None = None
        self._leaving = threading.Event()
        self._keeper = threading.Thread(target=self._revive, daemon=True)
        self._socket_dir = self._choose_socket_dir()

    @property
    def is_running(self) -> bool:
        if self._child is not None:
            return self._child.poll() is None  # this reaps it, too: an own child stays as a zombie else
        return self._postmaster is not None and _alive(self._postmaster)

    @property
    def pid(self) -> int:
        """The process id of the running server; raises EmbeddedError before `start` and after `stop`."""
        if self._postmaster is None:
            raise EmbeddedError("PostgreSQL is not running.")
        return self._postmaster.pid

    def url(self, database: str, /) -> str:
        """The address of `database` for asyncpg: everything is in it, no PG* variable is needed."""
        place = urlencode({"host": str(self._socket_dir), "port": "5432"}, safe="/")
        return f"postgresql://postgres@/{quote(database)}?{place}"

    def start(self) -> None:
        """Start the server, or adopt the one that a killed process left, and wait until it takes connections.

        Raises EmbeddedError with the server's own last words where it cannot start.
        """
        self._make_cluster()
        self._postmaster = self._left_behind()
        if self._postmaster is None:
            self._remove_misleading_locks()
            self._launch()
        else:
            self._child = None
        self._wait_until_ready()

    def stop(self) -> None:
        """Stop the server in order: sessions are cut, what was committed is on disk. Does nothing twice."""
        self._leaving.set()
        if self._keeper.is_alive():
            self._keeper.join()
        if self._postmaster is None:
            return
        for means, seconds in ((signal.SIGINT, STOP_WITHIN), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
            with suppress(psutil.NoSuchProcess):  # it went by itself
                self._postmaster.send_signal(means)
            if self._ended(within=seconds):
                break
        self._postmaster = self._child = None

    def keep(self) -> None:
        """From now on, start the server again whenever it ends by itself, until `stop`."""
        self._keeper.start()

    def _revive(self) -> None:
        while not self._leaving.wait(timeout=1.0):
            if self._ended(within=0):
                self._say("PostgreSQL ended unexpectedly; it is started again.")
                try:
                    self.start()
                except EmbeddedError as error:
                    self._say(f"{error}")
                    return

    def _ended(self, *, within: float) -> bool:
        deadline = time.monotonic() + within
        while True:
            if not self.is_running:
                return True
            if time.monotonic() >= deadline:
                return False
            time.sleep(BEAT)

    def _choose_socket_dir(self) -> Path:
        path = os.fsencode(self._pgdata / SOCKET)
        if len(path) <= LONGEST_SOCKET and b"," not in path:  # a comma would make two addresses of it
            return self._pgdata
        name = hashlib.sha256(os.fsencode(self._pgdata)).hexdigest()[:12]
        return Path(tempfile.gettempdir()).resolve() / f"comptoir-{name}"

    def _make_cluster(self) -> None:
        version = self._pgdata / "PG_VERSION"
        if version.exists():
            if (found := version.read_text().strip()) != str(wheel.MAJOR):
                raise EmbeddedError(f"{self._pgdata} is of PostgreSQL {found}, this is {wheel.MAJOR}.")
            return
        draft = self._pgdata.with_name("pg.new")  # renamed once whole: nothing half-made is kept
        if draft.exists():
            shutil.rmtree(draft)
        self._private(draft)
        with (
            self._open_log() as log,
            self._popen("initdb", f"-D{draft}", *self._initdb_options, log=log, cwd=draft) as making,
        ):
            try:
                making.wait()
            except BaseException:
                making.kill()  # Ctrl-C does not reach it
                raise
        if making.returncode != 0:
            raise EmbeddedError(f"PostgreSQL could not make its data folder: {self._last_words()}")
        draft.rename(self._pgdata)

    def _private(self, folder: Path) -> None:
        """Make `folder` for the server's user alone; one that exists must be so already."""
        if not folder.exists():
            folder.mkdir(mode=0o700)
            if self._account.is_other:
                os.chown(folder, self._account.uid, self._account.gid)
        state = folder.lstat()
        if not folder.is_dir() or state.st_uid != self._account.uid or state.st_mode & 0o077:
            raise EmbeddedError(f"{folder} must belong to PostgreSQL's user alone: remove it, start again.")

    def _left_behind(self) -> psutil.Process | None:
        """The living server of this cluster, once those that are about to end have ended."""
        deadline = time.monotonic() + STOP_WITHIN
        while family := self._processes():
            heads = [process for process in family if _is_server(process, family)]
            if heads and self._status(heads[0].pid) != "stopping":
                return heads[0]
            if time.monotonic() > deadline:
                if heads:
                    return heads[0]
                for orphan in family:  # sessions without a server: recovery repairs what they leave
                    with suppress(psutil.NoSuchProcess):
                        orphan.kill()
            time.sleep(BEAT)
        return None

    def _processes(self) -> list[psutil.Process]:
        """Every living process of this cluster: they all stand in its folder."""
        family = []
        for process in psutil.process_iter(["name"]):
            if process.info["name"] != "postgres":
                continue
            with suppress(psutil.NoSuchProcess, psutil.AccessDenied):  # gone, or another user's: not ours
                if _alive(process) and process.cwd() == str(self._pgdata):
                    family.append(process)
        return family

    def _remove_misleading_locks(self) -> None:
        """Remove lock files that nobody holds and that PostgreSQL would believe, or not be able to read.

        One whose process is simply gone is left to PostgreSQL, which looks harder (at the shared memory).
        """
        for lock in (self._pgdata / "postmaster.pid", self._socket_dir / f"{SOCKET}.lock"):
            if lock.exists():
                first = lock.read_text(errors="replace").partition("\n")[0].strip()
                if not first.isdecimal() or psutil.pid_exists(int(first)):
                    lock.unlink()

    def _launch(self) -> None:
        if self._socket_dir != self._pgdata:
            self._private(self._socket_dir)
        settings = self._settings | {"unix_socket_directories": str(self._socket_dir)}
        options = [f"--{name}={value}" for name, value in settings.items()]
        with self._open_log() as log:
            self._child = self._popen("postgres", f"-D{self._pgdata}", *options, log=log, cwd=self._pgdata)
        self._postmaster = psutil.Process(self._child.pid)

    def _open_log(self) -> BinaryIO:
        if self._log.exists() and self._log.stat().st_size > LARGEST_LOG:
            self._log.replace(self._log.with_name("pg.log.1"))
        log = self._log.open("ab")
        if self._account.is_other:  # it may be an ordinary user, who starts it alone next time
            os.fchown(log.fileno(), self._account.uid, self._account.gid)
        self._log_begin = log.tell()
        return log

    def _popen(self, program: str, *arguments: str, log: BinaryIO, cwd: Path) -> "subprocess.Popen[bytes]":
        other = self._account if self._account.is_other else None
        return subprocess.Popen(  # noqa: S603 - our own program and options
            [self._programs / program, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=cwd,
            env={"LC_ALL": "C", "PATH": os.defpath, "HOME": str(cwd), "TZ": "UTC"},
            user=other.uid if other else None,
            group=other.gid if other else None,
            extra_groups=[] if other else None,
            umask=0o077,
            start_new_session=True,  # Ctrl-C is for the server; the database is stopped after it
        )

    def _wait_until_ready(self) -> None:
        begun = time.monotonic()
        explained = False
        while self._status(self.pid) != "ready":
            waited = time.monotonic() - begun
            if self._ended(within=BEAT):
                self._postmaster = self._child = None
                raise EmbeddedError(f"PostgreSQL did not start: {self._last_words()}")
            if waited > PATIENCE and not explained:
                self._say("PostgreSQL is putting its data in order after an interruption ...")
                explained = True
            if waited > READY_WITHIN:
                raise EmbeddedError(f"PostgreSQL is still not ready: {self._last_words()}")

    def _status(self, pid: int) -> str:
        """What the server `pid` writes in its pid file: starting, ready, stopping; or nothing yet."""
        path = self._pgdata / "postmaster.pid"
        try:
            lines = path.read_text(errors="replace").splitlines()
        except FileNotFoundError:
            return ""
        if len(lines) < LINES_OF_PID_FILE or lines[0].strip() != str(pid):
            return ""
        self._socket_dir = Path(lines[4].strip() or self._socket_dir)  # an adopted server keeps its own
        return lines[7].strip()

    def _last_words(self) -> str:
        said = self._log.read_bytes()[self._log_begin :].decode(errors="replace")
        lines = [line.strip() for line in said.splitlines() if line.strip()]
        telling = [line for line in lines if "FATAL" in line or "PANIC" in line or "error:" in line]
        return f"{(telling or lines or ['it said nothing'])[-1]} (more in {self._log})"


def _alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _is_server(process: psutil.Process, family: list[psutil.Process], /) -> bool:
    """Whether this is the one that the others serve: they are its children, and are titled "postgres: ..."."""
    try:
        return process.ppid() not in [one.pid for one in family] and "postgres:" not in process.cmdline()[0]
    except (psutil.NoSuchProcess, IndexError):  # it went meanwhile
        return False


@contextmanager
def _held(data_dir: Path) -> Iterator[None]:
    try:
        lock = (data_dir / "lock").open("a+")
    except PermissionError as error:
        raise EmbeddedError(
            f"{data_dir} belongs to another user. Start as that user, or choose another folder with COMPTOIR_DATA_DIR."
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            raise EmbeddedError(
                f"Another Comptoir (process {lock.read().strip() or '?'}) already uses {data_dir}. "
                "Stop it, or choose another folder with COMPTOIR_DATA_DIR."
            ) from error
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield


def _silent(_: str) -> None:
    return


@contextmanager
def embedded(
    data_dir: Path, *, durable: bool = True, connections: int = 100, say: Say = _silent
) -> Iterator[EmbeddedServer]:
    """Run the PostgreSQL of `data_dir` for the time of the block; it is stopped at the end in any case.

    `durable` False gives up safety for speed, for tests. `connections` is how many the server takes at a time.
    `say` gets a line where something needs an explanation.
    Raises EmbeddedError where another process uses the folder, where root's PostgreSQL could not reach it,
    or where the server does not start.
    """
    data_dir = data_dir.resolve()
    account = wheel.account_for(pgdata=data_dir / "pg")
    wheel.make_folder(data_dir, account=account)
    if (closed := account.first_closed(data_dir)) is not None:
        raise EmbeddedError(
            f"PostgreSQL's user may not enter {closed}. Choose a folder outside of it with COMPTOIR_DATA_DIR."
        )
    with _held(data_dir):
        server = EmbeddedServer(data_dir=data_dir, account=account, durable=durable, connections=connections, say=say)
        try:
            server.start()
            yield server
        finally:
            server.stop()
