"""Takes what was released, gives documents."""
