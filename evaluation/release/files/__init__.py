"""Releases as files: the ledger, and documents that anyone was handed."""

LINES = "ledger.jsonl"
"""The ledger's file in a project's releases/."""
