"""The topics of a release: what each of them counts of people, as it may leave."""
