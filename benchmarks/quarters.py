"""``python -m benchmarks.quarters``: what the second report of a small project says, and what planned quarters cost.

A shelter's own files (tests/collect/data/office_files) come in as they are: a half-year of 18 women, then a quarter
with three newcomers, one withdrawal and two corrections. Of the second report is counted which statements (counts by
category, means, indicators) say something: a number, a range narrower than everybody, a verdict on a target, or a
number as of the day on which it was told. Of the larger fictional example, in two editions, is told what it takes to
propose a second release without a schedule, and four quarters by the plan.
"""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

from evaluation.cli.terminal import guided
from evaluation.project import demo
from evaluation.project.releases import releasing
from evaluation.release.released import Line, Released, Value
from tests.conftest import Folder, enter
from tests.project.intake.test_guided_intake import ENTER, FIRST, intake, shelter

SCHEDULES = {
    "no schedule": "",
    "all told in the first, the second repeats it": """
releases:
  - {name: first, kind: interim, date: 2025-06-30, topics: [flow, courses, outcomes, indicators]}
  - {name: second, kind: final, date: 2025-12-31}
""",
    "courses told in the first, all else in the second": """
releases:
  - {name: first, kind: interim, date: 2025-06-30, topics: [courses, indicators]}
  - {name: second, kind: final, date: 2025-12-31}
""",
    "of people nothing in the first, all in the second": """
releases:
  - {name: first, kind: interim, date: 2025-06-30}
  - {name: second, kind: final, date: 2025-12-31}
""",
}

PLAN = """
releases:
  - {name: q1, kind: interim, date: 2015-03-31, topics: [groups, courses]}
  - {name: q2, kind: interim, date: 2015-06-30, topics: [flow, courses]}
  - {name: q3, kind: interim, date: 2015-09-30, topics: [outcomes]}
  - {name: q4, kind: final, date: 2015-12-31}
"""


def statements(released: Released) -> Iterator[tuple[str, bool]]:
    """Each statement of a release, and whether it says something."""
    for table in released.tables:
        whole = next((count.value for count in table.counts if not count.at), None)
        for count in table.counts if table.variables else ():
            if count.at:
                yield f"{table.id} {dict(count.at)}", _says(count.value, whole)
    for mean in released.means:
        yield f"mean {mean.id}", mean.change is not None
    for line in released.indicators:
        yield f"indicator {line.code}", line.achieved is not None or _verdict(line)


def _says(value: Value, whole: Value) -> bool:
    return isinstance(value, int) or (value is not None and (value[0] > 0 or value[1] not in (None, whole)))


def _verdict(line: Line) -> bool:
    if line.target is None:
        return False
    reached = line.low is not None and line.low >= line.target
    return reached or (line.high is not None and line.high < line.target)


def _next_quarter(folder: Folder) -> None:
    with mock.patch.object(guided, "somebody_is_there", return_value=True):
        for file in ("q3_nowe.csv", "ankieta.xlsx", "ankieta2.xlsx"):
            assert intake(folder, file, "--yes").exit_code == 0, file
        for file in ("korekta.csv", "kor_ob.csv", "wycofanie.csv"):
            assert intake(folder, file, answers="y\n").exit_code == 0, file


def proposed(folder: Folder, *names: str) -> str:
    """What it takes to propose these releases one after another, each entered before the next."""
    took = []
    for name in names:
        with folder.open() as project:
            _ = project.results  # what is measured for the notebooks, too
            began = time.process_time()
            proposal = releasing.propose(project, name)
            took.append(f"{name} {time.process_time() - began:.1f} s")
            enter(project, proposal)
    return ", ".join(took)


def _example(folder: Path, plan: str = "") -> Folder:
    made = Folder(folder, demo.fill(folder, "reference", editions=True))
    declared = folder / "project.yml"
    declared.write_text(declared.read_text(encoding="utf-8") + plan, encoding="utf-8")
    with made.open() as project:
        project.lock_plan(on=dt.date.today())
    return made


def main() -> None:
    """Prints, for each schedule, how many statements of each report say something; then what proposals cost."""
    with tempfile.TemporaryDirectory() as root, mock.patch.dict("os.environ", XDG_STATE_HOME=f"{root}/state"):
        made = shelter(Path(root))
        with mock.patch.object(guided, "somebody_is_there", return_value=True):
            for file in FIRST:
                assert intake(made, file, answers=ENTER).exit_code == 0, file
        for number, (what, schedule) in enumerate(SCHEDULES.items()):
            folder = Folder(Path(shutil.copytree(made.path, Path(root) / str(number))), made.key_file)
            declared = folder.path / "project.yml"
            declared.write_text(declared.read_text(encoding="utf-8") + schedule, encoding="utf-8")
            began, said = time.process_time(), []
            for name in ("first", "second"):
                if name == "second":
                    _next_quarter(folder)
                with folder.open() as project:
                    if schedule and name == "first":
                        project.lock_plan(on=dt.date.today())
                    proposal = releasing.propose(project, name)
                    enter(project, proposal)
                found = [one for _, one in statements(proposal.leaving)]
                said.append(f"{name}: {sum(found)} of {len(found)} say something")
            print(f"{what}: {'; '.join(said)} ({time.process_time() - began:.0f} s of CPU)", flush=True)
        print(f"the example: {proposed(_example(Path(root) / 'example'), 'first', 'second')} of CPU", flush=True)
        by_plan = proposed(_example(Path(root) / "planned", PLAN), "q1", "q2", "q3", "q4")
        print(f"four quarters by the plan: {by_plan} of CPU", flush=True)


if __name__ == "__main__":
    main()
