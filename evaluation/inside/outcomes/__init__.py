"""What changed for people: figures and tables of the outcomes."""
