"""Account recovery: whoever lost what they prove themselves with is helped by two officials of their own place."""
