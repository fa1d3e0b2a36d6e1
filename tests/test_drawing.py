"""Pictures know nothing of the account that draws them, and no letter of theirs is a box."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from evaluation import drawing
from evaluation.errors import BadArgument

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

DRAWS = """
import hashlib, sys
sys.path[:0] = sys.argv[1:]
import dataclasses
from tests.inside.test_pictures import END, START, frames, shown
from tests.report.handmade import make_released
from evaluation.project import folder
from evaluation.report.content import figures
from evaluation.resources import folder as resource
made = make_released()
names = ("flow", "courses", "direction", "means", "progress")
print(*(hashlib.sha256(getattr(figures, name)(made, "pl").png).hexdigest() for name in names))
whole = folder.read(resource("templates") / "projects" / "reference")
plan = dataclasses.replace(whole.plan, outcomes=whole.plan.outcomes[:1])
few = dataclasses.replace(whole.file, courses=whole.file.courses[:2])
made = shown(frames(START, END), dataclasses.replace(whole, plan=plan, file=few), "pl")
print(*(hashlib.sha256(one.png).hexdigest() for one in made.values() if one.png))
"""


def drawn_under(rules: str, folder: Path) -> list[str]:
    """Digests of the figures that a process with these settings of matplotlib draws."""
    folder.mkdir()
    (folder / "matplotlibrc").write_text(rules, encoding="utf-8")
    root = Path(__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-c", DRAWS, str(root)],
        capture_output=True, text=True, check=True, cwd=folder,
        env={**os.environ, "MATPLOTLIBRC": str(folder / "matplotlibrc")},
    )  # fmt: skip
    return done.stdout.split()


def test_an_accounts_settings_change_no_byte_of_a_figure(tmp_path: Path) -> None:
    plain, hostile = (drawn_under(rules, tmp_path / name) for name, rules in (("a", ""), ("b", HOSTILE)))
    assert len(set(plain)) >= 11
    assert hostile == plain


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
