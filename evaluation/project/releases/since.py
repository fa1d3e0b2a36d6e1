"""What the person at the output check ought to know of time: what is told once, what changed since the last release."""

from __future__ import annotations

from collections.abc import Iterator

from evaluation.project.opened import Project
from evaluation.project.output_check import between, labels
from evaluation.project.releases import design, known_releases
from evaluation.release import bundle, editions
from evaluation.release.files import chain
from evaluation.release.ledger import Proposal
from evaluation.release.planned import schedule
from evaluation.release.released import Count, CountTable, Released, Value
from evaluation.schema import text
from evaluation.texts import quoted, say


def lines(project: Project, proposal: Proposal, language: str = "en") -> Iterator[str]:
    """What this release spends, then what each edition tells otherwise than the one before; nothing of one made before.

    Only numbers that both print are compared.
    """
    if proposal.again:
        return
    told = dict.fromkeys(
        text(mean.labels, language)
        for one in proposal.editions
        for mean in one.leaving.means
        if mean.change is not None and mean.as_of is None
    )
    if told:
        yield say("project.since.spends", language, names=[quoted(name) for name in told])
    wrong, stated = proposal.leaving.replaces, proposal.leaving.facts.statements
    if wrong is not None and not any(one.part == "correction" for one in stated):
        yield say("project.since.no_correction", language, release=quoted(wrong.release))
    yield from told_once(project, proposal, language)
    entries = known_releases.entries(project)
    for one in proposal.editions:
        before = editions.of(entries, one.entry.edition)
        if before:
            last = bundle.read(chain.file(project.folder / "releases", before[-1]))
            yield from changed(last, one.leaving, language)


def told_once(project: Project, proposal: Proposal, language: str) -> Iterator[str]:
    """Of a planned release, the topics that it spends, and whether a later one may ever tell them anew."""
    planned, name = project.declaration.file.releases, proposal.leaving.release.casefold()
    place = next((number for number, one in enumerate(planned) if one.name.casefold() == name), None)
    if place is None:
        return
    told = dict.fromkeys(topic for one in proposal.editions for topic in schedule.spent(one.leaving))
    later = [one.name for one in planned[place + 1 :] if any(map(one.due, told))]
    if told:
        day, topics = proposal.leaving.provenance.released_on, [quoted(topic) for topic in told]
        yield say("project.since.spends_topics", language, topics=topics, day=day)
        names, n = [quoted(one) for one in later], 2 * proposal.entry.threshold
        yield (
            say("project.since.anew", language, names=names, n=n)
            if names
            else say("project.since.never_anew", language)
        )
        yield from (say(one, language) for one in design.foreseen(project, since=name))


def changed(last: Released, now: Released, language: str) -> Iterator[str]:
    """The numbers of ``now`` that are others than in the release before it."""
    earlier = {_place(table, count): count.value for table in last.told_now for count in table.counts}
    found: dict[object, str] = {}
    for table in now.told_now:
        for count in table.counts:
            was = earlier.get(_place(table, count))
            if was is not None and count.value not in (None, was):
                facts = {"was": _said(was), "now": _said(count.value)}
                where = ", ".join([text(table.labels, language), *labels(table, count, language)])
                line = say("project.since.number", language, where=where, **facts)
                found.setdefault(_place(table, count), line)
    key = "project.since.changed" if found else "project.since.unchanged"
    yield say(key, language, release=last.release, day=last.provenance.released_on, n=len(found))
    yield from found.values()


def _place(table: CountTable, count: Count) -> tuple[str, frozenset[tuple[str, str]]]:
    return table.population, frozenset(count.at.items())


def _said(value: Value) -> str:
    return between(*value) if isinstance(value, tuple) else str(value)
