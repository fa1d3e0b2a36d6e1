"""What the client track reached: goals of plans, referrals, residence and legal status, and monthly tallies."""
