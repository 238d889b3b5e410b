"""PostgreSQL in the data folder: it starts after everything that may have happened before, and harms nothing."""

import asyncio
import importlib.metadata
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import psutil
import pytest

from infra.db import wheel
from infra.db.embedded import SOCKET, EmbeddedServer, embedded
from infra.db.wheel import EmbeddedError

IS_ROOT = os.geteuid() == 0

# Holds the server of a folder in a process of its own, as `user` where one is named, until it is killed.
HOLDER = """
import os, sys, time
from pathlib import Path
from infra.db import embedded, wheel
folder, user = Path(sys.argv[1]), int(sys.argv[2])
if user:
    found = wheel.programs(account=wheel.Account(uid=user, gid=user, is_other=True))
    wheel.programs = lambda *, account: found
    os.setgroups([]); os.setgid(user); os.setuid(user)
with embedded.embedded(folder, durable=False) as server:
    print(server.pid, flush=True)
    sys.stdin.read()
"""

# Knocks at a socket; root does so as the user nobody.
STRANGER = """
import os, pwd, socket, sys
if os.geteuid() == 0:
    os.setgroups([]); os.setuid(pwd.getpwnam("nobody").pw_uid)
try:
    socket.socket(socket.AF_UNIX).connect(sys.argv[1])
    print("let in")
except OSError as error:
    print(type(error).__name__)
"""


@contextmanager
def held_by_another(folder: Path, *, user: int = 0) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """The folder's server run by another process: that process, and the server's pid."""
    command = [sys.executable, "-c", HOLDER, str(folder), str(user)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as holder:
        assert holder.stdout is not None
        yield holder, int(holder.stdout.readline())


def ask(server: EmbeddedServer, question: str) -> object:
    async def answer() -> object:
        connection = await asyncpg.connect(server.url("postgres"))
        try:
            return await connection.fetchval(question)
        finally:
            await connection.close()

    return asyncio.run(answer())


def answer_of(server: EmbeddedServer, question: str, *, within: float) -> object:
    """As `ask`, of a server that is just starting."""
    deadline = time.monotonic() + within
    while True:
        try:
            return ask(server, question)
        except (OSError, asyncpg.CannotConnectNowError, asyncpg.PostgresConnectionError):
            assert time.monotonic() < deadline, f"no answer within {within} s"
            time.sleep(0.05)


def write_pid_file(folder: Path, text: str) -> None:
    for name in ("postmaster.pid", f"{SOCKET}.lock"):
        path = folder / "pg" / name
        path.write_text(text)
        shutil.copystat(folder / "pg" / "PG_VERSION", path)
        os.chown(path, (folder / "pg").stat().st_uid, (folder / "pg").stat().st_gid)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def closed(data_dir: Path) -> Path:
    """A folder that only its owner may enter."""
    folder = data_dir / "closed"
    folder.mkdir(mode=0o700)
    return folder


class TestServer:
    def test_answers_through_its_socket_and_is_gone_at_the_end(self, data_dir: Path) -> None:
        with embedded(data_dir) as server:
            assert str(ask(server, "SHOW server_version")).startswith("18.")
            assert ask(server, "SELECT lower('ÉLÉGIE CŒUR') || getdatabaseencoding()") == "élégie cœurUTF8"
            durable = "SELECT current_setting('fsync') || current_setting('synchronous_commit')"
            assert ask(server, durable) == "onon"
            pid = server.pid
        assert not server.is_running
        assert not psutil.pid_exists(pid), "it stays as a zombie"

    def test_listens_on_no_network_address_and_lets_no_other_user_in(self, data_dir: Path) -> None:
        with embedded(data_dir, durable=False) as server:
            listening = psutil.Process(server.pid).net_connections(kind="inet")
            assert listening == []
            assert ask(server, "SHOW listen_addresses") == ""
            assert mode(data_dir / "pg") == 0o700
            assert mode(data_dir / "pg" / SOCKET) == 0o700
            knock = [sys.executable, "-c", STRANGER, str(data_dir / "pg" / SOCKET)]
            answer = subprocess.run(knock, check=True, capture_output=True, text=True).stdout
            assert answer == ("PermissionError\n" if IS_ROOT else "let in\n")

    def test_keeps_what_was_written(self, data_dir: Path) -> None:
        with embedded(data_dir) as server:
            ask(server, "CREATE TABLE kept AS SELECT 46407 AS number")
        with embedded(data_dir) as server:
            assert ask(server, "SELECT number FROM kept") == 46407

    def test_puts_its_socket_elsewhere_where_the_path_is_too_long(self, data_dir: Path) -> None:
        deep = data_dir / ("d" * 60) / ("e" * 60)
        with embedded(deep, durable=False) as server:
            assert ask(server, "SELECT 1") == 1
            sockets = Path(str(ask(server, "SHOW unix_socket_directories")))
            assert not sockets.is_relative_to(data_dir)
            assert mode(sockets) == 0o700
        sockets.rmdir()

    def test_tells_its_last_words_when_it_cannot_start(self, data_dir: Path) -> None:
        with embedded(data_dir, durable=False):
            pass
        (data_dir / "pg" / "postgresql.conf").write_text("no_such_setting = 1\n")
        with pytest.raises(EmbeddedError, match=r"did not start: .*FATAL.*pg\.log"), embedded(data_dir):
            pass

    def test_refuses_the_data_of_another_version(self, data_dir: Path) -> None:
        (data_dir / "pg").mkdir(mode=0o700)
        (data_dir / "pg" / "PG_VERSION").write_text("16\n")
        with pytest.raises(EmbeddedError, match="of PostgreSQL 16, this is 18"), embedded(data_dir):
            pass

    def test_makes_the_cluster_anew_when_the_first_start_was_cut_short(self, data_dir: Path) -> None:
        (data_dir / "pg.new").mkdir()
        (data_dir / "pg.new" / "PG_VERSION").write_text("18\n")
        with embedded(data_dir, durable=False) as server:
            assert ask(server, "SELECT 1") == 1
        assert not (data_dir / "pg.new").exists()


class TestAfterAnAccident:
    @pytest.mark.parametrize("text", ["", "12", "no number\n", "999999999\n"], ids=["empty", "cut", "odd", "gone"])
    def test_starts_over_a_pid_file_that_means_nothing(self, data_dir: Path, text: str) -> None:
        with embedded(data_dir, durable=False):
            pass
        write_pid_file(data_dir, text)
        with embedded(data_dir, durable=False) as server:
            assert ask(server, "SELECT 1") == 1

    def test_starts_when_the_pid_belongs_to_another_program_by_now(self, data_dir: Path) -> None:
        with embedded(data_dir, durable=False) as server:
            lines = (data_dir / "pg" / "postmaster.pid").read_text().splitlines()
        owner = (data_dir / "pg").stat().st_uid
        become = owner if IS_ROOT else None
        with subprocess.Popen(["sleep", "60"], user=become) as stranger:  # noqa: S607 - the system's own
            try:
                write_pid_file(data_dir, "\n".join([str(stranger.pid), *lines[1:]]) + "\n")
                with embedded(data_dir, durable=False) as server:
                    assert ask(server, "SELECT 1") == 1
                    assert server.pid != stranger.pid
                assert stranger.poll() is None, "the stranger was harmed"
            finally:
                stranger.kill()

    def test_adopts_the_server_that_a_killed_process_left(self, data_dir: Path) -> None:
        with held_by_another(data_dir) as (holder, pid):
            holder.kill()
            holder.wait()
            with embedded(data_dir, durable=False) as server:
                assert server.pid == pid
                assert ask(server, "SELECT 1") == 1
            assert not server.is_running

    def test_recovers_what_was_committed_when_both_were_killed(self, data_dir: Path) -> None:
        with embedded(data_dir) as server:
            ask(server, "CREATE TABLE kept AS SELECT 46407 AS number")
            ask(server, "CHECKPOINT")
            ask(server, "INSERT INTO kept SELECT 46408")
            os.kill(server.pid, signal.SIGKILL)
        with embedded(data_dir) as server:
            assert ask(server, "SELECT sum(number) FROM kept") == 46407 + 46408

    def test_starts_the_server_again_when_it_is_killed_while_kept(self, data_dir: Path) -> None:
        with embedded(data_dir) as server:
            server.keep()
            ask(server, "CREATE TABLE kept AS SELECT 46407 AS number")
            killed = server.pid
            os.kill(killed, signal.SIGKILL)
            assert answer_of(server, "SELECT number FROM kept", within=20) == 46407
            pid = server.pid
        assert not psutil.pid_exists(pid)

    def test_waits_for_a_server_that_is_just_stopping(self, data_dir: Path) -> None:
        with held_by_another(data_dir) as (holder, pid):
            holder.kill()
            holder.wait()
            os.kill(pid, signal.SIGTERM)  # waits for its sessions, of which there are none
            with embedded(data_dir, durable=False) as server:
                assert ask(server, "SELECT 1") == 1


class TestFolder:
    def test_is_used_by_one_process_at_a_time(self, data_dir: Path) -> None:
        with held_by_another(data_dir) as (holder, _):
            refusal = rf"\(process {holder.pid}\) already uses .*COMPTOIR_DATA_DIR"
            with pytest.raises(EmbeddedError, match=refusal), embedded(data_dir):
                pass
            holder.communicate()

    def test_in_a_closed_folder_is_fine_for_its_owner_and_refused_for_root(self, closed: Path) -> None:
        wanted = closed / "data"
        if IS_ROOT:
            with pytest.raises(EmbeddedError, match=rf"may not enter {closed}\. .*COMPTOIR_DATA_DIR"):
                wheel.passable_data_dir(wanted=wanted, chosen=True, project=closed)
            with pytest.raises(EmbeddedError, match=rf"may not enter {closed}\."), embedded(wanted):
                pass
        else:
            assert wheel.passable_data_dir(wanted=wanted, chosen=True, project=closed) == wanted
            with embedded(wanted, durable=False) as server:
                assert ask(server, "SELECT 1") == 1
        assert mode(closed) == 0o700, "a closed folder was opened"

    def test_that_nobody_chose_moves_out_of_a_closed_folder(self, closed: Path, data_dir: Path) -> None:
        found = wheel.passable_data_dir(wanted=closed / "data", chosen=False, project=closed)
        assert (found.parent == wheel.SHARED_PLACE) == IS_ROOT
        passable = wheel.passable_data_dir(wanted=data_dir / "data", chosen=False, project=data_dir)
        assert passable == data_dir / "data"

    def test_is_made_with_its_parents_and_open_to_nobody_else(self, data_dir: Path) -> None:
        with embedded(data_dir / "some" / "where", durable=False) as server:
            assert ask(server, "SELECT 1") == 1
        assert mode(data_dir / "some" / "where") == (0o711 if IS_ROOT else 0o700)

    def test_of_an_ordinary_user_serves_that_user_and_then_root(self, data_dir: Path) -> None:
        user = pwd.getpwnam("nobody").pw_uid if IS_ROOT else 0
        if IS_ROOT:
            os.chown(data_dir, user, user)
            data_dir.chmod(0o700)
        with held_by_another(data_dir, user=user) as (holder, pid):
            assert psutil.Process(pid).uids().real == (user or os.geteuid())
            holder.communicate()
        assert holder.returncode == 0
        with embedded(data_dir, durable=False) as server:
            assert psutil.Process(server.pid).uids().real == (user or os.geteuid())

    def test_of_another_user_is_refused(self, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (data_dir / "pg").mkdir()
        monkeypatch.setattr(os, "geteuid", lambda: 12_345)
        with pytest.raises(EmbeddedError, match="belongs to another user"), embedded(data_dir):
            pass


class TestPrograms:
    def test_in_a_closed_folder_are_copied_once_for_another_user(
        self, closed: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        installed = importlib.metadata.distribution(wheel.PACKAGE)
        site = Path(str(installed.locate_file("")))
        for path in site.glob(f"{wheel.PACKAGE}*"):
            shutil.copytree(path, closed / path.name, copy_function=os.link)
        (metadata,) = closed.glob("*.dist-info")
        hidden = importlib.metadata.PathDistribution(metadata)
        monkeypatch.setattr(importlib.metadata, "distribution", lambda _: hidden)
        monkeypatch.setattr(wheel, "SHARED_PLACE", data_dir / "shared")
        with embedded(data_dir / "data", durable=False) as server:
            program = Path(psutil.Process(server.pid).exe())
        assert program.is_relative_to(data_dir / "shared" if IS_ROOT else closed)
        made = program.stat().st_mtime_ns
        with embedded(data_dir / "data", durable=False) as server:
            assert Path(psutil.Process(server.pid).exe()).stat().st_mtime_ns == made
        assert mode(closed) == 0o700, "a closed folder was opened"

    def test_that_are_not_installed_are_named_with_the_way_out(
        self, data_dir: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def missing(name: str) -> importlib.metadata.Distribution:
            raise importlib.metadata.PackageNotFoundError(name)

        monkeypatch.setattr(importlib.metadata, "distribution", missing)
        with pytest.raises(EmbeddedError, match="COMPTOIR_DATABASE_URL"), embedded(data_dir):
            pass
