"""A sheet becomes accepted and rejected rows, each with its reason."""
