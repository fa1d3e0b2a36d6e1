"""What a reader who reasons over people can derive: kinds of people, and their lives over releases."""
