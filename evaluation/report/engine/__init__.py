"""A notebook runs in a process of its own: forked from a warm one, or, as the reference, in a kernel of nbclient's."""

from __future__ import annotations

import importlib.util
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

Name = Literal["forked", "nbclient"]
NAMES: tuple[Name, ...] = ("forked", "nbclient")

_ADOPTS = 36  # PR_SET_CHILD_SUBREAPER of Linux

NOTEBOOK = "."
"""What the warm process is asked for a notebook's process by; by a function's name it is asked for another."""

MOST = 64 * 2**20
"""How many bytes a notebook may show."""

LOOKED_THROUGH = 20_000
"""After so many new objects Python looks for some that nobody uses; with fewer at a time most still are in use."""

ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
"""A process with threads cannot be forked, and the numbers of one thread are the same on every machine."""

TEMPORARY = ("TMPDIR", "TEMP", "TMP")
"""The variables that name the folder for temporary files."""

_KEPT = (*TEMPORARY, "PATH", "HOME", "USERPROFILE", "SYSTEMROOT", "LANG", "LC_ALL", "APPDATA", "MPLCONFIGDIR",
         "JUPYTER_PLATFORM_DIRS")  # fmt: skip


def default() -> Name:
    """The forked engine where the system has what it needs (Linux), else nbclient."""
    try:
        os.close(os.pidfd_open(os.getpid())) if sys.platform == "linux" else None
    except OSError:
        return "nbclient"
    return "forked" if sys.platform == "linux" else "nbclient"


def forks(engine: Name | None) -> bool:
    """Whether this engine, or where none is named the system's, forks notebooks from the warm process."""
    return (engine or default()) == "forked"


def spare() -> None:
    """Before nbformat is imported: jsonschema reads a grammar of addresses, which no notebook needs, in a second."""
    grammar = "rfc3987_syntax"
    if grammar not in sys.modules and "jsonschema" not in sys.modules:
        sys.modules[grammar] = None  # type: ignore[assignment]
        try:
            importlib.import_module("jsonschema")
        finally:
            del sys.modules[grammar]


def scrubbed(environment: Mapping[str, str]) -> dict[str, str]:
    """What a notebook needs of an environment to run, and nothing by which it could open a record.

    Its pictures know matplotlib's own settings, not the account's.
    """
    kept = {name: value for name, value in environment.items() if name.upper() in _KEPT}
    found = importlib.util.find_spec("matplotlib")
    own = {"MATPLOTLIBRC": str(Path(found.origin).parent / "mpl-data")} if found and found.origin else {}
    return kept | own | ONE_THREAD


def adopt() -> None:
    """Processes below this one whose own parent has ended become this one's children, so that none is lost sight of."""
    import ctypes

    ctypes.CDLL(None).prctl(_ADOPTS, 1, 0, 0, 0)


def enter(environment: Mapping[str, str]) -> None:
    """Take this environment in the place of the server's."""
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    tempfile.tempdir = None  # it looks into the environment anew
    if "numpy.random" in sys.modules:
        sys.modules["numpy.random"].seed()  # else every process would draw the same


def numbered(cells: Sequence[Any]) -> Iterator[tuple[int, int]]:
    """Each cell's place in an executed notebook, and its number in the file, which has no injected cell."""
    number = 0
    for place, cell in enumerate(cells):
        number += "injected-parameters" not in cell.metadata.get("tags", [])
        yield place, number
