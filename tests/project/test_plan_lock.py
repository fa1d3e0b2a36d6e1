"""The plan is locked before the last answers are seen; what was changed afterwards is called exploratory."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from evaluation.cli import main
from evaluation.collect.record import entries
from evaluation.errors import BadArgument, BadDeclaration
from evaluation.inside import pictures
from evaluation.measure.results import holm_of_primary
from evaluation.project import Project
from evaluation.project import folder as folders
from evaluation.project.checks import check_lines
from evaluation.project.draft.assembly import draft
from evaluation.project.plan import lock as planning
from evaluation.project.plan.lock import NAME, dropped, preplanned, state
from evaluation.project.plan.power import power_lines
from evaluation.project.releases.releasing import propose
from evaluation.release import bundle
from evaluation.report import words
from evaluation.report.content import assurance, summary, tables
from evaluation.schema import Declaration
from tests.conftest import Folder, enter, worded

ALL = ["security", "self_perception", "social_awareness", "rights", "social_competence"]
LATER = dt.date(2031, 5, 4)


def run(*arguments: str) -> Result:
    return CliRunner(env={"EVALUATION_PASSPHRASE": "", "EVALUATION_KEY_FILE": ""}).invoke(main, list(arguments))


def edit(folder: Folder, before: str, after: str) -> None:
    path = folder.path / "plan.yml"
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def late(folder: Folder) -> list[str]:
    """The outcomes that are not preplanned, in the order of the plan."""
    with folder.open() as project:
        return [name for name, change in project.changes.items() if not change.preplanned]


def checked(folder: Folder) -> str:
    with folder.open() as project:
        return "\n".join(worded(check_lines(project)))


@pytest.fixture
def new(tmp_path: Path) -> Folder:
    folder = Folder(tmp_path / "project", tmp_path / "my.key")
    assert run("new", str(folder.path), "--key-file", str(folder.key_file), "--name", "Anna").exit_code == 0
    return folder


def plan(folder: Folder, command: str) -> Result:
    return run("plan", command, str(folder.path), "--key-file", str(folder.key_file))


def take_in(folder: Folder, wave: str) -> None:
    people = "participant,enrolled_on,target_group,country,consent_service,consent_reporting\n"
    files = {
        "participants": people + "P-001,2026-02-01,x,PL,true,true\n",
        "security": f"participant,wave,date,{','.join(f'sec_{n:02d}' for n in (*range(1, 7), *range(11, 19)))}\n"
        f"P-001,{wave},2026-02-02,3,3,3,3,3,3{',' * 8}\n",
    }
    for name, text in files.items():
        path = folder.path.parent / f"{name}.csv"
        path.write_text(text, encoding="utf-8")
        result = run("intake", str(folder.path), str(path), "--as", name, "--key-file", str(folder.key_file))
        assert result.exit_code == 0, result.output


# --- locking ------------------------------------------------------------------------------------


def test_a_lock_before_any_endline_answer_says_so_and_a_second_one_adds_nothing(new: Folder) -> None:
    take_in(new, "baseline")
    first = plan(new, "lock")
    assert (first.exit_code, "before any endline answer" in first.output) == (0, True), first.output
    written = (new.path / NAME).read_bytes()
    assert "nothing was added" in plan(new, "lock").output
    assert (new.path / NAME).read_bytes() == written


def test_a_lock_after_endline_answers_says_that_they_were_in_the_record(new: Folder) -> None:
    take_in(new, "endline")
    said = plan(new, "lock").output
    assert "after endline answers were in the record" in said
    assert "exploratory" in said
    assert late(new) == ["security"]


def test_a_lock_keeps_the_ones_before_it(new: Folder) -> None:
    plan(new, "lock")
    edit(new, "step: 2", "step: 3")
    plan(new, "lock")
    edit(new, "step: 3", "step: 2")
    plan(new, "lock")
    with new.open() as project:
        first, second, third = project.locks
    assert first.plan == third.plan != second.plan
    assert len({first.seal, second.seal, third.seal}) == 3


def test_a_lock_that_was_edited_by_hand_is_refused(new: Folder) -> None:
    take_in(new, "endline")
    plan(new, "lock")
    path = new.path / NAME
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("data_seen: true", "data_seen: false"), encoding="utf-8")
    result = run(*new.arguments("check"))
    assert (result.exit_code, "not as it was written" in result.output) == (6, True), result.output


def test_a_lock_taken_out_from_between_two_others_is_noticed(new: Folder) -> None:
    for step in (2, 3, 4):
        plan(new, "lock")
        edit(new, f"step: {step}", f"step: {step + 1}")
    path = new.path / NAME
    head, one, _, three = re.split(r"(?m)^(?=- )", path.read_text(encoding="utf-8"))
    path.write_text(head + one + three, encoding="utf-8")
    with new.open() as project, pytest.raises(BadDeclaration, match="backup"):
        _ = project.locks


def test_a_lock_cannot_be_dated_before_the_one_before_it(new: Folder) -> None:
    with new.open() as project:
        project.lock_plan(on=LATER)
    edit(new, "step: 2", "step: 3")
    with new.open() as project, pytest.raises(BadArgument, match="2031-05-04"):
        project.lock_plan(on=LATER - dt.timedelta(days=1))


def test_answers_that_were_seen_once_stay_seen_when_they_are_gone(new: Folder) -> None:
    take_in(new, "endline")
    plan(new, "lock")
    with new.open() as project:
        project.store.append([entries.erasure("P-001", actor="Anna")])
        project.forget()
        assert not [row for row in project.store.content().rows if row.table == "security"]
        assert project.endline_seen


def test_the_last_lock_before_the_answers_is_the_one_that_counts(new: Folder) -> None:
    plan(new, "lock")
    edit(new, "step: 2", "step: 3")
    plan(new, "lock")
    take_in(new, "endline")
    assert late(new) == []
    edit(new, "step: 3", "step: 2")
    assert late(new) == ["security"]


def test_what_a_plan_leaves_to_its_defaults_is_not_in_the_hash(new: Folder) -> None:
    """So that a later version with one more key, left at its default, finds the plan unchanged."""
    edit(new, "late_baseline: left out\n", "")
    plan(new, "lock")
    with new.open() as project:
        assert project.locks[0].rest == hashlib.sha256(b"{}").hexdigest()


def test_a_retrospective_plan_is_not_made_preplanned_by_an_early_lock(new: Folder) -> None:
    edit(new, "design: single group", "kind: retrospective\ndesign: single group")
    plan(new, "lock")
    assert late(new) == ["security"]
    take_in(new, "endline")
    assert late(new) == ["security"]


def test_the_lock_of_a_retrospective_plan_says_so_calmly(new: Folder) -> None:
    edit(new, "design: single group", "kind: retrospective\ndesign: single group")
    take_in(new, "endline")
    said = plan(new, "lock").output
    assert "It is a retrospective plan, and reports say so" in said
    assert "after endline answers" not in said
    assert late(new) == ["security"]
    assert "no lock" not in checked(new)


# --- what a change touches ----------------------------------------------------------------------


def test_the_example_was_locked_before_its_first_answer(project: Project) -> None:
    (only,) = project.locks
    assert not only.data_seen
    assert {name: change.preplanned for name, change in project.changes.items()} == dict.fromkeys(ALL, True)
    assert all(mean.preplanned for mean in draft(project.results, "x").means)


@pytest.mark.parametrize(
    ("before", "after", "touched"),
    [
        ("step: 2", "step: 3", ["security"]),
        ("scale: rights.rights\n    step: 2", "scale: rights.rights\n    step: 1", ["rights"]),
        ("scale: rights.rights", "scale: rights.rights\n    primary: true", ["rights"]),
        ("alpha: 0.05", "alpha: 0.1", ALL),
        ("mid: mid", "minimum_pairs: 7", ALL),
        ("endline: endline", "endline: follow_up", ALL),
        ("alpha: 0.05\n", "", []),  # what is said by default is the same
        ("sense of security", "feeling safe", []),
        ("smallest_worthwhile: 2", "smallest_worthwhile: 2\n    sd_of_change: 4", []),
    ],
)
def test_a_change_after_the_answers_were_seen_touches_only_what_it_changes(
    copied: Folder, before: str, after: str, touched: list[str]
) -> None:
    edit(copied, before, after)
    assert late(copied) == touched


def test_locking_the_change_once_the_answers_were_seen_heals_nothing(copied: Folder) -> None:
    edit(copied, "step: 2", "step: 3")
    assert plan(copied, "lock").exit_code == 0
    assert late(copied) == ["security"]
    with copied.open() as project:
        assert [one.data_seen for one in project.locks] == [False, True]


def test_a_scale_that_is_scored_otherwise_is_another_outcome(project: Project) -> None:
    instrument = project.declaration.instruments["rights"]
    (scale,) = [one for one in instrument.scales if one.id == "rights"]
    others = tuple(one for one in instrument.scales if one.id != "rights")
    fewer = dataclasses.replace(scale, minimum_answered=scale.minimum_answered - 1)
    turned = tuple(
        dataclasses.replace(item, key=-item.key) if item.id == scale.items[0] else item for item in instrument.items
    )
    for changed in (
        dataclasses.replace(instrument, scales=(*others, fewer)),
        dataclasses.replace(instrument, items=turned),
    ):
        declaration = dataclasses.replace(
            project.declaration, instruments={**project.declaration.instruments, "rights": changed}
        )
        found = preplanned(declaration, project.locks, seen=True)
        assert [name for name, planned in found.items() if not planned] == ["rights"]


def test_without_a_lock_nothing_is_preplanned_once_endline_answers_are_there(copied: Folder) -> None:
    (copied.path / NAME).unlink()
    assert late(copied) == ALL
    assert "was not locked before endline answers came in" in checked(copied)


def test_without_endline_answers_it_is_not_too_late(new: Folder) -> None:
    take_in(new, "baseline")
    assert late(new) == []
    assert "The plan is not locked; do it before endline answers come in" in checked(new)


def test_check_says_that_the_plan_is_unchanged_and_then_what_changed(copied: Folder) -> None:
    assert re.search(r"locked since \d{4}-\d\d-\d\d, before any endline answer, and unchanged", checked(copied))
    edit(copied, "step: 2", "step: 3")
    said = checked(copied)
    assert "changed since ('security')" in said
    assert "exploratory, as no lock made before endline answers holds them as they are: security." in said


def test_the_report_calls_exploratory_what_was_changed_and_nothing_else(copied: Folder) -> None:
    edit(copied, "step: 2", "step: 3")
    with copied.open() as project:
        released = bundle.read(enter(project, "final"))
    assert [mean.id for mean in released.means if not mean.preplanned] == ["security", "security.follow_up"]
    for language in ("en", "pl"):
        text = summary.results_summary(released, language).text.replace("\u00a0", " ")
        banner = {
            "en": "and therefore exploratory: sense of security.",
            "pl": "więc wynik jest eksploracyjny: poczucie bezpieczeństwa.",
        }[language]
        assert banner in text
        mark = {"en": "Sense of security (exploratory)", "pl": "Poczucie bezpieczeństwa (eksploracyjnie)"}[language]
        lines = tables.outcomes(released, language).text.replace("\u00a0", " ").splitlines()
        rows = [line for line in lines if "exploratory" in line or "eksploracyjn" in line]
        assert len(rows) == 3  # its mean, how many rose and fell, and its mean at the follow-up
        assert all(row.startswith(f"- {mark}") for row in rows)
        assert released.means[0].labels[language].lower() in rows[0].lower()
        kept = {"en": "written down before the last answers", "pl": "zapisano przed obejrzeniem"}[language]
        assert kept not in assurance.method(released, language).text.replace("\u00a0", " ")
        # A plan written afterwards has one banner of its own, which covers them all.
        past = dataclasses.replace(released, facts=dataclasses.replace(released.facts, retrospective=True))
        assert banner not in summary.results_summary(past, language).text.replace("\u00a0", " ")


# --- Holm ---------------------------------------------------------------------------------------


def test_holm_runs_over_the_primary_outcomes_and_leaves_the_others_alone(project: Project) -> None:
    exact = {name: change.means.exact for name, change in project.changes.items() if change.outcome.primary}
    p = {name: test.p_two_sided for name, test in exact.items() if test is not None}
    first, second, third = sorted(p, key=lambda name: p[name])
    step = max(3 * p[first], 2 * p[second])
    expected = {first: min(1, 3 * p[first]), second: min(1, step), third: min(1, max(step, p[third]))}
    assert {name: project.changes[name].p_holm for name in p} == pytest.approx(expected)
    assert project.changes["rights"].p_holm is project.changes["social_competence"].p_holm is None


def test_a_primary_outcome_dropped_after_a_look_still_counts_for_holm(project: Project) -> None:
    kept = dataclasses.replace(project.declaration.plan, outcomes=project.declaration.plan.outcomes[:1])
    test = project.changes["security"].means.exact
    assert test is not None
    p = test.p_two_sided
    assert holm_of_primary(kept, project.changes, dropped=dropped(kept, project.locks))["security"] == pytest.approx(
        min(1, 3 * p)
    )
    assert holm_of_primary(kept, project.changes, dropped=dropped(kept, ()))["security"] == pytest.approx(p)


def test_a_refused_test_counts_for_holm_and_has_no_p_itself(project: Project) -> None:
    change = project.changes["self_perception"]
    refused = dataclasses.replace(change, means=dataclasses.replace(change.means, exact=None))
    found = holm_of_primary(project.declaration.plan, {**project.changes, "self_perception": refused})
    assert found["self_perception"] is None
    tests = [project.changes[name].means.exact for name in ("security", "social_awareness")]
    least = min(test.p_two_sided for test in tests if test is not None)
    assert min(p for p in found.values() if p is not None) == pytest.approx(min(1, 3 * least))


def test_the_block_for_inside_shows_the_p_after_holm_and_what_is_exploratory(project: Project) -> None:
    late = {**project.changes, "rights": dataclasses.replace(project.changes["rights"], preplanned=False)}
    rows = pictures.block(late, project.declaration, "en").table.to_numpy().tolist()
    assert len([row for row in rows if "Holm" in row[1]]) == 3
    assert [row[0] for row in rows if row[2] == "no: exploratory"] == ["awareness of one’s rights (exploratory)"]
    for shown in (
        pictures.outcomes(late, project.declaration, "en"),
        pictures.tipping(late, project.declaration, "en"),
        pictures.estimation(project.scores, late, project.declaration, "en"),
        pictures.reliable(late, "en"),
    ):
        named = [name for name in shown.table.iloc[:, 0] if "(exploratory)" in name]
        assert named == ["awareness of one’s rights (exploratory)"], shown.caption


def test_more_than_five_primary_outcomes_are_all_exploratory_and_cannot_be_locked(copied: Folder) -> None:
    plan = copied.path / "plan.yml"
    text = plan.read_text(encoding="utf-8").replace("step: 2", "step: 2\n    primary: true")
    text = re.sub(r"primary: true\n(\s+)step: 2\n\s+primary: true", r"primary: true\n\1step: 2", text)
    five = text.count("primary: true")
    assert five == 5
    plan.write_text(text, encoding="utf-8")
    with copied.open() as project:
        assert all(one.outcome.primary for one in project.changes.values())
    extra = text + "  - {id: again, scale: rights.rights, primary: true, labels: {en: again, pl: znowu}}\n"
    plan.write_text(extra, encoding="utf-8")
    with copied.open() as project:
        assert not any(one.preplanned for one in project.changes.values())
        told = worded(state(project.declaration, project.locks, seen=project.endline_seen))
        assert "6 outcomes primary, and at most 5 can be" in told[-1]
        with pytest.raises(BadArgument, match="make the others secondary"):
            project.lock_plan(on=dt.date(2030, 1, 1))


# --- power --------------------------------------------------------------------------------------


@pytest.fixture
def declaration(project: Project) -> Declaration:
    return project.declaration


def test_the_power_before_data_is_that_of_the_plan_s_table(declaration: Declaration) -> None:
    said = worded(power_lines(declaration, pairs=41))
    assert "a mean change of 0.448 SD" in said[0]
    assert said[1].startswith("If one in five leaves (pairs: 32): 0.511 SD")
    assert worded(power_lines(declaration))[2] == "As the first of 3 primary outcomes by Holm (alpha 0.017): 0.622 SD."
    # 30 are planned
    assert "If 30 people" in worded(power_lines(declaration))[0]
    assert "0.529 SD" in worded(power_lines(declaration))[0]


def test_an_assumed_sd_of_change_gives_points_and_the_number_of_pairs(declaration: Declaration) -> None:
    outcome = dataclasses.replace(declaration.plan.outcomes[0], sd_of_change=4.0)
    one = dataclasses.replace(declaration, plan=dataclasses.replace(declaration.plan, outcomes=(outcome,)))
    said = "\n".join(worded(power_lines(one, pairs=41)))
    assert "1.8 points of a scale of 6–30" in said  # .448 x 4
    assert "34 pairs are needed to find the smallest worthwhile change (in points: 2)" in said  # d_z = .5
    assert "Holm" not in said


def test_without_an_assumed_sd_the_largest_one_that_would_do_is_told(declaration: Declaration) -> None:
    said = "\n".join(worded(power_lines(declaration, pairs=41)))
    assert "if the SD of the changes is at most 4.5 points; declare 'sd_of_change'" in said  # 2 / .448


def test_fewer_pairs_than_the_plan_tests_are_refused(new: Folder) -> None:
    assert run("plan", "power", str(new.path), "--pairs", "6").exit_code == 0
    result = run("plan", "power", str(new.path), "--pairs", "5")
    assert (result.exit_code, "where pairs are fewer than 6" in " ".join(result.output.split())) == (2, True)


def test_an_impossible_sd_of_change_is_named_with_its_line(new: Folder) -> None:
    edit(new, "smallest_worthwhile: 2", "smallest_worthwhile: 2\n    sd_of_change: 0")
    result = run("plan", "power", str(new.path))
    assert result.exit_code == 6
    assert re.search(r"plan.yml, line \d+: 'sd_of_change' must be above 0", result.output)


def test_how_finely_topics_are_told_is_locked_with_the_plan(copied: Folder) -> None:
    path = copied.path / "project.yml"
    declared = path.read_text(encoding="utf-8")
    rungs = declared.replace("  profile: public", "  profile: public\n  rungs: {courses: completed}")
    rungs += (
        "own_tables:\n  - {id: own, labels: {en: own, pl: own}, variables: [target_group, 'course:polish.taken']}\n"
    )
    path.write_text(rungs, encoding="utf-8")
    with copied.open() as project:  # locked by the example, before any answer, without rungs
        with pytest.raises(BadDeclaration) as refused:
            propose(project, "final")
        assert refused.value.message.key == "project.design.not_as_locked"
        assert "how finely topics are told" in "\n".join(worded(check_lines(project)))
        assert not (copied.path / "releases" / "ledger.jsonl").exists()
        project.lock_plan(on=LATER)
        assert project.locks[-1].design == project.declaration.file.design != ""
        late = propose(project, "final")
    assert late.certificate.declared_late
    assert words.say("report.certificate.declared_late", "en") in assurance.certificate(late.leaving, "en").text
    assert {"course:polish", "own:own"} <= {table.id for table in late.leaving.tables}
    for changed in (declared, rungs.replace("planned_participants: 30", "planned_participants: 400")):
        path.write_text(changed, encoding="utf-8")
        with copied.open() as project, pytest.raises(BadDeclaration, match="not as they were locked"):
            propose(project, "final")


def test_a_lock_that_is_taken_away_is_missed(copied: Folder) -> None:
    lock, file = copied.path / NAME, copied.path / "project.yml"
    kept = lock.read_bytes()
    lock.unlink()
    assert "plan.lock does not hold the lock that was made last" in checked(copied)
    for anew in (False, True):  # also where an older file was put back, or one of the same day was made outside
        with copied.open() as project, pytest.raises(BadDeclaration) as refused:
            propose(project, "final")
        assert refused.value.message.key == "project.plan.taken_away"
        assert not anew or project.locks
        with copied.open() as project:
            other = folders.read(copied.path)
            planning.lock(copied.path, other, project.key, on=LATER, seen=False)
    lock.write_bytes(kept)
    assert "does not hold the lock" not in checked(copied)
    lock.unlink()
    file.write_text(
        file.read_text(encoding="utf-8").replace(
            "  profile: public", "  profile: public\n  rungs: {courses: completed}"
        ),
        encoding="utf-8",
    )
    with copied.open() as project:
        project.lock_plan(on=LATER)  # with all answers in the record
        assert project.design_late
        assert not project.lock_taken_away
    assert not list((copied.path / "releases").glob("*.jsonl"))


def test_a_rung_that_there_is_not_is_named_with_its_line(copied: Folder) -> None:
    path = copied.path / "project.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("  profile: public", "  profile: public\n  rungs: {courses: whole}"), encoding="utf-8")
    number = text[: text.index("  profile: public")].count("\n") + 2
    with pytest.raises(BadDeclaration) as refused:
        folders.read(copied.path)
    assert str(refused.value).startswith(f"project.yml, line {number}: the topic 'courses' has no rung 'whole'")
