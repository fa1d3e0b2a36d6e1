"""The staff's web pages: what is typed is stored through collect/submit; a document never comes from here."""
