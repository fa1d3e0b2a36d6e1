"""Figures and tables of the notebooks that stay in the house; the report room cannot import them."""
