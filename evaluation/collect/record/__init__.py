"""The encrypted, append-only record: who can open it, its entries, and what holds today."""
