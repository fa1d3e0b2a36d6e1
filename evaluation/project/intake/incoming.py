"""Filled files are taken in; rejected rows wait in the project's incoming/ until they are answered for."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import getpass
import hashlib
import hmac
import json
import re
import shlex
from collections.abc import Iterator, Set
from pathlib import Path
from typing import TYPE_CHECKING

from evaluation import files
from evaluation.blank_forms import stamp
from evaluation.codec import nearest
from evaluation.collect.access.keys import DataKey
from evaluation.collect.check.checking import Intake
from evaluation.collect.files.letters.encodings import vocabulary_of
from evaluation.collect.files.reading import read
from evaluation.collect.files.rejected import write_rejected
from evaluation.collect.files.sheet import Sheet
from evaluation.collect.submit import Submission, Submitted, submit
from evaluation.errors import BadArgument, FileRefused
from evaluation.schema import Declaration, Form, Import, Instrument, Table
from evaluation.texts import Message

if TYPE_CHECKING:
    from evaluation.project.intake.receiver import Receiver

_ENDING = ".rejected.csv"
_NAME = re.compile(r"([\w-]+?)(?:\.([\w-]+?))?(-correction)?-[0-9a-f]{12}\.rejected\.csv")


def take_in(
    project: Receiver,
    path: Path,
    *,
    target: str | None = None,
    mapping: str | None = None,
    sheet: str | None = None,
    name: str | None = None,
    correct: bool = False,
    consent_given: Set[int] = frozenset(),
    text_reviewed: Set[int] = frozenset(),
    only: Set[int] | None = None,
    without: Set[int] = frozenset(),
    today: dt.date | None = None,
) -> Submitted:
    """Take in one file as the table or questionnaire ``target``, or by the import ``mapping``.

    A workbook that the kit made (``evaluation template``) says itself what it is.

    Accepted rows are stored in one transaction; rejected ones are written to a file in the project's
    incoming/. ``name`` is who does it: that of the account on this machine, if it is not said. The rest is as
    in collect/submit.py. Raises BadArgument for an unknown target or mapping and FileRefused when nothing can
    be read; then nothing was stored.
    """
    submission = submission_of(
        project, path, target=target, mapping=mapping, sheet=sheet, name=name, correct=correct, today=today
    )
    submission = dataclasses.replace(
        submission, consent_given=consent_given, text_reviewed=text_reviewed, only=only, without=without
    )
    _check_rows(submission)
    submitted = submit(
        submission,
        project.store,
        declaration=project.declaration,
        set_aside=functools.partial(_write, project, mapping=mapping, correct=correct),
    )
    project.forget()
    sent = submission.sheet
    left = _settle(project, sent, submitted.intakes[-1], sent=path, kept=submitted.rejected_file)
    return dataclasses.replace(submitted, left_waiting=tuple(left))


def submission_of(
    project: Receiver,
    path: Path,
    *,
    target: str | None = None,
    mapping: str | None = None,
    imported: Import | None = None,
    sheet: str | None = None,
    name: str | None = None,
    correct: bool = False,
    today: dt.date | None = None,
) -> Submission:
    """The file as it would be sent in: as a form, by a declared import, or by one that is only ``imported`` yet.

    Raises BadArgument for an unknown target or mapping, and for a sheet of what is no workbook; FileRefused.
    """
    imports = project.declaration.file.imports
    if mapping is not None and mapping not in imports:
        raise BadArgument("collect.no_import", name=mapping, hint=nearest(mapping, list(imports)))
    imported = imports[mapping] if mapping is not None else imported
    stamped = stamp.of(path) if imported is None else None
    target = target or (stamped.form if stamped else None)
    if imported is None and target is None:
        raise BadArgument("cli.intake.what")
    form = project.declaration.form(imported.form if imported else str(target))
    page = sheet or (imported.sheet if imported else "")
    sent = read(path, expected=_expected(form, imported), sheet=page, words=vocabulary_of(form))
    if sheet and not sent.tab:
        raise BadArgument("cli.intake.no_workbook", file=path.name)
    if stamped and stamped.form == form.id:
        sent = _of_template(sent, form, stamped.version)
    actor, today = name or getpass.getuser(), today or dt.date.today()
    return Submission(sent, form, actor=actor, today=today, imported=imported, correct=correct)


def _expected(form: Form, imported: Import | None) -> list[str]:
    """The names that the header is known by."""
    if imported is None:
        return [entry.name for entry in form.fields] if isinstance(form, Table) else [item.id for item in form.items]
    named = [imported.participant, imported.wave_column, imported.date_column, *imported.select]
    named += [*imported.by_field.values(), *imported.items.values()]
    return [*filter(None, named), *(column for columns in imported.by_wave.values() for column in columns.values())]


def _check_rows(submission: Submission) -> None:
    """Raises BadArgument where somebody vouches for a row that the file has not."""
    numbers = {row.number for row in submission.sheet.rows}
    for row in sorted({*submission.consent_given, *submission.text_reviewed} - numbers):
        raise BadArgument("cli.intake.no_row", file=submission.sheet.name, row=str(row))


def _of_template(sent: Sheet, form: Form, version: str) -> Sheet:
    """The sheet of a workbook that the kit made, with the version of the questionnaire that it was made of."""
    sent = dataclasses.replace(sent, template=True)
    if not isinstance(form, Instrument) or version == form.version or "form_version" in sent.header:
        return sent
    width = len(sent.header)
    rows = (
        dataclasses.replace(row, cells=(*row.cells, *[""] * (width - len(row.cells)), version))
        if len(row.cells) <= width
        else row
        for row in sent.rows
    )
    return dataclasses.replace(sent, header=(*sent.header, "form_version"), rows=tuple(rows))


def _write(project: Receiver, checked: Intake, sheet: Sheet, *, mapping: str | None, correct: bool) -> Path | None:
    """The file in which the rejected rows of ``sheet`` wait, or None if there are none.

    Its name is how they were sent (table, import, correction) with a keyed digest of the rows: other rows
    never get the same name, the same rows always do, and it says nothing of a person or of the sender's file.
    """
    if not checked.rejected:
        return None
    stem = _word(checked.form) + (f".{_word(mapping)}" if mapping else "") + ("-correction" if correct else "")
    path = files.private_folder(project.folder / "incoming") / _name(stem, checked, sheet, key=project.key)
    write_rejected(checked.rejected, sheet, path)
    return path


def _settle(project: Receiver, sheet: Sheet, checked: Intake, *, sent: Path, kept: Path | None) -> Iterator[Message]:
    """Removes the waiting files that ``sheet`` answered for; says which have to stay.

    ``kept``: where those of its rows wait that were rejected again. A file with rows that were not sent
    stays, unless it was itself the file that was ``sent``.
    """
    folder = project.folder / "incoming"
    # The names come from the file's own cells, so only what is a name of this table's files is believed.
    named = {name: found[1] for name in sheet.answers if (found := _NAME.fullmatch(name))}
    answered = {name: sheet.answers[name] for name, table in named.items() if table == _word(checked.form)}
    own = sent.name if sent.name.endswith(_ENDING) and sent.resolve().parent == folder.resolve() else ""
    for name in {*answered, own} - {"", kept.name if kept else ""}:
        left = 0 if name == own else len(_rows(folder / name) - answered[name])
        if left:
            yield Message("collect.left_waiting", n=left, file=name)
        else:
            (folder / name).unlink(missing_ok=True)


def waiting(folder: Path, declaration: Declaration) -> Iterator[Message]:
    """What waits in the folder's incoming/: the file, how many rows, and how to send it again."""
    for path in sorted((folder / "incoming").glob(f"*{_ENDING}")):
        how = _how(path.name, declaration)
        try:
            yield Message("collect.waiting", n=len(read(path).rows), file=path.name, how=how)
        except FileRefused:
            yield Message("collect.waiting_unreadable", file=path.name, how=how)


def _how(name: str, declaration: Declaration) -> Message:
    """How a waiting file is sent again, as its name says."""
    named = _NAME.fullmatch(name)
    if named is None:
        return Message("collect.send_as_before")
    imports = {_word(each): each for each in declaration.file.imports}
    option = f"--import {shlex.quote(imports.get(named[2], named[2]))}" if named[2] else f"--as {named[1]}"
    return Message("collect.send_as", form=named[1], option=option + (" --correct" if named[3] else ""))


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
        return read(path).answers.get(path.name, frozenset({""}))
    except FileRefused:
        return frozenset({""})
