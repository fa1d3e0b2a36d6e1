"""A KoboToolbox or ODK export as a plain sheet: groups, split choices and its own columns are resolved."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from evaluation.collect.files.sheet import Row, Sheet, picked
from evaluation.collect.issues import Note, note, quoted, refusal, two_columns
from evaluation.schema import Instrument

_VERSION = ("__version__", "formversion")
_SIGNS = frozenset(("__version__", "_uuid", "_submission_time", "_id", "instanceid", "submissiondate"))
_OWN = re.compile(
    r"_\w+|start|end|today|deviceid|phonenumber|simserial|subscriberid|username|audit|key|submissiondate"
    r"|submitterid|submittername|attachments(present|expected)|status|reviewstate|edits|formversion"
    r"|instance(id|name)|formhub/uuid|meta[/-]\w+",
    re.IGNORECASE,
)
_KEYS = frozenset(("participant", "wave", "date", "form_version"))
_YES, _NO = frozenset(("1", "true", "1.0")), frozenset(("0", "false", "0.0"))


def plain(sheet: Sheet, instrument: Instrument, *, known: Collection[str], none: str) -> Sheet:
    """The sheet with the form's names for its columns; any other sheet as it is.

    Split columns of a select_multiple question (``places/home``: 1 or 0) are preferred over its
    joined column, and must agree with it. ``known``: other names that the file's columns may have;
    ``none`` stands where every choice is a no. Raises FileRefused for an export of labels, a column of which
    only the last part is a question's name, and two columns of one question.
    """
    names = {"participant", "wave", "date", "form_version", *known, *(item.id for item in instrument.items)}
    header = [cell.strip() for cell in sheet.header]
    _refuse_labels(header, names, sheet, instrument)
    signed = bool(_SIGNS & {cell.casefold() for cell in header})
    paths = _paths(header, names, instrument, signed=signed)
    if not signed and paths.keys().isdisjoint(header):
        return sheet
    split = _split_columns(header, instrument, paths)
    notes = _about_versions(sheet, header)
    called, keep = _called(header, names, paths, split)
    _refuse_uncertain(called, keep, names, sheet)
    rows = tuple(_joined(row, sheet.header, split, called, keep, none) for row in sheet.rows)
    final = [called[at] for at in keep]
    # In an export everything is text, which says nothing about who typed it.
    said = [earlier for earlier in sheet.notes if earlier.id != "number_as_text"]
    return replace(sheet, header=tuple(final), rows=rows, notes=(*said, note("export_columns"), *notes))


def _paths(header: Sequence[str], names: Collection[str], instrument: Instrument, *, signed: bool) -> Mapping[str, str]:
    """Path in an export → question: the form's own groups, with ``/`` (Kobo) and ``-`` (ODK Central) between.

    Of a form without groups, which may have been given some in Kobo, an item is known behind any group,
    but never participant, wave or date. A hyphen may be part of a name (``birth-date``), so it divides
    only in an export with the tool's own columns, and after what several items have in common.
    """
    declared = {f"{group}/{name}": name for name, group in instrument.groups.items()}
    if declared:
        return declared | {path.replace("/", "-"): name for path, name in declared.items()}
    items = {item.id for item in instrument.items} - _KEYS
    cells = {*header, *(cell.rpartition("/")[0] for cell in header)} - set(names)
    parted = [(cell, mark, *cell.rpartition(mark)[::2]) for cell in cells for mark in "/-"]
    inner = [(cell, mark, group, tail) for cell, mark, group, tail in parted if group and tail in items]
    common = Counter(group for _, mark, group, _ in inner if mark == "-" and signed)
    return {
        cell: tail
        for cell, mark, group, tail in inner
        if (common[group] > 1 if mark == "-" else group.rpartition("/")[2] not in items)
    }


def _refuse_uncertain(called: Sequence[str], keep: Sequence[int], names: Collection[str], sheet: Sheet) -> None:
    """Refuses what only ends like a question's name, and two columns of one question."""
    first: dict[str, int] = {}
    for at in keep:
        sent, name = sheet.header[at].strip(), called[at]
        spoken = quoted(sent, at + 1)
        tails = [tail for mark in "/-" if (tail := sent.rpartition(mark)[2]) != sent and tail in names]
        if name not in names and tails:
            raise refusal("undeclared_path", column=sent, row=1, file=sheet.name, spoken=spoken, question=tails[0])
        earlier = first.setdefault(name, at)
        if sheet.header[earlier].strip() != sent:
            raise two_columns(sheet.name, sheet.header, name, (earlier, at))


def _refuse_labels(header: Sequence[str], names: Collection[str], sheet: Sheet, instrument: Instrument) -> None:
    spoken = {text.strip().casefold() for item in instrument.items for text in item.labels.values()}
    labelled = [cell for cell in header if cell.casefold() in spoken and cell not in names]
    if len(labelled) >= 2 and len(labelled) > len([cell for cell in header if cell in names]):
        raise refusal("labels_export", file=sheet.name)


def _split_columns(
    header: Sequence[str], instrument: Instrument, paths: Mapping[str, str]
) -> Mapping[str, Mapping[str, int]]:
    """select_multiple item → choice → position of its column of 1 and 0."""
    split: dict[str, dict[str, int]] = {}
    many = {item.id: {choice.name for choice in item.choices} for item in instrument.items}
    for at, cell in enumerate(header):
        front, _, choice = cell.rpartition("/")
        item = paths.get(front, front)
        if item in many and choice in many[item]:
            split.setdefault(item, {})[choice] = at
    return split


def _about_versions(sheet: Sheet, header: Sequence[str]) -> tuple[Note, ...]:
    """An export of the latest version only drops, without a word, what was filled in before."""
    at = next((at for at, cell in enumerate(header) if cell.casefold() in _VERSION), None)
    if at is None:
        return (note("no_version"),)
    versions = {row.cells[at].strip() for row in sheet.rows if at < len(row.cells)} - {""}
    return (note("single_version"),) if len(versions) == 1 else ()


def _called(
    header: Sequence[str], names: Collection[str], paths: Mapping[str, str], split: Mapping[str, Mapping[str, int]]
) -> tuple[list[str], list[int]]:
    """Each column's plain name, and the positions of the columns to keep."""
    called = ["form_version" if cell.casefold() in _VERSION else paths.get(cell, cell) for cell in header]
    parts = {at for choices in split.values() for at in choices.values()}
    keep: list[int] = []
    for at, cell in enumerate(header):
        owned = _OWN.fullmatch(cell) is not None
        if called[at] == "form_version" or (at not in parts and not (owned and called[at] not in names)):
            keep.append(at)
    for item, choices in split.items():
        if item not in called:  # no joined column: the first split one stands for it
            first = min(choices.values())
            called[first] = item
            keep.append(first)
    return called, keep


def _joined(
    row: Row,
    header: Sequence[str],
    split: Mapping[str, Mapping[str, int]],
    called: Sequence[str],
    keep: Sequence[int],
    none: str,
) -> Row:
    """The row with its split choices as one cell of codes; ``none`` stands where every choice is a no."""
    cells = list(row.cells) + [""] * (len(header) - len(row.cells))
    faults = dict(row.faults)
    for item, choices in split.items():
        at = called.index(item)
        joined = "" if at in choices.values() else cells[at].strip()
        marks = {choice: cells[position].strip().casefold() for choice, position in choices.items()}
        chosen = [choice for choice, mark in marks.items() if mark in _YES]
        if any(mark not in _YES | _NO | {""} for mark in marks.values()) or (
            joined and set(joined.split()) != set(chosen)
        ):
            faults[at] = "split_disagrees"
        cells[at] = " ".join(chosen) or (none if set(marks.values()) <= _NO else "")
    return picked(replace(row, cells=tuple(cells), faults=faults), keep, [header[at].strip() for at in keep])
