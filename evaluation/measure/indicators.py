"""Declared indicators become measures: who was counted, what was reached, against which target."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from evaluation import descriptors
from evaluation.codec import nearest
from evaluation.errors import BadDeclaration
from evaluation.schema import FEWEST_ORGANISATIONS, Declaration, Indicator
from evaluation.texts import Message

if TYPE_CHECKING:
    import pandas as pd

    from evaluation.measure.outcomes.change import Change


class Measurable(Protocol):
    """What indicators are measured from: of results.Results, what stands in ``frames`` and what was made of it."""

    @property
    def declaration(self) -> Declaration: ...
    @property
    def frames(self) -> Mapping[str, pd.DataFrame]: ...
    @property
    def dose(self) -> pd.DataFrame: ...
    @property
    def changes(self) -> Mapping[str, Change]: ...
    def of_consenting(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Those of ``rows`` that are of people who consent to reporting."""


@dataclass(frozen=True, slots=True)
class Measured:
    """The value of one indicator inside the house. ``value`` None: see ``reason``.

    ``persons`` is the set of participants counted (empty for measures that count no participants),
    ``asked`` those who could have been. ``rows``: the very rows of the record's tables that it was read from
    (none for outcomes, whose scores stand in ``Results.scores``).
    """

    indicator: Indicator
    value: float | None
    persons: frozenset[str] = field(default=frozenset(), repr=False)
    asked: frozenset[str] = field(default=frozenset(), repr=False)
    reason: Message | None = None
    rows: pd.DataFrame | None = field(default=None, repr=False, compare=False)

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


def measure(indicator: Indicator, results: Measurable) -> Measured:
    """The indicator's value from the results.

    Raises BadDeclaration when its ``measure`` names something unknown.
    """
    name, _, argument = indicator.measure.partition(":")
    if name not in MEASURES:
        raise BadDeclaration(
            "measure.unknown_measure", code=indicator.code, name=name, hint=nearest(name, list(MEASURES))
        )
    return MEASURES[name](indicator, results, argument)


def _persons(
    indicator: Indicator, persons: frozenset[str], asked: frozenset[str], rows: pd.DataFrame | None = None
) -> Measured:
    if indicator.unit == "share":
        reason = None if asked else Message("measure.nobody_counted")
        return Measured(indicator, len(persons) / len(asked) if asked else None, persons, asked, reason, rows)
    return Measured(indicator, float(len(persons)), persons, asked, rows=rows)


def _people(frame: pd.DataFrame) -> frozenset[str]:
    return frozenset(frame["participant"].astype(str))


def _only(participants: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """No more of the people than the measure looks at."""
    return participants[["participant", *columns]]


def _enrolled(indicator: Indicator, results: Measurable, argument: str) -> Measured:
    participants = results.frames["participants"]
    return _persons(indicator, _people(participants), _people(participants), _only(participants, "enrolled_on"))


def _countries(indicator: Indicator, results: Measurable, argument: str) -> Measured:
    participants = results.frames["participants"]
    return Measured(indicator, float(participants["country"].dropna().nunique()), rows=_only(participants, "country"))


def _courses(results: Measurable, argument: str) -> pd.DataFrame:
    if not argument:
        return results.dose
    return results.dose[results.dose["course"] == results.declaration.course(argument).id]


def _taken(indicator: Indicator, results: Measurable, argument: str) -> Measured:
    dose = _courses(results, argument)
    return _persons(indicator, _people(dose[dose["present"] > 0]), _people(results.frames["participants"]), dose)


def _completed(indicator: Indicator, results: Measurable, argument: str) -> Measured:
    dose = _courses(results, argument)
    return _persons(indicator, _people(dose[dose["completer"]]), _people(results.frames["participants"]), dose)


def _sessions(indicator: Indicator, results: Measurable, argument: str) -> Measured:
    sessions = results.frames["sessions"]
    if argument:
        sessions = sessions[sessions["course"] == results.declaration.course(argument).id]
    return Measured(indicator, float(len(sessions)), rows=sessions)


def _improved(indicator: Indicator, results: Measurable, argument: str) -> Measured:
    outcome = results.declaration.plan.outcome(argument)
    change = results.changes[outcome.id]
    if change.untrusted:
        return Measured(indicator, None, reason=change.untrusted[0].message)
    return _persons(indicator, frozenset(change.improved_by_step), frozenset(change.paired))


def _change(indicator: Indicator, results: Measurable, argument: str) -> Measured:
    change = results.changes[results.declaration.plan.outcome(argument).id]
    if change.headline_estimate is None:
        return Measured(indicator, None, reason=change.refusals[0].message)
    if change.untrusted:
        return Measured(indicator, None, reason=change.untrusted[0].message)
    return Measured(indicator, change.headline_estimate, asked=frozenset(change.paired))


def _supported(indicator: Indicator, results: Measurable, argument: str) -> Measured:
    support = results.frames["support"]
    if argument:
        support = support[support["kind"] == argument]
    return _persons(indicator, _people(support), _people(results.frames["participants"]), support)


def _goals(indicator: Indicator, results: Measurable, argument: str) -> Measured:
    from evaluation.measure.track.goals import of_kind  # frames: whoever only names measures loads none

    # Whether a goal was reached is an outcome: it is told of those who agreed to be reported on.
    goals = results.of_consenting(results.frames["goals"])
    attained = of_kind(goals, argument)
    rows = goals[goals["kind"] == argument] if argument else goals
    return _persons(indicator, attained.reached_people, attained.rated_people, rows)


def _referred(indicator: Indicator, results: Measurable, argument: str) -> Measured:
    from evaluation.measure.track.referrals import ACCEPTED, FROM_US, people_referred

    outcome = ACCEPTED if indicator.measure.startswith("referral_accepted") else ""
    referrals = results.frames["referrals"]
    persons = people_referred(referrals, institution=argument, outcome=outcome)
    rows = referrals[referrals["direction"].eq(FROM_US) & (referrals["institution"].eq(argument) | (not argument))]
    return _persons(indicator, persons, _people(results.frames["participants"]), rows)


def _regulated(indicator: Indicator, results: Measurable, argument: str) -> Measured:
    from evaluation.measure.track.status import regulated

    participants = results.of_consenting(results.frames["participants"])
    became = regulated(participants)
    return _persons(indicator, became.reached, became.asked, _only(participants, "legal_start", "legal_end"))


def _tally(indicator: Indicator, results: Measurable, argument: str) -> Measured:
    from evaluation.measure.track.tallies import tallies

    recorded = results.frames["tallies"]
    rows = recorded[recorded["kind"] == argument]
    found = tallies(rows, {argument: descriptors.recode("tally_kinds", "months")[argument]})
    if not found:
        return Measured(indicator, None, reason=_NOT_ASKED)
    return Measured(indicator, float(found[0].total), rows=rows)


def _group_sessions(indicator: Indicator, results: Measurable, argument: str) -> Measured:
    from evaluation.measure.attendance import held

    sessions = results.frames["sessions"]
    rows = sessions[sessions["kind"].eq("group")]
    if argument:
        rows = rows[rows["course"] == results.declaration.course(argument).id]
    of_groups = held(rows)
    if indicator.measure.startswith("group_sessions"):
        return Measured(indicator, float(sum(one.sessions for one in of_groups)), rows=rows)
    hours = [one.hours for one in of_groups if one.hours is not None]
    if len(hours) < len(of_groups):
        return Measured(indicator, None, reason=Message("measure.no_length"), rows=rows)
    return Measured(indicator, float(sum(hours)), rows=rows)


def _person_hours(indicator: Indicator, results: Measurable, argument: str) -> Measured:
    rows = results.dose[results.dose["present"] > 0]
    if rows["hours"].isna().any():
        return Measured(indicator, None, reason=Message("measure.no_length"), rows=rows)
    return Measured(indicator, float(rows["hours"].sum()), rows=rows)


def _activities(indicator: Indicator, results: Measurable, argument: str) -> Measured:
    recorded = results.frames["bilateral_activities"]
    if argument:
        recorded = recorded[(recorded["dimension"] == argument) | (recorded["kind"] == argument)]
    return Measured(indicator, float(len(recorded)), rows=recorded)


def _exchanged(indicator: Indicator, results: Measurable, argument: str) -> Measured:
    column = f"persons_{argument}"
    recorded = results.frames["bilateral_activities"]
    if column not in recorded.columns:
        raise BadDeclaration("measure.exchanged_whom", code=indicator.code)
    exchanges = recorded[recorded["kind"] == "study_visit"]
    return Measured(indicator, float(exchanges[column].fillna(0).sum()), rows=exchanges)


def _survey(indicator: Indicator, results: Measurable, argument: str) -> Measured:
    question = indicator.measure.partition(":")[0]
    survey = results.frames["partner_survey"]
    last = survey[survey["wave"] == (argument or results.declaration.plan.endline)].dropna(subset=[question])
    if indicator.unit == "share":
        if last.empty:
            return Measured(indicator, None, reason=_NOT_ASKED)
        return Measured(indicator, float((last[question] == True).mean()), rows=last)  # noqa: E712 - NaN is not True
    if len(last) < FEWEST_ORGANISATIONS:
        return Measured(indicator, None, reason=_FEW_ORGANISATIONS if len(last) else _NOT_ASKED, rows=last)
    return Measured(indicator, float(last[question].astype(float).mean()), rows=last)


def _aggregate(indicator: Indicator, results: Measurable, argument: str) -> Measured:
    counts = results.frames["aggregate_counts"]
    meant = meant_categories(indicator, counts["category"].dropna().unique())
    if not meant:
        return Measured(indicator, None, reason=_NOT_ASKED)
    rows = counts[counts["category"].isin(meant)]
    return Measured(indicator, float(rows["count"].sum()), rows=rows)


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

MEASURES: Mapping[str, Callable[[Indicator, Measurable, str], Measured]] = {
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
    "person_hours": _person_hours,
    "activities": _activities,
    "exchanged": _exchanged,
    "trust": _survey,
    "satisfaction": _survey,
    "applies_knowledge": _survey,
    "aggregate": _aggregate,
}
"""Every word that may stand in an indicator's ``measure``, before the colon."""
