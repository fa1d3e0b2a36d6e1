"""What an intruder can still compute from what is printed; shares no code with the optimiser."""
