"""Pure functions from answers and registers to measures; no files, no clock, no store."""
