"""What a draft and everything released before it say of counts, as one linear system."""
