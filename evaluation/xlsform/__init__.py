"""Questionnaires as Markdown XLSForm: checked, read into an Instrument, compiled to a table schema."""

from evaluation.xlsform.expressions import FUNCTIONS
from evaluation.xlsform.filled import table
from evaluation.xlsform.instrument import faults, read

__all__ = ["FUNCTIONS", "faults", "read", "table"]
