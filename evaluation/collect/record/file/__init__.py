"""The encrypted file as such: what is done in one transaction, and what goes wrong in it."""
