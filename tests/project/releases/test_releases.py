"""Releases that follow one another: withdrawn consents, an erasure, and what is published stays."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from evaluation.collect.acts import Withdraw, perform
from evaluation.collect.record import entries
from evaluation.project import Project, output_check
from evaluation.project.checks import overlap_lines
from evaluation.project.releases import releasing
from evaluation.project.releases.releasing import propose
from evaluation.release.audit.persons import people
from evaluation.release.gate import Gate
from evaluation.release.ledger import Proposal
from evaluation.release.planned import lives
from evaluation.release.preview import Preview, Suggestion
from tests.conftest import Folder, enter, worded

ROOT = Path(__file__).parents[3]


def test_withdrawals_and_an_erasure_show_in_the_next_release_and_find_nobody(
    filled: Callable[[str], Folder], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelter = filled("shelter")
    shutil.copytree(shelter.path, tmp_path / "project")
    with Folder(tmp_path / "project", tmp_path / "project" / shelter.key_file.name).open() as project:
        first = enter(project, "first")
        everyone = len(project.frames["participants"])
        published = first.read_bytes()
        paired = project.changes["self_perception"].paired
        her, another, third_person = paired[:3]

        project.store.append([entries.withdrawal(her, since=dt.date(2015, 12, 1), actor="tester")])
        project.forget()
        assert her not in project.changes["self_perception"].paired
        assert len(project.frames["participants"]) == everyone
        second = propose(project, "second")
        assert second.safe
        assert second.certificate.earlier_releases == 1
        assert not second.certificate.apart
        monkeypatch.setattr(people, "TOGETHER", 1)
        monkeypatch.setattr(lives, "TOGETHER", 1)
        judged = list[str]()
        monkeypatch.setattr(Gate, "judged", lambda gate, was=Gate.judged: judged.append("") or was(gate))
        once = propose(project, "second")  # lives of too many kinds: what was told is repeated, and nothing told anew
        assert (once.safe, once.certificate.apart, len(judged)) == (True, False, 1)
        of_people = [one for one in once.leaving.tables if one.population == "participants" and one.variables]
        assert {one.as_of for one in of_people} == {second.leaving.provenance.released_on}
        assert {one.id for one in of_people} == {
            one.id for one in second.leaving.tables if one.population == "participants" and one.variables
        }
        monkeypatch.undo()
        enter(project, second)

        project.store.append([entries.erasure(another, actor="tester")])
        today = dt.date(2015, 12, 20)
        from_service = Withdraw(third_person, today, service=True)
        perform(from_service, project.store, declaration=project.declaration, actor="tester", today=today)
        project.forget()
        assert len(project.frames["participants"]) == everyone - 2
        assert not {another, third_person} & set(project.frames["answers"]["participant"])
        third = propose(project, "third")
        assert third.safe
        assert third.leaving.facts.reached == everyone - 2
        enter(project, third)
        assert first.read_bytes() == published
        # That these two went must not be told by two releases: no printed count may differ by so little.
        before = {(t.id, tuple(sorted(c.at.items()))): c.value for t in second.leaving.tables for c in t.counts}
        after = {(t.id, tuple(sorted(c.at.items()))): c.value for t in third.leaving.tables for c in t.counts}
        told = {
            place: (before[place], value)
            for place, value in after.items()
            if isinstance(value, int) and isinstance(before.get(place), int) and value != before[place] and place[1]
        }
        assert told == {}


def test_after_its_release_the_output_check_says_of_each_hidden_number_why_as_before(
    copied: Folder, first_release: Proposal
) -> None:
    first = first_release
    with copied.open() as project:
        enter(project, first)
        again = propose(project, "first")
    assert again.again
    assert again.loss == first.loss > len(first.hidden) > len(first.primary) > 0
    # A range is no printed number: what is hidden is counted as hidden, and said with the range that leaves.
    printed, *hidden = output_check.loss(first, "en").table.iloc[:, 2:].astype(int).sum()
    shown = [c.value for table in first.leaving.told_now if table.protected for c in table.counts]
    assert printed == sum(isinstance(one, int) for one in shown)
    assert sum(hidden) == len(shown) - printed > 0
    assert any(isinstance(one, tuple) for one in shown)
    assert output_check.counts(first, "en").table.iloc[:, 2].str.fullmatch(r"\d+–\d+ \(hidden: .*\)").any()
    before, after = (output_check.counts(one, "en").table for one in (first, again))
    assert after.to_numpy().tolist() == before.to_numpy().tolist()
    assert (before.columns[-1], after.columns[-1]) == ("a reader knows", "a reader knew when it was released")
    assert output_check.loss(again, "pl").table.equals(output_check.loss(first, "pl").table)
    told = dict(one.split(": ", 1) for one in output_check.sentences(again))
    assert told["Released before, on"] == first.entry.released_on.isoformat()
    assert told["Unsafe themselves, by the numbers of today"] == str(len(first.primary))
    assert [one for one in output_check.sentences(again) if one.startswith("  ")] == [
        one for one in output_check.sentences(first) if one.startswith("  ")
    ]


def test_the_output_check_calls_tables_groups_and_readers_by_their_names(
    project: Project, first_release: Proposal, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = list(output_check.sentences(first_release, "pl"))
    assert "Odbiorca: opinia publiczna (próg 10)" in told
    titles = [one.strip().split(": wydrukowane")[0] for one in told if one.startswith("  ")]
    assert len(set(titles)) == len(titles) == len(first_release.leaving.tables)
    ids = {table.id for table in first_release.leaving.tables}
    assert not ids & set(titles)
    assert {
        "język polski, udział", "Zdrowie, zgłoszone", "poczucie bezpieczeństwa, co pewne",
        "poczucie bezpieczeństwa, zmiana na gorsze", "poczucie bezpieczeństwa, odpowiedzi w obu pomiarach",
        "osoby, które ukończyły co najmniej jeden kurs",
    } <= set(titles)  # fmt: skip
    found = Preview(
        hidden=71,
        printed=69,
        by_table={"course:polish.taken": (2, 2), "people": (0, 1)},
        suggestions=(
            Suggestion("flow.answered", "", (), 60, 72),
            Suggestion("", "course:polish.taken", ("yes", "no"), 69, 70),
        ),
    )
    monkeypatch.setattr(output_check, "preview", lambda *_, **__: found)
    assert list(output_check.costs(project, "unmade", "en")) == [
        "Numbers hidden: 71, printed: 69. By table:",
        "  Polish language, took part: 2 hidden, 2 printed",
        "without the table 'From enrolment to the end, answered at the end':"
        " it costs 60 instead of 71, and 72 are printed",
        "Polish language: 'took part' and 'did not take it' together: it costs 69 instead of 71, and 70 are printed",
    ]


def test_categories_that_are_no_partition_are_pointed_out(copied: Folder) -> None:
    rows = [("helped", 306, "", ""), ("women", 167, "helped", "who"), ("children", 139, "helped", "who"),
            ("violence", 213, "helped", "what"), ("trafficking", 102, "helped", "what")]  # fmt: skip
    with copied.open() as project:
        form = project.declaration.tables["aggregate_counts"]
        project.store.append(
            [
                entries.row(
                    form.name, key=form.key, actor="tester",
                    values={"category": name, "period": "2003-2013", "count": str(count), "whole": whole or None,
                            "grouping": grouping or None, "source": "published page"},
                )
                for name, count, whole, grouping in rows
            ]
        )  # fmt: skip
        project.forget()
        said = worded(overlap_lines(project.frames["aggregate_counts"]))
    assert len(said) == 1  # 167 + 139 = 306, but 213 + 102 = 315
    assert "315" in said[0]
    assert "at least 9" in said[0]


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="no checkout")
def test_a_release_says_of_which_commit_of_the_kit_it_is() -> None:
    said = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    commit = releasing._commit().removesuffix("+")
    assert len(commit) >= 12
    assert said.startswith(commit)
