"""What changed for people, and how far that can be trusted."""
