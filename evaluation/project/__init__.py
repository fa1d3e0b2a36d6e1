"""The front desk: opens a project folder; the only place that sees both sides of the gate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from evaluation.project.opened import Project, open_project

__all__ = ["Project", "open_project"]


def __getattr__(name: str) -> Any:
    """What measures is loaded when it is asked for: the staff's pages measure nothing."""
    if name not in __all__:
        raise AttributeError(f"module 'evaluation.project' has no attribute '{name}'")
    from evaluation.project import opened

    return getattr(opened, name)
