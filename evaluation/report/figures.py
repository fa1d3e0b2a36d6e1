"""Released numbers as pictures, each with caption, alt text that says what it says, and a text equivalent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from evaluation.release.released import CountTable, Line, Mean, Released, Value
from evaluation.report import drawing, markup, narrative, reading, words
from evaluation.report.annex import derived, missing
from evaluation.report.drawing import Bar
from evaluation.report.grids import columns_of, grid, side_by_side, split_values
from evaluation.report.markup import Grid
from evaluation.report.shown import Shown, show
from evaluation.report.tables import interval
from evaluation.schema import text

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def courses(released: Released, language: str) -> Shown:
    """How many completed, attended some of, or did not attend each course: one stacked bar a course."""
    return _stacked(released, language, topic="courses", name="courses")


def needs(released: Released, language: str) -> Shown:
    """In each area of needs, who asked and for whom all of it was met: one stacked bar an area."""
    return _stacked(released, language, topic="needs", name="needs")


def distributions(released: Released, language: str) -> Shown:
    """Scores at the start and at the end in thirds of the scale: two stacked bars an outcome, for all enrolled."""
    return _stacked(released, language, topic="distributions", name="distributions")


def direction(released: Released, language: str) -> Shown:
    """How many answered higher, the same or lower in each outcome: one stacked bar an outcome."""
    return _stacked(released, language, topic="outcomes", name="directions")


def flow(released: Released, language: str) -> Shown:
    """Everyone enrolled and the stages they reached: one bar a stage."""
    table = next((t for t in reading.by_topic(released, "flow") if t.variables), None)
    if table is None or reading.all_hidden([value for _, value in reading.parts(table)]):
        return _unseen(released, language, name="flow", recorded=table is not None)
    enrolled = _whole(released, table)
    labels = table.variables[-1].codes
    bars = (
        [Bar(words.title({language: words.say("enrolled", language)}, language), (enrolled,), enrolled)]
        if enrolled
        else []
    )
    bars += [
        Bar(words.title(labels[code], language), (value,), enrolled if value is None else None)
        for code, value in reading.parts(table)
    ]
    said = [words.count(bar.values[0], language) for bar in bars]
    rows = tuple(zip((bar.name for bar in bars), said, strict=True))
    numbers = Grid("f-flow", words.say("t_flow", language), grid(table, language).columns, rows)
    return _figure(
        released,
        language,
        name="flow",
        numbers=numbers,
        content=reading.table_json(table),
        draw=lambda axes: drawing.bars(axes, bars, said=said, unit=words.say("x_people", language)),
    )


def means(released: Released, language: str) -> Shown:
    """Mean change of each outcome with its interval, in shares of the scale's range so that they compare."""
    told = [mean for mean in released.means if mean.change is not None]
    if not told:
        return _unseen(released, language, name="means", recorded=bool(released.means))
    columns = ("outcome", "change", "interval_column", "share_column")
    rows = tuple(_mean_row(mean, language) for mean in released.means)
    numbers = Grid(
        "f-means",
        words.say("t_means", language),
        tuple(words.say(column, language) for column in columns),
        rows,
    )
    return _figure(
        released,
        language,
        name="means",
        numbers=numbers,
        content=[{"id": mean.id, "share": _share(mean.change, mean)} for mean in released.means],
        draw=lambda axes: _forest(axes, released.means, language),
        alt="alt_points",
    )


def progress(released: Released, language: str) -> Shown:
    """Achieved / target and progress from the baseline of each indicator with a target, as two marks."""
    lines = [line for line in released.indicators if line.target is not None]
    if not any(line.achieved_share is not None for line in lines):
        return _unseen(released, language, name="indicators", recorded=bool(lines))
    columns = ("indicator", "achieved_share", "progress")
    rows = tuple(
        (
            f"{line.code} {words.title(line.labels, language)}",
            derived(line, line.achieved_share, language),
            derived(line, line.progress, language),
        )
        for line in lines
    )
    numbers = Grid(
        "f-indicators",
        words.say("t_indicators", language),
        tuple(words.say(column, language) for column in columns),
        rows,
    )
    return _figure(
        released,
        language,
        name="indicators",
        numbers=numbers,
        content=[
            {"code": line.code, "achieved_share": line.achieved_share, "progress": line.progress} for line in lines
        ],
        draw=lambda axes: _progress_marks(axes, lines, language),
    )


# --- putting a figure together ------------------------------------------------------------------


def _figure(
    released: Released,
    language: str,
    *,
    name: str,
    numbers: Grid,
    content: Any,
    draw: Callable[[Axes], None],
    alt: str = "alt_bars",
    only: int = 2,
) -> Shown:
    names = [row[0] for row in numbers.rows]
    caption = words.say(f"f_{name}", language)
    fictional = words.say("fictional_short", language) if released.facts.fictional else ""
    return show(
        released,
        language,
        id=f"figure-{name}",
        part="figures",
        caption=caption,
        png=drawing.picture(draw, names=names, mark=fictional),
        alt=words.say(alt, language, what=caption, rows=_rows_in_words(numbers, language, only=only)),
        html=numbers.html(language),
        text=numbers.text(language),
        content=content,
    )


def _rows_in_words(numbers: Grid, language: str, *, only: int) -> str:
    """The first columns of a figure's numbers as sentences: the alt text says what the picture says."""
    named = [f"{column} " for column in numbers.columns[1 : only + 1]] if len(numbers.columns) > 2 else [""]
    rows = [
        words.say(
            "row",
            language,
            name=name,
            values=", ".join(f"{column}{cell}" for column, cell in zip(named, cells, strict=False)),
        )
        for name, *cells in numbers.rows
    ]
    return " ".join([*rows, *([words.say("alt_rest", language)] if only < len(numbers.columns) - 1 else [])])


def _unseen(released: Released, language: str, *, name: str, recorded: bool) -> Shown:
    caption = words.say(f"f_{name}", language)
    said = words.say("all_hidden" if recorded else "nothing", language, what=caption)
    return show(
        released,
        language,
        id=f"figure-{name}",
        part="figures",
        text=said,
        html=markup.paragraphs([said]),
        content=None,
    )


# --- stacked bars -------------------------------------------------------------------------------


def _stacked(released: Released, language: str, *, topic: str, name: str) -> Shown:
    found = reading.by_topic(released, topic)
    shown = reading.fine(found)
    values = split_values(shown)
    if not found or reading.all_hidden(values):
        return _unseen(released, language, name=name, recorded=bool(found))
    codes = columns_of(shown)
    bars = [
        Bar(words.title(table.labels, language), _in_order(table, codes), _whole(released, table)) for table in shown
    ]
    labels = [text(label, language) for label in codes.values()]

    def draw(axes: Axes) -> None:
        drawing.stack(
            axes,
            bars,
            legend=labels,
            hidden=words.hidden(language),
            said=lambda value: words.count(value, language),
        )
        axes.set_xlabel(words.say("x_people", language))

    return _figure(
        released,
        language,
        name=name,
        numbers=side_by_side(found, name, language),
        content=[reading.table_json(table) for table in found],
        draw=draw,
        only=2 if name in ("courses", "needs") else len(codes) + 1,
    )


def _in_order(table: CountTable, codes: Iterable[str]) -> tuple[Value, ...]:
    own = dict(reading.parts(table))
    return tuple(own.get(code, 0) for code in codes)


def _whole(released: Released, table: CountTable) -> int | None:
    """The released total of a table; None where it is hidden or a range."""
    total = reading.value(table, {})
    return total if isinstance(total, int) else None


# --- points with intervals ----------------------------------------------------------------------


def _mean_row(mean: Mean, language: str) -> tuple[str, ...]:
    hidden = words.hidden(language)
    if mean.change is None:
        return (narrative.title(mean, language), hidden, hidden, hidden)
    return (
        narrative.title(mean, language),
        words.signed(mean.change, language, decimals=narrative.decimals(mean)),
        interval(mean, language),
        words.percent(_share(mean.change, mean) or 0.0, language),
    )


def _share(points: float | None, mean: Mean) -> float | None:
    return None if points is None else points / (mean.scale_maximum - mean.scale_minimum)


def _forest(axes: Axes, means: Sequence[Mean], language: str) -> None:
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
    drawing.intervals(axes, points, hidden=words.hidden(language))
    drawing.percents(axes, lambda share: words.percent(share, language))
    axes.set_xlabel(words.say("x_range", language))


def _name(mean: Mean, language: str) -> str:
    name = narrative.title(mean, language)
    return name if mean.direction == "higher" else f"{name} {words.say('lower_better', language)}"


# --- indicators ---------------------------------------------------------------------------------


def _progress_marks(axes: Axes, lines: Sequence[Line], language: str) -> None:
    points = [
        drawing.Point(
            f"{line.code} {words.title(line.labels, language)}",
            line.achieved_share,
            line.progress,
            absent=missing(line, language),
        )
        for line in lines
    ]
    legend = ("legend_achieved", "legend_progress", "target_line")
    names = [words.say(phrase, language) for phrase in legend]
    drawing.shares(axes, points, legend=names, hidden=words.hidden(language))
    drawing.percents(axes, lambda share: words.percent(share, language))
    axes.set_xlabel(words.say("x_target", language))
