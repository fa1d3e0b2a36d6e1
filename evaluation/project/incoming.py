"""Rejected rows wait in the project's incoming/ until they are sent again and answered for."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

from evaluation import files
from evaluation.collect import intake
from evaluation.collect.hidden import DataKey
from evaluation.collect.sheet import Intake, Sheet
from evaluation.errors import FileRefused
from evaluation.project.opened import Project
from evaluation.schema import Declaration

_ENDING = ".rejected.csv"
_NAME = re.compile(r"([\w-]+?)(?:\.([\w-]+?))?(-correction)?-[0-9a-f]{12}\.rejected\.csv")


def write(project: Project, checked: Intake, sheet: Sheet, *, mapping: str | None, correct: bool) -> Path | None:
    """The file in which the rejected rows of ``sheet`` wait, or None if there are none.

    Its name is how they were sent (table, import, correction) with a keyed digest of the rows: other rows
    never get the same name, the same rows always do, and it says nothing of a person or of the sender's file.
    """
    if not checked.rejected:
        return None
    stem = _word(checked.target) + (f".{_word(mapping)}" if mapping else "") + ("-correction" if correct else "")
    path = files.private_folder(project.folder / "incoming") / _name(stem, checked, sheet, key=project.key)
    intake.write_rejected(checked, sheet, path)
    return path


def settle(project: Project, sheet: Sheet, checked: Intake, *, sent: Path, kept: Path | None) -> Iterator[str]:
    """Removes the waiting files that ``sheet`` answered for; yields a sentence on those that have to stay.

    ``kept``: where those of its rows wait that were rejected again. A file with rows that were not sent
    stays, unless it was itself the file that was ``sent``.
    """
    folder = project.folder / "incoming"
    # The names come from the file's own cells, so only what is a name of this table's files is believed.
    named = {name: found[1] for name in sheet.answers if (found := _NAME.fullmatch(name))}
    answered = {name: sheet.answers[name] for name, table in named.items() if table == _word(checked.target)}
    own = sent.name if sent.name.endswith(_ENDING) and sent.resolve().parent == folder.resolve() else ""
    for name in {*answered, own} - {"", kept.name if kept else ""}:
        left = 0 if name == own else len(_rows(folder / name) - answered[name])
        if left:
            yield f"{left} rows of incoming/{name} were not sent; send them, or delete the file if nobody needs them."
        else:
            (folder / name).unlink(missing_ok=True)


def lines(folder: Path, declaration: Declaration) -> Iterator[str]:
    """What waits in the folder's incoming/: the file, how many rows, and how to send it again."""
    for path in sorted((folder / "incoming").glob(f"*{_ENDING}")):
        named = _NAME.fullmatch(path.name)
        try:
            number = str(len(intake.read(path).rows))
        except FileRefused:
            number = "an unreadable number of"
        rows = f"{number} rejected rows wait in incoming/{path.name}"
        if named is None:
            yield f"{rows}; correct them there and send it again as it was sent before."
            continue
        imports = {_word(name): name for name in declaration.file.imports}
        how = f"--import {shlex.quote(imports.get(named[2], named[2]))}" if named[2] else f"--as {named[1]}"
        how += " --correct" if named[3] else ""
        yield f"{rows}, of '{named[1]}'; correct them there and send it again with {how}."


def _name(stem: str, checked: Intake, sheet: Sheet, *, key: DataKey) -> str:
    source = sheet.source or sheet
    rows = [row.cells for row in source.rows if row.number in checked.rejected_rows]
    content = json.dumps([stem, source.header, rows]).encode("utf-8")
    digest = hmac.new(key.derive("incoming"), content, hashlib.sha256).hexdigest()
    return f"{stem}-{digest[:12]}{_ENDING}"


def _word(name: str) -> str:
    return re.sub(r"[^\w-]+", "_", name)


def _rows(path: Path) -> frozenset[str]:
    """The rows, numbered as they were first sent, that wait in a file; one without a number if nobody can tell."""
    if not path.exists():
        return frozenset()
    try:
        return intake.read(path).answers.get(path.name, frozenset({""}))
    except FileRefused:
        return frozenset({""})
