"""What every page shares: who may see it, the headers that keep it in, how it is shown and how it fails."""

from __future__ import annotations

import hmac
import logging
import secrets
from collections.abc import Awaitable, Mapping
from typing import Any
from urllib.parse import quote

from tornado.web import HTTPError, RequestHandler

from evaluation.collect.access.keys import ROLES
from evaluation.collect.record.trail import Act
from evaluation.desk.shared import Desk
from evaluation.desk.staff.accounts import Handed, Session
from evaluation.desk.staff.roles import ENTERING, NOBODY, Roles
from evaluation.errors import EvaluationError
from evaluation.texts import LANGUAGES, Message, say

_HEADERS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}
_LANGUAGE = "desk_language"
_log = logging.getLogger("evaluation.desk")


class NotForRole(HTTPError):
    """The page is for other roles."""

    def __init__(self, roles: Roles) -> None:
        super().__init__(403)
        said = tuple(Message(f"project.access.role.{role}") for role in ROLES if role in roles)
        self.message = Message("desk.not_your_role", roles=said)


class Page(RequestHandler):
    """A page of the desk, for the roles that its row in the table of pages names; without one it is nobody's."""

    desk: Desk
    session: Session | None = None
    kind = ""
    """What kind of page it is in the trail of who opened what."""

    largest = 2 * 2**20
    """The most bytes that the page may be sent."""

    reads: Roles = NOBODY
    writes: Roles = NOBODY

    def initialize(self, desk: Desk, reads: Roles = NOBODY, writes: Roles = NOBODY) -> None:
        self.desk, self.reads, self.writes = desk, reads, writes

    def set_default_headers(self) -> None:
        for name, value in _HEADERS.items():
            self.set_header(name, value)
        self.clear_header("Server")

    def check_xsrf_cookie(self) -> None:
        """Nothing here: ``prepare`` compares the form's own token, whatever the server around the desk does."""

    def prepare(self) -> Awaitable[None] | None:
        if not self.desk.knows_host(self.request.host_name):
            raise HTTPError(403, reason="unknown host")
        if len(self.request.body) > self.largest:
            raise HTTPError(413)
        self.session = self.desk.session(self.get_cookie(self.desk.cookie) or "")
        if self.session and self.session.handed and not self.reached_by_herself(self.session.handed):
            self._back_to_the_question(self.session.handed)
            return None
        reading = self.request.method in ("GET", "HEAD")
        roles = self.reads if reading else self.writes
        if not roles:
            raise HTTPError(405)
        if (self.session.role if self.session else "") not in roles:
            if self.session is not None:
                raise NotForRole(roles)
            self._ask_to_sign_in()
        elif not reading and not self._form_is_ours():
            raise HTTPError(403, reason="not our form")
        return None

    def reached_by_herself(self, handed: Handed) -> bool:
        """Whether this is the page that a client fills in by herself; all others lead her back to it."""
        return False

    def _back_to_the_question(self, handed: Handed) -> None:
        if self.request.headers.get("Accept") == "application/json":
            self.set_status(403)
            self.finish({"saved": False, "said": say("desk.refused_form", self.language)})
        else:
            self.redirect(handed.address, status=303)

    # --- who asks ---------------------------------------------------------------------------------

    @property
    def signed_in(self) -> Session:
        if self.session is None:
            raise HTTPError(403)
        return self.session

    @property
    def enters(self) -> bool:
        """Whether whoever is signed in enters and corrects; others see no free text and no exact day."""
        return self.session is not None and self.session.role in ENTERING

    @property
    def language(self) -> str:
        chosen = self.session.language if self.session else self.get_cookie(_LANGUAGE)
        declared = next((one for one in self.desk.office.declaration.file.languages if one in LANGUAGES), "en")
        return chosen if chosen in LANGUAGES else declared

    def speak(self, language: str) -> None:
        """Speak ``language`` from now on, here and at the next signing in."""
        if language in LANGUAGES:
            self.set_cookie(_LANGUAGE, language, **self.desk.cookie_settings(self.request), expires_days=365)
            if self.session:
                self.session.language = language

    @property
    def form_token(self) -> str:
        """What a form of this page sends back: the session's token, or before there is one a cookie's."""
        if self.session is not None:
            return self.session.form_token
        token = self.get_cookie(self.desk.form_cookie)
        if not token:
            token = secrets.token_urlsafe(24)
            self.set_cookie(self.desk.form_cookie, token, **self.desk.cookie_settings(self.request))
        return token

    def _form_is_ours(self) -> bool:
        foreign = self.request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none")
        sent = self.get_body_argument("form_token", "") or self.request.headers.get("X-Form-Token", "")
        return not foreign and hmac.compare_digest(sent.encode("utf-8"), self.form_token.encode("utf-8"))

    def _ask_to_sign_in(self) -> None:
        """The page for signing in, in place of this one; what was typed stays in it and is sent afterwards."""
        if self.request.headers.get("Accept") == "application/json":
            self.set_status(401)
            self.finish({"saved": False, "said": say("desk.form.signed_out", self.language)})
            return
        self.set_status(200 if self.request.method == "GET" else 403)
        going = self.request.path.removeprefix(self.desk.home)
        self.show("sign_in.html", going=going, held=self.typed() if self.request.method == "POST" else {})

    async def opens(self, *, about: str = "", participant: str = "", act: Act = "opened") -> None:
        """Keep that whoever is signed in opens this page; what she sends from it the record keeps by itself."""
        if self.request.method == "GET" and not self.signed_in.handed:
            name, office = self.signed_in.name, self.desk.office
            await office.note(act, actor=name, page=self.kind, about=about, participant=participant)

    # --- what was sent ----------------------------------------------------------------------------

    @property
    def path_inside(self) -> str:
        """The address of this page below the desk's own."""
        return self.request.path.removeprefix(self.desk.base)

    def typed(self) -> dict[str, str]:
        """Every field that was sent, several choices joined by spaces, without the form's token."""
        sent = self.request.body_arguments
        texts = {name: [value.decode("utf-8", "replace") for value in values] for name, values in sent.items()}
        return {
            name: " ".join(values) if len(values) > 1 else values[0]
            for name, values in texts.items()
            if name != "form_token"
        }

    # --- what is shown ----------------------------------------------------------------------------

    def home(self, *parts: str) -> str:
        """The address of a page of the desk itself, also from where one practises."""
        return self.desk.home + "/".join(quote(part, safe="") for part in parts)

    def url(self, *parts: str) -> str:
        """The address of a page by its parts."""
        return self.desk.base + "/".join(quote(part, safe="") for part in parts)

    def show(self, template: str, **shown: Any) -> None:
        """Finish with a template of templates/desk/."""
        session, office = self.session, self.desk.office
        notice = session.notice if session else None
        if session:
            session.notice = None
        context = {
            "languages": LANGUAGES,
            "notice": Message(notice[0], **notice[1]) if notice else None,
            "project": office.declaration.file,
            "path": self.path_inside,
            "enters": self.enters,
            **shown,
        }
        about = {
            "url": self.url,
            "practice": self.desk.outer is not None,
            "session": self.session,
            "form_token": self.form_token,
        }
        self.finish(self.desk.templates.page(template, self.language, self.home, {**about, **context}))

    def then(self, *parts: str, notice: str = "", **facts: object) -> None:
        """Finish with the page at ``parts``, which shows the ``notice`` once."""
        if notice:
            self.signed_in.notice = (notice, facts)
        self.redirect(self.url(*parts), status=303)

    # --- how it fails -----------------------------------------------------------------------------

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        """Only the kind of an error is logged, and where it was: its text may hold an answer."""
        if isinstance(value, HTTPError):
            return
        place = ""
        while tb is not None:
            module = tb.tb_frame.f_globals.get("__name__", "")
            place = f"{module}:{tb.tb_lineno}" if module.startswith("evaluation") else place
            tb = tb.tb_next
        _log.error("%s at %s", typ.__name__, place)

    def write_error(self, status_code: int, **about: Any) -> None:
        error = about.get("exc_info", (None, None, None))[1]
        if isinstance(error, EvaluationError | NotForRole):
            said = error.message
        else:
            said = Message("desk.missing_page" if status_code == 404 else "desk.refused_form")
            said = Message("desk.unforeseen") if status_code >= 500 else said
        if self.request.headers.get("Accept") == "application/json":
            self.finish({"saved": False, "said": say(said, self.language)})
        else:
            self.show("failed.html", said=said)


class Missing(Page):
    """Whatever else is asked for below the desk."""

    def get(self, *_: str) -> None:
        raise HTTPError(404)

    post = get
