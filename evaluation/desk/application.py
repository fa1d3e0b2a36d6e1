"""The desk as a set of handlers below one address, alone or inside a Jupyter server."""

from __future__ import annotations

import functools
import ipaddress
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tornado.httputil import HTTPServerRequest
from tornado.ioloop import PeriodicCallback
from tornado.web import RequestHandler

from evaluation.desk.accounts import Sessions, Tries
from evaluation.desk.handler import Missing
from evaluation.desk.office import Office
from evaluation.desk.pages import acts, entry, people, person, questionnaire, register, sign_in, today
from evaluation.desk.templates import Templates
from evaluation.resources import folder

Rule = tuple[str, type[RequestHandler], dict[str, Any]]

_PERSON, _ROW = r"people/([0-9a-f]{20})", r"([0-9a-f-]{36})"

_PAGES: tuple[tuple[str, type[RequestHandler]], ...] = (
    (r"", today.Today),
    (r"today/(all)", today.Today),
    (r"sign-in", sign_in.SignIn),
    (r"sign-out", sign_in.SignOut),
    (r"language", sign_in.Language),
    (r"static/([\w.-]+)", sign_in.StaticFile),
    (r"people", people.People),
    (r"people/new", entry.Enrol),
    (_PERSON, person.Person),
    (rf"{_PERSON}/add/(\w+)", entry.NewOfPerson),
    (rf"{_PERSON}/row/{_ROW}", entry.Correct),
    (rf"{_PERSON}/act/(leave|withdraw|erase)", acts.ActOnPerson),
    (rf"{_PERSON}/([\w-]+)/([\w-]+)", questionnaire.Questionnaire),
    (rf"{_PERSON}/([\w-]+)/([\w-]+)/correct", entry.CorrectQuestionnaire),
    (r"tables", person.House),
    (rf"tables/row/{_ROW}", entry.Correct),
    (r"tables/(\w+)", person.Rows),
    (r"tables/(\w+)/add", entry.NewOfHouse),
    (rf"registers/{_ROW}", register.AttendanceRegister),
    (r"(.*)", Missing),
)
_SWEEP = 30_000  # milliseconds


@dataclass(slots=True)
class Desk:
    """What all handlers share. ``base`` is the desk's address, ending with a slash.

    ``trusted_host`` says whether pages may be asked for under a host's name: otherwise only this machine's.
    """

    office: Office
    base: str = "/"
    port: int = 0
    trusted_host: Callable[[str], bool] | None = None
    sessions: Sessions = field(init=False)
    tries: Tries = field(init=False)
    templates: Templates = field(init=False)

    def __post_init__(self) -> None:
        self.sessions, self.tries = Sessions(self.office.now), Tries(self.office.now)
        self.templates = Templates(folder("templates") / "desk")

    @property
    def cookie(self) -> str:
        return f"desk_{self.port}"  # browsers do not keep the ports of one machine apart

    @property
    def form_cookie(self) -> str:
        return f"desk_form_{self.port}"

    def cookie_settings(self, request: HTTPServerRequest) -> dict[str, Any]:
        return {"path": self.base, "httponly": True, "samesite": "Strict", "secure": request.protocol == "https"}

    def knows_host(self, name: str) -> bool:
        """Whether a page may be asked for under this name: a foreign one may point to this machine, too."""
        return self.is_loopback(name) if self.trusted_host is None else self.trusted_host(name)

    @staticmethod
    def is_loopback(name: str) -> bool:
        """Whether a host's name is this machine's alone."""
        try:
            return ipaddress.ip_address(name.strip("[]")).is_loopback
        except ValueError:
            return name == "localhost"

    def handlers(self) -> list[Rule]:
        """The pages with their addresses."""
        return [(self.base.replace(".", r"\.") + address, page, {"desk": self}) for address, page in _PAGES]

    def start(self) -> None:
        """Close the record by itself when nobody is left; called inside the running loop."""
        PeriodicCallback(functools.partial(_sweep, self), _SWEEP).start()


async def _sweep(desk: Desk) -> None:
    if not desk.sessions.sweep():
        await desk.office.lock()
