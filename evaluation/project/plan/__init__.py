"""The analysis plan: what it could find, and what was fixed before the last answers."""
