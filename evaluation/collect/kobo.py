"""A KoboToolbox or ODK export as a plain sheet: groups, split choices and its own columns are resolved."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from evaluation.collect.header import picked
from evaluation.collect.refusals import refusal
from evaluation.collect.remarks import note
from evaluation.collect.sheet import Context, Note, Row, Sheet
from evaluation.schema import Instrument

_VERSION = ("__version__", "formversion")
_SIGNS = frozenset(("__version__", "_uuid", "_submission_time", "_id", "instanceid", "submissiondate"))
_OWN = re.compile(
    r"_\w+|start|end|today|deviceid|phonenumber|simserial|subscriberid|username|audit|key|submissiondate"
    r"|submitterid|submittername|attachments(present|expected)|status|reviewstate|edits|formversion"
    r"|instance(id|name)|formhub/uuid|meta[/-]\w+",
    re.IGNORECASE,
)
_YES, _NO = frozenset(("1", "true", "1.0")), frozenset(("0", "false", "0.0"))


def plain(sheet: Sheet, instrument: Instrument, *, context: Context, language: str) -> Sheet:
    """The sheet with the form's names for its columns; any other sheet as it is.

    Split columns of a select_multiple question (``places/home``: 1 or 0) are preferred over its
    joined column, and must agree with it. Raises FileRefused for an export of labels.
    """
    names = _names(instrument, context)
    header = [cell.strip() for cell in sheet.header]
    _refuse_labels(header, names, sheet, instrument, language)
    items = {item.id for item in instrument.items}
    # Without the tool's own columns only a grouped question tells: 'birth-date' is no group with a date.
    grouped = any("/" in cell and _last(cell, items) for cell in header)
    if not grouped and not _SIGNS & {cell.casefold() for cell in header}:
        return sheet
    split = _split_columns(header, instrument, names)
    notes = _about_versions(sheet, header)
    called, keep = _called(header, names, split)
    rows = tuple(_joined(row, sheet.header, split, called, keep) for row in sheet.rows)
    final = [called[at] for at in keep]
    # In an export everything is text, which says nothing about who typed it.
    said = [told for told in sheet.notes if told.id != "number_as_text"]
    return replace(sheet, header=tuple(final), rows=rows, notes=(*said, note("export_columns"), *notes))


def _names(instrument: Instrument, context: Context) -> frozenset[str]:
    own = {"participant", "wave", "date", "form_version", *context.names, *context.drop}
    return frozenset(own | {item.id for item in instrument.items})


def _last(cell: str, names: Collection[str]) -> str:
    """The name behind its groups (``sec/sec_home``), or '' if the column has none or is not known."""
    if cell in names:
        return ""
    for mark in ("/", "-"):
        tail = cell.rpartition(mark)[2]
        if tail != cell and tail in names:
            return tail
    return ""


def _refuse_labels(
    header: Sequence[str], names: Collection[str], sheet: Sheet, instrument: Instrument, language: str
) -> None:
    spoken = {text.strip().casefold() for item in instrument.items for text in item.labels.values()}
    labelled = [cell for cell in header if cell.casefold() in spoken and cell not in names]
    if len(labelled) >= 2 and len(labelled) > len([cell for cell in header if cell in names]):
        raise refusal("labels_export", language, file=sheet.name)


def _split_columns(
    header: Sequence[str], instrument: Instrument, names: Collection[str]
) -> Mapping[str, Mapping[str, int]]:
    """select_multiple item → choice → position of its column of 1 and 0."""
    split: dict[str, dict[str, int]] = {}
    many = {item.id: {choice.name for choice in item.choices} for item in instrument.items}
    for at, cell in enumerate(header):
        front, _, choice = cell.rpartition("/")
        item = front if front in names else _last(front, names)
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
    header: Sequence[str], names: Collection[str], split: Mapping[str, Mapping[str, int]]
) -> tuple[list[str], list[int]]:
    """Each column's plain name, and the positions of the columns to keep."""
    called = ["form_version" if cell.casefold() in _VERSION else _last(cell, names) or cell for cell in header]
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
) -> Row:
    """The row with its split choices as one cell of codes."""
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
        cells[at] = " ".join(chosen)
    return picked(replace(row, cells=tuple(cells), faults=faults), keep, [header[at].strip() for at in keep])
