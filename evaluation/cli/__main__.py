"""The commands without the script that pip installs: python -m evaluation.cli."""

from evaluation.cli import main

main()
