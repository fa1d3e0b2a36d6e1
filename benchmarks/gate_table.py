"""The measured rows as Markdown: targets, a summary per tool, who is faster or hides less, and every single row."""

from __future__ import annotations

import datetime
import importlib.metadata
import os
import platform
import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.gate_cases import Case
from benchmarks.gate_judge import Verdict
from benchmarks.gate_peers import NOT_TO_BE_HAD


@dataclass(frozen=True)
class Row:
    """One tool on one case; ``wall`` and ``cpu``: medians in seconds over ``runs``; ``reason`` if it gave nothing."""

    case: Case
    tool: str
    quantities: int
    verdict: Verdict | None = None
    wall: float = 0.0
    cpu: float = 0.0
    runs: int = 0
    gap: int | None = None
    version: str = ""
    reason: str = ""

    def line(self) -> str:
        """One line for the terminal."""
        if self.verdict is None:
            return f"{self.case.name} · {self.tool}: {self.reason}"
        v = self.verdict
        return (
            f"{self.case.name} · {self.tool}: recoverable {v.exact}, narrow {v.narrow} of {v.sensitive}, "
            f"hidden {v.hidden}, {self.wall:.3f} s"
        )


def safe(row: Row) -> bool:
    """Whether a tool's answer protects everything that the case asks for."""
    return row.verdict is not None and row.verdict.consistent and not row.verdict.exact and not row.verdict.narrow


def findings(rows: Sequence[Row], *, ours: str) -> list[str]:
    """Everything that must not be: a leak of the gate, a missed optimum, two judges that differ."""
    found = []
    for row in rows:
        where = f"{row.case.name} · {row.tool}"
        if row.verdict is None:
            if row.tool == ours:
                found.append(f"{where}: no answer: {row.reason}")
            continue
        if row.verdict.differ:
            found.append(f"{where}: auditor and enumeration differ at {', '.join(row.verdict.differ[:5])}")
        if not row.verdict.consistent:
            found.append(f"{where}: the document contradicts itself")
        if row.tool != ours:
            continue
        if not safe(row):
            found.append(f"{where}: {row.verdict.exact} recoverable, {row.verdict.narrow} too narrow")
        if row.case.proven is not None and (row.verdict.hidden != row.case.proven or row.gap):
            found.append(f"{where}: hides {row.verdict.hidden}, proven are {row.case.proven}")
        for other in rows:
            if other.case is row.case and other.tool != ours and safe(other) and other.verdict is not None:
                least = row.verdict.hidden - (row.gap or 0)
                if other.verdict.hidden < least:
                    found.append(f"{where}: {other.tool} hides {other.verdict.hidden}, fewer than the claimed {least}")
    return found


def markdown(rows: Sequence[Row], *, ours: str, seconds: float, peers: bool) -> str:
    """The whole measured part of a page."""
    parts = [_machine(rows, seconds=seconds), *_targets(rows, ours=ours)]
    if peers:
        parts += [*_summary(rows, ours=ours), *_better(rows, ours=ours), *_missing(rows)]
    parts += [*_all_rows(rows, ours=ours)]
    found = findings(rows, ours=ours)
    parts += ["", "Failures found: " + ("; ".join(found) if found else "none") + "."]
    return "\n".join(parts)


def _machine(rows: Sequence[Row], *, seconds: float) -> str:
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [x.split(":", 1)[1].strip() for x in info.read_text("utf-8").splitlines() if x.startswith("model name")]
        model = names[0] if names else model
    load = f", load average {os.getloadavg()[1]:.1f} over 5 minutes (shared)" if hasattr(os, "getloadavg") else ""
    versions = [f"Python {platform.python_version()}"]
    versions += [f"{name} {importlib.metadata.version(name)}" for name in ("highspy", "scipy", "numpy")]
    versions += sorted({f"{row.tool.split()[0]} {row.version}" for row in rows if row.version})
    return (
        f"Measured {datetime.datetime.now(tz=datetime.UTC).date().isoformat()} in one run of {seconds:.0f} s on "
        f"{model}, {os.cpu_count()} cores{load}, {platform.system()}; {', '.join(versions)}."
    )


Check = tuple[str, str, Callable[[Row], bool], Callable[[Row], str]]


def _targets(rows: Sequence[Row], *, ours: str) -> Iterator[str]:
    mine = {row.case.name: row for row in rows if row.tool == ours and row.verdict is not None}
    yield from ("", "| to reach | measured | reached |", "|---|---|---|")
    exact = sum(row.verdict.exact for row in mine.values() if row.verdict)
    narrow = sum(row.verdict.narrow for row in mine.values() if row.verdict)
    asked = sum(row.verdict.sensitive for row in mine.values() if row.verdict)
    yield (
        f"| nothing recoverable, nothing narrower than required, everywhere | {exact} and {narrow} of {asked} "
        f"sensitive quantities in {len(mine)} cases | {_yes(exact + narrow == 0)} |"
    )
    known = [row for row in mine.values() if row.case.proven is not None and row.verdict]
    met = [row for row in known if row.verdict and row.verdict.hidden == row.case.proven and not row.gap]
    yield f"| the proven optimum on the given instances | {len(met)} of {len(known)} | {_yes(len(met) == len(known))} |"
    compared = [row.verdict for row in rows if row.verdict is not None and row.verdict.agreed is not None]
    ends, differ = sum(v.agreed or 0 for v in compared), sum(len(v.differ) for v in compared)
    yield (
        f"| auditor and plain enumeration agree | {ends} intervals in {len(compared)} published documents, "
        f"{differ} differ | {_yes(differ == 0)} |"
    )
    checks: list[Check] = [
        ("27 cells under 0.1 s", "h01_country_sex", lambda r: r.wall < 0.1, _within(0.1)),
        ("13 tables under 0.5 s", "report of 13 linked tables, n = 41", lambda r: r.wall < 0.5, _within(0.5)),
        ("four quarterly releases together under 2 s", "four quarterly releases", lambda r: r.wall < 2, _within(2)),
        ("12 × 9 proven", "grid 12 × 9", lambda r: r.gap == 0, _gap),
        ("20 × 20 proven", "grid 20 × 20", lambda r: r.gap == 0, _gap),
        ("50 × 50 protected within 60 s, gap stated", "grid 50 × 50", lambda r: r.wall < 60 and safe(r), _gap),
        ("500 quantities with linked margins", "500 quantities with linked margins", safe, _gap),
    ]
    for title, name, reached, shown in checks:
        if name in mine:
            yield f"| {title} | {shown(mine[name])} | {_yes(reached(mine[name]))} |"


def _yes(value: bool) -> str:
    return "yes" if value else "**no**"


def _time(row: Row) -> str:
    return f"{row.wall:.3f} s ({row.cpu:.3f} s of CPU)"


def _within(limit: float) -> Callable[[Row], str]:
    """The time, and whether only waiting for the shared machine made it too long."""
    return lambda row: _time(row) + (": waiting for a core" if row.cpu < limit <= row.wall else "")


def _gap(row: Row) -> str:
    proof = "proven fewest" if row.gap == 0 else f"at most {row.gap} more than needed"
    return f"{row.verdict.hidden if row.verdict else 0} hidden, {proof}, {_time(row)}"


def _summary(rows: Sequence[Row], *, ours: str) -> Iterator[str]:
    mine = {row.case.name: row for row in rows if row.tool == ours and row.verdict is not None}
    yield from (
        "",
        "Per tool, over the cases it answered. *Gate hides*: what the gate hides in the same cases. *Wall* and *CPU*:",
        "the median over the cases of its time divided by the gate's (each the median of its runs).",
        "",
        "| tool | cases | no answer | recoverable | too narrow | of sensitive | hidden | gate hides | wall | CPU |",
        "|---|---|---|---|---|---|---|---|---|---|",
    )
    for tool in dict.fromkeys(row.tool for row in rows):
        asked = [row for row in rows if row.tool == tool]
        done = [(row, row.verdict) for row in asked if row.verdict is not None and row.case.name in mine]
        gate = sum(v.hidden for row, _ in done if (v := mine[row.case.name].verdict))
        wall = [row.wall / mine[row.case.name].wall for row, _ in done]
        cpu = [row.cpu / mine[row.case.name].cpu for row, _ in done]
        ratios = [f"{statistics.median(x):.2f}" if x else "—" for x in (wall, cpu)]
        sums = [sum(getattr(v, what) for _, v in done) for what in ("exact", "narrow", "sensitive", "hidden")]
        cells = [tool, len(done), len(asked) - len(done), *sums, gate, *ratios]
        yield "| " + " | ".join(str(cell) for cell in cells) + " |"


def _better(rows: Sequence[Row], *, ours: str) -> Iterator[str]:
    mine = {row.case.name: row for row in rows if row.tool == ours and row.verdict is not None}
    faster, fewer = [], []
    for row in rows:
        gate = mine.get(row.case.name)
        if row.tool == ours or gate is None or row.verdict is None or gate.verdict is None or not safe(row):
            continue
        if row.cpu < gate.cpu:
            faster.append(f"{row.tool} on {row.case.name} ({row.cpu:.3f} against {gate.cpu:.3f} s)")
        if row.verdict.hidden < gate.verdict.hidden:
            fewer.append(f"{row.tool} on {row.case.name} ({row.verdict.hidden} against {gate.verdict.hidden})")
    yield from ("", f"Faster than the gate (CPU) at equal protection: {'; '.join(faster) or 'none'}.")
    yield from ("", f"Hides less at equal protection: {'; '.join(fewer) or 'none'}.")


def _missing(rows: Sequence[Row]) -> Iterator[str]:
    yield from ("", "Not measured: " + "; ".join(f"{what}: {why}" for what, why in NOT_TO_BE_HAD.items()) + ".")
    reasons = sorted({f"{row.tool}, {row.case.name}: {row.reason}" for row in rows if row.verdict is None})
    if reasons:
        yield from ("", "No answer: " + "; ".join(reasons) + ".")


def _all_rows(rows: Sequence[Row], *, ours: str) -> Iterator[str]:
    mine = {row.case.name: row for row in rows if row.tool == ours}
    yield from (
        "",
        "| case (quantities, sensitive) | tool | recoverable | narrow | hidden | proof | wall s | CPU s | wall ÷ gate "
        "| runs | enumeration |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    )
    for row in rows:
        v = row.verdict
        gate = mine[row.case.name]
        name = f"{row.case.name} ({row.quantities}, {gate.verdict.sensitive if gate.verdict else '?'})"
        name = name if row.tool == ours else ""
        if v is None:
            yield f"| {name} | {row.tool} | no answer |||||||||"
            continue
        proof = {None: "", 0: "fewest"}.get(row.gap, f"gap ≤ {row.gap}")
        ratio = f"{row.wall / gate.wall:.2f}" if gate.wall else "—"
        listed = "too large" if v.agreed is None else (f"{len(v.differ)} differ" if v.differ else f"agrees, {v.agreed}")
        cells = [name, row.tool, v.exact, v.narrow, v.hidden, proof, f"{row.wall:.3f}", f"{row.cpu:.3f}", ratio]
        yield "| " + " | ".join(str(cell) for cell in [*cells, row.runs, listed]) + " |"
