"""A batch of many projects beside papermill as it comes: python -m benchmarks.batch [--projects 10] [--notebooks 5].

Each round measures every way once, one after the other; what is told is the median of the rounds' ratios.
"""

from __future__ import annotations

import argparse
import functools
import importlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from evaluation.project import demo
from evaluation.project.imports import WARM
from evaluation.resources import folder as resource

Way = Callable[[], object]
Chosen = Sequence[tuple[Path, Path]]
"""Each notebook with the folder of its project."""

_spared: list[float] = []
"""Seconds of imports that are not counted."""


def by_command(chosen: Chosen) -> None:
    """``papermill`` once for each notebook, one after another, each with its project's key file."""
    for notebook, folder in chosen:
        subprocess.run(
            [sys.executable, "-m", "papermill", str(notebook), os.devnull, "-k", "python3", "-l", "python",
             "--no-progress-bar", "--cwd", str(folder)],
            check=True, capture_output=True, env={**os.environ, "EVALUATION_KEY_FILE": str(folder / demo.KEY)},
        )  # fmt: skip


def by_function(notebook: Path, folder: Path) -> None:
    """Papermill called in this process."""
    import papermill

    os.environ["EVALUATION_KEY_FILE"] = str(folder / demo.KEY)
    papermill.execute_notebook(
        str(notebook), None, kernel_name="python3", language="python", progress_bar=False, cwd=str(folder)
    )


def by_pool(chosen: Chosen) -> None:
    """Papermill called in a pool of two processes."""
    with ProcessPoolExecutor(2) as pool:
        list(pool.map(by_function, *zip(*chosen, strict=True)))


def by_script(chosen: Chosen) -> None:
    """The cells of all notebooks in one process that has imported everything: no kernel, no file, no batch."""
    given = json.dumps([[str(notebook), str(folder)] for notebook, folder in chosen])
    command = [sys.executable, "-m", "benchmarks.batch", "--cells"]
    ran = subprocess.run(command, input=given.encode(), check=True, stdout=subprocess.PIPE)
    _spared.append(float(ran.stdout))


def cells() -> None:
    """What by_script starts; it prints how many seconds of the processor its imports took."""
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output

    for name in WARM:
        importlib.import_module(name.partition(":")[0])
    shell: Any = InteractiveShell.instance()
    print(time.process_time())
    for notebook, folder in json.load(sys.stdin):
        os.environ["EVALUATION_KEY_FILE"] = str(Path(folder) / demo.KEY)
        os.chdir(folder)
        shell.reset()
        for cell in json.loads(Path(notebook).read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                with capture_output():
                    shell.run_cell("".join(cell["source"])).raise_error()


def by_batch(manifest: Path, *more: str, anew: bool = True) -> None:
    """The kit's command; ``anew``: nothing is known of an earlier batch."""
    if anew:
        manifest.with_name(f"{manifest.stem}.outcomes.json").unlink(missing_ok=True)
    command = [sys.executable, "-m", "evaluation.cli", "batch", str(manifest), *more]
    subprocess.run(command, check=True, capture_output=True)


def on_dask(run: Callable[[str], object]) -> None:
    """What ``run`` does with the address of a cluster on loopback: two processes of one thread."""
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1") as cluster:
        run(cluster.scheduler_address)


def naive(chosen: Chosen, address: str) -> None:
    """Dask's own ``map`` over papermill's function."""
    from distributed import Client

    with Client(address) as client:
        client.gather(client.map(by_function, *zip(*chosen, strict=True), pure=False))


def measured(way: Way) -> tuple[float, float]:
    """Seconds on the clock, and of processors, those of all processes that were started; imports of a script apart."""
    _spared.clear()
    before, began = os.times(), time.perf_counter()
    way()
    after, took = os.times(), time.perf_counter() - began
    imports = sum(_spared)
    return took - imports, sum(after[:4]) - sum(before[:4]) - imports


def largest(manifest: Path) -> int:
    """How many megabytes the largest process of a batch held, of all that it started."""
    command = (
        "import resource, sys; from benchmarks.batch import by_batch; from pathlib import Path; "
        "by_batch(Path(sys.argv[1])); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)"
    )
    ran = subprocess.run([sys.executable, "-c", command, str(manifest)], check=True, capture_output=True)
    return int(ran.stdout)


def ways(chosen: Chosen, manifest: Path, *, dask: bool, ours: bool) -> dict[str, Way]:
    """Every way by its name, the one that others are held against first; an unchanged batch comes behind a batch."""
    rivals: dict[str, Way] = {
        "papermill's command": functools.partial(by_command, chosen),
        "papermill in a pool of 2": functools.partial(by_pool, chosen),
        "a plain script": functools.partial(by_script, chosen),
    }
    found: dict[str, Way] = ({} if ours else rivals) | {
        "batch, 1 worker": functools.partial(by_batch, manifest, "--workers", "1"),
        "batch, 2 workers": functools.partial(by_batch, manifest, "--workers", "2"),
        "the same again, unchanged": functools.partial(by_batch, manifest, anew=False),
    }
    if dask:
        found["client.map on Dask"] = lambda: on_dask(lambda address: naive(chosen, address))
        found["batch on Dask"] = lambda: on_dask(lambda address: by_batch(manifest, "--scheduler", address))
    return found


FLAT = (2, 20, 200)
"""By how many projects it is seen whether memory stays flat."""

_LOOK = "from evaluation import open_project\nopen_project().scores.shape"


def flat(place: Path) -> None:
    """Says how much the largest process of a batch holds, by the number of projects; one small notebook in each."""
    for number in FLAT:
        _, manifest = make(place / str(number), projects=number, notebooks=0)
        for folder in manifest.parent.glob("p*"):
            cell = {"cell_type": "code", "source": _LOOK, "metadata": {}, "outputs": [], "execution_count": None}
            notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
            (folder / "notebooks" / "9_look.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
        manifest.write_text(manifest.read_text(encoding="utf-8").replace("notebooks: []", 'notebooks: ["9_look"]'))
        print(f"{number:4} projects: the largest process held {largest(manifest)} MB", flush=True)


def make(place: Path, *, projects: int, notebooks: int) -> tuple[Chosen, Path]:
    """So many fictional projects and a manifest that runs the first notebooks of each."""
    shelf = sorted((resource("notebooks") / "inside").glob("*.ipynb"))[:notebooks]
    demo.fill(place / "p0", "reference")
    for number in range(1, projects):
        shutil.copytree(place / "p0", place / f"p{number}")
    folders = [place / f"p{number}" for number in range(projects)]
    names = ", ".join(f'"{path.stem}"' for path in shelf)
    lines = [f"  - {{project: {one.name}, key_file: {one.name}/{demo.KEY}, notebooks: [{names}]}}" for one in folders]
    manifest = place / "year.yml"
    manifest.write_text("\n".join(["runs:", *lines]) + "\n", encoding="utf-8")
    return [(notebook, one) for one in folders for notebook in shelf], manifest


HELD_AGAINST = ("papermill's command", "papermill in a pool of 2", "a plain script", "client.map on Dask")
"""The ways that ours are told in times of, where they were measured."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--projects", type=int, default=10)
    parser.add_argument("--notebooks", type=int, default=5, help="only the first so many of a project")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--dask", action="store_true", help="on a Dask cluster too (needs the extra dask)")
    parser.add_argument("--ours", action="store_true", help="only the kit's ways, and the largest process of a batch")
    parser.add_argument("--flat", action="store_true", help=f"only the largest process with {FLAT} projects")
    parser.add_argument("--cells", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.cells:
        cells()
        return
    with tempfile.TemporaryDirectory() as place:
        if asked.flat:
            flat(Path(place))
            return
        chosen, manifest = make(Path(place), projects=asked.projects, notebooks=asked.notebooks)
        found = ways(chosen, manifest, dask=asked.dask, ours=asked.ours)
        rounds = [{name: _noted(name, measured(way)) for name, way in found.items()} for _ in range(asked.rounds)]
        most = largest(manifest) if asked.ours else 0
    print(f"{asked.projects} projects, {asked.notebooks} notebooks each; medians of {asked.rounds} rounds")
    print(f"{'':26} {'clock':>8} {'CPU':>8}   times the clock and the CPU of …")
    for name in found:
        clock, processors = (statistics.median(one[name][of] for one in rounds) for of in (0, 1))
        print(f"{name:26} {clock:6.1f} s {processors:6.1f} s   {_ratios(rounds, name)}")
    if asked.ours:
        print(f"the largest process held {most} MB")


def _noted(name: str, took: tuple[float, float]) -> tuple[float, float]:
    """Said as it is measured: all of them take long."""
    print(f"{name}: {took[0]:.1f} s on the clock, {took[1]:.1f} s of processors", file=sys.stderr, flush=True)
    return took


def _ratios(rounds: Sequence[Mapping[str, tuple[float, float]]], name: str) -> str:
    """How many times as long the ways take that ours are held against, and as much of processors."""
    told = []
    for other in HELD_AGAINST if name.startswith(("batch", "the same")) else ():
        if other in rounds[0]:
            clock, processors = (
                statistics.median(one[other][of] / max(one[name][of], 0.01) for one in rounds) for of in (0, 1)
            )
            told.append(f"{other} {clock:.1f}, {processors:.1f}")
    return "; ".join(told)


if __name__ == "__main__":
    main()
