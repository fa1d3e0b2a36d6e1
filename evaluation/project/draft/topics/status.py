"""Right of residence and legal situation at the start and at the end, and whether they changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import pandas as pd

from evaluation import descriptors
from evaluation.measure.results import Results
from evaluation.measure.track.status import KINDS, UNKNOWN
from evaluation.project.draft.counting import Classification, Tabulation, labels_of
from evaluation.project.draft.ladders import graded, rungs
from evaluation.project.draft.topics.groups import refined
from evaluation.release.facts import NOT_TOLD, SITUATIONS
from evaluation.release.released import Variable
from evaluation.schema import Breakdown
from evaluation.texts import Message, in_all

_CHANGES = labels_of("changed", "changed", "same", NOT_TOLD)


def status(
    results: Results, people: Sequence[str], breakdowns: Mapping[str, Classification]
) -> tuple[list[Tabulation], list[Tabulation]]:
    """Six tables, each at every rung: residence and legal situation at the start, at the end, and whether it changed.

    They are told of those who agreed to be reported on and are citizens of no country of the EU: of all others, and
    where nothing is recorded, nothing is asked. Who has no situation at the end has none that changed. Besides, what
    no document shows: each situation by breakdowns with groups of citizens, since everybody knows of these.
    """
    frame = results.of_consenting(results.frames["participants"]).set_index("participant")
    declared = [one for one in results.declaration.file.breakdowns if one.citizens]
    citizens = {p for one in declared for p, group in breakdowns[one.id][1].items() if group in one.citizens}
    told, joint = list[Tabulation](), list[Tabulation]()
    for kind in KINDS:
        start, end = (_situation(frame, people, kind, moment, citizens) for moment in ("start", "end"))
        for topic, shown, fine in (("status", kind, start), ("status", kind, end), _change(kind, start[1], end[1])):
            made = graded(topic, fine, results.declaration.file.rules)
            # Somebody's status is sensitive: that nobody, or everybody, has it would tell it of each of them.
            told += rungs(topic, made, people, shown_as=shown, zeros_sensitive=True)
            if topic == "status":
                joint += [_by_group(people, one, breakdowns[one.id], made) for one in declared]
    return told, joint


def _by_group(people: Sequence[str], breakdown: Breakdown, group: Classification, at: Classification) -> Tabulation:
    """A situation by group: of citizens none is asked."""
    asked = {of: (NOT_TOLD,) if of in breakdown.citizens else tuple(at[0].codes) for of in group[0].codes}
    pairs = {f"{of}&{code}": (of, code) for of, codes in asked.items() for code in codes}
    sides = [{name: pair[side] for name, pair in pairs.items()} for side in (0, 1)]
    return refined(list(zip((group, at), sides, strict=True)), people, topic="status", zeros_sensitive=True)


def _situation(
    frame: pd.DataFrame, people: Sequence[str], kind: str, moment: str, citizens: Collection[str]
) -> Classification:
    situation = descriptors.recode("residence_status", "situation")
    citizen = frame["residence_start"].map(situation).eq("citizen") | frame.index.isin(citizens)
    code_of = {
        str(person): SITUATIONS[0] if code == "citizen" else code  # whoever became one since
        for person, recorded in frame.loc[~citizen, f"{kind}_{moment}"].dropna().items()
        if (code := situation[recorded] if kind == "residence" else str(recorded)) not in UNKNOWN
    }
    labels = in_all(Message(f"project.draft.status.{kind}_{moment}"))
    variable = Variable(f"{kind}.{moment}", labels, labels_of(kind, *SITUATIONS, NOT_TOLD))
    return variable, dict.fromkeys(people, NOT_TOLD) | code_of


def _change(kind: str, start: Mapping[str, str], end: Mapping[str, str]) -> tuple[str, str, Classification]:
    """Whoever has both situations moved from one to another, or did not."""
    labels = in_all(Message(f"project.draft.status.{kind}_change"))
    code_of = {
        person: NOT_TOLD if NOT_TOLD in (code, end[person]) else "same" if code == end[person] else "changed"
        for person, code in start.items()
    }
    return "status_change", "status_change", (Variable(f"{kind}.change", labels, _CHANGES), code_of)
