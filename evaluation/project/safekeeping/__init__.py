"""Who opens a project's record, and how it is backed up, exchanged and cleared."""
