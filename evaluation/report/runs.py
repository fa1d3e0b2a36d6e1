"""One papermill run: parameters checked before a kernel starts, nothing written, no path or secret left behind."""

from __future__ import annotations

import functools
import json
import logging
import tempfile
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from evaluation import errors, files
from evaluation.errors import RunFailed
from evaluation.report import engine as engines
from evaluation.report import parameters as parameters_of
from evaluation.report import paths
from evaluation.report.engine import scrubbed as scrubbed
from evaluation.report.engine import warm

WARM = (
    *("matplotlib.backends.backend_agg", "matplotlib.font_manager", "matplotlib.ticker"),
    *("babel.numbers", "babel.dates", "babel.lists"),
    *(
        f"evaluation.report.content.{name}"
        for name in ("analysis", "annex", "assurance", "bilateral", "figures", "tables")
    ),
    "evaluation.report.content.rehearsal:rehearse",
)
"""What every funder's notebook needs: modules, and what is called once before one runs."""


def run(
    notebook: Path,
    parameters: Mapping[str, Any],
    *,
    folder: Path,
    environment: Mapping[str, str],
    handed: Mapping[str, int] | None = None,
    seconds: int = 600,
    engine: engines.Name | None = None,
    modules: Sequence[str] = WARM,
) -> Any:
    """Execute a notebook with papermill and give the executed notebook, which is nowhere written.

    ``folder`` is its working directory, the only place where it may write besides one for temporary files that
    goes when it has ended (``TMPDIR``). ``environment`` is its whole environment, ``handed`` open file
    descriptors that the notebook's process inherits (POSIX), each by the variable that tells it the number,
    ``seconds`` are what a cell may take, ``modules`` what the warm process has imported by then. Metadata are
    cleared of paths and times.

    Raises BadArgument before a process starts; RunFailed naming notebook and cell, never the data.
    """
    values, chosen = parameters_of.checked(notebook, parameters), engine or engines.default()
    begun: list[Any] = []
    try:
        warm_up(modules, engine=chosen)  # it imports while papermill is imported here
        with files.corner(Path(tempfile.gettempdir()), "evaluation-run-") as corner:
            temporary = str(corner)
            executed = _executed(
                notebook,
                values,
                engine=chosen,
                folder=str(folder),
                environment=dict(environment) | dict.fromkeys(engines.TEMPORARY, temporary),
                handed=dict(handed or {}),
                temporary=temporary,
                execution_timeout=seconds,
                begun=begun.append,
            )
    except RunFailed as lost:
        failed = RunFailed("report.error.lost", notebook=notebook.stem, why=lost.message)
    except Exception as error:
        failed = _failed(notebook, error, injected=bool(values))
    else:
        return stripped(executed, folder)
    failed.partial = stripped(begun[0], folder) if begun else None
    raise failed


def warm_up(modules: Sequence[str], *, engine: engines.Name | None = None) -> None:
    """Have these imported for the notebooks to come, in the meantime."""
    if engines.forks(engine):
        warm.server().load(*modules)


def _executed(notebook: Path, values: Mapping[str, Any], *, engine: engines.Name, **more: Any) -> Any:
    """As papermill.execute_notebook does it, which would spell the whole notebook as JSON even to write it nowhere."""
    papermill, running = load(engine)
    named = {"engine_name": f"evaluation-{engine}", "kernel_name": "python3"}
    silent = running.set(True)
    try:
        node = papermill.load_notebook_node(str(notebook))
        if values:
            node = papermill.parameterize_notebook(node, values, language="python", **named)
        run_with = papermill.papermill_engines.execute_notebook_with_engine
        node = run_with(nb=node, progress_bar=False, **named, **more)
        papermill.raise_for_execution_errors(node, None)
    finally:
        running.reset(silent)
    return node


def load(engine: engines.Name) -> tuple[Any, ContextVar[bool]]:
    """What runs a notebook with this engine: papermill, and the variable while which is set it logs nothing."""
    loaded = _papermill()
    _register(engine)
    return loaded


@functools.cache
def _papermill() -> tuple[Any, ContextVar[bool]]:
    """Papermill; it logs paths and parameters, but not while the variable is set."""
    engines.spare()
    from papermill import execute

    running = ContextVar("running", default=False)
    logging.getLogger("papermill").addFilter(lambda _: not running.get())
    return execute, running


@functools.cache
def _register(engine: engines.Name) -> None:
    """Papermill gets to know this engine; the other one's kernel or server takes long to import."""
    from papermill.engines import papermill_engines

    if engines.forks(engine):
        from evaluation.report.engine.forked import Forked as Engine
    else:
        from evaluation.report.engine.reference import Reference as Engine
    papermill_engines.register(f"evaluation-{engine}", Engine)


def _failed(notebook: Path, error: Exception, *, injected: bool) -> RunFailed:
    """With the sentence of one of the kit's own errors; of any other only its kind, since its text may hold data."""
    from papermill.exceptions import PapermillExecutionError

    if not isinstance(error, PapermillExecutionError):
        return RunFailed("report.error.not_run", notebook=notebook.stem, kind=type(error).__name__)
    module, _, kind = error.ename.rpartition(".")
    cell = error.exec_count - injected  # papermill puts the parameters into a cell of their own
    what = json.loads(error.evalue) if module == errors.__name__ else kind
    return RunFailed("report.error.code_cell", notebook=notebook.stem, number=cell, what=what)


def written(executed: Any) -> bytes:
    """The file of an executed notebook."""
    import nbformat

    write: Any = nbformat.writes
    return bytes(write(executed), "utf-8")


def stripped(executed: Any, folder: Path) -> Any:
    """The notebook without paths, times, versions and the injected parameters' cell metadata."""
    executed.metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    for cell in executed.cells:
        cell.metadata = {key: value for key, value in cell.metadata.items() if key == "tags"}
        if cell.get("outputs"):
            cell.outputs = paths.forgotten(cell.outputs, folder)
    return executed
