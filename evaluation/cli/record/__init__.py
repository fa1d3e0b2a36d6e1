"""Commands on the record: what is taken in, of whom, who opens it, and how it is kept."""
