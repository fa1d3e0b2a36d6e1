"""Evaluate reintegration projects honestly and release only what identifies nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from evaluation.project import Project, open_project

__version__ = "0.1.0"
__all__ = ["Project", "__version__", "open_project"]


def __getattr__(name: str) -> Any:
    """What an evaluator types first, loaded when it is asked for: commands that need no record start at once."""
    if name not in ("Project", "open_project"):
        raise AttributeError(f"module 'evaluation' has no attribute '{name}'")
    import evaluation.project

    return getattr(evaluation.project, name)
