"""Exact search in whole numbers: the ends of each unknown of a system, proven."""
