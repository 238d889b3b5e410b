"""The commands: `python -m api.cli run`, and what else a shop's machine is told. `make` calls them."""

import asyncio
import errno
import json
import os
import shlex
import signal
import socket
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, Protocol

import asyncpg
import typer
import uvicorn
from rich.console import Console
from uvicorn.supervisors import Multiprocess

from infra import settings as settings_module
from infra.db import embedded, wheel
from infra.settings import PROJECT, Settings, SettingsError

DATABASE = "comptoir"
OLDEST_SERVER = 18  # its uuidv7() is used
POOLS = 3  # of connections in a worker, at most: to write, to read, to listen
PORT_WITHIN = 3.0  # seconds in which the workers of a killed process give up the port
STOP_WITHIN = 5  # seconds for the answers that are under way
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, help=__doc__)
out = Console(soft_wrap=True, markup=False, highlight=False)


_told_to_stop = False
"""Whether a signal came; what it interrupts may swallow the exception."""


def _stop(*_: object) -> None:
    # not Python's own handler: asyncio.run would take SIGINT over, and loses it where the task is about to end
    global _told_to_stop  # noqa: PLW0603 - signals are the process's
    _told_to_stop = True
    raise KeyboardInterrupt


def _heard() -> list[signal.Signals]:
    """The signals that end us: nohup stays in force, but a script's ``&`` only hides SIGINT, which uvicorn hears too."""
    return [which for which in STOP_SIGNALS if which != signal.SIGHUP or signal.getsignal(which) != signal.SIG_IGN]


def _go_on() -> None:
    """Raises ``KeyboardInterrupt`` when a signal came and what it interrupted went on."""
    if _told_to_stop:
        raise KeyboardInterrupt


class CommandError(RuntimeError):
    """A command cannot be carried out; the message is one sentence for the person at the keyboard."""


class Credentials(Protocol):
    """What `infra.demo.load_if_empty` tells of a demo base: how to log in, and how a shop pushes an order."""

    @property
    def dossier_code(self) -> str: ...
    @property
    def login(self) -> str: ...
    @property
    def password(self) -> str: ...
    @property
    def shop_key(self) -> str: ...
    @property
    def channel(self) -> str: ...
    @property
    def curl_body(self) -> str: ...


def command(function: Callable[[], None], /) -> Callable[[], None]:
    """Register `function` as a command whose expected failures are a sentence, and whose Ctrl-C is no failure."""

    @wraps(function)
    def guarded() -> None:
        for which in _heard():
            signal.signal(which, _stop)
        try:
            function()
        except KeyboardInterrupt:
            raise typer.Exit(0) from None
        except (CommandError, SettingsError, wheel.EmbeddedError) as error:
            Console(stderr=True, soft_wrap=True, markup=False, highlight=False).print(f"Comptoir: {error}")
            raise typer.Exit(1) from None

    app.command()(guarded)
    return function


@command
def run() -> None:
    """Start the database where none is named, then the API and the page, until Ctrl-C."""
    settings = settings_module.load()
    with _port(settings) as listener, _database(settings) as (url, data_dir):
        _migrate(url)
        _go_on()
        _announce(settings, _load_demo(url, data_dir) if settings.demo else None)
        _go_on()
        _serve(settings, listener)


@command
def migrate() -> None:
    """Bring the database's tables to this version."""
    with _database(settings_module.load()) as (url, _):
        _migrate(url)


@command
def demo() -> None:
    """Load the demo shop into an empty base, and tell how to log in."""
    settings = settings_module.load()
    with _database(settings) as (url, data_dir):
        _migrate(url)
        credentials = _load_demo(url, data_dir)
        if credentials is None:
            raise CommandError("The base holds a shop already; the demo is loaded into an empty one only.")
        _announce(settings, credentials)


@command
def openapi() -> None:
    """Write openapi/openapi.json from the code."""
    (PROJECT / "openapi" / "openapi.json").write_text(openapi_text(), encoding="utf-8")


@command
def version() -> None:
    """Print the version."""
    out.print(tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]["version"])


def openapi_text() -> str:
    """The contract, as its file holds it to the byte."""
    from api.app import openapi_document  # noqa: PLC0415 - the parent of workers serves nothing itself

    return json.dumps(openapi_document(), indent=2, ensure_ascii=False) + "\n"


@contextmanager
def _port(settings: Settings) -> Iterator[socket.socket]:
    """The listening socket: taken first, so that nothing else is started in vain, and nobody takes it meanwhile."""
    place = f"port {settings.port} of {settings.host}"
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except socket.gaierror as error:
        raise CommandError(f"COMPTOIR_HOST is {settings.host!r}, which is no address of this machine.") from error
    with socket.socket(family, kind, protocol) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        deadline = time.monotonic() + PORT_WITHIN
        while True:
            try:
                listener.bind(address)
                listener.listen(2048)
            except OSError as error:
                if error.errno == errno.EADDRINUSE and time.monotonic() < deadline:
                    time.sleep(0.1)
                    continue
                reason = "is in use by another program" if error.errno == errno.EADDRINUSE else "cannot be taken"
                raise CommandError(
                    f"{place} {reason} ({error.strerror}). Choose another one with COMPTOIR_PORT."
                ) from error
            break
        yield listener


@contextmanager
def _database(settings: Settings) -> Iterator[tuple[str, Path]]:
    """The database's address and the data folder, told to this process's children too."""
    data_dir = settings.data_dir
    if settings.database_url is not None:
        asyncio.run(_reach(settings.database_url))
        try:
            data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise CommandError(f"COMPTOIR_DATA_DIR {data_dir} cannot be made: {error.strerror}.") from error
        yield _told(settings.database_url, data_dir), data_dir
        return
    data_dir = wheel.passable_data_dir(wanted=data_dir, chosen=settings.chose_data_dir, project=PROJECT)
    if data_dir != settings.data_dir:
        out.print(f"The data are kept in {data_dir}: PostgreSQL may not enter a folder that is root's alone.")
    connections = max(100, settings.workers * settings.pool_size * POOLS + 20)
    with embedded.embedded(data_dir, connections=connections, say=out.print) as server:
        server.keep()
        asyncio.run(_create(server.url("postgres")))
        try:
            yield _told(server.url(DATABASE), data_dir), data_dir
        finally:
            for which in STOP_SIGNALS:  # a second Ctrl-C must not cut the database's stop short
                signal.signal(which, signal.SIG_IGN)


def _told(url: str, data_dir: Path) -> str:
    os.environ["COMPTOIR_DATABASE_URL"] = url
    os.environ["COMPTOIR_DATA_DIR"] = str(data_dir)
    return url


async def _reach(url: str) -> None:
    try:
        connection = await asyncpg.connect(url, timeout=10)
    except (OSError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        reason = str(error).partition("\n")[0] or "no answer within 10 s"
        raise CommandError(f"The database of COMPTOIR_DATABASE_URL cannot be reached: {reason}.") from error
    try:
        found = connection.get_server_version().major
    finally:
        await connection.close()
    if found < OLDEST_SERVER:
        raise CommandError(f"COMPTOIR_DATABASE_URL is PostgreSQL {found}; {OLDEST_SERVER} or newer is needed.")


async def _create(url: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        if await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", DATABASE) is None:
            await connection.execute(f"CREATE DATABASE {DATABASE}")
    finally:
        await connection.close()


def _migrate(url: str) -> None:
    # Alembic takes half a second to import, and each worker imports this module.
    from infra.db import migrate as migration  # noqa: PLC0415

    migration.upgrade(url)


def _load_demo(url: str, data_dir: Path) -> Credentials | None:
    from infra import demo as shop  # noqa: PLC0415 - as above

    return asyncio.run(shop.load_if_empty(url, data_dir))


def _announce(settings: Settings, credentials: Credentials | None) -> None:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104 - shown, not bound
    shown = f"[{host}]" if ":" in host else host
    address = settings.public_url or f"http://{shown}:{settings.port}"
    out.print(f"Comptoir   {address}", style="bold")
    if credentials is not None:
        url = f"{address}/v1/channels/{credentials.channel}/orders/WEB-1001"
        push = ["curl", "-i", "-X", "PUT", url, "-H", f"Authorization: Bearer {credentials.shop_key}"]
        push += ["-H", "Content-Type: application/json", "-d", credentials.curl_body]
        out.print(
            f"login      {credentials.login}   password {credentials.password}   (shop {credentials.dossier_code})"
        )
        out.print(f"shop key   {credentials.shop_key}")
        out.print("push an order:")
        out.print(shlex.join(push))
    out.print("Ctrl-C stops everything; nothing is lost.")


class _Supervisor(Multiprocess):
    """uvicorn's, whose workers hear of Ctrl-C from it alone: a signal to a half-started worker is a traceback."""

    def init_processes(self) -> None:
        with _interrupt_held_back():
            super().init_processes()

    def keep_subprocess_alive(self) -> None:
        with _interrupt_held_back():
            super().keep_subprocess_alive()


@contextmanager
def _interrupt_held_back() -> Iterator[None]:
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # a child started now keeps it so
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _serve(settings: Settings, listener: socket.socket) -> None:
    options: dict[str, Any] = {
        "workers": settings.workers,
        "loop": "uvloop",
        "http": "httptools",
        "log_config": None,
        "log_level": settings.log_level,
        "access_log": False,
        "server_header": False,
        "timeout_graceful_shutdown": STOP_WITHIN,
    }
    config = uvicorn.Config("api.asgi:app", **options)
    hang_up = signal.getsignal(signal.SIGHUP)
    if settings.workers == 1:
        server = uvicorn.Server(config)

        def ends(*_: object) -> None:
            # until uvicorn listens itself, and when it raises what stopped it once more
            server.should_exit = True

        for which in _heard():
            signal.signal(which, ends)
        if hang_up != signal.SIG_IGN:
            signal.signal(signal.SIGHUP, server.handle_exit)
        server.run(sockets=[listener])
        return
    os.environ["COMPTOIR_PARENT_PID"] = str(os.getpid())
    listener.set_inheritable(True)
    supervisor = _Supervisor(config, sockets=[listener])
    # The terminal is gone: uvicorn would start its workers anew.
    hear = hang_up if hang_up == signal.SIG_IGN else lambda *_: supervisor.signal_queue.append(signal.SIGTERM)
    signal.signal(signal.SIGHUP, hear)
    supervisor.run()
    if any(process.exitcode == uvicorn.config.STARTUP_FAILURE for process in supervisor.processes):
        raise CommandError("The server did not start; its reason stands above.")


if __name__ == "__main__":
    app()
