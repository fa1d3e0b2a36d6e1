"""From a release to the parts of a document: one function a part, each gives blocks without a format."""
