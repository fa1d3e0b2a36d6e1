"""Runs inside a peer's own interpreter: reads tasks as JSON lines and answers with what the peer would print."""

from __future__ import annotations

import contextlib
import importlib
import importlib.metadata
import json
import logging
import os
import sys
import tempfile
import time
import warnings
from pathlib import Path
from typing import Any

Shown = dict[str, Any]  # the document's cell id: the printed number, None where it is hidden
ALL = "*"
EVERYBODY = "everybody"  # a variable with one code, and the name of totals: acro cannot query for a star


def acro_tables(task: dict[str, Any], *, own_margins: bool) -> Shown:
    """`acro.ACRO(suppress=True).crosstab`; totals as tables of their own, or acro's own margins."""
    import acro
    import pandas as pd

    session = acro.ACRO(suppress=True)
    session.config["safe_threshold"] = task["threshold"]
    session.sdc_checks.risk_appetite["safe_threshold"] = task["threshold"]
    shown: Shown = {}
    for sheet in task["sheets"]:
        frame = pd.DataFrame(sheet["people"], columns=sheet["columns"])
        frame[EVERYBODY] = EVERYBODY
        for dims, ids in _layouts(sheet, margins=own_margins):
            index, column = [frame[d] for d in dims[:-1]], frame[dims[-1]]
            table = session.crosstab(
                index if len(index) > 1 else index[0], column, margins=own_margins, margins_name=EVERYBODY
            )
            for key, id in ids:
                row = key[:-1] if len(dims) > 2 else key[0]
                if len(dims) > 2 and set(key[:-1]) == {EVERYBODY}:
                    row = (EVERYBODY, *[""] * (len(dims) - 2))
                _note(shown, id, table, row, key[-1])
    return shown


def zentables_tables(task: dict[str, Any]) -> Shown:
    """`DataFrame.zen.freq_table(suppress=True)` with its totals."""
    import pandas as pd

    importlib.import_module("zentables")
    shown: Shown = {}
    for sheet in task["sheets"]:
        frame = pd.DataFrame(sheet["people"], columns=sheet["columns"]).assign(count=1)
        frame[EVERYBODY] = EVERYBODY
        for dims, ids in _layouts(sheet, margins=True):
            index = list(dims[:-1]) if len(dims) > 2 else dims[0]
            table = frame.zen.freq_table(
                index, dims[-1], "count", suppress=True, low=1, high=task["threshold"], totals_name=EVERYBODY,
            )  # fmt: skip
            for key, id in ids:
                row = key[:-1] if len(dims) > 2 else key[0]
                if len(dims) > 2 and set(key[:-1]) == {EVERYBODY}:
                    row = (EVERYBODY, *[""] * (len(dims) - 2))
                _note(shown, id, table, row, key[-1])
    return shown


def _note(shown: Shown, id: str, table: Any, row: Any, column: Any) -> None:
    """Remember what a table prints for a cell; what any table prints is known."""
    try:
        value = table.loc[row, column]
    except KeyError:
        value = 0  # the tool drew no such row or column: nobody is in it
    text = str(value).strip()
    number = None if text in ("", "nan", "NaN", "<NA>", "*") else round(float(text))
    if shown.get(id) is None:
        shown[id] = number


def _layouts(sheet: dict[str, Any], *, margins: bool) -> Any:
    """The two- and three-way tables that together show every cell of a sheet, with the cells each one shows."""
    cells = [(tuple(key), id) for key, id in sheet["cells"]]
    dims = tuple(sheet["dims"])
    groups = set(sheet["groups"])
    level = {0: "group"} if groups else {}
    wanted: dict[tuple[str, ...], list[tuple[tuple[str, ...], str]]] = {}
    for key, id in cells:
        if not set(key) - {ALL}:
            continue  # the head count is public in any case
        used = tuple(level.get(i, d) if key[i] in groups else d for i, d in enumerate(dims) if key[i] != ALL)
        codes = tuple(c for c in key if c != ALL)
        while len(used) < 2:
            used, codes = (*used, EVERYBODY), (*codes, EVERYBODY)
        wanted.setdefault(used, []).append((codes, id))
    if not margins:
        return list(wanted.items())
    full = [used for used in wanted if EVERYBODY not in used]
    merged: dict[tuple[str, ...], list[tuple[tuple[str, ...], str]]] = {used: [] for used in full}
    for used, ids in wanted.items():
        for target in full:
            places = [d for d in used if d != EVERYBODY]
            inner = len(target) > 2 and set(places) not in ({*target}, {*target[:-1]}, {target[-1]}, set())
            if not set(places) <= set(target) or inner:
                continue
            for codes, id in ids:
                at = dict(zip(used, codes, strict=True))
                merged[target].append((tuple(at.get(d, EVERYBODY) for d in target), id))
    return list(merged.items())


def pytauargus_tables(task: dict[str, Any], *, method: str) -> Shown:
    """One batch per sheet: unit costs, and the protection levels that the task asks for, by an a-priori file."""
    from pytauargus.arb import micro_arb
    from pytauargus.engine import run_batch
    from pytauargus.micro import micro_asc_rda
    from pytauargus.result import TableResult

    shown: Shown = {}
    for sheet in task["sheets"]:
        with tempfile.TemporaryDirectory() as folder:
            at = Path(folder)
            dims, threshold = sheet["dims"], task["threshold"]
            short = _short_codes(sheet)
            micro = {
                d: [short[d][row[i]] for row in sheet["people"]] for i, d in enumerate(sheet["columns"]) if d in dims
            }
            micro["one"] = [1 for _ in sheet["people"]]
            hierarchy = _hierarchy(sheet, short, at)
            asc, rda = str(at / "micro.asc"), str(at / "micro.rda")
            more = {"hrc": hierarchy, "hierleadstring": "@"} if hierarchy else {}
            micro_asc_rda(micro, asc_filename=asc, rda_filename=rda, **more)
            levels = [";".join("Total" for _ in dims) + ";P"]
            for key, value in sheet["small"]:
                codes = ["Total" if c == ALL else short[d][c] for d, c in zip(dims, key, strict=True)]
                levels.append(";".join(codes) + f";PL;{value};{threshold - value}")
            (at / "levels.hst").write_text("\n".join(levels) + "\n", encoding="utf-8")
            micro_arb(
                arb_filename=str(at / "batch.arb"), asc_filename=asc, rda_filename=rda, explanatory_vars=[dims],
                response_var="one", cost_var="-2", safety_rules=f"FREQ({threshold},100)", suppress=method,
                output_names=[str(at / "out.tab")], output_type="5", output_options="SO+",
                apriori={"hst": str(at / "levels.hst"), "sep": ";"},
            )  # fmt: skip
            run_batch(str(at / "batch.arb"))
            table = TableResult(str(at / "out.tab"), dims, "one")
            back = {d: {code: name for name, code in short[d].items()} | {"Total": ALL} for d in dims}
            ids = {tuple(k): i for k, i in sheet["cells"]}
            for row, value in zip(table.rows, table.safe(None), strict=True):
                key = tuple(back[d][row[d]] for d in dims)
                id = ids.get(key)
                if id is not None and shown.get(id) is None:
                    shown[id] = None if value is None else round(value)
            for _, id in sheet["cells"]:
                shown.setdefault(id, 0)  # a code that nobody has is not in its table
    return shown


def _short_codes(sheet: dict[str, Any]) -> dict[str, dict[str, str]]:
    """τ-Argus reads columns of fixed width: every code gets a short name of equal length."""
    short: dict[str, dict[str, str]] = {}
    for i, d in enumerate(sheet["dims"]):
        names = sorted({key[i] for key, _ in sheet["cells"]} - {ALL})
        short[d] = {name: f"k{n:03d}" for n, name in enumerate(names)}
    return short


def _hierarchy(sheet: dict[str, Any], short: dict[str, dict[str, str]], at: Path) -> dict[str, str]:
    if not sheet["groups"]:
        return {}
    first = sheet["dims"][0]
    lines = []
    for group, members in sheet["groups"].items():
        lines += [short[first][group], *("@" + short[first][m] for m in members)]
    (at / "levels.hrc").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return {first: str(at / "levels.hrc")}


TOOLS = {
    "acro": ("acro", lambda task: acro_tables(task, own_margins=False)),
    "acro margins=True": ("acro", lambda task: acro_tables(task, own_margins=True)),
    "zentables": ("zentables", zentables_tables),
    "pytauargus OPT": ("pytauargus", lambda task: pytauargus_tables(task, method="OPT(1,1)")),
    "pytauargus MOD": ("pytauargus", lambda task: pytauargus_tables(task, method="MOD(1,1)")),
}


def answer(task: dict[str, Any]) -> dict[str, Any]:
    """What a tool prints for one case, with wall and CPU seconds of each repetition."""
    package, run = TOOLS[task["tool"]]
    wall: list[float] = []
    cpu: list[float] = []
    shown: Shown = {}
    if task["warm"]:  # imports are not timed
        run(task | {"sheets": task["sheets"][:1]})
    while len(wall) < task["repeat"]:
        start, used = time.perf_counter(), time.process_time()
        shown = run(task)
        wall.append(time.perf_counter() - start)
        cpu.append(time.process_time() - used)
        if sum(wall) > task["enough"]:
            break
    return {"shown": shown, "wall": wall, "cpu": cpu, "version": importlib.metadata.version(package)}


def main() -> None:
    """One JSON task a line in, one JSON answer a line out; whatever the tools print goes elsewhere."""
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    for line in sys.stdin:
        try:
            with contextlib.redirect_stdout(sys.stderr):
                reply = answer(json.loads(line))
        except ImportError as error:
            reply = {"missing": str(error)}
        except Exception as error:  # a peer's own failure is a result
            reply = {"failed": f"{type(error).__name__}: {error}"}
        replies.write(json.dumps(reply) + "\n")
        replies.flush()


if __name__ == "__main__":
    main()
