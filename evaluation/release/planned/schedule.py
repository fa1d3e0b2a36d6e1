"""What a planned release tells of people: each topic once, and what was told before as of its day."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from evaluation.codec import nearest
from evaluation.errors import BadArgument, LedgerError
from evaluation.release.files.chain import Entry
from evaluation.release.planned import hours
from evaluation.release.planned.counted import counted
from evaluation.release.planned.design import LADDERS, OWN, PEOPLE, as_before, pointed, with_tables
from evaluation.release.printed.wording import as_of
from evaluation.release.released import CountTable, Draft, Facts, Line, Mean, Released, Replaced
from evaluation.release.system.means import withheld
from evaluation.schema import PlannedRelease, ProjectFile
from evaluation.schema.schedule import misplaced
from evaluation.texts import Message

OUTCOMES, LATER = "outcomes", "later"
TOPICS = (*(topic for topic in LADDERS if topic not in ("by_group", "status_change")), LATER, OWN)
"""What a planned release may be said to tell of people."""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a planned release would tell, with true values; it never leaves."""

    release: str
    day: dt.date
    facts: Facts
    tables: tuple[CountTable, ...]
    means: tuple[Mean, ...]
    indicators: tuple[Line, ...]
    replaces: Replaced | None = None


Telling = Released | Foreseen
"""What readers were told, as far as later releases have to know it: one that was made, or will be."""


_SHOWN = {
    "people": "groups",
    "": "groups",
    "waiting": OUTCOMES,
    "worse": OUTCOMES,
    "support_kinds": "support",
    **dict.fromkeys(("residence", "legal", "status_change"), "status"),
}
"""The topic of tables that the report shows under another word."""


def planned(file: ProjectFile, release: str, made: Sequence[Entry], *, erratum_of: str = "") -> PlannedRelease | None:
    """The planned release of this name; None where project.yml plans none at all, and for an erratum.

    Raises BadArgument where it plans others only, or an erratum would take the name of one; LedgerError where a
    later one was ``made`` already.
    """
    names = [one.name.casefold() for one in file.releases]
    if erratum_of and release.casefold() in names:
        raise BadArgument("release.schedule.name_planned", name=release, other=erratum_of)
    if erratum_of or not names:
        return None
    if release.casefold() not in names:
        hint = nearest(release, [one.name for one in file.releases])
        raise BadArgument("release.schedule.not_planned", name=release, hint=hint)
    place = names.index(release.casefold())
    for entry in made:
        if entry.release.casefold() in names[place + 1 :]:
            raise LedgerError("release.schedule.overtaken", name=release, later=entry.release, day=entry.released_on)
    return file.releases[place]


def scheduled(
    draft: Draft, plan: PlannedRelease, before: Sequence[Telling], *, threshold: int, anew: bool = True
) -> Draft:
    """The draft with what the planned release tells of people, ``before`` being what its readers were told so far.

    A table is told when its topic is due, unless it would spend a number of another that is not, and that says more;
    anew, if at all, only where publicly two thresholds of people joined since any of its quantities was told, a mean
    never. What was told before and is not told now is repeated as of its day. Person-hours are told in the final
    release.
    """
    once, before = {mean.id for one in before for mean in means_told(one)}, right(before)
    draft = draft if plan.kind == "final" else hours.without(draft, "scheduled")
    names = counted((*tables_told(before), *_people(draft)), draft.implications)
    since = {quantity: one for one in before for table in tables_told([one]) for quantity in names.quantities(table)}
    last = {_topic(table): one for one in before for table in tables_told([one])}
    later = [names.crossed(table) - since.keys() for table in _shown(draft) if not plan.due(_topic(table))]

    def joined(one: Telling | None) -> bool:
        return one is None or (anew and draft.facts.reached - one.facts.reached >= 2 * threshold)

    def now(table: CountTable) -> bool:
        own, most = names.quantities(table), names.crossed(table)
        waits = any(own & one and not one <= most for one in later)
        return plan.due(_topic(table)) and not waits and all(joined(since.get(quantity)) for quantity in own)

    def fresh(mean: Mean) -> bool:
        topic = LATER if mean.wave else OUTCOMES
        return plan.due(topic) and joined(last.get(topic)) and mean.id not in once

    means = {mean.id: (mean, one.day) for one in before for mean in means_told(one)}
    told = {table.id for table in draft.tables if not about_people(table) or now(table)}
    ranged = tuple(table for table in draft.ranged if now(table))
    unranged = tuple(table for table in draft.ranged if table not in ranged)
    made = with_tables(
        dataclasses.replace(
            draft, means=tuple(filter(fresh, draft.means)), ranged=ranged, joint=(*draft.joint, *unranged)
        ),
        told,
    )
    told_now = {quantity for table in _shown(made) for quantity in names.quantities(table)}
    spent = {*last, *map(_topic, _shown(made))}
    made = _bound(made, [topic for topic in map(_topic, _people(draft)) if topic not in spent], before)
    lines = zip(draft.indicators, made.indicators, strict=True)
    return dataclasses.replace(
        made,
        repeated=tuple(
            as_told_on(table, one.day)
            for one in before
            for table in tables_told([one])
            if not (own := names.quantities(table)) & told_now and all(since[quantity] is one for quantity in own)
        ),
        repeated_means=tuple(as_told_on(mean, day) for mean, day in means.values()),
        indicators=tuple(_line(own, line, draft, before, withdrawn=once - {*means}) for own, line in lines),
    )


def _bound(made: Draft, elsewhere: Iterable[str], before: Sequence[Telling]) -> Draft:
    """The draft so that later releases answer to what it says, but of nothing that is told ``elsewhere`` only.

    Whatever is counted by the same variables as a number that readers have, finely or more coarsely, stays protected.
    """
    people = _people(made)
    names = counted((*tables_told(before), *people), made.implications)

    def kinds(tables: Iterable[CountTable]) -> set[frozenset[str]]:
        return {frozenset(name for name, _ in one) for table in tables for one in names.quantities(table)}

    told = kinds((*_shown(made), *tables_told(before)))
    lasting = {_variables(table): None for table in people if kinds([table]) <= told}
    if not _shown(made):
        # Nothing is told from which anything would follow.
        made = hours.without(dataclasses.replace(made, joint=(), relations=()), "scheduled")
    return dataclasses.replace(made, elsewhere=tuple(dict.fromkeys(elsewhere)), lasting=tuple(lasting))


def as_made(draft: Draft, made: Released) -> Draft:
    """The draft of a release that was made, with just what it told and repeated."""
    told = as_before(draft, made.told_now, _means_of(made))
    own, lines = {line.code: line for line in draft.indicators}, {line.code: line for line in made.indicators}

    def line(one: Line) -> Line:
        other = lines.get(one.code)
        if other is None or other.as_of is None:
            return one
        return repeated(_pointed(own[one.code], draft, made), other, other.as_of)

    return dataclasses.replace(
        told,
        repeated=tuple(table for table in made.tables if table.as_of is not None),
        repeated_means=tuple(mean for mean in made.means if mean.as_of is not None),
        indicators=tuple(map(line, told.indicators)),
        replaces=made.replaces,
        elsewhere=made.elsewhere,
    )


def erratum(draft: Draft, wrong: Released, before: Sequence[Released] = ()) -> Draft:
    """The draft of a release in place of one that was ``wrong``: the same tables; its means are withdrawn.

    ``before``: all that its readers were told so far. Raises LedgerError where ``wrong`` is an erratum itself.
    """
    if wrong.replaces is not None:
        first = wrong.replaces.release
        raise LedgerError("release.schedule.erratum_of_erratum", name=draft.release, other=wrong.release, first=first)
    made = as_made(hours.as_told(draft, wrong), wrong)
    gone = {line.code for line in made.indicators if line.mean and line.as_of is None}
    why = withheld("withdrawn")
    waits = {line.code: line.withheld for line in wrong.indicators if not (line.numerator or line.mean)}
    lines = (
        dataclasses.replace(line, mean="", achieved=None, withheld=why)
        if line.code in gone
        else dataclasses.replace(line, withheld=waits[line.code])
        if line.withheld and waits.get(line.code)
        else line
        for line in made.indicators
    )
    replaces = Replaced(wrong.release, wrong.day)
    made = dataclasses.replace(made, means=(), indicators=tuple(lines), replaces=replaces)
    since = {topic for one in before for topic in spent(one)}
    elsewhere = [topic for topic in wrong.elsewhere if topic not in since]
    return _bound(made, elsewhere, before) if wrong.elsewhere else made


def _line(own: Line, line: Line, draft: Draft, before: Sequence[Telling], *, withdrawn: Collection[str]) -> Line:
    """The indicator as it is told now, else as it was told last, else withheld."""
    if line.numerator or line.mean or not (own.numerator or own.mean):
        return line
    for one in reversed(before):
        made = _pointed(own, draft, one)
        for other in one.indicators:
            told = other.as_of is None and (other.achieved, other.low, other.high) != (None,) * 3
            if told and same_number(other, made):
                return repeated(made, other, one.day)
    return dataclasses.replace(line, withheld=withheld("withdrawn" if own.mean in withdrawn else "scheduled"))


def _pointed(own: Line, draft: Draft, made: Telling) -> Line:
    return pointed(own, dataclasses.replace(draft, means=made.means), made.tables)


def same_number(one: Line, other: Line) -> bool:
    """Whether both are of the same number."""
    return (one.code, one.unit, one.numerator, one.denominator, one.mean) == (
        other.code, other.unit, other.numerator, other.denominator, other.mean,
    )  # fmt: skip


def repeated(line: Line, told: Line, day: dt.date) -> Line:
    numbers = {name: getattr(told, name) for name in ("achieved", "low", "high", "n", "of", "withheld")}
    return as_told_on(dataclasses.replace(line, **numbers), day)


_Told = TypeVar("_Told", CountTable, Mean, Line)
_Made = TypeVar("_Made", bound=Telling)


def as_told_on(told: _Told, day: dt.date) -> _Told:
    return dataclasses.replace(told, labels=as_of(told.labels, day), as_of=day)


def right(before: Sequence[_Made]) -> list[_Made]:
    """The releases that no erratum replaced."""
    wrong = {one.replaces.release for one in before if one.replaces}
    return [one for one in before if one.release not in wrong]


def _means_of(made: Telling) -> list[Mean]:
    """The means that a release told, or withheld, itself."""
    return [mean for mean in made.means if mean.as_of is None]


def means_told(made: Telling) -> list[Mean]:
    return [mean for mean in _means_of(made) if mean.change is not None]


def _people(draft: Draft) -> list[CountTable]:
    return [table for table in (*draft.tables, *draft.joint, *draft.ranged) if about_people(table)]


def _shown(draft: Draft) -> list[CountTable]:
    return [table for table in (*draft.tables, *draft.ranged) if about_people(table)]


def tables_told(before: Iterable[Telling]) -> list[CountTable]:
    """The tables about people that releases told themselves."""
    return [table for one in before for table in one.tables if about_people(table) and table.as_of is None]


def about_people(table: CountTable) -> bool:
    """Whether it tells more of participants than how many there are, which is public."""
    return table.population == PEOPLE and bool(table.variables)


def _variables(table: CountTable) -> frozenset[str]:
    """By which its people are counted, finely or more coarsely."""
    return frozenset(name for variable in table.variables for name in (variable.id, *variable.within))


def _topic(table: CountTable) -> str:
    return _SHOWN.get(table.topic, table.topic)


def spent(leaving: Released) -> tuple[str, ...]:
    """The topics about people that a release tells now, so that later ones only repeat them."""
    return tuple(dict.fromkeys(_topic(table) for table in tables_told([leaving])))


def faults(file: ProjectFile) -> Iterator[tuple[tuple[str | int, ...], Message]]:
    """What project.yml plans that cannot be, each with its keys."""
    yield from ((("releases", place), said) for place, said in misplaced(file.releases))
    for place, one in enumerate(file.releases):
        for topic in one.topics:
            if topic not in TOPICS:
                said = Message("release.schedule.no_topic", release=one.name, name=topic, hint=nearest(topic, TOPICS))
                yield ("releases", place, "topics"), said
