"""The notebooks for inside, the folder's and those of the kit that it lacks, each run with a key to the record."""

from __future__ import annotations

import contextlib
import functools
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from evaluation import files
from evaluation.collect.access import keys
from evaluation.errors import BadArgument, RunFailed
from evaluation.project.imports import WARM
from evaluation.project.opened import Project
from evaluation.report import cell_texts, parameters, runs
from evaluation.report.engine import Name, forks, side_by_side
from evaluation.resources import folder as resource

_PARTIAL = ".partial"
"""How the stem of one ends that failed; no notebook may bear such a name, or one would overwrite the other."""


def for_inside(folder: Path, only: str = "") -> list[Path]:
    """The notebooks of a project folder whose names begin with ``only``, those of the kit where it has none.

    A notebook that becomes a document is a funder's and runs on a release. Raises BadArgument where there is none.
    """
    shelves = (resource("notebooks") / "inside", folder / "notebooks")
    found = {path.stem: path for shelf in shelves for path in shelf.glob("*.ipynb")}
    inside = [found[name] for name in sorted(found) if not _becomes_a_document(found[name])]
    chosen = [path for path in inside if path.stem.startswith(only)]
    if not chosen:
        raise BadArgument("project.no_notebook", only=only, names=[path.stem for path in inside])
    return chosen


def _becomes_a_document(notebook: Path) -> bool:
    return notebook.with_suffix(".yml").is_file() and parameters.sidecar(notebook).document is not None


def changed(notebooks: Sequence[Path]) -> list[str]:
    """The names of those that differ from the kit's notebook of the same name, whichever language either speaks."""
    kits = [(path, resource("notebooks") / "inside" / path.name) for path in notebooks]
    return [path.name for path, kit in kits if path != kit and kit.is_file() and _content(path) != _content(kit)]


def _content(notebook: Path) -> list[tuple[str, str]]:
    return [(cell["cell_type"], cell_texts.cell_in("en", cell).strip()) for cell in parameters.cells(notebook)]


def run_inside(
    project: Project,
    notebooks: Sequence[Path] | None = None,
    *,
    language: str = "en",
    given: Mapping[str, str] | None = None,
    engine: Name | None = None,
    at_once: int | None = None,
) -> Iterator[Path | RunFailed]:
    """Run these notebooks, else all for inside; each executed one is kept in the folder's inside/LANGUAGE/.

    Gives of each, in their order, where it is kept or why it failed: one that fails holds up no other. ``given``
    are parameters for those that take them; ``language`` goes to each that knows it, and the kit's own words in it
    are in that language. Raises BadArgument before anything runs.
    """
    chosen = for_inside(project.folder) if notebooks is None else notebooks
    if taken := next((path for path in chosen if path.stem.casefold().endswith(_PARTIAL)), None):
        raise BadArgument("project.named_partial", name=taken.name, ending=_PARTIAL)
    values = parameters.checked_each(chosen, given or {})
    language = (given or {}).get("language", language)
    for notebook, own in zip(chosen, values, strict=True):
        wanted = parameters.declared(notebook).get("language")
        if wanted is not None and (not wanted.allowed or language in wanted.allowed):
            own.setdefault("language", language)
    kept = files.private_folder(files.private_folder(project.folder / "inside") / language)
    runs_of = [(path, own, kept / path.name) for path, own in zip(chosen, values, strict=True)]
    return _each(project, runs_of, language, engine=engine, at_once=at_once)


def _each(
    project: Project,
    runs_of: Sequence[tuple[Path, Mapping[str, object], Path]],
    language: str,
    *,
    engine: Name | None,
    at_once: int | None,
) -> Iterator[Path | RunFailed]:
    """They find measured what the project's process measures once; in kernels of nbclient each measures for itself."""
    runs.warm_up(WARM, engine=engine)
    with contextlib.ExitStack() as stack:
        handed = stack.enter_context(project.handed_over()) if forks(engine) else {}
        tasks = [functools.partial(_kept, project, *one, language, engine, handed) for one in runs_of]
        yield from side_by_side.results(tasks, engine=engine, workers=at_once)


def _kept(
    project: Project,
    notebook: Path,
    values: Mapping[str, object],
    target: Path,
    language: str,
    engine: Name | None,
    handed: Mapping[str, int],
) -> Path | RunFailed:
    """Where the executed notebook is kept, or why there is none; what an earlier run left is then gone, too.

    One that failed is kept as far as it came, under a name that says so.
    """
    partial = target.with_suffix(f"{_PARTIAL}.ipynb")
    with contextlib.suppress(OSError):
        partial.unlink(missing_ok=True)
    try:
        executed: Any = run_with_key(project, notebook, values, engine=engine, handed=handed)
    except RunFailed as failed:
        with contextlib.suppress(OSError):
            target.unlink(missing_ok=True)
        if failed.partial is None:
            return failed
        with contextlib.suppress(OSError):  # a full disk is no reason to say less of the notebook
            files.write(partial, _in_language(failed.partial, language), private=True)
            return RunFailed("project.partial_kept", why=failed.message, place=f"inside/{language}/{partial.name}")
        return failed
    files.write(target, _in_language(executed, language), private=True)
    return target


def _in_language(executed: Any, language: str) -> bytes:
    """The file of an executed notebook, the kit's words in this language."""
    for cell in executed.cells:
        if cell.cell_type == "markdown":
            cell.source = cell_texts.in_language(cell.source, language)
    return runs.written(executed)


def run_with_key(
    project: Project,
    notebook: Path,
    values: Mapping[str, object] | None = None,
    *,
    engine: Name | None = None,
    handed: Mapping[str, int] | None = None,
) -> object:
    """One inside notebook, whose kernel gets the data key through an inherited descriptor.

    ``handed`` are further ones, such as that of what is measured already. No place is given to it: the project is
    the folder above, wherever the notebook is opened. Where there are no such descriptors (Windows), the kernel
    opens the record with the key file that EVALUATION_KEY_FILE names.
    """
    environment, given = runs.scrubbed(os.environ), values or {}
    if sys.platform == "win32":
        named = {key: os.environ[key] for key in (keys.KEY_FILE,) if key in os.environ}
        return runs.run(notebook, given, folder=project.folder, environment=environment | named, engine=engine)
    with keys.handed_over(project.key) as descriptor:
        return runs.run(
            notebook,
            given,
            folder=project.folder,
            environment=environment,
            handed={keys.DESCRIPTOR: descriptor, **(handed or {})},
            engine=engine,
            modules=WARM,
        )
