"""Earlier releases, and what changed since each of them, as rows of the same linear system."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from evaluation.errors import Contradiction
from evaluation.release.files.chain import Entry, Interval, LedgerCell, Population, Row
from evaluation.release.system.document import Cell, Document, People, Table, Unprinted, joined, total
from evaluation.release.system.quantities import At, Quantities, identity, sums

FAR = 1_000_000
"""Stands for "no limit known" where a change may be negative; no project counts so many people."""


def change_name(population: str, old: str, new: str, at: At) -> str:
    """The name of the hidden quantity ``new - old``, as ``participants@2014>2015[sex=F]``."""
    return identity(population, old, frozenset()).removesuffix("[]") + ">" + identity("", new, at).removeprefix("@")


def decreased(
    quantities: Quantities, entries: Sequence[Entry], seen: Collection[At], variables: Collection[str] = ()
) -> frozenset[At]:
    """The quantities that may be ``seen`` and are smaller than before although nobody but the ``left`` went.

    Somebody was corrected, moved on or withdrew there, so a reader cannot suppose that only newcomers
    were added; of all others she can. ``variables``: those in which this is so unseen, in hidden numbers.
    """
    last: dict[At, LedgerCell] = {}
    for _, population in _of(quantities.population, entries):
        last |= {_at(kept): kept for kept in population.cells}
    gone = left(quantities, entries)
    unseen = set(variables)
    return frozenset(
        at
        for at, cell in quantities.cells.items()
        if at in last
        and ((at in seen and cell.value < _ends(last[at])[0] - gone) or unseen & {variable for variable, _ in at})
    )


def left(quantities: Quantities, entries: Sequence[Entry]) -> int:
    """By how many the whole population became smaller: as many left at least, and more if others joined."""
    earlier = [
        kept for _, population in _of(quantities.population, entries) for kept in population.cells if not kept.at
    ]
    return max(0, _ends(earlier[-1])[0] - quantities.cells[frozenset()].value) if earlier else 0


def families(quantities: Quantities) -> tuple[tuple[str, ...], ...]:
    """The variables of these quantities, those together of which one is a coarser one of the other."""
    families: list[set[str]] = []
    for variable in quantities.codes:
        own = {variable, *quantities.within.get(variable, {})}
        joined = [family for family in families if family & own]
        families = [family for family in families if not family & own] + [own.union(*joined)]
    return tuple(tuple(sorted(family & set(quantities.codes))) for family in families)


def remembered(
    quantities: Quantities,
    entries: Sequence[Entry],
    *,
    threshold: int,
    seen: Collection[At],
    smaller: Collection[At] = (),
    revised: bool = False,
    known: Mapping[str, Interval] | None = None,
) -> Document:
    """The part of the document of these quantities that tells what was ever released of this population.

    Earlier printed numbers are fixed, earlier hidden ones stay unknown. For a quantity that was
    there before, ``new - old`` is one more hidden unknown: joined less revised. It is 0 or more, or no
    further below than people ``left``, which is the most an intruder can assume; only those in
    ``smaller`` may be anything, and only of those that may be ``seen`` the change has a number. Small changes must
    stay possible from 0 to one more, those of an erratum (``revised``) from -threshold to threshold; what earlier
    releases kept uncertain must stay so. ``known``: between which numbers the reader of another edition knows what may
    not be seen here, whose changes are small where they can be by that.

    Raises Contradiction when a variable has other categories than in an earlier release.
    """
    gone = left(quantities, entries)
    past, last = _past(quantities, entries, threshold)
    parts = [Document(quantities.release, threshold, left={quantities.population: gone}), *past]
    since = [
        Change(quantities.population, old, quantities.release, at, before)
        for at in sorted(quantities.cells.keys() & last.keys(), key=sorted)
        for old, before in (_each(quantities, entries, at) if revised and at else [last[at]])
    ]
    for change in since:
        now, before = quantities.cells[change.at], change.before
        ends = now.value, now.value
        if known is not None and change.at not in seen:
            low, high = known.get(quantities.name(change.at), (None, None))
            ends = low or 0, FAR if high is None else high
        parts.append(
            change.as_part(
                quantities.release,
                threshold,
                value=now.value - before.value if isinstance(before.value, int) and change.at in seen else None,
                falls=_may_fall(before, free=change.at in smaller, gone=gone),
                needed=None if now.public else _needed(ends, before, threshold=threshold, revised=revised),
            )
        )
    free = tuple(change.name for change in since if change.at in smaller)
    named = Document(
        quantities.release,
        threshold,
        changes={quantities.population: tuple(change.name for change in since)} if since else {},
        smaller={quantities.population: free} if free else {},
    )
    return joined([*parts, named])


def _past(
    quantities: Quantities, entries: Sequence[Entry], threshold: int
) -> tuple[list[Document], dict[At, tuple[str, LedgerCell]]]:
    """What each earlier release told and changed, and of each quantity the release that told it last."""
    parts: list[Document] = []
    last: dict[At, tuple[str, LedgerCell]] = {}
    for order, (entry, population) in enumerate(_of(quantities.population, entries), start=-len(entries)):
        _check_frozen(quantities, entry, population)
        parts.append(_earlier_release(entry, quantities, population, threshold, order))
        for kept in population.cells:
            at = _at(kept)
            if at in last:
                old, before = last[at]
                change = Change(quantities.population, old, entry.release, at, before)
                falls = _may_fall(before, free=change.name in population.smaller, gone=population.left)
                needed = _still(population.changes.get(change.name), threshold, least=0)
                parts.append(change.as_part(quantities.release, threshold, falls=falls, needed=needed))
        last |= {_at(kept): (entry.release, kept) for kept in population.cells}
    return parts, last


def _each(quantities: Quantities, entries: Sequence[Entry], at: At) -> list[tuple[str, LedgerCell]]:
    """What every release told of a quantity: an erratum may be read beside each, whatever stands between the two."""
    found = _of(quantities.population, entries)
    return [(entry.release, kept) for entry, population in found for kept in population.cells if _at(kept) == at]


@dataclass(frozen=True, slots=True)
class Change:
    """The hidden unknown ``new - old`` of one quantity; ``before``: what the old release told of it."""

    population: str
    old: str
    new: str
    at: At
    before: LedgerCell

    @property
    def name(self) -> str:
        return change_name(self.population, self.old, self.new, self.at)

    def as_part(
        self,
        release: str,
        threshold: int,
        *,
        value: int | None = None,
        falls: Interval | None,
        needed: tuple[int, int] | None,
    ) -> Document:
        """As a part of the document of ``release``."""
        new, old = identity(self.population, self.new, self.at), identity(self.population, self.old, self.at)
        return Document(
            release,
            threshold,
            hidden=(Unprinted(self.name, dict(sorted(self.at)), value),),
            relations=(Row(((new, 1), (old, -1), (self.name, -1)), "="),),
            bounds={} if falls is None else {self.name: falls},
            sensitive=_demand(self.name, needed),
        )


def _may_fall(before: LedgerCell, *, free: bool, gone: int) -> Interval | None:
    """How far below 0 a change may be; where nothing is said it is 0 or more."""
    most = _ends(before)[1]
    return (-most if free else -min(gone, most), None) if free or gone else None


def _of(population: str, entries: Sequence[Entry]) -> Iterable[tuple[Entry, Population]]:
    return ((entry, entry.populations[population]) for entry in entries if population in entry.populations)


def _at(kept: LedgerCell) -> At:
    return frozenset(kept.at.items())


def _ends(kept: LedgerCell) -> tuple[int, int]:
    """The smallest and largest number that is still possible from what was printed."""
    if isinstance(kept.value, int):
        return kept.value, kept.value
    low, high = kept.between or (0, None)
    if kept.value is not None:
        low, high = kept.value
    return low or 0, FAR if high is None else high


def _check_frozen(quantities: Quantities, entry: Entry, population: Population) -> None:
    for variable, codes in population.codes.items():
        if variable in quantities.codes and set(quantities.codes[variable]) != set(codes):
            raise Contradiction("release.table.frozen", variable=variable, release=entry.release)


def _earlier_release(
    entry: Entry, quantities: Quantities, population: Population, threshold: int, order: int
) -> Document:
    """What one release told of the population; what it hid must stay as uncertain as it was."""
    named = [(identity(quantities.population, entry.release, _at(kept)), kept) for kept in population.cells]
    cells = tuple(Cell(name, kept.at, kept.value, weight=0) for name, kept in named if isinstance(kept.value, int))
    hidden = [(name, kept) for name, kept in named if not isinstance(kept.value, int)]
    sensitive: dict[str, tuple[int, int]] = {}
    for name, kept in hidden:
        sensitive |= _demand(name, _still(kept.between, threshold, least=1))
    totals = (
        total(
            identity(quantities.population, entry.release, whole),
            [identity(quantities.population, entry.release, part) for part in parts],
        )
        for whole, parts in sums([_at(kept) for kept in population.cells], population.within)
    )
    return Document(
        quantities.release,
        threshold,
        tables=(Table(f"{quantities.population}@{entry.release}", entry.release, quantities.population, cells),),
        hidden=tuple(Unprinted(name, kept.at, None) for name, kept in hidden),
        relations=(*totals, *population.rows),
        bounds={name: kept.value for name, kept in hidden if isinstance(kept.value, tuple)},
        must_publish=tuple(cell.id for cell in cells),
        sensitive=sensitive,
        people=(
            People(
                population.codes,
                population.within,
                population.facts,
                {name: kept.at for name, kept in named},
                population.told,
                quantities.population,
                order,
                bool(entry.erratum_of),
            ),
        ),
    )


def _demand(name: str, interval: tuple[int, int] | None) -> dict[str, tuple[int, int]]:
    return {name: interval} if interval is not None and interval[0] < interval[1] else {}


def _still(between: Interval | None, threshold: int, *, least: int) -> tuple[int, int] | None:
    """What a quantity that was hidden must keep: as much as it had, up to the threshold.

    The ledger does not know which hidden number was unsafe, so every one that could be counts as such.
    """
    if between is None or threshold <= 1:
        return None
    low, high = between
    if (low is not None and low > least) or (high is not None and high < 0):
        return None
    return (
        -threshold if low is None else max(low, -threshold),
        threshold if high is None else min(high, threshold),
    )


def _needed(now: tuple[int, int], before: LedgerCell, *, threshold: int, revised: bool) -> tuple[int, int] | None:
    """The interval that a small change since ``before`` must keep: [0, d+1] for d who joined.

    Where the earlier number was hidden, or that of ``now`` may be one of several, the true change is one of several,
    of which the largest small one counts. As many below 0 for those who left; where numbers were ``revised``,
    whichever way it went.
    """
    low, high = _ends(before)
    least, most = now[0] - high, now[1] - low
    if revised:
        small = threshold > 1 and least < threshold and most > -threshold and (least, most) != (0, 0)
        return (-min(threshold, high), threshold) if small else None
    if least == most and 1 - threshold <= most <= -1:
        return max(most - 1, -high), 0
    if most < 1 or least > threshold - 1:
        return None
    return 0, min(threshold - 1, most) + 1
