"""The desk as a set of handlers below one address, alone or inside a Jupyter server."""

from __future__ import annotations

import functools
import ipaddress
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tornado.httputil import HTTPServerRequest
from tornado.ioloop import PeriodicCallback
from tornado.web import RequestHandler

from evaluation.desk.handler import Missing
from evaluation.desk.office import Office
from evaluation.desk.pages import acts, clock, file, guides, people, person, register, sign_in, today, trail
from evaluation.desk.pages.drafted import alert, correction, entry, hand_over, questionnaire, recording
from evaluation.desk.staff.accounts import Session, Sessions, Tries
from evaluation.desk.staff.practice import beside
from evaluation.desk.staff.roles import ANYBODY, COORDINATORS, ENTERING, EVERY_ROLE, NOBODY, Roles
from evaluation.desk.templates import Templates
from evaluation.resources import folder

Rule = tuple[str, type[RequestHandler], dict[str, Any]]

_PERSON, _ROW = r"people/([0-9a-f]{20})", r"([0-9a-f-]{36})"


class Route(NamedTuple):
    """A page at an address, the roles that may open it and those that may send it."""

    address: str
    page: type[RequestHandler]
    reads: Roles
    writes: Roles = NOBODY


PAGES: tuple[Route, ...] = (
    Route(r"", today.Today, EVERY_ROLE),
    Route(r"today/(all)", today.Today, ENTERING),
    Route(r"sign-in", sign_in.SignIn, ANYBODY, ANYBODY),
    Route(r"sign-out", sign_in.SignOut, NOBODY, EVERY_ROLE),
    Route(r"language", sign_in.Language, NOBODY, ANYBODY),
    Route(r"static/([\w.-]+)", sign_in.StaticFile, ANYBODY),
    Route(r"people", people.People, EVERY_ROLE, EVERY_ROLE),
    Route(r"people/key-sheet", people.KeySheet, ENTERING),
    Route(r"people/new", entry.Enrol, ENTERING, ENTERING),
    Route(_PERSON, person.Person, EVERY_ROLE),
    Route(rf"{_PERSON}/print", person.Printed, ENTERING),
    Route(rf"{_PERSON}/add/(\w+)", entry.NewOfPerson, ENTERING, ENTERING),
    Route(rf"{_PERSON}/row/{_ROW}", correction.Correct, ENTERING, ENTERING),
    Route(rf"{_PERSON}/act/(leave|withdraw)", acts.ActOnPerson, ENTERING, ENTERING),
    Route(rf"{_PERSON}/act/(erase)", acts.ActOnPerson, COORDINATORS, COORDINATORS),
    Route(rf"{_PERSON}/([\w-]+)/([\w-]+)", questionnaire.Questionnaire, EVERY_ROLE, ENTERING),
    Route(rf"{_PERSON}/([\w-]+)/([\w-]+)/hand-over", hand_over.HandOver, ENTERING, ENTERING),
    Route(rf"{_PERSON}/([\w-]+)/([\w-]+)/returned", hand_over.Returned, ENTERING, ENTERING),
    Route(rf"{_PERSON}/([\w-]+)/([\w-]+)/alert", alert.Alert, ENTERING, ENTERING),
    Route(rf"{_PERSON}/([\w-]+)/([\w-]+)/correct", correction.CorrectQuestionnaire, ENTERING, ENTERING),
    Route(r"tables", person.House, EVERY_ROLE),
    Route(rf"tables/row/{_ROW}", correction.Correct, ENTERING, ENTERING),
    Route(r"tables/(\w+)", person.Rows, EVERY_ROLE),
    Route(r"tables/(\w+)/add", entry.NewOfHouse, ENTERING, ENTERING),
    Route(rf"registers/{_ROW}", register.AttendanceRegister, ENTERING, ENTERING),
    Route(r"guide/(first-day|lost-laptop|leaving-staff)", guides.Guide, EVERY_ROLE),
    Route(r"recording/([\w-]+)/([\w.-]+)/(\w+)", recording.Recording, ENTERING),
    Route(r"file", file.TakeIn, ENTERING, ENTERING),
    Route(r"clock", clock.Clock, COORDINATORS, COORDINATORS),
    Route(r"trail", trail.Trail, COORDINATORS, COORDINATORS),
    Route(r"(.*)", Missing, EVERY_ROLE, EVERY_ROLE),
)
"""Every page with its roles; what is addressed otherwise is not found."""

_ONCE = (
    "sign-in",
    "sign-out",
    "language",
    r"static/([\w.-]+)",
    "file",
    "trail",
    "clock",
    r"recording/([\w-]+)/([\w.-]+)/(\w+)",
)
"""The pages that are not there a second time where one practises."""

_SWEEP = 30_000  # milliseconds


@dataclass(slots=True)
class Desk:
    """What all handlers share. ``base`` is the desk's address, ending with a slash.

    ``trusted_host`` says whether pages may be asked for under a host's name: otherwise only this machine's.
    ``alone``: the server has nothing beside the desk, so that a device can be handed to a client.
    ``outer``: the desk beside which one practises; whoever is signed in there is signed in here.
    """

    office: Office
    base: str = "/"
    port: int = 0
    trusted_host: Callable[[str], bool] | None = None
    alone: bool = True
    outer: Desk | None = None
    sessions: Sessions = field(init=False)
    tries: Tries = field(init=False)
    templates: Templates = field(init=False)

    def __post_init__(self) -> None:
        if self.outer is not None:
            self.sessions, self.tries, self.templates = self.outer.sessions, self.outer.tries, self.outer.templates
            return
        self.sessions, self.tries = Sessions(self.office.now), Tries(self.office.now)
        self.templates = Templates(folder("templates") / "desk")

    def session(self, token: str) -> Session | None:
        """The session of a token, which ends when the person's key slot is removed or changed."""
        if self.outer is not None:
            return self.outer.session(token)
        session = self.sessions.find(token)
        if session is not None and session.slot != self.office.slot(session.name):
            self.sessions.end(token)
            return None
        return session

    @property
    def home(self) -> str:
        """The address of the desk itself, also from where one practises."""
        return self.outer.base if self.outer else self.base

    @property
    def cookie(self) -> str:
        return f"desk_{self.port}"  # browsers do not keep the ports of one machine apart

    @property
    def form_cookie(self) -> str:
        return f"desk_form_{self.port}"

    def cookie_settings(self, request: HTTPServerRequest) -> dict[str, Any]:
        return {"path": self.home, "httponly": True, "samesite": "Strict", "secure": request.protocol == "https"}

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
        """The pages with their addresses, and the same once more to practise on."""
        practice: list[Rule] = []
        if self.outer is None:
            own = f"{self.base}practice/"
            practised = Desk(beside(self.office), own, self.port, self.trusted_host, self.alone, outer=self)
            practice = practised.handlers()
        return practice + [
            (self.base.replace(".", r"\.") + each.address, each.page, about)
            for each in PAGES
            if self.outer is None or each.address not in _ONCE
            for about in [{"desk": self, "reads": each.reads, "writes": each.writes}]
        ]

    def start(self) -> None:
        """Close the record by itself when nobody is left; called inside the running loop."""
        PeriodicCallback(functools.partial(_sweep, self), _SWEEP).start()


async def _sweep(desk: Desk) -> None:
    if not desk.sessions.sweep():
        await desk.office.lock()
