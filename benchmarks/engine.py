"""How fast notebooks run, beside papermill as it comes: python -m benchmarks.engine [--projects 2].

With ``--formats`` what comes after a funder's notebook ran: its document in every format that it has.
"""

from __future__ import annotations

import argparse
import functools
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import papermill

from evaluation.project import demo, open_project
from evaluation.project.notebooks import run_with_key
from evaluation.report import executed, formats, runs
from evaluation.report.engine import side_by_side, warm
from evaluation.resources import folder as resource


def by_command(notebooks: list[Path], folder: Path) -> None:
    """``papermill`` once for each notebook, one after another."""
    for notebook in notebooks:
        subprocess.run(
            [sys.executable, "-m", "papermill", str(notebook), os.devnull, "-k", "python3", "-l", "python",
             "--no-progress-bar", "--cwd", str(folder)],
            check=True, capture_output=True,
        )  # fmt: skip


def by_papermill(notebooks: list[Path], folder: Path) -> None:
    """Papermill called in one process, one notebook after another."""
    for notebook in notebooks:
        papermill.execute_notebook(
            str(notebook), None, kernel_name="python3", language="python", progress_bar=False, cwd=str(folder)
        )


def by_fork(notebooks: list[Path], folder: Path, *, workers: int) -> None:
    """The kit's engine, with the start of its warm process."""
    with open_project(folder, environ=os.environ) as project:
        tasks = [functools.partial(run_with_key, project, notebook, engine="forked") for notebook in notebooks]
        for _ in side_by_side.results(tasks, engine="forked", workers=workers):
            pass
    warm.stop()


WAYS: dict[str, Callable[[list[Path], Path], None]] = {
    "papermill's command": by_command,
    "papermill's function": by_papermill,
    "forked, 1 at a time": functools.partial(by_fork, workers=1),
    "forked, 2 at a time": functools.partial(by_fork, workers=2),
}


def ran(folder: Path, place: Path) -> dict[str, Any]:
    """The funder's notebooks of the example as they were executed on its release, by document and language."""
    subprocess.run([sys.executable, "-m", "evaluation.cli", "demo", str(folder)], check=True, stdout=subprocess.DEVNULL)
    shutil.copy(folder / "releases" / "final.json", place / "release.json")
    found = {}
    for stem, name in (("report", "bilateral_summary"), ("analysis", "analytical_report")):
        for language in ("en", "pl"):
            notebook = resource("notebooks") / "funder" / f"{name}.ipynb"
            environment = runs.scrubbed(os.environ)
            found[f"{stem} {language}"] = runs.run(
                notebook, {"language": language}, folder=place, environment=environment
            )
    return found


def in_all_formats(name: str, notebook: Any) -> None:
    """Its document as HTML, PDF, Word file, JSON and text, a report as workbook and CSV, too."""
    stem, language = name.split()
    formats.written(executed.document(notebook, language=language), stem)


def tell_formats(place: Path, rounds: int) -> None:
    """Says what the first document of this process takes, with what has to be imported for it, and each after it."""
    notebooks = ran(place / "project", place)
    warm.stop()
    name, notebook = next(iter(notebooks.items()))
    print("first, with imports: {:.2f} s on the clock, {:.2f} s CPU".format(*seconds(in_all_formats, name, notebook)))
    for name, notebook in notebooks.items():
        took = [seconds(in_all_formats, name, notebook) for _ in range(rounds)]
        clock, processors = (statistics.median(one[of] for one in took) for of in (0, 1))
        print(f"{name:12} {clock:5.2f} s on the clock, {processors:5.2f} s CPU")


def seconds(way: Callable[..., None], *given: object) -> tuple[float, float]:
    """On the clock, and of processors, those of all processes that were started."""
    before, began = os.times(), time.perf_counter()
    way(*given)
    after, took = os.times(), time.perf_counter() - began
    return took, sum(after[:4]) - sum(before[:4])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--projects", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--notebooks", type=int, default=5, help="only the first so many of a project")
    parser.add_argument("--formats", action="store_true", help="only a document in all formats after its notebook ran")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        if chosen.formats:
            tell_formats(Path(place), chosen.rounds)
            return
        folder = Path(place) / "project"
        os.environ["EVALUATION_KEY_FILE"] = str(demo.fill(folder, "reference").resolve())
        shelf = sorted((resource("notebooks") / "inside").glob("*.ipynb"))
        notebooks = shelf[: chosen.notebooks] * chosen.projects
        rounds = [{name: seconds(way, notebooks, folder) for name, way in WAYS.items()} for _ in range(chosen.rounds)]
    first = next(iter(WAYS))
    print(f"{len(notebooks)} notebooks; medians of {len(rounds)} rounds, ratios within a round")
    for name in WAYS:
        clock, processors = (statistics.median(one[name][of] for one in rounds) for of in (0, 1))
        times, less = (statistics.median(one[first][of] / one[name][of] for one in rounds) for of in (0, 1))
        cost = f"{processors / len(notebooks):5.2f} s CPU a notebook, {less:4.1f} times less"
        print(f"{name:21} {clock:7.1f} s  {times:5.1f} times as fast  {cost}")


if __name__ == "__main__":
    main()
