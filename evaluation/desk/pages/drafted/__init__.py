"""The pages of which what is typed is a draft until it is stored, and what is shown with them."""
