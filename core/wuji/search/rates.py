"""How often somebody without an account may search."""

from wuji.kit.buckets import Rate

SEARCH = Rate("search", 600, 60)  # pages of results, by the API and as HTML
TYPED = Rate("suggest", 1800, 60)  # completions: one with every key that is pressed
