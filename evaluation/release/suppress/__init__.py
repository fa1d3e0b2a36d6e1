"""Which numbers to hide, the fewest; shares no code with the auditor."""
