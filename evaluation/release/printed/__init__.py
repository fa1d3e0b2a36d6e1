"""What of a judged draft is printed, in which numbers, ranges and words."""
