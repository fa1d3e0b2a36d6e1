"""Person-hours leave once, as one total of the project, or not at all."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from evaluation.release.files.chain import Entry
from evaluation.release.released import Draft, Released
from evaluation.release.system.means import withheld

WHOEVER = 10
"""People who have to stand behind a total of hours."""

MOST_OF_TWO = 0.5
"""The share of the total that the two who attended longest may make together, so that neither knows the other's."""

WITHHELD = "too_few"
"""Why hours are not told, in the sentence that all numbers share which are not told because of the data."""


def without(draft: Draft, reason: str = WITHHELD) -> Draft:
    """The draft that tells no person-hours."""
    if draft.hours is None:
        return draft
    lines = (
        dataclasses.replace(line, achieved=None, withheld=withheld(reason)) if line.code in draft.hours.lines else line
        for line in draft.indicators
    )
    return dataclasses.replace(draft, indicators=tuple(lines), hours=None)


def as_told(draft: Draft, released: Released) -> Draft:
    """The draft with person-hours only where the release tells them, else with its reason."""
    told = {line.code: line for line in released.indicators}
    own = [told[code] for code in (draft.hours.lines if draft.hours else ()) if code in told]
    if draft.hours is None or all(line.achieved is not None for line in own):
        return draft
    lines = (
        dataclasses.replace(line, withheld=told[line.code].withheld) if told.get(line.code) in own else line
        for line in without(draft).indicators
    )
    return dataclasses.replace(without(draft), indicators=tuple(lines))


def once(draft: Draft, earlier: Sequence[Entry]) -> Draft:
    """The draft without person-hours where an earlier release told them."""
    return without(draft, "told_once") if any(entry.hours for entry in earlier) else draft
