"""Starting the desk by a double-click: the icon, the desk that runs already, and what is seen where nothing starts."""
