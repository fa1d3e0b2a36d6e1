"""A cleaned cell becomes the canonical value that its column admits, or a fault; nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Collection, Set
from decimal import Decimal

from evaluation.collect.check.columns import Column
from evaluation.collect.files.cells import Cell, code_of

_SENTINEL = re.compile(r"-\d{1,4}|([7-9])\1{1,3}|9{1,3}[78]|8[78]|7[79]", re.ASCII)
_OPEN_SENTINEL = re.compile(r"-9{1,4}|-9{0,2}[78]|9{1,3}[789]|9999", re.ASCII)
_NUMBER = re.compile(r"[-+]?(?:\d+(?:[.,]\d*)?|[.,]\d+)", re.ASCII)
_THOUSANDS = re.compile(r"[-+]?\d{1,3}(?:([ .,'’])\d{3})(?:\1\d{3})*(?:(?!\1)[.,]\d+)?", re.ASCII)
_YES = frozenset(("true", "1", "yes", "y", "tak", "t", "prawda"))
_NO = frozenset(("false", "0", "no", "n", "nie", "fałsz"))


def choice_of(text: str, column: Column) -> Cell:
    """A code of a select_one question or of a field with a code list."""
    permitted = [*column.codes, *column.missing]
    cell = code_of(text, permitted)
    if not cell.fault or cell.fault == "homoglyph":
        return cell
    if text.casefold() in column.labels:
        return Cell(fault="label_instead_of_code")
    if not all(re.fullmatch(r"-?\d+", code, re.ASCII) for code in permitted):
        return Cell(fault="unknown_choice")
    if not _NUMBER.fullmatch(text):
        return Cell(fault="not_a_number")
    return Cell(fault="undeclared_sentinel" if _SENTINEL.fullmatch(text) else "out_of_scale")


def choices_of(text: str, column: Column) -> Cell:
    """The codes of a select_multiple question, in the order of the form, separated by single spaces."""
    marks = ";" if ";" in text else "," if "," in text else None
    parts = [part.strip() for part in text.split(marks)] if marks else text.split()
    notes: list[str] = []
    chosen: list[str] = []
    for part in filter(None, parts):
        cell = code_of(part, [*column.codes, *column.missing])
        if cell.value is None:
            label = part.casefold() in column.labels or text.casefold() in column.labels
            fault = "label_instead_of_code" if label else "unknown_choice"
            return Cell(fault=fault if cell.fault == "unknown" else cell.fault)
        if cell.value in chosen:
            return Cell(fault="repeated_choice")
        chosen.append(cell.value)
        notes += cell.notes
    alone = [code for code in chosen if code in column.exclusive or code in column.missing]
    if alone and len(chosen) > 1:
        return Cell(fault="exclusive_choice")
    order = [*column.codes, *column.missing]
    return Cell(" ".join(sorted(chosen, key=order.index)) or None, tuple(dict.fromkeys(notes)))


def number_of(text: str, column: Column, *, comma: bool) -> Cell:
    """A number of an integer or decimal column; ``comma``: the column writes decimals with a comma."""
    if text in column.missing:
        return Cell(text)
    plain, notes, fault = _plain_number(text, comma=comma)
    if fault:
        return Cell(fault=fault)
    value = Decimal(plain)
    whole = value == value.to_integral_value()
    canonical = f"{value.to_integral_value():f}" if whole else f"{value.normalize():f}"
    canonical = "0" if value == 0 else canonical
    if canonical in column.missing:
        return Cell(canonical, notes)
    if column.kind == "integer":
        if not whole:
            return Cell(fault="not_whole")
        notes = tuple("float_integer" if note == "decimal_comma" else note for note in notes)
        if canonical != plain and not notes:
            notes = ("float_integer",)
    return _within(canonical, value, column, notes)


def _within(canonical: str, value: Decimal, column: Column, notes: tuple[str, ...]) -> Cell:
    low, high = column.low, column.high
    looks_missing = bool(_SENTINEL.fullmatch(canonical))
    if (low is not None and value < Decimal(str(low))) or (high is not None and value > Decimal(str(high))):
        if looks_missing and column.answer:
            return Cell(fault="undeclared_sentinel")
        return Cell(fault="out_of_scale" if column.answer and low is not None and high is not None else "out_of_range")
    # 99 "times" in an open question is more often a code than a count; the form can set a highest number.
    if _OPEN_SENTINEL.fullmatch(canonical) and column.answer and column.kind == "integer" and high is None:
        return Cell(fault="undeclared_sentinel")
    return Cell(canonical, notes)


def _plain_number(text: str, *, comma: bool) -> tuple[str, tuple[str, ...], str]:
    """The number with a decimal point and no thousands; notes; or a fault."""
    if len(text) > 24:
        return "", (), "not_a_number"
    if _NUMBER.fullmatch(text):
        if re.fullmatch(r"[-+]?[1-9]\d{0,2},\d{3}", text, re.ASCII):
            return "", (), "ambiguous_number"
        if comma and re.fullmatch(r"[-+]?[1-9]\d{0,2}\.\d{3}", text, re.ASCII):
            return "", (), "ambiguous_number"
        return text.replace(",", "."), ("decimal_comma",) if "," in text else (), ""
    match = _THOUSANDS.fullmatch(text)
    if not match:
        return "", (), "not_a_number"
    joined = text.replace(match[1], "")
    if match[1] in ".," and joined.isdigit() and text.count(match[1]) == 1:
        return "", (), "ambiguous_number"
    return joined.replace(",", "."), ("thousands",), ""


def uses_comma(texts: Collection[str]) -> bool:
    """Whether a column surely writes its decimals with a comma."""
    return any(re.fullmatch(r"[-+]?\d[\d .]*,(?:\d{1,2}|\d{4,})", text, re.ASCII) for text in texts)


def boolean_of(text: str) -> Cell:
    """true or false, from yes/no, tak/nie, 1/0."""
    word = text.casefold()
    if word in _YES or word in _NO:
        return Cell("true" if word in _YES else "false", () if word in ("true", "false") else ("boolean",))
    return Cell(fault="not_boolean")


def reference_of(text: str, known: Set[str], fault: str) -> Cell:
    """A code that must be recorded elsewhere."""
    cell = code_of(text, known)
    return Cell(fault=fault) if cell.fault == "unknown" else cell
