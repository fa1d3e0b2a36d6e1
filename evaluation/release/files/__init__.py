"""Releases as files: the ledger, and documents that anyone was handed."""
