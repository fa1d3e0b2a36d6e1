"""What all pages of one running desk share: the record, its address, who is signed in."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tornado.httputil import HTTPServerRequest

from evaluation.desk.office import Office
from evaluation.desk.staff.accounts import Session, Sessions, Tries
from evaluation.desk.templates import Templates
from evaluation.resources import folder


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
