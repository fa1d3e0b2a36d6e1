"""What a column of a form or table admits: one shape for both, so that one checker serves them."""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from evaluation import descriptors
from evaluation.collect.check.cells import answers
from evaluation.collect.check.cells.dates import day_numbers
from evaluation.collect.check.context import Context
from evaluation.collect.files import cells, money
from evaluation.errors import BadDeclaration
from evaluation.schema import CONSENTS, GUARDIAN, Choice, Field, Form, Item, Table
from evaluation.xlsform import expressions

Kind = Literal[
    "participant",
    "wave",
    "reference",
    "code",
    "codes",
    "integer",
    "decimal",
    "boolean",
    "date",
    "month",
    "text",
    "version",
]

_ITEM_KINDS: Mapping[str, Kind] = {
    "select_one": "code",
    "select_multiple": "codes",
    "integer": "integer",
    "decimal": "decimal",
    "text": "text",
    "date": "date",
}
_OWN = ("participant", "wave", "date", "form_version")
_FIELD_KINDS: Mapping[str, Kind] = {
    "string": "text",
    "integer": "integer",
    "number": "decimal",
    "date": "date",
    "yearmonth": "month",
    "boolean": "boolean",
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column and what it admits.

    ``plain``: the codes that a cell may hold as they are, without anything to be read or repaired.
    ``aliases`` maps other spellings of a code to the code (waves); ``labels`` and ``letters`` say which codes a
    label or an initial stands for. ``past``: a date ahead is refused; ``bounded``: so is one before the project.
    ``day_numbers``: those of Excel for the days of the project, which no amount is taken for. ``currencies``: those
    that its name and labels speak of.
    """

    name: str
    kind: Kind
    required: bool = False
    needed: bool = False  # the file must have the column, even if its cells may be empty
    codes: tuple[str, ...] = ()
    plain: Set[str] = frozenset()
    aliases: Mapping[str, str] = field(default_factory=dict)
    labels: answers.Spoken = field(default_factory=dict)
    letters: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    low: float | None = None
    high: float | None = None
    day_numbers: range = range(0)
    currencies: Set[str] = frozenset()
    pattern: str = ""
    reference: str = ""
    relevant: str = ""
    constraint: str = ""
    exclusive: tuple[str, ...] = ()
    past: bool = False
    bounded: bool = False
    answer: bool = False
    free: bool = False  # anything may be typed here, a telephone number too
    consent: bool = False  # never turned on by a correction
    optional: bool = False  # a file that lacks the column lacks nothing

    @property
    def scale(self) -> str:
        """What is admitted, in a few signs, for sentences: ``1–4, 98``, ``≥ 1``."""
        extra = [code for code in self.missing if code not in self.codes]
        if self.codes:
            return _spoken([*self.codes, *extra])
        low, high = (None if bound is None else f"{bound:g}" for bound in (self.low, self.high))
        one_sided = f"≥ {low}" if low else f"≤ {high}" if high else ""
        text = f"{low}–{high}" if low and high else one_sided
        return ", ".join(filter(None, [text, *extra])) or "–"


def columns_of(form: Form, context: Context) -> tuple[Column, ...]:
    """The columns of a table, or of a filled questionnaire: participant, wave, date, version, how it came about, items.

    An item that is called as one of those that say how it came about stands for it.

    A correction needs the columns of the key only; a questionnaire that was broken off requires no answer.

    Raises BadDeclaration for a skip rule or constraint that cannot be evaluated.
    """
    declared = (Same(form), Same(context.waves), context.participant_pattern, context.period_start, context.today)
    return _as_sent(Same(_columns(*declared)), correcting=context.correcting, stopped=context.stopped, key=form.key)


@dataclass(frozen=True, slots=True, eq=False)
class Same:
    """A declaration as the key of what was made of it: the very same one, not one that is alike."""

    declared: Any

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and other.declared is self.declared

    def __hash__(self) -> int:
        return id(self.declared)


@functools.lru_cache(maxsize=256)
def _as_sent(of: Same, *, correcting: bool, stopped: bool, key: Sequence[str]) -> tuple[Column, ...]:
    """The columns as a correction, or a questionnaire that was broken off, needs them."""
    columns: tuple[Column, ...] = of.declared
    if correcting:
        columns = tuple(replace(column, needed=column.name in key) for column in columns)
    if stopped:
        columns = tuple(replace(column, required=column.required and not column.answer) for column in columns)
    return columns


@functools.lru_cache(maxsize=256)
def present(of: Same, header: tuple[str, ...]) -> tuple[Column, ...]:
    """Those of the columns that a file with this header answers for."""
    return tuple(column for column in of.declared if not column.optional or column.name in header)


@functools.lru_cache(maxsize=64)
def _columns(of: Same, waves: Same, pattern: str, start: dt.date, today: dt.date) -> tuple[Column, ...]:
    """Made once for a form: a page sends it again and again, with one row each time."""
    form: Form = of.declared
    context = Context(
        participants=frozenset(), waves=waves.declared, today=today, period_start=start, participant_pattern=pattern
    )
    if isinstance(form, Table):
        return tuple(_of_field(entry, form.name, form.key, context) for entry in form.fields)
    items = [item for item in form.questions if item.id not in _OWN]
    known = {item.id for item in items}
    for item in items:
        for rule in (item.relevant, item.constraint):
            unknown = [name for name in (expressions.parse(rule).names if rule else ()) if name not in known]
            if unknown:
                raise BadDeclaration("collect.rule_item", item=item.id, form=form.id, name=unknown[0])
    scored = {item for scale in form.scales for item in scale.items}
    head = (
        Column("participant", "participant", required=True, needed=True, pattern=context.participant_pattern),
        _wave("wave", context, required=True, asked=form.waves),
        Column("date", "date", required=True, needed=True, past=True, bounded=True),
        Column("form_version", "version", codes=(form.version,)),
    )
    about = [_of_field(entry, "", (), context) for entry in descriptors.about_answers(beside=known)]
    days = day_numbers(context.period_start, context.today)
    return (*head, *about, *(replace(_of_item(item, scored), day_numbers=days) for item in items))


def _wave(name: str, context: Context, *, required: bool, asked: Sequence[Choice] = ()) -> Column:
    """``asked``: the waves as the form itself offers them, whose labels may be others than the project's."""
    aliases = {code: wave.id for wave in context.waves for code in (*wave.codes, wave.id)}
    offered = ((aliases[choice.name], choice.labels) for choice in asked if choice.name in aliases)
    labels = answers.spoken((*((wave.id, wave.labels) for wave in context.waves), *offered), joined=True)
    ids = tuple(wave.id for wave in context.waves)
    return Column(name, "wave", required=required, needed=required, codes=ids, aliases=aliases, labels=labels)


def _of_item(item: Item, scored: Set[str]) -> Column:
    labelled = [(choice.name, choice.labels) for choice in item.choices]
    codes = tuple(choice.name for choice in item.choices)
    return Column(
        item.id,
        _ITEM_KINDS[item.kind],
        required=item.required,
        needed=item.required or bool(item.key) or item.id in scored,
        codes=codes,
        plain=_plain((*codes, *item.missing)),
        labels=answers.spoken(labelled, joined=item.kind == "select_one"),
        letters=answers.initials([pair for pair in labelled if pair[0] not in item.missing]),
        missing=item.missing,
        low=None if codes else item.low,
        high=None if codes else item.high,
        currencies=money.named((item.id, *item.labels.values()))
        if item.kind in ("decimal", "integer")
        else frozenset(),
        relevant=item.relevant,
        constraint=item.constraint,
        exclusive=item.exclusive,
        answer=True,
        free=item.kind == "text",
    )


def _of_field(entry: Field, table: str, key: Sequence[str], context: Context) -> Column:
    if entry.name == "wave" and not entry.codes:
        return _wave("wave", context, required=entry.required)
    kind = _FIELD_KINDS[entry.type]
    reference, pattern = entry.reference, entry.pattern
    if reference == "participants.participant":
        kind, pattern = "participant", context.participant_pattern
    elif reference:
        kind = "reference"
    elif entry.codes and kind in ("text", "integer"):
        kind = "code"
    elif table == "participants" and entry.name == "participant":
        pattern = context.participant_pattern
    return Column(
        entry.name,
        kind,
        required=entry.required or entry.name in key,
        needed=entry.required or entry.name in key,
        codes=tuple(entry.codes),
        plain=_plain(entry.codes),
        labels=answers.spoken([*entry.codes.items(), *_also(entry)], joined=True),
        letters=answers.initials(list(entry.codes.items())),
        low=entry.minimum,
        high=entry.maximum,
        pattern=pattern,
        reference=reference,
        past=kind == "date",
        free=kind == "text" and not pattern and entry.name not in key,
        consent=entry.name in (*CONSENTS, GUARDIAN),
        optional=entry.optional,
    )


def _also(entry: Field) -> Iterator[tuple[str, Mapping[str, str]]]:
    """The codes of a field by further names."""
    yield from ((code, {"": name}) for code, names in entry.also.items() for name in names)


def _plain(codes: Iterable[str]) -> Set[str]:
    return frozenset(filter(cells.says_itself, codes))


def _spoken(codes: list[str]) -> str:
    """Codes in a few signs: runs of whole numbers as ``1–4``; more than twelve words are not listed."""
    if not all(re.fullmatch(r"\d{1,9}", code, re.ASCII) for code in codes):
        return ", ".join(codes) if len(codes) <= 12 else f"{', '.join(codes[:10])}, …"
    runs: list[list[int]] = []
    for number in sorted({int(code) for code in codes}):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)
