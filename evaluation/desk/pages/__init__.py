"""The pages, each a handler that reads what was sent, asks the record, and shows a template."""
