"""What is wrong with the rows of a questionnaire, each fault with file and line."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import get_args

from evaluation.codec import nearest
from evaluation.schema import ANSWER_STATES, Sensitivity, Status, Translation
from evaluation.texts import Message
from evaluation.xlsform import rules
from evaluation.xlsform.languages import language_of
from evaluation.xlsform.rules import Answerable
from evaluation.xlsform.sheets import COLUMNS, YES, Form, Row, translation

QUESTIONS = ("select_one", "select_multiple", "integer", "decimal", "text", "date", "note")
GROUPS = ("begin_group", "end_group")
REPEATS = ("begin_repeat", "end_repeat")
BESIDE = (
    *("calculate", "start", "end", "today", "deviceid", "phonenumber", "username", "email", "simserial"),
    *("subscriberid", "audit", "start-geopoint", "background-audio", "background-geopoint", "hidden"),
    *("csv-external", "xml-external"),
)
"""What nobody answers: the tool fills it in. It is left out, also of exports."""
_OTHER_TYPES = (
    *("geopoint", "geotrace", "geoshape", "image", "audio", "video", "file", "barcode", "acknowledge", "trigger"),
    *("begin_kobomatrix", "end_kobomatrix", "range", "rank", "time", "datetime"),
    *("select_one_from_file", "select_multiple_from_file", "select_one_external"),
)
HEADER = {"participant": "text", "wave": "select_one", "date": "date"}
"""Questions that say who answered and when: columns of the filled questionnaire, not items."""

DEFAULT_MISSING = {"97": "not_applicable", "98": "refused", "99": "unknown"}
KEYS = {"+": 1, "-": -1, "−": -1, "": 0}
STATUSES, TRANSLATIONS = get_args(Status), get_args(Translation)
NO = ("", "no", "false", "false()")

_FOREIGN = re.compile(r"(bind|control|body|instance|media|image|audio|video|big-image)::.+|\$\w+|kobo--.+")
_SPACED = re.compile(r"^(begin|end) (group|repeat)|^select (one|multiple)(?= )")
_RECORDING = re.compile(r"[\w-][\w .-]*\.(mp3|m4a|wav|ogg|opus|webm)")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*", re.ASCII)
_PAIR = re.compile(r"(\S+)=(\w+)")


def kind_of(row: Row) -> tuple[str, str]:
    """The kind of question and its choice list: ``select_one agree`` is ``("select_one", "agree")``."""
    kind, _, listed = _SPACED.sub(lambda match: match[0].replace(" ", "_"), row["type"]).partition(" ")
    return kind, listed.strip()


def missing_of(row: Row, codes: Sequence[str]) -> dict[str, str]:
    """Each code that is no answer, with its answer state.

    As the row says under missing; if it says nothing, 97, 98 and 99 where they are on the list.
    """
    if row["missing"]:
        return {pair[1]: pair[2].lower() for pair in _PAIR.finditer(row["missing"])}
    return {code: state for code, state in DEFAULT_MISSING.items() if code in codes}


def faults(form: Form) -> Iterator[Message]:
    """Every fault of columns, texts, names, codes and expressions, sheet by sheet."""
    yield from _columns(form)
    yield from _translations(form)
    yield from _choices(form)
    yield from _survey(form)
    yield from _settings(form)


def _columns(form: Form) -> Iterator[Message]:
    for sheet, (line, columns) in form.columns.items():
        spoken: dict[tuple[str, str], str] = {}
        for column in columns:
            title = sheet == "settings" and column.startswith(("title_", "translation_"))
            of = translation(column)
            if of and not language_of(of[1]):
                yield form.fault(line, Message("xlsform.unknown_language", column=column), sheet)
            elif of and spoken.setdefault(of, column) != column:
                both = {"first": spoken[of], "second": column, "language": of[1]}
                yield form.fault(line, Message("xlsform.language_twice", **both), sheet)
            elif sheet == "choices" and not difflib.get_close_matches(column, (*COLUMNS[sheet], "label"), cutoff=0.6):
                continue  # what a choice has besides serves the filters of other forms
            elif not (column in COLUMNS[sheet] or title or of or _FOREIGN.fullmatch(column)):
                known = [*COLUMNS[sheet], *(["label"] if sheet != "settings" else [])]
                unknown = Message("xlsform.unknown_column", column=column, sheet=sheet, hint=nearest(column, known))
                yield form.fault(line, unknown, sheet)


def languages(form: Form) -> tuple[str, ...]:
    """The languages of the form, that of its title first.

    It is the form's default language, unless that has a title of its own (title_pl); else English if it is among them.
    """
    named = (translation(column) for _, columns in form.columns.values() for column in columns)
    settings = form.rows["settings"][0] if form.rows["settings"] else None
    default = language_of(settings["default_language"]) if settings else ""
    own = default if settings and not settings[f"title_{default}"] else ""
    return tuple(sorted({of[1] for of in named if of}, key=lambda each: (each != own, each != "en", each)))


def _translations(form: Form) -> Iterator[Message]:
    wanted = languages(form)
    for sheet in ("survey", "choices", "scales", "evidence"):
        for row in form.rows[sheet]:
            texts = {of[0] for of in map(translation, row.cells) if of}
            group = kind_of(row)[0] in (*GROUPS, *REPEATS, *BESIDE) if sheet == "survey" else False
            for text in sorted(texts | ({"label"} if not group else set())):
                lacking = [language for language in wanted if language not in row.labels(text)]
                if lacking or not wanted:
                    key = "xlsform.untranslated" if lacking else "xlsform.no_text"
                    facts = {"name": row["name"] or row["scale"], "text": text, "language": "".join(lacking[:1])}
                    yield form.fault(row, Message(key, **facts))


def _choices(form: Form) -> Iterator[Message]:
    seen: set[tuple[str, str]] = set()
    for row in form.rows["choices"]:
        if not row["list_name"] or not row["name"]:
            yield form.fault(row, Message("xlsform.unnamed_choice"))
        if " " in row["name"]:
            yield form.fault(row, Message("xlsform.code_space", code=row["name"]))
        if (row["list_name"], row["name"]) in seen:
            yield form.fault(row, Message("xlsform.code_twice", code=row["name"], list=row["list_name"]))
        seen.add((row["list_name"], row["name"]))


def _survey(form: Form) -> Iterator[Message]:
    earlier: dict[str, Answerable] = {}
    names: dict[str, int] = {}
    open_groups: list[Row] = []
    beside = [row["name"] for row in form.rows["survey"] if kind_of(row)[0] in BESIDE]
    for row in form.rows["survey"]:
        kind, listed = kind_of(row)
        codes = [choice["name"] for choice in form.choices(listed)]
        missing = missing_of(row, codes)
        own = Answerable(tuple(codes) if listed else None, tuple(missing))
        faults_of_row = [
            *_type(form, kind, listed, codes),
            *_name(row, kind, names),
            *_missing(row, kind, codes),
            *_cells(row, kind, form),
            *_rule("relevant", row, earlier, None, beside),
            *_rule("constraint", row, earlier, own, beside),
            *_rule("alert", row, earlier, own, beside),
            *_alert(row, kind, missing),
            *_recordings(row),
            *(_alone(row, missing) if kind == "select_multiple" else ()),
        ]
        yield from (form.fault(row, fault) for fault in faults_of_row)
        if kind in ("begin_group", "begin_repeat"):
            open_groups.append(row)
        elif kind in ("end_group", "end_repeat") and not open_groups:
            yield form.fault(row, Message("xlsform.end_group"))
        elif kind in ("end_group", "end_repeat"):
            open_groups.pop()
        else:
            names.setdefault(row["name"], row.line)
            earlier[row["name"]] = own
    yield from (form.fault(row, Message("xlsform.open_group", name=row["name"])) for row in open_groups)


def _rule(
    column: str, row: Row, earlier: Mapping[str, Answerable], own: Answerable | None, beside: Sequence[str]
) -> Iterator[Message]:
    for fault in rules.faults(row[column], earlier, own, beside):
        yield Message("xlsform.rule", column=column, fault=fault)


def _type(form: Form, kind: str, listed: str, codes: Sequence[str]) -> Iterator[Message]:
    if kind == "begin_repeat":
        yield Message("xlsform.repeat")
    elif kind.lower() in _OTHER_TYPES:
        yield Message("xlsform.other_type", type=kind)
    elif kind not in (*QUESTIONS, *GROUPS, *REPEATS, *BESIDE):
        yield Message("xlsform.unknown_type", type=kind, hint=nearest(kind, [*QUESTIONS, *GROUPS]))
    elif kind.startswith("select_") and not codes:
        lists = sorted({row["list_name"] for row in form.rows["choices"]})
        yield Message("xlsform.no_list", list=listed, hint=nearest(listed, lists))
    elif listed and not kind.startswith("select_"):
        yield Message("xlsform.list_not_wanted", type=f"{kind} {listed}")


def _name(row: Row, kind: str, names: Mapping[str, int]) -> Iterator[Message]:
    name = row["name"]
    if kind in ("end_group", "end_repeat"):
        return
    if not _NAME.fullmatch(name):
        yield Message("xlsform.bad_name", name=name)
    if name in names:
        yield Message("xlsform.name_twice", name=name, line=str(names[name]))
    if name in HEADER and kind != HEADER[name]:
        yield Message("xlsform.header_type", name=name, type=HEADER[name])


def _missing(row: Row, kind: str, codes: Sequence[str]) -> Iterator[Message]:
    for word in row["missing"].split():
        pair = _PAIR.fullmatch(word)
        if not pair:
            yield Message("xlsform.missing_pair", word=word)
        elif pair[2].lower() not in ANSWER_STATES[1:]:
            yield Message("xlsform.answer_state", state=pair[2], hint=nearest(pair[2], ANSWER_STATES[1:]))
        elif kind.startswith("select_") and codes and pair[1] not in codes:
            yield Message("xlsform.missing_code", code=pair[1], hint=nearest(pair[1], codes))


def _cells(row: Row, kind: str, form: Form) -> Iterator[Message]:
    if row["calculation"] and kind not in BESIDE:
        yield Message("xlsform.calculated")
    low, high = rules.bounds(row["constraint"], whole=kind == "integer")
    if kind in ("integer", "decimal") and low is not None and high is not None and low > high:
        yield Message("xlsform.no_number")
    if row["choice_filter"]:
        yield Message("xlsform.choice_filter")
    if "search(" in row["appearance"].replace(" ", ""):
        yield Message("xlsform.search")
    if any("${" in cell for column, cell in row.cells.items() if translation(column)):
        yield Message("xlsform.piped")
    scales = [scale["name"] for scale in form.rows["scales"]]
    for name in row["scale"].split():
        if name not in scales:
            hint = nearest(name, scales) if scales else Message("xlsform.add_scales")
            yield Message("xlsform.no_scale", scale=name, hint=hint)
    if row["weight"] and row["weight"] not in [other["name"] for other in form.rows["survey"]]:
        names = [other["name"] for other in form.rows["survey"]]
        yield Message("xlsform.weight", name=row["weight"], hint=nearest(row["weight"], names))
    if row["key"] not in KEYS:
        yield Message("xlsform.key", key=row["key"])
    elif bool(row["scale"]) != bool(row["key"]):
        yield Message("xlsform.scale_and_key")
    if row["scale"] and kind not in ("select_one", "integer", "decimal"):
        yield Message("xlsform.not_scored", type=kind)
    if row["required"].lower() not in (*YES, *NO):
        yield Message("xlsform.yes_or_no", column="required", word=row["required"])
    known = get_args(Sensitivity)
    if row["sensitivity"] and row["sensitivity"] not in known:
        yield Message("xlsform.sensitivity", word=row["sensitivity"], hint=nearest(row["sensitivity"], known))
    if row["sensitivity"] == "identifying":
        yield Message("xlsform.identifying")


def _alone(row: Row, missing: Mapping[str, str]) -> Iterator[Message]:
    free = [code for code in missing if code not in rules.exclusive(row["constraint"])]
    if free:
        yield Message("xlsform.not_alone", code=free[0])


def _alert(row: Row, kind: str, missing: Mapping[str, str]) -> Iterator[Message]:
    """An alert stands at a question with an answer, and a refusal raises none."""
    if not row["alert"]:
        return
    if kind in (*GROUPS, *REPEATS, *BESIDE, "note") or row["name"] in HEADER:
        yield Message("xlsform.alert_question")
    for code in (code for code in rules.named(row["alert"]) if code in missing):
        yield Message("xlsform.alert_refusal", code=code)


def _recordings(row: Row) -> Iterator[Message]:
    """A recording is a file beside the form, of a kind that browsers play, in a language that is known."""
    for language, name in row.recordings().items():
        if not language:
            yield Message("xlsform.recording_language", name=name)
        if not _RECORDING.fullmatch(name):
            yield Message("xlsform.recording", name=name)


def _settings(form: Form) -> Iterator[Message]:
    if len(form.rows["settings"]) != 1:
        yield Message("codec.in_file", file=form.file, fault=Message("xlsform.settings"))
        return
    row = form.rows["settings"][0]
    stem = form.file.rpartition(".")[0]
    if row["form_id"] != stem:
        yield form.fault(row, Message("xlsform.form_id", id=row["form_id"]))
    if row["validated"].lower() not in (*YES, *NO):
        yield form.fault(row, Message("xlsform.yes_or_no", column="validated", word=row["validated"]))
    if row["key_status"] not in ("", *STATUSES):
        yield form.fault(row, _not_one_of("key_status", row["key_status"], STATUSES))
    for column, word in row.cells.items():
        if column.startswith("translation_") and word not in TRANSLATIONS:
            yield form.fault(row, _not_one_of(column, word, TRANSLATIONS))


def _not_one_of(column: str, word: str, known: Sequence[str]) -> Message:
    return Message("xlsform.not_one_of", column=column, word=word, hint=nearest(word, known))
