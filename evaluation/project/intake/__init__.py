"""What a file is, what would become of it, and where its rejected rows wait."""
