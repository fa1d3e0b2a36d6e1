"""What a run is made from, as one keyed digest: record, earlier releases, the project's files, the kit, the wish."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import hashlib
import hmac
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from evaluation import __version__, codec
from evaluation.collect.access import keys
from evaluation.collect.access.keys import DataKey
from evaluation.collect.record import version
from evaluation.collect.record.store import Store
from evaluation.errors import BadArgument, BadDeclaration
from evaluation.project.batch.manifest import Task
from evaluation.release import files as of_releases
from evaluation.resources import folder as resource

_PATTERNS = ("*.yml", "*.lock", "questionnaires/*", "texts/*", "funders/*")
_KIT = ("*.py", "*.toml", "*.ipynb", "*.yml", "*.json", "*.html", "*.css", "*.md", "*.csv", "*.docx", "*.typ")


def of(task: Task) -> tuple[str, DataKey]:
    """The digest of everything that the run would be made from now, and the key that digests are made with.

    It opens no entry of the record. Raises what opening a project raises.
    """
    if not (task.folder / "project.yml").is_file():
        raise BadArgument("project.batch.no_project", folder=task.folder)
    key = keys.unlock(task.folder, keys.read_key_file(task.key_file)).key
    with Store.open(task.folder, key) as store:
        data = version.of(store)
    asked = dataclasses.asdict(task.run)
    del asked["project"], asked["key_file"]
    declared = [path for pattern in _PATTERNS for path in task.folder.glob(pattern)]
    parts = {
        "asked": asked,
        "data": data,
        "released": [*_released_before(task)],
        "kit": kit(),
        "files": {str(path.relative_to(task.folder)): _plain(path) for path in declared if path.is_file()},
        "notebooks": {path.name: _cells(path) for path in _notebooks(task)},
    }
    return _keyed(key, codec.canonical(parts).encode("utf-8")), key


def made(folder: Path, paths: Iterable[Path], key: DataKey) -> dict[str, str]:
    """What each of the files holds, by its place in the folder."""
    return {path.relative_to(folder).as_posix(): _keyed(key, path.read_bytes()) for path in paths}


def intact(folder: Path, digests: Mapping[str, str], key: DataKey) -> bool:
    """Whether all these files are there and as they were made."""
    try:
        return all(_keyed(key, (folder / place).read_bytes()) == digest for place, digest in digests.items())
    except OSError:
        return False


def _released_before(task: Task) -> Iterator[str]:
    """The lines of the ledger as far as the run rests on them: those before its own release, once that was made.

    A ledger that cannot be read is for whoever opens it to complain of; here it is a change.
    """
    ledger = task.folder / "releases" / of_releases.LINES
    for line in ledger.read_text(encoding="utf-8", errors="replace").splitlines() if ledger.is_file() else ():
        with contextlib.suppress(BadDeclaration, TypeError, LookupError):
            if codec.json_value(line)["release"] == task.run.release:
                return
        yield line


def _notebooks(task: Task) -> Iterator[Path]:
    """The folder's own notebooks, with their sidecars; the kit's are part of the kit."""
    if task.run.notebooks:
        yield from sorted((task.folder / "notebooks").glob("*.ipynb"))
        yield from sorted((task.folder / "notebooks").glob("*.yml"))


def _cells(path: Path) -> str:
    """A notebook's cells, whatever JupyterLab shows below them."""
    if path.suffix != ".ipynb":
        return _plain(path)
    from evaluation.report import parameters

    told = [(cell["cell_type"], cell["source"], cell["metadata"].get("tags")) for cell in parameters.cells(path)]
    return hashlib.sha256(codec.canonical(told).encode("utf-8")).hexdigest()


@functools.cache
def kit() -> str:
    """The digest of every file of the kit that can change what comes out."""
    package = Path(__file__).parents[2]
    found = {path for pattern in _KIT[:2] for path in package.rglob(pattern)}
    for shelf in (resource("data_schema"), resource("templates"), resource("notebooks")):
        found |= {path for pattern in _KIT[2:] for path in shelf.rglob(pattern)}
    digest = hashlib.sha256(__version__.encode("ascii"))
    for path in sorted(found):
        digest.update(path.name.encode("utf-8") + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _plain(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _keyed(key: DataKey, content: bytes) -> str:
    return hmac.new(key.derive("batch"), content, hashlib.sha256).hexdigest()
