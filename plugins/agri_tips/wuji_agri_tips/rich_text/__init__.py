"""The body of a tip: HTML of a few tags that say what something is and never how it looks."""
