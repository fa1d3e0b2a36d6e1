"""Filled files of every make become sheets of text cells, and rejected rows become a file."""
