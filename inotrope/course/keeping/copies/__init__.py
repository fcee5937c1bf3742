"""Courses in files, and back: backup, restore, export, import. Names are looked up in their files."""
