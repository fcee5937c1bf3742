"""What the events of a course mean: the case they add up to, what may be recorded, what was decided, and what it shows.

Everything that reads is pure: events in, data out. Only `recording.py` writes, and only through the store.
"""
