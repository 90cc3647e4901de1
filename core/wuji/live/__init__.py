"""Live updates: open pages are told that something changed, and ask for it under their own rights."""
