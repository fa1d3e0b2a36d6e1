"""The tables beyond those of every project: those that project.yml names to be told, and what own tables count by."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from evaluation.measure.results import Results
from evaluation.measure.track.goals import of_kind
from evaluation.project.draft.counting import Places, Tabulation
from evaluation.project.draft.own_variables import kept
from evaluation.project.draft.topics.distributions import distribution
from evaluation.project.draft.topics.indicators import reached, whether_reached
from evaluation.project.draft.topics.needs import needs
from evaluation.project.draft.topics.status import status
from evaluation.project.draft.topics.support import support
from evaluation.release.planned.design import OWN
from evaluation.release.released import Relation


@dataclass(slots=True)
class Further:
    """Tables that are ``told``, those ``counted`` without being told, and what everybody knows about their numbers."""

    told: list[Tabulation] = field(default_factory=list)
    counted: list[Tabulation] = field(default_factory=list)
    known: list[Relation] = field(default_factory=list)


def further(places: Places) -> Further:
    """What project.yml names under ``rules: tables`` and under ``own_tables``."""
    results, people, found = places.results, places.people, Further()
    declaration = results.declaration
    wanted, asked = declaration.file.rules.tables, kept(declaration)
    made: dict[str, Callable[[], tuple[Iterable[Tabulation], Iterable[Tabulation]]]] = {
        "needs": lambda: (needs(results, people), ()),
        "support": lambda: (support(results, people), ()),
        "status": lambda: status(results, people, places.breakdowns),
        "goals": lambda: ((), goals(results, people)),  # for own tables only
    }
    for topic, make in made.items():
        if topic in wanted or topic in asked:
            told, joint = make()
            if topic in wanted:
                found.told += told
                found.counted += joint
            else:
                found.counted += [_own(one) for one in (*told, *joint)]
    for outcome in declaration.plan.primary if "distributions" in wanted else ():
        if declaration.scale(outcome).transform != "ordinal":
            before_and_after, bound = distribution(results, outcome, people)
            found.told += before_and_after
            found.known += bound
    return found


def _own(counted: Tabulation) -> Tabulation:
    return dataclasses.replace(counted, table=dataclasses.replace(counted.table, topic=OWN), ladder=None)


def goals(results: Results, people: Sequence[str]) -> list[Tabulation]:
    """Who reached a goal of her plan, of any kind and of each, among those of whom one was rated."""
    set_with, rules = results.of_consenting(results.frames["goals"]), results.declaration.file.rules
    table, found = results.declaration.tables["goals"], list[Tabulation]()
    for kind, labels in {"": table.title, **table.field("kind").codes}.items():
        attained, name = of_kind(set_with, kind), f"goals.{kind}" if kind else "goals"
        asked, persons = attained.rated_people, attained.reached_people
        found += whether_reached(reached(name, labels, people, asked=asked, persons=persons, rules=rules), people)
    return found
