"""What a project asks and records, for people and for programs; nothing in it is of any person."""

from evaluation.codebook.columns import Column, columns_of, forms_of, title_of
from evaluation.codebook.written import as_csv, as_markdown

__all__ = ["Column", "as_csv", "as_markdown", "columns_of", "forms_of", "title_of"]
