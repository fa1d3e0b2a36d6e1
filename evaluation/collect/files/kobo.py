"""A KoboToolbox, ODK or SurveyCTO export as a plain sheet: groups, labels and its own columns are resolved."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from evaluation import descriptors
from evaluation.collect.files.sheet import WHOLE_ROW, Row, Sheet
from evaluation.collect.files.split_choices import MARKS, Split, joined, split_columns
from evaluation.collect.files.spoken_headers import by_labels
from evaluation.collect.files.workbooks.reading import REPEATED
from evaluation.collect.issues import Note, note, quoted, refusal, two_columns
from evaluation.collect.personal_data.words import lines
from evaluation.schema import Instrument

_VERSION = ("__version__", "formversion", "formdef_version")
_SIGNS = frozenset(
    ("__version__", "_uuid", "_submission_time", "_id", "instanceid", "submissiondate", "formdef_version")
)
_OWN = re.compile(
    r"_[\w-]+|start|end|today|deviceid|phonenumber|simserial|subscriberid|username|audit|key|submissiondate"
    r"|submitterid|submittername|attachments(present|expected)|status|reviewstate|edits|formversion|formdef_version"
    r"|starttime|endtime|simid|devicephonenum|duration|caseid|review_status|review_quality|set-of-\w+"
    r"|instance(id|name)|formhub[/-]uuid|meta[/.:-]\w+",
    re.IGNORECASE,
)
_JUDGED = frozenset(("reviewstate", "_validation_status", "review_status"))
"""What somebody decided of a submission in Kobo, ODK Central or SurveyCTO."""
_NOT_ANSWERED = "n/a"
"""What some exports write into every cell of a question that was not answered."""
_KEYS = frozenset(("participant", "wave", "date", "form_version"))


def plain(sheet: Sheet, instrument: Instrument, *, known: Collection[str], none: str) -> Sheet:
    """The sheet with the form's names for its columns; any other sheet as it is.

    Split columns of a select_multiple question (``places/home``: 1 or 0) are preferred over its
    joined column, and must agree with it. ``known``: other names that the file's columns may have;
    ``none`` stands where every choice is a no. Raises FileRefused for the rows of a repeat, a column of which
    only the last part is a question's name, two columns of one question, and a choice that the form lacks.
    """
    items = {item.id for item in instrument.questions}
    about = {entry.name: entry.title for entry in descriptors.about_answers(beside=items)}
    names = {*_KEYS, *items, *about}
    sent = [cell.strip() for cell in sheet.header]
    if names.issuperset(sent):
        return sheet
    names.update(known)
    signed = bool(_SIGNS & {cell.casefold() for cell in sent})
    header, fronts = by_labels(sent, names, instrument, about, file=sheet.name, row=sheet.header_row)
    read_only = {item.id for item in instrument.items} - items
    if header != sent:
        _refuse_without_key(header, {*names, *read_only, *instrument.beside}, sheet)
    _refuse_other_rows(header, sent, names, sheet, instrument)
    paths = _paths(header, names, instrument, about, signed=signed)
    split = split_columns(header, instrument, {**fronts, **paths}, signed=signed, rows=sheet.rows)
    left_out = [each for name in (*instrument.beside, *read_only) for each in (name, *_declared(name, instrument))]
    beside = {*left_out, *(f"{name}_URL" for name in left_out)}
    unwanted = {cell for cell in header if cell in beside or (signed and _OWN.fullmatch(cell))} - names
    if header == sent and not signed and not split and not unwanted and paths.keys().isdisjoint(header):
        return sheet
    called, keep = _called(header, paths, split, unwanted)
    _refuse_uncertain(called, keep, names, sheet)
    judged, unknown = _judged(sheet, sent) if signed else (sheet, [])
    rows, notes = joined(judged, split, called, keep, instrument=instrument, none=none)
    if signed:
        rows, blank = _not_answered(rows, [called[at] for at in keep], instrument)
        notes += [note("export_blank", rows=blank)] if blank else []
    # In an export everything is text, which says nothing about who typed it.
    said = [*(earlier for earlier in sheet.notes if earlier.id != "number_as_text"), *unknown]
    said += (
        [note("export_columns")]
        if signed
        else [note("split_read", sheet.header[min(each.values())].strip()) for each in split.values()]
    )
    said += [note("header_labels")] if header != sent else []
    said += _about_versions(sheet, header) if signed else ()
    return replace(sheet, header=tuple(called[at] for at in keep), rows=rows, notes=(*said, *notes))


def _refuse_without_key(header: Sequence[str], names: Collection[str], sheet: Sheet) -> None:
    """Refuses a header of labels that does not say who answered and when, by its first unknown column."""
    free = [at for at, cell in enumerate(header) if cell not in names and not _OWN.fullmatch(cell) and "/" not in cell]
    known = {name.casefold() for name in header}
    if free and not {"participant", "wave", "date"} <= known:
        spoken = quoted(header[free[0]], free[0] + 1)
        raise refusal("labels_export", column=header[free[0]], row=sheet.header_row, file=sheet.name, spoken=spoken)


def _declared(name: str, instrument: Instrument) -> tuple[str, ...]:
    """The path of a question in an export, by the form's own groups, with every mark that may stand between."""
    group = instrument.groups.get(name)
    return tuple(f"{group}/{name}".replace("/", mark) for mark in MARKS) if group else ()


def _paths(
    header: Sequence[str], names: Collection[str], instrument: Instrument, about: Collection[str], *, signed: bool
) -> Mapping[str, str]:
    """Path in an export → question: the form's own groups, with the marks between that exports use.

    Of a form without groups, which may have been given some in Kobo, an item is known behind any group,
    but never participant, wave or date. A hyphen may be part of a name (``birth-date``), so it divides
    only in an export with the tool's own columns, and after what several items have in common. What says how the
    questionnaire came about (``language``) is known behind a group that has an item or more of the kind, too.
    """
    declared = {path: name for name in instrument.groups for path in _declared(name, instrument)}
    if declared:
        return declared
    items = {*(item.id for item in instrument.items), *about} - _KEYS
    cells = {*header, *(cell.rpartition(mark)[0] for cell in header for mark in MARKS)} - set(names)
    parted = [(cell, mark, *cell.rpartition(mark)[::2]) for cell in cells for mark in MARKS]
    inner = [(cell, mark, group, tail) for cell, mark, group, tail in parted if group and tail in items]
    common = Counter((group, mark) for _, mark, group, _ in inner if mark == "/" or signed)
    return {
        cell: tail
        for cell, mark, group, tail in inner
        if (common[group, mark] > 1 if mark != "/" or tail in about else group.rpartition("/")[2] not in items)
    }


def _refuse_other_rows(
    header: Sequence[str], sent: Sequence[str], names: Collection[str], sheet: Sheet, instrument: Instrument
) -> None:
    """Refuses the rows of a repeat, which do not say whose they are, and answers beside the choices of the form."""
    folds = {cell.casefold() for cell in header}
    if folds & REPEATED and "participant" not in header:
        raise refusal("repeat_rows", row=sheet.header_row, file=sheet.name)
    tails = {cell.rpartition("/")[2]: at for at, cell in enumerate(header)}
    for item in instrument.items:
        at = tails.get(f"{item.id}_other")
        if at is not None and item.kind.startswith("select") and f"{item.id}_other" not in names:
            facts = {"file": sheet.name, "spoken": quoted(sent[at], at + 1), "question": item.id}
            raise refusal("or_other", column=sent[at], row=sheet.header_row, **facts)


def _refuse_uncertain(called: Sequence[str], keep: Sequence[int], names: Collection[str], sheet: Sheet) -> None:
    """Refuses what only ends like a question's name, and two columns of one question."""
    first: dict[str, int] = {}
    for at in keep:
        sent, name = sheet.header[at].strip(), called[at]
        tails = [tail for mark in "/-" if (tail := sent.rpartition(mark)[2]) != sent and tail in names]
        if name not in names and tails:
            facts = {"file": sheet.name, "spoken": quoted(sent, at + 1), "question": tails[0]}
            raise refusal("undeclared_path", column=sent, row=sheet.header_row, **facts)
        earlier = first.setdefault(name, at)
        if sheet.header[earlier].strip() != sent:
            raise two_columns(sheet.name, sheet.header, name, (earlier, at), row=sheet.header_row)


def _judged(sheet: Sheet, sent: Sequence[str]) -> tuple[Sheet, list[Note]]:
    """The rows of submissions that were rejected in the tool itself are held back; words nobody knows are noted."""
    at = next((at for at, cell in enumerate(sent) if cell.casefold() in _JUDGED), -1)
    if at < 0:
        return sheet, []
    known = _judgements()
    judged = [
        (row, known.get(" ".join(row.cells[at].split()).casefold()) if at < len(row.cells) else "+")
        for row in sheet.rows
    ]
    held = {WHOLE_ROW: "not_approved"}
    rows = tuple(replace(row, faults={**row.faults, **held}) if sign == "-" else row for row, sign in judged)
    unknown = tuple(row.number for row, sign in judged if sign is None)
    return replace(sheet, rows=rows), [note("judgement_unknown", sent[at], rows=unknown)] if unknown else []


@functools.cache
def _judgements() -> Mapping[str, str]:
    """The words for what was decided: ``-`` is a no, ``+`` all else."""
    return {"": "+"} | {" ".join(said): sign for sign, *said in lines("judgements")}


def _not_answered(
    rows: Sequence[Row], called: Sequence[str], instrument: Instrument
) -> tuple[tuple[Row, ...], tuple[int, ...]]:
    """The rows with empty cells for ``n/a``, and their numbers; not where a choice is called so."""
    said = {
        item.id: [text for each in item.choices for text in (each.name, *each.labels.values())]
        for item in instrument.items
    }
    free = [name in said and _NOT_ANSWERED not in map(str.casefold, said[name]) for name in called]
    found: list[Row] = []
    for row in rows:
        cells = tuple(
            "" if out and cell.strip() == _NOT_ANSWERED else cell for cell, out in zip(row.cells, free, strict=True)
        )
        found.append(row if cells == row.cells else replace(row, cells=cells))
    return tuple(found), tuple(row.number for row, sent in zip(found, rows, strict=True) if row is not sent)


def _about_versions(sheet: Sheet, header: Sequence[str]) -> tuple[Note, ...]:
    """An export of the latest version only drops, without a word, what was filled in before."""
    at = next((at for at, cell in enumerate(header) if cell.casefold() in _VERSION), None)
    if at is None:
        return (note("no_version"),)
    versions = {row.cells[at].strip() for row in sheet.rows if at < len(row.cells)} - {""}
    return (note("single_version"),) if len(versions) == 1 else ()


def _called(
    header: Sequence[str], paths: Mapping[str, str], split: Mapping[str, Split], unwanted: Collection[str]
) -> tuple[list[str], list[int]]:
    """Each column's plain name, and the positions of the columns to keep."""
    called = ["form_version" if cell.casefold() in _VERSION else paths.get(cell, cell) for cell in header]
    parts = {at for each in split.values() for at in each.values()}
    keep: list[int] = []
    for at, cell in enumerate(header):
        if called[at] == "form_version" or (at not in parts and cell not in unwanted):
            keep.append(at)
    for item, choices in split.items():
        if item not in called:  # no joined column: the first split one stands for it
            first = min(choices.values())
            called[first] = item
            keep.append(first)
    return called, keep
