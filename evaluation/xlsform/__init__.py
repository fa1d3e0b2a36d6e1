"""Questionnaires as Markdown XLSForm: checked and read into an Instrument."""

from evaluation.xlsform.expressions import FUNCTIONS
from evaluation.xlsform.instrument import read

__all__ = ["FUNCTIONS", "read"]
