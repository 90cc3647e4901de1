"""Pictures and recordings: known by what they hold, freed of where and by whom they were taken."""
