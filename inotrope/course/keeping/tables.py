"""The tables that courses are kept in, as the newest form has them.

Knows their columns. How a database comes to have them stands in `migrations/`; the two are held together by a test.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, MetaData, Table, Text

METADATA = MetaData()

COURSES = Table(
    "courses",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("label", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("hash", Text, nullable=False),
)
"""One row a course: its head. It changes with each event, in the same transaction."""

EVENTS = Table(
    "events",
    METADATA,
    Column("course", Text, ForeignKey("courses.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("recorded", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
)
"""Never updated, never deleted. Times and body are kept as the text that was hashed."""

DOCUMENTS = Table(
    "documents",
    METADATA,
    Column("digest", Text, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)
"""Long texts by their SHA-256, compressed (zlib). Never updated, never deleted."""

SUBMISSIONS = Table(
    "submissions",
    METADATA,
    Column("course", Text, ForeignKey("courses.id"), primary_key=True),
    Column("token", Text, primary_key=True),
    Column("number", Integer, nullable=False),
)
"""Which form became which event, so that a form sent twice is one event. No part of the record."""
