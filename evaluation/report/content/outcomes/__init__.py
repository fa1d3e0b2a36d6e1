"""What a document says of one outcome, at the end and later."""
