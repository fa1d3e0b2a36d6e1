"""What the figures of the README and of docs/ come from, one command each."""
