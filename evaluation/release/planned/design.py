"""Which table leaves at which fineness: by what is public, or as a person declared; never by what was counted."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterator, Mapping, Sequence

from evaluation.codec import nearest
from evaluation.release.released import Count, CountTable, Draft, Ladder, Line, Mean, Reference
from evaluation.release.system.means import withheld
from evaluation.schema import ProjectFile, Rules
from evaluation.texts import Message, quoted

_OTHERS = dict.fromkeys(("in_procedure", "unregulated"), "others")

LADDERS: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "groups": {"groups": {}},
    "by_group": {"fine": {}, "coarse": {}},
    "flow": {"stages": {}, "answered": {"finished": "yes", "left": "no", "no_answer": "no"}},
    "courses": {"completed": {}, "taken": {"completed": "yes", "attended": "yes", "none": "no"}},
    "outcomes": {
        "direction": {},
        "improved": {"higher": "higher", "same": "others", "lower": "others", "not_paired": "not_paired"},
        "known": {"higher": "higher", "same": "others", "lower": "others", "not_paired": "others"},
    },
    "distributions": {
        "thirds": {},
        "best": {"high": "high", "middle": "others", "low": "others", "none": "none"},
        "known": {"high": "high", "middle": "others", "low": "others", "none": "others"},
    },
    "support": {"kinds": {}, "areas": {}},
    "status": {
        "status": {},
        "regulated": {"regulated": "regulated", **_OTHERS, "not_told": "not_told"},
        "known": {"regulated": "regulated", **_OTHERS, "not_told": "others"},
    },
    "status_change": {"change": {}, "known": {"changed": "changed", "same": "others", "not_told": "others"}},
    "needs": {"met": {}, "asked": {"met": "yes", "some": "yes", "none": "no"}},
    "indicators": {"reached": {}, "known": {"reached": "yes", "not_reached": "no", "none": "no"}},
}
"""The rungs of each topic, from fine to coarse: what becomes of each code. The first counts as the kit does."""

OWN = "own"
"""The topic of a project's own tables, which are told as they are declared."""

OMITTED = "omitted"
"""In place of a rung: the topic is not told."""

PEOPLE = "participants"


def turned(rung: Mapping[str, str]) -> dict[str, str]:
    """A rung of outcomes or distributions where lower is better."""
    other = {"higher": "lower", "lower": "higher", "high": "low", "low": "high"}
    return {other.get(code, code): other.get(to, to) for code, to in rung.items()}


def most_parts(planned: int, threshold: int) -> int:
    """How many parts a table of so many planned people may have; none where they are fewer than two thresholds.

    A cross-table's parts are its cells.
    """
    if threshold <= 1:
        return planned + 2  # nobody has to be protected
    return max(2, planned // (2 * threshold)) if planned >= 2 * threshold else 0


def designed(draft: Draft, rules: Rules, threshold: int, *, late: bool = False) -> Draft:
    """The draft with the tables that are to be told; all others are counted jointly, so that they stay protected.

    Of each ladder the finest rung leaves that has no more than ``most_parts``, or the declared one, and the coarser
    ones with it. Indicators point at a table that leaves and has their number, or are withheld. ``late``: what is
    declared was so after the data.
    """
    most = most_parts(draft.facts.planned, threshold)
    told = {name for ladder in draft.ladders for name in _told(ladder, _by_id(draft.tables), rules, most)}
    on_ladders = {name for ladder in draft.ladders for name in ladder.rungs.values()}
    leaving = {table.id for table in draft.tables if table.id in told or _free(table, on_ladders, most)}
    return dataclasses.replace(with_tables(draft, leaving), declared_late=late)


def as_before(draft: Draft, tables: Collection[CountTable], means: Collection[Mean]) -> Draft:
    """The draft with just the ``tables`` and ``means`` that an earlier version of its release had, as coarse."""
    told = {table.id for table in tables}
    known = {variable.id: variable.within for table in tables for variable in table.variables}
    own = tuple(_as_known(mean, one) for mean in draft.means for one in means if one.id == mean.id)
    draft = dataclasses.replace(draft, means=own)
    made = with_tables(draft, told | {table.id for table in draft.tables if not table.protected})

    def as_known(table: CountTable) -> CountTable:
        variables = (
            dataclasses.replace(one, within={to: at for to, at in one.within.items() if to in known[one.id]})
            if one.id in known
            else one
            for one in table.variables
        )
        return dataclasses.replace(table, variables=tuple(variables))

    return dataclasses.replace(
        made,
        tables=tuple(map(as_known, made.tables)),
        joint=tuple(map(as_known, made.joint)),
        ranged=tuple(as_known(table) for table in made.ranged if table.id in told),
    )


def _as_known(mean: Mean, known: Mean) -> Mean:
    return mean if known.start is not None else dataclasses.replace(mean, start=None)


def _free(table: CountTable, on_ladders: Collection[str], most: int) -> bool:
    """Whether a table without a ladder leaves: the total, other people, what is declared or has few parts."""
    if table.population != PEOPLE or not table.variables:
        return True
    if table.topic == OWN:
        return most > 0
    return table.id not in on_ladders and _parts(table) <= most


def _told(ladder: Ladder, tables: Mapping[str, CountTable], rules: Rules, most: int) -> list[str]:
    wanted = rules.rungs.get(ladder.topic) or ("merged" if "merged" in ladder.rungs else "")
    rungs = list(ladder.rungs)
    if wanted == OMITTED:
        return []
    if wanted in rungs:
        return [ladder.rungs[rung] for rung in rungs[rungs.index(wanted) :]]
    return [name for name in ladder.rungs.values() if ladder.parts.get(name, _parts(tables[name])) <= most]


def _parts(table: CountTable) -> int:
    parts = 1
    for variable in table.variables:
        parts *= len(variable.codes)
    return parts


def _by_id(tables: Collection[CountTable]) -> dict[str, CountTable]:
    return {table.id: table for table in tables}


def with_tables(draft: Draft, told: Collection[str]) -> Draft:
    """The draft with the tables of these ids; all others are counted jointly, and indicators follow."""
    leaving = tuple(table for table in draft.tables if table.id in told)
    kept = tuple(table for table in draft.tables if table.id not in told)
    lines = tuple(pointed(line, draft, leaving) for line in draft.indicators)
    joint = (*draft.joint, *kept)
    return dataclasses.replace(draft, tables=_weighed(leaving, lines), joint=joint, indicators=lines, ladders=())


_INDICATOR = 6
"""What hiding a number of an indicator or a declared breakdown costs; a margin costs 2, a cross-table's cell 1."""


def _weighed(tables: Collection[CountTable], lines: Collection[Line]) -> tuple[CountTable, ...]:
    """Counts that a declared indicator rests on are hidden last."""
    rests = {
        (one.table, frozenset(one.at.items())) for line in lines for one in (line.numerator, line.denominator) if one
    }

    def weighed(table: CountTable, count: Count) -> Count:
        wanted = table.id.startswith("breakdown:") or (table.id, frozenset(count.at.items())) in rests
        return dataclasses.replace(count, weight=_INDICATOR) if wanted else count

    return tuple(
        dataclasses.replace(table, counts=tuple(weighed(table, count) for count in table.counts)) for table in tables
    )


def pointed(line: Line, draft: Draft, leaving: Collection[CountTable]) -> Line:
    """The indicator as it stands on these tables of the draft, at any release; withheld where none has its number."""
    tables, none = _by_id((*draft.tables, *draft.joint)), {"achieved": None, "withheld": withheld("not_designed")}
    if line.mean and line.mean not in {mean.id for mean in draft.means}:
        return dataclasses.replace(line, mean="", **none)  # type: ignore[arg-type]
    if line.numerator is None:
        return line

    def place(reference: Reference | None) -> Reference | None:
        return next(_equal(reference, tables, leaving), None) if reference else None

    numerator, denominator = place(line.numerator), place(line.denominator)
    if numerator is None or (line.denominator and denominator is None):
        return dataclasses.replace(line, numerator=None, denominator=None, asked=None, breakdown="", **none)  # type: ignore[arg-type]
    breakdown = _breakdown(line.breakdown, draft, leaving)
    return dataclasses.replace(
        line, numerator=numerator, denominator=denominator, asked=place(line.asked), breakdown=breakdown
    )


def _breakdown(name: str, draft: Draft, leaving: Collection[CountTable]) -> str:
    """The finest rung of an indicator's breakdown that leaves."""
    told = _by_id(leaving)
    rungs = next((list(one.rungs.values()) for one in draft.ladders if name in one.rungs.values()), [name])
    return next((rung for rung in rungs if rung in told), "")


def _equal(
    reference: Reference, tables: Mapping[str, CountTable], leaving: Collection[CountTable]
) -> Iterator[Reference]:
    """The places among the tables that leave where the same people are counted, the finest first."""
    table = tables[reference.table]
    if table.id in _by_id(leaving):
        yield reference
    if len(table.variables) == 1 == len(reference.at):
        (code,) = reference.at.values()
        for other in leaving:
            coarse = other.variables[0].id if len(other.variables) == 1 else ""
            to = table.variables[0].within.get(coarse, {})
            if to and [at for at, place in to.items() if place == to[code]] == [code]:
                yield Reference(other.id, {coarse: to[code]})


def faults(file: ProjectFile) -> Iterator[tuple[tuple[str, ...], Message]]:
    """What project.yml declares under ``rules`` of rungs and merges that there is not, each with its keys."""
    for topic, rung in file.rules.rungs.items():
        at = ("rungs", topic)
        if topic not in LADDERS:
            yield at, Message("release.design.no_topic", name=topic, hint=nearest(topic, [*LADDERS]))
        elif rung not in (*LADDERS[topic], OMITTED):
            known = [*LADDERS[topic], OMITTED]
            yield at, Message("release.design.no_rung", topic=topic, name=rung, hint=nearest(rung, known))
    groups = {one.id: [*one.groups] for one in file.breakdowns}
    codes = {topic: [*to] for topic, rungs in LADDERS.items() for to in rungs.values() if to} | groups
    for name, merges in file.rules.merges.items():
        at = ("merges", name)
        if name not in codes:
            yield at, Message("release.design.no_merge", name=name, hint=nearest(name, [*codes]))
            continue
        yield from ((at, said) for said in _misfits(name, merges, codes))


def _misfits(name: str, merges: Sequence[Sequence[str]], codes: Mapping[str, Sequence[str]]) -> Iterator[Message]:
    named = [code for some in merges for code in some]
    for code in named:
        homes = [other for other, own in codes.items() if code in own]
        if code not in codes[name] and homes:
            yield Message("release.design.another_table", name=name, code=code, other=homes[0])
        elif code not in codes[name]:
            yield Message("release.design.no_code", name=name, code=code, hint=nearest(code, codes[name]))
    left = len(codes[name]) - len(named) + len(merges)
    if len({*named}) < len(named) or any(len(some) < 2 for some in merges) or left < 2:
        yield Message("release.design.no_partition", name=name, codes=[quoted(code) for code in codes[name]])
