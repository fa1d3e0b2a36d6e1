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

from evaluation.release.released import CountTable, Released
from evaluation.report import canvas, drawing
from evaluation.report.content import figures
from evaluation.report.drawing import Bar
from evaluation.report.shown import Shown
from tests.report.handmade import INDICATORS, MEANS, course, figure, make_released, nothing_bilateral, table

LANGUAGES = ("en", "pl")


def drawn(draw: Callable[[Any], None]) -> Any:
    """The axes after drawing, to look at bars and words."""
    from matplotlib.figure import Figure

    axes = Figure().subplots()
    draw(axes)
    return axes


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
    axes = drawn(lambda a: drawing.stack(a, rows, legend=["x", "y", "z"], rest="rest", said=said))
    assert [(bar.get_x(), bar.get_width(), bar.get_hatch()) for bar in axes.patches] == [
        (0, 22, None),
        (22, 19, drawing.HATCH),
    ]
    assert [text.get_text() for text in axes.texts] == ["22"]


def test_a_known_zero_is_drawn_as_no_part_and_without_hatching() -> None:
    rows = [Bar("a", (13, 0, 28), 41)]
    axes = drawn(lambda a: drawing.stack(a, rows, legend=["x", "y", "z"], rest="rest", said=said))
    assert [bar.get_width() for bar in axes.patches] == [13, 28]
    assert all(bar.get_hatch() is None for bar in axes.patches)


def test_what_is_not_told_of_an_unknown_whole_has_no_length() -> None:
    rows = [Bar("a", (None,), None), Bar("b", (12,), None)]
    axes = drawn(lambda a: drawing.stack(a, rows, legend=["x"], rest="rest", said=said))
    assert [bar.get_width() for bar in axes.patches] == [12]
    assert [text.get_text().strip() for text in axes.texts] == ["12"]


def test_a_range_is_filled_to_its_lower_end_and_hatched_to_its_upper_one() -> None:
    rows = [
        Bar("all", (41,), 41),
        Bar("finished", ((31, None),), None),
        Bar("left", ((0, 9),), 41),
        Bar("x", (None,), 41),
    ]
    axes = drawn(lambda a: drawing.bars(a, rows, said=["41", "at least 31", "at most 9", "–"], unit="people"))
    assert [(bar.get_x(), bar.get_width(), bar.get_hatch()) for bar in axes.patches] == [
        (0, 41, None),
        (0, 31, None),
        (31, 10, drawing.HATCH),
        (0, 9, drawing.HATCH),
    ]
    assert [text.get_text() for text in axes.texts] == ["41", "at least 31", "at most 9", "–"]


def test_a_withheld_mean_is_a_word_and_not_a_point_at_zero() -> None:
    points = [drawing.Point("a", 0.08, 0.02, 0.15), drawing.Point("b", None)]
    axes = drawn(lambda a: drawing.intervals(a, points, absent="not shown"))
    marked = [line for line in axes.lines if line.get_marker() == "o"]
    assert [float(np.ravel(line.get_ydata())[0]) for line in marked] == [0.0]
    assert [text.get_text().strip() for text in axes.texts] == ["not shown"]


def test_achievement_and_progress_are_two_marks() -> None:
    points = [drawing.Point("trust", 0.8, 0.0), drawing.Point("hidden one", None, None)]
    axes = drawn(lambda a: drawing.shares(a, points))
    assert [bar.get_width() for bar in axes.patches] == [0.8]
    diamonds = [line for line in axes.lines if line.get_marker() == "D"]
    assert [float(np.ravel(line.get_xdata())[0]) for line in diamonds] == [0.0]


def test_an_indicator_between_two_values_is_solid_to_the_lower_and_hatched_to_the_upper_with_its_verdict() -> None:
    points = [
        drawing.Point("improved", None, absent="reached", between=(1.06, 2.0)),
        drawing.Point("x", None, absent="–"),
    ]
    axes = drawn(lambda a: drawing.shares(a, points))
    parts = [(bar.get_x(), round(bar.get_width(), 9), bar.get_hatch()) for bar in axes.patches]
    assert parts == [(0, 1.06, None), (1.06, 0.94, drawing.HATCH)]
    assert [(text.get_text().strip(), text.get_position()[0]) for text in axes.texts] == [("reached", 2.0), ("–", 0.0)]
    assert all(text.get_bbox_patch() for text in axes.texts)  # the line at 1 runs through no word


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
    from matplotlib.text import Text

    outside: list[str] = []
    measured: list[str] = []
    rows: list[Any] = []
    draw = Text.draw

    def measure(text: Text, renderer: Any) -> None:
        draw(text, renderer)
        if text.get_visible() and text.get_text().strip():
            box, canvas = text.get_window_extent(renderer), text.get_figure(root=True).bbox
            measured.append(text.get_text())
            rows.extend([box] if text.get_text().startswith("Relaksacja") else [])
            if min(box.x0, box.y0) < -0.5 or box.x1 > canvas.width + 0.5 or box.y1 > canvas.height + 0.5:
                outside.append(f"{text.get_text()} at {box.extents} of {canvas.size}")

    monkeypatch.setattr(Text, "draw", measure)
    getattr(figures, name)(lengthened(released) if lengthen else released, language)
    assert len(measured) > 8
    assert outside == []
    boxes = {(round(box.x0), round(box.y0)): box for box in rows}.values()  # of the rows and, side by side, the legend
    for one, other in itertools.combinations(boxes, 2):
        drawn_again = abs(one.x0 - other.x0) < 2 and abs(one.y0 - other.y0) < 2
        apart = (one.x1 <= other.x0 or other.x1 <= one.x0, one.y1 <= other.y0 + 1 or other.y1 <= one.y0 + 1)
        assert drawn_again or any(apart), (one.extents, other.extents)


def test_long_names_of_many_rows_neither_overlap_nor_leave_the_picture(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    seen: list[Any] = []
    plain = FigureCanvasAgg.draw

    def keep(canvas: Any) -> None:
        plain(canvas)
        seen.clear()
        labels = canvas.figure.axes[0].get_yticklabels()
        seen.extend(label.get_window_extent() for label in labels)

    monkeypatch.setattr(FigureCanvasAgg, "draw", keep)
    long = {"en": "relaxation, breathing and the management of stress in everyday life after the return home"}
    lines = tuple(dataclasses.replace(INDICATORS[0], code=f"OUT-{i}", labels=long) for i in range(8))
    figures.progress(make_released(indicators=lines), "en")
    assert len(seen) == 8
    assert all(box.x0 >= 0 for box in seen)
    assert all(above.y0 >= below.y1 for above, below in itertools.pairwise(seen))


def test_importing_the_figures_does_not_import_matplotlib() -> None:
    code = "import sys, evaluation.report.content.figures; print('matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_the_indicator_figure_draws_achievement_as_bar_and_progress_as_diamond(
    monkeypatch: pytest.MonkeyPatch, released: Released
) -> None:
    kept: list[Callable[[Any], None]] = []

    def keep(draw: Callable[[Any], None], **sizes: object) -> bytes:
        kept.append(draw)
        return b"png"

    monkeypatch.setattr(canvas, "picture", keep)
    figures.progress(released, "pl")
    axes = drawn(kept[0])
    assert [bar.get_width() for bar in axes.patches] == pytest.approx([41 / 30, 0.15, 0.8])
    diamonds = [float(np.ravel(line.get_xdata())[0]) for line in axes.lines if line.get_marker() == "D"]
    assert diamonds == pytest.approx([41 / 30, 0.15, 0.0])
