"""Who may: users and their roles, passwords, sessions, the hospital's own login, and what was done in whose name.

Used by the doors. Everything is kept in the database of the courses, beside them; no password, token or session lies
in it as it was given, only what such a one can be compared with.
"""
