"""What a sheet is checked against besides its form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Mapping, Set
from dataclasses import dataclass, field
from typing import Literal

from evaluation.schema import Wave

Values = Mapping[str, str | None]
"""Column to canonical text: ISO dates, decimal points, codes as declared; None is an empty cell."""

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a file is checked against besides its form.

    ``existing``: per table or questionnaire, each key with its stored values (None: only the key is
    known). ``known``: permitted values of other references, as ``sessions.session``. ``date_order``
    answers what a file with 01/02/2025 cannot say. ``names``: column of the file → column of the
    form; ``drop``: columns of the file that are not wanted. ``correcting``: every row is the correction of
    a stored one; ``consent_given``: the rows in which a person vouches for a consent given anew;
    ``text_reviewed``: those whose free text a person has read and found to identify nobody;
    ``withdrawn``: participants whose withdrawal is in the record, ``erased``: those whose code is never used
    again. ``stopped``: the questionnaire was broken off, so that what is empty was not asked.
    """

    participants: Set[str]
    waves: tuple[Wave, ...]
    today: dt.date
    period_start: dt.date
    period_end: dt.date | None = None
    participant_pattern: str = r"P-\d{3}"
    existing: Mapping[str, Mapping[Key, Values | None]] = field(default_factory=dict)
    known: Mapping[str, Set[str]] = field(default_factory=dict)
    date_order: Literal["", "day first", "month first"] = ""
    names: Mapping[str, str] = field(default_factory=dict)
    drop: Set[str] = frozenset()
    correcting: bool = False
    consent_given: Set[int] = frozenset()
    text_reviewed: Set[int] = frozenset()
    withdrawn: Container[str] = frozenset()
    erased: Container[str] = frozenset()
    stopped: bool = False
