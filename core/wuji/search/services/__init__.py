"""Finding, completing, and what an index is rebuilt from."""
