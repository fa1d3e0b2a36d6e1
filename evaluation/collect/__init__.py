"""Identifiable: questionnaires, registers and the encrypted record; nothing here leaves."""
