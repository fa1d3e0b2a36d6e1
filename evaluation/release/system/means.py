"""Means as they may be printed, and what they say of counts that are hidden."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from evaluation.errors import Contradiction
from evaluation.release.chain import PrintedMean, Row
from evaluation.release.released import Mean, Value
from evaluation.release.system.quantities import At, Quantities
from evaluation.schema import Labels
from evaluation.texts import LANGUAGES, say

MINIMUM = {"paired": 10, "all enrolled": 13, "waiting list": 20}
"""People with both scores behind a printed mean: ten (of each group), or ten degrees of freedom with three
coefficients."""


DECLARED = (
    "id", "labels", "method", "of", "direction", "scale_minimum", "scale_maximum",
    "confidence", "primary", "preplanned", "step", "detectable",
)  # fmt: skip
"""What a mean holds that the declarations and the public headcount say: it stands where the mean is withheld, too."""


@dataclass(frozen=True, slots=True)
class MeanDisclosure:
    """A mean that may be printed: ``answered`` are the people behind it.

    ``least``: counts of which every reader knows that they are so many or more, because the mean is told;
    ``rows``: what else it says about counts of ``population``.
    """

    population: str
    answered: str
    least: Mapping[str, int]
    rows: tuple[Row, ...]


def withheld(*reasons: str) -> Labels:
    """Why a number is missing, for the reader, in every language; a sentence for each reason."""
    return {
        language: " ".join(say(f"release.withheld.{reason}", language) for reason in reasons)
        for language in (LANGUAGES if reasons else ())
    }


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


def released_before(mean: Mean, earlier: Sequence[PrintedMean], *, threshold: int) -> bool:
    """Whether a mean of this outcome was told before: what is told of an outcome leaves once, at once.

    From two means and their n, and already from one being repeated, follows something about those
    who joined in between; that it leaves once depends on nobody's answers.
    """
    return threshold > 1 and any(_outcome(printed.id) == _outcome(mean.id) for printed in earlier)


def _outcome(mean: str) -> str:
    return mean.partition(".")[0]


def disclosure(mean: Mean, populations: Sequence[Quantities], *, threshold: int) -> MeanDisclosure | None:
    """What is told by printing the mean, or None where it cannot be printed at all.

    Raises Contradiction when no table has the variable ``<outcome>.pairs`` (yes, no), or when n or
    of are not its numbers.
    """
    counts, outcome = _place(mean, populations)
    total, answered = counts.cells[frozenset()], _pairs(outcome, "yes")
    if mean.of != total.value or not total.public:
        raise Contradiction("release.mean.not_of_all", mean=mean.id, population=counts.population)
    if mean.change is None:
        return None
    if mean.n != counts.cells[answered].value:
        raise Contradiction("release.mean.other_n", mean=mean.id)
    minimum = MINIMUM[mean.method] if threshold > 1 else 1
    told = tellable(
        counts.cells[answered].value,
        total.value,
        threshold,
        zeros_sensitive=counts.cells[_pairs(outcome, "no")].zero_sensitive,
        minimum=minimum,
    )
    if not told:
        return None
    rows = _mean_rows(mean, counts, outcome) if mean.method == "paired" else ()
    least = {counts.name(answered): minimum}
    if mean.method == "waiting list":
        least |= {counts.name(at): max(MINIMUM["paired"], threshold) for at in _groups(counts, outcome)}
    return MeanDisclosure(counts.population, counts.name(answered), least, rows)


def _groups(counts: Quantities, outcome: str) -> tuple[At, At]:
    """Those with both scores among the served and among the waiting.

    Raises Contradiction where no table crosses ``<outcome>.pairs`` with ``served``.
    """
    places = tuple(frozenset({(f"{outcome}.pairs", "yes"), ("served", code)}) for code in ("yes", "no"))
    if not all(at in counts.cells for at in places):
        raise Contradiction("release.mean.no_groups", outcome=outcome)
    return places[0], places[1]


def printed_means(
    means: Sequence[Mean], populations: Sequence[Quantities], *, threshold: int, printed: Mapping[str, Value]
) -> tuple[Mean, ...]:
    """The means as they leave. ``printed``: the released number of each quantity, None if hidden.

    The reason for a missing mean is the same for all, because a special one would tell a number.
    """
    return tuple(_printed_mean(mean, disclosure(mean, populations, threshold=threshold), printed) for mean in means)


def _pairs(outcome: str, code: str) -> At:
    return frozenset({(f"{outcome}.pairs", code)})


def _place(mean: Mean, populations: Sequence[Quantities]) -> tuple[Quantities, str]:
    for outcome in (mean.id, mean.id.partition(".")[0]):
        for counts in populations:
            if _pairs(outcome, "yes") in counts.cells and _pairs(outcome, "no") in counts.cells:
                return counts, outcome
    raise Contradiction("release.mean.no_pairs", mean=mean.id)


def _mean_rows(mean: Mean, counts: Quantities, outcome: str) -> tuple[Row, ...]:
    """n·m is at most R for each who is higher and the step for each who is the same; so for a fall.

    m: the mean of n changes, R: the range of the scale. The counts are those of the variable
    ``<outcome>.direction``, if a table has it.
    """
    higher, same, lower = (frozenset({(f"{outcome}.direction", code)}) for code in ("higher", "same", "lower"))
    if not {higher, same, lower} <= counts.cells.keys() or mean.change is None:
        return ()
    change = Decimal(str(mean.change))
    half = Decimal((0, (5,), int(change.as_tuple().exponent) - 1))
    width = Fraction(mean.scale_maximum) - Fraction(mean.scale_minimum)
    step = width if mean.step is None else min(width, Fraction(str(mean.step)))
    rows = []
    for moved, least in ((higher, Fraction(change - half)), (lower, Fraction(-change - half))):
        scale = width.denominator * step.denominator * least.denominator
        numbers = int(width * scale), int(step * scale), -int(least * scale)
        terms = tuple(
            (counts.name(at), number) for at, number in zip((moved, same, _pairs(outcome, "yes")), numbers, strict=True)
        )
        values = (counts.cells[at].value for at in (moved, same, _pairs(outcome, "yes")))
        # Where the categories follow another rule the row is not true, and nobody can use it.
        if least > 0 and sum(n * v for n, v in zip(numbers, values, strict=True)) >= 0:
            rows.append(Row(terms, ">="))
    return tuple(rows)


def _printed_mean(mean: Mean, disclosed: MeanDisclosure | None, printed: Mapping[str, Value]) -> Mean:
    if disclosed is None:
        # Only what the declarations say. Whether a total is trusted is told with the total only: by itself it
        # would say how many answered; and so it is with whatever else a mean may come to hold.
        declared = {name: getattr(mean, name) for name in DECLARED}
        return Mean(**declared, n=None, change=None, low=None, high=None, withheld=withheld("too_few"))
    return dataclasses.replace(mean, n=printed[disclosed.answered], withheld={})
