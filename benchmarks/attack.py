"""``python -m benchmarks.attack``: random projects, released once or several times, attacked over people's lives.

Projects are drawn as people (groups, courses, an outcome, progress, joiners, leavers, corrections), go through the
real gate at threshold 5 or 10 or in both editions, and every unsafe number of each release is attacked by an exact
program that lists kinds of lives, knows how people move and nothing of the gate: ``--projects`` (100) of each kind
from ``--first``. With ``--planned`` each topic is told once by a drawn schedule, and the last release may be an
erratum of the one before it, whose revisions are attacked too.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from pathlib import Path
from unittest import mock

from evaluation.release import gate
from tests.release.audit.histories import WORLDS, Attack, Plan, attacked, drawn, plan

_TIMES = {
    "one course": (1, 2, 3, 4),
    "two courses": (1, 2),
    "an outcome": (1, 2, 3),
    "support": (1, 2, 3),
    "situations": (1, 2),
}
"""How often a project of a kind is released; more lives than that no exact program bears."""


_PLANNED = {"one course": (2, 3), "two courses": (2,), "an outcome": (2, 3), "support": (2,), "situations": (2,)}


def one(kind: str, number: int, *, planned: bool) -> tuple[Attack, str]:
    """The attack on one project, and what it was."""
    chance = random.Random(f"{kind} {number}")
    threshold, times = chance.choice((5, 10, 0)), chance.choice((_PLANNED if planned else _TIMES)[kind])
    world = WORLDS[kind]()
    joined = (0, 2, 5, 12, 25) if planned else (0, 0, 2, 5)
    people = drawn(world, chance, times, joined)
    releases = plan(world, chance, times) if planned else None
    with tempfile.TemporaryDirectory() as folder, mock.patch.object(gate, "candidates", return_value=None):
        return attacked(
            world, people, threshold, Path(folder), releases
        ), f"{kind} {number}, t = {threshold or '5 and 10'}, {times} releases{_said(releases)}"


def _said(releases: Plan | None) -> str:
    if releases is None:
        return ""
    return ", the last an erratum" if releases.erratum else f", due {[sorted(one) for one in releases.due]}"


def main() -> None:
    """Prints what was found narrower than promised and which releases were refused, then the totals."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--projects", type=int, default=100)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--planned", action="store_true")
    asked = parser.parse_args()
    began, found = time.process_time(), list[Attack]()
    for number in range(asked.first, asked.first + asked.projects):
        for kind in WORLDS:
            attack, what = one(kind, number, planned=asked.planned)
            found.append(attack)
            for where, low, high in attack.narrower:
                print(f"narrower: {what}: {where} is {low} to {high}", flush=True)
            if attack.refused:
                print(f"refused: {what}: release {attack.releases + 1}", flush=True)
    releases, narrower = sum(one.releases for one in found), sum(len(one.narrower) for one in found)
    print(
        f"{len(found)} projects, {releases} releases: {narrower} numbers narrower in "
        f"{sum(bool(one.narrower) for one in found)} projects; {sum(one.hidden for one in found)} numbers hidden, "
        f"{sum(one.refused for one in found)} releases refused, {sum(one.impossible for one in found)} of people who "
        f"did not move so, {sum(one.misled for one in found)} numbers narrower for whoever is misled "
        f"about others; {time.process_time() - began:.0f} s of CPU"
    )


if __name__ == "__main__":
    main()
