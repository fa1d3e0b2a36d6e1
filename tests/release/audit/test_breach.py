"""Random projects, drawn as people and attacked over people: nobody learns more of an unsafe number than promised."""

from __future__ import annotations

import dataclasses
import json
import random
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from evaluation.cli import main
from evaluation.project.releases import releasing
from evaluation.release.system import assembly
from tests.release.drafts import propose
from tests.release.people import Intruder, drafted, narrower, printed
from tests.release.worlds import WORLDS, courses, drawn

HOLE = Path(__file__).parents[2] / "data" / "hole"
COMPLETED_AND_TAKEN = "completed and taken by the same group"


pytestmark = pytest.mark.usefixtures("without_the_reader_who_knows_the_rule")


def breaches(kind: str, seed: int, folder: Path, *, joint: bool = True) -> list[tuple[str, int, int]]:
    """One random project through the gate, with what an intruder then knows too well."""
    chance = random.Random(seed)
    world = WORLDS[kind](chance)
    people = drawn(world, chance)
    threshold = chance.choice((5, 10))
    draft = drafted(world, people)
    if not joint:
        draft = dataclasses.replace(draft, joint=())
    found = propose(draft, folder, "funder" if threshold == 5 else "public")
    assert found.safe
    return narrower(world, people, draft, printed(found), threshold)


def breaches_of_two_editions(kind: str, seed: int, folder: Path) -> list[object]:
    """The same of a project in two editions; besides, whatever both together tell more than the confidential one."""
    chance = random.Random(f"two editions {seed}")
    world = WORLDS[kind](chance)
    people = drawn(world, chance)
    draft = drafted(world, people)
    finer = {table.id for table in draft.tables[1:] if table.variables[1:] and chance.random() < 0.5}
    coarse, kept = ([t for t in draft.tables if (t.id in finer) is one] for one in (False, True))
    public = dataclasses.replace(draft, tables=tuple(coarse), joint=(*draft.joint, *kept))
    found = propose(public, folder, editions=("funder", "public"), confidential=draft)
    assert found.safe
    first = found.confidential
    assert {count for count, value in printed(found).items() if isinstance(value, int)} <= {
        count for count, value in printed(first).items() if isinstance(value, int)
    }
    alone = Intruder(world.types(), printed(first))
    ranges = {at: value for at, value in printed(found).items() if not isinstance(value, int)}
    more = [at for at, (low, high) in ranges.items() if alone.end(at, 1, low) < low or alone.end(at, -1, high) > high]
    return [
        *more,
        *narrower(world, people, draft, printed(found, first), 5),
        *narrower(world, people, draft, printed(found), 10),
    ]


@pytest.mark.parametrize("first", range(0, 40, 10))
def test_in_40_projects_with_completed_and_taken_by_the_same_group_nothing_is_narrower(tmp_path, first):
    for seed in range(first, first + 10):
        assert breaches(COMPLETED_AND_TAKEN, seed, tmp_path / str(seed)) == []


@pytest.mark.parametrize("kind", [kind for kind in WORLDS if kind != COMPLETED_AND_TAKEN])
def test_nor_in_other_projects_whose_tables_are_bound_to_each_other(tmp_path, kind):
    for seed in range(5 if "two groups" in kind else 10):
        assert breaches(kind, seed, tmp_path / str(seed)) == []


@pytest.mark.parametrize("kind", WORLDS)
def test_nor_do_two_editions_together_tell_more_than_the_confidential_one(tmp_path, kind):
    for seed in range(2):
        assert breaches_of_two_editions(kind, seed, tmp_path / str(seed)) == []


@pytest.mark.parametrize("kind", [COMPLETED_AND_TAKEN, "two outcomes by the same group", "two groupings of one column"])
def test_the_intruder_finds_what_a_gate_lets_out_that_knows_totals_only(tmp_path, monkeypatch, kind):
    monkeypatch.setattr(assembly, "facts_of", lambda *_: ())
    assert any(breaches(kind, seed, tmp_path / str(seed), joint=False) for seed in range(40))


def test_the_project_with_the_hole_keeps_it_closed_through_the_shipped_commands(tmp_path, monkeypatch):
    monkeypatch.setattr(releasing, "drawn", lambda *_, **__: {})
    folder, key = tmp_path / "project", tmp_path / "my.key"

    def run(command, *more):
        result = CliRunner().invoke(main, [command, str(folder), *more, "--key-file", str(key)], input="yes\n")
        assert result.exit_code == 0, result.output

    run("new", "--name", "Anna")
    for path in HOLE.glob("*.yml"):
        shutil.copy(path, folder)
    for table in ("participants", "courses", "sessions", "attendance"):
        run("intake", str(HOLE / f"{table}.csv"), "--as", table)
    run("release")
    left = json.loads((folder / "releases" / "final.json").read_text(encoding="utf-8"))
    known = {
        frozenset((renamed(name), code) for name, code in count["at"].items()): (
            tuple(count["value"]) if isinstance(count["value"], list) else count["value"]
        )
        for table in left["tables"]
        for count in table["counts"]
        if count["value"] is not None
        and {renamed(name) for name in count["at"]} <= {"g", "taken", "completed", "c0", "c1", "c0.taken", "c1.taken"}
    }
    intruder = Intruder(courses(2).types(), known)
    for name, group in (("taken", "BG"), ("completed", "BG"), ("taken", "PL"), ("completed", "PL")):
        at = frozenset({(name, "no"), ("g", group)})
        if not isinstance(known.get(at), int):
            assert intruder.end(at, 1, 0) == 0
            assert intruder.end(at, -1, 5) >= 5
    assert not isinstance(known.get(frozenset({("taken", "no"), ("g", "BG")})), int)


def renamed(name: str) -> str:
    return {"home": "g", "course:c1": "c0", "course:c2": "c1", "course:c1.taken": "c0.taken"}.get(
        name, name.replace("course:c2", "c1")
    )
