"""The figures of documents: what their rows show, where it stands, and how it is drawn."""
