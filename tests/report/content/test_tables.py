"""Tables say what was released: every number, every mark, every reason, and nothing else."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest

from evaluation.release.printed.wording import as_of
from evaluation.release.released import Certificate, Count, CountTable, Mean, Released, Replaced, Value, Variable
from evaluation.report import words
from evaluation.report.content import annex, assurance, figures, lookup, summary, tables
from evaluation.report.content.counts import split
from evaluation.report.content.counts import table as counted
from evaluation.report.shown import Shown
from tests.report.handmade import INDICATORS, MEANS, PEOPLE, direction, make_released, table

LANGUAGES = ("en", "pl")


class Cells(HTMLParser):
    """Rows of cells of all tables, and how header cells are scoped."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.scopes: list[str | None] = []
        self.captions = 0
        self._inside = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.captions += tag == "caption"
        if tag == "tr":
            self.rows.append([])
        if tag in ("th", "td"):
            self.rows[-1].append("")
            self._inside = True
        if tag == "th":
            self.scopes.append(dict(attrs).get("scope"))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("th", "td"):
            self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.rows[-1][-1] += data.replace("\u00a0", " ")


def row(shown: Shown, name: str) -> list[str]:
    return next(cells[1:] for cells in Cells(shown.html).rows if cells[0] == name)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_table_has_a_caption_scoped_headers_and_no_empty_cell(
    parts_of: Callable[[str], list[Shown]], language: str
) -> None:
    seen = 0
    for part in parts_of(language):
        cells = Cells(part.html)
        assert part.html.count("<table") == cells.captions
        assert all(scope in ("col", "row") for scope in cells.scopes)
        assert all(cell.strip() for line in cells.rows for cell in line), part.part.id
        seen += cells.captions
    assert seen > 8


def test_a_course_shows_its_released_counts_and_one_mark_for_what_is_hidden(released: Released) -> None:
    shown = tables.courses(released, "en")
    assert row(shown, "Human rights workshops") == ["26", "14", "12", "15"]
    assert row(shown, "Polish language") == ["–", "22", "–", "–"]
    assert row(shown, "First aid") == ["13", "13", "0", "28"]
    assert row(shown, "Computer literacy") == ["–", "10–19", "–", "–"]
    assert row(shown, "Budget planning")[0] == "at least 31"
    assert shown.html.count('class="legend"') == 2


def test_a_table_of_which_nothing_is_hidden_has_no_legend() -> None:
    groups = table("g", "people", {"en": "G"}, {"a": ({"en": "a"}, 20), "b": ({"en": "b"}, 21)})
    assert "legend" not in tables.people(make_released(tables=(PEOPLE, groups)), "en").html


def test_a_table_whose_numbers_are_all_hidden_is_one_sentence() -> None:
    codes = {"completed": ({"en": "c"}, None), "none": ({"en": "n"}, None)}
    hidden = table("course:x", "courses", {"en": "X"}, codes)
    shown = tables.courses(make_released(tables=(hidden,)), "en")
    assert "<table" not in shown.html
    assert shown.text == ("Courses: none of these numbers can be shown without the risk that a person is recognised.")


def test_a_table_without_any_number_says_that_nothing_was_recorded() -> None:
    assert tables.courses(make_released(tables=()), "pl").text == "Kursy: nic nie zapisano."


@pytest.mark.parametrize(("planned", "said"), [(19, "for so few people no table"), (20, "told once, in the release")])
def test_a_small_project_does_not_promise_tables_that_no_release_of_it_tells(planned: int, said: str) -> None:
    later = make_released(tables=(), means=(), elsewhere=("courses", "flow", "outcomes"))  # threshold 10
    small = dataclasses.replace(later, facts=dataclasses.replace(later.facts, planned=planned))
    for shown in (tables.courses(small, "en"), tables.people(small, "en")):
        assert said in shown.text
    assert "told once, in the release" in tables.outcomes(small, "en").text  # a mean may be


def test_an_erratum_says_that_nothing_was_recorded_of_no_topic_that_the_wrong_release_did_not_tell() -> None:
    erratum = make_released(tables=(), means=(), replaces=Replaced("q1", dt.date(2015, 7, 6)))
    assert tables.courses(erratum, "en").text == (
        "Courses: not in this report; it replaces only what was told in the release that was wrong."
    )
    once = "not in this report; a mean is told once, and one that was wrong is withdrawn and not told again."
    assert figures.means(erratum, "en").text == f"Mean changes as a share of the scale’s range: {once}"
    assert lookup.means_once(erratum)
    elsewhere = dataclasses.replace(erratum, elsewhere=("courses", "outcomes"))
    assert not lookup.means_once(elsewhere)
    for shown in (tables.courses(elsewhere, "en"), figures.means(elsewhere, "en")):
        assert shown.text.endswith("told once, in the release that the project planned for them.")
    told = tuple(one for one in make_released().tables if one.topic == "outcomes")
    later = figures.means(make_released(tables=told, means=()), "en").text  # after an erratum, or where none was told
    assert later.endswith("what an earlier report said of it stands, unless that was withdrawn.")


def test_a_count_of_which_nothing_is_told_is_left_out_and_said_and_never_zero() -> None:
    variable = Variable("v", {"en": "V"}, {"a": {"en": "A"}, "b": {"en": "B"}})
    bare = CountTable("t", "people", {"en": "T"}, "participants", (variable,), (Count({"v": "a"}, 12),))
    made = split(bare, "en")
    assert made.rows == (("A", "12"),)
    assert made.notes == (
        "1 more number is left out (B): nothing can be said of it without the risk that a person is recognised.",
    )


def test_rows_and_columns_that_say_nothing_go_and_one_sentence_counts_their_numbers() -> None:
    rows = (("a", "1", "–", "–"), ("b", "–", "–", "–"), ("c", "–", "–", "at most 3"))
    made = counted("t", "Courses", ("Group", "People", "Outcome", "Scale"), rows, "en")
    assert (made.columns, made.rows) == (("Group", "People", "Scale"), (("a", "1", "–"), ("c", "–", "at most 3")))
    assert [note.split(":")[0] for note in made.notes] == ["“–”", "5 more numbers are left out (b; Outcome)"]


def test_two_variables_become_rows_and_columns() -> None:
    crossed = CountTable(
        "t",
        "people",
        {"en": "T"},
        "participants",
        (
            Variable("group", {"en": "group"}, {"p": {"en": "Polish"}, "f": {"en": "foreign"}}),
            Variable("left", {"en": "left"}, {"y": {"en": "yes"}, "n": {"en": "no"}}),
        ),
        (
            Count({"group": "p", "left": "n"}, 12),
            Count({"group": "f", "left": "y"}, 10),
            Count({"group": "p"}, 19),
        ),
    )
    made = split(crossed, "en")
    assert (made.id, made.caption, made.columns) == ("t-t", "T", ("Group", "Yes", "No"))
    assert made.rows == (("Polish", "–", "12"), ("Foreign", "10", "–"))


def test_means_show_change_interval_people_and_kind(released: Released) -> None:
    shown = tables.outcomes(released, "en")
    assert row(shown, "Sense of security")[:4] == ["6–30", "+2.0", "0.4 to 3.5 (95%)", "at least 31 of 41"]
    assert row(shown, "Social awareness")[1] == "−1.25"
    assert row(shown, "Social competences")[1:4] == ["–", "–", "–"]
    assert "Social competences: no mean change is shown. Fewer than 10 people answered both times." in shown.text


def test_where_the_mean_first_score_is_told_the_last_one_is_it_and_the_change() -> None:
    told = tuple(
        dataclasses.replace(mean, start=start) for mean, start in zip(MEANS, (14.2, None, 15, 16), strict=True)
    )
    shown = tables.outcomes(make_released(means=told), "en")
    assert row(shown, "Sense of security")[:4] == ["6–30", "14.2", "16.2", "+2.0"]
    assert row(shown, "Self-perception")[1:3] == ["–", "–"]
    assert row(shown, "Social awareness")[1:4] == ["15.00", "13.75", "−1.25"]
    assert row(shown, "Social competences")[2:4] == ["–", "–"]
    assert "so both are of the same people" in shown.text
    assert "Mean at the" not in tables.outcomes(make_released(), "en").text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wave_after_the_end_has_a_table_of_its_own_and_is_no_outcome_more(language: str) -> None:
    labels = {"en": "after a year", "pl": "po roku"}
    security = dataclasses.replace(MEANS[0], start=14.2)
    ended = (security, *MEANS[1:])
    later = [
        dataclasses.replace(mean, id=f"{mean.id}.year", wave="year", wave_labels=labels, method="all enrolled")
        for mean in MEANS
    ]
    later[0] = dataclasses.replace(later[0], change=-0.4, low=-1.5, n=28)
    released = make_released(means=(*ended, *later))
    shown = tables.outcomes(released, language)
    table = next(block for block in shown.part.blocks if getattr(block, "id", "") == "t-later-year")
    assert labels[language] in table.caption
    assert [line[0] for line in table.rows] == [words.title(mean.labels, language) for mean in MEANS[:3]]
    assert table.rows[0][1:3] == (words.number(13.8, language, decimals=1), words.number(-0.4, language, decimals=1))
    assert table.rows[0][4:] == (words.out_of(28, 41, language), words.number(-0.3, language, decimals=1))
    assert table.rows[1][1] == table.rows[1][5] == "–"
    assert sum(labels[language] in line for line in shown.text.split("\n\n")) >= 3  # a table, an interval, a reason
    plain = make_released(means=ended)
    for part in (summary.results_summary, assurance.method):
        assert part(released, language).text == part(plain, language).text


def test_a_mean_outside_the_plan_is_called_exploratory() -> None:
    late = make_released(means=(dataclasses.replace(MEANS[0], preplanned=False),))
    assert row(tables.outcomes(late, "en"), "Sense of security")[4].startswith("exploratory")


def test_an_indicator_shows_achievement_and_progress_as_two_numbers(released: Released) -> None:
    shown = annex.indicators(released, "en")
    assert row(shown, "BIL-1 Study visits between the partners") == [
        "number", "4 (7 January 2014)", "5", "4", "80%", "0%", "n/a",
    ]  # fmt: skip
    assert row(shown, "OUT-1 People who received support")[-1] == "41 of 41"
    assert row(shown, "RES-1 Share of people whose social awareness rose")[1:6] == [
        "none", "50%", "–", "cannot be said", "–",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("unit", "baseline", "target", "between", "expected"),
    [
        ("share", 0.0, 0.5, (0.53, 1.0), ["at least 53%", "reached", "–"]),
        ("share", 0.0, 0.5, (0.5, 0.9), ["50%–90%", "reached", "–"]),
        ("share", None, 0.5, (0.49, 0.9), ["49%–90%", "cannot be said", "–"]),
        ("share", None, 0.5, (0.0, 0.49), ["at most 49%", "not reached", "–"]),
        ("persons", 0.0, 20.0, (20.0, 30.0), ["20–30", "reached", "–"]),
        ("persons", 0.0, 20.0, (0.0, 19.0), ["at most 19", "not reached", "–"]),
        ("persons", 30.0, 20.0, (0.0, 20.0), ["at most 20", "reached", "–"]),  # fewer is better
        ("persons", 30.0, 20.0, (21.0, 25.0), ["21–25", "not reached", "–"]),
        ("persons", 0.0, None, (21.0, 25.0), ["21–25", "–", "–"]),
        ("persons", 0.0, 20.0, (None, None), ["–", "cannot be said", "–"]),
    ],
)
def test_where_an_indicator_is_not_told_its_range_says_whether_the_target_is_reached(
    unit: str, baseline: float | None, target: float | None, between: tuple[float | None, ...], expected: list[str]
) -> None:
    line = dataclasses.replace(
        INDICATORS[3], level="outcome", unit=unit, baseline=baseline, target=target, achieved=None,
        achieved_share=None, progress=None, low=between[0], high=between[1],
    )  # fmt: skip
    shown = annex.indicators(make_released(indicators=(line,)), "en")
    assert row(shown, "BIL-1 Study visits between the partners")[3:6] == expected


def test_an_indicator_tells_breakdown_source_deviation_and_reason(
    released: Released,
) -> None:
    text = annex.indicators(released, "en").text
    assert "Broken down: Polish women: 19; foreigners: 22" in text
    assert "Source of verification: register of participants" in text
    assert "Deviation: More people were admitted" in text
    assert "Why a number is missing: Too few people rose." in text


def test_progress_that_cannot_be_computed_is_undefined_and_not_hidden() -> None:
    line = dataclasses.replace(INDICATORS[3], baseline=5.0, progress=None)
    shown = annex.indicators(make_released(indicators=(line,)), "en")
    assert row(shown, "BIL-1 Study visits between the partners")[5] == "n/a"
    assert shown.text.count("“n/a”: does not apply. Where other things than people are counted") == 1
    people = dataclasses.replace(INDICATORS[0], baseline=0.0)
    assert "n/a" not in annex.indicators(make_released(indicators=(people,)), "en").text


def test_a_breakdown_keeps_the_code_that_the_indicator_counts() -> None:
    crossed = CountTable(
        "split",
        "indicators",
        {"en": "S"},
        "participants",
        (
            Variable("group", {"en": "group"}, {"p": {"en": "Polish"}, "f": {"en": "foreign"}}),
            Variable("done", {"en": "done"}, {"yes": {"en": "yes"}, "no": {"en": "no"}}),
        ),
        (
            Count({"group": "p", "done": "yes"}, 12),
            Count({"group": "p", "done": "no"}, 30),
            Count({"group": "f", "done": "yes"}, None),
            Count({"group": "p"}, 42),
        ),
    )
    reference = dataclasses.replace(INDICATORS[0].numerator, table="done", at={"done": "yes"})  # type: ignore[type-var]
    line = dataclasses.replace(INDICATORS[0], numerator=reference, breakdown="split")
    found = lookup.disaggregation(make_released(tables=(crossed,)), line)
    assert [(code, count) for _, code, count in found] == [("p", 12), ("f", None)]


def test_partner_answers_are_listed_by_organisation(released: Released) -> None:
    shown = annex.partnership(released, "en")
    rows = [cells for cells in Cells(shown.html).rows if cells[0] == "Nordlys Senter"]
    assert rows[0][1:] == ["donor", "start", "5", "no answer", "no answer"]
    assert rows[1][1:] == ["donor", "end", "5", "6", "no"]
    assert "Network joined" not in shown.text  # it was counted zero times


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_facts_of_the_project_stand_as_they_were_stated(released: Released, language: str) -> None:
    text = assurance.facts(released, language).text
    for stated in (
        "Example Foundation",
        "PL05 Citizens for Democracy",
        "Stefan Batory Foundation",
        "Nordlys Senter",
    ):
        assert stated in text


def test_the_certificate_says_the_rule_the_numbers_and_what_one_still_knows(released: Released) -> None:
    text, fewest = assurance.certificate(released, "en").text, "No other choice would have hidden less."
    assert "No number of participants from 1 to 9 is shown" in text  # zeros are, where they tell nothing of anybody
    assert "61; not told exactly: 23" in text
    assert fewest not in text  # after an earlier release hidden numbers decide it
    first = dataclasses.replace(released.certificate, earlier_releases=0)
    assert fewest in assurance.certificate(dataclasses.replace(released, certificate=first), "en").text
    assert "hidden because it could point to a person is itself one from 1 to 9" in text
    assert "would tell was not checked" in text


def test_the_certificate_says_what_is_left_to_whoever_knows_the_rule(released: Released) -> None:
    told = dataclasses.replace(released, certificate=dataclasses.replace(released.certificate, candidates=7))
    assert "at least 7 possible values for each number" in assurance.certificate(told, "en").text
    assert "co najmniej 7 możliwych wartości" in assurance.certificate(told, "pl").text


def test_the_certificate_admits_what_was_not_established() -> None:
    def said(certificate: Certificate) -> str:
        return assurance.certificate(make_released(certificate=certificate), "en").text

    for gap in (3, None):  # releases of before say by how much
        assert "not established" in said(Certificate("public", 10, 61, 23, False, gap, 0, 0, 0))
        assert "hidden less" not in said(Certificate("public", 10, 61, 23, False, gap, 0, 0, 1))
    assert "hidden less" not in said(Certificate("public", 10, 61, 23, None, None, 0, 0, 0))
    nothing_hidden = said(Certificate("funder", 5, 61, 0, True, 0, 0, 0, 0))
    assert "first release" in nothing_hidden
    assert "hidden because" not in nothing_hidden
    assert "must not be passed on" in said(Certificate("internal", 1, 61, 0, True, 0, 0, 0, 0))


@pytest.mark.parametrize(
    ("steps", "en", "pl"),
    [
        ((2.0, 2.0), "at least 2 points, the step", "o co najmniej 2 punkty: to krok"),
        ((1.0, None), "at least 1 point, the step", "o co najmniej 1 punkt: to krok"),
        ((1.5, 1.5), "at least 1.5 points, the step", "o co najmniej 1,5 punktu: to krok"),
        ((2.0, 3.0), "at least the step that the plan", "co najmniej o krok wskazany"),
        ((None, None), "at least the step that the plan", "co najmniej o krok wskazany"),
    ],
)
def test_method_says_from_how_many_points_on_a_score_is_higher_where_that_is_one_number(
    steps: tuple[float | None, ...], en: str, pl: str
) -> None:
    means = tuple(dataclasses.replace(mean, step=step) for mean, step in zip(MEANS, steps, strict=False))
    for language, phrase in (("en", en), ("pl", pl)):
        assert phrase in assurance.method(make_released(means=means), language).text.replace("\u00a0", " ")


@pytest.mark.parametrize(("primary", "preplanned"), [(True, True), (False, True), (True, False)])
def test_method_says_what_primary_is_only_where_a_plan_said_it_beforehand(primary: bool, preplanned: bool) -> None:
    means = tuple(dataclasses.replace(mean, primary=primary, preplanned=preplanned) for mean in MEANS)
    told = assurance.method(make_released(means=means), "en").text
    assert ("as the plan said beforehand" in told) is (primary and preplanned)


def test_method_names_predicted_answers_only_where_there_are_some(released: Released) -> None:
    paired_only = make_released(means=(MEANS[0],))
    assert "left because they fared badly" in assurance.method(released, "en").text
    assert "left because they fared badly" not in assurance.method(paired_only, "en").text


def test_provenance_is_one_visible_sentence_and_the_rest_is_data(released: Released) -> None:
    shown = assurance.provenance(released, "en")
    assert shown.part.place == "footer"
    assert len(re.findall(r"<p>", shown.html)) == 1
    assert shown.content["plan"] == "a" * 64
    assert shown.content["plan"] not in shown.html
    assert shown.content["released_on"] == "2016-01-15"


def test_a_coarser_table_that_merges_nothing_adds_no_column() -> None:
    codes = {"completed": ({"en": "completed"}, 20), "none": ({"en": "not"}, 21)}
    fine = table("course:x", "courses", {"en": "X"}, codes)
    renamed = {"course:x.taken": {"completed": "yes", "none": "no"}}
    fine = dataclasses.replace(fine, variables=(dataclasses.replace(fine.variables[0], within=renamed),))
    coarse = table("course:x.taken", "courses", {"en": "X"}, {"yes": ({"en": "y"}, 20), "no": ({"en": "n"}, 21)})
    shown = tables.courses(make_released(tables=(fine, coarse)), "en")
    assert Cells(shown.html).rows == [["Course", "Completed", "Not"], ["X", "20", "21"]]


def test_a_public_total_does_not_make_hidden_groups_worth_a_table() -> None:
    groups = table("g", "people", {"en": "G"}, {"a": ({"en": "a"}, None), "b": ({"en": "b"}, None)})
    shown = tables.people(make_released(tables=(PEOPLE, groups)), "en")
    assert "<table" not in shown.html
    assert "none of these numbers can be shown" in shown.text


def test_the_mark_of_a_hidden_number_can_be_told_from_a_word_by_its_class(released: Released) -> None:
    html = tables.courses(released, "pl").html
    assert html.count('<span class="hidden">–</span>') == html.count(">–<") > 5


def test_of_two_groupings_only_the_hidden_one_is_a_sentence() -> None:
    shown_ = table("a", "people", {"en": "age"}, {"x": ({"en": "x"}, 20), "y": ({"en": "y"}, 21)})
    hidden = table("g", "people", {"en": "group"}, {"a": ({"en": "a"}, None), "b": ({"en": "b"}, None)})
    shown = tables.people(make_released(tables=(PEOPLE, shown_, hidden)), "en")
    assert shown.html.count("<table") == 1
    assert "Group: none of these numbers can be shown" in shown.text


def test_a_score_of_organisations_that_has_no_mean_is_not_called_hidden() -> None:
    line = dataclasses.replace(
        INDICATORS[3],
        unit="score 1-7",
        achieved=None,
        achieved_share=None,
        progress=None,
        withheld={"en": "Few."},
    )
    shown = annex.indicators(make_released(indicators=(line,)), "en")
    cells = row(shown, "BIL-1 Study visits between the partners")
    assert cells[3:6] == ["not given", "not given", "not given"]
    assert "Why a number is missing: Few." in shown.text


def all_enrolled(n: Value) -> Mean:
    """The mean of everyone with a first answer, with this number of people who answered twice."""
    return dataclasses.replace(MEANS[1], n=n, change=3.0, low=1.0, high=5.0)


def test_what_the_means_are_about_stands_in_the_plan_s_words_or_the_kit_s(released: Released) -> None:
    told = tables.outcomes(released, "en").text
    assert "Whom the mean changes are about: Everyone who agreed to be reported on and answered at the start." in told
    assert "as if whoever left had fared like those who began alike and stayed" in told
    facts = dataclasses.replace(released.facts, estimand=(("population", {"en": "all adults.", "pl": "dorośli."}),))
    own = dataclasses.replace(released, facts=facts)
    assert "Whom the mean changes are about: All adults.\nWith what:" in tables.outcomes(own, "en").text
    assert "Kogo dotyczą średnie zmiany: Dorośli.\nPrzy" in tables.outcomes(own, "pl").text.replace("\u00a0", " ")
    assert "Whom the mean" not in tables.outcomes(make_released(means=(MEANS[0],)), "en").text


@pytest.mark.parametrize(("n", "told"), [(31, "self-perception +2.3."), ((31, None), ""), (None, ""), (41, "")])
def test_what_it_would_be_had_the_missing_gained_nothing_is_told_only_where_their_number_is(
    n: Value, told: str
) -> None:
    # 3.0 × 31 / 41 = 2.27
    said = tables.outcomes(make_released(means=(all_enrolled(n),)), "en").text.replace("\u00a0", " ")
    assert ("had gained nothing" in said) is bool(told)
    assert told in said


def test_the_case_in_which_the_missing_gained_nothing_is_one_sentence_for_all_outcomes() -> None:
    lower = dataclasses.replace(all_enrolled(20), id="x", labels={"en": "calm", "pl": "spokój"}, change=-1.25, low=-2.5)
    release = make_released(means=(all_enrolled(31), lower), tables=())
    # 3.0 × 31 / 41 = 2.27, −1.25 × 20 / 41 = −0.61
    for language, sentence in (
        ("en", "the mean changes in points would be about these: self-perception +2.3 and calm −0.61."),
        ("pl", "średnie zmiany w punktach wynosiłyby około: postrzeganie siebie +2,3; spokój −0,61."),
    ):
        said = tables.outcomes(release, language).text.replace("\u00a0", " ")
        assert said.count(sentence) == 1
        assert said.count({"en": "gained nothing", "pl": "nic nie zyskały"}[language]) == 1


def test_an_erratum_says_which_means_are_withdrawn_and_what_holds_in_words() -> None:
    wrong = Replaced("q1", dt.date(2015, 7, 6))
    counts = direction("security", {"en": "security", "pl": "bezpieczeństwo"}, (20, 6, 7, 8), None)
    release = make_released(tables=counts, means=(), replaces=wrong)
    facts = dataclasses.replace(release.facts, outcomes=(("security", {"en": "security", "pl": "bezpieczeństwo"}),))
    release = dataclasses.replace(release, facts=facts)
    for language, withdrawn, holds in (
        ("en", "the release ‘q1’ of 6 July 2015 told is withdrawn", "Security: of the 33 people who answered both"
            " times, 20 rose; the other 13 fell (7) or stayed about the same."),
        ("pl", "w wydaniu „q1” z 6 lipca 2015 r. wycofano", "Bezpieczeństwo, 33 osoby z oboma pomiarami: wyższy wynik"
            " – 20; pozostałe (13): niższy wynik (7) albo podobny."),
    ):  # fmt: skip
        said = tables.outcomes(release, language).text.replace("\u00a0", " ")
        assert withdrawn in said
        assert holds in said
        assert holds in summary.results_summary(release, language).text.replace("\u00a0", " ")
    method = assurance.method(release, "en").text
    assert "“Higher” and “lower” mean" in method
    assert "Without a comparison group" in method
    assert "confidence interval" not in method
    later = tables.outcomes(dataclasses.replace(release, replaces=None), "en").text
    assert "what an earlier report said of it stands, unless that was withdrawn" in later  # none may have been told
    assert "please do not use it" not in later


def test_the_summary_says_what_is_supposed_of_those_who_left_wherever_they_are_predicted() -> None:
    for n in (31, (31, None), 41):
        told = summary.results_summary(make_released(means=(all_enrolled(n),)), "en").text.replace("\u00a0", " ")
        assert "Missing last answers were predicted; if those who left fared worse" in told
    assert "predicted" not in summary.results_summary(make_released(means=(MEANS[0],)), "en").text


def test_returning_to_the_mean_and_several_outcomes_are_named_in_a_sentence_each(released: Released) -> None:
    told = assurance.method(released, "en").text
    assert "scores that are low by chance rise by themselves" in told
    assert "one of them moves by chance alone" in told
    assert "moves by chance" not in assurance.method(make_released(means=(MEANS[0],)), "en").text


@pytest.mark.parametrize(("language", "said"), [("en", "(“as of”) is repeated"), ("pl", "„stan na” powtórzono")])
def test_a_number_of_an_earlier_day_is_explained_where_there_is_one(language: str, said: str) -> None:
    earlier = dataclasses.replace(MEANS[0], as_of=dt.date(2026, 6, 30))
    found = [assurance.method(make_released(means=(mean,)), language).text for mean in (earlier, MEANS[0])]
    assert [said in one.replace("\u00a0", " ") for one in found] == [True, False]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ("reliability of the scale is 0.80", "less than 1.24 standard deviations", "less than 9.5 points")),
        ("pl", ("rzetelność skali wynosi 0,80", "o mniej niż 1,24 odchylenia", "o mniej niż 9,5 pkt")),
    ],
)
def test_the_caution_about_steps_within_the_error_rests_on_what_is_published(
    language: str, said: tuple[str, str, str]
) -> None:
    def method(**published: float) -> str:
        mean = dataclasses.replace(
            all_enrolled(31), detectable=published.get("detectable"), reliability=published.get("reliability")
        )
        return assurance.method(make_released(means=(mean,)), language).text.replace("\u00a0", " ")

    # 1.96 · √2 · √(1 − .8) = 1.2396
    alone, both, neither = method(reliability=0.8), method(reliability=0.8, detectable=9.5), method()
    assert [words in alone for words in said] == [True, True, False]
    assert [words in both for words in said] == [False, False, True]
    assert [words in neither for words in said] == [False, False, False]
    for impossible in (0.0, 1.0, 1.5, -0.2):
        assert method(reliability=impossible) == neither


def test_a_day_that_all_rows_bear_stands_once_above_them_and_else_with_each() -> None:
    first, second = dt.date(2015, 6, 30), dt.date(2015, 9, 30)
    codes = {"yes": ({"en": "took part", "pl": "tak"}, 20), "no": ({"en": "did not", "pl": "nie"}, 21)}
    bare = [table(f"course:{one}", "courses", {"en": one, "pl": f"{one}-pl"}, codes) for one in ("cooking", "sewing")]

    def of(*days: dt.date | None) -> Released:
        told = (
            one if day is None else dataclasses.replace(one, as_of=day, labels=as_of(one.labels, day))
            for one, day in zip(bare, days, strict=True)
        )
        return make_released(tables=tuple(told))

    def plain(shown: Shown) -> str:
        return shown.text.replace("\u00a0", " ")

    for shown in (tables.courses(of(first, first), "en"), figures.courses(of(first, first), "en")):
        assert "(as of 30 June 2015)" in (
            plain(shown) if shown.png is None else shown.part.figures[0].caption.replace("\u00a0", " ")
        )
        assert "- Cooking: Took part: 20" in plain(shown)
        assert plain(shown).count("as of") == 1
    assert "(stan na 30 czerwca 2015 r.):\n- Cooking-pl: Tak: 20" in plain(tables.courses(of(first, first), "pl"))
    for days, said in (((first, second), ("30 June", "30 September")), ((first, None), ("30 June", ""))):
        for shown in (tables.courses(of(*days), "en"), figures.courses(of(*days), "en")):
            assert f"- Cooking (as of {said[0]} 2015): Took part: 20" in plain(shown)
            assert plain(shown).count("as of") == sum(map(bool, days))
    assert "as of" not in plain(tables.courses(of(None, None), "en"))
    means = tuple(dataclasses.replace(one, as_of=first, labels=as_of(one.labels, first)) for one in MEANS[:2])
    told = plain(tables.outcomes(make_released(tables=(), means=means), "en"))
    assert told.startswith("Mean changes from start to end (as of 30 June 2015):\n- Sense of security: Scale")
    assert "(as of 30 June 2015)" in plain(tables.outcomes(make_released(tables=(), means=(means[0], MEANS[1])), "en"))
    assert figures.means(make_released(means=means), "en").part.figures[0].alt.count("as of") == 1
