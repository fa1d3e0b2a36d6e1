"""What the kit promises, room by room."""
