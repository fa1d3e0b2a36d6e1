"""A batch of many projects beside papermill as it comes: python -m benchmarks.batch [--projects 10] [--notebooks 5]."""

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
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from evaluation.project import demo
from evaluation.resources import folder as resource

Way = Callable[[], object]
Chosen = Sequence[tuple[Path, Path]]
"""Each notebook with the folder of its project."""


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
    """Seconds on the clock, and of processors, those of all processes that were started."""
    before, began = os.times(), time.perf_counter()
    way()
    after, took = os.times(), time.perf_counter() - began
    return took, sum(after[:4]) - sum(before[:4])


def ways(chosen: Chosen, manifest: Path, *, dask: bool) -> dict[str, Way]:
    """Every way by its name, the one that others are held against first; an unchanged batch comes behind a batch."""
    found: dict[str, Way] = {
        "papermill's command": functools.partial(by_command, chosen),
        "papermill in a pool of 2": functools.partial(by_pool, chosen),
        "batch, 1 worker": functools.partial(by_batch, manifest, "--workers", "1"),
        "batch, 2 workers": functools.partial(by_batch, manifest, "--workers", "2"),
        "the same again, unchanged": functools.partial(by_batch, manifest, anew=False),
    }
    if dask:
        found["client.map on Dask"] = lambda: on_dask(lambda address: naive(chosen, address))
        found["batch on Dask"] = lambda: on_dask(lambda address: by_batch(manifest, "--scheduler", address))
    return found


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--projects", type=int, default=10)
    parser.add_argument("--notebooks", type=int, default=5, help="only the first so many of a project")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--dask", action="store_true", help="on a Dask cluster too (needs the extra dask)")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        chosen, manifest = make(Path(place), projects=asked.projects, notebooks=asked.notebooks)
        found = ways(chosen, manifest, dask=asked.dask)
        rounds = [{name: measured(way) for name, way in found.items()} for _ in range(asked.rounds)]
    first = next(iter(found))
    print(f"{asked.projects} projects, {asked.notebooks} notebooks each; medians of {asked.rounds} rounds")
    for name in found:
        clock, processors = (statistics.median(one[name][of] for one in rounds) for of in (0, 1))
        times, less = (statistics.median(one[first][of] / max(one[name][of], 0.01) for one in rounds) for of in (0, 1))
        print(f"{name:26} {clock:7.1f} s {times:6.1f} times as fast {processors:7.1f} s CPU, {less:5.1f} times less")


if __name__ == "__main__":
    main()
