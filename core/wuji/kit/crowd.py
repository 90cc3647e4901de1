"""From how many people on a group is shown: below that, somebody could be meant."""

LEAST = 10
