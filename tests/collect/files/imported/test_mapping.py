"""A foreign file becomes questionnaires by a declared mapping, and keeps its own rows and names."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter
from pathlib import Path

import pytest

from evaluation.collect.check.checking import Intake, check
from evaluation.collect.check.context import Context
from evaluation.collect.files.imported.mapping import Mapped, apply
from evaluation.collect.files.reading import read
from evaluation.collect.files.rejected import write_rejected
from evaluation.errors import BadDeclaration, FileRefused
from evaluation.schema import Choice, Import, Instrument, Item, Scale, Wave
from tests.collect.intake_forms import DATA

WAVES = tuple(
    Wave(name, {"en": name}, day)
    for name, day in (("baseline", 0), ("m2", 60), ("m3", 90), ("m5", 150), ("endline", 240))
)
START = dt.date(2000, 1, 1)
DATES = {wave.id: START + dt.timedelta(days=wave.day) for wave in WAVES}
BDI = Instrument(
    "bdi",
    "1",
    {},
    (Item("bdi", "integer", {}, key=1, low=0, high=63),),
    (Scale("total", {}, "lower", "sum", 0, 63, 1, ("bdi",)),),
)
WIDE = Import(
    instrument="bdi",
    participant="id",
    columns={
        "baseline": {"bdi": "bdi.pre"},
        "m2": {"bdi": "bdi.2m"},
        "m3": {"bdi": "bdi.3m"},
        "m5": {"bdi": "bdi.5m"},
        "endline": {"bdi": "bdi.8m"},
    },
    dates=DATES,
    enrolled_on=START,
    consents=("service",),
    drop=("drug", "length", "treatment"),
)
SAI_COLUMNS = (
    *(
        "calm",
        "secure",
        "tense",
        "regretful",
        "at.ease",
        "upset",
        "worrying",
        "rested",
        "anxious",
        "comfortable",
    ),
    *("confident", "nervous", "jittery", "high.strung", "relaxed", "content", "worried", "rattled", "joyful"),
    "pleasant",
)
SAI = Instrument(
    "sai",
    "1",
    {},
    tuple(
        Item(
            name.replace(".", "_"),
            "select_one",
            {},
            tuple(Choice(str(n), {}) for n in range(1, 5)),
            key=1,
            low=1,
            high=4,
        )
        for name in SAI_COLUMNS
    ),
    (),
)
LONG = Import(
    instrument="sai",
    participant="id",
    participant_format="S-{:03d}",
    wave_column="time",
    wave_codes={"1": "baseline", "2": "endline"},
    items={name.replace(".", "_"): name for name in SAI_COLUMNS},
    select={"study": "FLAT"},
    dates={"baseline": START, "endline": dt.date(2000, 3, 1)},
    enrolled_on=START,
    consents=("service",),
)


def mapped(path: Path, mapping: Import, instrument: Instrument, pattern: str = ".+") -> Mapped:
    return apply(read(path), mapping, instrument=instrument, waves=WAVES, participant_pattern=pattern)


def checked(result: Mapped, instrument: Instrument, enrolled: tuple[str, ...] = ()) -> Intake:
    context = Context(
        participants={*result.enrol, *enrolled},
        waves=WAVES,
        today=dt.date(2020, 1, 1),
        period_start=START,
        participant_pattern=".+",
    )
    return check(result.sheet, instrument, context)


def written(folder: Path, text: str) -> Path:
    path = folder / "foreign.csv"
    path.write_text(text, encoding="utf-8")
    return path


# --- the two real files -----------------------------------------------------------------------


def test_btheb_gives_one_questionnaire_per_person_and_answered_wave() -> None:
    laid = mapped(DATA / "real" / "btheb.csv", WIDE, BDI, r"B\d{3}")
    result = checked(laid, BDI)
    assert Counter(values["wave"] for values in result.accepted) == {
        "baseline": 52,
        "m2": 52,
        "m3": 37,
        "m5": 29,
        "endline": 27,
    }
    assert (len(laid.enrol), set(laid.enrol.values()), result.rejected) == (52, {START}, ())
    last = result.accepted[4]
    assert (last["participant"], last["wave"], last["date"], last["bdi"]) == (
        "B002",
        "endline",
        "2000-08-28",
        "20",
    )


def test_everyone_in_btheb_is_enrolled_also_those_who_left() -> None:
    laid = mapped(DATA / "real" / "btheb.csv", WIDE, BDI)
    at_endline = {values["participant"] for values in checked(laid, BDI).accepted if values["wave"] == "endline"}
    assert "B005" in set(laid.enrol) - at_endline


def test_sai_gives_two_waves_of_twenty_items_with_their_nine_gaps() -> None:
    laid = mapped(DATA / "real" / "sai_flat.csv", LONG, SAI, r"S-\d{3}")
    result = checked(laid, SAI)
    assert Counter(values["wave"] for values in result.accepted) == {"baseline": 170, "endline": 170}
    assert (len(laid.enrol), result.rejected) == (170, ())
    fourth = result.accepted[3]
    answers = (fourth["participant"], fourth["at_ease"], fourth["high_strung"], fourth["pleasant"])
    assert answers == ("S-004", "1", "4", "1")
    gaps = sum(values[item.id] is None for values in result.accepted for item in SAI.items)
    assert gaps == (DATA / "real" / "sai_flat.csv").read_text().count("NA")


# --- what goes wrong --------------------------------------------------------------------------

HEAD = "drug,length,treatment,bdi.pre,bdi.2m,bdi.3m,bdi.5m,bdi.8m,id\n"


def test_a_rejection_names_row_and_column_of_the_file_that_was_sent(tmp_path: Path) -> None:
    result = checked(
        mapped(written(tmp_path, HEAD + "a,b,c,7,8,9,10,11,B001\na,b,c,7,8,64,10,x,B002\n"), WIDE, BDI), BDI
    )
    assert [(r.row, r.column, r.reason) for r in result.rejected] == [
        (3, "bdi.3m", "out_of_scale"),
        (3, "bdi.8m", "not_a_number"),
    ]
    assert Counter(result.accepted_rows) == {2: 5, 3: 3}


def test_rejected_rows_are_written_as_they_were_sent_and_not_as_they_were_mapped(tmp_path: Path) -> None:
    laid = mapped(written(tmp_path, HEAD + "a,b,c,7,8,9,10,11,B001\na,b,c,7,8,64,10,x,B002\n"), WIDE, BDI)
    assert write_rejected(checked(laid, BDI).rejected, laid.sheet, tmp_path / "again.csv") == 1
    again = read(tmp_path / "again.csv")
    assert (",".join(again.header), again.rows[0].cells[-2:]) == (HEAD.strip(), ("x", "B002"))


def test_the_order_of_the_columns_does_not_matter(tmp_path: Path) -> None:
    head = "bdi.8m,id,bdi.pre,bdi.5m,bdi.3m,bdi.2m,drug,length,treatment"
    result = checked(mapped(written(tmp_path, f"{head}\n11,B001,7,10,9,8,a,b,c\n"), WIDE, BDI), BDI)
    assert [values["bdi"] for values in result.accepted] == ["7", "8", "9", "10", "11"]


def test_a_person_without_any_answer_is_enrolled_and_has_no_questionnaire(tmp_path: Path) -> None:
    laid = mapped(written(tmp_path, HEAD + "a,b,c,NA,,NA,NA,NA,B001\na,b,c,7,NA,NA,NA,NA,B002\n"), WIDE, BDI)
    assert (len(laid.sheet.rows), set(laid.enrol)) == (1, {"B001", "B002"})
    assert next((note.id, note.rows) for note in laid.sheet.notes) == ("wave_not_answered", (2,))


def test_a_person_who_is_known_is_not_enrolled_again(tmp_path: Path) -> None:
    sheet = read(written(tmp_path, HEAD + "a,b,c,7,8,9,10,11,B001\n"))
    laid = apply(sheet, WIDE, instrument=BDI, waves=WAVES, participants={"B001"})
    assert laid.enrol == {}


def test_a_code_of_another_form_is_not_enrolled_but_rejected(tmp_path: Path) -> None:
    laid = mapped(written(tmp_path, HEAD + "a,b,c,7,8,9,10,11,Anna\n"), WIDE, BDI, r"B\d{3}")
    assert laid.enrol == {}
    assert {r.reason for r in checked(laid, BDI).rejected} == {"unknown_participant"}


def test_a_torn_line_is_rejected_once_and_not_lost(tmp_path: Path) -> None:
    laid = mapped(written(tmp_path, HEAD + "a,b,c,7,8,9,10,11,B001\na,b,c,7\n"), WIDE, BDI)
    assert [(r.row, r.column, r.reason) for r in checked(laid, BDI).rejected] == [(3, "", "ragged_short")]


def test_rows_outside_the_selection_are_left_out_and_said(tmp_path: Path) -> None:
    chosen = dataclasses.replace(WIDE, select={"treatment": "BtheB"}, drop=("drug", "length"))
    laid = mapped(written(tmp_path, HEAD + "a,b,BtheB,7,8,9,10,11,B001\na,b,TAU,7,8,9,10,11,B002\n"), chosen, BDI)
    assert (set(laid.enrol), [(n.id, n.rows) for n in laid.sheet.notes]) == (
        {"B001"},
        [("not_selected", (3,))],
    )


def test_a_column_that_is_neither_mapped_nor_dropped_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, HEAD + "a,b,c,7,8,9,10,11,B001\n")
    with pytest.raises(FileRefused) as refused:
        mapped(path, dataclasses.replace(WIDE, drop=("drug", "length")), BDI)
    assert (refused.value.reason, refused.value.column) == ("unknown_column", "treatment")


def test_a_misspelt_column_is_refused_with_the_near_name(tmp_path: Path) -> None:
    path = written(tmp_path, HEAD.replace("bdi.8m", "bdi.8M") + "a,b,c,7,8,9,10,11,B001\n")
    with pytest.raises(FileRefused, match=r"'bdi\.8M' is not in the form.*did you mean 'bdi\.8m'"):
        mapped(path, WIDE, BDI)


def test_a_column_that_is_missing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as refused:
        mapped(written(tmp_path, "drug,length,treatment,bdi.pre,id\na,b,c,7,B001\n"), WIDE, BDI)
    assert (refused.value.reason, refused.value.column) == ("missing_column", "bdi.2m")


def test_what_is_taken_away_from_codes_is_said(tmp_path: Path) -> None:
    head = "study,time,id," + ",".join(SAI_COLUMNS)
    laid = mapped(written(tmp_path, f"{head}\nFLAT,\u00a01,7 ," + ",".join("1" * 20)), LONG, SAI)
    assert [(n.id, n.column, n.rows) for n in laid.sheet.notes] == [
        ("space", "id", (2,)),
        ("nbsp", "time", (2,)),
    ]
    assert laid.sheet.rows[0].cells[:2] == ("S-007", "baseline")


def test_an_undeclared_wave_code_is_rejected_and_not_guessed(tmp_path: Path) -> None:
    head = "study,time,id," + ",".join(SAI_COLUMNS)
    rows = [f"FLAT,{time},7," + ",".join("1" * 20) for time in ("1", "3")]
    result = checked(mapped(written(tmp_path, "\n".join([head, *rows])), LONG, SAI), SAI)
    assert ("time", "unknown_wave") in {(r.column, r.reason) for r in result.rejected}
    assert result.accepted_rows == (2,)


def test_a_long_file_may_bring_its_own_dates(tmp_path: Path) -> None:
    own = Import(
        instrument="bdi",
        participant="id",
        wave_column="when",
        wave_codes={"1": "baseline"},
        date_column="day",
    )
    laid = mapped(written(tmp_path, "id,when,day,bdi\nB001,1,03.02.2001,12\n"), own, BDI)
    (row,) = laid.sheet.rows
    assert (row.cells, row.columns) == (
        ("B001", "baseline", "03.02.2001", "12"),
        ("id", "when", "day", "bdi"),
    )


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"columns": {"baseline": {"bdl": "bdi.pre"}}}, "'bdl'"),
        ({"columns": {"start": {"bdi": "bdi.pre"}}}, "'start'"),
        ({"dates": {"baseline": START}}, "no date for the wave 'm2'"),
        ({"wave_column": "time"}, "either 'columns'"),
        ({"columns": {}}, "either 'columns'"),
        ({"participant_format": "P-001"}, "pair of braces"),
        ({"participant_format": "{}-{}"}, "pair of braces"),
        ({"participant_format": "{0.__class__}"}, "pair of braces"),
        ({"participant_format": "{"}, "pair of braces"),
    ],
)
def test_a_mapping_that_cannot_be_meant_is_refused(changes: dict[str, object], says: str) -> None:
    with pytest.raises(BadDeclaration, match=says):
        mapped(DATA / "real" / "btheb.csv", dataclasses.replace(WIDE, **changes), BDI)  # type: ignore[arg-type]


# --- how a questionnaire came about ------------------------------------------------------------

CAME = "id;day.pre;bdi.pre;how;day.8m;bdi.8m;lang;staff\n"


@pytest.mark.parametrize("shared", [True, False])
def test_what_says_how_a_questionnaire_came_about_is_mapped_by_column_word_and_fixed_value(
    tmp_path: Path, shared: bool
) -> None:
    path = tmp_path / "came.csv"
    lines = "P-1;2000-01-01;10;sama;2000-09-01;8;polski;Ewa\nP-2;2000-01-02;11;z Ewą;;;wietnamski;Jan\n"
    path.write_text(CAME + lines, encoding="utf-8")
    about = {"language": "lang", "filled_by": "staff"}
    mapping = Import(
        instrument="bdi",
        participant="id",
        columns={
            "baseline": {"date": "day.pre", "bdi": "bdi.pre", "mode": "how", **({} if shared else about)},
            "endline": {"date": "day.8m", "bdi": "bdi.8m"},
        },
        items=about if shared else {},
        words={"mode": {"sama": "self", "z Ewą": "self_with_help"}},
        fixed={"interpreter": "no"},
    )
    found = checked(apply(read(path), mapping, instrument=BDI, waves=WAVES), BDI, ("P-1", "P-2"))
    assert found.rejected == ()
    told = [
        tuple(values[name] for name in ("participant", "wave", "bdi", "mode", "language", "interpreter", "filled_by"))
        for values in found.accepted
    ]
    assert told == [
        ("P-1", "baseline", "10", "self", "pl", "false", "Ewa"),
        ("P-1", "endline", "8", None, "pl" if shared else None, "false", "Ewa" if shared else None),
        ("P-2", "baseline", "11", "self_with_help", "vi", "false", "Jan"),
    ]


def test_a_file_may_lack_what_says_how_a_questionnaire_came_about_but_no_other_declared_column(tmp_path: Path) -> None:
    path = tmp_path / "came.csv"
    path.write_text("id;day;bdi\nP-1;2000-01-01;10\n", encoding="utf-8")
    long = Import(
        instrument="bdi",
        participant="id",
        fixed={"wave": "baseline"},
        date_column="day",
        items={"bdi": "bdi", "mode": "how"},
    )
    (values,) = checked(apply(read(path), long, instrument=BDI, waves=WAVES), BDI, ("P-1",)).accepted
    assert (values["bdi"], values.get("mode")) == ("10", None)
    with pytest.raises(FileRefused, match="'score'"):
        apply(read(path), dataclasses.replace(long, items={"bdi": "score"}, drop=("bdi",)), instrument=BDI, waves=WAVES)


def test_a_misspelt_word_for_how_a_questionnaire_came_about_is_named(tmp_path: Path) -> None:
    path = tmp_path / "came.csv"
    path.write_text("id;day;bdi\nP-1;2000-01-01;10\n", encoding="utf-8")
    base = Import(instrument="bdi", participant="id", fixed={"wave": "baseline"}, date_column="day")
    for changed, says in (
        ({"items": {"bdi": "bdi", "modes": "how"}}, "'modes'"),
        ({"items": {"bdi": "bdi"}, "words": {"mode": {"sama": "alone"}}}, "'alone'"),
    ):
        with pytest.raises(BadDeclaration, match=says):
            apply(read(path), dataclasses.replace(base, **changed), instrument=BDI, waves=WAVES)
