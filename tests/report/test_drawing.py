"""Pictures know nothing of the account that draws them, and no letter of theirs is a box."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib import pyplot
from matplotlib.lines import Line2D
from PIL import Image

from evaluation import drawing
from evaluation.errors import BadArgument
from evaluation.project.folder import read
from evaluation.report.content import figures
from evaluation.resources import folder as resource
from tests.fresh import SPARING
from tests.inside.test_pictures import END, START, frames, shown
from tests.report.handmade import make_released

ROOT = Path(__file__).parents[2]

HOSTILE = """
text.usetex: True
figure.facecolor: black
axes.facecolor: black
savefig.facecolor: black
savefig.dpi: 40
savefig.bbox: tight
savefig.transparent: True
figure.autolayout: True
font.size: 31
font.family: monospace
text.color: white
axes.grid: True
axes.unicode_minus: False
lines.linewidth: 9
hatch.color: red
hatch.linewidth: 5
path.sketch: 1, 100, 2
xtick.labelsize: 30
legend.fontsize: 30
"""

FIGURES = ("flow", "courses", "direction", "means", "progress")


def drawn() -> list[str]:
    """Digests of figures of documents and of figures for inside."""
    made, whole = make_released(), read(resource("templates") / "projects" / "reference")
    plan = dataclasses.replace(whole.plan, outcomes=whole.plan.outcomes[:1])
    few = dataclasses.replace(whole.file, courses=whole.file.courses[:2])
    inside = shown(frames(START, END), dataclasses.replace(whole, plan=plan, file=few), "pl")
    pictures = [*(getattr(figures, name)(made, "pl").png for name in FIGURES), *(one.png for one in inside.values())]
    return [hashlib.sha256(picture).hexdigest() for picture in pictures if picture]


def test_an_accounts_settings_change_no_byte_of_a_figure(tmp_path: Path) -> None:
    (tmp_path / "matplotlibrc").write_text(HOSTILE, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", f"{SPARING}; from tests.report.test_drawing import drawn; print(*drawn())"],
        capture_output=True, text=True, check=True, cwd=ROOT,
        env={**os.environ, "MATPLOTLIBRC": str(tmp_path / "matplotlibrc")},
    )  # fmt: skip
    here = drawn()
    assert len(set(here)) >= 11
    assert done.stdout.split() == here


def png(label: str) -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with drawing.settings():
        figure = Figure(figsize=(2, 1))
        FigureCanvasAgg(figure)
        figure.text(0.1, 0.5, label)
        return drawing.png(figure, dpi=50)


def test_letters_that_the_font_lacks_are_named_once_and_no_box_is_drawn() -> None:
    with pytest.warns(UserWarning, match="missing from font"), pytest.raises(BadArgument, match="the letters 漢字;"):
        png("a 漢字 and 漢")
    assert drawing.undrawable("zażółć gęślą jaźń – Україна, Ελλάδα, −1") == ""


def test_usual_letters_need_no_look_into_the_font_since_it_has_them() -> None:
    usual = {letter for letter in drawing.USUAL if letter.isprintable()}
    assert {*map(ord, usual)} <= drawing._drawable()
    assert {*"zażółć gęślą jaźń – „Åse Größe”"} <= usual


def test_letters_are_missed_wherever_they_are_written() -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with drawing.settings():
        figure = Figure(figsize=(4, 3))
        FigureCanvasAgg(figure)
        axes, hidden = figure.subplots(1, 2)
        axes.plot([0, 1], [0, 1], label="乙")
        axes.set(title="丙", xlabel="丁", ylabel="甲")
        axes.set_xticks([0, 1], ["left", "戊"])
        axes.set_yticks([0.5], ["己"], minor=True)
        axes.annotate("庚", (0.2, 0.8))
        axes.legend(title="辛")
        figure.suptitle("壬")
        hidden.set_axis_off()
        with pytest.warns(UserWarning, match="missing from font"), pytest.raises(BadArgument) as refused:
            drawing.png(figure, dpi=50, tight=True)
    assert set(refused.value.message.facts["letters"]) == set("甲乙丙丁戊己庚辛壬")
    assert len(vars(hidden.xaxis)["majorTicks"]) == 1  # which came with the axis; none was made to look for letters


def test_a_dollar_is_a_dollar() -> None:
    made = [hashlib.sha256(png(label)).hexdigest() for label in ("$x^2$", "x^2", "$$")]
    assert len(set(made)) == 3
    assert drawing.undrawable("$x^2$") == ""


def inked(*, dots: list[tuple[float, float]], size: tuple[float, float] = (3, 2)) -> Any:
    """The pixels of a tight picture with dots at these shares of the figure, twelve pixels wide, and its resolution."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with drawing.settings():
        figure = Figure(figsize=size)
        FigureCanvasAgg(figure)
        for across, up in dots:
            line = Line2D([across], [up], marker="s", color="black", markersize=12, markeredgewidth=0)
            figure.add_artist(line)
        return Image.open(io.BytesIO(drawing.png(figure, dpi=72, tight=True)))


@pytest.mark.parametrize(
    ("dots", "size"),
    [
        ([(0.5, 0.5)], (12 + 2 * 7, 12 + 2 * 7)),  # a tenth of an inch around it
        ([(0.0, 0.5), (1.0, 0.25)], (3 * 72 + 12 + 2 * 7, 36 + 12 + 2 * 7)),  # on the edges: half of each lies beyond
        ([(0.5, 0.5), (2.0, 1.0)], (108 + 216 + 12 + 2 * 7, 72 + 12 + 2 * 7)),
        ([(0.5, 0.5), (9.0, 5.0)], (108 + 8 * 216 + 12 + 2 * 7, 648 + 12 + 2 * 7)),  # farther than is looked at first
    ],
)
def test_a_tight_picture_ends_a_margin_beyond_what_is_drawn_however_far_that_is(
    dots: list[tuple[float, float]], size: tuple[int, int]
) -> None:
    made = inked(dots=dots)
    assert made.size == pytest.approx(size, abs=2)
    assert made.mode == "RGB"
    assert made.info["dpi"] == pytest.approx((72, 72), abs=0.1)
    black = np.argwhere(np.asarray(made)[:, :, 0] < 128)
    assert len(black) == pytest.approx(144 * len(dots), rel=0.1)


def test_a_picture_of_nothing_has_the_size_of_its_figure() -> None:
    assert inked(dots=[]).size == pytest.approx((3 * 72, 2 * 72), abs=16)


def test_the_pixels_are_those_that_matplotlib_draws() -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with drawing.settings():
        figure = Figure(figsize=(2.5, 1.5))
        FigureCanvasAgg(figure)
        axes = figure.subplots()
        axes.plot([0, 3, 1], color="#1f4e79")
        axes.set_xlabel("days")
        axes.set_title("left", loc="left")
        ours = np.asarray(Image.open(io.BytesIO(drawing.png(figure, dpi=90))))
        figure.savefig(theirs := io.BytesIO(), format="png", dpi=90)
    assert np.array_equal(ours, np.asarray(Image.open(theirs))[:, :, :3])


def test_a_picture_is_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from matplotlib.figure import Figure

    drawn: list[Any] = []
    draw = Figure.draw
    monkeypatch.setattr(Figure, "draw", lambda figure, renderer: drawn.append(figure) or draw(figure, renderer))
    with drawing.settings():
        figure, axes = pyplot.subplots(3, layout="constrained")
        axes[1].bar(["a", "b"], [2, 5], label="bars")
        axes[1].legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))
        drawing.png(figure, dpi=50)
        drawing.png(figure, dpi=50, tight=True, apart=1.5)
        pyplot.close(figure)
    figures.courses(make_released(), "en")
    assert len(drawn) == 2  # those of the report are none of matplotlib's figures


@pytest.mark.parametrize("letters", [3, 40, 160])
def test_the_longest_label_of_a_tick_is_not_cut(letters: int) -> None:
    with drawing.settings():
        figure, axes = pyplot.subplots(figsize=(2, 1))
        axes.set_yticks([0, 1], ["M" * letters, ""])
        pixels = np.asarray(Image.open(io.BytesIO(drawing.png(figure, dpi=72, tight=True))))
        pyplot.close(figure)
    ink = np.flatnonzero((pixels < 128).any(axis=(0, 2)))
    assert pixels.shape[1] >= 2 * 72 * 0.775 + letters * 8.6
    assert ink[0] == pytest.approx(7, abs=3)
