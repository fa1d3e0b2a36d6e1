"""Reports as JSON, handed over by many projects, become what a programme reads of each."""

from __future__ import annotations

import datetime as dt
import functools
import itertools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from evaluation import codec
from evaluation.errors import BadDeclaration
from evaluation.release.released import Value
from evaluation.report.formats.json import FORMAT
from evaluation.resources import folder
from evaluation.schema import Labels
from evaluation.texts import Message


@dataclass(frozen=True, slots=True)
class Told:
    """One indicator of one project: its value, or between which two it lies; None where neither is told."""

    code: str
    labels: Labels
    level: str
    unit: str
    value: float | None
    low: float | None
    high: float | None
    target: float | None
    measure: str = ""  # "" in a report of an early version
    baseline: float | None = None
    withheld: Labels = field(default_factory=dict)  # why a number is missing, where the report says so

    @property
    def fewer(self) -> bool:
        """Whether fewer is better: then less than the target is more than was promised."""
        return self.target is not None and self.baseline is not None and self.target < self.baseline

    @property
    def ends(self) -> tuple[float, float | None] | None:
        """The least and the greatest that it can be; None where nothing is told."""
        if self.value is not None:
            return self.value, self.value
        return None if self.low is None and self.high is None else (self.low or 0.0, self.high)


@dataclass(frozen=True, slots=True)
class Change:
    """The mean change of one outcome in one project; ``change`` is None where it is not told."""

    labels: Labels
    scale: tuple[float, float]
    method: str
    change: float | None
    low: float | None
    high: float | None
    n: Value
    of: int
    trusted: bool
    preplanned: bool
    withheld: Labels


@dataclass(frozen=True, slots=True)
class Project:
    """What a programme reads of one report; ``file`` is what its file is called.

    ``answered`` is empty where the release is not about that.
    """

    file: str
    id: str
    title: Labels
    promoter: str
    partners: tuple[str, ...]
    start: dt.date
    end: dt.date
    planned: int
    reached: int
    fictional: bool
    release: str
    digest: str
    released_on: dt.date
    profile: str
    numbers: int
    hidden: int
    answered: tuple[Value, ...]
    indicators: tuple[Told, ...]
    changes: tuple[Change, ...]

    @property
    def labels(self) -> tuple[Labels, ...]:
        """All that is printed of it in a language of a project's own."""
        return (self.title, *(one.labels for one in self.indicators), *(one.labels for one in self.changes))


def read(source: bytes, name: str) -> Project:
    """The project of a report's JSON; ``name`` is what errors call the file.

    Raises BadDeclaration for what is no report, for one of a newer version, and for one that is not the main document.
    """
    try:
        found = codec.json_value(source.decode("utf-8-sig"))
    except (UnicodeDecodeError, BadDeclaration):
        raise BadDeclaration("report.portfolio.no_report", file=name) from None
    if not isinstance(found, dict) or not str(found.get("format", "")).startswith("evaluation-report/"):
        raise BadDeclaration("report.portfolio.no_report", file=name)
    family, _, newest = FORMAT.partition("/")
    try:
        codec.version(found["format"], family, int(newest))
    except BadDeclaration as other:
        raise BadDeclaration("codec.in_file", file=name, fault=other.message) from None
    if fault := next(_schema().iter_errors(found), None):
        where = "/".join(str(step) for step in fault.absolute_path) or Message("report.error.the_document")
        raise BadDeclaration("report.portfolio.damaged", file=name, where=where)
    if "facts" not in found or "indicators" not in found:
        raise BadDeclaration("report.portfolio.other_document", file=name)
    return _project(found, name)


@functools.cache
def _schema() -> Any:
    import jsonschema

    path = folder("data_schema") / "report" / "report.schema.json"
    return jsonschema.Draft202012Validator(json.loads(path.read_text(encoding="utf-8")))


def _project(found: Mapping[str, Any], name: str) -> Project:
    facts, certificate = found["facts"]["content"], found["certificate"]["content"]
    means = found["outcomes"]["content"]["means"] if "outcomes" in found else ()
    return Project(
        file=name,
        id=str(facts["project"]),
        title=facts["title"],
        promoter=str(facts["promoter"]),
        partners=tuple(name for name, *_ in facts.get("partners", ())),
        start=dt.date.fromisoformat(facts["period_start"]),
        end=dt.date.fromisoformat(facts["period_end"]),
        planned=facts["planned"],
        reached=facts["reached"],
        fictional=found["fictional"],
        release=found["release"],
        digest=found["digest"],
        released_on=dt.date.fromisoformat(found["provenance"]["content"]["released_on"]),
        profile=certificate["profile"],
        numbers=certificate["numbers"],
        hidden=certificate["hidden"],
        answered=_answered(found["people"]["content"] if "people" in found else ()),
        indicators=tuple(map(_told, found["indicators"]["content"])),
        changes=tuple(_change(one) for one in means if not one.get("wave")),  # a follow-up's is not the end's
    )


def _told(one: Mapping[str, Any]) -> Told:
    return Told(
        *(one["code"], one["labels"], one["level"], one["unit"], one["achieved"]),
        *(one.get("low"), one.get("high"), one["target"], one.get("measure", "")),
        *(one.get("baseline"), one.get("withheld", {})),
    )


def _change(one: Mapping[str, Any]) -> Change:
    return Change(
        labels=one.get("labels", {}),
        scale=(one["scale_minimum"], one["scale_maximum"]),
        method=one["method"],
        change=one["change"],
        low=one["low"],
        high=one["high"],
        n=_count(one["n"]),
        of=one["of"],
        trusted=one.get("trusted", True),
        preplanned=one.get("preplanned", True),
        withheld=one.get("withheld", {}),
    )


def _answered(tables: Sequence[Mapping[str, Any]]) -> tuple[Value, ...]:
    """How many answered at the end, where a table of the flow is about that."""
    for table in tables:
        for count in table["counts"] if table["id"] == "flow.answered" else ():
            if list(count["at"].values()) == ["yes"]:
                return (_count(count["value"]),)
    return ()


def _count(told: Any) -> Value:
    return (told["low"], told["high"]) if isinstance(told, dict) else told


def distinct(projects: Sequence[Project]) -> tuple[tuple[Project, ...], tuple[Message, ...]]:
    """Each release once, and what to say of those that were given twice, such as in two languages.

    Raises BadDeclaration for two releases of one project, for fictional ones among real ones, and for fewer than two.
    """
    kept: dict[tuple[str, str], Project] = {}
    said = []
    for one in projects:
        same = next((each for each in kept.values() if each.digest == one.digest), one)
        before = kept.setdefault((same.promoter, same.id), one)
        if before is one:
            continue
        if before.digest != one.digest:
            releases = {"first": before.release, "second": one.release}
            raise BadDeclaration("report.portfolio.two_releases", file=before.file, other=one.file, **releases)
        said.append(Message("report.portfolio.same_release", file=before.file, other=one.file))
    if len({one.fictional for one in kept.values()}) > 1:
        made_up = next(one.file for one in kept.values() if one.fictional)
        raise BadDeclaration("report.portfolio.fictional", file=made_up)
    if len(kept) < 2:
        raise BadDeclaration("report.portfolio.too_few")
    return tuple(kept.values()), tuple(said)


def overlapping(projects: Sequence[Project]) -> tuple[tuple[Project, Project], ...]:
    """Pairs in which the same people may have taken part: of one promoter, or the one's is a partner of the other.

    In whatever periods: a project that follows another of the same office goes on with its people.
    """
    return tuple(
        (one, other)
        for one, other in itertools.combinations(projects, 2)
        if _leads_or_helps(one, other) or _leads_or_helps(other, one)
    )


def _leads_or_helps(one: Project, other: Project) -> bool:
    """Whether the promoter of the ``one`` is the promoter or a partner of the ``other``."""
    return _plain(one.promoter) in map(_plain, (other.promoter, *other.partners))


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())
