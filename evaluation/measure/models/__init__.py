"""Models of repeated or ordinal answers with small-sample inference, for use beyond the primary block."""
