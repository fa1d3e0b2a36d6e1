"""``python -m benchmarks.quarters``: what the second report of a small project says, with and without a schedule.

A shelter's own files (tests/collect/data/office_files) come in as they are: a half-year of 18 women, then a quarter
with three newcomers, one withdrawal and two corrections. Of the second report is counted which statements (counts by
category, means, indicators) say something: a number, a range narrower than everybody, a verdict on a target, or a
number as of the day on which it was told.
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


def main() -> None:
    """Prints, for each schedule, how many statements of each report say something."""
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


if __name__ == "__main__":
    main()
