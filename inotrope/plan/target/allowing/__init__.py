"""The valve: which rates a plan leaves to a search, and the ways to each of them. It makes no limit and lifts none."""
