"""The circulation ahead of a plan: which levels, which patient, and what both come to over a day.

It informs and warns; no number of it goes back into a dose. Names are looked up in their files: only a plan of somebody
whose circulation was read waits for them.
"""
