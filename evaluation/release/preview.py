"""What each table costs before anything is published, and which merge or omission would cost less."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from evaluation.errors import Contradiction, Infeasible
from evaluation.release.audit.verdict import audit
from evaluation.release.files import chain
from evaluation.release.files.chain import UNANCHORED, Anchor, Entry
from evaluation.release.readers import known_beforehand
from evaluation.release.released import Count, CountTable, Draft, Reference, Variable
from evaluation.release.suppress.protection import protect
from evaluation.release.system.assembly import PriorIntervals, attainable, document
from evaluation.release.system.document import Document, values
from evaluation.schema import Rules
from evaluation.texts import either

OTHER = "merged"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One change of the draft and what it would do.

    ``drop`` names a table to leave out; ``merge`` names two categories of ``variable``. ``hidden`` and
    ``printed`` are the distinct numbers hidden and printed after it, of those that a reader would see.
    """

    drop: str
    variable: str
    merge: tuple[str, ...]
    hidden: int
    printed: int


@dataclass(frozen=True, slots=True)
class Preview:
    """The draft as it stands, ``by_table`` (hidden, printed) per table, and what would hide less, best first."""

    hidden: int
    printed: int
    by_table: Mapping[str, tuple[int, int]]
    suggestions: tuple[Suggestion, ...]


def preview(
    draft: Draft,
    folder: Path,
    *,
    project: str,
    rules: Rules,
    anchor: Anchor = UNANCHORED,
    steps: int = 300_000,
) -> Preview:
    """What protecting ``draft`` costs after all earlier releases in ``folder``, and cheaper designs.

    Tried are: leaving out each table, and merging two categories of each variable with at least
    three of them (never categories that a coarser variable keeps apart). ``steps`` bounds each
    trial. Of two editions, each is previewed by itself. Nothing is written. Raises what ledger.propose raises.
    """
    entries = [entry for entry in chain.read(folder, project, anchor) if entry.profile == rules.profile]
    draft, prior = dataclasses.replace(draft, hours=None), None
    hidden = _hidden(draft, entries, rules, steps)
    if hidden is None:
        prior = known_beforehand(_written(draft, entries, rules), audit).intervals
        hidden = _hidden(draft, entries, rules, steps, prior)
    if hidden is None:
        raise Infeasible("release.suppress.nothing_protects")
    suggestions = []
    for changed, suggestion in _changes(draft):
        try:
            left = _hidden(changed, entries, rules, steps, prior)
        except (Contradiction, Infeasible):
            continue  # categories of an earlier release stay as they are, and a table may be what makes others safe
        if left is None or len(left) >= len(hidden):
            continue
        printed = _numbers(changed) - len(left)
        suggestions.append(dataclasses.replace(suggestion, hidden=len(left), printed=printed))
    return Preview(
        hidden=len(hidden),
        printed=_numbers(draft) - len(hidden),
        by_table={table.id: _of_table(table, hidden) for table in draft.tables if table.protected},
        suggestions=tuple(sorted(suggestions, key=lambda one: (-one.printed, one.hidden, one.drop, one.merge))),
    )


Cell = tuple[str, frozenset[tuple[str, str]]]


def _cell(table: CountTable, count: Count) -> Cell:
    return table.population, frozenset(count.at.items())


def _numbers(draft: Draft) -> int:
    return len({_cell(table, count) for table in draft.tables if table.protected for count in table.counts})


def _of_table(table: CountTable, hidden: set[Cell]) -> tuple[int, int]:
    gone = sum(_cell(table, count) in hidden for count in table.counts)
    return gone, len(table.counts) - gone


def _hidden(
    draft: Draft, entries: Sequence[Entry], rules: Rules, steps: int, prior: PriorIntervals | None = None
) -> set[Cell] | None:
    """The numbers that would be hidden; None where nothing protects the draft.

    ``prior``: ask for no more than is left when nothing new is printed, as the gate does.
    """
    written = _written(draft, entries, rules)
    asked = written if prior is None else attainable(written, prior)
    try:
        left = values(protect(asked.as_mapping(), steps=steps).published)
    except Infeasible:
        return None
    return {
        (table.population, frozenset(cell.at.items()))
        for table in written.tables
        if table.release == draft.release
        for cell in table.cells
        if left.get(cell.id) is None
    }


def _written(draft: Draft, entries: Sequence[Entry], rules: Rules) -> Document:
    return document(dataclasses.replace(draft, means=()), threshold=rules.threshold, earlier=entries)


def _changes(draft: Draft) -> Iterator[tuple[Draft, Suggestion]]:
    rests = [one for line in draft.indicators for one in (line.numerator, line.denominator, line.asked) if one]
    needed = {one.table for one in rests} | {f"{mean.id}.pairs" for mean in draft.means}
    for table in draft.tables:
        if table.protected and table.variables and table.id not in needed:
            yield _without(draft, table.id), Suggestion(table.id, "", (), 0, 0)
    variables = {variable.id: variable for table in draft.tables if table.protected for variable in table.variables}
    for variable in variables.values():
        if len(variable.codes) > 2:
            for pair in itertools.combinations(variable.codes, 2):
                if all(mapping[pair[0]] == mapping[pair[1]] for mapping in variable.within.values()):
                    yield merged(draft, variable.id, pair), Suggestion("", variable.id, pair, 0, 0)


def _without(draft: Draft, table_id: str) -> Draft:
    tables = tuple(table for table in draft.tables if table.id != table_id)
    kept = {table.id for table in tables}
    relations = tuple(one for one in draft.relations if all(reference.table in kept for reference, _ in one.terms))
    counted = {variable.id for table in (*tables, *draft.joint) for variable in table.variables}
    known = tuple(fact for fact in draft.implications if fact.variables <= counted)
    return dataclasses.replace(draft, tables=tables, relations=relations, implications=known)


def merged(draft: Draft, variable_id: str, codes: Sequence[str]) -> Draft:
    """The draft with ``codes`` of one variable counted together everywhere, as one category ``merged``.

    Relations and indicators that name one of the codes are left out: they are about a count that is
    no longer there.
    """
    tables = tuple(_merged_table(table, variable_id, codes) for table in draft.tables)

    def stays(*references: Reference | None) -> bool:
        return all(one is None or one.at.get(variable_id) not in codes for one in references)

    return dataclasses.replace(
        draft,
        tables=tables,
        joint=tuple(_merged_table(table, variable_id, codes) for table in draft.joint),
        relations=tuple(one for one in draft.relations if stays(*(reference for reference, _ in one.terms))),
        implications=tuple(fact for fact in draft.implications if variable_id not in fact.variables),
        indicators=tuple(line for line in draft.indicators if stays(line.numerator, line.denominator, line.asked)),
    )


def _merged_table(table: CountTable, variable_id: str, codes: Sequence[str]) -> CountTable:
    counts: dict[frozenset[tuple[str, str]], Count] = {}
    for count in table.counts:
        at = {name: OTHER if name == variable_id and code in codes else code for name, code in count.at.items()}
        place = frozenset(at.items())
        before = counts[place].value if place in counts else 0
        if isinstance(before, int) and isinstance(count.value, int):
            count = dataclasses.replace(count, value=before + count.value)
        counts[place] = dataclasses.replace(count, at=at)
    variables = tuple(_merged_variable(one, variable_id, codes) for one in table.variables)
    return dataclasses.replace(table, variables=variables, counts=tuple(counts.values()))


def _merged_variable(variable: Variable, merged: str, codes: Sequence[str]) -> Variable:
    """The variable, if it is the ``merged`` one, with its codes as one; within it, if it is a finer one."""

    def together(code: str) -> str:
        return OTHER if code in codes else code

    if variable.id != merged:
        finer = {code: together(to) for code, to in variable.within.get(merged, {}).items()}
        return dataclasses.replace(variable, within={**variable.within, **({merged: finer} if finer else {})})
    kept = {code: label for code, label in variable.codes.items() if code not in codes}
    within = {
        coarse: {together(code): to for code, to in mapping.items()} for coarse, mapping in variable.within.items()
    }
    codes_now = {**kept, OTHER: either([variable.codes[code] for code in codes])}
    return dataclasses.replace(variable, codes=codes_now, within=within)
