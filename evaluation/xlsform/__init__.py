"""Questionnaires as Markdown XLSForm: checked and read into an Instrument, their rules read and evaluated."""

from evaluation.xlsform.instrument import read

__all__ = ["read"]
