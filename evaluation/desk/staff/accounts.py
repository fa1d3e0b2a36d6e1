"""Who is signed in: sessions that end by themselves, and how often a passphrase may be tried."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
from collections import defaultdict
from collections.abc import Callable
from dataclasses import InitVar, dataclass, field
from typing import Literal

from evaluation.collect.access.keys import Role
from evaluation.desk.dropped import Dropped

Clock = Callable[[], dt.datetime]

IDLE = dt.timedelta(minutes=20)
"""A session ends when nothing was done for so long; a draft that is saved counts as doing something."""

IDLE_HANDED = dt.timedelta(hours=2)
"""The same while a client fills in a questionnaire: she may take her time, and only that can be reached."""

LONGEST = dt.timedelta(hours=12)
FREE_TRIES = 5
"""Wrong passphrases for one name before there is a wait, which then doubles with each."""

_FIRST_WAIT, _LONGEST_WAIT = dt.timedelta(seconds=15), dt.timedelta(minutes=30)
_REMEMBERED = dt.timedelta(hours=1)
_EVERYBODY = ""  # tries for all names together: many names are guessed as slowly as one
_FREE_FOR_ALL = 4 * FREE_TRIES


CODE_TRIES = 5
"""So often the code that ends a hand-over may be typed wrongly; then only the passphrase ends it."""

SHORTEST_CODE = 4


@dataclass(slots=True)
class Handed:
    """The device is in a client's hands: the page at ``address`` is all that its session reaches until staff end it.

    ``at``: the question that is shown; ``stage``: whether she is asked, has come to the end, or has finished.
    """

    address: str
    language: str
    code: InitVar[str]
    at: str = ""
    stage: Literal["asking", "ending", "finished"] = "asking"
    tries_left: int = CODE_TRIES
    _salt: bytes = field(default_factory=lambda: secrets.token_bytes(16), repr=False)
    _digest: bytes = field(init=False, repr=False)

    def __post_init__(self, code: str) -> None:
        self._digest = self._of(code)

    def ends(self, code: str) -> bool:
        """Whether the code ends the hand-over; each wrong one is one try less."""
        right = self.tries_left > 0 and hmac.compare_digest(self._of(code), self._digest)
        self.tries_left -= not right and self.tries_left > 0
        return right

    def _of(self, code: str) -> bytes:
        return hashlib.sha256(self._salt + code.strip().encode("utf-8")).digest()


@dataclass(slots=True)
class Session:
    """One person at one browser. ``form_token`` proves that a form was shown to her and not made elsewhere.

    ``slot`` stands for her key slot as it was when she signed in.
    ``spoken``: the language in which each questionnaire was last shown; ``undo``: what stood in each register before.
    ``handed``: the questionnaire for which the device is in a client's hands; ``opened``: those whose answers, which
    a client gave by herself, were opened on purpose. ``dropped``: the file that was looked at and is not stored yet.
    """

    name: str
    role: Role
    language: str
    began: dt.datetime
    seen: dt.datetime
    slot: str = field(default="", repr=False)
    form_token: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    notice: tuple[str, dict[str, object]] | None = None
    spoken: dict[str, str] = field(default_factory=dict)
    undo: dict[str, dict[str, str]] = field(default_factory=dict, repr=False)
    handed: Handed | None = None
    opened: set[tuple[str, ...]] = field(default_factory=set, repr=False)
    dropped: Dropped | None = field(default=None, repr=False)

    def over(self, now: dt.datetime) -> bool:
        idle = IDLE_HANDED if self.handed else IDLE
        return now - self.seen > idle or now - self.began > LONGEST


class Sessions:
    """The sessions by their token, which only the browser's cookie holds."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._by_digest: dict[bytes, Session] = {}

    def begin(self, name: str, role: Role, language: str, *, slot: str = "") -> str:
        """The token of a new session."""
        token, now = secrets.token_urlsafe(32), self._clock()
        self._by_digest[_digest(token)] = Session(name, role, language, now, now, slot)
        return token

    def find(self, token: str) -> Session | None:
        """The session of a token, seen just now; None where there is none or it is over."""
        now, session = self._clock(), self._by_digest.get(_digest(token))
        if session is None or session.over(now):
            self.end(token)
            return None
        session.seen = now
        return session

    def end(self, token: str) -> None:
        self._by_digest.pop(_digest(token), None)

    def sweep(self) -> bool:
        """Forget the sessions that are over; whether anybody is left."""
        now = self._clock()
        self._by_digest = {digest: session for digest, session in self._by_digest.items() if not session.over(now)}
        return bool(self._by_digest)


class Tries:
    """Wrong passphrases by name, and how long to wait before the next."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._wrong: dict[str, list[dt.datetime]] = defaultdict(list)

    def wait(self, name: str) -> int:
        """Seconds until a passphrase for ``name`` may be tried again; 0 if now."""
        limits = ((_key(name), FREE_TRIES), (_EVERYBODY, _FREE_FOR_ALL))
        return max(self._wait(key, free) for key, free in limits)

    def wrong(self, name: str) -> None:
        for key in (_key(name), _EVERYBODY):
            self._wrong[key].append(self._clock())

    def right(self, name: str) -> None:
        self._wrong.pop(_key(name), None)

    def _wait(self, key: str, free: int) -> int:
        now = self._clock()
        wrong = [at for at in self._wrong.get(key, ()) if now - at < _REMEMBERED]
        self._wrong[key] = wrong
        if len(wrong) < free:
            return 0
        pause = min(_FIRST_WAIT * 2 ** min(len(wrong) - free, 10), _LONGEST_WAIT)
        return max(0, -int((now - wrong[-1] - pause).total_seconds() // 1))


def _key(name: str) -> str:
    return hashlib.sha256(name.casefold().encode("utf-8")).hexdigest()


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8")).digest()
