"""From an opened project through the gate: proposed, checked by a person, entered, remembered."""
