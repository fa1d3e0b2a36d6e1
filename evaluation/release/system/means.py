"""Means as they may be printed, and what they say of counts that are hidden."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from evaluation.errors import Contradiction
from evaluation.release.files.chain import PrintedMean, Row
from evaluation.release.printed.points import Scored, Told
from evaluation.release.released import Mean, Value
from evaluation.release.system.quantities import At, Quantities
from evaluation.schema import Labels
from evaluation.texts import LANGUAGES, say

MINIMUM = {"paired": 10, "all enrolled": 13, "waiting list": 20}
"""People with both scores behind a printed mean: ten (of each group), or ten degrees of freedom with three
coefficients."""


DECLARED = (
    "id", "labels", "method", "of", "direction", "scale_minimum", "scale_maximum",
    "confidence", "primary", "preplanned", "step", "detectable", "reliability", "wave", "wave_labels",
)  # fmt: skip
"""What a mean holds that the declarations and the public headcount say: it stands where the mean is withheld, too."""


@dataclass(frozen=True, slots=True)
class MeanDisclosure:
    """A mean that may be printed: ``answered`` are the people behind it.

    ``least``: counts of which every reader knows that they are so many or more, because the mean is told;
    ``rows``: what else it says about counts of ``population``; ``told``: what it says of people's changes.
    """

    population: str
    answered: str
    least: Mapping[str, int]
    rows: tuple[Row, ...]
    told: Told | None


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


def released_before(
    mean: Mean, earlier: Sequence[PrintedMean], *, threshold: int, scored: Sequence[Scored] = ()
) -> bool:
    """Whether a mean of this outcome or of its scale, up to this wave, was told before: it leaves once, at once.

    From two means and their n, and already from one being repeated, follows something about those
    who joined in between; that it leaves once depends on nobody's answers.
    """
    outcome, wave = _about(mean)
    scales = {one.outcome: one.scale for one in scored if one.scale}
    own = {outcome, scales.get(outcome, outcome)}

    def told(printed: PrintedMean) -> bool:
        other, to = _about(printed)
        return to == wave and not own.isdisjoint({other, printed.scale or scales.get(other, other)})

    return threshold > 1 and any(map(told, earlier))


def _about(mean: Mean | PrintedMean) -> tuple[str, str]:
    return mean.id.partition(".")[0], mean.wave


def tellable_starts(means: Sequence[Mean], *, threshold: int) -> tuple[Mean, ...]:
    """The means with their first scores; without all of them where one told mean may not have its own.

    That one alone, missing among others, would tell that it lies near an end of its scale.
    """
    begun = [mean for mean in means if mean.change is not None and mean.start is not None]
    return tuple(means) if all(start_tellable(mean, threshold=threshold) for mean in begun) else without_starts(means)


def without_starts(means: Sequence[Mean]) -> tuple[Mean, ...]:
    """The means without their first scores."""
    return tuple(dataclasses.replace(mean, start=None) for mean in means)


def start_tellable(mean: Mean, *, threshold: int) -> bool:
    """Whether the mean first score leaves it open that a threshold of people stand in either outer third of the scale.

    Of so many people as there can be, by what would be printed alone.
    """
    if mean.start is None or threshold <= 1:
        return mean.start is not None
    start, low, high = (Fraction(str(end)) for end in (mean.start, mean.scale_minimum, mean.scale_maximum))
    room = min(start - low, high - start) + Fraction(1, 2 * 10 ** _decimals(mean.start))
    return room * mean.of >= threshold * (high - low) * Fraction(2, 3)


def disclosure(
    mean: Mean, populations: Sequence[Quantities], *, threshold: int, scored: Sequence[Scored] = ()
) -> MeanDisclosure | None:
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
    known = _told(mean, scored, start=mean.start)
    rows = [] if known is None else list(_rows(known, counts))
    true = [row for row in rows if sum(number * counts.cells[at].value for at, number in row[0].items()) >= row[1]]
    if len(true) < len(rows):  # the categories follow another rule, and nobody can use what is said of them
        known = None
    least = {counts.name(answered): minimum}
    if mean.method == "waiting list":
        least |= {counts.name(at): max(MINIMUM["paired"], threshold) for at in _groups(counts, outcome)}
    named = (
        Row(tuple((counts.name(at), number) for at, number in terms.items()), ">=", least_sum)
        for terms, least_sum in true
    )
    return MeanDisclosure(counts.population, counts.name(answered), least, tuple(named), known)


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
    for outcome in (mean.id,) if mean.wave else (mean.id, _about(mean)[0]):
        for counts in populations:
            if _pairs(outcome, "yes") in counts.cells and _pairs(outcome, "no") in counts.cells:
                return counts, outcome
    raise Contradiction("release.mean.no_pairs", mean=mean.id)


def _told(mean: Mean, scored: Sequence[Scored], *, start: float | None) -> Told | None:
    """What the printed mean says of changes; nothing where groups are compared that may differ in anything."""
    if mean.method == "waiting list" or mean.change is None:
        return None
    width = mean.scale_maximum - mean.scale_minimum
    step = (0.0, width) if mean.step is None else (min(width, mean.step),) * 2
    change, low, high = (mean.change if end is None else end for end in (mean.change, mean.low, mean.high))
    decimals = max(map(_decimals, (change, low, high)))
    if mean.low is None or mean.high is None:
        low, high = change - width, change + width
    outcome, wave = _about(mean)
    own = next((one for one in scored if one.outcome == outcome), Scored(outcome, width, *step))
    own = dataclasses.replace(own, plain=own.plain and not wave)  # the end lends its scores to what comes after it
    above = None if start is None else float(Decimal(str(start)) - Decimal(str(mean.scale_minimum)))
    return Told(own, mean.method, change, low, high, mean.confidence, decimals, above, wave)


def _decimals(number: float) -> int:
    return -int(Decimal(str(number)).as_tuple().exponent)


def _rows(told: Told, counts: Quantities) -> Iterator[tuple[dict[At, int], int]]:
    """What a mean m of n changes says of how many are higher, the same or lower: sums, each with the least it is.

    All changes together are n·m and no larger than their categories allow; who is only missing at the end may have
    gone to either end of the scale. The interval tells of the squares of all changes from m (``_square``), and a
    mean is told only where not all changes are the same.
    """
    own, half = told.scored, Fraction(1, 2 * 10**told.decimals)
    low, high = (Fraction(str(told.change)) + end for end in (-half, half))
    width, step, same = (Fraction(str(number)) for number in (own.width, own.step, own.same))
    reach = {"higher": (step, width), "same": (-same, same), "lower": (-width, -step)}
    later = f"{own.outcome}.{told.wave}" if told.wave else own.outcome
    ways = {code: frozenset({(f"{later}.direction", code)}) for code in reach}
    both, nobody = _pairs(later, "yes"), frozenset({(f"{own.outcome}.start", "none")})
    started = {frozenset[tuple[str, str]](): 1, **({nobody: -1} if nobody in counts.cells else {})}
    found = []
    if own.retention and nobody in counts.cells:
        found.append(_added((1, {both: 1}), (-Fraction(str(own.retention)), started)))
    if {*ways.values()} <= counts.cells.keys():
        missing = (1, started), (-1, {both: 1})
        if told.method == "paired":
            missing = (0, {}), (0, {})
        for most in (
            {code: ends[1] - low for code, ends in reach.items()} | {"": width - low},
            {code: high - ends[0] for code, ends in reach.items()} | {"": high + width},
        ):
            gone = [(most[""] * times, at) for times, at in missing]
            found.append(_added(*((most[code], {at: 1}) for code, at in ways.items()), *gone))
        square = _square(told, counts.cells[frozenset()].value)
        of = [(square, {both: 1}), *([(square, started)] if told.method != "paired" else [])]
        apart = {code: max(Fraction(0), ends[0] - high, low - ends[1]) for code, ends in reach.items()}
        found.append(_added(*of, *((-(apart[code] ** 2), {at: 1}) for code, at in ways.items())))
    found += _of_starts(told, counts)
    yield from ((_whole(terms), 0) for terms in found)
    if not same and {*ways.values()} <= counts.cells.keys():
        yield {ways["higher"]: 1, ways["lower"]: 1}, 1


def _of_starts(told: Told, counts: Quantities) -> Iterator[dict[At, Fraction]]:
    """What the mean first score says of how many began in each third of the scale."""
    thirds = [frozenset({(f"{told.scored.outcome}.start", code)}) for code in ("low", "middle", "high")]
    if told.start is None or not {*thirds} <= counts.cells.keys():
        return
    start, half, width = Fraction(str(told.start)), Fraction(1, 2 * 10**told.decimals), Fraction(str(told.scored.width))
    attainable = [(Fraction(str(least)), Fraction(str(most))) for least, most in told.scored.ends]
    ends = attainable or [(width * number / 3, width * (number + 1) / 3) for number in range(3)]
    yield _added(*((high - start + half, {at: 1}) for (_, high), at in zip(ends, thirds, strict=True)))
    yield _added(*((start + half - low, {at: 1}) for (low, _), at in zip(ends, thirds, strict=True)))


def _square(told: Told, most: int) -> Fraction:
    """The most that one person adds to the squares of changes from the mean, of those with a change and with a start.

    Half the interval is t·SE. SE² is s²/n, or no less than RSS/(n(n−1)) + Σ(gain − m)²/(B(B−1)) where ``B`` people
    with a start are predicted: of squares s·n(n−1) together, or by Cauchy and Schwarz n(n−1) + B(B−1) times SE².
    A person's share is the larger, the more there are, so that of ``most`` people holds.
    """
    from scipy.special import stdtrit

    half = 0.5 / 10**told.decimals
    reach = min(
        told.high - told.change + 2 * half, told.change - told.low + 2 * half, (told.high - told.low) / 2 + half
    )
    if not told.scored.plain:
        reach = told.scored.width * most  # scores between the two may have drawn the interval together
    share = (most - 1) * (reach / float(stdtrit(most - 1, (1 + told.confidence) / 2))) ** 2
    return Fraction(math.ceil(share * 10**6), 10**6)


def _added(*parts: tuple[Fraction | int, Mapping[At, int]]) -> dict[At, Fraction]:
    terms: dict[At, Fraction] = {}
    for times, at in parts:
        for place, number in at.items():
            terms[place] = terms.get(place, Fraction(0)) + times * number
    return {place: number for place, number in terms.items() if number}


_FINEST = 10**6


def _whole(terms: Mapping[At, Fraction]) -> dict[At, int]:
    """The sum in whole numbers, none beyond ``_FINEST``: rounded up, since counts are 0 or more it stays true."""
    scale = math.lcm(*(number.denominator for number in terms.values()))
    largest = max((abs(number) for number in terms.values()), default=Fraction(1)) * scale
    finer = min(Fraction(scale), Fraction(_FINEST * scale) / largest)
    return {place: math.ceil(number * finer) for place, number in terms.items()}


def _printed_mean(mean: Mean, disclosed: MeanDisclosure | None, printed: Mapping[str, Value]) -> Mean:
    if disclosed is None:
        # Only what the declarations say. Whether a total is trusted is told with the total only: by itself it
        # would say how many answered; and so it is with whatever else a mean may come to hold.
        declared = {name: getattr(mean, name) for name in DECLARED}
        return Mean(**declared, n=None, change=None, low=None, high=None, withheld=withheld("too_few"))
    return dataclasses.replace(mean, n=printed.get(disclosed.answered), withheld={})
