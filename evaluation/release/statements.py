"""Means and indicators as they may be printed, from printed counts only, and what they say of hidden ones."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from evaluation.errors import Contradiction
from evaluation.release.census import At, Census
from evaluation.release.chain import Row, Told
from evaluation.release.released import CountTable, Line, Mean, Reference, Value
from evaluation.rounding import rounded
from evaluation.schema import Labels

MINIMUM = {"paired": 10, "all enrolled": 13, "waiting list": 20}
"""People with both scores behind a printed mean: ten (of each group), or ten degrees of freedom with three
coefficients."""

TOO_FEW: Labels = {
    "en": "Not shown: too few people answered both times, or something about a few of them would follow.",
    "pl": "Nie pokazano: za mało osób odpowiedziało dwa razy albo wynikałoby coś o kilku z nich.",
}
HIDDEN: Labels = {
    "en": "Not shown, so that nobody can be recognised.",
    "pl": "Nie pokazano, aby nikogo nie można było rozpoznać.",
}
NOBODY: Labels = {"en": "Nobody could be counted.", "pl": "Nie było kogo policzyć."}
NO_TARGET: Labels = {"en": "No target was agreed.", "pl": "Nie uzgodniono wartości docelowej."}
TARGET_ZERO: Labels = {
    "en": "A share of the target cannot be given: the target is zero.",
    "pl": "Nie można podać części wartości docelowej: wynosi ona zero.",
}
NO_BASELINE: Labels = {
    "en": "Progress cannot be given: there is no baseline.",
    "pl": "Nie można podać postępu: nie ma wartości początkowej.",
}
TARGET_IS_BASELINE: Labels = {
    "en": "Progress cannot be given: the target equals the baseline.",
    "pl": "Nie można podać postępu: wartość docelowa jest równa początkowej.",
}


@dataclass(frozen=True, slots=True)
class Said:
    """A mean that may be printed: ``answered`` are the people behind it.

    ``least``: counts of which every reader knows that they are so many or more, because the mean is told;
    ``rows``: what else it says about counts of ``population``.
    """

    population: str
    answered: str
    least: Mapping[str, int]
    rows: tuple[Row, ...]


def tellable(
    n: int, of: int, threshold: int, *, zeros_sensitive: bool = True, minimum: int = MINIMUM["paired"]
) -> bool:
    """Whether a mean of ``n`` people may be told at all, by a rule that says nothing of the others.

    Not below ``minimum`` or the threshold. Among so few (``of``) that whoever sees a mean could say
    that fewer than the threshold did not answer, it is told only where nobody has to be protected.
    """
    if n < max(minimum, threshold):
        return False
    return threshold <= 1 or of - threshold >= minimum or (n == of and not zeros_sensitive)


def fresh(mean: Mean, earlier: Sequence[Told], *, threshold: int) -> bool:
    """Whether no mean of this outcome was told before: what is told of an outcome leaves once, at once.

    From two means and their n, and already from one being repeated, follows something about those
    who joined in between; that it leaves once depends on nobody's answers.
    """
    return threshold <= 1 or all(_outcome(told.id) != _outcome(mean.id) for told in earlier)


def _outcome(mean: str) -> str:
    return mean.partition(".")[0]


def said(mean: Mean, censuses: Sequence[Census], *, threshold: int) -> Said | None:
    """What is told by printing the mean, or None where it cannot be printed at all.

    Raises Contradiction when no table has the variable ``<outcome>.pairs`` (yes, no), or when n or
    of are not its numbers.
    """
    one, outcome = _place(mean, censuses)
    total, answered = one.cells[frozenset()], _pairs(outcome, "yes")
    if mean.of != total.value or not total.public:
        raise Contradiction(
            f"The mean '{mean.id}' is of all in '{one.population}', so 'of' needs to be their public total; "
            "correct it or mark the total as public."
        )
    if mean.change is None:
        return None
    if mean.n != one.cells[answered].value:
        raise Contradiction(f"The mean '{mean.id}' has another n than the table of its pairs; correct one.")
    minimum = MINIMUM[mean.method] if threshold > 1 else 1
    told = tellable(
        one.cells[answered].value,
        total.value,
        threshold,
        zeros_sensitive=one.cells[_pairs(outcome, "no")].zero_sensitive,
        minimum=minimum,
    )
    if not told:
        return None
    found = _mean_rows(mean, one, outcome) if mean.method == "paired" else ()
    least = {one.name(answered): minimum}
    if mean.method == "waiting list":
        least |= {one.name(at): max(MINIMUM["paired"], threshold) for at in _groups(one, outcome)}
    return Said(one.population, one.name(answered), least, found)


def _groups(one: Census, outcome: str) -> tuple[At, At]:
    """Those with both scores among the served and among the waiting.

    Raises Contradiction where no table crosses ``<outcome>.pairs`` with ``served``.
    """
    places = tuple(frozenset({(f"{outcome}.pairs", "yes"), ("served", code)}) for code in ("yes", "no"))
    if not all(at in one.cells for at in places):
        raise Contradiction(
            f"A comparison of '{outcome}' needs a protected table of '{outcome}.pairs' by 'served' (yes, no), so that"
            " what it says of both groups passes the gate; add it."
        )
    return places[0], places[1]


def printed_means(
    means: Sequence[Mean], censuses: Sequence[Census], *, threshold: int, printed: Mapping[str, Value]
) -> tuple[Mean, ...]:
    """The means as they leave. ``printed``: the released number of each quantity, None if hidden.

    The reason for a missing mean is the same for all, because a special one would tell a number.
    """
    return tuple(_printed_mean(mean, said(mean, censuses, threshold=threshold), printed) for mean in means)


def printed_lines(lines: Sequence[Line], tables: Sequence[CountTable], means: Sequence[Mean]) -> tuple[Line, ...]:
    """The indicators with achieved, share of the target and progress, from released numbers only.

    Shares are rounded to whole percents, half up. Raises Contradiction when an indicator points at
    a count or mean that is not there, or counts people and points at neither.
    """
    counts = {(table.id, frozenset(count.at.items())): count.value for table in tables for count in table.counts}
    return tuple(_printed_line(line, counts, means) for line in lines)


def _pairs(outcome: str, code: str) -> At:
    return frozenset({(f"{outcome}.pairs", code)})


def _place(mean: Mean, censuses: Sequence[Census]) -> tuple[Census, str]:
    for outcome in (mean.id, mean.id.partition(".")[0]):
        for one in censuses:
            if _pairs(outcome, "yes") in one.cells and _pairs(outcome, "no") in one.cells:
                return one, outcome
    raise Contradiction(
        f"The mean '{mean.id}' needs a protected table with the variable '{mean.id}.pairs' (yes, no), so "
        "that its n passes the gate; add it."
    )


def _mean_rows(mean: Mean, one: Census, outcome: str) -> tuple[Row, ...]:
    """n·m is at most R for each who is higher and the step for each who is the same; so for a fall.

    m: the mean of n changes, R: the range of the scale. The counts are those of the variable
    ``<outcome>.direction``, if a table has it.
    """
    higher, same, lower = (frozenset({(f"{outcome}.direction", code)}) for code in ("higher", "same", "lower"))
    if not {higher, same, lower} <= one.cells.keys() or mean.change is None:
        return ()
    change = Decimal(str(mean.change))
    half = Decimal((0, (5,), int(change.as_tuple().exponent) - 1))
    width = Fraction(mean.scale_maximum) - Fraction(mean.scale_minimum)
    step = width if mean.step is None else min(width, Fraction(str(mean.step)))
    found = []
    for moved, least in ((higher, Fraction(change - half)), (lower, Fraction(-change - half))):
        scale = width.denominator * step.denominator * least.denominator
        numbers = int(width * scale), int(step * scale), -int(least * scale)
        terms = tuple(
            (one.name(at), number) for at, number in zip((moved, same, _pairs(outcome, "yes")), numbers, strict=True)
        )
        values = (one.cells[at].value for at in (moved, same, _pairs(outcome, "yes")))
        # Where the categories follow another rule the row is not true, and nobody can use it.
        if least > 0 and sum(n * v for n, v in zip(numbers, values, strict=True)) >= 0:
            found.append(Row(terms, ">="))
    return tuple(found)


def _printed_mean(mean: Mean, spoken: Said | None, printed: Mapping[str, Value]) -> Mean:
    if spoken is None:
        # Whether a total is trusted is told with the total only: by itself it would say how many answered.
        return dataclasses.replace(mean, n=None, change=None, low=None, high=None, withheld=TOO_FEW, trusted=True)
    return dataclasses.replace(mean, n=printed[spoken.answered], withheld={})


Counts = Mapping[tuple[str, At], Value]


def _printed_line(line: Line, counts: Counts, means: Sequence[Mean]) -> Line:
    if line.numerator is not None:
        line = _counted(line, line.numerator, counts)
    elif line.mean:
        line = _averaged(line, means)
    elif line.level != "bilateral":
        if line.achieved is not None and line.unit in ("persons", "share", "points"):
            raise Contradiction(
                f"The indicator '{line.code}' counts people but rests on no table and no mean; give it a "
                "'numerator' or a 'mean', so that it passes the gate."
            )
        line = dataclasses.replace(line, n=None, of=None)
    return _compared(line)


def _counted(line: Line, numerator: Reference, counts: Counts) -> Line:
    top = _look_up(line, numerator, counts)
    whole = None if line.denominator is None else _look_up(line, line.denominator, counts)
    total = counts.get((numerator.table, frozenset()))
    asked = _look_up(line, line.asked, counts) if line.asked else whole
    line = dataclasses.replace(line, achieved=None, n=asked, of=total, withheld={})
    if not isinstance(top, int) or (line.denominator is not None and not isinstance(whole, int)):
        return dataclasses.replace(line, withheld=HIDDEN)
    if line.denominator is None:
        return dataclasses.replace(line, achieved=float(top))
    if not isinstance(whole, int) or whole == 0:
        return dataclasses.replace(line, withheld=NOBODY)
    return dataclasses.replace(line, achieved=_share(Fraction(top, whole)))


def _look_up(line: Line, reference: Reference, counts: Counts) -> Value:
    place = (reference.table, frozenset(reference.at.items()))
    if place not in counts:
        codes = ", ".join(f"{variable}={code}" for variable, code in sorted(reference.at.items()))
        raise Contradiction(
            f"The indicator '{line.code}' points at the cell [{codes}] of table '{reference.table}', which "
            "is not there; correct it."
        )
    return counts[place]


def _averaged(line: Line, means: Sequence[Mean]) -> Line:
    named = [mean for mean in means if mean.id == line.mean]
    if not named:
        raise Contradiction(f"The indicator '{line.code}' points at the mean '{line.mean}', which is not there.")
    best = next((mean for mean in named if mean.change is not None), named[0])
    return dataclasses.replace(
        line, achieved=best.change, n=best.n, of=best.of, withheld={} if best.change is not None else TOO_FEW
    )


def _compared(line: Line) -> Line:
    if line.achieved is None:
        return dataclasses.replace(line, achieved_share=None, progress=None)
    share = progress = None
    reasons: list[Labels] = []
    if line.target is None:
        reasons.append(NO_TARGET)
    else:
        if line.target == 0:
            reasons.append(TARGET_ZERO)
        else:
            share = _share(_exact(line.achieved) / _exact(line.target))
        if line.baseline is None:
            reasons.append(NO_BASELINE)
        elif line.target == line.baseline:
            reasons.append(TARGET_IS_BASELINE)
        else:
            start = _exact(line.baseline)
            progress = _share((_exact(line.achieved) - start) / (_exact(line.target) - start))
    languages = sorted({language for reason in reasons for language in reason})
    withheld = {language: " ".join(reason[language] for reason in reasons) for language in languages}
    return dataclasses.replace(line, achieved_share=share, progress=progress, withheld=withheld)


def _exact(value: float) -> Fraction:
    return Fraction(str(value))


def _share(value: Fraction) -> float:
    """Rounded to whole percents, half up; 0.125 as printed in a report is 13 %."""
    return float(rounded(value, 2))
