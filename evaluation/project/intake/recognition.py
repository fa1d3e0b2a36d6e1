"""What a file is, and what would become of it: the declared import or the form whose columns it has, and a preview."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from evaluation.collect.check.checking import Intake
from evaluation.collect.files.cells import unstarred
from evaluation.collect.files.reading import read, top
from evaluation.collect.issues import Rejection, grouped
from evaluation.collect.lookup import context_of
from evaluation.collect.matching import grids
from evaluation.collect.matching.proposal import Proposal
from evaluation.collect.matching.proposing import proposals
from evaluation.collect.submit import Submitted, preview
from evaluation.errors import FileRefused
from evaluation.project.intake.incoming import submission_of
from evaluation.schema import Import, Instrument
from evaluation.schema.imports import DATE
from evaluation.texts import Message

if TYPE_CHECKING:
    from evaluation.project.intake.receiver import Receiver

ORDER = ("participants", "courses", "sessions", "attendance")
"""What others refer to comes first."""
ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".ods")
_OTHER_COLUMNS = {"unknown_column", "missing_column", "no_header", "repeated_column", "two_columns"}
_OTHER_COLUMNS |= {"undeclared_path", "no_session_yet"}


@dataclass(frozen=True, slots=True)
class Way:
    """How a file comes in: as the form ``form``, by the declared import ``mapping``, or by one only proposed.

    Without an import the columns are called as those of the form. ``correct``: as a correction of stored rows.
    ``corrected``: rows that were corrected already and bring nothing else; ``before``: what was stored of the file so.
    """

    form: str
    mapping: str = ""
    imported: Import | None = None
    correct: bool = False
    corrected: frozenset[int] = frozenset()
    before: tuple[Submitted, ...] = ()

    def of(self, file: str) -> Message:
        """What the file is, and how that is known."""
        if self.mapping:
            return Message("collect.preview.by", file=file, form=self.form, name=self.mapping)
        return Message("collect.preview.as", file=file, form=self.form)


@dataclass(frozen=True, slots=True)
class Seen:
    """What would become of a file: rows, how many are new, there already, repaired, rejected; and what would change.

    ``differing`` are the rows that are stored with other values; ``changes`` what a correction would change, column
    by column; ``beforehand`` is what has to be known first, of whom it would enrol and of codes of another form.
    """

    file: str
    way: Way
    rows: int
    new: int
    already: int
    repaired: int
    rejected: tuple[Rejection, ...] = field(repr=False)
    differing: frozenset[int]
    changes: Mapping[str, int]
    beforehand: tuple[Message, ...] = ()

    @property
    def messages(self) -> list[Message]:
        """What to tell before it is stored: counts and faults, never an answer."""
        needing = len({each.row for each in self.rejected} - self.differing)
        facts = {"new": self.new, "already": self.already, "repaired": self.repaired, "needing": needing}
        counts = Message("collect.preview.rows", n=self.rows, differing=len(self.differing), **facts)
        faults = grouped(each for each in self.rejected if each.row not in self.differing)
        return [*self.beforehand, counts, *faults, *self.changed]

    @property
    def changed(self) -> list[Message]:
        """What a correction would change, without a value."""
        return [Message("collect.preview.changes", column=name, n=n) for name, n in sorted(self.changes.items())]


def look(
    project: Receiver, path: Path, way: Way, *, sheet: str = "", rows: frozenset[int] | None = None, today: dt.date
) -> Seen:
    """What would become of the file if it came in this way. Raises FileRefused where nothing could be stored."""
    submission = submission_of(
        project,
        path,
        target=None if way.mapping or way.imported else way.form,
        mapping=way.mapping or None,
        imported=way.imported,
        sheet=sheet,
        correct=way.correct,
        today=today,
    )
    found = preview(replace(submission, only=rows), project.store, declaration=project.declaration)
    checked = found.intakes[-1]
    about_cells = {row for note in checked.notes if note.column and note.id != "already_stored" for row in note.rows}
    differing = {each.row for each in checked.rejected if each.reason == "key_stored"}
    others = {each.row for each in checked.rejected if each.reason != "key_stored"}
    return Seen(
        path.name,
        way,
        rows=len(submission.sheet.rows if rows is None else rows),
        new=len(checked.accepted),
        already=len(checked.repeated),
        repaired=len(about_cells - set(checked.rejected_rows)),
        rejected=checked.rejected,
        differing=frozenset(differing - others),
        changes=found.changes,
        beforehand=(
            *(said.message for each in found.intakes[:-1] for said in each.notes),
            *_of_codes(project, checked),
        ),
    )


def _of_codes(project: Receiver, checked: Intake) -> list[Message]:
    """What there is to do where no row has a participant's code of the agreed form."""
    codes = {each.row for each in checked.rejected if each.reason == "bad_code"}
    if not codes or checked.accepted or checked.repeated or codes != set(checked.rejected_rows):
        return []
    return [Message("collect.preview.other_codes", pattern=project.declaration.file.participant_pattern)]


def ways(project: Receiver, path: Path, *, sheet: str = "", correct: bool = False, today: dt.date) -> list[Way]:
    """The declared imports that fit the columns of the file; without any, the forms that do. Raises FileRefused."""
    declared = [Way(each.form, name, correct=correct) for name, each in project.declaration.file.imports.items()]
    own = [Way(name, correct=correct) for name in (*project.declaration.instruments, *project.declaration.tables)]
    words = functools.cache(lambda page: _words(path, page))
    for candidates in (declared, own):
        likely = [way for way in candidates if _may_fit(project, way, words(sheet or _sheet_of(project, way)))]
        fitting = [way for way in likely if _fits(project, path, way, sheet=sheet, today=today)]
        if fitting:
            return fitting
    read(path, sheet=sheet)
    return []


def _sheet_of(project: Receiver, way: Way) -> str:
    """The sheet of a workbook that the declared import reads."""
    return project.declaration.file.imports[way.mapping].sheet if way.mapping else ""


def _words(path: Path, sheet: str) -> set[str] | FileRefused:
    """What stands at the top of a file, where the header is, or why nobody could read it."""
    try:
        return {each.strip().casefold() for cell in top(path, sheet=sheet) for each in (cell, unstarred(cell))}
    except FileRefused as refused:
        return refused


def _may_fit(project: Receiver, way: Way, words: set[str] | FileRefused) -> bool:
    """Whether the columns that name a row seem to be there, also behind the groups of an export, or by their labels."""
    if isinstance(words, FileRefused):
        return False
    imported = project.declaration.file.imports.get(way.mapping)
    form = project.declaration.form(way.form)
    key, labels = form.key, form.header if isinstance(form, Instrument) else {}
    if imported is not None and imported.instrument:
        key = (imported.participant,)
    elif imported is not None and imported.by_field:
        key = tuple(column for name, column in imported.by_field.items() if name in key)
    spoken = [tuple(map(str.casefold, (name, *labels.get(name, {}).values()))) for name in key]
    return all(any(word.endswith(names) for word in words) for names in spoken)


def _fits(project: Receiver, path: Path, way: Way, *, sheet: str, today: dt.date) -> bool:
    try:
        look(project, path, way, sheet=sheet, today=today)
    except FileRefused as error:
        return error.reason not in _OTHER_COLUMNS and error.reason not in ("several_sheets", "no_rows")
    return True


def only_way(project: Receiver, path: Path, *, sheet: str = "", correct: bool = False, today: dt.date) -> Way:
    """The one way in which the file fits. Raises FileRefused, also if there is none or several."""
    found = ways(project, path, sheet=sheet, correct=correct, today=today)
    if len(found) == 1:
        return found[0]
    if found:
        names = [way.mapping or way.form for way in found]
        raise FileRefused("collect.preview.several", reason="not_recognised", file=path.name, names=names)
    if not correct and ways(project, path, sheet=sheet, correct=True, today=today):
        raise FileRefused("collect.preview.only_correction", reason="not_recognised", file=path.name)
    none = "undated" if undated(project, path, sheet=sheet, today=today) else "none"
    raise FileRefused(f"collect.preview.{none}", reason="not_recognised", file=path.name)


def undated(project: Receiver, path: Path, *, sheet: str = "", today: dt.date) -> bool:
    """Whether nothing but the year of its months keeps the file from being monthly tallies. Raises FileRefused."""
    declaration, sent = project.declaration, read(path, sheet=sheet)
    return project.store.ask(
        lambda current: grids.undated(sent, declaration, context_of(declaration, current, today=today))
    )


def propose(project: Receiver, path: Path, *, sheet: str = "", today: dt.date) -> list[Proposal]:
    """What a file with columns of its own seems to be, the likeliest first. Raises FileRefused."""
    declaration = project.declaration
    sent = read(path, sheet=sheet)
    return project.store.ask(
        lambda current: proposals(sent, declaration, context_of(declaration, current, today=today))
    )


def holds_a_form(project: Receiver, path: Path, sheet: str, *, today: dt.date) -> bool:
    """Whether the sheet of a workbook has the columns of anything that the project knows."""
    try:
        return bool(ways(project, path, sheet=sheet, today=today) or propose(project, path, sheet=sheet, today=today))
    except FileRefused:
        return False


def sheets_in(refused: FileRefused) -> list[str]:
    """The sheets of a workbook that was refused because several hold something."""
    named = refused.message.facts.get("sheets", []) if refused.reason == "several_sheets" else []
    return [each.facts["name"] for each in named] if isinstance(named, list) else []


def of_sheet(project: Receiver, way: Way, sheet: str) -> Way:
    """The way, by an import that names the sheet for the next time."""
    if way.mapping:
        known = project.declaration.file.imports[way.mapping]
    elif way.form in project.declaration.tables:
        known = Import(table=way.form)
    else:
        known = Import(instrument=way.form, participant="participant", wave_column="wave", date_column=DATE)
    return replace(way, mapping="", imported=replace(way.imported or known, sheet=sheet))


def tables_in(folder: Path) -> list[Path]:
    """The files of a folder that can hold a table, by name; locks and hidden ones of other programs are left out."""
    found = (path for path in sorted(folder.iterdir()) if path.suffix.lower() in ENDINGS and path.is_file())
    return [path for path in found if not path.name.startswith((".", "~"))]


def in_order(
    project: Receiver, paths: list[Path], *, sheet: str = "", correct: bool = False, proposing: bool, today: dt.date
) -> Iterator[tuple[Path, Way | FileRefused]]:
    """The files one by one with how each comes in, those first that others refer to; each is asked for when it is due.

    What refers to a session is known by it only when the sessions are stored, so the rest is looked at again after
    each file. A file that fits nothing comes last, with what there is to say; where somebody can be asked
    (``proposing``), when what it seems to be is due.
    """
    left = list(paths)
    while left:
        known: dict[Path, Way | FileRefused] = {}
        for path in left:
            try:
                known[path] = only_way(project, path, sheet=sheet, correct=correct, today=today)
            except FileRefused as error:
                known[path] = error
        forms = {path: way.form for path, way in known.items() if isinstance(way, Way)}
        if proposing and len(left) > 1:
            forms |= {path: _likely(project, path, sheet=sheet, today=today) for path in left if path not in forms}
        path = min(left, key=lambda each: (_rank(forms.get(each, "")), left.index(each)))
        left.remove(path)
        yield path, known[path]


def _likely(project: Receiver, path: Path, *, sheet: str, today: dt.date) -> str:
    """The form that the file seems to be; '' if none."""
    try:
        found = propose(project, path, sheet=sheet, today=today)
    except FileRefused:
        return ""
    return found[0].imported.form if found else ""


def _rank(form: str) -> int:
    return ORDER.index(form) if form in ORDER else len(ORDER) + (not form)
