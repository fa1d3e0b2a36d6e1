"""Who can open the record: the slots of named persons, their secrets, and another key for the record."""
