"""The gate: what leaves the house, audited against everything that ever left."""
