"""What a form says in short is written out, as Kobo and ODK do: settings, other answers, languages, ratings."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from evaluation.texts import or_english, say
from evaluation.xlsform.kobo_questions import numbered, written_out
from evaluation.xlsform.languages import language_of
from evaluation.xlsform.sheets import YES, Form, Row, translation

_OLDER = {"string": "text", "int": "integer", "dec": "decimal", "select1": "select_one"}
_OLDER |= {"select one from": "select_one", "select all that apply from": "select_multiple"}
_OLDER |= {"add select one prompt using": "select_one", "add select multiple prompt using": "select_multiple"}
"""Older names of types, which pyxform reads."""
_OTHER = re.compile(r" or[_ ](specify[_ ])?other$")


def expanded(form: Form) -> Form:
    """The form with its settings, its labels under their language, and a choice and a text for each ``or_other``.

    Without the rows that are ``disabled``; Kobo's ratings and rankings are written out, older names of types renewed.
    """
    form = settled(form)
    asked = tuple(_renewed(row) for row in form.rows["survey"] if row["disabled"].lower() not in YES)
    return _with_others(_with_language(numbered(written_out(replace(form, rows={**form.rows, "survey": asked})))))


def settled(form: Form) -> Form:
    """The form with what its settings leave unsaid: the file's name is its id and title, as with pyxform.

    Its version then follows from what is asked, so that answers of another version are noticed with it, too.
    """
    own = form.rows.get("settings", ()) or (Row(1, {}, "settings"),)
    assumed = {name: said for name, said in _assumed(form).items() if not own[0][name]}
    if len(own) > 1 or not assumed:
        return form
    line, columns = form.columns.get("settings", (1, ()))
    named = tuple(dict.fromkeys((*columns, *assumed)))
    rows = {**form.rows, "settings": (replace(own[0], cells={**own[0].cells, **assumed}),)}
    return replace(form, rows=rows, columns={**form.columns, "settings": (line, named)}, assumed=assumed)


def _assumed(form: Form) -> Mapping[str, str]:
    """What stands for each setting that the form may leave out; a title in any language is one."""
    stem = form.file.rpartition(".")[0]
    asked = [[sorted(row.cells.items()) for row in form.rows[sheet]] for sheet in ("survey", "choices")]
    version = f"content-{hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:10]}"
    titled = any(column.startswith("title_") for row in form.rows.get("settings", ()) for column in row.cells)
    return {"form_id": stem, "version": version} | ({} if titled else {"form_title": stem})


def _renewed(row: Row) -> Row:
    kind = row["type"]
    older = next((name for name in _OLDER if kind == name or kind.startswith(f"{name} ")), "")
    return replace(row, cells={**row.cells, "type": f"{_OLDER[older]}{kind[len(older) :]}"}) if older else row


def _with_language(form: Form) -> Form:
    """Columns of texts without a language are those of the form's default language."""
    settings = form.rows.get("settings", ())
    language = settings[0]["default_language"] if settings else ""
    if language in ("", "default") or language_of(language) in ("", "en"):
        return form

    def called(column: str) -> str:
        return f"{column}::{language}" if translation(column) and "::" not in column else column

    def row(each: Row) -> Row:
        return replace(each, cells={called(column): cell for column, cell in each.cells.items()})

    rows = {sheet: tuple(map(row, listed)) for sheet, listed in form.rows.items()}
    columns = {sheet: (line, tuple(map(called, names))) for sheet, (line, names) in form.columns.items()}
    return replace(form, rows=rows, columns=columns)


def _with_others(form: Form) -> Form:
    survey: list[Row] = []
    choices = list(form.rows["choices"])
    for row in form.rows["survey"]:
        kind = _OTHER.sub("", row["type"])
        if kind == row["type"]:
            survey.append(row)
            continue
        name = kind.split()[-1]
        survey += [replace(row, cells={**row.cells, "type": kind}), _specified(row, form)]
        if not any((choice["list_name"], choice["name"]) == (name, "other") for choice in choices):
            labels = dict(_labels(form, "choices", "xlsform.other"))
            choices.append(Row(row.line, {"list_name": name, "name": "other", **labels}, row.sheet))
    return replace(form, rows={**form.rows, "survey": tuple(survey), "choices": tuple(choices)})


def _specified(row: Row, form: Form) -> Row:
    """The text question that follows: what the other answer is."""
    cells: Mapping[str, str] = {
        "type": "text",
        "name": f"{row['name']}_other",
        "relevant": f"selected(${{{row['name']}}}, 'other')",
        "sensitivity": row["sensitivity"],
        **dict(_labels(form, "survey", "xlsform.specify_other")),
    }
    return Row(row.line, {column: cell for column, cell in cells.items() if cell}, row.sheet)


def _labels(form: Form, sheet: str, key: str) -> Iterator[tuple[str, str]]:
    """The fixed text in every language that the sheet has labels in; in English where the kit speaks none of them."""
    for column in form.columns.get(sheet, (0, ()))[1]:
        if (of := translation(column)) and of[0] == "label":
            yield column, say(key, or_english(of[1]))
