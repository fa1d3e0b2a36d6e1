"""The letters of a text file: which bytes they are, and what earlier programs made of them."""
