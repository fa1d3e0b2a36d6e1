"""Released numbers as pictures, each with caption, alt text that says what it says, and a text equivalent."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence

from evaluation.release.released import CountTable, Line, Mean, Released, Value
from evaluation.report import words
from evaluation.report.content import captioned, lookup
from evaluation.report.content.annex import missing, progress_row, with_legends
from evaluation.report.content.counts import columns_of, side_by_side, split, split_values, table, titled
from evaluation.report.content.outcomes import outcome
from evaluation.report.drawn import drawing
from evaluation.report.drawn.drawing import Bar
from evaluation.report.drawn.plot import Plot
from evaluation.report.shown import Shown
from evaluation.schema import text


def courses(released: Released, language: str) -> Shown:
    """How many completed, attended some of, or did not attend each course: one stacked bar a course."""
    return _stacked(released, language, topic="courses", name="courses")


def needs(released: Released, language: str) -> Shown:
    """In each area of needs, who asked and for whom all of it was met: one stacked bar an area."""
    return _stacked(released, language, topic="needs", name="needs")


def support(released: Released, language: str) -> Shown:
    """Who had support of each area: one stacked bar an area; no part where none is counted."""
    if not lookup.by_topic(released, "support"):
        return captioned.part(released, language, name="support", blocks=(), content=None)
    return _stacked(released, language, topic="support", name="support")


def distributions(released: Released, language: str) -> Shown:
    """Scores at the start and at the end in thirds of the scale: two stacked bars an outcome, for all enrolled."""
    return _stacked(released, language, topic="distributions", name="distributions")


def direction(released: Released, language: str) -> Shown:
    """How many answered higher, the same or lower in each outcome: one stacked bar an outcome."""
    return _stacked(released, language, topic="outcomes", name="directions")


def flow(released: Released, language: str) -> Shown:
    """Everyone enrolled and the stages they reached: one bar a stage."""
    stages = next((counted for counted in lookup.flow(released) if counted.variables), None)
    if stages is None and not released.facts.outcomes:
        return captioned.part(released, language, name="flow", blocks=(), content=None)
    if stages is None or lookup.all_hidden([value for _, value in lookup.parts(stages)]):
        return captioned.unseen(released, language, name="flow", values=split_values([stages] if stages else []))
    enrolled = _whole(stages)
    labels = stages.variables[-1].codes
    bars = (
        [Bar(words.title({language: words.say("report.outcome.enrolled", language)}, language), (enrolled,), enrolled)]
        if enrolled
        else []
    )
    bars += [
        Bar(words.title(labels[code], language), (value,), enrolled if value is None else None)
        for code, value in lookup.parts(stages)
    ]
    said = [words.count(bar.values[0], language) for bar in bars]
    rows = tuple(zip((bar.name for bar in bars), said, strict=True))
    numbers = table("f-flow", words.say("report.table.flow", language), split(stages, language).columns, rows, language)
    return captioned.figure(
        released,
        language,
        name="flow",
        numbers=numbers,
        content=lookup.table_json(stages),
        drawn=[bar.name for bar in bars],
        draw=lambda at: drawing.bars(bars[at], said=said[at], unit=words.say("report.axis.people", language)),
        day=stages.as_of,
    )


def means(released: Released, language: str) -> Shown:
    """Mean change of each outcome with its interval, in shares of the scale's range so that they compare."""
    told = [mean for mean in released.at_end if mean.change is not None]
    if not told:
        return captioned.unseen(released, language, name="means", values=[None for _ in released.at_end])
    columns, day = ("outcome", "change", "interval", "share"), lookup.same_day(released.at_end)
    means = lookup.undated(released.at_end, day)
    rows = tuple(_mean_row(mean, language) for mean in means)
    return captioned.figure(
        released,
        language,
        name="means",
        numbers=dataclasses.replace(
            titled("f-means", "means", columns, rows, language), caption=words.say("report.figure.means", language)
        ),
        content=[{"id": mean.id, "share": _share(mean.change, mean)} for mean in released.at_end],
        drawn=[_name(mean, language) for mean in means],
        draw=lambda at: _forest(means[at], language),
        alt="points",
        day=day,
    )


def progress(released: Released, language: str) -> Shown:
    """Achieved / target and progress from the baseline of each indicator with a target, as two marks."""
    lines = [line for line in released.indicators if line.target is not None]
    if not any(line.achieved_share is not None for line in lines):
        return captioned.unseen(released, language, name="indicators", values=[_between(line) for line in lines])
    columns = ("indicator", "achieved", "achieved_share", "progress")
    rows = tuple(progress_row(line, language) for line in lines)
    return captioned.figure(
        released,
        language,
        name="indicators",
        numbers=with_legends(titled("f-indicators", "indicators", columns, rows, language), lines, language),
        content=[
            {"code": line.code, "achieved_share": line.achieved_share, "progress": line.progress} for line in lines
        ],
        drawn=[row[0] for row in rows],
        draw=lambda at: _progress_marks(lines[at], language),
        only=len(columns) - 1,
    )


# --- stacked bars -------------------------------------------------------------------------------


def _stacked(released: Released, language: str, *, topic: str, name: str) -> Shown:
    tables = lookup.by_topic(released, topic)
    day = lookup.same_day(tables)
    fine = lookup.undated(lookup.fine(tables), day)
    shown = [counted for counted in fine if any(map(drawing.least, split_values([counted])))]
    if not shown:
        return captioned.unseen(released, language, name=name, values=split_values(tables))
    codes = columns_of(shown)
    bars = [Bar(words.title(counted.labels, language), _in_order(counted, codes), _whole(counted)) for counted in shown]
    labels = [text(label, language) for label in codes.values()]

    return captioned.figure(
        released,
        language,
        name=name,
        numbers=side_by_side(tables, name, language),
        content=[lookup.table_json(counted) for counted in tables],
        drawn=[bar.name for bar in bars],
        draw=lambda at: drawing.stack(
            bars[at],
            legend=labels,
            rest=words.say("report.mark.not_divided", language),
            said=lambda value: words.count(value, language),
            unit=words.say("report.axis.people", language),
        ),
        only=2 if name in ("courses", "needs", "support") else len(codes) + 1,
        day=day,
    )


def _in_order(counted: CountTable, codes: Iterable[str]) -> tuple[Value, ...]:
    own = dict(lookup.parts(counted))
    return tuple(own.get(code, 0) for code in codes)


def _whole(counted: CountTable) -> int | None:
    """The released total of a table; None where it is hidden or a range."""
    total = lookup.value(counted, {})
    return total if isinstance(total, int) else None


# --- points with intervals ----------------------------------------------------------------------


def _mean_row(mean: Mean, language: str) -> tuple[str, ...]:
    hidden = words.hidden(language)
    if mean.change is None:
        return (outcome.title(mean, language), hidden, hidden, hidden)
    return (
        outcome.title(mean, language),
        words.signed(mean.change, language, decimals=outcome.decimals(mean)),
        outcome.interval(mean, language),
        words.percent(_share(mean.change, mean) or 0.0, language),
    )


def _share(points: float | None, mean: Mean) -> float | None:
    return None if points is None else points / (mean.scale_maximum - mean.scale_minimum)


def _forest(means: Sequence[Mean], language: str) -> Plot:
    points = [
        drawing.Point(
            _name(mean, language),
            _share(mean.change, mean),
            _share(mean.low, mean),
            _share(mean.high, mean),
            hollow=not mean.trusted,
        )
        for mean in means
    ]
    return drawing.intervals(
        points,
        absent=words.say("report.mark.not_shown", language),
        unit=words.say("report.axis.range", language),
        written=lambda share: words.percent(share, language),
    )


def _name(mean: Mean, language: str) -> str:
    name = outcome.title(mean, language)
    return name if mean.direction == "higher" else f"{name} {words.say('report.mark.lower_better', language)}"


# --- indicators ---------------------------------------------------------------------------------


def _progress_marks(lines: Sequence[Line], language: str) -> Plot:
    points = [
        drawing.Point(
            f"{line.code} {words.title(line.labels, language)}",
            line.achieved_share,
            line.progress,
            absent=missing(line, language),
            between=_of_target(line),
        )
        for line in lines
    ]
    names = [words.say(f"report.legend.{mark}", language) for mark in ("achieved", "progress", "target")]
    unit = words.say("report.axis.target", language)
    plot = drawing.shares(points, unit=unit, written=lambda share: words.percent(share, language))
    drawing.shares_legend(plot, points, legend=names, rest=words.say("report.mark.in_range", language))
    return plot


def _between(line: Line) -> Value:
    """Whether anything is told of an indicator: some range, or nothing."""
    return None if line.low is None and line.high is None and line.achieved is None else (0, None)


def _of_target(line: Line) -> tuple[float, float] | None:
    """Between which shares of the target an indicator lies that is not told exactly."""
    if line.achieved is not None or line.high is None or not line.target:
        return None
    return (line.low or 0) / line.target, line.high / line.target
