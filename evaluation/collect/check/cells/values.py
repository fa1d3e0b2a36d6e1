"""A cleaned cell becomes the canonical value that its column admits, or a fault; nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Collection, Set
from decimal import Decimal

from evaluation.collect.check.cells import answers
from evaluation.collect.check.cells.answers import NO, YES
from evaluation.collect.check.columns import Column
from evaluation.collect.files.cells import Cell, code_of, without_point
from evaluation.collect.files.imported.words import REGISTER, is_cross, mark_of

_SENTINEL = re.compile(r"-\d{1,4}|([7-9])\1{1,3}|9{1,3}[78]|8[78]|7[79]", re.ASCII)
_OPEN_SENTINEL = re.compile(r"-9{1,4}|-9{0,2}[78]|9{1,3}[789]|9999", re.ASCII)
_TELEPHONE = 9
"""So many digits, or more, and a number is no amount."""
_NUMBER = re.compile(r"[-+]?(?:\d+(?:[.,]\d*)?|[.,]\d+)", re.ASCII)
_GROUPED = re.compile(r"[-+]?[1-9]\d{0,2}\.\d{3}", re.ASCII)
_THOUSANDS = re.compile(r"[-+]?\d{1,3}(?:([ .,'’])\d{3})(?:\1\d{3})*(?:(?!\1)[.,]\d+)?", re.ASCII)
_YEARS = re.compile(r" ?(?:lat|lata|years?|years? old)$", re.IGNORECASE)
_LIST_MARKS = ";,|\n"
_NOTHING = {"na", "bd"}
"""How people write that nothing is known (``n/a``, *brak danych*); in capitals, codes of countries."""


def choice_of(text: str, column: Column, *, in_words: bool = True, crossed: bool = False) -> Cell:
    """A code of a select_one question or of a field with a code list; ``in_words``: the column may hold labels.

    ``crossed``: ticks and crosses stand in the same register.
    """
    permitted = [*column.codes, *column.missing]
    cell = code_of(text, permitted)
    if text not in permitted and text.casefold() in _NOTHING and cell.value not in column.missing:
        return Cell(fault="unknown_choice")
    if not cell.fault or cell.fault == "homoglyph":
        return cell
    if crossed and is_cross(text):
        return Cell(fault="cross_or_tick")
    if REGISTER.issubset(column.codes) and (mark := mark_of(text)):
        return Cell(mark, ("label_read",))
    worded = answers.worded(text, column.labels, column.letters, column.missing)
    if worded.value in column.missing or (worded.value is not None and in_words):
        return worded
    if worded.fault != "unknown":
        return Cell(fault=worded.fault or "label_instead_of_code")
    if band := answers.age_band(_YEARS.sub("", text), column.codes):
        return Cell(band, ("age_read",))
    shorter = text.rstrip(_LIST_MARKS + " ")
    if shorter != text:
        alone = choice_of(shorter, column, in_words=in_words) if shorter else Cell()
        return Cell(alone.value, (*alone.notes, "mark_at_end"), alone.fault)
    if any(mark in text for mark in _LIST_MARKS) and answers.several(text, permitted, column.labels):
        return Cell(fault="several_answers")
    if not all(re.fullmatch(r"-?\d+", code, re.ASCII) for code in permitted):
        return Cell(fault="unknown_choice")
    if not _NUMBER.fullmatch(text):
        return Cell(fault="not_a_number")
    return Cell(fault="undeclared_sentinel" if _SENTINEL.fullmatch(text) else "out_of_scale")


def choices_of(text: str, column: Column) -> Cell:
    """The codes of a select_multiple question, in the order of the form, separated by single spaces."""
    permitted = [*column.codes, *column.missing]
    mark = next((mark for mark in _LIST_MARKS if mark in text), None)
    parts = [part for part in map(str.strip, text.split(mark)) if part]
    read = [code_of(part, permitted) for part in parts]
    notes: list[str] = ["answer_list"] if mark else []
    if any(cell.value is None for cell in read):
        lists = answers.several(text, permitted, column.labels)
        if len(lists) != 1:
            return _no_list(text, read, column, ambiguous=len(lists) > 1)
        read = [Cell(code, ("label_read",)) for code in lists[0]]
    chosen = [str(cell.value) for cell in read]
    if len(set(chosen)) < len(chosen):
        return Cell(fault="repeated_choice")
    if len(chosen) > 1 and any(code in column.exclusive or code in column.missing for code in chosen):
        return Cell(fault="exclusive_choice")
    notes += [note for cell in read for note in cell.notes]
    return Cell(" ".join(sorted(chosen, key=permitted.index)) or None, tuple(dict.fromkeys(notes)))


def _no_list(text: str, read: Collection[Cell], column: Column, *, ambiguous: bool) -> Cell:
    """A cell that is no list of choices: a word for an answer state, or the first thing that is wrong with it."""
    if ambiguous:
        return Cell(fault="label_ambiguous")
    state = answers.state_code(text, column.missing)
    if state.fault != "unknown":
        return state
    fault = next(cell.fault for cell in read if cell.value is None)
    return Cell(fault="unknown_choice" if fault == "unknown" else fault)


def number_of(text: str, column: Column, *, comma: bool, grouped: bool = False) -> Cell:
    """A number of an integer or decimal column; ``comma``: the column writes decimals with a comma.

    ``grouped``: its points may be those of thousands, which is asked about where both readings are allowed.
    """
    if text in column.missing:
        return Cell(text)
    if grouped and not comma and _GROUPED.fullmatch(text):
        both = [_within(form, Decimal(form), column, ()) for form in (text, text.replace(".", ""))]
        if all(cell.value is not None for cell in both):
            return Cell(fault="point_of_thousands")
    plain, notes, fault = _plain_number(text, comma=comma)
    if fault:
        state = answers.state_code(text, column.missing)
        return Cell(fault=fault) if state.fault == "unknown" else state
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
    if high is None and column.answer and (fault := _no_amount(canonical, column)):
        return Cell(fault=fault)
    return Cell(canonical, notes)


def _no_amount(canonical: str, column: Column) -> str:
    """What a number in a question without a highest one more likely is: a telephone number, an Excel day number.

    ``2-3`` typed into Excel becomes a day of the current year, whose number is some 45 thousand.
    """
    if len(canonical) >= _TELEPHONE and canonical.isdigit():
        return "looks_like_telephone"
    return "looks_like_day_number" if canonical.isdigit() and int(canonical) in column.day_numbers else ""


def _plain_number(text: str, *, comma: bool) -> tuple[str, tuple[str, ...], str]:
    """The number with a decimal point and no thousands; notes; or a fault."""
    if len(text) > 24:
        return "", (), "not_a_number"
    if _NUMBER.fullmatch(text):
        if re.fullmatch(r"[-+]?[1-9]\d{0,2},\d{3}", text, re.ASCII):
            return "", (), "ambiguous_number"
        if comma and _GROUPED.fullmatch(text):
            return "", (), "ambiguous_number"
        return text.replace(",", "."), ("decimal_comma",) if "," in text else (), ""
    match = _THOUSANDS.fullmatch(text)
    if not match:
        return "", (), "not_a_number"
    joined = text.replace(match[1], "")
    if match[1] in ".," and joined.isdigit() and text.count(match[1]) == 1:
        return "", (), "ambiguous_number"
    return joined.replace(",", "."), ("thousands",), ""


def may_group(texts: Collection[str]) -> bool:
    """Whether a column may write thousands with a point: three digits follow each of its points, and nothing else."""
    marked = [text for text in texts if "." in text or "," in text]
    return len(texts) > 1 and bool(marked) and all(_GROUPED.fullmatch(text) for text in marked)


def uses_comma(texts: Collection[str]) -> bool:
    """Whether a column surely writes its decimals with a comma."""
    return any(re.fullmatch(r"[-+]?\d[\d .]*,(?:\d{1,2}|\d{4,})", text, re.ASCII) for text in texts)


def boolean_of(text: str) -> Cell:
    """true or false, from yes/no, tak/nie, 1/0, also in two languages: yes / tak."""
    words = frozenset(without_point(text).casefold().split(" / "))
    if words <= YES or words <= NO:
        return Cell("true" if words <= YES else "false", () if words <= {"true", "false"} else ("boolean",))
    return Cell(fault="not_boolean")


def reference_of(text: str, known: Set[str], fault: str) -> Cell:
    """A code that must be recorded elsewhere."""
    cell = code_of(text, known)
    return Cell(fault=fault) if cell.fault == "unknown" else cell


def wave_of(text: str, column: Column) -> Cell:
    """The wave that a code, an id or a label stands for; a label may have the code beside it: ``Wejście (T0)``."""
    cell = reference_of(text, set(column.aliases), "unknown_wave")
    if cell.value is not None:
        return Cell(column.aliases[cell.value], cell.notes)
    worded = answers.worded(text, column.labels, {}, {})
    if worded.value is None and worded.fault != "label_ambiguous":
        aliases = {alias.casefold(): wave for alias, wave in column.aliases.items()}
        named = {aliases[word] for word in re.split(r"[^\w]+", text.casefold()) if word in aliases}
        worded = Cell(named.pop(), ("label_read",)) if len(named) == 1 else worded
    return worded if worded.value else Cell(fault=cell.fault)


def writes_words(texts: Collection[tuple[str, int]], column: Column) -> bool:
    """Whether labels may stand for numbers in a column: a word among many numbers is asked about.

    ``texts``: what is written, and in how many rows.
    """
    numbers = sum(n for text, n in texts if text in column.codes or text in column.missing)
    words = sum(n for _, n in texts) - numbers
    return numbers < 4 * words or not all(code.isdigit() for code in column.codes)
