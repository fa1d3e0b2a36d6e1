"""Where the notebooks of earlier versions look for their figures; it says where these are now."""

raise ImportError(
    "This notebook was made by an earlier version of the kit. In its first code cells, write 'from evaluation.inside "
    "import pictures' instead of 'from evaluation.measure import pictures'; the rest can stay as it is."
)
