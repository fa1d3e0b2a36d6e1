"""The codebook as a Markdown page in one language, and as a CSV file with the labels of all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from evaluation import descriptors
from evaluation.codebook.columns import Column, columns_of, forms_of, title_of
from evaluation.codec.spreadsheet import csv_text
from evaluation.schema import Declaration, Evidence, Form, Instrument, Labels, Scale, text
from evaluation.texts import LANGUAGES, number, say

Line = dict[str, str]

INLINE = 12
"""A longer list of codes stands once at the end of the page."""

_ABOUT = ("form", "what", "name", "code")
_FACTS = (
    *("kind", "required", "low", "high", "pattern", "reference", "state", "scale", "key", "rules"),
    *("direction", "transform", "factor", "minimum_answered", "value", "source", "status", "sensitivity"),
)


def as_csv(declaration: Declaration) -> str:
    """One line for each form, column, code, scale and piece of evidence (``what``), with a label in each language."""
    header = [*_ABOUT, *(f"label_{language}" for language in LANGUAGES), *_FACTS]
    made = [header]
    for form in forms_of(declaration):
        for labelled, line in _lines(form, declaration):
            spoken = {f"label_{language}": labelled.get(language, "") for language in LANGUAGES}
            said = {"form": form.id, **spoken, **line}
            made.append([said.get(name, "") for name in header])
    return csv_text(made)


def _lines(form: Form, declaration: Declaration) -> Iterator[tuple[Labels, Line]]:
    version = form.version if isinstance(form, Instrument) else ""
    status = form.key_status if isinstance(form, Instrument) else ""
    yield title_of(form), {"what": "form", "name": form.id, "code": version, "status": status}
    for column in columns_of(form, declaration.file.waves):
        yield column.labels, _of_column(column)
        for code in dict.fromkeys([*column.codes, *column.missing]):
            state = column.missing.get(code, "")
            yield column.codes.get(code, {}), {"what": "code", "name": column.name, "code": code, "state": state}
    for scale in form.scales if isinstance(form, Instrument) else ():
        yield scale.labels, _of_scale(scale)
        for evidence in scale.evidence:
            yield evidence.labels, _of_evidence(evidence, scale)


def _of_column(column: Column) -> Line:
    return {
        "what": "column",
        "name": column.name,
        "kind": column.kind,
        "required": "yes" if column.required else "no",
        "low": _plain(column.low),
        "high": _plain(column.high),
        "pattern": column.pattern,
        "reference": column.reference,
        "scale": column.scale,
        "key": column.key,
        "rules": "; ".join(column.rules),
        "sensitivity": column.sensitivity,
    }


def _of_scale(scale: Scale) -> Line:
    return {
        "what": "scale",
        "name": scale.id,
        "low": _plain(scale.minimum),
        "high": _plain(scale.maximum),
        "direction": scale.direction,
        "transform": scale.transform,
        "factor": _plain(scale.factor),
        "minimum_answered": str(scale.minimum_answered),
        "rules": "; ".join([*filter(None, [scale.gate]), *(table.when for table in scale.lookup)]),
    }


def _of_evidence(evidence: Evidence, scale: Scale) -> Line:
    about = {"what": "evidence", "name": scale.id, "kind": evidence.kind}
    return about | {"value": _plain(evidence.value), "source": evidence.source, "status": evidence.status}


def _plain(value: float | None) -> str:
    return "" if value is None else str(int(value)) if value == int(value) else str(value)


# --- for people -------------------------------------------------------------------------------


def as_markdown(declaration: Declaration, language: str) -> str:
    """The page: each form with its columns and scales, then the long lists of codes."""
    lists: dict[tuple[str, ...], tuple[str, Mapping[str, Labels]]] = {}
    title = text(declaration.file.title, language)
    lines = [f"# {say('codebook.title', language, project=title)}", "", say("codebook.about", language), ""]
    for form in forms_of(declaration):
        lines += _form(form, declaration, lists, language)
    for name, codes in lists.values():
        lines += [f"## {say('codebook.list', language, name=name)}", ""]
        rows = [(f"`{code}`", text(labels, language)) for code, labels in codes.items()]
        lines += _table(say("codebook.codes", language).split("|"), rows)
    return "\n".join(lines).rstrip("\n") + "\n"


def _form(
    form: Form, declaration: Declaration, lists: dict[tuple[str, ...], tuple[str, Mapping[str, Labels]]], language: str
) -> list[str]:
    lines = [f"## {text(title_of(form), language)} (`{form.id}`)", ""]
    key = [f"`{name}`" for name in form.key]
    lines.append(say("codebook.key", language, names=key))
    if isinstance(form, Instrument):
        lines[-1] += " " + say("codebook.version", language, version=form.version)
        lines[-1] += " " + say("codebook.validated" if form.validated else "codebook.not_validated", language)
        lines += _origin(form, language)
    rows = []
    for column in columns_of(form, declaration.file.waves):
        if len(column.codes) > INLINE:
            lists.setdefault(tuple(column.codes), (column.name, column.codes))
        rows.append(
            (
                f"`{column.name}`",
                text(column.labels, language),
                say(f"codebook.kind.{column.kind}", language),
                _values(column, lists, language),
                _counts(column, language),
                say(f"codebook.sensitivity.{column.sensitivity}", language),
            )
        )
    lines += ["", *_table(say("codebook.columns", language).split("|"), rows)]
    if isinstance(form, Instrument) and form.scales:
        scales = [_scale(scale, language) for scale in form.scales]
        lines += _table(say("codebook.scales", language).split("|"), scales)
    return lines


def _origin(form: Instrument, language: str) -> list[str]:
    """Whose words these are, in whose translation, and whether the rule of scoring was verified."""
    said = [say("codebook.licence", language, licence=form.licence, source=form.source)] if form.source else []
    if form.translations:
        whose = [f"{name}: {say(f'codebook.translation.{one}', language)}" for name, one in form.translations.items()]
        said.append(say("codebook.translated", language, which=whose))
    said += [say("codebook.key_recalled", language)] if form.key_status == "recalled" else []
    return ["", " ".join(said)] if said else []


def _values(column: Column, lists: Mapping[tuple[str, ...], tuple[str, Mapping[str, Labels]]], language: str) -> str:
    """What the column admits, and which codes are no answer."""
    states = descriptors.codes("answer_states")
    said = []
    if tuple(column.codes) in lists:
        said.append(say("codebook.see_list", language, name=lists[tuple(column.codes)][0]))
    else:
        for code, labels in column.codes.items():
            state = f" [{text(states[column.missing[code]], language)}]" if code in column.missing else ""
            said.append(f"`{code}` {text(labels, language)}{state}")
    others = [code for code in column.missing if code not in column.codes]
    said += [f"`{code}` [{text(states[column.missing[code]], language)}]" for code in others]
    if column.low is not None or column.high is not None:
        ends = (number(end, language) if end is not None else "…" for end in (column.low, column.high))
        said.append("–".join(ends))
    if column.reference:
        said.append(say("codebook.reference", language, name=f"`{column.reference}`"))
    return "; ".join([*said, *(f"`{rule}`" for rule in column.rules)])


def _counts(column: Column, language: str) -> str:
    """Whether it must be filled in, and towards which scale it counts."""
    needed = [say("codebook.required", language)] if column.required else []
    return "; ".join([*needed, *([f"{column.scale} ({column.key})"] if column.key else [])])


def _scale(scale: Scale, language: str) -> tuple[str, ...]:
    published = [
        say("codebook.evidence", language, kind=say(f"codebook.published.{one.kind}", language), value=one.value,
            source=one.source, population=text(one.labels, language))
        for one in scale.evidence
    ]  # fmt: skip
    found = [
        said if one.status == "read" else say("codebook.unverified", language, said=said)
        for said, one in zip(published, scale.evidence, strict=True)
    ]
    return (
        f"`{scale.id}`",
        text(scale.labels, language),
        f"{number(scale.minimum, language)}–{number(scale.maximum, language)}",
        say(f"codebook.direction.{scale.direction}", language),
        say(f"codebook.transform.{scale.transform}", language),
        f"{scale.minimum_answered} / {len(scale.items)}",
        "; ".join(found),
    )


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    lines = [[*header], ["---"] * len(header), *([_cell(cell) for cell in row] for row in rows)]
    return [*(f"| {' | '.join(line)} |" for line in lines), ""]


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())
