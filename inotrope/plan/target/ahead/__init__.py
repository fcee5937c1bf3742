"""What lies ahead of a search: the kidneys' ways, what becomes of what runs, and what a level at an hour is worth."""
