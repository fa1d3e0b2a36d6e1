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


def protect_file(instance: Path, output: Path, *, seconds: float) -> str:
    """Write the published document of an instance; the sentence that says what it cost.

    Raises BadDeclaration, Contradiction or Infeasible, each naming cells; then nothing is written.
    """
    found = protect(_read(instance), seconds=seconds)
    text = json.dumps(found.published, ensure_ascii=False, indent=1) + "\n"
    files.write(output, text)
    best = "the fewest possible" if found.optimal else f"at most {found.gap} more than needed"
    return f"{output.name}: {len(found.hidden)} numbers hidden, loss {found.cost}, {best}."


def audit_file(published: Path, *, as_json: bool) -> tuple[str, int]:
    """The verdict on a published document, as JSON or in sentences, with its exit code."""
    found = audit(_read(published))
    if as_json:
        return json.dumps(found.as_json(), ensure_ascii=False, indent=1), audit_exit_code(found)
    if not found.consistent:
        return f"The document contradicts itself: {found.where}", audit_exit_code(found)
    lines = [f"{name}: {low} to {'any' if high is None else high}" for name, (low, high) in found.intervals.items()]
    lines += [f"exactly recoverable: {name}" for name in found.exact]
    lines += [f"protected less than required: {name}" for name in found.narrow]
    return "\n".join(lines or ["Nothing is hidden."]), audit_exit_code(found)


def _read(path: Path) -> Mapping[str, Any]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadDeclaration(f"There is no file {path}; name a document of the format sdc-audit/1.") from None
    except (UnicodeDecodeError, json.JSONDecodeError):
        raise BadDeclaration(f"{path.name} is not JSON; save it again as UTF-8 JSON.") from None
    if not isinstance(document, dict) or document.get("format") != "sdc-audit/1":
        raise BadDeclaration(f'{path.name} does not say "format": "sdc-audit/1".')
    return document
