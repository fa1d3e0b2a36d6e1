"""Signing in and out, the language, and the static files."""

from __future__ import annotations

from tornado.web import HTTPError

from evaluation.collect.access.keys import Opened
from evaluation.desk.handler import Page
from evaluation.desk.staff.accounts import Handed
from evaluation.errors import EvaluationError, WrongPassphrase
from evaluation.texts import Message

_HELD = "held:"  # in front of the fields of a form that was sent before anybody had signed in


class SignIn(Page):
    """A name and a passphrase; the first to sign in opens the record."""

    def get(self) -> None:
        if self.session is not None:
            self.then()
            return
        self.show("sign_in.html", going="", held={})

    async def post(self) -> None:
        typed = self.typed()
        name, going = typed.get("name", "").strip(), typed.get("going", "")
        held = {key.removeprefix(_HELD): value for key, value in typed.items() if key.startswith(_HELD)}
        said = await self._tried(name, typed.get("passphrase", ""))
        if isinstance(said, Message):
            self.set_status(429 if said.key == "desk.sign_in.wait" else 403)
            self.show("sign_in.html", going=going, held=held, said=said, name=name)
            return
        token = self.desk.sessions.begin(said.name, said.role, self.language, slot=self.desk.office.slot(said.name))
        self.set_cookie(self.desk.cookie, token, **self.desk.cookie_settings(self.request))
        self.session = self.desk.sessions.find(token)
        if held:
            self.show("held.html", going=going, held=held)
        else:
            self.redirect(self.desk.base + going.lstrip("/\\"), status=303)

    async def _tried(self, name: str, passphrase: str) -> Message | Opened:
        """Why the door stays shut, or the person for whom it opens."""
        wait = self.desk.tries.wait(name)
        if wait:
            return Message("desk.sign_in.wait", n=wait)
        if not name or not passphrase:
            return Message("desk.sign_in.both")
        try:
            opened = await self.desk.office.unlock(name, passphrase)
        except WrongPassphrase:
            self.desk.tries.wrong(name)
            known = name if self.desk.office.slot(name) else ""  # else it may be a passphrase in the wrong field
            await self.desk.office.note("refused", actor=known)
            return Message("desk.sign_in.wrong")
        except EvaluationError as error:
            return error.message
        self.desk.tries.right(name)
        await self.desk.office.note("signed_in", actor=opened.name)
        return opened


class SignOut(Page):
    async def post(self) -> None:
        self.desk.sessions.end(self.get_cookie(self.desk.cookie) or "")
        self.session = None
        self.clear_cookie(self.desk.cookie, path=self.desk.base)
        if not self.desk.sessions.sweep():
            await self.desk.office.lock()
        self.redirect(self.url("sign-in"), status=303)


class Language(Page):
    def post(self) -> None:
        self.speak(self.get_body_argument("language", ""))
        self.redirect(self.desk.base + self.get_body_argument("back", "").lstrip("/\\"), status=303)


class StaticFile(Page):
    """Style and script: nothing in them is of a person, so a browser may keep them."""

    def reached_by_herself(self, handed: Handed) -> bool:
        return True

    def get(self, name: str) -> None:
        found = self.desk.templates.static.get(name)
        if found is None:
            raise HTTPError(404)
        self.set_header("Content-Type", found.type)
        self.set_header("Cache-Control", "public, max-age=31536000, immutable")
        self.finish(found.content)
