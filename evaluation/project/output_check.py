"""The output check as a person sees it: what would leave, what is hidden and why, and the auditor's verdict."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from evaluation.errors import BadArgument, NotReleased
from evaluation.inside.display import DARK, GREY, LIGHT, Inside, frame, pick, pictured, stack
from evaluation.project.draft.assembly import draft
from evaluation.project.opened import Project
from evaluation.project.releasing import propose, released_before
from evaluation.release.census import identity
from evaluation.release.ledger import Proposal
from evaluation.release.preview import preview
from evaluation.release.released import Count, CountTable
from evaluation.schema import text

SUGGESTIONS = 8
__all__ = ["confirm", "costs", "counts", "loss", "propose", "sentences", "verdict"]


def sentences(proposal: Proposal, language: str = "en") -> Iterator[str]:
    """The output check for a terminal: verdict, then each table with what it prints and hides."""
    for question, answer in _verdict(proposal, language):
        yield f"{question}: {answer}"
    for table in proposal.leaving.tables:
        printed, primary, other = _split(table, proposal)
        yield f"  {table.id}: {printed} printed, {primary} hidden as unsafe, {other} hidden to protect others"


def costs(project: Project, release: str, language: str = "en") -> Iterator[str]:
    """What each table would cost, and the merges and omissions that would hide less, best first."""
    if released_before(project, release) is not None:
        raise BadArgument(f"'{release}' is already released; add --release NAME for the next one.")
    found = preview(
        draft(project.results, release),
        project.folder / "releases",
        project=project.declaration.file.id,
        rules=project.declaration.file.rules,
    )
    yield pick(
        language,
        f"{found.hidden} numbers hidden, {found.printed} printed:",
        f"Ukryte: {found.hidden}, wydrukowane: {found.printed}:",
    )
    for table, (hidden, printed) in found.by_table.items():
        if hidden:
            yield pick(
                language,
                f"  {table}: {hidden} hidden, {printed} printed",
                f"  {table}: ukryte {hidden}, wydrukowane {printed}",
            )
    for one in found.suggestions[:SUGGESTIONS]:
        what = (
            pick(language, f"without {one.drop}", f"bez {one.drop}")
            if one.drop
            else pick(
                language,
                f"{one.variable}: {' + '.join(one.merge)} together",
                f"{one.variable}: razem {' + '.join(one.merge)}",
            )
        )
        yield pick(
            language,
            f"{what}: it costs {one.hidden} instead of {found.hidden}, and {one.printed} are printed",
            f"{what}: koszt {one.hidden} zamiast {found.hidden}, wydrukowane {one.printed}",
        )


def verdict(proposal: Proposal, language: str) -> Inside:
    """What the gate did and what the auditor found."""
    columns = pick(language, "question|answer", "pytanie|odpowiedź").split("|")
    return Inside(
        language, pick(language, "The verdict", "Werdykt"), frame(columns, list(_verdict(proposal, language)))
    )


def _verdict(proposal: Proposal, language: str) -> Iterator[tuple[str, str]]:
    made = proposal.certificate
    safe = pick(language, "safe", "bezpieczne") if proposal.safe else pick(language, "NOT safe", "NIE jest bezpieczne")
    best = pick(language, "the fewest possible", "najmniej, ile można")
    gap = pick(language, f"at most {made.gap} more than needed", f"najwyżej o {made.gap} więcej, niż trzeba")
    if proposal.again:
        yield pick(language, "Released before, on", "Wydano wcześniej, dnia"), proposal.entry.released_on.isoformat()
    unsafe = pick(language, "Unsafe themselves", "Same niebezpieczne")
    today = pick(language, ", by the numbers of today", ", według dzisiejszych liczb") if proposal.again else ""
    yield pick(language, "Audience", "Odbiorca"), f"{made.profile} (t = {made.threshold})"
    yield pick(language, "Numbers considered", "Rozważone liczby"), str(made.numbers)
    yield pick(language, "Hidden", "Ukryte"), f"{made.hidden} ({best if made.optimal else gap})"
    yield f"{unsafe}{today}", str(len(proposal.primary))
    yield pick(language, "Can be computed exactly", "Można dokładnie obliczyć"), str(len(proposal.exact))
    yield pick(language, "Protected less than required", "Chronione słabiej, niż trzeba"), str(len(proposal.narrow))
    yield (
        pick(language, "Earlier releases taken into account", "Uwzględnione wcześniejsze wydania"),
        str(made.earlier_releases),
    )
    yield pick(language, "The auditor says", "Audytor stwierdza"), safe


def counts(proposal: Proposal, language: str) -> Inside:
    """Every protected count: printed, or hidden as primary or complementary, with what a reader can still say."""
    rows = []
    for table in proposal.leaving.tables:
        for count in table.counts:
            name = identity(table.population, proposal.leaving.release, count.at)
            where = ", ".join(_label(table, count, language)) or pick(language, "everyone", "wszystkie osoby")
            rows.append((text(table.labels, language), where, *_state(proposal, count, name, language)))
    columns = pick(language, "table|who|leaves as", "tabela|kto|wychodzi jako").split("|")
    known = pick(language, "a reader knows", "czytelnik wie")
    if proposal.again:
        known = pick(language, "a reader knew when it was released", "czytelnik wiedział po wydaniu")
    return Inside(language, pick(language, "What would leave", "Co miałoby wyjść"), frame([*columns, known], rows))


def _label(table: CountTable, count: Count, language: str) -> Iterator[str]:
    for variable in table.variables:
        if variable.id in count.at:
            yield text(variable.codes[count.at[variable.id]], language)


def _state(proposal: Proposal, count: Count, name: str, language: str) -> tuple[str, str]:
    if count.value is not None:
        return str(count.value), ""
    why = (
        pick(language, "hidden: unsafe itself", "ukryte: samo niebezpieczne")
        if name in proposal.primary
        else pick(language, "hidden: protects another", "ukryte: chroni inną liczbę")
    )
    low, high = proposal.intervals.get(name, (0, None))
    return why, f"{low}–{'…' if high is None else high}"


def loss(proposal: Proposal, language: str) -> Inside:
    """Numbers printed and hidden, table by table: unsafe themselves, or protecting another."""
    import matplotlib.pyplot as plt

    tables = [table for table in proposal.leaving.tables if table.protected]
    split = [_split(table, proposal) for table in tables]
    names = pick(
        language, "printed|unsafe itself|protects another", "wydrukowane|same niebezpieczne|chronią inne"
    ).split("|")
    looks = ((DARK, ""), (GREY, ""), (LIGHT, "//"))
    parts = [
        (name, pd.Series([one[at] for one in split], dtype=int), *look)
        for at, (name, look) in enumerate(zip(names, looks, strict=True))
    ]
    figure, axes = plt.subplots(figsize=(7, 0.32 * max(1, len(tables)) + 1.2))
    stack(axes, [table.id for table in tables], parts)
    axes.set_xlabel(pick(language, "numbers", "liczby"))
    rows = [(table.id, text(table.labels, language), *one) for table, one in zip(tables, split, strict=True)]
    columns = pick(language, "id|table", "id|tabela").split("|")
    return pictured(figure, pick(language, "What it costs", "Ile to kosztuje"), [*columns, *names], rows, language)


def _split(table: CountTable, proposal: Proposal) -> tuple[int, int, int]:
    """How many numbers of the table are printed, hidden as primary, hidden as complementary."""
    hidden = [identity(table.population, proposal.leaving.release, c.at) for c in table.counts if c.value is None]
    primary = sum(name in proposal.primary for name in hidden)
    return len(table.counts) - len(hidden), primary, len(hidden) - primary


def confirm(answer: str) -> None:
    """Raises NotReleased unless the person typed a clear yes."""
    if answer.strip().lower() not in ("yes", "y", "tak", "t"):
        raise NotReleased("Nothing was released.")
