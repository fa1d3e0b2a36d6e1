"""The columns of a foreign file are matched with those of a form: proposed, or told one by one."""
