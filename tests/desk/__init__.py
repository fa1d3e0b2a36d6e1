"""The desk asked as a browser without JavaScript asks."""
