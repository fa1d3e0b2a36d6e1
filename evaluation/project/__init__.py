"""The front desk: opens a project folder; the only place that sees both sides of the gate."""

from evaluation.project.house import House, open_project

__all__ = ["House", "open_project"]
