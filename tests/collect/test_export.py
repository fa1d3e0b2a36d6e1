"""An office gets its rows as they hold today, and sent in again they change nothing."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from evaluation import codebook
from evaluation.collect.export.person import every_form, held_of
from evaluation.collect.export.rows import Exported, exported
from evaluation.collect.export.written import as_csv, as_json, save, save_all
from evaluation.collect.files.reading import read
from evaluation.collect.record import entries
from evaluation.collect.record.frames import frames
from evaluation.collect.record.store import Store
from evaluation.collect.submit import Submission, Submitted, submit
from evaluation.errors import BadArgument, StoreError
from evaluation.schema import Choice, Field, Form, Instrument, Item, Table
from tests import records
from tests.records import WAVES, declared

TODAY = dt.date(2026, 6, 15)
ITEMS = (
    Item("mood", "integer", {"en": "Mood"}, missing={"98": "refused"}, low=0, high=10),
    Item("share", "decimal", {"en": "Share"}),
    Item(
        "goes",
        "select_one",
        {"en": "Goes by", "pl": "Dojazd"},
        tuple(Choice(c, {"en": c.upper()}) for c in ("bus", "foot")),
    ),
    Item("where", "select_multiple", {"en": "Where"}, tuple(Choice(c, {"en": c.upper()}) for c in ("a", "b", "c"))),
    Item("since", "date", {"en": "Since"}),
    Item("remarks", "text", {"en": "Remarks"}),
)
MOOD = Instrument("mood", "2", {"en": "Mood"}, ITEMS, ())
DECLARATION = declared(MOOD)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One record for all tests: each puts rows of its own there."""
    folder = tmp_path_factory.mktemp("record")
    with records.new(folder) as made:
        for code in ("P-001", "P-002", "P-003"):
            put(made, "participants", person(code))
        put(made, "sessions", {"session": "S1", "course": "polish", "date": "2025-03-01", "hours": "2"})
        yield made


def person(code: str, **more: str) -> dict[str, str]:
    consents = {"consent_service": "true", "consent_reporting": "true"}
    return {"participant": code, "enrolled_on": "2025-01-02"} | consents | more


def put(store: Store, name: str, values: Mapping[str, object], version: str = "") -> str:
    return records.put(store, DECLARATION, name, values, version=version)


def rows_of(store: Store, name: str, **more: bool) -> Exported:
    return exported(name, store.content(), DECLARATION, **more)  # type: ignore[arg-type]


def sent_again(store: Store, text: str, name: str, folder: Path) -> Submitted:
    path = folder / "sent.csv"
    path.write_bytes(text.encode("utf-8"))
    form = DECLARATION.form(name)
    expected = [field.name for field in form.fields] if isinstance(form, Table) else [item.id for item in form.items]
    sheet = read(path, expected=expected)
    return submit(Submission(sheet, form, actor="Anna", today=TODAY), store, declaration=DECLARATION)


def cells(text: str, delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))


# --- what was exported can be sent in again ---------------------------------------------------

PHASES = [Phase.explicit, Phase.reuse, Phase.generate]  # to shrink over a growing record would take minutes
FIXTURES = [HealthCheck.function_scoped_fixture]
TEXT = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=20)
DAYS = st.dates(dt.date(2025, 2, 1), TODAY).map(dt.date.isoformat)


def value(field: Field) -> st.SearchStrategy[str]:
    """A value that the field admits, as intake stores it."""
    if field.codes:
        return st.sampled_from(list(field.codes))
    if field.type == "date":
        return DAYS
    if field.type == "yearmonth":
        return DAYS.map(lambda day: day[:7])
    if field.type == "boolean":
        return st.sampled_from(["true", "false"])
    if field.type == "integer":
        return st.integers(int(field.minimum or 0), int(field.maximum or 99)).map(str)
    if field.type == "number":
        return st.integers(1, 40).map(lambda quarters: f"{quarters / 4:g}")
    return TEXT.map(str.strip).filter(bool)


def filled(form: Form) -> st.SearchStrategy[dict[str, str]]:
    """A row of the form, some of its cells empty."""
    if isinstance(form, Instrument):
        fields = {
            "mood": st.sampled_from(["", "0", "7", "98"]),
            "share": st.sampled_from(["", "-2.5", "3", "0.125"]),
            "goes": st.sampled_from(["", "bus", "foot"]),
            "where": st.sampled_from(["", "a", "a c"]),
            "since": st.just("") | DAYS,
            "remarks": st.just("") | TEXT.map(str.strip),
            "mode": st.sampled_from(["", "self"]),
        }
        return st.fixed_dictionaries({"wave": st.sampled_from(["baseline", "endline"]), "date": DAYS, **fields})
    return st.fixed_dictionaries(
        {
            field.name: value(field) if field.required or field.name in form.key else st.just("") | value(field)
            for field in form.fields
        }
    )


@pytest.mark.parametrize("name", [*DECLARATION.tables, "mood"])
@settings(max_examples=6, deadline=None, phases=PHASES, suppress_health_check=FIXTURES)
@given(data=st.data())
def test_what_was_exported_is_there_already_when_it_is_sent_in_again(
    store: Store, tmp_path: Path, name: str, data: st.DataObject
) -> None:
    form = DECLARATION.form(name)
    for row in data.draw(st.lists(filled(form), min_size=1, max_size=4)):
        known = {"participant": "P-001", "session": "S1", "course": "polish"}
        row |= {column: cell for column, cell in known.items() if column in row or column in form.key}
        if name in ("participants", "sessions", "courses"):
            row[form.key[0]] = f"{name[0].upper()}-{data.draw(st.integers(100, 999))}"
        taken = store.find(name, entries.place(form.key, row)) if isinstance(form, Table) else None
        if taken is None and store.find(name, tuple(row[column] for column in form.key)) is None:
            put(store, name, {column: cell or None for column, cell in row.items()})
    made = rows_of(store, name)
    assert made.rows
    for text in (as_csv(made), as_csv(made, excel="en")):
        again = sent_again(store, text, name, tmp_path)
        assert (again.stored, again.rejected, again.repeated) == (0, 0, len(made.rows))


def test_a_changed_cell_is_no_longer_there(store: Store, tmp_path: Path) -> None:
    put(store, "mood", {"participant": "P-002", "wave": "endline", "date": "2025-07-01", "mood": "7"})
    text = as_csv(rows_of(store, "mood"))
    again = sent_again(store, text.replace("P-002,endline,2025-07-01", "P-002,endline,2025-07-02"), "mood", tmp_path)
    assert (again.stored, again.rejected) == (0, 1)


def frames_of(store: Store) -> dict[str, pd.DataFrame]:
    """All that measuring knows of the record, without the day on which something was entered."""
    made = frames(store, DECLARATION.instruments, DECLARATION.tables)
    return {name: frame.drop(columns="recorded_on", errors="ignore") for name, frame in made.items()}


def test_what_was_exported_comes_into_an_empty_record_as_it_was(own: Store, tmp_path: Path) -> None:
    put(own, "courses", {"course": "polish", "title": "Polish, and\nmore", "sessions": "12"})
    people = [
        person("P-003", country="NA"),
        person("P-004", age_band="0-17", guardian_consent="true", left_on="2025-09-02"),
    ]
    for row in people:
        put(own, "participants", row)
    put(
        own,
        "mood",
        {"participant": "P-004", "wave": "baseline", "date": "2025-02-03", "remarks": "'=SUM(A1)", "share": -0.125},
    )
    put(own, "goals", {"participant": "P-003", "goal": 2, "kind": "work", "set_on": "2025-02-03", "baseline_level": -2})
    put(own, "tallies", {"month": "2025-03", "kind": "calls", "count": 0, "source": "-"})
    with records.new(tmp_path / "empty") as empty:
        for name in ("participants", "courses", "sessions", "attendance", "goals", "tallies", "mood"):
            made = rows_of(own, name)
            sent = sent_again(empty, as_csv(made, excel="pl" if name == "mood" else ""), name, tmp_path)
            assert (sent.stored, sent.rejected) == (len(made.rows), 0), name
        before, after = frames_of(own), frames_of(empty)
        assert before.keys() == after.keys()
        for name, frame in before.items():
            pd.testing.assert_frame_equal(after[name], frame, obj=name)
        assert "old" not in rows_of(empty, "mood").retired
    there = sent_again(own, as_csv(rows_of(own, "mood")), "mood", tmp_path)
    assert (there.repeated, there.rejected) == (4, 0)
    assert rows_of(own, "mood").retired == ("old",), "what is asked no more stays where it is stored"


# --- what stands there ------------------------------------------------------------------------


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Store]:
    """A record with two people, of whom one withdrew."""
    moment = dt.datetime(2026, 3, 4, 12, tzinfo=dt.UTC)
    with records.new(tmp_path, lambda: moment) as made:
        put(made, "participants", person("P-002", sex="F"))
        put(made, "participants", person("P-001", sex="M"))
        about = {"date": "2025-02-03", "mood": 7.0, "where": "a c", "remarks": "=1+1"}
        put(made, "mood", {"participant": "P-001", "wave": "endline", **about, "date": "2025-08-03"}, version="1")
        put(made, "mood", {"participant": "P-001", "wave": "baseline", **about, "since": "2025-01-01", "old": "x"})
        put(made, "mood", {"participant": "P-002", "wave": "baseline", **about, "mood": "98", "mode": "self"})
        put(made, "sessions", {"session": "S1", "course": "polish", "date": "2025-03-01", "hours": "2"})
        put(made, "sessions", {"session": "S2", "course": "polish", "date": "2025-03-08", "hours": "2"})
        put(made, "attendance", {"session": "S2", "participant": "P-002", "status": "present"})
        made.append([entries.withdrawal("P-002", since=dt.date(2025, 9, 1), actor="Anna")])
        yield made


def test_a_withdrawn_consent_is_no_consent_and_every_row_of_hers_says_so(own: Store) -> None:
    people = cells(as_csv(rows_of(own, "participants")))
    assert [(row["participant"], row["consent_reporting"], row["export_reporting"]) for row in people] == [
        ("P-001", "true", "yes"),
        ("P-002", "false", "withdrawn"),
    ]
    moods = cells(as_csv(rows_of(own, "mood")))
    assert [row["export_reporting"] for row in moods] == ["yes", "yes", "withdrawn"]
    assert "export_reporting" not in rows_of(own, "sessions").header


def test_every_row_has_its_version_and_the_day_it_was_written(own: Store) -> None:
    moods = cells(as_csv(rows_of(own, "mood")))
    assert [(row["wave"], row["form_version"], row["export_recorded_on"]) for row in moods] == [
        ("baseline", "", "2026-03-04"),
        ("endline", "1", "2026-03-04"),
        ("baseline", "", "2026-03-04"),
    ]


def test_answers_to_a_question_that_is_asked_no_more_are_not_lost(own: Store) -> None:
    made = rows_of(own, "mood")
    assert made.retired == ("old",)
    assert [row["export_retired_old"] for row in cells(as_csv(made))] == ["x", "", ""]


def test_no_spreadsheet_computes_an_answer_and_a_negative_number_stays_one(own: Store) -> None:
    put(
        own,
        "mood",
        {"participant": "P-002", "wave": "endline", "date": "2025-02-04", "share": "-2.5", "remarks": "+48"},
    )
    made = rows_of(own, "mood")
    rows = cells(as_csv(made))
    assert [row["remarks"] for row in rows] == ["'=1+1", "'=1+1", "'=1+1", "'+48"]
    assert rows[-1]["share"] == "-2.5"
    polish = as_csv(made, excel="pl")
    assert polish.startswith("\ufeff")
    assert cells(polish[1:], ";")[-1]["share"] == "-2,5"
    assert cells(as_csv(made, excel="en")[1:])[-1]["share"] == "-2.5"


def test_json_has_numbers_truths_and_nulls(own: Store) -> None:
    rows = json.loads(as_json(rows_of(own, "mood")))
    assert [row["mood"] for row in rows] == [7, 7, "98"]
    assert [row["since"] for row in rows] == ["2025-01-01", None, None]
    assert json.loads(as_json(rows_of(own, "sessions")))[0]["hours"] == 2
    assert json.loads(as_json(rows_of(own, "participants")))[0]["consent_service"] is True


def test_for_people_names_and_codes_are_labels(own: Store) -> None:
    shown = rows_of(own, "mood").labelled("en")
    row = dict(zip(shown.header, shown.rows[0], strict=True))
    assert (row["Wave"], row["Where"], row["Agrees to be reported on"]) == ("start", "A; C", "yes")
    people = rows_of(own, "participants").labelled("pl")
    row = dict(zip(people.header, people.rows[1], strict=True))
    assert (row["Płeć"], row["Zgoda na udzielanie wsparcia"], row["Zgoda na sprawozdania"]) == (
        "Kobieta",
        "tak",
        "wycofana",
    )


def test_wide_is_one_row_a_participant_with_the_waves_side_by_side(own: Store) -> None:
    wide = rows_of(own, "mood", wide=True)
    rows = cells(as_csv(wide))
    assert [(row["participant"], row["baseline.mood"], row["endline.mood"]) for row in rows] == [
        ("P-001", "7", "7"),
        ("P-002", "98", ""),
    ]
    assert [row["export_reporting"] for row in rows] == ["yes", "withdrawn"]
    names = [column.labels["pl"] for column in wide.columns if column.name == "endline.goes"]
    assert names == ["koniec: Dojazd"]
    with pytest.raises(BadArgument, match="'participants' is a table"):
        rows_of(own, "participants", wide=True)


def test_a_file_is_its_owners_alone_and_never_written_over(tmp_path: Path) -> None:
    save("a\r\n", tmp_path / "one.csv")
    assert (tmp_path / "one.csv").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "one.csv").read_bytes() == b"a\r\n"
    with pytest.raises(BadArgument, match="is already there"):
        save("b", tmp_path / "one.csv")
    save_all({"one": "a", "two": "b"}, tmp_path / "all", ending="csv")
    assert sorted(path.name for path in (tmp_path / "all").iterdir()) == ["one.csv", "two.csv"]
    assert (tmp_path / "all").stat().st_mode & 0o777 == 0o700
    with pytest.raises(BadArgument, match="is there and not empty"):
        save_all({"one": "a"}, tmp_path / "all", ending="csv")


# --- what is recorded of one person -----------------------------------------------------------


def test_a_person_is_told_everything_of_hers_and_no_row_of_others_is_opened(
    own: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    own.append([entries.withdrawal("P-002", since=dt.date(2025, 12, 1), actor="Anna")])
    opened: list[str] = []
    real = entries.unseal

    def unseal(key: bytes, sealed: bytes, *, entry_id: str, entry: int) -> str:
        opened.append(real(key, sealed, entry_id=entry_id, entry=entry))
        return opened[-1]

    monkeypatch.setattr(entries, "unseal", unseal)
    content = own.ask(lambda current: held_of("P-002", current))
    assert content.withdrawn == {"P-002": dt.date(2025, 9, 1)}
    assert "P-001" not in str(opened)
    parts = every_form(content, DECLARATION)
    assert [(part.form.id, len(part.rows)) for part in parts] == [
        ("attendance", 1),
        ("participants", 1),
        ("sessions", 1),
        ("mood", 1),
    ]
    assert parts[2].rows[0][:3] == ("S2", "polish", "2025-03-08")
    assert [row["export_reporting"] for row in cells(as_csv(parts[1]))] == ["withdrawn"]
    whole = own.content()
    for part in parts[:2]:  # by either way she is told the same
        hers = [row for row in exported(part.form.id, whole, DECLARATION).rows if "P-002" in row]
        assert list(part.rows) == hers


def test_of_a_stranger_and_of_whoever_was_erased_nothing_is_held(own: Store) -> None:
    with pytest.raises(StoreError, match="nothing is recorded under this participant code"):
        own.ask(lambda current: held_of("P-009", current))
    own.append([entries.erasure("P-002", actor="Anna")])
    with pytest.raises(StoreError, match="a participant who was erased"):
        own.ask(lambda current: held_of("P-002", current))
    assert [row["participant"] for row in cells(as_csv(rows_of(own, "participants")))] == ["P-001"]


def test_no_answer_stands_in_what_an_export_shows_of_itself(own: Store) -> None:
    assert "=1+1" not in repr(rows_of(own, "mood"))
    assert "P-001" not in repr(own.ask(lambda current: held_of("P-001", current)))


# --- codebook ---------------------------------------------------------------------------------


def test_the_codebook_has_every_column_of_every_form_with_its_codes() -> None:
    lines = cells(codebook.as_csv(DECLARATION))
    columns = {(line["form"], line["name"]) for line in lines if line["what"] == "column"}
    assert columns == {
        (form.id, column.name) for form in codebook.forms_of(DECLARATION) for column in codebook.columns_of(form, WAVES)
    }
    assert {("goals", "reached_level"), ("mood", "interpreter"), ("mood", "where")} <= columns
    codes = {(line["form"], line["name"], line["code"]): line for line in lines if line["what"] == "code"}
    assert codes["goals", "reached_level", "-2"]["label_pl"] == "Dużo mniej niż oczekiwano"
    assert codes["mood", "mood", "98"]["state"] == "refused"
    assert codes["mood", "wave", "endline"]["label_en"] == "end"
    assert ("participants", "country", "NA") in codes


@pytest.mark.parametrize("language", ["en", "pl"])
def test_the_page_has_every_code_and_every_table_in_step(language: str) -> None:
    page = codebook.as_markdown(DECLARATION, language)
    for form in codebook.forms_of(DECLARATION):
        assert f"(`{form.id}`)" in page
        for column in codebook.columns_of(form, WAVES):
            assert f"| `{column.name}` |" in page
            assert all(f"`{code}`" in page for code in column.codes)
    widths = [line.replace("\\|", "").count("|") for line in page.splitlines() if line.startswith("|")]
    tables = [line for line in page.split("\n\n") if line.startswith("|")]
    assert len(widths) > 200
    for table in tables:
        assert len({line.replace("\\|", "").count("|") for line in table.splitlines()}) == 1
