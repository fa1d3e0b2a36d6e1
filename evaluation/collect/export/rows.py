"""The rows of one table or questionnaire as they hold today, each cell as text that intake reads back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from evaluation.codebook import Column, columns_of
from evaluation.collect.files.exported import RECORDED, REPORTING, RETIRED
from evaluation.collect.record.entries import Cell
from evaluation.collect.record.replay import Content, Row
from evaluation.errors import BadArgument
from evaluation.schema import Declaration, Form, Instrument, Labels, Wave, text
from evaluation.texts import LANGUAGES, Message, in_all

_REPORTING = {code: in_all(Message(f"collect.export.reporting.{code}")) for code in ("yes", "no", "withdrawn")}
_RECORDED = Column(RECORDED, in_all(Message("collect.export.recorded")), "date", "open")
_MAY_REPORT = Column(
    REPORTING, in_all(Message("collect.export.reporting.title")), "string", "sensitive", codes=_REPORTING
)


@dataclass(frozen=True, slots=True)
class Exported:
    """Rows of ``form``: one cell of text for each of ``columns``, "" where it is empty.

    ``retired``: columns of earlier versions of the form that hold something still; the reader leaves them out.
    """

    form: Form
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...] = field(repr=False)
    retired: tuple[str, ...] = ()

    @property
    def header(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    def labelled(self, language: str) -> Exported:
        """The same with labels in the place of names and codes, for people to read."""
        named = [replace(column, name=text(column.labels, language) or column.name) for column in self.columns]
        rows = tuple(
            tuple(_spoken(cell, column, language) for cell, column in zip(row, self.columns, strict=True))
            for row in self.rows
        )
        return replace(self, columns=tuple(named), rows=rows)


def exported(name: str | Form, content: Content, declaration: Declaration, *, wide: bool = False) -> Exported:
    """The rows of the table or questionnaire ``name``, in the order of their keys.

    Besides the form's columns there are the day on which a row was last written and, in a table of persons,
    whether she agrees to be reported on. ``wide``: one row a participant,
    the columns of a questionnaire once for each wave. Raises BadArgument for a form that there is not, and for
    a table that is to be wide.
    """
    form = declaration.form(name) if isinstance(name, str) else name
    if wide and not isinstance(form, Instrument):
        raise BadArgument("collect.export.not_wide", form=form.id)
    held = sorted(content.of(form.id), key=lambda row: row.place)
    columns = columns_of(form, declaration.file.waves)
    known = {column.name for column in columns}
    filled = (column for row in held for column, cell in row.values.items() if cell not in (None, ""))
    retired = tuple(dict.fromkeys(column for column in filled if column not in known))
    columns += tuple(Column(RETIRED + column, {"en": column}, "text", "sensitive") for column in retired)
    personal = "participant" in known
    may_report = _may_report(content) if personal else {}
    rows = tuple((*_cells(row, columns, may_report), *_about(row, may_report, personal=personal)) for row in held)
    made = Exported(form, (*columns, _RECORDED, *((_MAY_REPORT,) if personal else ())), rows, retired)
    return _wide(made, declaration.file.waves) if wide else made


def plain(cell: Cell) -> str:
    """A stored cell as intake writes it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _may_report(content: Content) -> Mapping[str, str]:
    """Whether each participant agrees to be reported on: yes, no, withdrawn."""
    said = {row.place[0]: plain(row.values.get("consent_reporting")) for row in content.of("participants")}
    agreed = {participant: "yes" if consent in ("true", "1") else "no" for participant, consent in said.items()}
    return agreed | dict.fromkeys(content.withdrawn, "withdrawn")


def _cells(row: Row, columns: Sequence[Column], may_report: Mapping[str, str]) -> tuple[str, ...]:
    cells = {column.name: plain(row.values.get(column.name.removeprefix(RETIRED))) for column in columns}
    if "form_version" in cells:
        cells["form_version"] = cells["form_version"] or row.version
    if row.table == "participants" and may_report[row.place[0]] == "withdrawn":
        cells["consent_reporting"] = "false"
    return tuple(cells.values())


def _about(row: Row, may_report: Mapping[str, str], *, personal: bool) -> tuple[str, ...]:
    recorded = row.recorded_at.date().isoformat()
    return (recorded, may_report.get(str(row.values.get("participant")), "")) if personal else (recorded,)


def _wide(long: Exported, waves: Sequence[Wave]) -> Exported:
    """One row a participant: each column once for each wave that anybody answered in."""
    once = ("participant", REPORTING)
    at = {name: long.header.index(name) for name in ("wave", *once)}
    answered = {row[at["wave"]] for row in long.rows}
    labels = {wave.id: wave.labels for wave in waves}
    order = [wave for wave in labels if wave in answered] + sorted(answered - {*labels})
    each = [(position, column) for position, column in enumerate(long.columns) if column.name not in at]
    by_person: dict[str, dict[str, tuple[str, ...]]] = {}
    for row in long.rows:
        by_person.setdefault(row[at["participant"]], {})[row[at["wave"]]] = row
    columns = [_of_wave(wave, labels.get(wave, {}), column) for wave in order for _, column in each]
    rows = []
    for participant, filled in by_person.items():
        cells = [filled[wave][position] if wave in filled else "" for wave in order for position, _ in each]
        rows.append((participant, *cells, next(iter(filled.values()))[at[REPORTING]]))
    first, last = (long.columns[at[name]] for name in once)
    return replace(long, columns=(first, *columns, last), rows=tuple(rows))


def _of_wave(wave: str, labels: Labels, column: Column) -> Column:
    spoken = {one: f"{text(labels, one) or wave}: {text(column.labels, one)}" for one in LANGUAGES}
    return replace(column, name=f"{wave}.{column.name}", labels=spoken)


def _spoken(cell: str, column: Column, language: str) -> str:
    if column.kind == "boolean" and cell in ("true", "false"):
        return text(_YES_NO[cell], language)
    if column.kind == "select_multiple":
        return "; ".join(_label(code, column, language) for code in cell.split())
    return _label(cell, column, language)


_YES_NO = {"true": in_all(Message("collect.export.true")), "false": in_all(Message("collect.export.false"))}


def _label(code: str, column: Column, language: str) -> str:
    return text(column.codes[code], language) if code in column.codes else code
