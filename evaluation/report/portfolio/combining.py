"""The same indicator and the same outcome of several projects side by side, and sums of what was released."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from evaluation.report.portfolio.reading import Change, Project, Told
from evaluation.schema import Labels

ADDED = ("persons", "number")
"""Units whose numbers of several projects may be added; shares, means and scores are not."""
OF_THE_KIT = ("supported", "goals", "referred", "referral_accepted", "tally", "activities", "exchanged")
"""Measures whose argument is a code of the kit's lists; courses, outcomes, waves and categories are a project's own."""

Ends = tuple[float, float | None]


@dataclass(frozen=True, slots=True)
class Shared:
    """An indicator with what each project tells of it, in the order of the projects."""

    labels: Labels
    level: str
    unit: str
    told: tuple[tuple[Project, Told], ...]

    @property
    def telling(self) -> tuple[tuple[Project, Told], ...]:
        """Those that tell a value or a range."""
        return tuple((project, one) for project, one in self.told if one.ends is not None)

    def total(self, overlaps: Collection[tuple[Project, Project]]) -> Ends | None:
        """The sum over those that tell something: an exact one, or the sums of the ends of their ranges.

        None where it is no sum of different things: another unit, fewer than two, or people who may be the same.
        """
        projects = {project.file for project, _ in self.telling}
        same = any({one.file, other.file} <= projects for one, other in overlaps)
        if self.unit not in ADDED or len(projects) < 2 or same:
            return None
        return added(one.ends for _, one in self.telling)


def added(ends: Iterable[Ends | None]) -> Ends:
    """The ends of a sum from those of its terms; one term without an upper end leaves the sum without."""
    known = [one for one in ends if one is not None]
    highs = [high for _, high in known]
    return sum(low for low, _ in known), None if None in highs else sum(high for high in highs if high is not None)


def shared(projects: Sequence[Project]) -> tuple[Shared, ...]:
    """Indicators that two projects or more have: the same measure and unit, however each words them.

    Where the measure is of something that only the project has (a course, an outcome), the words have to agree too;
    where a report of an early version has no measure, level, unit and words. Codes say nothing here: each project has
    an OUT-1 of its own.
    """
    return tuple(one for one in _grouped(projects) if len({project.file for project, _ in one.told}) > 1)


def single(projects: Sequence[Project]) -> tuple[tuple[Project, Told], ...]:
    """What only one project tells."""
    return tuple(one.told[0] for one in _grouped(projects) if len({project.file for project, _ in one.told}) == 1)


def _grouped(projects: Sequence[Project]) -> list[Shared]:
    groups: list[Shared] = []
    for project in projects:
        for one in project.indicators:
            at = next((n for n, group in enumerate(groups) if _same(group, project, one)), None)
            if at is None:
                groups.append(Shared(one.labels, one.level, one.unit, ((project, one),)))
            else:
                group = groups[at]
                groups[at] = Shared(group.labels, group.level, group.unit, (*group.told, (project, one)))
    return groups


def _same(group: Shared, project: Project, one: Told) -> bool:
    if group.unit != one.unit or any(each is project for each, _ in group.told):
        return False
    measures = {each.measure for _, each in group.told if each.measure} | {one.measure} - {""}
    if len(measures) > 1:
        return False
    if one.measure and all(each.measure for _, each in group.told) and _comparable_everywhere(one.measure):
        return True
    return group.level == one.level and alike(group.labels, one.labels)


def _comparable_everywhere(measure: str) -> bool:
    """Whether it says by itself what is counted."""
    name, _, argument = measure.partition(":")
    return not argument or name in OF_THE_KIT


def alike(one: Labels, other: Labels) -> bool:
    """Whether two labels say the same in a language that both have."""
    return any(_plain(one[spoken]) == _plain(other[spoken]) for spoken in one.keys() & other.keys() if one[spoken])


def _plain(words: str) -> str:
    return " ".join(words.casefold().split()).rstrip(".")


@dataclass(frozen=True, slots=True)
class Outcome:
    """An outcome that two projects or more measured on the same scale, by the same method."""

    labels: Labels
    scale: tuple[float, float]
    told: tuple[tuple[Project, Change], ...]


def outcomes(projects: Sequence[Project]) -> tuple[Outcome, ...]:
    """Mean changes that compare: the same words, the same ends of the scale, the same method."""
    groups: list[list[tuple[Project, Change]]] = []
    for project in projects:
        for one in project.changes:
            found = next((group for group in groups if _comparable(group[0][1], one)), None)
            if found is None:
                groups.append([(project, one)])
            else:
                found.append((project, one))
    several = [group for group in groups if len({project.file for project, _ in group}) > 1]
    return tuple(Outcome(group[0][1].labels, group[0][1].scale, tuple(group)) for group in several)


def _comparable(one: Change, other: Change) -> bool:
    return one.scale == other.scale and one.method == other.method and alike(one.labels, other.labels)
