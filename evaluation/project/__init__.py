"""The front desk: opens a project folder; the only place that sees both sides of the gate."""

from evaluation.project.opened import Project, open_project

__all__ = ["Project", "open_project"]
