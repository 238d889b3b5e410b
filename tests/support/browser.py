"""A real Chromium for the tests: the machine's own, or the one that comes with the page's npm packages."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, ViewportSize, async_playwright

FRONTEND = Path(__file__).resolve().parents[2] / "frontend"
PACKAGE = FRONTEND / "node_modules" / "@sparticuz" / "chromium"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",  # no look-ups of hosts that no test is about
    "--disable-component-update",
    "--disable-sync",
)
TABLET = ViewportSize(width=1024, height=768)
INFLATE = "import('@sparticuz/chromium').then((m) => m.default.executablePath())"
FONTS = "<fontconfig><dir>{0}/fonts/fonts</dir><dir>/usr/share/fonts</dir><cachedir>{0}/cache</cachedir></fontconfig>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chromium:
    """How to start it: `environment` is what it needs beside the variables of this process."""

    executable: Path
    arguments: tuple[str, ...] = ARGUMENTS
    environment: dict[str, str] = field(default_factory=dict)


def find_chromium() -> Chromium:
    """The machine's Chromium, else the npm package's; raises RuntimeError, with the way out, where there is none."""
    for name in ("chromium", "chromium-browser"):
        if found := shutil.which(name):
            return Chromium(executable=Path(found))
    folder = _inflated()
    environment = {"FONTCONFIG_FILE": str(folder / "fonts.conf")}
    executable = folder / "chromium"
    listed = subprocess.run(["ldd", executable], check=True, capture_output=True, text=True)  # noqa: S607
    if "not found" in listed.stdout:  # a bare machine lacks the libraries of NSS
        environment["LD_LIBRARY_PATH"] = str(folder / "al2023" / "lib")
    return Chromium(executable=executable, environment=environment)


def _inflated() -> Path:
    """The folder of the package's Chromium, unpacked once; renamed once whole, so that no half of it is used."""
    if not PACKAGE.is_dir():
        raise RuntimeError("There is no Chromium on the PATH, and none in frontend/node_modules: run `npm ci` there.")
    number = json.loads((PACKAGE / "package.json").read_text())["version"]
    folder = FRONTEND / "node_modules" / f".chromium-{number}"
    if not folder.exists():
        draft = Path(tempfile.mkdtemp(dir=folder.parent))
        # The package unpacks into the temporary folder, and its libraries only where it takes us for a Lambda.
        environment = os.environ | {"TMPDIR": str(draft), "AWS_EXECUTION_ENV": "AWS_Lambda_nodejs24.x"}
        node = shutil.which("node", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
        subprocess.run([str(node), "-e", INFLATE], check=True, cwd=FRONTEND, env=environment)
        (draft / "fonts.conf").write_text(FONTS.format(folder))
        try:
            draft.rename(folder)
        except OSError:
            if not folder.exists():
                raise
            shutil.rmtree(draft)  # another worker was first
    return folder


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One Chromium a run."""
    chromium = find_chromium()
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(
            executable_path=chromium.executable,
            args=list(chromium.arguments),
            env={**os.environ, **chromium.environment},
        )
        yield running
        await running.close()


@pytest.fixture
async def context(browser: Browser) -> AsyncIterator[BrowserContext]:
    """A French tablet of ten inches, with no past: no cookie, no storage."""
    opened = await browser.new_context(
        viewport=TABLET, locale="fr-FR", timezone_id="Europe/Paris", reduced_motion="reduce"
    )
    yield opened
    await opened.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the page complained of; a test that provokes a complaint takes it out."""
    return []


@pytest.fixture
async def page(context: BrowserContext, complaints: list[str]) -> AsyncIterator[Page]:
    """A page whose errors, and those it writes to the console, fail the test.

    An answer 4xx is no error of the page, though the browser writes it to the console.
    """

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error" and "responded with a status of 4" not in message.text:
            complaints.append(f"console: {message.text}")

    opened = await context.new_page()
    opened.on("console", heard)
    opened.on("pageerror", lambda error: complaints.append(f"page: {error}"))
    yield opened
    assert complaints == [], "the page complained"
