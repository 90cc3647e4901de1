"""A tenant's command screen: sums and public happenings of its subtree, nothing of any person."""
