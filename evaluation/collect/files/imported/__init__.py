"""An office's own file is laid out as a form or table by a declared import."""
