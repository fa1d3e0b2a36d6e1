"""A file that a page was given is taken in by a process of its own: what it costs to read it is no page's to bear.

The key and all about the file go through the process's standard input, never its arguments or environment.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evaluation import files
from evaluation.collect.access import keys
from evaluation.collect.access.keys import DataKey, Secret
from evaluation.collect.record.store import Store
from evaluation.collect.safety import seen
from evaluation.desk.dropped import Sent, Told
from evaluation.errors import EvaluationError, FileRefused, StoreError
from evaluation.project import folder as folders
from evaluation.texts import Message, in_all

if TYPE_CHECKING:
    from evaluation.project.intake.receiver import Receiver
    from evaluation.project.intake.recognition import Way

_PREFIX = ".page-"
_LONGEST = 300  # seconds
_LONGEST_NAME = 60  # letters; of up to four bytes each


def take_in(folder: Path, key: DataKey, sent: Sent) -> Told:
    """Look at the file, or store it, in a process of its own. Raises StoreError where that could not be done.

    The reader needs a path: the file lies in a folder that is its owner's alone for as long as that takes.
    """
    aside = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=files.private_folder(folder / "incoming")))
    try:
        path = aside / _name(sent.name)
        files.write(path, sent.content, private=True)
        about = {"actor": sent.actor, "today": sent.today, "store": sent.store, "correct": sent.correct}
        asked = {"folder": str(folder), "path": str(path), "key": key.material.hex(), **about}
        done = subprocess.run(
            [sys.executable, "-m", "evaluation.project.intake.apart"],
            input=json.dumps(asked).encode("utf-8"),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # what a failing program says may hold an answer
            timeout=_LONGEST,
            check=True,
        )
        told: dict[str, Any] = json.loads(done.stdout)
    except (OSError, ValueError, subprocess.SubprocessError):
        raise StoreError("desk.file.failed") from None
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return Told(tuple(told.pop("said")), **told)


def purge(folder: Path) -> None:
    """Remove what a desk that was killed left behind."""
    for left in (folder / "incoming").glob(f"{_PREFIX}*"):
        shutil.rmtree(left, ignore_errors=True)


def _name(given: str) -> str:
    """The file's own name, so that sentences name it, without what could lead elsewhere."""
    return re.sub(r"[^\w .()-]", "_", re.split(r"[/\\]", given)[-1])[-_LONGEST_NAME:].lstrip(". ") or "file"


# --- in the process of its own --------------------------------------------------------------------


def _main() -> None:
    asked = json.loads(sys.stdin.buffer.read())
    try:
        told = _told(asked)
    except EvaluationError as error:
        told = Told((in_all(error.message),), by_hand=_by_hand(error))
    sys.stdout.write(json.dumps(dataclasses.asdict(told)))


def _by_hand(error: EvaluationError) -> bool:
    return isinstance(error, FileRefused) and error.reason in ("not_recognised", "several_sheets")


def _told(asked: dict[str, Any]) -> Told:
    from evaluation.project.intake.receiver import Bare

    root = Path(asked["folder"])
    key = keys.unlock(root, Secret("data key", bytes.fromhex(asked["key"]))).key
    with contextlib.closing(Store.open(root, key)) as store:
        seen.check(store, root, where=seen.folder())
        project = Bare(root, folders.read(root), store)
        today = dt.date.fromisoformat(asked["today"])
        if asked["store"]:
            return _stored(project, Path(asked["path"]), today, asked["actor"], correct=asked["correct"])
        return _looked_at(project, Path(asked["path"]), today)


def _looked_at(project: Receiver, path: Path, today: dt.date) -> Told:
    """What would become of the file, in the words of the command."""
    from evaluation.project.intake import recognition

    way = _way(project, path, today)
    found = recognition.look(project, path, way, today=today)
    said = [way.of(path.name), *found.messages]
    if found.differing and not way.correct:
        corrected = dataclasses.replace(way, correct=True)
        change = recognition.look(project, path, corrected, rows=found.differing, today=today)
        said += change.messages[1:]
        return Told(_worded(said), way.form, differing=len(found.differing) if change.changes else 0)
    return Told(_worded(said), way.form)


def _stored(project: Receiver, path: Path, today: dt.date, actor: str, *, correct: bool) -> Told:
    """What became of the file; rows that are stored with other values are corrected before, if that is wished."""
    from evaluation.project.intake import recognition
    from evaluation.project.intake.incoming import take_in as into_record

    way, said = _way(project, path, today), []
    how: dict[str, Any] = {"target": None if way.mapping else way.form, "mapping": way.mapping or None}
    how |= {"name": actor, "today": today}
    if correct:
        differing = recognition.look(project, path, way, today=today).differing
        said += into_record(project, path, **how, correct=True, only=differing).messages[:1] if differing else []
    done = into_record(project, path, **how, correct=way.correct)
    said += done.messages
    if done.rejected_file is not None:
        said.append(Message("cli.intake.rejected", n=done.rejected, file=f"incoming/{done.rejected_file.name}"))
    return Told(_worded(said), way.form)


def _way(project: Receiver, path: Path, today: dt.date) -> Way:
    """The one way in which the file comes in; a workbook that the kit made says it itself. Raises FileRefused."""
    from evaluation.blank_forms import stamp
    from evaluation.project.intake import recognition

    stamped = stamp.of(path)
    return recognition.Way(stamped.form) if stamped else recognition.only_way(project, path, today=today)


def _worded(said: list[Message]) -> tuple[dict[str, str], ...]:
    return tuple(map(in_all, said))


if __name__ == "__main__":
    _main()
