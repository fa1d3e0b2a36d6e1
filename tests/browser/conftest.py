"""Debian's Chromium, and the desk; where a test kills it, in a process of its own."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from evaluation.collect.access import keys
from evaluation.collect.record.store import Store
from tests.desk.running import NAME, PASSPHRASE, Client, Running, make
from tests.desk.visit import make_visit

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
# Parts of Chromium's own window that are web pages: each page of a test would start a process for them.
_WINDOW = ("InitialWebUI", "PreloadTopChromeWebUI", "WebUIOmniboxPopup", "WebUIReloadButton", "WebUIToolbar")
# Without these what is tested would be shown later, or asked for by https first.
_DELAYS = ("HttpsUpgrades", "HttpsFirstBalancedModeAutoEnable", "OptimizationHints", "PaintHolding")
_SERVE = """
import datetime as dt, functools, sys
from pathlib import Path
from evaluation.desk.office import Office
from evaluation.desk.server import serve
from evaluation.project import folder as folders
from evaluation.project.intake import apart
folder = Path(sys.argv[1])
now = dt.datetime(2015, 3, 2, 12, 0, tzinfo=dt.UTC)
office = Office(folder, folders.read(folder), lambda: now, files=functools.partial(apart.take_in, folder))
serve(office, port=int(sys.argv[2]), ready=lambda at: print(at, flush=True))
"""


@dataclass
class Served:
    """The desk in its own process, at ``address``."""

    folder: Path
    process: subprocess.Popen[str] | None = None
    address: str = ""

    def start(self, port: int = 0) -> Served:
        command = [sys.executable, "-c", _SERVE, str(self.folder), str(port)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout
        self.address = self.process.stdout.readline().strip()
        assert self.address, "the desk did not start"
        return self

    def kill(self) -> None:
        """End it as a power cut would."""
        assert self.process
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)
        assert self.process.stdout
        self.process.stdout.close()

    def again(self) -> Served:
        return self.start(int(self.address.rsplit(":", 1)[1].strip("/")))

    def store(self) -> Store:
        """The record, opened beside the desk."""
        return Store.open(self.folder, keys.unlock(self.folder, keys.passphrase(PASSPHRASE), slot=NAME).key)

    def rows(self, table: str) -> list[dict[str, object]]:
        with self.store() as store:
            return [dict(row.values) for row in store.rows(table)]


@dataclass
class InThread(Served):
    """The desk in a thread of the tests: there at once, but not to be killed as by a power cut."""

    running: Running | None = None

    def start(self, port: int = 0) -> Served:
        self.running = Running(self.folder).start()
        self.address = f"http://localhost:{self.running.port}/"
        return self

    def kill(self) -> None:
        assert self.running
        self.running.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        if os.environ.get("EVALUATION_BROWSER") == "required":
            pytest.fail("Chromium is missing: sudo apt-get install chromium")
        pytest.skip("Chromium is missing: sudo apt-get install chromium")
    with sync_playwright() as playwright:
        off = f"--disable-features={','.join((*_WINDOW, *_DELAYS))}"
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=["--disable-gpu", "--in-process-gpu", off])
        yield launched
        launched.close()


@pytest.fixture
def serve(
    once: Callable[[str, Callable[[Path], None]], Path], request: pytest.FixtureRequest
) -> Iterator[Callable[[str, Callable[[Path], None]], Served]]:
    """A desk on a copy of the project by its name and how it is made; in a process of its own for a ``killed`` test."""
    started: list[Served] = []

    def start(name: str, make: Callable[[Path], None]) -> Served:
        kind = Served if request.node.get_closest_marker("killed") else InThread
        started.append(kind(once(name, make)).start())
        return started[-1]

    yield start
    for one in started:
        one.kill()


@pytest.fixture
def served(serve: Callable[[str, Callable[[Path], None]], Served]) -> Served:
    return serve("desk", make)


@pytest.fixture
def visited(serve: Callable[[str, Callable[[Path], None]], Served]) -> Served:
    """The desk with a questionnaire in four languages, one of them from right to left."""
    return serve("desk-visit", make_visit)


@pytest.fixture
def visit(context: BrowserContext, visited: Served) -> Page:
    """Signed in where a questionnaire in four languages is due."""
    return signed_in(context, visited)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 390, "height": 844})
    made.set_default_timeout(30_000)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext, served: Served) -> Page:
    """Signed in, on the page for today."""
    return signed_in(context, served)


def signed_in(context: BrowserContext, served: Served) -> Page:
    """A new page on the page for today, signed in without the form; a complaint of the browser fails the test."""
    client = Client(int(served.address.rsplit(":", 1)[1].strip("/"))).sign_in(NAME, PASSPHRASE)
    context.add_cookies([_cookie(served.address, *one) for one in client.cookies.items()])
    opened = context.new_page()
    opened.on("pageerror", lambda error: pytest.fail(str(error)))
    opened.goto(served.address)
    opened.get_by_role("heading", name="Today").wait_for()
    return opened


def _cookie(url: str, name: str, value: str) -> Any:
    """As the desk sets it; tests/desk/staff/test_sign_in.py looks at that."""
    return {"url": url, "name": name, "value": value, "httpOnly": True, "sameSite": "Strict"}


def sign_in(page: Page, served: Served, name: str = NAME, passphrase: str = PASSPHRASE) -> None:
    page.goto(served.address)
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Passphrase").fill(passphrase)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Today").wait_for()
