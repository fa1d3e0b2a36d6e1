"""What the record holds goes to those whose it is: an office its rows, a person what is recorded of her."""
