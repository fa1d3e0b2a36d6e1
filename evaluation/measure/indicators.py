"""Declared indicators become measures: who was counted, what was reached, against which target."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from evaluation import descriptors
from evaluation.codec import nearest
from evaluation.errors import BadDeclaration
from evaluation.schema import FEWEST_ORGANISATIONS, Indicator
from evaluation.texts import Message

if TYPE_CHECKING:
    import pandas as pd

    from evaluation.measure.results import Results


@dataclass(frozen=True, slots=True)
class Measured:
    """The value of one indicator inside the house. ``value`` None: see ``reason``.

    ``persons`` is the set of participants counted (empty for measures that count no participants),
    ``asked`` those who could have been.
    """

    indicator: Indicator
    value: float | None
    persons: frozenset[str] = field(default=frozenset(), repr=False)
    asked: frozenset[str] = field(default=frozenset(), repr=False)
    reason: Message | None = None

    @property
    def achieved_share(self) -> float | None:
        return achieved_share(self.value, self.indicator.target)

    @property
    def progress(self) -> float | None:
        return progress(self.value, self.indicator.baseline, self.indicator.target)


def achieved_share(actual: float | None, target: float | None) -> float | None:
    """achieved / target as a share (1 = reached); None without a target or with a target of 0."""
    if actual is None or not target:
        return None
    return actual / target


def progress(actual: float | None, baseline: float | None, target: float | None) -> float | None:
    """(actual - baseline) / (target - baseline); None where one is missing or target equals baseline."""
    if actual is None or baseline is None or target is None or target == baseline:
        return None
    return (actual - baseline) / (target - baseline)


def measure(indicator: Indicator, results: Results) -> Measured:
    """The indicator's value from the results.

    Raises BadDeclaration when its ``measure`` names something unknown.
    """
    name, _, argument = indicator.measure.partition(":")
    if name not in MEASURES:
        raise BadDeclaration(
            "measure.unknown_measure", code=indicator.code, name=name, hint=nearest(name, list(MEASURES))
        )
    return MEASURES[name](indicator, results, argument)


def _people(frame: pd.DataFrame) -> frozenset[str]:
    return frozenset(frame["participant"].astype(str))


def _persons(indicator: Indicator, persons: frozenset[str], asked: frozenset[str]) -> Measured:
    if indicator.unit == "share":
        reason = None if asked else Message("measure.nobody_counted")
        return Measured(indicator, len(persons) / len(asked) if asked else None, persons, asked, reason)
    return Measured(indicator, float(len(persons)), persons, asked)


def _enrolled(indicator: Indicator, results: Results, argument: str) -> Measured:
    everyone = _people(results.frames["participants"])
    return _persons(indicator, everyone, everyone)


def _countries(indicator: Indicator, results: Results, argument: str) -> Measured:
    return Measured(indicator, float(results.frames["participants"]["country"].dropna().nunique()))


def _courses(results: Results, argument: str) -> pd.DataFrame:
    if not argument:
        return results.dose
    return results.dose[results.dose["course"] == results.declaration.course(argument).id]


def _taken(indicator: Indicator, results: Results, argument: str) -> Measured:
    dose = _courses(results, argument)
    return _persons(indicator, _people(dose[dose["present"] > 0]), _people(results.frames["participants"]))


def _completed(indicator: Indicator, results: Results, argument: str) -> Measured:
    dose = _courses(results, argument)
    return _persons(indicator, _people(dose[dose["completer"]]), _people(results.frames["participants"]))


def _sessions(indicator: Indicator, results: Results, argument: str) -> Measured:
    sessions = results.frames["sessions"]
    if argument:
        sessions = sessions[sessions["course"] == results.declaration.course(argument).id]
    return Measured(indicator, float(len(sessions)))


def _improved(indicator: Indicator, results: Results, argument: str) -> Measured:
    outcome = results.declaration.plan.outcome(argument)
    change = results.changes[outcome.id]
    if change.untrusted:
        return Measured(indicator, None, reason=change.untrusted[0].message)
    return _persons(indicator, frozenset(change.improved_by_step), frozenset(change.paired))


def _change(indicator: Indicator, results: Results, argument: str) -> Measured:
    change = results.changes[results.declaration.plan.outcome(argument).id]
    if change.headline_estimate is None:
        return Measured(indicator, None, reason=change.refusals[0].message)
    if change.untrusted:
        return Measured(indicator, None, reason=change.untrusted[0].message)
    return Measured(indicator, change.headline_estimate, asked=frozenset(change.paired))


def _supported(indicator: Indicator, results: Results, argument: str) -> Measured:
    support = results.frames["support"]
    if argument:
        support = support[support["kind"] == argument]
    return _persons(indicator, _people(support), _people(results.frames["participants"]))


def _goals(indicator: Indicator, results: Results, argument: str) -> Measured:
    from evaluation.measure.track.goals import of_kind  # frames: whoever only names measures loads none

    # Whether a goal was reached is an outcome: it is told of those who agreed to be reported on.
    attained = of_kind(results.of_consenting(results.frames["goals"]), argument)
    return _persons(indicator, attained.reached_people, attained.rated_people)


def _referred(indicator: Indicator, results: Results, argument: str) -> Measured:
    from evaluation.measure.track.referrals import ACCEPTED, people_referred

    outcome = ACCEPTED if indicator.measure.startswith("referral_accepted") else ""
    persons = people_referred(results.frames["referrals"], institution=argument, outcome=outcome)
    return _persons(indicator, persons, _people(results.frames["participants"]))


def _regulated(indicator: Indicator, results: Results, argument: str) -> Measured:
    from evaluation.measure.track.status import regulated

    became = regulated(results.of_consenting(results.frames["participants"]))
    return _persons(indicator, became.reached, became.asked)


def _tally(indicator: Indicator, results: Results, argument: str) -> Measured:
    from evaluation.measure.track.tallies import tallies

    found = tallies(results.frames["tallies"], {argument: descriptors.recode("tally_kinds", "months")[argument]})
    return Measured(indicator, float(found[0].total)) if found else Measured(indicator, None, reason=_NOT_ASKED)


def _group_sessions(indicator: Indicator, results: Results, argument: str) -> Measured:
    from evaluation.measure.attendance import held

    course = results.declaration.course(argument).id if argument else ""
    of_groups = [one for one in held(results.frames["sessions"]) if one.kind == "group" and course in ("", one.course)]
    if indicator.measure.startswith("group_sessions"):
        return Measured(indicator, float(sum(one.sessions for one in of_groups)))
    hours = [one.hours for one in of_groups if one.hours is not None]
    if len(hours) < len(of_groups):
        return Measured(indicator, None, reason=Message("measure.no_length"))
    return Measured(indicator, float(sum(hours)))


def _activities(indicator: Indicator, results: Results, argument: str) -> Measured:
    recorded = results.frames["bilateral_activities"]
    if argument:
        recorded = recorded[(recorded["dimension"] == argument) | (recorded["kind"] == argument)]
    return Measured(indicator, float(len(recorded)))


def _exchanged(indicator: Indicator, results: Results, argument: str) -> Measured:
    column = f"persons_{argument}"
    recorded = results.frames["bilateral_activities"]
    if column not in recorded.columns:
        raise BadDeclaration("measure.exchanged_whom", code=indicator.code)
    exchanges = recorded[recorded["kind"] == "study_visit"]
    return Measured(indicator, float(exchanges[column].fillna(0).sum()))


def _survey(indicator: Indicator, results: Results, argument: str) -> Measured:
    question = indicator.measure.partition(":")[0]
    survey = results.frames["partner_survey"]
    last = survey[survey["wave"] == (argument or results.declaration.plan.endline)].dropna(subset=[question])
    if indicator.unit == "share":
        if last.empty:
            return Measured(indicator, None, reason=_NOT_ASKED)
        return Measured(indicator, float((last[question] == True).mean()))  # noqa: E712 - NaN is not True
    if len(last) < FEWEST_ORGANISATIONS:
        return Measured(indicator, None, reason=_FEW_ORGANISATIONS if len(last) else _NOT_ASKED)
    return Measured(indicator, float(last[question].astype(float).mean()))


def _aggregate(indicator: Indicator, results: Results, argument: str) -> Measured:
    counts = results.frames["aggregate_counts"]
    meant = meant_categories(indicator, counts["category"].dropna().unique())
    if not meant:
        return Measured(indicator, None, reason=_NOT_ASKED)
    return Measured(indicator, float(counts.loc[counts["category"].isin(meant), "count"].sum()))


def meant_categories(indicator: Indicator, recorded: Iterable[str]) -> list[str]:
    """The ``recorded`` categories that an indicator of aggregate counts means.

    That is the one it names behind the colon; where nothing is called so, the one that is called as the indicator
    itself is in any language, as a course is known by its label.
    """
    named = indicator.measure.partition(":")[2]
    return called([named], recorded) or called([*indicator.labels.values()], recorded)


def called(names: Sequence[str], recorded: Iterable[str]) -> list[str]:
    """Those of the ``recorded`` words that are one of the ``names``, letter case and spaces aside."""
    wanted = {" ".join(name.split()).casefold() for name in names}
    return [word for word in recorded if " ".join(str(word).split()).casefold() in wanted]


_NOT_ASKED = Message("measure.nothing_recorded")
_FEW_ORGANISATIONS = Message("measure.few_organisations")

MEASURES: Mapping[str, Callable[[Indicator, Results, str], Measured]] = {
    "enrolled": _enrolled,
    "countries": _countries,
    "taken": _taken,
    "completed": _completed,
    "sessions": _sessions,
    "improved": _improved,
    "change": _change,
    "supported": _supported,
    "goals": _goals,
    "referred": _referred,
    "referral_accepted": _referred,
    "regulated": _regulated,
    "tally": _tally,
    "group_sessions": _group_sessions,
    "group_hours": _group_sessions,
    "activities": _activities,
    "exchanged": _exchanged,
    "trust": _survey,
    "satisfaction": _survey,
    "applies_knowledge": _survey,
    "aggregate": _aggregate,
}
"""Every word that may stand in an indicator's ``measure``, before the colon."""
