"""Pictures know nothing of the account that draws them, and no letter of theirs is a box."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from evaluation import drawing
from evaluation.errors import BadArgument
from evaluation.project.folder import read
from evaluation.report.content import figures
from evaluation.resources import folder as resource
from tests.inside.test_pictures import END, START, frames, shown
from tests.report.handmade import make_released

ROOT = Path(__file__).parents[1]

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
        [sys.executable, "-c", "from tests.test_drawing import drawn; print(*drawn())"],
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


def test_a_dollar_is_a_dollar() -> None:
    made = [hashlib.sha256(png(label)).hexdigest() for label in ("$x^2$", "x^2", "$$")]
    assert len(set(made)) == 3
    assert drawing.undrawable("$x^2$") == ""
