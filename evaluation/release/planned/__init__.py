"""What leaves when and how fine: decided by the plan and by what is public, never by what was counted."""
