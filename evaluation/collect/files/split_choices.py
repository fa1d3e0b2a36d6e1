"""The split columns of a select_multiple question (1 or 0 for each choice) become one cell of codes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import replace

from evaluation.collect.files.cells import FALSE, TICKED, TRUE, UNTICKED
from evaluation.collect.files.sheet import Row, Sheet, picked
from evaluation.collect.issues import Note, note
from evaluation.schema import Instrument, Item
from evaluation.texts.folding import folded

MARKS = ("/", "-", ".", ":", "__")
"""What divides groups, names and choices: Kobo's default, ODK Central's, and those that can be chosen."""

_YES = TRUE | TICKED | {"1", "1.0", "yes", "y", "tak", "x", "checked", "selected"}
_NO = FALSE | UNTICKED | {"0", "0.0", "no", "n", "nie", "unchecked"}
_BLANK = frozenset(("", "n/a", "na", "nan", "null", "none", "-", "–"))

Split = Mapping[str, int]
"""Choice → position of its column."""


def split_columns(
    header: Sequence[str],
    instrument: Instrument,
    paths: Mapping[str, str],
    *,
    signed: bool,
    rows: Collection[Row],
) -> dict[str, Split]:
    """The split columns of each select_multiple question.

    With a slash between, the name is enough, also of a choice that the form has no more. Another mark
    (``places.home``, and ``places_home`` of SurveyCTO) may be part of a name, so it divides only in an export with the
    tool's own columns, or where several choices have it.
    """
    severals = {item.id for item in instrument.items if item.kind == "select_multiple"}
    found: dict[tuple[str, str], dict[str, int]] = {}
    many = {item.id: {choice.name for choice in item.choices} for item in instrument.items}
    for at, cell in enumerate(header):
        for mark in (*(mark for mark in MARKS if mark != "__"), "_"):
            front, _, choice = cell.rpartition(mark)
            item = paths.get(front, front)
            gone = mark == "/" and item in severals and choice not in {*many, *instrument.header}
            if cell in many or not (gone or choice in many.get(item, ())):
                continue
            if (mark != "_" and choice in many[item]) or _marks_only(rows, at):
                found.setdefault((item, mark), {})[choice] = at
    return {item: split for (item, mark), split in found.items() if mark == "/" or signed or len(split) > 1}


def _marks_only(rows: Collection[Row], at: int) -> bool:
    return all(cell.strip().casefold() in _YES | _NO | _BLANK for row in rows for cell in row.cells[at : at + 1])


def joined(
    sheet: Sheet,
    split: Mapping[str, Split],
    called: Sequence[str],
    keep: Sequence[int],
    *,
    instrument: Instrument,
    none: str,
) -> tuple[tuple[Row, ...], list[Note]]:
    """The rows with their split choices as one cell of codes; ``none`` stands where every choice is a no.

    Where the split columns of a row are blank, its joined cell counts; that is noted.
    """
    sent = [cell.strip() for cell in sheet.header]
    labels = {item.id: _spoken(item) for item in instrument.items if item.id in split}
    blank: dict[str, list[int]] = {}
    rows: list[Row] = []
    kept = tuple(sent[at] for at in keep)
    for row in sheet.rows:
        if not split:
            rows.append(picked(row, keep, kept))
            continue
        cells = list(row.cells) + [""] * (len(sent) - len(row.cells))
        faults = dict(row.faults)
        for item, choices in split.items():
            at = called.index(item)
            whole = "" if at in choices.values() else cells[at].strip()
            marks = {choice: cells[place].strip().casefold() for choice, place in choices.items()}
            text, fault = _agreed(whole, _listed(whole, labels[item]), marks, none)
            cells[at], faults = text, faults | ({at: fault} if fault else {})
            if whole and text and all(mark in _BLANK for mark in marks.values()):
                blank.setdefault(sent[at], []).append(row.number)
        rows.append(picked(replace(row, cells=tuple(cells), faults=faults), keep, kept))
    notes = [note("split_blank", name, rows=tuple(numbers)) for name, numbers in blank.items()]
    known = {item.id: {choice.name for choice in item.choices} for item in instrument.items}
    gone = [at for item, choices in split.items() for choice, at in choices.items() if choice not in known[item]]
    return tuple(rows), [*notes, *(note("choice_gone", sent[at]) for at in gone)]


def _spoken(item: Item) -> tuple[Mapping[str, str], ...]:
    """The choices by their code, and by their label in each language, long labels first."""
    languages = dict.fromkeys(language for choice in item.choices for language in choice.labels)
    texts = [
        {folded(choice.labels.get(language, "")): choice.name for choice in item.choices} for language in languages
    ]
    longest = [dict(sorted(spoken.items(), key=lambda pair: -len(pair[0]))) for spoken in texts]
    return ({choice.name: choice.name for choice in item.choices}, *longest)


def _listed(whole: str, spoken: Sequence[Mapping[str, str]]) -> set[str]:
    """The choices that a joined cell names, one after another; its words where they are no list of choices."""
    codes, *labelled = spoken
    words = set(whole.split())
    for labels in () if words <= set(codes) else labelled:
        rest, found = folded(whole), set[str]()
        for label in filter(None, labels):
            if label in rest:
                rest, found = rest.replace(label, " "), found | {labels[label]}
        if found and not rest.strip(" .:;,*|/"):
            return found
    return words


def _agreed(whole: str, listed: Set[str], marks: Mapping[str, str], none: str) -> tuple[str, str]:
    """What the joined cell and the split ones say together, or that they disagree.

    ``listed``: what the joined cell names; there may be choices that have no split column (of another version of the
    form), and labels that the form no longer has.
    """
    chosen = [choice for choice, mark in marks.items() if mark in _YES]
    denied = {choice for choice, mark in marks.items() if mark in _NO}
    if any(mark not in _YES | _NO | _BLANK for mark in marks.values()):
        return whole, "split_disagrees"
    if whole.casefold() in _BLANK or (chosen and listed.isdisjoint(marks)):
        return " ".join(chosen) or (none if set(marks) == denied else ""), ""
    if not chosen and not denied:
        return whole, ""
    disagree = listed & denied or not set(chosen) <= listed
    return whole, "split_disagrees" if disagree else ""
