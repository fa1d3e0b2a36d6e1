"""An office with a questionnaire of its own, two people, and a programme whose files are imported; all fictional."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

from evaluation.collect.submit import Submitted
from evaluation.project.creation import new_project
from evaluation.project.intake.incoming import take_in
from tests.conftest import Folder

TODAY = dt.date(2026, 1, 15)
FORM = """
| survey |
| | type | name | label | required | relevant | constraint | scale | key | missing |
|---|---|---|---|---|---|---|---|---|---|
| | select_one agree | calm | I am calm. | yes | | | mood | + | 98=refused |
| | select_one agree | safe | I am safe. | | | | mood | + | 98=refused |
| | select_one yes_no | threat | Were you threatened? | yes | | | | | |
| | integer | times | How often? | yes | ${threat} = '1' | . >= 1 | | | |
| | text | remarks | Remarks | | | | | | |

| choices |
| | list_name | name | label |
|---|---|---|---|
| | agree | 1 | no |
| | agree | 2 | yes |
| | agree | 98 | no answer |
| | yes_no | 0 | no |
| | yes_no | 1 | yes |

| scales |
| | name | direction | transform | minimum | maximum | minimum_answered | label |
|---|---|---|---|---|---|---|---|
| | mood | higher | sum | 2 | 4 | 1 | Mood |

| settings |
| | form_id | version | form_title |
|---|---|---|---|
| | mood | v1 | Mood |
"""
IMPORT = """
imports:
  clinic:
    instrument: mood
    participant: id
    wave_column: time
    wave_codes: {"1": baseline, "2": endline}
    date_column: day
    dates: {baseline: 2026-01-03, endline: 2026-01-11}
    enrolled_on: 2026-01-01
    consents: []
"""


def make(scratch: Path) -> Folder:
    """A project with two people, P-001 with a filled questionnaire at both waves."""
    folder = Folder(scratch / "project", scratch / "key")
    new_project(folder.path, name="tester", key_file=folder.key_file)
    shutil.rmtree(folder.path / "notebooks")
    (folder.path / "questionnaires" / "mood.md").write_text(FORM, encoding="utf-8")
    declared = folder.path / "project.yml"
    text = declared.read_text(encoding="utf-8").replace("instruments: [", "instruments: [mood, ")
    declared.write_text(text.replace("period_start: ", "period_start: 2026-01-01 # ") + IMPORT, encoding="utf-8")
    people = "participant;enrolled_on;country;consent_service;consent_reporting\n"
    assert not send(folder, people + "P-001;2026-01-01;PL;yes;yes\nP-002;2026-01-01;UA;yes;yes\n").rejected
    answers = "participant;wave;date;calm;safe;threat;times;remarks\n"
    rows = "P-001;baseline;2026-01-02;1;2;1;3;slept badly\nP-001;endline;2026-01-12;2;2;0;;\n"
    assert not send(folder, answers + rows, "mood").rejected
    return folder


def send(office: Folder, text: str, target: str = "participants", **how: object) -> Submitted:
    path = office.path.parent / "sent.csv"
    path.write_text(text, encoding="utf-8")
    with office.open() as project:
        goal = {} if "mapping" in how else {"target": target}
        return take_in(project, path, name="tester", today=TODAY, **goal, **how)  # type: ignore[arg-type]
