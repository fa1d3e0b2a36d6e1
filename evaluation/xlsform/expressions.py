"""What a relevant or constraint cell names: its functions, items, codes and bounds."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from evaluation.codec import nearest

FUNCTIONS = ("not", "selected", "count-selected", "true", "false", "today")
"""The functions that skip logic and constraints may use."""

_TOKEN = re.compile(
    r"""\$\{(?P<item>[^}]*)\}|'(?P<single>[^']*)'|"(?P<double>[^"]*)"|(?P<number>\d+(?:\.\d+)?)"""
    r"""|(?P<compare>!=|<=|>=|=|<|>)|(?P<word>[A-Za-z_][\w.:-]*)|(?P<sign>[().,])|(?P<other>\S)""",
    re.ASCII,
)
_MIRROR = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_COMPARE: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True, slots=True)
class Token:
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Answerable:
    """The codes of an item, None where it has no list, and those that are no answer."""

    codes: tuple[str, ...] | None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """``item`` (``.`` for the item itself) stands to a written ``literal`` as ``sign`` says."""

    item: str
    sign: str
    literal: str


def tokens(source: str) -> list[Token]:
    """``source`` cut into items, texts, numbers, signs and words."""
    found = []
    for match in _TOKEN.finditer(source):
        kind = str(match.lastgroup)
        text = match[kind].strip() if kind == "item" else match[kind]
        found.append(Token("text" if kind in ("single", "double") else kind, text))
    return found


def comparisons(source: str) -> Iterator[Comparison]:
    """Every place where an item meets a written value: ``${a} = 1``, ``1 < .``, ``selected(${a}, 'x')``."""
    cut = tokens(source)
    for i, token in enumerate(cut):
        if token.kind == "compare" and 0 < i < len(cut) - 1:
            left, right = cut[i - 1], cut[i + 1]
            if _subject(left) and right.kind in ("text", "number"):
                yield Comparison(left.text, token.text, right.text)
            elif left.kind in ("text", "number") and _subject(right):
                yield Comparison(right.text, _MIRROR.get(token.text, token.text), left.text)
        inside = cut[i + 1 : i + 5]
        if token == Token("word", "selected") and len(inside) == 4 and inside[3].kind in ("text", "number"):
            yield Comparison(inside[1].text, "selected", inside[3].text)


def exclusive(constraint: str) -> tuple[str, ...]:
    """The codes of a select_multiple that ``constraint`` allows only alone.

    It reads ``not(selected(., 'none') and count-selected(.) > 1)`` and the same with several codes.
    """
    if Token("word", "count-selected") not in tokens(constraint):
        return ()
    own = [c.literal for c in comparisons(constraint) if (c.item, c.sign) == (".", "selected")]
    return tuple(dict.fromkeys(own))


def bounds(constraint: str, *, whole: bool) -> tuple[float | None, float | None]:
    """The lowest and highest number that ``constraint`` allows; None where it names none.

    Equalities (the missing codes: ``or . = 998``) are no bounds. ``whole``: numbers are integers.
    """
    lows, highs = [], []
    for c in comparisons(constraint):
        if c.item == "." and c.sign in _COMPARE and re.fullmatch(r"\d+(\.\d+)?", c.literal):
            inside = 1.0 if whole and c.sign in ("<", ">") else 0.0
            if c.sign in (">", ">="):
                lows.append(float(c.literal) + inside)
            else:
                highs.append(float(c.literal) - inside)
    return max(lows, default=None), min(highs, default=None)


def faults(source: str, items: Mapping[str, Answerable], own: Answerable | None) -> Iterator[str]:
    """Sentences on what cannot be understood.

    ``items`` were asked before; ``own`` is the question itself (``.``), None in relevant.
    """
    cut = tokens(source)
    depth = 0
    for i, token in enumerate(cut):
        after = cut[i + 1].text if i + 1 < len(cut) else ""
        depth += {"(": 1, ")": -1}.get(token.text, 0) if token.kind == "sign" else 0
        if token.kind == "other":
            yield f"the sign '{token.text}' is not known in an expression; write it otherwise."
        elif token.kind == "item" and token.text not in items:
            yield f"'{token.text}' is not a question asked before{nearest(token.text, list(items))}"
        elif token == Token("sign", ".") and own is None:
            yield "'.' has no meaning in relevant; name the question as ${name}."
        elif token.kind == "word" and after == "(" and token.text not in (*FUNCTIONS, "and", "or"):
            yield f"the function '{token.text}' is not known{nearest(token.text, FUNCTIONS)}"
        elif token.kind == "word" and after != "(" and token.text not in ("and", "or"):
            yield f"the word '{token.text}' is not understood; put quotes around a code."
        if depth < 0:
            break
    if depth:
        yield "the brackets are not in pairs; count them."
    for c in comparisons(source):
        subject = own if c.item == "." else items.get(c.item)
        if subject is not None:
            yield from _codes(c, subject)


def _codes(c: Comparison, subject: Answerable) -> Iterator[str]:
    named = "this question" if c.item == "." else f"'{c.item}'"
    if c.sign in ("=", "!=", "selected"):
        if subject.codes is not None and c.literal not in ("", *subject.codes):
            yield f"'{c.literal}' is not a code of {named}{nearest(c.literal, subject.codes)}"
        return
    # 98 (refused) is greater than 4: an order comparison would take a refusal for an answer.
    limit = _number(c.literal)
    for code in subject.missing if c.item != "." and c.sign in _COMPARE and limit is not None else ():
        value = _number(code)
        if value is not None and limit is not None and _COMPARE[c.sign](value, limit):
            yield (
                f"'{c.sign} {c.literal}' is also true of {code}, which is no answer to {named};"
                f" name the codes with = or selected()."
            )
            return


def _subject(token: Token) -> bool:
    return token.kind == "item" or token == Token("sign", ".")


def _number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"\d+(\.\d+)?", text) else None
