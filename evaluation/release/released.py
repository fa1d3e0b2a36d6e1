"""What is proposed to leave (Draft) and what left (Released): the same shapes, frozen, JSON in and out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from evaluation.codec import OPTIONAL
from evaluation.release.facts import Facts as Implications
from evaluation.release.printed.points import Scored
from evaluation.schema import Labels

Value = int | tuple[int, int | None] | None
"""A printed count; a printed range (low, high or open); None where it is hidden."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A partition of a population: everyone is in exactly one of ``codes``.

    ``within`` maps a coarser variable of the same population to {code here: code there} (country →
    continent; higher, same, lower → answered twice): the sums that follow from it are protected too.
    """

    id: str
    labels: Labels
    codes: Mapping[str, Labels]
    within: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Count:
    """How many members of the population are ``at`` these codes; a variable left out is summed over."""

    at: Mapping[str, str]
    value: Value
    weight: int = 1
    public: bool = False  # everybody knows it (n = 41): it cannot be hidden
    present: bool = False  # everybody knows that somebody is there, but not how many


@dataclass(frozen=True, slots=True)
class CountTable:
    """Counts of one population by its variables. ``topic`` is where the report shows them.

    ``zeros_sensitive``: a zero, or everybody, would tell something about each person (outcomes).
    ``as_of``: the day of the earlier release that told it and of which it is repeated; so of a mean or an indicator.
    """

    id: str
    topic: str
    labels: Labels
    population: str
    variables: tuple[Variable, ...]
    counts: tuple[Count, ...]
    protected: bool = True
    zeros_sensitive: bool = False
    as_of: dt.date | None = field(default=None, metadata=OPTIONAL)


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean change in points of the scale with its interval, rounded as printed; None where withheld.

    ``method``: ``paired`` (people with both scores), ``all enrolled`` (those who left predicted) or
    ``waiting list``: then ``change`` is how many points higher those served first ended than those still
    waiting, at the same start. ``n`` are those with both scores: None where withheld, (low, high) where
    only a range may be told. ``step``: from how many points on a change counts as higher or lower; None
    if everybody is told none. ``trusted``: the items bear a total. ``detectable``: the smallest change of
    one person, in points, that is more than error, as published about the scale; ``reliability``: of the
    scale, as published, where that change is not. ``start``: the mean first score of everyone the mean change is
    about, None where it is not told; with the change it says where they ended. ``wave``: where the change goes up
    to a wave after the end, which.
    """

    id: str
    labels: Labels
    method: Literal["paired", "all enrolled", "waiting list"]
    n: Value
    of: int
    change: float | None
    low: float | None
    high: float | None
    direction: Literal["higher", "lower"]
    scale_minimum: float
    scale_maximum: float
    confidence: float = 0.95
    primary: bool = False
    preplanned: bool = True
    withheld: Labels = field(default_factory=dict)  # why a number is missing, for the reader
    step: float | None = None  # points that count as higher or lower in the table of directions
    trusted: bool = True
    detectable: float | None = None
    reliability: float | None = None
    start: float | None = None
    wave: str = ""
    wave_labels: Labels = field(default_factory=dict)
    as_of: dt.date | None = field(default=None, metadata=OPTIONAL)


@dataclass(frozen=True, slots=True)
class Reference:
    """Points at one count of one table."""

    table: str
    at: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator. In a Draft ``achieved`` and ``progress`` are still None unless it is an open number.

    The ledger fills ``achieved`` from released counts (``numerator``, over ``denominator`` if there
    is one) or from the released mean ``mean``; ``withheld`` says why it could not.
    """

    code: str
    labels: Labels
    level: Literal["output", "outcome", "bilateral"]
    unit: str
    source: Labels
    baseline: float | None
    baseline_date: dt.date | None
    target: float | None
    numerator: Reference | None = None
    denominator: Reference | None = None
    asked: Reference | None = None  # who could have been counted, if that is not the denominator
    mean: str = ""
    achieved: float | None = None
    low: float | None = None  # where achieved is not told: between which two values it is, None for no end
    high: float | None = None
    achieved_share: float | None = None  # achieved / target
    progress: float | None = None  # (achieved - baseline) / (target - baseline)
    n: Value = None
    of: Value = None
    breakdown: str = ""  # id of the table that splits it
    dimension: str = ""
    measure: str = ""  # as it is declared; "" in a release of an earlier version
    note: Labels = field(default_factory=dict)
    withheld: Labels = field(default_factory=dict)
    as_of: dt.date | None = field(default=None, metadata=OPTIONAL)


@dataclass(frozen=True, slots=True)
class Activity:
    """One counted kind of bilateral activity; texts of records never leave, code lists do."""

    dimension: Literal["cooperation", "results", "knowledge", "wider"]
    kind: str
    labels: Labels
    count: int
    persons_beneficiary: int | None = None
    persons_donor: int | None = None


@dataclass(frozen=True, slots=True)
class Survey:
    """One organisation's answers to the partner survey at one wave (organisations, not persons)."""

    organisation: str
    donor_state: bool
    wave: str
    trust: float | None
    satisfaction: float | None
    applies_knowledge: bool | None


@dataclass(frozen=True, slots=True)
class Statement:
    """A stated fact with its source, printed as it stands."""

    text: Labels
    source: Labels
    part: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What the project says publicly about itself."""

    project: str
    title: Labels
    promoter: str
    place: Labels
    fictional: bool
    purpose: Labels
    planned: int
    reached: int
    countries: int | None
    period_start: dt.date
    period_end: dt.date
    programme: Labels | str
    fund: Labels | str
    operator: Labels | str
    amount: str
    currency: str
    donor_states: tuple[str, ...]
    partners: tuple[tuple[str, str, bool], ...]  # name, country code, of a donor state
    courses: tuple[tuple[str, Labels], ...]
    outcomes: tuple[tuple[str, Labels], ...]
    languages: tuple[str, ...]
    statements: tuple[Statement, ...]
    retrospective: bool = False
    most_primary: int | None = None  # main outcomes that a plan can hold, where it names more
    work_languages: tuple[str, ...] = ()
    estimand: tuple[tuple[str, Labels], ...] = ()  # what the plan itself says of it, by attribute
    allocation: Literal["", "draw", "other"] = ""  # who decided who was served first, in a waiting-list design
    names_in: Mapping[str, str] = field(default_factory=dict)  # promoter and partners → the language of their names


@dataclass(frozen=True, slots=True)
class Relation:
    """What everybody can know of how many people there are: of eight countries, so many in a group at least.

    The sum of coefficient x count over ``terms`` is at most ``rhs`` (``<=``) or exactly that (``=``).
    """

    terms: tuple[tuple[Reference, int], ...]
    sense: Literal["<=", "="] = "<="
    rhs: int = 0


@dataclass(frozen=True, slots=True)
class Hours:
    """Person-hours that a draft tells: in the ``lines`` of these codes, and by ``rows`` what they say of counts."""

    lines: tuple[str, ...]
    rows: tuple[Relation, ...]


@dataclass(frozen=True, slots=True)
class Ladder:
    """One table at several finenesses: ``rungs`` are the ids of its tables by their names, from fine to coarse.

    ``parts``: how many parts a table counts for, by its id, where it tells of one of several things side by side.
    """

    topic: str
    rungs: Mapping[str, str]
    parts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Replaced:
    """The release that was wrong, and the day on which it was made."""

    release: str
    released_on: dt.date


@dataclass(frozen=True, slots=True)
class Before:
    """What readers were told earlier, each with its day, for where this release says less."""

    tables: tuple[CountTable, ...] = ()
    means: tuple[Mean, ...] = ()
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything that is proposed to leave, with true values. It never leaves itself.

    ``joint``: counts that no document shows, finer ones or by several variables at once: they stay protected, and
    what tables of the same people say together is known to the gate. ``ranged``: counts that are told as ranges
    only. ``ladders``: the tables of which planned/design.py has yet to choose. ``repeated``, ``repeated_means``: as an
    earlier release told them; ``elsewhere``: topics that are told in another release only. ``lasting``: the variables
    of each table whose cells later releases have to keep hidden where this one does; None: of all. ``replaces``: of an
    erratum, the release that was wrong.
    """

    facts: Facts
    release: str  # such as "2015-final"
    tables: tuple[CountTable, ...]
    means: tuple[Mean, ...]
    indicators: tuple[Line, ...]
    activities: tuple[Activity, ...]
    surveys: tuple[Survey, ...]
    relations: tuple[Relation, ...] = ()
    implications: Implications = ()  # what is true of every one of these people
    joint: tuple[CountTable, ...] = ()
    scored: tuple[Scored, ...] = ()  # how outcomes are scored, for those who read a mean
    ranged: tuple[CountTable, ...] = ()
    ladders: tuple[Ladder, ...] = ()
    declared_late: bool = False  # how finely topics are told was declared after the data
    repeated: tuple[CountTable, ...] = ()
    repeated_means: tuple[Mean, ...] = ()
    elsewhere: tuple[str, ...] = ()
    lasting: tuple[frozenset[str], ...] | None = None
    replaces: Replaced | None = None
    hours: Hours | None = None  # where a total of hours is told
    before: Before = Before()


@dataclass(frozen=True, slots=True)
class Certificate:
    """What the gate did, in numbers that may travel with the report."""

    profile: str
    threshold: int
    numbers: int  # distinct protected counts considered
    hidden: int
    optimal: (
        bool | None
    )  # proven to hide the fewest; None: not said, since after earlier releases hidden numbers decide it
    gap: int | None  # by how much it may be more; only in releases of before: hidden numbers decide it
    exact: int  # recoverable exactly: always 0 in a release
    narrow: int  # protected less than required: always 0 in a release
    earlier_releases: int
    candidates: int | None = None  # see release/minimality.py; None: not assessed
    declared_late: bool = False  # how finely topics are told was declared after the last answers had come
    apart: bool = False  # this and earlier releases were judged each by itself, not as people who move on
    beside: bool = False  # its numbers were chosen among those of a confidential edition


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the numbers come from, without anything of a person."""

    data: str  # keyed hash of the canonical data
    plan: str
    library: str
    python: str
    released_on: dt.date
    commit: str = ""
    ledger_head: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    worded_on: dt.date | None = None  # the day on which its words were mended; the numbers are those of released_on


@dataclass(frozen=True, slots=True)
class Released:
    """A draft after the gate; ``digest`` is of everything else. Only the ledger makes one."""

    facts: Facts
    release: str
    tables: tuple[CountTable, ...]
    means: tuple[Mean, ...]
    indicators: tuple[Line, ...]
    activities: tuple[Activity, ...]
    surveys: tuple[Survey, ...]
    certificate: Certificate
    provenance: Provenance
    digest: str
    replaces: Replaced | None = field(default=None, metadata=OPTIONAL)  # of an erratum
    elsewhere: tuple[str, ...] = field(default=(), metadata=OPTIONAL)  # topics that are told in another release only

    @property
    def day(self) -> dt.date:
        """On which it was made."""
        return self.provenance.released_on

    @property
    def told_now(self) -> tuple[CountTable, ...]:
        """The tables that no earlier release told as they are here."""
        return tuple(table for table in self.tables if table.as_of is None)

    @property
    def at_end(self) -> tuple[Mean, ...]:
        """The means of changes up to the end."""
        return tuple(mean for mean in self.means if not mean.wave)

    @property
    def later(self) -> tuple[Mean, ...]:
        """The means of changes up to a wave after the end."""
        return tuple(mean for mean in self.means if mean.wave)
