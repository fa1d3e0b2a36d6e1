"""A file that somebody gave to a page: held in memory with what would become of it, until it is stored or forgotten."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from evaluation.collect.access.keys import DataKey
from evaluation.schema import Labels

LIMIT_MB = 10
LIMIT = LIMIT_MB * 2**20
"""The most bytes of a file that a page takes."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of a file, before or after it was stored.

    ``form``: what it is, empty where it cannot come in; ``by_hand``: only somebody at a terminal can say what it is;
    ``differing``: so many of its rows are stored with other values, which a correction would change.
    """

    said: tuple[Labels, ...] = field(repr=False)
    form: str = ""
    by_hand: bool = False
    differing: int = 0


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as a person sends it on a day: to be looked at, to be ``stored``, and ``corrected`` where rows differ."""

    name: str = field(repr=False)
    content: bytes = field(repr=False)
    actor: str
    today: str
    store: bool = False
    correct: bool = False


TakeIn = Callable[[DataKey, Sent], Told]
"""Takes a file in, or only looks at it. Raises EvaluationError where that failed; then nothing is lost."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """What one session holds; its ``id`` stands in the form that shows it. Without ``sent`` it is stored."""

    told: Told
    sent: Sent | None
    name: str = field(repr=False)
    id: str = field(default_factory=lambda: secrets.token_urlsafe(12))
