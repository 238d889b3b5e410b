"""`python -m api.cli run` as a person runs it: it starts after anything, and ends without a trace."""

import json
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from tests.support.database import passable_folder

pytestmark = pytest.mark.faults

PROJECT = Path(__file__).resolve().parents[2]
START_WITHIN = 60.0  # seconds; a first start makes a cluster and the demo shop
END_WITHIN = 15.0
IN_THE_BACKGROUND = ("sh", "-c", 'trap "" INT; exec "$@"', "sh")
"""A script starts what ends in ``&`` with SIGINT ignored."""
NOHUP = ("sh", "-c", 'trap "" HUP; exec "$@"', "sh")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(**settings: object) -> dict[str, str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("COMPTOIR_")}
    plain |= {"PYTHONPATH": str(PROJECT), "PYTHONUNBUFFERED": "1"}
    return plain | {f"COMPTOIR_{name.upper()}": str(value) for name, value in settings.items()}


def wait_for(what: str, happened: Callable[[], bool], *, within: float) -> float:
    """The seconds until `happened`; fails after `within` of them."""
    begun = time.monotonic()
    while not happened():
        assert time.monotonic() < begun + within, f"not within {within} s: {what}"
        time.sleep(0.02)
    return time.monotonic() - begun


def ended(process: psutil.Process) -> bool:
    """Whether it runs no more; as a zombie it waits for a parent that is not us."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


@dataclass
class House:
    """One data folder and port, and the server run on them."""

    folder: Path
    port: int = field(default_factory=free_port)
    settings: dict[str, object] = field(default_factory=dict)

    def popen(self, *before: str) -> "subprocess.Popen[str]":
        settings = {"data_dir": self.folder, "port": self.port, **self.settings}
        return subprocess.Popen(
            [*before, sys.executable, "-m", "api.cli", "run"],
            cwd=PROJECT,
            env=environment(**settings),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    @contextmanager
    def running(self, *before: str) -> Iterator["subprocess.Popen[str]"]:
        """The server once it answers; whatever is left of it at the end is killed."""
        begun = time.monotonic()
        with self.popen(*before) as process:
            try:
                wait_for("an answer", lambda: self.answers(process), within=START_WITHIN)
                sys.stdout.write(f"answered after {time.monotonic() - begun:.2f} s\n")
                yield process
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)
                for left in self.postgres():
                    left.kill()

    def answers(self, process: "subprocess.Popen[str]") -> bool:
        assert process.poll() is None, process.communicate()[0]
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=START_WITHIN) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, ConnectionError):
            return False

    def refused(self) -> str:
        """What it says instead of starting: one line."""
        with self.popen() as process:
            said, _ = process.communicate(timeout=START_WITHIN)
        assert process.returncode == 1, said
        assert said.startswith("Comptoir: "), said
        assert len(said.splitlines()) == 1, said
        return said

    def postgres(self) -> list[psutil.Process]:
        """The living PostgreSQL servers of this folder."""
        found = []
        for process in psutil.process_iter(["name"]):
            if process.info["name"] == "postgres" and not ended(process):
                try:
                    if process.cwd() == str(self.folder / "pg"):
                        found.append(process)
                except (psutil.NoSuchProcess, psutil.AccessDenied):
                    continue  # gone, or another user's
        return found


@pytest.fixture
def house(data_dir: Path) -> House:
    return House(folder=data_dir)


@pytest.fixture(scope="module")
def lived_in() -> Iterator[House]:
    """A house with a demo base already in it, for the tests that need not see the first start."""
    house = House(folder=passable_folder())
    yield house
    shutil.rmtree(house.folder)


def end(process: "subprocess.Popen[str]", how: signal.Signals) -> str:
    """What it said, once it ended in order."""
    process.send_signal(how)
    said, _ = process.communicate(timeout=END_WITHIN)
    assert process.returncode == 0, said
    assert "Traceback" not in said, said
    return said


def curl_in(said: str) -> str:
    """The line that pushes an order."""
    return next(line for line in said.splitlines() if line.startswith("curl "))


class TestRun:
    @pytest.mark.parametrize(
        ("workers", "how"), [(1, signal.SIGINT), (1, signal.SIGTERM), (2, signal.SIGINT), (2, signal.SIGHUP)]
    )
    def test_ends_without_a_trace_when_told(self, lived_in: House, workers: int, how: signal.Signals) -> None:
        lived_in.settings = {"workers": workers}
        with lived_in.running() as process:
            assert lived_in.postgres()
            family = psutil.Process(process.pid).children(recursive=True)
            begun = time.monotonic()
            end(process, how)
            sys.stdout.write(f"ended after {time.monotonic() - begun:.2f} s\n")
            assert lived_in.postgres() == []
            wait_for("the end of its family", lambda: all(ended(one) for one in family), within=2)

    @pytest.mark.parametrize("before", [(), IN_THE_BACKGROUND], ids=["at a terminal", "in a script's background"])
    def test_ends_when_told_while_it_starts(self, house: House, before: tuple[str, ...]) -> None:
        with house.popen(*before) as process:
            wait_for("a database", lambda: bool(house.postgres()), within=START_WITHIN)
            process.send_signal(signal.SIGINT)
            try:
                said, _ = process.communicate(timeout=START_WITHIN)  # the step under way may have to end first
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)
        assert process.returncode == 0, said
        assert "Traceback" not in said
        assert house.postgres() == []

    def test_stays_when_nohup_holds_the_hang_up_back(self, lived_in: House) -> None:
        lived_in.settings = {}
        with lived_in.running(*NOHUP) as process:
            status = dict(line.split(":\t", 1) for line in Path(f"/proc/{process.pid}/status").read_text().splitlines())
            assert int(status["SigIgn"], base=16) & 1 << signal.SIGHUP - 1
            end(process, signal.SIGTERM)

    def test_tells_how_to_push_an_order_in_one_line(self, lived_in: House) -> None:
        lived_in.settings = {}
        with lived_in.running() as process:
            first = curl_in(end(process, signal.SIGTERM))
        words = shlex.split(first)
        url = next(word for word in words if word.startswith("http"))
        headers = dict(words[at + 1].split(": ", 1) for at, word in enumerate(words) if word == "-H")
        body = words[words.index("-d") + 1].encode()
        statuses = []
        with lived_in.running() as process:
            for _ in range(2):
                push = urllib.request.Request(url, data=body, headers=headers, method="PUT")  # noqa: S310 - http
                with urllib.request.urlopen(push, timeout=10) as answer:  # noqa: S310 - http
                    statuses.append(answer.status)
                    assert json.loads(answer.read())
            second = curl_in(end(process, signal.SIGTERM))
        assert statuses == [201, 200]
        assert first == second, "a later start of a demo base tells the same"
        assert (lived_in.folder / "demo.json").stat().st_mode & 0o077 == 0

    def test_serves_a_database_of_ones_own(self, house: House, database: str) -> None:
        house.settings = {"database_url": database}
        with house.running() as process:
            assert house.postgres() == []
            end(process, signal.SIGTERM)
        assert not (house.folder / "pg").exists()


class TestAfterAKill:
    def test_of_the_parent_its_workers_end_and_it_starts_again(self, lived_in: House) -> None:
        lived_in.settings = {"workers": 2}
        with lived_in.running() as process:
            family = psutil.Process(process.pid).children(recursive=True)
            servers = [one.pid for one in lived_in.postgres()]
            own = [one for one in family if one.pid not in servers]
            process.kill()
            process.wait()
            lived_in.settings = {}
            wait_for("the workers' end", lambda: all(ended(one) for one in own), within=4)
            assert lived_in.postgres(), "the database is left behind, to be adopted"
            with lived_in.running() as again:
                end(again, signal.SIGINT)
            assert lived_in.postgres() == []

    def test_of_everything_it_starts_again(self, lived_in: House) -> None:
        lived_in.settings = {}
        with lived_in.running() as process:
            for one in [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]:
                if not ended(one):
                    one.kill()
            process.wait()
            with lived_in.running() as again:
                end(again, signal.SIGINT)

    def test_of_a_worker_another_takes_its_place(self, lived_in: House) -> None:
        lived_in.settings = {"workers": 2}
        with lived_in.running() as process:
            servers = {one.pid for one in lived_in.postgres()}
            children = psutil.Process(process.pid).children()
            worker = next(one for one in children if one.pid not in servers and "spawn_main" in " ".join(one.cmdline()))
            worker.kill()
            wait_for("its end", lambda: ended(worker), within=5)
            wait_for("an answer", lambda: lived_in.answers(process), within=START_WITHIN)
            end(process, signal.SIGTERM)


class TestRefusal:
    def test_of_a_port_in_use_comes_before_anything_else(self, house: House) -> None:
        with socket.socket() as other:
            other.bind(("127.0.0.1", house.port))
            other.listen()
            said = house.refused()
        assert f"port {house.port} of 127.0.0.1 is in use" in said
        assert list(house.folder.iterdir()) == []

    def test_of_a_folder_in_use_names_the_process(self, lived_in: House) -> None:
        lived_in.settings = {}
        with lived_in.running() as process:
            second = House(folder=lived_in.folder)
            assert f"(process {process.pid}) already uses {lived_in.folder}" in second.refused()
            assert lived_in.answers(process)
            end(process, signal.SIGTERM)

    def test_of_a_bad_setting_names_it(self, house: House) -> None:
        house.settings = {"workers": "many"}
        assert "COMPTOIR_WORKERS is 'many'" in house.refused()

    def test_of_an_unknown_setting_names_the_one_that_was_meant(self, house: House) -> None:
        house.settings = {"wrokers": 2}
        assert "COMPTOIR_WROKERS is not a setting: did you mean COMPTOIR_WORKERS?" in house.refused()

    def test_of_a_database_out_of_reach_says_so_and_not_the_password(self, house: House) -> None:
        house.settings = {"database_url": f"postgresql://shop:geheim@127.0.0.1:{free_port()}/shop"}
        said = house.refused()
        assert "COMPTOIR_DATABASE_URL cannot be reached" in said
        assert "geheim" not in said

    def test_of_a_closed_folder_concerns_root_alone(self, house: House) -> None:
        house.folder.chmod(0o700)
        house.folder /= "data"
        if os.geteuid() == 0:
            assert f"may not enter {house.folder.parent}." in house.refused()
        else:
            with house.running() as process:
                end(process, signal.SIGTERM)
