"""What a page asks, how it stands half filled, and what becomes of it when it is sent."""
