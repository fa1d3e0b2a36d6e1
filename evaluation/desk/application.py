"""The desk as a set of handlers below one address, alone or inside a Jupyter server."""

from __future__ import annotations

import functools
from typing import Any, NamedTuple

from tornado.ioloop import PeriodicCallback
from tornado.web import RequestHandler

from evaluation.desk.handler import Missing
from evaluation.desk.pages import acts, clock, file, guides, people, person, register, sign_in, today, trail
from evaluation.desk.pages.drafted import alert, correction, entry, hand_over, questionnaire, recording
from evaluation.desk.shared import Desk
from evaluation.desk.staff.practice import beside
from evaluation.desk.staff.roles import ANYBODY, COORDINATORS, ENTERING, EVERY_ROLE, NOBODY, Roles

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


def handlers(desk: Desk) -> list[Rule]:
    """The pages with their addresses, and the same once more to practise on."""
    practice: list[Rule] = []
    if desk.outer is None:
        own = f"{desk.base}practice/"
        practice = handlers(Desk(beside(desk.office), own, desk.port, desk.trusted_host, desk.alone, outer=desk))
    return practice + [
        (desk.base.replace(".", r"\.") + each.address, each.page, about)
        for each in PAGES
        if desk.outer is None or each.address not in _ONCE
        for about in [{"desk": desk, "reads": each.reads, "writes": each.writes}]
    ]


def start(desk: Desk) -> None:
    """Close the record by itself when nobody is left; called inside the running loop."""
    PeriodicCallback(functools.partial(_sweep, desk), _SWEEP).start()


async def _sweep(desk: Desk) -> None:
    if not desk.sessions.sweep():
        await desk.office.lock()
