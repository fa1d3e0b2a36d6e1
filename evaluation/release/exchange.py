"""Tables to protect and published documents to audit, as files of the open format sdc-audit/1."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from evaluation import files
from evaluation.errors import BadDeclaration
from evaluation.release.audit.verdict import audit, audit_exit_code
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


def audit_file(published: Path, *, as_json: bool, language: str) -> tuple[str, int]:
    """The verdict on a published document, as JSON or in sentences, with its exit code."""
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


def _end(end: float | None, unbounded: Message) -> float | Message:
    return unbounded if end is None else end


def _read(path: Path) -> Mapping[str, Any]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadDeclaration("release.file.missing", path=path) from None
    except (UnicodeDecodeError, json.JSONDecodeError):
        raise BadDeclaration("release.file.not_json", name=path.name) from None
    if not isinstance(document, dict) or document.get("format") != "sdc-audit/1":
        raise BadDeclaration("release.file.no_format", name=path.name)
    return document
