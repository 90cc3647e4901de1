"""Backups that are complete, can be proved, and come back: the database at one moment, then the files that it names."""
