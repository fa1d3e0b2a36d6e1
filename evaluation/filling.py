"""By which rules templates are filled: everything is escaped, and a name that nobody gives is an error."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import jinja2


def kit(folder: Path) -> jinja2.Environment:
    """For the kit's own templates in ``folder``; a line that holds a tag alone leaves nothing behind."""
    import jinja2

    loader = jinja2.FileSystemLoader(folder)
    return jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


def sandboxed() -> jinja2.Environment:
    """For a template that an officer wrote: the same in a sandbox, its spaces as they stand."""
    import jinja2
    from jinja2.sandbox import SandboxedEnvironment

    return SandboxedEnvironment(autoescape=True, undefined=jinja2.StrictUndefined)
