"""project.yml and indicators.yml, and the project that all declarations make together."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import ClassVar, Literal

from evaluation import codec
from evaluation.codec import nearest
from evaluation.errors import BadArgument, BadDeclaration
from evaluation.schema.forms import Form, Instrument, Scale, Table
from evaluation.schema.imports import Import
from evaluation.schema.labels import Labels, find
from evaluation.schema.plan import OF_A_PART, Outcome, Plan
from evaluation.schema.schedule import PlannedRelease

FEWEST_ORGANISATIONS = 5
"""Organisations needed before a mean of their answers is printed."""


@dataclass(frozen=True, slots=True)
class Wave:
    """A planned moment of measurement; ``day`` counts from enrolment; ``codes`` are its names in files.

    Questionnaires are asked for from ``window`` days before that day until ``window`` days after it.
    """

    id: str
    labels: Labels
    day: int
    codes: tuple[str, ...] = ()
    window: int = 14


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
    language: str = ""  # of the name, where it is in one


@dataclass(frozen=True, slots=True)
class Grant:
    """Who funds what: stated facts, printed as they stand."""

    programme: Labels | str
    fund: Labels | str
    operator: Labels | str
    amount: Decimal
    currency: str
    donor_states: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rules:
    """Release rules. ``profile`` is the strictest audience, declared once for the project.

    ``editions``: both, where a confidential one for the funder is made beside the public one.
    ``tables``: what leaves beyond the standard tables, for the analytical report: what people asked for
    and what was met, the scores of primary outcomes at the start and at the end, the support given, right
    of residence and legal situation. Each costs numbers that have to be hidden; the preview says how many.
    ``rungs``: how finely a topic is told, or "omitted", in place of what follows from the number planned;
    ``merges``: codes of a topic or breakdown told together.
    """

    profile: Literal["internal", "funder", "public"] = "public"
    tables: tuple[Literal["needs", "distributions", "support", "status"], ...] = ()
    rungs: Mapping[str, str] = field(default_factory=dict)
    merges: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    editions: tuple[Literal["funder", "public"], ...] = ()

    REFUSED: ClassVar = OF_A_PART

    def __post_init__(self) -> None:
        if self.editions and (self.profile != "public" or sorted(self.editions) != ["funder", "public"]):
            raise BadDeclaration("schema.editions")

    @property
    def audiences(self) -> tuple[Rules, ...]:
        """The rules of each edition that is made, of the confidential one first."""
        if not self.editions:
            return (self,)
        return tuple(dataclasses.replace(self, profile=one, editions=()) for one in sorted(self.editions))

    @property
    def design(self) -> str:
        """The digest of what is declared of editions and how finely topics are told; "" where nothing is."""
        declared = [self.rungs, self.merges, *([sorted(self.editions)] if self.editions else [])]
        return codec.digest(codec.plain(declared)) if any(declared) else ""

    @property
    def threshold(self) -> int:
        return {"internal": 1, "funder": 5, "public": 10}[self.profile]


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A declared grouping of participants by a column of ``participants``.

    ``recode`` puts codes of the column into one of ``groups`` (VN: other); once released, the groups
    of a breakdown stay as they are. ``citizens``: the groups of which everybody knows that they are citizens of the
    EU, of whom no right of residence is told.
    """

    id: str
    labels: Labels
    column: str
    groups: Mapping[str, Labels]
    recode: Mapping[str, str] = field(default_factory=dict)
    citizens: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnTable:
    """A table of participants that only this project tells: by one or two of the kit's variables, at declared codes."""

    id: str
    labels: Labels
    variables: tuple[str, ...]


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
    retention_months: int | None = None  # how long people are kept after the last date of theirs
    languages: tuple[str, ...] = ("en", "pl")  # of the documents
    work_languages: tuple[str, ...] = ()  # that people are spoken to in, as the report says it
    fictional: bool = False
    purpose: Labels = field(default_factory=dict)
    context: tuple[Fact, ...] = ()
    courses: tuple[Course, ...] = ()
    partners: tuple[Partner, ...] = ()
    instruments: tuple[str, ...] = ()
    breakdowns: tuple[Breakdown, ...] = ()
    imports: Mapping[str, Import] = field(default_factory=dict)
    rules: Rules = field(default_factory=Rules)
    own_tables: tuple[OwnTable, ...] = ()
    releases: tuple[PlannedRelease, ...] = ()
    safety_card: Labels = field(default_factory=dict)  # what staff do when an answer needs attention
    allowed_claims: tuple[AllowedClaim, ...] = ()
    promoter_language: str = ""  # of its name
    funder: str = ""  # the profile in data_schema/funders, or in the project's own funders/

    REFUSED: ClassVar = OF_A_PART

    @property
    def design(self) -> str:
        """The digest of what is declared of tables: own ones, rungs and releases; "" where nothing is."""
        own = [[table.id, list(table.variables)] for table in self.own_tables]
        planned = [codec.plain(self.releases)] if self.releases else []
        return codec.digest([self.rules.design, own, *planned]) if own or planned else self.rules.design


@dataclass(frozen=True, slots=True)
class AllowedClaim:
    """Words that sound like a claim of a cause and are none, such as a name, and why. Raises BadDeclaration without."""

    text: str
    reason: str

    def __post_init__(self) -> None:
        if not self.text.strip() or not self.reason.strip():
            raise BadDeclaration("schema.allowed_claim")


@dataclass(frozen=True, slots=True)
class Fact:
    """A sentence the project states, with its source; printed as it stands and never computed with."""

    text: Labels
    source: Labels
    part: Literal["problem", "reason", "gap", "method", "challenge", "lesson", "correction"] = "problem"


@dataclass(frozen=True, slots=True)
class Indicator:
    """A declared measure. ``measure`` is ``name`` or ``name:argument``, see measure/indicators.py.

    ``baseline`` and ``target`` are in ``unit``; ``target`` null means none was agreed. ``counts``: what an aggregate
    count is of; without it, or with unit persons, it is of people and gated.
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
    counts: Literal["", "people", "contacts", "events", "items"] = ""


@dataclass(frozen=True, slots=True)
class IndicatorsFile:
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True, slots=True)
class Declaration:
    """Everything a project declares. It holds no records, no path and no key."""

    file: ProjectFile
    plan: Plan
    indicators: tuple[Indicator, ...]
    instruments: Mapping[str, Instrument]
    tables: Mapping[str, Table]

    def form(self, name: str) -> Form:
        """The table or questionnaire called ``name``. Raises BadArgument where there is none."""
        forms: dict[str, Form] = {**self.tables, **self.instruments}
        if name not in forms:
            raise BadArgument("schema.no_form", name=name, hint=nearest(name, list(forms)))
        return forms[name]

    def wave(self, wave_id: str) -> Wave:
        return find(self.file.waves, wave_id, "schema.no_wave")

    def course(self, course_id: str) -> Course:
        return find(self.file.courses, course_id, "schema.no_course")

    def instrument_of(self, outcome: Outcome) -> Instrument:
        """The questionnaire that the outcome's scale is of. Raises BadDeclaration where there is none of its name."""
        name = outcome.scale.partition(".")[0]
        if name not in self.instruments:
            raise BadDeclaration("schema.instrument_not_used", name=name, hint=nearest(name, list(self.instruments)))
        return self.instruments[name]

    def scale(self, outcome: Outcome) -> Scale:
        return self.instrument_of(outcome).scale(outcome.scale.partition(".")[2])
