"""One row per person: groups, dose and scores side by side, for an analysis of one's own."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from evaluation.codec import nearest
from evaluation.errors import BadArgument, BadDeclaration
from evaluation.measure.groups import group_of
from evaluation.measure.scoring import by_wave
from evaluation.schema import Breakdown, Declaration


def frame(
    declaration: Declaration,
    people: pd.DataFrame,
    dose: pd.DataFrame,
    scores: pd.DataFrame,
    *,
    outcomes: Sequence[str] | None = None,
    waves: Sequence[str] | None = None,
) -> pd.DataFrame:
    """One row per participant, by ``participant``, for an analysis of one's own.

    Index ``participant``. ``left`` (bool); each declared breakdown by its id (the code of the group,
    categorical in the declared order, NaN in none); ``COURSE_sessions`` attended, ``COURSE_hours``
    and ``COURSE_completer`` of each course, ``sessions`` and ``hours`` of all courses (hours NaN
    where a session has no length); ``OUTCOME_WAVE``, the score in points of the scale (NaN without
    one), and ``OUTCOME_change`` from the plan's baseline to its endline. ``outcomes`` and ``waves``
    choose by id, all of them by default. Raises BadArgument for an id that is not declared, and
    BadDeclaration where two columns would have one name.
    """
    plan, file = declaration.plan, declaration.file
    chosen = _chosen(outcomes, [outcome.id for outcome in plan.outcomes], "measure.unknown_outcome")
    moments = _chosen(waves, [wave.id for wave in file.waves], "measure.unknown_wave")
    people = people.set_index("participant")
    columns = [people["left_on"].notna().rename("left")]
    columns += [_grouped(people, breakdown) for breakdown in file.breakdowns]
    columns += _doses(dose, people.index, [course.id for course in file.courses])
    for outcome in plan.outcomes:
        if outcome.id in chosen:
            points = by_wave(scores, outcome.scale, [wave.id for wave in file.waves]).reindex(people.index)
            columns += [points[wave].rename(f"{outcome.id}_{wave}") for wave in moments]
            columns.append((points[plan.endline] - points[plan.baseline]).rename(f"{outcome.id}_change"))
    names = [str(column.name) for column in columns]
    for name in names:
        if names.count(name) > 1:
            raise BadDeclaration("measure.column_twice", name=name)
    return pd.concat(columns, axis=1)


def _grouped(people: pd.DataFrame, breakdown: Breakdown) -> pd.Series:
    codes = pd.Categorical(group_of(people, breakdown), [*breakdown.groups], ordered=True)
    return pd.Series(codes, people.index, name=breakdown.id)


_DOSES = ("present", "hours", "completer")


def _doses(dose: pd.DataFrame, people: pd.Index, courses: Sequence[str]) -> list[pd.Series]:
    """Sessions, hours and completer of each course, then sessions and hours of all of them; nothing without courses."""
    if not courses:
        return []
    by_course = dose.pivot(index="participant", columns="course", values=[*_DOSES])
    wide = by_course.reindex(index=people, columns=pd.MultiIndex.from_product([_DOSES, courses]))
    each = [
        wide[column, course].astype(kind).rename(f"{course}_{name}")
        for course in courses
        for column, name, kind in (
            ("present", "sessions", int),
            ("hours", "hours", float),
            ("completer", "completer", bool),
        )
    ]
    totals = [
        pd.DataFrame(wide[column]).astype(kind).sum(axis="columns", skipna=False).rename(name)
        for column, name, kind in (("present", "sessions", int), ("hours", "hours", float))
    ]
    return [*each, *totals]


def _chosen(wanted: Sequence[str] | None, known: Sequence[str], unknown: str) -> Sequence[str]:
    for name in wanted or ():
        if name not in known:
            raise BadArgument(unknown, name=name, hint=nearest(name, known))
    return known if wanted is None else wanted
