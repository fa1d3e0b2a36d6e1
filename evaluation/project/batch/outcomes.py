"""What became of each run, beside its manifest: by what it was made, what it made, or why it failed."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from evaluation import codec, files
from evaluation.errors import BadArgument, BadDeclaration, EvaluationError, reason
from evaluation.project.batch.manifest import Task
from evaluation.texts import Message, in_all

FORMAT, NEWEST = "batch/1", 1

State = Literal["made", "failed"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of a run.

    ``inputs`` stands for everything that it was made from and ``made`` for what each file holds, by its place in
    the project's folder: keyed digests, so that they tell nothing. ``why`` it failed, and what it ``warned`` of,
    in every language.
    """

    state: State
    inputs: str = ""
    made: Mapping[str, str] = field(default_factory=dict)
    why: Mapping[str, str] = field(default_factory=dict)
    seconds: int = 0
    warned: tuple[Mapping[str, str], ...] = ()


def failed(error: Exception, task: Task) -> Outcome:
    """With the sentence of one of the kit's own errors; of any other only its kind, since its text may hold data.

    Places are called as the manifest calls them: what lies above them may bear a person's name.
    """
    if isinstance(error, EvaluationError):
        why = error.message
    elif isinstance(error, OSError):
        name = Path(error.filename).name if isinstance(error.filename, str) else Message("cli.file_system")
        why = Message("cli.system", file=name, reason=reason(error))
    else:
        why = Message("project.batch.unforeseen", kind=type(error).__name__)
    return Outcome("failed", why={language: _short(told, task) for language, told in in_all(why).items()})


def _short(told: str, task: Task) -> str:
    for place, called in ((task.folder, task.run.project), (task.key_file, task.run.key_file), (Path.home(), "~")):
        if place == place.parent:
            continue  # where nobody has a home, that is a stroke
        told = re.sub(rf"{re.escape(str(place))}(?![\w-])", called.replace("\\", r"\\"), told)
    return told


@dataclass(frozen=True, slots=True)
class Kept:
    """The file of outcomes, by the names of the runs."""

    format: str
    outcomes: Mapping[str, Outcome]


class Outcomes:
    """The outcomes of one manifest's runs; each change is on the disk before anything else is done."""

    def __init__(self, path: Path, known: Mapping[str, Outcome]) -> None:
        self._path, self._known = path, dict(known)

    @classmethod
    def beside(cls, manifest: Path) -> Outcomes:
        """Those of a manifest. Raises BadDeclaration where a newer kit wrote them; damaged ones count as none."""
        path = manifest.with_name(f"{manifest.stem}.outcomes.json")
        if not path.exists():
            return cls(path, {})
        try:
            written = codec.json_value(path.read_text(encoding="utf-8"))
            codec.version(written["format"], "batch", NEWEST)
            return cls(path, codec.build(Kept, written).outcomes)
        except BadDeclaration as error:
            if error.message.key == "codec.newer":
                raise
        except (ValueError, LookupError, TypeError):
            pass
        return cls(path, {})

    def of(self, task: Task) -> Outcome | None:
        """The last one of this run."""
        return self._known.get(task.name)

    def keep(self, task: Task, outcome: Outcome) -> None:
        """Write it down."""
        self._known[task.name] = outcome
        values = {name: dataclasses.asdict(one) for name, one in self._known.items()}
        files.write(self._path, codec.canonical({"format": FORMAT, "outcomes": values}) + "\n")


@contextlib.contextmanager
def alone(manifest: Path) -> Iterator[None]:
    """No other batch of this manifest runs meanwhile; the lock ends with the process, also in a crash."""
    with manifest.open("rb") as handle:
        if os.name != "nt":
            import fcntl

            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise BadArgument("project.batch.running", file=manifest.name) from None
        yield
