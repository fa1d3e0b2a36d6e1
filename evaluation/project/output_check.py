"""The output check as a person sees it: what would leave, what is hidden and why, and the auditor's verdict."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

import pandas as pd

from evaluation import drawing
from evaluation.errors import BadArgument, NotReleased
from evaluation.inside.display import DARK, GREY, LIGHT, Inside, frame, pictured, stack
from evaluation.project.opened import Project
from evaluation.project.releases import design, known_releases
from evaluation.project.releases.releasing import propose, released_before
from evaluation.release.ledger import Proposal
from evaluation.release.preview import preview
from evaluation.release.released import Certificate, Count, CountTable, Draft
from evaluation.release.system.quantities import identity
from evaluation.schema import Rules, text
from evaluation.texts import Message, is_yes, quoted, say

SUGGESTIONS = 8
__all__ = ["confirm", "costs", "counts", "loss", "propose", "sentences", "verdict"]


def sentences(proposal: Proposal, language: str = "en") -> Iterator[str]:
    """The output check for a terminal: of each edition the verdict, then each table with what it prints and hides."""
    for one in proposal.editions:
        for question, answer in _verdict(one, language):
            yield f"{question}: {answer}"
        titles = _titles(one.leaving.told_now, language)
        for table in one.leaving.told_now:
            printed, primary, other = _split(table, one)
            facts = {"table": titles[table.id], "printed": printed, "primary": primary, "complementary": other}
            yield say("project.output_check.table", language, **facts)


def costs(project: Project, release: str, language: str = "en", *, erratum_of: str = "") -> Iterator[str]:
    """What each table would cost, and the merges and omissions that would hide less, best first, of each edition.

    ``erratum_of``: the release that this one would replace.
    """
    if released_before(project, release) is not None:
        raise BadArgument("project.output_check.already_released", release=release)
    drafts = design.chosen(project, release, known_releases.entries(project), erratum_of=erratum_of)
    for proposed, rules in zip(drafts, project.declaration.file.rules.audiences, strict=True):
        if project.declaration.file.rules.editions:
            yield f"{say('project.output_check.audience', language)}: {_audience(rules, language)}"
        yield from _costs(project, proposed, rules, language)


def _costs(project: Project, proposed: Draft, rules: Rules, language: str) -> Iterator[str]:
    cost = preview(
        proposed,
        project.folder / "releases",
        project=project.declaration.file.id,
        rules=rules,
        anchor=known_releases.anchor(project),
    )
    titles = _titles(proposed.tables, language)
    yield say("project.output_check.cost", language, hidden=cost.hidden, printed=cost.printed)
    for table, (hidden, printed) in cost.by_table.items():
        if hidden:
            facts = {"table": titles[table], "hidden": hidden, "printed": printed}
            yield say("project.output_check.cost_of_table", language, **facts)
    for change in cost.suggestions[:SUGGESTIONS]:
        what = Message("project.output_check.without", drop=titles.get(change.drop))
        if change.merge:
            variable = next(v for table in proposed.tables for v in table.variables if v.id == change.variable)
            groups = [quoted(text(variable.codes[code], language)) for code in change.merge]
            what = Message("project.output_check.together", variable=text(variable.labels, language), groups=groups)
        facts = {"what": what, "hidden": change.hidden, "now": cost.hidden, "printed": change.printed}
        yield say("project.output_check.would_cost", language, **facts)


def _titles(tables: Sequence[CountTable], language: str) -> dict[str, str]:
    """What each table is called, by its id, with what it counts where another table has the same label."""
    return {table.id: ", ".join(_title(table, language)) for table in tables}


_COUNTS = (
    "answered", "asked", "assessed", "best", "completed", "direction", "improved", "known", "merged", "pairs", "taken",
    "worse",
)  # fmt: skip


def _title(table: CountTable, language: str) -> Iterator[str]:
    kind, _, by = table.id.partition(".by.")
    counts = "known" if kind.startswith("known:") else kind.rpartition(".")[2]
    yield text(table.labels, language)
    if counts in _COUNTS and counts != kind:
        yield say(f"project.output_check.counts.{counts}", language)
    if by:
        yield say("project.output_check.counts.by", language, group=text(table.variables[-1].labels, language))


def verdict(proposal: Proposal, language: str) -> Inside:
    """What the gate did and what the auditor found, in a column for each edition."""
    question, answer = say("project.output_check.verdict_columns", language).split("|")
    columns = [answer]
    if proposal.confidential is not None:
        columns = [_audience(one.certificate, language) for one in proposal.editions]
    found = [dict(_verdict(one, language)) for one in proposal.editions]
    rows = [(name, *(answers[name] for answers in found)) for name in found[0]]
    return Inside(language, say("project.output_check.verdict", language), frame([question, *columns], rows))


def _audience(made: Rules | Certificate, language: str) -> str:
    audience = Message(f"project.output_check.profile.{made.profile}")
    return say("project.output_check.with_threshold", language, audience=audience, threshold=made.threshold)


def _verdict(proposal: Proposal, language: str) -> Iterator[tuple[str, str]]:
    made = proposal.certificate
    safe = (
        say("project.output_check.safe", language) if proposal.safe else say("project.output_check.not_safe", language)
    )
    best = say("release.suppress.gap" if proposal.gap else "release.suppress.fewest", language, gap=proposal.gap)
    how = "" if proposal.gap is None else best
    if proposal.again:
        yield say("project.output_check.released_before", language), proposal.entry.released_on.isoformat()
    unsafe = say("project.output_check.unsafe_themselves", language)
    today = say("project.output_check.todays_numbers", language) if proposal.again else ""
    yield say("project.output_check.audience", language), _audience(made, language)
    yield say("project.output_check.numbers_considered", language), str(made.numbers)
    yield say("project.output_check.hidden", language), f"{made.hidden} ({how})" if how else str(made.hidden)
    yield f"{unsafe}{today}", str(len(proposal.primary))
    yield say("project.output_check.can_be_computed_exactly", language), str(len(proposal.exact))
    yield say("project.output_check.protected_less", language), str(len(proposal.narrow))
    yield (
        say("project.output_check.earlier_releases", language),
        str(made.earlier_releases),
    )
    yield say("project.output_check.auditor_says", language), safe


def counts(proposal: Proposal, language: str) -> Inside:
    """Every protected count: printed, or hidden as primary or complementary, with what a reader can still say.

    Of two editions first those of the confidential one.
    """
    rows = []
    shown = [(one, table) for one in proposal.editions for table in one.leaving.told_now]
    for one, table in shown:
        edition = [_audience(one.certificate, language)] if proposal.confidential is not None else []
        for count in table.counts:
            name = identity(table.population, one.leaving.release, count.at)
            where = ", ".join(labels(table, count, language)) or say("project.output_check.everyone", language)
            rows.append((*edition, text(table.labels, language), where, *_state(one, count, name, language)))
    columns = say("project.output_check.counts_columns", language).split("|")
    if proposal.confidential is not None:
        columns = [say("project.output_check.audience", language), *columns]
    known = say("project.output_check.reader_knows", language)
    if proposal.again:
        known = say("project.output_check.reader_knew", language)
    return Inside(language, say("project.output_check.what_would_leave", language), frame([*columns, known], rows))


def labels(table: CountTable, count: Count, language: str) -> Iterator[str]:
    """What the codes of a count are called."""
    for variable in table.variables:
        if variable.id in count.at:
            yield text(variable.codes[count.at[variable.id]], language)


def _state(proposal: Proposal, count: Count, name: str, language: str) -> tuple[str, str]:
    if isinstance(count.value, int):
        return str(count.value), ""
    why = (
        say("project.output_check.primary", language)
        if name in proposal.primary
        else say("project.output_check.complementary", language)
    )
    if count.value is not None:
        why = f"{between(*count.value)} ({why})"
    low, high = proposal.intervals.get(name, (0, None))
    return why, between(low, high)


def between(low: int | None, high: int | None) -> str:
    """Between which numbers something lies."""
    return f"{low}–{'…' if high is None else high}"


@drawing.settings()
def loss(proposal: Proposal, language: str) -> Inside:
    """Numbers printed and hidden, table by table: unsafe themselves, or protecting another."""
    import matplotlib.pyplot as plt

    tables = [table for table in proposal.leaving.told_now if table.protected]
    split = [_split(table, proposal) for table in tables]
    names = say("project.output_check.loss_columns", language).split("|")
    looks = ((DARK, ""), (GREY, ""), (LIGHT, "//"))
    parts = [
        (name, pd.Series([one[at] for one in split], dtype=int), *look)
        for at, (name, look) in enumerate(zip(names, looks, strict=True))
    ]
    titles = _titles(tables, language)
    figure, axes = plt.subplots(figsize=(9, 0.36 * max(1, len(tables)) + 1.2))
    stack(axes, [textwrap.shorten(titles[table.id], 76, placeholder=" …") for table in tables], parts)
    axes.set_xlabel(say("project.output_check.numbers", language))
    rows = [(table.id, titles[table.id], *one) for table, one in zip(tables, split, strict=True)]
    columns = say("project.output_check.loss_table_columns", language).split("|")
    return pictured(figure, say("project.output_check.what_it_costs", language), [*columns, *names], rows, language)


def _split(table: CountTable, proposal: Proposal) -> tuple[int, int, int]:
    """How many numbers of the table are printed, hidden as primary, hidden as complementary; a range is no number."""
    unprinted = [count for count in table.counts if not isinstance(count.value, int)]
    hidden = [identity(table.population, proposal.leaving.release, count.at) for count in unprinted]
    primary = sum(name in proposal.primary for name in hidden)
    return len(table.counts) - len(hidden), primary, len(hidden) - primary


def confirm(answer: str) -> None:
    """Raises NotReleased unless the person typed a clear yes."""
    if not is_yes(answer):
        raise NotReleased("project.output_check.nothing_released")
