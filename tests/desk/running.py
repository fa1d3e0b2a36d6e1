"""A desk that runs in a thread of the tests on a small fictional project, and a client without JavaScript."""

from __future__ import annotations

import asyncio
import datetime as dt
import functools
import http.client
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from evaluation.collect.access import keys
from evaluation.collect.files.sheet import Row, Sheet
from evaluation.collect.record.store import Store
from evaluation.collect.submit import Submission, submit
from evaluation.desk.office import Office
from evaluation.desk.server import listen
from evaluation.project import folder as folders
from evaluation.project.intake import apart, incoming

NAME, PASSPHRASE = "Ewa Test", "long enough words"
OTHER, OTHER_PASSPHRASE = "Jan Test", "quite other words"
EVALUATOR, EVALUATOR_PASSPHRASE = "Ola Test", "only months here"
NOON = dt.datetime(2015, 3, 2, 12, 0, tzinfo=dt.UTC)
PEOPLE = (
    {"participant": "P-001", "enrolled_on": "2015-02-27", "consent_service": "true", "consent_reporting": "true"},
    {"participant": "P-002", "enrolled_on": "2015-01-30", "consent_service": "true", "consent_reporting": "false"},
    {"participant": "P-003", "enrolled_on": "2014-07-01", "consent_service": "true", "consent_reporting": "true"},
)


def make(folder: Path) -> None:
    """The reference project with three people, one course that met, and a record that two persons open."""
    folders.make(folder, "reference")
    with Store.create(folder, keys.passphrase(PASSPHRASE), slot=NAME, cost=2**4) as store:
        slots: tuple[tuple[str, str, keys.Role], ...] = (
            (OTHER, OTHER_PASSPHRASE, "caseworker"),
            (EVALUATOR, EVALUATOR_PASSPHRASE, "evaluator"),
        )
        for slot, words, role in slots:
            keys.add_slot(folder, store.key, secret=keys.passphrase(words), slot=slot, role=role, cost=2**4)
        add(folder, store, "participants", *PEOPLE)
        add(folder, store, "courses", {"course": "polish", "title": "Polish", "sessions": "20"})
        add(folder, store, "sessions", {"session": "polish-01", "course": "polish", "date": "2014-09-01", "hours": "2"})
        add(folder, store, "attendance", {"session": "polish-01", "participant": "P-003", "status": "present"})


def add(folder: Path, store: Store, table: str, *rows: Mapping[str, str]) -> None:
    """Rows as a file would bring them."""
    declaration = folders.read(folder)
    sheet = Sheet("test", tuple(rows[0]), tuple(Row(n, tuple(row.values())) for n, row in enumerate(rows, 1)))
    sent = Submission(sheet, declaration.form(table), actor="Test", today=NOON.date())
    assert submit(sent, store, declaration=declaration).stored == len(rows)


@dataclass
class Running:
    """The desk at ``port``; ``now`` is its clock, which a test may move; ``secret`` proves that it is this one."""

    folder: Path
    now: dt.datetime = NOON
    port: int = 0
    secret: str = ""
    stop: Callable[[], None] = field(default=lambda: None)

    def start(self) -> Running:
        office = Office(
            self.folder,
            folders.read(self.folder),
            lambda: self.now,
            notices=lambda: tuple(incoming.waiting(self.folder, folders.read(self.folder))),
            files=functools.partial(apart.take_in, self.folder),
        )
        up, loop = threading.Event(), asyncio.new_event_loop()

        async def run() -> None:
            server, self.port = listen(office, port=0, secret=self.secret)
            ended = asyncio.Event()
            self.stop = lambda: loop.call_soon_threadsafe(ended.set) and None
            up.set()
            await ended.wait()
            server.stop()
            await server.close_all_connections()
            office.close()

        thread = threading.Thread(target=loop.run_until_complete, args=(run(),))
        thread.start()
        assert up.wait(60)
        halt = self.stop

        def stop() -> None:
            halt()
            thread.join(60)
            loop.close()

        self.stop = stop
        return self

    def client(self) -> Client:
        return Client(self.port)

    def signed_in(self, name: str = NAME, passphrase: str = PASSPHRASE) -> Client:
        client = self.client()
        client.sign_in(name, passphrase)
        return client

    def store(self) -> Store:
        """The record, opened beside the desk."""
        return Store.open(self.folder, keys.unlock(self.folder, keys.passphrase(PASSPHRASE), slot=NAME).key)


@dataclass
class Client:
    """A browser without JavaScript: cookies, forms, and one redirect at a time."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    page: str = ""
    status: int = 0
    headers: http.client.HTTPMessage = field(default_factory=http.client.HTTPMessage)
    path: str = ""

    def ask(self, method: str, path: str, body: str | None = None, headers: Mapping[str, str] | None = None) -> Client:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        sent |= {"Content-Type": "application/x-www-form-urlencoded"} if body is not None else {}
        connection.request(method, path, body, {**sent, **(headers or {})})
        answer = connection.getresponse()
        self.page, self.status, self.headers, self.path = (
            answer.read().decode("utf-8", "replace"),
            answer.status,
            answer.headers,
            path,
        )
        for line in answer.headers.get_all("Set-Cookie", []):
            name, _, value = line.split(";")[0].partition("=")
            self.cookies[name] = value.strip('"')
        connection.close()
        return self

    def get(self, path: str, **headers: str) -> Client:
        return self.ask("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    def post(self, path: str, typed: Mapping[str, str | list[str]], *, follow: bool = True, **headers: str) -> Client:
        """The form of the page that is shown, sent with what was ``typed``."""
        body = urlencode({"form_token": self.token, **typed}, doseq=True)
        self.ask("POST", path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        return self.get(self.headers["Location"]) if follow and self.status == 303 else self

    @property
    def token(self) -> str:
        found = re.search(r'name="form_token" value="([^"]*)"', self.page)
        return unescape(found[1]) if found else ""

    def hidden(self, name: str) -> str:
        found = re.search(rf'type="hidden" name="{re.escape(name)}" value="([^"]*)"', self.page)
        assert found, name
        return unescape(found[1])

    def link(self, words: str) -> str:
        """The address of the link that says ``words``."""
        found = re.search(rf'<a[^>]*href="([^"]*)"[^>]*>\s*(?:<[^>]*>)?{re.escape(words)}', self.page)
        assert found, words
        return urlsplit(unescape(found[1])).path

    def sign_in(self, name: str, passphrase: str) -> Client:
        return self.get("/sign-in").post("/sign-in", {"name": name, "passphrase": passphrase, "going": ""})

    @property
    def text(self) -> str:
        """What the page says, without its marks."""
        body = re.sub(r"(?s)<(script|style).*?</\1>", "", self.page)
        return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body)))
