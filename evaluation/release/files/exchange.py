"""Tables to protect and published documents to audit, as files of the open format sdc-audit/1."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from evaluation import files
from evaluation.errors import BadDeclaration
from evaluation.release.audit.verdict import audit, audit_exit_code
from evaluation.release.files.given import Given, document, given, together
from evaluation.release.suppress.protection import protect
from evaluation.texts import Message, say


def protect_file(instance: Path, output: Path, *, steps: int, language: str) -> str:
    """Write the published document of an instance; the sentence that says what it cost.

    Raises BadDeclaration, Contradiction or Infeasible, each naming cells; then nothing is written.
    """
    protected = protect(_read(instance), steps=steps)
    text = json.dumps(protected.published, ensure_ascii=False, indent=1) + "\n"
    files.write(output, text)
    fewest = Message("release.suppress.fewest")
    best = fewest if protected.optimal else Message("release.suppress.gap", gap=protected.gap)
    hidden = len(protected.hidden)
    return say("release.suppress.written", language, name=output.name, hidden=hidden, cost=protected.cost, best=best)


def audit_file(published: Path, *more: Path, as_json: bool, language: str) -> tuple[str, int]:
    """The verdict on a bundle, a report's JSON or a published document, as JSON or in sentences, with its exit code.

    With ``more`` bundles or reports of the same release, such as its other edition: of whoever holds them all.
    """
    found = [given(_text(path), path.name) for path in (published, *more)]
    read = [one for one in found if one is not None]
    if more and len(read) < len(found):
        raise BadDeclaration("release.file.one_by_one")
    if read:
        return _audit_given(together(read), as_json=as_json, language=language)
    verdict = audit(_read(published))
    if as_json:
        return json.dumps(verdict.as_json(), ensure_ascii=False, indent=1), audit_exit_code(verdict)
    if not verdict.consistent:
        return say("release.audit.contradicts", language, where=verdict.where), audit_exit_code(verdict)
    unbounded = Message("release.audit.any")
    lines = [
        Message("release.audit.interval", name=name, low=_end(low, unbounded), high=_end(high, unbounded))
        for name, (low, high) in verdict.intervals.items()
    ]
    lines += [Message("release.audit.exact", name=name) for name in verdict.exact]
    lines += [Message("release.audit.narrow", name=name) for name in verdict.narrow]
    lines = lines or [Message("release.audit.nothing_hidden")]
    return "\n".join(say(line, language) for line in lines), audit_exit_code(verdict)


def _audit_given(found: Given, *, as_json: bool, language: str) -> tuple[str, int]:
    """What its own tables let a reader derive: 4 where a number from 1 to below the threshold can be told."""
    asked = document(found.tables)
    verdict = audit(asked)
    printed = {cell["id"]: cell["value"] for cell in asked["tables"][0]["cells"] if cell["value"] is not None}
    last = found.threshold - 1
    derived = {name: ends for name, ends in verdict.intervals.items() if _small(ends, last)}
    small = {name: (value, value) for name, value in printed.items() if _small((value, value), last)}
    unsafe = {**derived, **small}
    code = audit_exit_code(verdict) if not verdict.consistent else 4 if unsafe else 0
    if as_json:
        told = {
            "kind": found.kind, "release": found.release, "threshold": found.threshold, "printed": len(printed),
            "sums": len(asked["relations"]), "unsafe": sorted(unsafe), **verdict.as_json(),
        }  # fmt: skip
        return json.dumps(told, ensure_ascii=False, indent=1), code
    facts = {"release": found.release, "printed": len(printed), "unknown": len(verdict.intervals)}
    lines = [
        Message(f"release.audit.is_{found.kind}", **facts),
        Message("release.audit.by_sums", n=len(asked["relations"])),
    ]
    if not verdict.consistent:
        lines.append(Message("release.audit.contradicts", where=verdict.where))
    for name, (low, high) in sorted(unsafe.items()):
        lines.append(Message("release.audit.small", name=name, low=low, high=high, threshold=found.threshold))
    if not code:
        lines.append(Message("release.audit.no_small", threshold=found.threshold))
    return "\n".join(say(line, language) for line in lines), code


def _small(ends: tuple[float | None, float | None], last: int) -> bool:
    """Whether whatever the number is, it is one of 1…last."""
    low, high = ends
    return low is not None and high is not None and low >= 1 and high <= last


def _end(end: float | None, unbounded: Message) -> float | Message:
    return unbounded if end is None else end


def _text(path: Path) -> str:
    try:
        source = path.read_text(encoding="utf-8")
        json.loads(source)
    except FileNotFoundError:
        raise BadDeclaration("release.file.missing", path=path) from None
    except (UnicodeDecodeError, json.JSONDecodeError):
        raise BadDeclaration("release.file.not_json", name=path.name) from None
    return source


def _read(path: Path) -> Mapping[str, Any]:
    found = json.loads(_text(path))
    if not isinstance(found, dict) or found.get("format") != "sdc-audit/1":
        raise BadDeclaration("release.file.no_format", name=path.name)
    return found
