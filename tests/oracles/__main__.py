"""``python -m tests.oracles FOLDER``: a line per case; ends with 1 if a case is wrong, 2 without any case."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from .compare import cases, judge
from .methods import METHODS


def main(arguments: list[str]) -> int:
    """Print every case's verdict and a last line of counts; give the exit code."""
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        print("usage: python -m tests.oracles FOLDER (a folder of JSON files of cases)", file=sys.stderr)
        return 2
    counts: Counter[str] = Counter()
    for file, case in cases(Path(arguments[0])):
        if isinstance(case, str):
            counts["unreadable"] += 1
            print(f"UNREADABLE   {case}")
            continue
        if file not in METHODS:
            counts["not covered"] += 1
            print(f"not covered  {file}: {case['id']}")
            continue
        verdict = judge(case, METHODS[file])
        counts["right" if verdict.right else "wrong"] += 1
        worst = verdict.note or f"{verdict.worst}, {verdict.error:.1e}"
        print(f"{'right' if verdict.right else 'WRONG':<12} {file}: {case['id']} (worst: {worst})")
    unreadable = f", {counts['unreadable']} unreadable" if counts["unreadable"] else ""
    print(f"{counts['right']} right, {counts['wrong']} wrong, {counts['not covered']} not covered{unreadable}")
    return 2 if not counts else 1 if counts["wrong"] or counts["unreadable"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
