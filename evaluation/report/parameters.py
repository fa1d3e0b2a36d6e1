"""The parameters of a notebook, as its sidecar types them: held against what is given, before a run and within one."""

from __future__ import annotations

import ast
import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from evaluation.codec import load, nearest
from evaluation.errors import BadArgument, BadDeclaration
from evaluation.report import paths
from evaluation.resources import folder as resource
from evaluation.schema import Labels
from evaluation.texts import LANGUAGES, Message

TYPES: Mapping[str, type] = {"str": str, "language": str, "int": int, "float": float, "bool": bool}

_PLAIN = {
    int: re.compile(r"[+-]?\d+", re.ASCII),
    float: re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII),
}
"""Numbers as people write them: no ``1_0``, no ``inf``, no digits of other alphabets."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a notebook as its sidecar declares it; without ``choices`` or ``range`` any value will do."""

    type: Literal["str", "int", "float", "bool", "language"]
    default: str
    description: Labels
    choices: tuple[str, ...] = ()
    range: tuple[float, ...] = ()  # the least and the greatest number

    @property
    def allowed(self) -> tuple[str, ...]:
        """The only values there are, or none where any will do."""
        return tuple(LANGUAGES) if self.type == "language" else self.choices


@dataclass(frozen=True, slots=True)
class Documents:
    """What a funder's notebook becomes: files called ``stem``, titled with the project's title and ``title``.

    With ``topics``, only a release that has a table of one of them has this document; with ``on_request``, only a
    project whose funder's profile names it. Raises BadDeclaration for a stem that is more than a name.
    """

    stem: str
    title: Labels = field(default_factory=dict)
    topics: tuple[str, ...] = ()
    on_request: bool = False

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


def declared(notebook: Path) -> Mapping[str, Parameter]:
    """What a notebook takes: what its sidecar says or, where it has none, the plain values of its parameters cell.

    Raises BadDeclaration for a second parameters cell, and where cell and sidecar do not name the same parameters
    with the same types: a value that is given would silently not arrive.
    """
    found = _in_cells(notebook)
    if not notebook.with_suffix(".yml").is_file():
        return found
    said = sidecar(notebook).parameters
    if {name: TYPES[one.type] for name, one in said.items()} != {name: TYPES[one.type] for name, one in found.items()}:
        facts = {"cell": _listed(found), "sidecar": _listed(said), "file": f"{notebook.stem}.yml"}
        raise BadDeclaration("report.error.parameters_cell", notebook=notebook.stem, **facts)
    return said


def _listed(known: Mapping[str, Parameter]) -> list[Message] | Message:
    named = [Message("report.error.kind", name=name, type=known[name].type) for name in sorted(known)]
    return named or Message("report.error.nothing")


def cells(notebook: Path) -> list[dict[str, Any]]:
    """The cells of a notebook's file, each ``source`` as one text. Raises BadDeclaration where it is no notebook."""
    try:
        read = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        return [{**cell, "source": "".join(cell["source"])} for cell in read]
    except (ValueError, LookupError, TypeError):
        raise BadDeclaration("report.error.no_notebook", file=notebook.name) from None


def _in_cells(notebook: Path) -> dict[str, Parameter]:
    """The parameters of the one cell with that tag, as their values type them; none without such a cell."""
    tagged = [cell for cell in cells(notebook) if "parameters" in cell.get("metadata", {}).get("tags", ())]
    if len(tagged) > 1:
        raise BadDeclaration("report.error.two_parameters_cells", notebook=notebook.stem)
    types = {kind: name for name, kind in TYPES.items() if name != "language"}
    named: dict[str, Parameter] = {}
    for name, value in _assigned(tagged[0]["source"] if tagged else ""):
        kind: Any = types.get(type(value))
        if kind:
            named[name] = Parameter(kind, str(value), {})
    return named


def _assigned(source: str) -> Iterator[tuple[str, object]]:
    """Names and values of the assignments in a cell; None stands for a value that is no plain one."""
    try:
        statements = ast.parse(source).body
    except SyntaxError:
        return
    for one in statements:
        targets = one.targets if isinstance(one, ast.Assign) else [one.target] if isinstance(one, ast.AnnAssign) else []
        for target in targets:
            if isinstance(target, ast.Name):
                try:
                    value = ast.literal_eval(one.value)  # type: ignore[attr-defined]
                except (ValueError, TypeError):
                    value = None
                yield target.id, value


# --- before a run ---------------------------------------------------------------------------------


def checked(notebook: Path, given: Mapping[str, Any]) -> dict[str, Any]:
    """``given`` as the notebook's parameters are typed. Text is converted, as it comes from a command line.

    Raises BadArgument for an unknown name, a wrong type, a value outside the choices or the range, an
    absolute path, or a value that looks like a secret; and what ``declared`` raises.
    """
    return _checked(notebook.stem, declared(notebook), given)


def checked_each(notebooks: Sequence[Path], given: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What of ``given`` each of the notebooks takes, as ``checked``; what none of them takes is refused."""
    taken = [declared(notebook) for notebook in notebooks]
    known = {name for one in taken for name in one}
    return [
        _checked(notebook.stem, one, {name: value for name, value in given.items() if name in one or name not in known})
        for notebook, one in zip(notebooks, taken, strict=True)
    ]


def _checked(notebook: str, known: Mapping[str, Parameter], given: Mapping[str, Any]) -> dict[str, Any]:
    for name, value in given.items():
        _known(notebook, name, known)
        if any(word in name.lower() for word in ("pass", "secret", "key", "token")):
            raise BadArgument("report.error.secret", notebook=notebook, name=name)
        if paths.absolute(value):
            raise BadArgument("report.error.path", notebook=notebook, name=name)
    return {name: _typed(notebook, name, _converted(value, known[name]), known[name]) for name, value in given.items()}


def _known(notebook: str, name: str, known: Mapping[str, Parameter]) -> None:
    if name not in known:
        raise BadArgument("report.error.no_parameter", notebook=notebook, name=name, hint=nearest(name, list(known)))


def _converted(value: Any, parameter: Parameter) -> Any:
    """What a text on a command line stands for; the text itself where it stands for nothing."""
    wanted = TYPES[parameter.type]
    if not isinstance(value, str) or wanted is str:
        return value
    if wanted is bool:
        return {"true": True, "false": False}.get(value.lower(), value)
    return wanted(value) if _PLAIN[wanted].fullmatch(value) and len(value) < 400 else value


def _typed(notebook: str, name: str, value: Any, parameter: Parameter) -> Any:
    wanted = TYPES[parameter.type]
    typed: Any = float(value) if wanted is float and type(value) is int else value
    if type(typed) is not wanted or (isinstance(typed, float) and not math.isfinite(typed)):
        wording = Message(f"report.error.wanted_{wanted.__name__}")
        raise BadArgument("report.error.type", notebook=notebook, name=name, wanted=wording)
    if parameter.allowed and str(typed) not in parameter.allowed:
        raise BadArgument("report.error.choice", notebook=notebook, name=name, choices=", ".join(parameter.allowed))
    least, most = parameter.range or (float("-inf"), float("inf"))
    if isinstance(typed, int | float) and not least <= typed <= most:
        raise BadArgument("report.error.range", notebook=notebook, name=name, least=least, most=most)
    return typed


# --- within a run ---------------------------------------------------------------------------------


def check(name: str, values: Mapping[str, Any]) -> None:
    """In the cell after the parameters: holds them against the sidecar ``name``.yml, whoever started the notebook.

    ``values`` are the notebook's ``globals()``. Raises BadArgument as ``checked`` does, and for one that is missing.
    """
    known = sidecar(_beside(name)).parameters
    for other in _given(name, values.get("In", ()), known):
        _known(name, other, known)
    for missing in known.keys() - values.keys():
        raise BadArgument("report.error.no_value", notebook=name, name=missing)
    for one, parameter in known.items():
        if paths.absolute(values[one]):
            raise BadArgument("report.error.path", notebook=name, name=one)
        _typed(name, one, values[one], parameter)


def _beside(name: str) -> Path:
    """The notebook of this name: in the folder where it runs, in the project's, else the kit's."""
    here, kit = Path.cwd(), resource("notebooks")
    shelves = [here, *(above / "notebooks" for above in (here, *here.parents)), kit / "inside", kit / "funder"]
    return next((shelf / name for shelf in shelves if (shelf / f"{name}.yml").is_file()), here / name)


def _given(notebook: str, cells: Sequence[str], known: Mapping[str, Parameter]) -> Iterator[str]:
    """The names that the parameters cell and one that papermill put behind it give: the last cells before this one.

    Raises BadArgument where a cell behind papermill's sets them anew: no tagged cell, or a second one.
    """
    anew = False
    for source in reversed(cells[:-1]):
        names = [name for name, _ in _assigned(source)]
        injected = source.startswith("# Parameters")
        if not names or not (injected or known.keys() & set(names)):
            return
        if injected and anew:
            raise BadArgument("report.error.set_anew", notebook=notebook)
        anew = anew or not injected
        yield from names
