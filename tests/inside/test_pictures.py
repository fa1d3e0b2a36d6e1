"""The pictures for inside say in words what they show, name nobody, and bear having nothing to show."""

from __future__ import annotations

import dataclasses
import functools
import importlib
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any

import matplotlib.figure
import numpy as np
import pandas as pd
import pytest
from scipy import stats

from evaluation.inside import pictures
from evaluation.inside.display import Inside
from evaluation.inside.numbers import number
from evaluation.inside.people.attrition import band
from evaluation.measure.attendance import dose, flow, leavers
from evaluation.measure.indicators import Measured
from evaluation.measure.outcomes.change import Change, outcome_change
from evaluation.project import Project
from evaluation.project import folder as folders
from evaluation.report.claims import causal_claims
from evaluation.schema import Declaration, Instrument, Outcome
from evaluation.texts import say

TEMPLATE = Path(__file__).parents[2] / "templates" / "projects" / "reference"
START = [14, 12, 20, 17, 9, 15, 22, 11, 18, 13, 16, 10]
END = [19, 12, 19, 21, 13, 16, 27, 10, None, 18, None, None]
LANGUAGES = ("en", "pl")
Frames = dict[str, pd.DataFrame]


@pytest.fixture(scope="module")
def declaration() -> Declaration:
    """The reference project with one outcome and two courses."""
    full = folders.read(TEMPLATE)
    plan = dataclasses.replace(full.plan, outcomes=full.plan.outcomes[:1], mid="", dose_people=5, dose_distinct=3)
    return dataclasses.replace(full, plan=plan, file=dataclasses.replace(full.file, courses=full.file.courses[:2]))


def frames(start: list[int | None], end: list[int | None]) -> Frames:
    """People in the order of their codes; the second to last left on day 40, the last on day 300."""
    codes = [f"P-{at:03d}" for at in range(700, 700 + len(start))]
    enrolled = [pd.Timestamp("2014-02-01") + pd.Timedelta(days=3 * at) for at in range(len(codes))]
    left = [pd.NaT] * len(codes)
    if len(codes) > 2:
        left[-2:] = [enrolled[-2] + pd.Timedelta(days=40), enrolled[-1] + pd.Timedelta(days=300)]
    answers, scores = [], []
    for code, day, *values in zip(codes, enrolled, start, end, strict=True):
        for wave, after, value in zip(("baseline", "endline"), (2, 240), values, strict=True):
            if value is not None:
                answers.append((code, wave, day + pd.Timedelta(days=after), "answered"))
                scores.append((code, wave, "security.subjective", float(value)))
    present = [(f"s{session}", code, "present") for at, code in enumerate(codes) for session in range(at % 4)]
    people = pd.DataFrame({"participant": codes, "enrolled_on": enrolled, "left_on": left, "leaving_reason": None})
    for column in ("enrolled_on", "left_on"):
        people[column] = pd.to_datetime(people[column])
    return {
        "participants": people,
        "answers": pd.DataFrame(answers, columns=["participant", "wave", "date", "state"]),
        "scores": pd.DataFrame(scores, columns=["participant", "wave", "scale", "score"]),
        "sessions": pd.DataFrame(
            [(f"s{at}", "human_rights", pd.Timestamp("2014-05-01"), 2.0) for at in range(4)],
            columns=["session", "course", "date", "hours"],
        ),
        "attendance": pd.DataFrame(present, columns=["session", "participant", "status"]),
        "needs": pd.DataFrame(
            [(code, "housing", day + pd.Timedelta(days=30), "met") for code, day in zip(codes, enrolled, strict=True)],
            columns=["participant", "need", "date", "state"],
        ),
    }


def outcome_of(declaration: Declaration, form: Instrument) -> tuple[Declaration, Change]:
    """The project with this questionnaire in it, and an empty result of its first scale."""
    outcome, scale = Outcome(form.id, {}, f"{form.id}.{form.scales[0].id}"), form.scales[0]
    changed = dataclasses.replace(declaration, instruments={**declaration.instruments, form.id: form})
    empty = frames([], [])
    return changed, outcome_change(empty["scores"], empty["participants"], outcome, scale, declaration.plan)


class Shown(Mapping[str, Inside]):
    """The pictures by their names, each drawn when it is first looked at."""

    def __init__(self, drawn: Mapping[str, Callable[[], Inside]]) -> None:
        self._drawn = {name: functools.cache(draw) for name, draw in drawn.items()}

    def __getitem__(self, name: str) -> Inside:
        return self._drawn[name]()

    def __iter__(self) -> Iterator[str]:
        return iter(self._drawn)

    def __len__(self) -> int:
        return len(self._drawn)


def shown(of: Frames, declaration: Declaration, language: str = "en") -> Shown:
    people, plan = of["participants"], declaration.plan
    changes = {
        one.id: outcome_change(of["scores"], people, one, declaration.scale(one), plan)
        for one in declaration.plan.outcomes
    }
    doses = dose(people, of["sessions"], of["attendance"], declaration.file.courses)
    made = flow(people, of["answers"], declaration.file.waves)
    return Shown(
        {
            "estimation": lambda: pictures.estimation(of["scores"], changes, declaration, language),
            "tipping": lambda: pictures.tipping(changes, declaration, language),
            "outcomes": lambda: pictures.outcomes(changes, declaration, language),
            "block": lambda: pictures.block(changes, declaration, language),
            "waves": lambda: pictures.waves(of["scores"], changes, declaration, language),
            "other_ways": lambda: pictures.other_ways(of["scores"], changes, declaration, language),
            "imputed": lambda: pictures.imputed(of["scores"], changes, declaration, language, seed=1),
            "trust": lambda: pictures.trust(changes, language),
            "reliable": lambda: pictures.reliable(changes, language),
            "swimmer": lambda: pictures.swimmer(of, declaration, language),
            "flow": lambda: pictures.flow(made, declaration, language),
            "attrition": lambda: pictures.attrition(made, people, declaration, language),
            "dose": lambda: pictures.dose(doses, of["scores"], changes, declaration, language),
            "mix": lambda: pictures.mix(doses, declaration, language),
            "combinations": lambda: pictures.combinations(doses, declaration, language),
            "needs": lambda: pictures.needs(of, declaration, language),
        }
    )


@pytest.fixture(scope="module")
def in_languages(declaration: Declaration) -> Mapping[str, Shown]:
    """The pictures of the same twelve people in every language."""
    return {language: shown(frames(START, END), declaration, language) for language in LANGUAGES}


@pytest.fixture(scope="module")
def all_shown(in_languages: Mapping[str, Shown]) -> Shown:
    return in_languages["en"]


def test_every_picture_has_an_alt_text_with_the_numbers_of_its_table(all_shown: Mapping[str, Inside]) -> None:
    assert [name for name, one in all_shown.items() if one.png] == [
        "estimation", "tipping", "outcomes", "waves", "swimmer", "flow", "dose", "needs",
    ]  # fmt: skip
    for name in ("estimation", "tipping", "swimmer", "flow", "needs"):
        said = set(re.findall(r"\d+(?:\.\d+)?", all_shown[name].alt))
        told = set(
            re.findall(r"\d+\.\d+", all_shown[name].table.drop(columns=[all_shown[name].table.columns[0]]).to_csv())
        )
        # Means of start and end, and δ at the worthwhile change, are left to the table.
        missing = told - said
        assert len(missing) <= {"estimation": 2, "tipping": 1}.get(name, 0), (name, missing)


def test_the_estimation_plot_counts_better_same_and_worse_and_names_both_means(
    all_shown: Mapping[str, Inside], declaration: Declaration
) -> None:
    of = frames(START, END)
    change = outcome_change(
        of["scores"], of["participants"], declaration.plan.outcomes[0],
        declaration.scale(declaration.plan.outcomes[0]), declaration.plan,
    )  # fmt: skip
    alt = all_shown["estimation"].alt
    assert "people with both scores: 9; better 6, the same 1, worse 2" in alt
    assert change.means.all_enrolled is not None
    assert change.means.t is not None
    assert f"all enrolled {number(change.means.all_enrolled.estimate, 'en')} [" in alt
    assert f"pairs only {number(change.means.t.mean, 'en')} [" in alt
    assert change.means.all_enrolled.estimate != pytest.approx(change.means.t.mean)


def test_where_lower_is_better_falling_scores_count_as_better(declaration: Declaration) -> None:
    of, outcome = frames(START, END), declaration.plan.outcomes[0]
    scale = dataclasses.replace(declaration.scale(outcome), direction="lower")
    change = outcome_change(of["scores"], of["participants"], outcome, scale, declaration.plan)
    alt = pictures.estimation(of["scores"], {"security": change}, declaration, "en").alt
    assert "better 2, the same 1, worse 6" in alt


def test_the_tipping_point_is_where_the_estimate_is_nought(
    all_shown: Mapping[str, Inside], declaration: Declaration
) -> None:
    of, outcome = frames(START, END), declaration.plan.outcomes[0]
    change = outcome_change(of["scores"], of["participants"], outcome, declaration.scale(outcome), declaration.plan)
    model = change.means.all_enrolled
    assert model is not None
    assert model.tipping is not None
    row = all_shown["tipping"].table.iloc[0]
    assert row.iloc[1] == "3 / 12"
    assert row.iloc[2] == number(model.tipping, "en")
    # 3 of 12 missing: one point more of the mean change takes four points of each.
    assert row.iloc[3] == number(-4 * model.low, "en")
    assert row.iloc[4] == number((2 - model.estimate) * 4, "en")
    assert f"{number(abs(model.tipping), 'en')} points below what was predicted" in row.iloc[5]
    assert f"touch 0 at {number(4 * model.low, 'en')} points below" in row.iloc[5]


def test_a_tipping_point_that_the_scale_leaves_no_room_for_is_called_impossible_and_drawn_nowhere(
    declaration: Declaration, figures: list[matplotlib.figure.Figure]
) -> None:
    # Eleven of twelve rose by some 23 points, so nothing that the twelfth could answer brings the mean to 0.
    made = shown(frames([6, 7] * 6, [28, 30] * 5 + [28, None]), declaration)["tipping"]
    row = made.table.iloc[0]
    assert row.iloc[2:5].tolist() == ["impossible on this scale"] * 3
    assert "no answers that the scale allows would make it 0" in row.iloc[5]
    assert "No answers that the scale allows would bring its interval to 0" in row.iloc[5]
    (axes,) = figures[0].axes
    assert [text.get_text() for text in axes.texts] == ["smallest\nworthwhile\nchange"]
    # Predicted to end at 30 of 6 to 30, she can only be worse.
    low, high = axes.get_xlim()
    assert -24 <= low < 0 <= high < 1


def test_the_bounds_are_of_these_people_and_no_interval(declaration: Declaration, all_shown: Shown) -> None:
    told = all_shown["tipping"].table.iloc[0, 5]
    assert "Of these people (n = 12)" in told
    assert "no confidence interval" in told
    assert "if those missing gained nothing" in told


def test_with_nobody_missing_there_is_no_tipping_picture(declaration: Declaration) -> None:
    full = shown(frames(START, [at + 1 + at % 3 for at in START]), declaration)["tipping"]
    assert (full.png, full.table.iloc[0, 5]) == (b"", "Nobody is missing.")


def test_the_swimmer_plot_counts_waves_and_leaving(all_shown: Mapping[str, Inside]) -> None:
    table = all_shown["swimmer"].table
    assert table.to_numpy().tolist() == [
        ["start", "12", "2"], ["mid-point", "0", "–"], ["end", "9", "240"], ["follow-up", "0", "–"],
        ["left", "2", "170"],
    ]  # fmt: skip


def test_somebody_without_a_date_of_enrolment_has_no_line_and_is_told(declaration: Declaration) -> None:
    of = frames(START, END)
    of["participants"].loc[0, "enrolled_on"] = pd.NaT
    made = shown(of, declaration)["swimmer"]
    assert "order of enrolment: 11" in made.alt
    assert made.table.iloc[-1].tolist()[1:] == ["1", "–"]


def test_who_left_is_placed_before_the_first_wave_she_did_not_reach(declaration: Declaration) -> None:
    gone = leavers(frames(START, END)["participants"], declaration.file.waves)
    assert gone.to_dict("records") == [
        {"before": "mid", "reason": "unknown"}, {"before": "follow_up", "reason": "unknown"},
    ]  # fmt: skip


def test_leaving_on_the_day_of_a_wave_is_leaving_after_it(declaration: Declaration) -> None:
    day = pd.Timestamp("2014-02-01")
    people = pd.DataFrame(
        {
            "enrolled_on": [day, day, day],
            "left_on": [day + pd.Timedelta(days=n) for n in (119, 120, 420)],
            "leaving_reason": ["moved", "moved", None],
        }
    )
    assert leavers(people, declaration.file.waves)["before"].tolist() == ["mid", "endline", ""]


@pytest.mark.parametrize(("people", "told"), [(0, "0"), (1, "1–4"), (4, "1–4"), (5, "5–9"), (9, "5–9"), (10, "10+")])
def test_people_who_left_are_told_in_bands(people: int, told: str) -> None:
    assert band(people) == told


def test_the_warning_of_a_wave_follows_the_plan(all_shown: Mapping[str, Inside]) -> None:
    table = all_shown["attrition"].table
    assert table["answered / reached"].tolist() == ["12 / 12", "0 / 12", "9 / 12", "0 / 12"]
    assert [text.split(":")[0] for text in table["what follows"]] == [
        "Nearly everyone answered.", "Most are missing", "Many are missing", "Most are missing",
    ]  # fmt: skip
    assert table["left since the wave before"].tolist() == ["0", "1–4", "0", "1–4"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_attendance_is_never_shown_without_its_caveat(
    declaration: Declaration, in_languages: Mapping[str, Shown], language: str
) -> None:
    for made in (in_languages[language]["dose"], shown(frames([], []), declaration, language)["dose"]):
        assert say("shared.attendance_not_assigned", language) in made.caption
        assert not made.png or say("shared.attendance_not_assigned", language) in made.alt


def test_a_course_that_cannot_be_compared_says_why(all_shown: Mapping[str, Inside]) -> None:
    rows = all_shown["dose"].table
    assert rows["people"].tolist() == ["7", "0"]
    assert rows["why not"].tolist()[0] == "–"
    assert "0; below 5" in rows["why not"].tolist()[1]


def test_mixes_of_courses_are_ranked_and_the_rare_ones_summed(declaration: Declaration) -> None:
    rows = [
        (f"P-{at}", course, int(at % 3 > part)) for at in range(7) for part, course in enumerate(("polish", "english"))
    ]
    doses = pd.DataFrame(rows, columns=["participant", "course", "present"])
    full = folders.read(TEMPLATE)
    assert pictures.combinations(doses, full, "en").table.to_numpy().tolist() == [
        ["no course", "0", "3"], ["Polish language", "1", "2"], ["Polish language + English language", "2", "2"],
    ]  # fmt: skip
    many = pd.DataFrame(
        [(f"P-{at}", one.id, at >> bit & 1) for at in range(16) for bit, one in enumerate(full.file.courses[:4])],
        columns=["participant", "course", "present"],
    )  # fmt: skip
    assert pictures.combinations(many, full, "en").table.to_numpy().tolist()[-1] == ["other mixes: 6", "–", "6"]


def test_needs_say_how_many_were_met_and_how_soon(all_shown: Mapping[str, Inside]) -> None:
    assert all_shown["needs"].table.iloc[0].tolist()[1:] == ["12", "0", "0", "100%", "30"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_picture_label_or_table_holds_a_person_s_code(
    declaration: Declaration, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []
    save = matplotlib.figure.Figure.savefig

    def spy(self: matplotlib.figure.Figure, *given: object, **named: object) -> None:
        save(self, *given, **named)
        written.extend(part.get_text() for part in self.findobj(matplotlib.text.Text))

    monkeypatch.setattr(matplotlib.figure.Figure, "savefig", spy)
    for name, one in shown(frames(START, END), declaration, language).items():
        everything = " ".join([one.caption, one.alt, one.table.to_csv(), *written])
        assert not re.search(r"P-?\d|\b7[01]\d\b", everything), name
    assert len(written) > 50


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("start", "end"),
    [
        ([], []), ([None] * 5, [None] * 5), ([14], [17]), (START, [None] * 12), ([12] * 8, [14] * 8),
        ([14, 15], [15, None]),
    ],
    ids=["nobody", "no scores", "one pair", "no end", "all alike", "one of two"],
)  # fmt: skip
@pytest.mark.filterwarnings("error")
def test_with_little_or_nothing_to_show_there_is_still_a_table(
    declaration: Declaration, start: list[int | None], end: list[int | None], language: str
) -> None:
    for name, one in shown(frames(start, end), declaration, language).items():
        assert len(one.table.columns) >= 2, name
        assert not re.search(r"\bnan\b", one.caption + one.alt + one.table.to_csv(), re.I), name
        one._repr_mimebundle_()
        if not any(value is not None for value in end):
            assert name not in ("estimation", "tipping") or not one.png


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_pictures_say_claims_no_cause(in_languages: Mapping[str, Shown], language: str) -> None:
    for name, one in in_languages[language].items():
        said = " ".join([one.caption, one.alt, *one.table.columns, one.table.to_csv()])
        assert causal_claims(said, language) == [], name


def test_without_any_outcome_or_course_nothing_breaks(declaration: Declaration) -> None:
    of, bare = frames(START, END), dataclasses.replace(declaration.file, courses=())
    empty = dataclasses.replace(declaration, plan=dataclasses.replace(declaration.plan, outcomes=()), file=bare)
    of["sessions"], of["attendance"] = of["sessions"][:0], of["attendance"][:0]
    made = shown(of, empty)
    assert not made["estimation"].png
    assert not made["dose"].png


@pytest.fixture
def figures(monkeypatch: pytest.MonkeyPatch) -> list[matplotlib.figure.Figure]:
    """Every figure that is drawn, to be looked into."""
    drawn: list[matplotlib.figure.Figure] = []
    save = matplotlib.figure.Figure.savefig

    def spy(self: matplotlib.figure.Figure, *given: object, **named: object) -> None:
        save(self, *given, **named)
        drawn.append(self)

    monkeypatch.setattr(matplotlib.figure.Figure, "savefig", spy)
    return drawn


@pytest.mark.parametrize(("direction", "solid", "dashed"), [("higher", 7, 2), ("lower", 3, 6)])
def test_only_those_who_did_worse_have_a_dashed_line(
    declaration: Declaration, figures: list[matplotlib.figure.Figure], direction: str, solid: int, dashed: int
) -> None:
    of, outcome = frames(START, END), dataclasses.replace(declaration.plan.outcomes[0], smallest_worthwhile=2)
    scale = dataclasses.replace(declaration.scale(outcome), direction=direction)
    change = outcome_change(of["scores"], of["participants"], outcome, scale, declaration.plan)
    made = pictures.estimation(of["scores"], {"security": change}, declaration, "en")
    lines = [len(one.get_segments()) for one in figures[0].axes[0].collections[:2]]
    assert lines == [solid, dashed]
    better, worse = (6, 2) if direction == "higher" else (2, 6)
    assert made.table.iloc[0, 2] == f"{better} / 1 / {worse}"
    signed = 2 if direction == "higher" else -2
    assert signed in [line.get_ydata()[0] for line in figures[0].axes[1].lines if line.get_linestyle() == ":"]
    model = change.means.all_enrolled
    assert model is not None
    told = pictures.tipping({"security": change}, declaration, "en").table.iloc[0, 4]
    # The three who are missing could not bring the mean of twelve down to -2, whatever they had answered.
    needed = (signed - model.estimate) * 4
    assert told.lstrip("+") == (number(needed, "en") if direction == "higher" else "impossible on this scale")


def test_a_line_runs_to_leaving_or_to_the_last_answer_in_the_order_of_enrolment(
    declaration: Declaration, figures: list[matplotlib.figure.Figure]
) -> None:
    of = frames([14, 12, 20], [19, 12, None])
    of["participants"]["enrolled_on"] = of["participants"]["enrolled_on"].to_numpy()[[1, 0, 2]]
    of["participants"].loc[2, "left_on"] = pd.Timestamp("2014-02-07") + pd.Timedelta(days=90)
    of["participants"].loc[1, "left_on"] = pd.NaT
    again = of["answers"].iloc[[0]].assign(date=pd.Timestamp("2014-02-20"))
    of["answers"] = pd.concat([of["answers"], again], ignore_index=True)
    made = pictures.swimmer(of, declaration, "en")
    ends = [int(segment[1][0]) for segment in figures[0].axes[0].collections[0].get_segments()]
    # The record ends on 2 October 2014, long before day 420 of anybody; the second in the table was first.
    assert ends == [243, 240, 90]
    assert made.table.iloc[0].tolist() == ["start", "3", "2"]


@pytest.mark.parametrize(
    ("answered", "not_yet", "follows"),
    [(95, 0, "Nearly"), (94, 0, "Some"), (80, 0, "Some"), (79, 0, "Many"), (50, 0, "Many"), (49, 0, "Most"),
     (49, 48, "Some"), (0, 100, "Nobody")],
)  # fmt: skip
def test_the_warning_changes_at_the_limits_of_the_plan(
    declaration: Declaration, answered: int, not_yet: int, follows: str
) -> None:
    wave = {"wave": "endline", "enrolled": 100, "left": 0, "not_yet": not_yet, "due": 100, "answered": answered}
    made = pictures.attrition(pd.DataFrame([wave]), frames([], [])["participants"], declaration, "en")
    assert made.table.iloc[0, 4].startswith(follows)


def test_only_primary_outcomes_with_a_correlation_are_plotted(
    declaration: Declaration, figures: list[matplotlib.figure.Figure]
) -> None:
    second = dataclasses.replace(declaration.plan.outcomes[0], id="other", primary=False, labels={"en": "other"})
    plan = dataclasses.replace(declaration.plan, outcomes=(*declaration.plan.outcomes, second))
    made = shown(frames(START, END), dataclasses.replace(declaration, plan=plan))["dose"]
    assert "other" not in made.table["outcome"].tolist()
    plotted = next(one for one in figures if one._supxlabel is not None)
    assert len(plotted.axes) == 1


def test_a_small_fall_that_rounds_to_nought_has_no_minus_sign() -> None:
    assert (number(-0.04, "en"), number(-0.06, "en"), number(None, "en"), number(float("nan"), "en")) == (
        "0.0",
        "−0.1",
        "–",
        "–",
    )


def test_the_same_pairs_are_computed_in_four_other_ways_side_by_side(all_shown: Mapping[str, Inside]) -> None:
    # Changes of 5, 0, -1, 4, 4, 1, 5, -1 and 5 points.
    changes = np.array([5, 0, -1, 4, 4, 1, 5, -1, 5])
    shown_row = all_shown["other_ways"].table.iloc[0].tolist()[1:]
    t = stats.ttest_1samp(changes, 0).confidence_interval()
    ranked = stats.wilcoxon(changes[changes != 0], method=stats.PermutationMethod(n_resamples=2**9)).pvalue
    pairwise = [(a + b) / 2 for i, a in enumerate(changes) for b in changes[i:]]
    assert shown_row[0] == f"2.4 [{t.low:.1f}; {t.high:.1f}]"
    signs = np.array(list(product([1, -1], repeat=9)))
    means = {float(changes[row > 0].mean()) for row in signs if (row > 0).any()}
    flipped = {at: (signs @ (changes - at), (changes - at).sum()) for at in means}
    held = [
        at
        for at, (sums, own) in flipped.items()
        if 2 * min((sums >= own - 1e-9).mean(), (sums <= own + 1e-9).mean()) > 0.05
    ]
    assert shown_row[1] == f"[{min(held):.1f}; {max(held):.1f}]"
    drawn = stats.bootstrap((changes,), np.mean, n_resamples=200_000, rng=1, batch=20_000).confidence_interval
    assert shown_row[2] == f"[{drawn.low:.1f}; {drawn.high:.1f}]"
    assert shown_row[3].startswith(f"{np.median(pairwise):.1f} [")
    assert float(shown_row[4]) == pytest.approx(ranked, abs=5e-4)


def test_with_too_few_pairs_no_other_way_is_tried_and_the_reason_stands_there(declaration: Declaration) -> None:
    few = shown(frames(START[:5], END[:5]), declaration, "pl")["other_ways"].table.iloc[0].tolist()
    assert few[1:6] == ["–"] * 5
    assert "poniżej 6" in few[6]


def test_a_wave_that_few_have_reached_is_left_out_of_the_model_and_that_is_said(declaration: Declaration) -> None:
    of = frames(START, END)
    waves = (*declaration.file.waves[:1], declaration.wave("endline"), declaration.wave("follow_up"))
    three = dataclasses.replace(declaration, file=dataclasses.replace(declaration.file, waves=waves))
    few = pd.DataFrame(
        [("P-700", "follow_up", "security.subjective", 20.0)], columns=["participant", "wave", "scale", "score"]
    )
    with_one = shown({**of, "scores": pd.concat([of["scores"], few])}, three)["waves"].table
    without = shown(of, three)["waves"].table
    assert with_one.iloc[:, 1].tolist() == without.iloc[:, 1].tolist() == ["end", "follow-up"]
    assert with_one.iloc[0].tolist() == without.iloc[0].tolist()
    assert with_one.iloc[1, 2:].tolist() == ["–", "–", "left out: people with a score there 1, too few"]
    assert "score there 0" in without.iloc[1, 4]


def test_waves_of_too_few_pairs_or_of_levels_are_not_modelled(declaration: Declaration) -> None:
    few = frames(START[:5], END[:5])
    told = shown(few, declaration)["waves"].table
    assert told.iloc[0, 2] == "–"
    assert "below 6 only counts are shown" in told.iloc[0, 4]
    assert "poniżej 6" in shown(few, declaration, "pl")["waves"].table.iloc[0, 4]
    of, outcome = frames(START, END), declaration.plan.outcomes[0]
    levels = dataclasses.replace(declaration.scale(outcome), transform="ordinal")
    change = outcome_change(of["scores"], of["participants"], outcome, levels, declaration.plan)
    told = pictures.waves(of["scores"], {"security": change}, declaration, "en").table
    assert "levels are never averaged" in told.iloc[0, 4]


def test_a_notebook_of_an_earlier_version_is_told_where_the_figures_are() -> None:
    with pytest.raises(ImportError, match=r"'from evaluation\.inside import pictures' instead of"):
        importlib.import_module("evaluation.measure.pictures")


# --- the client track -------------------------------------------------------------------------


def test_the_client_track_is_told_with_what_is_not_known(project: Project) -> None:
    of, declaration = project.frames, project.declaration
    goals = pictures.goals(of, declaration, "en")
    rated, everything = of["goals"]["reached_level"].notna().sum(), goals.table.iloc[0]
    assert list(everything[["Goal", "Set", "Not rated"]]) == [
        "all goals", str(len(of["goals"])), str(len(of["goals"]) - rated),
    ]  # fmt: skip
    assert everything.iloc[-1].startswith(f"{(of['goals']['reached_level'] >= 0).sum()} / {rated} (")
    assert f"n = {of['goals'].dropna(subset='reached_level')['participant'].nunique()}" in goals.caption
    referrals = pictures.referrals(of, declaration, "pl").table
    assert referrals["Skierowania"].astype(int).sum() == len(of["referrals"])
    assert referrals.iloc[:, 4:].astype(int).to_numpy().sum() == len(of["referrals"])
    statuses = pictures.statuses(of, declaration, "en").table
    people = statuses[(statuses["What"] == "Legal situation") & (statuses["At the end"] != "–")]["People"]
    assert people.astype(int).sum() == 41
    sessions = pictures.sessions(of, declaration, "en").table
    assert sessions["Sessions"].astype(int).sum() == len(of["sessions"])
    for one in (goals, pictures.tallies(of, declaration, "en")):
        assert all(cell in one.alt for cell in one.table.iloc[0, 1:2])


def test_few_goals_have_no_percentage_and_few_people_no_mean(project: Project) -> None:
    few = project.frames["goals"].dropna(subset="reached_level").iloc[:9]
    shown = pictures.goals({"goals": few}, project.declaration, "en")
    assert "%" not in str(shown.table)
    assert f"(n = {few['participant'].nunique()}): – when" in shown.caption


def test_a_track_of_which_nothing_is_recorded_is_an_empty_table(project: Project) -> None:
    nothing = {name: frame.iloc[:0] for name, frame in project.frames.items()}
    for picture in (pictures.goals, pictures.referrals, pictures.tallies, pictures.sessions):
        shown = picture(nothing, project.declaration, "pl")
        assert (shown.png, len(shown.table)) == (b"", 1 if picture is pictures.goals else 0)


def test_the_heat_map_tells_how_many_of_those_due_answered_and_a_dash_where_nobody_was_asked(project: Project) -> None:
    made = pictures.completeness(project.frames, project.declaration, "en")
    table = made.table.set_index("")
    due = project.flow.set_index("wave")["due"]
    assert table.loc["Sense of security", "start"] == f"41 of {due['baseline']}"
    assert table.loc["Sense of security", "end"].endswith(f" of {due['endline']}")
    assert due["endline"] < 41
    assert table.loc["Human rights", "mid-point"] == "–"
    assert "41 of 41" in made.alt


def _cells(one: Inside, tag: str) -> list[str]:
    return re.findall(rf"<{tag}[^>]*text-align: (\w+)", one._repr_mimebundle_()[0]["text/html"])


def test_texts_stand_at_the_left_of_their_column_and_numbers_at_the_right(in_languages: Mapping[str, Shown]) -> None:
    for language in LANGUAGES:
        needs = in_languages[language]["needs"]
        assert _cells(needs, "td") == _cells(needs, "th") == ["left", *["right"] * 5]
    estimated = in_languages["pl"]["estimation"]
    assert _cells(estimated, "td") == ["left"] * 6


def test_a_table_escapes_what_was_written(declaration: Declaration) -> None:
    made = Inside("en", "caption", pd.DataFrame([["<b>", "1"]], columns=["a & b", "n"]))
    shown_html = made._repr_mimebundle_()[0]["text/html"]
    assert "&lt;b&gt;" in shown_html
    assert "a &amp; b" in shown_html


@pytest.mark.parametrize(("language", "said"), [("en", "There is nothing to list here."), ("pl", "Nie ma tu nic")])
def test_an_empty_table_is_a_sentence(declaration: Declaration, language: str, said: str) -> None:
    nobody = frames([], [])
    for name in ("needs", "combinations", "mix"):
        data = shown(nobody, declaration, language)[name]._repr_mimebundle_()[0]
        assert said in data["text/html"], name
        assert "<table" not in data["text/html"], name
        assert said in data["text/plain"], name
        assert "DataFrame" not in data["text/plain"], name


@pytest.mark.parametrize(
    ("unit", "value", "told"),
    [("persons", 22.0, "22"), ("persons", 1234.0, "1,234"), ("number", 12.5, "12.5"), ("number", 12.0, "12"),
     ("points", 3.0, "3.0"), ("share", 0.55, "55%")],
)  # fmt: skip
def test_people_are_counted_without_decimals(declaration: Declaration, unit: Any, value: float, told: str) -> None:
    indicator = dataclasses.replace(folders.read(TEMPLATE).indicators[0], unit=unit, target=value)
    made = pictures.indicators([Measured(indicator, value)], "en").table
    assert made.iloc[0, 1:3].tolist() == [told, told]


def test_attendance_names_how_many_are_on_the_register_and_how_many_the_median_is_of(declaration: Declaration) -> None:
    # Of five on the register one never came, one was only excused; 2, 4 and 3 of 4 sessions the others.
    entries = [(2, 2, 0), (4, 0, 0), (3, 1, 0), (0, 4, 0), (0, 0, 4), (0, 0, 0)]
    doses = pd.DataFrame(entries, columns=["present", "absent", "excused"])
    doses["rate"] = doses["present"] / (doses["present"] + doses["absent"])
    course = declaration.file.courses[0].id
    doses = doses.assign(participant=[*"abcdef"], course=course, completer=doses["present"] >= 3)
    rows = pictures.courses(doses, declaration, "en").table.to_numpy().tolist()
    assert [row[1:] for row in rows] == [["2", "1", "2", "5", "75% (n = 3)"], ["0", "0", "0", "0", "–"]]


def test_every_panel_of_doses_has_its_n_and_its_rank_correlation(
    declaration: Declaration, figures: list[matplotlib.figure.Figure]
) -> None:
    made = shown(frames(START, END), declaration)["dose"]
    people, rho = made.table.iloc[0, [2, 4]]
    title = figures[-1].axes[0].get_title(loc="left")
    assert title.endswith(f"\nn = {people}, rho = {rho}")
    assert f"n = {people}, rho = {rho}" in made.alt


@pytest.mark.parametrize(("direction", "end"), [("higher", END), ("lower", END), ("higher", [29, 30, *END[2:]])])
def test_the_axis_of_change_has_the_points_of_the_axis_of_scores_beside_it_and_its_nought_at_the_mean_of_the_start(
    declaration: Declaration, figures: list[matplotlib.figure.Figure], direction: str, end: list[int | None]
) -> None:
    of, outcome = frames(START, end), dataclasses.replace(declaration.plan.outcomes[0], smallest_worthwhile=15)
    scale = dataclasses.replace(declaration.scale(outcome), direction=direction)
    change = outcome_change(of["scores"], of["participants"], outcome, scale, declaration.plan)
    pictures.estimation(of["scores"], {"security": change}, declaration, "en")
    scores, gains = figures[0].axes
    (low, high), (least, most) = scores.get_ylim(), gains.get_ylim()
    assert scores.get_position().height == pytest.approx(gains.get_position().height)
    assert most - least == pytest.approx(high - low)
    start = change.means.paired_baseline
    assert start is not None
    assert low - least == pytest.approx(start)
    # Nothing is cut off: neither an end of the scale, nor an interval, nor the worthwhile change.
    assert low < scale.minimum < scale.maximum < high
    drawn_at = [at for line in gains.lines for at in np.ravel(line.get_ydata())]
    assert least < min(drawn_at) <= max(drawn_at) < most
    assert (15 if direction == "higher" else -15) in drawn_at


def test_primary_and_secondary_outcomes_have_marks_of_their_own_and_the_worthwhile_change_is_drawn(
    declaration: Declaration, figures: list[matplotlib.figure.Figure]
) -> None:
    of, first = frames(START, END), dataclasses.replace(declaration.plan.outcomes[0], smallest_worthwhile=3)
    second = dataclasses.replace(first, id="other", primary=False, smallest_worthwhile=None)
    scale = declaration.scale(first)
    lower = dataclasses.replace(scale, direction="lower")
    changes = {
        name: outcome_change(of["scores"], of["participants"], outcome, of_scale, declaration.plan)
        for name, outcome, of_scale in (("a", first, scale), ("b", second, scale), ("c", first, lower))
    }
    made = pictures.outcomes(changes, declaration, "en")
    (axes,) = figures[0].axes
    marks = [line.get_marker() for line in axes.lines if line.get_marker() not in ("None", "", None)]
    assert marks == ["o", "s", "o"]
    drawn_at = [segments.get_segments()[0] for segments in axes.collections]
    assert [sorted(float(y) for y in segment[:, 1]) for segment in drawn_at] == [[-0.4, 0.4], [1.6, 2.4]]
    assert [float(segment[0, 0]) for segment in drawn_at] == [12.5, -12.5]  # 3 of 24 points
    assert made.table.iloc[:, 1].tolist() == ["primary", "secondary", "primary"]
    assert made.table.iloc[:, 5].tolist() == ["3.0", "–", "−3.0"]
    legend = axes.get_legend()
    assert legend is not None
    told = [label.get_text() for label in legend.get_texts()]
    assert told == ["primary", "secondary", "smallest worthwhile change"]
    pictures.outcomes({"b": changes["b"]}, declaration, "pl")
    legend = figures[1].axes[0].get_legend()
    assert legend is not None
    assert [label.get_text() for label in legend.get_texts()] == ["drugorzędny"]
