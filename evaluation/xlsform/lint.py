"""What is wrong with the rows of a questionnaire, as sentences that name file and line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import get_args

from evaluation.codec import nearest
from evaluation.schema import ANSWER_STATES, Sensitivity
from evaluation.xlsform import expressions
from evaluation.xlsform.expressions import Answerable
from evaluation.xlsform.sheets import Form, Row, translation

QUESTIONS = ("select_one", "select_multiple", "integer", "decimal", "text", "date", "note")
GROUPS = ("begin_group", "end_group")
HEADER = {"participant": "text", "wave": "select_one", "date": "date"}
"""Questions that say who answered and when: columns of the filled questionnaire, not items."""

DEFAULT_MISSING = {"97": "not_applicable", "98": "refused", "99": "unknown"}
KEYS = {"+": 1, "-": -1, "−": -1, "": 0}
YES, NO = ("yes", "true", "true()"), ("", "no", "false", "false()")

_COLUMNS = {
    "survey": (
        *("type", "name", "required", "relevant", "constraint", "appearance", "parameters", "note"),
        *("sensitivity", "scale", "key", "missing"),
    ),
    "choices": ("list_name", "name"),
    "scales": ("name", "direction", "transform", "factor", "minimum", "maximum", "minimum_answered"),
    "evidence": ("scale", "kind", "value", "source"),
    "settings": (
        *("form_id", "version", "form_title", "default_language", "style"),
        *("licence", "source", "validated"),
    ),
}
_FOREIGN = re.compile(r"(bind|control|body|instance|media)::.+")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*", re.ASCII)
_PAIR = re.compile(r"(\S+)=(\w+)")


def kind_of(row: Row) -> tuple[str, str]:
    """The kind of question and its choice list: ``select_one agree`` is ``("select_one", "agree")``."""
    kind, _, listed = row["type"].replace("begin group", "begin_group").replace("end group", "end_group").partition(" ")
    return kind, listed.strip()


def missing_of(row: Row, codes: Sequence[str]) -> dict[str, str]:
    """Each code that is no answer, with its answer state.

    As the row says under missing; if it says nothing, 97, 98 and 99 where they are on the list.
    """
    if row["missing"]:
        return {pair[1]: pair[2] for pair in _PAIR.finditer(row["missing"])}
    return {code: state for code, state in DEFAULT_MISSING.items() if code in codes}


def faults(form: Form) -> Iterator[str]:
    """Every sentence on columns, texts, names, codes and expressions, sheet by sheet."""
    yield from _columns(form)
    yield from _translations(form)
    yield from _choices(form)
    yield from _survey(form)
    yield from _settings(form)


def _columns(form: Form) -> Iterator[str]:
    for sheet, (line, columns) in form.columns.items():
        for column in columns:
            title = sheet == "settings" and column.startswith("title_")
            if not (column in _COLUMNS[sheet] or title or translation(column) or _FOREIGN.fullmatch(column)):
                known = [*_COLUMNS[sheet], *(["label"] if sheet != "settings" else [])]
                yield form.fault(line, f"the column '{column}' is not known in '{sheet}'{nearest(column, known)}")


def languages(form: Form) -> tuple[str, ...]:
    """The languages of the form, that of its title first: English if it is among them."""
    named = (translation(column) for _, columns in form.columns.values() for column in columns)
    return tuple(sorted({of[1] for of in named if of}, key=lambda language: (language != "en", language)))


def _translations(form: Form) -> Iterator[str]:
    wanted = languages(form)
    for sheet in ("survey", "choices", "scales", "evidence"):
        for row in form.rows[sheet]:
            texts = {of[0] for of in map(translation, row.cells) if of}
            group = kind_of(row)[0] in GROUPS if sheet == "survey" else False
            for text in sorted(texts | ({"label"} if not group else set())):
                lacking = [language for language in wanted if language not in row.labels(text)]
                if lacking or not wanted:
                    language = f" in the language '{lacking[0]}'" if lacking else ""
                    yield form.fault(row, f"'{row['name'] or row['scale']}' has no {text}{language}; add it.")


def _choices(form: Form) -> Iterator[str]:
    seen: set[tuple[str, str]] = set()
    for row in form.rows["choices"]:
        if not row["list_name"] or not row["name"]:
            yield form.fault(row, "a choice needs a list_name and a name.")
        if " " in row["name"]:
            yield form.fault(row, f"the code '{row['name']}' has a space in it; codes are one word.")
        if (row["list_name"], row["name"]) in seen:
            yield form.fault(row, f"the code '{row['name']}' is in the list '{row['list_name']}' twice; keep one.")
        seen.add((row["list_name"], row["name"]))


def _survey(form: Form) -> Iterator[str]:
    asked: dict[str, Answerable] = {}
    names: dict[str, int] = {}
    open_groups: list[Row] = []
    for row in form.rows["survey"]:
        kind, listed = kind_of(row)
        codes = [choice["name"] for choice in form.choices(listed)]
        missing = missing_of(row, codes)
        own = Answerable(tuple(codes) if listed else None, tuple(missing))
        sentences = [
            *_type(form, kind, listed, codes),
            *_name(row, kind, names),
            *_missing(row, kind, codes),
            *_cells(row, kind, form),
            *(f"relevant: {s}" for s in expressions.faults(row["relevant"], asked, None)),
            *(f"constraint: {s}" for s in expressions.faults(row["constraint"], asked, own)),
            *(_alone(row, missing) if kind == "select_multiple" else ()),
        ]
        yield from (form.fault(row, sentence) for sentence in sentences)
        if kind == "begin_group":
            open_groups.append(row)
        elif kind == "end_group" and not open_groups:
            yield form.fault(row, "this end_group closes nothing; remove it.")
        elif kind == "end_group":
            open_groups.pop()
        else:
            names.setdefault(row["name"], row.line)
            asked[row["name"]] = own
    yield from (form.fault(row, f"the group '{row['name']}' is never closed; add end_group.") for row in open_groups)


def _type(form: Form, kind: str, listed: str, codes: Sequence[str]) -> Iterator[str]:
    if kind not in (*QUESTIONS, *GROUPS):
        yield f"the type '{kind}' is not known{nearest(kind, [*QUESTIONS, *GROUPS])}"
    elif kind.startswith("select_") and not codes:
        lists = sorted({row["list_name"] for row in form.rows["choices"]})
        yield f"there is no choice list '{listed}'{nearest(listed, lists)}"
    elif listed and not kind.startswith("select_"):
        yield f"the type '{kind} {listed}' is not known; only select_one and select_multiple name a list."


def _name(row: Row, kind: str, names: Mapping[str, int]) -> Iterator[str]:
    name = row["name"]
    if kind == "end_group":
        return
    if not _NAME.fullmatch(name):
        yield f"'{name}' cannot be the name of a question; use letters a-z, digits and _."
    if name in names:
        yield f"the question '{name}' is already on line {names[name]}; give each its own name."
    if name in HEADER and kind != HEADER[name]:
        yield f"the question '{name}' must have the type {HEADER[name]}; give other questions another name."


def _missing(row: Row, kind: str, codes: Sequence[str]) -> Iterator[str]:
    for word in row["missing"].split():
        pair = _PAIR.fullmatch(word)
        if not pair:
            yield f"'{word}' under missing is not understood; write code=state, such as 98=refused."
        elif pair[2] not in ANSWER_STATES[1:]:
            yield f"'{pair[2]}' is not an answer state{nearest(pair[2], ANSWER_STATES[1:])}"
        elif kind.startswith("select_") and codes and pair[1] not in codes:
            yield f"the code '{pair[1]}' under missing is not in the choice list{nearest(pair[1], codes)}"


def _cells(row: Row, kind: str, form: Form) -> Iterator[str]:
    scales = [scale["name"] for scale in form.rows["scales"]]
    if row["scale"] and row["scale"] not in scales:
        hint = nearest(row["scale"], scales) if scales else "; add the sheet 'scales'."
        yield f"there is no scale '{row['scale']}'{hint}"
    if row["key"] not in KEYS:
        yield f"the key '{row['key']}' is neither + nor -; write one of them."
    elif bool(row["scale"]) != bool(row["key"]):
        yield "a scored question needs both a scale and a key; fill in the other or clear both."
    if row["scale"] and kind not in ("select_one", "integer", "decimal"):
        yield f"a question of the type {kind} cannot be scored; clear its scale and key."
    if row["required"].lower() not in (*YES, *NO):
        yield f"required is yes or no, not '{row['required']}'."
    known = get_args(Sensitivity)
    if row["sensitivity"] and row["sensitivity"] not in known:
        yield f"the sensitivity '{row['sensitivity']}' is not known{nearest(row['sensitivity'], known)}"
    if row["sensitivity"] == "identifying":
        yield "what identifies a person is never stored; remove the question."


def _alone(row: Row, missing: Mapping[str, str]) -> Iterator[str]:
    free = [code for code in missing if code not in expressions.exclusive(row["constraint"])]
    if free:
        rule = f"not(selected(., '{free[0]}') and count-selected(.) > 1)"
        yield f"the code '{free[0]}' can be ticked beside an answer; add the constraint {rule}."


def _settings(form: Form) -> Iterator[str]:
    if len(form.rows["settings"]) != 1:
        yield f"{form.file}: the sheet 'settings' needs one row with form_id, version and form_title."
        return
    row = form.rows["settings"][0]
    stem = form.file.removesuffix(".md")
    for column in ("form_id", "version", "form_title"):
        if not row[column]:
            yield form.fault(row, f"the settings lack '{column}'; add it.")
    if row["form_id"] and row["form_id"] != stem:
        yield form.fault(row, f"the form_id '{row['form_id']}' and the name of the file differ; make them equal.")
    for language in languages(form)[1:]:
        if not row[f"title_{language}"]:
            yield form.fault(row, f"the settings lack 'title_{language}', the title in that language; add it.")
    if row["validated"].lower() not in (*YES, *NO):
        yield form.fault(row, f"validated is yes or no, not '{row['validated']}'.")
