"""Evaluate reintegration projects honestly and release only what identifies nobody."""

__version__ = "0.1.0"
