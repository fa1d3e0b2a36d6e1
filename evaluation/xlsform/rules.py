"""What the rules of a form (relevant, constraint) say about its answers: bounds, exclusive codes, faults."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from evaluation.codec import nearest
from evaluation.errors import BadDeclaration
from evaluation.texts import Message, quoted
from evaluation.xlsform.expressions import ORDER, Comparison, number, parse


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

    It reads ``not(selected(., 'none') and count-selected(.) > 1)`` and the same with several codes.
    """
    if "count-selected" not in constraint:
        return ()
    return tuple(dict.fromkeys(c.literal for c in _comparisons(constraint) if (c.item, c.sign) == (".", "selected")))


def named(rule: str) -> tuple[str, ...]:
    """The values of the question itself (``.``) that a rule is about."""
    return tuple(c.literal for c in _comparisons(rule) if c.item == "." and c.sign not in ORDER)


def bounds(constraint: str, *, whole: bool) -> tuple[float | None, float | None]:
    """The lowest and highest number that ``constraint`` allows; None where it names none.

    Equalities (the missing codes: ``or . = 998``) are no bounds. ``whole``: numbers are integers.
    """
    lows, highs = [], []
    for c in _comparisons(constraint):
        if c.item == "." and c.sign in ORDER and not math.isnan(limit := number(c.literal)):
            inside = 1.0 if whole and c.sign in ("<", ">") else 0.0
            if c.sign in (">", ">="):
                lows.append(limit + inside)
            else:
                highs.append(limit - inside)
    return max(lows, default=None), min(highs, default=None)


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
