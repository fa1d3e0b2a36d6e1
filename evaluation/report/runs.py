"""One papermill run: parameters checked before a kernel starts, nothing written, no path or secret left behind."""

from __future__ import annotations

import functools
import json
import logging
import re
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from evaluation import errors
from evaluation.codec import load, nearest
from evaluation.errors import BadArgument, BadDeclaration, RunFailed
from evaluation.report import engine as engines
from evaluation.report import paths
from evaluation.report.engine import scrubbed as scrubbed
from evaluation.report.engine import warm
from evaluation.schema import Labels
from evaluation.texts import LANGUAGES

WARM = (
    "matplotlib.backends.backend_agg",
    *("matplotlib.pyplot", "PIL.PngImagePlugin", "babel.numbers", "babel.dates"),
    *(
        f"evaluation.report.content.{name}"
        for name in ("analysis", "annex", "assurance", "bilateral", "figures", "tables")
    ),
)
"""What every funder's notebook needs."""

TYPES: Mapping[str, type] = {"str": str, "language": str, "int": int, "float": float, "bool": bool}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a notebook as its sidecar declares it; without ``choices`` or ``range`` any value will do."""

    type: Literal["str", "int", "float", "bool", "language"]
    default: str
    description: Labels
    choices: tuple[str, ...] = ()
    range: tuple[float, ...] = ()  # the least and the greatest number


@dataclass(frozen=True, slots=True)
class Documents:
    """What a funder's notebook becomes: files called ``stem``, titled with the project's title and ``title``.

    With ``topics``, only a release that has a table of one of them has this document. Raises BadDeclaration
    for a stem that is more than a name.
    """

    stem: str
    title: Labels = field(default_factory=dict)
    topics: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[\w-]+", self.stem):
            raise BadDeclaration("report.error.stem", stem=self.stem)


@dataclass(frozen=True, slots=True)
class Sidecar:
    """The YAML file beside a notebook: what it is for, which parameters it takes, and what it becomes."""

    purpose: Labels
    parameters: Mapping[str, Parameter]
    document: Documents | None = None


def sidecar(notebook: Path) -> Sidecar:
    """The sidecar of a notebook; raises BadDeclaration when it is missing or misspelt."""
    return load(Sidecar, notebook.with_suffix(".yml"))


def checked(notebook: Path, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """``parameters`` as the sidecar types them. Text is converted, as it comes from a command line.

    Raises BadArgument for an unknown name, a wrong type, a value outside the choices or the range, an
    absolute path, or a value that looks like a secret.
    """
    declared = sidecar(notebook).parameters
    values: dict[str, Any] = {}
    for name, value in parameters.items():
        if name not in declared:
            raise BadArgument(
                "report.error.no_parameter", notebook=notebook.stem, name=name, hint=nearest(name, list(declared))
            )
        if any(word in name.lower() for word in ("pass", "secret", "key", "token")):
            raise BadArgument("report.error.secret", notebook=notebook.stem, name=name)
        if paths.absolute(value):
            raise BadArgument("report.error.path", notebook=notebook.stem, name=name)
        values[name] = _typed(notebook, name, value, declared[name])
    return values


def _typed(notebook: Path, name: str, value: Any, parameter: Parameter) -> Any:
    wanted = TYPES[parameter.type]
    try:
        if wanted is bool and isinstance(value, str):
            typed: Any = {"true": True, "false": False}[value.lower()]
        elif isinstance(value, str) or (wanted is float and type(value) is int):
            typed = wanted(value)
        else:
            typed = value
    except (ValueError, KeyError):
        typed = None
    if type(typed) is not wanted:
        raise BadArgument("report.error.type", notebook=notebook.stem, name=name, type=wanted.__name__)
    choices = LANGUAGES if parameter.type == "language" else parameter.choices
    if choices and str(typed) not in choices:
        raise BadArgument("report.error.choice", notebook=notebook.stem, name=name, choices=", ".join(choices))
    least, most = parameter.range or (float("-inf"), float("inf"))
    if isinstance(typed, int | float) and not least <= typed <= most:
        raise BadArgument("report.error.range", notebook=notebook.stem, name=name, least=least, most=most)
    return typed


def run(
    notebook: Path,
    parameters: Mapping[str, Any],
    *,
    folder: Path,
    environment: Mapping[str, str],
    descriptor: int | None = None,
    seconds: int = 600,
    engine: engines.Name | None = None,
    modules: Sequence[str] = WARM,
) -> Any:
    """Execute a notebook with papermill and give the executed notebook, which is nowhere written.

    ``folder`` is its working directory, ``environment`` its whole environment, ``descriptor`` an
    open file descriptor that the notebook's process inherits (POSIX), ``seconds`` are what a cell may
    take, ``modules`` what the warm process has imported by then. Metadata are cleared of paths and times.

    Raises BadArgument before a process starts; RunFailed naming notebook and cell, never the data.
    """
    values, chosen = checked(notebook, parameters), engine or engines.default()
    try:
        warm_up(modules, engine=chosen)  # it imports while papermill is imported here
        executed = _executed(
            notebook,
            values,
            engine=chosen,
            folder=str(folder),
            environment=dict(environment),
            descriptor=descriptor,
            execution_timeout=seconds,
        )
    except RunFailed as lost:
        raise RunFailed("report.error.lost", notebook=notebook.stem, why=lost.message) from None
    except Exception as error:
        raise _failed(notebook, error, injected=bool(values)) from None
    return stripped(executed, folder)


def warm_up(modules: Sequence[str], *, engine: engines.Name | None = None) -> None:
    """Have these imported for the notebooks to come, in the meantime."""
    if (engine or engines.default()) == "forked":
        warm.server().load(*modules)


def _executed(notebook: Path, values: Mapping[str, Any], *, engine: engines.Name, **more: Any) -> Any:
    papermill, running = _papermill()
    silent = running.set(True)
    try:
        return papermill.execute_notebook(
            str(notebook),
            None,
            parameters=values,
            engine_name=f"evaluation-{engine}",
            kernel_name="python3",
            language="python",
            progress_bar=False,
            **more,
        )
    finally:
        running.reset(silent)


@functools.cache
def _papermill() -> tuple[Any, ContextVar[bool]]:
    """Papermill with both engines; it logs paths and parameters, but not while the variable is set."""
    engines.spare()
    import papermill
    from papermill.engines import papermill_engines

    from evaluation.report.engine import reference

    papermill_engines.register("evaluation-nbclient", reference.Reference)
    if engines.default() == "forked":
        from evaluation.report.engine import forked

        papermill_engines.register("evaluation-forked", forked.Forked)
    running = ContextVar("running", default=False)
    logging.getLogger("papermill").addFilter(lambda _: not running.get())
    return papermill, running


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
