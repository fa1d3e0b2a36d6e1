"""Tasks of staff in a real browser, found as a person finds them: by role and name."""
