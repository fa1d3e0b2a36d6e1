"""The documents of a release, with the words that the project adds to them."""
