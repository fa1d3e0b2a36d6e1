"""Many projects' released reports on one page, for whoever runs a programme."""
