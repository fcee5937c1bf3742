"""Where courses are kept: one SQLite file, or PostgreSQL. Names are looked up in their files."""
