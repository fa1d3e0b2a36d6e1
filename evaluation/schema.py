"""The objects a project is made of: waves, courses, instruments, indicators, plan and rules, all frozen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, TypeVar

from evaluation.errors import BadDeclaration
from evaluation.strict import nearest

Labels = Mapping[str, str]
"""Language code (``en``, ``pl``) to text."""

Sensitivity = Literal["identifying", "quasi", "sensitive", "open"]
AnswerState = Literal["answered", "refused", "not_asked", "not_applicable", "unknown"]
ANSWER_STATES: tuple[str, ...] = ("answered", "refused", "not_asked", "not_applicable", "unknown")


# --- questionnaires ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a question: the code that is stored and its anchors by language."""

    name: str
    labels: Labels


@dataclass(frozen=True, slots=True)
class Item:
    """One question. ``key`` is +1, -1 (reversed) or 0 (not scored); ``low``/``high`` bound its numbers."""

    id: str
    kind: Literal["select_one", "select_multiple", "integer", "decimal", "text", "date", "note"]
    labels: Labels
    choices: tuple[Choice, ...] = ()
    scale: str = ""
    key: int = 0
    required: bool = False
    sensitivity: Sensitivity = "sensitive"
    missing: Mapping[str, AnswerState] = field(default_factory=dict)
    low: float | None = None
    high: float | None = None
    relevant: str = ""
    constraint: str = ""
    exclusive: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.key and (self.low is None or self.high is None):
            raise BadDeclaration(f"item '{self.id}' is scored but its lowest and highest codes are not numbers.")


@dataclass(frozen=True, slots=True)
class Scale:
    """The items that give one score. ``minimum``/``maximum`` are the ends of the scale in points.

    ``transform``: ``sum`` (prorated when items are missing but at least ``minimum_answered`` are
    there), ``mean``, or ``ordinal`` (one item, levels that are never averaged).
    """

    id: str
    labels: Labels
    direction: Literal["higher", "lower"]
    transform: Literal["sum", "mean", "ordinal"]
    minimum: float
    maximum: float
    minimum_answered: int
    items: tuple[str, ...]

    @property
    def range(self) -> float:
        return self.maximum - self.minimum


@dataclass(frozen=True, slots=True)
class Instrument:
    """A questionnaire: what is asked, how it is scored, where it comes from."""

    id: str
    version: str
    labels: Labels
    items: tuple[Item, ...]
    scales: tuple[Scale, ...]
    validated: bool = False
    licence: str = ""
    source: str = ""

    def item(self, item_id: str) -> Item:
        return _find(self.items, item_id, f"item of the questionnaire '{self.id}'")

    def scale(self, scale_id: str) -> Scale:
        return _find(self.scales, scale_id, f"scale of the questionnaire '{self.id}'")


# --- tables -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a table. ``codes`` maps each permitted code to its labels; empty means free."""

    name: str
    type: Literal["string", "integer", "number", "date", "boolean"]
    title: Labels
    sensitivity: Sensitivity
    required: bool = False
    minimum: float | None = None
    maximum: float | None = None
    pattern: str = ""
    codes: Mapping[str, Labels] = field(default_factory=dict)
    reference: str = ""  # "participants.participant": the value must be there


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the data schema, one row per what ``key`` says."""

    name: str
    title: Labels
    fields: tuple[Field, ...]
    key: tuple[str, ...]

    def field(self, name: str) -> Field:
        for candidate in self.fields:
            if candidate.name == name:
                return candidate
        raise BadDeclaration(f"'{name}' is not a column of '{self.name}'{nearest(name, [f.name for f in self.fields])}")


# --- project.yml ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wave:
    """A planned moment of measurement; ``day`` counts from enrolment; ``codes`` are its names in files."""

    id: str
    labels: Labels
    day: int
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Course:
    """A course on offer; whoever attends ``minimum_sessions`` is a completer."""

    id: str
    labels: Labels
    sessions: int
    minimum_sessions: int
    instrument: str = ""


@dataclass(frozen=True, slots=True)
class Partner:
    id: str
    name: str
    country: str
    donor_state: bool = False


@dataclass(frozen=True, slots=True)
class Grant:
    """Who funds what: stated facts, printed as they stand."""

    programme: str
    fund: str
    operator: str
    amount: Decimal
    currency: str
    donor_states: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rules:
    """Release rules. ``profile`` is the strictest audience, declared once for the project."""

    profile: Literal["internal", "funder", "public"] = "public"

    @property
    def threshold(self) -> int:
        return {"internal": 1, "funder": 5, "public": 10}[self.profile]


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A declared grouping of participants by a column of ``participants``.

    ``recode`` puts codes of the column into one of ``groups`` (VN: other); once released, the groups
    of a breakdown stay as they are.
    """

    id: str
    labels: Labels
    column: str
    groups: Mapping[str, Labels]
    recode: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Import:
    """How a foreign file's columns become participants, waves and items.

    Wide: ``columns`` maps wave → item → column. Long: ``wave_column`` and ``wave_codes`` name the
    wave of a row and ``items`` maps item → column. ``select`` keeps only rows with these values;
    ``dates`` gives each wave its nominal date where the file has none; ``enrolled_on`` enrols
    whoever is not yet known, with that nominal date; ``participant_format`` makes the code.
    Long files may bring their own dates in ``date_column``; without ``items`` their columns are
    already called as the items are.
    """

    instrument: str
    participant: str
    participant_format: str = "{}"
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    wave_column: str = ""
    wave_codes: Mapping[str, str] = field(default_factory=dict)
    items: Mapping[str, str] = field(default_factory=dict)
    select: Mapping[str, str] = field(default_factory=dict)
    dates: Mapping[str, dt.date] = field(default_factory=dict)
    enrolled_on: dt.date | None = None
    missing: tuple[str, ...] = ("", "NA")
    drop: tuple[str, ...] = ()
    date_column: str = ""


@dataclass(frozen=True, slots=True)
class ProjectFile:
    """project.yml as it is written."""

    id: str
    title: Labels
    promoter: str
    place: Labels
    planned_participants: int
    period_start: dt.date
    period_end: dt.date
    grant: Grant
    waves: tuple[Wave, ...]
    participant_pattern: str = r"P-\d{3}"
    countries: int | None = None  # of origin, as the project makes it public
    languages: tuple[str, ...] = ("en", "pl")
    fictional: bool = False
    purpose: Labels = field(default_factory=dict)
    context: tuple[Fact, ...] = ()
    courses: tuple[Course, ...] = ()
    partners: tuple[Partner, ...] = ()
    instruments: tuple[str, ...] = ()
    breakdowns: tuple[Breakdown, ...] = ()
    imports: Mapping[str, Import] = field(default_factory=dict)
    rules: Rules = field(default_factory=Rules)


@dataclass(frozen=True, slots=True)
class Fact:
    """A sentence the project states, with its source; printed as it stands and never computed with."""

    text: Labels
    source: Labels
    part: Literal["problem", "reason", "gap", "method"] = "problem"


# --- plan.yml ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Outcome:
    """A scale the plan compares between two waves; ``scale`` is ``instrument.scale``.

    ``step`` is the smallest change in points that counts as improved; ``smallest_worthwhile`` is
    the mean change below which the project would not call it worth having. ``sd_of_change``, in
    points, is assumed for planning the number of people, and used for nothing else.
    """

    id: str
    labels: Labels
    scale: str
    primary: bool = False
    step: float = 1.0
    smallest_worthwhile: float | None = None
    reliability: float | None = None
    reliability_source: str = ""
    sd_of_change: float | None = None

    def __post_init__(self) -> None:
        if self.sd_of_change is not None and self.sd_of_change <= 0:
            raise BadDeclaration("'sd_of_change' must be above 0; leave it out where nothing is known.")


@dataclass(frozen=True, slots=True)
class Plan:
    """plan.yml: the analysis plan, fixed before endline data are seen (STATISTICS.md §8).

    ``alpha_people`` and ``alpha_lower_limit``: people and lower limit of Cronbach's alpha below
    which a scale's total is not headlined. ``dose_people`` and ``dose_distinct``: people and
    different numbers of sessions below which attendance is not set against an outcome. In a waiting
    list, ``served_column`` of participants is ``served_code`` for those who were served first;
    ``random_allocation`` says that a draw decided who.
    """

    outcomes: tuple[Outcome, ...]
    design: Literal["single group", "waiting list"] = "single group"
    kind: Literal["prospective", "retrospective"] = "prospective"
    baseline: str = "baseline"
    mid: str = ""
    endline: str = "endline"
    alpha: float = 0.05
    minimum_pairs: int = 6
    minimum_released: int = 10
    minimum_retention: float = 0.5
    high_retention: float = 0.95
    tipping_below: float = 0.8
    alpha_people: int = 20
    alpha_lower_limit: float = 0.5
    dose_people: int = 20
    dose_distinct: int = 5
    served_column: str = ""
    served_code: str = ""
    random_allocation: bool = False

    def __post_init__(self) -> None:
        if not 0 < self.alpha < 1:
            raise BadDeclaration("'alpha' must lie between 0 and 1.")
        if len([o for o in self.outcomes if o.primary]) > 5:
            raise BadDeclaration("at most five outcomes can be primary; make the others secondary.")
        if self.design == "waiting list" and not (self.served_column and self.served_code):
            raise BadDeclaration("a waiting list needs 'served_column' and 'served_code': who was served first.")

    def outcome(self, outcome_id: str) -> Outcome:
        return _find(self.outcomes, outcome_id, "outcome of plan.yml")


# --- indicators.yml ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Indicator:
    """A declared measure. ``measure`` is ``name`` or ``name:argument``, see measure/indicators.py.

    ``baseline`` and ``target`` are in ``unit``; ``target`` null means none was agreed.
    """

    code: str
    labels: Labels
    level: Literal["output", "outcome", "bilateral"]
    unit: Literal["persons", "share", "points", "number", "score 1-7"]
    measure: str
    source: Labels
    baseline: float | None = None
    baseline_date: dt.date | None = None
    target: float | None = None
    breakdown: str = ""
    dimension: Literal["", "cooperation", "results", "knowledge", "wider"] = ""
    note: Labels = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class IndicatorsFile:
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True, slots=True)
class Project:
    """Everything a project declares. It holds no records, no path and no key."""

    file: ProjectFile
    plan: Plan
    indicators: tuple[Indicator, ...]
    instruments: Mapping[str, Instrument]
    tables: Mapping[str, Table]

    def wave(self, wave_id: str) -> Wave:
        return _find(self.file.waves, wave_id, "wave of project.yml")

    def course(self, course_id: str) -> Course:
        return _find(self.file.courses, course_id, "course of project.yml")

    def scale(self, outcome: Outcome) -> Scale:
        instrument, _, scale = outcome.scale.partition(".")
        if instrument not in self.instruments:
            raise BadDeclaration(
                f"it names the questionnaire '{instrument}', which project.yml does not use"
                f"{nearest(instrument, list(self.instruments))}"
            )
        return self.instruments[instrument].scale(scale)


def text(labels: Labels, language: str) -> str:
    """The label in ``language``, or in English where it is not translated."""
    return labels.get(language) or labels.get("en") or next(iter(labels.values()), "")


Named = TypeVar("Named", Item, Scale, Wave, Course, Outcome)


def _find(things: tuple[Named, ...], name: str, what: str) -> Named:
    for thing in things:
        if thing.id == name:
            return thing
    raise BadDeclaration(f"There is no {what} called '{name}'{nearest(name, [thing.id for thing in things])}")
