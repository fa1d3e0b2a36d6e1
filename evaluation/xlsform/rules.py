"""What the rules of a form (relevant, constraint) say about its answers: bounds, exclusive codes, faults."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from evaluation.codec import nearest
from evaluation.errors import BadDeclaration
from evaluation.texts import Message, quoted
from evaluation.xlsform.expressions import ORDER, Comparison, Node, number, parse

_AGAINST = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_OTHER = "\N{REPLACEMENT CHARACTER}"
"""A code that no form has."""


@dataclass(frozen=True, slots=True)
class Answerable:
    """The codes of an item, None where it has no list, and those that are no answer."""

    codes: tuple[str, ...] | None
    missing: tuple[str, ...] = ()


def _comparisons(rule: str) -> tuple[Comparison, ...]:
    try:
        return tuple(parse(rule).comparisons()) if rule else ()
    except BadDeclaration:  # ``faults`` says why
        return ()


def exclusive(constraint: str) -> tuple[str, ...]:
    """The codes of a select_multiple that ``constraint`` allows only alone.

    It reads ``not(selected(., 'none') and count-selected(.) > 1)`` and the same with several codes or other words.
    """
    if "count-selected" not in constraint:
        return ()
    codes = dict.fromkeys(c.literal for c in _comparisons(constraint) if (c.item, c.sign) == (".", "selected"))
    return tuple(code for code in codes if _allows(constraint, code) and not _allows(constraint, f"{code} {_OTHER}"))


def _allows(constraint: str, chosen: str) -> bool:
    return parse(constraint).holds({}, own=chosen, today=dt.date.min)


def named(rule: str) -> tuple[str, ...]:
    """The values of the question itself (``.``) that a rule is about."""
    return tuple(c.literal for c in _comparisons(rule) if c.item == "." and c.sign not in ORDER)


def bounds(constraint: str, *, whole: bool) -> tuple[float | None, float | None]:
    """The lowest and highest number that ``constraint`` allows; None where it names none.

    Equalities (the missing codes: ``or . = 998``) are no bounds. ``whole``: numbers are integers.
    """
    try:
        return (_span(parse(constraint).root, whole, holds=True) if constraint else None) or (None, None)
    except BadDeclaration:  # ``faults`` says why
        return None, None


def _span(part: Node, whole: bool, *, holds: bool) -> tuple[float | None, float | None] | None:
    """The ends that a part of a rule sets when it ``holds``, or when it does not; None for a code beside them."""
    if part.name == "not":
        return _span(part.arguments[0], whole, holds=not holds)
    if part.kind == "call" and part.name in ("and", "or"):
        spans = [_span(each, whole, holds=holds) for each in part.arguments]
        told = [span for span in spans if span is not None]
        lows, highs = ([span[end] for span in told] for end in (0, 1))
        if (part.name == "and") == holds:
            return max(_known(lows), default=None), min(_known(highs), default=None)
        return None if None in lows or not lows else min(_known(lows)), None if None in highs or not highs else max(
            _known(highs)
        )
    met = part.comparison()
    if met is None or met.item != "." or met.sign == "selected":
        return None, None
    if met.sign not in ORDER:
        return None if (met.sign == "=") == holds else (None, None)
    sign = met.sign if holds else _AGAINST[met.sign]
    return _ends(sign, number(met.literal), whole)


def _ends(sign: str, limit: float, whole: bool) -> tuple[float | None, float | None]:
    """The lowest and highest number that stands so to the limit."""
    if math.isnan(limit):
        return None, None
    if sign in (">", ">="):
        return (math.floor(limit) + 1.0 if sign == ">" else float(math.ceil(limit))) if whole else limit, None
    return None, (math.ceil(limit) - 1.0 if sign == "<" else float(math.floor(limit))) if whole else limit


def _known(ends: Sequence[float | None]) -> list[float]:
    return [end for end in ends if end is not None]


def faults(
    source: str, items: Mapping[str, Answerable], own: Answerable | None, beside: Collection[str] = ()
) -> Iterator[Message]:
    """What cannot be understood in ``source``, or holds of no answer that its questions can have.

    ``items`` were asked before; ``own`` is the question itself (``.``), None in relevant. ``beside`` are questions
    that nobody answers, so that nothing can be made of them.
    """
    if not source:
        return
    try:
        expression = parse(source)
    except BadDeclaration as error:
        yield error.message
        return
    for name in expression.names:
        if name in beside:
            yield Message("xlsform.expression.beside", name=name)
        elif name not in items:
            yield Message("xlsform.expression.item", name=name, hint=nearest(name, list(items)))
    if own is None and any((part.kind, part.name) == ("item", ".") for part in expression.root.parts()):
        yield Message("xlsform.expression.own")
    for c in expression.comparisons():
        subject = own if c.item == "." else items.get(c.item)
        if subject is not None:
            yield from _code_faults(c, subject)


def _code_faults(c: Comparison, subject: Answerable) -> Iterator[Message]:
    named = Message("xlsform.expression.this_question") if c.item == "." else quoted(c.item)
    if c.sign not in ORDER:
        if subject.codes is not None and c.literal not in ("", *subject.codes):
            yield Message(
                "xlsform.expression.code", code=c.literal, question=named, hint=nearest(c.literal, subject.codes)
            )
        return
    # 98 (refused) is greater than 4: an order comparison would take a refusal for an answer.
    for code in subject.missing if c.item != "." else ():
        if ORDER[c.sign](number(code), number(c.literal)):
            yield Message("xlsform.expression.refusal", sign=c.sign, limit=c.literal, code=code, question=named)
            return
