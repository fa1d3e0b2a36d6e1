"""Cells of stored rows: read alike where they were written alike, and typed as columns."""
