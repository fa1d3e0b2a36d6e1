"""Releases as files: the ledger, and documents that anyone was handed."""

import re

LINES = "ledger.jsonl"
"""The ledger's file in a project's releases/."""

NAMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
"""What can name a release, since its files are called by it."""
