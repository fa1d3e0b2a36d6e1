"""The release gate side by side with its peers, in one run: `python -m benchmarks.gate [--quick] [--peers PYTHON]`."""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.gate_cases import (
    Case,
    Document,
    families,
    four_releases,
    given,
    grid,
    hierarchy,
    large_report,
    until,
    whole_report,
)
from benchmarks.gate_judge import judge, representatives
from benchmarks.gate_peers import ONCE, TOOLS, Peers, as_document
from benchmarks.gate_table import Row, findings, markdown, safe
from evaluation.errors import EvaluationError
from evaluation.release.suppress.protection import Protection, protect

OURS = "the gate"
ROOT = Path(__file__).resolve().parents[1]
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


def cases(*, quick: bool, seed: int) -> Iterator[Case]:
    """Every table that is compared; ``quick`` leaves the slow ones out."""
    yield from given(ROOT / "tests" / "release" / "data" / "instances")
    yield from families((41,) if quick else (20, 41, 100, 400), seed=seed)
    yield hierarchy(120, seed=seed)
    yield four_releases(seed=seed + 10)
    yield whole_report(seed=seed + 4)
    yield grid(12, 9, seed=seed + 2)
    if not quick:
        yield grid(20, 20, seed=seed + 3)
        yield large_report(seed=seed + 8)
        yield grid(50, 50, seed=seed + 5)


def protected(case: Case) -> list[Protection]:
    """What the gate makes of a case: one protection, or one per quarter, each knowing what left before it."""
    if not case.quarters:
        return [protect(case.document)]
    done: list[Protection] = []
    for count in range(1, len(case.quarters) + 1):
        part = until(case.document, case.quarters[:count])
        if done:
            remember(part, done[-1].published)
        done.append(protect(part))
    return done


def remember(part: Document, before: Document) -> None:
    """What was printed stays printed and what was hidden stays hidden."""
    for table in before["tables"]:
        for cell in table["cells"]:
            part["must_suppress" if cell["value"] is None else "must_publish"].append(cell["id"])
    part["must_publish"] = list(dict.fromkeys(part["must_publish"]))


def ours(case: Case, *, repeat: int) -> Row:
    """The gate's row for one case."""
    wall: list[float] = []
    cpu: list[float] = []
    found: list[Protection] = []
    while len(wall) < repeat and sum(wall) < 5:
        start, used = time.perf_counter(), time.process_time()
        try:
            found = protected(case)
        except EvaluationError as error:
            return Row(case, OURS, quantities(case), reason=str(error))
        wall.append(time.perf_counter() - start)
        cpu.append(time.process_time() - used)
    gap = sum(step.gap for step in found)
    return Row(
        case,
        OURS,
        quantities(case),
        verdict=judge(found[-1].published),
        wall=statistics.median(wall),
        cpu=statistics.median(cpu),
        runs=len(wall),
        gap=gap,
    )


def peer(case: Case, tool: str, peers: Peers, *, repeat: int, enough: float) -> Row:
    """A peer's row for one case."""
    reply = peers.ask(tool, case, repeat=repeat, seconds=case.seconds + 30, enough=enough)
    if reply.shown is None:
        return Row(case, tool, quantities(case), reason=reply.reason)
    return Row(
        case,
        tool,
        quantities(case),
        verdict=judge(as_document(case, reply.shown)),
        wall=statistics.median(reply.wall),
        cpu=statistics.median(reply.cpu),
        runs=len(reply.wall),
        version=reply.version,
    )


def quantities(case: Case) -> int:
    """How many distinct quantities the tables of a case show."""
    one = representatives(case.document)
    return len({one[cell["id"]] for table in case.document["tables"] for cell in table["cells"]})


def measure(chosen: Sequence[Case], *, python: str | None, tools: Sequence[str], enough: float) -> Iterator[Row]:
    """Case by case, the gate first and then every peer."""
    peers = Peers(python) if python else None
    try:
        for case in chosen:
            yield ours(case, repeat=3)
            if peers:
                for tool in tools:
                    yield peer(case, tool, peers, repeat=3, enough=enough)
    finally:
        if peers:
            peers.close()


def written(page: Path, measured: str) -> str:
    """The page with its measured part replaced."""
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{measured}\n{END}{after}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 1 where the gate itself let something through or missed a known optimum."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small cases only, under a minute")
    parser.add_argument("--peers", metavar="PYTHON", help="an interpreter with benchmarks/requirements.txt installed")
    parser.add_argument("--only", default="", metavar="TEXT", help="cases whose name contains this")
    parser.add_argument("--seed", type=int, default=1, help="for the invented people")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="put the table into this page, e.g. docs/gate.md")
    options = parser.parse_args(arguments)
    chosen = [c for c in cases(quick=options.quick, seed=options.seed) if options.only in c.name]
    rows: list[Row] = []
    start = time.perf_counter()
    tools = [tool for tool in TOOLS if not options.quick or tool not in ONCE]
    for row in measure(chosen, python=options.peers, tools=tools, enough=0.5 if options.quick else 3.0):
        rows.append(row)
        sys.stderr.write(row.line() + "\n")
        sys.stderr.flush()
    text = markdown(rows, ours=OURS, seconds=time.perf_counter() - start, peers=bool(options.peers))
    if options.write:
        options.write.write_text(written(options.write, text), encoding="utf-8")
    else:
        sys.stdout.write(text + "\n")
    failures = findings(rows, ours=OURS)
    for failure in failures:
        sys.stderr.write(failure + "\n")
    return 0 if not failures and all(safe(row) for row in rows if row.tool == OURS) else 1


if __name__ == "__main__":
    sys.exit(main())
