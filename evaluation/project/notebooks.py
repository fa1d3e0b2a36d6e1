"""The notebooks for inside, each run in a kernel that can open the record."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from evaluation import files
from evaluation.collect.access import keys
from evaluation.errors import BadArgument
from evaluation.project.opened import Project
from evaluation.report import runs
from evaluation.report.engine import Name, side_by_side
from evaluation.resources import folder as resource

WARM = (
    *runs.WARM,
    *("pandas", "seaborn", "scipy.stats", "scipy.optimize", "statsmodels.regression.linear_model"),
    *("statsmodels.stats.proportion", "statsmodels.stats.multitest", "highspy"),
    *("evaluation.inside.pictures", "evaluation.project.opened", "evaluation.project.output_check"),
)
"""What notebooks for inside need."""


def run_inside(project: Project, *, only: str | None = None, engine: Name | None = None) -> Iterator[Path]:
    """Run the notebooks for inside; each executed notebook is kept in the folder's inside/."""
    shelf = resource("notebooks") / "inside"
    chosen = [path for path in sorted(shelf.glob("*.ipynb")) if path.stem.startswith(only or "")]
    if not chosen:
        names = [path.stem for path in sorted(shelf.glob("*.ipynb"))]
        raise BadArgument("project.no_notebook", only=only, names=names)
    kept = files.private_folder(project.folder / "inside")
    made = side_by_side.results(
        [functools.partial(run_with_key, project, notebook, engine=engine) for notebook in chosen], engine=engine
    )
    for notebook, executed in zip(chosen, made, strict=True):
        target = kept / notebook.name
        files.write(target, runs.written(executed), private=True)
        yield target


def run_with_key(project: Project, notebook: Path, *, engine: Name | None = None) -> object:
    """One inside notebook, whose kernel gets the data key through an inherited descriptor.

    Its parameters stay as they are: the project is the folder above, wherever the notebook is opened.
    Where there are no such descriptors (Windows), the kernel opens the record with the key file that
    EVALUATION_KEY_FILE names.
    """
    environment = runs.scrubbed(os.environ)
    if sys.platform == "win32":
        named = {key: os.environ[key] for key in (keys.KEY_FILE,) if key in os.environ}
        return runs.run(notebook, {}, folder=project.folder, environment=environment | named, engine=engine)
    with keys.handed_over(project.key) as descriptor:
        return runs.run(
            notebook,
            {},
            folder=project.folder,
            environment=environment | {keys.DESCRIPTOR: str(descriptor)},
            descriptor=descriptor,
            engine=engine,
            modules=WARM,
        )
