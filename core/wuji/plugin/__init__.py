"""The door for plugins: what they hand over, how they are found, read, checked and called."""
