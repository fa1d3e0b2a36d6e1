"""Figures are drawn from released numbers only, the same bytes each time, and say in words what they show."""

from __future__ import annotations

import dataclasses
import io
import itertools
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from evaluation.errors import BadArgument
from evaluation.release.released import CountTable, Released
from evaluation.report.content import figures
from evaluation.report.drawn import canvas, drawing
from evaluation.report.drawn.drawing import Bar
from evaluation.report.drawn.paint import Paint, Written
from evaluation.report.drawn.plot import INK, Plot
from evaluation.report.shown import Shown
from tests.report.handmade import INDICATORS, MEANS, course, figure, make_released, nothing_bilateral, table

LANGUAGES = ("en", "pl")


def parts(plot: Plot) -> list[tuple[float, float, str]]:
    return [(box.left, box.length, box.look.hatch) for box in plot.boxes]


def texts(plot: Plot) -> list[str]:
    return [word.text.strip() for word in plot.words]


def said(value: Any) -> str:
    return str(value)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_figure_has_caption_alt_text_and_a_text_equivalent(
    parts_of: Callable[[str], list[Shown]], language: str
) -> None:
    pictures = [part for part in parts_of(language) if part.png is not None]
    assert len(pictures) == 5
    for picture in pictures:
        assert figure(picture).caption
        assert len(figure(picture).alt) > 60
        assert "<table" in picture.html
        assert picture.png is not None
        assert picture.png.startswith(b"\x89PNG")


def test_the_same_release_gives_the_same_bytes_and_no_software_name(released: Released) -> None:
    first, second = (figures.flow(released, "en").png for _ in range(2))
    assert first is not None
    assert first == second
    assert b"Software" not in first
    assert b"atplotlib" not in first


def test_alt_text_tells_worse_results_like_better_ones(released: Released) -> None:
    alt = figure(figures.means(released, "en")).alt
    assert "Sense of security: Mean change (points) +2.0" in alt
    assert "Social awareness: Mean change (points) −1.25" in alt
    assert "Social competences: Mean change (points) not shown" in alt
    assert "Lower 17" in figure(figures.direction(released, "en")).alt


def test_hidden_parts_are_hatched_up_to_the_whole_and_never_nothing() -> None:
    rows = [Bar("a", (22, None, None), 41)]
    plot = drawing.stack(rows, legend=["x", "y", "z"], rest="rest", said=said, unit="people")
    assert parts(plot) == [(0, 22, ""), (22, 19, drawing.HATCH)]
    assert texts(plot) == ["22"]
    assert [entry.label for entry in plot.legend] == ["x", "y", "z", "rest"]


def test_a_known_zero_is_drawn_as_no_part_and_without_hatching() -> None:
    rows = [Bar("a", (13, 0, 28), 41)]
    plot = drawing.stack(rows, legend=["x", "y", "z"], rest="rest", said=said, unit="people")
    assert parts(plot) == [(0, 13, ""), (13, 28, "")]
    assert [entry.label for entry in plot.legend] == ["x", "y", "z"]


def test_what_is_not_told_of_an_unknown_whole_has_no_length() -> None:
    rows = [Bar("a", (None,), None), Bar("b", (12,), None)]
    plot = drawing.stack(rows, legend=["x"], rest="rest", said=said, unit="people")
    assert [(box.row, box.length) for box in plot.boxes] == [(1, 12)]
    assert texts(plot) == ["12"]


def test_a_range_is_filled_to_its_lower_end_and_hatched_to_its_upper_one() -> None:
    rows = [
        Bar("all", (41,), 41),
        Bar("finished", ((31, None),), None),
        Bar("left", ((0, 9),), 41),
        Bar("x", (None,), 41),
    ]
    plot = drawing.bars(rows, said=["41", "at least 31", "at most 9", "–"], unit="people")
    assert parts(plot) == [(0, 41, ""), (0, 31, ""), (31, 10, drawing.HATCH), (0, 9, drawing.HATCH)]
    assert texts(plot) == ["41", "at least 31", "at most 9", "–"]


def test_a_withheld_mean_is_a_word_and_not_a_point_at_zero() -> None:
    points = [drawing.Point("a", 0.08, 0.02, 0.15), drawing.Point("b", None)]
    plot = drawing.intervals(points, absent="not shown", unit="", written=said)
    assert [(mark.row, mark.at) for mark in plot.marks] == [(0, 0.08)]
    assert [(one.row, one.low, one.high) for one in plot.intervals] == [(0, 0.02, 0.15)]
    assert texts(plot) == ["not shown"]


def test_achievement_and_progress_are_two_marks() -> None:
    points = [drawing.Point("trust", 0.8, 0.0), drawing.Point("hidden one", None, None)]
    plot = drawing.shares(points, unit="", written=said)
    assert parts(plot) == [(0, 0.8, "")]
    assert [(mark.at, mark.kind) for mark in plot.marks] == [(0.0, "diamond")]


def test_an_indicator_between_two_values_is_solid_to_the_lower_and_hatched_to_the_upper_with_its_verdict() -> None:
    points = [
        drawing.Point("improved", None, absent="reached", between=(1.06, 2.0)),
        drawing.Point("x", None, absent="–"),
    ]
    plot = drawing.shares(points, unit="", written=said)
    assert parts(plot) == [(0, 1.06, ""), (1.06, pytest.approx(0.94), drawing.HATCH)]
    assert [(word.text.strip(), word.at) for word in plot.words] == [("reached", 2.0), ("–", 0.0)]
    assert all(word.boxed for word in plot.words)  # the line at 1 runs through no word


def test_means_are_drawn_as_shares_of_the_scales_range(released: Released) -> None:
    content = {point["id"]: point["share"] for point in figures.means(released, "en").content}
    assert content["security"] == pytest.approx(2 / 24)
    assert content["social_awareness"] == pytest.approx(-1.25 / 20)
    assert content["competence"] is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_figure_whose_numbers_are_all_hidden_is_a_sentence(language: str) -> None:
    flow = table("flow", "flow", {"en": "F"}, {"a": ({"en": "a"}, None)})
    hidden = make_released(
        tables=(*course("first_aid", (None, None, None), None), flow),
        means=(MEANS[3],),
        indicators=(INDICATORS[1],),
    )
    for draw in (figures.courses, figures.flow, figures.means, figures.progress):
        shown = draw(hidden, language)
        assert shown.png is None
        assert shown.text.count(".") == 1
        assert {"en": "none of these numbers", "pl": "żadnej z"}[language] in shown.text


def test_a_figure_of_nothing_says_that_nothing_was_recorded() -> None:
    empty = nothing_bilateral(make_released(tables=(), means=(), indicators=()))
    for draw in (figures.courses, figures.flow, figures.direction, figures.means, figures.progress):
        assert draw(empty, "en").text.endswith("nothing was recorded.")


def test_fills_stay_apart_in_grey() -> None:
    from matplotlib.colors import to_rgb

    greys = [float(np.dot((0.299, 0.587, 0.114), to_rgb(colour))) for colour, _ in drawing.FILLS]
    assert min(np.diff(greys)[:2]) > 0.2
    assert drawing.FILLS[3][1]  # the lightest two differ by dots


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_of_a_figure_is_cut_at_the_edge(parts_of: Callable[[str], list[Shown]], language: str) -> None:
    import matplotlib.image

    for part in parts_of(language):
        if part.png is None:
            continue
        pixels = matplotlib.image.imread(io.BytesIO(part.png))[:, :, :3]
        edges = (pixels[:2], pixels[-2:], pixels[:, :2], pixels[:, -2:])
        assert min(edge.min() for edge in edges) > 0.99, part.part.id


LONG = "relaksacja, oddychanie i radzenie sobie ze stresem w codziennym życiu po powrocie do domu"


def lengthened(released: Released) -> Released:
    """The release with long labels everywhere, and forty courses."""
    labels = {"en": LONG, "pl": LONG}

    def renamed(table: CountTable) -> CountTable:
        variables = tuple(
            dataclasses.replace(one, labels=labels, codes=dict.fromkeys(one.codes, labels)) for one in table.variables
        )
        return dataclasses.replace(table, labels=labels, variables=variables)

    more = [one for at in range(40) for one in course("first_aid", (None, 20, (3, 8)), 30) for _ in range(at > 30)]
    return dataclasses.replace(
        released,
        tables=tuple(renamed(table) for table in (*released.tables, *more)),
        means=tuple(dataclasses.replace(one, labels=labels, direction="lower") for one in released.means),
        indicators=tuple(dataclasses.replace(one, labels=labels) for one in released.indicators),
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["flow", "courses", "direction", "means", "progress"])
@pytest.mark.parametrize("lengthen", [False, True])
def test_no_text_leaves_the_canvas(
    monkeypatch: pytest.MonkeyPatch, released: Released, language: str, name: str, lengthen: bool
) -> None:
    outside: list[str] = []
    measured: list[tuple[Paint, tuple[float, float, float, float]]] = []
    draw = Paint.text

    def measure(paint: Paint, written: Written, left: float, top: float, colour: str = INK) -> None:
        draw(paint, written, left, top, colour)
        height, width, _ = paint.pixels.shape
        box = (left, top, left + written.width, top + written.height)
        measured.append((paint, box))
        if min(left, top) < -0.5 or box[2] > width + 0.5 or box[3] > height + 0.5:
            outside.append(f"{box} of {width} × {height}")

    monkeypatch.setattr(Paint, "text", measure)
    getattr(figures, name)(lengthened(released) if lengthen else released, language)
    assert len(measured) > 8
    assert outside == []
    for (picture, one), (same, other) in itertools.combinations(measured, 2):
        apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] + 1 or other[3] <= one[1] + 1
        assert apart or picture is not same, (one, other)


def test_long_names_of_many_rows_neither_overlap_nor_leave_the_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[float, float]] = []
    draw = Paint.text

    def keep(paint: Paint, written: Written, left: float, top: float, colour: str = INK) -> None:
        draw(paint, written, left, top, colour)
        if len(written.lines) == 3:
            assert left >= 0
            seen.append((top, top + written.height))

    monkeypatch.setattr(Paint, "text", keep)
    long = {"en": "relaxation, breathing and the management of stress in everyday life after the return home"}
    lines = tuple(dataclasses.replace(INDICATORS[0], code=f"OUT-{i}", labels=long) for i in range(8))
    figures.progress(make_released(indicators=lines), "en")
    assert len(seen) == 8
    assert all(above[1] <= below[0] for above, below in itertools.pairwise(sorted(seen)))


def test_importing_the_figures_does_not_import_matplotlib() -> None:
    code = "import sys, evaluation.report.content.figures; print('matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_the_indicator_figure_draws_achievement_as_bar_and_progress_as_diamond(
    monkeypatch: pytest.MonkeyPatch, released: Released
) -> None:
    kept: list[Plot] = []

    def keep(plot: Plot, **_: object) -> bytes:
        kept.append(plot)
        return b"png"

    monkeypatch.setattr(canvas, "picture", keep)
    figures.progress(released, "pl")
    assert [box.length for box in kept[0].boxes] == pytest.approx([41 / 30, 0.15, 0.8])
    diamonds = [mark.at for mark in kept[0].marks if mark.kind == "diamond"]
    assert diamonds == pytest.approx([41 / 30, 0.15, 0.0])


def test_letters_that_the_font_lacks_are_refused_by_name() -> None:
    with pytest.raises(BadArgument, match="漢"):
        canvas.picture(drawing.bars([Bar("漢", (3,), 3)], said=["3"], unit="people"))


def test_a_part_is_as_long_in_the_picture_as_it_is_said_to_be() -> None:
    from PIL import Image

    png = canvas.picture(drawing.bars([Bar("a", (30,), 40), Bar("b", ((10, 20),), 40)], said=["", ""], unit=""))
    tones = np.asarray(Image.open(io.BytesIO(png)).convert("RGB"), dtype=int)
    dark = (abs(tones - (0x1F, 0x4E, 0x79)).sum(axis=2) < 9).sum(axis=1)
    assert dark.max() / dark[dark < dark.max() / 2].max() == pytest.approx(3, abs=0.02)


def test_short_lines_stand_at_the_left_in_the_middle_or_at_the_right() -> None:
    starts = [Written.of("mmmm\nm", 9, align=align).lines[1][1] for align in ("left", "center", "right")]
    wide, narrow = (Written.of(text, 9).width for text in ("mmmm", "m"))
    assert np.diff(starts) == pytest.approx([(wide - narrow) / 2] * 2)


@pytest.mark.parametrize(
    ("words", "lines", "cut"),
    [(5, 2, False), (17, 3, False), (18, 3, False), (19, 4, False), (24, 4, False), (60, 6, True)],
)
def test_the_name_of_a_row_is_not_cut_before_it_has_six_lines(words: int, lines: int, cut: bool) -> None:
    name = " ".join(["fives"] * words)
    short, long = canvas.wrapped(["x", name])
    assert (short, len(long), long[-1].endswith("…")) == (["x"], lines, cut)
    assert cut or " ".join(long) == name
    assert canvas.wrapped([]) == []
